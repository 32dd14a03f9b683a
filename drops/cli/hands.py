"""Commands for what is in the learner's hands: undo, set aside, take in, forget, guessed."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from drops.cli.command import Command
from drops.cli.given import open_to_write
from drops.cli.printing import say
from drops.errors import DropsError


def _does(name: str, argument: str = "") -> Callable[[argparse.Namespace], int]:
    """What runs an act of `hands.ACTS` and says what was done."""

    def run(given: argparse.Namespace) -> int:
        from drops.study.own.hands import act

        study, clock = open_to_write(given)
        try:
            say(act(study, name, str(getattr(given, argument)) if argument else "", clock()))
        finally:
            study.close()
        return 0

    return run


def read_count(text: str) -> int:
    from drops.study.own.hands import count_of

    try:
        return count_of(text)
    except DropsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "count", nargs="?", type=read_count, default=1, metavar="N", help="how many (default: 1)"
    )


def _item_option(parser: argparse.ArgumentParser) -> None:
    named = "as 3/kink, drop-id/question-id, or its title in quotes"
    parser.add_argument("item", metavar="QUESTION", help=named)


def _drop_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("drop", metavar="DROP")


UNDO = Command(
    "undo",
    "take back your last answer, or the last N acts",
    run=_does("undo", "count"),
    options=_count_option,
    examples="""\
examples:
  drops undo                     the last answer; it is asked again
  drops undo 3                   the last three, one after the other

An act is an answer, `guessed`, `set-aside`, `take-in` or `forget`.
""",
)
SET_ASIDE = Command(
    "set-aside",
    "leave a question out until you take it in again",
    run=_does("set aside", "item"),
    options=_item_option,
    examples="""\
examples:
  drops set-aside 1/by-hand      by the number of its drop and its id
  drops take-in 1/by-hand        asked again
""",
)
TAKE_IN = Command(
    "take-in",
    "ask a question again that was set aside or put away",
    run=_does("take in", "item"),
    options=_item_option,
    examples="""\
examples:
  drops take-in 1/by-hand
""",
)
FORGET = Command(
    "forget",
    "a drop as if you had never opened it",
    run=_does("forget", "drop"),
    options=_drop_option,
    examples="""\
examples:
  drops forget 3                 its lesson begins anew
  drops undo                     takes that back
""",
)
GUESSED = Command(
    "guessed",
    "your last right answer was a guess",
    run=_does("guessed"),
    examples="""\
examples:
  drops guessed                  it comes back sooner
  drops undo                     takes that back
""",
)
