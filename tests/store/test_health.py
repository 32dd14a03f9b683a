"""The doctor's lines."""

from __future__ import annotations

import re
import shutil
import sqlite3

from drops.store.file import health
from drops.store.file.glance import glance
from drops.store.file.health import Checked, doctor
from program import RESTORE


def test_a_healthy_home_has_a_line_for_everything_and_nothing_to_do(home, opened, at, answer, fold, files):
    with opened(home) as log:
        log.append_all([answer(f"d/{n}") for n in range(30)], at())
        log.back_up(at())
    before = files(home)
    findings = doctor(home, fold, at(3))
    assert [f for f in findings if not f.ok or f.do] == []
    assert [f.what for f in findings][3:] == [
        f"{home} is private (700)",
        f"{home}/progress.db is private (600)",
        "every page of the file is sound",
        "30 events, each as it was written",
        "what was derived equals a replay of the log",
        "1 backup, the newest from 2026-03-02 (3 days ago)",
    ]
    assert findings[0].what.startswith("drops 0.")
    assert sqlite3.sqlite_version in findings[0].what
    after = files(home)
    assert {name: after[name] for name in before} == before


def test_the_doctor_says_what_is_damaged_and_how_it_comes_back(filled, at, fold):
    path = filled / "progress.db"
    with sqlite3.connect(path) as db:
        flipped = [
            number.hex()
            for (number,) in db.execute("SELECT event_id FROM event ORDER BY event_id DESC LIMIT 4")
        ]
        db.execute("PRAGMA ignore_check_constraints=ON")
        db.execute(
            "UPDATE event SET payload = replace(payload, 'x', 'y') WHERE hex(event_id) IN "
            f"({', '.join(repr(number.upper()) for number in flipped)})"
        )
        pages = dict(db.execute("SELECT name, rootpage FROM sqlite_schema"))
    db.close()
    with path.open("r+b") as file:  # an index whose page was lost, and reads as an empty one
        file.seek((pages["event_target"] - 1) * 4096)
        empty = file.read(4096)
        file.seek((pages["memory_due"] - 1) * 4096)
        file.write(empty)
    _, _, _, _, _, pages, changed, *_ = doctor(filled, fold, at())
    assert (pages.ok, pages.do) == (False, RESTORE)
    assert re.fullmatch(
        r"damaged: (Page \d+ is never used; )*(row \d+ missing from index memory_due(; |$))+", pages.what
    )
    assert pages.what.count("; ") == 4  # five are enough
    assert changed == Checked(
        False, f"4 of 200 events were changed after they were written: {', '.join(flipped[:3])}", RESTORE
    )


def test_the_doctor_says_what_cannot_be_read(filled, at, fold):
    path = filled / "progress.db"
    with path.open("r+b") as file:
        file.seek(18)
        file.write(b"\xa5\xa5")
    wrong = [finding for finding in doctor(filled, fold, at()) if not finding.ok]
    assert wrong[0] == Checked(
        False,
        (
            f"{path} is damaged (file is not a database); nothing more is written to it: `drops doctor` says what is "
            f"damaged, {RESTORE}"
        ),
        RESTORE,
    )


def test_the_doctor_sees_a_fold_that_is_not_a_replay_and_rebuilding_mends_it(home, opened, at, answer, fold):
    with opened(home) as log:
        log.append(answer(), at())
    with sqlite3.connect(home / "progress.db") as db:
        db.execute("UPDATE memory SET stability = 99")
    db.close()
    wrong = Checked(
        False,
        "what was derived does not equal a replay of the log",
        "`drops doctor --rebuild` derives it again; no answer is touched",
    )
    assert wrong in doctor(home, fold, at())
    with opened(home) as log:
        log.rebuild()
    assert wrong not in doctor(home, fold, at())


def test_the_doctor_names_what_is_open_to_others_and_how_to_close_it(home, opened, at, fold):
    opened(home).close()
    home.chmod(0o755)
    (home / "progress.db").chmod(0o644)
    do = [f.do for f in doctor(home, fold, at()) if not f.ok and "open to others" in f.what]
    assert do == [f"chmod 700 {home}", f"chmod 600 {home}/progress.db"]


