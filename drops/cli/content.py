"""The command that verifies content."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from drops.cli.command import Command
from drops.cli.given import allow_kinds, folders_of, shelf_of
from drops.cli.printing import say
from drops.cli.processors import share_out
from drops.text import in_percent, safe_text


def check_content(given: argparse.Namespace) -> int:
    from drops.course.check import check

    allow_kinds(given)
    if given.titles:
        return tell_titles(given)

    def tell(done: int, of: int, what: str) -> None:
        say(f"[{done}/{of}] {what}")

    library = _library(given)
    beside = library if given.paths else ()
    problems = check(given.paths or library, given.claims, tell, beside, each=share_out)
    wrong = [safe_text(str(problem)) for problem in problems]
    if given.claims and not given.paths:
        wrong += judge_challenges()
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        print(f"drops: {len(wrong)} to mend", file=sys.stderr)
        return 1
    say("✓ content is sound" + (" and every claim holds" if given.claims else ""))
    return 0


def judge_challenges() -> list[str]:
    """The Lab's tasks whose own line does not do them any more as it is said to."""
    from drops.networks.lab.challenges import BAND, CHALLENGES

    wrong = []
    found = share_out(judged_shares, list(CHALLENGES))
    for done, (name, task) in enumerate(CHALLENGES.items()):
        say(f"[{done}/{len(CHALLENGES)}] lab: {name}")
        for line, share, said in zip(task.pars, next(found), task.measured, strict=True):
            if abs(share - said) > BAND:
                what = f'"{line}" does it in {in_percent(share)} of runs, and {in_percent(said)} is said'
                wrong.append(f"lab challenge {name}: {what}; measure it again")
    return wrong


def judged_shares(name: str) -> tuple[float, ...]:
    """How often each of the task's own lines does it."""
    from drops.networks.lab.challenges import CHALLENGES, Ruling, judge_lines
    from drops.networks.lab.line import read_line

    task = CHALLENGES[name]
    *_, found = judge_lines(task, [read_line(par) for par in task.pars])
    assert isinstance(found, Ruling)
    return found.shares


def tell_titles(given: argparse.Namespace) -> int:
    """Every wrong option beside what it tells its learner: only reading shows whether it fits."""
    from drops.course.parse import read
    from drops.study.titles import titles

    for line in titles(read(given.paths or _library(given)).library):
        say(safe_text(line))
    return 0


def _library(given: argparse.Namespace) -> list[Path]:
    """The folders that are read where no others are named: all content, added paths, too."""
    from drops.course.parse import shelved

    return [*folders_of(given), *shelved(shelf_of(given))]


def _check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="library folders (default: all content)"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--claims", action="store_true", help="measure every claim of every lesson again")
    what.add_argument(
        "--titles", action="store_true", help="each wrong option beside what it tells whoever picks it"
    )


CHECK = Command(
    "check",
    "verify content: every error with its place and its remedy",
    run=check_content,
    options=_check_options,
    examples="""\
examples:
  drops check                    all content
  drops check my-paths           a library: a folder for each path in it
  drops check --claims           also measure every claim again (minutes)
  drops check --titles           each wrong option beside its mix-up's name

Each error is one line on stderr: file:line, what is wrong, what to do.
""",
)
