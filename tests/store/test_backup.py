"""Backups, and what comes back from them."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.errors import Foreign, Locked, Newer, NoHome, NotSaved
from drops.events import Fact, Kind
from drops.store.file.backups import Backup, backups, keep
from drops.store.file.health import doctor
from drops.store.file.integrity import examine
from drops.store.file.restore import restore
from drops.store.file.salvage import Wreck, describe_lost


def test_one_copy_a_learner_day_private_and_whole(home, opened, at, answer):
    with opened(home, daily_backup=True) as log:
        log.append(answer(), at())
    assert not (home / "backups").exists()  # nothing to lose yet
    for day in (1, 1, 1.2, 2):
        with opened(home, day, daily_backup=True) as log:
            log.append(answer(), at(day))
    copies = backups(home / "progress.db")
    assert [copy.day.isoformat() for copy in copies] == ["2026-03-04", "2026-03-03"]
    assert [file.name for file in sorted((home / "backups").iterdir())] == [
        "2026-03-03_120000.db",
        "2026-03-04_120000.db",
    ]
    assert all(
        stat.S_IMODE(copy.path.stat().st_mode) == 0o600 and examine(copy.path) == [] for copy in copies
    )
    assert stat.S_IMODE((home / "backups").stat().st_mode) == 0o700


def test_what_else_lies_among_the_backups_is_not_ours(home, opened, at, answer):
    with opened(home) as log:
        log.append(answer(), at())
        log.back_up(at())
        for name in ("notes.txt", "2026-99-99_000000.db", "2026-03-02.db"):
            (home / "backups" / name).write_text("mine")
        for day in (0, 1, 20, *range(48, 60)):
            log.back_up(at(day))
    assert len(backups(log.path)) == 9  # seven days, and the newest of two more weeks
    assert (home / "backups" / "notes.txt").read_text() == "mine"


days = st.sets(st.integers(0, 900), max_size=120)


@given(days)
def test_seven_days_four_weeks_and_twelve_months_are_kept(numbers):
    copies = [Backup(date(2026, 1, 1) + timedelta(days=n), "120000", Path(str(n))) for n in numbers]
    kept = keep(copies)
    newest = sorted(copies, reverse=True)
    assert set(newest[:7]) <= kept
    assert len(kept) <= 7 + 4 + 12
    months = sorted({copy.day.strftime("%Y-%m") for copy in copies}, reverse=True)[:12]
    assert {copy.day.strftime("%Y-%m") for copy in kept} >= set(months)
    assert keep(kept) == kept


def test_a_folder_for_copies_that_cannot_be_made_is_named(home, opened, at, answer):
    (home / "backups").parent.mkdir()
    (home / "backups").write_text("a file of that name")
    with opened(home) as log:
        log.append(answer(), at())
        with pytest.raises(NoHome) as failure:
            log.back_up(at())
    assert str(failure.value) == (
        f"{home}/backups cannot be created (file exists); name another folder with --home"
    )
    with opened(home, daily_backup=True) as log:  # and the daily copy does without
        assert not log.read_only


def test_the_copy_just_made_stays_also_when_the_clock_was_set_back(home, opened, at, answer):
    with opened(home) as log:
        log.append(answer(), at())
        for day in range(100, 500, 20):
            log.back_up(at(day))
        kept = log.back_up(at(-3000))
    assert kept.exists()


# Restore -------------------------------------------------------------------------------------


@pytest.fixture
def damaged_home(home, opened, at, answer, state):
    """200 answers, a backup, and 200 more."""
    with opened(home) as log:
        for begin in range(0, 400, 20):
            if begin == 200:
                log.back_up(at(1))
            log.append_all(
                [
                    answer(f"d/{number % 20}", typed="x" * 200, number=number)
                    for number in range(begin, begin + 20)
                ],
                at(begin / 200),
            )
        log.append(Fact(Kind.SETTING, payload={"name": "minutes", "value": 8}), at(2))
        before = state(log)
    return home, before


def name_another_program(path):
    with path.open("r+b") as file:
        file.seek(68)
        file.write(b"\xa5\xa5\xa5\xa5")


def events_of(opened, home):
    with opened(home) as log:
        return {event.event_id for event in log.events(voided=True)}


def test_a_sound_file_that_holds_all_is_left_as_it_is(damaged_home, fold, at):
    home, _ = damaged_home
    path = home / "progress.db"
    before, was = path.read_bytes(), path.stat().st_ino
    done = restore(home, fold, at(3))
    assert (done.needless, done.sound, done.events, done.lost) == (True, True, 401, ())
    assert (path.read_bytes(), path.stat().st_ino) == (before, was)
    assert not (home / "damaged").exists()


def test_a_sound_file_that_lacks_what_a_backup_holds_gets_it_and_stays_beside(damaged_home, opened, fold, at):
    home, before = damaged_home
    path = home / "progress.db"
    with opened(home) as log:
        newest = log.back_up(at(3))
    older = min(copy.path for copy in backups(path) if copy.path != newest)
    path.write_bytes(older.read_bytes())  # the learner took an old copy for the newest
    done = restore(home, fold, at(4))
    assert (done.sound, done.needless, done.events, done.salvaged) == (True, False, 401, 0)
    assert (done.aside / "progress.db").read_bytes() == older.read_bytes()
    assert events_of(opened, home) == {event[0] for event in before[0]}


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_of_a_file_cut_short_the_backup_and_every_readable_event_come_back(
    damaged_home, opened, fold, at, share
):
    home, before = damaged_home
    path = home / "progress.db"
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))
    cut = path.read_bytes()
    done = restore(home, fold, at(3))
    assert done.events >= 200
    assert done.backup is not None
    assert (done.aside / "progress.db").read_bytes() == cut
    here = events_of(opened, home)
    everything = {event[0] for event in before[0]}
    assert here <= everything
    assert len(here) == done.events
    with opened(home) as log:
        held = log.memories()
        log.rebuild()
        assert log.memories() == held
    assert all(f.ok for f in doctor(home, fold, at(3)))


@pytest.mark.slow
def test_around_a_damaged_page_every_other_event_comes_back_and_the_lost_are_named(
    damaged_home, opened, fold, at
):
    home, _ = damaged_home
    path = home / "progress.db"
    with sqlite3.connect(path) as db:
        pages = (
            [
                row[0]
                for row in db.execute(
                    "SELECT pageno FROM dbstat WHERE name = 'event' AND pagetype = 'leaf' ORDER BY path"
                )
            ]
            if "ENABLE_DBSTAT_VTAB" in {o for (o,) in db.execute("PRAGMA compile_options")}
            else []
        )
    db.close()
    if not pages:
        pytest.skip("this SQLite does not say where its pages are")
    content = bytearray(path.read_bytes())
    for page in (pages[5], pages[-3], pages[-6]):  # one whose events are in the backup, two whose are not
        content[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    done = restore(home, fold, at(3))
    assert 401 - done.events == len(done.lost) > 5
    assert all(line.startswith("2026-03-0") and " d/" in line for line in done.lost)
    assert done.events - 200 == done.salvaged > 150
    # A second restore finds nothing more, and forgets nothing of what is lost.
    again = restore(home, fold, at(3))
    assert (again.events, again.lost) == (done.events, done.lost)


@pytest.mark.slow
def test_a_lost_setting_is_named_too(damaged_home, fold, at):
    home, _ = damaged_home
    path = home / "progress.db"
    content = bytearray(path.read_bytes())
    page = content.index(b'{"name":"minutes"') // 4096
    content[page * 4096 : (page + 1) * 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    assert "2026-03-04 a session or setting" in restore(home, fold, at(3)).lost


@pytest.mark.slow
def test_an_event_with_a_flipped_byte_comes_back_from_the_backup_or_is_named(damaged_home, opened, fold, at):
    home, _before = damaged_home
    path = home / "progress.db"
    content = bytearray(path.read_bytes())
    for number in (b'"number":7,', b'"number":399,'):
        place = content.index(number + b'"typed":"') + len(number) + 12
        content[place] ^= 1
    path.write_bytes(content)
    done = restore(home, fold, at(3))
    assert (done.events, done.lost) == (400, ("2026-03-04 d/19",))
    with opened(home) as log:
        assert sorted(event.payload["number"] for event in log.events(kinds=[Kind.GRADED])) == list(
            range(399)
        )


@pytest.mark.slow
@pytest.mark.parametrize("head", [b"", b"\xa5" * 100, b"\xa5" * 4096])
def test_with_its_first_page_gone_the_backup_shows_where_the_tables_were(
    damaged_home, opened, fold, at, head
):
    home, _before = damaged_home
    path = home / "progress.db"
    content = path.read_bytes()
    path.write_bytes(head + content[len(head) :] if head else b"")
    done = restore(home, fold, at(3))
    assert done.events == (401 if head else 200)


def test_a_home_on_a_disk_of_its_own_is_restored_there(small_disk, opened, fold, at, answer):
    with opened(small_disk / "home") as log:
        log.append(answer(), at())
        log.back_up(at())
        log.path.unlink()
    assert restore(small_disk / "home", fold, at(1)).events == 1
    assert sorted(file.name for file in (small_disk / "home").iterdir()) == [
        "backups",
        "progress.db",
        "progress.lock",
    ]


@pytest.mark.slow
def test_without_any_backup_what_is_readable_comes_back(damaged_home, opened, fold, at, state):
    home, before = damaged_home
    shutil.rmtree(home / "backups")
    done = restore(home, fold, at(3))
    assert (done.backup, done.events) == (None, 401)
    with opened(home) as log:
        assert state(log) == before


@pytest.mark.slow
def test_a_damaged_backup_is_passed_over(damaged_home, opened, fold, at):
    home, _before = damaged_home
    with opened(home) as log:
        newest = log.back_up(at(3))
    content = bytearray(newest.read_bytes())
    content[8192:8300] = b"\xa5" * 108
    newest.write_bytes(content)
    assert any(newest.name in f.what and not f.ok for f in doctor(home, fold, at(3)))
    (home / "progress.db").write_bytes(b"")
    assert restore(home, fold, at(4)).events == 200


def test_the_sound_copy_that_holds_most_comes_back_whatever_day_its_name_says(home, opened, fold, at, answer):
    with opened(home) as log:
        for day in (5, 0, 6):  # the clock was set back, and forth again
            log.append_all([answer(), answer()], at(day))
            if day < 6:
                most = log.back_up(at(day))
        half = log.back_up(at(6))
        log.path.unlink()
    half.write_bytes(half.read_bytes()[:5000])
    done = restore(home, fold, at(7))
    assert (done.backup, done.events) == (most, 4)


def test_answers_that_were_only_in_the_write_ahead_log_come_back(home, opened, fold, at, answer):
    with opened(home) as log:
        log.append(answer(), at())
        log.back_up(at())
        kept = [log.append(answer(), at()) for _ in range(5)]
        shutil.copytree(home, home.parent / "killed")
    killed = home.parent / "killed"
    name_another_program(killed / "progress.db")  # of a sound file SQLite itself plays it in
    assert restore(killed, fold, at(1)).salvaged == 5
    assert {event.event_id for event in kept} < events_of(opened, killed)
    assert not (killed / "progress.db-wal").exists()


@pytest.mark.slow
def test_a_restore_killed_half_way_finds_everything_the_second_time(
    damaged_home, opened, fold, at, monkeypatch
):
    from drops.store.file import restore as module

    home, _before = damaged_home
    name_another_program(home / "progress.db")
    monkeypatch.setattr(module, "_install", lambda fresh, path: (path.write_bytes(b"") and None) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore(home, fold, at(3))
    monkeypatch.undo()
    assert restore(home, fold, at(4)).events == 401


@pytest.mark.slow
def test_a_restore_without_room_leaves_everything_as_it_was(damaged_home, fold, at, monkeypatch):
    from drops.store.file import restore as module

    def full(*_):
        raise OSError(28, "No space left on device")

    home, _ = damaged_home
    before = (home / "progress.db").read_bytes()
    monkeypatch.setattr(module.shutil, "copyfile", full)
    with pytest.raises(NotSaved) as failure:
        restore(home, fold, at(3))
    assert (
        str(failure.value)
        == f"{home}/progress.db cannot be restored (no space left on device); it is as it was"
    )
    assert (home / "progress.db").read_bytes() == before


@pytest.mark.slow
def test_nothing_is_restored_while_another_process_writes(damaged_home, opened, fold, at):
    home, _before = damaged_home
    with opened(home), pytest.raises(Locked, match=r"^another drops \(process \d+\) is writing to "):
        restore(home, fold, at(3))


def test_restore_mends_no_file_that_is_not_ours(home, fold, at, files):
    home.mkdir()
    with sqlite3.connect(home / "progress.db") as db:
        db.execute("CREATE TABLE bookmarks (url)")
    db.close()
    before = (home / "progress.db").read_bytes()
    with pytest.raises(Foreign, match="belongs to another program; it was left untouched"):
        restore(home, fold, at())
    assert (home / "progress.db").read_bytes() == before


def test_a_header_that_names_another_program_is_mended_where_our_tables_are_behind_it(
    home, opened, fold, at, answer
):
    with opened(home) as log:
        kept = log.append_all([answer(f"d/{number}") for number in range(20)], at())
    name_another_program(log.path)  # and no backup says so
    assert restore(home, fold, at(1)).events == 20
    with opened(home) as log:
        assert [event.event_id for event in log.events()] == [event.event_id for event in kept]


def test_garbage_without_a_backup_is_not_ours_to_mend(home, fold, at):
    home.mkdir()
    (home / "progress.db").write_bytes(b"my diary " * 1000)
    with pytest.raises(Foreign, match="is not a progress file of drops; it was left untouched"):
        restore(home, fold, at())


def test_what_is_lost_is_named_by_day_and_item_also_where_no_index_is_left(tmp_path):
    wreck = Wreck(tmp_path / "copy.db")
    day = int(datetime(2026, 3, 4, tzinfo=UTC).timestamp() * 1000).to_bytes(6, "big")
    for number, key in enumerate(("d/19", "")):
        wreck.refuse([b"l" * 16, day + bytes([number] * 10), b"d" * 16, None, 1, key])
    wreck.refuse([b"l" * 16, "no id", b"d" * 16, None, 1, "d/1"])
    assert [describe_lost(number, key) for number, key in sorted(wreck.lost().items())] == [
        "2026-03-04 d/19",
        "2026-03-04 a session or setting",
    ]


@pytest.mark.slow
def test_restore_mends_no_file_of_a_later_drops(damaged_home, fold, at):
    home, _ = damaged_home
    with (home / "progress.db").open("r+b") as file:
        file.seek(60)
        file.write((9).to_bytes(4, "big"))
    with pytest.raises(Newer, match=r"written by a later drops .*; it was left untouched: upgrade drops$"):
        restore(home, fold, at())
    assert not (home / "damaged").exists()
