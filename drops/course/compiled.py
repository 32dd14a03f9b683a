"""Our own course as it was read, kept beside its files just as Python keeps bytecode beside its own.

Reading forty lessons takes a fourth of what the first screen waits for; taking them as they were read last
time, a sixteenth of that. What is kept holds for the very files and for the very code that read them. It is
written where Python would write bytecode and only if it would, and what cannot be taken is read anew. Nothing
but a course can come out of it: any other name in the file has it passed over.

What a lesson says and how an exercise is written, two thirds of a course, stay packed until somebody asks for
them: of forty drops a day opens one or two.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import drops
from drops.course import model
from drops.course.model import ExerciseFence, LearningPath, Section

Stamp = tuple[tuple[str, int, int], ...]  # of each file its name, when it was written, its size


@lru_cache(maxsize=32)  # more than a drop has
def unpacked(packed: bytes) -> Any:
    """A value again. What is given is shared by all who ask, and never changed."""
    return _Course(io.BytesIO(zlib.decompress(packed))).load()


class _Packed:
    """A value of a course that is unpacked when it is asked for, and equal to it."""

    def __init__(self, packed: bytes) -> None:
        self.packed = packed

    @property
    def value(self) -> Any:
        return unpacked(self.packed)

    def __reduce__(self) -> tuple[type, tuple[bytes]]:
        return type(self), (self.packed,)

    def __getitem__(self, at: Any) -> Any:
        return self.value[at]

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.value)

    def __eq__(self, other: object) -> bool:
        return bool(self.value == (other.value if isinstance(other, _Packed) else other))

    __hash__ = None  # type: ignore[assignment]  # as what is written in a lesson has none

    def __repr__(self) -> str:
        return repr(self.value)


class PackedList(_Packed, Sequence[Any]):
    """The parts of a lesson's section, or the lines of a fence."""


class PackedTable(_Packed, Mapping[str, Any]):
    """The parameters of an exercise."""


PACKED = {one.__name__: one for one in (PackedList, PackedTable)}

class _Course(pickle.Unpickler):
    """Reads the values of a course, and nothing that could do anything."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        found = getattr(model, global_name, None) if module_name == model.__name__ else None
        if isinstance(found, type) and issubclass(found, tuple):
            return found
        if module_name == __name__ and global_name in PACKED:
            return PACKED[global_name]
        raise pickle.UnpicklingError(f"{module_name}.{global_name} is no part of a course")


class _Keeper(pickle.Pickler):
    """Writes a course with what is long in it packed."""

    def reducer_override(self, obj: Any, /) -> Any:
        if type(obj) is Section:
            return Section, tuple(obj._replace(parts=_packed(PackedList, obj.parts)))
        if type(obj) is ExerciseFence:
            params, body = _packed(PackedTable, obj.params), _packed(PackedList, obj.body)
            return ExerciseFence, tuple(obj._replace(params=params, body=body))
        return NotImplemented


def _packed(kind: type[_Packed], value: Any) -> Any:
    if isinstance(value, _Packed) or not value:
        return value
    return kind(zlib.compress(pickle.dumps(value, 5), 1))


def kept(folder: Path, name: str) -> list[LearningPath] | None:
    """The paths of a library folder as they were read under this name; None where they must be read."""
    with suppress(Exception), _place(folder).open("rb") as file:  # whatever stands there is only a copy
        told, course = _Course(file).load(), file.read()
        if told == [drops.__version__, name, _stamp(folder), zlib.crc32(course)]:  # it is not all read now
            return list(_Course(io.BytesIO(course)).load())
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
            _Keeper(course := io.BytesIO(), 5).dump(tuple(paths))
            told = [drops.__version__, name, _stamp(folder), zlib.crc32(course.getvalue())]
            new.write_bytes(pickle.dumps(told, 5) + course.getvalue())
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
