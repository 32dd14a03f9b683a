"""How the gauges of a case are written: each number beside the twin's, marked where they are apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from drops.exercises.blocks import Curve, Series, Sheet, Show, Words
from drops.networks.clinic.readings import GaugeReading
from drops.networks.clinic.trials import Score
from drops.text import number

TOP = 2.0  # a picture of the loss ends at so many times what knowing nothing costs, or its own start
APART, APART_SHARE = 3.0, 0.3  # two readings differ by so much where they are marked
MARK = "≠"
DASH = "–"


# ── numbers ───────────────────────────────────────────────────────────────────────────────

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def spell(value: float) -> str:
    """A gauge's number: 0.145, 2.3·10⁻⁶, or none. What has faded never reads as the 0 of what is dead."""
    if not np.isfinite(value):
        return "no number"
    size = abs(value)
    if value == 0 or 0.001 <= size < 9_999.5:  # two digits that count, so that what is marked can be seen
        return number(value, 4 if size < 0.01 else 3 if size < 10 else 1 if size < 1000 else 0)
    power = int(np.floor(np.log10(abs(value))))
    return f"{number(value / 10.0**power, 1)}·10{str(power).translate(_RAISED)}"


def share(value: float) -> str:
    """0.954 → 95 %."""
    return "no number" if not np.isfinite(value) else f"{value * 100:.0f} %"


class Cell(NamedTuple):
    """A number of a panel, and how it is written and compared."""

    value: float
    share: bool = False

    @property
    def text(self) -> str:
        return share(self.value) if self.share else spell(self.value)

    def apart(self, other: Cell) -> bool:
        """Whether the two are to be marked."""
        a, b = self.value, other.value
        if not (np.isfinite(a) and np.isfinite(b)):
            return bool(np.isfinite(a) != np.isfinite(b))
        if self.share:
            return abs(a - b) >= APART_SHARE - 1e-9
        small, large = sorted((abs(a), abs(b)))
        return large > 0 and (small == 0 or large / small >= APART)


Row = tuple[str, tuple[Cell, ...]]


def _beside(note: str, columns: Sequence[str], this: Sequence[Row], twin: Sequence[Row]) -> tuple[Show, ...]:
    """What is measured; each number beside the twin's, marked where they are apart; and as a sentence."""
    rows, says = [], []
    heads, lost = [head for column in columns for head in (column, "twin")], False
    for at, (name, cells) in enumerate(this):
        others = twin[at][1] if at < len(twin) else ()
        line, told = [name], []
        for k, cell in enumerate(cells):
            other = others[k] if k < len(others) else None
            mark = f" {MARK}" if other is not None and cell.apart(other) else ""
            dashed = len(columns) > 1 and not np.isfinite(cell.value)  # words take the other columns' room
            lost, text = lost or dashed, DASH if dashed else cell.text
            line += [f"{text}{mark}", other.text if other is not None else ""]
            column = f"{columns[k]} " if len(columns) > 1 else ""
            told.append(f"{column}{text}, twin {other.text if other is not None else 'none'}{mark}")
        rows.append((*line, *[""] * (1 + 2 * len(columns) - len(line))))
        says.append(f"{name}: {'; '.join(told)}")
    note += f" {DASH} is no number." if lost else ""
    return Words(note), Sheet(("", *heads), tuple(rows), f"{'. '.join(says)}.")


def _names(layers: int) -> list[str]:
    return [*(f"layer {i + 1}" for i in range(layers - 1)), "output"]


# ── panels ────────────────────────────────────────────────────────────────────────────────


