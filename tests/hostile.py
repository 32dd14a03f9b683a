"""Texts that would steer a terminal, everywhere a text can be planted, and terminals that see what arrives."""

from __future__ import annotations

import json
import os
import re
import select
import sqlite3
import subprocess
import sys
import termios
import time
import tty
from datetime import timedelta
from pathlib import Path

import pyte

from drops.clock import Moment
from drops.store.rows import StoredRow, seal
from program import environment, main, now

BIDI = "\u202e\u2066\u200b\u2060\u00ad\ufeff"
EVILS = (
    "\x1b]52;c;UFdO\x07",
    "\x1b]0;PWN\x1b\\",
    "\x1b]8;;http://pwn.example/\x1b\\L\x1b]8;;\x1b\\",
    "\x1b[?1337h",
    "\x1bPPWN\x1b\\",
    "\x9b?1338h",
    "\x9d0;PWN\x9c",
    "\x90PWN\x9c",
    "\x07\x08\x7f",
    BIDI,
)
EVIL = "".join(EVILS)
AS_TOML = "".join(
    f"\\u{ord(sign):04x}" if not sign.isascii() or not sign.isprintable() or sign == "\\" else sign
    for sign in EVIL
)
AS_ENTITIES = (
    "&#27;]52;c;UFdO&#7;&#155;?1338h&#x9d;0;PWN&#x9c;&#x202e;&#8203;&#173;&ZeroWidthSpace;&#27;[?1337h"
)

PLANTED = re.compile(
    rb"\x1b\](?:0|2|52);|\x1b\]8;[^;]*;http://pwn|\x1b\[\?133[78]h|\x1bPPWN|\xc2[\x80-\x9f\xad]"  # OSC, CSI, DCS, C1
    rb"|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf"  # zero-width, bidi, BOM
)


def clean(said: bytes, *, app: bool = False) -> None:
    """Fails where something planted reached the terminal. The app's own sequences may; lines have none."""
    assert not PLANTED.findall(said)
    if not app:
        assert not re.findall(rb"[\x00-\x08\x0b-\x1f\x7f]", said.replace(b"\r\n", b"\n"))


ONLY = "import drops.course.parse as p, pathlib; p.library_folders = lambda extra: [pathlib.Path({!r})]; "


class Labels:
    """PWN1, PWN2 …: one for each place that holds something planted, to see which were shown."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, planted: str) -> str:
        self.count += 1
        return f" PWN{self.count} {planted}"


SHOWN = {"title", "goal", "says", "text", "summary", "emoji", "level", "subject", "rhythm", "leaves_out"}


def plant(text: str, label: Labels, own: list[str]) -> str:
    """A content file with something planted in every place that is shown, as it is or as HTML entities."""
    lines, toml, code = [], False, False
    for line in text.split("\n"):
        fence = line.startswith("```")
        if line == "+++":
            toml = not toml
        elif fence:
            code = not code
        elif toml or code:
            key = line.partition("=")[0].strip().strip('"')
            if key in SHOWN or (toml and line.endswith('"') and key in own):
                line = re.sub(r'"$', lambda _: label(EVIL) + '"', line)  # noqa: PLW2901
        elif line.startswith("### ") and line.endswith("}"):
            line = line.replace(" {#", label(EVIL) + " {#")  # noqa: PLW2901
        elif re.match(r"- \[.\] [^`]*$|\d\. |> |  > |- [A-Z]|[A-Z]", line) and not re.match(r"[=|]", line):
            line += label((EVIL, AS_ENTITIES)[label.count % 2])  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines)


# Histories -------------------------------------------------------------------------------------

STRUCTURE = ("session", "unit", "step", "part", "mode", "units", "adds")  # what ties an answer to its page


def evil(payload: dict[str, object]) -> dict[str, object]:
    """The payload with something planted in every text of it, and mix-ups that nobody knows."""
    made = {
        name: f"{value} PWN99 {EVIL}" if isinstance(value, str) and name not in STRUCTURE else value
        for name, value in payload.items()
    }
    return made | ({"misconceptions": [f"mixed-up PWN98 {EVIL}"]} if "misconceptions" in payload else {})


def yesterday() -> Moment:
    today = now()
    return today._replace(us=today.us - 86_400_000_000, day=today.day - timedelta(days=1))


def rows_of(home: Path) -> list[StoredRow]:
    with sqlite3.connect(home / "progress.db") as db:
        found = [
            StoredRow(*row) for row in db.execute(f"SELECT {', '.join(StoredRow._fields)} FROM event ORDER BY event_id")
        ]
    db.close()
    return found


def later(row: StoredRow, **changed: object) -> StoredRow:
    """The row with another payload, under an id of its own, sealed as its own device would."""
    number = int.from_bytes(row.event_id, "big") + (1 << 80)  # a millisecond later
    payload = json.dumps(
        changed.pop("payload", json.loads(row.payload)), sort_keys=True, separators=(",", ":")
    )
    return seal(row._replace(event_id=number.to_bytes(16, "big"), payload=payload, **changed))


def write_export(file: Path, rows: list[StoredRow]) -> Path:
    lines = [
        {
            name: value.hex() if isinstance(value, bytes) else value
            for name, value in zip(StoredRow._fields, row, strict=True)
        }
        for row in rows
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in [{"drops": "log", "schema": 1}, *lines]))
    return file


# A terminal --------------------------------------------------------------------------------------------

# A home's name may hold anything but a slash and a zero byte.
HOME = "home " + EVIL.replace("/", "")
NAMES = {"USER": EVIL, "LOGNAME": EVIL, "HOSTNAME": EVIL, "COLUMNS": "80", "LINES": "30"}
ESCAPE = "\x1b"
QUIET = 0.05  # seconds without a byte: the screen stands
STARTS = 30.0


class Terminal:
    """A command in a real terminal of 100 by 30, and every byte that reached it."""

    def __init__(self, *words: object, home: Path, before: str = "", **more: str) -> None:
        self.said = b""
        self._near, far = os.openpty()
        tty.setraw(far)  # nothing is echoed: what was typed comes back only if drops sends it
        termios.tcsetwinsize(far, (30, 100))
        self._typed_as_lines(far)
        self.process = subprocess.Popen(
            [sys.executable, "-c", main(before), *map(str, words)],
            stdin=far,
            stdout=far,
            stderr=far,
            env=environment(home, **(NAMES | more)),
            cwd="/",
            start_new_session=True,
        )
        os.close(far)

    @staticmethod
    def _typed_as_lines(far: int) -> None:
        """Enter ends a line, as at any prompt; the app switches that off for itself."""
        mode = termios.tcgetattr(far)
        mode[3] |= termios.ICANON
        termios.tcsetattr(far, termios.TCSANOW, mode)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._near)

    def wait(self, seconds: float = QUIET, first: float = STARTS) -> bytes:
        """What comes until nothing more comes; "" at the end."""
        new, patience = b"", first
        while select.select([self._near], [], [], patience)[0]:
            try:
                part = os.read(self._near, 1 << 16)
            except OSError:  # how Linux says that nobody holds the other end any more
                break
            if not part:
                break
            new, patience = new + part, seconds
        self.said += new
        return new

    def until(self, wanted: bytes) -> None:
        """Waits until that was printed."""
        end = time.monotonic() + STARTS
        start = len(self.said)
        while wanted not in self.said[start:]:
            assert self.wait(0.01), self.said[start:]
            assert time.monotonic() < end

    def press(self, *keys: str) -> None:
        for key in keys:
            os.write(self._near, key.encode())
            self.wait(first=0.15)

    def all(self) -> bytes:
        """Every byte, to the end of the command."""
        while self.wait(0.05) or self.process.poll() is None:
            pass
        self.process.wait()
        return self.said


def shown(said: bytes) -> set[int]:
    """The labels of the planted places that were shown."""
    plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", said)
    return {int(number) for number in re.findall(rb"PWN(\d+)", plain)}


# Says in a file which screen is open, whenever that changes; and answers F12, which no screen knows, with a
# line there when every key before it has had its effect and the screen was drawn.
TELLING = """
import pathlib, textual.screen as t, drops.tui.app as a
def tell(line):
    with pathlib.Path({!r}).open("a") as visits: visits.write(line + "\\n")
