"""A goal of a figure: over its knobs, not met at the start, met by some setting; every lesson's is."""

import pytest

from drops.catalog import drawing
from drops.course.model import FigureFence
from drops.course.parse import library_folders, read
from drops.errors import DropsError
from drops.exercises.blocks import Figure, Knob, Words
from drops.exercises.goals import found_by, with_goal

KNOBS = (Knob("w", "w", -2, 2, 0.5, 1), Knob("b", "b", -4, 4, 0.5, -1))
FIGURE = Figure(KNOBS, lambda _: (Words("z"),), "Move it.")
LESSONS = [
    part
    for drop in read(library_folders(None)).library
    for section in drop.sections
    for part in section.parts
    if isinstance(part, FigureFence) and part.goal is not None
]


def the_figure(shown):
    (figure,) = (block for block in shown if isinstance(block, Figure) and block.goal is not None)
    return figure


def looked_for(says, when):
    figure = the_figure(with_goal((FIGURE,), says, when))
    return found_by(figure, figure.goal)


@pytest.mark.parametrize("fence", LESSONS, ids=lambda fence: f"{fence.name}-{fence.place.line}")
def test_every_goal_of_a_lesson_can_be_found_and_the_figure_can_be_drawn_there(fence):
    figure = the_figure(with_goal(drawing(fence.name, fence.params).show, *fence.goal))
    assert figure.says[-1] in ".?"
    assert figure.says[-2] not in ".?!"
    assert not figure.goal.reached({knob.name: knob.start for knob in figure.knobs})
    found = found_by(figure, figure.goal)
    assert all(found[knob.name] in (*knob.places, knob.start) for knob in figure.knobs)
    assert figure.goal.reached(found)
    assert figure.draw(found)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("w > 3", "a goal that no setting of the knobs meets; change it, or the knobs' ranges"),
        ("w/b == 100", "a goal that no setting of the knobs meets; change it, or the knobs' ranges"),
        ("w == 1", "a goal that is met before anything is turned; start the figure elsewhere"),
        ("v > 0", "“v” is no given and no line before it; there are b, w"),
    ],
)
def test_a_goal_that_cannot_be_is_refused_in_a_line(when, told):
    with pytest.raises(DropsError) as refused:
        looked_for("do it", when)
    assert str(refused.value) == told


def test_where_a_formula_has_no_value_the_goal_is_not_met():
    figure = the_figure(with_goal((FIGURE,), "let it cross at 2", "-b/w == 2"))
    assert not figure.goal.reached({"w": 0.0, "b": 1.0})
    assert figure.goal.reached({"w": 1.0, "b": -2.0})


def test_a_picture_without_knobs_has_no_goal():
    with pytest.raises(DropsError, match="a goal for a figure without knobs"):
        with_goal((Words("nothing to turn"),), "do it", "1")
