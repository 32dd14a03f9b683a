"""The case book: what was met and solved by evidence, and what was taken for what, from the log alone."""

from dataclasses import replace

import pytest

from drops.cli.cases import about
from drops.events import Fact, Kind
from drops.exercises.blocks import Bars, Case
from drops.exercises.pictured import picture_of
from drops.networks.clinic.evidence import parting, usual_route
from drops.networks.clinic.score import added_up
from drops.networks.clinic.worlds import WORLDS
from drops.networks.faults.table import FAULTS
from drops.study.shown.cases import case_book
from drops.study.tasks import fresh
from lessons import lessons


def at_a_case(page):
    return isinstance(page.ask, Case)


def known(book):
    return {fault.name: fault for fault in book.faults}


def test_before_the_first_case_nothing_is_met(study):
    book = case_book(study.library, study.log)
    assert book.says == "no case yet: 25 faults to meet"
    assert {fault.stands for fault in book.faults} == {"not met"}
    assert len(book.faults) == len(FAULTS)


@pytest.mark.slow
def test_a_cause_by_evidence_is_solved_and_a_guess_is_met(study, learners, clock, until):
    learner = learners(study)
    session = until(learner, study.begin(clock(), drop="10"), at_a_case)
    case = study._front(session).task.exercise
    session, told = study.answer(session, case.solution, clock(), seconds=60)
    assert "a guess" in told.verdict.feedback
    found = known(case_book(study.library, study.log))[case.fault]
    assert (found.met, found.named, found.solved) == (1, 1, 0)
    assert found.stands == "met, not solved by evidence yet"
    session = until(learner, study.begin(clock(), drop="10", replay=True), at_a_case)
    case = study._front(session).task.exercise
    for gauge in case.route:
        session = study.open_gauge(session, str(case.gauges.index(gauge) + 1), clock())
    session, told = study.answer(session, case.solution, clock(), seconds=60)
    assert told.verdict.noted == {"points": 10, "evidence": True}
    assert known(case_book(study.library, study.log))[case.fault].stands == "solved by evidence"


@pytest.mark.slow
def test_what_was_named_instead_stands_in_the_matrix_of_its_set(study, learners, clock, until):
    session = until(learners(study), study.begin(clock(), drop="10"), at_a_case)
    front = study._front(session)
    case = front.task.exercise
    at = next(i for i, name in enumerate(case.offered) if name != case.fault)
    study.answer(session, f"{at + 1} 1", clock(), seconds=60)
    book = case_book(study.library, study.log)
    found = known(book)[case.fault]
    assert (found.met, found.named) == (1, 0)
    assert found.taken_for == ((FAULTS[case.offered[at]].cause, 1),)
    one = next(one for one in book.sets if one.name == case.world)
    assert one.named == {(case.fault, case.offered[at]): 1}
    (mixed,) = one.confusions
    assert (mixed.true, mixed.named, mixed.times) == (FAULTS[case.fault].cause, FAULTS[case.offered[at]].cause, 1)
    assert mixed.parts == parting(case.world, case.fault, case.offered[at])
    assert mixed.parts


TWICE = [(fault, name) for fault in FAULTS for name, one in WORLDS.items() if fault in one.faults]


@pytest.mark.parametrize("world", ["of its set", "of the first edition"])
def test_a_case_stands_in_the_matrix_of_the_set_that_it_was_of_and_in_no_other(study, clock, world):
    key = next(key for key, item in study.library.items() if getattr(item, "kind", "") == "clinic")
    shared = [(fault, name) for fault, name in TWICE if sum(one == fault for one, _ in TWICE) > 1]
    assert shared
    for fault, name in shared:
        numbers = {"fault": fault} | ({"world": name} if world == "of its set" else {})
        said = {"kind": "clinic", "step": "do", "numbers": numbers}
        study.log.append(Fact(Kind.PRACTICE, key, correct=True, payload=said), clock())
    times = 1 if world == "of its set" else None  # the first edition does not say of which it was
    for one in case_book(study.library, study.log).sets:
        of_it = {(fault, fault): times or len([1 for other, _ in shared if other == fault])
                 for fault, name in shared if name == one.name}
        assert one.named == of_it, one.name


