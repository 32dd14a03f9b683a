"""A page is drawn once: what it asks does not change under the learner, whatever another window does."""

from __future__ import annotations

import random
import re

import pytest

from drops.events import Fact, Kind
from drops.exercises.blocks import Run
from drops.study.session import open_sessions


def asked(page):
    """What can be seen of a page, without where it stands among others."""
    shown = re.sub(" at 0x[0-9a-f]+", "", f"{page.show!r} {page.ask!r}")  # of functions, the name
    return page.key, page.heading, shown


def answer(study, learner, clock, session, text=None):
    text = text if text is not None else learner.answer_to(session, study.page(session))
    return study.answer(session, text, clock(), seconds=9)


def is_quiz(page):
    return page.part == "quiz"


def is_do(page):
    return page.part == "do"


@pytest.mark.parametrize("wanted", [is_quiz, is_do])
@pytest.mark.parametrize("first", [0, 1])
def test_a_page_shown_in_two_windows_is_judged_by_what_each_of_them_shows(
    study, second, learners, clock, until, wanted, first
):
    windows = (study, second)
    both = [learners(window) for window in windows]
    until(both[0], study.begin(clock()), wanted)
    sessions = [window.begin(clock()) for window in windows]
    pages = [window.page(session) for window, session in zip(windows, sessions, strict=True)]
    assert asked(pages[0]) == asked(pages[1])
    right = both[0].answer_to(sessions[0], pages[0])
    for at in (first, 1 - first):
        assert asked(windows[at].page(sessions[at])) == asked(pages[at])
        sessions[at], outcome = answer(windows[at], both[at], clock, sessions[at], right)
        assert outcome.verdict.right
        assert outcome.confirmed == ()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_two_windows_show_the_same_pages_in_whatever_order_they_act(study, second, learners, clock, seed):
    """Both go through the same session with the same answers, now the one ahead, now the other."""
    rng = random.Random(seed)
    windows = (study, second)
    errs = lambda page: page.part == "quiz" and page.part_index == 1  # noqa: E731
    both = [learners(window, errs) for window in windows]
    sessions = [study.begin(clock()), second.begin(clock())]
    seen: list[list] = [[], []]
    while not all(session.ended for session in sessions):
        at = rng.choice([i for i in (0, 1) if not sessions[i].ended])
        if windows[at].page(sessions[at]).part != "end":
            seen[at].append(asked(windows[at].page(sessions[at])))
        sessions[at] = both[at].page(sessions[at])
    assert [page[0] for page in seen[0]] == [page[0] for page in seen[1]]
    assert seen[0] == seen[1]


def test_a_window_that_began_by_itself_shows_what_the_one_that_saves_has_drawn(
    study, second, learners, clock, until
):
    alone = second.begin(clock())  # before anything was begun: it lives in this window only
    other = learners(second)
    session = until(learners(study), study.begin(clock()), is_do)
    alone = until(other, alone, is_do)
    assert alone.id != session.id
    assert asked(second.page(alone)) == asked(study.page(session))


def wrong_by(study, session, name):
    front = study._front(session)
    values = front.task.exercise.worksheet.run(swap=front.task.exercise.misconceptions[name].swap)
    return "; ".join(f"{values[field.name]}" for field in front.ask.fields)


def test_the_same_try_in_another_window_is_no_second_time(study, second, learners, clock, until):
    session = until(learners(study), study.begin(clock()), is_do)
    there = second.begin(clock())
    typed = wrong_by(study, session, "relu-abs")
    _, here = answer(study, None, clock, session, typed)
    there, again = answer(second, None, clock, there, typed)
    assert here.verdict.misconceptions == again.verdict.misconceptions == ("relu-abs",)
    assert here.confirmed == again.confirmed == ()


def test_a_second_time_in_a_window_that_cannot_save_is_a_second_time(
    study, second, learners, clock, until, monkeypatch
):
    monkeypatch.setattr("drops.study.question.SHORT", ())  # the whole sheet shows every mix-up
    errs = lambda page: page.part == "do"  # noqa: E731
    learner = learners(second, errs)
    session = until(learner, second.begin(clock()), is_do)
    session, first = answer(second, None, clock, session, wrong_by(second, session, "relu-abs"))
    session = second.turn(session, clock())
    session = until(learners(second), session, lambda page: page.part == "retry")
    _, again = answer(second, None, clock, session, wrong_by(second, session, "relu-abs"))
    assert first.confirmed == ()
    assert len(again.confirmed) == 1


