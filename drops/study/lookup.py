"""The lesson behind a question: its pages again, and the one that taught what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from drops.exercises.blocks import Ask, Case, Choice, Design, Knobs, Numbers, Order, Run, Words
from drops.study.pages import Page

# A word of four letters or more; a name as h₁; where something stands in a table, W₁[1, 2], as W₁[
_WORD = re.compile(r"[^\W\d_]{4,}|[a-zA-Z]+[₀-₉]*\[|[a-zA-Zŷ]+[₀-₉]+|ŷ")


def page_that_taught(lesson: tuple[Page, ...], page: Page) -> int:
    """The place of the lesson's page that shares most with a question.

    A word that stands on few of the pages counts for more than one that stands on all of them.
    """
    taught = [_words(" ".join(_read(one))) for one in lesson]
    asked = _words(" ".join([page.heading, *_read(page), *_asked(page.ask)]))
    worth = {word: 1 / n for word in asked if (n := sum(word in words for words in taught))}
    scores = [sum(worth[word] for word in worth if word in words) for words in taught]
    return max(range(len(lesson)), key=lambda i: scores[i], default=0)


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _read(page: Page) -> Iterator[str]:
    yield page.heading
    for block in page.show:
        if isinstance(block, Words):
            yield block.markdown


def _asked(ask: Ask | None) -> Iterator[str]:
    """The words of a question."""
    if ask is None:
        return
    yield ask.prompt
    match ask:
        case Numbers(fields=fields):
            yield from (field.label for field in fields)
        case Choice(options=options):
            yield from (option.text for option in options)
        case Case(causes=causes, changes=changes):
            yield from (*causes, *changes)
        case Order(pieces=pieces):
            yield from pieces
        case Design(fields=forms):
            yield from (form.label for form in forms if form.reasons is None)
        case Knobs() | Run():
            pass
        case _:
            assert_never(ask)
