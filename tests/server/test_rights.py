"""Who holds a key of `drops serve` and means harm: what PostgreSQL itself refuses them."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest

from drops.cli.main import main
from drops.clock import now
from drops.events import Fact, Kind, Rating
from drops.store.server.address import LEARNERS, TEACHER, read_store_file, write_store_file
from drops.store.server.tables import LOG_TABLES

pytestmark = pytest.mark.slow
REFUSED = "42501"


@pytest.fixture(scope="module")
def room(classrooms):
    """A class of two, with an answer of each: what is refused changes nothing, so one does for all."""
    room = classrooms(now())
    for name in room.names:
        with room.log(name, now()) as log:
            answer = Fact(Kind.GRADED, "a/x", Rating.AGAIN, False, 900, payload={"misconceptions": ["no-bias"]})
            log.append(answer, now())
    return room


@contextmanager
def attack(room, key, whose=None):
    """A plain connection by one of the keys, as who stole serve.conf has it."""
    import psycopg

    with psycopg.connect(room.keys[key]) as db:
        if whose:
            db.execute("SELECT set_config(%s, %s, true)", (f"drops.{whose[0]}", whose[1]))
        yield db


def refused(room, key, statement, whose=None) -> str:
    """The SQLSTATE with which a statement is refused; "" where it is not."""
    import psycopg

    with attack(room, key, whose) as db:
        try:
            db.execute(statement)
        except psycopg.Error as error:
            return error.sqlstate or "?"
        finally:
            db.rollback()
    return ""


def learner(room, number: int) -> str:
    return room.tokens[room.names[number]].partition(".")[0]


def group_of(room) -> str:
    """The group that the key to learners' logs is in."""
    return room.keys[LEARNERS].removeprefix("postgresql://").partition(":")[0].rpartition("_")[0]


def class_of(room) -> str:
    return room.teacher[1:33]


@pytest.mark.parametrize("table", [*(table.name for table in LOG_TABLES), "learner"])
def test_without_the_setting_there_are_no_rows_and_with_it_ones_own_alone(room, table):
    with attack(room, LEARNERS) as db:
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    mine = learner(room, 0)
    with attack(room, LEARNERS, ("learner", mine)) as db:
        owners = {row[0].hex() for row in db.execute(f"SELECT learner_id FROM {table}")}
    assert owners <= {mine}
    assert owners or table in ("passed", "setting", "device")


def test_a_setting_is_gone_with_its_transaction(room):
    with attack(room, LEARNERS, ("learner", learner(room, 0))) as db:
        assert db.execute("SELECT count(*) FROM event").fetchone() == (1,)
        db.commit()
        assert db.execute("SELECT count(*) FROM event").fetchone() == (0,)


EVENT = (
    "INSERT INTO event SELECT decode('{whose}', 'hex'), event_id, device_id, target_id, kind, item_key, occurred_us,"
    " tz_offset_min, study_day, rating, correct, duration_ms, payload, digest FROM event{more}"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET rating = 4",
        "UPDATE event SET rating = 4 WHERE false",
        "DELETE FROM event",
        "DELETE FROM device",
        "TRUNCATE event",
        "TRUNCATE memory",
        "SELECT * FROM event FOR UPDATE",
        "UPDATE learner SET name = 'x'",
        "UPDATE learner SET token_hash = ''",
        "INSERT INTO learner SELECT * FROM learner",
        "DELETE FROM learner",
        "SELECT * FROM class",
        "DROP TABLE event",
        "ALTER TABLE event DISABLE ROW LEVEL SECURITY",
        "DROP POLICY named ON event",
        "CREATE POLICY mine ON event USING (true)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE mine (x int)",
        "CREATE TEMP TABLE mine (x int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "COPY event TO '/tmp/stolen'",
        "COPY event FROM PROGRAM 'id'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT rolpassword FROM pg_authid",
        "UPDATE alembic_version SET version_num = '9'",
        EVENT.replace("{whose}", "{other}").replace("{more}", ""),
        EVENT.replace("{whose}", "{other}").replace("{more}", " ON CONFLICT DO NOTHING"),
        "UPDATE memory SET learner_id = decode('{other}', 'hex')",
        "INSERT INTO daily VALUES (decode('{other}', 'hex'), 1, 1, 1, 1, 1)",
    ],
)
def test_the_key_to_learners_logs_cannot(room, statement):
    mine, other = learner(room, 0), learner(room, 1)
    said = refused(room, LEARNERS, statement.replace("{other}", other), ("learner", mine))
    assert said == REFUSED


