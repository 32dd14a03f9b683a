"""What a prediction names as its picture: the net that it asks about, as it is before it is trained."""

import pytest

from drops import catalog
from drops.catalog import drawing
from drops.exercises.blocks import Bars, Curve
from drops.networks.sequences import memory
from drops.networks.training import batch_norm
from lessons import lessons


def predicted(drop, seed):
    """The blocks beside the prediction of a drop's exercise, and its numbers."""
    fence = lessons().drop(drop).exercises[0]
    exercise = catalog.draw(fence.kind, seed, fence.params)
    (step,) = (step for step in exercise.steps(frozenset(), {}) if step.part == "predict")
    return step.show, dict(exercise.given)


def of(kind, shown):
    (one,) = (block for block in shown if isinstance(block, kind))
    return one


@pytest.mark.parametrize("seed", range(12))
def test_the_layers_of_the_net_that_is_asked_about_are_drawn_as_the_lesson_draws_them(seed):
    shown, given = predicted("batch-norm", seed)
    (figure,) = drawing("layer-sizes", {}).show
    knobs = {"start": batch_norm.STARTS.index(given["start"]), "norm": given["side"] == 2}
    assert of(Bars, shown) == figure.draw(knobs)[0]


@pytest.mark.parametrize("seed", range(12))
def test_rows_fade_in_a_row_of_layers_and_do_not_where_there_is_a_way_around(seed):
    shown, given = predicted("the-block", seed)
    curve = of(Curve, shown)
    ((_, first), *_, (last_layer, last)) = curve.series[0].points
    assert last_layer == (8 if given["kind"] == 2 else 40)
    assert (last > first) == (given["kind"] == 1)
    assert curve.window[1] > max(y for _, y in curve.series[0].points)


@pytest.mark.parametrize("seed", range(12))
def test_a_nudge_is_drawn_for_a_few_steps_and_asked_for_many(seed):
    shown, given = predicted("three-valves", seed)
    measured, *levels = of(Curve, shown).series
    kind = list(memory.MAKERS)[int(given["kind"])]
    assert measured.points == tuple(
        (back, memory.influence(kind, back, memory.STARTED)["moves"]) for back in memory.MEASURED
    )
    far = memory.influence(kind, memory.FAR)["moves"]
    nearest = min(memory.SHARES.values(), key=lambda share: abs(far / share - 1))
    assert {level.points[-1] for level in levels} >= {(memory.FAR, nearest)}
    assert far == pytest.approx(nearest, rel=0.15)


@pytest.mark.parametrize("seed", range(12))
def test_the_score_on_learned_rows_is_drawn_and_the_other_is_asked(seed):
    shown, given = predicted("weight-decay", seed)
    curve = of(Curve, shown)
    (line,) = curve.series
    ((x, y, _),) = curve.marks
    assert (x, y) in line.points
    assert x == (0, 3, 5)[int(given["side"])]
