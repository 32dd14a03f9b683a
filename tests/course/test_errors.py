"""Every mistake is one line: where, what, and what to do. The whole line stands here."""

from __future__ import annotations

from pathlib import Path

import pytest

from drops.course.parse import load, read
from drops.course.picture import NAME, WRITE
from drops.errors import ContentError

MISTAKES = [
    # the front matter
    ("+++\nid", "id", "1: no front matter; start the file with a line +++, TOML, and a line +++"),
    ("}\n+++\n## What", "}\n## What", "1: the front matter has no end; close it with a line +++"),
    (
        'id = "one-sum"',
        "id = one-sum",
        "2: the front matter is not plain TOML: Invalid value; correct this line",
    ),
    ('id = "one-sum"\n', "", '2: the front matter has no "id"; add id = "…"'),
    (
        'id = "one-sum"',
        'id = "One sum"',
        '2: "One sum" is no id; use lower-case letters, digits and single hyphens',
    ),
    (
        'id = "one-sum"',
        'id = "one\\nsum"',
        '2: "one sum" is no id; use lower-case letters, digits and single hyphens',
    ),
    ("minutes = 6", 'minutes = "6"', '5: "minutes" in the front matter is text; write minutes = a number'),
    ("minutes = 6", "minutes = 0", "5: 0 minutes; a drop takes more than 0 and at most 60"),
    (
        "minutes = 6",
        "minutes = nan",
        "2: the front matter is not plain TOML: nan is no number that an exercise can use; "
        "correct it between here and line 11",
    ),
    (
        'goal = "Add',
        f'gain = "{"I can " * 20}"\ngoal = "Add',
        "6: gain has 120 characters; say it in at most 90: it stands on one line",
    ),
    ('goal = "Add', 'gaol = "Add', '6: the front matter has an unknown key "gaol"; did you mean "goal"?'),
    (
        'goal = "Add',
        'goal = "\\u001bAdd',
        "2: the front matter is not plain TOML: a string holds a control or hidden "
        "character; correct it between here and line 11",
    ),
    ('["training"]', '"training"', '7: "leaves_out" in the front matter is text; write leaves_out = ["…"]'),
    ('["bias"]', "[1]", '8: "teaches" in the front matter holds more than text; write teaches = ["…"]'),
    (
        '= "takes the bias for the slope"',
        "= 1",
        '10: "bias-as-slope" in misconceptions is the number 1; write bias-as-slope = "…"',
    ),
    (
        "minutes = 6",
        "minutes = 1979-05-27",
        "2: the front matter is not plain TOML: 1979-05-27 is no number that an "
        "exercise can use; correct it between here and line 11",
    ),
    # the picture
    (
        "minutes = 6",
        "minutes = 6\npicture = { nets = [2, 1] }",
        "6: a picture of no known kind; " + WRITE,
    ),
    *(
        (
            "minutes = 6",
            f"minutes = 6\npicture = {{ {kind} = {data} }}",
            f"6: {kind} of a picture that cannot be drawn; " + WRITE,
        )
        for kind, data in (
            ("net", "[2]"),
            ("net", "[2, 0, 1]"),
            ("net", "[2, 1.5]"),
            ("weights", "[[[1, 2], [1]]]"),
            ("weights", "[[[1, 2]], [[1, 2]]]"),
            ("lines", "[[0, 0, 1]]"),
            ("lines", "[[1, 2]]"),
            ("curves", "[[[1, 0], [0, 0]]]"),
            ("curves", '[[["a", 0], [1, 0]]]'),
        )
    ),
    *(
        (
            "minutes = 6",
            f"minutes = 6\npicture = {{ {data} }}",
            f"6: {data.split()[0]} of a picture without their names; " + NAME,
        )
        for data in (
            "curves = [[[0, 0], [1, 0]]]",
            'curves = [[[0, 0], [1, 0]]], x = "steps"',
            'curves = [[[0, 0], [1, 0]]], x = "steps", y = ""',
            'curves = [[[0, 0], [1, 0]], [[0, 0], [1, 1]]], x = "steps", y = "loss"',
            'curves = [[[0, 0], [1, 0]]], x = "steps", y = "loss", names = ["plain", "scaled"]',
            'net = [2, 1], x = "steps", y = "loss"',
        )
    ),
    ('phase = "first"', 'phase = "frist"', '2: no phase "frist"; did you mean "first"?'),
    # sections and fences
    ("## What a sum is", "", "19: something before the first heading; start with a line ## …"),
    ("After the figure.", "```text", "25: this fence is never closed; end it with a line ```"),
    ("```figure toy", "```figrue toy", '21: no fence "figrue"; did you mean "figure"?'),
    ("```figure toy", "```figure", "21: a figure without a name; write ```figure NAME"),
    (
        "```figure toy",
        "```exercise toy",
        '21: an exercise fence within the lesson; move it under "## Exercise" or "## Quiz"',
    ),
    ("expect = { z = 3 }", 'expect = { z = "3" }', '23: "z" in expect is text; write z = a number'),
    ("x = 2", "x = = 2", "22: the figure is not plain TOML: Invalid value; correct this line"),
    ("## Exercise", "## Exercises", '27: no section "Exercises"; did you mean "Exercise"?'),
    ("## Review", "## Quiz", '63: a second section "Quiz"; join the two'),
    (
        "## Carry forward",
        "## Goodbye",
        '72: no section "Goodbye" after the lesson; known: Exercise, Quiz, Review, Carry forward',
    ),
    ("- Sums add.", "Sums add.", "73: a line that is no bullet; start it with - or indent it"),
    # exercises
    ("```exercise toy", "```exercise", "30: an exercise without a kind; write ```exercise KIND"),
    ('id = "by-hand"\n', "", '31: the exercise has no "id"; add id = "…"'),
    ('title = "one sum"\n', "", '31: the exercise has no "title"; add title = "…"'),
    ("keep = true", "keep = 1", '32: "keep" in the exercise is the number 1; write keep = true or false'),
    ("keep = true", "level = 4", "32: there is no level 4; write 0, 1, 2 or 3"),
    (
        'id = "by-hand"',
        'id = "shift"',
        '37: the id "shift" is taken by line 30; give each item an id of its own',
    ),
    (
        "## Quiz",
        "And more.\n\n## Quiz",
        "36: text that belongs to no question; "
        "end its heading with {#id} and add answers, or put an exercise fence after it",
    ),
    # questions
    (" {#shift .keep}", "", "37: a question without an id; end its heading with {#a-short-id}"),
    (
        "{#shift .keep}",
        "{shift}",
        "37: {shift} names no id; write {#a-short-id}: lower-case words joined by hyphens",
    ),
    (".keep", ".kept", '37: ".kept" means nothing here; write {#id}, {#id .keep} or {#id .keep title="a short name"}'),
    ("= 3\n", "3\n", "46: a question without an answer; add options - [x] …, a line = 0.5, or a list 1. …"),
    ("= 3\n", "= three\n", '47: "= three" is no number; write = 0.5 or = 0.5 ± 0.02; a formula stands in backticks: = `2*p`'),
    ("= 3\n", "= 3/0\n", '47: "= 3/0" is no number; write = 0.5 or = 0.5 ± 0.02; a formula stands in backticks: = `2*p`'),
    ("- −1.5 `doubled`", "- much", '55: "much" is no wrong value; write - 1.5 `misconception-id`, or - `2*p` `misconception-id`'),
    ("- [x] the bias", "- [ ] the bias", "37: 0 of 2 options are marked [x]; mark the right one with [x]"),
    (
        "- [ ] the weight",
        "- [x] the weight",
        '37: 2 of 2 options are marked [x]; mark one, or write "Choose all that apply." in the question',
    ),
    (
        "- [ ] the weight",
        "- the weight",
        "43: a list item of another kind among the answers; mark all of them alike",
    ),
    (
        "  > A weight multiplies.",
        "> A weight multiplies.",
        "43: a > quote outside the options; indent it under the option it explains",
    ),
    (
        "  > It is added whatever\n  > the input is.",
        "> A weight multiplies.",
        "42: a list item after the closing quote; put the > quote last",
    ),
    (
        "> Products first.",
        "> Products first.\n\n   and",
        "63: an indented line that belongs to no list item; put it under one",
    ),
    (
        "1. multiply\n2. add",
        "1. add\n2. add",
        "59: the pieces to order are not two or more different ones; write each once",
    ),
    (
        "figure toy\nx = 2\nnumber",
        "formula toy\nx = 2\nnumber",
        '50: "expect formula toy" names no source; write ```expect figure NAME or ```expect experiment NAME',
    ),
    ('number = "z"\n', "", '51: the expect fence has no "number"; add number = "…"'),
    (
        "= 3\n",
        "- [x] 3\n",
        "50: an expect fence that has no number of its own to recompute; keep one below a line = 0.5",
    ),
    (
        "## Quiz",
        "### What? {#what}\n= 1\n\n## Quiz",
        '36: the question "what" stands under "## Exercise"; move it under "## Quiz"',
    ),
    (
        "= 3\n> 2",
        "```figure toy\n```\n= 3\n> 2",
        "47: a figure fence out of place; figures stand in the lesson's sections",
    ),
]


