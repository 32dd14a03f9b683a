"""What is said where nothing is saved, and where the program itself broke: a line, a file, and no more."""

from __future__ import annotations

import stat
import sys

import pytest

from drops.errors import Damaged, Ended, Locked, StoreError
from drops.study.crash import KEPT, complain, report_line
from drops.study.unsaved import WHY, banner, unsaved


@pytest.mark.parametrize("kind", list(WHY), ids=lambda kind: kind.__name__)
def test_each_reason_is_said_in_a_few_words_and_in_full(kind):
    refusal = kind("the disk is a wall")
    assert unsaved(refusal) == f"NOT SAVED: {WHY[kind]}"
    assert banner(refusal) == f"NOT SAVED: {WHY[kind]}. The disk is a wall"


def test_the_nearest_reason_is_said_first():
    assert issubclass(Locked, StoreError)
    assert issubclass(Damaged, StoreError)
    assert unsaved(Locked("x")) != unsaved(StoreError("x"))
    assert unsaved(Damaged("x")) != unsaved(StoreError("x"))


def test_where_everything_is_saved_nothing_is_said():
    assert (unsaved(None), banner(None)) == ("", "")


def test_a_folder_s_name_cannot_steer_the_terminal():
    assert "\x1b" not in banner(StoreError("/home/\x1b[2J/progress.db cannot be written to"))


def broken() -> BaseException:
    try:
        raise ZeroDivisionError("one by nothing")
    except ZeroDivisionError as problem:
        return problem


def test_an_error_of_our_own_is_a_report_that_only_its_owner_reads_and_a_line_that_names_it(tmp_path):
    home = tmp_path / "new" / "home"
    line = report_line(broken(), home, "2026-03-02-0900")
    (report,) = home.glob("report-*.txt")
    assert line.endswith(f"please report it with {report}")
    assert "\n" not in line
    assert "ZeroDivisionError: one by nothing" in report.read_text()
    assert "def broken" in report.read_text() or "raise ZeroDivisionError" in report.read_text()
    if sys.platform != "win32":
        assert stat.S_IMODE(report.stat().st_mode) == 0o600
        assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_what_was_ended_from_outside_is_no_error_of_ours(tmp_path):
    line = report_line(Ended("it was sent SIGTERM"), tmp_path, "now")
    assert line.startswith("drops stopped: it was sent SIGTERM. Every answer is saved, the next start goes on here; ")
    assert "please report" not in line


@pytest.mark.parametrize("blocked", ["file", "below"])
def test_a_report_that_finds_no_place_is_a_line_all_the_same(tmp_path, blocked):
    (tmp_path / "file").write_text("no folder")
    home = tmp_path / "file" if blocked == "file" else tmp_path / "file" / "home"
    line = report_line(ValueError("bad\n\x1b[2J " + "x" * 900), home, "now")
    assert line.startswith("drops stopped: ValueError: bad ")
    assert line.endswith(". Every answer is saved; the report could not be written.")
    assert "\x1b" not in line
    assert len(line) < 260


def test_only_the_newest_reports_are_kept_and_nothing_else_is_touched(tmp_path):
    (tmp_path / "progress.db").write_bytes(b"ours")
    for day in range(KEPT + 5):
        report_line(broken(), tmp_path, f"2026-03-{day + 1:02}")
    kept = sorted(file.name for file in tmp_path.glob("report-*.txt"))
    assert kept == [f"report-2026-03-{day + 1:02}.txt" for day in range(5, KEPT + 5)]
    assert (tmp_path / "progress.db").read_bytes() == b"ours"


def test_a_complaint_is_one_line_on_standard_error(capsys):
    complain("drops: no such drop")
    assert capsys.readouterr() == ("", "drops: no such drop\n")
