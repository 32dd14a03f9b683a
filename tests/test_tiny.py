"""The first file to read: a few lines of each layer, from the engine up to the study."""

from __future__ import annotations

import numpy as np

from drops import catalog
from drops.events import Event, Fact, Kind, Rating
from drops.exercises import fading
from drops.exercises.answers import read
from drops.memory.rating import Evidence, rate
from drops.memory.schedule import fold
from drops.store.log import Log
from drops.study.study import Study
from lessons import lessons
from nnlab import Net


def test_the_engine_shows_every_number_of_a_forward_pass():
    net = Net("2-1", out="relu", loss="mse", seed=0)
    net[0].W[:], net[0].b[:] = [[-2, 0.5]], -1
    trace = net.trace(x=[1, 2], y=1)
    assert (trace["z1[1]"], trace["yhat[1]"]) == (-2, 0)


def test_an_exercise_is_drawn_answered_and_diagnosed_by_name():
    neuron = catalog.draw("neuron", seed=7, params={})
    step = fading.graded_step(neuron.steps(fading.asked(neuron, 2), {}))
    wrong = neuron.worksheet.run(swap=neuron.misconceptions["relu-abs"].swap)
    text = "; ".join(str(wrong[field.name]) for field in step.ask.fields)
    verdict = catalog.grade_step(neuron, step.ask, read(step.ask, text))
    assert verdict.misconceptions == ("relu-abs",)


def test_evidence_becomes_a_rating_and_a_rating_a_due_day(clock):
    rating, reason = rate(
        Evidence(
            right=True, seconds=20, usual_seconds=None, first_sight=True, days_since_seen=None, recall=None
        )
    )
    assert (rating, reason) == (Rating.GOOD, "Good: first try")
    now = clock()
    event = Event(
        b"l" * 16,
        b"e" * 16,
        b"d" * 16,
        None,
        Kind.GRADED,
        "drop/item",
        now.us,
        0,
        now.day.toordinal(),
        rating,
        True,
        20_000,
        {},
    )
    assert fold(None, event).due_day == now.day.toordinal() + 2


def test_a_fact_is_appended_once_and_for_all(home, clock):
    with Log.open(home, fold, now=clock()) as log:
        event = log.append(Fact(Kind.GRADED, "drop/item", Rating.GOOD, True, 20_000), clock())
    with Log.open(home, fold, now=clock()) as log:
        assert log.events() == [event]
        assert log.memory("drop/item").reps == 1


def test_the_study_is_the_one_door_to_all_of_it(home, clock):
    with Log.open(home, fold, now=clock()) as log:
        study = Study(lessons(), log)
        page = study.page(study.begin(clock()))
    assert (page.part, page.drop_number, page.index) == ("read", 1, 1)
    assert np.isfinite(page.minutes_left)
