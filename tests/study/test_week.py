"""The week to show: its days, what was learned and held, the picture, as text and as a command."""

from __future__ import annotations

from datetime import timedelta

import pytest

from drops.exercises.blocks import Curve
from drops.study.shown.week import week
from drops.tui.blocks import postcard
from program import run


def test_there_is_nothing_to_show_before_the_first_answer(study, clock):
    assert week(study.library, study.log, clock()) is None


@pytest.mark.slow
def test_a_week_tells_its_days_its_drops_and_what_held(study, clock, learner):
    clock.at -= timedelta(days=clock.at.weekday())  # a Monday
    for _ in range(3):
        learner.day()
        clock.days(1)
    clock.days(1)
    learner.day()
    made = week(study.library, study.log, clock())
    assert made.days == (True, True, True, False, True)
    assert (made.number, made.drops) == (1, 4)
    assert made.monday.weekday() == 0
    assert made.gain == study.drop("4").gain
    asked = [page for page in learner.seen if page.part == "recall" and page.graded]
    assert made.held == (len(asked), len(asked))
    assert made.quoted == 4
    clock.days(7)
    learner.day()
    assert week(study.library, study.log, clock()).number == 2


def test_of_a_week_without_an_answer_the_one_before_is_shown(study, clock, learner):
    learner.day()
    first = week(study.library, study.log, clock())
    clock.days(30)
    later = week(study.library, study.log, clock())
    assert later.monday == first.monday
    assert later.days == tuple(first.days) + (False,) * (7 - len(first.days))


def test_the_text_keeps_to_its_width_and_holds_no_colour_and_the_picture_has_both(study, clock, learner):
    learner.day()
    made = week(study.library, study.log, clock())
    assert isinstance(made.picture, Curve)
    lines = postcard.as_text(made)
    assert max(map(len, lines)) <= postcard.WIDE
    assert lines[0].startswith("drops, week 1")
    assert any(made.gain[:20] in line for line in lines)
    assert not any("\x1b" in line for line in lines)
    svg = postcard.as_svg(made)
    assert svg.startswith("<svg")
    assert "week" in svg


def test_the_command_shows_nothing_and_makes_no_file_in_an_empty_home(tmp_path):
    told = run("show", home=tmp_path / "home")
    assert told.status == 0
    assert told.out.startswith("Nothing to show yet.")
    assert not list(tmp_path.rglob("*.sqlite*"))


@pytest.mark.slow
def test_the_command_prints_the_week_and_saves_its_picture(study, home, learner):
    learner.day()
    study.close()
    told = run("show", home=home)
    assert told.out.startswith("drops, week 1")
    saved = run("show", "--svg", home=home)
    assert saved.out.rstrip().endswith(".svg")
    assert "<svg" in (home / "pictures" / saved.out.rstrip().rpartition("/")[2]).read_text("utf-8")
