"""Who may what in a class's database, held by PostgreSQL itself.

Two groups of a database, and a key in each of them: what `drops serve` writes learners' answers by, and
what it reads the teacher's page by. The log is append-only for both. Rows are told apart by a setting of
the transaction: without it there are none. It is the second wall, behind the WHERE of every statement.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from drops.store.server.address import LEARNERS, TEACHER
from drops.store.server.hub import PATIENCE
from drops.store.server.tables import LOG_TABLES
from drops.store.tables import DEVICE, EVENT

TAUGHT = ("event", "memory", "daily", "passed", "mixup")  # what a teacher's page may rest on
_OWN = "learner_id = decode(current_setting('drops.learner', true), 'hex')"
_IN_CLASS = "learner_id IN (SELECT l.learner_id FROM learner l)"
_CLASS = "class_id = decode(current_setting('drops.class', true), 'hex')"


def grant_rights(db: Connection) -> None:
    """Makes the groups where they are missing, and says anew what each may. By the owner of the tables."""
    server, teacher = (_group(db, kind) for kind in (LEARNERS, TEACHER))
    for group in (server, teacher):
        _say(db, f"DO $$ BEGIN CREATE ROLE {group} NOLOGIN; EXCEPTION WHEN duplicate_object "
                 "OR unique_violation THEN NULL; END $$")  # fmt: skip
    name = db.exec_driver_sql("SELECT quote_ident(current_database())").scalar_one()
    _say(db, f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    _say(db, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _say(db, f"GRANT CONNECT ON DATABASE {name} TO {server}, {teacher}")
    _say(db, f"GRANT USAGE ON SCHEMA public TO {server}, {teacher}")
    _say(db, f"GRANT SELECT ON alembic_version TO {server}, {teacher}")
    for table in LOG_TABLES:
        changes = "" if table in (EVENT, DEVICE) else ", UPDATE, DELETE"
        _say(db, f"GRANT SELECT, INSERT{changes} ON {table.name} TO {server}")
        _policy(db, "named", table.name, f"TO {server} USING ({_OWN})")
    for name in TAUGHT:
        _say(db, f"GRANT SELECT ON {name} TO {teacher}")
        _policy(db, "taught", name, f"FOR SELECT TO {teacher} USING ({_IN_CLASS})")
    _say(db, f"GRANT SELECT, UPDATE (seen_us) ON learner TO {server}")  # a row's lock needs one column
    _policy(db, "named", "learner", f"TO {server} USING ({_OWN})")
    _say(db, f"GRANT SELECT (learner_id, class_id, name, seen_us) ON learner TO {teacher}")
    _policy(db, "taught", "learner", f"FOR SELECT TO {teacher} USING ({_CLASS})")
    _say(db, f"GRANT SELECT ON class TO {teacher}")
    _policy(db, "taught", "class", f"FOR SELECT TO {teacher} USING ({_CLASS})")


def _group(db: Connection, kind: str) -> str:
    """A database's own: a server tells names of all its databases apart, and a key is to open one alone."""
    ask = "SELECT oid FROM pg_database WHERE datname = current_database()"
    return f"drops_{kind}_{db.exec_driver_sql(ask).scalar_one()}"


def make_key(db: Connection, kind: str, owner: URL) -> str:
    """An address by which `drops serve` comes in as a member of a group."""
    group = _group(db, kind)
    name, password = (
        f"{group}_{secrets.token_hex(6)}",
        secrets.token_urlsafe(24),
    )  # neither needs quotes inside
    _say(db, f"CREATE ROLE {name} LOGIN PASSWORD '{password}' IN ROLE {group}")
    for setting, value in PATIENCE.items():
        _say(db, f"ALTER ROLE {name} SET {setting} = '{value}'")
    return owner.set(drivername="postgresql", username=name, password=password).render_as_string(
        hide_password=False)  # fmt: skip


def _policy(db: Connection, name: str, table: str, says: str) -> None:
    _say(db, f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    _say(db, f"DROP POLICY IF EXISTS {name} ON {table}")
    _say(db, f"CREATE POLICY {name} ON {table} {says}")


def _say(db: Connection, statement: str) -> None:
    """Our own words alone: no name of a learner or a class stands in them."""
    db.exec_driver_sql(statement)
