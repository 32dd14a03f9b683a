"""What a command was given: where the progress is, which library, and the clock."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from drops.clock import Moment

if TYPE_CHECKING:
    from drops.course.model import Library
    from drops.store.derive import Fold
    from drops.store.file.glance import Glance
    from drops.study.study import Study


def home_of(given: argparse.Namespace) -> Path:
    from drops.store.file.files import home_dir

    return home_dir(getattr(given, "home", None))


def library_of(given: argparse.Namespace) -> Library:
    from drops.course.parse import library_folders, load

    return load(library_folders(getattr(given, "content", None) or os.environ.get("DROPS_CONTENT")))


def clock_of(glance: Glance) -> Callable[[], Moment]:
    """The clock, with the learner's own rollover hour."""
    from drops.clock import now
    from drops.study.settings import value

    hour = value(glance.settings, "rollover_hour")
    return lambda: now(hour)


def memory_of(given: argparse.Namespace) -> tuple[Path, Fold, Callable[[], Moment]]:
    """The home folder, the fold with the learner's own retention, and the clock."""
    from drops.memory.schedule import folded
    from drops.store.file.glance import glance
    from drops.study.settings import value

    home = home_of(given)
    seen = glance(home)
    return home, folded(value(seen.settings, "retention")), clock_of(seen)


def open_study(
    given: argparse.Namespace, library: Library | None = None
) -> tuple[Study, Callable[[], Moment]]:
    """The open study and its clock; the course is read unless it is given. Raises DropsError."""
    from drops.store.log import Log
    from drops.study.study import Study

    library = library or library_of(given)
    home, fold, clock = memory_of(given)
    return Study(library, Log.open(home, fold, now=clock())), clock
