"""Commands for what is in the learner's hands: undo, set aside, take in, forget, guessed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from drops.cli.command import Command
from drops.cli.given import open_to_write
from drops.cli.printing import say
from drops.clock import Moment
from drops.errors import DropsError

if TYPE_CHECKING:
    from drops.study.study import Study


def _done(given: argparse.Namespace, act: Callable[[Study, Moment], str]) -> int:
    """Does it, and says what was done."""
    study, clock = open_to_write(given)
    try:
        if study.read_only:
            raise DropsError(study.banner)
        say(act(study, clock()))
    finally:
        study.close()
    return 0


def undo_acts(given: argparse.Namespace) -> int:
    from drops.study.own import hands

    return _done(given, lambda study, now: hands.undo(study.library, study.log, now, given.count))


def set_aside(given: argparse.Namespace) -> int:
    from drops.study.own import hands

    return _done(given, lambda study, now: hands.set_aside(study.library, study.log, given.item, now))


def take_in(given: argparse.Namespace) -> int:
    from drops.study.own import hands

    return _done(given, lambda study, now: hands.take_in(study.library, study.log, given.item, now))


def forget_drop(given: argparse.Namespace) -> int:
    from drops.study.own import hands

    return _done(given, lambda study, now: hands.forget(study.log, study.drop(given.drop), now))


def mark_guessed(given: argparse.Namespace) -> int:
    from drops.study.own import hands

    return _done(given, lambda study, _: hands.guessed(study.library, study.log))


def read_count(text: str) -> int:
    try:
        if 1 <= (count := int(text)) <= 1000:
            return count
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1000")


def _count_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "count", nargs="?", type=read_count, default=1, metavar="N", help="how many (default: 1)"
    )


def _item_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("item", metavar="ITEM", help="as 3/kink, drop-id/item-id, or its title in quotes")


def _drop_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("drop", metavar="DROP")


UNDO = Command(
    "undo",
    "take back your last answer, or the last N acts",
    run=undo_acts,
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
    "leave an item out until you take it in again",
    run=set_aside,
    options=_item_option,
    examples="""\
examples:
  drops set-aside 1/by-hand      by the number of its drop and its id
  drops take-in 1/by-hand        asked again
""",
)
TAKE_IN = Command(
    "take-in",
    "ask an item again that was set aside or put away",
    run=take_in,
    options=_item_option,
    examples="""\
examples:
  drops take-in 1/by-hand
""",
)
FORGET = Command(
    "forget",
    "a drop as if you had never opened it",
    run=forget_drop,
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
    run=mark_guessed,
    examples="""\
examples:
  drops guessed                  it comes back sooner
  drops undo                     takes that back
""",
)
