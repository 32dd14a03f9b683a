"""Wrong answers that nothing would have told: hidden numbers, rows that change hands, a doctor who cries wolf."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnlab import (
    GRU,
    LSTM,
    RNN,
    SGD,
    Activation,
    Adam,
    AvgPool,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    LabError,
    Layer,
    LayerNorm,
    MaxPool,
    Net,
    Pick,
    Position,
    ReLU,
    Residual,
    Tanh,
    TokenDense,
    Trainer,
    diagnose,
    multi_head,
)

# --- a doctor ------------------------------------------------------------------------------
BENT: dict[str, tuple[list[Layer], tuple[int, ...]]] = {
    "lstm": ([LSTM(6), Dense(1)], (4, 2)),
    "gru": ([GRU(6), Dense(1)], (4, 2)),
    "rnn": ([RNN(6), Dense(1)], (4, 2)),
    "every step of an rnn": ([RNN(6, sequence=True), Pick("mean"), Dense(1)], (4, 2)),
    "batch norm between": ([Dense(8), BatchNorm(), ReLU(), Dense(1)], (2,)),
    "layer norm between": ([Dense(8), LayerNorm(), ReLU(), Dense(1)], (2,)),
    "dropout between": ([Dense(16), Dropout(0.2), Tanh(), Dense(1)], (2,)),
    "a way around": ([Dense(8), Residual(Dense(8), Tanh()), Dense(1)], (2,)),
    "attention": ([*multi_head(4, 2), Pick("mean"), Dense(1)], (4, 4)),
    "tokens": ([Embedding(5, 4), LSTM(6), Dense(1)], (4,)),
    "the largest pixel": ([Conv2D(4, 3), MaxPool(2), Flatten(), Dense(1)], (1, 8, 8)),
}
STRAIGHT: dict[str, tuple[list[Layer], tuple[int, ...]]] = {
    "nothing": ([Dense(8), Dense(1)], (2,)),
    "batch norm": ([Dense(8), BatchNorm(), Dense(1)], (2,)),
    "dropout": ([Dense(8), Dropout(0.2), Dense(1)], (2,)),
    "a squash that is none": ([Dense(8), Activation("linear"), Dense(1)], (2,)),
    "a straight way around": ([Dense(8), Residual(Dense(8)), Dense(1)], (2,)),
    "a squash at the end": ([Dense(8), Dense(1), Activation("sigmoid")], (2,)),
    "the mean pixel": ([Conv2D(4, 3), AvgPool(2), Flatten(), Dense(1)], (1, 8, 8)),
    "places": ([TokenDense(4), Position("waves"), Pick("mean"), Dense(1)], (4, 2)),
    "tokens": ([Embedding(5, 4), Pick("mean"), Dense(1)], (4,)),
}


def trained(layers: list[Layer], shape: tuple[int, ...]) -> tuple[Net, tuple[Any, Any]]:
    rng, tokens = np.random.default_rng(1), isinstance(layers[0], Embedding)
    X = rng.integers(0, 5, (120, *shape)) if tokens else rng.normal(size=(120, *shape))
    y = (X.reshape(120, -1)[:, 0] > (2 if tokens else 0)).astype(float)
    net = Net(*layers, out="sigmoid", loss="bce", input=shape, seed=1)
    Trainer(net, (X, y), Adam(0.01), batch=20).fit(40)
    return net, (X, y)


@pytest.mark.parametrize("kind", BENT)
def test_the_doctor_misses_no_squash_where_something_bends(kind: str) -> None:
    net, rows = trained(*BENT[kind])
    assert [finding.name for finding in diagnose(net, rows)] == []


@pytest.mark.parametrize("kind", STRAIGHT)
def test_the_doctor_misses_a_squash_where_nothing_bends(kind: str) -> None:
    net, rows = trained(*STRAIGHT[kind])
    assert "no squash" in [finding.name for finding in diagnose(net, rows)]


# --- rows of one's own -----------------------------------------------------------------------
TWINS: dict[str, Callable[[Trainer], Trainer]] = {
    "itself": lambda trainer: trainer,
    "copied": copy.copy,
    "copied deeply": copy.deepcopy,
    "out of a pickle": lambda trainer: pickle.loads(pickle.dumps(trainer)),  # noqa: S301  # its own
}


@pytest.mark.parametrize("how", TWINS)
def test_what_becomes_of_the_rows_that_were_given_changes_no_training_and_no_watching(how: str) -> None:
    rng = np.random.default_rng(1)
    X, y, watched = rng.normal(size=(20, 2)), np.arange(20.0) % 2, rng.normal(size=(9, 2))
    given = [X.copy(), y.copy(), watched.copy(), y[:9].copy()]
    one, other = (
        Trainer(Net("2-3-1", loss="bce", seed=1), (a, b), SGD(0.1), batch=5, validation=(c, d))
        for a, b, c, d in (given, (X, y, watched, y[:9]))
    )
    for array in given:
        array[...] = 1 - array
    twin = TWINS[how](one)
    assert [(e.loss, e.validation_loss) for e in twin.epochs(3)] == [
        (e.loss, e.validation_loss) for e in other.epochs(3)
    ]


# --- hidden numbers ----------------------------------------------------------------------------
HIDING = np.ma.masked_array([1.0, 2.0], [False, True])
SEEN = np.ma.masked_array([3.0, 4.0], [False, False])
HIDDEN: dict[str, Any] = {
    "a table": np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], [[0, 1], [0, 0]]),
    "rows in a list": [HIDING, SEEN],
    "the last row": [SEEN, HIDING],
    "beside a list": [[3.0, 4.0], HIDING],
    "rows in a tuple": (HIDING, SEEN),
}
TAKES: dict[str, Callable[[Net, Any], object]] = {
    "predict": lambda net, rows: net.predict(rows),
    "loss": lambda net, rows: net.loss(rows, [0, 1]),
    "trace": lambda net, rows: net.trace(rows),
    "a first step": lambda net, rows: net.step(rows, [0, 1], SGD(0.1)),
    "a later step": lambda net, rows: [net.step(some, [0, 1], SGD(0.1)) for some in ([[1.0, 2.0], [3.0, 4.0]], rows)],
    "a trainer": lambda net, rows: Trainer(net, (rows, [0, 1]), SGD(0.1)),
}


@pytest.mark.parametrize("form", HIDDEN)
@pytest.mark.parametrize("taken", TAKES)
def test_a_number_that_a_mask_hides_is_never_taken_for_one(form: str, taken: str) -> None:
    with pytest.raises(LabError, match="X holds NaN or infinity, first in row [01], column 1"):
        TAKES[taken](Net("2-3-1", loss="bce", seed=1), HIDDEN[form])


@pytest.mark.parametrize("taken", TAKES)
def test_masks_that_hide_nothing_are_no_hindrance(taken: str) -> None:
    TAKES[taken](Net("2-3-1", loss="bce", seed=1), [SEEN, SEEN])


def test_steps_of_masked_sequences_in_lists_are_refused_too() -> None:
    with pytest.raises(LabError, match="X holds NaN or infinity"):
        Net(LSTM(2), Dense(1), input=(2, 2)).predict([[SEEN, HIDING], [SEEN, SEEN]])


# --- numbers too large for half the digits ----------------------------------------------------
SMALL: dict[str, Callable[[Net, float], object]] = {
    "rows": lambda net, large: net.predict([[1, large]]),
    "targets": lambda net, large: net.loss([[1, 2]], [large]),
    "targets of a trainer": lambda net, large: Trainer(net, ([[1, 2]], [large]), SGD(0.1)),
    "a target of a trace": lambda net, large: net.trace([1, 2], large),
    "weights": lambda net, large: setattr(net[0], "W", large),
    "biases": lambda net, large: setattr(net[0], "b", [large]),
    "a learner's own number": lambda net, large: net.trace([1, 2], given={"z1[1]": large}),
    "a learner's own layer": lambda net, large: net.trace([1, 2], given={"z1": [large]}),
}


@pytest.mark.parametrize("what", SMALL)
def test_a_number_that_float32_has_no_room_for_is_refused_and_none_that_it_has(what: str) -> None:
    for dtype, large in (("float32", 3e38), ("float64", 1e39)):
        SMALL[what](Net("2-1", dtype=dtype, seed=1), large)
    with pytest.raises(LabError):
        SMALL[what](Net("2-1", dtype="float32", seed=1), 1e39)
