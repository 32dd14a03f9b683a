"""Names in a text that stand for something on the page: w₁ for a knob, dz₂ for a blank.

What is in hand is lit wherever it is named, and a click on its name takes it in hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style

from drops.tui.base.ink import Inks, Lines, does


class Ref(NamedTuple):
    """What a click on a name means, and whether what it names is in hand."""

    what: Mapping[str, object]
    lit: bool


Refs = Mapping[str, Ref]  # by name


def is_name(text: str) -> bool:
    """Whether a label is a name, as w₁, W₁[1, 2] or b, and no word of the language.

    >>> [is_name(one) for one in ("w₁", "b", "a", "slope", "W₁[1, 2]")]
    [True, True, False, False, True]
    """
    if len(text) == 1:
        return text.isalpha() and text not in "aAI"
    word = text.split("[", maxsplit=1)[0]
    return " " not in word and any(not c.isascii() or c in "[]" or c.isdigit() for c in text)


def refs_of(named: Iterable[tuple[str, Mapping[str, object]]], hand: object) -> Refs:
    """The names among labels, each with what a click on it means; the one that means `hand` is lit. Of two
    that are called alike the first one counts."""
    found: dict[str, Ref] = {}
    for label, what in named:
        if is_name(label):
            found.setdefault(label, Ref(what, what == hand))
    return found


def marked(lines: Lines, refs: Refs, ink: Inks) -> Lines:
    """The lines with the names in them told apart; what means something already stays as it is."""
    if not refs:
        return lines
    names = _pattern(tuple(refs))
    return [[part for segment in line for part in _parts(segment, refs, names, ink)] for line in lines]


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names, standing alone: b, and not the b of “bias” or of b₁."""
    either = "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w₀-₉])(?:{either})(?![\w₀-₉\[])")


def _parts(segment: Segment, refs: Refs, names: re.Pattern[str], ink: Inks) -> Iterator[Segment]:
    text, style, control = segment
    if control or (style is not None and style.meta.get("does")):
        yield segment
        return
    at = 0
    for found in names.finditer(text):
        if found.start() > at:
            yield Segment(text[at : found.start()], style)
        ref = refs[found[0]]
        own = (style or Style()) + ink.act if ref.lit else style or Style()
        yield Segment(found[0], does(own, **ref.what))
        at = found.end()
    if at < len(text):
        yield Segment(text[at:], style)