@pytest.mark.parametrize("drop", ["1", "6", "9"])
def test_what_a_page_asks_is_stored_when_it_is_made_and_stands_whatever_the_log_becomes(
    study, open_study, learners, clock, until, drop
):
    session = until(learners(study), study.begin(clock(), drop=drop), is_do)
    page = study.page(session)
    # what an import from another device might bring: answers to the very same item
    for _ in range(3):
        fact = Fact(Kind.PRACTICE, page.item_key, None, False, 900, payload={"misconceptions": ["x", "y"]})
        study.log.append(fact, clock())
    assert asked(study.page(session)) == asked(page)
    study = open_study()
    assert asked(study.page(study.begin(clock(), drop=drop))) == asked(page)


def test_every_page_with_numbers_has_them_before_it_is_shown(study, learner, clock):
    """All of a day, retries too: nothing is left to be drawn as a page is looked at."""
    learner.errs = lambda page: page.part in ("quiz", "do", "retry")
    session = study.begin(clock())
    while not session.ended:
        unit = session.unit
        if unit is not None and unit.item:
            assert session.work_in(unit).numbers is not None
        session = learner.page(session)
    assert any(page.part == "retry" for page in learner.seen)


@pytest.mark.slow
def test_another_attempt_has_other_numbers(study, learners, clock, until):
    pages = []
    for _ in range(4):
        session = until(learners(study), study.begin(clock(), drop="1", replay=True), is_do)
        pages.append(repr(study.page(session).ask) + repr(study.page(session).show))
        learners(study).run(session)
    assert len(set(pages)) == 4


def test_a_disk_that_takes_nothing_leaves_the_page_as_it_is(study, learners, clock, until, monkeypatch):
    from drops.errors import NotSaved

    session = until(learners(study), study.begin(clock()), lambda page: page.part == "read")
    before = study.log.events()

    def full(facts, now):
        raise NotSaved("the disk is full")

    monkeypatch.setattr(study.log, "append_all", full)
    with pytest.raises(NotSaved):
        study.turn(session, clock())
    monkeypatch.undo()
    assert study.log.events() == before
    assert study.page(study.turn(session, clock())).key != study.page(session).key


def test_a_session_of_another_shape_is_passed_over(study, clock):
    good = study.begin(clock())
    events = study.log.events()
    bad = [
        {"began": True},
        {"began": True, "mode": "today", "units": 7},
        {"began": True, "mode": "today", "units": [["only", "two"]]},
        {"began": True, "mode": "today", "units": []},
    ]
    broken = [
        event._replace(event_id=bytes([n]) * 16, payload=said)
        for n, said in enumerate(bad)
        for event in events[:1]
    ]
    assert [session.id for session in open_sessions([*broken, *events])] == [good.id]


def test_a_run_has_no_outcome_and_is_left_by_turning(study, learners, clock, until):
    session = until(
        learners(study), study.begin(clock(), drop="14"), lambda page: isinstance(page.ask, Run), pages=60
    )
    assert study.outcome(session) is None


def test_a_window_that_cannot_save_says_so_first_and_short(study, second, home, library, clock):
    from drops.memory.schedule import folded
    from drops.store.log import Log
    from drops.study.study import Study

    assert (study.unsaved, study.banner) == ("", "")
    assert second.unsaved == "NOT SAVED: drops is open elsewhere"
    assert second.banner.startswith("NOT SAVED: drops is open elsewhere. Another drops (process ")
    look = Study(library, Log.open(home, folded(0.9), now=clock(), read_only=True))
    assert look.unsaved == "NOT SAVED: the progress file is read-only"
    look.close()


def test_the_line_face_says_not_saved_before_every_page_and_every_feedback(study, second, clock):
    from drops.plain.session import Plain

    said = []

    def ask(prompt):
        said.append(prompt)
        if " = " in prompt:
            raise EOFError
        return "" if "Enter" in prompt else "1"

    Plain(second, clock, ask, said.append).run(second.begin(clock(), drop="1"))
    pages = [n for n, line in enumerate(said) if line.startswith(("Page ", "Predict", "Do"))]
    assert len(pages) > 3
    # the title of the drop may stand between
    assert all("NOT SAVED: drops is open elsewhere." in said[n - 2 : n] for n in pages)
    told = said.index("Noted. You will see.")
    assert said[told - 1] == "NOT SAVED: drops is open elsewhere."
