"""The app around its screens: opening, finding, failing, leaving."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import fake
import pytest
from helper import opened
from textual import events
from textual.actions import parse
from textual.binding import Binding
from textual.css.stylesheet import Stylesheet
from textual.geometry import Offset
from textual.screen import Screen
from textual.widgets import Static

from drops.colours import PALETTES
from drops.errors import Locked
from drops.exercises.blocks import Sheet, Words
from drops.study.crash import report_line
from drops.study.shown.kept import HINT
from drops.study.study import Study
from drops.tui.app import DropsApp
from drops.tui.asks.run import AskRun
from drops.tui.base.keyboard import Keyboard
from drops.tui.screens.base import Keys
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.lists.path import PathScreen
from drops.tui.screens.terms import TermsScreen
from drops.tui.screens.today import TodayScreen
from drops.tui.terminal import clipboard
from drops.tui.terminal.app import Toasted

ROOT = Path(__file__).parents[2]


def make_app(open_study, **more) -> DropsApp:
    return DropsApp(
        fake.make_today, open_study, fake.clock, lambda: fake.LIBRARY, home=Path("/nowhere"), **more
    )


async def test_keys_pressed_while_the_study_still_opens_are_not_lost():
    study = fake.FakeStudy("do")

    def slowly():
        time.sleep(0.3)
        return study

    app = make_app(slowly)
    async with app.run_test() as pilot:
        for key in ("enter", "0", "enter", "5", "enter", "5", "enter"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause(0.5)
        await app.keyboard.idle()
        assert study.answers == [("do", "0; 5; 5", "")]


async def test_the_study_is_opened_by_the_first_key_that_needs_it_and_a_long_wait_is_said():
    opens = []

    def slowly():
        opens.append(1)
        time.sleep(0.4)
        return fake.FakeStudy("wires")

    app = make_app(slowly)
    async with app.run_test() as pilot:
        await pilot.pause(0.2)
        await pilot.press("p", "q", "question_mark", "x")
        await app.keyboard.idle()
        assert not opens
        app.post_message(events.Key("enter", None))
        await pilot.pause(0.25)
        keys = app.screen.query_one(Keys)
        assert "opening your progress" in keys.lines[0]
        await app.keyboard.idle()
        assert isinstance(app.screen, DropScreen)
        assert "opening" not in keys.lines[0]
        assert opens == [1]


async def test_a_study_that_cannot_open_says_why_and_can_be_tried_again():
    tries = []

    def failing():
        tries.append(1)
        if len(tries) == 1:
            raise Locked("another drops is writing (process 7)")
        return fake.FakeStudy("wires")

    app = make_app(failing)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await app.keyboard.idle()
        await pilot.pause()
        assert isinstance(app.screen, TodayScreen)
        assert any("process 7" in note.message for note in app._notifications)
        await pilot.press("enter")
        await app.keyboard.idle()
        assert isinstance(app.screen, DropScreen)


async def test_replay_opens_the_drop_at_once():
    app = make_app(lambda: fake.FakeStudy("carry"), opens=lambda app: app.begin(drop="drop-1", replay=True))
    async with app.run_test() as pilot:
        await pilot.pause(0.1)
        await app.keyboard.idle()
        assert isinstance(app.screen, DropScreen)


@pytest.mark.slow
async def test_the_path_opens_a_drop_and_goes_back():
    async with opened() as hands:
        await hands.press("p", "down", "up", "end", "home")
        assert isinstance(hands.app.screen, PathScreen)
        await hands.press("down", "enter")
        assert isinstance(hands.app.screen, DropScreen)
        await hands.press("q")
        assert isinstance(hands.app.screen, PathScreen)
        await hands.press("q")
        assert isinstance(hands.app.screen, TodayScreen)


async def test_the_glossary_finds_a_term_as_it_is_typed():
    async with opened() as hands:
        await hands.press("t", "q", "u")
        assert isinstance(hands.app.screen, TermsScreen)
        assert "What bends the sum" in hands.text
        await hands.press("enter")
        assert isinstance(hands.app.screen, TodayScreen)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "screen"),
    [
        ("drop1:", DropScreen),
        pytest.param("drop9", PathScreen, marks=pytest.mark.slow),
        ("termbias", TermsScreen),
        pytest.param("path", PathScreen, marks=pytest.mark.slow),
    ],
)
async def test_the_palette_finds_drops_terms_and_actions(typed, screen):
    async with opened() as hands:
        await hands.press("ctrl+p")
        await hands.pilot.pause()
        await hands.press(*typed)
        await hands.pilot.pause(0.2)
        await hands.press("enter")
        await hands.pilot.pause(0.1)
        await hands.app.keyboard.idle()
        assert isinstance(hands.app.screen, screen)


async def test_ctrl_q_leaves_from_help_too():
    async with opened() as hands:
        await hands.press("question_mark", "ctrl+q")
        assert hands.app._exit


async def test_ctrl_c_copies_what_is_marked_and_else_says_what_quits(monkeypatch):
    monkeypatch.setattr(clipboard, "copy", lambda _: False)
    async with opened() as hands:
        await hands.press("ctrl+c")
        (note,) = hands.app._notifications
        assert note.message == "Nothing is marked, so nothing is copied. ctrl+q quits."
        hands.app.screen.text_select_all()
        monkeypatch.setattr(type(hands.app.screen), "get_selected_text", lambda _: "marked")
        await hands.press("ctrl+c")
        assert hands.app.clipboard == "marked"


@pytest.mark.parametrize("native", [True, False])
async def test_the_clipboard_that_got_it_is_named(native, monkeypatch):
    monkeypatch.setattr(clipboard, "copy", lambda _: native)
    async with opened("wires") as hands:
        await hands.press("y")
        (note,) = hands.app._notifications
        assert ("swallow" in note.message) is not native
        assert bool(hands.app.clipboard) is not native


async def test_the_screen_is_exported_as_svg_into_the_home_folder(tmp_path):
    async with opened("surface", home=tmp_path) as hands:
        await hands.press("e")
    (picture,) = (tmp_path / "pictures").iterdir()
    assert picture.read_text("utf-8").startswith("<svg")


async def test_a_page_to_keep_is_saved_as_markdown_beside_its_picture(tmp_path):
    async with opened("surface", home=tmp_path) as hands:
        screen = hands.app.screen
        screen.page = replace(screen.page, note=HINT, show=(Words("**Wine**"), Sheet(("", ""), (("layer", "✓"),), "")))
        await hands.press("e")
    picture, text = sorted((tmp_path / "pictures").iterdir(), reverse=True)
    assert picture.suffix == ".svg"
    assert text.read_text("utf-8") == "**Wine**\n\n|  |  |\n| --- | --- |\n| layer | ✓ |\n"


async def test_a_picture_that_cannot_be_written_says_so(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    async with opened("surface", home=blocked) as hands:
        await hands.press("e")
        assert any("cannot be written (" in note.message for note in hands.app._notifications)


@pytest.mark.slow
@pytest.mark.parametrize("name", fake.PAGES)
async def test_no_two_keys_of_a_page_collide(name):
    """The parts' keys go before the screen's: only movement may be taken over, never an action."""
    async with opened(name) as hands:
        screen = hands.app.screen
        assert isinstance(screen, DropScreen)
        own = [b.key for b in Binding.make_bindings(type(screen).BINDINGS)]
        assert [key for key, count in Counter(own).items() if count > 1] == []
        actions = {
            b.key for b in Binding.make_bindings(type(screen).BINDINGS) if not b.action.startswith("move")
        }
        for part in (*screen.parts, screen.feedback):
            bindings = list(Binding.make_bindings(type(part).BINDINGS))
            for hand in (None, 0) if isinstance(part, AskRun) else (None,):  # a knob in hand takes ← → over
                if isinstance(part, AskRun):
                    part.hand = hand
                now = [b.key for b in bindings if part.check_action(*parse(b.action)[1:])]
                assert [key for key, count in Counter(now).items() if count > 1] == []
            if isinstance(part, AskRun):
                part.hand = None  # this one has no knobs, and may be painted once more
            assert not {b.key for b in bindings} & actions
    for kind in (TodayScreen, PathScreen, TermsScreen):
        keys = [b.key for b in Binding.make_bindings(kind.BINDINGS)]
        assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_a_report_names_the_error_and_the_file(tmp_path):
    line = report_line(ValueError("[b]no markup[/b]"), tmp_path, "now")
    assert (
        line
        == f"drops stopped by an error of its own. Every answer is saved; please report it with {tmp_path / 'report-now.txt'}"
    )
    assert "ValueError: [b]no markup[/b]" in (tmp_path / "report-now.txt").read_text("utf-8")


def test_a_report_that_cannot_be_written_is_one_line_all_the_same(tmp_path):
    (tmp_path / "file").write_text("")
    line = report_line(ValueError("no"), tmp_path / "file", "now")
    assert line == "drops stopped: ValueError: no. Every answer is saved; the report could not be written."


def in_a_terminal(
    program: str, *, until: bytes, then: bytes = b"", signal_number: int = 0, seconds: float = 20
) -> tuple[int, bytes]:
    """Runs a program in a pseudo-terminal; what it wrote and its exit status."""
    import os
    import pty
    import select

    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.environ.update(
            TERM="xterm-256color", COLUMNS="80", LINES="24", PYTHONPATH=f"{ROOT}:{ROOT}/tests/tui"
        )
        os.execv(sys.executable, [sys.executable, "-c", program])  # noqa: S606  # a shell would be one program too many
    seen, acted, end = b"", False, time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            seen += data
        if not acted and until in seen:
            acted = True
            time.sleep(0.2)
            if then:
                os.write(fd, then)
            if signal_number:
                os.kill(pid, signal_number)
    _, status = os.waitpid(pid, 0)
    os.close(fd)
    return os.waitstatus_to_exitcode(status), seen


PROGRAM = """
import sys
from pathlib import Path
import fake
from drops.tui.app import DropsApp, run_app
def broken(self, page): raise RuntimeError("a fault in a page")
study = fake.FakeStudy("wires")
if {broken}: fake.FakeStudy.page = broken
sys.exit(run_app(DropsApp(fake.make_today, lambda: study, fake.clock, lambda: fake.LIBRARY, home=Path({home!r}))))
"""
RESTORED = b"\x1b[?1049l"  # back from the alternate screen
posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals and signals are POSIX")


@pytest.mark.slow
@posix
def test_an_exception_in_the_app_restores_the_terminal_and_names_a_report(tmp_path):
    program = textwrap.dedent(PROGRAM.format(broken=True, home=str(tmp_path)))
    status, seen = in_a_terminal(program, until=b"Begin", then=b"\r")
    assert status == 1
    after = seen.rpartition(RESTORED)[2]
    assert b"drops stopped by an error of its own" in after
    assert b"Traceback" not in after
    (report,) = tmp_path.glob("report-*.txt")
    assert "RuntimeError: a fault in a page" in report.read_text("utf-8")


@pytest.mark.slow
@posix
def test_sigterm_restores_the_terminal(tmp_path):
    import signal

    status, seen = in_a_terminal(
        textwrap.dedent(PROGRAM.format(broken=False, home=str(tmp_path))),
        until=b"Begin",
        signal_number=signal.SIGTERM,
    )
    assert status == 1
    assert RESTORED in seen


@pytest.mark.slow
@posix
def test_q_leaves_with_status_0(tmp_path):
    status, seen = in_a_terminal(
        textwrap.dedent(PROGRAM.format(broken=False, home=str(tmp_path))), until=b"Begin", then=b"q"
    )
    assert status == 0
    assert RESTORED in seen


def test_today_is_painted_without_numpy_or_sqlalchemy_or_the_drop_screen():
    program = "import drops.tui.app, sys; print([m for m in ('numpy', 'sqlalchemy', 'alembic', 'fsrs', 'rich.markdown', 'drops.tui.screens.drop') if m in sys.modules])"
    out = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "[]"


def test_the_fps_are_set_before_textual_is_imported():
    program = "import drops.tui.app; from textual import constants; print(constants.MAX_FPS)"
    out = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "1000"


@pytest.mark.slow
@pytest.mark.parametrize("palette", ["dark", "light"])
async def test_the_rules_of_its_theme_are_parsed_once_before_the_first_paint(palette, monkeypatch):
    parsed = []
    monkeypatch.setattr(Stylesheet, "reparse", lambda _: parsed.append("again"))
    app = DropsApp(
        fake.make_today,
        lambda: fake.FakeStudy("wires"),
        fake.clock,
        lambda: fake.LIBRARY,
        home=Path("/nowhere"),
        palette=palette,
    )
    async with app.run_test() as pilot:
        await pilot.pause()
        ground = PALETTES[f"drops-{palette}"].ground
        assert (app.screen.styles.background.hex.lower(), app.theme) == (ground, f"drops-{palette}")
        assert len(app.screen_stack) == 1
    assert parsed == []


async def test_the_app_collects_garbage_again_after_the_first_paint():
    import gc

    gc.disable()  # as the command does that opens it
    async with opened() as hands:
        await asyncio.sleep(0.1)
        await hands.pilot.pause()
        assert gc.isenabled()


async def test_a_link_finds_its_term_whatever_its_capitals_and_spaces():
    from drops.course.model import Library
    from drops.study.paths import arranged
    from drops.tui.screens.lists.listing import Pane
    path = fake.LIBRARY.paths[0]._replace(glossary={"Bias": "b", "Hidden layer": "In between."})
    app = DropsApp(
        lambda: fake.make_today(paths=arranged(Library((path,)), {})),
        lambda: fake.FakeStudy("wires"),
        fake.clock,
        lambda: Library((path,)),
        home=Path("/nowhere"),
    )
    async with app.run_test() as pilot:
        await app.explain("term:hidden-layer")
        await pilot.pause()
        assert "In between." in "\n".join(app.screen.query_one(Pane).lines)


async def test_what_waits_for_the_next_picture_of_a_screen_that_is_left_meanwhile_is_not_called():
    """Its widgets are gone by then: whatever looks for one would end the app."""
    async with opened() as hands:
        await hands.press("question_mark")
        screen, called = hands.app.screen, []
        screen.call_after_refresh(called.append, "here")
        await hands.pilot.pause()
        assert called == ["here"]
        screen.call_after_refresh(called.append, "gone")
        await hands.app.pop_screen()
        await hands.pilot.pause()
        assert called == ["here"]


async def test_a_click_on_what_was_removed_and_not_yet_painted_over_ends_nothing(monkeypatch):
    async with opened() as hands:
        gone = Static("gone")
        monkeypatch.setattr(Screen, "get_widget_and_offset_at", lambda *_: (gone, Offset(0, 0)))
        down = events.MouseDown(None, 3, 3, 0, 0, 1, False, False, False, screen_x=3, screen_y=3)
        hands.app.screen._forward_event(down)
        await hands.pilot.pause()
        assert hands.app.is_running


class Hurried:
    """A clock that is a second further on at every look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


