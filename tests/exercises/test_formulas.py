"""Formulas of authors: Python's own arithmetic is the truth, and nothing hostile is ever run."""

from __future__ import annotations

import contextlib
import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from drops.exercises.formulas.draws import GivenError, NoFace, read_draws
from drops.exercises.formulas.functions import OF_EACH, OF_MANY
from drops.exercises.formulas.reading import DEEPEST, read_formula, read_known
from drops.exercises.formulas.texts import check_text, fill_text
from drops.exercises.formulas.tree import FormulaError, Undefined, names
from drops.exercises.formulas.working_out import LARGEST, single, work_out
from pace import within

NAMES = {"a": Fraction(-3, 2), "b": Fraction(2), "x1": Fraction(5), "η": Fraction(1, 4)}


def value(text: str, **values: object) -> object:
    return work_out(read_known(text, list(values)), values)  # type: ignore[arg-type]


# ── the algebra, against Python's own fractions ───────────────────────────────────────────

leaves = st.sampled_from(list(NAMES.items())) | st.integers(0, 9).map(
    lambda n: (str(n), Fraction(n))
)


def _joined(children: st.SearchStrategy) -> st.SearchStrategy:
    def join(parts: tuple) -> tuple[str, Fraction | None]:
        (left, a), sign, (right, b), blank = parts
        if a is None or b is None or (sign == "/" and b == 0):
            return f"({left}){sign}({right})", None
        of = {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else None}[sign]
        return f"({left}){blank}{sign}{blank}({right})", of

    minus = children.map(lambda part: (f"-({part[0]})", None if part[1] is None else -part[1]))
    square = children.map(lambda part: (f"({part[0]})^2", None if part[1] is None else part[1] ** 2))
    return st.tuples(children, st.sampled_from("+-*/"), children, st.sampled_from(["", " "])).map(join) | minus | square


@given(st.recursive(leaves, _joined, max_leaves=8))
def test_arithmetic_is_that_of_fractions(made):
    text, truth = made
    assume(truth is not None and abs(truth) < 1e6 and len(text) < 200)
    assume(text.count("(") < DEEPEST or _depth(text) < DEEPEST)
    found = single(read_formula(text), {name: float(of) for name, of in NAMES.items()})
    assert found == pytest.approx(float(truth), rel=1e-9, abs=1e-9)


def _depth(text: str) -> int:
    depth = deepest = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest + text.count("^") + text.count("-")


flat = st.lists(st.sampled_from(["+", "-", "*"]), min_size=1, max_size=9).flatmap(
    lambda signs: st.lists(st.integers(1, 20), min_size=len(signs) + 1, max_size=len(signs) + 1).map(
        lambda numbers: "".join(f"{n}{s}" for n, s in zip(numbers, [*signs, ""], strict=True))
    )
)


@given(flat)
def test_signs_bind_as_pythons_do(text):
    assume(abs(eval(text)) < LARGEST)  # noqa: S307  digits and three signs, made here
    assert single(read_formula(text), {}) == eval(text)  # noqa: S307


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("-2^2", -4), ("2^-1", 0.5), ("2^3^2", 512), ("-2^2 + 1", -3), ("6/3/2", 1), ("1/3 == 1/3", 1),
        ("0.1 + 0.2 == 0.3", 1), ("0 < 2 <= 3", 1), ("0 < 2 < 2", 0), ("not 1 > 2", 1), ("1 and 0 or 1", 1),
        ("3·2 − 1", 5), ("2 × 2", 4), ("1 ≤ 1", 1), ("2 ≠ 2", 0), ("if(1 > 2, 1/0, 7)", 7), ("round(2.5)", 3),
        ("round(-2.5)", -3), ("floor((8 - 3)/2)", 2), ("floor(0.3/0.1)", 3), ("relu(-2)", 0), ("step(0)", 0),
        ("max(2, 5, 3)", 5), (".5*4", 2), ("cos(pi)", -1), ("sign(-0.3)", -1), ("0*-1", 0),
    ],
)  # fmt: skip
def test_what_a_formula_gives(text, is_):
    found = value(text)
    assert found == pytest.approx(is_)
    assert math.copysign(1, found) == math.copysign(1, is_)  # never −0


@given(st.lists(st.floats(-50, 50).map(lambda x: round(x, 3)), min_size=2, max_size=9), st.floats(-5, 5))
def test_lists_are_numpys(x, c):
    x, c = [float(v) for v in x], round(c, 3)
    array = np.array(x)
    wanted = {
        "sum(x)": array.sum(), "mean(x)": array.mean(), "spread(x)": array.std(), "min(x)": array.min(),
        "max(x)": array.max(), "norm(x)": np.linalg.norm(array), "count(x)": len(x), "dot(x, x)": array @ array,
        "mean((x - c)^2)": ((array - c) ** 2).mean(), "x[2]": array[1], "sum(x[1..2])": array[:2].sum(),
        "dot(reverse(x), x)": array[::-1] @ array, "sum(relu(x))": np.maximum(array, 0).sum(),
        "sum(sigmoid(x))": (1 / (1 + np.exp(-array))).sum(), "sum(x > c)": (array > c + 1e-9).sum(),
    }  # fmt: skip
    for text, truth in wanted.items():
        assert value(text, x=tuple(x), c=c) == pytest.approx(truth, rel=1e-9, abs=1e-9), text


