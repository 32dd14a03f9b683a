"""A table of one's own: read from a CSV, each refusal with its row and column.

    data.read_csv("birds.csv", target="species")      labels 0, 1, 2 and what they are called

Rows count as in the file: the head is row 1.
"""

import csv
import io
import math
import re
from numbers import Integral
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nnlab.disk import path_of, reading
from nnlab.errors import LabError, UnknownName, either, short
from nnlab.plan import Array

LARGEST = 64 << 20  # bytes: a learner's table, not a warehouse
GAPS = ("", "na", "n/a", "nan", "null", "none", "?", "-")


class Read(NamedTuple):
    """What stands in a file."""

    X: Array  # (n, features)
    y: Array  # (n,)
    columns: tuple[str, ...]
    classes: tuple[str, ...]  # () where the target is a number


def read(path: str | Path, target: str | int, labels: bool | None) -> Read:
    """All columns as numbers, the target apart; see `data.read_csv`."""
    path, labels = path_of(path), None if labels is None else either("labels", labels)
    head, rows = _cells(path)
    at = _column(path, head, target)
    if len(head) < 2:
        raise LabError(f"{path.name} has one column; it wants columns to learn from and one to predict")
    others = [c for c in range(len(head)) if c != at]
    X = np.array([[_number(path, r, head[c], row[c]) for c in others] for r, row in rows])
    y, classes = _target(path, head[at], [(r, row[at]) for r, row in rows], labels)
    return Read(X, y, tuple(head[c] for c in others), classes)


def _cells(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The head, and each row with its number in the file."""
    with reading(path) as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise LabError(f"{path.name} is larger than {LARGEST >> 20} MB; take a part of its rows")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = f"byte {error.start}"
        raise LabError(f"{path.name} is no text in UTF-8 ({at}); save it as CSV, UTF-8") from None
    if "\0" in text:
        raise LabError(f"{path.name} is no text: it holds a zero byte; save it as CSV, UTF-8")
    lines = io.StringIO(text, newline="")  # not splitlines: it ends lines within cells, at a form feed, say
    first = next((line for line in lines if line.strip()), "")
    between = max(",;\t", key=re.sub(r'"[^"]*"', "", first).count)
    lines.seek(0)
    try:
        reader = csv.reader(lines, delimiter=between, strict=True)
        table = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise LabError(f"{path.name} is no table: {error}") from None
    table = [(r, row) for r, row in table if any(row)]
    if not table:
        raise LabError(f"{path.name} is empty; it wants a row of names, then rows of numbers")
    (_, head), *rows = table
    if all(_is_number(cell) for cell in head):
        raise LabError(f"{path.name}, row 1 holds numbers ({_some(head)}); it wants the columns' names there")
    for c, name in enumerate(head):
        if not name:
            raise LabError(f"{path.name}, row 1: column {c + 1} has no name")
        if name in head[:c]:
            raise LabError(f'{path.name}, row 1: two columns are called "{name}"')
    if not rows:
        raise LabError(f"{path.name} has no rows below its head")
    for r, row in rows:
        if len(row) != len(head):
            raise LabError(f"{path.name}, row {r} has {len(row)} cells; its head has {len(head)}")
    return head, rows


def _column(path: Path, head: list[str], target: Any) -> int:
    if isinstance(target, str):
        if target not in head:
            raise UnknownName(f"column of {path.name}", target, head)
        return head.index(target)
    if isinstance(target, bool) or not isinstance(target, Integral):
        raise LabError(f"target is {short(target)}; it wants a column's name or its number from 0")
    if not -len(head) <= int(target) < len(head):
        raise LabError(f"{path.name} has {len(head)} columns; there is no column {target}")
    return int(target) % len(head)


def _target(
    path: Path, name: str, cells: list[tuple[int, str]], labels: bool | None
) -> tuple[Any, tuple[str, ...]]:
    for r, cell in cells:
        if cell.lower() in GAPS:
            raise LabError(_gap(path, r, name))
    if labels is None:
        labels = not any(_is_number(cell) for _, cell in cells)
    if not labels:
        return np.array([_number(path, r, name, cell) for r, cell in cells]), ()
    names = sorted({cell for _, cell in cells}, key=lambda cell: (_value(cell), cell))
    if len(names) < 2:
        only = _short(names[0])
        raise LabError(f'{path.name}: column "{name}" says "{only}" in every row; it wants two classes')
    if len(names) == len(cells) > 2:
        raise LabError(f'{path.name}: column "{name}" is different in every row; it wants classes or numbers')
    return np.array([float(names.index(cell)) for _, cell in cells]), tuple(names)


def _number(path: Path, r: int, name: str, cell: str) -> float:
    if cell.lower() in GAPS:
        raise LabError(_gap(path, r, name))
    if not _is_number(cell):
        said = f'{path.name}, row {r}, column "{name}": "{_short(cell)}" is no number'
        comma = _is_number(cell.replace(",", "."))  # 1,5 and 1,234: nobody else knows which is meant
        then = "a point is what it wants, not a comma" if comma else "correct it or leave the row out"
        raise LabError(f"{said}; {then}")
    return float(cell)


def _gap(path: Path, r: int, name: str) -> str:
    return f'{path.name}, row {r}, column "{name}" is empty; fill it or leave the row out'


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell)) and "_" not in cell
    except ValueError:
        return False


def _value(cell: str) -> float:
    return float(cell) if _is_number(cell) else math.inf


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"


def _some(cells: list[str]) -> str:
    return ", ".join(map(_short, cells[:3])) + (", …" if len(cells) > 3 else "")
