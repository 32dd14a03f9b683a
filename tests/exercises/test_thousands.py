"""A count of a thousand and more has its comma wherever a lesson prints it, and a year has none."""

import re

import pytest
from variants import VARIANTS, draws, every

from drops import scales
from drops.colours import DARK
from drops.exercises import fading
from drops.exercises.blocks import Bar, Bars, Choice, Words
from drops.exercises.formulas.texts import fill_text
from drops.exercises.pictured import read_off
from drops.exercises.written.pictures import bars_told
from drops.networks.training.arriving import draw_arriving
from drops.plain import spoken
from drops.text import with_commas
from drops.tui.base.ink import inks
from drops.tui.blocks import bars
from drops.web.charts import draw_bars

BARE = re.compile(r"(?<![\d.,])\d{4,}(?![\d,])(?!\.\d)")


@pytest.mark.parametrize(("text", "values", "told"), [
    ("{rows} rows", {"rows": 1000.0}, "1,000 rows"),
    ("{rows} rows", {"rows": 999.0}, "999 rows"),
    ("{+b}", {"b": -12345.5}, "− 12,345.5"),
    ("{2*n|1}", {"n": 2500.25}, "5,000.5"),
    ("in {year}", {"year": 2027.0}, "in 2027"),
    ("in {year1 + 3}", {"year1": 2027.0}, "in 2030"),
    ("{x}", {"x": (1.0, 2000.0)}, "(1, 2000)"),
])  # fmt: skip
def test_a_number_in_a_text_has_its_comma(text, values, told):
    assert fill_text(text, values) == told


def test_what_is_no_single_number_stays_as_it_is():
    assert with_commas("(1, 2000)") == "(1, 2000)"
    assert with_commas("a 2000") == "a 2000"


@every(VARIANTS)
def test_no_exercise_tells_a_thousand_without_its_comma(variant):
    for exercise in draws(variant, 6):
        for step in fading.steps(exercise, 2, {}):
            texts = [block.markdown for block in step.show if isinstance(block, Words)]
            if step.ask is not None:
                texts.append(step.ask.prompt)
            if isinstance(step.ask, Choice):
                texts += [said for option in step.ask.options for said in (option.text, option.feedback)]
            assert [text for text in texts if BARE.search(text)] == []


def test_bars_tell_their_numbers_as_the_lessons_beside_them_do_in_every_face():
    block = Bars((Bar("shown", 1026.0), Bar("held", 3.0), Bar("less", -12345.5)), "")
    told = ("1,026", "3", "−12,345.5")
    drawn = bars.draw(block, 70, inks(DARK, few=False))
    assert all(any(one in segment.text for row in drawn for segment in row) for one in told)
    assert all(one in str(draw_bars(block)) for one in told)
    assert all(any(one in line for line in spoken.lines(block)) for one in told)
    assert bars_told([*block.bars]) == "shown: 1,026; held: 3; less: −12,345.5."
    assert {*told} <= read_off([block])


def test_bars_tell_a_small_number_in_every_face_and_no_nought_for_it():
    """Gradients of 0.00005 stood as three noughts beside a question whose wrong answer has noughts."""
    block = Bars((Bar("front", 0.00005), Bar("middle", 0.000055), Bar("back", 0.1 + 0.2 - 0.3), Bar("none", 0.0)), "")
    assert [scales.at_bar(bar.value) for bar in block.bars] == ["0.00005", "0.000055", "0", "0"]
    drawn = "\n".join("".join(segment.text for segment in row) for row in bars.draw(block, 70, inks(DARK, few=False)))
    for face in (drawn, str(draw_bars(block)), bars_told([*block.bars])):
        assert "0.00005" in face
        assert "0.000055" in face
    assert {"0.00005", "0.000055"} <= read_off([block])


@pytest.mark.parametrize("spread", range(9))
def test_the_sentence_of_a_signal_tells_its_sizes_as_the_bars_do(spread):
    drawn = draw_arriving({"spread": 0.1}).show[0]
    for squash in (0, 1):
        picture = drawn.draw({"spread": spread, "squash": squash})[0]
        for bar in (picture.bars[0], picture.bars[-1]):
            assert f"{scales.at_bar(bar.value, log=True)} behind {bar.name}" in picture.says
