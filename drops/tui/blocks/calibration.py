"""Predicted against actual recall: a line for each range of predictions, with how sure it is.

predicted   recalled                                        reviews
.80 – .85       .79   ├────●───◆──┤                              34
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from drops import scales
from drops.memory.honesty import Bin, Honesty
from drops.text import share
from drops.tui.base.ink import Inks, Line, Lines, written

LONGEST = 76
WIDEST = 44  # cells of the picture


def draw(made: Honesty, width: int, ink: Inks) -> Lines:
    """The sentence, the log-loss in words, and the picture with its reviews."""
    room = min(width, LONGEST)
    out = written(made.sentence, room, ink.text)
    if made.log_loss is None or made.constant_loss is None or not made.bins:
        return out
    out += [[], *_picture(made, width, ink), []]
    return out + written(in_words(made.log_loss, made.constant_loss), room, ink.dim)


def in_words(loss: float, constant: float) -> str:
    """Log-loss for people: against always saying the mean."""
    figures = f"Log-loss {share(loss)} a review; always saying your average would cost {share(constant)}"
    if loss < constant - 0.005:
        return f"{figures}: the predictions know which questions you will miss."
    if loss <= constant + 0.02:
        return f"{figures}: the predictions are as good as your average."
    return f"{figures}: the predictions miss you so far."


def _picture(made: Honesty, width: int, ink: Inks) -> Lines:
    head = f"{'predicted':<9}  {'recalled':>8}   "
    tail = f"{'reviews':>9}"
    columns = max(12, min(WIDEST, width - len(head) - len(tail)))
    low = min(0.5, *(one.least for one in made.bins))
    low = int(low * 10) / 10  # a round number at the axis' end
    scale = scales.Scale(low, 1.0, columns)
    out: Lines = [[Segment(f"{head}{'':<{columns}}{tail}", ink.dim)]]
    out += [_bin(one, scale, columns, ink) for one in made.bins]
    axis = [" "] * columns
    for mark in scales.ticks(low, 1.0, max(2, columns // 8)):
        label, at = share(mark), round(scale.place(mark))
        start = min(max(0, at - len(label) // 2), columns - len(label))
        axis[start : start + len(label)] = label
    out.append([Segment(" " * len(head) + "".join(axis), ink.dim)])
    legend: Line = [
        Segment("◆", ink.series[1]),
        Segment(" predicted   ", ink.dim),
        Segment("●", ink.series[0]),
    ]
    return [*out, [*legend, Segment(" recalled   ├─┤ its 95 % range", ink.dim)]]


def _bin(one: Bin, scale: scales.Scale, columns: int, ink: Inks) -> Line:
    least, most, actual, predicted = (
        min(columns - 1, max(0, round(scale.place(at))))
        for at in (one.least, one.most, one.actual, one.predicted)
    )
    cells: list[tuple[str, Style]] = [(" ", ink.dim)] * columns
    for at in range(least, most + 1):
        cells[at] = ("─", ink.dim)
    cells[least], cells[most] = ("├", ink.dim), ("┤", ink.dim)
    cells[predicted] = ("◆", ink.series[1])
    cells[actual] = ("●", ink.series[0])  # where both are, what was recalled is what counts
    return [
        Segment(f"{share(one.low):>3} – {share(one.high):<3}  {share(one.actual):>8}   ", ink.text),
        *(Segment(sign, style) for sign, style in cells),
        Segment(f"{one.reviews:>9,}", ink.text),
    ]
