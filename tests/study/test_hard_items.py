"""What is missed again and again: asked in another way, at rest for a week, put away; and one stage kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from drops.events import Fact, Kind, Rating
from drops.exercises.blocks import Choice, Words
from drops.memory.mastery import MasteryStage
from drops.plain.feedback import title
from drops.study.looking_back import progress
from drops.study.planning import carry_key

SHEET = "weighted-sum-and-squash/by-hand"


@pytest.fixture
def missed(study, clock):
    """missed(n): the first drop's sheet was missed on n days, two days apart, the last one two days ago."""

    def make(times, since=2):
        drop = study.library.drop("1")
        study.log.append(Fact(Kind.SESSION, carry_key(drop), payload={"passed": True}), clock())
        for _ in range(times):
            clock.days(2)
            study.log.append(Fact(Kind.GRADED, SHEET, Rating.AGAIN, False, 20_000), clock())
        clock.days(since)

    return make


def recall_of(study, session, key=SHEET):
    """The session at the recall of an item, whatever stands before it."""
    before = tuple(unit for unit in session.units if unit.key == f"recall/{key}")
    assert before, "it is asked today"
    return study.page(session)


def wrong(study, clock, learners, key=SHEET):
    """Today's session with this item answered wrongly, past its feedback; and what became of the answer."""
    learner = learners(study, lambda page: page.item_key == key)
    session = study.begin(clock(), wish="not today")
    while study.page(session).item_key != key:
        session = learner.page(session)
    page = study.page(session)
    text = learner.answer_to(session, page)
    session, outcome = study.answer(session, text, clock(), seconds=20)
    assert not outcome.verdict.right
    return page, study.turn(session, clock()), outcome


def test_after_three_misses_it_is_asked_in_another_way(study, clock, learners, missed):
    missed(2)
    page, _, outcome = wrong(study, clock, learners)
    assert not isinstance(page.ask, Choice)
    assert outcome.rests == ""
    clock.days(2)
    page, _, _ = wrong(study, clock, learners)
    assert isinstance(page.ask, Choice)  # find the line instead of filling it
    assert page.note.startswith("Missed three times: asked in another way.")


@pytest.mark.parametrize("right", [True, False])
def test_why_it_is_asked_in_another_way_is_also_said_where_its_answer_is_gone_back_to(
    study, clock, learners, missed, right
):
    missed(3)
    learner = learners(study, lambda page: page.item_key == SHEET and not right)
    session = study.begin(clock(), wish="not today")
    while (page := study.page(session)).item_key != SHEET:
        session = learner.page(session)
    session, outcome = study.answer(session, learner.answer_to(session, page), clock(), seconds=20)
    assert outcome.verdict.right == right
    left = study.begin(clock())
    assert study.outcome(left) is not None
    again = study.page(left)
    assert (again.item_key, again.note) == (SHEET, page.note)
    assert again.note.startswith("Missed three times: asked in another way.")


@pytest.mark.slow
def test_after_four_it_rests_for_a_week_once_and_its_page_is_shown(study, clock, learners, missed):
    missed(3)
    _, session, outcome = wrong(study, clock, learners)
    back = clock().day + timedelta(days=7)
    assert outcome.rests == f"Missed four times without holding: it rests until {back.day} {back:%B}."
    assert (outcome.due, outcome.returns) == (None, False)
    shown = study.page(session)
    words = " ".join(block.markdown for block in shown.show if isinstance(block, Words))
    assert title(shown).startswith("Worked example: z and a for one neuron.")
    assert outcome.rests in words
    assert "✓ " in words  # by then the wrong line of a sheet is asked: each option has its reason
    study.turn(session, clock())
    for _ in range(6):
        clock.days(1)
        assert SHEET not in [item.item_key for item in study.today(clock()).items]
    clock.days(1)
    assert SHEET in [item.item_key for item in study.today(clock()).items]
    _, _, again = wrong(study, clock, learners)  # the fifth: it has rested once
    assert again.rests == ""
    assert not study.log.memory(SHEET).suspended
    clock.days(2)
    _, _, last = wrong(study, clock, learners)
    assert last.rests == "Missed six times without holding: it is put away, until you take it in again."
    clock.days(60)
    assert SHEET not in [item.item_key for item in study.today(clock()).items]
    study.log.append(Fact(Kind.SUSPEND, SHEET, payload={"suspended": False}), clock())
    assert SHEET in [item.item_key for item in study.today(clock()).items]


def test_a_drop_that_was_solid_stays_so_and_says_what_slipped(study, clock, learners):
    drop = study.library.drop("1")
    study.log.append(Fact(Kind.SESSION, carry_key(drop), payload={"passed": True}), clock())
    for key in drop.kept:
        for after in (0, 2, 11):
            clock.days(after)
            study.log.append(Fact(Kind.GRADED, key, Rating.EASY, True, 20_000), clock())
    assert f"{drop.id}/solid" not in study.log.passed()
    clock.days(300)
    learners(study).run(study.begin(clock(), wish="not today"))
    assert f"{drop.id}/solid" in study.log.passed()
    for _ in range(2):
        clock.days(400)
        learners(study, lambda page: page.part == "recall").run(study.begin(clock(), wish="not today"))
    stage = next(
        one.mastery
        for one in progress(study.library, study.log.ledger(), clock()).drops
        if one.drop.id == drop.id
    )
    assert stage.stage >= MasteryStage.SOLID
    assert stage.missing.startswith("It was ")
    assert study.today(clock()).states[drop.id] in ("solid", "durable", "hard")
