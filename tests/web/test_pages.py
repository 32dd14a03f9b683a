"""Every page is sound HTML that needs no script, no colour and no mouse."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from asking import Browser, Document, filled, in_turn

from drops.events import Fact, Kind, Rating
from drops.exercises.blocks import Choice, Design, Knobs, Numbers, Order, Run
from drops.exercises.grading import Verdict
from drops.study.pages import Answered
from drops.web import feedback
from lessons import lessons

DROPS = [drop.id for drop in lessons()]
NAMED = ("aria-label", "aria-labelledby", "title")


def faults(page: Document) -> list[str]:
    """What is not sound on a page."""
    found = [f"</{tag}> closes nothing" for tag in page.unclosed] + [
        f"<{tag}> is left open" for tag in page.open
    ]
    ids = Counter(attrs["id"] for _, attrs in page.elements if attrs.get("id"))
    found += [f"{count} things are called #{name}" for name, count in ids.items() if count > 1]
    found += ["not one h1"] * (len(page.all("h1")) != 1)
    labels = {attrs.get("for") for attrs in page.all("label")}
    wrapped = set(re.findall(r'<label class="(?:option|knob)">.*?name="([^"]+)"', page.source, re.DOTALL))
    for tag, attrs in page.elements:
        if any(name.startswith("on") or name == "style" for name in attrs):
            found.append(f"{tag} has a script or a style of its own: {attrs}")
        for name in ("src", "action", "formaction", "poster"):
            if attrs.get(name, "/")[:1] != "/" or attrs.get(name, "/").startswith("//"):
                found.append(f"{tag} asks another host: {attrs}")
        if tag == "link" and not attrs["href"].startswith("/"):
            found.append(f"a sheet of another host: {attrs}")
        shown = tag in ("input", "select") and attrs.get("type") != "hidden"
        if (
            shown
            and attrs.get("id") not in labels
            and attrs.get("name") not in wrapped
            and not any(map(attrs.get, NAMED))
        ):
            found.append(f"{tag} has no label: {attrs}")
        if tag == "svg" and not (attrs.get("aria-label") or attrs.get("aria-hidden")):
            found.append(f"a picture without words: {attrs}")
    if re.search(r"<(?:style|iframe|object|embed|img)\b", page.source):
        found.append("something that the policy forbids")
    if re.search(r"<script(?! src=\"/static/drops.js\")", page.source):
        found.append("a script in the page")
    return found


PLACES = [
    "/",
    "/path",
    "/progress",
    "/history",
    "/settings",
    "/lab",
    "/lab/challenges",
    "/lab/code",
    "/lab/code?kind=torch",
    "/first",
    "/first?0.bill=-0.5&0.bias=-1",
    "/about?link=term:bias",
    "/about?link=drop:1",
    "/nowhere",
]


@pytest.mark.parametrize("address", [*PLACES, *(f"/drop/{drop}" for drop in DROPS)])
def test_every_place_is_sound(browser, address):
    browser.get(address)
    assert browser.status == (404 if address == "/nowhere" else 200)
    assert faults(browser.page) == []


def test_a_day_of_another_year_is_told_with_it(browser, study, clock):
    """What was answered, the mix-ups met, and what comes back long after."""
    key = next(key for drop in study.library for key in drop.kept)
    was = clock()
    said = {"kind": "quiz", "misconceptions": ["no-bias"], "typed": "1"}
    study.log.append(Fact(Kind.GRADED, key, Rating.AGAIN, False, payload=said), was)
    for address in ("/history", "/progress"):
        browser.get(address)
        assert str(was.day.year) not in browser.page.text, address
    clock.days(400)
    for address in ("/history", "/progress"):
        browser.get(address)
        assert f"{was.day.year}" in browser.page.text, address
    outcome = Answered(b"", Verdict(True, ""), True, None, "", was.day + timedelta(days=365))
    assert f"{outcome.due.year}." in " ".join(feedback._quiet(outcome, was.day))


@pytest.mark.slow
@pytest.mark.parametrize("drop", DROPS)
def test_every_page_of_a_lesson_is_sound(browser, library, drop):
    for n, section in enumerate(library.drop(drop).sections, 1):
        browser.get(f"/read/{drop}/{n}")
        assert faults(browser.page) == [], n
        assert section.heading in browser.page.text


def walk(browser: Browser, learner, drop: str, looks=lambda page: None, how: str = "") -> list[str]:
    """A drop from its first page to its last; every page is sound, and its key is told."""
    browser.post("/begin", {"drop": drop, "as": how})
    keys = []
    while browser.at == "/page":
        seat = browser.seat
        page = seat.page()
        assert browser.status == 200
        assert faults(browser.page) == [], page.key
        looks(page)
        keys.append(page.key)
        if page.ask is not None and not isinstance(page.ask, Run) and not seat.study.outcome(seat.session):
            browser.send("/answer", filled(page, learner.answer_to(seat.session, page)))
        else:
            browser.send("/turn")
        assert len(keys) < 200
    return keys


@pytest.mark.slow
@pytest.mark.parametrize("drop", DROPS[:1])
@pytest.mark.parametrize(
    "errs", [pytest.param(False, id="rightly"), pytest.param(True, id="wrongly", marks=pytest.mark.slow)]
)
def test_the_first_drop_is_walked_by_its_forms_and_every_page_is_sound(browser, learners, study, drop, errs):
    keys = walk(browser, learners(study, lambda page: errs), drop)
    assert keys[-1] == "end"
    assert f"{drop}/carry" in study.log.passed()


@pytest.mark.slow
def test_a_placement_is_walked_by_its_forms_and_says_where_to_begin(browser, learners, study):
    browser.get("/")
    assert "Where you stand" in browser.page.text
    keys = walk(browser, learners(study, lambda page: page.drop_number > 5), "", how="place")
    assert len(keys) > 6
    assert study.today(browser.seat.clock()).finished == 5


@pytest.mark.slow
@pytest.mark.parametrize(("drop", "errs"), in_turn(DROPS[1:], False, True))
def test_every_drop_is_walked_by_its_forms_and_every_page_is_sound(browser, learners, study, drop, errs):
    keys = walk(browser, learners(study, lambda page: errs), drop)
    assert keys[-1] == "end"
    assert f"{drop}/carry" in study.log.passed()


@pytest.mark.nightly  # each drop is walked alone by day: what has no form fails there
def test_the_course_asks_in_every_way_and_each_has_its_form(browser, learners, study):
    seen: set[type] = set()
    for drop in DROPS:
        walk(browser, learners(study), drop, lambda page: seen.add(type(page.ask)))
    assert seen >= {Numbers, Choice, Order, Knobs, Design, Run, type(None)}


def test_what_a_lesson_says_in_html_is_shown_and_not_obeyed(browser, monkeypatch):
    from drops.web.prose import prose

    told = str(
        prose(
            "<script>alert(1)</script> <b>x</b> [go](javascript:alert(1)) ![p](http://evil.example/x.png) [w](https://example.org)"
        )
    )
    assert "<script" not in told
    assert "<b>" not in told
    assert "<img" not in told
    assert "javascript:" not in re.findall(r'href="([^"]*)"', told)[0]
    assert 'href="https://example.org"' in told
