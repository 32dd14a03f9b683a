"""The picture beside a question, as it stands: what was typed is in it, what is asked is not."""

from __future__ import annotations

from drops.exercises.answers import readable
from drops.exercises.blocks import Choice, Numbers, Order, Show

ASKED = "answer"  # what is in hand of a question that has no fields


def picture_of(
    ask: Numbers | Choice | Order, text: str = "", hand: str = "", *, settled: bool = False
) -> tuple[Show, ...]:
    """What stands beside a question with `text` in it; `hand` is the field that is filled, the first where
    none is named. Once it is settled nothing is in hand, and the picture may show what is so.
    """
    if isinstance(ask, Numbers):
        now = "" if settled else hand or ask.fields[0].name
        return ask.picture(readable(ask.fields, text), now) if ask.picture else ()
    return ask.beside({}, "" if settled else ASKED) if ask.beside else ()