def test_row_security_cannot_be_switched_off(room):
    with attack(room, LEARNERS, ("learner", learner(room, 0))) as db:
        db.execute("SET row_security = off")
        with pytest.raises(Exception, match="row-level security"):
            db.execute("SELECT * FROM event")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO daily VALUES (decode('{mine}', 'hex'), 1, 1, 1, 1, 1)",
        "UPDATE memory SET reps = 9",
        "DELETE FROM passed",
        "SELECT token_hash FROM learner",
        "SELECT * FROM setting",
        "SELECT * FROM device",
        "UPDATE learner SET seen_us = 0",
        "SET ROLE {server}",
    ],
)
def test_the_teachers_key_only_looks(room, statement):
    statement = statement.replace("{mine}", learner(room, 0)).replace("{server}", group_of(room))
    said = refused(room, TEACHER, statement, ("class", class_of(room)))
    assert said == REFUSED


@pytest.mark.parametrize("table", ["event", "memory", "daily", "passed", "mixup"])
def test_a_teacher_sees_their_own_class_and_no_other(room, table):
    with attack(room, TEACHER, ("class", class_of(room))) as db:
        owners = {row[0].hex() for row in db.execute(f"SELECT learner_id FROM {table}")}
        assert owners <= {learner(room, 0), learner(room, 1)}
        assert owners or table == "passed"
    for other in ("00" * 16, ""):
        with attack(room, TEACHER, ("class", other)) as db:
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_forgotten_where_shows_ones_own_rows(room):
    with room.log("Pupil 1", now()) as log:
        found = log.read(lambda db: db.exec_driver_sql("SELECT learner_id FROM event").all())
    assert [row.learner_id.hex() for row in found] == [learner(room, 0)]


def test_an_owner_need_not_be_a_superuser(cluster, tmp_path, capsys):
    import psycopg

    address = cluster.database()
    name = re.search(r"@/(\w+)\?", address)[1]
    with psycopg.connect(cluster.address, autocommit=True) as db:
        db.execute(f"CREATE ROLE head_{name} LOGIN CREATEROLE PASSWORD 'x'")
        db.execute(f"ALTER DATABASE {name} OWNER TO head_{name}")
    owner, names = tmp_path / "owner.conf", tmp_path / "names.txt"
    write_store_file(owner, {"owner": address.replace("postgres:@", f"head_{name}:x@")})
    names.write_text("Ada\nBo\n")
    for one in ("8b", "9c"):
        given = ["class", "create", one, "--names", str(names), "--store-file", str(owner)]
        assert main(given) == 0, capsys.readouterr().err
    assert main(["class", "8b", "--store-file", str(owner)]) == 0
    assert main(["class", "remove", "8b", "Bo", "--store-file", str(owner)]) == 0
    assert "Bo is no longer in 8b" in capsys.readouterr().out
    for key in read_store_file(tmp_path / "serve.conf", LEARNERS, TEACHER).values():
        with psycopg.connect(key) as db:
            assert db.execute("SELECT count(*) FROM event").fetchone() == (0,)


@pytest.mark.parametrize("key", [LEARNERS, TEACHER])
def test_a_key_is_of_its_own_database_alone(room, classrooms, key):
    import psycopg

    other = classrooms(now())
    name, mine = (re.search(r"@/(\w+)\?", one.address)[1] for one in (other, room))
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(room.keys[key].replace(f"/{mine}?", f"/{name}?"))
