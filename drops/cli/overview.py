"""Commands that print what stands where: today, the path, progress."""

from __future__ import annotations

import argparse
from datetime import date

from drops.cli.command import Command
from drops.cli.given import clock_of, glance_of, home_of, ledger_of, library_of
from drops.cli.lessons import be_quick
from drops.cli.printing import print_as, say
from drops.errors import DropsError

DUE = 10  # exit status of `drops today --quiet` when something is due


def print_today(given: argparse.Namespace) -> int:
    be_quick()
    from drops.study.reports import today_as_data, today_as_lines
    from drops.study.today import today

    seen = glance_of(home_of(given))
    at = clock_of(seen)()
    if given.on and given.on < at.day:
        raise DropsError(f"{given.on} is past; --on takes a coming day, and `drops progress` looks back")
    made = today(library_of(given), seen, at, given.on)
    if seen.problem:
        raise DropsError(seen.problem)
    if given.quiet:
        say(made.says)
        return DUE if made.items or made.new else 0
    print_as(given, today_as_data(made), today_as_lines(made))
    return 0


def read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-12-24") from None


def print_path(given: argparse.Namespace) -> int:
    from drops.study.paths import path_named
    from drops.study.reports import path_as_data, path_as_lines
    from drops.study.today import today

    library, seen = library_of(given), glance_of(home_of(given))
    if seen.problem:
        raise DropsError(seen.problem)
    made = today(library, seen, clock_of(seen)())
    path = path_named(library, made.paths, given.path) if given.path else made.paths.current
    if path is None:
        raise DropsError("there is no path; `drops check` says what is wrong with the content")
    print_as(given, [path_as_data(path, made)], path_as_lines(path, made))
    return 0


def print_progress(given: argparse.Namespace) -> int:
    from drops.study.looking_back import progress
    from drops.study.reports import progress_as_data, progress_as_lines

    library, seen = library_of(given), ledger_of(home_of(given))
    if seen.glance.problem:
        raise DropsError(seen.glance.problem)
    made = progress(library, seen, clock_of(seen.glance)())
    print_as(given, progress_as_data(made), progress_as_lines(made))
    return 0


def _today_options(parser: argparse.ArgumentParser) -> None:
    told = parser.add_mutually_exclusive_group()
    told.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--on", metavar="DATE", type=read_date, help="a coming day, as 2026-12-24, as things stand"
    )
    told.add_argument(
        "--quiet", action="store_true", help=f"one line; exit status {DUE} when something is due"
    )


def _path_options(parser: argparse.ArgumentParser) -> None:
    says = "its number, id or title (default: the chosen one)"
    parser.add_argument("path", nargs="?", metavar="PATH", help=says)
    _json_option(parser)


def _json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")


TODAY = Command(
    "today",
    "what today holds and how long it takes",
    run=print_today,
    options=_today_options,
    examples="""\
examples:
  drops today                    in words
  drops today --json             for scripts
  drops today --on 2026-12-24    what will be due that day, as things stand
  drops today --quiet || notify-send "$(drops today --quiet)"

--quiet prints one line and exits with 10 when something is due, else with 0.
""",
)
PROGRESS = Command(
    "progress",
    "accuracy, mastery, and what comes",
    run=print_progress,
    options=_json_option,
    examples="""\
examples:
  drops progress                 in words
  drops progress --json          the figures of the Progress screen
""",
)
PATH = Command(
    "path",
    "the chosen path with the state of each drop",
    run=print_path,
    options=_path_options,
    examples="""\
examples:
  drops path                     phases, drops, how each one stands
  drops path --json              the same for scripts, with the ids
  drops path sums                another path than the chosen one
  drops path 2                   the second that `drops paths` lists
""",
)
