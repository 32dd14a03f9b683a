"""What "any function" leaves out, measured: width, range, jumps, and finding the weights.

f(x) = Σ weight · relu(x − kink)      a net of one hidden layer whose kinks one may place by hand
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Figure, Frame, Knob, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.birds import MEASURES, birds
from drops.networks.nets import points
from drops.networks.nudged import Hold, nudgeable
from drops.text import number
from nnlab import Adam, Fleet, Net, Trainer, data

LOW, HIGH, STEPS, LR = -2.0, 2.0, 1500, 0.01
SEEN = -1.6, 1.6  # the heights of a fit that are shown
CLOSE = 0.25  # the largest miss of one that follows the wave

# ── by hand ───────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=64)
def by_hand(kinks: tuple[float, ...], weights: tuple[float, ...], level: float = 0.0) -> Net:
    """A 1-n-1 ReLU net with unit input weights: one kink and one output weight a unit."""
    net = Net(f"1-{len(kinks)}-1", hidden="relu", loss="mse", init="zeros")
    net[0].W[:], net[0].b[:] = 1.0, -np.array(kinks)
    net[1].W[:], net[1].b[:] = np.array([weights]), level
    return net


def along(f: Callable[[Any], Any], width: int) -> Net:
    """A net that meets f at `width` + 1 places at equal distances; a kink at each but the last."""
    knots = np.linspace(LOW, HIGH, width + 1)
    slopes = np.diff(f(knots)) / np.diff(knots)
    weights = np.diff(slopes, prepend=0.0)
    return by_hand(tuple(knots[:-1].tolist()), tuple(weights.tolist()), float(f(knots[0])))


def hinges(kinks: tuple[float, ...], weights: tuple[float, ...], x: float) -> float:
    """Σ weight · relu(x − kink), by the engine."""
    return float(by_hand(kinks, weights).predict(np.array([x]))[0])


def bump_figure(params: Mapping[str, Any]) -> Drawing:
    """```figure bump: a, t, s → three hinges over the flippers, beside the share of Chinstraps there."""
    a, t, s = (float(params[name]) for name in "ats")
    flipper = MEASURES["flipper_length_mm"]
    knobs = (
        Knob("t", "hinge to hinge", 0.5, 2, 0.25, t),
        Knob("s", "slope s", 0.1, 1, 0.1, s),
        Knob("third", "third hinge", 0, 1, 1, 1, ("off", "on")),
    )
    xs = np.linspace(-3, 3.5, 66)
    dots = Series("Chinstraps", tuple((float(flipper.mm(f)), share) for f, share in flipper_shares()), "dots")

    def drawn(name: str, kinks: tuple[float, ...], weights: tuple[float, ...]) -> Series:
        return Series(name, points(flipper.mm(xs), by_hand(kinks, weights).predict(xs)))

    def draw(values: Mapping[str, float]) -> tuple[Show, ...]:
        t, s, third = values["t"], values["s"], values["third"]
        kinks, weights = (a, a + t, a + 2 * t), (s, -2 * s, s * third)
        parts = [
            drawn(name, (k,), (w,))
            for name, k, w in zip(("first", "second", "third"), kinks, weights, strict=True)
            if w
        ]
        top = number(float(flipper.mm(a + t)))
        ends = (
            f"0 from {number(float(flipper.mm(a + 2 * t)))} mm on."
            if third
            else "without the third hinge it runs off for ever."
        )
        cost = number(squared_loss(lambda f: by_hand(kinks, weights).predict(f)))
        says = f"The sum is {number(s * t)} at {top} mm and {ends} Squared loss {cost}."
        curve = Curve(
            (*parts, drawn("sum", kinks, weights), dots), flipper.says, "share", says, window=(-0.6, 0.9)
        )
        return curve, Words(says)

    kinks, weights = (a, a + t, a + 2 * t), (s, -2 * s, s)
    return Drawing(
        (Figure(knobs, draw, "Switch the third hinge off and follow the line to the right."),),
        {
            "top": hinges(kinks, weights, a + t),
            "half": hinges(kinks, weights, a + t / 2),
            "after": hinges(kinks, weights, a + 2 * t + 2),
            "loose": hinges(kinks[:2], weights[:2], a + 2 * t + 2),
            "loss": squared_loss(lambda f: by_hand(kinks, weights).predict(f)),
        },
    )


def draw_heights(params: Mapping[str, Any]) -> Drawing:
    """```figure heights: kinks, s, at, rise, peak, after, loose, hand → the places that are asked about, each
    height where it was found; with nothing left in hand the bump itself.
    """
    a, b, c = (float(kink) for kink in params["kinks"])
    s, last = float(params["s"]), float(params["at"][-1])
    low, high, top = a - (b - a), last + 1, abs(s) * (b - a + 4.0) + 2
    lines = [Series("the axis", ((low, 0.0), (high, 0.0)))]
    if not params.get("hand"):
        corners = (low, a, b, c, high)
        lines.append(Series("f", points(corners, (hinges((a, b, c), (s, -2 * s, s), x) for x in corners))))
    lines.append(Series("kinks", ((a, 0.0), (b, 0.0), (c, 0.0)), "dots"))
    asked = zip(("rise", "peak", "after", "loose"), params["at"], strict=True)
    marks = tuple(
        (float(x), float(params[name]), "without the third" if name == "loose" else "f")
        for name, x in asked
        if name in params
    )
    says = "The three kinks on the axis, and the heights that you found."
    return Drawing((Curve(tuple(lines), "x", "f(x)", says, marks=marks, window=(-top, top)),), {})


# ── flippers ──────────────────────────────────────────────────────────────────────────────


def flippers() -> tuple[Any, Any]:
    """f of every bird, in centimetres above 20, and 1 where it is a Chinstrap."""
    return birds("gentoo").X[:, 0], birds("chinstrap").y


@lru_cache(maxsize=1)
def flipper_shares() -> tuple[tuple[float, float], ...]:
    """(the middle of a bin of 5 mm, the share of Chinstraps in it), for each bin with birds."""
    f, y = flippers()
    bins = np.floor(np.round(2 * f, 9))
    return tuple((float(b / 2 + 0.25), float(y[bins == b].mean())) for b in np.unique(bins))


def squared_loss(said: Callable[[Any], Any]) -> float:
    """The mean squared miss of a function of f over all birds."""
    f, y = flippers()
    return float(np.mean((np.asarray(said(f)) - y) ** 2))


# ── trained ───────────────────────────────────────────────────────────────────────────────


def _trainer(width: int, target: Any, seeds: Sequence[int], spread: bool = True) -> Trainer:
    """`seeds` nets 1-width-1 about to learn `target`, (X, y)."""
    start: dict[str, Any] = {"init": "spread-kinks", "kinks": (LOW, HIGH)} if spread else {}
    net = Net(f"1-{width}-1", hidden="relu", loss="mse", **start).fleet(len(seeds), seeds=seeds)
    return Trainer(net, target, Adam(LR))


def wave(frequency: float = 3.0, n: int = 200) -> Any:
    return tuple(data.sine(n, frequency=frequency, low=LOW, high=HIGH))


def fit_and_leave(params: Mapping[str, Any]) -> Drawing:
    """```figure fit-and-leave: seed → sin(3x) fitted with 4, 16 and 64 units, the last as far as x = 6."""
    widths, seed = (4, 16, 64), int(params["seed"])

    def frames(again: int, hold: Hold) -> Iterator[Frame | None]:
        target = wave()
        for n, width in enumerate(widths):
            trainer = hold(_trainer(width, target, [seed + again]))
            for i, _ in enumerate(trainer.epochs(STEPS, every=25)):
                share = (n + (i + 1) * 25 / STEPS) / len(widths)
                yield _fit_frame(trainer.net, width, min(share, 0.99), HIGH) if i % 2 == 1 else None
        yield _fit_frame(trainer.net, widths[-1], 1.0, 6.0)

    prompt = "More and more units on sin(3x), then a look beyond the range."
    closes = "Where it was trained, more units come closer. Beyond, it goes straight on; the wave does not."
    return Drawing(run=nudgeable(prompt, frames, ("W1[1,1]", "b1[1]", "W2[1,1]"), closes=closes))


def draw_learned_range(params: Mapping[str, Any]) -> Drawing:
    """```figure learned-range: end → the wave as far as `end`, and how much of it was learned."""
    end = float(params["end"])
    x = np.linspace(min(LOW, end), max(HIGH, end), 121)
    says = f"sin(3x) as far as x = {number(end)}; it was learned from {number(LOW)} to {number(HIGH)}."
    line = Series("sin(3x)", points(x, wave_at(x)))
    return Drawing((Curve((line,), "x", "y", says, shaded=(LOW, HIGH)),), {})


@lru_cache(maxsize=16)
def _learned(seed: int) -> Fleet:
    """64 units that have learned the wave, as a run from this seed ends."""
    trainer = _trainer(64, wave(), [seed])
    trainer.fit(STEPS)
    net: Fleet = trainer.net
    return net


def draw_beyond(params: Mapping[str, Any]) -> Drawing:
    """```figure beyond: seed, end → what a net says that has learned the wave, as far as `end`."""
    end = float(params["end"])
    x = np.linspace(min(LOW, end), max(HIGH, end), 161)
    inside = np.linspace(LOW, HIGH, 81)
    says = f"What a net of 64 units says as far as x = {number(end)}."
    net = Series("the net", points(x, _learned(int(params["seed"])).predict(x)[0]))
    learned = Series("sin(3x), as learned", points(inside, wave_at(inside)))
    return Drawing((Curve((net, learned), "x", "y", says, shaded=(LOW, HIGH)),), {})


def _fit_frame(net: Any, width: int, share: float, end: float) -> Frame:
    x = np.linspace(LOW, end, 90)
    guess = net.predict(x)[0]
    truth = wave_at(x)
    inside = x <= HIGH
    says = (
        f"{width} units: largest miss inside the range "
        f"{number(float(np.abs(guess - truth)[inside].max()), 2)}."
    )
    if end > HIGH:
        last, true = float(guess[-1]), float(truth[-1])
        says += f" At x = {number(end)} the net says {number(last, 1)}; the true value is {number(true, 2)}."
    series = Series("sin(3x)", points(x, truth)), Series(f"{width} units", points(x, guess))
    window = None if end > HIGH else SEEN
    curve = Curve(series, "x", "y", says, shaded=(LOW, HIGH), window=window, across=(LOW, end))
    close = float(np.abs(guess - truth)[inside].max()) < CLOSE
    return Frame((curve, Words(says)), share, says, f"{width} units follow the wave" if close else "")


def wave_at(x: Any, frequency: float = 3.0) -> Any:
    return np.sin(frequency * x)


# ── claims ────────────────────────────────────────────────────────────────────────────────


def placed(width: int) -> Mapping[str, float]:
    """sin(3x) with `width` kinks placed by hand at equal distances: the largest miss."""
    x = np.linspace(LOW, HIGH, 2001)
    return {"miss": float(np.abs(along(wave_at, width).predict(x) - wave_at(x)).max())}


def fitted(width: int, seeds: int = 20, spread: bool = True) -> Mapping[str, float]:
    """sin(3x) learned from `seeds` starts: largest miss inside, and what is said at x = 6."""
    X, y = wave()
    trainer = _trainer(width, (X, y), range(seeds), spread)
    trainer.fit(STEPS)
    far = trainer.net.predict(np.array([6.0]))[:, 0]
    return {
        "miss": float(np.median(np.abs(trainer.net.predict(X) - y).max(axis=-1))),
        "at_6": float(np.median(far)),
        "far_off": float((np.abs(far - wave_at(6.0)) > 1).mean()),
        "true": float(wave_at(6.0)),
        "runs": float(seeds),
    }


def jump(width: int, seeds: int = 20) -> Mapping[str, float]:
    """A step from 0 to 1 at 0.01: the largest and the mean miss, medians over the starts."""
    x = np.linspace(LOW, HIGH, 200)
    y = (x > 0.01).astype(float)
    trainer = _trainer(width, (x[:, None], y), range(seeds))
    trainer.fit(STEPS)
    miss = np.abs(trainer.net.predict(x[:, None]) - y)
    return {
        "largest": float(np.median(miss.max(axis=-1))),
        "mean": float(np.median(miss.mean(axis=-1))),
        "runs": float(seeds),
    }


def fast_wave(width: int = 64, seeds: int = 20) -> Mapping[str, float]:
    """sin(12x): the mean squared miss of kinks placed by hand, and of trained ones."""
    X, y = wave(12.0, 400)
    trainer = _trainer(width, (X, y), range(seeds))
    trainer.fit(STEPS)
    return {
        "placed": float(along(lambda x: wave_at(x, 12.0), width).loss(X, y)),
        "trained": float(np.median(trainer.net.loss(X, y))),
        "runs": float(seeds),
    }


def xor_corners(width: int, seeds: int = 100) -> Mapping[str, float]:
    """The four corners of XOR with `width` ReLU units: the share of starts that learn all four."""
    X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
    trainer = Trainer(
        Net(f"2-{width}-1", hidden="relu", loss="bce", init="he").fleet(seeds), (X, y), Adam(0.01)
    )
    trainer.fit(2000)
    return {"share": float((trainer.net.accuracy(X, y) == 1).mean()), "runs": float(seeds)}


def random_labels(rows: int = 100, seeds: int = 20) -> Mapping[str, float]:
    """Labels tossed with a coin: accuracy on the rows learned and on fresh ones."""
    rng = np.random.default_rng(1)
    X, fresh = rng.normal(size=(rows, 10)), rng.normal(size=(1000, 10))
    y, fresh_y = rng.integers(0, 2, rows).astype(float), rng.integers(0, 2, 1000).astype(float)
    trainer = Trainer(Net("10-64-1", hidden="relu", loss="bce").fleet(seeds), (X, y), Adam(LR))
    trainer.fit(500)
    net = trainer.net
    return {
        "learned": float(np.median(net.accuracy(X, y))),
        "fresh": float(np.median(net.accuracy(fresh, fresh_y))),
        "runs": float(seeds),
    }


def flipper_bump(starts: int = 20) -> Mapping[str, float]:
    """Chinstraps by flipper alone: their share among short, middling and long ones, and the squared loss
    of always saying 0.2, of one trained neuron, and of three hinges placed by hand."""
    f, y = flippers()
    neuron = Net("1-1", loss="bce").fleet(starts)
    Trainer(neuron, (f[:, None], y), Adam(0.1)).fit(STEPS)
    said = neuron.predict(f[:, None])
    return {
        "below_190": float(y[f < -1].mean()),
        "near_200": float(y[np.abs(f) <= 0.5].mean()),
        "from_210": float(y[f >= 1].mean()),
        "constant": squared_loss(lambda f: np.full(len(f), 0.2)),
        "neuron": float(np.median([np.mean((one - y) ** 2) for one in said])),
        "neuron_most": float(said.max()),
        "bump": squared_loss(lambda f: by_hand((-1.0, 0.0, 1.0), (0.5, -1.0, 0.5)).predict(f)),
    }
