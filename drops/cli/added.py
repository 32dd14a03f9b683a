"""The commands that bring a path of somebody else's, and take it away again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from drops.cli.command import Command
from drops.cli.given import SHELF, allow_kinds, folders_of, home_of, library_of
from drops.cli.printing import say
from drops.text import counted, safe_text


def add(given: argparse.Namespace) -> int:
    from drops.course.added import NotAdded, add_path
    from drops.course.parse import shelved

    shelf, folders = home_of(given) / SHELF, folders_of(given)
    beside = [*folders, *shelved(shelf)]
    allow_kinds(given)
    try:
        path = add_path(given.pack, shelf, library_of(given), beside, replace=given.replace)
    except NotAdded as refused:
        for problem in refused.problems:
            print(safe_text(str(problem)), file=sys.stderr)
        raise
    count, minutes = len(path.drops), sum(drop.minutes for drop in path.drops)
    say(f"added {path.title}: {counted(count, 'drop')}, {minutes:g} minute{'s' * (minutes != 1)}")
    say(f"  drops paths choose {path.id}   its drops come next")
    return 0


def remove(given: argparse.Namespace) -> int:
    from drops.course.added import remove_path

    title = remove_path(given.path, home_of(given) / SHELF, library_of(given))
    say(f"removed {title}; your answers stay, and count again when it is added again")
    return 0


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pack", type=Path, metavar="FILE", help="a zip, or the folder of a path")
    parser.add_argument("--replace", action="store_true", help="put it in the place of the one that is there")


def _remove_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", help="its id or its title in quotes")


ADD = Command(
    "add",
    "a path that somebody wrote, from a zip or a folder",
    run=add,
    options=_add_options,
    examples="""\
examples:
  drops add interest.zip         checked first; then it stands beside yours
  drops add my-paths/interest    the same from a folder
  drops add --replace interest.zip   a newer one; your answers stay

Only path.md and the lessons are read. What the check refuses is not added.
""",
)
REMOVE = Command(
    "remove",
    "take an added path away; your answers stay",
    run=remove,
    options=_remove_options,
    examples="""\
examples:
  drops remove interest          `drops paths` lists them
  drops remove "Money that grows"
""",
)
