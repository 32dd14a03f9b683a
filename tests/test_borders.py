"""What others wrote, at the borders of the program: nothing of it steers a terminal or is run as code."""

from __future__ import annotations

import ast
import itertools
import json
import os
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import termios
import time
import tty
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyte
import pytest

import drops
import nnlab
from drops.cli import main
from drops.clock import Moment
from drops.course.parse import library_folders, load
from drops.errors import Unreadable
from drops.exercises import kinds
from drops.exercises.answers import read
from drops.exercises.blocks import Choice, Design, Numbers, Run
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.store.rows import Row, seal
from drops.study.study import Study
from program import MAIN, Talk, environment, now, reply, run, tree

SOURCES = sorted(file for package in (drops, nnlab) for file in Path(package.__file__).parent.rglob("*.py"))

# Code --------------------------------------------------------------------------------------------

NEVER = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "extractall", "unpack_archive"}
NEVER_IMPORTED = {"pickle", "cPickle", "marshal", "shelve", "dill", "yaml", "ctypes", "subprocess", "socket", "webbrowser",
                  "urllib.request", "http"}


def called(node: ast.Call) -> str:
    """What a call names: "eval", "os.system"; of a method only its own name: "extractall"."""
    at = node.func
    if isinstance(at, ast.Name):
        return at.id
    if isinstance(at, ast.Attribute):
        of = f"{at.value.id}." if isinstance(at.value, ast.Name) and at.value.id == "os" else ""
        # re.compile is no compile
        return of + at.attr if at.attr not in ("compile", "eval") else ""
    return ""


