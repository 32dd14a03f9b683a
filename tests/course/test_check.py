"""What can be read and is wrong: each problem is one line, and the whole line stands here."""

from __future__ import annotations

import pytest

from drops.course.check import check
from drops.course.minutes import minutes_of
from drops.course.recompute import holds

LESSONS = [
    # names
    ("needs = []", 'needs = ["two-sums"]', '2: needs no known drop "two-sums"; known: none yet'),
    ("needs = []", 'needs = ["one-sum"]', '2: needs "one-sum", which comes later; need only earlier drops'),
    (
        'teaches = ["bias"]',
        'teaches = ["biass"]',
        '2: teaches "biass", which is no key term; did you mean "bias"?',
    ),
    ('id = "one-sum"', 'id = "a-sum"', '2: the id "a-sum" is not the file\'s; call the file 01-a-sum.md'),
    (
        "`bias-as-slope`",
        "`bias-as-slop`",
        '43: no misconception "bias-as-slop"; name one that its exercises know '
        '(did you mean "bias-as-slope"?) or declare it: misconceptions = { bias-as-slop = "…" }',
    ),
    (
        "`doubled`",
        "`trebled`",
        '55: no misconception "trebled"; name one that its exercises know '
        '(did you mean "doubled"?) or declare it: misconceptions = { trebled = "…" }',
    ),
    # what lists call an item
    (
        "Which number shifts the sum?",
        "Which number shifts the sum without changing it?",
        '37: "shift" is listed by a title of 48 characters; write title="…" of at most 40 beside its id',
    ),
    (
        "{#shift .keep}",
        '{#shift .keep title="which number shifts the sum, and by how much"}',
        '37: "shift" is listed by a title of 44 characters; write title="…" of at most 40 beside its id',
    ),
    (
        'title = "one sum"',
        'title = "one sum, and then one more, and another one"',
        '30: "by-hand" is listed by a title of 43 characters; shorten its title to 40',
    ),
    # answers and options
    ("> 2 + 1 = 3.\n", "", '46: "z" does not say why; add a line > … below the answer'),
    ("> Products first.\n", "", '58: "order" does not say why; add a line > … below the answer'),
    (
        "  > That is something else.\n",
        "",
        "55: the wrong value −1.5 doubled has no feedback; add an indented line > … below it",
    ),
    ("  > A weight multiplies.\n", "", "43: an option without feedback; add an indented line > … below it"),
    (
        "- [ ] the weight `bias-as-slope`\n  > A weight multiplies.\n",
        "",
        '37: "shift" has 1 options; write 2 to 3, each diagnosing something',
    ),
    ("- [ ] x\n", "- [ ] 1\n", '64: "numbers" has the same option twice; change one of them'),
    # what is missing
    ("- Sums add.\n", "", "2: nothing to carry forward; add ## Carry forward with lines - …"),
    # links and what a terminal cannot show
    ("(term:bias)", "(term:hidden-layr)", '19: no term "hidden-layr"; did you mean "hidden-layer"?'),
    ("(term:bias)", "(drop:one-sun)", '19: no drop "one-sun"; did you mean "one-sum"?'),
    (
        "(term:bias)",
        "(javascript:alert)",
        '19: "javascript:alert" is no link of a lesson; link to drop:id, term:name or https://…',
    ),
    (
        "(term:bias)",
        "(other.md)",
        '19: "other.md" is no link of a lesson; link to drop:id, term:name or https://…',
    ),
    (
        "A sum adds.",
        "# A sum\n\nA sum adds.",
        '19: "# A sum" is read as a heading; write ## or ###, or set the line apart',
    ),
    (
        "A sum adds.",
        "A sum\n---\nA sum adds.",
        '19: "A sum" is read as a heading; write ## or ###, or set the line apart',
    ),
    ("- [x] the bias", "* [x] the bias", "40: an option with another bullet; start it with - [x] or - [ ]"),
    (
        "(term:bias)",
        "(term:hidden layer)",
        '19: "[bias](term:hidden layer)" is shown as it stands; write term:two-words, without a space',
    ),
    (
        "once more.",
        "once more.\nTwice <b>more</b>.",
        '20: "<b>" is HTML; write Markdown; put code between backticks',
    ),
    (
        "After the figure.",
        "<div>\nA box.\n</div>",
        '25: "<div> A box. </div>" is HTML; write Markdown; put code between backticks',
    ),
    ("the input is.", "![the input](x.png).", '42: "x.png" is an image; a terminal shows figure fences only'),
    ("A sum adds.", "A s\u200bum adds.", "19: a control or hidden character; delete it"),
    ("A sum adds.", "A sum adds&#8203;.", "19: a control or hidden character; delete it"),
    # minutes
    (
        "minutes = 6",
        "minutes = 0.5",
        "2: takes 1.4 minutes to read and answer, 0.5 are announced; "
        "shorten the lesson, ask less, or announce more",
    ),
    # exercises and figures
    ("```exercise toy", "```exercise tos", '30: no exercise kind "tos"; did you mean "toy"?'),
    (
        "keep = true",
        "keep = true\ntop = 1",
        '30: the exercise kind "toy" refuses its parameters: top is 1, not 2 or more; correct the parameters',
    ),
    (
        "keep = true",
        "keep = true\ntop = 2",
        '30: exercise "toy" found no fair numbers in 2000 draws: '
        "the right answer and doubled look alike; ask for other fields, or loosen its parameters",
    ),
    (
        "keep = true",
        "keep = true\ntop = 13",
        "30: the exercise kind \"toy\" refuses its parameters: no 'top'; correct the parameters",
    ),
    (
        "keep = true",
        "keep = true\nlevel = 3",
        "30: fewer than 3 numbers are too few to find a wrong one among; write level = 2",
    ),
    (
        "keep = true",
        "keep = true\nhigh = 5",
        '30: the exercise kind "toy" does not know the parameter "high"; correct its name or delete it',
    ),
    ("```figure toy", "```figure tov", '21: no figure "tov"; did you mean "toy"?'),
    (
        "x = 2\nexpect",
        "y = 2\nexpect",
        "21: the figure \"toy\" refuses its parameters: no 'x'; correct the parameters",
    ),
    (
        "x = 2\nexpect",
        "x = 2\ny = 2\nexpect",
        '21: the figure "toy" does not know the parameter "y"; correct its name or delete it',
    ),
    (
        "{ z = 3 }",
        "{ z = 3.01 }",
        "21: expects z = 3.01, the engine gives 3; correct the number here and in the prose, or the parameters",
    ),
    ("{ z = 3 }", "{ zed = 3 }", '21: the figure "toy" has no number "zed"; did you mean "z"?'),
    (
        "= 3\n",
        "= 4\n",
        "46: expects z = 4, the engine gives 3; correct the number here and in the prose, or the parameters",
    ),
    # claims
    ('"toy_runs"', '"toy_run"', '12: no experiment "toy_run"; did you mean "toy_runs"?'),
    (
        "{ runs = 3 }",
        "{ rums = 3 }",
        '12: the experiment "toy_runs" refuses its parameters: got an unexpected keyword '
        "argument 'rums'; correct the parameters",
    ),
    (
        "{ runs = 3 }",
        "{ runs = -3 }",
        '12: the experiment "toy_runs" refuses its parameters: fewer than no runs; correct the parameters',
    ),
    (
        "share = 0.5,",
        "share = 0.51,",
        "12: claims share = 0.51, measured 0.5; write what was measured, or find out why",
    ),
    (
        "share = 0.5,",
        "shares = 0.5,",
        '12: the experiment "toy_runs" measures no "shares"; did you mean "share"?',
    ),
    (
        "at_most = 9",
        "at_most = 8, at_least = 1",
        "12: claims steps at most 8 and at least 1, measured 9; write what was measured, or find out why",
    ),
    (
        "at_most = 9",
        "is = 5, within = 2",
        "12: claims steps = 5 ± 2, measured 9; write what was measured, or find out why",
    ),
]


