"""The real server as a process: its first line, its end, its refusals, and that it is killed and loses nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import build_opener

import pytest
from served import Server, serving

from drops.exercises.blocks import Run
from drops.memory.schedule import folded
from drops.store.file.header import to_read
from drops.store.log import Log
from drops.study.study import Study
from drops.web.serving import listen
from program import LONGEST, environment, main, now, run

pytestmark = pytest.mark.slow
LINK = re.compile(r"http://127\.0\.0\.1:\d+/enter/[\w-]{20,}\n")


def test_the_first_line_is_one_link_that_opens_today(home):
    with serving(home, "--port", "0") as server:
        assert LINK.fullmatch(server.first)
        assert "Today" in server.enter().get("/")
        with pytest.raises(HTTPError) as refused:
            build_opener().open(server.base + "/", timeout=20)
        assert refused.value.code == 401
        refused.value.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_five_seconds_calmly_also_while_a_run_is_watched(
    home, library, learners, sign
):
    study = Study(library, Log.open(home, folded(0.9), now=now()))
    learner, session = learners(study), study.begin(now(), drop="3")
    learner.clock = now
    while not isinstance(study.page(session).ask, Run):
        session = learner.page(session)
    study.close()
    with serving(home, "--port", "0") as server:
        server.enter().post("/begin", "drop=3")
        watched = server.opener.open(server.base + "/run", timeout=20)
        assert watched.readline().startswith(b"data: ")
        status, took, said = server.end(sign)
        with suppress(OSError, HTTPException):
            watched.read()
        watched.close()
        assert (status, said) == (0, "")
        assert took < 5


def test_in_a_terminal_a_code_to_photograph_stands_below_the_link(home):
    pexpect = pytest.importorskip("pexpect")
    child = pexpect.spawn(
        sys.executable,
        ["-c", main(), "serve", "--port", "0"],
        env=environment(home),
        encoding="utf-8",
        cwd="/",
        dimensions=(60, 120),
    )
    child.expect("http://127.0.0.1:[0-9]+/enter/", timeout=60)
    child.expect("Ctrl.C ends this", timeout=30)
    assert "█" in child.before
    child.kill(signal.SIGTERM)
    child.expect(pexpect.EOF, timeout=20)
    child.close()
    assert child.exitstatus == 0


def test_a_port_that_is_taken_costs_one_line_and_without_one_a_free_one_is_found(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = run("serve", "--port", port, home=home)
        assert (
            told.refused
            == f"port {port} is taken; name another with --port, or none, and a free one is found"
        )
    with socket.socket() as taken:
        with suppress(OSError):
            taken.bind(("127.0.0.1", 8427))
            taken.listen()
        with serving(home) as server:
            assert LINK.fullmatch(server.first)
            assert ":8427/" not in server.first


@pytest.mark.parametrize("port", ["70000", "-1", "eighty", "8080.5", "99999999999999999999"])
def test_what_is_no_port_costs_one_line(home, port):
    assert (
        run("serve", f"--port={port}", home=home).refused
        == f"a port is a whole number from 0 to 65535, not “{port}”; --port 8427"
    )


@pytest.mark.parametrize("host", ["two words", "-x.example", "a_b", "http://here", "x" * 70])
def test_what_is_no_host_costs_one_line(home, host):
    told = run("serve", f"--allow-host={host}", "--port", "0", home=home)
    assert "is no name or address of a machine" in told.refused


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_this_machine_by_its_own_name_is_heard_by_nobody_else(host):
    with listen(0, host) as opened:
        assert opened.getsockname()[0] == "127.0.0.1"


def test_an_address_of_another_machine_costs_one_line(home):
    told = run("serve", "--allow-host", "203.0.113.7", "--port", "0", home=home)
    assert told.refused.startswith("203.0.113.7 is no address of this machine")


def test_who_lets_others_in_is_told_that_nothing_is_encrypted(home):
    with serving(home, "--port", "0", "--allow-host", "0.0.0.0") as server:  # noqa: S104  # it is what is warned of
        _, _, said = server.end()
        assert "nothing is encrypted" in said


def test_without_the_extra_one_line_says_what_to_install(home):
    hides = "import importlib.util as u, importlib; f = u.find_spec; u.find_spec = lambda n, *m: None if n == 'uvicorn' else f(n, *m); "
    done = subprocess.run(
        [sys.executable, "-c", main(hides), "serve"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment(home),
        cwd="/",
    )
    assert done.returncode == 1
    assert (
        done.stderr
        == "drops: the browser face needs uvicorn; `pip install 'fourteen-drops[web]'` brings what it needs\n"
    )


def test_a_second_server_on_the_same_progress_shows_all_and_saves_nothing(home):
    with serving(home, "--port", "0") as first, serving(home, "--port", "0") as second:
        first.enter()
        assert "NOT SAVED" in second.enter().get("/")
        _, _, said = second.end()
        assert said.count("\n") == 1


def stored(home: Path) -> set[str]:
    """The drafts of nothing: every setting that is on the disk."""
    import sqlite3

    with sqlite3.connect(to_read(home / "progress.db"), uri=True) as db:
        found = {payload for (payload,) in db.execute("SELECT payload FROM event")}
    db.close()
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("sign", ["SIGKILL", "SIGTERM"])
def test_ended_under_load_it_loses_nothing_that_it_acknowledged(home, sign):
    told: set[str] = set()
    for round_ in range(3 if sign == "SIGKILL" else 2):
        with serving(home, "--port", "0") as server:
            server.enter()
            ended = threading.Event()

            def send(
                thread: int, server: Server = server, round_: int = round_, ended: threading.Event = ended
            ) -> None:
                for i in range(10_000):
                    if ended.is_set():
                        return
                    value = f"{10 + (round_ * 7 + thread + i) % 20}.{thread}{i:04d}"
                    try:
                        server.post("/settings", f"name=budget_minutes&value={value}")
                    except (OSError, HTTPException):
                        return
                    told.add(value)

            threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
            for thread in threads:
                thread.start()
            end = time.monotonic() + LONGEST
            while len(told) < 30 * (round_ + 1) and time.monotonic() < end:
                time.sleep(0.05)
            server.process.send_signal(getattr(signal, sign))
            server.process.wait(timeout=10)
            ended.set()
            for thread in threads:
                thread.join(30)
    assert len(told) > 20
    on_disk = "\n".join(stored(home))
    lost = [value for value in told if f'"value":{float(value)}' not in on_disk.replace(" ", "")]
    assert lost == []
    assert os.path.exists(home / "progress.db")  # noqa: PTH110
