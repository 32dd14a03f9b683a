"""What the lessons about the 2-3-1 network claim, measured: layout, bends, outputs, losses, steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

import numpy as np

from drops.networks.birds import birds, right
from drops.networks.forward.backprop import Backprop
from drops.networks.forward.net231 import engine, one_silent, trace
from drops.networks.forward.net231_figures import HALF, Example
from drops.networks.forward.squares import loss_of
from drops.networks.splits import Parts
from nnlab import SGD, Adam, Net, Trainer, data

Figures = Mapping[str, float]


def table_on_its_side(nets: int = 50) -> Figures:
    """W₁ laid on its side: refused by a 2-3-1 net, taken without a word by a 3-3-1 net."""
    refused = changed = 0
    for seed in range(nets):
        tall, square = Net("2-3-1", seed=seed), Net("3-3-1", seed=seed)
        try:
            tall[0].W[:] = tall[0].W.T.copy()
        except ValueError:
            refused += 1
        X = np.random.default_rng(seed).normal(size=(20, 3))
        before = square.values(X)["z1"]
        square[0].W[:] = square[0].W.T.copy()
        changed += not np.allclose(before, square.values(X)["z1"])
    return {"refused": refused / nets, "changed": changed / nets, "numbers": float(Net("2-3-1").theta.size)}


def bends(nets: int = 200) -> Figures:
    """ŷ along x₁: where its slope changes, against where a unit switches on or off."""
    rng, found, at_switches = np.random.default_rng(6), 0, 0
    for _ in range(nets):
        net = one_silent(rng)
        x2 = net.x[0][1]
        switch = sorted(-(net.W1[j][1] * x2 + net.b1[j]) / net.W1[j][0] for j in range(3))
        grid = np.arange(switch[0] - 1.003, switch[-1] + 1, 0.01)
        y = engine(net).values(np.column_stack([grid, np.full(len(grid), x2)]))["yhat"][:, 0]
        bent = grid[1:-1][np.abs(np.diff(y, 2)) > 1e-9]
        found += len(bent) > 0
        at_switches += all(min(abs(b - s) for s in switch) < 0.011 for b in bent)
    return {"bent": found / nets, "only_at_switches": at_switches / nets}


def output_squash(seeds: int = 24, steps: int = 400) -> Figures:
    """Diabetes, 10-16-1, target standardised, the weights of the lowest validation loss: mean test R²
    over splits, with a linear, a ReLU and a sigmoid output."""
    splits = [data.load("diabetes").split(seed=s).standardised(target=True) for s in range(seeds)]
    parts = Parts.of(splits)
    found: dict[str, float] = {}
    for out in ("linear", "relu", "sigmoid"):
        fleet = Net("10-16-1", out=out, seed=1).fleet(seeds)
        trainer = Trainer(fleet, parts.train, Adam(0.01), validation=parts.validation)
        best, kept = np.full(seeds, np.inf), fleet.theta.copy()
        for event in trainer.epochs(steps, every=10):
            better = event.validation_loss < best
            best = np.where(better, event.validation_loss, best)
            kept[better] = fleet.theta[better]
        fleet.theta[...] = kept
        found[out] = float(np.mean(fleet.r2(*parts.test)))
    return found


def losses(shares: Sequence[float] = (0.9, 0.5, 0.1, 0.01)) -> Figures:
    """What −ln p costs, what knowing nothing costs, and how misses weigh."""
    found = {f"cost{k}": loss_of("bce", [p], [1]) for k, p in enumerate(shares, 1)}
    table = data.moons(200, seed=1)
    blank = Net("2-8-1", out="sigmoid", loss="bce", init="zeros")
    found |= {"nothing_known": float(blank.loss(*table)), "ln2": log(2)}
    ten, one = [1.0] * 10, [4.0] + [0.0] * 9
    zeros = [0.0] * 10
    found |= {"ten_of_1": loss_of("mse", ten, zeros), "one_of_4": loss_of("mse", one, zeros)}
    found |= {"ten_of_1_mae": loss_of("mae", ten, zeros), "one_of_4_mae": loss_of("mae", one, zeros)}
    twice = Net("2-3-1", seed=3)
    X, y = table
    found["doubled_batch"] = float(twice.loss(np.vstack([X, X]), np.concatenate([y, y])) - twice.loss(X, y))
    return found


def best_constant(values: Sequence[float] = (1, 1, 1, 1, 6), steps: int = 2000) -> Figures:
    """One number for all rows: where MSE settles, and where MAE does. The net is a bias alone."""
    X, found = np.zeros((len(values), 1)), dict[str, float]()
    for loss in ("mse", "mae"):
        net, rule = Net("1-1", loss=loss, seed=0), SGD(0.01)
        for _ in range(steps):
            net.step(X, list(values), rule)
        found[loss] = float(net.predict(X)[0])
    return found


def nudges(draws: int = 200, nudge: float = 1e-5) -> Figures:
    """Every gradient of drawn 2-3-1 nets against the loss after a nudge up and a nudge down."""
    rng, worst, silent = np.random.default_rng(9), 0.0, 0.0
    for _ in range(draws):
        row = Backprop.draw(rng, {})
        net = engine(row).copy()
        net.backward([row.x], [row.y])
        grad = net.grad.copy()
        for k in range(net.theta.size):
            old = net.theta[k]
            net.theta[k] = old + nudge
            up = net.loss([row.x], [row.y])
            net.theta[k] = old - nudge
            down = net.loss([row.x], [row.y])
            net.theta[k] = old
            worst = max(worst, float(abs((up - down) / (2 * nudge) - grad[k])))
        at, d = trace(row, row.x, row.y), row.dead
        names = (f"dW1[{d},1]", f"dW1[{d},2]", f"db1[{d}]", f"dW2[1,{d}]")
        silent = max(silent, *(abs(at[name]) for name in names))
    return {"worst": worst, "silent": silent, "draws": float(draws)}


def one_step(rates: Sequence[float] = (0.01, 0.05, 0.2), draws: int = 600) -> Figures:
    """The share of drawn nets whose loss falls by one whole step at each learning rate."""
    rng, falls = np.random.default_rng(9), np.zeros(len(rates))
    for _ in range(draws):
        drawn = one_silent(rng, most=4.0, among=(-3, -2, 2, 3))
        x = [drawn.x[0]]
        y = [trace(drawn, x[0])["yhat[1]"] - rng.choice([-1, -0.5, 0.5, 1])]
        fleet = engine(drawn).fleet(len(rates), lr=list(rates))
        before = engine(drawn).loss(x, y)
        fleet.step(x, y, SGD(np.array(rates)))
        falls += fleet.loss(x, y) < before
    return {f"falls{k}": float(share) for k, share in enumerate(falls / draws, 1)}


def hand_net(lr: float = 0.01) -> Figures:
    """The lessons' net on all 342 birds: how many it tells right, its loss and the range of ŷ, and what
    one step on all of them at once does."""
    X, y, net = birds("chinstrap").X, birds("chinstrap").y, engine(Example()).copy()
    yhat = np.round(net.predict(X), 9)
    found = {
        "right": _right(net), "loss": net.loss(X, y), "lowest": yhat.min(), "highest": yhat.max(),
        "unsure": np.abs(yhat - HALF).min(),
    }  # fmt: skip
    net.step(X, y, SGD(lr))
    found |= {"right_after": _right(net), "loss_after": net.loss(X, y)}
    return {name: float(value) for name, value in found.items()}


def one_bird(bird: int, lr: float = 0.01) -> Figures:
    """One bird through the lessons' net, by its place from 1: ŷ, the loss before a step on this bird alone
    and after, how many of the 13 gradients are 0, and how many birds are right then."""
    X, y, net = (
        birds("chinstrap").X[bird - 1 : bird],
        birds("chinstrap").y[bird - 1 : bird],
        engine(Example()),
    )
    moved, found = net.copy(), {"yhat": net.predict(X)[0], "before": net.loss(X, y)}
    moved.backward(X, y)
    found["untouched"] = int(np.sum(moved.grad == 0))
    for name in ("after", "second"):
        moved.step(X, y, SGD(lr))
        found |= {name: moved.loss(X, y), f"right_{name}": _right(moved)}
    return {name: float(value) for name, value in found.items()}


def _right(net: Net) -> int:
    return right("chinstrap", lambda X: np.round(net.predict(X), 9) > HALF)


def four_birds(numbers: Sequence[int]) -> Figures:
    """Some birds through the lessons' net: their mean squared miss, and the share that the last one pays."""
    rows = [n - 1 for n in numbers]
    X, y = birds("chinstrap").X[rows], birds("chinstrap").y[rows]
    squares = (engine(Example()).predict(X) - y) ** 2
    return {"mse": float(squares.mean()), "last_pays": float(squares[-1] / squares.sum())}


def fixed_share(p: float) -> Figures:
    """−ln p on the 342 birds where the same share is said of each, and how many are Chinstraps."""
    y = birds("chinstrap").y
    return {"loss": loss_of("bce", [p] * len(y), y.tolist()), "yes": float(y.sum())}
