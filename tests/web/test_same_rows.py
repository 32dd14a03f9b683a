"""The browser stores the same rows as the line face, and goes on where that stopped."""

from __future__ import annotations

import itertools

import pytest
from asking import Browser, filled, in_turn

from drops.exercises.blocks import Run
from drops.plain.session import Plain
from drops.web.seat import Seat
from lessons import lessons
from test_two_faces import SURE, errs_always, errs_never, facts, twins, walk_in_lines  # noqa: F401  # a fixture
from typed import as_placed

DROPS = [str(drop.number) for drop in lessons().paths[0].drops]


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Ten seconds pass at every look: a right choice made in under two would be taken for a guess."""
    ticks = itertools.count(step=10.0)
    for face in ("drops.plain.session", "drops.web.seat"):
        monkeypatch.setattr(f"{face}.ticks", lambda: next(ticks))


def walk_by_forms(study, clock, learner, drop: str = "", pages: int = 300) -> Browser:
    """A drop, or today's session, by its forms, to its end or for some pages."""
    browser = Browser(Seat(study, clock)).enter()
    browser.post("/begin", {"drop": drop})
    for _ in range(pages):
        if browser.at != "/page":
            break
        seat = browser.seat
        page = seat.page()
        if page.ask is not None and not isinstance(page.ask, Run) and not study.outcome(seat.session):
            text = as_placed(page.ask, learner.answer_to(seat.session, page))
            browser.send("/answer", filled(page, text, "fairly sure"))
        else:
            browser.send("/turn")
        assert browser.status == 200, browser.page.text
    return browser


def compare(twins, learners, drop, errs) -> None:  # noqa: F811
    by_forms, in_lines = twins(1), twins(2)
    walk_by_forms(by_forms, twins.clock, learners(by_forms, errs), drop)
    walk_in_lines(in_lines, twins.clock, drop, learners(in_lines, errs))
    assert facts(by_forms) == facts(in_lines)
    assert by_forms.log.memories() == in_lines.log.memories()
    assert f"{by_forms.library.drop(drop).id}/carry" in by_forms.log.passed()


def test_the_first_drop_by_forms_and_in_lines_stores_the_same_rows(twins, learners):  # noqa: F811
    compare(twins, learners, "1", errs_never)


@pytest.mark.slow
@pytest.mark.parametrize(("drop", "errs"), in_turn(DROPS, errs_never, errs_always))
def test_every_drop_by_forms_and_in_lines_stores_the_same_rows(twins, learners, drop, errs):  # noqa: F811
    compare(twins, learners, drop, errs)


@pytest.mark.slow
@pytest.mark.parametrize("first", ["lines", "browser"])
@pytest.mark.parametrize("pages", [2, 5, 7, 11])
def test_a_session_goes_on_in_the_other_face_and_stores_what_one_face_would(twins, learners, first, pages):  # noqa: F811
    halves, whole = twins(1), twins(2)
    learner = learners(halves, errs_always)
    if first == "lines":
        stop_in_lines(halves, twins.clock, learner, pages)
        walk_by_forms(halves, twins.clock, learner, "1")
    else:
        walk_by_forms(halves, twins.clock, learner, "1", pages)
        walk_in_lines(halves, twins.clock, "1", learner)
    walk_in_lines(whole, twins.clock, "1", learners(whole, errs_always))
    assert facts(halves) == facts(whole)
    assert halves.log.memories() == whole.log.memories()


def stop_in_lines(study, clock, learner, answers: int) -> None:
    """The line face, left after some lines at which a page is left or answered."""
    pending: list[str] = []
    asked = 0

    def ask(prompt: str) -> str:
        nonlocal asked
        if pending:
            return pending.pop(0)
        asked += 1
        if asked > answers:
            return "quit"
        if prompt.startswith(("Enter to go on", "Try one")):
            return ""
        if prompt.startswith("How sure"):
            return SURE
        page = study.page(face.at)
        pending.extend(as_placed(page.ask, learner.answer_to(face.at, page)).split("; "))
        return pending.pop(0)

    face = Plain(study, clock, ask, str)
    face.run(study.begin(clock(), drop="1"))


def test_what_was_begun_to_be_typed_in_the_terminal_stands_in_the_browser_and_the_other_way(
    browser, learners, study
):
    learner = learners(study)
    browser.post("/begin", {"drop": "1"})
    while browser.seat.page().part != "do":
        page = browser.seat.page()
        if page.ask is None:
            browser.send("/turn")
        else:
            browser.send("/answer", filled(page, learner.answer_to(browser.seat.session, page)))
    page = browser.seat.page()
    names = [field.name for field in page.ask.fields]
    study.drafts.keep(page, "; ".join(["1.5", *("" for _ in names[1:])]))
    browser.get("/page")
    assert dict(browser.page.form("/answer")["fields"])[f"v.{names[0]}"] == "1.5"
    browser.post("/draft", {"page": page.key, f"v.{names[0]}": "−2", f"v.{names[1]}": "7"})
    assert study.drafts.of(page).split(";")[:2] == ["−2", " 7"]
