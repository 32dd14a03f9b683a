"""A blank in the prose, in the browser: a field where the number stands, and the rows of the line face."""

from __future__ import annotations

import pytest
from asking import Browser

from drops.events import Kind
from drops.plain.session import Plain
from drops.web.seat import Seat
from test_two_faces import facts, twins  # noqa: F401  # a fixture

DROP = "2"


def field(browser) -> dict[str, str]:
    (found,) = [attrs for attrs in browser.page.all("input") if attrs.get("form") == "gap"]
    return found


def fill(browser, text: str) -> None:
    browser.post("/fill", {"page": browser.seat.page().key, "typed": text})


def stored(study) -> list[str]:
    said = (event.payload for event in study.log.events(kinds=(Kind.SESSION,)))
    return [one["blank"] for one in said if "blank" in one]


@pytest.fixture
def reading(browser):
    browser.post("/begin", {"drop": DROP})
    return browser


def test_the_number_is_a_field_in_its_sentence(reading):
    assert field(reading)["aria-label"] == "the number in the blank"
    assert field(reading)["value"] == ""
    assert "−2</strong>" not in reading.page.source
    assert reading.page.form("/fill")["buttons"]


def test_a_wrong_number_is_tried_once_more_and_a_right_one_stays(reading, study):
    fill(reading, "7")
    assert "Not 7: once more." in reading.page.text
    fill(reading, "−2")
    assert "−2 ✓" in reading.page.text
    assert stored(study) == ["7", "−2"]
    assert not [one for one in reading.page.all("input") if one.get("form") == "gap"]
    reading.send("/turn")
    assert "One line is not enough" in reading.page.text


def test_the_way_on_shows_the_number_first(reading, study):
    key = reading.seat.page().key
    reading.send("/turn")
    assert reading.seat.page().key == key
    assert "0.5, d is −2" in reading.page.text
    reading.send("/turn")
    assert reading.seat.page().key != key
    assert stored(study) == [""]


def test_what_is_no_number_comes_back_with_why_and_nothing_is_stored(reading, study):
    fill(reading, '<b>"one"')
    assert reading.status == 400
    assert "is not a number; for example 2.5." in reading.page.text
    assert field(reading)["value"] == '<b>"one"'
    assert not stored(study)


def test_a_draft_is_there_again(reading, study):
    reading.post("/draft", {"page": reading.seat.page().key, "typed": "-0."})
    reading.get("/page")
    assert field(reading)["value"] == "-0."
    fill(reading, "-2")
    assert study.drafts.of(reading.seat.page()) == ""


@pytest.mark.slow
@pytest.mark.parametrize("typed", [["-2"], ["3", "-2"], ["3", "4"], ["x", "-2"], []], ids=str)
def test_the_browser_and_the_line_face_store_the_same_rows(twins, typed):  # noqa: F811
    by_forms, in_lines = twins(1), twins(2)
    browser = Browser(Seat(by_forms, twins.clock)).enter()
    browser.post("/begin", {"drop": DROP})
    for text in typed:
        fill(browser, text)
    while browser.seat.page().part == "read":
        browser.send("/turn")
    left = [*typed, *([""] * 99)]

    def ask(prompt: str) -> str:
        assert prompt.startswith("Enter to go on") or left.clear() is None
        if not left:
            raise EOFError
        return left.pop(0)

    Plain(in_lines, twins.clock, ask, str).run(in_lines.begin(twins.clock(), drop=DROP))
    assert facts(by_forms) == facts(in_lines)
    assert any("blank" in payload for *_, payload in facts(in_lines))
