"""A learner's own loop over `net.step`: new rows at every step are taken in as fast as they are checked, and
nothing that a first step refuses slips through a later one."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnlab import LSTM, SGD, Conv2D, Dense, Flatten, LabError, Net, Padding, TokenDense

RULE = SGD(0.1)
NETS: dict[str, Callable[[], Net]] = {
    "bce": lambda: Net("2-3-1", loss="bce", seed=1),
    "bce of three": lambda: Net("2-3-3", loss="bce", seed=1),
    "bce-logits": lambda: Net("2-3-1", loss="bce-logits", seed=1),
    "bce through tanh": lambda: Net("2-3-1", loss="bce", out="tanh", strict=False, seed=1),
    "ce": lambda: Net("2-3-3", loss="ce", seed=1),
    "mse": lambda: Net("2-3-1", seed=1),
    "mse of three": lambda: Net("2-3-3", seed=1),
    "huber": lambda: Net("2-3-1", loss="huber", seed=1),
    "one input": lambda: Net("1-3-1", seed=1),
    "float32": lambda: Net("2-3-1", dtype="float32", seed=1),
    "many columns": lambda: Net("40-3-1", loss="bce", seed=1),
    "class weights": lambda: Net("2-3-3", loss="ce", class_weight=[1, 2, 3], seed=1),
    "pictures": lambda: Net(Conv2D(2, 2), Flatten(), Dense(1), input=(1, 3, 3), seed=1),
    "a label at every place": lambda: Net(Padding(), TokenDense(3), loss="ce", input=(4, 2), seed=1),
    "a number at every place": lambda: Net(TokenDense(2), input=(4, 2), seed=1),
    "recurrent": lambda: Net(LSTM(3), Dense(1), loss="bce", input=(4, 2), seed=1),
    "a fleet": lambda: Net("2-3-1", loss="bce", seed=1).fleet(3),
}


def rows(net: Net, n: int = 5, seed: int = 0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    X, kind = rng.normal(size=(n, *net.input)).round(3), net.loss_kind
    if kind.labels:
        return X, rng.integers(0, net.output[-1], (n, *net.output[:-1])).astype(float)
    shape = (n, *kind.of_one(net.output))
    return X, rng.integers(0, 2, shape).astype(float) if kind.name[:3] == "bce" else rng.normal(size=shape)


FORMS: dict[str, Callable[[Any], Any]] = {
    "as it is": lambda a: a,
    "a list": lambda a: a.tolist(),
    "turned round in memory": np.asfortranarray,
    "every other one": lambda a: np.repeat(a, 2, axis=0)[::2],
    "backwards": lambda a: a[::-1].copy()[::-1],
    "the other byte order": lambda a: a.astype(">f8"),
    "read only": lambda a: (b := a.copy(), b.setflags(write=False))[0],
    "things": lambda a: a.astype(object),
    "longer numbers": lambda a: a.astype(np.longdouble),
    "masked, all there": np.ma.masked_array,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", NETS)
def test_rows_of_a_known_form_give_the_same_bits_as_the_first_ones(kind: str, form: str) -> None:
    """Each step of one net, beside a net that meets the form for the first time."""
    net = NETS[kind]()
    for seed in range(3):
        X, y = rows(net, seed=seed)
        first = net.copy()
        want = first.step(X, y, RULE)
        got = net.step(FORMS[form](X), FORMS[form](y), RULE)
        assert np.array_equal(got, want)
        assert np.array_equal(net.theta, first.theta)
        assert np.array_equal(net.grad, first.grad)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "bool", "float16"])
@pytest.mark.parametrize("kind", ["bce", "bce of three", "ce", "mse", "float32", "a label at every place"])
def test_whole_numbers_of_any_width_are_the_numbers_that_they_say(kind: str, dtype: str) -> None:
    net = NETS[kind]()
    for seed in range(3):
        X, y = rows(net, seed=seed)
        X, y = abs(X * 4).astype(int).astype(dtype), abs(y).astype(int).astype(dtype)
        first = net.copy()
        assert net.step(X, y, RULE) == first.step(X.astype(float), y.astype(float), RULE)
        assert np.array_equal(net.theta, first.theta)


def put(at: Any, value: float) -> Callable[[Any], Any]:
    def changed(array: Any) -> Any:
        array = array.copy()
        array.reshape(-1)[at] = value
        return array

    return changed


BAD = [np.nan, np.inf, -np.inf]
WRONG: list[tuple[str, str, float]] = [
    *((kind, which, value) for kind in NETS for which in "Xy" for value in BAD),
    *((kind, "y", value) for kind in ("bce", "bce of three", "bce-logits", "recurrent", "a fleet")
      for value in (0.5, 2.0, -1.0, 1e-200, 5e-324, -5e-324, 1 + 2e-16, 1e300)),
    *((kind, "y", value) for kind in ("ce", "class weights") for value in (0.5, 3.0, -1.0, 1e-200, -5e-324, 1e300)),
    *(("a label at every place", "y", value) for value in (0.5, 3.0, -2.0, 1e-200)),
    ("float32", "X", 1e39), ("float32", "y", 1e39), ("float32", "y", -3.5e38),
]  # fmt: skip


@pytest.mark.parametrize("n", [5, 200])
@pytest.mark.parametrize(("kind", "which", "value"), WRONG)
def test_what_a_first_step_refuses_no_later_one_takes(kind: str, which: str, value: float, n: int) -> None:
    net = NETS[kind]()
    X, y = rows(net, n)
    net.step(X, y, RULE)
    net.step(*rows(net, n, 1), RULE)
    before, change = net.theta.copy(), put(n // 2, value)
    wrong = (change(X), y) if which == "X" else (X, change(y))
    lines = []
    for one in (net, NETS[kind](), net):
        with pytest.raises(LabError) as caught:
            one.step(*wrong, RULE)
        lines.append(str(caught.value))
    assert lines[0] == lines[1] == lines[2]
    assert np.array_equal(net.theta, before)
    right = net.loss(X, y)
    assert net.step(X, y, RULE) == pytest.approx(right, rel=1e-5 if kind == "float32" else 1e-12)  # and it goes on


@pytest.mark.parametrize("kind", ["bce", "mse", "ce", "float32"])
def test_large_numbers_whose_squares_are_none_are_taken(kind: str) -> None:
    net = NETS[kind]()
    X, y = rows(net)
    large = X * (1e25 if kind == "float32" else 1e200)
    net.step(X, y, RULE)
    first = net.copy()
    assert net.backward(large, y) == first.backward(large, y)


MASKED: dict[str, Callable[[Any, Any], tuple[Any, Any]]] = {
    "a number hidden": lambda X, y: (np.ma.masked_equal(X, X[1, 0]), y),
    "a target hidden": lambda X, y: (X, np.ma.masked_array(y, [1, 0, 0, 0, 0])),
    "text": lambda X, y: ([["a", "b"]] * 5, y),
    "rows of two lengths": lambda X, y: ([[1, 2]] * 4 + [[1]], y),
    "complex": lambda X, y: (X + 0j, y),
    "dates": lambda X, y: (X.astype("M8[D]"), y),
    "nothing": lambda X, y: (X, [None] * 5),
    "fewer targets": lambda X, y: (X, y[:4]),
    "rows and targets exchanged": lambda X, y: (y, X),
    "no rows": lambda X, y: (X[:0], y[:0]),
}  # fmt: skip


@pytest.mark.parametrize("how", MASKED)
def test_what_is_no_table_of_numbers_is_refused_at_any_step(how: str) -> None:
    net = NETS["mse"]()
    X, y = rows(net)
    net.step(X, y, RULE)
    net.step(X.tolist(), y.tolist(), RULE)
    with pytest.raises(LabError):
        net.step(*MASKED[how](X, y), RULE)


def test_a_row_that_is_changed_in_place_is_seen() -> None:
    net = NETS["bce"]()
    X, y = rows(net)
    for seed in range(4):
        X[...], y[...] = rows(net, seed=seed)
        first = net.copy()
        assert net.step(X, y, RULE) == first.step(X.copy(), y.copy(), RULE)


def test_forms_are_forgotten_with_the_plans_that_took_them() -> None:
    net = NETS["bce"]()
    for n in range(1, 60):
        X, y = rows(net, n)
        assert net.step(X, y, SGD(0.0)) == pytest.approx(net.loss(X, y), rel=1e-12)
    assert len(net._taken) <= 16
    assert set(map(id, net._taken.values())) <= set(map(id, net._plans.values()))


def calls_of(act: Callable[[], object]) -> int:
    """Functions that are entered, Python's and C's; operators and ufuncs are none of them."""
    count = 0

    def note(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(("kind", "most"), [("bce", 24), ("mse", 20), ("ce", 29)])
def test_to_take_new_rows_in_is_this_many_calls_and_no_more(kind: str, most: int) -> None:
    """By the long way, which finds the words for what is wrong, it was more than sixty."""
    net = NETS[kind]()
    net.step(*rows(net), RULE)
    X, y = rows(net, seed=1)
    assert calls_of(lambda: net._loaded(X, y)) <= most
