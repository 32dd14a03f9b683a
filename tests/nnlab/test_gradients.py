"""Every member of every family against central differences of the plan that trains."""

import numpy as np
import pytest

from nnlab import (
    ACTIVATIONS,
    GRU,
    LOSSES,
    LSTM,
    RNN,
    Activation,
    AvgPool,
    BatchNorm,
    Conv2D,
    CrossEntropy,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    LayerNorm,
    MaxPool,
    Net,
    Pick,
    Position,
    Residual,
    Tanh,
    TokenDense,
    check,
    multi_head,
)
from nnlab.activations import leaky

RNG = np.random.default_rng(5)
LABELS = np.array([0, 1, 2, 1, 0])


def smooth(net: Net) -> Net:
    net.theta[:] += np.random.default_rng(1).normal(size=net.theta.size) * 0.2
    return net


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
def test_a_net_with_this_squash_has_the_gradient_of_its_loss(name: str) -> None:
    net = smooth(Net("3-4-3-3", hidden=name, loss="ce", seed=2))
    assert check(net, RNG.normal(size=(5, 3)), LABELS).worst < 1e-8


@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.9, 1.0])
def test_a_leaky_slope_of_any_size_has_the_right_gradient(alpha: float) -> None:
    net = smooth(Net(Dense(4), Activation(leaky(alpha)), Dense(1), input=3))
    assert check(net, RNG.normal(size=(5, 3)), RNG.normal(size=5)).worst < 1e-8


@pytest.mark.parametrize("name", list(LOSSES))
def test_this_loss_has_the_gradient_it_claims(name: str) -> None:
    y = LABELS if name == "ce" else LABELS % 2.0
    net = smooth(Net(f"3-4-{3 if name == 'ce' else 1}", hidden="tanh", loss=name, seed=2))
    found = check(net, RNG.normal(size=(5, 3)), y)
    assert found.worst < 1e-8
    assert found.projection < 1e-8


@pytest.mark.parametrize("loss", ["mse", "mae", "huber", "bce", "bce-logits"])
def test_a_loss_over_several_outputs_is_the_mean_over_all_of_them(loss: str) -> None:
    net = smooth(Net("3-4-2", hidden="tanh", loss=loss, seed=2))
    y = RNG.integers(0, 2, (5, 2)).astype(float)
    assert check(net, RNG.normal(size=(5, 3)), y).worst < 1e-8


@pytest.mark.parametrize("out", ["linear", "relu"])
def test_bce_on_clipped_probabilities_has_the_gradient_of_what_it_computes(out: str) -> None:
    net = Net("3-4-1", hidden="tanh", out=out, loss="bce", seed=4, strict=False)
    net[1].W[:] *= 0.1
    net[1].b[:] = 0.5
    assert check(net, RNG.normal(size=(5, 3)), LABELS % 2.0).worst < 1e-7


@pytest.mark.parametrize("loss", ["bce", "ce"])
def test_class_weights_are_in_the_gradient(loss: str) -> None:
    weights = (1.0, 19.0, 0.5)[: 3 if loss == "ce" else 2]
    net = Net(f"3-4-{3 if loss == 'ce' else 1}", loss=loss, class_weight=weights, seed=2)
    y = LABELS if loss == "ce" else LABELS % 2.0
    assert check(smooth(net), RNG.normal(size=(5, 3)), y).worst < 1e-8


def test_smoothed_labels_are_in_the_gradient() -> None:
    net = smooth(Net("3-4-3", loss=CrossEntropy(smoothing=0.1), seed=2))
    assert check(net, RNG.normal(size=(5, 3)), LABELS).worst < 1e-8


LAYERS = {
    "batch norm": ([Dense(4), BatchNorm(), Tanh()], (3,)),
    "layer norm": ([Dense(4), LayerNorm(), Tanh()], (3,)),
    "dropout": ([Dense(4), Dropout(0.3), Tanh(), Dense(4), Dropout(0.5)], (3,)),
    "residual": ([Dense(4), Residual(Dense(6), Tanh(), Dense(4), BatchNorm()), Tanh()], (3,)),
    "convolution": ([Conv2D(2, 3), Tanh(), Conv2D(3, 2, stride=2, padding=1)], (2, 6, 5)),
    "batch norm of pictures": ([Conv2D(2, 3), BatchNorm(), Tanh()], (1, 5, 5)),
    "max pool": ([Conv2D(2, 3), MaxPool(2), Tanh()], (1, 7, 6)),
    "average pool": ([Conv2D(2, 2), AvgPool(2), Tanh(), Conv2D(2, 2)], (1, 7, 6)),
    "rnn": ([RNN(4)], (5, 2)),
    "rnn with relu": ([RNN(4, "relu", sequence=True)], (5, 2)),
    "rnns on top of each other": ([RNN(4, sequence=True), RNN(3)], (5, 2)),
    "lstm": ([LSTM(4)], (5, 2)),
    "lstms on top of each other": ([LSTM(4, sequence=True), LSTM(3, sequence=True)], (5, 2)),
    "gru": ([GRU(4)], (5, 2)),
    "grus on top of each other": ([GRU(4, sequence=True), GRU(3, sequence=True)], (5, 2)),
    "attention": (multi_head(4), (5, 4)),
    "batch norm of places": ([TokenDense(4), BatchNorm(), Tanh()], (5, 2)),
    "layer norm of places": ([TokenDense(4), LayerNorm(), Tanh()], (5, 2)),
    "layer norm of pictures": ([Conv2D(2, 3), LayerNorm()], (1, 5, 6)),
    "dropout of places": ([TokenDense(4), Dropout(0.3)], (5, 2)),
    "softmax of places": ([TokenDense(4), Activation("softmax")], (5, 2)),
    "learned positions": ([Position(), TokenDense(3)], (5, 2)),
    "waves": ([Position("waves"), LSTM(3, sequence=True)], (5, 2)),
    "the last place": ([TokenDense(3), Pick()], (5, 2)),
    "the second place": ([GRU(3, sequence=True), Pick(2)], (5, 2)),
    "the mean of places": ([TokenDense(3), Pick("mean")], (5, 2)),
    "open valves": ([LSTM(3, sequence=True, forget=2.0), GRU(3, keep=1.0)], (5, 2)),
    "a transformer block": ([
        Position(), Residual(LayerNorm(), *multi_head(4, 2, causal=True)),
        Residual(LayerNorm(), TokenDense(6), Activation("gelu"), TokenDense(4)), Pick("last")], (5, 4)),
    "causal attention with two heads": ([TokenDense(4), *multi_head(4, 2, True)], (5, 3)),
}


