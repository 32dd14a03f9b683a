"""The Lab's challenges and the first start, in the browser."""

from __future__ import annotations

import re

import pytest

from drops.networks import first
from drops.networks.lab.challenges import CHALLENGES
from drops.study.own import lab as own


def judged(browser) -> str:
    """What is said once the hundred are trained; each page does a piece of the work and asks for the next."""
    for _ in range(2_000):
        if browser.at != "/lab/judging":
            return browser.page.text
        assert 'http-equiv="refresh"' in browser.page.source
        browser.get("/lab/judging")
    raise AssertionError("it never ends")


def take(browser, name: str) -> None:
    browser.get("/lab/challenges")
    browser.post("/lab/challenge", {"name": name})
    assert browser.at == "/lab"


def put(browser, line: str) -> None:
    browser.post("/lab", {"line": line, "do": "line", "steps": "500"})
    assert browser.status == 200, browser.page.text


def test_every_challenge_is_offered_with_the_line_that_it_begins_with(browser):
    page = browser.get("/lab/challenges")
    for name, task in CHALLENGES.items():
        assert f"<h2>{name}</h2>" in page.source
        assert f"<code>{task.begins}</code>" in page.source
    offered = [dict(form["fields"])["name"] for form in page.forms if form["action"] == "/lab/challenge"]
    assert offered == [*CHALLENGES]


@pytest.mark.slow
def test_a_challenge_is_taken_done_and_remembered(browser, study):
    take(browser, "two-numbers")
    assert "Challenge: two-numbers" in browser.page.text
    assert dict(browser.page.form("/lab")["fields"])["line"] == CHALLENGES["two-numbers"].begins
    put(browser, CHALLENGES["two-numbers"].par)
    browser.post("/lab/judge", {})
    text = judged(browser)
    assert re.search(r"100 % of a hundred unseen starts do it, with 2 parameters. Done.", text)
    best = own.own_par(study.log, "two-numbers", "parameters")
    assert best is not None
    assert best.line == CHALLENGES["two-numbers"].par
    assert f"Done with 2 parameters: {best.line}" in browser.get("/lab/challenges").text
    browser.get("/lab")
    browser.send("/lab/challenge", {"name": ""})
    assert "Challenge:" not in browser.page.text


def test_a_line_that_changes_what_stays_is_refused_in_a_sentence(browser):
    take(browser, "two-numbers")
    put(browser, "circle")
    browser.post("/lab/judge", {})
    assert browser.status == 400
    assert "data stays as the task begins: xor." in browser.page.text.replace("Data", "data")
    browser.get("/lab/judging")
    assert browser.at == "/lab"


def test_a_task_of_two_lines_asks_for_the_second(browser):
    take(browser, "by-heart")
    fields = dict(browser.page.form("/lab/judge")["fields"])
    assert fields["second"] == CHALLENGES["by-heart"].begins
    browser.post("/lab/judge", {"second": "no line at all"})
    assert browser.status == 400


@pytest.mark.parametrize(("address", "status"), [("/lab/challenge", 404), ("/lab/judge", 400)])
def test_no_challenge_of_that_name_and_none_taken_are_told(browser, address, status):
    browser.post(address, {"name": "nothing"})
    assert browser.status == status


def test_the_run_of_the_lab_is_a_program_in_numpy_and_in_torch(browser):
    put(browser, "xor 2-3-1")
    browser.get("/lab/code")
    assert "import numpy as np" in browser.page.source
    assert "torch" not in browser.page.source
    browser.get("/lab/code?kind=torch")
    assert "import torch" in browser.page.source
    browser.get("/lab/code?kind=basic")
    assert browser.status == 400


# ── the first start ───────────────────────────────────────────────────────────────────────


def test_who_begins_is_led_to_the_neuron_and_from_there_to_today(browser, study):
    browser.get("/arrive")
    assert browser.at == "/first"
    assert "137 of 342 right" in browser.page.text
    assert "/" in [attrs["href"] for attrs in browser.page.all("a")]
    assert not any(study.log.events())


def test_the_two_numbers_find_it_without_a_script(browser):
    assert first.FOUND not in browser.get("/first").text
    page = browser.get("/first?0.bill=-0.5&0.bias=-1")
    assert "342 of 342 right" in page.text
    assert first.FOUND in page.text
    part = browser.get("/first?part=0&0.bill=-0.5&0.bias=-1")
    assert first.FOUND in part.text
    assert "<html" not in part.source


def test_the_first_day_asks_how_many_minutes_and_keeps_them(browser, study):
    browser.get("/")
    browser.send("/begin", {"minutes": "12"})
    assert browser.at == "/page"
    assert study.setting("budget_minutes") == 12
    browser.get("/arrive")
    assert browser.at == "/"


def test_minutes_that_no_day_has_are_told(browser):
    browser.post("/begin", {"minutes": "many"})
    assert browser.status == 400
