"""The engine beside what a learner would install instead: one thread, same weights, interleaved.

    python tests/benchmarks/engine.py [quick] [pinned]

Every line trains the same net on the same batches from the same weights. `peer ÷ ours` is the
ratio of medians over rounds that alternate; `loss Δ` is the largest difference of the two loss
trajectories, so that unequal work shows. Peers that are not installed are left out.

OpenBLAS (numpy, scikit-learn) and its rivals in the peers each choose the kernel for this
processor. Where the environment pins OpenBLAS to another one, the pin is lifted, as a learner
has none; `pinned` keeps it. "jax scan" compiles the whole loop, so nobody can look in between.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from nnlab import LSTM, SGD, Adam, Conv2D, Dense, Flatten, Net, ReLU, Trainer

QUICK = "quick" in sys.argv
HAS_TORCH, HAS_SKLEARN, HAS_JAX = (find_spec(name) is not None for name in ("torch", "sklearn", "jax"))
Losses = list[float]


@dataclass(frozen=True)
class Task:
    """One line of the table: sizes, squash, batch, rows, rule, epochs a round."""

    name: str
    sizes: tuple[int, ...]
    hidden: str
    batch: int
    rows: int
    rule: str
    lr: float
    epochs: int

    def data(self) -> tuple[Any, Any]:
        rng = np.random.default_rng(1)
        X = rng.normal(size=(self.rows, self.sizes[0]))
        if self.sizes[-1] > 1:
            return X, rng.integers(0, self.sizes[-1], self.rows)
        return X, (X[:, 0] * X[:, 1] > 0).astype(float)

    def net(self) -> Net:
        loss = "bce" if self.sizes[-1] == 1 else "ce"
        return Net("-".join(map(str, self.sizes)), hidden=self.hidden, loss=loss, seed=1)


TASKS = [
    Task("2-3-1 batch 4", (2, 3, 1), "relu", 4, 4, "sgd", 0.1, 400),
    Task("2-8-8-1 batch 10", (2, 8, 8, 1), "tanh", 10, 500, "sgd", 0.03, 8),
    Task("2-8-8-1 full 500", (2, 8, 8, 1), "tanh", 500, 500, "sgd", 0.1, 100),
    Task("30-64-32-1 Adam", (30, 64, 32, 1), "relu", 32, 448, "adam", 1e-3, 10),
    Task("784-128-10 Adam", (784, 128, 10), "relu", 64, 1024, "adam", 1e-3, 2),
]


def ours(task: Task) -> Callable[[], Losses]:
    X, y = task.data()
    rule = SGD(task.lr) if task.rule == "sgd" else Adam(task.lr)
    trainer = Trainer(task.net(), (X, y), rule, batch=task.batch, shuffle=False)

    def run() -> Losses:
        return [loss for event in trainer.epochs(task.epochs, every=50) for loss in event.losses]

    return run


def torch_net(task: Task) -> Any:
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    squash = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[task.hidden]
    parts: list[Any] = []
    for i, (a, b) in enumerate(pairwise(task.sizes)):
        layer, own = torch.nn.Linear(a, b), task.net()[i]
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(own.W))
            layer.bias.copy_(torch.tensor(own.b))
        parts += [layer, squash()]
    return torch.nn.Sequential(*parts[:-1])


def torch_eager(task: Task) -> Callable[[], Losses]:
    import torch

    net, (X, y) = torch_net(task), task.data()
    X, many = torch.tensor(X), task.sizes[-1] > 1
    y = torch.tensor(y) if many else torch.tensor(y)[:, None]
    loss_of = torch.nn.CrossEntropyLoss() if many else torch.nn.BCEWithLogitsLoss()
    kind = torch.optim.SGD if task.rule == "sgd" else torch.optim.Adam
    rule = kind(net.parameters(), lr=task.lr)

    def run() -> Losses:
        losses = []
        for _ in range(task.epochs):
            for start in range(0, task.rows, task.batch):
                rule.zero_grad()
                loss = loss_of(net(X[start : start + task.batch]), y[start : start + task.batch])
                loss.backward()
                rule.step()
                losses.append(loss.item())
        return losses

    return run


def jax_steps(task: Task, whole: bool) -> Callable[[], Losses]:
    """A jitted step per batch, or all of them in one compiled scan."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    own, (X, y), many = task.net(), task.data(), task.sizes[-1] > 1
    squash = {"relu": jax.nn.relu, "tanh": jnp.tanh}[task.hidden]
    start = [(jnp.array(own[i].W.T), jnp.array(own[i].b)) for i in range(len(task.sizes) - 1)]
    zeros = jax.tree.map(jnp.zeros_like, start)
    parts = -1, task.batch
    batches = jnp.array(X).reshape(*parts, task.sizes[0]), jnp.array(y).reshape(parts)

    def loss_of(theta: Any, x: Any, t: Any) -> Any:
        for W, b in theta[:-1]:
            x = squash(x @ W + b)
        z = x @ theta[-1][0] + theta[-1][1]
        if many:
            return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(z), t[:, None], 1))
        return jnp.mean(jnp.logaddexp(0, z[:, 0]) - t * z[:, 0])

    def step(now: Any, batch: Any) -> Any:
        theta, m, v, count = now
        loss, g = jax.value_and_grad(loss_of)(theta, *batch)
        count += 1
        if task.rule == "sgd":
            return (jax.tree.map(lambda w, d: w - task.lr * d, theta, g), m, v, count), loss
        m = jax.tree.map(lambda a, d: 0.9 * a + 0.1 * d, m, g)
        v = jax.tree.map(lambda a, d: 0.999 * a + 0.001 * d * d, v, g)
        c1, c2 = 1 - 0.9**count, 1 - 0.999**count
        return (
            jax.tree.map(lambda w, a, b: w - task.lr * (a / c1) / (jnp.sqrt(b / c2) + 1e-8), theta, m, v),
            m, v, count,
        ), loss  # fmt: skip

    def epoch(now: Any, _: Any) -> Any:
        return jax.lax.scan(step, now, batches)

    one = jax.jit(step)
    loop = jax.jit(lambda now: jax.lax.scan(epoch, now, None, length=task.epochs))
    now = start, zeros, zeros, jnp.array(0.0)
    rows = list(zip(*batches, strict=True))

    def stepped() -> Losses:
        nonlocal now
        losses = []
        for _ in range(task.epochs):
            for batch in rows:
                now, loss = one(now, batch)
                losses.append(float(loss))
        return losses

    def scanned() -> Losses:
        nonlocal now
        now, losses = loop(now)
        return [float(loss) for loss in np.asarray(losses).ravel()]

    return scanned if whole else stepped


