"""A worksheet computed by hand: x = 3, double it, then add 1."""

import pytest

from drops.exercises.worksheet import Line, Misconception, Worksheet, fill, line_named, written

DOUBLE = Line("d", "the double", lambda v: 2 * v["x"], "2·{x}", role="twice", reads={"own": "x"})
NEXT = Line("n", "the next", lambda v: v["d"] + 1, "{d} + 1")
SHEET = Worksheet({"x": 3.0}, (DOUBLE, NEXT))


def test_lines_are_computed_in_order():
    assert SHEET.run() == {"x": 3, "d": 6, "n": 7}


def test_the_consequences_of_a_swapped_rule_propagate():
    assert SHEET.run(swap={"d": lambda v: v["x"] + 2}) == {"x": 3, "d": 5, "n": 6}


def test_a_rule_can_be_swapped_by_the_role_that_several_lines_share():
    sheet = Worksheet(
        {"x": 1.0, "y": 5.0},
        (
            Line("a", "a", lambda v: v["q"], "{q}", role="copy", reads={"q": "x"}),
            Line("b", "b", lambda v: v["q"], "{q}", role="copy", reads={"q": "y"}),
        ),
    )
    assert sheet.run(swap={"copy": lambda v: -v["q"]}) == {"x": 1, "y": 5, "a": -1, "b": -5}


def test_a_line_is_computed_from_what_was_entered_before_it_and_not_from_its_own_entry():
    assert SHEET.run(entered={"d": 10, "n": 99}) == {"x": 3, "d": 6, "n": 11}


def test_minus_zero_never_appears():
    sheet = Worksheet({"x": 0.0}, (Line("m", "m", lambda v: -v["x"], "−{x}"),))
    assert str(sheet.run()["m"]) == "0.0"


def test_a_line_sees_its_own_value_under_its_role():
    assert DOUBLE.sees({"x": 3, "d": 6}) == {"x": 3, "d": 6, "own": 3, "twice": 6}


def test_a_line_is_written_with_its_numbers():
    assert written(line_named(SHEET, "n"), SHEET.run()) == "6 + 1"


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("{w}·{x} + {b}", {"w": -2, "x": 1, "b": -1}, "−2·1 − 1"),
        ("{w}·{x} + {b}", {"w": 2, "x": -1, "b": 0.5}, "2·(−1) + 0.5"),
        ("{b} − {w}", {"b": 1, "w": -2}, "1 − (−2)"),
        ("−{b} / {w}", {"b": -4, "w": -2}, "−(−4) / (−2)"),
        ("relu({z})", {"z": -2}, "relu(−2)"),
        ("{a} and {a}", {"a": -0.0}, "0 and 0"),
    ],
)
def test_negative_numbers_are_written_as_on_paper(template, values, text):
    assert fill(template, values) == text


def test_a_misconception_says_what_it_makes_of_the_numbers():
    wrong = Misconception("added", "{x} and 2 are added", "Doubling is times 2.", {"d": lambda v: v["x"] + 2})
    assert fill(wrong.gives, DOUBLE.sees(SHEET.run(swap=wrong.swap))) == "3 and 2 are added"
