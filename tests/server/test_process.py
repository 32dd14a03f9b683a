"""The program itself: a class that is served, a device at home, and a server that is killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2 as httpx
import pytest

from drops.cli.main import main
from drops.cli.shared import give
from drops.clock import now
from drops.events import Fact, Kind, Rating
from drops.memory.schedule import folded
from drops.store.link import ids_of
from drops.store.log import Log
from drops.store.server.address import write_store_file

pytestmark = pytest.mark.slow


class Serving:
    """`drops serve` of a class, on a free port."""

    def __init__(self, room, home: Path) -> None:
        write_store_file(room.folder / "serve.conf", dict(room.keys))
        serve = [sys.executable, "-m", "drops", "--home", str(home), "serve", "--port", "0"]
        self.process = subprocess.Popen(
            [*serve, "--store-file", str(room.folder / "serve.conf")],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ),
        )  # fmt: skip
        first = self.process.stdout.readline()
        found = re.match(r"(http://127\.0\.0\.1:\d+)/ is open to who has a link", first)
        assert found, first + self.process.stdout.read()
        self.base = found[1]

    def end(self, how: int = signal.SIGTERM) -> str:
        self.process.send_signal(how)
        return self.process.communicate(timeout=20)[0]


@pytest.fixture
def serving(tmp_path):
    opened: list[Serving] = []

    def serve(room) -> Serving:
        opened.append(Serving(room, tmp_path / "server"))
        return opened[-1]

    yield serve
    for one in opened:
        one.process.kill()
        one.process.communicate(timeout=20)


def answer(home: Path, key: str) -> None:
    with Log.open(home, folded(0.9), now=now()) as log:
        log.append(Fact(Kind.GRADED, key, Rating.GOOD, True, 900), now())


def test_one_learns_at_home_and_at_school_and_has_one_history(classroom, clock, serving, tmp_path, capsys):
    room = classroom()
    at = serving(room)
    link, homes = f"{at.base}/enter/{room.tokens['Pupil 1']}", [tmp_path / "desk", tmp_path / "train"]
    with room.log("Pupil 1", clock()) as school:
        school.append(Fact(Kind.GRADED, "a/school", Rating.GOOD, True, 900), clock())
    for home in homes:
        assert main(["--home", str(home), "sync", "--join", link]) == 0
    assert capsys.readouterr().out == f"1 event taken in, 0 given to {at.base}\n" * 2
    answer(homes[0], "a/desk")
    give(homes[0])  # as at the end of each session
    assert main(["--home", str(homes[1]), "sync"]) == 0
    answer(homes[1], "a/train")
    assert main(["--home", str(homes[1]), "sync"]) == 0
    assert main(["--home", str(homes[0]), "sync"]) == 0
    capsys.readouterr()
    with room.log("Pupil 1", clock()) as school:
        known = ids_of(school)
        assert set(school.memories()) == {"a/school", "a/desk", "a/train"}
    for home in homes:
        with Log.open(home, folded(0.9), now=now()) as log:
            assert ids_of(log) == known
    assert at.end() == ""
    answer(homes[0], "a/offline")
    give(homes[0])
    assert capsys.readouterr() == ("", ""), "offline nothing is said"
    assert main(["--home", str(homes[0]), "sync"]) == 1
    said = capsys.readouterr().err
    assert "cannot be reached (connection refused); your answers are safe here" in said
    assert main(["--home", str(homes[0]), "sync", "--leave"]) == 0
    assert capsys.readouterr().out == f"{at.base} is shared no more; what lies there stays\n"


def test_a_server_that_is_killed_keeps_what_it_acknowledged(classroom, clock, serving):
    room = classroom()
    at = serving(room)
    with httpx.Client(base_url=at.base, follow_redirects=True) as browser:
        assert browser.get(f"/enter/{room.tokens['Pupil 1']}").status_code == 200
        page = browser.post("/begin", data={"drop": ""})
        turned = 0
        while turned < 4:
            key = re.search(r'name="page" value="([^"]+)"', page.text)[1]
            page = browser.post("/turn", data={"page": key})
            turned += page.status_code == 200
        at.end(signal.SIGKILL)
    with room.log("Pupil 1", clock()) as log:
        began, *sent = log.events()
    assert began.payload["began"] is True
    assert len(sent) == turned, "each form that was answered left its event"


HELD = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("started", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
with module.running() as cluster:
    import psycopg
    with psycopg.connect(cluster.address) as db:
        print(db.execute("SHOW data_directory").fetchone()[0], flush=True)
    sys.stdin.read()
"""


def test_the_server_of_the_tests_ends_with_them_when_they_are_killed():
    psutil = pytest.importorskip("psutil")  # comes with the PostgreSQL that is a wheel
    words = [sys.executable, "-c", HELD, str(Path(__file__).with_name("conftest.py"))]
    tests = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    folder = Path(tests.stdout.readline().strip())
    server = int((folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
    assert psutil.pid_exists(server)
    tests.kill()
    tests.communicate(timeout=20)
    until = time.monotonic() + 60
    while (psutil.pid_exists(server) or folder.exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not psutil.pid_exists(server)
    assert not folder.exists()
