"""What can be read of a network at work. A gauge is a row: its name, what it measures, its panel.

    gradients   layer 1  0.00008 · layer 7  0.36        it fades on its way to the front

The order is the order in which one looks: what costs nothing first. After Karpathy, A Recipe for
Training Neural Networks (2019), and his rule of thumb that a step is a thousandth of the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from drops.exercises.blocks import Sheet, Words
from drops.networks.clinic.faults import CaseProgram
from drops.networks.clinic.readings import GaugeReading, eight_rows, read
from drops.networks.clinic.trials import EARLY, Score
from drops.text import number

Panel = tuple[Words, Sheet]  # what is measured, and the numbers


class Meter(NamedTuple):
    """One gauge: what stands on it, and what is read behind it."""

    label: str
    panel: Callable[[CaseProgram, int], Panel]


# ── numbers ───────────────────────────────────────────────────────────────────────────────

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def spell(value: float) -> str:
    """A gauge's number: 0.145, 2.3·10⁻⁶, or none. What has faded never reads as the 0 of what is dead."""
    if not np.isfinite(value):
        return "no number"
    if value == 0 or 0.001 <= abs(value) < 9_999.5:
        return number(value, 3 if abs(value) < 10 else 1 if abs(value) < 1000 else 0)
    power = int(np.floor(np.log10(abs(value))))
    return f"{number(value / 10.0**power, 1)}·10{str(power).translate(_RAISED)}"


def share(value: float) -> str:
    """0.954 → 95 %."""
    return "no number" if not np.isfinite(value) else f"{value * 100:.0f} %"


def _sheet(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], note: str) -> Panel:
    """What is measured; the rows as a table, and as a sentence with the same numbers."""
    plain = len(columns) == 2  # what a lone column is called need not be said

    def line(row: tuple[str, ...]) -> str:
        values = [v if plain else f"{c} {v}" for c, v in zip(columns[1:], row[1:], strict=True) if v]
        return f"{row[0]}: {', '.join(values)}"

    return Words(note), Sheet(columns, tuple(rows), f"{'; '.join(map(line, rows))}.")


def _by_layer(columns: tuple[str, ...], values: Sequence[tuple[str, ...]], note: str) -> Panel:
    return _sheet(("", *columns), [(n, *v) for n, v in zip(_names(len(values)), values, strict=True)], note)


def _names(layers: int) -> list[str]:
    return [*(f"layer {i + 1}" for i in range(layers - 1)), "output"]


# ── panels ────────────────────────────────────────────────────────────────────────────────


def _gradients(r: GaugeReading) -> Panel:
    return _by_layer(
        ("at the start", f"after {EARLY} steps"),
        [(spell(a), spell(b)) for a, b in zip(*r.gradients, strict=True)],
        "Size of the gradient over all training rows.",
    )


def _units(r: GaugeReading) -> Panel:
    rows = [
        (f"layer {i}", share(u.silent), share(u.flat), share(u.alike), share(u.bending))
        for i, u in enumerate(r.units, 1)
    ]
    return _sheet(
        ("", "silent", "at a flat end", "alike", "bending"), rows, "Hidden units after the training."
    )


def _steps(r: GaugeReading) -> Panel:
    first, later = r.moves
    rows = [
        (name, spell(a), spell(b), spell(c))
        for name, a, b, c in zip(_names(len(first.step)), first.step, later.step, later.rule, strict=True)
    ]
    rows.append(("loss", _change(first.before, first.after), _change(later.before, later.after), ""))
    return _sheet(
        ("", "step 1", f"step {later.at}", "rate × gradient"), rows,
        "Size of a step ÷ size of the weights. In a sound program it is about 0.001 to 0.1, and "
        "as large as rate × gradient.",
    )  # fmt: skip


def _change(before: float, after: float) -> str:
    return f"{spell(before)} → {spell(after)}"


def _weights(r: GaugeReading) -> Panel:
    return _by_layer(
        ("at the start", "at the end"),
        [(spell(a), spell(b)) for a, b in zip(*r.weights, strict=True)],
        "Typical size of a weight.",
    )


def _columns(r: GaugeReading) -> Panel:
    rows = [
        (
            c.name, f"{spell(c.mean)} ± {spell(c.spread)}", f"{spell(c.use_mean)} ± {spell(c.use_spread)}",
            "" if c.name == "target" else f"{share(c.agrees)}, {share(c.use_agrees)}",
        )
        for c in r.columns
    ]  # fmt: skip
    columns = ("", "training", "new rows", "agrees with target")
    return _sheet(columns, rows, "Mean ± spread, and agreement with the target, in training and on new rows.")


def _batches(r: GaugeReading) -> Panel:
    rows = [("rows in a batch", str(r.batch)), ("loss of the next batch: usual factor", spell(r.leap))]
    if r.shares:
        half = -(-len(r.shares) // 2)
        rows += [("class 1 in the first batches", ", ".join(map(share, r.shares[:half])))]
        rows += (
            [("class 1 in the last batches", ", ".join(map(share, r.shares[half:])))] if r.shares[1:] else []
        )
    return _sheet(("", "reads"), rows, "How the rows come in.")


def _answers(r: GaugeReading) -> Panel:
    low, high, least, most = r.range
    rows = [
        ("its answers", f"{spell(low)} to {spell(high)}"),
        ("the targets", f"{spell(least)} to {spell(most)}"),
    ]
    rows += [(f"class {label}: right", share(part)) for label, part in enumerate(r.held.found)]
    return _sheet(("", "reads"), rows, "What it answers after the training; classes on held-back rows.")


def _held_back(r: GaugeReading) -> Panel:
    rows = [
        ("training rows", spell(r.trained.loss), _right(r.trained)),
        ("held-back rows", spell(r.held.loss), _right(r.held)),
    ]
    return _sheet(
        ("", "loss", "right"), rows, f"After the training; knowing nothing costs {spell(r.ignorance)}."
    )


def _right(score: Score) -> str:
    return share(score.right)


def _eight(loss: float) -> Panel:
    rows = [("loss on those eight", spell(loss))]
    return _sheet(
        ("", "reads"), rows, "Trained on eight rows only, for 400 steps: a machine that works learns them."
    )


def _reads(panel: Callable[[GaugeReading], Panel]) -> Callable[[CaseProgram, int], Panel]:
    return lambda program, seed: panel(read(program, seed))


GAUGES: Mapping[str, Meter] = {
    "gradients": Meter("gradients, layer by layer", _reads(_gradients)),
    "units": Meter("units, layer by layer", _reads(_units)),
    "steps": Meter("steps against weights", _reads(_steps)),
    "weights": Meter("size of the weights", _reads(_weights)),
    "columns": Meter("columns and target", _reads(_columns)),
    "batches": Meter("batches", _reads(_batches)),
    "answers": Meter("what it answers", _reads(_answers)),
    "held-back": Meter("training and held-back rows", _reads(_held_back)),
    "eight": Meter("training on eight rows", lambda program, seed: _eight(eight_rows(program, seed))),
}
