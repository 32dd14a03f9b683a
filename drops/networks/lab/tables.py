"""Tables of the learner's own: a CSV file that was brought in, called csv:NAME in a line.

use(home); table("csv:birds").source       4 columns, 3 classes

A file is read and checked once; what is kept of it is a copy in the learner's folder, its target last.
"""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from drops.errors import DropsError, Unknown
from drops.networks.lab import drawing
from drops.networks.lab.words import SOURCES, RowSource
from nnlab import LabError
from nnlab.data import Dataset, read_csv

OWN, FOLDER = "csv:", "tables"  # how such a word begins; where the copies lie, in the learner's folder
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LARGEST, MOST_ROWS, LEAST_ROWS, MOST_COLUMNS, MOST_CLASSES = 1_000_000, 2000, 20, 16, 10
_home: list[Path] = []


class OwnTable(NamedTuple):
    """The rows of a file, and what is asked of them."""

    rows: Dataset
    source: RowSource


def use(home: Path) -> None:
    """From now on tables lie in this learner's folder."""
    _home[:] = [home]


def source_of(data: str) -> RowSource:
    """Where the rows of a line come from. Raises DropsError for a table that is not there."""
    return SOURCES[data] if data in SOURCES else table(data).source


def table(data: str) -> OwnTable:
    """The table called csv:NAME, or drawn:CODE. Raises DropsError, which says how to bring one."""
    if data.startswith(drawing.WORD):
        return _drawn(data)
    name = data.removeprefix(OWN)
    if not NAME.fullmatch(name):
        raise DropsError(f'"{data[:60]}" names no table; csv FILE brings one, as in csv birds.csv')
    path = _folder() / f"{name}.csv"
    try:
        found = path.stat()
    except OSError:
        if known := [*names()]:
            raise Unknown("table", name, known) from None
        raise DropsError(f'no table "{name}" yet; csv FILE brings one, as in csv birds.csv') from None
    return _read(path, found.st_mtime_ns, found.st_size)


@lru_cache(8)
def _drawn(word: str) -> OwnTable:
    found = drawing.rows_of(word)
    rows = Dataset(np.array([row.at for row in found]), np.array([float(row.yes) for row in found]))
    return OwnTable(rows, RowSource(2, 2, drawn=False))


def names() -> Iterator[str]:
    """The tables there are."""
    return (path.stem for path in sorted(_folder().glob("*.csv")) if NAME.fullmatch(path.stem))


def _folder() -> Path:
    if not _home:
        raise DropsError("no folder is open yet, so there are no tables")
    return _home[0] / FOLDER


@lru_cache(8)
def _read(path: Path, changed: int, size: int) -> OwnTable:
    del changed, size  # a file that was changed is read again
    return read(path, "")


def read(path: Path, target: str) -> OwnTable:
    """A file with its target column, "" for the last one. Raises DropsError: one line that names the row and
    the column, and what to do."""
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:  # ValueError: a zero byte in its name
        why = getattr(error, "strerror", None) or "there is no such file"
        raise DropsError(f"{path.name[:60]} cannot be read: {why}; name a CSV file") from None
    if not path.is_file():
        raise DropsError(f"{path.name[:60] or path} is no file; name a CSV file")
    if size > LARGEST:
        raise DropsError(f"{path.name} has {size:,} bytes; {LARGEST:,} at most: take a part of its rows")
    try:
        rows = read_csv(path, target or -1)
        if not rows.classes and _are_labels(rows):
            rows = read_csv(path, target or -1, labels=True)
    except LabError as error:
        raise DropsError(str(error)) from None
    except OSError as error:
        raise DropsError(f"{path.name} cannot be read: {error.strerror or error}; name a CSV file") from None
    _check(path.name, rows)
    return OwnTable(rows, RowSource(rows.X.shape[1], len(rows.classes), drawn=False))


