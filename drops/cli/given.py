"""What a command was given: where the progress is, which library, and the clock."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from drops.cli.printing import read_line, say
from drops.cli.shared import take_in_news
from drops.clock import Moment
from drops.errors import DropsError, NoHome, StoreError
from drops.memory.forgetting import TARGET
from drops.text import safe_text

if TYPE_CHECKING:
    from drops.course.model import Library
    from drops.store.file.glance import Glance
    from drops.store.file.ledger import Ledger
    from drops.store.item import Fold
    from drops.study.own.clocks import Doubt
    from drops.study.study import Study


SHELF = "paths"  # the folder of added paths in the home folder


def home_of(given: argparse.Namespace) -> Path:
    from drops.store.file.files import home_dir

    return home_dir(getattr(given, "home", None))


def library_of(given: argparse.Namespace) -> Library:
    from drops.course.parse import load

    library = load(folders_of(given), shelf_of(given))
    for wrong in library.left_out:
        name = wrong.place.partition("/")[0]
        print(safe_text(f"drops: {name} is left out: {wrong}"), file=sys.stderr)
    return library


def folders_of(given: argparse.Namespace) -> list[Path]:
    """The library folders: ours, and those that were named."""
    from drops.course.parse import library_folders

    return library_folders(getattr(given, "content", None) or os.environ.get("DROPS_CONTENT"))


def shelf_of(given: argparse.Namespace) -> Path | None:
    """Where added paths stand; None where there is no home folder."""
    try:
        return home_of(given) / SHELF
    except NoHome:
        return None


def allow_kinds(given: argparse.Namespace) -> None:
    """Takes in the exercise kinds of packages that were allowed, for a command that opens no study."""
    from drops.study import tasks

    with suppress(NoHome):
        tasks.allow_kinds(home_of(given))


def clock_of(glance: Glance) -> Callable[[], Moment]:
    """The clock, with the learner's own rollover hour."""
    from drops.clock import now
    from drops.study.settings import value

    hour = value(glance.settings, "rollover_hour")
    return lambda: now(hour)


def memory_of(given: argparse.Namespace, *, mend: bool = True) -> tuple[Path, Fold, Callable[[], Moment]]:
    """The home folder, the fold with the learner's own retention, and the clock; `mend` as in `glance_of`."""
    from drops.memory.schedule import folded
    from drops.store.file.glance import glance
    from drops.study.settings import value

    home = home_of(given)
    seen = glance_of(home) if mend else glance(home)
    return home, folded(value(seen.settings, "retention")), clock_of(seen)


def glance_of(home: Path) -> Glance:
    """The progress file in one look, with what other devices gave since; what no longer fits its answers is
    derived again first."""
    from drops.store.file.glance import glance

    take_in_news(home)
    seen = glance(home)
    return mended(home).glance if seen.stale else seen


def ledger_of(home: Path) -> Ledger:
    """What the history in `home` adds up to, derived again first where it must be."""
    from drops.store.file.ledger import ledger

    take_in_news(home)
    seen = ledger(home)
    return mended(home) if seen.glance.stale else seen


def mended(home: Path) -> Ledger:
    """The ledger of a file that opening brings up to date, or puts right and says so."""
    from drops.clock import now
    from drops.memory.schedule import folded
    from drops.store.file.glance import Glance
    from drops.store.file.ledger import Ledger
    from drops.store.log import Log
    from drops.study.settings import value

    try:
        with Log.open(home, folded(TARGET), now=now(), daily_backup=False) as log:
            retention = value(log.settings(), "retention")
            if retention != TARGET and not log.read_only:
                log.rebuild(folded(retention))
            if log.mended:
                print(safe_text(f"drops: {log.mended}"), file=sys.stderr)
            return log.ledger()
    except StoreError as error:
        return Ledger(Glance(problem=str(error)))


def open_to_write(
    given: argparse.Namespace, library: Library | None = None
) -> tuple[Study, Callable[[], Moment]]:
    """The same, for a command that writes: a clock that disagrees with the last answer is asked about.

    Raises DropsError where the clock is not to be believed.
    """
    study, clock = open_study(given, library)
    try:
        if found := study.doubt(clock()):
            _ask_clock(study, found, clock)
    except BaseException:
        study.close()
        raise
    return study, clock


def _ask_clock(study: Study, found: Doubt, clock: Callable[[], Moment]) -> None:
    from drops.study.own.clocks import LAST_ANSWER, THIS_MACHINE

    say(found.question)
    for sign, says in zip((THIS_MACHINE, LAST_ANSWER), found.choices, strict=True):
        say(f"{sign}) {says}")
    while True:
        try:
            typed = read_line(f"{THIS_MACHINE} or {LAST_ANSWER}: ").strip()
        except EOFError:
            raise DropsError(f"{found.question} Nothing was written; answer 1 or 2") from None
        if typed in ("quit", "q"):
            raise DropsError(f"{found.question} Nothing was written; the next start asks again")
        if typed and typed not in (THIS_MACHINE, LAST_ANSWER):
            say(f"{THIS_MACHINE} or {LAST_ANSWER}, or quit")
        if typed == LAST_ANSWER:
            raise DropsError("set this machine's date, then begin; nothing was written")
        if typed == THIS_MACHINE:
            if done := study.set_right(found, clock()):
                say(done)
            return


def open_study(
    given: argparse.Namespace, library: Library | None = None
) -> tuple[Study, Callable[[], Moment]]:
    """The open study and its clock; the course is read unless it is given. Raises DropsError."""
    from drops.store.log import Log
    from drops.study.study import Study

    library = library or library_of(given)
    home, fold, clock = memory_of(given)
    return Study(library, Log.open(home, fold, now=clock())), clock
