"""A second window on one home: that it saves nothing stands on its first screen, before any key."""

from __future__ import annotations

import pytest

from drops.store.file import files
from drops.store.file.files import refusal
from drops.study.unsaved import banner
from program import Talk, run
from terminals import Terminal

UNSAVED = "NOT SAVED: drops is open elsewhere"
BEGIN = "Begin|Go on where"


@pytest.fixture
def writing(tmp_path):
    """A session in lines that holds the right to write."""
    with Talk("plain", "1", home=tmp_path / "home") as first:
        first.prompt()
        yield first


def painted(home) -> str:
    """What the app shows before a key is pressed."""
    with Terminal(home) as terminal:
        terminal.app.expect(BEGIN)
        seen = terminal.app.before
        terminal.app.send("q")
        return seen + terminal.end()


@pytest.mark.slow
def test_the_first_paint_of_a_second_window_says_that_nothing_is_saved(writing, tmp_path):
    with Terminal(tmp_path / "home") as terminal:
        terminal.app.expect(BEGIN)
        assert UNSAVED in terminal.app.before  # above the one thing to do, in the same paint


@pytest.mark.slow
def test_the_line_face_beside_another_window_says_first_that_nothing_is_saved(writing, tmp_path):
    told = run("plain", home=tmp_path / "home")
    assert told.out.startswith(f"{UNSAVED}. Another drops (process {writing.process.pid}) is writing to ")


@pytest.mark.slow
@pytest.mark.parametrize("end", ["quit", "kill"])
def test_a_window_opened_after_the_other_has_ended_says_nothing_of_it(writing, tmp_path, end):
    if end == "quit":
        writing.answer("quit")
        writing.process.wait()
    writing.kill()
    assert "NOT SAVED" not in painted(tmp_path / "home")


@pytest.mark.slow
def test_looking_whether_another_window_writes_takes_nothing_from_it_and_leaves_nothing(writing, tmp_path):
    painted(tmp_path / "home")
    writing.answer("")
    writing.prompt()
    assert "NOT SAVED" not in writing.transcript


@pytest.mark.slow
def test_that_a_file_may_only_be_read_is_known_before_it_is_opened(writing, tmp_path, monkeypatch):
    home = tmp_path / "home"
    writing.answer("quit")
    writing.process.wait()
    assert (refusal(home), refusal(tmp_path / "none yet")) == (None, None)
    monkeypatch.setattr(files, "writable", lambda path: False)  # root may write to everything
    why = "NOT SAVED: the progress file is read-only. "
    assert banner(refusal(home)).startswith(f"{why}{home / 'progress.db'} cannot be written to")