@pytest.mark.parametrize("timeout", [-1.0, 0.0, 1e-9, 1.0, 2.0, 3.0, 4.0])
async def test_a_toast_whose_time_runs_out_while_it_is_shown_stops_nothing(monkeypatch, timeout):
    """A timer in the past never ends in Textual, and with it the app."""
    monkeypatch.setattr("drops.tui.terminal.app.monotonic", Hurried())
    async with opened() as hands:
        hands.app.notify("soon gone", timeout=timeout)
        await hands.press("p")
        assert isinstance(hands.app.screen, PathScreen)


@pytest.mark.parametrize("timeout", [-5.0, 0.0, 1e-9, 5.0])
def test_a_notification_has_always_time_left_when_it_is_shown(timeout):
    shown = Toasted("said", timeout=timeout)
    assert shown.time_left > 0
    assert shown.has_expired is (timeout < 1)


def test_the_study_that_stands_in_here_can_do_all_that_a_study_can():
    names = {name for name in dir(Study) if not name.startswith("_")}
    assert {name for name in names if not hasattr(fake.FakeStudy, name)} == set()


async def test_nobody_waits_for_keys_once_one_of_them_has_ended_the_app():
    keys = Keyboard()

    async def breaks() -> None:
        raise ValueError("in a key")

    running = asyncio.ensure_future(keys.run())
    for _ in range(3):
        keys.do(breaks)
    await asyncio.wait_for(keys.idle(), 5)
    keys.do(breaks)
    await asyncio.wait_for(keys.idle(), 5)
    with pytest.raises(ValueError, match="in a key"):
        await running
