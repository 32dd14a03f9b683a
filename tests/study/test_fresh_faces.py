"""A question that returns: another face each time, the same one after a restart, each as it was in the history."""

from __future__ import annotations

import itertools
import json

import pytest

from drops import catalog
from drops.course.faces import asked
from drops.course.model import ExerciseFence, Quiz
from drops.events import Fact, Kind, Rating
from drops.exercises import fairness
from drops.networks.clinic.worlds import WORLDS
from drops.networks.lengths import LENGTHS
from drops.study.question import opening
from drops.study.session import recall_unit
from drops.study.shown.history import history, reopen
from drops.study.tasks import again, fresh

KEYS = ("weighted-sum-and-squash/bias-up", "lines-and-shapes/why-not-xor", "the-loss/costs-most", "rounds/missed-rows")


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
def test_over_twenty_returns_no_face_is_met_twice_running(study, clock, library, key):
    """Through the log: what was asked on earlier days is read back from what was stored with the answers."""
    shown, numbers = [], []
    _, item = library.item(key)
    assert isinstance(item, Quiz)
    for _ in range(20):
        session = study.begin(clock(), drop="1")
        recalling = session._replace(units=(recall_unit(key),), done=frozenset(), work={})
        fact = opening(library, study.log, recalling)
        assert fact is not None
        drawn = json.loads(json.dumps(fact.payload["opens"]["numbers"]))
        numbers.append(drawn)
        shown.append(asked(item, drawn).shown)
        stored = {"session": session.id, "unit": f"recall/{key}", "step": "answer", "numbers": drawn, "typed": "1", "level": 0}
        study.log.append(_graded(key, stored), clock())
        clock.days(3)
    assert all(one != other for one, other in itertools.pairwise(shown))
    assert max(map(shown.count, shown)) <= 7


def at_recall(study, now, session, key):
    recalling = session._replace(units=(recall_unit(key),), done=frozenset(), work={})
    drawn = opening(study.library, study.log, recalling).payload["opens"]["numbers"]
    numbers = json.loads(json.dumps(drawn))
    stored = {"session": "0", "unit": f"recall/{key}", "step": "do", "numbers": numbers, "typed": "1", "level": 2, "kind": "clinic"}
    study.log.append(_graded(key, stored), now)
    return numbers


def the_cases(library):
    return {
        key: fence.params
        for key, fence in library.items()
        if isinstance(fence, ExerciseFence) and fence.kind == "clinic"
    }


@pytest.mark.slow
def test_a_case_never_brings_the_fault_that_was_last_in_its_set(study, clock, library):
    """Whichever item asks: the lessons' own cases and those of the rounds are of the same sets."""
    of, session = {}, study.begin(clock(), drop="1")
    for key in the_cases(library):
        of.setdefault(at_recall(study, clock(), session, key)["world"], []).append(key)
    assert set(of) == set(WORLDS)
    for world, keys in of.items():
        met = [at_recall(study, clock(), session, key) for _ in range(8 // len(keys) + 1) for key in keys]
        assert {one["world"] for one in met} == {world}
        for one, other in itertools.pairwise(met):
            assert one["fault"] != other["fault"], world
            assert [one[name] for name in ("table", "width", "depth")] != [other[name] for name in ("table", "width", "depth")]
        assert len({one["fault"] for one in met}) >= 3


def test_after_a_case_the_same_set_has_all_its_other_faults_left():
    last = catalog.draw("clinic", 1, {"set": "number"})
    seen = [fairness.numbers(catalog.draw("clinic", 3, {"set": "ragged"})), fairness.numbers(last)]
    next_ones = [catalog.draw("clinic", seed, {"set": "number"}, (), seen).fault for seed in range(200)]
    others = set(WORLDS["number"].faults) - {last.fault}
    assert set(next_ones) == others
    assert max(map(next_ones.count, others)) <= 80  # knowing the last one tells no other
    first = [catalog.draw("clinic", seed, {"set": "lies flat"}).fault for seed in range(20)]
    assert first == [catalog.draw("clinic", seed, {"set": "lies flat"}, (), seen).fault for seed in range(20)]


@pytest.mark.parametrize("kind", [name for name in sorted(LENGTHS) if name != "lab"])
def test_no_exercise_comes_with_the_numbers_it_had_last(kind, library):
    fence = next(one for _, one in library.items() if isinstance(one, ExerciseFence) and one.kind == kind)
    last = fairness.numbers(catalog.draw(kind, 7, fence.params))
    stored = json.loads(json.dumps(last))
    assert fairness.numbers(catalog.draw(kind, 7, fence.params, (), [stored])) != last


def _graded(key, payload):
    return Fact(Kind.GRADED, key, Rating.GOOD, True, 5000, payload=payload)


@pytest.mark.slow
def test_a_replay_and_the_lesson_ask_with_faces_of_their_own_and_history_shows_each(study, clock, learners):
    learner = learners(study)
    learner.run(study.begin(clock(), drop="1"))
    clock.days(1)
    learner.run(study.begin(clock(), drop="1", replay=True))
    asks = {}
    for past in history(study):
        event = study.log.event(past.event_id)
        asks.setdefault(event.item_key, []).append(reopen(study, past.event_id))
    pictures = [told.ask.picture(()) for told in asks["weighted-sum-and-squash/pulls-down"]]
    assert pictures[0] != pictures[1]
    for key in ("weighted-sum-and-squash/order-of-steps", "weighted-sum-and-squash/firing-point"):
        last, first = asks[key]
        assert last.verdict.right
        assert first.verdict.right
        assert not last.note
        assert not first.note
        assert (last.ask.prompt, getattr(last.ask, "pieces", ())) != (first.ask.prompt, getattr(first.ask, "pieces", ()))


def test_after_a_restart_in_the_middle_of_a_quiz_the_same_face_stands_there(open_study, clock, learners):
    study = open_study()
    session = study.begin(clock(), drop="1")
    while study.page(session).part != "quiz":
        session = learners(study).page(session)
    before = study.page(session)
    study = open_study()
    after = study.page(study.begin(clock(), drop="1"))
    assert (after.key, after.ask) == (before.key, before.ask)


def test_answers_of_before_a_question_had_faces_are_told_as_changed_and_stop_nothing(study, clock, library, learners):
    key = "weighted-sum-and-squash/bias-up"
    old = {"session": "0", "unit": f"recall/{key}", "step": "answer", "numbers": {"order": [2, 0, 1]}, "typed": "2", "level": 0}
    study.log.append(_graded(key, old), clock())
    (past,) = history(study)
    assert "has changed since" in reopen(study, past.event_id).note
    _, item = library.item(key)
    assert fresh(item, 1, (), [old["numbers"]]).asked.question
    with pytest.raises((LookupError, ValueError)):
        again(item, old["numbers"]).steps(0, {}, "")
    assert learners(study).run(study.begin(clock(), drop="1")).ended