def resumed(self, *given, was=t.Screen._on_screen_resume):
    tell(type(self).__name__)
    return was(self, *given)
async def press(self, event, was=a.DropsApp._press):
    if event.key != "f12": return await was(self, event)
    self.screen.call_later(lambda: self.screen.call_after_refresh(tell, "-"))
t.Screen._on_screen_resume, a.DropsApp._press = resumed, press
"""
ASKED = "\x1b[24~"  # F12


class Screens(Terminal):
    """The app: which screen is open, and what it shows."""

    def __init__(self, home: Path, before: str, visits: Path) -> None:
        self.screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self.screen)
        self._visits, self.visited, self.looked = visits, set[str](), list[str]()
        super().__init__(home=home, before=before + TELLING.format(str(visits)))

    @staticmethod
    def _typed_as_lines(far: int) -> None:
        """The app reads keys."""

    def wait(self, seconds: float = QUIET, first: float = STARTS) -> bytes:
        new = super().wait(seconds, first)
        self._stream.feed(re.sub(rb"\x1b\[[<>=][^A-Za-z]*[A-Za-z]", b"", new))  # pyte takes these for colours
        return new

    def press(self, *keys: str) -> None:
        """Each key when the one before it has had its effect, however busy the machine is."""
        for key in keys:
            os.write(self._near, key.encode())
            if key == ESCAPE:
                super().wait(first=0.15)  # alone, an escape; followed at once, a key with Alt
            answers, end = self._told().count("-"), time.monotonic() + STARTS
            os.write(self._near, ASKED.encode())
            while self._told().count("-") == answers and self.process.poll() is None:
                assert time.monotonic() < end, f"no answer after {key!r} at {self.at()}:\n{self.text}"
                self.wait(0.01, first=0.02)
            self.wait(0.01, first=0.02)  # what was drawn last is on its way

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def _told(self) -> list[str]:
        return self._visits.read_text().split() if self._visits.exists() else []

    def at(self) -> str:
        """The screen that is open, as the app's own class calls it."""
        return next((line for line in reversed(self._told()) if line != "-"), "")

    def reach(self, screen: str, *keys: str) -> None:
        """Presses keys until that screen is open, again and again where one came too early."""
        end = time.monotonic() + STARTS
        while self.at() != screen:
            assert time.monotonic() < end, f"{screen} is not reached from {self.at()}:\n{self.text}"
            self.press(*keys)
            for _ in range(20):
                self.wait(first=0.05)
                if self.at() == screen:
                    break
        self.visited.add(screen)
        self.wait(first=0.3)

    def look_at(self, *keys: str) -> None:
        """Presses keys one by one, and keeps what each shows."""
        for key in keys:
            self.press(key)
            self.looked.append(self.text)
