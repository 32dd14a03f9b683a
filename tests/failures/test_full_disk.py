"""A disk that really runs out: what was typed is kept, what was saved is safe, and the line says which."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from drops.events import Kind
from drops.study.crash import report_line
from drops.study.own.drafts import Drafts
from drops.study.pages import Page
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


NO_ROOM = "(no space left on device)"


@pytest.mark.slow
def test_what_finds_no_room_is_not_half_there(home, small_disk):
    own = small_disk / "home"
    shutil.copytree(home, own)
    drafts = Drafts(own, saved=True)
    picture, mine = f"{own}/pictures/drops-week-", small_disk / "mine"
    film = fill(small_disk)
    assert run("undo", home=own).refused.startswith("the disk is full; ")  # the write-ahead log's index
    film.unlink()
    assert run("doctor", home=own).err == ""
    with closing(sqlite3.connect(own / "progress.db")) as index:
        index.execute("SELECT 1 FROM event").fetchone()
        refuse_all(small_disk, own, drafts, picture, mine)
    assert run("new", mine).status == 0
    assert run("show", "--svg", home=own).out.startswith(picture)


def refuse_all(small_disk, own, drafts, picture, mine):
    film, before = fill(small_disk), {*small_disk.rglob("*")}
    drawn = run("show", "--svg", home=own).refused
    assert drawn.startswith(picture)
    assert drawn.endswith(f".svg cannot be written {NO_ROOM}; nothing was changed")
    assert run("new", mine).refused == f"{mine} cannot be written {NO_ROOM}; name another folder"
    restored = run("doctor", "--restore", home=own).refused
    assert restored == f"{own}/progress.db cannot be restored {NO_ROOM}; it is as it was"
    assert run("export", own / "all.jsonl", home=own).refused.endswith(f" {NO_ROOM}; nothing was changed")
    drafts.keep(Page("k", "do", "", 1, "", (), None, "i", False, 1, 1, 1, 1, 1.0), "7" * 100)
    assert report_line(ValueError("no"), own, "now").endswith("; the report could not be written.")
    new = {place.name for place in {*small_disk.rglob("*")} - before}
    assert new <= {"pictures", "damaged"}
    film.unlink()