def _are_labels(rows: Dataset) -> bool:
    """Whether a target of numbers means classes: two to ten whole numbers, each many times."""
    found = np.unique(rows.y)
    return (
        2 <= len(found) <= MOST_CLASSES
        and bool((found == np.rint(found)).all())
        and len(rows) > 2 * len(found)
    )


def _check(name: str, rows: Dataset) -> None:
    """What the Lab has room for. Raises DropsError."""
    if not LEAST_ROWS <= len(rows) <= MOST_ROWS:
        remedy = "take a part of them" if len(rows) > MOST_ROWS else "bring more"
        raise DropsError(f"{name} has {len(rows):,} rows; {LEAST_ROWS} to {MOST_ROWS:,} have room: {remedy}")
    if rows.X.shape[1] > MOST_COLUMNS:
        raise DropsError(
            f"{name} has {rows.X.shape[1]} columns to learn from; {MOST_COLUMNS} at most: leave some out"
        )
    if len(rows.classes) > MOST_CLASSES:
        raise DropsError(f"{name} has {len(rows.classes)} classes; {MOST_CLASSES} at most: merge some")
    if not rows.classes and float(np.ptp(rows.y)) == 0:
        raise DropsError(f"{name}: the target is {rows.y[0]:g} in every row; it wants two values at least")
    same = np.flatnonzero(np.ptp(rows.X, axis=0) == 0)
    if len(same):
        raise DropsError(
            f'{name}: column "{rows.columns[same[0]][:40]}" is the same in every row; leave it out'
        )
    if float(np.abs(rows.X).max()) > 1e12:
        raise DropsError(f"{name} has numbers beyond 10¹²; write them in a larger unit")


def bring(path: Path, name: str, target: str) -> str:
    """Copies a file into the learner's folder; the word that names it. Raises DropsError; then nothing is
    changed."""
    rows = read(path, target).rows
    word = name.strip().lower() or re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:40]
    if not NAME.fullmatch(word):
        raise DropsError(f'“{word[:60]}” is no name; a name is letters, digits and dashes, as in "my-birds"')
    text = _written(rows)
    copy = _folder() / f"{word}.csv"
    new = copy.with_suffix(".new")
    try:
        if copy.exists() and copy.read_text("utf-8") != text:
            raise DropsError(f'another table is called "{word}" already; give this one a name of its own')
        for place in (copy.parent.parent, copy.parent):  # the home too, where this is its first file
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.touch(mode=0o600)
        new.write_text(text, "utf-8")
        new.replace(copy)
    except OSError as error:
        with suppress(OSError):  # half of it, where the disk is full
            new.unlink(missing_ok=True)
        raise DropsError(
            f"{copy} cannot be written: {error.strerror or error}; nothing was changed"
        ) from None
    return OWN + word


def _written(rows: Dataset) -> str:
    """The rows as CSV, the target last, each number to its last bit."""
    out = StringIO()
    write = csv.writer(out, lineterminator="\n")
    last = "target"
    while last in rows.columns:
        last += "_"
    write.writerow([*rows.columns, last])
    for heard, y in zip(rows.X.tolist(), rows.y.tolist(), strict=True):
        write.writerow([*map(repr, heard), rows.classes[int(y)] if rows.classes else repr(y)])
    return out.getvalue()


def brought(typed: str) -> str:
    """What `csv FILE [NAME] [target=COLUMN]` asks for, done: the word of the table. Raises DropsError."""
    try:
        words = shlex.split(typed)
    except ValueError:  # a quotation that does not end
        words = typed.split()
    target = next((word.removeprefix("target=") for word in words if word.startswith("target=")), "")
    file, name, *more = [*(word for word in words if not word.startswith("target=")), "", ""]
    if not file or any(more):
        raise DropsError("csv wants a file, and may have a name: csv birds.csv my-birds target=species")
    try:
        path = Path(file).expanduser()
    except RuntimeError:  # no such user
        path = Path(file)
    return bring(path, name, target)
