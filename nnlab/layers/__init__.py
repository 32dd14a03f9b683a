"""Layers, a room for each kind: core (dense, squashes, dropout), norm, conv, recurrent, attention, places."""

from nnlab.layers.core import (
    Activation,
    Dense,
    Dropout,
    Flatten,
    Layer,
    ReLU,
    Sigmoid,
    Tanh,
    Weighted,
    numbered,
)

__all__ = [
    "Activation", "Dense", "Dropout", "Flatten", "Layer", "ReLU", "Sigmoid", "Tanh", "Weighted", "numbered",
]  # fmt: skip
