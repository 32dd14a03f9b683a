"""Out of nnlab: scripts that run by themselves and train alike, tensors that others read."""

import contextlib
import importlib.util
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab import (
    ACTIVATIONS,
    GRU,
    LOSSES,
    LSTM,
    OPTIMISERS,
    RNN,
    SGD,
    Activation,
    Adam,
    AdamW,
    AvgPool,
    BatchNorm,
    Constant,
    Conv2D,
    Cosine,
    CrossEntropy,
    Dense,
    Dropout,
    Embedding,
    Exponential,
    Flatten,
    Huber,
    LabError,
    Layer,
    LayerNorm,
    MaxPool,
    Momentum,
    Net,
    Padding,
    Pick,
    Position,
    ReLU,
    Residual,
    Squash,
    StepDecay,
    Tanh,
    TokenDense,
    Trainer,
    WarmUp,
    data,
    multi_head,
)
from nnlab.activations import leaky
from nnlab.out import code
from nnlab.terms import exp

RNG = np.random.default_rng(8)
NO_TORCH = pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="no torch")
KINDS = ["numpy", pytest.param("torch", marks=[NO_TORCH, pytest.mark.slow])]
X, Y = RNG.normal(size=(12, 3)), RNG.integers(0, 2, 12)
SETTINGS = {"batch": 5, "epochs": 17, "seed": 4}  # 51 steps, the last batch of an epoch is short


def run(script: str) -> list[float]:
    """The losses of a script, in a room of its own."""
    room: dict[str, Any] = {}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(script, "script", "exec"), room)  # noqa: S102  # what is printed is to be run
    finally:
        if "torch" in room:
            room["torch"].set_default_dtype(room["torch"].float32)
    return room["losses"]


def same(net: Net, pair: tuple[Any, Any], rule: Any, kind: str, **how: Any) -> str:
    """The script has our loss at every one of 50 steps."""
    how = SETTINGS | how
    script = code(net, kind, pair, rule, **how)
    assert "nnlab" not in script
    trainer = Trainer(net.copy(), pair, rule, batch=how["batch"], seed=how["seed"], shuffle=how.get("shuffle", True))
    ours = [loss for stretch in trainer.epochs(how["epochs"]) for loss in stretch.losses]
    assert len(ours) >= 50
    assert run(script) == pytest.approx(ours, rel=1e-9, abs=1e-9)
    assert abs(ours[-1] - ours[0]) > 1e-6
    return script


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*[n for n in ACTIVATIONS if n != "step"], "leaky(0.3)"])
def test_a_script_has_this_squash(name: str, kind: str) -> None:
    hidden = leaky(0.3) if "(" in name else name
    same(Net("3-5-4-1", hidden=hidden, loss="bce", seed=3), (X, Y), SGD(0.1), kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*LOSSES, "ce smooth", *[f"{name} weighted" for name in LOSSES]])
def test_a_script_has_this_loss(name: str, kind: str) -> None:
    loss = CrossEntropy(0.2) if name == "ce smooth" else name.split(maxsplit=1)[0]
    labels = name.startswith("ce")
    weights = ((1, 5, 0.5) if labels else (1, 4)) if "weighted" in name else None
    net = Net(f"3-5-{3 if labels else 1}", hidden="tanh", loss=loss, class_weight=weights, seed=3)
    same(net, (X, RNG.integers(0, 3, 12) if labels else Y), SGD(0.1), kind)