@pytest.mark.parametrize(("old", "new", "line"), LESSONS, ids=[line for _, _, line in LESSONS])
def test_a_problem_in_a_lesson_is_told_with_its_line_and_remedy(old, new, line, write, lesson, toys) -> None:
    assert old in lesson
    found = map(str, check([write(**{"01-one-sum": lesson.replace(old, new, 1)})], claims=True))
    assert f"content/sums/01-one-sum.md:{line}" in found


PAGES = [
    (
        "drops = 1",
        "drops = 4",
        '11: the phase "first" names 4 drops and holds 1; '
        "write the drops that are missing, or correct the number",
    ),
    (
        "drops = 1",
        'drops = 1\n[[phases]]\nid = "bare"\ntitle = "Bare"\ngoal = "None"',
        '12: the phase "bare" holds no drop; write its first lesson, or take the phase out',
    ),
    ('["one-sum"]', '["one-sun"]', '15: no drop "one-sun"; did you mean "one-sum"?'),
    ('["one-sum"]', '["one-sum/none"]', '15: no item "one-sum/none" that comes back; did you mean "one-sum/numbers"?'),
    ('["one-sum"]', "[]", '13: an outcome that nothing shows; add shown_by = ["drop-id/item-id"]'),
    (
        "https://example.org/film",
        "file:///etc/passwd",
        '20: "file:///etc/passwd" is no web address; write https://…',
    ),
    (
        '"sum" = "one-sum"',
        '"sum" = "one-sun"',
        '23: "sum" is taught by no drop "one-sun"; '
        'write the id of a drop (did you mean "one-sum"?) or "beyond this path: …"',
    ),
    ("One in between.", "", '38: the term "hidden layer" is not explained; add a sentence below it'),
    ("Because.", "", "42: a question without an answer; add it below the heading"),
    (
        "minutes = 6",
        "minutes = 7",
        "5: the page says 7 minutes, its drops take 6; correct the one or the others",
    ),
    ("(drop:one-sum)", "(drop:two-sums)", '27: no drop "two-sums"; did you mean "one-sum"?'),
]


