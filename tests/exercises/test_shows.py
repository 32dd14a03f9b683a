"""Every run of every lesson as a show: its scales stand still, what it speaks of moves, what decides has a name."""

from functools import cache
from itertools import pairwise

import pytest

from drops import catalog
from drops.course.model import ExerciseFence
from drops.exercises import fading
from drops.exercises.blocks import Bars, Beside, Curve, Frame, Matrix, Run, Surface
from drops.networks.sequences.grammar import PARTS, draw_writer
from lessons import lessons

pytestmark = pytest.mark.slow
# many nets, one after another
UNDECIDED = {"tabular-architecture/design-and-defend"}
UNDECIDED |= {"one-size/by-hand", "batches/counted"}  # the answer can be that none comes ahead
FENCES = {
    key: item for drop in lessons() for key, item in drop.items.items() if isinstance(item, ExerciseFence)
}


@cache
def shows() -> dict[str, tuple[Frame, ...]]:
    """The moments of the run of every exercise of the lessons, from one start; of the clinic, of one case."""
    found, cases = {}, 0
    for name, item in FENCES.items():
        cases += item.kind == "clinic"
        if item.kind == "clinic" and cases > 1:
            continue
        for step in fading.steps(catalog.draw(item.kind, 3, item.params), 2, {}):
            if isinstance(step.ask, Run):
                found[name] = tuple(frame for frame in step.ask.frames(3) if frame is not None)
    return found


def scales_of(shown):
    """What the pictures of a moment are drawn by: of each its ranges, and what is drawn longest or darkest."""
    for block in shown:
        match block:
            case Beside():
                yield from scales_of(block.blocks)
            case Curve():
                yield "curve", block.window, block.across, block.log_y
            case Bars():
                yield "bars", block.full, block.fixed or None, [bar.name for bar in block.bars]
            case Matrix():
                yield "matrix", block.full or None, block.rows, block.columns
            case Surface():
                yield "map", block.x_range, block.y_range, block.low, block.high
            case _:
                pass


def test_no_scale_changes_while_a_run_plays():
    """What moves is what is learned. At its end a run may look further; before, it does not."""
    assert len(shows()) > 25
    for name, frames in shows().items():
        first = [*scales_of(frames[0].show)]
        assert first, name
        assert not [by for kind, *by in first if None in by], name
        assert all([*scales_of(frame.show)] == first for frame in frames[:-1]), name


def test_something_moves_in_every_quarter_of_a_run():
    for name, frames in shows().items():
        quarters = [
            [frame.show for frame in frames if frame.done <= part / 4 + 1e-9][-1:] for part in range(5)
        ]
        stands = [frames[0].show, *(shown[0] for shown in quarters if shown)]
        assert all(before != after for before, after in pairwise(stands[-4:])), name


def test_a_run_names_the_moment_that_decides_before_its_end():
    named = {name: [frame.done for frame in frames if frame.moment] for name, frames in shows().items()}
    late = {name for name, at in named.items() if not at or at[0] > 0.95}
    assert late <= UNDECIDED


@pytest.mark.parametrize(
    ("kind", "moment"),
    [
        ("block", "the verbs follow the first noun"),
        ("RNN", "it knows which kind of word comes next"),  # and which verb that is it never knows
        ("small net only", "it knows which kind of word comes next"),
    ],
)
def test_every_writer_names_what_it_learns_and_writes_as_many_sentences_as_were_foretold(kind, moment):
    run = draw_writer({"kind": list(PARTS).index(kind)}).run
    frames = [frame for frame in run.frames(3) if frame is not None]
    named = [frame for frame in frames if frame.moment]
    assert named[0].moment == moment
    assert named[0].done < 0.95
    assert "Of 100 sentences that it wrote" in frames[-1].says
