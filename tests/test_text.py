"""What may reach a terminal, and numbers as the lessons print them."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.text import NEAREST, ended, number, safe_text

ROOT = Path(__file__).parents[1]

HOSTILE = {
    "CSI colour": ("\x1b[31mred\x1b[0m", "red"),
    "CSI cursor": ("a\x1b[2J\x1b[Hb", "ab"),
    "OSC title": ("\x1b]0;title\x07x", "x"),
    "OSC clipboard": ("\x1b]52;c;aGk=\x07x", "x"),
    "OSC link": ("\x1b]8;;http://x\x1b\\y\x1b]8;;\x1b\\", "y"),
    "DCS": ("\x1bP1$r\x1b\\z", "z"),
    "C1 CSI": ("\x9b31mred", "red"),
    "C1 OSC": ("\x9d0;t\x9cx", "x"),
    "F1": ("\x1bOPx", "x"),
    "SS3 in one byte": ("\x8fPx", "x"),
    "unended OSC": ("\x1b]0;for ever", ""),
    "bidi": ("ab\u202ecd\u2066", "abcd"),
    "zero width": ("a\u200bb\ufeff", "ab"),
    "backspace and bell": ("a\x08\x07b", "ab"),
    "carriage return": ("safe\rEVIL", "safeEVIL"),
    "nested": ("\x1b\x1b[0m[31mx", "x"),
}


@pytest.mark.parametrize(("dirty", "clean"), HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_that_steers_a_terminal_is_left(dirty, clean):
    assert safe_text(dirty) == clean


@given(st.text())
def test_safe_text_stays_as_it_is(text):
    assert safe_text(safe_text(text)) == safe_text(text)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_no_control_is_ever_left_but_newline_and_tab(text):
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", safe_text(text))


@given(st.text(alphabet="abcäöü −·σ₁₂ ✓✗\n\t"))
def test_the_words_of_the_lessons_pass_untouched(text):
    assert safe_text(text) == text


def test_a_hostile_megabyte_is_cleaned_in_time():
    assert safe_text("\x1b[" * 200_000) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-2.5, "−2.5"),
        (-0.0, "0"),
        (-0.0001, "0"),
        (0.125, "0.125"),
        (0.25**2, "0.0625"),
        (-0.0825, "−0.0825"),
        (1 / 70, "0.014"),
        (0.0004, "0"),
        (3.0, "3"),
        (100.0, "100"),
        (1 / 3, "0.333"),
    ],
)
def test_numbers_are_printed_as_on_paper(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    "name",
    [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted(ROOT.glob("drops/**/*.py"))
        if ">>> " in path.read_text(encoding="utf-8")
    ],
)
def test_the_examples_in_the_docstrings_are_true(name):
    told = doctest.testmod(importlib.import_module(name))
    assert (told.failed, told.attempted > 0) == (0, True)


def test_rules_and_arrows_have_neighbours_in_ascii():
    assert "─━ ▸ ↑↓ ▾ █░ ½ •".encode("ascii", NEAREST) == b"-- > updown v #. 1/2 *"


def test_what_is_quoted_with_its_full_stop_has_no_second_one():
    assert [*map(ended, ("“It beat none.”", "“It beat none”", "Why?", "*Why?*", "So"))] == [
        "“It beat none.”", "“It beat none”.", "Why?", "*Why?*", "So.",
    ]  # fmt: skip
