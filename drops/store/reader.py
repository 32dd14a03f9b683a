"""Queries as SQLite's own connection takes them, and as a server's can be asked, too.

Standard library only: Today's first paint comes through here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol


class SqlRows(Protocol):
    """What a query found."""

    def __iter__(self) -> Iterator[Any]: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Sequence[Any]: ...


class SqlReader(Protocol):
    """Takes queries with ? or ?1 for what is given."""

    def execute(self, query: str, given: Sequence[Any] = ..., /) -> SqlRows: ...
