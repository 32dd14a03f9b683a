"""What is foretold before a run is about that run, and its right answer is what the run then shows."""

from math import inf, log

import pytest

from drops import catalog
from drops.exercises.blocks import Choice, Curve, Run
from lessons import lessons

KNOWING_NOTHING = 1.0861  # of the wines: their vineyards are not of one size


def drawn(drop, name, value):
    """The exercise of a drop where the given `name` came out as `value`."""
    fence = lessons().drop(drop).exercises[0]
    for seed in range(200):
        exercise = catalog.draw(fence.kind, seed, fence.params)
        if dict(exercise.given)[name] == value:
            return exercise
    raise AssertionError(f"{name} = {value} was not drawn")


def asked(exercise):
    """The text of the right answer to the prediction, and the run that follows it."""
    steps = {step.part: step.ask for step in exercise.steps(frozenset(), {})}
    choice, run = steps["predict"], steps["see"]
    assert isinstance(choice, Choice)
    assert isinstance(run, Run)
    (right,) = (option.text for option in choice.options if option.right)
    return right, run


def losses(run):
    """The curve of each entrant at the end of the run."""
    *_, last = (frame for frame in run.frames(0) if frame is not None)
    (curve,) = (block for block in last.show if isinstance(block, Curve))
    return {series.name: [loss for _, loss in series.points] for series in curve.series}


@pytest.mark.parametrize(("last", "name"), [(0, "last layer 0"), (1, "as He starts it"), (10, "last layer times 10")])
def test_a_start_costs_before_its_first_step_what_was_foretold(last, name):
    right, run = asked(drawn("read-before-you-touch", "last", last))
    before = losses(run)[name][0]
    assert {"1.10": before == pytest.approx(log(3), abs=1e-4), "more than that": log(3) < before < 3,
            "more than 4": before > 4}[right.split(",")[0]]  # fmt: skip


@pytest.mark.parametrize("fate", [0, 1, 2])
def test_raw_columns_end_where_it_was_foretold(fate):
    right, run = asked(drawn("one-size", "fate", fate))
    assert "at a rate of 0," not in run.prompt  # a small one is told whole
    raw, scaled = (losses(run)[side][-1] for side in ("raw", "scaled"))
    if right.startswith("below"):
        assert raw < 0.9 * scaled
    elif right.startswith("at knowing nothing"):
        assert raw == pytest.approx(KNOWING_NOTHING, abs=0.005)
        assert scaled < 0.3
    else:
        assert raw > 2 * KNOWING_NOTHING
        assert scaled > KNOWING_NOTHING  # hardly begun


@pytest.mark.parametrize("fate", [0, 1, 2])
def test_a_start_learns_in_300_steps_as_it_was_foretold(fate):
    right, run = asked(drawn("the-start", "fate", fate))
    found = losses(run)
    own, he = found["your spread"][-1], found["He's start"][-1]
    if right == "it stays at 0.69":
        assert own == pytest.approx(log(2), abs=0.005)
    elif "long behind" in right:
        assert 20 * he < own < 0.5
    else:
        assert own < 0.01


@pytest.mark.slow
@pytest.mark.parametrize("steps", [0, 400])
def test_batches_end_over_as_many_epochs_and_over_as_many_steps_as_it_was_foretold(steps):
    right, run = asked(drawn("batches", "steps", steps))
    ends = {name: curve[-1] for name, curve in losses(run).items()}
    if right == "those with batches of 1":
        assert 2 * ends["batch 1"] < min(loss for name, loss in ends.items() if name != "batch 1")
    else:
        assert max(ends.values()) < 1.15 * min(ends.values())


@pytest.mark.parametrize("spread", [2, 3, 5, 6, 8, 10])
def test_who_is_first_down_a_valley_was_foretold(spread):
    right, run = asked(drawn("momentum", "s", spread))
    found = losses(run)
    first = {
        name: next((at for at in range(len(curve)) if max(curve[at:]) <= 0.01), inf)
        for name, curve in found.items()
    }
    sgd, momentum = first["SGD"], first["momentum"]
    if right.startswith("SGD"):
        assert 2 * sgd < momentum
    elif right.startswith("momentum"):
        assert 2 * momentum < sgd
    else:
        assert max(sgd, momentum) < 1.4 * min(sgd, momentum)


@pytest.mark.parametrize("scene", [0, 1, 2])
def test_adam_and_plain_descent_stand_where_it_was_foretold(scene):
    right, run = asked(drawn("adam", "scene", scene))
    found = losses(run)
    at = next(i for i in range(61) if 5 * i == (30 if scene == 1 else 300))
    adam, plain = (found[name][at] for name in ("Adam, raw", "plain, scaled" if scene == 2 else "plain, raw"))
    assert (adam < 0.7 * plain) == (right == "Adam's")
    assert (plain < 0.7 * adam) == (right == "that of plain descent")


@pytest.mark.slow
@pytest.mark.parametrize("own", [0, 1])
def test_dropout_ends_on_learned_and_on_fresh_rows_as_it_was_foretold(own):
    right, run = asked(drawn("dropout", "own", own))
    without, *with_it = (curve[-1] for curve in losses(run).values())
    if right == "the one without dropout":
        assert 5 * without < min(with_it)
    else:
        assert max(with_it) < 0.8 * without
