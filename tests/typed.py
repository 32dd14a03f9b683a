"""An answer's text as a learner types it in the line face."""

from __future__ import annotations

from drops.exercises.answers import digit, read
from drops.exercises.blocks import Ask, Case, Design, Numbers


def lines_for(ask: Ask, text: str) -> list[str]:
    """The lines that answer `ask` with `text`."""
    match ask:
        case Numbers():
            return text.split("; ")
        case Design():
            return [part.partition("=")[2] for part in text.split("; ")]
        case Case():
            given = read(ask, text)
            opened = [f"g {digit(at)}" for at in given.gauges]
            return [*opened, f"c {digit(given.cause)}", digit(given.change or 0)]
    return [text]