def test_a_window_of_a_matrix_is_numpys():
    P = np.arange(16.0).reshape(4, 4)
    K = np.array([[1.0, -1, 0], [2, 0, 1], [0, 1, 3]])
    told = {"P": tuple(map(tuple, P.tolist())), "K": tuple(map(tuple, K.tolist()))}
    assert value("sum(P[1..3, 2..4]*K)", **told) == (P[:3, 1:4] * K).sum()
    assert value("sum(P[1..3, 2..4]*reverse(K))", **told) == (P[:3, 1:4] * K[::-1, ::-1]).sum()
    assert value("P[2, 3]", **told) == P[1, 2]
    assert value("P[3]", **told) == tuple(P[2])


def test_every_function_is_read_and_called():
    for name in OF_EACH:
        assert isinstance(value(f"{name}(0.5)"), float)
        assert len(value(f"{name}([0.5, 1])")) == 2
    for name in OF_MANY:
        assert isinstance(value(f"{name}([3, 4])"), float)


# ── what is refused ───────────────────────────────────────────────────────────────────────

HOSTILE = [
    "__import__", "__import__('os')", "x.__class__", "x.real", "().__class__", "lambda: 0", "[i for i in x]",
    "open('/etc/passwd')", "eval(1)", "exec(1)", "x; x", "x := 1", "x = 1", "'a'*9", '"a"', "1e999", "1e5", "0x10",
    "f'{x}'", "x if x else x", "x**9", "x // 2", "x % 2", "~x", "x | x", "x & x", "@x", "x\u202e", "9" * 13,
    "(" * 300 + "1" + ")" * 300, "[" * 300 + "1" + "]" * 300, "-" * 300 + "1", "not " * 90 + "1", "1" + "+1" * 5_000,
    "^".join("9" * 30), "x[1", "x(1)", "abs(1, 2)", "dot(1)", "sqrt()", "", "   ", "1 2", "1..2", "a..b", "\x00",
    "globals()", "x[", ")", "(", ",", "1,", "not", "and 1", "sum", "sum(1", "z", "x1_", "٣", "１", "𝟙 + 1",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_formulas_are_refused_at_once_in_one_line(text):
    def refusal() -> str:
        with pytest.raises((FormulaError, Undefined)) as refused:
            single(read_known(text, ("x",)), {"x": 2.0})
        return str(refused.value)

    said = within(0.1, refusal)
    assert "\n" not in said
    assert len(said) < 300


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1/0", "a division by 0"), ("0^-1", "a division by 0"), ("9^9^9", "a power beyond 16"),
        ("9^16^1*9^16", "a number beyond 1,000,000,000"), ("ln(0)", "ln of what is not above 0"),
        ("sqrt(-1)", "a root of a negative number"), ("(-8)^0.5", "a root of a negative number"),
        ("exp(21)", "exp of more than 20"), ("[1, 2] + [1, 2, 3]", "a list of 2 meets a list of 3"),
        ("[1, 2][3]", "place 3 of a list of 2"), ("[1, 2][0]", "place 0 of a list of 2"),
        ("[1, 2][1.5]", "place 1.5: places are whole numbers from 1"), ("3[1]", "a single number has no places"),
        ("dot([1], [1, 2])", "dot wants two lists of one length"), ("[[1], [1, 2]]", "the rows of a list are not of one length"),
        ("[1, 2]", "a list of 2 where one number is wanted"), ("word + 1", "“word” is a word: it stands in texts only"),
    ],
)  # fmt: skip
def test_numbers_that_leave_no_value_say_why(text, why):
    with pytest.raises(Undefined, match=f"^{__import__('re').escape(why)}"):
        single(read_known(text, ("word",)), {"word": "ReLU"})


@given(st.text(max_size=60))
def test_any_text_is_a_tree_or_a_formula_error(text):
    try:
        tree = read_formula(text)
    except FormulaError:
        return
    with_values = dict.fromkeys(names(tree), 1.5)
    with contextlib.suppress(Undefined):
        work_out(tree, with_values)


# ── texts ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("{s} after {k} layers", "0.25 after 3 layers"), ("{s^k|4}", "0.0156"), ("{k} {+s*4}", "3 + 1"),
        ("{k} {+(-s)}", "3 − 0.25"), ("{k - 2} {k == 3 ? layer : layers}", "1 layer"), ("{{k}}", "{k}"), ("{x}", "(1, −2)"),
        ("{f} is it", "tanh is it"), ("{k > 9 ? many : few}", "few"), ("{-s*k}", "−0.75"),
        ("1 − {-k}, 2·{-k}", "1 − (−3), 2·(−3)"), ("z {+(-k)}", "z − 3"), ("a {k + 5}-2-1 net", "an 8-2-1 net"),
        ("A {k + 8}th", "An 11th"), ("a {k + 15} and a {k + 77} or a {k + 107}", "an 18 and an 80 or a 110"),
        ("a {k}, extra {k + 5}", "a 3, extra 8"),
    ],
)  # fmt: skip
def test_texts_are_filled(text, is_):
    values = {"s": 0.25, "k": 3.0, "x": (1.0, -2.0), "f": "tanh"}
    check_text(text, list(values))
    assert fill_text(text, values) == is_


