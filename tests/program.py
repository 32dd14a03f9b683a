"""The real commands as processes: run to their end, or talked to line by line.

told = run("today", home=home)                 status, out, err
talk = Talk("plain", home=home)                a session that a test feeds and kills
"""

from __future__ import annotations

import hashlib
import os
import re
import selectors
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

import pytest

import drops
from drops.clock import Moment, moment
from drops.store.file.header import to_read

# A shell starts what runs in the background deaf to some signals, and so would be all that a test starts there.
HEARS = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "[signal.signal(getattr(signal, name), signal.SIG_DFL) for name in ('SIGHUP', 'SIGQUIT') "
    "if hasattr(signal, name)]; "
)


def main(before: str = "") -> str:
    """The program as a line of Python, with what a test lets it do `before`."""
    return HEARS + before + "import sys; from drops.cli.main import main; sys.exit(main())"


NOBODY = 65534
# What a command imports is imported while it still may be read: Python itself may lie in root's own folder.
AS_NOBODY = f"""
import contextlib, io, os, tempfile
import drops.plain.session, drops.store.file.restore, drops.store.transfer
from drops.cli.main import main
with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
    main(["--home", folder, "progress"]), main(["--home", folder, "doctor"]), main(["--home", folder, "today"])
os.setgid({NOBODY}); os.setuid({NOBODY})
{main()}
"""
LONGEST = 60.0  # seconds that a command may take on a busy machine, before a test gives it up

# At noon, so that no test ever sees the learner-day end while it runs.
EAST = 12 - datetime.now(UTC).hour
ZONE = f"NOON{-EAST:+d}"  # POSIX counts westwards


def now() -> Moment:
    """This moment, as the commands see it."""
    return moment(datetime.now(timezone(timedelta(hours=EAST))))


def environment(home: Path | None, **more: str) -> dict[str, str]:
    """What a command finds around it: nothing of the learner whose machine this is."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "VIRTUAL_ENV") if name in os.environ}
    found = {"TZ": ZONE, "LC_ALL": "C.UTF-8", "HOME": "/", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    found["PYTHONPATH"] = str(Path(drops.__file__).parents[1])  # of several checkouts the one that is tested
    return kept | found | ({"DROPS_HOME": str(home)} if home else {}) | more


class Told(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def refused(self) -> str:
        """The one line of a command that could not do what it was asked, without its "drops: "."""
        assert self.status == 1, self
        assert self.err.startswith("drops: ")
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.out
        return self.err.removeprefix("drops: ")[:-1]


def run(*words: object, home: Path | None = None, typed: str = "", nobody: bool = False, **more: str) -> Told:
    """One command to its end; `nobody` runs it as a user who owns nothing."""
    if nobody and (sys.platform == "win32" or os.geteuid() != 0):
        pytest.skip("only root can become another user")
    if nobody and any(not folder.stat().st_mode & 0o001 for folder in Path(__file__).resolve().parents):
        pytest.skip("this checkout is closed to other users")
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY if nobody else main(), *map(str, words)],
        input=typed.encode(),
        capture_output=True,
        check=False,
        timeout=LONGEST,
        env=environment(home, **more),
        cwd="/",
    )
    return Told(done.returncode, done.stdout.decode(), done.stderr.decode())


def tree(*places: Path) -> dict[str, str]:
    """Every file and folder under `places`, with its rights and what is in it."""
    found = {}
    for top in places:
        for place in (top, *sorted(top.rglob("*"))):
            kind = stat.S_IMODE(place.lstat().st_mode)
            inside = hashlib.blake2b(place.read_bytes()).hexdigest() if place.is_file() else "folder"
            found[str(place)] = f"{kind:o} {inside}"
    return found


@contextmanager
def untouched(*places: Path) -> Iterator[None]:
    """Nothing under `places` changes, comes or goes."""
    before = tree(*places)
    yield
    assert tree(*places) == before


# A home and its disk -----------------------------------------------------------------------------

DROP = "weighted-sum-and-squash"
RESTORE = "`drops doctor --restore` brings back the newest backup and every readable answer after it"
ELSEWHERE = "move it away, or name another folder with --home"


def events(home: Path) -> list[tuple[int, str]]:
    """Kind and item of every event on the disk, as another program reads them."""
    with sqlite3.connect(to_read(home / "progress.db"), uri=True) as db:
        found = db.execute("SELECT kind, item_key FROM event ORDER BY event_id").fetchall()
    db.close()
    return found


def faults(out: str) -> list[str]:
    """The doctor's lines about what is not well."""
    return [line[2:] for line in out.splitlines() if line.startswith("✗ ")]


