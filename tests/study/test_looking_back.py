"""Hard drops, progress, history: folds of what was answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drops.errors import DropsError, Unknown
from drops.exercises.blocks import Numbers
from drops.study.looking_back import hard_drops, hardest, progress
from drops.study.reports import progress_as_data, progress_as_lines, today_as_lines
from drops.study.shown.history import history, reopen
from drops.study.tasks import title_of


def to_the_exercise(learner):
    session = learner.study.begin(learner.clock())
    while learner.study.page(session).part != "do":
        session = learner.page(session)
    return session


@pytest.mark.slow
def test_the_drop_that_was_forgotten_most_is_the_hardest_and_says_why(study, learners, clock):
    learners(study).day()
    forgets = learners(study, errs=lambda page: page.part == "recall")
    for _ in range(3):
        clock.days(40)
        forgets.day()
    first = hard_drops(study, clock())[0]
    assert first.drop.number == 1
    assert "forgotten" in first.reason
    assert "Here it is worked through, line by line." in first.offers
    assert hardest(study, clock()) == first.drop.id


def test_a_drop_in_which_nothing_was_hard_says_so(study, learners, clock):
    learners(study).day()
    assert [one.reason for one in hard_drops(study, clock())] == ["nothing hard in it yet"]


def test_before_the_first_answer_nothing_is_hard(study, clock):
    assert hard_drops(study, clock()) == []
    with pytest.raises(
        DropsError, match="no drop has been answered yet; `drops plain` begins with the first"
    ):
        hardest(study, clock())


def test_a_past_answer_opens_again_with_its_numbers_what_was_typed_and_the_diagnosis(study, learner, clock):
    session = to_the_exercise(learner)
    page = study.page(session)
    assert isinstance(page.ask, Numbers)
    typed = "; ".join("77" for _ in page.ask.fields)
    _, outcome = study.answer(session, typed, clock(), seconds=12)
    (past,) = history(study)
    again = reopen(study, past.event_id)
    assert (again.typed, again.ask, again.verdict) == (typed, page.ask, outcome.verdict)
    assert past.reason == outcome.reason
    assert not past.right


def test_history_is_newest_first_and_can_be_searched(study, learners, clock):
    learners(study, errs=lambda page: page.part == "quiz").day()
    everything = history(study)
    assert [p.event_id for p in everything] == sorted((p.event_id for p in everything), reverse=True)
    assert all(not past.right for past in history(study, right=False))
    assert len(history(study, right=True)) + len(history(study, right=False)) == len(everything)
    assert history(study, drop="1") == everything
    assert history(study, limit=2) == everything[:2]
    assert history(study, misconception="no such mix-up") == []
    with pytest.raises(Unknown):
        history(study, drop="zebra")


def test_an_answer_whose_numbers_no_longer_fit_says_so_and_is_not_lost(study, learner, clock):
    from drops.events import Fact, Kind

    event = study.log.append(
        Fact(
            Kind.PRACTICE,
            "weighted-sum-and-squash/by-hand",
            correct=False,
            duration_ms=1,
            payload={"numbers": {"gone": 1}, "typed": "1; 2", "step": "do", "level": 2},
        ),
        clock(),
    )
    again = reopen(study, event.event_id)
    assert again.typed == "1; 2"
    assert "has changed since" in again.note


def test_an_answer_to_a_lesson_that_is_gone_keeps_its_place_in_the_history(study, clock):
    from drops.events import Fact, Kind

    study.log.append(Fact(Kind.PRACTICE, "gone/item", correct=True, duration_ms=1, payload={}), clock())
    (past,) = history(study)
    assert (past.title, past.drop_number) == ("gone/item", 0)


def test_progress_counts_first_tries_and_names_what_is_missing(study, learner, clock):
    learner.day()
    made = progress(study.library, study.log.ledger(), clock())
    first = made.drops[0]
    assert first.right == first.of > 0
    assert first.mastery.missing == "Answer one of its questions right a day or more later."
    assert sum(items for _, items, _ in made.forecast) > 0
    assert made.outcomes[0].shown > 0
    assert len(made.calendar) == 26
    assert not made.complete


def test_an_outcome_is_shown_by_right_answers_to_the_items_it_names_and_by_nothing_else(study, learners, clock):
    """Whoever answers every question wrongly has shown nothing, whatever was read and finished."""
    learners(study, errs=lambda page: page.ask is not None).day()
    wrong = progress(study.library, study.log.ledger(), clock())
    assert wrong.drops[0].of > 0
    assert [(one.shown, one.whole) for one in wrong.outcomes] == [(0, False)] * len(wrong.outcomes)
    clock.days(4)
    learners(study).day()
    clock.days(4)
    learners(study).day()
    seen = study.log.ledger()
    for one in progress(study.library, seen, clock()).outcomes:
        named = next(outcome for outcome in path_of(study, one).outcomes if outcome.text == one.text).shown_by
        right = [key for key, tally in seen.tallies.items() if tally.correct and key in named]
        assert one.shown == len(right)
        assert one.whole == (len(right) == len(named))


def path_of(study, outcome):
    return next(path for path in study.library.paths if path.id == outcome.path)


def test_every_outcome_of_the_course_names_the_items_that_show_it(study):
    for path in study.library.paths:
        kept = {key for drop in path.drops for key in drop.kept}
        for outcome in path.outcomes:
            assert set(outcome.shown_by) <= kept, outcome.text
        debug = [outcome for outcome in path.outcomes if outcome.text.startswith("Debug")]
        cases = {key for drop in path.drops for key, item in drop.kept.items() if getattr(item, "kind", "") == "clinic"}
        assert all(set(outcome.shown_by) <= cases for outcome in debug)


def test_progress_speaks_in_lines_and_in_data(study, learners, clock):
    learners(study, errs=lambda page: page.part == "quiz").day()
    made = progress(study.library, study.log.ledger(), clock())
    lines = progress_as_lines(made)
    assert "1 of 7 days" in lines[0]
    assert progress_as_lines(replace(made, answered=1))[0] == "1 answer · 1 of 7 days"
    assert any("suspected" in line for line in lines)
    assert progress_as_data(made)["drops"][0]["stage"] == "seen"


def test_today_in_lines_names_each_item_with_its_recall(study, learner, clock):
    learner.day()
    clock.days(20)
    lines = today_as_lines(study.today(clock()))
    assert any("recall 0." in line for line in lines)
    assert any("first time" in line for line in lines)


def test_of_a_lesson_that_is_gone_no_near_name_is_sought(library, monkeypatch):
    """A long history has a thousand such items: a search among all names for each took half a second."""

    def seeks(*_, **__):
        raise AssertionError("nobody asked what was meant")

    monkeypatch.setattr("difflib.get_close_matches", seeks)
    assert title_of(library, "data-storage", "a-drop-long-gone/an-item") == "data storage"
