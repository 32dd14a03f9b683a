"""What is typed and not answered is there again, however the app was ended."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from drops.exercises.blocks import Numbers
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.study import Study
from program import DROP, Talk, events, now
from terminals import Terminal


@pytest.fixture
def at_a_blank(library, tmp_path) -> Path:
    """A home whose open session stands before numbers to type."""
    study = Study(library, Log.open(tmp_path / "home", folded(0.9), now=now()))
    session = study.begin(now(), drop=DROP)
    while not isinstance((page := study.page(session)).ask, Numbers) or page.part != "do":
        if page.part == "predict":
            session, _ = study.answer(session, "1", now(), seconds=1, confidence="a guess")
        session = study.turn(session, now())
    study.close()
    return tmp_path / "home"


@pytest.mark.slow
@pytest.mark.parametrize(
    "end",
    ["kill", pytest.param("terminate", marks=pytest.mark.slow), "q", pytest.param("ctrl+q", marks=pytest.mark.slow)],
)
def test_what_was_typed_is_there_at_the_next_start(at_a_blank, end):
    before = events(at_a_blank)
    with Terminal(at_a_blank) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.send("\r")
        terminal.app.expect("next blank|answer")
        terminal.app.send("-12.375")
        time.sleep(1.5)  # only what a key changes is painted: the number may never be sent in one piece
        match end:
            case "kill":
                terminal.app.kill(signal.SIGKILL)
            case "terminate":
                terminal.app.kill(signal.SIGTERM)
            case "q":
                terminal.app.send("q")
                terminal.app.expect("Go on where you stopped")
                terminal.app.send("q")
            case _:
                terminal.app.send("\x11")
        terminal.end()
    assert events(at_a_blank) == before
    with Terminal(at_a_blank) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.send("\r")
        terminal.app.expect("12.375")


@pytest.mark.slow
@pytest.mark.parametrize("end", ["kill", pytest.param("quit", marks=pytest.mark.slow)])
def test_what_was_typed_in_lines_is_there_at_the_next_start_of_either_face(at_a_blank, end):
    with Talk("plain", DROP, home=at_a_blank) as talk:
        talk.prompt()
        talk.answer("-12.375")
        assert "(2 of 4)" in talk.prompt()
        if end == "quit":
            talk.answer("quit")
        talk.kill()
    with Talk("plain", DROP, home=at_a_blank) as talk:
        assert "(1 of 4, Enter keeps −12.375) = " in talk.prompt()
    with Terminal(at_a_blank) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.send("\r")
        terminal.app.expect("12.375")
        terminal.app.send("\x7f\x7f\x7f\x7f")
        terminal.app.expect("next blank|answer")
        terminal.app.send("\x11")
        terminal.end()
    with Talk("plain", DROP, home=at_a_blank) as talk:
        assert "(1 of 4, Enter keeps −12) = " in talk.prompt()
