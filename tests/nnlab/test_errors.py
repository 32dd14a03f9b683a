"""Every refusal, whole: an untested message rots."""

from collections.abc import Callable
from inspect import isclass, isfunction, isroutine, signature
from typing import Any

import numpy as np
import pytest

import nnlab
from nnlab import SGD, Adam, Dense, LabError, Net, ShapeError, Trainer, UnknownName, data
from nnlab.activations import leaky
from nnlab.optim import optimiser

NET = Net("2-4-3-1", loss="bce")
PICTURES = Net(nnlab.Conv2D(2, 3), nnlab.Flatten(), Dense(1), input=(1, 4, 4))
ROWS = [[1, 2], [3, 4]], [0, 1]
CASES: list[tuple[str, Callable[[], object]]] = [
    ("layer 1 (Dense 2→4) got 3 values per row; it wants 2", lambda: NET.predict([[1, 2, 3]])),
    ("layer 2 (Dense 3→1) got 4 values per row; it wants 3",
     lambda: Net(Dense(4), Dense(1, inputs=3), input=2)),
    ("X holds NaN or infinity, first in row 1, column 0", lambda: NET.predict([[1, 2], [np.nan, 0]])),
    ("y holds NaN or infinity, first in row 1", lambda: NET.loss([[1, 2], [0, 0]], [1, np.inf])),
    ("the data are empty: 0 rows; the net wants at least 1", lambda: NET.predict(np.zeros((0, 2)))),
    ("X has 2 rows and y has 3", lambda: NET.loss([[1, 2], [0, 0]], [1, 0, 1])),
    ('loss "bce" got the target 0.5; it wants 0 or 1', lambda: NET.loss([[1, 2]], [0.5])),
    ('loss "mse" got targets of shape (2, 2); the net gives 1 per row, so it wants (2,)',
     lambda: Net("2-1").loss([[1, 2], [3, 4]], [[1, 2], [3, 4]])),
    ('loss "bce" wants the output "sigmoid"; the net ends in "relu"',
     lambda: Net("2-1", out="relu", loss="bce")),
    ('loss "ce" wants one output per class, at least 2; the net has 1', lambda: Net("2-1", loss="ce")),
    ('loss "ce" got the label 3; the net has 3 outputs, so it wants whole numbers from 0 to 2',
     lambda: Net("2-3", loss="ce").loss([[1, 2]], [3])),
    ('loss "ce" got targets of shape (1, 3); it wants one label per row',
     lambda: Net("2-3", loss="ce").loss([[1, 2]], [[0, 1, 0]])),
    ('no activation is called "rellu" (nearest: relu, elu, gelu)', lambda: Net("2-3-1", hidden="rellu")),
    ('no loss is called "mse2" (nearest: mse, mae)', lambda: Net("2-1", loss="mse2")),
    ('no initialiser is called "xaver" (nearest: xavier)', lambda: Net("2-1", init="xaver")),
    ('no optimiser is called "adamm" (nearest: adam, adamw)', lambda: optimiser("adamm")),
    ('no table is called "wines" (nearest: wine)', lambda: data.load("wines")),
    ('no table is called "iris" (known: wine, tumour, diabetes, penguins, gentoo, chinstrap)', lambda: data.load("iris")),
    ('"2-x-1" is no net; it wants sizes like "2-3-1"', lambda: Net("2-x-1")),
    ("Dense: n is 0; it wants a whole number ≥ 1", lambda: Dense(0)),
    ("a net of layers wants input=, the shape of one sample", lambda: Net(Dense(3))),
    ('a net wants layers, as in Net("2-3-1") or Net(Dense(1), input=2)', Net),
    ("SGD got lr = -1; it wants a number ≥ 0", lambda: SGD(-1)),
    ("Adam got lr = nan; it wants a number ≥ 0", lambda: Adam(float("nan"))),
    ("Dropout got p = 1; it wants 0 ≤ p < 1", lambda: nnlab.Dropout(1)),
    ("batch is 0; it wants a whole number ≥ 1",
     lambda: Trainer(Net("2-1"), ([[1, 2]], [1]), SGD(0.1), batch=0)),
    ("patience wants validation rows to watch; there are none",
     lambda: Trainer(Net("2-1"), ([[1, 2]], [1]), SGD(0.1)).fit(3, patience=2)),
    ("split(test=0.6, validation=0.4) leaves no rows of 10 to train on",
     lambda: data.gauss(10).split(test=0.6, validation=0.4)),
    ("a fleet of 3 got 2 seeds; it wants 3", lambda: Net("2-1").fleet(3, seeds=[1, 2])),
    ("X is for 2 members and y for 3",
     lambda: Net("2-1").fleet(2).loss(np.ones((2, 4, 2)), np.ones((3, 4)))),
    ("layer 1 (LSTM) got shape (2,) per row; it wants (steps, features)", lambda: Net(nnlab.LSTM(3), input=2)),
    ("layer 1 (Conv2D) got shape (4, 4) per row; it wants (channels, height, width)",
     lambda: Net(nnlab.Conv2D(2, 3), input=(4, 4))),
    ("layer 2 (Dense →1) got shape (2, 2, 2) per row; it wants a flat row: put Flatten() before it",
     lambda: Net(nnlab.Conv2D(2, 3), Dense(1), input=(1, 4, 4))),
    ("layer 1 (Conv2D) got rows of shape (1, 5, 4); it wants (1, 4, 4)",
     lambda: Net(nnlab.Conv2D(2, 3), nnlab.Flatten(), Dense(1), input=(1, 4, 4)).predict(np.ones((3, 1, 5, 4)))),
    ("layer 2 (BatchNorm) got a batch of 1 to train on; it wants at least 2 rows",
     lambda: Net(Dense(2), nnlab.BatchNorm(), Dense(1), input=2).step([[1, 2]], [1], SGD(0.1))),
    ("layer 1 (Embedding) wants whole numbers from 0 to 3",
     lambda: Net(nnlab.Embedding(4, 2), nnlab.Flatten(), Dense(1), input=3).predict([[0, 1, 4]])),
    ("layer 1 (Residual) got (3,) back for (2,) per row; it wants layers that keep the shape",
     lambda: Net(nnlab.Residual(Dense(3)), input=2)),
    ("3 heads do not divide a width of 4", lambda: nnlab.multi_head(4, heads=3)),
    ('"h1 = 1 if z1 > 0 else 0" has no slope to learn by; use it forward only',
     lambda: Net("2-3-1", hidden="step").backward([[1, 2]], [1])),
    ('no value is called "h9" (nearest: h2, h1)', lambda: NET.trace([1, 2])["h9"]),
    ('no value is called "zz" (nearest: z3, z2, z1)', lambda: NET.trace([1, 2], given={"zz": 1})),
    ('no value is called "h1[9]" (nearest: h1)', lambda: NET.trace([1, 2])["h1[9]"]),
    (f'"h1[{"9" * 96}… is no address; it wants a name like h1, h1[2] or W1[1,2]',
     lambda: NET.trace([1, 2])[f"h1[{'9' * 5000}]"]),
    ('"h1[0]": units count from 1', lambda: NET.trace([1, 2])["h1[0]"]),
    ('"h1]" is no address; it wants a name like h1, h1[2] or W1[1,2]', lambda: NET.trace([1, 2])["h1]"]),
    ("h1 got values of shape (3,); it wants (4,)", lambda: NET.trace([1, 2], given={"h1": [1, 2, 3]})),
    ("h1 got values of shape (4, 2); it wants (2, 4)", lambda: NET.trace(ROWS[0], given={"h1": np.ones((4, 2))})),
    ("h1[2] got values of shape (3,); it wants (2,)", lambda: NET.trace(ROWS[0], given={"h1[2]": [1, 2, 3]})),
    ("dW2 got values of shape (2,); it wants (3, 4)", lambda: NET.trace([1, 2], 1, given={"dW2": [1, 2]})),
    ("h1 got [1, 2, 3, nan]; it wants numbers", lambda: NET.trace([1, 2], given={"h1": [1, 2, 3, np.nan]})),
    ('loss "bce-logits" got the target 2; it wants 0 or 1',
     lambda: Net("2-1", loss="bce-logits").loss([[1, 2]], [2])),
    ("leaky got α = 2; it wants 0 ≤ α ≤ 1", lambda: leaky(2)),
    ("LSTM: n is 0; it wants a whole number ≥ 1", lambda: nnlab.LSTM(0)),
    ("ScaledDotProduct: heads is 0; it wants a whole number ≥ 1", lambda: nnlab.ScaledDotProduct(0)),
    ("layer 1 (ScaledDotProduct) got shape (5, 4) per row; it wants (steps, 3·width) with 2 heads",
     lambda: Net(nnlab.ScaledDotProduct(2), input=(5, 4))),
    ("layer 1 (TokenDense) got shape (5,) per row; it wants (steps, width)",
     lambda: Net(nnlab.TokenDense(2), input=5)),
    ("layer 1 (Embedding) got shape (5, 2) per row; it wants (length,)",
     lambda: Net(nnlab.Embedding(4, 2), input=(5, 2))),
    ("Conv2D: kernel is 0; it wants a whole number ≥ 1", lambda: nnlab.Conv2D(2, 0)),
    ("layer 1 (Conv2D) got 2×4 pixels per row; it wants at least its kernel, 3×3", lambda: Net(nnlab.Conv2D(2, 3), input=(1, 2, 4))),
    ("MaxPool: size is 0; it wants a whole number ≥ 1", lambda: nnlab.MaxPool(0)),
    ("layer 1 (AvgPool) got 1×4 pixels per row; it wants at least its window, 2×2", lambda: Net(nnlab.AvgPool(2), input=(1, 1, 4))),
    ('no parameter is called "W3" (nearest: W2, W1)', lambda: Net("2-3-1").trace([1, 2])["W3[1,1]"]),
    ("class_weight has 2 entries and y the label 2",
     lambda: Net("2-1", class_weight=(1, 2)).loss([[1, 2]], [2])),
    ('class_weight has 2 numbers; loss "ce" wants one for each of the 3 classes',
     lambda: Net("2-3", loss="ce", class_weight=(1, 2))),
    ('class_weight has 3 numbers; loss "bce" wants one for each of the 2 classes',
     lambda: Net("2-1", loss="bce", class_weight=(1, 2, 3))),
    ('class_weight has 1 number; loss "bce-logits" wants one for each of the 2 classes',
     lambda: Net("2-1", loss="bce-logits", out="linear", class_weight=[2])),
    ("the data are empty: 0 rows; the net wants at least 1", lambda: NET.predict([])),
    ("X holds 'red', first in row 1, column 0; it wants numbers", lambda: NET.predict([[1, 2], ["red", 0]])),
    ("the rows of X are not all of one length", lambda: NET.predict([[1, 2], [1]])),
    ("y holds 'cat', first in row 1; it wants numbers", lambda: NET.loss([[1, 2], [0, 0]], [1, "cat"])),
    ('"h1[9]": h1 has 4 numbers, counted from 1', lambda: NET.trace([1, 2], given={"h1[9]": 1})),
    ("Adam got beta1 = 1; it wants 0 ≤ beta1 < 1", lambda: Adam(beta1=1)),
    ("Adam got eps = 0; it wants a number > 0", lambda: Adam(eps=0)),
    ("SGD got clip = -1; it wants a number > 0", lambda: SGD(clip=-1)),
    ("SGD got clip = 'x'; it wants a number > 0", lambda: SGD(clip="x")),  # type: ignore[arg-type]
    ("SGD got lr = True; it wants a number ≥ 0", lambda: SGD(True)),
    ("SGD got decay = -0.1; it wants a number ≥ 0", lambda: SGD(decay=-0.1)),
    ("SGD got momentum = 1.5; it wants a number from 0 to 1", lambda: SGD(momentum=1.5)),
    ("SGD got schedule = 'cosine'; it wants one like Cosine(50)", lambda: SGD(schedule="cosine")),
    ("WarmUp got length = 0; it wants a number > 0", lambda: nnlab.WarmUp(0)),
    ("Cosine got length = 0; it wants a number > 0", lambda: nnlab.Cosine(0)),
    ("StepDecay got every = 0; it wants a number > 0", lambda: nnlab.StepDecay(0)),
    ("a net got l2 = -1; it wants a number ≥ 0", lambda: Net("2-1", l2=-1)),
    ("dtype is <class 'int'>; a net wants float64 or float32", lambda: Net("2-1", dtype=int)),
    ("class_weight is (1, 0); it wants a number > 0 for each class", lambda: Net("2-1", loss="bce", class_weight=(1, 0))),
    ('no setting of a net is called "activation" (known: hidden, out, input, loss, seed, init, kinks, l1, l2, '
     "class_weight, dtype, strict)", lambda: Net("2-1", activation="relu")),
    ('no setting of a net is called "sed" (nearest: seed)', lambda: Net("2-1", sed=1)),
    ('hidden is a list of 2; "2-3-1" wants 1, one for each hidden layer', lambda: Net("2-3-1", hidden=["relu", "tanh"])),
    ("layer 1 (Dense 2→4): W got numbers of shape (2, 4); it wants (4, 2)",
     lambda: setattr(NET[0], "W", np.ones((2, 4)))),
    ("this Dense is in no net: a net takes copies. Weights are read from the net: net[0].W, net[1].W, …",
     lambda: Dense(3).W),
    ("Trainer got X and y apart; it wants one pair: Trainer(net, (X, y), SGD(.1))",
     lambda: Trainer(Net("2-1"), [[1, 2]], [1], SGD(0.1))),  # type: ignore[arg-type]
    ("the data are no pair of rows and targets; it wants (X, y) or a data set",
     lambda: Trainer(Net("2-1"), np.ones((2, 2)), SGD(0.1))),
    ('no optimiser is called "adma" (nearest: adam, adamw)', lambda: Trainer(Net("2-1"), ([[1, 2]], [1]), "adma")),
    ('the optimiser is 0.1; it wants one like SGD(.1) or "adam"', lambda: Net("2-1").step([[1, 2]], [1], 0.1)),  # type: ignore[arg-type]
    ("SGD got 2 rates for one net", lambda: Net("2-1").step([[1, 2]], [1], SGD([0.1, 0.2]))),
    ("the data are no pair of rows and targets; it wants (X, y) or a data set", lambda: Trainer(Net("2-1"), None, "sgd")),
    ("batch is 1.5; it wants a whole number ≥ 1",
     lambda: Trainer(Net("2-1"), ([[1, 2]], [1]), "sgd", batch=1.5)),  # type: ignore[arg-type]
    ("patience is -1; it wants a whole number ≥ 1",
     lambda: Trainer(Net("2-1"), ([[1, 2]], [1]), "sgd", validation=([[1, 2]], [1])).fit(3, patience=-1)),
    ("input is 'x'; it wants a whole number ≥ 1", lambda: Net(Dense(2), input="x")),  # type: ignore[arg-type]
    ("n is -1; it wants a whole number ≥ 1", lambda: data.moons(-1)),
    ("noise is -1; it wants a number ≥ 0", lambda: data.plane(10, noise=-1)),
    ("split got test = 'a'; it wants a share of the rows from 0 to 1", lambda: data.moons(10).split(test="a")),  # type: ignore[arg-type]
    ("h1 got 'a'; it wants numbers", lambda: NET.trace([1, 2], given={"h1": "a"})),
    ('"h1[9]": h1 has 4 numbers, counted from 1', lambda: NET.trace([1, 2], swap={"h1[9]": lambda z: z})),
    ("layer 1 (Dense 2→4): W got 'a'; it wants numbers", lambda: setattr(NET[0], "W", "a")),
    ("the number of nets in a fleet is 0; it wants a whole number ≥ 1", lambda: Net("2-1").fleet(0)),
    ("put_back got 'then'; it wants a snapshot that kept() gave",
     lambda: Trainer(Net("2-1"), ([[1, 2]], [1]), "sgd").put_back("then")),
    ("a fleet of 3 got 2 rates; it wants 3", lambda: Net("2-1").fleet(3, lr=[0.1, 0.2])),
    ("the fleet has the rates (0.1, 0.2) and SGD has (0.3, 0.4); keep one of them",
     lambda: Trainer(Net("2-1").fleet(2, lr=[0.1, 0.2]), ([[1, 2]], [1]), SGD([0.3, 0.4]))),
    ("RNN got the squash 'gelu'; it wants \"tanh\" or \"relu\"", lambda: nnlab.RNN(3, "gelu")),
    ('initialiser "normal" got the scale inf; it wants a finite number',
     lambda: Net("2-1", init=("normal", float("inf")))),
    ("layer 1 (Dense 2→4) got one row of 3 values; it wants 2 per row", lambda: NET.trace([1, 2, 3])),
    ("layer 1 (Dense 2→4) got one row of 1 value; it wants 2 per row", lambda: NET.predict([1])),
    ("layer 1 (Dense 2→4) got one number; it wants 2 per row", lambda: NET.trace(5)),
    ("layer 1 (Dense 2→4) got no number; it wants 2 per row", lambda: NET.trace(None)),
    ("layer 1 (Dense 2→4) got numbers of shape (2, 2, 2); it wants 2 per row", lambda: NET.trace(np.ones((2, 2, 2)))),
    ("layer 1 (Conv2D) got one row of shape (1, 5, 4); it wants rows of shape (1, 4, 4)",
     lambda: PICTURES.predict(np.ones((1, 5, 4)))),
    ("layer 1 (Conv2D) got numbers of shape (16,); it wants rows of shape (1, 4, 4)", lambda: PICTURES.predict(np.ones(16))),
    ("X has 2 rows and y is no number", lambda: NET.loss([[1, 2], [3, 4]], None)),
    ("X is for 3 members; the fleet has 2", lambda: NET.fleet(2).predict(np.ones((3, 4, 2)))),
    ("X holds NaN or infinity, first in row 0, column 1", lambda: NET.predict([[1, None]])),
    ("X holds NaN or infinity, first in row 1, column 1", lambda: Trainer(NET, ([[1, 2], [3, -np.inf]], [0, 1]), "sgd")),
    ("X holds NaN or infinity, first in row 1, column 0", lambda: NET.fleet(2).predict([[[1, 2], [1, 2]], [[1, 2], [np.nan, 3]]])),
    ("y holds NaN or infinity, first in row 1, column 1", lambda: Net("2-3-2").loss([[1, 2], [3, 4]], [[0, 1], [2, np.nan]])),
    ("X holds NaN or infinity, first in row 5, column 1",
     lambda: data.Dataset(np.array([[1, 2]] * 5 + [[1, np.nan]]), np.zeros(6))),
    ("y holds NaN or infinity, first in row 2", lambda: data.Dataset(np.ones((3, 2)), np.array([0, 1, np.inf]))),
    ("a fleet of 2 got seeds = 3; it wants a list of 2", lambda: NET.fleet(2, seeds=3)),  # type: ignore[arg-type]
    ("a fleet makes no fleet; take one net of it: fleet.member(0).fleet(…)", lambda: NET.fleet(2).fleet(2)),
    ("a fleet has no check; take one net of it: check(fleet.member(0), …)", lambda: nnlab.check(NET.fleet(2), [[1, 2]], [1])),
    ("member[2]: there are 2 members, counted from 0 to 1", lambda: NET.fleet(2).member(2)),
    ("member[0.5]: there are 2 members, counted from 0 to 1", lambda: NET.fleet(2).member(0.5)),  # type: ignore[arg-type]
    ("net[3]: there are 3 layers with weights, counted from 0 to 2", lambda: NET[3]),
    ("check got h = 0; it wants a number > 0", lambda: nnlab.check(NET, [[1, 2]], [1], h=0)),
    ("the data are no pair of rows and targets; it wants (X, y) or a data set", lambda: nnlab.diagnose(NET, None)),
    ("Trainer got the net '2-1'; it wants one like Net(\"2-3-1\")",
     lambda: Trainer("2-1", ROWS, "sgd")),  # type: ignore[arg-type]
    ("batch is 'a'; it wants a whole number ≥ 1", lambda: Trainer(NET, ROWS, "sgd", batch="a")),  # type: ignore[arg-type]
    ("steps is -1; it wants a whole number ≥ 0", lambda: list(Trainer(NET, ROWS, "sgd").steps(-1))),
    ("epochs is -1; it wants a whole number ≥ 0", lambda: list(Trainer(NET, ROWS, "sgd").epochs(-1))),
    ("every is 0; it wants a whole number ≥ 1", lambda: list(Trainer(NET, ROWS, "sgd").epochs(3, every=0))),
    ('a trace got [1]; it wants names and what goes there, as {"h1[2]": 1.5}',
     lambda: NET.trace([1, 2], given=[1])),  # type: ignore[arg-type]
    ("z1 is swapped for 3; it wants a function", lambda: NET.trace([1, 2], swap={"z1": 3})),  # type: ignore[dict-item]
    ("z1 got values of shape (7,); it wants (4, 1)", lambda: NET.trace([1, 2], swap={"z1": lambda _W, _x: np.ones(7)})),
    ("a net of several layers got '2-1'; it wants layers alone, like Dense(3)", lambda: Net("2-1", Dense(1))),
    ("kinks is 3; it wants two numbers, as (-1, 1)", lambda: Net("2-1", kinks=3)),
    ("Dropout got p = 'a'; it wants 0 ≤ p < 1", lambda: nnlab.Dropout("a")),  # type: ignore[arg-type]
    ("Huber got delta = -1; it wants a number > 0", lambda: nnlab.Huber(-1)),
    ("CrossEntropy got smoothing = 2; it wants 0 ≤ smoothing < 1", lambda: nnlab.CrossEntropy(2)),
    ("leaky got α = 'a'; it wants 0 ≤ α ≤ 1", lambda: leaky("a")),  # type: ignore[arg-type]
    ("BatchNorm got momentum = 2; it wants a share from 0 to 1", lambda: nnlab.BatchNorm(2)),
    ("LayerNorm got eps = -1; it wants a number ≥ 0", lambda: nnlab.LayerNorm(-1)),
    ("xor got gap = 2; it wants a number from 0 to 1", lambda: data.xor(10, gap=2)),
    ("spiral got turns = nan; it wants a number", lambda: data.spiral(10, turns=float("nan"))),
    ("sine got low = None; it wants a number", lambda: data.sine(10, low=None)),  # type: ignore[arg-type]
    ("X holds 1000000000000000000000000000000000000000… (int), first in row 0, column 1; it wants numbers",
     lambda: NET.predict([[1, 10**400]])),
    ("X holds NaN or infinity, first in row 0, column 1", lambda: Net("2-1", dtype=np.float32).predict([[1, 1e300]])),
    ("Trainer got the net array([[1., 1., 1.], [1., 1., 1.], [1., … (ndarray); it wants one like Net(\"2-3-1\")",
     lambda: Trainer(np.ones((90, 3)), ROWS, "sgd")),  # type: ignore[arg-type]
    ("Adam got beta1 = 1.5; it wants 0 ≤ beta1 < 1", lambda: Adam(beta1=np.float64(1.5))),
    ("SGD got momentum = … (int); it wants a number from 0 to 1", lambda: SGD(momentum=10**5000)),
    ("batch is array([1, 2]); it wants a whole number ≥ 1",
     lambda: NET.fit(ROWS, 1, batch=np.array([1, 2]))),  # type: ignore[arg-type]
    ("X holds NaN or infinity, first in row 0, column 1",
     lambda: NET.predict(np.ma.masked_array([[1.0, 2.0]], [[0, 1]]))),
    ("X holds np.datetime64('2020-01-01'), first in row 0, column 0; it wants numbers",
     lambda: NET.predict(np.array([["2020-01-01", "2021-01-01"]], "M8[D]"))),
    ("X holds 1j, first in row 0, column 0; it wants numbers", lambda: NET.predict([[1j, 2]])),
    ("shuffle is 'no'; it wants True or False", lambda: Trainer(NET, ROWS, "sgd", shuffle="no")),  # type: ignore[arg-type]
    ("strict is 'no'; it wants True or False", lambda: Net("2-1", strict="no")),
    ("LSTM: sequence is 2; it wants True or False", lambda: nnlab.LSTM(3, 2)),  # type: ignore[arg-type]
    ("nesterov is None; it wants True or False", lambda: SGD(nesterov=None)),  # type: ignore[arg-type]
    ("7 is no address; it wants a name like h1, h1[2] or W1[1,2]", lambda: NET.trace([1, 2])[7]),  # type: ignore[index]
    ("what z1 is swapped for is given 2 arguments; it takes others", lambda: NET.trace([1, 2], swap={"z1": lambda x: x})),
    ("what z1[1] is swapped for is given 3 arguments; it takes others", lambda: NET.trace([1, 2], swap={"z1[1]": lambda x: x})),
    ("what z1 is swapped for gives None; it wants numbers of shape (4, 1)",
     lambda: NET.trace([1, 2], swap={"z1": lambda _W, _x: None})),
    ("what z1[1] is swapped for gives 'a'; it wants a number",
     lambda: NET.trace([1, 2], swap={"z1[1]": lambda _w, _b, _x: "a"})),
    ("layer 1 (Dense 2→4): W got nan; it wants numbers", lambda: setattr(NET[0], "W", np.nan)),
    ("Residual got 3; it wants layers, like Dense(3)", lambda: nnlab.Residual(3)),  # type: ignore[arg-type]
    ("Padding got value = nan; it wants a finite number", lambda: nnlab.Padding(float("nan"))),
    ("WarmUp got then = 3; it wants one like Cosine(50)", lambda: nnlab.WarmUp(3, 3)),  # type: ignore[arg-type]
    ("examine got lr = 'a'; it wants a number ≥ 0", lambda: nnlab.diagnose(NET, ROWS, lr="a")),  # type: ignore[arg-type]
    ("check got the net 3; it wants one like Net(\"2-3-1\")", lambda: nnlab.check(3, *ROWS)),  # type: ignore[arg-type]
    ("rows is 3; it wants the lines that make X and y, as one text",
     lambda: nnlab.code(NET, "numpy", ROWS, rows=3)),  # type: ignore[arg-type]
    ("rows got 9.5; it wants numbers from 0 to 8, or True and False for each", lambda: data.moons(9).rows(9.5)),
    ("X has the shape (3, 2) and y (2,); a data set wants as many rows of X as numbers of y",
     lambda: data.Dataset(np.ones((3, 2)), np.ones(2))),
    ('squash "relu" got \'a\'; it wants numbers', lambda: nnlab.ACTIVATIONS["relu"]("a")),
    ('loss "mse" got []; it wants numbers', lambda: nnlab.LOSSES["mse"]([], [])),
    ("SGD got momentum = True; it wants a number from 0 to 1", lambda: SGD(momentum=True)),
    ("moons wants room for 10^400 numbers, more than memory has; take fewer rows", lambda: data.moons(10**400)),
    ("X is a whole data set; it wants one part of it, .X or .y", lambda: NET.predict(data.moons(9))),
    ("X is {1: 2}; it wants rows of numbers", lambda: NET.predict({1: 2})),
    ('input is 5; "2-1" has 2 inputs: leave it out', lambda: Net("2-1", input=5)),
    ('squash "mine" computes 3; it wants what the signs and functions of nnlab.terms make of it',
     lambda: Net("2-3-1", hidden=nnlab.Squash("mine", "{z}", lambda _z: 3)).predict([1, 2])),  # type: ignore[arg-type,return-value]
    ('loss "mine" computes None; it wants what the signs and functions of nnlab.terms make of it',
     lambda: Net("2-1", loss=nnlab.Loss("mine", "0", lambda _a, _b: None)).loss([1, 2], [1])),  # type: ignore[arg-type,return-value]
    ("layer 1 (Layer) does not say what it computes; give it compute(self, x)",
     lambda: Net(nnlab.Layer(), Dense(1), input=2).predict([1, 2])),
    ("sample[2]: there are 2 samples, counted from 0 to 1", lambda: NET.trace(*ROWS).table(2)),
    ("z1 has no unit (9,) of sample 0; its shape is (4,)", lambda: NET.trace([1, 2]).rows[0].unit_written((9,))),
    ('initialiser "normal" got the scale -1; it wants a number ≥ 0', lambda: Net("2-1", init=("normal", -1))),
    ("the schedule gives -1 at 0; it wants a factor ≥ 0",
     lambda: Trainer(NET.copy(), ROWS, SGD(schedule=lambda _t: -1)).fit(1)),
    ("SGD got schedule = <class 'nnlab.optim.Cosine'>; it wants one like Cosine(50)", lambda: SGD(schedule=nnlab.Cosine)),
    ('no optimiser is called "SGD" (nearest: sgd)', lambda: optimiser("SGD")),
    ("pieces is 0; it wants a whole number ≥ 1", lambda: data.sawtooth(10, pieces=0)),
]  # fmt: skip