RULES = [
    *[kind(0.02) for kind in OPTIMISERS.values()], Adam(0.02, clip=0.1), SGD(0.1, decay=0.1),
    Momentum(0.02, clip=0.3, decay=0.05), AdamW(0.01, decay=0.2, beta1=0.8),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", RULES, ids=repr)
@pytest.mark.parametrize("penalties", [{}, {"l1": 0.01}, {"l2": 0.02}, {"l1": 0.01, "l2": 0.02}], ids=str)
def test_a_script_has_this_rule_with_and_without_penalties(penalties: Any, rule: Any, kind: str) -> None:
    same(Net("3-5-1", hidden="tanh", loss="bce", seed=3, **penalties), (X, Y), rule, kind)


SCHEDULES = [Constant(), StepDecay(3, 0.5), Exponential(0.8), Cosine(10, 0.1), WarmUp(4), WarmUp(4, Cosine(8))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
def test_a_script_has_this_schedule(schedule: Any, kind: str) -> None:
    same(Net("3-5-1", hidden="tanh", loss="bce", seed=3), (X, Y), SGD(0.2, schedule=schedule), kind)


LAYERS: dict[str, tuple[list[Layer], tuple[int, ...]]] = {
    "batch norm": ([Dense(4), BatchNorm(), Tanh()], (3,)),
    "layer norm": ([Dense(4), LayerNorm(), Tanh()], (3,)),
    "dropout": ([Dense(6), Dropout(0.3), Tanh(), Dense(5), Dropout(0.2)], (3,)),
    "dropout of pictures": ([Conv2D(2, 2), Dropout(0.3), Flatten()], (1, 4, 5)),
    "dropout of places": ([TokenDense(3), Dropout(0.3), Flatten()], (4, 2)),
    "around": ([Dense(4), Residual(Dense(6), Tanh(), Residual(Dense(6)), Dense(4)), Tanh()], (3,)),
    "convolution": ([Conv2D(3, 3, stride=2, padding=1), Tanh(), Conv2D(2, 2), Flatten()], (2, 7, 6)),
    "pictures": ([Conv2D(3, 3), BatchNorm(), ReLU(), MaxPool(2), Conv2D(2, 1), AvgPool(2), Flatten()], (1, 9, 8)),
    "rnn": ([RNN(4)], (5, 2)),
    "rnns": ([RNN(4, "relu", sequence=True), RNN(3)], (5, 2)),
    "lstms": ([LSTM(4, sequence=True, forget=1.0), LSTM(3)], (5, 2)),
    "grus": ([GRU(4, sequence=True), GRU(3, keep=1.0)], (5, 2)),
    "attention": ([Position(), *multi_head(4, 2), Pick("mean")], (5, 4)),
    "a causal block": ([
        Position("waves"), Residual(LayerNorm(), *multi_head(4, 2, causal=True)),
        Residual(LayerNorm(), TokenDense(8), ReLU(), TokenDense(4)), Pick(3)], (5, 4)),
    "places": ([TokenDense(4), Activation("softmax"), Pick("last")], (5, 2)),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", list(LAYERS))
def test_a_script_has_these_layers(name: str, kind: str) -> None:
    layers, shape = LAYERS[name]
    net = Net(*layers, Dense(2), loss="ce", input=shape, seed=3, l2=0.01)
    same(net, (RNG.normal(size=(11, *shape)), RNG.integers(0, 2, 11)), Adam(0.02), kind, batch=4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loss", ["ce", "bce", "mse"])
def test_a_script_has_a_loss_at_every_place(loss: str, kind: str) -> None:
    net = Net(Embedding(5, 4), LSTM(4, sequence=True), TokenDense(5), loss=loss, input=6, seed=3)
    tokens = RNG.integers(0, 5, (12, 6))
    same(net, (tokens, tokens if loss == "ce" else np.eye(5)[tokens]), Adam(0.02), kind)


STARTS = {
    "drawn": {"init": ("normal", 0.5)}, "uniform": {"init": ("uniform", 0.5)}, "constant": {"init": "constant"},
    "he": {"init": "he"}, "xavier": {"init": ("xavier", 2.0)}, "lecun": {"init": "lecun"},
    "orthogonal": {"init": "orthogonal"}, "kinks": {"init": "spread-kinks", "kinks": (-2, 2)},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", list(STARTS))
def test_a_script_has_this_start(name: str, kind: str) -> None:
    script = same(Net("3-5-1", hidden="tanh", loss="bce", seed=3, **STARTS[name]), (X, Y), SGD(0.1), kind)
    assert ("rng.normal(" in script or "rng.uniform(" in script or "np.full(" in script) == (name not in ("orthogonal", "kinks"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_goes_on_from_weights_that_have_learned(kind: str) -> None:
    net = Net("3-5-1", hidden="tanh", loss="bce", seed=3)
    Trainer(net, (X, Y), SGD(0.5)).fit(20)
    same(net, (X, Y), SGD(0.1), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_in_order_and_all_at_once_are_scripts_too(kind: str) -> None:
    net = Net("3-5-1", hidden="tanh", loss="bce", seed=3)
    same(net, (X, Y), SGD(0.1), kind, shuffle=False)
    assert "permutation" not in same(net, (X, Y), SGD(0.1), kind, batch=None, epochs=50)


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_may_draw_its_rows_itself(kind: str) -> None:
    lines = "X = np.random.default_rng(5).normal(size=(3000, 3))\ny = (X[:, 0] > X[:, 1]) * 1.0"
    room: dict[str, Any] = {"np": np}
    exec(lines, room)  # noqa: S102  # the lines a learner gives
    net = Net("3-4-1", hidden="tanh", loss="bce", seed=3)
    script = same(net, (room["X"], room["y"]), SGD(0.1), kind, batch=100, epochs=2, rows=lines)
    assert len(script) < 2500


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_runs_where_nothing_of_ours_is(kind: str, tmp_path: Path) -> None:
    net = Net("2-4-1", hidden="tanh", loss="bce", seed=3)
    rows = data.moons(20, seed=1)
    (tmp_path / "training.py").write_text(code(net, kind, rows, SGD(0.5), batch=5, epochs=3), "utf-8")
    command = [sys.executable, "-I", "-W", "error", "training.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    losses = [stretch.losses[-1] for stretch in Trainer(net, rows, SGD(0.5), batch=5).epochs(3)]
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["1", "2", "3"]
    assert [float(line.split()[1]) for line in done.stdout.splitlines()] == pytest.approx(losses, rel=1e-9)


class Own(Layer):
    def compute(self, x):
        return x * 2


def drawn_from() -> str:
    net = Net(Dense(2), Dropout(), Dense(1), input=3)
    net.step(X, Y, SGD(0.1))
    return code(net, "numpy", (X, Y))


REFUSED: dict[str, Callable[[], object]] = {
    'no kind of script is called "jax" (known: numpy, torch)': lambda: code(Net("3-1"), "jax", (X, Y)),
    "a script trains one net; take one of the fleet: code(fleet.member(0), …)":
        lambda: code(Net("3-1").fleet(2), "numpy", (X, Y)),
    "a script trains in float64; the net is in float32":
        lambda: code(Net("3-1", dtype=np.float32), "numpy", (X, Y)),
    "a script takes every place into the loss; y holds labels of −1":
        lambda: code(Net(TokenDense(2), loss="ce", input=(3, 2)), "numpy", (np.ones((1, 3, 2)), [[0, 1, -1]])),
    'the rows are 40,000 numbers and a script holds 20,000; give rows="…", the lines that make X and y':
        lambda: code(Net("3-1"), "numpy", (np.ones((10_000, 3)), np.ones(10_000))),
    'a script knows the losses of LOSSES; "huber" is your own':
        lambda: code(Net("3-1", loss=Huber(2.0)), "numpy", (X, Y)),
    'a script reads "bce" from the logits; the net ends in "relu"':
        lambda: code(Net("3-1", loss="bce", out="relu", strict=False), "torch", (X, Y)),
    'a script knows the squashes of ACTIVATIONS with a slope; it got "bump"':
        lambda: code(Net("3-2-1", hidden=Squash("bump", "e^−{z}", lambda z: exp(-z))), "torch", (X, Y)),
    "a script in numpy cannot print layer 1 (Own); it knows Dense, TokenDense, Activation, Flatten, Dropout, "
    "BatchNorm, LayerNorm, Conv2D, MaxPool, AvgPool, Embedding, Position, Pick, ScaledDotProduct, RNN, LSTM, GRU, "
    "Residual": lambda: code(Net(Own(), Dense(1), input=3), "numpy", (X, Y)),
    "a script in torch cannot print layer 1 (Padding); it knows Dense, TokenDense, Activation, Flatten, Dropout, "
    "BatchNorm, LayerNorm, Conv2D, MaxPool, AvgPool, Embedding, Position, Pick, ScaledDotProduct, RNN, LSTM, GRU, "
    "Residual": lambda: code(Net(Padding(), Dense(1), input=3), "torch", (X, Y)),
    "no seed draws these 20,699 weights, and a script holds 20,000 numbers; "
    "take net.fresh(seed), or net.tensors() beside a script of your own":
        lambda: code(Net("3-100-199-1", init="orthogonal"), "numpy", (X, Y)),
    "dropout has drawn from this net's chance already; take net.fresh(seed) for a script": drawn_from,
    "a fleet has no tensors of its own; take one net of it: fleet.member(0).tensors()":
        lambda: Net("3-1").fleet(2).tensors(),
}  # fmt: skip


@pytest.mark.parametrize("line", list(REFUSED))
def test_what_cannot_be_printed_is_refused_in_one_whole_sentence(line: str) -> None:
    with pytest.raises(LabError) as caught:
        REFUSED[line]()
    assert str(caught.value) == line


# --- tensors -----------------------------------------------------------------------------
def test_tensors_are_copies_that_lie_as_torch_wants_them() -> None:
    net = Net("2-3-1", seed=1)
    tensors = net.tensors()
    assert {name: a.shape for name, a in tensors.items()} == {
        "0.weight": (3, 2), "0.bias": (3,), "2.weight": (1, 3), "2.bias": (1,),
    }  # fmt: skip
    assert all(a.flags.c_contiguous and a.flags.owndata for a in tensors.values())
    tensors["0.weight"][:] = 9
    assert 9 not in net.theta


@pytest.mark.slow
@pytest.mark.parametrize("name", list(LAYERS))
def test_a_twin_in_torch_that_loads_the_tensors_gives_the_same_outputs(name: str) -> None:
    torch = pytest.importorskip("torch")
    layers, shape = LAYERS[name]
    net = Net(*layers, Dense(2), loss="mse", input=shape, seed=3)
    rows = RNG.normal(size=(7, *shape)), RNG.normal(size=(7, 2))
    room: dict[str, Any] = {}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code(net, "torch", rows, epochs=1), room)  # noqa: S102  # it makes the twin
        twin = room["net"]
        Trainer(net, rows, Adam(0.05)).fit(5)  # numbers that no draw gives
        state = {name: torch.tensor(a) for name, a in net.tensors().items()}
        twin.load_state_dict(state, strict="norm" not in name)
        twin.eval()
        assert twin(torch.tensor(rows[0])).detach().numpy() == pytest.approx(net.predict(rows[0]), abs=1e-12)
    finally:
        torch.set_default_dtype(torch.float32)


def test_the_four_lines_for_torch_in_the_docstring_hold() -> None:
    torch = pytest.importorskip("torch")
    nn, net = torch.nn, Net("2-3-1", seed=1)
    twin = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    state = {name: torch.tensor(a) for name, a in net.tensors().items()}
    twin.to(torch.float64).load_state_dict(state)
    assert twin(torch.tensor([[1.0, 2.0]], dtype=torch.float64)).item() == pytest.approx(net.predict([1, 2])[0])


def test_the_four_lines_for_safetensors_in_the_docstring_hold(tmp_path: Path) -> None:
    pytest.importorskip("safetensors")
    from safetensors.numpy import load_file, save_file

    net = Net(LSTM(3), BatchNorm(), Dense(1), input=(4, 2), seed=1)
    save_file(net.tensors(), tmp_path / "net.safetensors")
    tensors = load_file(tmp_path / "net.safetensors")
    assert all((tensors[name] == a).all() for name, a in net.tensors().items())


@pytest.mark.filterwarnings("ignore")  # of the exporter itself
def test_the_four_lines_for_onnx_in_the_docstring_hold(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnxscript")
    runtime = pytest.importorskip("onnxruntime")
    nn, net = torch.nn, Net("2-3-1", seed=1)
    twin = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)).to(torch.float64)
    twin.load_state_dict({name: torch.tensor(a) for name, a in net.tensors().items()})
    rows, file = torch.ones(1, 2, dtype=torch.float64), tmp_path / "net.onnx"
    torch.onnx.export(twin.eval(), (rows,), file, input_names=["x"], output_names=["yhat"])
    session = runtime.InferenceSession(file)
    assert session.run(None, {"x": rows.numpy()})[0].item() == pytest.approx(net.predict([1, 1])[0], abs=1e-12)
