"""How long each kind of exercise is, known without drawing one: Today is told before numpy is there.

A test holds every row equal to what is drawn.
"""

from __future__ import annotations

from typing import NamedTuple


class Length(NamedTuple):
    """What a whole exercise asks for and shows, from its prediction to its explanation."""

    fields: int      # numbers to type, or choices of a form to make
    clicks: int      # questions that are chosen, set or put in order
    words: int       # to read, beside the questions
    figures: int     # to look at, on pages that ask nothing
    pages: int
    typed: bool = True   # whether its graded question is typed
    clicked: int = 1     # clicks of its graded question, where it is not typed
    predicts: int = 1    # of the clicks: those not told right or wrong before it is seen


CASE = 7  # clicks of a case: gauges to open and to read, causes to strike off and to name, a change

LENGTHS: dict[str, Length] = {
    "neuron": Length(4, 2, 78, 1, 4),
    "region": Length(6, 3, 68, 1, 5),
    "chain": Length(5, 2, 88, 2, 4),
    "layout": Length(6, 2, 94, 3, 4),
    "hidden-layer": Length(6, 2, 30, 2, 4),
    "prediction": Length(2, 2, 26, 2, 4),
    "backprop": Length(7, 2, 45, 2, 4),
    "clinic": Length(0, CASE, 105, 1, 3, typed=False, clicked=CASE, predicts=CASE - 1),
    "vanishing": Length(4, 3, 123, 2, 5),
    "lab": Length(0, 1, 0, 0, 1, typed=False, predicts=0),
    "architecture": Length(9, 17, 192, 3, 12, typed=False, predicts=14),
}

# Of a kind that a parameter makes smaller: how many fields are left then.
SMALLER: dict[tuple[str, str, str | int], int] = {
    ("prediction", "inputs", 1): 1,
    ("architecture", "only", "contract"): 4,
}
