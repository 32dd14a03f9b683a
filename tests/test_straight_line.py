"""From a typed text to a due day."""

from __future__ import annotations

import random

import pytest

from drops.errors import Unreadable
from drops.events import Kind, Rating
from drops.exercises.blocks import Choice, Numbers
from drops.study.pages import Page


def until(learner, session, wanted):
    """The session at the first page that `wanted` accepts."""
    for _ in range(300):
        if wanted(learner.study.page(session)):
            return session
        session = learner.page(session)
    raise AssertionError("no such page in this session")


def is_main(page: Page) -> bool:
    return page.part == "do"


def test_the_first_day_is_the_first_drop_from_reading_to_carrying_forward(learner):
    session = learner.day()
    assert session.ended
    parts = [page.part for page in learner.seen]
    drop = learner.study.library.drop("1")
    assert parts[: len(drop.sections)] == ["read"] * len(drop.sections)
    assert parts.count("quiz") == len(drop.quiz)
    assert {"predict", "do", "see", "explain"} <= set(parts)
    assert parts.index("predict") < parts.index("do") < parts.index("see") < parts.index("explain")
    assert parts[-2:] == ["carry", "end"]


def test_every_kept_item_answered_in_the_drop_is_due_on_a_later_day(learner, clock):
    learner.day()
    drop = learner.study.library.drop("1")
    asked = {f"{drop.id}/{item.id}" for item in (*drop.exercises, *drop.quiz) if item.keep}
    memories = learner.study.log.memories()
    assert set(memories) == asked
    assert all(memory.due_day > clock().day.toordinal() for memory in memories.values())


def test_tomorrow_begins_with_what_is_due_and_then_opens_the_next_drop(learner, clock):
    learner.day()
    clock.days(3)
    learner.seen.clear()
    learner.day()
    parts = [page.part for page in learner.seen]
    first_new = next(i for i, page in enumerate(learner.seen) if page.drop_number == 2)
    assert parts[0] == "recall"
    assert all(page.drop_number == 1 for page in learner.seen[:first_new])


def test_an_answer_is_in_the_file_before_its_feedback_exists(study, learner, clock):
    session = until(learner, study.begin(clock()), is_main)
    before = len(study.log.events())
    _, outcome = study.answer(session, learner.answer_to(session, study.page(session)), clock(), seconds=9)
    stored = study.log.events()
    assert len(stored) == before + 1
    assert stored[-1].event_id == outcome.event_id
    assert stored[-1].kind is Kind.GRADED
    assert stored[-1].payload["numbers"]


def test_what_cannot_be_read_asks_again_and_stores_nothing(study, learner, clock):
    session = until(learner, study.begin(clock()), lambda page: isinstance(page.ask, Numbers))
    before = study.log.events()
    with pytest.raises(Unreadable, match="for example"):
        study.answer(session, "four", clock(), seconds=1)
    assert study.log.events() == before


def test_a_right_first_try_is_good_and_says_so(study, learner, clock):
    session = until(learner, study.begin(clock()), is_main)
    _, outcome = study.answer(session, learner.answer_to(session, study.page(session)), clock(), seconds=9)
    assert outcome.verdict.right
    assert (outcome.rating, outcome.reason) == (Rating.GOOD, "Good: first try")
    assert outcome.due is not None


def test_giving_up_shows_the_way_counts_as_again_and_comes_back(study, learner, clock):
    session = until(learner, study.begin(clock()), is_main)
    session, outcome = study.reveal(session, clock(), seconds=5)
    assert outcome.rating is Rating.AGAIN
    assert outcome.verdict.line
    assert outcome.returns
    assert any(unit.kind == "retry" for unit in session.units)


def test_a_correction_on_the_same_numbers_is_practice_and_leaves_the_rating(study, learner, clock):
    session = until(learner, study.begin(clock()), is_main)
    page = study.page(session)
    assert isinstance(page.ask, Numbers)
    wrong = "; ".join("77" for _ in page.ask.fields)
    session, first = study.answer(session, wrong, clock(), seconds=9)
    session, second = study.answer(session, learner.answer_to(session, page), clock(), seconds=9)
    assert first.rating is Rating.AGAIN
    assert second.rating is None
    assert second.verdict.right
    assert study.log.memory(page.item_key).reps == 1


