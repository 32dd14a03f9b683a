"""Scores take targets by the door of the loss, weights count everywhere, memory is given back."""

import math
import tracemalloc
import warnings

import numpy as np
import pytest

from nnlab import SGD, Adam, Dense, LabError, Loss, Net, TokenDense, Trainer, check, diagnose, examine
from nnlab.doctor import ignorance
from nnlab.terms import Term, absolute, alone

RNG = np.random.default_rng(4)


def test_accuracy_takes_columns_and_labels_alike() -> None:
    X = RNG.normal(size=(50, 3))
    for loss, sizes in (("bce", "3-4-1"), ("ce", "3-4-3")):
        net = Net(sizes, loss=loss, seed=1)
        guess = net.predict(X)
        y = guess.argmax(axis=-1) if loss == "ce" else (guess > 0.5) * 1.0
        assert net.accuracy(X, y) == net.accuracy(X, y.reshape(-1, 1)) == 1
        assert net.loss(X, y) == net.loss(X, y.reshape(-1, 1))
        y[:5] = (y[:5] + 1) % 2
        assert net.accuracy(X, y.reshape(-1, 1)) == net.accuracy(X, y) == 0.9
        assert net.fleet(3).accuracy(X, y.reshape(-1, 1)).tolist() == net.fleet(3).accuracy(X, y).tolist()
    two = Net("3-2", loss="bce", seed=1)
    assert two.accuracy(X, (two.predict(X) > 0.5) * 1.0) == 1
    places = Net(TokenDense(3), loss="ce", input=(4, 2), seed=1)
    X = RNG.normal(size=(10, 4, 2))
    y = places.predict(X).argmax(axis=-1)
    assert places.accuracy(X, y) == 1
    y[0] = -1  # left out
    assert places.accuracy(X, y) == 1
    with pytest.raises(LabError, match="got targets of shape"):
        two.accuracy(RNG.normal(size=(5, 3)), np.zeros(5))


