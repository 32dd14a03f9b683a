"""The case book of the clinic, as lines: every fault, and what was taken for what."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from drops.cli.command import Command
from drops.cli.given import glance_of, home_of, open_study
from drops.cli.printing import say
from drops.errors import DropsError, Unknown

if TYPE_CHECKING:
    from drops.study.shown.cases import CaseBook, KnownFault

ROUND = "A case a day, two minutes of it: `drops settings ward_round on`."
NOTHING = "No case yet. The first one stands in a drop about training that goes wrong."


def print_cases(given: argparse.Namespace) -> int:
    seen = glance_of(home_of(given))
    if seen.problem:
        raise DropsError(seen.problem)
    if given.fault is not None:
        from drops.networks.faults.table import FAULTS

        if given.fault not in FAULTS:
            raise Unknown("fault", given.fault, FAULTS)
    if not seen.daily:  # no progress file is made for it
        say(NOTHING)
        return 0
    from drops.study.settings import value
    from drops.study.shown.cases import case_book

    study, _ = open_study(given)
    try:
        made = case_book(study.library, study.log)
    finally:
        study.close()
    if given.fault is None:
        say("\n".join(lines_of(made)))
        if not value(seen.settings, "ward_round"):
            say(f"\n{ROUND}")
        return 0
    say("\n".join(about(next(fault for fault in made.faults if fault.name == given.fault))))
    return 0


def lines_of(made: CaseBook) -> Iterator[str]:
    """All faults, set by set, and the confusions of each set."""
    yield made.says
    known = {fault.name: fault for fault in made.faults}
    for one in made.sets:
        yield ""
        yield one.name
        for name in one.causes:
            yield f"  {known[name].name}: {known[name].cause}; {known[name].stands}."
        for mixed in one.confusions:
            apart = f" {mixed.parts} parts them." if mixed.parts else ""
            yield f"  named “{mixed.named}” where it was “{mixed.true}”, {mixed.times}×.{apart}"


def about(fault: KnownFault) -> Iterator[str]:
    """One fault: what it does, how it stands, and how an expert finds it."""
    yield f"{fault.cause[0].upper()}{fault.cause[1:]}. {fault.means}"
    figures = f"; met {fault.met}×, named {fault.named}×, by evidence {fault.solved}×" if fault.met else ""
    yield f"{fault.stands}{figures}"
    for cause, times in fault.taken_for:
        yield f"taken for “{cause}” {times}×"
    for at, step in enumerate(fault.shows, 1):
        yield f"{at}. {step}"


def _fault_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("fault", nargs="?", metavar="FAULT", help="one fault and how an expert finds it")


CASES = Command(
    "cases",
    "the case book: faults met and solved, and what you took for what",
    run=print_cases,
    options=_fault_option,
    examples="""\
examples:
  drops cases                    all faults, set by set
  drops cases start-narrow       one of them, with the way of an expert
""",
)
