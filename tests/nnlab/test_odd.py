"""Whatever is given to whatever nnlab offers: a value comes back or a sentence, never a traceback of numpy's."""
# ruff: noqa: F403, F405, PLW0108  # as a learner has them, and each call as it would be written

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from nnlab import *
from nnlab import LabError, Net, data
from nnlab.activations import ACTIVATIONS, activation, leaky
from nnlab.losses import LOSSES

VALUES: dict[str, Any] = {
    "None": None, "a word": "a", "−1": -1, "0": 0, "2.5": 2.5, "NaN": math.nan, "infinity": math.inf, "True": True,
    "no list": [], "a list": [1, 2], "names": {}, "a thing": object(), "1j": 1j, "complex": np.array([[1j, 2]]),
    "a table": np.ones((2, 2)), "many digits": 10**400, "a half": Fraction(1, 2), "a decimal": Decimal("0.5"),
    "bytes": b"a", "a set": {1}, "a function": len, "a date": np.datetime64("2020"),
    "dates": np.array(["2020-01-01", "2021-01-01"], "M8[D]"), "masked": np.ma.masked_array([1.0, 2.0], [0, 1]),
    "things": np.array([1, None], object), "text": np.array([["a", "b"]]), "nested": [[1, 2], [3]],
}  # fmt: skip
net, X, y = Net("2-4-3-1", loss="bce", seed=1), [[1, 2], [3, 4]], [0, 1]


def trained(**how: Any) -> Any:
    return Trainer(net.copy(), (X, y), "sgd", validation=(X, y), **how)


