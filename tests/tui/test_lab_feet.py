"""What stands under the Lab's picture: no number of it is cut, and a learner knows where the rest is."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab_hands import in_lab

from drops.colours import DARK
from drops.networks.lab.bench import Bench
from drops.networks.lab.line import read_line
from drops.networks.lab.look import RowTold
from drops.networks.lab.scene import Formula, Scene, Sizes, scene
from drops.tui.base.ink import inks
from drops.tui.screens.lab import feet

INK = inks(DARK, few=False)
TERM = re.compile(r"([+−]?) ?(\d+\.\d\d|\d+(?:\.\d)?·10[⁰-⁹¹²³]+)(?:·([\w\[\]]+))?")


def drawn(
    formula: Formula, width: int, rows: int, *, asked: bool = False, row: RowTold | None = None
) -> list[str]:
    recipe = SimpleNamespace(parameters=17, source=SimpleNamespace(classes=2))
    shown = cast(Scene, SimpleNamespace(formula=formula, recipe=recipe, losses=(0.1, 0.2), scores=(0.9, 0.8)))
    lines = feet.draw(shown, row, width, rows, INK, asked=asked)
    return ["".join(segment.text for segment in line) for line in lines]


@given(
    st.lists(st.floats(-300, 300), min_size=2, max_size=60),
    st.sampled_from([60, 80, 120, 200]),
    st.sampled_from([2, 3]),
    st.booleans(),
)
def test_a_formula_is_whole_or_has_its_largest_terms_and_says_how_many_more_there_are(
    weights, width, rows, asked
):
    sources = [*(f"h1[{i + 1}]" for i in range(len(weights) - 1)), ""]
    formula = Formula("h2[1]", "tanh", tuple(zip(weights, sources, strict=True)))
    _, *lines = drawn(formula, width, rows, asked=asked)
    assert len(lines) == rows - 1
    assert all(len(line) == width for line in lines)
    text = " ".join(" ".join(lines).split())
    head, _, rest = text.partition("(")
    inside, _, after = rest.partition(")")
    assert head == "h2[1] = tanh"
    found = {
        source: float(f"{'-' if sign == '−' else ''}{size}") for sign, size, source in TERM.findall(inside)
    }
    for weight, source in formula.terms:
        if source in found:
            assert abs(found[source] - weight) < 0.006
    assert "" in found  # the bias is always there
    left = len(weights) - len(found)
    if left:
        assert after.strip() == f"{left} smaller" + ("" if asked else ": enter")
        assert "…" in inside
        shown = [abs(weight) for weight, source in formula.terms[:-1] if source in found]
        hidden = [abs(weight) for weight, source in formula.terms[:-1] if source not in found]
        assert not shown or min(shown) >= max(hidden)
    else:
        assert after.strip() == ""


@given(st.integers(1, 30), st.sampled_from([60, 80, 120]), st.sampled_from([2, 3]))
def test_a_row_keeps_its_answer_and_says_how_many_columns_are_not_told(columns, width, rows):
    heard = tuple(f"x{i + 1} column {i / 7:.4f}" for i in range(columns))
    answer, so = "Right is sparrow hawk, the net says 0.97", ", so yes"
    _, *lines = drawn(Formula("ŷ", "", ()), width, rows, row=RowTold("Row 12", heard, answer, so))
    text = " ".join(" ".join(lines).split())
    assert text.startswith("Row 12")
    assert text.endswith((f"{answer}{so}.", f"{answer}."))
    told = sum(one in text for one in heard)
    assert text.endswith(f"{so}.") or told == columns
    if 0 < told < columns:
        assert f"and {columns - told} more." in text


@pytest.mark.parametrize(("size", "rows"), [((60, 20), 1), ((80, 24), 1), ((120, 36), 2)], ids=str)
async def test_a_wide_net_says_what_its_unit_computes_and_no_number_is_cut(size, rows):
    async with in_lab("circle 2-30-1", size) as lab:
        await lab.steps(20)
        feet_ = lab.hands.lines[-2 - rows : -1]
        assert re.search(r"train( loss)? [\d.]+  \d+ % right   test( loss)? [\d.]+  \d+ % right", feet_[0])
        said = " ".join(feet_[1:])
        assert re.fullmatch(r" *ŷ = σ\(.* … [+−] \d+\.\d\d\) +\d+ smaller: enter", said)
        await lab.press("enter")
        assert "h1[1] " in lab.hands.text  # there they are
        await lab.press("escape", "down")
        assert "h1[1] = tanh(" in lab.hands.lines[-1 - rows]
        assert lab.hands.lines[-2 - rows] == feet_[0]  # the picture stands where it stood


@pytest.mark.slow
async def test_right_of_the_last_layer_the_outputs_are_in_hand_one_map_for_each_class():
    async with in_lab("penguins", (80, 24)) as lab:
        assert "ŷ[1] Adelie" in lab.hands.lines[3]
        await lab.press("down", "right", "down", "down")
        assert lab.lab.picture.unit == (3, 2)
        assert "ŷ[3] Gentoo" in lab.hands.lines[3]
        assert "ŷ[3] = softmax(" in lab.hands.lines[-2]
        assert "○ Adelie ● Chinstrap ▲ Gentoo" in lab.hands.text
        await lab.press("enter")
        assert "ŷ[3] = softmax(z3[3])" in lab.hands.text
        assert re.search(r"right is (Adelie|Chinstrap|Gentoo)\b", lab.hands.text)
        await lab.press("plus")
        assert lab.line.startswith("penguins @0 W3[3,1]=")
        for line in ("circle", "rings 2-1-3", "hills 2-1"):  # that output is gone, or another's
            lab.lab.runner.do(lambda desk, line=line: desk.begin(read_line(line)))
            await lab.settle()
            await lab.press("escape", "down", "right")
            assert "ŷ" in lab.hands.lines[3]
            await lab.press("right", "down", "down")
            assert ("ŷ[3] class 2" in lab.hands.lines[3]) == (line == "rings 2-1-3")


@pytest.mark.parametrize(
    ("loss", "told"),
    [(0.9188, "0.9188"), (0.0004, "4·10⁻⁴"), (1.3e-4, "1.3·10⁻⁴"), (0.0, "0.0000"), (2.5e7, "2.5·10⁷"), (float("nan"), "no number")],
)  # fmt: skip
def test_a_loss_of_many_digits_is_told_in_powers_of_ten_as_at_its_curve(loss, told):
    assert feet.loss_as_text(loss) == told
    assert "e" not in told.replace("number", "")


@pytest.mark.parametrize(
    ("line", "columns"),
    [("gentoo", ["flipper_length_mm", "bill_depth_mm"]), ("gentoo x xy 2-1", ["flipper_length_mm", ""]), ("circle", ["", ""])],
)  # fmt: skip
def test_an_input_of_a_table_has_the_name_that_its_file_gives_it(line, columns):
    bench = Bench(read_line(line))
    for unit, column in enumerate(columns):
        formula = scene(bench, Sizes((6, 6), (30, 30)), 9, (0, unit)).formula
        assert formula.column == column
        _, told = drawn(formula, 80, 2)
        assert told.split(", an input")[1].strip() == (f": {column}" if column else "")


@pytest.mark.parametrize("size", [(200, 50), (120, 36), (80, 24), (60, 20)], ids=str)
async def test_below_the_map_of_a_table_of_two_columns_stands_what_its_file_calls_them(size):
    async with in_lab("gentoo", size) as lab:
        if size[0] < 72:
            await lab.press("tab")
        (told,) = [line for line in lab.hands.lines if " → " in line]
        across, up = told[told.index("flip") :].split(" → ")
        assert up.split()[1] == "↑"
        wide = lab.lab.picture._map_room()[0]
        if wide >= len("flipper_length_mm → bill_depth_mm ↑"):
            assert (across, up.split()[0]) == ("flipper_length_mm", "bill_depth_mm")
        assert "flipper_length_mm".startswith(across)
        assert "bill_depth_mm".startswith(up.split()[0])
        await lab.press("enter")  # a sheet has no axes
        assert " → " not in lab.hands.text
        await lab.press("escape", "e", "ctrl+u", *"circle", "enter")
        assert " → " not in lab.hands.text