@pytest.mark.parametrize(("old", "new", "line"), MISTAKES, ids=[line for _, _, line in MISTAKES])
def test_a_mistake_in_a_lesson_is_told_with_its_line_and_remedy(old, new, line, write, lesson) -> None:
    assert old in lesson
    folder = write(**{"01-one-sum": lesson.replace(old, new, 1)})
    assert f"content/sums/01-one-sum.md:{line}" in map(str, read([folder]).errors)
    with pytest.raises(ContentError):
        load([folder])


CLAIMS = [
    (
        "runs = 3",
        "runs = 1979-05-27",
        "12: the list of claims is not plain TOML: 1979-05-27 is no number that an exercise "
        "can use; correct it between here and line 16",
    ),
    (
        "expect = { share = 0.5",
        "minutes = 6\n[more]\nexpect = { share = 0.5",
        '17: the list of claims has an unknown key "more"; known: claims',
    ),
    (
        "params = { runs = 3 }",
        "parms = { runs = 3 }",
        '15: [[claims]] has an unknown key "parms"; did you mean "params"?',
    ),
    (
        "expect = { share = 0.5, steps = { at_most = 9 } }\n",
        "",
        "12: a claim that expects nothing; add expect = { name = value }",
    ),
    (
        "at_most = 9",
        "atmost = 9",
        '16: "steps" expects neither a number nor a bound; '
        "write a number, { is = 1, within = 0.1 }, { at_least = 1 } or { at_most = 1 }",
    ),
]


