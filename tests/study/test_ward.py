"""The ward round: a case a day where it is wanted, paid for in the day's minutes, and never else."""

import pytest

from drops.exercises.blocks import Case
from drops.networks.clinic.worlds import WORLDS
from drops.plain.session import Plain
from drops.study.own.ward import SAYS, WARD, WARD_DROP, case_seconds
from drops.study.shown.cases import case_book

FIRST_CASE = "10"  # the drop that brings the first one


def of_the_round(plan):
    return [item for item in plan.items if item.item_key.startswith(f"{WARD}/")]


@pytest.fixture
def after_ten(study, clock, learners):
    """A learner who did the drop with the first case, a day later."""
    learners(study).run(study.begin(clock(), drop=FIRST_CASE))
    clock.days(1)
    return study


def solved(learner, session, clock):
    """Every page of a session, cases by the gauges of an expert."""
    study = learner.study
    while not session.ended and session.unit is not None:
        if isinstance(study.page(session).ask, Case):
            case = study._front(session).task.exercise
            for gauge in case.route:
                session = study.open_gauge(session, str(case.gauges.index(gauge) + 1), clock())
        session = learner.page(session)


def wanted(study, clock):
    study.change("ward_round", "on", clock())


def test_every_set_is_an_item_of_the_round():
    assert [fence.params["set"] for fence in WARD_DROP.exercises] == list(WORLDS) == list(SAYS)
    assert all(fence.params["guide"] for fence in WARD_DROP.exercises)


@pytest.mark.slow
def test_nobody_has_a_round_who_does_not_want_one(after_ten, clock):
    assert not of_the_round(after_ten.today(clock()))
    wanted(after_ten, clock)
    assert len(of_the_round(after_ten.today(clock()))) == 1
    after_ten.change("ward_round", "off", clock())
    assert not of_the_round(after_ten.today(clock()))


@pytest.mark.slow
def test_no_round_comes_before_a_lesson_brought_the_first_case(study, clock, learners):
    wanted(study, clock)
    learners(study).run(study.begin(clock(), drop="1"))
    clock.days(1)
    assert not of_the_round(study.today(clock()))
    learners(study).run(study.begin(clock(), drop=FIRST_CASE))
    assert not of_the_round(study.today(clock()))  # from the day after
    clock.days(1)
    assert len(of_the_round(study.today(clock()))) == 1


@pytest.mark.slow
def test_its_case_is_paid_for_by_the_day_and_takes_no_recall_away(after_ten, clock):
    before = after_ten.today(clock())
    wanted(after_ten, clock)
    after = after_ten.today(clock())
    (case,) = of_the_round(after)
    assert 90 <= case_seconds(WARD_DROP.exercises[0]) <= 120
    assert case.seconds >= case_seconds(WARD_DROP.exercises[0]) * after.learner.asks
    assert {item.item_key for item in before.items} == {item.item_key for item in after.items} - {case.item_key}
    assert after.recall_seconds == pytest.approx(before.recall_seconds + case.seconds)
    assert after.seconds <= after.plan.budget + 90


@pytest.mark.slow
def test_who_solves_a_case_a_day_meets_all_seven_sets_in_a_week(after_ten, clock, learners):
    wanted(after_ten, clock)
    met = []
    for _ in WORLDS:
        (case,) = of_the_round(after_ten.today(clock()))
        session = after_ten.begin(clock(), wish="not today")
        assert [unit.item for unit in session.units].count(case.item_key) == 1
        solved(learners(after_ten), session, clock)
        assert not of_the_round(after_ten.today(clock()))
        met.append(case.item_key)
        clock.days(1)
    assert sorted(met) == sorted(WARD_DROP.kept)
    book = case_book(after_ten.library, after_ten.log)
    assert book.cases >= 8  # the lesson's own among them
    assert sum(fault.solved for fault in book.faults) >= 7


