"""The lessons of this checkout, read once in a process: reading all of them takes as long as a hundred tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from drops.course.lesson import read_drop
from drops.course.model import Drop, Library
from drops.course.parse import library_folders, load
from drops.course.source import source_of


@cache
def lessons() -> Library:
    """Every path of `content`, sound."""
    return load(library_folders(None))


def parse_drop(text: str, file: str, number: int) -> Drop:
    """One lesson of a test's own. Raises ContentError for its first mistake."""
    drop, wrong = read_drop(source_of(text, file), number)
    if drop is None or wrong:
        raise wrong[0]
    return drop


FIRST = library_folders(None)[0] / "understand-neural-network-fundamentals"


def first_alone(extra: str | None) -> list[Path]:
    """As library_folders, with the first of the bundled paths alone: for what is held of two paths, it and a small one."""
    return [FIRST, *library_folders(extra)[1:]]