@pytest.mark.parametrize(("line", "wrong"), CASES, ids=[line for line, _ in CASES])
def test_what_is_wrong_is_refused_in_one_whole_sentence(line: str, wrong: Callable[[], object]) -> None:
    with pytest.raises(LabError) as caught:
        wrong()
    assert str(caught.value) == line


def said(wrong: Callable[[], object]) -> str:
    with pytest.raises(LabError) as caught:
        wrong()
    return str(caught.value)


COUNTS: dict[str, Callable[[Any], object]] = {  # what it is called → a call that counts with it
    "the number of nets in a fleet": NET.fleet,
    "steps": lambda n: NET.fleet(2).fit(ROWS, steps=n),
    "epochs": lambda n: Trainer(NET, ROWS, "sgd").fit(n),
    "batch": lambda n: NET.copy().fit(ROWS, steps=1, batch=n),
    "Dense: n": Dense,
    "GRU: n": nnlab.GRU,
    "TokenDense: n": nnlab.TokenDense,
    "Conv2D: n": lambda n: nnlab.Conv2D(n, 3),
    "Conv2D: kernel": lambda n: nnlab.Conv2D(2, n),
    "Conv2D: stride": lambda n: nnlab.Conv2D(2, 3, n),
    "AvgPool: size": nnlab.AvgPool,
    "Embedding: size": lambda n: nnlab.Embedding(n, 2),
    "Embedding: width": lambda n: nnlab.Embedding(3, n),
    "heads": lambda n: nnlab.multi_head(4, n),
    "width": nnlab.multi_head,
}
MORE_COUNTS = {
    "batch of costs": ("batch", NET.cost),
    "batch of a script": ("batch", lambda n: nnlab.code(NET, "numpy", ROWS, batch=n)),
    "epochs of a script": ("epochs", lambda n: nnlab.code(NET, "numpy", ROWS, epochs=n)),
    **{f"rows of {name}": ("n", draw) for name, draw in data.DATASETS.items()},
}


