"""The command for learners of several paths: what there is, and which of them today holds."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from drops.cli.command import Command
from drops.cli.given import glance_of, home_of, library_of, open_to_write
from drops.cli.printing import print_as
from drops.errors import DropsError

if TYPE_CHECKING:
    from drops.study.paths import Paths

VERBS = ("choose", "pause", "hide", "show", "order")


def run_paths(given: argparse.Namespace) -> int:
    if given.verb and not given.paths:
        line = f"drops: name a path to {given.verb}; `drops paths` lists them"
        print(line, file=sys.stderr)
        return 2
    paths = _settled(given) if given.verb else _as_they_stand(given)
    from drops.study.reports import paths_as_data, paths_as_lines

    print_as(given, paths_as_data(paths), paths_as_lines(paths))
    return 0


def _as_they_stand(given: argparse.Namespace) -> Paths:
    from drops.study.paths import arranged

    library, seen = library_of(given), glance_of(home_of(given))
    if seen.problem:
        raise DropsError(seen.problem)
    return arranged(library, seen.settings)


def _settled(given: argparse.Namespace) -> Paths:
    """Does what the verb says; how the paths stand then."""
    from drops.study.paths import arranged, path_named

    library = library_of(given)
    stand = arranged(library, glance_of(home_of(given)).settings)
    for name in given.paths:
        path_named(library, stand, name)  # an unknown one is told before a progress file is made
    study, clock = open_to_write(given, library)
    try:
        return study.arrange(given.verb, given.paths, clock())
    finally:
        study.close()


def _paths_options(parser: argparse.ArgumentParser) -> None:
    says = f"{', '.join(VERBS)} (default: list them)"
    parser.add_argument("verb", nargs="?", choices=VERBS, metavar="VERB", help=says)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="their numbers, ids or titles")
    parser.add_argument("--json", action="store_true", help="as JSON")


PATHS = Command(
    "paths",
    "your paths: choose one, order, pause or hide them",
    run=run_paths,
    options=_paths_options,
    examples="""\
examples:
  drops paths                    each path: number, drops, state, id
  drops paths --json             the same for scripts
  drops paths choose sums        new drops come from it, 3 is its drop 3
  drops paths choose 2           the second of the list
  drops paths pause sums         no new drops; what you know still comes back
  drops paths hide sums          not listed, its questions rest; all is kept
  drops paths show sums          open again, when it was paused or hidden
  drops paths order sums waves   these first, in this order

When the chosen path has no new drops left, the next open one gives them.
""",
)
