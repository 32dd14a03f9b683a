"""What a trace writes is arithmetic: whoever works it out by hand gets the value beside it."""

import doctest
import importlib
import math
import pkgutil
import re

import numpy as np
import pytest

import nnlab
from nnlab import (
    ACTIVATIONS,
    GRU,
    LOSSES,
    LSTM,
    RNN,
    AvgPool,
    BatchNorm,
    Conv2D,
    Dense,
    Embedding,
    Flatten,
    LayerNorm,
    MaxPool,
    Net,
    Padding,
    Pick,
    Position,
    ReLU,
    Residual,
    Squash,
    Tanh,
    TokenDense,
    Trace,
    multi_head,
)
from nnlab.numbers import put_in
from nnlab.terms import exp, sin

RNG = np.random.default_rng(2)
KNOWN = {
    "e": math.e, "π": math.pi, "sqrt": math.sqrt, "log": math.log, "tanh": math.tanh, "max": max, "min": min, "abs": abs,
    "sin": math.sin, "inf": math.inf, "sign": lambda v: float(np.sign(v)),
    "phi": lambda z: 0.5 * (1 + math.erf(z / math.sqrt(2))), "sigma": lambda z: 1 / (1 + math.exp(-z)),
}  # fmt: skip


def worked_out(text: str) -> float:
    """A person's arithmetic, done by Python."""
    text = re.sub(r"ln (−?[\d.]+(?:e−?\d+)?)", r"log(\1)", text).replace("ln(", "log(")
    text = re.sub(r"√([\d.]+)", r"sqrt(\1)", text).replace("√(", "sqrt(")
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text).replace("Φ(", "phi(").replace("σ(", "sigma(")
    for sign, python in (("−", "-"), ("·", "*"), ("²", "**2"), ("³", "**3"), ("^", "**"), ("∞", "inf")):
        text = text.replace(sign, python)
    return float(eval(text, {"__builtins__": {}}, KNOWN))  # noqa: S307  # our own arithmetic


def checked(trace: Trace) -> set[str]:
    """Work out every line of every row; the names of the rows that have a sum to work out."""
    with_sum = set()
    for row in trace:
        samples = trace.n if row._samples else 1
        for unit in np.ndindex(row.shape[1:] if row._samples else row.shape):
            for sample in range(samples):
                value = row.value[sample][unit] if row._samples else np.asarray(row.value)[unit]
                _, *middle, end = row.unit_written(unit, sample).split(" = ")
                for text in [*middle, end]:
                    assert worked_out(text) == pytest.approx(value, rel=2e-4, abs=2e-5), row.unit_written(unit, sample)
                if middle:
                    with_sum.add(re.sub(r"\d.*", "", row.name))
    return with_sum


LAYERS = {
    "places": ([TokenDense(3)], (4, 2), {"z"}),
    "a norm of places": ([TokenDense(3), LayerNorm()], (4, 2), {"mean", "variance", "norm"}),
    "a norm of a batch": ([Dense(3), BatchNorm()], (2,), {"norm"}),
    "around": ([Residual(TokenDense(2))], (4, 2), {"res"}),
    "convolution": ([Conv2D(2, 2, stride=2, padding=1)], (2, 3, 4), {"z"}),
    "the largest": ([Conv2D(2, 2), MaxPool(2)], (1, 5, 5), {"z", "pool"}),
    "means": ([Conv2D(2, 2), AvgPool(2)], (1, 5, 5), {"z", "pool"}),
    "rnn": ([RNN(2)], (3, 2), {"z", "h"}),
    "rnn with relu": ([RNN(2, "relu", sequence=True)], (3, 2), {"z", "h"}),
    "lstm": ([LSTM(2)], (3, 2), {"z", "i", "f", "o", "g", "c", "h"}),
    "one step": ([LSTM(2, sequence=True), TokenDense(2)], (1, 2), {"z", "c", "h"}),
    "a squash of places": ([TokenDense(3), Tanh()], (4, 2), {"z", "h", "dz"}),
    "a squash of pictures": ([Conv2D(2, 2), ReLU()], (1, 4, 3), {"z", "h", "dz"}),
    "gru": ([GRU(2, sequence=True)], (3, 2), {"z", "r", "u", "s", "n", "h"}),
    "attention": (multi_head(4, 2), (3, 4), {"z", "scores", "shares", "mix"}),
    "causal attention": (multi_head(4, 2, causal=True), (3, 4), {"z", "scores", "shares", "mix"}),
    "positions": ([Position()], (3, 2), {"position"}),
    "the mean of places": ([Pick("mean")], (3, 2), set()),
    "padded": ([Padding(), *multi_head(4), LSTM(2)], (3, 4), {"scores", "shares", "mix", "c", "h"}),
}  # fmt: skip


