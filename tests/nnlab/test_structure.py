"""What makes the engine fast, held by structure instead of by a clock."""

import math
import tracemalloc

import numpy as np
import pytest

from nnlab import (
    ACTIVATIONS,
    GRU,
    LSTM,
    SGD,
    Activation,
    Adam,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    LayerNorm,
    MaxPool,
    Net,
    Residual,
    TokenDense,
    Trainer,
    check,
    data,
    multi_head,
)
from nnlab.activations import _known_shares
from nnlab.layers import Layer
from nnlab.plan import Plan


@pytest.mark.parametrize(
    ("sizes", "hidden", "batch", "most"), [("2-3-1", "relu", 4, 15), ("2-8-8-1", "tanh", 10, 24)]
)
def test_a_step_is_this_many_numpy_calls_and_no_more(sizes: str, hidden: str, batch: int, most: int) -> None:
    assert Net(sizes, hidden=hidden, loss="bce").calls(batch, SGD(0.1)) <= most


@pytest.mark.parametrize("batch", [10, 500])
def test_exact_gelu_is_fourteen_calls_a_layer_more_than_tanh_and_what_it_knows_fits_the_cache(batch: int) -> None:
    """Of the 300 kB a batch looks at those around its own z alone; with more a full batch took 2.4 times tanh."""
    calls = [Net("2-8-8-1", hidden=how, loss="bce").calls(batch, SGD(0.1)) for how in ("gelu", "tanh")]
    assert calls[0] - calls[1] <= 2 * 14
    assert _known_shares("d").nbytes <= 300_000


