"""Every exercise kind of this subject, by the name that lessons use."""

from __future__ import annotations

from drops.exercises.exercise import Exercise
from drops.networks.clinic.clinic import Clinic
from drops.networks.depth.vanishing import Vanishing
from drops.networks.design.architecture import Architecture
from drops.networks.forward.backprop import Backprop
from drops.networks.forward.hidden_layer import HiddenLayer
from drops.networks.forward.layout import Layout
from drops.networks.forward.prediction import Prediction
from drops.networks.neuron.chain import Chain
from drops.networks.neuron.neuron import Neuron
from drops.networks.neuron.region import Region

KINDS: dict[str, type[Exercise]] = {
    "neuron": Neuron,
    "region": Region,
    "chain": Chain,
    "layout": Layout,
    "hidden-layer": HiddenLayer,
    "prediction": Prediction,
    "backprop": Backprop,
    "clinic": Clinic,
    "vanishing": Vanishing,
    "architecture": Architecture,
}
