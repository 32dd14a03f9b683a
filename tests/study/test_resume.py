"""What is open goes on where it stood: on the very page, whatever was opened in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drops.errors import Unreadable
from drops.events import Kind
from drops.exercises.answers import read
from drops.exercises.blocks import Case, Choice, Run


def read_on(learner, session, pages):
    for _ in range(pages):
        session = learner.page(session)
    return session


def finished(learner, session):
    return learner.run(session)


def test_a_drop_opened_after_another_was_finished_is_what_goes_on(study, learner, clock):
    finished(learner, study.begin(clock(), drop="1"))
    session = read_on(learner, study.begin(clock(), drop="2"), 1)
    today = study.today(clock())
    assert today.resuming
    assert today.resumes.number == 2
    again = study.begin(clock())
    assert study.page(again).key == study.page(session).key
    assert study.page(again).part == "read"


def test_what_is_finished_is_not_offered(study, learner, clock):
    finished(learner, study.begin(clock()))
    assert not study.today(clock()).resuming
    finished(learner, study.begin(clock(), drop="1"))
    assert not study.today(clock()).resuming


def test_a_session_whose_pages_were_all_done_elsewhere_is_over(study, learner, clock):
    session = read_on(learner, study.begin(clock()), 2)  # today's: drop 1
    finished(learner, study.begin(clock(), drop="1"))
    assert not study.today(clock()).resuming
    assert study.begin(clock()).id != session.id


@pytest.mark.slow
@pytest.mark.parametrize(
    "modes", [("drop", "replay"), ("replay", "drop"), ("test", "drop"), ("drop", "test")]
)
def test_the_session_touched_last_goes_on_first_and_then_the_one_before(study, learner, clock, modes):
    how = {"drop": {}, "replay": {"replay": True}, "test": {"test_out": True}}
    finished(learner, study.begin(clock(), drop="1"))
    first = read_on(learner, study.begin(clock(), drop="2", **how[modes[0]]), 1)
    last = read_on(
        learner, study.begin(clock(), drop="1" if modes[1] == "replay" else "3", **how[modes[1]]), 1
    )
    assert study.begin(clock()).id == last.id
    finished(learner, study.begin(clock()))
    assert study.begin(clock()).id == first.id


@pytest.mark.parametrize("between", ["1", "13"])
def test_a_half_done_form_keeps_its_table_when_another_drop_is_begun_in_between(
    study, open_study, learners, clock, until, between
):
    learner = learners(study)
    session = until(learner, study.begin(clock(), drop="14"), lambda page: page.part == "see")
    page, work = study.page(session), session.work_in(session.unit)
    read_on(learner, study.begin(clock(), drop=between), 3)
    study = open_study()
    again = study.begin(clock(), drop="14")
    assert study.page(again).key == page.key
    assert repr(study.page(again).show) == repr(page.show)
    assert again.work_in(again.unit).answers == work.answers


@pytest.mark.parametrize("days", [1, 3, 40])
def test_a_half_done_form_keeps_its_table_over_days(study, open_study, learners, clock, until, days):
    learner = learners(study)
    session = until(learner, study.begin(clock(), drop="14"), lambda page: page.part == "see")
    page = study.page(session)
    clock.days(days)
    study = open_study()
    again = study.begin(clock(), drop="14")
    assert again.id != session.id
    assert study.page(again).key == page.key
    assert repr(study.page(again).show) == repr(page.show)


def test_todays_session_finds_the_pages_of_its_drop_as_they_were_left_elsewhere(
    study, learners, clock, until
):
    learner = learners(study)
    today = read_on(learner, study.begin(clock()), 1)
    alone = until(learner, study.begin(clock(), drop="1"), lambda page: page.part == "do")
    page = study.page(alone)
    finished(learners(study), study.begin(clock(), drop="2"))
    assert study.page(study.begin(clock(), drop="1")).key == page.key
    finished(learners(study), study.begin(clock(), drop="1"))
    assert study.begin(clock()).id not in (today.id, alone.id)


def test_a_drop_that_is_read_again_begins_at_its_start_and_goes_on_the_same_day(study, learners, clock):
    learner = learners(study)
    finished(learner, study.begin(clock(), drop="1"))
    again = read_on(learner, study.begin(clock(), drop="1"), 2)
    assert study.page(study.begin(clock(), drop="1")).key == study.page(again).key
    clock.days(1)
    assert study.page(study.begin(clock(), drop="1")).index == 1


def test_a_replay_is_no_part_of_the_lesson(study, learners, clock):
    learner = learners(study)
    session = read_on(learner, study.begin(clock(), drop="1"), 2)
    finished(learners(study), study.begin(clock(), drop="1", replay=True))
    assert study.page(study.begin(clock(), drop="1")).key == study.page(session).key
    assert not study.today(clock()).finished


def seen(page):
    """A page as it is seen; pictures and goals are functions, each made anew."""
    return replace(page, show=(), ask=None), getattr(page.ask, "prompt", ""), len(page.show)


@pytest.mark.slow
def test_every_feedback_is_met_again_as_it_was(study, learners, clock):
    """Right and wrong, of every kind of question: what was typed, the diagnosis, the repair, the due day."""
    for number in range(1, 15):
        learner = learners(study, errs=lambda page: page.index % 2 == 0)
        session = study.begin(clock(), drop=str(number))
        while not session.ended:
            page = study.page(session)
            if page.ask is None or isinstance(page.ask, Run) or study.outcome(session):
                session = study.turn(session, clock())
                continue
            text = learner.answer_to(session, page)
            session, outcome = study.answer(session, text, clock(), seconds=9, confidence="certain")
            if outcome.hidden:
                continue
            again = study.begin(clock(), drop=str(number))
            assert again.id == session.id
            assert seen(study.page(again)) == seen(study.page(session))
            assert study.outcome(again) == (text, outcome)
        clock.days(1)


def test_a_correction_on_the_same_numbers_is_met_again_too(study, learners, clock, until):
    learner = learners(study)
    session = until(learner, study.begin(clock()), lambda page: page.part == "do")
    right = learner.answer_to(session, study.page(session))
    session, _ = study.answer(session, "; ".join("77" for _ in right.split(";")), clock(), seconds=9)
    session, corrected = study.answer(session, right, clock(), seconds=9)
    assert study.outcome(study.begin(clock())) == (right, corrected)


def test_an_answer_that_was_shown_is_shown_again(study, learners, clock, until):
    session = until(learners(study), study.begin(clock()), lambda page: page.part == "do")
    session, shown = study.reveal(session, clock())
    typed, again = study.outcome(study.begin(clock()))
    assert (typed, again) == ("", shown)


def test_a_prediction_killed_before_its_page_was_left_is_not_asked_again(study, learners, clock, until):
    learner = learners(study)
    session = until(learner, study.begin(clock()), lambda page: page.part == "predict")
    page = study.page(session)
    session, outcome = study.answer(session, "1", clock(), seconds=9, confidence="certain")
    assert outcome.hidden
    assert study.page(study.begin(clock())).key != page.key


def with_gauges(page):
    return isinstance(page.ask, Case)


@pytest.mark.slow
@pytest.mark.parametrize("drop", ["10", "13", "14"])
def test_gauges_that_were_opened_stay_open_and_count_after_a_new_start(
    study, open_study, learners, clock, until, drop
):
    session = until(learners(study), study.begin(clock(), drop=drop), with_gauges)
    most = study.page(session).ask.openings
    for sign in "1234"[: most - 1]:
        session = study.open_gauge(session, sign, clock())
    study = open_study()
    session = study.begin(clock(), drop=drop)
    assert study.page(session).opened == tuple("1234"[: most - 1])
    session = study.open_gauge(session, "1", clock())  # open already: nothing to note
    session = study.open_gauge(session, "4" if most < 4 else "5", clock())
    with pytest.raises(Unreadable, match=f"{most} gauges are open"):
        study.open_gauge(session, "6" if len(study.page(session).ask.gauges) > 5 else "2" * 2, clock())
    noted = [event for event in study.log.events(kinds=(Kind.ATTEMPT,)) if "gauge" in event.payload]
    assert len(noted) == most
    assert {event.item_key for event in noted} == {study.page(session).key}


def test_gauges_named_with_the_answer_count_with_those_opened_before(study, learners, clock, until):
    session = until(learners(study), study.begin(clock(), drop="10"), with_gauges)
    ask = study.page(session).ask
    for sign in "123"[: ask.openings]:
        session = study.open_gauge(session, sign, clock())
    with pytest.raises(Unreadable):
        study.answer(session, "1 1; 4 5", clock(), seconds=9)
    assert read(ask, "1 1; 4 5").gauges == (3, 4)  # by itself it could be read
    session, _ = study.answer(session, "1 1", clock(), seconds=9)
    typed, _ = study.outcome(session)
    assert read(ask, typed).gauges == tuple(range(ask.openings))


def test_what_is_struck_off_stays_so_after_a_new_start_and_stands_in_the_answer(
    study, open_study, learners, clock, until
):
    session = until(learners(study), study.begin(clock(), drop="10"), with_gauges)
    for sign in ("3", "2", "3"):
        session = study.strike(session, sign, clock())
    session = study.open_gauge(session, "2", clock())
    session = study.strike(session, "4", clock())
    study = open_study()
    session = study.begin(clock(), drop="10")
    assert study.page(session).struck == ("2", "4")
    session, _ = study.answer(session, "1 1", clock(), seconds=9)
    typed, _ = study.outcome(session)
    given = read(study.page(session).ask, typed)
    assert given.struck == ((2, 0), (1, 0), (3, 1))  # 3 was taken back, and was struck off


def test_a_right_choice_in_under_two_seconds_has_its_own_reason(study, learners, clock, until):
    learner = learners(study)
    finished(learner, study.begin(clock()))
    clock.days(1)
    session = until(
        learner, study.begin(clock()), lambda page: page.part == "recall" and isinstance(page.ask, Choice)
    )
    session, outcome = study.answer(
        session, learner.answer_to(session, study.page(session)), clock(), seconds=1.2
    )
    assert outcome.rating is None
    assert outcome.due is None
    assert "under two seconds" in outcome.reason.lower()
    assert "not due" not in outcome.reason
