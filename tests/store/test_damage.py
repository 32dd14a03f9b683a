"""A file that is not what was written: found, told in one line, and written to no more."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from drops.errors import Damaged, ReadOnly
from drops.store.file.glance import glance
from drops.store.file.header import APPLICATION_ID
from drops.store.file.health import doctor
from program import RESTORE


def damage_page(path: Path, number: int) -> None:
    with path.open("r+b") as file:
        file.seek((number - 1) * 4096)
        file.write(b"\xa5" * 4096)


def root_of(path: Path, name: str) -> int:
    with sqlite3.connect(path) as db:
        page = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
    db.close()
    return page


@pytest.mark.slow
def test_a_damaged_page_ends_all_writing_and_the_doctor_says_so(filled, opened, at, answer, fold):
    path = filled / "progress.db"
    damage_page(path, root_of(path, "event"))
    line = (
        f"{path} is damaged (database disk image is malformed); nothing more is written to it: "
        f"`drops doctor` says what is damaged, {RESTORE}"
    )
    with pytest.raises(Damaged) as failure:
        opened(filled)
    assert str(failure.value) == line
    assert {f.do for f in doctor(filled, fold, at()) if not f.ok and "damaged" in f.what} == {RESTORE}


def test_damage_met_while_answering_ends_all_writing(filled, opened, at, answer):
    path = filled / "progress.db"
    place = root_of(path, "event_item")
    with opened(filled) as log:
        damage_page(path, place)  # after the start has looked over the file
        with pytest.raises(Damaged) as failure:
            log.append(answer("d/1"), at())
        assert log.read_only
        assert log.why_read_only == str(failure.value)
        with pytest.raises(ReadOnly) as again:
            log.append(answer("d/1"), at())
        assert str(again.value) == str(failure.value)
        assert len(log.events()) == 200


def flip(path: Path, before: bytes) -> None:
    """Turn one bit of the byte behind `before`, as a disk does."""
    content = bytearray(path.read_bytes())
    content[content.index(before) + len(before)] ^= 1
    path.write_bytes(content)


def banner_of_a_changed_answer(path: Path, banner: str) -> bool:
    return banner.startswith(f"{path} is damaged (answer ") and banner.endswith(
        f" was changed after it was written); nothing more is written to it: `drops doctor` says what is damaged, {RESTORE}"
    )


def test_a_flipped_byte_that_sqlite_does_not_see_is_found_at_the_next_start(
    filled, opened, at, answer, fold, files
):
    path = filled / "progress.db"
    flip(path, b'{"typed":"xxx')
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()
    before = path.read_bytes()
    findings = [
        finding for finding in doctor(filled, fold, at()) if not finding.ok and "events" in finding.what
    ]
    assert findings[0].what.startswith("1 of 200 events were changed after they were written: ")
    with opened(filled, daily_backup=True) as log:
        assert banner_of_a_changed_answer(path, log.why_read_only)
        with pytest.raises(ReadOnly):
            log.append(answer("d/1"), at())
        assert len(log.events()) == 200
    assert path.read_bytes() == before
    assert not (filled / "backups").exists()  # and no copy of it takes the place of a good one


def test_an_old_flipped_byte_is_found_by_the_daily_copy(filled, opened, at, monkeypatch):
    monkeypatch.setattr("drops.store.file.integrity.RECENT", 50)
    flip(filled / "progress.db", b'{"typed":"xxx')  # in one of the first answers
    with opened(filled) as log:
        assert not log.read_only
    with opened(filled, daily_backup=True) as log:
        assert banner_of_a_changed_answer(log.path, log.why_read_only)
    assert list((filled / "backups").iterdir()) == []


@pytest.mark.parametrize("small", [True, False])
def test_a_start_looks_at_every_page_of_a_file_that_is_small(filled, opened, monkeypatch, small):
    path = filled / "progress.db"
    monkeypatch.setattr("drops.store.file.integrity.SMALL", path.stat().st_size - (not small))
    damage_page(path, root_of(path, "event_target"))  # which no answer and no page of the app reads
    with opened(filled) as log:
        assert log.read_only is small
        assert log.why_read_only.startswith(f"{path} is damaged (" if small else "")


@pytest.mark.parametrize("place", ["event", "memory", "event_item"])
def test_nothing_is_left_beside_a_damaged_file_by_who_only_reads(filled, opened, at, fold, files, place):
    path = filled / "progress.db"
    damage_page(path, root_of(path, place))
    before = files(filled)
    doctor(filled, fold, at())
    glance(filled)
    with contextlib.suppress(Damaged), opened(filled, read_only=True) as log:
        log.memories()
    assert files(filled) == before


def test_an_application_id_is_ours(filled):
    assert (filled / "progress.db").read_bytes()[68:72] == b"drop" == APPLICATION_ID.to_bytes(4, "big")
