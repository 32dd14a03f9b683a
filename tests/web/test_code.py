"""The same in code, in the browser: after the answer, of a figure as it stands, of a past answer."""

from __future__ import annotations

import contextlib
import io
from html import unescape

from test_doing import at_numbers  # noqa: F401  # a fixture


def printed(browser) -> dict[str, float]:
    """What the program on the page prints."""
    text = unescape(browser.page.source.partition("<pre")[2].partition(">")[2].partition("</pre>")[0])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, "page", "exec"), {})  # noqa: S102  ours
    parts = (line.rpartition(" = ") for line in out.getvalue().splitlines())
    return {label: float(value) for label, _, value in parts}


def links(browser) -> list[str]:
    return [attrs["href"] for attrs in browser.page.all("a") if attrs.get("href", "").endswith("/code")]


def test_the_sheet_in_front_is_a_program_once_it_is_answered_and_not_before(at_numbers, learners, study):  # noqa: F811
    browser, seat = at_numbers, at_numbers.seat
    browser.get("/page")
    assert links(browser) == []
    assert "<pre" not in browser.get("/page/code").source
    assert browser.status == 400
    page, right = seat.page(), learners(study).answer_to(seat.session, seat.page())
    browser.get("/page")
    browser.send("/answer", {f"v.{field.name}": "77" for field in page.ask.fields})
    assert links(browser) == ["/page/code"]
    browser.get("/page/code")
    wanted = [float(part.replace("−", "-")) for part in right.split(";")]
    assert [printed(browser)[field.label] for field in page.ask.fields] == wanted
    (answer,) = [event.event_id.hex() for event in study.log.events() if event.correct is False]
    browser.get(f"/history/{answer}")
    assert links(browser) == [f"/history/{answer}/code"]
    browser.get(links(browser)[0])
    assert [printed(browser)[field.label] for field in page.ask.fields] == wanted


def test_a_program_that_is_not_there_is_said_in_a_line(browser):
    browser.get("/read/1/99/code")
    assert browser.status == 404
    browser.get("/history/zz/code")
    assert browser.status == 404
