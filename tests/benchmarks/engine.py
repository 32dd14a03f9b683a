"""The engine beside what a learner would install instead: one thread, same weights, interleaved.

    python tests/benchmarks/engine.py [quick] [pinned]

Every line trains the same net on the same batches from the same weights. `peer ÷ ours` is the
ratio of medians over rounds that alternate, in CPU time: with one thread each it is what a quiet
machine's clock shows, and busy neighbours hardly count. `loss Δ` is the largest difference of the
two loss trajectories, so that unequal work shows. Peers that are not installed are left out.

OpenBLAS (numpy, scikit-learn) and its rivals in the peers each choose the kernel for this
processor. Where the environment pins OpenBLAS to another one, the pin is lifted, as a learner
has none; `pinned` keeps it. "jax scan" compiles the whole loop, so nobody can look in between.
"""

import os
import pickle
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from peers import Run, jax_steps, sklearn_net, torch_eager, torch_twin, tutorial

from nnlab import (
    LSTM,
    SGD,
    Adam,
    Conv2D,
    Dense,
    Flatten,
    LayerNorm,
    Net,
    ReLU,
    Residual,
    TokenDense,
    Trainer,
    multi_head,
)
from nnlab.optim import Optimiser

QUICK = "quick" in sys.argv
HAS = {name: find_spec(name) is not None for name in ("torch", "sklearn", "jax")}
NUMPY, TORCH, SKLEARN = "tutorial numpy", "torch eager", "scikit-learn"


@dataclass(frozen=True)
class Task:
    """A net, what it learns from, and the bar each peer has to be beaten by."""

    name: str
    net: Callable[[], Net]
    rows: int
    batch: int
    epochs: int  # a round
    rule: Optimiser
    must: Mapping[str, float] = field(default_factory=dict)

    def data(self) -> tuple[Any, Any]:
        rng, net = np.random.default_rng(1), self.net()
        X = rng.normal(size=(self.rows, *net.input))
        if net.loss_kind.labels:
            *places, classes = net.output
            return X, rng.integers(0, classes, (self.rows, *places))
        if net.loss_kind.name == "mse":
            return X, rng.normal(size=self.rows)
        return X, (X[:, 0] * X[:, 1] > 0).astype(float)

    def batches(self) -> list[slice]:
        return [slice(at, at + self.batch) for at in range(0, self.rows, self.batch)]


def dense(sizes: str, hidden: str = "relu") -> Callable[[], Net]:
    return lambda: Net(sizes, hidden=hidden, loss="ce" if sizes.endswith("10") else "bce", seed=1)


def picture(side: int) -> Callable[[], Net]:
    return lambda: Net(Conv2D(8, 3), ReLU(), Flatten(), Dense(1), input=(1, side, side), seed=1)


def sequence() -> Net:
    return Net(LSTM(8), Dense(1), input=(20, 2), seed=1)


def block() -> Net:
    """Attention and a small net, each with a norm before it and a way around it; a loss at every place."""
    return Net(
        Residual(LayerNorm(), *multi_head(32, 4, causal=True)),
        Residual(LayerNorm(), TokenDense(128), ReLU(), TokenDense(32)),
        LayerNorm(), TokenDense(10), loss="ce", input=(16, 32), seed=1,
    )  # fmt: skip


DENSE = [
    Task("2-3-1 batch 4", dense("2-3-1"), 4, 4, 400, SGD(0.1), {TORCH: 10, NUMPY: 2, SKLEARN: 10}),
    Task("2-8-8-1 batch 10", dense("2-8-8-1", "tanh"), 500, 10, 8, SGD(0.03),
         {TORCH: 10, NUMPY: 2, SKLEARN: 6}),
    Task("2-8-8-1 full 500", dense("2-8-8-1", "tanh"), 500, 500, 100, SGD(0.1), {TORCH: 8, SKLEARN: 6}),
    Task("30-64-32-1 Adam", dense("30-64-32-1"), 448, 32, 10, Adam(1e-3), {TORCH: 6, SKLEARN: 3.3}),
    Task("784-128-10 Adam", dense("784-128-10"), 1024, 64, 2, Adam(1e-3), {TORCH: 1.4, SKLEARN: 1.3}),
]  # fmt: skip
OTHERS = [
    Task("LSTM 8, 20 steps", sequence, 16, 16, 50, SGD(1e-3), {TORCH: 3}),
    Task("conv 8×8×1", picture(8), 32, 32, 50, SGD(1e-3), {TORCH: 0.75}),
    Task("conv 28×28×1", picture(28), 32, 32, 50, SGD(1e-3), {TORCH: 0.75}),
    Task("block 32, batch 8", block, 32, 8, 10, SGD(1e-3), {TORCH: 1.2}),
    Task("block 32, batch 32", block, 128, 32, 5, SGD(1e-3), {TORCH: 1.2}),
]


