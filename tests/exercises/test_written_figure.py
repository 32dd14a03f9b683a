"""A figure that stands in the Markdown: what it draws is what its formulas say, at every place of its knobs."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drops.catalog import draw, drawing
from drops.course.check import check
from drops.exercises.blocks import Bars, Curve, Figure, Sheet, Strip, Words
from drops.exercises.written.keys import Names, SpecError
from drops.exercises.written.pictures import MOST_POINTS, Known, read_pictures

BOWL = """
hint = "Turn the rate."
says = "A step leaves {left} of {w}; {kind}{left < 0 ? , it jumps : }."
knobs = { rate = { from = 0.025, to = 0.3, step = 0.025, start = 0.1 }, w = { from = 1, to = 5 }, kind = { of = ["sum", "mean"], start = 2 } }
values = { left = "1 - 8*rate", both = ["left", "1/(rate - 0.1)"], part = [0.5, 0.25] }

[curve]
x = "step"
y = "w"
window = [-6, 6]
marks = [["1", "100*w", "high"], ["1", "100*w", "high"], ["0", "1/(rate - 0.1)", "gone"]]

[curve.series]
ball = { each = { k = { to = 12 } }, y = "w*left^k", when = "abs(y) <= 6", dots = true }
"1/k" = { each = { k = { from = -1, to = 1, step = 0.5 } }, x = "2*k", y = "1/k" }
bottom = { x = "[0, 12]", y = 0 }
places = { y = "[3, 1, 2]" }

[bars]
unit = "share"
of = { part = "part[kind]", all = "part", gone = "both" }

[strip]
low = 0
high = 1
marks = [["part", "both"], ["rate", "{rate}"]]
says = "Two places and the rate of {rate}."