def test_a_wrong_answer_comes_back_once_with_fresh_numbers_and_in_one_field(study, learners, clock):
    learner = learners(
        study, errs=lambda page: page.part in ("do", "retry") and page.item_key.endswith("by-hand")
    )
    learner.run(study.begin(clock()))
    tries = [
        page for page in learner.seen if page.item_key.endswith("/by-hand") and page.part in ("do", "retry")
    ]
    assert [page.part for page in tries] == ["do", "retry"]
    assert [len(page.ask.fields) for page in tries] == [4, 1]
    numbers = [
        str(e.payload["numbers"])
        for e in study.log.events(item_prefix=tries[0].item_key)
        if e.payload["part"] == "do"
    ]
    assert len(set(numbers)) == 2


def test_only_the_first_graded_try_of_a_day_feeds_memory(study, learner, clock):
    learner.day()
    key = next(key for key in study.log.memories())
    before = study.log.memory(key)
    session = study.begin(clock(), drop="1", replay=True)
    learner.run(session)
    assert study.log.memory(key) == before


def test_a_replay_on_a_day_an_item_is_due_counts(study, learner, clock):
    learner.day()
    clock.days(30)
    reps = {key: memory.reps for key, memory in study.log.memories().items()}
    learner.run(study.begin(clock(), drop="1", replay=True))
    assert all(study.log.memory(key).reps == count + 1 for key, count in reps.items())


def test_the_prediction_is_noted_and_told_only_where_the_figure_moves(study, learner, clock):
    session = until(learner, study.begin(clock()), lambda page: page.part == "predict")
    page = study.page(session)
    assert isinstance(page.ask, Choice)
    assert page.ask.confidence
    session, outcome = study.answer(session, "a", clock(), seconds=5, confidence="certain")
    assert outcome.hidden
    session = until(learner, study.turn(session, clock()), lambda page: page.part == "see")
    assert f"You said: **{page.ask.options[0].text}** (certain)" in str(study.page(session).show[0])


@pytest.mark.slow
def test_what_was_said_of_the_what_ifs_stands_by_their_figure_and_by_no_later_one(study, learner, clock):
    session = study.begin(clock(), drop="14")
    session = until(learner, session, lambda page: page.key.endswith(":bets"))
    assert str(study.page(session).show[0]).count("(fairly sure)") == 4
    for later in (":sign", ":page"):
        session = learner.page(session)
        assert study.page(session).key.endswith(later)
        assert "You said" not in str(study.page(session).show)


def test_saying_it_was_a_guess_lowers_the_rating_and_nothing_raises_it(study, learner, clock):
    session = until(learner, study.begin(clock()), is_main)
    page = study.page(session)
    _, outcome = study.answer(session, learner.answer_to(session, page), clock(), seconds=9)
    lower = study.guessed(outcome)
    assert lower.rating is Rating.AGAIN
    assert lower.due < outcome.due
    assert study.guessed(lower) == lower


def test_taking_back_the_last_answer_restores_what_was_remembered(study, learner, clock):
    session = until(learner, study.begin(clock()), is_main)
    page = study.page(session)
    study.answer(session, learner.answer_to(session, page), clock(), seconds=9)
    assert study.log.memory(page.item_key) is not None
    session, says = study.act(session, "undo", "", clock())
    assert says.startswith("Taken back: your answer to ")
    assert study.log.memory(page.item_key) is None


@pytest.mark.parametrize("seed", range(5))
def test_a_session_cut_off_anywhere_resumes_at_the_same_page_with_the_same_numbers(
    open_study, learners, clock, seed
):
    rng = random.Random(seed)
    study = open_study()
    learner = learners(study, errs=lambda _: rng.random() < 0.3)
    session = study.begin(clock())
    for _ in range(rng.randrange(3, 13)):
        session = learner.page(session)
    page = study.page(session)
    study = open_study()
    resumed = study.begin(clock())
    assert study.page(resumed).key == page.key
    assert repr(study.page(resumed).ask) == repr(page.ask) or page.ask is None
    assert resumed.done == session.done