def start(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    def rows(one: GaugeReading) -> list[Row]:
        return [("loss at the start", (Cell(one.start),)), ("knowing nothing costs", (Cell(one.ignorance),))]

    return _beside("Before the first step.", ("loss",), rows(r), rows(twin))


def curve(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    top = TOP * max(1.0, twin.start / twin.ignorance)
    curves = {"this net": r, "sound twin": twin}
    series = tuple(
        Series(name, tuple((at, loss / one.ignorance) for at, loss in one.curve))
        for name, one in curves.items()
    )
    told = "; ".join(f"{name} {_came(one)}" for name, one in curves.items())
    left = next((at for at, loss in r.curve if not loss / r.ignorance <= top), None)
    marks = () if left is None else ((left, top, "↑"),)
    return (
        Words("Loss on the training rows, in units of what knowing nothing costs."),
        Curve(series, "step", "loss", f"Loss in units of knowing nothing: {told}.", window=(0.0, top),
              ceiling=top, marks=marks),
    )  # fmt: skip


def _came(one: GaugeReading) -> str:
    """How a loss came down, in a few places."""
    places = [one.curve[i][1] / one.ignorance for i in (0, len(one.curve) // 4, len(one.curve) // 2, -1)]
    return " → ".join(map(spell, places))


def score(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    def rows(one: GaugeReading) -> list[Row]:
        used = one.used
        name = "right" if used.found else "of the differences explained"
        more = [(f"of class {k} found", (Cell(part, share=True),)) for k, part in enumerate(used.found)]
        return [(name, (Cell(used.right, share=True),)), *more, ("loss", (Cell(used.loss),))]

    return _beside("On new rows, after the training.", ("in use",), rows(r), rows(twin))


def gradients(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    return _beside("Size of each layer's gradient over all training rows, at the start.", ("gradient",),
                   _by_layer(r.gradients), _by_layer(twin.gradients))  # fmt: skip


def _by_layer(*columns: Sequence[float]) -> list[Row]:
    layers = zip(*columns, strict=True)
    return [(n, tuple(map(Cell, v))) for n, v in zip(_names(len(columns[0])), layers, strict=True)]


def units(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    def rows(one: GaugeReading) -> list[Row]:
        return [
            (f"layer {i}", (Cell(u.of), *(Cell(v, share=True) for v in (u.silent, u.alike, u.bending))))
            for i, u in enumerate(one.units, 1)
        ]

    columns = ("units", "silent", "alike", "bending")
    return _beside("Hidden units after the training.", columns, rows(r), rows(twin))


def steps(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    def rows(one: GaugeReading) -> list[Row]:
        first, later = one.moves
        ahead = (a / b if b > 0 else np.nan for a, b in zip(later.step, later.rule, strict=True))
        layers = _by_layer(first.step, tuple(ahead))
        losses = ("before", first.before), ("after", first.after)
        return [*layers, *((f"loss {when} step 1", (Cell(loss),)) for when, loss in losses)]

    note = (
        "Size of a step ÷ size of the weights: 0.001 to 0.1 is healthy. Later, about step "
        f"{r.moves[1].at}, a step as a multiple of rate × gradient."
    )
    return _beside(note, ("step 1", "later"), rows(r), rows(twin))


def weights(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    return _beside("Typical size of a weight.", ("at the start", "at the end"),
                   _by_layer(*r.weights), _by_layer(*twin.weights))  # fmt: skip


def columns(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    def rows(one: GaugeReading) -> list[Row]:
        found: list[Row] = []
        for c in one.columns:
            found += [(f"{c.name}: mean", (Cell(c.mean), Cell(c.use_mean))),
                      (f"{c.name}: spread", (Cell(c.spread), Cell(c.use_spread)))]  # fmt: skip
            if c.name != "target":
                agrees = Cell(c.agrees, share=True), Cell(c.use_agrees, share=True)
                found.append((f"{c.name}: agrees with target", agrees))
        return found

    known = dict(rows(twin))
    others = [(name, known.get(name, ())) for name, _ in rows(r)]
    return _beside("In training and in use.", ("training", "in use"), rows(r), others)


def batches(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    def rows(one: GaugeReading) -> list[Row]:
        half = -(-len(one.shares) // 2)
        found: list[Row] = [("rows in a batch", (Cell(one.batch),)),
                            ("next batch's loss: usual factor", (Cell(one.leap),))]  # fmt: skip
        if len(one.shares) > 1:
            parts = ("first", one.shares[:half]), ("last", one.shares[half:])
            found += [
                (f"class 1 in the {when} batches", (Cell(float(np.mean(p)), share=True),))
                for when, p in parts
            ]
        return found

    return _beside("How the rows come in.", ("reads",), rows(r), rows(twin))


def answers(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    def rows(one: GaugeReading) -> list[Row]:
        names = "lowest answer", "highest answer", "lowest target", "highest target"
        found: list[Row] = [(name, (Cell(v),)) for name, v in zip(names, one.range, strict=True)]
        return found + [(f"class {k} right", (Cell(v, share=True),)) for k, v in enumerate(one.held.found)]

    return _beside("After the training; classes on held-back rows.", ("reads",), rows(r), rows(twin))


def held_back(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    def rows(one: GaugeReading) -> list[Row]:
        def row(name: str, score: Score) -> Row:
            return name, (Cell(score.loss / one.ignorance), Cell(score.right, share=True))

        return [row("training rows", one.trained), row("held-back rows", one.held)]

    note = "After the training; the loss in units of what knowing nothing costs."
    return _beside(note, ("loss", "right"), rows(r), rows(twin))


def eight(r: GaugeReading, twin: GaugeReading) -> tuple[Show, ...]:
    def rows(one: GaugeReading) -> list[Row]:
        return [("loss on those eight", (Cell(one.eight),))]

    note = "Trained on eight rows only, for 400 steps: a machine that works learns them by heart."
    return _beside(note, ("loss",), rows(r), rows(twin))
