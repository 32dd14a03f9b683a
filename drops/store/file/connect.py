"""One connection to the progress file, set up so that a committed answer is on the disk.

SQLAlchemy's own transactions are switched off (AUTOCOMMIT) and BEGIN is ours: its default
opens none before a SELECT, which leaves DDL outside of a migration's transaction.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from shutil import disk_usage

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from drops.errors import Damaged, NoHome, NotSaved, ReadOnly, StoreError
from drops.store.file.files import no_home, private_copy
from drops.store.file.header import DAMAGED, to_read

NOTHING_WRITTEN = "nothing was written"
_INDEX = 32 * 1024                     # bytes of the index of a write-ahead log, at least
_PRAGMAS = (
    "foreign_keys=ON",
    "trusted_schema=OFF",              # a planted view or trigger may not call functions
    "cell_size_check=ON",
    "synchronous=FULL",                # committed means on the disk, also after a power cut
    "fullfsync=ON",                    # macOS: fsync alone does not reach the disk; no effect elsewhere
    "checkpoint_fullfsync=ON",
)


def connect(path: Path | None) -> Connection:
    """A connection that writes; `path` None is an empty database in memory.

    Raises a StoreError when the file cannot be opened or will not promise durability.
    """
    db = _opened(path, f"{path.resolve().as_uri()}?mode=rw" if path else ":memory:")
    if path is not None:
        with closed_on_error(db), plainly(path):
            mode = db.exec_driver_sql("PRAGMA journal_mode=WAL").scalar_one()
            full = db.exec_driver_sql("PRAGMA synchronous").scalar_one()
            # Asked for is not granted: a network disk cannot share the log's index and stays in "delete".
            if (mode, full) != ("wal", 2):
                raise NoHome(f"{path.parent} cannot keep answers safely (journal {mode}, synchronous "
                             f"{full}); name a folder on a local disk with --home", path)
            _read_first_page(db)
    return db


def connect_to_read(path: Path, *, alone: bool) -> Connection:
    """A connection that only reads, and leaves no trace; `alone` when no other process can write.

    Where SQLite needs the index of a write-ahead log, and would have to make it first, a copy
    of both files is read in memory instead.
    """
    wal, index = (path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-shm"))
    if not wal or index:
        with suppress(NoHome, ReadOnly):
            db = _opened(path, to_read(path) if alone else f"{path.resolve().as_uri()}?mode=ro")
            with closed_on_error(db), plainly(path):
                db.exec_driver_sql("PRAGMA query_only=ON")
                _read_first_page(db)
            return db
    db = connect(None)
    with closed_on_error(db), plainly(path), tempfile.TemporaryDirectory(prefix="drops-") as folder:
        try:
            copy = private_copy(path, Path(folder))
        except OSError as error:
            raise no_home(path, "cannot be copied to be read", error) from None
        with closing(sqlite3.connect(copy)) as source:
            source.backup(driver(db))
    return db


def driver(db: Connection) -> sqlite3.Connection:
    """SQLite's own connection under SQLAlchemy's: it copies whole files, and reads long logs fast."""
    raw = db.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def disconnect(db: Connection) -> None:
    """Close the connection and the file under it."""
    db.close()
    db.engine.dispose()


def _opened(path: Path | None, address: str) -> Connection:
    def raw() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=5)

    engine = create_engine("sqlite://", creator=raw, poolclass=StaticPool, isolation_level="AUTOCOMMIT")
    with plainly(path):
        db = engine.connect()
        with closed_on_error(db):
            for pragma in _PRAGMAS:
                db.exec_driver_sql(f"PRAGMA {pragma}")
    return db


def _read_first_page(db: Connection) -> None:
    """So that what is wrong with the file shows now, not later."""
    db.exec_driver_sql("PRAGMA schema_version").scalar_one()


@contextmanager
def closed_on_error(db: Connection) -> Iterator[None]:
    """Close the connection when the block raises."""
    try:
        yield
    except BaseException:
        disconnect(db)
        raise


@contextmanager
def transaction(db: Connection, path: Path | None, meaning: str = NOTHING_WRITTEN) -> Iterator[None]:
    """All or nothing; on the disk when it returns. Raises what `plainly` raises."""
    with plainly(path, meaning):
        db.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield
            db.exec_driver_sql("COMMIT")
        except BaseException:
            # A full disk rolls back by itself; then there is nothing left to roll back.
            with suppress(DBAPIError):
                db.exec_driver_sql("ROLLBACK")
            raise


@contextmanager
def plainly(path: Path | None, meaning: str = NOTHING_WRITTEN) -> Iterator[None]:
    """Turn the database's errors into the one line each of them deserves; `meaning` says what a full
    disk means for what was just to be written.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        assert isinstance(cause, sqlite3.Error)
        raise explained(cause, path, meaning) from error


def explained(error: sqlite3.Error, path: Path | None, meaning: str) -> StoreError:
    """What a learner is told of SQLite's `error`."""
    code = getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_CORRUPT
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return NotSaved(f"the disk is full; {meaning}", path)
        case sqlite3.SQLITE_IOERR if _lacks_room(path):
            return NotSaved(f"the disk is full; {meaning}", path)
        case sqlite3.SQLITE_IOERR:
            return NotSaved(f"the disk reports an error; {meaning}", path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return NotSaved(f"another program holds {path}; {meaning}", path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return ReadOnly(f"{path} cannot be written to; progress is not saved", path)
        case sqlite3.SQLITE_CANTOPEN:
            return NoHome(f"{path} cannot be opened; name another folder with --home", path)
        case sqlite3.SQLITE_CONSTRAINT:
            return NotSaved(f"a rule of the log was broken ({error}); {meaning}", path)
        case _:
            return Damaged(DAMAGED.format(path=path, what=error), path)


def _lacks_room(path: Path | None) -> bool:
    """Whether the index of a write-ahead log finds none: SQLite calls that an error of the disk."""
    with suppress(OSError):
        return path is not None and disk_usage(path.parent).free < _INDEX
    return False
