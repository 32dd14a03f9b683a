"""The ward round: where it is wanted, a case a day, of the set of look-alikes that is remembered least.

Each set is an item of a drop of its own, which belongs to no path. Its cases are guided: what no lesson
has taught yet, an opened gauge says.

Light on purpose, as Today is: nothing here draws a case.
"""

from __future__ import annotations

from drops.course.model import Drop, ExerciseFence, Place
from drops.study import lasts

WARD = "ward"
CLINIC = "clinic"  # the kind whose items are cases
# why a case is asked that was never asked before
WANTED = "your ward round: a kind of case it has not had yet"


SAYS = {  # what a net of each set does, as a colleague would say it
    "runs away": "runs away",
    "lies flat": "lies flat",
    "stops early": "stops early",
    "ragged": "has a ragged curve",
    "number": "should give a number",
    "wrong in use": "is wrong in use",
    "rare class": "has a rare class",
}


def _fence(name: str) -> ExerciseFence:
    params = {"set": name, "guide": True}
    title = f"a net that {SAYS[name]}"
    return ExerciseFence(name.replace(" ", "-"), CLINIC, params, True, 2, title, Place(WARD, 1))


WARD_DROP = Drop(
    WARD, 0, "The ward round", "", 0.0, "what is wrong with a net", (), (), (), (),
    tuple(map(_fence, SAYS)), (), (), (), (), "", Place(WARD, 1),
)  # fmt: skip


def has_cases(drop: Drop) -> bool:
    """Whether a drop's lesson has a case."""
    return any(fence.kind == CLINIC for fence in drop.exercises)


def case_seconds(fence: ExerciseFence) -> float:
    """Seconds of a whole case at the common pace: asked, seen, and what it earned."""
    unit = lasts.exercise_unit("", fence)
    return unit.reads + unit.asks