def test_every_fault_has_the_way_of_an_expert():
    for fault in FAULTS:
        assert 1 <= len(usual_route(fault)) <= 3, fault


@pytest.mark.parametrize("fault", FAULTS)
def test_in_lines_the_steps_of_an_expert_are_numbered_apart_from_what_they_say(fault, study):
    """Some begin with a gauge that is called by a number's neighbour: "1. units, layer by layer"."""
    steps = list(about(known(case_book(study.library, study.log))[fault]))[-len(usual_route(fault)) :]
    assert [line.split(" ")[0] for line in steps] == [f"{at}." for at in range(1, len(steps) + 1)]


def test_some_gauge_parts_every_confusion_of_a_set():
    for name, world in WORLDS.items():
        for true in world.faults:
            for named in world.faults:
                assert true == named or parting(name, true, named), (name, true, named)


def test_a_single_case_is_told_as_one(study):
    book = replace(case_book(study.library, study.log), cases=1)
    assert book.says.startswith("1 case: ")


@pytest.mark.slow
def test_the_last_page_of_a_lesson_of_many_cases_adds_up_their_points(study, learners, clock, until):
    """Three by evidence, one guessed, the others named wrongly, whatever their change then mends."""
    points = []
    learner, session = learners(study), study.begin(clock(), drop="rounds")
    for tried in range(1, 8):
        session = until(learner, session, at_a_case)
        case = study._front(session).task.exercise
        if tried <= 3:
            for gauge in case.route:
                session = study.open_gauge(session, str(case.gauges.index(gauge) + 1), clock())
        wrong = next(i for i, name in enumerate(case.offered) if name != case.fault)
        session, told = study.answer(session, case.solution if tried <= 4 else f"{wrong + 1} 1", clock(), seconds=60)
        points.append(told.verdict.noted["points"])
        session = study.turn(session, clock())
    assert points[:4] == [10, 10, 10, 5]
    session = until(learner, session, lambda page: page.part == "carry")
    texts = [block.markdown for block in study.page(session).show]
    assert f"{sum(points)} of 70 points, and 50 is a pass: {50 - sum(points)} are missing." in texts


def test_points_are_added_up_against_a_pass_of_five_nets_in_seven():
    assert added_up([10, 10, 10, 10, 10, 0, 4], 7) == "54 of 70 points, and 50 is a pass: passed."
    assert added_up([10] * 5, 7) == "50 of 70 points, and 50 is a pass: passed."
    assert added_up([10, 5], 7) == "15 of 70 points, and 50 is a pass: 35 are missing; 5 of 7 nets are not tried yet."
    assert added_up([0] * 6, 7) == "0 of 70 points, and 50 is a pass: 50 are missing; 1 of 7 nets is not tried yet."


def test_orders_by_what_is_found_stand_beside_the_thresholds_and_the_nets_that_they_name():
    """The nets stood beside shares of other rows, and a threshold of 0.17 left of an axis from 0.3 on."""
    _, quiz = lessons().item("rounds/more-found")
    faces = set()
    for seed in range(24):
        task = fresh(quiz, seed)
        ask = task.steps(0, {}, "")[0].ask
        (picture,) = picture_of(ask)
        faces.add(task.numbers["face"])
        if isinstance(picture, Bars):
            assert [bar.name for bar in picture.bars] == ["threshold 0.5", "threshold 0.2", "counted 19 times, 0.5"]
        else:
            told = {f"a threshold of {x:g}" for x, _ in picture.series[-1].points}
            assert told == set(ask.pieces)
    assert faces == {0, 1, 2}
