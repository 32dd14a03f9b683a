"""Something to show: the week with what was made in it, as text for a chat or as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from drops.cli.command import Command
from drops.cli.given import glance_of, home_of, open_study
from drops.cli.printing import say
from drops.errors import DropsError

if TYPE_CHECKING:
    from drops.clock import Moment
    from drops.study.study import Study

NO_DESIGN = "No design is defended yet. The drop on the architecture of a table ends in one."
AHEAD = "All that you did is dated ahead of this machine's date; `drops doctor` says more."
NOTHING = "Nothing to show yet. After the first drop there is a picture of what you made in it."


def show_made(given: argparse.Namespace) -> int:
    nothing = NO_DESIGN if given.design else NOTHING
    home = home_of(given)
    seen = glance_of(home)
    if seen.problem:
        raise DropsError(seen.problem)
    if not seen.daily:  # no progress file is made for it
        say(nothing)
        return 0
    study, clock = open_study(given)
    try:
        made = _design(study) if given.design else _week(study, clock(), home, svg=given.svg)
    finally:
        study.close()
    answered = any(past.graded + past.practice for past in seen.daily)
    say(made or (AHEAD if answered and not given.design else nothing))
    return 0


def _design(study: Study) -> str:
    from drops.study.shown.kept import kept_page

    return kept_page(study.library, study.log).rstrip("\n")


def _week(study: Study, now: Moment, home: Path, *, svg: bool) -> str:
    """The week as text, or the name of the file it is drawn in; "" before the first."""
    from drops.store.file.files import write_at_home
    from drops.study.shown.week import week
    from drops.tui.blocks import postcard

    made = week(study.library, study.log, now)
    if made is None:
        return ""
    if not svg:
        return "\n".join(postcard.as_text(made))
    file = home / "pictures" / f"drops-week-{made.monday.isoformat()}.svg"
    write_at_home(file, postcard.as_svg(made).encode())
    return str(file)


def _options(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--svg", action="store_true", help="as a picture; its file is named")
    what.add_argument(
        "--design", action="store_true", help="the design that you defended last, as Markdown"
    )


SHOW = Command(
    "show",
    "your week, and what you made in it, to show",
    run=show_made,
    options=_options,
    examples="""\
examples:
  drops show                     as text for a chat
  drops show --svg               as a picture in the home folder
  drops show --design > own.md   the page of your design, to keep
""",
)
