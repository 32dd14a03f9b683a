"""The same in code, of a lesson's figure: a program that prints the figure's own numbers, as its knobs stand."""

from __future__ import annotations

import json
from itertools import islice

import pytest
from scripts import printed

from drops import catalog
from drops.course.model import FigureFence
from drops.errors import DropsError
from drops.exercises.blocks import Figure
from drops.networks.coded import PASSES, SUMS
from drops.networks.figures import FIGURES
from lessons import lessons


def has_program(fence: FigureFence) -> bool:
    """One of a table's rows, or a written one whose numbers are worked out from its knobs."""
    shown = catalog.drawing(fence.name, fence.params).show if fence.name == "written" else ()
    return fence.name in (*SUMS, *PASSES) or any(isinstance(b, Figure) and b.code is not None for b in shown)


FENCES = {
    f"{part.name} {json.dumps(part.params)}": part
    for drop in lessons()
    for section in drop.sections
    for part in section.parts
    if isinstance(part, FigureFence) and has_program(part)
}


def figure_of(fence: FigureFence) -> Figure:
    (figure,) = [one for one in catalog.drawing(fence.name, fence.params).show if isinstance(one, Figure)]
    assert figure.code is not None
    return figure


def start(figure: Figure) -> dict[str, float]:
    return {knob.name: knob.start for knob in figure.knobs}


def test_every_row_is_a_figure_and_stands_in_a_lesson():
    assert {*SUMS, *PASSES} <= {*FIGURES}
    assert {fence.name for fence in FENCES.values()} == {*SUMS, *PASSES, "written"}


@pytest.mark.parametrize("key", FENCES)
def test_the_program_of_a_figure_prints_the_numbers_of_the_figure(key):
    figure, numbers = figure_of(FENCES[key]), catalog.drawing(FENCES[key].name, FENCES[key].params).numbers
    said = printed(figure.code(start(figure)))
    assert said
    for label, value in said:
        if label in numbers:
            assert value == pytest.approx(numbers[label], rel=1e-6, abs=1e-9), label
    assert any(value == pytest.approx(number, rel=1e-6, abs=1e-9) for _, value in said for number in numbers.values())


@pytest.mark.parametrize("key", FENCES)
def test_it_runs_wherever_the_knobs_stand_and_tells_them_apart(key):
    figure = figure_of(FENCES[key])
    found = set()
    for knob in figure.knobs:
        for place in islice(knob.places, 0, None, max(1, len(knob.places) // 6)):
            try:
                text = figure.code({**start(figure), knob.name: place})
            except DropsError as problem:
                assert "no number at this setting" in str(problem)  # noqa: PT017  some places have none
                continue
            found.add(text)
            assert printed(text)
    assert len(found) > 1 or FENCES[key].name in ("nudge", "one-step", "masks", "look-up", "shared-sum")


def test_what_a_program_says_is_what_the_figure_says_where_it_is_turned():
    """The words under a figure, against the program at the same setting."""
    (fence,) = [fence for fence in FENCES.values() if {*fence.params.get("knobs", ())} == {"f", "i", "o"}]
    figure = figure_of(fence)
    v = {"f": 0.25, "i": 0.75, "o": 1.0}
    (words,) = [block.markdown for block in figure.draw(v) if type(block).__name__ == "Words"]
    after, out = (value for _, value in printed(figure.code(v)))
    assert f"= {after:g} stays in the cell" in words.replace("−", "-")
    assert f"= {out:g} is said" in words.replace("−", "-")