@pytest.mark.parametrize(("old", "new", "line"), CLAIMS, ids=[line for _, _, line in CLAIMS])
def test_a_mistake_in_a_claim_is_told_by_the_check_and_keeps_nobody_from_learning(
    old, new, line, write, lesson
) -> None:
    assert old in lesson
    folder = write(**{"01-one-sum": lesson.replace(old, new, 1)})
    assert f"content/sums/01-one-sum.md:{line}" in map(str, read([folder]).errors)
    assert [drop.claims for drop in load([folder])] == [()]


PAGES = [
    ('id = "first"\n', "", '7: [[phases]] has no "id"; add id = "…"'),
    ("drops = 1", "number = 1", '11: [[phases]] has an unknown key "number"; known: id, title, goal, drops'),
    (
        'shown_by = ["one-sum"]',
        "shown_by = 1",
        '15: "shown_by" in [[outcomes]] is the number 1; write shown_by = ["…"]',
    ),
    ('"sum" = "one-sum"', '"sum" = 1', '23: "sum" in teaches is the number 1; write sum = "…"'),
    ("## Questions", "## Question", '41: no section "Question"; did you mean "Questions"?'),
    ("### hidden layer", "### bias", '38: "bias" stands here a second time; join the two'),
    ("### bias", "Terms.", "35: text before the first ### heading; give it a ### heading"),
    ("Because.", "```figure toy\n```", "43: a figure fence on the path's page; put it into a lesson"),
]