@pytest.mark.parametrize(("old", "new", "line"), PAGES, ids=[line for _, _, line in PAGES])
def test_a_problem_on_the_page_is_told_with_its_line_and_remedy(old, new, line, write, page, toys) -> None:
    assert old in page
    assert f"content/sums/path.md:{line}" in map(str, check([write(page.replace(old, new, 1))]))


def test_a_course_without_a_fault_has_no_problems(write, toys) -> None:
    assert check([write()], claims=True) == []


def test_what_cannot_be_read_is_told_too_and_those_who_refer_to_it_are_not_blamed(
    write, lesson, toys
) -> None:
    found = check([write(**{"01-one-sum": lesson.replace('id = "one-sum"', "id =")})])
    assert [str(problem) for problem in found if "no drop" in problem.what] == []
    assert "Invalid value" in found[-1].what


@pytest.mark.parametrize("broken", [b"minutes = six", b"goal = 6", b'phase = "second"', b"\xff", b"x" * 4001])
def test_one_lesson_that_cannot_be_read_is_one_problem(broken, write, lesson, page, toys) -> None:
    two = lesson.replace("one-sum", "two-sums").replace("needs = []", 'needs = ["one-sum"]')
    folder = write(page, **{"01-one-sum": lesson, "02-two-sums": two})
    (folder / "sums" / "01-one-sum.md").write_bytes(lesson.encode().replace(b"minutes = 6", broken))
    assert [problem.place.partition(":")[0] for problem in check([folder])] == ["content/sums/01-one-sum.md"]


def test_a_lesson_with_something_unreadable_is_not_blamed_for_lacking_it(write, lesson, toys) -> None:
    found = check([write(**{"01-one-sum": lesson.replace("keep = true", "keep = true\nlevel = 7")})])
    assert [str(problem) for problem in found] == [
        "content/sums/01-one-sum.md:33: there is no level 7; write 0, 1, 2 or 3"
    ]


def test_an_empty_lesson_says_what_a_lesson_has(write, toys) -> None:
    front = '+++\nid = "one-sum"\ntitle = "One"\nphase = "first"\nminutes = 6\ngoal = "g"\n+++\n'
    assert [str(p).partition(": ")[2] for p in check([write(**{"01-one-sum": front})])] == [
        "no lesson; add sections ## …",
        "no exercise; add ## Exercise with a fence ```exercise KIND",
        "no quiz; add ## Quiz with questions ### … {#id}",
        "nothing that comes back; mark items .keep or keep = true, or add ## Review",
        "nothing to carry forward; add ## Carry forward with lines - …",
    ]


