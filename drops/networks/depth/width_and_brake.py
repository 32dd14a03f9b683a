"""Width against the brake, measured on fresh Friedman tables.

200 rows to learn from, noise 2, ten columns of which five matter; widths 1, 4, 128
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from drops.exercises.blocks import Bar, Bars, Frame
from drops.exercises.figure import Drawing
from drops.networks.live import LIGHT, every, one_by_one
from drops.networks.nudged import Hold, nudgeable
from drops.networks.splits import Braked, Parts
from drops.text import number
from nnlab import Adam, Net, Trainer, data

LEARNED, COSTS = 0.5, 0.03  # R² of a net that has learned; what training too long costs it on fresh rows
WIDTHS = {"Ana": 1, "Ben": 4, "Cem": 128}
ROWS, HELD, STEPS = 200, (100, 300), 1000  # HELD: rows to validate and to test


@lru_cache(maxsize=4)
def friedman(seed: int, tables: int = 5, noise: float = 2.0) -> Parts:
    """Fresh tables, each split and scaled by its own training rows."""
    n = ROWS + sum(HELD)
    drawn = (data.friedman1(n, seed=100 * seed + i, noise=noise) for i in range(tables))
    return Parts.of(
        [
            d.split(test=HELD[1] / n, validation=HELD[0] / n, seed=i).standardised(target=True)
            for i, d in enumerate(drawn)
        ]
    )


def _trainer(parts: Parts, width: int, dtype: DTypeLike = float) -> Trainer:
    """One net a split, not yet trained."""
    sizes = f"{parts.train[0].shape[-1]}-{width}-1"
    net = Net(sizes, hidden="relu", loss="mse", seed=1, dtype=dtype).fleet(len(parts))
    return Trainer(net, parts.train, Adam(0.01), validation=parts.validation)


# ── the three, beside the sheet and live ─────────────────────────────────────────────────────


def draw_opinions(params: Mapping[str, Any]) -> Drawing:
    """```figure opinions: rows, hidden, p1 … → the rows there are, and the numbers that each of the three
    wants to learn from them; before they are counted, the units.
    """
    bars, counted = [Bar("rows", float(params["rows"]))], "hand" in params  # beside the sheet
    for i, (who, units) in enumerate(zip(WIDTHS, params["hidden"], strict=True), 1):
        wants = float(params.get(f"p{i}", math.nan)) if counted else float(units)
        note = f"{number(units)} hidden" if counted else ""
        bars.append(Bar(who, wants if math.isnan(wants) else max(0.0, wants), note))
    says = f"Rows to learn from, and {'numbers to learn' if counted else 'hidden units'}."
    return Drawing((Bars(tuple(bars), says, log=True),), {})


def race_widths(params: Mapping[str, Any]) -> Drawing:
    """```figure race-widths: seed → Ana, Ben and Cem on five fresh tables, to the end and with the brake."""

    def frames(again: int, hold: Hold) -> Iterator[Frame | None]:
        parts = friedman(int(params["seed"]) + again)
        yield None
        running: dict[str, Braked] = {}
        for who, width in WIDTHS.items():
            running[who] = Braked(hold(_trainer(parts, width, dtype=LIGHT)))
            yield None
        for share in every([_paced(training, who) for who, training in running.items()]):
            if share:
                told = yield from _told(running, parts)
                yield Frame(told, share, "Training goes on.", _too_long(told, share))
            else:
                yield None
        told = yield from _told(running, parts)
        yield Frame(told, 1.0, " ".join(bars.says for bars in told), _too_long(told, 1.0))

    prompt = "Three widths, five splits of a fresh table, without the brake and with it."
    return Drawing(run=nudgeable(prompt, frames, ("W1[1,1]", "b1[1]")))


def _told(running: Mapping[str, Braked], parts: Parts) -> Generator[None, None, tuple[Bars, ...]]:
    """How they stand, three times."""
    told: list[Bars] = []
    for title, rows, braked in (
        ("training rows, no brake", parts.train, False),
        ("fresh rows, no brake", parts.test, False),
        ("fresh rows, with the brake", parts.test, True),
    ):
        told.append((yield from _bars(title, running, rows, braked)))
    return tuple(told)


def _too_long(told: tuple[Bars, ...], share: float) -> str:
    """Who has lost on fresh rows what the brake keeps, by now."""
    _, unbraked, braked = told
    pairs = zip(unbraked.bars, braked.bars, strict=True)
    lost = [(kept.value - now.value, now.name) for now, kept in pairs if kept.value > LEARNED]
    most, name = max(lost, default=(0.0, ""))
    return f"{name}: training on costs fresh rows, step {STEPS * share:.0f}" if most >= COSTS else ""


def _paced(training: Braked, who: str) -> Iterator[float | None]:
    bite = 2 if who == "Cem" else 10  # each pull stays within a few milliseconds
    for i, share in enumerate(training.epochs(STEPS, every=bite)):
        yield share if i % (STEPS // bite // 30) == 0 else None


def _bars(title: str, running: Mapping[str, Braked], rows: Any, braked: bool) -> Generator[None, None, Bars]:
    bars = []
    judged = yield from one_by_one(training.score(rows, braked) for training in running.values())
    for who, scores in zip(running, judged, strict=True):
        width = WIDTHS[who]
        name = f"{who}, {width} unit{'s' if width > 1 else ''}"
        middle, spread = float(np.mean(scores)), float(np.std(scores))
        bars.append(Bar(name, middle, f"± {number(spread, 2)}", span=(middle - spread, middle + spread)))
    return Bars(
        tuple(bars),
        f"R² on {title}: " + "; ".join(f"{b.name}: {number(b.value, 2)}" for b in bars) + ".",
        f"R² on {title}",
        full=1.0,
        fixed=True,
    )


# ── claims ────────────────────────────────────────────────────────────────────────────────


def width_curve(width: int, tables: int = 20) -> Mapping[str, float]:
    """R² on fresh Friedman tables without and with the brake, medians."""
    parts = friedman(1, tables)
    training = Braked(_trainer(parts, width))
    for _ in training.epochs(STEPS, every=5):
        pass
    return {
        "train": float(np.median(training.score(parts.train, False))),
        "last": float(np.median(training.score(parts.test, False))),
        "braked": float(np.median(training.score(parts.test, True))),
        "best_step": float(np.median(training.step)),
        "runs": float(tables),
    }