@pytest.mark.parametrize("n", [-1, 0, 2.5, "3", True, float("nan")])
@pytest.mark.parametrize("what", [*COUNTS, *MORE_COUNTS])
def test_a_count_is_a_whole_number_and_large_enough(what: str, n: Any) -> None:
    name, call = MORE_COUNTS.get(what, (what, COUNTS.get(what)))
    assert said(lambda: call(n)) == f"{name} is {n!r}; it wants a whole number ≥ 1"


def test_a_training_of_no_steps_at_all_is_one() -> None:
    trainer = Trainer(NET, ROWS, "sgd")
    assert list(trainer.steps(0)) == list(trainer.epochs(0)) == []


MISSPELT: dict[str, Callable[[], object]] = {
    'no setting of fit is called "bacth" (nearest: batch)': lambda: NET.fit(ROWS, steps=1, bacth=2),  # type: ignore[call-arg]
    'no setting of fit is called "epochs" (nearest: steps)': lambda: NET.fleet(2).fit(ROWS, epochs=3),  # type: ignore[call-arg]
    'no setting of Trainer is called "bacth" (nearest: batch)': lambda: Trainer(NET, ROWS, "sgd", bacth=3),  # type: ignore[call-arg]
    'no setting of split is called "tset" (nearest: test, seed)': lambda: data.moons(10).split(tset=0.1),  # type: ignore[call-arg]
    'no setting of Adam is called "learning_rate" (known: lr, schedule, clip, decay, beta1, beta2, eps)': lambda: Adam(learning_rate=3),  # type: ignore[call-arg]
    'no setting of Conv2D is called "strid" (nearest: stride)': lambda: nnlab.Conv2D(2, 3, strid=2),  # type: ignore[call-arg]
    'no setting of moons is called "nosie" (nearest: noise)': lambda: data.moons(9, nosie=1),
}  # fmt: skip


