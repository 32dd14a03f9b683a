"""nnlab: neural networks in numpy whose plan is their trace.

A layer does not compute. Once per batch size it writes named numpy calls into a plan over
buffers that exist already, and the chain rule writes the way back. The same list is run
(training), recorded (every value by name), described (formulas with numbers in them), checked
(finite differences) and broken (one call swapped: a misconception). To read it, begin with
activations, terms, plan, chain, layers. Seven uses:

1 · By hand. W and b are views of one flat vector θ.

>>> import numpy as np
>>> from nnlab import *
>>> net = Net("2-3-1", hidden="relu", out="sigmoid", loss="bce", seed=7)
>>> net[0].W[:], net[0].b[:] = [[.5, -.2], [.3, .8], [-.6, .1]], [.5, -1, 0]
>>> for row in net.trace(x=[1, 2], y=1).rows[:2]: print(row.phase, row.name, row.formula, row.value)
forward z1 z1 = W1·X + b1 [ 0.6  0.9 -0.4]
forward h1 h1 = max(0, z1) [0.6 0.9 0. ]
>>> net.trace([1, 2], 1).rows[0].written
'z1[1] = 0.5·1 + (−0.2)·2 + 0.5 = 0.6'

2 · What if. A learner's own number, or what a misconception would have given.

>>> net.trace([1, 2], 1, given={"h1[2]": 1.5})["h1"]
array([0.6, 1.5, 0. ])
>>> without_bias = lambda W, x: W[:, :-1] @ x[:-1]  # the bias is the last column of W
>>> net.trace([1, 2], 1, swap={"z1": without_bias})["z1"]
array([ 0.1,  1.9, -0.4])

3 · A live picture. Training is a generator of stretches; stop pulling and it stops.

>>> trainer = Trainer(Net("2-8-8-1", hidden="tanh", loss="bce"), data.moons(500), SGD(.3), batch=10)
>>> [round(e.loss, 2) for e in trainer.epochs(3)][-1] < .4
True

Time can be stopped, turned back and set off again: a snapshot holds all that decides how it goes on.

>>> snapshot = trainer.kept()
>>> ahead = [e.loss for e in trainer.steps(60)]
>>> trainer.put_back(snapshot)
>>> [e.loss for e in trainer.steps(60)] == ahead  # the same bits
True
>>> trainer.rate = .03  # of the steps to come

4 · A real table, defended: standardised by the training part, stopped by the validation part.

>>> ds = data.load("tumour").split(test=.2, seed=1).standardised()
>>> net = Net("30-64-32-1", l2=1e-4)
>>> best = Trainer(net, ds, Adam(1e-3, schedule=Cosine(50)), batch=32).fit(50, patience=5)
>>> best.best_loss < .15
True
>>> [finding.name for finding in diagnose(net, ds.train)]
[]

5 · Pictures and sequences are the same idea, and every gradient can be checked.

>>> cnn = Net(Conv2D(8, 3), ReLU(), MaxPool(2), Flatten(), Dense(10), loss="ce", input=(1, 8, 8))
>>> x, y = np.random.default_rng(0).normal(size=(4, 1, 8, 8)), [0, 1, 2, 3]
>>> check(cnn, x, y).worst < 1e-7
True

6 · Many runs in one plan: 32 learning rates side by side, of any kind of layer.

>>> curves = Net("30-8-1", loss="bce").fleet(32, lr=np.geomspace(1e-3, 3, 32)).fit(ds, steps=50)
>>> curves.losses.shape
(50, 32)

7 · Out. The same training as a script that needs nothing of us, in numpy or in torch.

>>> script = code(Net("2-3-1", seed=7), "numpy", ([[1, 2], [3, 4]], [0, 1]), SGD(.1), epochs=2)
>>> script.splitlines()[-2].strip(), "nnlab" in script
('losses.append(float(loss))', False)

Conventions: rows are samples outside, X (n, features); W is (out, in), row j is what unit j
listens to; losses are means over the batch and MSE has no ½; float64 unless told otherwise; a
seed gives the same bits on one machine. Errors are sentences (`LabError`). Where nnlab is the first
to import numpy, its products run on one thread: nets this small only wait for a second one, on a busy
machine up to fifteen times as long. OPENBLAS_NUM_THREADS, set before, is left as it is.
"""

import os

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # read when numpy is first imported

from nnlab import data
from nnlab.activations import ACTIVATIONS, Squash
from nnlab.check import check
from nnlab.doctor import diagnose, examine
from nnlab.errors import LabError, ShapeError, UnknownName
from nnlab.layers import Activation, Dense, Dropout, Flatten, Layer, ReLU, Sigmoid, Tanh
from nnlab.layers.attention import ScaledDotProduct, TokenDense, multi_head
from nnlab.layers.conv import AvgPool, Conv2D, MaxPool
from nnlab.layers.norm import BatchNorm, Embedding, LayerNorm, Residual
from nnlab.layers.places import Padding, Pick, Position
from nnlab.layers.recurrent import GRU, LSTM, RNN
from nnlab.losses import LOSSES, CrossEntropy, Huber, Loss
from nnlab.net import Fleet, Net
from nnlab.optim import (
    OPTIMISERS,
    SCHEDULES,
    SGD,
    Adam,
    AdamW,
    Constant,
    Cosine,
    Exponential,
    Momentum,
    Nesterov,
    RMSProp,
    StepDecay,
    WarmUp,
)
from nnlab.out import code
from nnlab.params import INITIALISERS
from nnlab.trace import Row, Trace
from nnlab.train import Curves, Snapshot, Stretch, Trainer

__all__ = [
    "ACTIVATIONS", "GRU", "INITIALISERS", "LOSSES", "LSTM", "OPTIMISERS", "RNN", "SCHEDULES", "SGD",
    "Activation", "Adam", "AdamW", "AvgPool", "BatchNorm", "Constant", "Conv2D", "Cosine",
    "CrossEntropy", "Curves", "Dense", "Dropout", "Embedding", "Exponential", "Flatten", "Fleet",
    "Huber", "LabError", "Layer", "LayerNorm", "Loss", "MaxPool", "Momentum", "Nesterov", "Net",
    "Padding", "Pick", "Position", "RMSProp", "ReLU", "Residual", "Row", "ScaledDotProduct",
    "ShapeError", "Sigmoid", "Snapshot", "Squash", "StepDecay", "Stretch", "Tanh", "TokenDense",
    "Trace", "Trainer", "UnknownName", "WarmUp", "check", "code", "data", "diagnose", "examine",
    "multi_head",
]  # fmt: skip
