"""How much room a padded row has changes nothing: what is computed, learned and remembered is that of its places."""

from collections.abc import Callable

import numpy as np
import pytest

from nnlab import (
    GRU,
    LSTM,
    RNN,
    SGD,
    BatchNorm,
    Dense,
    Layer,
    LayerNorm,
    Net,
    Padding,
    Pick,
    Position,
    Residual,
    Tanh,
    TokenDense,
    Trainer,
    check,
    multi_head,
)

KINDS: dict[str, Callable[[], list[Layer]]] = {
    "rnn": lambda: [RNN(4)],
    "rnn of relu": lambda: [RNN(4, "relu")],
    "lstm": lambda: [LSTM(4)],
    "gru": lambda: [GRU(4)],
    "two recurrent": lambda: [LSTM(4, sequence=True), GRU(3)],
    "the last of an lstm": lambda: [LSTM(4, sequence=True), Pick("last")],
    "the mean of a gru": lambda: [GRU(4, sequence=True), Pick("mean")],
    "attention": lambda: [*multi_head(4, 2), Pick("mean")],
    "causal attention": lambda: [*multi_head(4, 2, causal=True), Pick("last")],
    "a block": lambda: [Position("waves"), Residual(LayerNorm(), *multi_head(4, 2)), LayerNorm(), Pick("mean")],
    "token by token": lambda: [TokenDense(3), Tanh(), Pick("mean")],
    "batch norm": lambda: [TokenDense(3), BatchNorm(), Tanh(), Pick("mean")],
    "batch norm of numbers": lambda: [BatchNorm(), LSTM(3)],
}
RNG = np.random.default_rng(1)
ROWS, LABELS = [RNG.normal(size=(places, 4)) for places in (3, 5, 1, 4, 2, 5)], [0, 1, 1, 0, 1, 0]


def padded(places: int) -> np.ndarray:
    X = np.zeros((len(ROWS), places, 4))
    for row, own in zip(X, ROWS, strict=True):
        row[: len(own)] = own
    return X


def net_of(kind: str, places: int) -> Net:
    return Net(Padding(), *KINDS[kind](), Dense(1), input=(places, 4), loss="bce", seed=1)


@pytest.mark.parametrize("kind", KINDS)
def test_more_padding_changes_no_output_no_gradient_and_no_training(kind: str) -> None:
    short, long = net_of(kind, 5), net_of(kind, 9)
    assert long.backward(padded(9), LABELS) == pytest.approx(short.backward(padded(5), LABELS), rel=1e-12)
    assert long.grad == pytest.approx(short.grad, abs=1e-13)
    for net, places in ((short, 5), (long, 9)):
        Trainer(net, (padded(places), LABELS), SGD(0.3), batch=3).fit(10)
    for own, other in zip(long.numbers, short.numbers, strict=True):
        assert own == pytest.approx(other, abs=1e-12)
    assert long.predict(padded(9)) == pytest.approx(short.predict(padded(5)), abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_slopes_past_empty_places_are_those_of_small_nudges(kind: str) -> None:
    assert check(net_of(kind, 6), padded(6), LABELS).worst < 1e-8


@pytest.mark.parametrize("kind", KINDS)
def test_a_fleet_passes_over_empty_places_as_its_members_do(kind: str) -> None:
    fleet = net_of(kind, 7).fleet(3)
    alone = [fleet.member(i) for i in range(3)]
    for i, loss in enumerate(fleet.backward(padded(7), LABELS)):
        assert loss == pytest.approx(alone[i].backward(padded(7), LABELS), rel=1e-12)
        assert fleet.grad[i] == pytest.approx(alone[i].grad, abs=1e-13)


def test_batch_norm_steadies_by_the_places_that_hold_something_alone() -> None:
    """By hand: mean and variance of all real places of the batch, each unit by itself."""
    net = Net(Padding(), BatchNorm(momentum=1.0), Pick("mean"), Dense(1), input=(8, 4))
    net.backward(padded(8), LABELS)
    real = np.concatenate(ROWS)
    mean, variance = net.state.values()
    assert mean[:, 0] == pytest.approx(real.mean(axis=0), abs=1e-14)
    assert variance[:, 0] == pytest.approx(real.var(axis=0, ddof=1), abs=1e-14)


def test_batch_norm_of_nothing_but_padding_still_gives_numbers() -> None:
    net = Net(Padding(), BatchNorm(), Pick("mean"), Dense(1), input=(3, 4))
    assert np.isfinite(net.backward(np.zeros((2, 3, 4)), [1, 2]))
    assert np.isfinite(net.grad).all()
    assert all(np.isfinite(a).all() for a in net.numbers)
