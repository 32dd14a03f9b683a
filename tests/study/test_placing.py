"""A placement, question by question: in a session of its own, kept as everything is."""

from __future__ import annotations

import pytest

from drops.errors import DropsError
from drops.events import Kind
from drops.exercises.blocks import Choice, Numbers
from drops.memory.today import FEEDBACK
from drops.study.own.placing import LONGEST, last_placement, placement
from drops.study.planning import carry_key
from drops.study.timing import asking_seconds


@pytest.fixture
def places(study, clock, learners):
    """A placement of somebody who knows the first drops: its end, and who took it."""

    def run(knows: int):
        learner = learners(study, lambda page: page.drop_number > knows)
        return learner.run(study.begin(clock(), place=True)), learner

    return run


@pytest.mark.slow
@pytest.mark.parametrize("knows", [0, 1, 6, 13, 14])
def test_who_knows_the_first_drops_begins_at_the_next(study, clock, places, knows):
    session, learner = places(knows)
    came = placement(study.library, session)
    assert len(came.known) == knows
    today = study.today(clock())
    assert today.finished == knows
    assert (came.begins.number if came.begins else None) == (knows + 1 if knows < 14 else None)
    assert learner.seen[-1].part == "end"
    assert learner.seen[-1].ending.goes_on == came.begins


@pytest.mark.slow
@pytest.mark.parametrize(("knows", "least"), [(0, 3), (6, 5), (14, 5)])
def test_it_takes_about_six_minutes_and_no_more(places, knows, least):
    _, learner = places(knows)
    asked = [page for page in learner.seen if page.ask is not None]
    wrong = sum(page.drop_number > knows for page in asked)
    assert least * 60 <= sum(asking_seconds(page.ask) for page in asked) + FEEDBACK * wrong <= LONGEST
    left = [page.minutes_left for page in learner.seen]
    assert left == sorted(left, reverse=True)
    assert left[0] == 6


@pytest.mark.slow
def test_its_questions_are_typed_in_one_field(places):
    _, learner = places(8)
    asks = [page.ask for page in learner.seen if page.ask is not None]
    assert all(isinstance(ask, Numbers) and len(ask.fields) == 1 for ask in asks)


@pytest.mark.slow
def test_no_formula_gives_away_what_is_asked(study, clock, learner):
    """Somebody who can only calculate must not be placed past a drop."""
    learner.run(study.begin(clock(), place=True))
    sheets = [page.ask.sheet for page in learner.seen if page.ask is not None and page.ask.sheet]
    assert len(sheets) > 8
    assert all("how" not in sheet.columns and not sheet.formulas for sheet in sheets)


def test_what_was_right_is_in_memory_and_what_was_wrong_costs_nothing(study, places):
    _, learner = places(6)
    right = {page.item_key for page in learner.seen if page.ask is not None and page.drop_number <= 6}
    assert {*study.log.memories()} == right
    assert all(event.rating is None for event in study.log.events(kinds=(Kind.PRACTICE,)))


@pytest.mark.slow
def test_what_is_known_comes_back_from_the_next_day_on(study, clock, places):
    places(14)
    clock.days(1)
    today = study.today(clock())
    assert today.items
    assert today.new not in study.paths.current.drops
    assert today.seconds <= 9.5 * 60


@pytest.mark.slow
def test_one_that_was_left_goes_on_where_it_stood_also_days_later(open_study, clock, learners):
    study = open_study()
    session = study.begin(clock(), place=True)
    for _ in range(3):
        session = learners(study, lambda page: page.drop_number > 6).page(session)
    front = study.page(session)
    clock.days(3)
    study = open_study()
    again = study.begin(clock(), place=True)
    assert (again.id, study.page(again).key) == (session.id, front.key)
    came = learners(study, lambda page: page.drop_number > 6).run(again)
    assert len(placement(study.library, came).known) == 6


def test_today_does_not_wait_for_a_placement_that_was_left(study, clock, learner):
    learner.page(study.begin(clock(), place=True))
    assert not study.today(clock()).resuming
    assert study.begin(clock()).mode == "today"


@pytest.mark.slow
def test_an_answer_taken_back_takes_back_what_it_settled(study, clock, places):
    session, _ = places(14)
    assert carry_key(study.library.drop("1")) in study.log.passed()
    session, _ = study.act(session, "undo", "", clock())
    assert not {carry_key(drop) for drop in study.library} & {*study.log.passed()}
    assert isinstance(study.page(session).ask, Numbers)


@pytest.mark.slow
def test_drops_that_are_behind_already_are_not_asked_about(study, clock, learner, learners):
    learner.run(study.begin(clock(), drop="1"))
    second = learners(study, lambda page: page.drop_number > 3)
    came = placement(study.library, second.run(study.begin(clock(), place=True)))
    assert [drop.number for drop in came.known] == [2, 3]
    assert all(page.drop_number > 1 for page in second.seen if page.ask is not None)


@pytest.mark.slow
def test_with_every_drop_behind_there_is_nothing_to_place(study, clock, places):
    places(14)
    with pytest.raises(DropsError, match=r"^every drop of this path is behind you; `drops today` says"):
        study.begin(clock(), place=True)


def test_not_to_know_is_an_answer(study, clock):
    session = study.begin(clock(), place=True)
    while session.unit is not None:
        session, _ = study.reveal(session, clock(), seconds=3)
        session = study.turn(session, clock())
    assert placement(study.library, session).known == ()
    assert study.log.memories() == {}


def test_the_log_alone_says_what_it_came_to(study, places):
    session, _ = places(6)
    assert last_placement(study.library, study.log) == placement(study.library, session)


@pytest.mark.slow
def test_a_choice_is_asked_only_of_a_drop_that_has_nothing_to_type(study, clock, places):
    _, learner = places(11)
    assert not any(isinstance(page.ask, Choice) for page in learner.seen)
