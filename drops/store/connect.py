"""One connection to the progress file, set up so that a committed answer is on the disk.

SQLAlchemy's own transactions are switched off (AUTOCOMMIT) and BEGIN is ours: its default
opens none before a SELECT, which leaves DDL outside of a migration's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from drops.errors import Damaged, NoHome, NotSaved, ReadOnly, StoreError
from drops.store.header import RESTORE

DAMAGED = ("{path} is damaged ({what}); nothing more is written to it: "
           "`drops doctor` says what is damaged, " + RESTORE)
NOT_SAVED = "the last answer was NOT saved, earlier ones are safe"
_PRAGMAS = (
    "foreign_keys=ON",
    "trusted_schema=OFF",              # a planted view or trigger may not call functions
    "cell_size_check=ON",
    "synchronous=FULL",                # committed means on the disk, also after a power cut
    "fullfsync=ON",                    # macOS: fsync alone does not reach the disk; no effect elsewhere
    "checkpoint_fullfsync=ON",
)


def connect(path: Path | None, *, read_only: bool = False) -> Connection:
    """An open connection; `path` None is an empty database in memory.

    Raises a StoreError when the file cannot be opened or will not promise durability.
    """
    def raw() -> sqlite3.Connection:
        uri = ":memory:" if path is None else f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rw'}"
        return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5)

    engine = create_engine("sqlite://", creator=raw, poolclass=StaticPool, isolation_level="AUTOCOMMIT")
    with plainly(path):
        db = engine.connect()
        try:
            _prepare(db, path, read_only)
        except BaseException:
            disconnect(db)
            raise
    return db


def disconnect(db: Connection) -> None:
    """Close the connection and the file under it."""
    db.close()
    db.engine.dispose()


def _prepare(db: Connection, path: Path | None, read_only: bool) -> None:
    for pragma in _PRAGMAS:
        db.exec_driver_sql(f"PRAGMA {pragma}")
    if read_only:
        db.exec_driver_sql("PRAGMA query_only=ON")
    elif path is not None:
        mode = db.exec_driver_sql("PRAGMA journal_mode=WAL").scalar_one()
        full = db.exec_driver_sql("PRAGMA synchronous").scalar_one()
        # Asked for is not granted: a network disk cannot share the log's index and stays in "delete".
        if (mode, full) != ("wal", 2):
            raise NoHome(f"{path.parent} cannot keep answers safely (journal {mode}, synchronous {full}); "
                         "name a folder on a local disk with --home", path)
    db.exec_driver_sql("PRAGMA schema_version").scalar_one()    # the first page is read here, not later


@contextmanager
def transaction(db: Connection, path: Path | None, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """All or nothing; on the disk when it returns. Raises what `plainly` raises."""
    with plainly(path):
        db.exec_driver_sql(begin)
        try:
            yield
            db.exec_driver_sql("COMMIT")
        except BaseException:
            # A full disk rolls back by itself; then there is nothing left to roll back.
            with suppress(DBAPIError):
                db.exec_driver_sql("ROLLBACK")
            raise


@contextmanager
def plainly(path: Path | None) -> Iterator[None]:
    """Turn the database's errors into the one line each of them deserves."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, sqlite3.Error):
            raise
        raise explained(cause, path) from error


def explained(error: sqlite3.Error, path: Path | None) -> StoreError:
    """What a learner is told of SQLite's `error`."""
    code = getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_CORRUPT
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return NotSaved(f"the disk is full; {NOT_SAVED}", path)
        case sqlite3.SQLITE_IOERR:
            return NotSaved(f"the disk reports an error; {NOT_SAVED}", path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return NotSaved(f"another program holds {path}; {NOT_SAVED}", path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return ReadOnly(f"{path} cannot be written to; progress is not saved", path)
        case sqlite3.SQLITE_CANTOPEN:
            return NoHome(f"{path} cannot be opened; name another folder with --home", path)
        case sqlite3.SQLITE_CONSTRAINT:
            return NotSaved(f"a rule of the log was broken ({error}); {NOT_SAVED}", path)
        case _:
            return Damaged(DAMAGED.format(path=path, what=error), path)