@pytest.mark.parametrize("text", ["{", "}", "{z}", "{s", "{}", "{s|}", "{s ? a}", "{__import__('os')}", "{s!r}", "{s.real}"])
def test_texts_that_cannot_be_filled_are_refused(text):
    with pytest.raises(FormulaError):
        check_text(text, ("s",))


# ── givens ────────────────────────────────────────────────────────────────────────────────


def drawn(seed: int = 0, **table: object) -> dict:
    return read_draws(table).draw(random.Random(seed).randrange)


def test_givens_are_drawn_as_they_are_told():
    table = {
        "n": 3, "one": [1, 2, 3], "row": [[1, 2], [3, 4]], "word": ["tanh", "ReLU"], "made": "n + one",
        "range": {"from": -1, "to": 1, "step": 0.5, "not": [0]}, "many": {"of": [1, 2, 3, 4], "size": 3, "distinct": True},
        "grid": {"of": [5], "size": [2, 3], "signs": True}, "bent": {"of": [[1, 1, 0]], "shuffle": True},
        "turned": {"of": [[1, 2, 3]], "flip": True}, "where": ["one != 2", "many[1] < many[2]"],
    }  # fmt: skip
    seen = [drawn(seed, **table) for seed in range(60)]
    assert {each["one"] for each in seen} == {1.0, 3.0}
    assert {each["row"] for each in seen} == {(1.0, 2.0), (3.0, 4.0)}
    assert {each["word"] for each in seen} == {"tanh", "ReLU"}
    assert {each["range"] for each in seen} == {-1.0, -0.5, 0.5, 1.0}
    assert all(each["made"] == 3 + each["one"] for each in seen)
    assert all(len(set(each["many"])) == 3 and each["many"][0] < each["many"][1] for each in seen)
    assert {abs(n) for each in seen for row in each["grid"] for n in row} == {5.0}
    assert {n for each in seen for row in each["grid"] for n in row} == {5.0, -5.0}
    assert {each["bent"] for each in seen} == {(1.0, 1.0, 0.0), (1.0, 0.0, 1.0), (0.0, 1.0, 1.0)}
    assert {each["turned"] for each in seen} == {(1.0, 2.0, 3.0), (3.0, 2.0, 1.0)}


def test_the_same_seed_draws_the_same_and_another_another():
    table = {"a": {"from": 0, "to": 500}}
    assert drawn(1, **table) == drawn(1, **table) != drawn(2, **table)


def test_what_comes_first_is_kept_over_the_tries():
    """A regime that its numbers rarely meet is drawn as often as the others."""
    table = {"side": {"of": [0, 1], "first": True}, "a": {"from": 1, "to": 20}, "where": ["side == (a > 19)"]}
    sides = [drawn(seed, **table)["side"] for seed in range(300)]
    assert 0.4 < sum(sides) / 300 < 0.6


def test_a_condition_that_nothing_meets_is_named():
    with pytest.raises(NoFace, match="`where` 1, “a > 9”"):
        drawn(a=[1, 2], where=["a > 9"])


@pytest.mark.parametrize(
    ("table", "key", "why"),
    [
        ({"a": "b"}, "a", "given a: “b” is no given and no line before it"),
        ({"a": []}, "a", "given a: nothing to draw from"), ({"a": [1, "x"]}, "a", "given a: x is no number"),
        ({"a": True}, "a", "given a: True is no number"), ({"a": {"of": [1], "colour": 2}}, "a", "given a: “colour” is no key here"),
        ({"a": {"size": 2}}, "a", "given a: neither a list nor a range"), ({"a": {"from": 1, "to": 5000}}, "a", "given a: a range of 5,000"),
        ({"a": {"of": [1], "size": 65}}, "a", "given a: a size that is none"), ({"a": {"of": [1], "signs": 1}}, "a", "given a: signs is 1"),
        ({"a": {"from": 3, "to": 1}}, "a", "given a: a range that is none"), ({"if x": [1]}, "if x", "given if x: “if x” is no name"),
        ({"not": [1]}, "not", "given not: “not” is no name"), ({"a": [1], "where": "a"}, "where", "`where` is no list of formulas"),
        ({"a": [1], "where": ["z > 1"]}, "where", "`where` 1: “z” is no given and no line before it"),
        ({f"a{n}": [1] for n in range(60)}, "a48", "more than 48 givens"), ({"a": [float("nan")]}, "a", "given a: nan is no number"),
        ({"a": [1e12]}, "a", "given a: 1000000000000.0 is no number"),
    ],
)  # fmt: skip
def test_givens_that_cannot_be_drawn_are_refused_by_name(table, key, why):
    with pytest.raises(GivenError) as refused:
        read_draws(table)
    assert (refused.value.key, refused.value.what) == (key, why)