def test_the_doctor_asks_for_a_backup_where_there_is_none_or_only_an_old_one(home, opened, at, answer, fold):
    with opened(home) as log:
        log.append(answer(), at())
        log.append(answer(), at(1))
        assert Checked(False, "there is no backup", "`drops backup` makes one") in doctor(home, fold, at())
        log.back_up(at())
    assert doctor(home, fold, at(8))[-1] == Checked(
        False, "1 backup, the newest from 2026-03-02 (8 days ago)", "`drops backup` makes one"
    )
    assert doctor(home, fold, at(7))[-1] == Checked(True, "1 backup, the newest from 2026-03-02 (7 days ago)")
    assert doctor(home, fold, at(-1))[-1] == Checked(
        True, "1 backup, the newest from 2026-03-02 (0 days ago)"
    )
    assert doctor(home, fold, at(-2))[-1] == Checked(
        False,
        f"1 backup, all dated ahead of this machine's date, {at(-2).day}",
        "set its date, or `drops backup` makes one now",
    )
    with opened(home) as log:
        log.back_up(at(400)).rename(home / "backups" / "2030-01-01_120000.db")
    assert doctor(home, fold, at(8))[-1] == Checked(
        False,
        "2 backups, the newest from 2026-03-02 (8 days ago); 1 more is dated ahead of this machine's date",
        "`drops backup` makes one",
    )
    (home / "backups" / "2030-01-01_120000.db").unlink()
    with opened(home) as log:
        newest = log.back_up(at(1))
    newest.write_bytes(b"half")
    assert doctor(home, fold, at(1))[-2:] == [
        Checked(True, "2 backups, the newest from 2026-03-03 (0 days ago)"),
        Checked(
            False,
            f"backup {newest.name} is damaged (file is not a database)",
            "`drops backup` makes a good one; delete this one",
        ),
    ]


def test_on_the_first_day_nothing_is_to_do(home, opened, at, answer, fold):
    with opened(home) as log:
        log.append_all([answer(), answer()], at())
        findings = doctor(home, fold, at())
    assert [finding for finding in findings if not finding.ok] == []
    assert findings[-1].what == "no backup yet: the first start of the next day makes one"


def test_the_doctor_tells_of_a_file_in_the_place_of_the_backups(home, opened, at, answer, fold):
    with opened(home) as log:
        log.append(answer(), at())
    (home / "backups").write_text("")
    opened(home, day=1, daily_backup=True).close()  # answers are saved all the same
    assert doctor(home, fold, at(1))[-1] == Checked(
        False, f"{home}/backups is a file, not a folder, and so no backup can be made", "move it away"
    )


def test_the_doctor_speaks_of_a_home_with_nothing_in_it(home, opened, at, answer, fold):
    assert doctor(home, fold, at())[-1] == Checked(True, f"no progress in {home} yet")
    assert not home.exists()  # it looks, and makes nothing
    with opened(home) as log:
        log.append(answer(), at())
        log.back_up(at())
    log.path.unlink()
    line = (
        f"{log.path} is missing, but its backups are there (1); `drops doctor --restore` brings the newest back "
        f"(to begin afresh, move {home}/backups away)"
    )
    found = doctor(home, fold, at())[-1]
    assert (found.ok, found.what, glance(home).problem) == (False, line, line)
    assert line.endswith(found.do)
    shutil.rmtree(home)
    home.write_text("")
    assert doctor(home, fold, at())[-1] == Checked(
        False, f"{home} is a file, not a folder; name another with --home", "name another with --home"
    )


def test_the_doctor_says_when_room_runs_out_and_what_this_sqlite_can_do(home, fold, at, monkeypatch):
    monkeypatch.setattr(health, "_ROOM", 10**18)
    monkeypatch.setattr(health, "_WAL_FAULT_MENDED", (3, 0))
    findings = doctor(home, fold, at())
    assert Checked(True, "SQLite has no known fault in its write-ahead log") in findings
    assert [f.do for f in findings if not f.ok] == ["make room, or the next answers may not be saved"]
    monkeypatch.setattr(health, "_WAL_FAULT_MENDED", (99,))
    assert doctor(home, fold, at())[1] == Checked(
        True,
        (
            f"drops lets one program write at a time: what SQLite {sqlite3.sqlite_version} does wrong where two do "
            "(mended in 3.51.3) cannot happen"
        ),
    )


def test_the_doctor_counts_the_room_in_megabytes(home, fold, at, monkeypatch):
    usage = shutil.disk_usage(home.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_234_567_890))
    assert doctor(home, fold, at())[2] == Checked(True, f"1,235 MB free on the disk of {home}")


def test_a_file_that_does_not_say_whose_it_is_is_damaged(home, opened, at, fold):
    opened(home).close()
    with sqlite3.connect(home / "progress.db") as db:
        db.execute("DELETE FROM meta")
    db.close()
    assert [f.what for f in doctor(home, fold, at()) if "whose" in f.what] != []
