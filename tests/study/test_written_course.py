"""A course that is data is learned as any other: shown, answered, named, stored, resumed, opened again."""

from __future__ import annotations

import re

import pytest

import interest_path
from drops.course.parse import library_folders, load
from drops.events import Kind
from drops.exercises.blocks import Numbers, Words
from drops.study.shown.history import history, reopen
from drops.study.tasks import fresh, title_of

KEY = "interest-on-interest/three-years"


@pytest.fixture
def library(tmp_path):
    return load([*library_folders(None), interest_path.write(tmp_path / "mine")])


@pytest.mark.parametrize("drop", interest_path.DROPS)
def test_it_is_walked_to_its_end_and_every_answer_is_right(study, clock, learners, drop):
    session = learners(study).run(study.begin(clock(), drop=drop))
    assert session.ended
    graded = list(study.log.events(kinds=(Kind.GRADED, Kind.PRACTICE)))
    asked = {key for key, item in study.library.drop(drop).items.items() if item not in study.library.drop(drop).review}
    assert {e.item_key for e in graded} == asked
    assert all(e.correct for e in graded)


@pytest.mark.parametrize("drop", interest_path.DROPS)
def test_who_errs_everywhere_is_told_something_on_every_page(study, clock, learners, drop):
    learner = learners(study, errs=lambda page: page.part != "offer")
    assert learner.run(study.begin(clock(), drop=drop)).ended
    graded = list(study.log.events(kinds=(Kind.GRADED, Kind.PRACTICE)))
    assert graded
    assert not any(e.correct for e in graded)


def foretold(study, clock, learners, typed):
    """A prediction of a number, answered; the words of the page that resolves it."""
    session = study.begin(clock(), drop="time-to-double")
    while study.page(session).part != "predict":
        session = learners(study).page(session)
    session, answered = study.answer(session, typed(study._front(session).task.exercise), clock(), seconds=5)
    assert answered.hidden
    said = []
    while study.page(session).part != "explain":
        said += [block.markdown for block in study.page(session).show if isinstance(block, Words)]
        session = learners(study).page(session)
    return " ".join(said)


def test_a_number_is_predicted_and_comes_out_after_the_sheet(study, clock, learners):
    right = foretold(study, clock, learners, lambda exercise: f"{exercise.foretold:.4f}")
    assert "You said: **" in right
    assert "You foresaw it. 72/" in right


def test_a_number_that_was_predicted_wrongly_stands_beside_the_answer(study, clock, learners):
    said = foretold(study, clock, learners, lambda exercise: f"{exercise.foretold + 5:.3f}")
    assert re.search(r"You said [\d.]+\. The answer: [\d.]+\. 72/", said)


def test_a_mix_up_is_named_in_the_authors_words_and_opens_again_as_it_was(study, clock, learners, library):
    session = study.begin(clock(), drop="interest-on-interest")
    while not isinstance(study.page(session).ask, Numbers):
        session = learners(study).page(session)
    front = study._front(session)
    exercise = front.task.exercise
    wrong = exercise.worksheet.run(swap=exercise.misconceptions["simple-interest"].swap)
    typed = "; ".join(f"{wrong[field.name]:.4f}" for field in front.ask.fields)
    session, answered = study.answer(session, typed, clock(), seconds=40)
    assert answered.verdict.misconceptions == ("simple-interest",)
    assert answered.verdict.title == "only the start earned interest"
    assert answered.verdict.worlds
    assert title_of(library, "simple-interest", KEY) == "only the start earned interest"
    (past,) = [one for one in history(study) if one.drop_id == "interest-on-interest"]
    assert past.misconceptions == ("only the start earned interest",)
    again = reopen(study, past.event_id)
    assert again.typed == typed
    assert again.verdict == answered.verdict


def test_after_a_restart_the_same_numbers_stand_there(open_study, clock, learners):
    study = open_study()
    session = study.begin(clock(), drop="interest-on-interest")
    while not isinstance(study.page(session).ask, Numbers):
        session = learners(study).page(session)
    before = study.page(session)
    study = open_study()
    after = study.page(study.begin(clock(), drop="interest-on-interest"))
    assert (after.key, after.show, after.ask) == (before.key, before.show, before.ask)


def test_a_review_is_like_the_exercise_and_asks_for_less(library):
    _, item = library.item("interest-on-interest/two-years")
    exercise = fresh(item, 3).exercise
    assert [field.label for field in exercise.fields] == ["after year 2"]
    assert [step.part for step in exercise.steps(frozenset({"y2"}), {})] == ["do"]
    given = dict(exercise.given)
    assert exercise.worksheet.run()["y2"] == pytest.approx(given["start"] * (1 + given["rate"]) ** 2)


def test_fresh_numbers_come_each_time(library):
    _, item = library.item(KEY)
    assert len({fresh(item, seed).exercise.given for seed in range(12)}) >= 10
