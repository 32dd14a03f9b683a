"""The command that verifies content."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from drops.cli.command import Command
from drops.cli.printing import say
from drops.text import safe_text


def check_content(given: argparse.Namespace) -> int:
    from drops.course.check import check
    from drops.course.parse import library_folders

    folders = given.paths or library_folders(
        getattr(given, "content", None) or os.environ.get("DROPS_CONTENT")
    )
    problems = check(folders, given.claims, lambda done, of, what: say(f"[{done}/{of}] {what}"))
    for problem in problems:
        print(safe_text(str(problem)), file=sys.stderr)
    if problems:
        print(f"drops: {len(problems)} to mend", file=sys.stderr)
        return 1
    say("✓ content is sound" + (" and every claim holds" if given.claims else ""))
    return 0


def _check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="library folders (default: all content)"
    )
    parser.add_argument("--claims", action="store_true", help="measure every claim of every lesson again")


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

Each error is one line on stderr: file:line, what is wrong, what to do.
""",
)
