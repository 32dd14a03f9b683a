"""What may stand between drops and its database: TLS, a pool of lines; and a disk that is full."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
from installed import AS, a_port, installed, owned, programs

from drops.clock import now
from drops.errors import NotSaved, StoreError
from drops.events import Fact, Kind, Rating
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.store.server import classes
from drops.store.server.address import LEARNERS
from drops.store.server.entry import door_of
from drops.store.server.hub import Hub
from drops.store.tables import EVENT

pytestmark = pytest.mark.slow
PGBOUNCER = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")


def answer(number: int, more: str = "") -> Fact:
    return Fact(Kind.GRADED, f"a/{number % 5}", Rating.GOOD, True, 900, payload={"typed": f"{number}{more}"})


def ids_at(log: Log) -> set[bytes]:
    return {event.event_id for event in log.events(voided=True)}


# ── TLS ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def secured():
    """A server that lets nobody in without TLS, with a certificate for 127.0.0.1 that signs itself."""
    pytest.importorskip("psycopg", reason="the extra `class` is not installed")
    found = programs()
    if found is None or shutil.which("openssl") is None:
        pytest.skip("no PostgreSQL that speaks TLS is installed")
    with installed(found) as server:
        data = server.folder / "data"
        subprocess.run(
            ["openssl", "req", "-new", "-x509", "-days", "2", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=school",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", data / "server.key", "-out", data / "server.crt"],
            check=True, capture_output=True,
        )  # fmt: skip
        for name in ("server.key", "server.crt"):
            owned(data / name)
            (data / name).chmod(0o600 if name == "server.key" else 0o644)
        server.set(ssl="on")
        (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n", "utf-8")
        server.start()
        yield server


def hub_at(address: str, folder: Path) -> Hub:
    conf = folder / "owner.conf"
    conf.write_text(address, "utf-8")
    conf.chmod(0o600)
    return Hub(address, conf)


def test_a_class_lives_behind_tls_that_proves_who_it_is(secured, tmp_path):
    known = tmp_path / "root.crt"
    shutil.copy(secured.folder / "data" / "server.crt", known)
    proven = secured.far.replace("sslmode=prefer", f"sslmode=verify-full&sslrootcert={known}")
    owner = hub_at(proven, tmp_path)
    made = classes.create(owner, "8b", ["Ana", "Ben"], now(), lambda _: None, keys=True)
    learners = Hub(made.keys[LEARNERS], tmp_path / "serve.conf")
    log = Log(door_of(learners, dict(made.tokens)["Ana"], tmp_path, now()), folded(0.9))
    kept = log.append(answer(1), now())
    assert ids_at(log) == {kept.event_id}
    encrypted = learners.run(
        lambda db: db.exec_driver_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").scalar_one()
    )
    assert encrypted is True
    for hub in (owner, learners):
        hub.close()


@pytest.mark.parametrize("mode", ["sslmode=disable", "sslmode=verify-full"])
def test_who_may_not_be_trusted_is_told_in_one_line(secured, tmp_path, mode):
    """Without TLS the server lets nobody in; and nobody goes in to one whose certificate is not known."""
    hub = hub_at(secured.far.replace("sslmode=prefer", mode), tmp_path)
    with pytest.raises(StoreError) as told:
        hub.run(lambda db: db.exec_driver_sql("SELECT 1"))
    assert "\n" not in str(told.value)
    assert "nothing that was saved is lost" in str(told.value)
    hub.close()


# ── a pool ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def pooled(tmp_path_factory):
    """A PgBouncer in front of a server of its own: three lines for all, another one in each transaction."""
    pytest.importorskip("psycopg", reason="the extra `class` is not installed")
    found = programs()
    if found is None or PGBOUNCER is None:
        pytest.skip("no PostgreSQL, or no PgBouncer, is installed")
    with installed(found) as server:
        server.start()
        port, folder = a_port(), server.folder
        (folder / "users").write_text('"postgres" "first"\n', "utf-8")
        (folder / "pool.ini").write_text(
            f"[databases]\n* = host=127.0.0.1 port={server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            f"listen_port = {port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {folder}/users\n"
            "auth_user = postgres\nauth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1\n"
            "pool_mode = transaction\ndefault_pool_size = 3\n",
            "utf-8",
        )
        for name in ("users", "pool.ini"):
            owned(folder / name)
        pool = subprocess.Popen(
            [PGBOUNCER, "-q", folder / "pool.ini"], user=AS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 30
        while not listens(port) and time.monotonic() < until:
            time.sleep(0.05)
        yield f"postgresql://postgres:first@127.0.0.1:{port}/postgres?sslmode=disable"
        pool.terminate()
        pool.wait(20)


def listens(port: int) -> bool:
    with socket.socket() as opened:
        return opened.connect_ex(("127.0.0.1", port)) == 0


def test_a_class_lives_behind_a_pool_whose_lines_change_hands(pooled, tmp_path):
    owner = hub_at(f"{pooled}&pgbouncer=true", tmp_path)
    names = [f"Pupil {n}" for n in range(6)]
    made = classes.create(owner, "8b", names, now(), lambda _: None, keys=True)
    learners = Hub(made.keys[LEARNERS], tmp_path / "serve.conf")
    logs = [Log(door_of(learners, token, tmp_path, now()), folded(0.9)) for _, token in made.tokens]
    kept: list[set[bytes]] = [set() for _ in logs]

    def work(place: int) -> None:
        for number in range(20):
            kept[place].add(logs[place].append(answer(number), now()).event_id)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(logs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [ids_at(log) for log in logs] == kept
    assert [len(ids) for ids in kept] == [20] * 6
    nobody = learners.run(lambda db: db.execute(EVENT.select()).all())
    assert nobody == [], "whose rows a line showed is forgotten with the transaction"
    patience = learners.run(lambda db: db.exec_driver_sql("SHOW statement_timeout").scalar_one())
    assert patience == "10s"
    for hub in (owner, learners):
        hub.close()


def test_a_pool_that_is_not_named_as_one_is_told_with_what_to_write(pooled, tmp_path):
    hub = hub_at(pooled, tmp_path)
    with pytest.raises(StoreError, match="a PgBouncer stands before the server.*pgbouncer=true"):
        hub.run(lambda db: db.exec_driver_sql("SELECT 1"))
    hub.close()


# ── a full disk ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_disk():
    """A folder on a disk of its own of 12 MB."""
    place = Path(tempfile.mkdtemp(prefix="drops-disk-"))
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", place], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        place.rmdir()
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)
    place.rmdir()


@pytest.fixture
def cramped(cluster, small_disk):
    """The address of a database whose tables lie on the small disk."""
    import psycopg

    runs_as = Path(f"/proc/{_postmaster(cluster)}").stat()
    os.chown(small_disk, runs_as.st_uid, runs_as.st_gid)
    name = f"cramped_{os.getpid()}"
    with psycopg.connect(cluster.address, autocommit=True) as db:
        db.execute(f"CREATE TABLESPACE {name} LOCATION '{small_disk}'")
        db.execute(f"CREATE DATABASE {name} TABLESPACE {name}")
    yield cluster.address.replace("/postgres?", f"/{name}?")
    with psycopg.connect(cluster.address, autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")
        db.execute(f"DROP TABLESPACE {name}")


def _postmaster(cluster) -> int:
    import psycopg

    with psycopg.connect(cluster.address) as db:
        folder = db.execute("SHOW data_directory").fetchone()[0]
    return int((Path(folder) / "postmaster.pid").read_text("utf-8").split()[0])


def test_a_full_disk_of_the_server_is_one_line_and_what_was_acknowledged_stays(cramped, small_disk, tmp_path):
    owner = hub_at(cramped, tmp_path)
    made = classes.create(owner, "8b", ["Ana"], now(), lambda _: None, keys=True)
    learners = Hub(made.keys[LEARNERS], tmp_path / "serve.conf")
    log = Log(door_of(learners, made.tokens[0][1], tmp_path, now()), folded(0.9))
    kept: set[bytes] = set()
    film = small_disk / "film"
    film.write_bytes(bytes(shutil.disk_usage(small_disk).free - 300_000))
    for number in range(1000):
        try:
            kept.add(log.append(answer(number, secrets.token_hex(2000)), now()).event_id)
        except NotSaved as problem:
            refused = problem
            break
    else:
        raise AssertionError("the disk never fills")
    assert str(refused).startswith("the server's disk is full; ")
    assert "\n" not in str(refused)
    assert not refused.unsure
    assert kept
    assert ids_at(log) == kept, "none lost, none half there"
    assert log.memories(), "what is known can be read meanwhile"
    film.unlink()
    kept.add(log.append(answer(0, secrets.token_hex(2000)), now()).event_id)
    assert ids_at(log) == kept
    before = log.memories()
    log.rebuild()
    assert log.memories() == before
    for hub in (owner, learners):
        hub.close()