[sheet.columns]
"" = ["a", "{kind}"]
"part" = "part"
"""


def figure(text: str) -> Figure:
    (made,) = drawing("written", tomllib.loads(text)).show
    assert isinstance(made, Figure)
    return made


@settings(max_examples=60)
@given(st.sampled_from(figure(BOWL).knobs[0].places), st.sampled_from(range(1, 6)), st.sampled_from((1, 2)))
def test_what_is_drawn_is_what_the_formulas_say(rate, w, kind):
    curve, bars, strip, sheet, words = figure(BOWL).draw({"rate": rate, "w": w, "kind": kind})
    assert isinstance(curve, Curve)
    assert isinstance(bars, Bars)
    assert isinstance(strip, Strip)
    assert isinstance(sheet, Sheet)
    assert isinstance(words, Words)
    left = 1 - 8 * rate
    series = {one.name: one for one in curve.series}
    path = [(k, w * left**k) for k in range(13)]
    assert np.allclose(series["ball"].points, [(k, at) for k, at in path if abs(at) < 6 + 1e-9])
    assert series["ball"].style == "dots"
    assert np.allclose(series["1/k"].points, [(-2, -1), (-1, -2), (1, 2), (2, 1)])
    assert series["bottom"].points == ((0, 0), (12, 0))
    assert series["places"].points == ((1, 3), (2, 1), (3, 2))
    assert curve.marks[0] == (1, 6, "high")  # at the edge of the window, and once
    assert len(curve.marks) == (1 if rate == pytest.approx(0.1) else 2)
    expected = ["part", "all₁", "all₂", *(["gone₁", "gone₂"] if rate != pytest.approx(0.1) else [])]
    assert [bar.name for bar in bars.bars] == expected
    assert bars.bars[0].value == (0.5, 0.25)[kind - 1]
    assert [at for at, _ in strip.marks] == pytest.approx([0.5, 0.25, rate])
    assert sheet.rows == (("a", "0.5"), (("sum", "mean")[kind - 1], "0.25"))
    assert words.markdown.endswith(f"; {('sum', 'mean')[kind - 1]}{', it jumps' if left < 0 else ''}.")
    assert curve.says == words.markdown
    assert strip.says.startswith("Two places")


def test_its_numbers_are_its_single_values_where_its_knobs_stand_at_first():
    numbers = drawing("written", tomllib.loads(BOWL)).numbers
    assert numbers["left"] == pytest.approx(0.2)
    assert "both" not in numbers
    assert "part" not in numbers


def test_without_knobs_it_stands_still_and_needs_no_hint():
    shown = drawing("written", {"says": "Two.", "bars": {"of": {"a": 2}}}).show
    assert [type(block) for block in shown] == [Bars, Words]


def test_where_each_picture_has_its_own_sentence_there_is_no_other():
    shown = drawing("written", {"bars": {"of": {"a": 2}, "says": "Two."}}).show
    assert [type(block) for block in shown] == [Bars]


def test_a_key_may_hold_several_pictures():
    two = [{"of": {"a": 2}, "says": "Two."}, {"of": {"b": "2*k"}}]
    (figure,) = drawing("written", {"hint": "h", "says": "{k}", "knobs": {"k": {"from": 1, "to": 3}}, "bars": two}).show
    one, other, _ = figure.draw({"k": 3})
    assert (one.bars[0].value, other.bars[0].value) == (2, 6)
    assert (one.says, other.says) == ("Two.", "3")


def test_an_axis_that_counts_places_tells_what_stands_there():
    own = {"x": "[0, 1, 2]", "y": "[1, 0.9, 0.6]"}
    said = {"x": "λ", "y": "R²", "places": "[0, 0.01, top]", "series": {"own": own}}
    ((_, paint),) = read_pictures({"curve": said}, Names({}, ["top"], {"top"}))
    assert paint(Known({"top": 0.3}), "").places == (0.0, 0.01, 0.3)


def test_a_line_of_too_many_points_or_of_none_is_left_out():
    for step in (5 / MOST_POINTS / 2, 0, -1):
        line = {"each": {"k": {"to": 5, "step": step}}, "y": "k"}
        curve = drawing("written", {"says": "s", "curve": {"x": "x", "y": "y", "series": {"a": line}}}).show[0]
        assert isinstance(curve, Curve)
        assert curve.series == ()


WRONG = {
    'says = ""': "a written figure without says",
    "colour = 1": "a written figure: “colour” is no key here; there are hint, says, knobs",
    "bars = 1": "bars: it is no table",
    "bars = {}": "bars: no bars",
    "bars = []": "bars: it is no table",
    "bars = [{ of = { a = 1 } }, 2]": "bars: it is no table",
    f"bars = [{', '.join(5 * ['{ of = { a = 1 } }'])}]": "bars: it stands 5 times; write it at most 4 times",
    "bars = { of = [1, 2] }": "bars: no bars; write 1 to 24",
    'bars = { of = { a = "z" } }': "bars: a: “z” is no given",
    'bars = { of = { a = 1 }, log = 1 }': "bars: log is no flag",
    "curve = { x = 'a', y = 'b' }": "curve: no series",
    "curve = { x = 'a', y = 'b', series = [1] }": "curve: no series",
    "curve = { x = 'a', y = 'b', series = { a = 'k' } }": "curve: a is no table",
    "curve = { y = 'b', series = { a = { y = 1 } } }": "curve: x is no text",
    "curve = { x = 'a', y = 'b', series = { a = { x = 1 } } }": "curve: a has no y, or nothing for each",
    "curve = { x = 'a', y = 'b', series = { a = { each = {}, y = 1 } } }": "curve: a has no y, or nothing for each",
    "curve = { x = 'a', y = 'b', series = { a = { each = { k = {} }, y = 1 } } }": "curve: to of a is no formula",
    "curve = { x = 'a', y = 'b', series = { a = { each = { k = { till = 1 } }, y = 1 } } }": "“till” is no key here",
    "curve = { x = 'a', y = 'b', series = { a = { y = 1 } }, window = [1] }": "curve: window is no pair",
    "curve = { x = 'a', y = 'b', series = { a = { y = 1 } }, marks = [1] }": "curve: marks are none, or too many",
    "strip = { low = 1, high = 1 }": "strip: low is not below high",
    "strip = { low = 'a', high = 1 }": "strip: low is not below high",
    "sheet = { columns = { a = [1] } }": "sheet: a is no text",
    "knobs = { k = 1 }": "knob k is no table",
    "knobs = { k = { to = 1 } }": "knob k: neither a list nor a range",
    "knobs = { k = { from = 0, to = 1000000 } }": "knob k: a range of 1,000,001",
    "knobs = { k = { of = [1, 2] } }": "knob k: of numbers; write words",
    "knobs = { k = { from = 0, to = 5, start = 9 } }": "knob k does not start at a place of its own",
    "knobs = { k = { from = 0, to = 5, start = 'x' } }": "k is no number",
    "knobs = { and = { from = 0, to = 5 } }": "knob and: “and” is no name",
    "knobs = { a-b = { from = 0, to = 5 } }": "knob a-b: “a-b” is no name",
    "values = { pi = 1 }": "value pi: “pi” is no name",
    "values = { a = [] }": "a is a list of 0",
    "values = { a = true }": "a is no formula",
    'values = { a = "b", b = 1 }': "a: “b” is no given",
    "values = { a = \"__import__('os')\" }": "a: “__import__('” has no meaning in a formula",
    f'values = {{ a = "{"(" * 300}1{")" * 300}" }}': "a: a formula of 601 characters",
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_mistake_in_it_is_one_line(wrong):
    key = wrong.split(" ")[0]
    whole = {"hint": "h", "says": "s", "bars": {"of": {"one": 1}}} | tomllib.loads(wrong)
    with pytest.raises(SpecError) as problem:
        drawing("written", whole)
    assert WRONG[wrong] in str(problem.value)
    assert key in (problem.value.key, problem.value.section)
    assert len(str(problem.value)) < 300
    assert "\n" not in str(problem.value)


LESSON = """+++
id = "one"
title = "t"
phase = "begin"
minutes = 4
goal = "g"
+++
## A page
Words.