def write_at(path: Path, place: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(content)


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """Two megabytes that can really run out; the test is skipped where none can be mounted."""
    place.mkdir()
    mount = shutil.which("mount")
    if (
        not mount
        or sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> Path:
    """A film of just the room that is left."""
    film = disk / "film"
    with pytest.raises(OSError, match="No space"):
        film.write_bytes(b"\0" * 3_000_000)
    return film


# A session, line by line ---------------------------------------------------------------------

PROMPT = re.compile(
    r"(?:^|\n)(Enter to (?:go on|try again)[^\n]*: |Your choice[^\n]*: |Which one[^\n]*: |The order [^\n]*: |How sure [^\n]*: |[^\n]+ = )$"
)
# What is said once an answer is stored. An answer given away is the line under the word that asked for it:
# pages that look back say "The answer: …" too, and there nothing was typed just before.
FEEDBACK = re.compile(r"^(?:Right\.|Not this\.|Not exactly these\.|Not yet[.:]|Noted\. )|(?<=: show\n)The answer: ", re.MULTILINE)


class Gone(Exception):
    """The command has ended."""


class Talk:
    """A command's standard input and output. Nothing is sent before it is asked for."""

    def __init__(self, *words: object, home: Path, **more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", main(), *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(home, **more),
            cwd="/",
        )
        assert self.process.stdout
        self._ready = selectors.DefaultSelector()
        self._ready.register(self.process.stdout, selectors.EVENT_READ)
        self._bytes = b""
        self._ended = False
        self.said = ""  # since the last prompt that was answered
        self.transcript = ""

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def prompt(self, until: float | None = None) -> str:
        """The prompt it waits at; "" when it waits at none before `until`. Raises Gone."""
        end = time.monotonic() + LONGEST
        while not (found := PROMPT.search(self.said)):
            wait = (until or end) - time.monotonic()
            if wait <= 0:
                assert until, f"no prompt after {LONGEST} s: {self.said!r}"
                return ""
            if self._ready.select(wait) and not self._read():
                raise Gone(self.said)
        return found[1]

    def _read(self) -> bool:
        assert self.process.stdout
        new = os.read(self.process.stdout.fileno(), 1 << 16)
        self._bytes += new
        whole = self._bytes.decode("utf-8", "ignore")  # a sign may be cut at the end
        self._bytes = self._bytes[len(whole.encode()) :]
        self.said += whole
        self.transcript += whole
        return bool(new)

    def answer(self, line: str) -> None:
        """Types a line at the prompt."""
        assert self.process.stdin
        self.said = ""
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def until(self, wanted: str) -> str:
        """Answers every question as `reply` does, until a prompt contains `wanted`; what was said before it."""
        while wanted not in self.prompt():
            self.answer(reply(self))
        return self.said

    def rest(self) -> str:
        """What is left to be read of a process that has ended."""
        while self._ready.select(0) and self._read():
            pass
        return self.said

    def kill(self) -> str:
        """Ends the process by SIGKILL if it still runs; what it had said since the last prompt."""
        if self._ended:
            return self.said
        self._ended = True
        self.process.kill()
        self.process.wait()
        self.rest()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream
            with suppress(BrokenPipeError):  # a line that it never read
                stream.close()
        self._ready.close()
        return self.said


def reply(talk: Talk) -> str:
    """An answer to any question of a drop: of its numbers a wrong one, of its choices "show"."""
    prompt = talk.prompt()
    if prompt.startswith("How sure"):
        return "1"
    if prompt.endswith(" = "):
        return "" if prompt.startswith("Try one") else "77"
    if prompt.startswith("Enter"):
        return ""
    return (
        "1" if re.search("^Predict", talk.said, re.MULTILINE) else "show"
    )  # a prediction cannot be given away
