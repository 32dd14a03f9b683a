"""Our own course as it was read, kept beside its files just as Python keeps bytecode beside its own.

Reading forty lessons takes a fourth of what the first screen waits for; taking them as they were read last
time, a sixteenth of that. What is kept holds for the very files and for the very code that read them. It is
written where Python would write bytecode and only if it would, and what cannot be taken is read anew. Nothing
but a course can come out of it: any other name in the file has it passed over.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import drops
from drops.course import model
from drops.course.model import LearningPath

Stamp = tuple[tuple[str, int, int], ...]  # of each file its name, when it was written, its size


class _Course(pickle.Unpickler):
    """Reads the values of a course, and nothing that could do anything."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        found = getattr(model, global_name, None) if module_name == model.__name__ else None
        if isinstance(found, type) and issubclass(found, tuple):
            return found
        raise pickle.UnpicklingError(f"{module_name}.{global_name} is no part of a course")


def kept(folder: Path, name: str) -> list[LearningPath] | None:
    """The paths of a library folder as they were read under this name; None where they must be read."""
    with suppress(Exception), _place(folder).open("rb") as file:  # whatever stands there is only a copy
        if _Course(file).load() == [drops.__version__, name, _stamp(folder)]:
            return list(_Course(file).load())
    return None


def keep(folder: Path, name: str, paths: Sequence[LearningPath]) -> None:
    """Keeps what was read, where Python would keep bytecode."""
    if sys.dont_write_bytecode:
        return
    place = _place(folder)
    new = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError, pickle.PicklingError, NotImplementedError):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with new.open("wb") as file:
                pickle.dump([drops.__version__, name, _stamp(folder)], file, 5)
                pickle.dump(tuple(paths), file, 5)
            new.replace(place)
        finally:
            new.unlink(missing_ok=True)


def _place(folder: Path) -> Path:
    return Path(cache_from_source(str(folder / "course.py"), optimization="read"))


def _stamp(folder: Path) -> Stamp:
    """What the paths were read from, and by."""
    return tuple(sorted((*_files(str(folder), ".md"), *_files(os.path.dirname(__file__), ".py"))))  # noqa: PTH120  faster


def _files(folder: str, ends: str, within: str = "") -> Iterator[tuple[str, int, int]]:
    """The files of a folder, and of its folders, that end like this."""
    with os.scandir(folder) as found:
        for one in found:
            if one.name.endswith(ends):
                told = one.stat()
                yield within + one.name, told.st_mtime_ns, told.st_size
            elif ends == ".md" and not within and one.is_dir():
                yield from _files(one.path, ends, f"{one.name}/")