def ours(task: Task) -> Run:
    trainer = Trainer(task.net(), task.data(), task.rule, batch=task.batch, shuffle=False)
    return lambda: [loss for e in trainer.epochs(task.epochs, every=50) for loss in e.losses]


def interleaved(
    runs: Mapping[str, Callable[[], Any]], rounds: int
) -> tuple[dict[str, float], dict[str, Any]]:
    """CPU seconds of each run (median after the first round) and all that it gave."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    given: dict[str, list[Any]] = {name: [] for name in runs}
    for _ in range(2 if QUICK else rounds):
        for name, run in runs.items():
            start = process_time()
            given[name] += run() or []
            times[name].append(process_time() - start)
    return {name: median(t[1:]) for name, t in times.items()}, given


def line(name: str, peer: str, ratio: float, unit: float, apart: float | None, bar: float | None) -> None:
    delta = "" if apart is None else f"{apart:.1e}"
    held = "" if bar is None else f"must {bar:.3g}: {'ok' if ratio >= bar else 'MISSED'}"
    print(f"{name:22}{peer:18}{ratio:9.2f}{unit * 1e6:12.2f} µs{delta:>11}  {held}")


def compare(task: Task, peers: Mapping[str, Run]) -> None:
    times, losses = interleaved({"ours": ours(task), **peers}, 9)
    for peer in peers:
        apart = float(np.max(np.abs(np.subtract(losses["ours"], losses[peer]))))
        step = times["ours"] / (task.epochs * len(task.batches()))
        line(task.name, peer, times[peer] / times["ours"], step, apart, task.must.get(peer))


def compare_fit(task: Task) -> None:
    """`fit` of both, from construction to the end."""
    (X, y), epochs = task.data(), task.epochs * (2 if task.rows == task.batch else 1)

    def theirs() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sklearn_net(task, epochs).fit(X, y)

    def own() -> None:
        Trainer(task.net(), (X, y), task.rule, batch=task.batch).fit(epochs)

    times, _ = interleaved({"ours": own, "theirs": theirs}, 7)
    step = times["ours"] / (epochs * len(task.batches()))
    line(task.name, SKLEARN, times["theirs"] / times["ours"], step, None, task.must.get(SKLEARN))


def grid() -> None:
    """The decision map: 19,200 points through 2-8-8-1. Each peer beside us by itself, scikit-learn
    first: what torch loads changes how fast the others get memory."""
    task, points = DENSE[1], np.random.default_rng(0).uniform(-2, 2, (19_200, 2))
    net, peers = task.net(), {}
    if HAS["sklearn"]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = sklearn_net(task, 1).fit(*task.data())
        peers[SKLEARN] = (2, lambda: lambda: [float(fitted.predict_proba(points)[:, 1].sum())])
    if HAS["torch"]:
        peers[TORCH] = (3, lambda: torch_grid(net, points))
    for peer, (bar, made) in peers.items():
        runs = {"ours": lambda: [float(net.predict(points).sum())], peer: made()}
        times, sums = interleaved(runs, 30)
        apart = abs(sums["ours"][0] - sums[peer][0]) / 19_200 if peer == TORCH else None
        line("grid of 19,200", peer, times[peer] / times["ours"], times["ours"], apart, bar)


def torch_grid(net: Net, points: Any) -> Run:
    import torch

    twin, at = torch_twin(net), torch.tensor(points)

    def run() -> list[float]:
        with torch.no_grad():
            return [float(torch.sigmoid(twin(at)).sum())]

    return run


def own_ratios() -> None:
    """What a fleet saves, and what a trace costs, against a step of a single 2-3-1."""
    X, y = np.random.default_rng(1).normal(size=(4, 2)), np.array([0.0, 1, 1, 0])
    net, rule = Net("2-3-1", loss="bce", seed=1), SGD(0.1)
    single, fleet = (Trainer(one, (X, y), SGD(0.1)) for one in (net.copy(), net.fleet(128)))
    taught = net.prepare("taught", 1)
    taught.load(net.rows_of([1, 2]), np.array([1.0]))
    each = {
        "single": (500, lambda: next(single.epochs(500, every=500))),
        "fleet of 128": (100 * 128, lambda: next(fleet.epochs(100, every=100))),
        "recorded trace": (500, lambda: [taught.plan.record() for _ in range(500)]),
        "net.trace": (500, lambda: [net.trace([1, 2], 1) for _ in range(500)]),
        "net.step": (500, lambda: [net.step([[1, 2]], [1], rule) for _ in range(500)]),
    }
    runs = {name: lambda run=run: run() and None for name, (_, run) in each.items()}
    times = {name: time / each[name][0] for name, time in interleaved(runs, 9)[0].items()}
    for name, beside, bar in (
        ("fleet of 128", "single", 5), ("recorded trace", "single", 1 / 3), ("net.trace", "net.step", None),
    ):  # fmt: skip
        line(name, beside, times[beside] / times[name], times[name], None, bar)


BY_HAND = [
    Task("2-3-1 b4", dense("2-3-1"), 400, 4, 1, SGD(0.001)),
    Task("2-8-8-1 b10", dense("2-8-8-1", "tanh"), 500, 10, 1, SGD(0.001)),
    Task("2-8-8-10 b10", dense("2-8-8-10", "tanh"), 500, 10, 1, SGD(0.001)),
]


def steps_by_hand(task: Task) -> tuple[list[Any], Run, Run]:
    """The batches of an epoch, each new rows for `net.step`; four epochs so, and by a Trainer."""
    (X, y), net, rule = task.data(), task.net(), task.rule
    trainer = Trainer(net.copy(), (X, y), rule, batch=task.batch)
    batches = [(X[at], y[at]) for at in task.batches()]
    by_hand = lambda: [net.step(*rows, rule) for _ in range(4) for rows in batches] and []  # noqa: E731
    return batches, by_hand, lambda: list(trainer.epochs(4, every=4)) and []


def film_and_fleets() -> None:
    """A step by hand, exact GELU and a fleet of 20 beside what they are measured by; a snapshot of a film."""
    pairs: list[tuple[str, str, float, int, Run, Run]] = [
        (f"net.step, {task.name}", "a Trainer's step", 0.5, 4 * len(by_hand), *runs)
        for task in BY_HAND for by_hand, *runs in [steps_by_hand(task)]]  # fmt: skip
    moons = Task("", dense("2-8-8-1", "tanh"), 500, 10, 8, SGD(0.03)).data()
    for batch, epochs in ((10, 8), (500, 200)):
        how = {by: Trainer(dense("2-8-8-1", by)(), moons, SGD(0.03), batch=batch) for by in ("gelu", "tanh")}
        pairs.append((f"exact GELU, batch {batch}", "tanh", 0.5, epochs * 500 // batch, *(
            lambda one=one, n=epochs: list(one.epochs(n, every=n)) and [] for one in how.values())))  # fmt: skip
    for task in DENSE[:4]:
        one = task.net()
        fleet = Trainer(one.fleet(20), task.data(), task.rule, batch=task.batch, shuffle=False)
        each = [Trainer(one.fresh(i), task.data(), task.rule, batch=task.batch, shuffle=False) for i in range(20)]
        epochs = max(1, task.epochs // 10)
        pairs.append((f"fleet of 20, {task.name}", "a loop", 1, 20 * epochs * len(task.batches()),
            lambda fleet=fleet, epochs=epochs: list(fleet.epochs(epochs, every=50)) and [],
            lambda each=each, epochs=epochs: [list(t.epochs(epochs, every=50)) for t in each] and []))  # fmt: skip
    for name, beside, bar, steps, ours, theirs in pairs:
        times, _ = interleaved({"ours": ours, "theirs": theirs}, 9)
        line(name[:22], beside, times["theirs"] / times["ours"], times["ours"] / steps, None, bar)
    film = Trainer(dense("2-8-8-1", "tanh")(), moons, Adam(0.01), batch=10)
    list(film.steps(77))
    start = process_time()
    snapshots = [film.kept() for _ in range(2000)]
    kept, start = (process_time() - start) / 2000, process_time()
    for snapshot in snapshots:
        film.put_back(snapshot)
    back, size = (process_time() - start) / 2000, len(pickle.dumps(snapshots[0]))
    held = "ok" if kept <= 60e-6 and size <= 5000 else "MISSED"
    print(f"{'a snapshot, 2-8-8-1':22}{kept * 1e6:.1f} µs kept, {back * 1e6:.1f} µs put back, {size} bytes  "
          f"must 60 µs, 5,000 bytes: {held}")  # fmt: skip


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
    grid()
    for task in DENSE:
        compare(task, {NUMPY: tutorial(task)} | ({TORCH: torch_eager(task)} if HAS["torch"] else {}))
        if HAS["sklearn"]:
            compare_fit(task)
    for task in OTHERS if HAS["torch"] else []:
        compare(task, {TORCH: torch_eager(task)})
    own_ratios()
    film_and_fleets()
    for task in DENSE if HAS["jax"] else []:  # last: once jax is loaded its threads disturb who runs after it
        compare(task, {"jax jit a step": jax_steps(task, False), "jax scan": jax_steps(task, True)})


if __name__ == "__main__":
    main()