@pytest.mark.parametrize("name", list(LAYERS))
def test_this_layer_has_the_right_gradient_and_passes_it_on(name: str) -> None:
    layers, shape = LAYERS[name]
    net = smooth(Net(*layers, Flatten(), Dense(3), loss="ce", input=shape, seed=3))
    assert check(net, RNG.normal(size=(5, *shape)), LABELS).worst < 1e-7


def test_an_embedding_learns_the_rows_that_were_used() -> None:
    net = smooth(Net(Embedding(6, 3), Flatten(), Dense(3), loss="ce", input=4, seed=3))
    assert check(net, RNG.integers(0, 6, (5, 4)), LABELS).worst < 1e-8


@pytest.mark.parametrize("name", list(LAYERS))
def test_every_slope_of_a_trace_is_the_loss_s_slope_at_the_value_it_is_named_after(name: str) -> None:
    layers, shape = LAYERS[name]
    net = smooth(Net(*layers, Flatten(), Dense(3), loss="ce", input=shape, seed=3))
    rng, h = np.random.default_rng(7), 1e-5
    net.trace(rng.normal(size=(3, *shape)), LABELS[:3])  # buffers hold other numbers first
    X = rng.normal(size=(3, *shape))
    trace, checked = net.trace(X, LABELS[:3]), 0
    for row in trace:
        if row.phase != "forward" or f"d{row.name}" not in trace or not np.isfinite(row.value).all():
            continue  # a score of −∞ cannot be nudged
        way = rng.normal(size=row.shape) * np.abs(row.value)  # ln ŷ is steep where ŷ is small
        up, down = (net.trace(X, LABELS[:3], given={row.name: row.value + s * way})["L"] for s in (h, -h))
        assert (trace[f"d{row.name}"] * way).sum() == pytest.approx(
            (up - down) / (2 * h), rel=1e-7, abs=1e-8
        ), row.name
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize("name", ["max pool", "convolution", "lstm", "gru", "attention"])
def test_what_flows_back_to_the_input_is_the_loss_s_slope_there(name: str) -> None:
    layers, shape = LAYERS[name]
    net = smooth(Net(*layers, Flatten(), Dense(3), loss="ce", input=shape, seed=3))
    X, h = RNG.normal(size=(2, *shape)), 1e-5
    dX = net.trace(X, LABELS[:2])["dX"]
    assert dX.shape == X.shape
    dX = dX.reshape(2, -1)
    for i in range(0, dX.shape[1], 3):
        nudge = np.zeros(dX.shape[1])
        nudge[i] = h
        nudge = nudge.reshape(shape)
        up, down = (net.loss(X + s * nudge, LABELS[:2]) for s in (1, -1))
        assert dX[:, i].sum() == pytest.approx((up - down) / (2 * h), abs=1e-8)


@pytest.mark.slow
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", [n for n in LAYERS if "dropout" not in n])
def test_a_fleet_has_the_losses_and_gradients_of_its_members_alone(name: str) -> None:
    layers, shape = LAYERS[name]
    net = smooth(Net(*layers, Flatten(), Dense(3), loss="ce", input=shape, seed=3))
    fleet, X = net.fleet(3), RNG.normal(size=(4, *shape))
    losses = fleet.backward(X, LABELS[:4])
    for i in range(3):
        alone = net.fleet(3).member(i)
        assert losses[i] == pytest.approx(alone.backward(X, LABELS[:4]), rel=1e-12)
        assert fleet.grad[i] == pytest.approx(alone.grad, abs=1e-12)
        assert fleet.predict(X)[i] == pytest.approx(alone.predict(X), abs=1e-12)


@pytest.mark.parametrize("name", [n for n in LAYERS if not any(part in n for part in ("dropout", "batch", "residual"))])
def test_a_trace_and_a_training_step_say_the_same_loss_and_gradient(name: str) -> None:
    layers, shape = LAYERS[name]
    net = smooth(Net(*layers, Flatten(), Dense(3), loss="ce", input=shape, seed=3))
    X = RNG.normal(size=(4, *shape))
    trace = net.trace(X, LABELS[:4])
    told = net.grad.copy()
    assert trace["L"] == pytest.approx(net.backward(X, LABELS[:4]), rel=1e-12)
    assert told == pytest.approx(net.grad, abs=1e-12)