@pytest.mark.parametrize("name", list(LAYERS))
def test_the_sums_of_this_layer_can_be_worked_out_by_hand(name: str) -> None:
    layers, shape, sums = LAYERS[name]
    net = Net(*layers, Flatten(), Dense(2), loss="ce", input=shape, seed=3)
    net.theta[:] += RNG.normal(size=net.theta.size) * 0.3
    X = RNG.normal(size=(2, *shape)).round(2)
    X[0, -1] = 0
    assert sums | {"z", "yhat", "L", "dW", "db"} <= checked(net.trace(X, [0, 1]))
    checked(net.trace(X[0], 1))


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_the_sums_of_this_squash_can_be_worked_out_by_hand(name: str) -> None:
    net = Net("2-3-2", hidden=name, loss="mse", seed=3)
    X = RNG.normal(size=(2, 2)).round(2)
    trace = net.trace(X, X) if name != "step" else net.trace(X)
    assert {"z"} <= checked(trace)
    if name not in ("linear", "silu", "gelu"):
        assert "h" in checked(trace)


@pytest.mark.parametrize("name", list(LOSSES))
def test_the_sums_of_this_loss_can_be_worked_out_by_hand(name: str) -> None:
    net = Net(f"2-{3 if name == 'ce' else 1}", loss=name, seed=3)
    found = checked(net.trace(RNG.normal(size=(2, 2)).round(2), [0, 1]))
    if name not in ("huber", "bce-logits"):
        assert "L" in found


@pytest.mark.parametrize("loss", ["ce", "mse", "bce"])
@pytest.mark.parametrize("places", [1, 3])
def test_a_loss_at_every_place_can_be_worked_out_by_hand(loss: str, places: int) -> None:
    net = Net(LSTM(2, sequence=True), TokenDense(2), loss=loss, input=(places, 2), seed=3)
    y = RNG.integers(0, 2, (2, places) if loss == "ce" else (2, places, 2))
    sums = {"ce": {"L", "yhat"}, "mse": {"L", "dyhat"}, "bce": {"L", "yhat"}}[loss]
    assert sums <= checked(net.trace(RNG.normal(size=(2, places, 2)).round(2), y))
    direct = Net(LSTM(2, sequence=True), loss=loss, input=(places, 2), seed=3)
    checked(direct.trace(RNG.normal(size=(2, places, 2)).round(2), y))


def test_letters_inside_words_of_a_formula_stay_letters() -> None:
    lazy = Squash("lazy zebra", "lazy({z})", sin)
    net = Net("1-1-1", hidden=lazy, seed=1)
    net[0].W[:], net[0].b[:] = 2, 0
    row = net.trace([0.5]).rows[1]
    assert row.formula == "h1 = lazy(z1)"
    assert row.written == "h1[1] = lazy(1) = 0.841471"


def test_a_form_puts_brackets_where_they_are_needed() -> None:
    assert put_in("{}·{}", "1 + x", "−2") == "(1 + x)·(−2)"
    assert put_in("{} + {}", "−2", "−3") == "−2 + (−3)"
    assert put_in("{} − {}", "1", "2 + 3") == "1 − (2 + 3)"
    assert put_in("{}/{}", "2·3", "4·5") == "2·3/(4·5)"
    assert put_in("tanh({})", "−2 + 1") == "tanh(−2 + 1)"
    assert put_in("{}²", "−2") == "(−2)²"
    assert put_in("e^−{z}", z="−2") == "e^−(−2)"
    assert put_in("max(0, {z})", z="−2") == "max(0, −2)"


def test_an_own_squash_is_written_with_its_numbers_and_checked() -> None:
    bump = Squash("bump", "e^(−{z}·{z})", lambda z: exp(-(z * z)))
    assert "h" in checked(Net("2-3-1", hidden=bump, seed=1).trace([0.5, -1.0], 1))


def test_an_embedding_says_which_numbers_it_looked_up() -> None:
    net = Net(Embedding(5, 2), Flatten(), Dense(1), input=3, seed=1)
    trace = net.trace([4, 0, 4], 1.0)
    assert (trace["z1"] == net.params.view("W1")[[4, 0, 4]]).all()
    assert (trace["W1"] == net.params.view("W1")).all()
    assert trace["dW1"].shape == (5, 2)


MODULES = [m.name for m in pkgutil.walk_packages(nnlab.__path__, "nnlab.") if not m.name.endswith("__main__")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