CALLS: dict[str, Callable[[Any], object]] = {
    "Net(v)": lambda v: Net(v),
    "Net(hidden)": lambda v: Net("2-3-1", hidden=v),
    "Net(out)": lambda v: Net("2-3-1", out=v),
    "Net(input)": lambda v: Net(Dense(1), input=v),
    "Net(loss)": lambda v: Net("2-3-1", loss=v),
    "Net(seed)": lambda v: Net("2-3-1", seed=v),
    "Net(init)": lambda v: Net("2-3-1", init=v),
    "Net(kinks)": lambda v: Net("2-3-1", kinks=v),
    "Net(l1)": lambda v: Net("2-3-1", l1=v),
    "Net(class_weight)": lambda v: Net("2-3-1", loss="bce", class_weight=v),
    "Net(dtype)": lambda v: Net("2-3-1", dtype=v),
    "Net(strict)": lambda v: Net("2-3-1", strict=v),
    "predict": lambda v: net.predict(v),
    "loss y": lambda v: net.loss(X, v),
    "losses X": lambda v: net.losses(v, y),
    "accuracy y": lambda v: net.accuracy(X, v),
    "r2 y": lambda v: Net("2-3-1").r2(X, v),
    "step opt": lambda v: net.copy().step(X, y, v),
    "step X": lambda v: net.copy().step(v, y, "sgd"),
    "backward y": lambda v: net.backward(X, v),
    "trace x": lambda v: net.trace(v),
    "trace y": lambda v: net.trace([1, 2], v),
    "trace given": lambda v: net.trace([1, 2], given=v),
    "trace given h1": lambda v: net.trace([1, 2], 1, given={"h1": v}),
    "trace given key": lambda v: net.trace([1, 2], 1, given={v: 1} if v.__hash__ else v),
    "trace swap": lambda v: net.trace([1, 2], swap=v),
    "trace swap z1": lambda v: net.trace([1, 2], swap={"z1": v}),
    "trace swap returns": lambda v: net.trace([1, 2], swap={"z1": lambda W, x: v}),
    "trace[]": lambda v: net.trace([1, 2])[v],
    "values": lambda v: net.values(v),
    "net[]": lambda v: net[v],
    "net W=": lambda v: setattr(net.copy()[0], "W", v),
    "net b=": lambda v: setattr(net.copy()[0], "b", v),
    "cost": lambda v: net.cost(v),
    "calls opt": lambda v: net.calls(1, v),
    "fresh": lambda v: net.fresh(v),
    "fleet n": lambda v: net.fleet(v),
    "fleet lr": lambda v: net.fleet(2, lr=v),
    "fleet seeds": lambda v: net.fleet(2, seeds=v),
    "fleet member": lambda v: net.fleet(2).member(v),
    "fleet predict": lambda v: net.fleet(2).predict(v),
    "fleet loss y": lambda v: net.fleet(2).loss(X, v),
    "fleet fit steps": lambda v: net.fleet(2).fit((X, y), steps=v) if v is not VALUES["many digits"] else 0,
    "fit data": lambda v: net.copy().fit(v, 2),
    "fit opt": lambda v: net.copy().fit((X, y), 2, v),
    "fit batch": lambda v: net.copy().fit((X, y), 2, batch=v),
    "fit seed": lambda v: net.copy().fit((X, y), 2, seed=v),
    "fit val": lambda v: net.copy().fit((X, y), 2, validation=v),
    "fit shuffle": lambda v: net.copy().fit((X, y), 2, shuffle=v),
    "Trainer net": lambda v: Trainer(v, (X, y), "sgd"),
    "Trainer rate": lambda v: setattr(trained(), "rate", v),
    "Trainer put_back": lambda v: trained().put_back(v),
    "Trainer steps": lambda v: list(trained().steps(v)) if v is not VALUES["many digits"] else 0,
    "Trainer patience": lambda v: trained().fit(2, patience=v),
    "restore": lambda v: trained().fit(2, restore=v),
    "Trainer checkpoint": lambda v: trained().fit(1, checkpoint=v) if not isinstance(v, str) else 0,
    "save": lambda v: net.save(v) if not isinstance(v, str) else 0,
    "load": lambda v: Net.load(v),
    "check h": lambda v: check(net, X, y, h=v).worst,
    "check seed": lambda v: check(net, X, y, seed=v).worst,
    "check net": lambda v: check(v, X, y),
    "diagnose net": lambda v: diagnose(v, (X, y)),
    "diagnose data": lambda v: diagnose(net, v),
    "diagnose lr": lambda v: diagnose(net, (X, y), lr=v),
    "examine y": lambda v: examine(net, X, v).loss,
    "code net": lambda v: code(v, "numpy", (X, y))[:20],
    "code kind": lambda v: code(net, v, (X, y))[:20],
    "code data": lambda v: code(net, "numpy", v)[:20],
    "code opt": lambda v: code(net, "numpy", (X, y), v)[:20],
    "code rows": lambda v: code(net, "numpy", (X, y), rows=v)[:20],
    "code seed": lambda v: code(net, "numpy", (X, y), seed=v)[:20],
    "SGD lr": lambda v: SGD(v),
    "SGD mom": lambda v: SGD(momentum=v),
    "SGD sched": lambda v: SGD(schedule=v),
    "SGD nesterov": lambda v: SGD(nesterov=v),
    "Adam eps": lambda v: Adam(eps=v),
    "SGD clip": lambda v: SGD(clip=v),
    "Cosine": lambda v: Cosine(v),
    "WarmUp": lambda v: WarmUp(v),
    "WarmUp then": lambda v: WarmUp(3, v),
    "StepDecay": lambda v: StepDecay(v),
    "Exponential": lambda v: Exponential(v),
    "Cosine least": lambda v: Cosine(3, v),
    "Dense": lambda v: Dense(v),
    "Dense inputs": lambda v: Dense(2, inputs=v),
    "Activation": lambda v: Activation(v),
    "Dropout": lambda v: Dropout(v),
    "BatchNorm": lambda v: BatchNorm(v),
    "BatchNorm eps": lambda v: BatchNorm(eps=v),
    "LayerNorm": lambda v: LayerNorm(v),
    "Conv2D pad": lambda v: Conv2D(2, 3, padding=v),
    "MaxPool": lambda v: MaxPool(v),
    "Embedding": lambda v: Embedding(v, 2),
    "Residual": lambda v: Residual(v),
    "ScaledDot causal": lambda v: ScaledDotProduct(1, causal=v),
    "LSTM": lambda v: LSTM(v),
    "LSTM forget": lambda v: LSTM(2, forget=v),
    "LSTM seq": lambda v: LSTM(2, sequence=v),
    "GRU keep": lambda v: GRU(2, keep=v),
    "RNN squash": lambda v: RNN(2, v),
    "Position": lambda v: Position(v),
    "Pick": lambda v: Pick(v),
    "Padding": lambda v: Padding(v),
    "multi_head causal": lambda v: multi_head(4, 2, causal=v),
    "Huber": lambda v: Huber(v),
    "CE": lambda v: CrossEntropy(v),
    "leaky": lambda v: leaky(v),
    "activation": lambda v: activation(v),
    "squash call": lambda v: ACTIVATIONS["tanh"](v),
    "squash slope": lambda v: ACTIVATIONS["tanh"].slope(v),
    "softmax call": lambda v: ACTIVATIONS["softmax"](v),
    "loss call": lambda v: LOSSES["mse"](v, v),
    "moons n": lambda v: len(data.moons(v)),
    "moons seed": lambda v: len(data.moons(9, seed=v)),
    "moons noise": lambda v: len(data.moons(9, noise=v)),
    "sawtooth pieces": lambda v: len(data.sawtooth(9, pieces=v)),
    "sine freq": lambda v: len(data.sine(9, frequency=v)),
    "load table": lambda v: data.load(v),
    "read_csv": lambda v: data.read_csv(v),
    "split test": lambda v: len(data.moons(20).split(test=v).train),
    "split seed": lambda v: len(data.moons(20).split(seed=v).train),
    "Dataset X": lambda v: data.Dataset(v, np.ones(2)),
    "Dataset y": lambda v: data.Dataset(np.ones((2, 2)), v),
    "rows": lambda v: data.moons(9).rows(v),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("call", list(CALLS))
def test_a_call_answers_any_value_with_a_result_or_one_line(call: str) -> None:
    for name, value in VALUES.items():
        line = ""
        try:
            repr(CALLS[call](value))
        except LabError as error:
            line = str(error)
        except Exception as error:  # whatever else it is, is the fault
            pytest.fail(f"{call} of {name}: {error!r}")
        assert "\n" not in line, name
        assert len(line) < 250, name
