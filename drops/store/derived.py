"""Derived rows as they are read and written: one learner's, each change with its checksum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Delete,
    Float,
    Insert,
    Select,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.types import String, TypeEngine

from drops.store.file.checksum import MODULUS, digest, total
from drops.store.tables import CHECKSUM, DERIVED

Values = tuple[Any, ...]       # a row without its learner, in the order of its columns


class _Statements(NamedTuple):
    """What is said of one table again and again, made once."""

    read: Select[Any]           # by the whole key
    item: Select[Any]           # all of an item, where the key begins with one
    put: Insert                 # or replace
    drop: Delete
    names: tuple[str, ...]      # of the columns behind the learner
    keys: tuple[str, ...]       # those of them that say which row
    plain: tuple[Callable[[Any], Any], ...]     # to what SQLite gives back


def _upsert(table: Table, engine: str) -> Any:
    """An INSERT that may say what to do where the row is there, which is no common SQL."""
    return import_module(f"sqlalchemy.dialects.{engine}").insert(table)  # late: 3 MB for a server's engine


@lru_cache
def _statements(table: Table, engine: str) -> _Statements:
    own = [column for column in table.c if column.name != "learner_id"]
    keys = [column for column in own if column.primary_key]
    this = [table.c.learner_id == bindparam("of"), *(key == bindparam(f"of_{key.name}") for key in keys)]
    put = _upsert(table, engine)
    changed = {column.name: put.excluded[column.name] for column in own if not column.primary_key}
    return _Statements(
        select(*own).where(*this),
        select(*own).where(*this[:2]),
        put.on_conflict_do_update(index_elements=["learner_id", *(key.name for key in keys)], set_=changed),
        delete(table).where(*this),
        tuple(column.name for column in own),
        tuple(key.name for key in keys),
        tuple(_plain(column.type) for column in own),
    )


def _plain(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    return float if isinstance(kind, Float) else str if isinstance(kind, String | Text) else int


@lru_cache
def _sealing(engine: str) -> Insert:
    put = _upsert(CHECKSUM, engine)
    sums: Insert = put.on_conflict_do_update(index_elements=["learner_id"], set_={
        table.name: (CHECKSUM.c[table.name] + put.excluded[table.name]) % MODULUS for table in DERIVED})
    return sums


class Derived:
    """One learner's derived rows in an open transaction; `seal` ends the changes."""

    def __init__(self, db: Connection, learner: bytes) -> None:
        self.db, self.learner, self._engine = db, learner, db.dialect.name
        self._moved: Counter[str] = Counter()

    def row(self, table: Table, *key: Any) -> Values | None:
        """The row with that key."""
        said = self._said(table)
        found = self.db.execute(said.read, self._named(said, key)).first()
        return tuple(found) if found else None

    def of_item(self, table: Table, item_key: str) -> list[Values]:
        """All rows of an item."""
        return [tuple(row) for row in self.db.execute(
            self._said(table).item, {"of": self.learner, "of_item_key": item_key})]

    def replace(self, table: Table, old: Values | None, new: Values | None) -> None:
        """One row for another: `old` as it was read, None where there is none; `new` None takes it away."""
        said = self._said(table)
        if new is not None:
            new = tuple(plain(value) for plain, value in zip(said.plain, new, strict=True))
        if new == old:
            return
        self._moved[table.name] += (digest(new) if new else 0) - (digest(_as_stored(said, old)) if old else 0)
        if new is not None:
            self.db.execute(said.put, {"learner_id": self.learner, **dict(zip(said.names, new, strict=True))})
        elif old is not None:
            self.db.execute(said.drop, self._named(said, old[:len(said.keys)]))

    def fill(self, table: Table, rows: Iterable[Values]) -> None:
        """All rows of a table at once, in place of those that were there."""
        said = self._said(table)
        self.db.execute(delete(table).where(table.c.learner_id == self.learner))
        plain = [tuple(made(value) for made, value in zip(said.plain, row, strict=True)) for row in rows]
        if plain:
            self.db.execute(insert(table), [
                {"learner_id": self.learner, **dict(zip(said.names, row, strict=True))} for row in plain])
        was = self.db.execute(select(CHECKSUM.c[table.name]).where(
            CHECKSUM.c.learner_id == self.learner)).scalar() or 0
        self._moved[table.name] = total(plain) - was

    def seal(self) -> None:
        """Note what the tables add up to now."""
        if not any(self._moved.values()):
            return
        moved = {table.name: self._moved[table.name] % MODULUS for table in DERIVED}
        self.db.execute(_sealing(self._engine), {"learner_id": self.learner, **moved})
        self._moved.clear()

    def _said(self, table: Table) -> _Statements:
        return _statements(table, self._engine)

    def _named(self, said: _Statements, key: Sequence[Any]) -> dict[str, Any]:
        named = {f"of_{name}": value for name, value in zip(said.keys, key, strict=True)}
        return {"of": self.learner, **named}


def _as_stored(said: _Statements, row: Values) -> Values:
    """SQLAlchemy makes a bool of what SQLite holds as a number."""
    return tuple(plain(value) for plain, value in zip(said.plain, row, strict=True))