@pytest.mark.parametrize("line", list(MISSPELT))
def test_a_misspelt_keyword_is_told_from_the_one_that_was_meant(line: str) -> None:
    assert said(MISSPELT[line]) == line


def settings(call: Callable[..., object]) -> bool:
    """Whether a call can be told how, so that a keyword can be misspelt at it."""
    return any(one.default is not one.empty for one in signature(call).parameters.values())


MADE = {name: getattr(nnlab, name) for name in nnlab.__all__ if name != "Net"} | {  # a net has its own words
    name: one for name, one in vars(data).items() if isfunction(one) and one.__module__ == data.__name__
}
METHODS = {
    f"{type(of).__name__}.{name}": getattr(of, name)
    for of in (NET, Trainer(NET, ROWS, "sgd"), data.moons(9))
    for name, one in vars(type(of)).items() if isfunction(one)
}  # fmt: skip
TOLD = {
    name: one for name, one in (MADE | METHODS).items()
    if isroutine(one) or (isclass(one) and not issubclass(one, Exception))
    if "_" not in (name[0], name[name.find(".") + 1]) and settings(one)
}  # fmt: skip


@pytest.mark.parametrize("name", list(TOLD))
def test_a_keyword_that_nothing_takes_is_refused_wherever_there_are_settings(name: str) -> None:
    line = f'no setting of {name.rpartition(".")[2]} is called "zzz" ('
    assert said(lambda: TOLD[name](zzz=1)).startswith(line)


