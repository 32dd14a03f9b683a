"""What was a program and is data now: every answer given before is what it was, in its words and its numbers.

ported.json holds answers as the programs graded them: numbers as they were stored, what was typed, what was said.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drops import catalog
from drops.events import Fact, Kind, Rating
from drops.exercises import fading, fairness
from drops.study.shown.history import reopen
from drops.study.tasks import again, title_of
from lessons import lessons

BEFORE = json.loads((Path(__file__).parent / "ported.json").read_text("utf-8"))
KEYS = dict.fromkeys(one["key"] for one in BEFORE)


@pytest.fixture(params=BEFORE, ids=[f"{one['kind']}-{n}" for n, one in enumerate(BEFORE)])
def before(request):
    return request.param


def restored(before):
    _, item = lessons().item(before["key"])
    return again(item, before["numbers"]).exercise


def test_its_numbers_make_the_same_exercise_with_the_same_answers(before):
    exercise = restored(before)
    right = exercise.worksheet.run()
    assert {field.name: right[field.name] for field in exercise.fields} == pytest.approx(before["right"])
    assert json.loads(json.dumps(fairness.numbers(exercise))) == before["numbers"]
    assert sorted(fading.short_form(exercise)) == before["short"]


def test_each_wrong_answer_has_the_name_and_the_words_it_had(before):
    exercise = restored(before)
    ask = fading.graded_step(fading.steps(exercise, 2, {})).ask
    assert set(fairness.armed(exercise)) == set(before["wrong"])
    for bug, said in before["wrong"].items():
        verdict = catalog.grade_step(exercise, ask, said["typed"])
        assert verdict.misconceptions == (bug,)
        assert (verdict.title, verdict.feedback) == (said["title"], said["feedback"])
        assert title_of(lessons(), bug, before["key"]) == said["title"]


@pytest.mark.parametrize("key", KEYS)
def test_an_answer_of_then_opens_from_the_log(study, clock, key):
    one = next(one for one in BEFORE if one["key"] == key)
    bug, said = next(iter(one["wrong"].items()))
    typed = "; ".join(f"{value:g}" for value in said["typed"].values())
    payload = {
        "session": "x", "unit": f"recall/{key}", "step": "do", "typed": typed, "numbers": one["numbers"], "level": 2,
        "misconceptions": [bug], "kind": one["kind"],
    }  # fmt: skip
    (event,) = study.log.append_all([Fact(Kind.GRADED, key, Rating.AGAIN, False, 9_000, payload=payload)], clock())
    opened = reopen(study, event.event_id)
    assert opened.note == ""
    assert opened.verdict.misconceptions == (bug,)
    assert opened.past.misconceptions == (said["title"],)


@pytest.mark.parametrize("key", KEYS)
def test_numbers_that_lack_one_are_told_and_end_nothing(study, clock, key):
    payload = {"step": "do", "typed": "1", "numbers": {"other": 1}, "level": 2}
    (event,) = study.log.append_all([Fact(Kind.GRADED, key, Rating.AGAIN, False, 9_000, payload=payload)], clock())
    assert "changed since" in reopen(study, event.event_id).note


def test_an_answer_of_then_is_asked_for_what_was_asked_then():
    numbers = {"w": [2.0, 1.0], "b": -6.0, "P": [2.0, 3.0], "asks": ["c1", "c2", "zP"]}
    _, item = lessons().item("lines-and-shapes/find-the-line")
    assert [field.name for field in again(item, numbers).exercise.fields] == ["c1", "c2", "zP"]
    assert [field.name for field in again(item, {**numbers, "asks": ["c1", "zP"]}).exercise.fields] == ["c1", "zP"]
