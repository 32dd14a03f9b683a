"""Trace, doctor and training say the same loss and the same gradient, however large the numbers are."""

import math
from decimal import Decimal, getcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab import SGD, Net, Trainer, data, diagnose, examine
from nnlab.losses import LOSSES

FAR = (
    st.floats(-1e6, 1e6)
    | st.floats(-45, 45)
    | st.sampled_from([0.0, 40.0, -40.0, 708.0, -710.0, 745.0, 1e6, -1e6])
)


def exact_bce(z: float, y: int) -> tuple[float, float]:
    """ln(1 + e^m) and its slope by z, m = (1 − 2y)·z, in fifty digits."""
    getcontext().prec, getcontext().Emin, getcontext().Emax = 50, -(10**9), 10**9
    power = (Decimal(z) * (1 - 2 * y)).exp()
    return float((1 + power).ln() if power > Decimal("1e-40") else power), float(
        (1 - 2 * y) * power / (1 + power)
    )


def apart(a: object, b: object) -> float:
    """The largest difference in shares of the larger number; below 1e-300 numbers are 0."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return float(np.max(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-300), initial=0.0))


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(z=FAR, y=st.integers(0, 1))
def test_yes_or_no_is_exact_however_sure_the_net_is(z: float, y: int) -> None:
    net = Net("1-1", loss="bce")
    net.theta[:] = [z, 0]
    L, slope = exact_bce(z, y)
    assert net.backward([[1]], [y]) == pytest.approx(L, rel=1e-9, abs=1e-300)
    trained = net.grad.copy()
    trace = net.trace([1], y)
    assert trace["L"] == pytest.approx(L, rel=1e-9, abs=1e-300)
    assert net.losses([[1]], [y])[0] == pytest.approx(L, rel=1e-9, abs=1e-300)
    for found in (trained[0], trace["dz1[1]"], trace["dW1[1,1]"], net.grad[0]):
        assert found == pytest.approx(slope, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("right", [True, False], ids=["all right", "as drawn"])
@pytest.mark.parametrize("power", range(0, 300, 30))
def test_a_net_that_ran_away_has_a_loss_that_is_told_and_never_below_0(power: int, right: bool) -> None:
    """Weights of 10^power: what its halves cancel to is squared to know that, and may be too large for it."""
    for seed in range(8):
        rng = np.random.default_rng(seed)
        net = Net("3-1", loss="bce", class_weight=(1.0, 2.7))
        net.theta[:] = rng.normal(size=4) * 10.0**power
        X = rng.normal(size=(13, 3))
        z = X @ net.theta[:3] + net.theta[3]
        y = (z > 0) * 1.0 if right else (rng.random(13) < 0.5) * 1.0
        w = np.where(y > 0, 2.7, 1.0)
        L = (w * np.logaddexp(0, (1 - 2 * y) * z)).sum() / w.sum()
        trained = [stretch.loss for stretch in Trainer(net.copy(), (X, y), SGD(0.0)).steps(1)]
        for found in (net.loss(X, y), net.copy().step(X, y, SGD(0.0)), *trained):
            assert found == pytest.approx(L, rel=1e-9, abs=1e-300)
            assert found >= 0


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(
    zs=st.lists(st.tuples(*[st.floats(-1e5, 1e5) | st.floats(-30, 30)] * 3), min_size=1, max_size=4),
    data=st.data(),
)
def test_classes_are_told_alike_by_trace_and_training(zs: list, data: st.DataObject) -> None:
    y = [data.draw(st.integers(0, 2)) for _ in zs]
    net = Net("3-3", loss="ce", init="zeros")
    net[0].W[:] = np.eye(3)
    L = net.backward(zs, y)
    trained = net.grad.copy()
    plain = [
        math.log(sum(math.exp(v - max(z)) for v in z)) + max(z) - z[k] for z, k in zip(zs, y, strict=True)
    ]
    assert pytest.approx(np.mean(plain), rel=1e-9, abs=1e-12) == L
    trace = net.trace(zs, y)
    assert apart(trace["L"], L) <= 1e-12
    assert apart(net.grad, trained) <= 1e-12  # a trace fills the same gradient


@pytest.mark.parametrize("hidden", ["relu", "tanh", "gelu", "linear"])
@pytest.mark.parametrize(
    ("sizes", "loss"), [("4-6-1", "bce"), ("4-6-2", "bce"), ("4-6-3", "ce"), ("4-6-1", "mse")]
)
@pytest.mark.parametrize("scale", [1.0, 1e2, 1e4])
def test_the_doctor_reads_the_gradient_that_training_uses(
    sizes: str, loss: str, hidden: str, scale: float
) -> None:
    rng, outputs = np.random.default_rng(1), int(sizes[-1])
    net = Net(sizes, hidden=hidden, loss=loss, seed=2)
    X = rng.normal(size=(20, 4)) * scale
    y = rng.integers(0, 3, 20) if loss == "ce" else rng.integers(0, 2, (20, outputs)) * 1.0
    L = net.backward(X, y)
    trained = net.grad.copy()
    report = examine(net, X, y)
    assert report.loss == pytest.approx(L, rel=1e-9)
    assert net.grad == pytest.approx(trained, rel=1e-9, abs=1e-9 * np.abs(trained).max())


def test_a_table_that_is_not_scaled_has_a_gradient() -> None:
    X, y = data.load("tumour")
    found = {finding.name for finding in diagnose(Net("30-16-1", loss="bce", seed=1), (X, y))}
    assert "nothing flows back" not in found
    assert {"unscaled inputs", "exploding gradients"} <= found


def test_a_learners_number_stands_where_it_was_put() -> None:
    net = Net("1-1", loss="bce")
    net.theta[:] = [40, 0]
    told = net.trace([1], 0, given={"yhat": 0.7})
    assert told["L"] == pytest.approx(-math.log(0.3))
    assert told["dyhat[1]"] == pytest.approx(1 / 0.3)
    assert told["dz1[1]"] == pytest.approx(0.7)
    assert told.rows[4].written == "dz1[1] = 3.33333·0.21 = 0.7"
    assert net.trace([1], 0, given={"dyhat": 0.0})["dz1[1]"] == 0
    assert net.trace([1], 0).rows[4].written == "dz1[1] = 2.35385e17·4.24835e−18 = 1"
    three = Net("2-3", loss="ce", seed=1)
    told = three.trace([1, 2], 1, given={"yhat": [0.2, 0.5, 0.3]})
    assert told["L"] == pytest.approx(-math.log(0.5))
    assert told["dz1"] == pytest.approx([0.2, -0.5, 0.3])
    assert three.trace([1, 2], 1, given={"dyhat[2]": 0.0})["dz1"] == pytest.approx([0, 0, 0])


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(scale=st.sampled_from([0.1, 1.0, 40.0, 1e3, 1e5]), seed=st.integers(0, 1000), ends=st.sampled_from(["1 bce", "2 bce", "3 ce"]))
def test_a_trace_that_nobody_put_a_number_into_leaves_out_what_only_such_a_number_asks_for(
    scale: float, seed: int, ends: str
) -> None:
    outputs, loss = ends.split()
    net, rng = Net(f"4-3-{outputs}", loss=loss, seed=seed), np.random.default_rng(seed)
    X = rng.normal(size=(5, 4)) * scale
    y = rng.integers(0, 3, 5) if loss == "ce" else rng.integers(0, 2, (5, int(outputs)))
    plain = net.trace(X, y)
    longer = net.trace(X, y, given={"z1": plain["z1"]})  # its own numbers once more
    assert [row.name for row in plain] == [row.name for row in longer]
    for row, same in zip(plain, longer, strict=True):
        assert np.array_equal(row.value, same.value), row.name
    plan = net.prepare("taught", 5).plan
    assert len(plan.calls) < len([op for op in plan.ops if op.call])


def test_a_small_loss_keeps_its_digits() -> None:
    net = Net("1-1", loss="bce")
    for z in (5.0, 15.0, 25.0, 35.0):
        net.theta[:] = [z, 0]
        want = np.log1p(np.exp(-z))
        assert net.loss([[1], [1]], [1, 1]) == pytest.approx(want, rel=1e-9)
        assert net.trace([[1], [1]], [1, 1])["L"] == pytest.approx(want, rel=1e-9)


def test_every_loss_that_is_read_from_logits_has_a_taught_form_that_agrees() -> None:
    assert {loss.name for loss in LOSSES.values() if loss.fuses not in ("", "linear")} == {"bce", "ce"}
