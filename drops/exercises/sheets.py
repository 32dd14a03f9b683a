"""What every kind needs to put its worksheet on paper: sheets with blanks, and predictions resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from drops.exercises.blocks import Blank, Cell, Field, Numbers, Sheet
from drops.exercises.worksheet import Arithmetic, Values, figure, line_named, written
from drops.text import number

Fields = tuple[Field, ...]


SUB = "₀₁₂₃₄₅₆₇₈₉"
HOW = "how"  # the column of a sheet that says how each number is worked out
VALUE = "value"  # and the one in which it stands


def blank(fields: Fields, asked: Iterable[str]) -> Fields:
    """The fields that are left to the learner."""
    return tuple(field for field in fields if field.name in frozenset(asked))


def cells(sheet: Arithmetic, asked: frozenset[str]) -> Callable[[str], Cell]:
    """A field's cell by its name: a Blank where it is asked, else its number in print."""
    right = sheet.run()
    return lambda name: Blank(name) if name in asked else figure(right[name])


def filled(sheet: Sheet, values: Values) -> Sheet:
    """The sheet with every blank filled in that there is a value for."""

    def told(cell: Cell) -> Cell:
        return figure(values[cell.field]) if isinstance(cell, Blank) and cell.field in values else cell

    rows = tuple(tuple(map(told, row)) for row in sheet.rows)
    return Sheet(sheet.columns, rows, sheet.says)


def hints(sheet: Arithmetic, fields: Fields, asked: frozenset[str]) -> dict[str, str] | None:
    """The formula in letters for each blank — only while others are filled in: a whole sheet
    is a recall exercise, and a formula under the cursor would do the recalling."""
    if all(field.name in asked for field in fields):
        return None
    return {field.name: line_named(sheet, field.name).symbols for field in fields if field.name in asked}


def listed(sheet: Arithmetic, fields: Fields, asked: frozenset[str], says: str) -> Sheet:
    """One row a field: its label, how it is worked out (in print where it is filled), its cell."""
    cell, right, shown = cells(sheet, asked), sheet.run(), hints(sheet, fields, asked)

    def how(name: str) -> str:
        line = line_named(sheet, name)
        if shown is None:
            return ""
        return line.symbols if name in asked else written(line, right)

    rows: tuple[tuple[Cell, ...], ...]
    if shown is None:
        rows = tuple((field.label, cell(field.name)) for field in fields)
        return Sheet(("", VALUE), rows, says)
    rows = tuple((field.label, how(field.name), cell(field.name)) for field in fields)
    return Sheet(("", HOW, VALUE), rows, says, shown)


def unheaded(sheet: Sheet) -> Sheet:
    """A list without the heads of its columns, which say no more than what stands in them."""
    return replace(sheet, columns=()) if {*sheet.columns} <= {"", HOW, VALUE} else sheet


def worked_through(sheet: Arithmetic, fields: Fields, says: str) -> Sheet:
    """One row a field: its label, its line with these numbers, what that gives."""
    right = sheet.run()
    rows = tuple((f.label, written(line_named(sheet, f.name), right), figure(right[f.name])) for f in fields)
    return Sheet(("", HOW, VALUE), rows, says)


def unaided(ask: Numbers) -> Numbers:
    """The question without its formulas: for who is to show that they know them."""
    if ask.sheet is None:
        return ask
    kept = [at for at, column in enumerate(ask.sheet.columns) if column != HOW]
    rows = tuple(tuple(row[at] for at in kept) for row in ask.sheet.rows)
    columns = tuple(ask.sheet.columns[at] for at in kept)
    return replace(ask, sheet=Sheet(columns, rows, ask.sheet.says))


def pair(values: Iterable[float]) -> str:
    """Numbers as a point: (1, −2)."""
    return f"({', '.join(number(v) for v in values)})"


# ── steps ─────────────────────────────────────────────────────────────────────────────────


