"""Every exercise kind of this subject, by the name that lessons use."""

from __future__ import annotations

from drops.exercises.exercise import Exercise
from drops.networks.late import Late

KINDS: Late[type[Exercise]] = Late(
    "drops.networks",
    {
        "lab.cards": {"lab": "LabCard"},
        "neuron.neuron": {"neuron": "Neuron"},
        "neuron.region": {"region": "Region"},
        "neuron.chain": {"chain": "Chain"},
        "forward.layout": {"layout": "Layout"},
        "forward.hidden_layer": {"hidden-layer": "HiddenLayer"},
        "forward.prediction": {"prediction": "Prediction"},
        "forward.backprop": {"backprop": "Backprop"},
        "clinic.clinic": {"clinic": "Clinic"},
        "depth.vanishing": {"vanishing": "Vanishing"},
        "design.architecture": {"architecture": "Architecture"},
    },
)