def test_drops_are_numbered_in_the_order_of_their_phases(write, lesson, page, toys) -> None:
    two = lesson.replace("one-sum", "two-sums")
    place = "number the files 01, 02, 03 … in the order of the phases"
    gap = check([write(page, "gap", **{"01-one-sum": lesson, "03-two-sums": two})])
    assert f"gap/sums/03-two-sums.md:2: the drop is number 3 and stands in place 2; {place}" in map(str, gap)
    twice = check([write(page, "twice", **{"01-one-sum": lesson, "01-two-sums": two})])
    assert "twice/sums/01-two-sums.md:2: two drops are number 1; renumber one of the files" in map(str, twice)
    phases = page.replace(
        "[[outcomes]]", '[[phases]]\nid = "last"\ntitle = "Last"\ngoal = "End"\n[[outcomes]]'
    )
    late = lesson.replace('phase = "first"', 'phase = "last"')
    swapped = check([write(phases, "swapped", **{"01-one-sum": late, "02-two-sums": two})])
    assert f"swapped/sums/02-two-sums.md:2: the drop is number 2 and stands in place 1; {place}" in map(
        str, swapped
    )


def test_equal_experiments_are_measured_once_and_only_when_asked(write, lesson, toys) -> None:
    claim = lesson[lesson.index("[[claims]]") : lesson.index("+++\n## What")]
    folder = write(
        **{"01-one-sum": lesson.replace(claim, claim + claim + claim.replace("runs = 3", "runs = 4"))}
    )
    assert (check([folder]), toys) == ([], [])
    told: list[tuple[int, int, str]] = []
    assert check([folder], claims=True, progress=lambda *now: told.append(now)) == []
    assert toys == [3, 4]
    assert told == [
        (0, 2, "content/sums/01-one-sum.md:12: toy_runs"),
        (1, 2, "content/sums/01-one-sum.md:22: toy_runs"),
    ]


def test_a_questions_answer_can_be_measured_by_an_experiment(write, lesson, toys) -> None:
    asked = lesson.replace(
        'expect figure toy\nx = 2\nnumber = "z"', 'expect experiment toy_runs\nruns = 5\nnumber = "steps"'
    )
    (problem,) = check([write(**{"01-one-sum": asked})], claims=True)
    assert str(problem) == (
        "content/sums/01-one-sum.md:46: claims steps = 3 ± 0.005, measured 9; write what was measured, or find out why"
    )


def test_problems_come_file_by_file_and_line_by_line(write, lesson, toys) -> None:
    wrong = (
        lesson.replace("(term:bias)", "(term:b)")
        .replace("```exercise toy", "```exercise x")
        .replace("needs = []", 'needs = ["n"]')
    )
    places = [problem.place for problem in check([write(**{"01-one-sum": wrong})])]
    assert places == [f"content/sums/01-one-sum.md:{line}" for line in (2, 19, 30)]


@pytest.mark.parametrize(
    ("value", "wanted", "held"),
    [
        (0.692, 0.69, True), (0.7, 0.69, False), (101, 100, True), (102, 100, False), (0.004, 0, True), (-101, -100, True),
        (5.2, {"is": 5, "within": 0.2}, True), (5.3, {"is": 5, "within": 0.2}, False),
        (0.9, {"at_least": 0.9}, True), (0.89, {"at_least": 0.9}, False), (0.9, {"at_most": 0.9}, True),
        (float("nan"), {"at_most": 1}, False), (float("nan"), 1, False), (2, {"at_least": 1, "at_most": 3}, True),
    ],
)  # fmt: skip
def test_a_claim_holds_within_what_it_allows(value: float, wanted: object, held: bool) -> None:
    assert holds(value, wanted) is held


def test_reading_time_counts_every_word_field_choice_and_figure(lesson: str, toys) -> None:
    from drops import catalog
    from lessons import parse_drop

    drop = parse_drop(lesson.replace("After the figure.", "word " * 389), "a.md", 1)
    drawn = {"by-hand": catalog.draw("toy", 1, {})}
    # read: 389 + 8 words of the lesson, 3 + 1 of the exercise, 13 + 3 + 6 of the quiz, 2 carried forward;
    # a figure; a field here and one in the quiz; a question to choose and one to put in order
    assert 60 * minutes_of(drop, drawn) == pytest.approx(425 * 0.3 + 12 + 2 * 22 + 2 * 8)
    assert 60 * minutes_of(drop, {}) == pytest.approx(421 * 0.3 + 12 + 22 + 2 * 8)  # what could not be drawn