```figure written
hint = "Turn it."
says = "It is {1/k|2}."

[knobs]
k = { from = 1, to = 3 }

[bars]
of = { "1/k" = "1/k" }
```

## Carry forward
- a
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("from = 1", "from = 0, start = 1", 13, "says has no number at k = 0; correct its formulas"),
        ("says = \"It is {1/k|2}.\"", "says = \"It is {1/n}.\"", 13, "says: “n” is no given"),
        ('"1/k" = "1/k"', '"1/k" = "1/(k - k)"', 18, "“1/k” has no number; correct"),
        ('"1/k" = "1/k"', '"1/k" = "1/n"', 18, "bars: 1/k: “n” is no given"),
        ("to = 3", "till = 3", 16, "knob k: “till” is no key here; there are label, start"),
    ],
)
def test_the_check_tells_its_line(tmp_path, old, new, line, says):
    page = '+++\nid = "mine"\ntitle = "t"\n[[phases]]\nid = "begin"\ntitle = "t"\ngoal = "g"\n+++\n'
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/path.md").write_text(page, "utf-8")
    assert LESSON.count(old) == 1
    (tmp_path / "mine/01-one.md").write_text(LESSON.replace(old, new), "utf-8")
    found = [str(problem) for problem in check([tmp_path / "mine"]) if says in str(problem)]
    assert len(found) == 1, [str(problem) for problem in check([tmp_path / "mine"])]
    assert abs(int(found[0].split(":")[1]) - line) <= 1, found


SHEET = {
    "given": {"a": {"from": 2, "to": 60}, "b": {"from": 1, "to": 9}},
    "lines": {"c": {"rule": "a - b"}, "d": {"rule": "c/b"}},
    "beside": [
        {
            "figure": "written",
            "curve": {
                "x": "n", "y": "left", "window": [0, "2*a"],
                "series": {"a": {"x": "[0, 2]", "y": "a"}, "typed": {"x": "[0, 2]", "y": "c"}},
                "marks": [["1", "c", "c"], ["2", "d", "d"]],
            },
            "strip": {"low": 0, "high": 60, "marks": [["c", "c"]]},
        }
    ],
}  # fmt: skip


def test_beside_a_sheet_it_holds_what_is_known_and_says_so():
    exercise = draw("written", 1, SHEET)
    bare, strip = exercise.picture({}, "c")
    assert isinstance(bare, Curve)
    assert isinstance(strip, Strip)
    assert [line.name for line in bare.series] == ["a"]
    assert bare.marks == strip.marks == ()
    assert bare.says == "Left by n."
    typed, strip = exercise.picture({"c": 1e6}, "d")
    assert isinstance(typed, Curve)
    assert isinstance(strip, Strip)
    assert [line.name for line in typed.series] == ["a", "typed"]
    assert typed.window is not None
    assert typed.marks == ((1, typed.window[1], "c"),)  # as far as there is room
    assert typed.says == "Left by n. So far: c 1e+06."
    assert strip.marks == ((1e6, "c"),)
    exercise.picture({"c": 1e300, "d": float(2)}, "d")


def test_beside_a_sheet_a_formula_over_a_stranger_is_told():
    beside = [{"figure": "written", "bars": {"of": {"z": "z"}}}]
    with pytest.raises(SpecError, match="bars: z: “z” is no given and no line before it"):
        draw("written", 1, {**SHEET, "beside": beside})
    with pytest.raises(SpecError, match="without a picture"):
        draw("written", 1, {**SHEET, "beside": [{"figure": "written"}]})
