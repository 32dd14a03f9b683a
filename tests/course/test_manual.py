"""The manual is whole and true: every key and function stands in it, its examples are sound, and both prints are one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from drops import catalog
from drops.cli.main import main
from drops.course import check_faces, check_written, items, lesson, page, parse, picture, source
from drops.course.check import LONGEST_TITLE, check
from drops.course.questions import OWN_KEY
from drops.course.words import LONGEST_ID
from drops.exercises.formulas import draws, functions, reading, working_out
from drops.exercises.written import asking, figures, pictures, spec

MANUAL = (Path(__file__).parents[2] / "docs" / "writing.md").read_text("utf-8")
KEYS = {
    "a lesson's front matter": lesson.FRONT,
    "a path's front matter": page.FRONT,
    "an exercise": items.OWN,
    "a written exercise": (*spec.TOP, "like"),
    "a given": draws.KEYS,
    "a written figure": (*figures.OF_FIGURE, *figures.OF_KNOB),
    "its pictures": {key for keys, _ in pictures.PICTURES.values() for key in keys},
    "a series": (*pictures.OF_SERIES, *pictures.OF_EACH),
    "a line": spec.OF_LINE,
    "a mix-up": spec.OF_MIXUP,
    "a choice": (*asking.OF_QUESTION, *asking.OF_OPTION),
    "a drawing": (*asking.OF_CURVE, *asking.OF_LINE, *asking.OF_WRONG),
    "a claim": lesson.OF_CLAIM,
    "pictures": tuple(picture.KINDS),
    "the path's sections": tuple(f"## {name}" for name in page.PAGE),
    "the lesson's sections": tuple(f"## {name}" for name in lesson.KEPT_APART),
    "formulas": functions.FUNCTIONS,
    "fences": source.OUR_FENCES,
    "questions in a picture": tuple(OWN_KEY.values()),
}


def said(text: str) -> set[str]:
    """What stands in backticks, word by word, and as a whole."""
    inside = re.findall(r"`+ ?([^`\n]+?) ?`+", text)
    return {*inside, *(word for one in inside for word in re.findall(r"[a-z_]+", one))}


@pytest.mark.parametrize("what", KEYS)
def test_every_key_there_is_stands_in_it(what):
    assert [key for key in KEYS[what] if key not in said(MANUAL)] == []


def test_it_names_no_key_that_is_none():
    """The first column of its tables of keys."""
    rows = re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \|", MANUAL, re.MULTILINE)
    known = {key for keys in KEYS.values() for key in keys} | {"expect", "goal"}
    assert {key for row in rows for key in re.findall(r"`([a-z_]+)`", row)} <= known


@pytest.mark.parametrize(
    ("limit", "as_said"),
    [
        (reading.LONGEST, "{} characters, "),
        (reading.MOST_SIGNS, "{} signs"),
        (reading.DEEPEST, "{} brackets"),
        (reading.MOST_DIGITS, "a number {} digits"),
        (reading.MOST_ITEMS, "a list to {} numbers"),
        (working_out.HIGHEST_POWER, "powers go to {}"),
        (int(working_out.LARGEST), "results to {:,}"),
        (draws.MOST_GIVENS, "{} givens"),
        (spec.MOST_LINES, "{} lines and"),
        (spec.MOST_MIXUPS, "{} mix-ups"),
        (draws.TRIES, "within {:,} tries"),
        (int(functions.STEEPEST), "x at most {})"),
        (check_written.FEWEST, "at least {} of them differ"),
        (round(100 * check_written.MOST_ALIKE), "no option of a prediction in more than {}"),
        (round(100 * check_faces.MOST_ALIKE["number"]), "no number is right in more than {} of 100"),
        (round(100 * check_faces.ALIKE), "no choice in more than {}"),
        (lesson.LONGEST_LINE, "at most {} characters"),
        (lesson.LONGEST_GOAL, "`says`, at most {} characters"),
        (LONGEST_TITLE, "what lists call it, at most {} characters"),
        (LONGEST_ID, "at most {}\n  characters"),
        (source.LONGEST_LINE, "{:,} characters a line"),
        (parse.MOST_FILES, "at most {} files"),
    ],
)
def test_its_limits_are_those_that_are_held(limit, as_said):
    assert as_said.format(limit) in MANUAL


def test_its_whole_lesson_is_sound(tmp_path):
    lesson_text = re.search(r"^````markdown\n(\+\+\+.*?)^````$", MANUAL, re.MULTILINE | re.DOTALL)[1]
    page_text = re.search(r"^```toml\n(\+\+\+.*?)^```$", MANUAL, re.MULTILINE | re.DOTALL)[1]
    folder = tmp_path / "up-and-down"
    folder.mkdir()
    page_text += "## Key terms\n### percent\nA hundredth.\n"
    (folder / "path.md").write_text(page_text, encoding="utf-8")
    (folder / "01-back-to-the-price.md").write_text(lesson_text, encoding="utf-8")
    assert [str(problem) for problem in check([folder])] == []


def test_its_pieces_are_read_as_it_says():
    given, lines = (
        tomllib.loads(piece)
        for piece in re.findall(r"^```toml\n(\[(?:given|lines)\].*?)^```", MANUAL, re.MULTILINE | re.DOTALL)
    )
    names = draws.read_draws(given["given"]).names
    assert set(names) == set(given["given"])
    givens = {"w": 1, "x": {"from": 1, "to": 9, "size": 3}, "v": [[1, 1, 2]], "u": 2, "b": 1, "A": [[1, 2, 3]], "B": [[3, 2, 1]]}
    exercise = catalog.draw("written", 1, {"given": givens, **lines})
    assert [field.name for field in exercise.fields] == ["h1", "h2", "h3", "zA", "zB", "best"]


def test_drops_help_writing_prints_it(capsys):
    assert main(["help", "writing"]) == 0
    assert capsys.readouterr().out == MANUAL


@pytest.mark.parametrize(
    ("topic", "table"),
    [("figures", catalog.FIGURES), ("kinds", catalog.KINDS), ("experiments", catalog.EXPERIMENTS)],
)
def test_drops_help_lists_all_that_a_course_may_name_with_what_it_is(capsys, topic, table):
    assert main(["help", topic]) == 0
    told = [entry.splitlines() for entry in capsys.readouterr().out.split("\n\n") if not entry.startswith(" ")]
    assert [lines[0].partition("(")[0] for lines in told] == list(table)
    if topic != "kinds":
        assert all(len(lines) > 1 for lines in told)


def test_drops_help_alone_says_what_there_is(capsys):
    assert main(["help"]) == 0
    assert "drops help writing" in capsys.readouterr().out