@pytest.mark.parametrize(("old", "new", "line"), PAGES, ids=[line for _, _, line in PAGES])
def test_a_mistake_on_the_page_is_told_with_its_line_and_remedy(old, new, line, write, page) -> None:
    assert old in page
    assert f"content/sums/path.md:{line}" in map(str, read([write(page.replace(old, new, 1))]).errors)


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_its_lines(write, lesson: str) -> None:
    wrong = (
        lesson.replace("minutes = 6", "minutes = 0")
        .replace("- [x] the bias", "- [ ] the bias")
        .replace("```exercise toy", "```exercise")
    )
    lines = [str(mistake).split(":")[1] for mistake in read([write(**{"01-one-sum": wrong})]).errors]
    assert lines == ["5", "30", "37"]


def told(folder: Path) -> list[str]:
    return [str(mistake).replace(str(folder.parent), "…") for mistake in read([folder]).errors]


def test_a_folder_that_is_no_library_says_what_to_name(write, tmp_path: Path) -> None:
    assert told(tmp_path / "none") == [
        "…/none: no such folder; name a folder that holds a folder for each path"
    ]
    (tmp_path / "empty").mkdir()
    assert told(tmp_path / "empty") == ["…/empty: holds no path; put a path.md into a folder of it"]
    assert told(write() / "sums") == []  # a path of its own is read, too


def test_lessons_without_a_page_ask_for_one(write) -> None:
    folder = write()
    (folder / "sums/path.md").unlink()
    assert told(folder) == ["content/sums/path.md:1: no such file; write it"]


def test_a_path_without_phases_says_so(write) -> None:
    folder = write('+++\nid = "sums"\ntitle = "Sums"\n+++\n')
    assert (
        told(folder)[0]
        == "content/sums/path.md:2: the path has no phases; add [[phases]] with id, title and goal"
    )


def test_ids_must_not_collide_across_libraries_and_the_line_says_which_two_do(write) -> None:
    folders = [write(), write(library="mine")]
    assert [str(mistake) for mistake in read(folders).errors] == [
        'mine/sums/path.md:2: the path id "sums" is taken by content/sums/path.md:2; rename one of the two',
        'mine/sums/01-one-sum.md:2: the drop id "one-sum" is taken by content/sums/01-one-sum.md:2; rename one of the two',
    ]


def test_the_same_folder_named_twice_is_read_once(write) -> None:
    folder = write()
    assert len(load([folder, folder / ".." / "content"]).paths) == 1


def test_limits_keep_hostile_files_out(write, lesson: str) -> None:
    file = "content/sums/01-one-sum.md"
    assert told(write(**{"01-one-sum": lesson + "x" * 4_001})) == [
        f"{file}:74: the line is longer than 4,000 characters; break it"
    ]
    assert told(write(**{"01-one-sum": lesson + "x\n" * 500_000})) == [
        f"{file}:1: the file is larger than 1 MB; split it"
    ]
    deep = lesson.replace("x = 2", "x = " + "[" * 3_900, 1)
    assert told(write(**{"01-one-sum": deep})) == [
        f"{file}:22: the figure is nested too deeply; write it flatter"
    ]
    folder = write()
    (folder / "sums/01-one-sum.md").write_bytes(b"+++\n\xff")
    assert told(folder) == [f"{file}:2: this is not UTF-8; save the file as UTF-8"]
    for number in range(500):
        (folder / f"sums/note-{number}.md").touch()
    assert told(folder) == ["…/content: holds 502 files; at most 500 are read; split the library"]


def test_a_folder_in_the_place_of_a_lesson_says_so(write) -> None:
    folder = write()
    lesson = folder / "sums/01-one-sum.md"
    lesson.unlink()
    lesson.mkdir()
    assert told(folder) == [
        "content/sums/01-one-sum.md:1: is no plain file; put a Markdown file in its place"
    ]