def test_r_squared_of_columns_of_several_outputs_and_of_what_never_changes() -> None:
    X = RNG.normal(size=(40, 3))
    one, two = Net("3-5-1", seed=2), Net("3-5-2", seed=2)
    y = RNG.normal(size=40)
    want = 1 - ((one.predict(X) - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    assert one.r2(X, y) == pytest.approx(want)
    assert one.r2(X, y[:, None]) == pytest.approx(want)
    Y = RNG.normal(size=(40, 2)) * [1, 50]
    G = two.predict(X)
    each = [1 - ((G[:, j] - Y[:, j]) ** 2).sum() / ((Y[:, j] - Y[:, j].mean()) ** 2).sum() for j in (0, 1)]
    assert two.r2(X, Y) == pytest.approx(np.mean(each))
    assert one.r2(X, np.full(40, 0.1)) == 0
    assert one.r2(X[:1], one.predict(X[:1])) == 1
    assert one.fleet(3).r2(X, y).shape == (3,)
    for size in (1e200, 1e307):  # squares of such numbers are none
        miss, off = one.predict(X) / size - y, y - y.mean()
        assert one.r2(X, y * size) == pytest.approx(1 - (miss**2).sum() / (off**2).sum())
    assert one.r2(X, y * 1e-200) == -math.inf
    with pytest.raises(LabError) as caught:
        Net("3-3", loss="ce").r2(X, np.zeros(40))
    assert str(caught.value) == 'R² is of numbers; loss "ce" names classes: use accuracy'


@pytest.mark.parametrize(("loss", "sizes"), [("bce", "3-1"), ("bce-logits", "3-1"), ("mse", "3-1"), ("ce", "3-2")])
@pytest.mark.parametrize("number", [math.nan, math.inf, 1e300])
def test_a_net_that_ran_away_is_scored_in_silence_and_says_nothing_right_by_accident(
    loss: str, sizes: str, number: float
) -> None:
    net, X, y = Net(sizes, loss=loss, seed=1), RNG.normal(size=(9, 3)), np.zeros(9)
    net.theta[:] = number
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for scored in (net, net.fleet(2)):
            scored.loss(X, y), scored.losses(X, y), scored.backward(X, y), scored.step(X, y, SGD(0.1))
        net.theta[:] = number
        assert net.accuracy(X, y) == 0 or not math.isnan(number)
        examine(net, X, y), Trainer(net, (X, y), SGD(0.1), validation=(X, y)).watched()
        if loss != "ce":
            net.r2(X, y + np.arange(9) % 2)


def test_the_loss_of_an_epoch_under_class_weights_is_that_of_all_its_rows() -> None:
    X, y = RNG.normal(size=(50, 2)), (np.arange(50) % 7 == 0) * 1.0
    for loss, sizes in (("bce", "2-4-1"), ("ce", "2-4-2")):
        net = Net(sizes, loss=loss, class_weight=(1, 9), seed=1)
        stretch = next(Trainer(net, (X, y), SGD(0.0), batch=8).epochs(1))
        assert stretch.loss == pytest.approx(net.loss(X, y), abs=1e-12)
        fleet = net.fleet(2)
        stretch = next(Trainer(fleet, (X, y), SGD(0.0), batch=8).epochs(1))
        assert stretch.loss == pytest.approx(fleet.loss(X, y), abs=1e-12)


def test_knowing_nothing_costs_what_the_weights_make_of_it() -> None:
    y = (np.arange(100) < 5) * 1.0
    net = Net("2-4-1", loss="bce", class_weight=(1, 19), seed=1)
    assert ignorance(net, y) == pytest.approx(math.log(2))  # both classes weigh the same
    best = min(
        (95 * -math.log(1 - p) + 5 * 19 * -math.log(p)) / (95 + 5 * 19) for p in np.linspace(0.01, 0.99, 99)
    )
    assert ignorance(net, y) == pytest.approx(best, abs=1e-9)
    three = Net("2-3", loss="ce", class_weight=(1, 2, 5))
    labels = np.array([0, 0, 0, 0, 1, 1, 2])
    share = np.array([4, 4, 5]) / 13
    assert ignorance(three, labels) == pytest.approx(-(share * np.log(share)).sum())
    assert ignorance(Net("2-1", loss="mae"), np.array([1.0, 2, 9])) == pytest.approx(8 / 3)
    assert ignorance(Net("2-1", loss="mae", class_weight=(1, 5)), np.array([0.0, 0, 0, 1])) == pytest.approx(3 / 8)
    far = np.append(np.zeros(99), 1000.0)  # Huber's best constant is no mean: 99·c = 1
    assert ignorance(Net("2-1", loss="huber"), far) == pytest.approx((99 / 99**2 / 2 + 999.5 - 1 / 99) / 100)
    third = Loss("pull", "|{ŷ} − {y}|³", lambda yhat, y: absolute(yhat - y) * (yhat - y) * (yhat - y))
    assert ignorance(Net("2-2", loss=third), np.array([[0.0, 5], [2, 5]])) == pytest.approx(0.5)
    X = np.column_stack([y * 2 - 1, RNG.normal(size=100)]) + RNG.normal(0, 0.3, (100, 2))
    Trainer(net, (X, y), Adam(0.03)).fit(100)
    assert not {"worse than ignorance", "at ignorance"} & {f.name for f in diagnose(net, (X, y))}


@pytest.mark.slow
def test_many_rows_are_scored_in_pieces_and_their_plans_are_given_back() -> None:
    X, y = RNG.normal(size=(100_000, 10)), RNG.integers(0, 2, 100_000) * 1.0
    net = Net("10-32-1", loss="bce", class_weight=(1, 3), seed=1)
    whole = (net.losses(X, y) * np.where(y > 0, 3, 1)).sum() / np.where(y > 0, 3, 1).sum()
    assert net.loss(X, y) == pytest.approx(whole, rel=1e-12)
    net.loss(X[:10], y[:10])
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for n in (100_000, 99_000, 98_000, 97_000):
        net.loss(X[:n], y[:n])
        net.losses(X[:n], y[:n])
        net.accuracy(X[:n], y[:n])
        net.trace(X[:n], y[:n])
        net.values(X[:n])
        net.cost(n)
        net.calls(n)
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert kept < 50e6


def test_a_check_needs_no_more_memory_than_its_net() -> None:
    net = Net("40-50-1", seed=1)
    X, y = RNG.normal(size=(4, 40)), RNG.normal(size=4)
    tracemalloc.start()
    assert check(net, X, y).worst < 1e-6
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * net.theta.nbytes  # an identity of parameters² would be 2,000 times as large


def test_terms_compare_both_ways() -> None:
    def less(a: Term, b: Term) -> Term:
        return a < b

    assert alone(less, [[1.0, 3.0]], [[2.0, 2.0]]).tolist() == [[1, 0]]


def test_a_plan_describes_itself_in_columns() -> None:
    told = Net(Dense(30), Dense(1), loss="bce", input=40).prepare("taught", 4).plan.describe().splitlines()
    assert len({line.rindex("(") > 0 for line in told}) == 1
    assert all("  (" in line for line in told)


def test_rows_that_come_again_are_not_loaded_again_and_others_are() -> None:
    X, y = RNG.normal(size=(4, 2)), np.array([0.0, 1, 1, 0])
    a, b = (Net("2-3-1", loss="bce", seed=1) for _ in range(2))
    for i in range(12):
        rows = X if i % 3 else X + i
        assert a.step(rows, y, SGD(0.1)) == b.step(rows.tolist(), y.tolist(), SGD(0.1))
        if i == 5:
            y[0] = 1  # in place
        a.loss(X, y), a.trace(X, y), a.predict(X)
    assert a.theta.tolist() == b.theta.tolist()
    assert a.copy().step(X, y, SGD(0.1)) == b.step(X, y, SGD(0.1))


@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
@pytest.mark.parametrize(("y", "first"), [([0, 1, 0.7], "0.7"), ([1, -1, 0], "-1"), ([0.0, -2.5, 0], "-2.5")])
def test_class_weights_refuse_targets_that_are_no_classes(loss: str, y: list[float], first: str) -> None:
    """0.7 would weigh as class 0 does, and −1 as the last one."""
    net, X = Net("2-3-1", loss=loss, class_weight=(1, 9), seed=1), np.eye(3, 2)
    for use in (net.loss, net.losses, net.backward, net.trace, lambda X, y: Trainer(net, (X, y), SGD(0.1))):
        with pytest.raises(LabError) as caught:
            use(X, y)
        assert str(caught.value) == f"class_weight wants labels, whole numbers from 0; y holds {first}"
    assert net.loss(X, [0, 1, 1]) == pytest.approx(np.average(net.losses(X, [0, 1, 1]), weights=[1, 9, 9]))


@pytest.mark.parametrize(("X", "y"), [([3, -200], 1), ([3, -200], [1]), ([[3, -200]], [1]), ([[3, -200]], [[1]])])
def test_the_doctor_takes_one_sample_as_a_trace_does(X: list[float], y: object) -> None:
    net = Net("2-3-1", loss="bce", seed=1)
    report = examine(net, X, y)
    assert report.inputs == 200
    assert report.ignorance == pytest.approx(0, abs=1e-6)
    assert report.loss == net.trace(X, y)["L"] == net.loss(X, y)
    assert diagnose(net, (X, y))[0].name == "unscaled inputs"
