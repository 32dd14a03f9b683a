"""The line to a class's database: connections that promise to answer or to say why not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from drops.errors import Newer, StoreError
from drops.store.file.header import SCHEMA
from drops.store.reader import SqlRows
from drops.store.server.refusals import explained, is_worth_a_try

T = TypeVar("T")
_GIVEN = re.compile(r"\?(\d?)")

TRIES, PAUSE_S = 5, 0.05  # doubling
NOTHING_LOST = "nothing that was saved is lost"
_WHOSE = "SELECT set_config(%(name)s, %(value)s, true)"  # until the transaction ends
_POOLED = "pgbouncer"  # of an address: …/drops?pgbouncer=true
_LOOPBACK = ("", "localhost", "127.0.0.1", "::1")
PATIENCE = {"statement_timeout": "10s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "15s"}
_OPTIONS = " ".join(f"-c {name}={value}" for name, value in PATIENCE.items())


class Hub:
    """A pool of connections by one key."""

    def __init__(self, address: str, path: Path) -> None:
        """`path` is the store file, which errors name. Raises StoreError; connects to nothing yet."""
        if find_spec("psycopg") is None:
            line = "a class needs psycopg; `pip install 'fourteen-drops[class]'` brings it"
            raise StoreError(line, path)
        self.path, self.url = path, _url(address, path)
        self.where = _host(self.url) or "this machine"
        self.engine = _engine(self.url)

    def close(self) -> None:
        self.engine.dispose()

    def run(self, work: Callable[[Connection], T], whose: tuple[str, bytes] | None = None, *,
            meaning: str = NOTHING_LOST, one_state: bool = False) -> T:  # fmt: skip
        """What `work` gives, in one transaction: all or nothing. It is done again where that may help.

        `whose` names the setting by which rows are told apart, and its value: it is forgotten with the
        transaction. Raises StoreError.
        """
        for tried in range(TRIES):
            try:
                return self._once(work, whose, one_state)
            except SQLAlchemyError as error:
                if tried + 1 == TRIES or not is_worth_a_try(error):
                    raise explained(error, self.where, meaning, self.path) from error
                time.sleep(PAUSE_S * 2**tried)
        raise AssertionError("one try returns or raises")

    def _once(self, work: Callable[[Connection], T], whose: tuple[str, bytes] | None, one_state: bool) -> T:
        with self.engine.connect() as db:
            if one_state:
                db.execution_options(isolation_level="REPEATABLE READ")
            if whose:
                db.exec_driver_sql(_WHOSE, {"name": f"drops.{whose[0]}", "value": whose[1].hex()})
            done = work(db)
            db.commit()
            return done

    def check_schema(self) -> None:
        """Raises StoreError where the class is of an earlier or a later drops than this one."""
        have = self.run(schema_of)
        if have > SCHEMA:
            raise Newer(
                "the class is of a later drops "
                f"(schema {have}, this one knows {SCHEMA}); nothing was changed: upgrade drops",
                self.path,
            )
        if have < SCHEMA:
            raise StoreError("the class is of an earlier drops; nothing was changed: "
                             "its owner runs `drops class upgrade`", self.path)  # fmt: skip


def schema_of(db: Connection) -> int:
    """The schema version of a class's database."""
    return int(db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def _url(address: str, path: Path) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        line = f"{path} names an address that is none; it looks like postgresql://user:password@host/database"
        raise StoreError(line, path) from None
    return url.set(drivername="postgresql+psycopg")


def _host(url: URL) -> str:
    given = url.query.get("host", url.host or "")
    return given if isinstance(given, str) else given[0]


def _engine(url: URL) -> Engine:
    host = _host(url)
    near = host in _LOOPBACK or host.startswith("/")
    arguments: dict[str, Any] = {"connect_timeout": 5, "application_name": "drops"}
    if url.query.get(_POOLED) == "true":
        # A line of a pool is another one in each transaction: nothing is prepared on it, and what a key may
        # take its time for stands with the key.
        arguments["prepare_threshold"] = None
    else:
        arguments["options"] = _OPTIONS
    if not near and "sslmode" not in url.query:
        arguments["sslmode"] = "verify-full"
    known = url.difference_update_query([_POOLED])
    return create_engine(known, pool_size=8, max_overflow=0, pool_timeout=5, connect_args=arguments)


class HubReader:
    """Takes queries as a file's own connection does."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def execute(self, query: str, given: Sequence[Any] = (), /) -> SqlRows:
        named = {f"p{number}": value for number, value in enumerate(given, 1)}
        found: SqlRows = self._db.exec_driver_sql(_translated(query), named)
        return found


@lru_cache(maxsize=200)
def _translated(query: str) -> str:
    """A query of ours with its ? and ?1 as psycopg wants them. No text in them has a question mark."""
    counted = count(1)
    return _GIVEN.sub(lambda one: f"%(p{one[1] or next(counted)})s", query.replace("%", "%%"))
