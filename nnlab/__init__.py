"""nnlab: neural networks whose plan is their trace."""

from nnlab import data
from nnlab.activations import ACTIVATIONS
from nnlab.check import check
from nnlab.layers import Activation, Dense, Dropout, Flatten, ReLU, Sigmoid, Tanh
from nnlab.losses import LOSSES
from nnlab.net import Fleet, Net
from nnlab.optim import OPTIMISERS, SCHEDULES, SGD, Adam, AdamW, Cosine, Momentum
from nnlab.params import INITIALISERS
from nnlab.train import Trainer
