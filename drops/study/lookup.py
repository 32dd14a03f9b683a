"""The lesson behind a question: its pages again, and the one that taught what is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import sqrt
from typing import assert_never

from drops.exercises.blocks import Ask, Case, Choice, Design, Knobs, Numbers, Order, Run, Words
from drops.study.pages import Page

# A word of four letters or more, or of two parts, one-hot; a name as h₁; where something stands in a table,
# W₁[1, 2], as W₁[
_WORD = re.compile(r"[^\W\d_]+-[^\W\d_]+|[^\W\d_]{4,}|[a-zA-Z]+[₀-₉]*\[|[a-zA-Zŷ]+[₀-₉]+|ŷ")

# they ask, and are about nothing
_ASKING = frozenset({
    "answer", "come", "comes", "does", "each", "from", "have", "here", "into", "like", "look", "made", "many",
    "more", "most", "much", "number", "numbers", "only", "order", "other", "pick", "same", "some", "such",
    "than", "that", "them", "then", "there", "these", "they", "this", "three", "time", "times", "what",
    "when", "where", "which", "will", "with", "work", "your",
})  # fmt: skip
ASKED = 2  # words of what is told beside it: what a word of the question itself counts for


def page_that_taught(lesson: tuple[Page, ...], page: Page) -> int:
    """The place of the lesson's page that has most to say of a question.

    A word counts for more where it stands often, and the fewer the pages are on which it stands.
    """
    taught = [Counter(_words(" ".join(_read(one)))) for one in lesson]
    told, asked = _words(" ".join([page.heading, *_read(page)])), _words(" ".join(_asked(page.ask)))
    counts = {**dict.fromkeys(told, 1), **dict.fromkeys(asked, ASKED)}
    worth = {word: w / n for word, w in counts.items() if (n := sum(word in words for words in taught))}
    scores = [sum(worth[word] * sqrt(words[word]) for word in worth) for words in taught]
    return max(range(len(lesson)), key=lambda i: scores[i], default=0)


def _words(text: str) -> list[str]:
    """The words that say what a text is about; of one thing and of several they are the same."""
    words = (word.lower() for word in _WORD.findall(text))
    return [word.removesuffix("s") for word in words if word not in _ASKING]


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
