"""The same in code, in the line face and on the screen: after the answer, and never before."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from drops.plain.session import Plain

sys.path.insert(0, str(Path(__file__).parent / "tui"))

NONE = "There is no program of this page, or none before the answer."


def test_the_word_code_tells_the_program_of_a_sheet_after_its_answer(study, clock):
    said: list[str] = []
    at_the_sheet, behind = ["code", "show"], ["code", "quit"]  # what is typed at its first blank, and then

    def ask(prompt: str) -> str:
        if prompt.startswith("z for A") and at_the_sheet:
            return at_the_sheet.pop(0)
        if not at_the_sheet:
            return behind.pop(0)
        return "1" if prompt.startswith(("Your", "How")) else ""

    Plain(study, clock, ask, said.append).run(study.begin(clock(), drop="1"))
    assert said.count(NONE) == 1
    program = said[said.index("import numpy as np") :]
    assert said.index(NONE) < said.index("import numpy as np")
    assert "zA = w1 * x1A + w2 * x2A + b" in program


def test_help_names_the_word_only_where_there_is_a_program(study, clock):
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return "help" if len(asked) == 1 else "quit"

    said: list[str] = []
    Plain(study, clock, ask, said.append).run(study.begin(clock(), drop="1"))
    assert any(line.startswith("again:") for line in said)
    assert not any(line.startswith("code:") for line in said)


@pytest.fixture
def coded(monkeypatch):
    import fake

    asks = replace(fake.NUMBERS, code=lambda: "h1 = 0.5\nprint('h₁ =', h1)\n")
    monkeypatch.setitem(fake.PAGES, "do", replace(fake.PAGES["do"], ask=asks))
    figure = replace(fake.FIGURE, code=lambda v: f"print({sorted(v.items())})")
    show = (*fake.PAGES["figure"].show[:-1], figure)
    monkeypatch.setitem(fake.PAGES, "figure", replace(fake.PAGES["figure"], show=show))


@pytest.mark.slow
@pytest.mark.usefixtures("coded")
async def test_c_shows_the_program_after_the_answer_and_w_writes_it(tmp_path):
    from helper import opened

    async with opened("do", home=tmp_path) as hands:
        await hands.press("c")
        assert "The same in code" not in hands.text
        await hands.type("1")
        await hands.press("tab", "1", "tab", "1", "enter", "c")
        assert "The same in code" in hands.text
        assert "print('h₁ =', h1)" in hands.text
        await hands.press("w")
        (file,) = (tmp_path / "scripts").iterdir()
        assert file.read_text("utf-8") == "h1 = 0.5\nprint('h₁ =', h1)\n"
        await hands.press("q")
        assert "The same in code" not in hands.text


@pytest.mark.slow
@pytest.mark.usefixtures("coded")
async def test_c_shows_the_program_of_a_page_behind_too():
    from helper import opened

    async with opened("do", "figure", "curve") as hands:
        await hands.type("1")
        await hands.press("tab", "1", "tab", "1", "enter", "enter", "enter", "b", "c")
        assert "print([(" in hands.text
        await hands.press("q", "b", "c")
        assert "print('h₁ =', h1)" in hands.text
        await hands.press("q")
        assert "page 1 of 2 behind" in hands.text


@pytest.mark.usefixtures("coded")
async def test_a_figure_is_a_program_as_its_knobs_stand():
    from helper import opened

    async with opened("figure") as hands:
        await hands.press("c")
        before = hands.text
        await hands.press("q", "right", "right", "c")
        assert "print([(" in before
        assert hands.text != before
