"""The same in code: what a sheet asks, as a program that runs by itself and prints the page's numbers."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scripts import printed

from drops import catalog
from drops.course.model import ExerciseFence
from drops.errors import DropsError
from drops.exercises import fading
from drops.exercises.blocks import Numbers
from drops.exercises.formulas.functions import OF_EACH, OF_MANY
from drops.exercises.formulas.reading import read_formula
from drops.exercises.formulas.tree import Undefined
from drops.exercises.formulas.working_out import work_out
from drops.exercises.python import Printed, in_python
from drops.exercises.script import ROUNDED, ScriptLines, write_program
from drops.exercises.worksheet import Line, program_of
from lessons import lessons

EXERCISES = {
    key: item for drop in lessons() for key, item in drop.items.items() if isinstance(item, ExerciseFence)
}
WITHOUT = {"architecture", "clinic"}  # kinds that ask for no number
SHEETS = {key: item for key, item in EXERCISES.items() if item.kind not in WITHOUT}


def wanted(exercise) -> list[tuple[str, float]]:
    right = exercise.worksheet.run()
    return [(field.label, pytest.approx(right[field.name], rel=1e-9, abs=1e-9)) for field in exercise.fields]


def test_the_kinds_that_are_left_out_have_no_sheet_and_all_others_have_one():
    bare = [not catalog.draw(item.kind, 0, item.params).fields for item in EXERCISES.values()]
    assert bare == [item.kind in WITHOUT for item in EXERCISES.values()]


@pytest.mark.parametrize("key", SHEETS)
def test_the_program_of_a_sheet_prints_its_numbers(key):
    item = SHEETS[key]
    for seed in range(3):
        exercise = catalog.draw(item.kind, seed, item.params)
        assert printed(exercise.as_script()) == wanted(exercise)


@pytest.mark.nightly
@pytest.mark.parametrize("key", SHEETS)
def test_the_program_of_every_draw_prints_its_numbers(key):
    item = SHEETS[key]
    for seed in range(3, 60):
        exercise = catalog.draw(item.kind, seed, item.params)
        assert printed(exercise.as_script()) == wanted(exercise)


@pytest.mark.slow
def test_the_programs_run_where_nothing_but_numpy_is(tmp_path):
    made = [catalog.draw(item.kind, 1, item.params) for item in SHEETS.values()]
    (tmp_path / "all.py").write_text("\n\n".join(exercise.as_script() for exercise in made), "utf-8")
    run_alone = [sys.executable, "-I", "-X", "utf8", "all.py"]
    done = subprocess.run(run_alone, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    assert [line.rpartition(" = ")[0] for line in done.stdout.splitlines()] == [
        field.label for exercise in made for field in exercise.fields
    ]


@pytest.mark.parametrize("key", SHEETS)
def test_a_program_imports_numpy_alone_and_keeps_its_lines_short(key):
    text = catalog.draw(SHEETS[key].kind, 2, SHEETS[key].params).as_script()
    assert [line for line in text.splitlines() if "import" in line] == ["import numpy as np"]
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.slow
@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("key", SHEETS)
def test_who_is_asked_for_a_number_of_a_sheet_can_have_the_sheet_as_code(key, level):
    exercise = catalog.draw(SHEETS[key].kind, 3, SHEETS[key].params)
    names = {field.name for field in exercise.fields}
    asks = [step.ask for step in fading.steps(exercise, level, {}) if isinstance(step.ask, Numbers)]
    asks = [ask for ask in asks if names & {field.name for field in ask.fields}]
    assert asks
    assert {ask.code() for ask in asks} == {exercise.as_script()}


# ── formulas, against what they give ──────────────────────────────────────────────────────

VALUES = {"a": -1.5, "b": 2.0, "x": (3.0, -1.0, 0.25), "P": ((1.0, 2.0), (-3.0, 0.5))}


def run(text: str, values=VALUES):
    tree = read_formula(text)
    code = in_python(tree, Printed({name: name for name in values}, values))
    room = {name: np.array(of) if isinstance(of, tuple) else of for name, of in values.items()}
    exec(ROUNDED, room := {"np": np, **room})  # noqa: S102  ours
    return eval(code, room), work_out(tree, values)  # noqa: S307  ours


def agrees(text: str, values=VALUES) -> None:
    code, truth = run(text, values)
    assert np.asarray(code, float) == pytest.approx(np.asarray(truth, float), rel=1e-9, abs=1e-9), text


numbers = st.sampled_from(["a", "b", "x[1]", "x[3]", "P[2, 1]", "pi", "0", "2", ".5", "sum(x)", "max(a, b, x)"])


def _joined(children):
    pairs = st.tuples(children, st.sampled_from([" + ", " − ", "·", "/", " and ", " or "]), children)
    tests = st.tuples(children, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), children)
    return (
        pairs.map(lambda p: f"({p[0]}){p[1]}({p[2]})")
        | tests.map(lambda p: f"({p[0]} {p[1]} {p[2]})")
        | children.map(lambda part: f"−({part})")
        | children.map(lambda part: f"({part})^2")
        | st.tuples(st.sampled_from(["relu", "abs", "step", "tanh", "sigmoid", "round", "floor", "sign"]), children).map(
            lambda p: f"{p[0]}({p[1]})"
        )
        | st.tuples(children, children, children).map(lambda p: f"if({p[0]} > 0, {p[1]}, {p[2]})")
    )


@given(st.recursive(numbers, _joined, max_leaves=5))
def test_a_formula_in_python_gives_what_it_gives(text):
    try:
        work_out(read_formula(text), VALUES)
    except (Undefined, DropsError):
        assume(False)
    agrees(text)


@pytest.mark.parametrize("name", OF_EACH)
def test_each_function_is_the_same_of_a_number_and_of_a_list(name):
    agrees(f"{name}(b)")
    agrees(f"{name}(x + 1.5)")
    agrees(f"2·{name}(b − 1.5)")


@pytest.mark.parametrize("name", OF_MANY)
def test_each_function_of_many_is_the_same_of_numbers_lists_and_both(name):
    for given_ in ("a, b", "x", "x, b", "P", "a"):
        agrees(f"{name}({given_})")


@pytest.mark.parametrize(
    "text",
    [
        "dot(x, x)", "dot(P, P)", "reverse(x)", "reverse(P)", "x[1..2] + x[2..3]", "P[2, 1..2]", "x[b]", "x[1..b]",
        "[a, b]·2", "[[a, b], [1, 2]] + P", "x > 0", "0 < x <= 1", "not (a < b)", "2^−1", "−2^2", "a/b/2", "a − (b − 1)",
        "if(a < b and b < 3, 1, 2)", "(if(a > 0, 1, 2))·3", "relu(if(a < 0, 4, 5) − 1)",
        "place(x)", "2·place(−x)", "place(P)", "place([a, b, a])", "P[place(x), 1]",
    ],
)  # fmt: skip
def test_the_rest_of_the_grammar_is_the_same(text):
    agrees(text)


@pytest.mark.parametrize("text", ["c <= .3", "c == .3", "c > .3", "c < .3", "c >= .3", "c != .3", "floor(c·10)", "ceil(c·10)"])
def test_binary_fractions_are_forgiven_as_on_the_page(text):
    agrees(text, {"c": 0.1 + 0.2})
    agrees(text, {"c": 1 - 0.7})


def test_names_that_python_has_already_are_given_others():
    lines = tuple((name, read_formula(text)) for name, text in [("print", "lambda1 + 1"), ("np", "2·print")])
    made = ScriptLines({"lambda1": 3.0, "import": 1.0}, (*lines, ("max", read_formula("np + lambda1"))))
    text = write_program(made, {"lambda1": 3.0, "print": 4.0, "np": 8.0, "max": 11.0}, [("most", "max"), ("n", "np")])
    assert printed(text) == [("most", 11.0), ("n", 8.0)]


@pytest.mark.parametrize("formula", ["the wire", lambda v: "1", "{a} + 1"])
def test_a_line_whose_formula_is_not_its_rule_has_no_program(formula):
    line = Line("z", "z", lambda v: v["a"], formula)
    with pytest.raises(DropsError, match="“z”|meaning|sign"):
        program_of({"a": 1.0}, [line], {"a": 1.0, "z": 1.0})


@pytest.mark.parametrize("label", ['a"); raise SystemExit #', "two\nlines", 'back\\slash"""', "a\rb", "{x}"])
def test_a_label_stays_a_text_whatever_stands_in_it(label):
    made = ScriptLines({"x": 3.0}, (("y", read_formula("x + 1")),))
    assert printed(write_program(made, {"x": 3.0, "y": 4.0}, [(label, "y")]).replace("\\n", " ").replace("\\r", " ")) != []


def test_a_line_that_is_no_formula_says_so():
    line = Line("z", "z", len, len)  # type: ignore[arg-type]
    with pytest.raises(DropsError, match="“z” is worked out by no formula"):
        program_of({}, [line], {})
