"""The command for authors that shows a lesson while it is written."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from drops.cli.command import Command
from drops.cli.given import folders_of, glance_of, home_of, shelf_of
from drops.cli.lessons import be_quick, has_screen
from drops.errors import DropsError


def preview(given: argparse.Namespace) -> int:
    """The lesson on the screen, of a progress that is thrown away."""
    target: Path = given.target
    try:
        there = target.exists()
    except OSError:  # a name that is too long, a folder that may not be looked into
        there = False
    if not there:
        raise DropsError(f"{target} is not there; name a lesson's file or the folder of a path")
    if not has_screen():
        line = f"drops: a preview needs a terminal; `drops check {target}` says what is wrong in lines"
        print(line, file=sys.stderr)
        return 2
    import tempfile  # late, as whatever a command alone needs: all commands are read at every start

    with tempfile.TemporaryDirectory(prefix="drops-preview-") as kept_nowhere:
        return _run(given, target.absolute(), Path(kept_nowhere))


def _run(given: argparse.Namespace, target: Path, home: Path) -> int:
    be_quick()
    from drops.clock import now
    from drops.course.model import Library
    from drops.course.parse import load, shelved
    from drops.memory.forgetting import TARGET
    from drops.memory.schedule import folded
    from drops.store.file.glance import Glance
    from drops.store.log import Log
    from drops.study.settings import value
    from drops.study.study import Study
    from drops.study.today import today
    from drops.tui.app import DropsApp, run_app
    from drops.tui.going import Going
    from drops.tui.screens.preview import PreviewScreen

    settings = glance_of(home_of(given)).settings
    shelf = shelf_of(given)
    library = load(folders_of(given), shelf)
    beside = [*folders_of(given), *shelved(shelf)]

    def open_study() -> Study:
        return Study(Library(library.paths), Log.open(home, folded(TARGET), now=now()))

    async def open_preview(app: Going) -> None:
        study = await app.opened()
        await app.push_screen(PreviewScreen(study, target, library.paths, beside))

    app = DropsApp(
        glance_today=lambda: today(library, Glance(), now()),
        open_study=open_study,
        clock=now,
        library=lambda: library,
        home=home,
        opens=open_preview,
        palette=value(settings, "theme"),
        reduced_motion=value(settings, "reduced_motion"),
    )
    return run_app(app)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", type=Path, metavar="FILE", help="a lesson, or the folder of a path")


PREVIEW = Command(
    "preview",
    "a lesson while you write it: the page a learner sees, anew after each save",
    run=preview,
    options=_options,
    examples="""\
examples:
  drops preview my-path/01-first.md     this lesson; ] and [ turn its pages
  drops preview my-path                 all lessons of the path

What the check says stands below the page. Your progress is not touched.
""",
)