@pytest.mark.slow
def test_a_case_of_the_round_is_whole(after_ten, clock, learners):
    """Answered, seen side by side in slow motion, and told what it earned against an expert."""
    wanted(after_ten, clock)
    (case,) = of_the_round(after_ten.today(clock()))
    learner, session, seen = learners(after_ten), after_ten.begin(clock(), wish="not today"), []
    while not session.ended and session.unit is not None:
        page = after_ten.page(session)
        if page.item_key == case.item_key:
            seen.append((page.part, type(page.ask).__name__))
            if isinstance(page.ask, Case):
                assert page.note == "your ward round: a kind of case it has not had yet"
                assert page.graded
        session = learner.page(session)
    assert [ask for _, ask in seen] == ["Case", "Run", "NoneType"]
    assert [part for part, _ in seen] == ["recall", "see", "explain"]


@pytest.mark.slow
def test_a_round_that_was_left_goes_on_at_its_case(open_study, clock, learners):
    study = open_study()
    learners(study).run(study.begin(clock(), drop=FIRST_CASE))
    clock.days(1)
    wanted(study, clock)
    session = study.begin(clock(), wish="not today")
    while not isinstance(study.page(session).ask, Case):
        session = learners(study).page(session)
    before = study.page(session)
    session = study.open_gauge(session, "1", clock())
    again = open_study()
    after = again.page(again.begin(clock()))
    assert (after.key, after.opened) == (before.key, ("1",))
    assert after.ask.causes == before.ask.causes


@pytest.mark.slow
def test_a_set_that_was_missed_is_asked_again_before_one_never_asked(after_ten, clock, learners):
    wanted(after_ten, clock)
    (case,) = of_the_round(after_ten.today(clock()))
    learners(after_ten, lambda page: isinstance(page.ask, Case)).run(after_ten.begin(clock(), wish="not today"))
    clock.days(1)
    (again,) = of_the_round(after_ten.today(clock()))
    assert again.item_key == case.item_key
    assert again.recall < 0.9


@pytest.mark.slow
def test_the_rounds_drop_can_be_forgotten_and_its_items_set_aside(after_ten, clock):
    wanted(after_ten, clock)
    (case,) = of_the_round(after_ten.today(clock()))
    session = after_ten.begin(clock(), wish="not today")
    _, says = after_ten.act(session, "set aside", case.item_key, clock())
    assert "set aside" in says.lower()
    clock.days(1)
    (other,) = of_the_round(after_ten.today(clock()))
    assert other.item_key != case.item_key
    _, says = after_ten.act(session, "forget", WARD, clock())
    assert "all of the ward round" in says


class Lines:
    """A terminal of lines, answered from a list."""

    def __init__(self, *typed):
        self.typed, self.out = iter(typed), []

    def ask(self, prompt):
        self.out.append(prompt)
        return next(self.typed)

    def say(self, line):
        self.out.append(line)


@pytest.mark.slow
def test_the_case_is_walked_in_lines_from_its_brief_to_its_points(after_ten, clock, learners):
    wanted(after_ten, clock)
    session = after_ten.begin(clock(), wish="not today")
    while not isinstance(after_ten.page(session).ask, Case):
        session = learners(after_ten).page(session)
    case = after_ten._front(session).task.exercise
    cause, change = case.solution.split()
    gauges = [f"g {case.gauges.index(gauge) + 1}" for gauge in case.route]
    face = Lines(*gauges, cause, change, "", "", "", "quit")
    Plain(after_ten, clock, face.ask, face.say).run(session)
    said = " ".join(" ".join(face.out).split())
    assert "Your ward round: a kind of case it has not had yet." in said
    assert "Rules out: " in said  # its gauges are guided
    assert "Right, by evidence. Your change: it mends. 10 of 10 points." in said
    assert "twin" in said.partition("10 of 10 points")[2]  # what was seen after it
    assert not of_the_round(after_ten.today(clock()))


@pytest.mark.slow
def test_why_a_question_is_here_is_told_until_it_is_answered(after_ten, clock, learners):
    wanted(after_ten, clock)
    session, learner, told = after_ten.begin(clock()), learners(after_ten), []
    while (unit := session.unit) is not None and unit.kind == "recall":
        page = after_ten.page(session)
        told.append((page.part, bool(page.note)))
        if page.part == "recall":
            session, _ = after_ten.answer(session, learner.answer_to(session, page), clock(), seconds=9.0)
            assert after_ten.page(session).note == ""
            session = after_ten.turn(session, clock())
        else:
            session = learner.page(session)
    assert ("recall", True) in told
    assert ("see", False) in told
    assert all(noted == (part == "recall") for part, noted in told)
