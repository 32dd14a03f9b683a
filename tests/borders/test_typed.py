"""What is typed is read or asked again, at once, and never evaluated."""

from __future__ import annotations

from functools import partial

import pytest

from drops import catalog
from drops.errors import Unreadable
from drops.exercises import fading
from drops.exercises.answers import read
from drops.exercises.blocks import Case, Choice, Design, Run
from drops.networks.kinds import KINDS
from drops.text import safe_text
from hostile import clean, rows_of
from lessons import lessons
from pace import within
from program import Talk, reply

NEVER_AN_ANSWER = [
    "9" * 50_000,
    "nan",
    "inf",
    "-inf",
    "1e999",
    "1e5",
    "0x10",
    "1_000",
    "__import__('os').system('true')",
    "1+1",
    "2**9999",
    "[1]",
    "{}",
    "1\x00",
    "\x00",
    "\u0661",
    "\u202e1",
    "\x1b[2J",
    "1/0",
    "1/2/3",
    "=1",
    "--1",
    "(((((" * 1_000,
    "%n%s",
    "$(true)",
    "`true`",
    "1;2;3;4;5;6;7;8",
    "\ud800",
    "a" * 50_000,
    "1 " * 30_000,
]
# What can be read after all: one of letters is that letter, one of digits an option or a number.
AFTER_ALL = {
    Choice: [lambda typed: set(typed) <= {"a", "1", " "}],
    Case: [lambda typed: set(typed) <= {"a", "1", " "}],
}
SLOW = 0.1


def every_ask() -> list[tuple[str, object]]:
    """One ask of each form that any kind of exercise has, by what asks it, and the questions of the first drop."""
    found: dict[tuple[str, type], tuple[str, object]] = {}
    for name in KINDS:
        params = next((fence.params for drop in lessons() for fence in drop.exercises if fence.kind == name), {})
        exercise = catalog.draw(name, 1, params)
        for level in range(4):
            for step in fading.steps(exercise, level, {}, ""):
                if step.ask is not None and not isinstance(step.ask, Run):
                    found.setdefault((name, type(step.ask)), (f"{name}: {type(step.ask).__name__}", step.ask))
    return list(found.values())


def read_or_refused(ask, text):
    try:
        return repr(read(ask, text))
    except Unreadable as problem:
        return str(problem)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "ask"), [pytest.param(*one, id=one[0]) for one in every_ask()])
def test_what_is_no_answer_is_asked_again_at_once_by_every_kind(name, ask):
    for typed in NEVER_AN_ANSWER:
        text = f"{ask.fields[0].name}={typed}" if isinstance(ask, Design) else typed
        said = within(SLOW, partial(read_or_refused, ask, text))
        clean(said.encode())
        if not any(same(typed) for same in AFTER_ALL.get(type(ask), ())):
            assert "for example" in said
            assert len(said) < 400


@pytest.mark.slow
def test_what_is_no_answer_stores_nothing_and_is_asked_again_in_a_session_of_lines(tmp_path):
    """At each kind of question that the first drop asks, through a pipe, where also zero bytes get through."""
    home, asked = tmp_path / "home", {}
    with Talk("plain", "1", home=home) as talk:
        for _ in range(200):
            prompt = talk.prompt()
            kind = next(
                (
                    kind
                    for kind in ("Your choice", "The order", "How sure", "z for")
                    if prompt.startswith(kind)
                ),
                "",
            )
            if kind and kind not in asked:
                before, line = rows_of(home), reply(talk)
                for typed in NEVER_AN_ANSWER:
                    if "\ud800" in typed or (kind == "Your choice" and set(typed) <= {"a", "1", " "}):
                        continue  # what no pipe can carry; one letter again and again, which is that letter
                    if safe_text(typed) == "1" != typed:
                        continue  # what cannot be seen is nothing typed, and the rest of it is an answer
                    talk.answer(typed)
                    assert talk.prompt() == prompt, typed[:40]
                    assert max(map(len, talk.said.splitlines())) < 400, typed[:40]
                    clean(talk.said.encode())
                assert rows_of(home) == before
                asked[kind] = True
                talk.answer(line)
            elif len(asked) == 4:
                break
            else:
                talk.answer(reply(talk))
    assert len(asked) == 4