def test_a_kill_between_answer_and_turning_resumes_at_the_very_feedback(open_study, learners, clock):
    study = open_study()
    learner = learners(study)
    session = until(learner, study.begin(clock()), is_main)
    page = study.page(session)
    text = learner.answer_to(session, page)
    _, outcome = study.answer(session, text, clock(), seconds=9)
    study = open_study()
    session = study.begin(clock())
    assert study.page(session).key == page.key
    assert study.outcome(session) == (text, outcome)


def test_a_drop_half_done_yesterday_goes_on_today_where_it_stood(open_study, learners, clock):
    study = open_study()
    learner = learners(study)
    session = study.begin(clock())
    for _ in range(3):
        session = learner.page(session)
    key = study.page(session).key
    clock.days(1)
    study = open_study()
    assert study.page(study.begin(clock())).key == key


def test_testing_out_asks_everything_and_teaches_only_where_something_was_wrong(study, learners, clock):
    sound = learners(study)
    sound.run(study.begin(clock(), drop="1", test_out=True))
    assert not any(page.part == "read" for page in sound.seen)
    unsure = learners(study, errs=lambda page: page.part == "quiz")
    unsure.run(study.begin(clock(), drop="2", test_out=True))
    assert any(page.part == "read" for page in unsure.seen)


def test_reading_only_keeps_the_session_and_stores_nothing(home, library, study, learners, clock):
    from drops.memory.schedule import folded
    from drops.store.log import Log
    from drops.study.study import Study

    second = Study(library, Log.open(home, folded(0.9), now=clock()))
    assert second.read_only
    assert second.banner
    learner = learners(second)
    session = second.begin(clock())
    for _ in range(9):
        session = learner.page(session)
    assert len(learner.seen) == 9
    assert study.log.events() == []
    second.close()


def with_misconception(learner, session, name):
    """The text that this misconception would give for the page in front."""
    front = learner.study._front(session)
    wrong = front.task.exercise.worksheet.run(swap=front.task.exercise.misconceptions[name].swap)
    return "; ".join(f"{wrong[field.name]}" for field in front.ask.fields)


def test_a_misconception_seen_twice_is_confirmed_and_comes_back_as_a_line_to_find(
    study, learner, clock, monkeypatch
):
    monkeypatch.setattr("drops.study.question.SHORT", ())  # the whole sheet shows every mix-up
    session = until(learner, study.begin(clock()), is_main)
    session, first = study.answer(
        session, with_misconception(learner, session, "relu-abs"), clock(), seconds=9
    )
    assert first.verdict.misconceptions == ("relu-abs",)
    assert first.confirmed == ()
    session = until(learner, study.turn(session, clock()), lambda page: page.part == "retry")
    session, second = study.answer(
        session, with_misconception(learner, session, "relu-abs"), clock(), seconds=9
    )
    assert len(second.confirmed) == 1
    learner.run(study.turn(session, clock()))

    clock.days(1)
    session = study.begin(clock())
    line = next(unit for unit in session.units if unit.kind == "line")
    assert line.bug == "relu-abs"
    session = until(learner, session, lambda page: page.key.startswith(line.key))
    page = study.page(session)
    assert "You met this mix-up more than once" in page.note
    assert isinstance(page.ask, Choice)

    session = learner.page(session)  # found, and then mended
    page = study.page(session)
    assert page.key == f"{line.key}:mend"
    assert isinstance(page.ask, Numbers)
    assert "What should it be?" in page.ask.prompt
    session, mended = study.answer(session, learner.answer_to(session, page), clock(), seconds=9)
    assert mended.verdict.right
    assert not study.page(study.turn(session, clock())).key.startswith(line.key)


@pytest.mark.slow
def test_two_clean_attempts_after_it_overcome_a_confirmed_misconception(study, learner, clock, monkeypatch):
    monkeypatch.setattr("drops.study.question.SHORT", ())  # the whole sheet shows every mix-up
    session = study.begin(clock())
    for stands in (is_main, lambda page: page.part == "retry"):
        session = until(learner, session, stands)
        text = with_misconception(learner, session, "relu-abs")
        session, _ = study.answer(session, text, clock(), seconds=9)
        session = study.turn(session, clock())
    learner.run(session)
    for _ in range(3):
        clock.days(30)
        learner.day()
    assert not any(unit.kind == "line" for unit in study.begin(clock()).units)