@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 40, 4001])
def test_gelu_in_training_is_exact_all_over_its_range(n: int) -> None:
    """By math's erfc; among them places, and what lies half-way between two."""
    rng = np.random.default_rng(n)
    near = np.concatenate([rng.normal(scale=3, size=4001), (rng.integers(-9300, 9300, 4001) + 0.5) / 1024])
    gelu = ACTIVATIONS["gelu"]
    for z in np.split(near[: len(near) // n * n], len(near) // n)[:300]:
        share = np.array([math.erfc(-v / math.sqrt(2)) / 2 for v in z])
        rise = share + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        assert abs(gelu(z) - z * share).max() < 1e-12
        assert abs(gelu.slope(z) - rise).max() < 1e-12


def test_exact_adam_is_ten_calls() -> None:
    net = Net("2-3-1")
    assert len(net.binding(Adam(0.1)).plan.calls) == 10


@pytest.mark.parametrize(("loss", "size", "batch"), [("mse", 1, None), ("bce", 1, 512)])
@pytest.mark.parametrize("rule", [SGD(0.01), Adam(0.01)])
def test_a_step_allocates_no_array(loss: str, size: int, batch: int | None, rule: object) -> None:
    X, y = data.gauss(2048, seed=1)
    trainer = Trainer(Net(f"2-32-{size}", hidden="tanh", loss=loss), (X, y), rule, batch=batch)  # type: ignore[arg-type]
    trainer.fit(2)
    plan = trainer._plans[batch or 2048].plan
    for fn, args in plan.calls + trainer._binding.plan.calls:
        tracemalloc.start()
        fn(*args)
        grown = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        # the smallest array of a batch has 512 numbers of 8 bytes; numpy's iterator over strided
        # arguments takes about 1 kB and gives it back
        assert grown < 4096, (fn, grown)
    assert plan.batch == (batch or 2048)


@pytest.mark.parametrize("loss", ["mse", "bce", "ce"])
def test_a_thousand_steps_leave_nothing_behind(loss: str) -> None:
    X, y = data.gauss(64, seed=1)
    trainer = Trainer(Net(f"2-32-{2 if loss == 'ce' else 1}", loss=loss), (X, y), Adam(0.01), batch=16)
    trainer.fit(2)
    sizes = []
    tracemalloc.start()
    for stretch in trainer.epochs(500):
        if stretch.epoch in (250, 500):
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert abs(sizes[1] - sizes[0]) < 2000


def test_a_plan_is_written_once_per_batch_size_and_few_are_kept() -> None:
    net = Net("2-3-1")
    for n in (3, 5, 3, 5):
        net.step(np.ones((n, 2)), np.ones(n), SGD(0.01))
    assert len(net._plans) == 2
    for n in range(1, 40):
        net.loss(np.ones((n, 2)), np.ones(n))
    assert len(net._plans) <= 16


def test_weights_and_gradients_are_views_of_two_flat_vectors() -> None:
    net = Net("2-3-1", seed=1)
    assert net.theta.shape == net.grad.shape == (13,)
    net[0].W[1, 0] = 42
    net[1].b[0] = 7
    assert 42 in net.theta
    assert net.theta[-1] == 7
    assert all(np.shares_memory(a, net.grad) for a in (net[0].dW, net[0].db, net[1].dW))


def test_maximum_is_called_without_the_deprecated_positional_out() -> None:
    plan = Plan(1)
    plan.op("max(0, z)", np.maximum, np.array([-1.0, 2.0]), plan.const(0))
    plan.run()  # a DeprecationWarning is an error here
    assert plan.ops[0].out.tolist() == [0, 2]


def test_a_plan_describes_itself_line_by_line() -> None:
    text = Net("2-3-1", loss="bce").prepare("train", 4).plan.describe()
    assert text.splitlines()[0].split() == ["forward", "z1", "z1", "=", "W1·X", "+", "b1", "(3,", "4)"]
    assert len(text.splitlines()) == 13


def test_cost_tells_parameters_calls_and_multiply_adds_layer_by_layer() -> None:
    assert Net("2-3-1", loss="bce").cost() == [
        ("Dense 2→3", 9, 2, 6),  # W·x forward, δ·xᵀ backward: nobody wants what lies in front
        ("relu", 0, 3, 0),
        ("Dense 3→1", 4, 3, 3),
        ("sigmoid", 0, 0, 0),  # part of the loss, which is read from the logits
        ("bce", 0, 5, 0),
    ]


@pytest.mark.parametrize(
    "layers",
    [
        (Dense(4), BatchNorm(), Residual(Dense(4), Dropout(), Residual(LayerNorm())), Flatten(), Dense(1)),
        (*multi_head(4, 2), LSTM(3, sequence=True), GRU(2), Dense(1)),
        (Conv2D(2, 2, padding=1), MaxPool(2), Flatten(), Dense(1)),
    ],
    ids=["dense", "steps", "pictures"],
)
def test_no_call_of_a_step_is_left_out_of_the_cost(layers: tuple[Layer, ...]) -> None:
    shape = {Dense: (3,), TokenDense: (5, 3), Conv2D: (1, 6, 6)}[type(layers[0])]
    net = Net(*layers, input=shape)
    assert sum(line.calls for line in net.cost()) == net.calls(2)
    assert sum(line.parameters for line in net.cost()) == net.theta.size
    assert [line.calls > 0 for line in net.cost()] == [not isinstance(y, Flatten) for y in net.layers] + [
        True
    ]


def test_a_fleet_over_many_rows_has_the_buffers_of_one_net_and_over_few_one_call_for_all() -> None:
    one = Net("2-8-8-1", hidden="tanh", loss="bce")
    alone, fleet = ([net.prepare("train", n).plan for n in (500, 10)] for net in (one, one.fleet(20)))
    assert fleet[0].size == alone[0].size
    assert len(fleet[1].calls) == len(alone[1].calls)


BLOCK = (
    Residual(LayerNorm(), *multi_head(32, 4, causal=True)),
    Residual(LayerNorm(), TokenDense(64), Activation("gelu"), TokenDense(32)),
    TokenDense(10),
)


def test_a_block_adds_up_across_long_rows_of_memory_and_never_along_short_ones() -> None:
    """Sixteen queries a row cost a call of sixteen numbers each; all that ask, side by side, one of 2,048."""
    plan = Net(*BLOCK, loss="ce", input=(16, 32)).prepare("train", 32).plan
    added = [op.args[0] for op in plan.ops if op.fn in (np.add.reduce, np.maximum.reduce)]
    assert (16, 32 * 4 * 16) in [a.shape for a in added]
    assert min(a.shape[-1] for a in added) >= 512


@pytest.mark.parametrize(("sizes", "batch"), [("2-8-1", 10), ("2-8-1", 2000), ("64-64-10", 32), ("784-128-10", 64)])
def test_dot_is_called_for_small_products_and_matmul_for_large_ones(sizes: str, batch: int) -> None:
    """dot costs half a microsecond less, and clears what it writes to: of 32 kB that is as much."""
    plan = Net(sizes, loss="ce" if sizes.endswith("10") else "bce").prepare("train", batch).plan
    products = [op for op in plan.ops if op.fn is np.matmul and op.args[0].shape[1] > 1]
    assert products
    for op in products:
        assert op.call is not None
        assert (op.call[0] is np.dot) == (op.out.nbytes <= 1 << 15)


def test_large_scratch_shares_memory_and_every_number_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where all of it does, however small: one that is overwritten too early would be seen here."""
    rng = np.random.default_rng(1)
    X, y, found, sizes = rng.normal(size=(16, 16, 32)), rng.integers(0, 10, (16, 16)), [], []
    for small in (0, 1 << 16, 1 << 60):
        monkeypatch.setattr("nnlab.plan.SMALL", small)
        net = Net(*BLOCK, loss="ce", input=(16, 32), seed=1)
        losses = Trainer(net, (X, y), SGD(0.1)).fit(3).losses
        found.append((losses.tolist(), net.theta.tolist(), net.predict(X).tolist(), net.losses(X, y).tolist()))
        sizes.append(net.private("train", 16).plan.size)
    assert found[0] == found[1] == found[2]
    assert sizes[0] < sizes[1] < 0.9 * sizes[2]


def test_a_recorded_trace_makes_at_most_three_times_the_calls_of_a_step() -> None:
    net = Net("2-3-1", loss="bce")
    assert len(net.prepare("taught", 1).plan.calls) <= 3 * net.calls(1)


LOOPS = ["X86_V4", "FMA3__AVX2"]  # as numpy calls its tanh for processors with and without AVX-512


@pytest.mark.slow
@pytest.mark.parametrize("loop", LOOPS)
def test_thousands_of_tanh_are_exact_whatever_processor_numpy_wrote_its_own_for(
    loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnlab.activations.LOOP", loop)
    near = np.random.default_rng(1).normal(scale=3, size=20_000)
    z = np.concatenate([near, np.geomspace(5e-324, 1e308, 9001), [0, -20, 20, -math.inf, math.inf, math.nan]])
    tanh, want = ACTIVATIONS["tanh"], [math.tanh(v) for v in z]
    for sign in (1, -1):
        found = tanh(sign * z)
        assert found.tolist() == pytest.approx((sign * np.array(want)).tolist(), rel=1e-15, abs=0, nan_ok=True)
    assert (np.diff(tanh(np.sort(near))) >= -2.3e-16).all()
    assert tanh.slope(near).tolist() == pytest.approx([1 - math.tanh(v) ** 2 for v in near], abs=4e-15)


def test_a_training_is_the_same_with_and_without_avx_512(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = data.moons(500, seed=1)
    calls, thetas = [], []
    for loop in LOOPS:
        monkeypatch.setattr("nnlab.activations.LOOP", loop)
        net = Net("2-8-8-1", hidden="tanh", loss="bce", seed=1)
        Trainer(net, (X, y), SGD(0.5)).fit(20)
        calls.append(net.calls(500))
        thetas.append(net.theta)
        assert check(net, X, y).worst < 1e-7
    assert calls[0] < calls[1]
    assert abs(thetas[0] - thetas[1]).max() < 1e-13
