"""What cannot be done with a class's server: one line each, which says what it means and what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as Waited

from drops.cli.main import main
from drops.errors import NotSaved, StoreError
from drops.events import Fact, Kind, Rating
from drops.store.server import classes
from drops.store.server.address import LEARNERS, TEACHER, read_store_file, write_store_file
from drops.store.server.refusals import explained

ANSWER = Fact(Kind.GRADED, "a/x", Rating.GOOD, True, 900)
LOST = "the last answer was NOT saved, earlier ones are safe"


class _Refused(Exception):
    def __init__(self, state: str | None, words: str = "no") -> None:
        super().__init__(words)
        self.sqlstate = state


@pytest.mark.parametrize(
    ("state", "words", "says"),
    [
        ("53100", "", f"the server's disk is full; {LOST}"),
        ("53300", "", f"the server is busy; {LOST}: try again"),
        ("55P03", "", f"the server is busy; {LOST}: try again"),
        ("57014", "", f"the server took too long; {LOST}: try again"),
        ("25006", "", f"the server only reads at the moment; {LOST}: try again"),
        ("28P01", "", f"the server does not accept this key; {LOST}: ask its owner for a new one"),
        (None, "password authentication failed for user", f"the server does not accept this key; {LOST}: ask its owner"),
        (None, 'role "ada" does not exist', f"the server does not accept this key; {LOST}: ask its owner"),
        (None, 'database "x" does not exist', f"the server has no such database; {LOST}"),
        (None, "connection refused", f"the server cannot be reached (db.example); {LOST}: try again"),
        ("08006", "", f"the server cannot be reached (db.example); {LOST}: try again"),
        ("57P01", "", f"the server cannot be reached (db.example); {LOST}: try again"),
        ("42501", "", f"the server does not allow this with this key; {LOST}"),
        ("42P01", "", f"the server holds no class of drops; {LOST}: `drops class create` makes one"),
        ("XX000", "internal\nmore", f"the server refuses (internal); {LOST}"),
    ],
)
def test_what_a_server_refuses_is_said_in_a_line_that_says_what_it_means(state, words, says):
    problem = explained(DBAPIError("x", {}, _Refused(state, words)), "db.example", LOST, Path("serve.conf"))
    assert str(problem).startswith(says)


def test_a_pool_that_is_out_says_that_the_server_is_busy():
    assert str(explained(Waited(), "x", LOST, Path())) == f"the server is busy; {LOST}: try again"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is no store file: it names an address as postgresql://user:password@host/database"),
        ("# nothing\n", "is no store file"),
        ("mysql://a:b@c/d", "is no store file"),
        ("postgresql://a b c", "is no store file"),
        ("learners postgresql://a@b/c\nteacher postgresql://a@b/c", "is what `drops serve` is given; name the owner's"),
        ("\x00\xff", "is no store file"),
    ],
)
def test_a_store_file_that_is_none_is_refused_in_a_line(tmp_path, content, says):
    path = tmp_path / "owner.conf"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(StoreError) as problem:
        read_store_file(path, "owner")
    assert str(problem.value).startswith(f"{path} {says}")


def test_a_store_file_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "owner.conf"
    write_store_file(path, {"owner": "postgresql://a@b/c"})
    assert read_store_file(path) == {"owner": "postgresql://a@b/c"}
    path.chmod(0o640)
    with pytest.raises(StoreError, match="may be read by others; `chmod 600 "):
        read_store_file(path)
    with pytest.raises(StoreError, match="no such file"):
        read_store_file(tmp_path / "missing.conf")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("Ada\nBo\n  ada \n", "names.txt:3: “ada” stands in line 1 already; nothing was made: tell the two apart"),
        ("\n \n", "names.txt has no name in it; nothing was made: write one a line"),
        ("A" * 81, "names.txt:1: a name begins with a letter and has at most 80 characters; nothing was made"),
        ("=cmd()", "names.txt:1: a name begins with a letter"),
        ("Ada\x1b[31m", "names.txt:1: a name begins with a letter"),
        ("\n".join(f"Pupil {n}" for n in range(2001)), "names.txt has 2,001 names; nothing was made"),
    ],
)
def test_a_roster_that_cannot_be_is_refused_and_the_line_is_named(tmp_path, lines, says):
    path = tmp_path / "names.txt"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(StoreError) as problem:
        classes.read_names(path)
    assert str(problem.value).startswith(f"{tmp_path}/{says}")


def test_a_roster_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "names.txt").write_bytes(b"\xff\xfe\x00A")
    with pytest.raises(StoreError, match="it is no text in utf-8"):
        classes.read_names(tmp_path / "names.txt")


def conf(tmp_path: Path, address: str) -> str:
    path = tmp_path / "owner.conf"
    write_store_file(path, {"owner": address})
    return str(path)


def line_of(capsys) -> str:
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql://ada:x@127.0.0.1:1/drops", "drops: the server cannot be reached (127.0.0.1); nothing that was"),
        ("postgresql://ada:x@host.invalid/drops", "drops: the server cannot be reached (host.invalid); nothing"),
        ("postgresql://ada:x@127.0.0.1:noport/drops", "drops: {path} names an address that is none; it looks like"),
    ],
)
def test_a_server_that_is_not_there_is_one_line(tmp_path, capsys, address, says):
    pytest.importorskip("psycopg")
    path = conf(tmp_path, address)
    assert main(["class", "8b", "--store-file", path]) == 1
    assert line_of(capsys).startswith(says.replace("{path}", path))


@pytest.mark.slow
def test_a_database_or_a_user_that_is_not_there_is_one_line(cluster, tmp_path, capsys):
    path = conf(tmp_path, cluster.address.replace("/postgres?", "/nowhere?"))
    assert main(["class", "--store-file", path]) == 1
    assert line_of(capsys).startswith("drops: the server has no such database; nothing that was saved is lost")
    path = conf(tmp_path, cluster.address.replace("postgres:@", "nobody:x@"))
    assert main(["class", "--store-file", path]) == 1
    assert line_of(capsys).startswith("drops: the server does not accept this key")
    path = conf(tmp_path, cluster.database())
    assert main(["class", "--store-file", path]) == 1
    assert line_of(capsys).startswith("drops: the server holds no class of drops")


@pytest.mark.slow
def test_a_database_of_another_program_is_left_as_it_is(cluster, tmp_path, capsys):
    import psycopg

    address = cluster.database()
    with psycopg.connect(address) as db:
        db.execute("CREATE TABLE event (mine int)")
    (tmp_path / "names.txt").write_text("Ada\n")
    given = ["class", "create", "8b", "--names", str(tmp_path / "names.txt")]
    assert main([*given, "--store-file", conf(tmp_path, address)]) == 1
    assert "has a table event of another program; nothing was made" in line_of(capsys)
    assert not (tmp_path / "serve.conf").exists()
    with psycopg.connect(address) as db:
        assert db.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (1,)


@pytest.mark.slow
def test_a_class_is_made_once_and_whole_or_not_at_all(cluster, tmp_path, capsys, monkeypatch):
    (tmp_path / "names.txt").write_text("Ada\n")
    path = conf(tmp_path, cluster.database())
    given = ["class", "create", "8b", "--names", str(tmp_path / "names.txt"), "--store-file", path]
    from drops.store.server import address

    def full(path, addresses) -> None:
        raise NotSaved(f"{path} cannot be written (no space left on device); nothing was changed")

    with monkeypatch.context() as patch:
        patch.setattr(address, "write_store_file", full)
        assert main(given) == 1
        assert "serve.conf cannot be written" in line_of(capsys)
    (tmp_path / "roster-8b.csv").unlink()
    assert main(given) == 0
    capsys.readouterr()
    assert main(given) == 1
    assert "roster-8b.csv is there already; nothing was made" in line_of(capsys)
    (tmp_path / "roster-8b.csv").unlink()
    assert main(given) == 1
    assert "there is a class 8b already; nothing was made" in line_of(capsys)
    assert main([*given[:2], "9c", *given[3:]]) == 0, "a further class has the same keys"
    assert main(["class", "9d", "--store-file", path]) == 1
    assert 'no class "9d"; did you mean "9c"?' in capsys.readouterr().err
    assert main([*given[:2], "upgrade", *given[3:]]) == 1
    assert "no class can be called upgrade" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("0009", "the class is of a later drops (schema 9, this one knows 2); nothing was changed: upgrade drops"),
        ("0001", "the class is of an earlier drops; nothing was changed: its owner runs `drops class upgrade`"),
    ],
)
def test_another_schema_is_refused_before_anything_is_read(classroom, capsys, version, says):
    room = classroom()
    room.owner.run(lambda db: db.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'"))
    assert main(["class", "8b", "--store-file", str(room.owner_conf)]) == 1
    assert line_of(capsys) == f"drops: {says}"
    write_store_file(room.folder / "serve.conf", {LEARNERS: room.keys[LEARNERS], TEACHER: room.keys[TEACHER]})
    assert main(["serve", "--port", "0", "--store-file", str(room.folder / "serve.conf")]) == 1
    assert line_of(capsys) == f"drops: {says}"
    assert main(["serve", "--port", "0", "--store-file", str(room.owner_conf)]) == 1
    assert "is not what `drops serve` is given; name the serve.conf" in line_of(capsys)


@pytest.mark.slow
def test_who_was_removed_while_they_sat_there_is_told_so(classroom, clock):
    room = classroom()
    log = room.log("Pupil 1", clock())
    classes.remove(room.owner, "8b", "Pupil 1")
    with pytest.raises(StoreError, match="the class does not know this learner any more; the last answer was NOT"):
        log.append(ANSWER, clock())


@pytest.mark.slow
def test_a_server_that_only_reads_keeps_nothing_and_says_so(classroom, clock):
    room = classroom()
    log = room.log("Pupil 1", clock())
    name = room.learners.engine.url.username
    room.owner.run(lambda db: db.exec_driver_sql(f"ALTER ROLE {name} SET default_transaction_read_only = on"))
    room.learners.close()  # new lines are told so
    with pytest.raises(StoreError, match="the server only reads at the moment; the last answer was NOT saved"):
        log.append(ANSWER, clock())
    assert log.events() == []


def test_without_the_extra_it_is_said_what_brings_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("drops.store.server.hub.find_spec", lambda name: None)
    path = conf(tmp_path, "postgresql://ada@127.0.0.1/drops")
    assert main(["class", "8b", "--store-file", path]) == 1
    assert line_of(capsys) == "drops: a class needs psycopg; `pip install 'fourteen-drops[class]'` brings it"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["8b"], "drops: name the owner's store file with --store-file FILE"),
        (["create", "--store-file", "{conf}"], "drops: drops class create takes 1 name"),
        (["add", "8b", "--store-file", "{conf}"], "drops: drops class add takes 2 names"),
        (["8b", "9c", "--store-file", "{conf}"], "drops: a class has one name, 8b; quote one of several words"),
        (["create", "8b", "--store-file", "{conf}"], "drops: name a file with a learner a line: --names FILE"),
    ],
)
def test_what_a_command_lacks_is_said_before_anything_is_asked(tmp_path, capsys, given, says):
    pytest.importorskip("psycopg")
    path = conf(tmp_path, "postgresql://ada@127.0.0.1:1/drops")
    with pytest.raises(SystemExit) as end:
        main(["class", *(word.replace("{conf}", path) for word in given)])
    assert end.value.code == 2
    assert line_of(capsys).startswith(says)


def test_a_link_that_is_no_address_is_refused(tmp_path, capsys):
    pytest.importorskip("psycopg")
    (tmp_path / "names.txt").write_text("Ada\n")
    given = ["class", "create", "8b", "--names", str(tmp_path / "names.txt"), "--link", "drops.school.example"]
    assert main([*given, "--store-file", conf(tmp_path, "postgresql://ada@127.0.0.1:1/drops")]) == 1
    assert line_of(capsys).startswith("drops: drops.school.example is no address of a server; for example --link https")
