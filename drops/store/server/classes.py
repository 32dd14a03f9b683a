"""Classes and who is in them, as the owner of a database sees to them."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, inspect, select, text, update

from drops.clock import Moment
from drops.errors import StoreError, Unknown
from drops.store import derive
from drops.store.file import schema
from drops.store.file.header import SCHEMA
from drops.store.file.plain import read_plain
from drops.store.ids import next_id
from drops.store.item import Fold
from drops.store.server import rights
from drops.store.server.address import LEARNERS, TEACHER
from drops.store.server.hub import Hub, schema_of
from drops.store.server.tables import CLASS, LEARNER, LOG_TABLES, ROSTER
from drops.store.tables import METADATA, SETTING

NOTHING = "nothing was made"
_OURS = int.from_bytes(b"drops", "big")  # of an advisory lock: one makes tables at a time
VERBS = ("create", "add", "renew", "remove", "upgrade")
LONGEST, MOST = 80, 2_000  # characters of a name, learners of a class
LARGEST = 1_000_000  # bytes of a list of names


class Opened(NamedTuple):
    """A class that was made: each one's token, in the order of the names, and the keys of `drops serve`,
    where some were wanted."""

    keys: Mapping[str, str]
    tokens: tuple[tuple[str, str], ...]
    teacher: str


def read_names(path: Path) -> tuple[str, ...]:
    """A name a line. Raises StoreError, which names the line."""
    try:
        content = read_plain(path, LARGEST + 1)
        if len(content) > LARGEST:
            raise StoreError(f"{path} is larger than 1 MB; {NOTHING}: write a name a line", path)
        lines = content.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise StoreError(f"{path} cannot be read ({str(why).lower()}); {NOTHING}", path) from None
    known: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        name = " ".join(line.split())
        if not name:
            continue
        _check_name(name, f"{path}:{number}")
        if name.casefold() in known:
            raise StoreError(f"{path}:{number}: “{name}” stands in line {known[name.casefold()]} already; "
                             f"{NOTHING}: tell the two apart, as by a letter", path)  # fmt: skip
        known[name.casefold()] = number
    if not known:
        raise StoreError(f"{path} has no name in it; {NOTHING}: write one a line", path)
    if len(known) > MOST:
        raise StoreError(f"{path} has {len(known):,} names; {NOTHING}: a class has at most {MOST:,}", path)
    return tuple(name for line in lines if (name := " ".join(line.split())))


def _check_name(name: str, where: str) -> None:
    if len(name) > LONGEST or not name.isprintable() or not name[:1].isalnum():
        line = f"{where}: a name begins with a letter and has at most {LONGEST} characters"
        raise StoreError(f"{line}; {NOTHING}")


def create(
    hub: Hub, name: str, names: Sequence[str], now: Moment, keep: Callable[[Opened], None], *, keys: bool
) -> Opened:
    """A class with its learners; the tables first, where this is the database's first. All or nothing:
    where `keep`, which writes down what is known only now, fails, no class is made.

    Raises StoreError.
    """
    _check_name(name, "the class")
    if name in VERBS:
        raise StoreError(
            f"no class can be called {name}; {NOTHING}: `drops class {name}` does something else"
        )

    def make(db: Connection) -> Opened:
        _tables(db, hub.path)
        if db.execute(select(CLASS.c.class_id).where(CLASS.c.name == name)).first():
            raise StoreError(
                f"there is a class {name} already; {NOTHING}: `drops class {name}` shows it", hub.path
            )
        class_id = next_id(None, now.us)
        teacher = f"t{class_id.hex()}.{secrets.token_urlsafe(32)}"
        db.execute(
            insert(CLASS),
            [{"class_id": class_id, "name": name, "opened_us": now.us, "token_hash": hash_of(teacher)}],
        )
        ids = accumulate(names, lambda last, _: next_id(last, now.us), initial=next_id(None, now.us))
        tokens = tuple((one, _admit(db, class_id, next(ids), one)) for one in names)
        made = {kind: rights.make_key(db, kind, hub.url) for kind in (LEARNERS, TEACHER) if keys}
        opened = Opened(made, tokens, teacher)
        keep(opened)
        return opened

    return hub.run(make, meaning=NOTHING)


def _tables(db: Connection, path: Path) -> None:
    db.execute(text("SELECT pg_advisory_xact_lock(:ours)"), {"ours": _OURS})
    names = set(inspect(db).get_table_names())
    if "alembic_version" not in names:
        if taken := sorted(names & {table.name for table in (*LOG_TABLES, CLASS, LEARNER)}):
            raise StoreError(f"the database has a table {taken[0]} of another program; {NOTHING}: "
                             "take one that is empty", path)  # fmt: skip
        METADATA.create_all(db, tables=LOG_TABLES)
        ROSTER.create_all(db)
        schema.stamp(db)
        rights.grant_rights(db)
    elif schema_of(db) != SCHEMA:
        raise StoreError(f"the database is of another version of drops; {NOTHING}: "
                         "`drops class upgrade` brings it up to date", path)  # fmt: skip


def upgrade(hub: Hub, fold_of: Callable[[Mapping[str, Any]], Fold]) -> int:
    """Brings an older database up to date, and derives everybody's rows again by the fold that their settings
    ask for: wholly or not at all; from which schema version."""

    def go(db: Connection) -> int:
        db.execute(text("SELECT pg_advisory_xact_lock(:ours)"), {"ours": _OURS})
        have = schema_of(db)
        if have < SCHEMA:
            schema.run_steps(db)
            rights.grant_rights(db)
            for learner_id in db.execute(select(LEARNER.c.learner_id)).scalars().all():
                own = select(SETTING.c.name, SETTING.c.value).where(SETTING.c.learner_id == learner_id)
                settings = {row.name: json.loads(row.value) for row in db.execute(own)}
                derive.rebuild(db, learner_id, fold_of(settings))
        return have

    have = hub.run(go, meaning="nothing was changed")
    hub.check_schema()
    return have


def _admit(db: Connection, class_id: bytes, learner_id: bytes, name: str) -> str:
    token = f"{learner_id.hex()}.{secrets.token_urlsafe(32)}"
    db.execute(
        insert(LEARNER),
        [
            {
                "learner_id": learner_id,
                "class_id": class_id,
                "name": name,
                "token_hash": hash_of(token),
                "seen_us": 0,
            }
        ],
    )
    return token


def add(hub: Hub, name: str, learner: str, now: Moment) -> str:
    """One learner more; their token. Raises StoreError, Unknown."""
    _check_name(learner, "the learner")

    def take_in(db: Connection) -> str:
        class_id = class_named(db, name)
        names = _names(db, class_id)
        if learner.casefold() in {one.casefold() for one in names}:
            raise StoreError(f"{learner} is in {name} already; {NOTHING}: tell the two apart, as by a letter")
        return _admit(db, class_id, next_id(None, now.us), learner)

    return hub.run(take_in, meaning=NOTHING)


def renew(hub: Hub, name: str, learner: str) -> str:
    """A new token for a learner; the old one opens nothing from now on. Raises Unknown."""

    def make(db: Connection) -> str:
        learner_id = learner_named(db, name, learner)
        token = f"{learner_id.hex()}.{secrets.token_urlsafe(32)}"
        db.execute(
            update(LEARNER).where(LEARNER.c.learner_id == learner_id).values(token_hash=hash_of(token))
        )
        return token

    return hub.run(make, meaning="nothing was changed")


def remove(hub: Hub, name: str, learner: str) -> None:
    """A learner with all that they answered. Raises Unknown."""

    def forget(db: Connection) -> None:
        learner_id = learner_named(db, name, learner)
        for table in (*LOG_TABLES, LEARNER):
            db.execute(delete(table).where(table.c.learner_id == learner_id))

    hub.run(forget, meaning="nothing was removed")


def classes_of(hub: Hub) -> Mapping[str, int]:
    """The classes of a database by name, and how many learners they have."""
    count = func.count(LEARNER.c.learner_id)
    query = select(CLASS.c.name, count).outerjoin(LEARNER, LEARNER.c.class_id == CLASS.c.class_id)
    return dict(hub.run(lambda db: db.execute(query.group_by(CLASS.c.name).order_by(CLASS.c.name)).all()))


def class_named(db: Connection, name: str) -> bytes:
    """The id of a class. Raises Unknown."""
    known = {row.name: row.class_id for row in db.execute(select(CLASS.c.name, CLASS.c.class_id))}
    if name not in known:
        raise Unknown("class", name, known)
    found: bytes = known[name]
    return found


def _names(db: Connection, class_id: bytes) -> dict[str, bytes]:
    found = db.execute(select(LEARNER.c.name, LEARNER.c.learner_id).where(LEARNER.c.class_id == class_id))
    return {row.name: row.learner_id for row in found}


def learner_named(db: Connection, name: str, learner: str) -> bytes:
    """The id of a learner of a class. Raises Unknown."""
    known = _names(db, class_named(db, name))
    if learner not in known:
        raise Unknown("learner", learner, known)
    return known[learner]


def hash_of(token: str) -> bytes:
    """What is kept of a token: who reads the database opens nothing with it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
