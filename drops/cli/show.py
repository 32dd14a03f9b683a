"""Something to show: the week with what was made in it, as text for a chat or as a picture."""

from __future__ import annotations

import argparse

from drops.cli.command import Command
from drops.cli.given import glance_of, home_of, open_study
from drops.cli.printing import say
from drops.errors import DropsError

NOTHING = "Nothing to show yet. After the first drop there is a picture of what you made in it."


def show_week(given: argparse.Namespace) -> int:
    home = home_of(given)
    seen = glance_of(home)
    if seen.problem:
        raise DropsError(seen.problem)
    if not seen.daily:  # no progress file is made for it
        say(NOTHING)
        return 0
    from drops.study.shown.week import week
    from drops.tui.blocks import postcard

    study, clock = open_study(given)
    try:
        now = clock()
        made = week(study.library, study.log, now)
    finally:
        study.close()
    if made is None:
        say(NOTHING)
    elif not given.svg:
        say("\n".join(postcard.as_text(made)))
    else:
        file = home / "pictures" / f"drops-week-{made.monday.isoformat()}.svg"
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(postcard.as_svg(made), encoding="utf-8")
        except OSError as problem:
            why = problem.strerror or problem
            raise DropsError(f"{file} cannot be written ({why}); run it without --svg") from None
        say(str(file))
    return 0


def _svg_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--svg", action="store_true", help="as a picture; its file is named")


SHOW = Command(
    "show",
    "your week, and what you made in it, to show",
    run=show_week,
    options=_svg_option,
    examples="""\
examples:
  drops show                     as text for a chat
  drops show --svg               as a picture in the home folder
""",
)
