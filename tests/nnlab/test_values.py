"""Values against plain floats and the mathematics module, never a function against itself."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab import (
    ACTIVATIONS,
    INITIALISERS,
    LOSSES,
    OPTIMISERS,
    SCHEDULES,
    SGD,
    Adam,
    AdamW,
    CrossEntropy,
    Dense,
    Momentum,
    Nesterov,
    Net,
    RMSProp,
    Trainer,
    check,
    data,
)
from nnlab.optim import Constant, Cosine, Exponential, StepDecay, WarmUp


def sigma(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def phi(z: float) -> float:
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


PLAIN = {
    "linear": lambda z: z,
    "step": lambda z: float(z > 0),
    "sigmoid": sigma,
    "tanh": math.tanh,
    "relu": lambda z: max(0.0, z),
    "leaky": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "gelu": lambda z: z * phi(z),
    "gelu-tanh": lambda z: 0.5 * z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
    "silu": lambda z: z * sigma(z),
    "softplus": lambda z: max(z, 0) + math.log1p(math.exp(-abs(z))),
}
EXTREME = [-1000.0, -100.0, -30.0, -2.0, -1e-9, 0.0, 1e-9, 0.5, 3.0, 30.0, 100.0, 1000.0]


def test_every_squash_of_the_table_has_a_plain_float_twin_here() -> None:
    assert set(PLAIN) | {"softmax"} == set(ACTIVATIONS)


@pytest.mark.parametrize("name", list(PLAIN))
def test_a_squash_is_what_plain_floats_say_even_far_out(name: str) -> None:
    got = ACTIVATIONS[name](np.array(EXTREME))
    assert got.tolist() == pytest.approx([PLAIN[name](z) for z in EXTREME], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", [n for n in PLAIN if n != "step"])
def test_a_slope_is_the_rise_over_the_run_of_plain_floats(name: str) -> None:
    z = np.array([-3.0, -0.7, 0.4, 2.5])
    run = [(PLAIN[name](v + 1e-5) - PLAIN[name](v - 1e-5)) / 2e-5 for v in z]
    assert ACTIVATIONS[name].slope(z).tolist() == pytest.approx(run, abs=1e-9)


@settings(deadline=None)
@given(z=st.floats(-12, 12) | st.floats(-1e6, 1e6) | st.sampled_from([0.0, 5e-324, -1e-20, 9.0, -9.0, 9.0004, 1e300, -1e300, -7e12, -12289.0]))
def test_gelu_in_training_is_exact_at_its_known_places_between_them_and_beyond_the_last(z: float) -> None:
    gelu, share = ACTIVATIONS["gelu"], math.erfc(-z / math.sqrt(2)) / 2
    rise = share + z * math.exp(-min(z * z, 1e4) / 2) / math.sqrt(2 * math.pi)
    assert gelu(z) == pytest.approx(z * share, rel=1e-15, abs=1e-12)
    assert gelu.slope(z) == pytest.approx(rise, rel=0, abs=1e-12)
    net = Net("1-1-1", hidden="gelu", init="zeros", dtype=np.float32)
    net[0].W[:], net[1].W[:] = 1, 1
    assert abs(z) > 1e38 or net.predict([[z]])[0] == pytest.approx(np.float32(z) * share, rel=3e-7, abs=1e-6)


def test_softmax_gives_shares_that_add_up_to_one_at_logits_of_a_thousand() -> None:
    shares = ACTIVATIONS["softmax"](np.array([[1000.0, 1.0], [-1000.0, 2.0], [999.0, 3.0]]))
    assert shares.sum(axis=0).tolist() == pytest.approx([1, 1], abs=1e-15)
    assert shares[:, 0].tolist() == pytest.approx([1 / (1 + math.exp(-1)), 0, 1 / (1 + math.e)])


@pytest.mark.parametrize("table", [ACTIVATIONS, LOSSES, OPTIMISERS, INITIALISERS, SCHEDULES])
def test_every_member_of_a_family_has_a_formula_and_an_honest_sentence(table: dict) -> None:
    for name, member in table.items():
        assert member.formula, name
        assert member.says.endswith("."), name


# --- losses ------------------------------------------------------------------------------
def plain_loss(name: str, z: float, y: float) -> float:
    d = z - y
    if name in ("bce", "bce-logits"):
        return max(z, 0) - z * y + math.log1p(math.exp(-abs(z)))
    return {"mse": d * d, "mae": abs(d), "huber": d * d / 2 if abs(d) <= 1 else abs(d) - 0.5}[name]


@pytest.mark.parametrize("name", [n for n in LOSSES if n != "ce"])
def test_a_loss_is_what_plain_floats_say_at_logits_up_to_a_hundred(name: str) -> None:
    net = Net("1-1", loss=name)
    net[0].W[:], net[0].b[:] = 1, 0
    z = np.array([-100.0, -3.0, -0.2, 0.0, 0.9, 40.0, 100.0])
    y = np.array([1.0, 0, 1, 0, 1, 1, 0])
    want = [plain_loss(name, a, b) for a, b in zip(z, y, strict=True)]
    assert net.losses(z, y).tolist() == pytest.approx(want, rel=1e-12, abs=1e-12)
    assert net.loss(z, y) == pytest.approx(sum(want) / 7, rel=1e-12)
    assert np.isfinite(net.backward(z, y))
    assert np.isfinite(net.grad).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e24, 1e24), st.sampled_from([0.0, 1.0])), min_size=1, max_size=6),
       st.sampled_from([1.0, 1e-6, 1e-12, 1e-20, 1e-24]), st.sampled_from([0, 300]))  # fmt: skip
def test_the_mean_loss_keeps_its_digits_however_sure_the_net_is(
    rows: list[tuple[float, float]], scale: float, more: int
) -> None:
    z, y = ([row[i] for row in rows] + [0.5] * more * (1 - i) + [1.0] * more * i for i in (0, 1))
    z = [v * scale for v in z]
    want = [plain_loss("bce", *pair) for pair in zip(z, y, strict=True)]
    one = Net("1-1", loss="bce")
    one[0].W[:], one[0].b[:] = 1, 0
    for net in (one, one.fleet(2, lr=[0.1, 0.2])):
        got = np.broadcast_to(net.backward(z, y), 2)
        assert got.tolist() == pytest.approx([math.fsum(want) / len(z)] * 2, rel=1e-9, abs=1e-9)


def test_cross_entropy_is_what_plain_floats_say_at_logits_of_a_hundred() -> None:
    net = Net("3-3", loss="ce")
    net[0].W[:], net[0].b[:] = np.eye(3), 0
    Z, y = [[100.0, -100, 0], [1, 2, 3], [-100, -100, 99]], [1, 2, 2]
    want = [max(z) + math.log(sum(math.exp(v - max(z)) for v in z)) - z[k] for z, k in zip(Z, y, strict=True)]
    assert net.losses(Z, y).tolist() == pytest.approx(want, rel=1e-12, abs=1e-12)


def test_label_smoothing_spreads_that_much_of_the_label_over_all_classes() -> None:
    net = Net("3-3", loss=CrossEntropy(smoothing=0.3))
    net[0].W[:], net[0].b[:] = np.eye(3), 0
    z = [0.2, -1.0, 2.0]
    top = math.log(sum(math.exp(v) for v in z))
    want = sum((0.8 if k == 2 else 0.1) * (top - v) for k, v in enumerate(z))
    assert net.loss([z], [2]) == pytest.approx(want, rel=1e-13)


def test_class_weights_make_a_weighted_mean() -> None:
    net = Net("1-1", loss="bce", class_weight=(1, 3))
    net[0].W[:], net[0].b[:] = 1, 0
    each = [plain_loss("bce", 0.5, 0), plain_loss("bce", -1, 1)]
    assert net.loss([0.5, -1.0], [0, 1]) == pytest.approx((each[0] + 3 * each[1]) / 4, rel=1e-13)


def test_reading_the_loss_from_logits_or_from_probabilities_gives_the_same_numbers() -> None:
    X, y = data.moons(20, seed=1)
    for loss, size in (("bce", 1), ("ce", 2)):
        net = Net(f"2-4-{size}", loss=loss, seed=3)
        trace, loss_fused = net.trace(X, y), net.backward(X, y)
        assert trace["L"] == pytest.approx(loss_fused, abs=1e-14)
        assert trace["dW1"] == pytest.approx(net[0].dW, abs=1e-14)


# --- a whole net by hand -----------------------------------------------------------------
def by_hand(W1, b1, w2, b2, x, y, lr):  # type: ignore[no-untyped-def]
    z = [sum(w * v for w, v in zip(row, x, strict=True)) + b for row, b in zip(W1, b1, strict=True)]
    h = [max(0.0, v) for v in z]
    yhat = sum(w * v for w, v in zip(w2, h, strict=True)) + b2
    g = 2 * (yhat - y)
    dz = [g * w * (v > 0) for w, v in zip(w2, z, strict=True)]
    new = [[w - lr * d * v for w, v in zip(row, x, strict=True)] for row, d in zip(W1, dz, strict=True)]
    return z, h, yhat, g, dz, new


numbers = st.floats(-3, 3).map(lambda v: round(v, 3))


@settings(max_examples=40, deadline=None)
@given(st.lists(numbers, min_size=13, max_size=13), st.tuples(numbers, numbers), numbers)
def test_a_2_3_1_net_computes_what_a_person_does_on_paper(theta, x, y) -> None:  # type: ignore[no-untyped-def]
    W1, b1, w2, b2 = [theta[0:2], theta[2:4], theta[4:6]], theta[6:9], theta[9:12], theta[12]
    net = Net("2-3-1")
    net[0].W[:], net[0].b[:], net[1].W[:], net[1].b[:] = W1, b1, [w2], b2
    z, h, yhat, g, dz, new = by_hand(W1, b1, w2, b2, x, y, 0.01)
    trace = net.trace(x, y)
    for name, want in (("z1", z), ("h1", h), ("yhat", [yhat]), ("dyhat", [g]), ("dz1", dz)):
        assert trace[name].tolist() == pytest.approx(want, abs=1e-12)
    assert trace["L"] == pytest.approx((yhat - y) ** 2, abs=1e-12)
    net.step([x], [y], SGD(0.01))
    assert net[0].W.tolist() == [pytest.approx(row, abs=1e-12) for row in new]


# --- optimisers --------------------------------------------------------------------------
def plain_steps(name: str, grad, theta: list[float], n: int) -> list[float]:  # type: ignore[no-untyped-def]
    lr, v, m, s = 0.05, [0.0] * len(theta), [0.0] * len(theta), [0.0] * len(theta)
    for t in range(1, n + 1):
        for i, g in enumerate(grad(theta)):
            if name == "sgd":
                theta[i] -= lr * g
            elif name in ("momentum", "nesterov"):
                v[i] = 0.9 * v[i] + g
                theta[i] -= lr * (g + 0.9 * v[i] if name == "nesterov" else v[i])
            elif name == "rmsprop":
                s[i] = 0.99 * s[i] + 0.01 * g * g
                theta[i] -= lr * g / (math.sqrt(s[i]) + 1e-8)
            else:
                if name == "adamw" and i == 0:
                    theta[i] -= lr * 0.01 * theta[i]
                m[i] = 0.9 * m[i] + 0.1 * g
                s[i] = 0.999 * s[i] + 0.001 * g * g
                root = math.sqrt(s[i] / (1 - 0.999**t))
                theta[i] -= lr * m[i] / (1 - 0.9**t) / (root + 1e-8)
    return theta


@pytest.mark.parametrize("name", list(OPTIMISERS))
def test_twenty_steps_of_this_rule_are_what_plain_floats_make_of_it(name: str) -> None:
    x, y = [0.5, -1.0, 2.0], [1.0, 0.0, 3.0]

    def grad(theta: list[float]) -> list[float]:  # one weight, one bias, mean squared error
        misses = [theta[0] * a + theta[1] - b for a, b in zip(x, y, strict=True)]
        return [sum(2 * m * a for m, a in zip(misses, x, strict=True)) / 3, sum(2 * m for m in misses) / 3]

    net = Net("1-1")
    net[0].W[:], net[0].b[:] = 0.3, -0.2
    rule = OPTIMISERS[name](lr=0.05)
    for _ in range(20):
        net.step(x, y, rule)
    assert net.theta.tolist() == pytest.approx(plain_steps(name, grad, [0.3, -0.2], 20), abs=1e-13)


def test_penalties_and_decay_leave_biases_alone() -> None:
    for settings_, rule in (({"l2": 0.1}, SGD(0.5)), ({"l1": 0.1}, SGD(0.5)), ({}, SGD(0.5, decay=0.1))):
        net = Net("1-1", **settings_)
        net[0].W[:], net[0].b[:] = 2.0, 3.0
        net.step([0.0], [3.0], rule)  # the data ask for nothing: x = 0, no miss
        assert net[0].b.tolist() == [3.0]
        assert net[0].W.tolist() == [[pytest.approx(2 - 0.5 * 0.1 * (1 if "l1" in settings_ else 2))]]


def test_clipping_caps_the_norm_and_leaves_small_gradients_alone() -> None:
    big, small = Net("1-1"), Net("1-1")
    for net, y in ((big, 100.0), (small, 0.01)):
        net[0].W[:], net[0].b[:] = 0, 0
        net.step([1.0], [y], SGD(1.0, clip=1.0))
    assert np.linalg.norm(big.theta) == pytest.approx(1, abs=1e-7)
    assert small.theta.tolist() == pytest.approx([0.02, 0.02])


def test_schedules_follow_their_formulas() -> None:
    assert [Constant()(t) for t in (0, 9)] == [1, 1]
    assert [StepDecay(10, 0.5)(t) for t in (0, 9, 10, 25)] == [1, 1, 0.5, 0.25]
    assert Exponential(0.9)(3) == pytest.approx(0.729)
    assert [Cosine(10)(t) for t in (0, 5, 10, 99)] == pytest.approx([1, 0.5, 0, 0], abs=1e-15)
    assert [WarmUp(4, StepDecay(2, 0.5))(t) for t in (0, 1, 4)] == pytest.approx([0.25, 0.5, 0.25])


def test_a_schedule_counts_epochs_under_a_trainer_and_steps_by_hand() -> None:
    X, y = data.gauss(40, seed=1)
    for run in ("trainer", "hand"):
        net = Net("2-1", loss="bce", seed=1)
        rule = SGD(0.1, schedule=StepDecay(1, 0.0))  # nothing moves from time 1 on
        if run == "trainer":
            Trainer(net, (X, y), rule, batch=10, shuffle=False).fit(3)
            twin = Net("2-1", loss="bce", seed=1)
            Trainer(twin, (X, y), SGD(0.1), batch=10, shuffle=False).fit(1)
        else:
            for _ in range(3):
                net.step(X, y, rule)
            twin = Net("2-1", loss="bce", seed=1)
            twin.step(X, y, SGD(0.1))
        assert net.theta.tolist() == twin.theta.tolist()


# --- initialisers and data ---------------------------------------------------------------
SPREAD = {
    "normal": 0.1,
    "uniform": 0.1 / math.sqrt(3),
    "xavier": math.sqrt(2 / 500),
    "he": math.sqrt(2 / 300),
    "lecun": math.sqrt(1 / 300),
    "spread-kinks": math.sqrt(2 / 300),
}


@pytest.mark.parametrize("name", list(INITIALISERS))
def test_weights_start_with_the_spread_of_their_formula(name: str) -> None:
    layer = Net("300-200-1", init=name, seed=3)[0]
    if name in SPREAD:
        assert layer.W.std() == pytest.approx(SPREAD[name], rel=0.02)
    elif name == "orthogonal":
        assert pytest.approx(np.eye(200), abs=1e-12) == layer.W @ layer.W.T
    else:
        assert ({"zeros": 0, "constant": 0.1}[name] == layer.W).all()
    if name != "spread-kinks":
        assert (layer.b == 0).all()


def test_spread_kinks_bend_all_over_the_range() -> None:
    layer = Net("1-500-1", init="spread-kinks", kinks=(-2, 4), seed=3)[0]
    kinks = -layer.b / layer.W[:, 0]
    assert kinks.min() > -2
    assert kinks.max() < 4
    assert kinks.mean() == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("name", list(data.DATASETS))
def test_a_data_set_is_drawn_by_its_seed_and_only_by_it(name: str) -> None:
    draw = data.DATASETS[name]
    a, b, c = draw(60, seed=1, noise=0.1), draw(60, seed=1, noise=0.1), draw(60, seed=2, noise=0.1)
    assert (a.X == b.X).all()
    assert (a.y == b.y).all()
    assert not ((a.X == c.X).all() and (a.y == c.y).all())
    assert len(a) == 60
    assert np.isfinite(a.X).all()


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [("wine", (178, 13), 3), ("tumour", (569, 30), 2), ("diabetes", (442, 10), 0),
     ("penguins", (342, 4), 3), ("gentoo", (342, 2), 2), ("chinstrap", (342, 2), 2)],
)
def test_a_table_is_whole(name: str, shape: tuple[int, int], classes: int) -> None:
    table = data.load(name)
    assert table.X.shape == shape
    assert len(table.columns) == shape[1]
    assert len(table.classes) == classes
    if classes:
        assert set(table.y) == set(range(classes))


def test_a_split_shares_no_row_and_is_scaled_by_its_training_part_only() -> None:
    table = data.Dataset(np.arange(100.0)[:, None], np.arange(100.0))
    split = table.split(test=0.2, validation=0.1, seed=3)
    rows = [set(part.y) for part in (split.train, split.validation, split.test)]
    assert [len(r) for r in rows] == [70, 10, 20]
    assert len(set.union(*rows)) == 100
    scaled = split.standardised(target=True)
    mean, sd = np.mean(sorted(rows[0])), np.std(sorted(rows[0]))
    assert scaled.test.X[:, 0] == pytest.approx((split.test.X[:, 0] - mean) / sd)
    assert scaled.test.y * scaled.y_sd + scaled.y_mean == pytest.approx(split.test.y)


def test_single_precision_is_an_option_all_the_way() -> None:
    net = Net("2-3-1", loss="bce", dtype=np.float32, seed=1)
    X, y = data.moons(30)
    Trainer(net, (X, y), Adam(0.01), batch=7).fit(3)
    assert net.theta.dtype == net.predict(X).dtype == np.float32


def test_rules_have_their_settings() -> None:
    assert (Momentum().momentum, Nesterov().nesterov, RMSProp().alpha, AdamW().decay) == (
        0.9,
        True,
        0.99,
        0.01,
    )
    assert Dense(3).n == 3
    assert check.__doc__


def test_importing_the_engine_is_silent_and_sets_nothing_global() -> None:
    code = "import numpy as np; a = np.geterr(); b = np.get_printoptions(); import nnlab; assert np.geterr() == a and np.get_printoptions() == b; import sys; print([m for m in ('sklearn','torch','scipy','drops') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