def tutorial(task: Task) -> Callable[[], Losses]:
    """Numpy as tutorials write it: X @ W + b, fresh arrays, a list of layers."""
    net, (X, y) = task.net(), task.data()
    Ws = [net[i].W.T.copy() for i in range(len(task.sizes) - 1)]
    bs = [net[i].b.copy() for i in range(len(Ws))]
    state = [np.zeros_like(a) for a in Ws + bs], [np.zeros_like(a) for a in Ws + bs]
    count = 0
    many = task.sizes[-1] > 1
    T = np.eye(task.sizes[-1])[y] if many else y[:, None]

    def batch(x: Any, t: Any) -> float:
        nonlocal count
        hs = [x]
        for W, b in zip(Ws[:-1], bs[:-1], strict=True):
            z = hs[-1] @ W + b
            hs.append(np.maximum(z, 0) if task.hidden == "relu" else np.tanh(z))
        z = hs[-1] @ Ws[-1] + bs[-1]
        if many:
            e = np.exp(z - z.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            loss = -np.mean(np.log((p * t).sum(axis=1)))
        else:
            p = 1 / (1 + np.exp(-z))
            loss = -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
        d = (p - t) / len(x)
        dWs, dbs = [], []
        for i in reversed(range(len(Ws))):
            dWs.insert(0, hs[i].T @ d)
            dbs.insert(0, d.sum(axis=0))
            if i:
                d = d @ Ws[i].T
                d = d * (hs[i] > 0) if task.hidden == "relu" else d * (1 - hs[i] ** 2)
        count += 1
        for j, (W, g) in enumerate(zip(Ws + bs, dWs + dbs, strict=True)):
            if task.rule == "sgd":
                W[...] = W - task.lr * g
                continue
            m, v = state[0][j], state[1][j]
            m[:] = 0.9 * m + 0.1 * g
            v[:] = 0.999 * v + 0.001 * g**2
            W[...] = W - task.lr * (m / (1 - 0.9**count)) / (np.sqrt(v / (1 - 0.999**count)) + 1e-8)
        return float(loss)

    def run() -> Losses:
        steps = range(0, task.rows, task.batch)
        return [
            batch(X[s : s + task.batch], T[s : s + task.batch]) for _ in range(task.epochs) for s in steps
        ]

    return run


def interleaved(
    runs: dict[str, Callable[[], Losses]], rounds: int
) -> tuple[dict[str, float], dict[str, Losses]]:
    times: dict[str, list[float]] = {name: [] for name in runs}
    losses: dict[str, Losses] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = perf_counter()
            losses[name] += run()
            times[name].append(perf_counter() - start)
    return {name: median(t[1:] or t) for name, t in times.items()}, losses


def line(name: str, peer: str, ratio: float, unit: float, apart: float | None, must: str = "") -> None:
    delta = "" if apart is None else f"{apart:.1e}"
    print(f"{name:22}{peer:18}{ratio:9.2f}{unit:12.2f} µs{delta:>11}  {must}")


MUST = {
    ("2-3-1 batch 4", "torch eager"): 10, ("2-8-8-1 batch 10", "torch eager"): 10,
    ("2-8-8-1 full 500", "torch eager"): 8, ("30-64-32-1 Adam", "torch eager"): 6,
    ("784-128-10 Adam", "torch eager"): 1.4, ("2-3-1 batch 4", "tutorial numpy"): 2,
    ("2-8-8-1 batch 10", "tutorial numpy"): 2, ("2-3-1 batch 4", "scikit-learn"): 10,
    ("2-8-8-1 batch 10", "scikit-learn"): 6, ("2-8-8-1 full 500", "scikit-learn"): 6,
    ("30-64-32-1 Adam", "scikit-learn"): 3.3, ("784-128-10 Adam", "scikit-learn"): 1.3,
    ("grid of 19,200", "torch eager"): 3, ("grid of 19,200", "scikit-learn"): 2,
    ("LSTM 8, 20 steps", "torch eager"): 3, ("conv 28×28×1", "torch eager"): 0.75,
    ("conv 8×8×1", "torch eager"): 0.75, ("fleet of 128", "single step"): 5,
    ("recorded trace", "single step"): 1 / 3,
}  # fmt: skip


def must(name: str, peer: str, ratio: float) -> str:
    bar = MUST.get((name, peer))
    return "" if bar is None else f"must {bar:.3g}: {'ok' if ratio >= bar else 'MISSED'}"


def training() -> None:
    for task in TASKS:
        runs = {"ours": ours(task), "tutorial numpy": tutorial(task)}
        if HAS_TORCH:
            runs["torch eager"] = torch_eager(task)
        own = compare(task, runs)
        if HAS_SKLEARN:
            ratio = sklearn_fit(task)
            line(task.name, "scikit-learn", ratio, own, None, must(task.name, "scikit-learn", ratio))


def compiled() -> None:
    """Last and apart: once jax is loaded its threads disturb whoever runs after it."""
    for task in TASKS if HAS_JAX else []:
        runs = {"jax jit a step": jax_steps(task, False), "jax scan": jax_steps(task, True)}
        compare(task, {"ours": ours(task)} | runs)


def compare(task: Task, runs: dict[str, Callable[[], Losses]]) -> float:
    """Print our ratio to every peer; return our µs a step."""
    times, losses = interleaved(runs, 3 if QUICK else 9)
    own = times["ours"] / (task.epochs * -(-task.rows // task.batch)) * 1e6
    for peer in list(runs)[1:]:
        apart = float(np.max(np.abs(np.subtract(losses["ours"], losses[peer]))))
        ratio = times[peer] / times["ours"]
        line(task.name, peer, ratio, own, apart, must(task.name, peer, ratio))
    return own


def sklearn_fit(task: Task) -> float:
    """`fit` of both, from construction to the end; scikit-learn draws its own weights."""
    import warnings

    from sklearn.neural_network import MLPClassifier

    X, y = task.data()
    epochs = task.epochs if task.rows > task.batch else task.epochs * 2

    def theirs() -> Losses:
        net = MLPClassifier(
            task.sizes[1:-1], activation=task.hidden, solver=task.rule, batch_size=task.batch,
            learning_rate_init=task.lr, max_iter=epochs, alpha=0, momentum=0, tol=0,
            n_iter_no_change=10**9, shuffle=True, random_state=1,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            net.fit(X, y)
        return []

    def own() -> Losses:
        rule = SGD(task.lr) if task.rule == "sgd" else Adam(task.lr)
        Trainer(task.net(), (X, y), rule, batch=task.batch).fit(epochs)
        return []

    times, _ = interleaved({"ours": own, "theirs": theirs}, 3 if QUICK else 7)
    return times["theirs"] / times["ours"]


def grid() -> None:
    task = TASKS[1]
    net, points = task.net(), np.random.default_rng(0).uniform(-2, 2, (19_200, 2))
    peers: dict[str, Callable[[], Losses]] = {}
    if HAS_SKLEARN:
        peers["scikit-learn"] = sklearn_grid(task, points)
    for peer in ("scikit-learn", "torch eager"):
        if peer == "torch eager" and HAS_TORCH:
            peers[peer] = torch_grid(task, points)
        if peer not in peers:
            continue
        own: dict[str, Callable[[], Losses]] = {"ours": lambda: [float(net.predict(points).sum())]}
        times, sums = interleaved(own | {peer: peers[peer]}, 30)
        ratio = times[peer] / times["ours"]
        apart = abs(sums["ours"][0] - sums[peer][0]) / 19_200 if peer == "torch eager" else None
        name = "grid of 19,200"
        line(name, peer, ratio, times["ours"] * 1e6, apart, must(name, peer, ratio))


def torch_grid(task: Task, points: Any) -> Callable[[], Losses]:
    import torch

    twin, at = torch_net(task), torch.tensor(points)

    def theirs() -> Losses:
        with torch.no_grad():
            return [float(torch.sigmoid(twin(at)).sum())]

    return theirs


def sklearn_grid(task: Task, points: Any) -> Callable[[], Losses]:
    import warnings

    from sklearn.neural_network import MLPClassifier

    fitted = MLPClassifier(task.sizes[1:-1], activation=task.hidden, max_iter=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted.fit(*task.data())
    return lambda: [float(fitted.predict_proba(points)[:, 1].sum())]


def sequences_and_pictures() -> None:
    if not HAS_TORCH:
        return
    import torch

    rng = np.random.default_rng(2)
    cases: list[tuple[str, Net, tuple[int, ...], Callable[[Net], Any]]] = [
        ("LSTM 8, 20 steps", Net(LSTM(8), Dense(1), input=(20, 2), seed=1), (16, 20, 2), lstm_twin),
        (
            "conv 8×8×1",
            Net(Conv2D(8, 3), ReLU(), Flatten(), Dense(1), input=(1, 8, 8), seed=1),
            (32, 1, 8, 8),
            conv_twin,
        ),
        (
            "conv 28×28×1",
            Net(Conv2D(8, 3), ReLU(), Flatten(), Dense(1), input=(1, 28, 28), seed=1),
            (32, 1, 28, 28),
            conv_twin,
        ),
    ]
    for name, net, shape, twin in cases:
        X, y = rng.normal(size=shape), rng.normal(size=shape[0])
        model = twin(net)
        rule = torch.optim.SGD(model.parameters(), lr=1e-3)
        tX, ty = torch.tensor(X), torch.tensor(y)[:, None]
        trainer = Trainer(net, (X, y), SGD(1e-3))

        def run(trainer: Trainer = trainer) -> Losses:
            return list(next(trainer.epochs(50, every=50)).losses)

        def theirs(model: Any = model, rule: Any = rule, tX: Any = tX, ty: Any = ty) -> Losses:
            losses = []
            for _ in range(50):
                rule.zero_grad()
                loss = torch.nn.functional.mse_loss(model(tX), ty)
                loss.backward()
                rule.step()
                losses.append(loss.item())
            return losses

        times, losses = interleaved({"ours": run, "torch eager": theirs}, 3 if QUICK else 7)
        apart = float(np.max(np.abs(np.subtract(losses["ours"], losses["torch eager"]))))
        ratio = times["torch eager"] / times["ours"]
        line(name, "torch eager", ratio, times["ours"] / 50 * 1e6, apart, must(name, "torch eager", ratio))


def lstm_twin(net: Net) -> Any:
    import torch

    class Twin(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm, self.out = torch.nn.LSTM(2, 8, batch_first=True), torch.nn.Linear(8, 1)

        def forward(self, x: Any) -> Any:
            return self.out(self.lstm(x)[0][:, -1])

    twin = Twin()
    order = [0, 1, 3, 2]  # ours: i f o g; torch: i f g o
    W = net[0].W.reshape(4, 8, 10)[order].reshape(32, 10)
    with torch.no_grad():
        twin.lstm.weight_hh_l0.copy_(torch.tensor(W[:, :8].copy()))
        twin.lstm.weight_ih_l0.copy_(torch.tensor(W[:, 8:].copy()))
        twin.lstm.bias_ih_l0.copy_(torch.tensor(net[0].b.reshape(4, 8)[order].reshape(32).copy()))
        twin.lstm.bias_hh_l0.zero_()
        twin.lstm.bias_hh_l0.requires_grad_(False)  # torch has the bias twice
        _copy(twin.out, net[1])
    return twin


def conv_twin(net: Net) -> Any:
    import torch

    side = net.input[1]
    twin = torch.nn.Sequential(
        torch.nn.Conv2d(1, 8, 3), torch.nn.ReLU(), torch.nn.Flatten(),
        torch.nn.Linear(8 * (side - 2) ** 2, 1),
    )  # fmt: skip
    with torch.no_grad():
        twin[0].weight.copy_(torch.tensor(net[0].W.reshape(8, 1, 3, 3).copy()))
        twin[0].bias.copy_(torch.tensor(net[0].b.copy()))
        _copy(twin[3], net[1])
    return twin


def _copy(linear: Any, own: Dense) -> None:
    import torch

    linear.weight.copy_(torch.tensor(own.W.copy()))
    linear.bias.copy_(torch.tensor(own.b.copy()))


def own_ratios() -> None:
    X, y = np.random.default_rng(1).normal(size=(4, 2)), np.array([0.0, 1, 1, 0])
    single = Trainer(Net("2-3-1", loss="bce", seed=1), (X, y), SGD(0.1))
    fleet = Trainer(Net("2-3-1", loss="bce", seed=1).fleet(128), (X, y), SGD(0.1))
    net, rule = Net("2-3-1", loss="bce", seed=1), SGD(0.1)
    done = net.written("taught", 1)
    done.load(net.rows_of([1, 2]), np.array([1.0]))

    def one() -> Losses:
        return list(next(single.epochs(500, every=500)).losses)

    def many() -> Losses:
        next(fleet.epochs(100, every=100))
        return []

    def recorded() -> Losses:
        for _ in range(500):
            done.plan.record()
        return []

    def traced() -> Losses:
        for _ in range(500):
            net.trace([1, 2], 1)
        return []

    def stepped() -> Losses:
        for _ in range(500):
            net.step([[1, 2]], [1], rule)
        return []

    runs: dict[str, Callable[[], Losses]] = {
        "single": one, "fleet": many,
        "recorded": recorded, "traced": traced, "stepped": stepped,
    }  # fmt: skip
    times, _ = interleaved(runs, 9)
    step = times["single"] / 500
    per = times["fleet"] / 100 / 128
    recording = times["recorded"] / 500
    for name, own in (("fleet of 128", per), ("recorded trace", recording)):
        line(name, "single step", step / own, own * 1e6, None, must(name, "single step", step / own))
    checked, trace = times["stepped"] / 500, times["traced"] / 500
    line("net.trace", "net.step", checked / trace, trace * 1e6, None)


ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
}
PINS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def environment() -> dict[str, str]:
    """One thread, and the kernels that suit the processor: read when numpy is first imported."""
    kept = {k: v for k, v in os.environ.items() if "pinned" in sys.argv or k not in PINS}
    return kept | ONE_THREAD


def main() -> None:
    if dict(os.environ) != environment():
        os.execve(sys.executable, [sys.executable, *sys.argv], environment())  # noqa: S606  # this very script again
    pins = [f"{name}={os.environ[name]}" for name in PINS if name in os.environ]
    print("OpenBLAS:", ", ".join(pins) or "as it chooses for this processor")
    print(f"{'task':22}{'peer':18}{'peer ÷ ours':>9}{'ours':>11}{'loss Δ':>12}")
    grid()  # first: what torch loads changes how fast the others get memory
    training()
    sequences_and_pictures()
    own_ratios()
    compiled()


if __name__ == "__main__":
    main()
