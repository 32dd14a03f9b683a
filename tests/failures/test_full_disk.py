"""A disk that really runs out: what was typed is kept, what was saved is safe, and the line says which."""

from __future__ import annotations

import sqlite3

import pytest

from drops.events import Kind
from program import DROP, LONGEST, Talk, events, fill, run

NOT_SAVED = "NOT SAVED: the disk is full. Earlier answers are safe."


def test_on_a_full_disk_the_last_answer_is_kept_and_saved_when_there_is_room_again(small_disk):
    home = small_disk / "home"
    with Talk("plain", DROP, home=home) as talk:
        talk.until("z for A")
        before = events(home)
        film = fill(small_disk)
        talk.until("try again")
        assert talk.said.splitlines()[-2:] == [NOT_SAVED, "Enter to try again: "]
        talk.answer("")
        talk.until("try again")
        assert talk.said.splitlines()[-2:] == [NOT_SAVED, "Enter to try again: "]
        assert events(home) == before
        assert film.stat().st_size > 0
        film.unlink()
        talk.answer("")
        talk.until("Enter to go on")
        assert "Not yet" in talk.transcript
        assert events(home) == [*before, (Kind.GRADED, f"{DROP}/by-hand")]
    with sqlite3.connect(home / "progress.db") as db:
        assert (
            db.execute("SELECT payload FROM event ORDER BY event_id DESC")
            .fetchone()[0]
            .count("77; 77; 77; 77")
            == 1
        )
    db.close()


@pytest.mark.slow
def test_who_stops_at_an_answer_that_was_not_saved_is_told_so(small_disk):
    home = small_disk / "home"
    with Talk("plain", DROP, home=home) as talk:
        talk.until("z for A")
        before = events(home)
        fill(small_disk)
        talk.until("try again")
        talk.process.stdin.close()
        assert talk.process.wait(LONGEST) == 0
        assert talk.process.stderr.read() == b""
        assert talk.rest().splitlines()[-1] == (
            "Stopped. The last answer is NOT saved, earlier ones are; the next start asks it again."
        )
    assert events(home) == before


@pytest.mark.slow
def test_on_a_full_disk_a_page_that_cannot_be_noted_as_done_costs_no_answer(small_disk):
    home = small_disk / "home"
    with Talk("plain", DROP, home=home) as talk:
        talk.prompt()
        film = fill(small_disk)
        talk.answer("")
        talk.prompt()
        assert talk.said.splitlines() == [
            "",
            "the disk is full; that this page is done was not saved, every answer is",
            "Enter to try again: ",
        ]
        film.unlink()
        talk.answer("")
        talk.prompt()
        assert "Page 2 of 5" in talk.said


@pytest.mark.slow
def test_a_full_disk_is_one_line_also_before_the_first_answer(small_disk):
    home = small_disk / "home"
    fill(small_disk)
    assert run("plain", home=home, typed="quit\n").refused == "the disk is full; nothing was written"
    assert run("today", home=home).status == 0