def forbidden(source: ast.AST) -> Iterator[str]:
    """Every place of a source that could run what it was given."""
    for node in ast.walk(source):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
            yield from (f"imports {name}" for name in names
                        if {name, name.partition(".")[0]} & NEVER_IMPORTED)
        elif isinstance(node, ast.Call):
            if called(node) in NEVER:
                yield f"calls {called(node)}"
            for word in node.keywords:
                if word.arg in ("shell", "allow_pickle") and called(node) != "complete" and not (  # shtab's own word
                        isinstance(word.value, ast.Constant) and word.value.value is False):
                    yield f"passes {word.arg}"
            if called(node) == "load" and isinstance(node.func, ast.Attribute) and isinstance(
                    node.func.value, ast.Name) and node.func.value.id == "np" and not any(
                    word.arg == "allow_pickle" for word in node.keywords):
                yield "calls np.load"


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: "/".join(file.parts[-2:]))
def test_no_source_runs_what_it_was_given(source):
    assert list(forbidden(ast.parse(source.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("bad", [
    "eval(x)", "exec(x)", "import pickle", "from pickle import loads", "import marshal", "import yaml", "os.system(x)",
    "run(x, shell=True)", "run(x, shell=y)", "archive.extractall()", "np.load(f, allow_pickle=True)", "np.load(f)",
    "compile(x, '', 'exec')", "import urllib.request", "__import__('os')"])
def test_the_search_would_find_it(bad):
    assert list(forbidden(ast.parse(bad)))


# What is planted -------------------------------------------------------------------------------------

BIDI = "\u202e\u2066\u200b\u2060\u00ad\ufeff"
EVILS = ("\x1b]52;c;UFdO\x07", "\x1b]0;PWN\x1b\\", "\x1b]8;;http://pwn.example/\x1b\\L\x1b]8;;\x1b\\", "\x1b[?1337h",
         "\x1bPPWN\x1b\\", "\x9b?1338h", "\x9d0;PWN\x9c", "\x90PWN\x9c", "\x07\x08\x7f", BIDI)
EVIL = "".join(EVILS)
AS_TOML = "".join(f"\\u{ord(sign):04x}" if not sign.isascii() or not sign.isprintable() or sign == "\\" else sign
                  for sign in EVIL)
AS_ENTITIES = "&#27;]52;c;UFdO&#7;&#155;?1338h&#x9d;0;PWN&#x9c;&#x202e;&#8203;&#173;&ZeroWidthSpace;&#27;[?1337h"

PLANTED = re.compile(
    rb"\x1b\](?:0|2|52);|\x1b\]8;[^;]*;http://pwn|\x1b\[\?133[78]h|\x1bPPWN|\xc2[\x80-\x9f\xad]"  # OSC, CSI, DCS, C1
    rb"|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf"  # zero-width, bidi, BOM
)


def clean(said: bytes, *, app: bool = False) -> None:
    """Fails where something planted reached the terminal. The app's own sequences may; lines have none."""
    assert not PLANTED.findall(said)
    if not app:
        assert not re.findall(rb"[\x00-\x08\x0b-\x1f\x7f]", said.replace(b"\r\n", b"\n"))


def test_the_search_for_what_is_planted_would_find_it():
    for part in ("\x1b]52;c;UFdO\x07", "\x1b]0;PWN", "\x1b]8;;http://pwn", "\x1b[?1337h", "\x1bPPWN", "\x9b?1338h", *BIDI):
        assert PLANTED.search(part.encode()), part


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


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one path with one drop: the real first one, hostile in every place that takes words."""
    folder = tmp_path_factory.mktemp("library") / "content"
    (real,) = (file for bundled in library_folders(None) for file in bundled.glob("*/01-*.md"))
    drop, page, label = real.read_text(encoding="utf-8"), (real.parent / "path.md").read_text(encoding="utf-8"), Labels()
    drop_id, path_id = real.stem.partition("-")[2], real.parent.name
    front, _, body = page.removeprefix("+++\n").partition("\n+++\n")
    blocks = re.split(r"\n(?=\[)", front)
    kept = [block for block in blocks if not block.startswith(("[[phases]]", "[[outcomes]]", "[teaches]"))]
    phases = [next(block for block in blocks if block.startswith("[[phases]]")).replace("drops = 4", "drops = 1")]
    outcomes = [f'[[outcomes]]\ntext = "Do it"\nshown_by = ["{drop_id}"]']
    teaches = ["[teaches]\n" + "\n".join(line for line in blocks[-1].split("\n") if line.endswith((f'"{drop_id}"', "beyond")))]
    minutes = re.search(r"^minutes = (\d+)", drop, re.MULTILINE)[1]
    head = re.sub(r"^minutes = \d+", f"minutes = {minutes}", kept[0], flags=re.MULTILINE)
    page = "+++\n" + "\n".join([head, *phases, *outcomes, *kept[1:], *teaches]) + "\n+++\n" + body
    (folder / "hostile").mkdir(parents=True)
    for name, text in (("01-hostile-drop.md", drop), ("path.md", page)):
        text = text.replace(f'id = "{path_id}"', 'id = "hostile-path"').replace(drop_id, "hostile-drop")  # noqa: PLW2901
        names = re.findall(r'^([a-z-]+) = "', drop.partition("[misconceptions]")[2].partition("[[")[0], re.MULTILINE)
        (folder / "hostile" / name).write_text(plant(text, label, names), encoding="utf-8")
    assert label.count > 50
    assert load([folder]).drop("hostile-drop")
    return folder


# A terminal --------------------------------------------------------------------------------------------

# A home's name may hold anything but a slash and a zero byte.
HOME = "home " + EVIL.replace("/", "")
NAMES = {"USER": EVIL, "LOGNAME": EVIL, "HOSTNAME": EVIL, "COLUMNS": "80", "LINES": "30"}
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
        self.process = subprocess.Popen([sys.executable, "-c", before + MAIN, *map(str, words)], stdin=far, stdout=far,
                                        stderr=far, env=environment(home, **(NAMES | more)), cwd="/",
                                        start_new_session=True)
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
        while self.wait(0.05):
            pass
        self.process.wait()
        return self.said


def shown(said: bytes) -> set[int]:
    """The labels of the planted places that were shown."""
    plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", said)
    return {int(number) for number in re.findall(rb"PWN(\d+)", plain)}


@pytest.mark.parametrize("words", [
    ("path",), ("path", "--json"), ("today",), ("today", "--json"), ("progress",), ("progress", "--json"), ("doctor",),
    ("check",), ("plain", EVIL), ("replay", EVIL), ("export", EVIL), ("import", "/" + EVIL), (EVIL,), ("today", EVIL),
    ("today", "--on", EVIL), ("--content", "/" + EVIL, "today"), ("--home", EVIL + "/x", "plain"),
], ids=lambda words: "-".join(word if word.isprintable() else "evil" for word in words))
def test_nothing_planted_reaches_the_terminal_by_a_command(hostile, tmp_path, words):
    with Terminal(*words, home=tmp_path / HOME, DROPS_CONTENT=str(hostile)) as terminal:
        os.write(terminal._near, b"quit\n")
        said = terminal.all()
    assert said.strip()
    assert b"Traceback" not in said
    clean(said)
    if words[0] in ("path", "check"):
        assert shown(said) or words[0] == "check"


def test_nothing_planted_reaches_the_terminal_in_a_session_of_lines(hostile, tmp_path):
    with Terminal("plain", "hostile-drop", home=tmp_path / HOME, DROPS_CONTENT=str(hostile)) as terminal:
        evil, told = True, itertools.cycle(f"x {planted} y" for planted in EVILS)
        while b"Done." not in terminal.said:
            new = terminal.wait(0.01).decode(errors="replace")
            assert new, terminal.said[-500:]
            if not (prompt := re.search(r"([^\n]*)[:=] $", new)):
                continue
            if evil and not prompt[1].startswith("Enter"):
                reply, evil = next(told), False  # once to each question; then what is asked for
            elif prompt[1].startswith("How sure"):
                reply = "1"
            elif prompt[1].startswith(("Your choice", "The order")):
                reply = "1" if "Predict" in terminal.said.decode(errors="replace").rpartition(" min left.")[0].rpartition("\n")[2] else "show"
            else:
                reply, evil = ("77" if new.endswith("= ") else ""), True
            os.write(terminal._near, reply.encode() + b"\n")
    clean(terminal.said)
    assert b"is not a number" in terminal.said
    assert b" is none of " in terminal.said
    assert len(shown(terminal.said)) > 30


# What is imported ----------------------------------------------------------------------------------------

STRUCTURE = ("session", "unit", "step", "part", "mode", "units", "adds")  # what ties an answer to its page


def evil(payload: dict[str, object]) -> dict[str, object]:
    """The payload with something planted in every text of it, and mix-ups that nobody knows."""
    made = {name: f"{value} PWN99 {EVIL}" if isinstance(value, str) and name not in STRUCTURE else value
            for name, value in payload.items()}
    return made | ({"misconceptions": [f"mixed-up PWN98 {EVIL}"]} if "misconceptions" in payload else {})


@pytest.fixture(scope="module")
def lived(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the hostile drop was answered, and now comes back."""
    home = tmp_path_factory.mktemp("lived") / "home"
    study = Study(load([hostile]), Log.open(home, folded(0.9), now=yesterday()))
    session = study.begin(yesterday(), drop="hostile-drop")
    while not session.ended:
        page = study.page(session)
        if isinstance(page.ask, Numbers):
            session, _ = study.answer(session, "; ".join("77" for _ in page.ask.fields), yesterday(), seconds=9)
        elif page.part == "predict":
            session, _ = study.answer(session, "a", yesterday(), seconds=9, confidence="certain")
        elif page.ask is not None:
            session, _ = study.reveal(session, yesterday(), seconds=9)
        session = study.turn(session, yesterday())
    study.close()
    return home


def yesterday() -> Moment:
    today = now()
    return replace(today, us=today.us - 86_400_000_000, day=today.day - timedelta(days=1))


def rows_of(home: Path) -> list[Row]:
    with sqlite3.connect(home / "progress.db") as db:
        found = [Row(*row) for row in db.execute(f"SELECT {', '.join(Row._fields)} FROM event ORDER BY event_id")]
    db.close()
    return found


def later(row: Row, **changed: object) -> Row:
    """The row with another payload, under an id of its own, sealed as its own device would."""
    number = int.from_bytes(row.event_id, "big") + (1 << 80)  # a millisecond later
    payload = json.dumps(changed.pop("payload", json.loads(row.payload)), sort_keys=True, separators=(",", ":"))
    return seal(row._replace(event_id=number.to_bytes(16, "big"), payload=payload, **changed))


def write_export(file: Path, rows: list[Row]) -> Path:
    lines = [{name: value.hex() if isinstance(value, bytes) else value
              for name, value in zip(Row._fields, row, strict=True)} for row in rows]
    file.write_text("".join(json.dumps(line) + "\n" for line in [{"drops": "log", "schema": 1}, *lines]))
    return file


@pytest.fixture
def brought(lived: Path, tmp_path: Path) -> Path:
    """The same home, after rows that are hostile in every text were imported, twice, once in each form."""
    home = tmp_path / HOME
    shutil.copytree(lived, home)
    rows = [later(row, payload=evil(json.loads(row.payload))) for row in rows_of(home) if row.kind in (1, 2, 3)]
    told = run("import", write_export(tmp_path / "evil.jsonl", rows), home=home)
    assert (told.out, told.err) == (f"{len(rows)} new events, 0 known already, 0 kept out\n", "")
    other = tmp_path / "other"
    shutil.copytree(lived, other)
    with sqlite3.connect(other / "progress.db") as db:
        again = [later(row) for row in rows]
        db.executemany(f"INSERT INTO event VALUES ({', '.join('?' * len(Row._fields))})", again)
    db.close()
    told = run("import", other / "progress.db", home=home)
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith(f"{len(rows)} new events, ")
    return home


@pytest.mark.parametrize("words", [("today",), ("progress",), ("progress", "--json"), ("path",), ("doctor",),
                                   ("export", "all.csv"), ("plain",)], ids="-".join)
def test_nothing_imported_reaches_the_terminal_by_a_command(brought, hostile, tmp_path, words):
    words = [str(tmp_path / word) if "." in word else word for word in words]
    with Terminal(*words, home=brought, before=ONLY.format(str(hostile))) as terminal:
        os.write(terminal._near, b"quit\n")
        said = terminal.all()
    assert terminal.process.returncode in (0, 1)
    clean(said)
    assert b"of its own" not in said
    if words[0] == "export":
        clean((tmp_path / "all.csv").read_bytes())


class Screens(Terminal):
    """The app, and what its screen shows."""

    def __init__(self, home: Path, before: str) -> None:
        self.screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self.screen)
        super().__init__(home=home, before=before)

    @staticmethod
    def _typed_as_lines(far: int) -> None:
        """The app reads keys."""

    def wait(self, seconds: float = QUIET, first: float = STARTS) -> bytes:
        new = super().wait(seconds, first)
        self._stream.feed(re.sub(rb"\x1b\[[<>=][^A-Za-z]*[A-Za-z]", b"", new))  # pyte takes these for colours
        return new

    @property
    def at_today(self) -> bool:
        return any(line.lstrip().startswith("Today ") for line in self.screen.display)

    def becomes(self, today: bool, seconds: float = 1.0) -> bool:
        """Whether the screen is Today's, or is no longer, within that time."""
        end = time.monotonic() + seconds
        while self.at_today is not today and time.monotonic() < end:
            self.wait(first=0.05)
        return self.at_today is today

    def back(self, *keys: str) -> None:
        """To Today again, whatever is open; where letters are typed, Escape comes first."""
        for key in (keys or ("q", "\x1b")) * 3:
            if self.becomes(today=True, seconds=0.3):
                return
            self.press(key)
        assert self.becomes(today=True, seconds=STARTS), "\n".join(self.screen.display)


PASTED = "\x1b[200~x\u202e\x9b?1338h\x1b]52;c;UFdO\x07\x1b[201~"


@pytest.mark.slow
def test_nothing_planted_reaches_the_terminal_by_any_screen(brought, hostile):
    from drops.tui.today import TodayScreen

    keys = [key for binding in TodayScreen.BINDINGS for key in binding.key.split(",") if len(key) == 1 and key not in "qejk"]
    assert {"p", "t"} <= set(keys)
    with Screens(brought, ONLY.format(str(hostile))) as app:
        app.until(b"Today")
        app.wait(first=1)
        for key in keys:
            app.press(key)
            assert app.becomes(today=False, seconds=STARTS), key
            app.press("\x1b[B", "\x1b[C", "\x1b[C", "\x1b[6~", "?", "\x1b", "\r")
            app.back(*(("\x1b",) if key == "t" else ()))
        app.press("\x10", "PWN", "\x1b")  # the palette: drops and terms by what is planted in their names
        app.back("\x1b")
        app.press("p", "\r", *["\x1b[6~", "\r"] * 5)  # the lesson again
        app.back()
        app.press("\r")  # what comes back today: pasted, answered, given up
        for _ in range(4):
            app.press(PASTED, "\r", "\x7f", "s", "s", "\r")
        app.back()
        app.press("q")
        said = app.all()
        assert app.process.returncode == 0
    clean(said, app=True)
    assert b"Traceback" not in said
    assert len(shown(said)) > 30


def test_content_that_hides_its_sequences_in_toml_is_refused_in_a_clean_line(hostile, tmp_path):
    folder = tmp_path / "library"
    shutil.copytree(hostile, folder)
    lesson = folder / "hostile" / "01-hostile-drop.md"
    lesson.write_text(lesson.read_text().replace('title = "', f'title = "{AS_TOML}', 1))
    with Terminal("today", home=tmp_path / "home", DROPS_CONTENT=str(folder)) as terminal:
        said = terminal.all()
    assert terminal.process.returncode == 1
    assert said.startswith(b"drops: library/hostile/01-hostile-drop.md:2: ")
    assert b"a string holds a control or hidden character" in said
    assert said.count(b"\n") == 1
    clean(said)


# What is typed -------------------------------------------------------------------------------------------

NEVER_AN_ANSWER = ["9" * 50_000, "nan", "inf", "-inf", "1e999", "1e5", "0x10", "1_000", "__import__('os').system('true')",
                   "1+1", "2**9999", "[1]", "{}", "1\x00", "\x00", "\u0661", "\u202e1", "\x1b[2J", "1/0", "1/2/3", "=1", "--1",
                   "(((((" * 1_000, "%n%s", "$(true)", "`true`", "1;2;3;4;5;6;7;8", "\ud800", "a" * 50_000, "1 " * 30_000]
# What can be read after all: one of letters is that letter, one of digits an option or a number.
AFTER_ALL = {
    Choice: [lambda typed: set(typed) <= {"a", "1", " "}],
}
SLOW = 0.1


def every_ask() -> list[tuple[str, object]]:
    """One ask of each form that any kind of exercise has, by what asks it, and the questions of the first drop."""
    found: dict[tuple[str, type], tuple[str, object]] = {}
    for name in kinds.KINDS:
        params = next((fence.params for drop in load(library_folders(None)) for fence in drop.exercises if fence.kind == name), {})
        exercise = kinds.draw(name, 1, params)
        for level in range(4):
            for step in kinds.steps(exercise, level, {}, ""):
                if step.ask is not None and not isinstance(step.ask, Run):
                    found.setdefault((name, type(step.ask)), (f"{name}: {type(step.ask).__name__}", step.ask))
    return list(found.values())


@pytest.mark.parametrize(("name", "ask"), [pytest.param(*one, id=one[0]) for one in every_ask()])
def test_what_is_no_answer_is_asked_again_at_once_by_every_kind(name, ask):
    for typed in NEVER_AN_ANSWER:
        text = f"{ask.fields[0].name}={typed}" if isinstance(ask, Design) else typed
        begun = time.process_time()
        if any(same(typed) for same in AFTER_ALL.get(type(ask), ())):
            clean(repr(read(ask, text)).encode())
        else:
            with pytest.raises(Unreadable, match="for example") as problem:
                read(ask, text)
            clean(str(problem.value).encode())
            assert len(str(problem.value)) < 400
        assert time.process_time() - begun < SLOW, typed[:40]


def test_what_is_no_answer_stores_nothing_and_is_asked_again_in_a_session_of_lines(tmp_path):
    """At each kind of question that the first drop asks, through a pipe, where also zero bytes get through."""
    home, asked = tmp_path / "home", {}
    with Talk("plain", "1", home=home) as talk:
        for _ in range(200):
            prompt = talk.prompt()
            kind = next((kind for kind in ("Your choice", "The order", "How sure", "z for") if prompt.startswith(kind)), "")
            if kind and kind not in asked:
                before, line = rows_of(home), reply(talk)
                for typed in NEVER_AN_ANSWER:
                    if "\ud800" in typed or (kind == "Your choice" and set(typed) <= {"a", "1", " "}):
                        continue  # what no pipe can carry; one letter again and again, which is that letter
                    talk.answer(typed)
                    assert talk.prompt() == prompt, typed[:40]
                    assert max(map(len, talk.said.splitlines())) < 400, typed[:40]
                    clean(talk.said.encode())
                assert rows_of(home) == before
                asked[kind] = True
                talk.answer(line)
            elif len(asked) == 4:
                break
            else:
                talk.answer(reply(talk))
    assert len(asked) == 4


# What is brought along -----------------------------------------------------------------------------------

WRONG = [None, True, -1, 10**30, 1.5, "x", [], [None], [[1]], {"a": 1}]


def test_an_import_whose_every_value_has_another_shape_breaks_no_command(lived, hostile, tmp_path):
    """Rows that are sealed as they should be and say what no drops would ever say."""
    chosen = {(row.kind, tuple(json.loads(row.payload))): row for row in rows_of(lived)}.values()
    rows, number = [], 0
    for row in chosen:
        payload = json.loads(row.payload)
        for key in payload:
            for wrong in WRONG:
                number += 1
                made = later(row, payload=payload | {key: wrong}, study_day=now().day.toordinal())
                rows.append(seal(made._replace(event_id=(int.from_bytes(made.event_id, "big") + (number << 80)).to_bytes(16, "big"))))
    home = tmp_path / "home"
    shutil.copytree(lived, home)
    told = run("import", write_export(tmp_path / "wrong.jsonl", rows), home=home)
    assert (told.status, told.err) == (0, "")
    for words in (("today",), ("path",), ("progress",), ("plain",), ("plain", "hostile-drop"), ("replay",)):
        told = run(*words, home=home, typed="quit\n", DROPS_CONTENT=str(hostile))
        assert "of its own" not in told.err, (words, sorted(home.glob("report*"))[-1].read_text())


MADE_BY_OTHERS = {
    "empty.jsonl": b"", "text.jsonl": b"dear diary\n", "zeros.db": b"\0" * 5000, "nested.jsonl": b"[" * 100_000,
    "evil.jsonl": EVIL.encode(), "later.jsonl": b'{"drops": "log", "schema": 99}\n',
    "picture.svg": b"<svg onload='alert(1)'/>", "header.db": b"SQLite format 3\0" + b"\xff" * 500,
}


@pytest.mark.parametrize("name", MADE_BY_OTHERS)
def test_a_file_that_is_no_history_is_refused_in_one_line_and_changes_nothing(lived, tmp_path, capsys, name):
    home, file = tmp_path / "home", tmp_path / name
    shutil.copytree(lived, home)
    file.write_bytes(MADE_BY_OTHERS[name])
    before = rows_of(home), tree(file)
    assert main(["--home", str(home), "import", str(file)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"drops: {file}")
    assert err.count("\n") == 1
    clean(err.encode())
    assert (rows_of(home), tree(file)) == before


def test_a_progress_file_with_code_in_it_is_refused(lived, tmp_path, capsys):
    home, other = tmp_path / "home", tmp_path / "other"
    shutil.copytree(lived, home)
    shutil.copytree(lived, other)
    with sqlite3.connect(other / "progress.db") as db:
        db.execute("CREATE TRIGGER planted AFTER INSERT ON event BEGIN DELETE FROM event; END")
    db.close()
    before = rows_of(home)
    assert main(["--home", str(home), "import", str(other / "progress.db")]) == 1
    assert capsys.readouterr().err == (
        f"drops: {other / 'progress.db'} is not made as drops makes a progress file; nothing was imported\n")
    assert rows_of(home) == before


def test_bad_rows_are_counted_by_reason_and_good_ones_enter(lived, tmp_path, capsys):
    home = tmp_path / "home"
    shutil.copytree(lived, home)
    good = [later(row) for row in rows_of(home)]
    changed = later(later(good[0]))._replace(payload='{"typed":"42"}')  # after it was sealed
    file = write_export(tmp_path / "mixed.jsonl", [*good, changed])
    with file.open("a", encoding="utf-8") as more:
        more.write("not json\n" + EVIL.replace("\n", "") + "\n" + "9" * 2_000_000 + "\n{}\n")
    assert main(["--home", str(home), "import", str(file)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == f"{len(good)} new events, 0 known already, 5 kept out"
    assert set(out.splitlines()[1:]) == {
        "  kept out 1: the digest does not match: the row was changed after it was written",
        "  kept out 3: a line is no event", "  kept out 1: a line is too long"}
    clean(out.encode())
