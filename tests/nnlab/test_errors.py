"""Every refusal, whole: an untested message rots."""

from collections.abc import Callable

import numpy as np
import pytest

import nnlab
from nnlab import SGD, Adam, Dense, LabError, Net, ShapeError, Trainer, UnknownName, data
from nnlab.activations import leaky
from nnlab.optim import optimiser

NET = Net("2-4-3-1", loss="bce")
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
    ("Dense got 0 units; it wants at least 1", lambda: Dense(0)),
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
    ('"h1[0]": units count from 1', lambda: NET.trace([1, 2])["h1[0]"]),
    ('"h1]" is no address; it wants a name like h1, h1[2] or W1[1,2]', lambda: NET.trace([1, 2])["h1]"]),
    ("h1 got values of shape (3,); it wants (4, 1)", lambda: NET.trace([1, 2], given={"h1": [1, 2, 3]})),
    ('loss "bce-logits" got the target 2; it wants 0 or 1',
     lambda: Net("2-1", loss="bce-logits").loss([[1, 2]], [2])),
    ("leaky got α = 2; it wants 0 ≤ α ≤ 1", lambda: leaky(2)),
    ("LSTM got 0 units; it wants at least 1", lambda: nnlab.LSTM(0)),
    ("ScaledDotProduct got 0 heads; it wants at least 1", lambda: nnlab.ScaledDotProduct(0)),
    ("layer 1 (ScaledDotProduct) got shape (5, 4) per row; it wants (steps, 3·width) with 2 heads",
     lambda: Net(nnlab.ScaledDotProduct(2), input=(5, 4))),
    ("layer 1 (TokenDense) got shape (5,) per row; it wants (steps, width)",
     lambda: Net(nnlab.TokenDense(2), input=5)),
    ("layer 1 (Embedding) got shape (5, 2) per row; it wants (length,)",
     lambda: Net(nnlab.Embedding(4, 2), input=(5, 2))),
    ("Conv2D wants at least 1 filter, kernel and stride, and padding ≥ 0", lambda: nnlab.Conv2D(2, 0)),
    ("layer 1 (Conv2D) got 2×4 pixels per row; it wants at least its kernel, 3×3", lambda: Net(nnlab.Conv2D(2, 3), input=(1, 2, 4))),
    ("MaxPool got size 0; it wants at least 1", lambda: nnlab.MaxPool(0)),
    ("layer 1 (AvgPool) got 1×4 pixels per row; it wants at least its window, 2×2", lambda: Net(nnlab.AvgPool(2), input=(1, 1, 4))),
    ('no parameter is called "W3" (nearest: W2, W1)', lambda: Net("2-3-1").trace([1, 2])["W3[1,1]"]),
    ("class_weight has 2 entries and y the label 2",
     lambda: Net("2-3", loss="ce", class_weight=(1, 2)).loss([[1, 2]], [2])),
    ("the data are empty: 0 rows; the net wants at least 1", lambda: NET.predict([])),
    ("X holds 'red', first in row 1, column 0; it wants numbers", lambda: NET.predict([[1, 2], ["red", 0]])),
    ("the rows of X are not all of one length", lambda: NET.predict([[1, 2], [1]])),
    ("y holds 'cat', first in row 1; it wants numbers", lambda: NET.loss([[1, 2], [0, 0]], [1, "cat"])),
    ('"h1[9]": h1 has 4 numbers, counted from 1', lambda: NET.trace([1, 2], given={"h1[9]": 1})),
    ("Adam got beta1 = 1; it wants 0 ≤ beta1 < 1", lambda: Adam(beta1=1)),
    ("Adam got eps = 0; it wants a number > 0", lambda: Adam(eps=0)),
    ("SGD got clip = -1; it wants a number > 0", lambda: SGD(clip=-1)),
    ("SGD got clip = 'x'; it wants a number > 0", lambda: SGD(clip="x")),  # type: ignore[arg-type]
    ("SGD got decay = -0.1; it wants a number ≥ 0", lambda: SGD(decay=-0.1)),
    ("SGD got momentum = 1.5; it wants a number from 0 to 1", lambda: SGD(momentum=1.5)),
    ("SGD got schedule = 'cosine'; it wants one like Cosine(50)", lambda: SGD(schedule="cosine")),
    ("WarmUp got length = 0; it wants a number > 0", lambda: nnlab.WarmUp(0)),
    ("Cosine got length = 0; it wants a number > 0", lambda: nnlab.Cosine(0)),
    ("Step got every = 0; it wants a number > 0", lambda: nnlab.Step(0)),
    ("Settings got l2 = -1; it wants a number ≥ 0", lambda: Net("2-1", l2=-1)),
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
    ("a fleet of 0 nets; it wants at least 1", lambda: Net("2-1").fleet(0)),
    ("put_back got 'then'; it wants a moment that kept() gave",
     lambda: Trainer(Net("2-1"), ([[1, 2]], [1]), "sgd").put_back("then")),
    ("a fleet of 3 got 2 rates; it wants 3", lambda: Net("2-1").fleet(3, lr=[0.1, 0.2])),
    ("the fleet has the rates (0.1, 0.2) and SGD has (0.3, 0.4); keep one of them",
     lambda: Trainer(Net("2-1").fleet(2, lr=[0.1, 0.2]), ([[1, 2]], [1]), SGD([0.3, 0.4]))),
    ('RNN got the squash "gelu"; it wants "tanh" or "relu"', lambda: nnlab.RNN(3, "gelu")),
    ('initialiser "normal" got the scale inf; it wants a finite number',
     lambda: Net("2-1", init=("normal", float("inf")))),
]  # fmt: skip


@pytest.mark.parametrize(("line", "wrong"), CASES, ids=[line for line, _ in CASES])
def test_what_is_wrong_is_refused_in_one_whole_sentence(line: str, wrong: Callable[[], object]) -> None:
    with pytest.raises(LabError) as caught:
        wrong()
    assert str(caught.value) == line


def test_errors_carry_their_evidence() -> None:
    with pytest.raises(ShapeError) as shape:
        NET.predict([[1, 2, 3]])
    assert (shape.value.got, shape.value.wants) == ((3,), (2,))
    with pytest.raises(UnknownName) as name:
        Net("2-1", loss="mze")
    assert name.value.near == ["mse", "mae"]