FULL: dict[str, Callable[[], object]] = {
    "this net wants room for 1,000,002,000,001 numbers, more than memory has; take smaller layers":
        lambda: Net("1000000-1000000-1"),
    "this net wants room for 100,000,000,000,000,000,002,000,001 numbers, more than memory has; take smaller layers":
        lambda: Net("100000000000000000000-1000000-1"),
    "this fleet wants room for 38,000,000,000,000 numbers, more than memory has; take fewer nets or smaller layers":
        lambda: Net("5-5-1-1").fleet(10**12),
    "one pass of 100,000,000,000,000 rows wants room for 400,000,000,000,000 numbers, more than memory has; "
    "take fewer at once": lambda: Net("3-1").cost(10**14),
    "moons wants room for 100,000,000,000,000 numbers, more than memory has; take fewer rows":
        lambda: data.moons(10**14),
    "sine wants room for 1,000,000,000,000,000,000,000,000,000,000 numbers, more than memory has; take fewer rows":
        lambda: data.sine(n=10**30),
}  # fmt: skip


@pytest.mark.parametrize("line", list(FULL))
def test_what_memory_cannot_hold_says_how_many_numbers_it_would_be(line: str) -> None:
    assert said(FULL[line]) == line


# --- what is said of what is right -------------------------------------------------------------
def test_a_fleet_shows_how_many_nets_it_is() -> None:
    assert repr(Net("2-3-1", loss="bce").fleet(3)) == "Fleet(3 × Dense 2→3 · relu · Dense 3→1 · sigmoid, loss=bce)"


def test_a_loop_over_a_net_ends_with_its_last_layer() -> None:
    assert [layer.n for layer in NET] == [4, 3, 1]  # type: ignore[attr-defined]


def test_one_net_is_fitted_as_a_fleet_is() -> None:
    net, fleet = Net("2-3-1", loss="bce", seed=1), Net("2-3-1", loss="bce", seed=1).fleet(1)
    curves = [one.fit(data.moons(40), steps=12, batch=10) for one in (net, fleet)]
    assert curves[0].losses == pytest.approx(curves[1].losses[:, 0], abs=1e-12)
    assert len(curves[0].losses) == 3


def test_errors_carry_their_evidence() -> None:
    with pytest.raises(ShapeError) as shape:
        NET.predict([[1, 2, 3]])
    assert (shape.value.got, shape.value.wants) == ((3,), (2,))
    with pytest.raises(UnknownName) as name:
        Net("2-1", loss="mze")
    assert name.value.near == ["mse", "mae"]
