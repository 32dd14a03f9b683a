"""The doctor's lines."""

from __future__ import annotations

import shutil
import sqlite3

from drops.store import health
from drops.store.health import Finding, doctor


def test_a_healthy_home_has_a_line_for_everything_and_nothing_to_do(home, opened, at, answer, fold, files):
    with opened(home) as log:
        log.append_all([answer(f"d/{n}") for n in range(30)], at())
        log.back_up(at())
    before = files(home)
    findings = doctor(home, fold, at(3))
    assert [f for f in findings if not f.ok or f.do] == []
    assert [f.what for f in findings][3:] == [
        f"{home} is private (700)", f"{home}/progress.db is private (600)", "every page of the file is sound",
        "30 events, each as it was written", "what was derived equals a replay of the log",
        "1 backup, the newest from 2026-03-02 (3 days ago)"]
    assert findings[0].what.startswith("drops 0.")
    assert sqlite3.sqlite_version in findings[0].what
    after = files(home)
    assert {name: after[name] for name in before} == before


def test_the_doctor_sees_a_fold_that_is_not_a_replay_and_rebuilding_mends_it(home, opened, at, answer, fold):
    with opened(home) as log:
        log.append(answer(), at())
    with sqlite3.connect(home / "progress.db") as db:
        db.execute("UPDATE memory SET stability = 99")
    db.close()
    wrong = Finding(False, "what was derived does not equal a replay of the log",
                    "`drops doctor --rebuild` derives it again; no answer is touched")
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
        assert Finding(False, "there is no backup yet", "`drops backup` makes one") in doctor(home, fold, at())
        log.back_up(at())
    assert doctor(home, fold, at(8))[-1] == Finding(
        False, "1 backup, the newest from 2026-03-02 (8 days ago)", "`drops backup` makes one")


def test_the_doctor_speaks_of_a_home_with_nothing_in_it(home, opened, at, answer, fold):
    assert doctor(home, fold, at())[-1] == Finding(True, f"no progress in {home} yet")
    with opened(home) as log:
        log.append(answer(), at())
        log.back_up(at())
    log.path.unlink()
    assert not doctor(home, fold, at())[-1].ok
    shutil.rmtree(home)
    home.write_text("")
    assert doctor(home, fold, at())[-1] == Finding(
        False, f"{home} is a file, not a folder; name another with --home", "name another with --home")


def test_the_doctor_says_when_room_runs_out_and_what_this_sqlite_can_do(home, fold, at, monkeypatch):
    monkeypatch.setattr(health, "_ROOM", 10**18)
    monkeypatch.setattr(health, "_WAL_FAULT_MENDED", (3, 0))
    findings = doctor(home, fold, at())
    assert Finding(True, "SQLite has no known fault in its write-ahead log") in findings
    assert [f.do for f in findings if not f.ok] == ["make room, or the next answers may not be saved"]
    monkeypatch.setattr(health, "_WAL_FAULT_MENDED", (99,))
    assert any("can damage a file that two programs write at once" in f.what and f.ok for f in doctor(home, fold, at()))


def test_a_file_that_does_not_say_whose_it_is_is_damaged(home, opened, at, fold):
    opened(home).close()
    with sqlite3.connect(home / "progress.db") as db:
        db.execute("DELETE FROM meta")
    db.close()
    assert [f.what for f in doctor(home, fold, at()) if "whose" in f.what] != []
