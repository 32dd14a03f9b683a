"""Every failure that a laptop can think of, made for real: one plain line, and no other file touched."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import termios
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pexpect
import pytest

from drops.cli import main
from drops.clock import moment
from drops.course.model import Library
from drops.exercises.blocks import Numbers
from drops.facts import Kind
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.study import Study
from program import LONGEST, MAIN, Talk, environment, now, run, tree, untouched

DROP = "weighted-sum-and-squash"
RESTORE = "`drops doctor --restore` brings back the newest backup and every readable answer after it"
ELSEWHERE = "move it away, or name another folder with --home"
NOT_SAVED = "the disk is full; the last answer was NOT saved, earlier ones are safe"

# What reads or writes the progress file, and what goes with it on the command line.
COMMANDS = [("today",), ("today", "--json"), ("path",), ("plain",), ("replay",), ("progress",), ("doctor",),
            ("doctor", "--rebuild"), ("backup", "copy.db"), ("export", "all.jsonl"), ("import", "other.jsonl")]
FEW = [("today",), ("doctor",), ("import", "other.jsonl")]  # one that glances, one that looks, one that writes


def live(home: Path, library: Library, pages: int) -> None:
    """Some pages of the first drop, and then one answer after the copy that the second start makes."""
    study = Study(library, Log.open(home, folded(0.9), now=now()))
    session = study.begin(now(), drop=DROP)
    for _ in range(pages):
        page = study.page(session)
        if page.ask is not None and page.part == "predict":
            session, _ = study.answer(session, "a", now(), seconds=1, confidence="a guess")
        elif isinstance(page.ask, Numbers):
            session, _ = study.answer(session, "; ".join("77" for _ in page.ask.fields), now(), seconds=1)
        elif page.ask is not None:
            session, _ = study.reveal(session, now(), seconds=1)
        session = study.turn(session, now())
    study.close()


@pytest.fixture(scope="session")
def lived(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a drop half done, a copy of that in `backups`, and more answers since."""
    home = tmp_path_factory.mktemp("lived") / "home"
    live(home, library, 11)
    live(home, library, 3)
    return home


@pytest.fixture
def home(lived: Path, tmp_path: Path) -> Path:
    """Such a home, of this test alone."""
    shutil.copytree(lived, tmp_path / "home")
    (tmp_path / "neighbour.txt").write_text("not ours")
    return tmp_path / "home"


@pytest.fixture
def drops(tmp_path, monkeypatch, capsys):
    """A command in this process, where many are tried: its status, and what it printed and complained of."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.jsonl").write_text('{"drops": "log", "schema": 1}\n')

    def run_here(home: Path, *words: str) -> tuple[int, str, str]:
        status = main(["--home", str(home), *words])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return status, printed.out, printed.err

    return run_here


def events(home: Path) -> list[tuple[int, str]]:
    """Kind and item of every event on the disk, as another program reads them."""
    with sqlite3.connect(f"{(home / 'progress.db').as_uri()}?mode=ro", uri=True) as db:
        found = db.execute("SELECT kind, item_key FROM event ORDER BY event_id").fetchall()
    db.close()
    return found


def faults(out: str) -> list[str]:
    """The doctor's lines about what is not well."""
    return [line[2:] for line in out.splitlines() if line.startswith("✗ ")]


# The disk is full ----------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """Two megabytes that can really run out."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if not mount or sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> Path:
    """A film of just the room that is left."""
    film = disk / "film"
    with pytest.raises(OSError, match="No space"):
        film.write_bytes(b"\0" * 3_000_000)
    return film


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
        assert db.execute("SELECT payload FROM event ORDER BY event_id DESC").fetchone()[0].count("77; 77; 77; 77") == 1
    db.close()


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
            "Stopped. The last answer is NOT saved, earlier ones are; the next start asks it again.")
    assert events(home) == before


def test_on_a_full_disk_a_page_that_cannot_be_noted_as_done_costs_no_answer(small_disk):
    home = small_disk / "home"
    with Talk("plain", DROP, home=home) as talk:
        talk.prompt()
        film = fill(small_disk)
        talk.answer("")
        talk.prompt()
        assert talk.said.splitlines() == [
            "", "the disk is full; that this page is done was not saved, every answer is", "Enter to try again: "]
        film.unlink()
        talk.answer("")
        talk.prompt()
        assert "Page 2 of 5" in talk.said


def test_a_full_disk_is_one_line_also_before_the_first_answer(small_disk):
    home = small_disk / "home"
    fill(small_disk)
    assert run("plain", home=home, typed="quit\n").refused == "the disk is full; nothing was written"
    assert run("today", home=home).status == 0


# Nobody may write, or read -------------------------------------------------------------------


@pytest.fixture
def reachable(lived):
    """Such a home, where another user can walk to it and read it, and only its owner may write."""
    # Not in pytest's own folder: every other pytest that starts closes that to others again.
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(lived, home)
        for place in (home.parent, *home.parent.rglob("*")):
            place.chmod(0o755 if place.is_dir() else 0o644)
        yield home


def test_what_may_not_be_written_is_browsed_under_a_banner(reachable):
    banner = f"{reachable}/progress.db cannot be written to (read-only); you can browse, but progress is not saved"
    with untouched(reachable.parent):
        told = run("plain", home=reachable, typed="show\n\nquit\n", nobody=True)
        assert (told.status, told.err) == (0, "")
        assert told.out.splitlines()[0] == banner
        assert told.out.splitlines()[-1] == "Stopped. What was answered here is not saved."
        assert "drop 1 is new" in run("today", home=reachable, nobody=True).out
        assert run("progress", home=reachable, nobody=True).status == 0
        assert run("doctor", "--rebuild", home=reachable, nobody=True).refused == banner


@pytest.mark.parametrize(("rights_of_home", "rights_of_file", "line"), [
    (0o700, 0o600, "{home} cannot be used (permission denied); name another folder with --home"),
    (0o755, 0o600, "{home}/progress.db cannot be read (permission denied); name another folder with --home"),
])
def test_what_may_not_be_read_is_named_with_the_reason(reachable, rights_of_home, rights_of_file, line):
    reachable.chmod(rights_of_home)
    (reachable / "progress.db").chmod(rights_of_file)
    line = line.format(home=reachable)
    with untouched(reachable.parent):
        assert run("plain", home=reachable, nobody=True).refused == line
        assert str(reachable) in run("today", home=reachable, nobody=True).refused
        told = run("doctor", home=reachable, nobody=True)
        assert (told.status, told.err) == (1, "")
        assert faults(told.out) == [line]


def test_a_home_that_may_not_be_made_is_named_with_the_reason(reachable):
    missing = reachable.parent / "new"
    with untouched(reachable.parent):
        assert run("plain", home=missing, nobody=True).refused == (
            f"{missing} cannot be used (permission denied); name another folder with --home")


# What is there is not what should be there ---------------------------------------------------


def refused_by(commands, drops, home, tmp_path, line):
    """These commands say the line and touch nothing; the doctor says it among its findings."""
    with untouched(home):
        for words in commands:
            status, out, err = drops(home, *words)
            if words == ("doctor",):
                assert (status, err, faults(out)) == (1, "", [line]), words
            else:
                assert (status, out, err) == (1, "", f"drops: {line}\n"), words
    assert (tmp_path / "neighbour.txt").read_text() == "not ours"
    with untouched(home):  # and the same, not only in this process
        assert run("plain", home=home).refused == line


def test_a_file_where_the_folder_should_be_is_named(drops, tmp_path):
    (tmp_path / "neighbour.txt").write_text("not ours")
    (tmp_path / "file").write_text("mine")
    refused_by(FEW, drops, tmp_path / "file", tmp_path,
                   f"{tmp_path}/file is a file, not a folder; name another with --home")


def test_a_folder_where_the_file_should_be_is_named(drops, home, tmp_path):
    (home / "progress.db").unlink()
    (home / "progress.db").mkdir()
    refused_by(FEW, drops, home, tmp_path,
                   f"{home}/progress.db is a folder where the progress file should be; {ELSEWHERE}")


def test_another_programs_database_is_left_as_it_is(drops, home, tmp_path):
    (home / "progress.db").unlink()
    with sqlite3.connect(home / "progress.db") as db:
        db.execute("CREATE TABLE bookmarks (url)")
    db.close()
    refused_by(COMMANDS, drops, home, tmp_path,
                   f"{home}/progress.db belongs to another program; it was left untouched: {ELSEWHERE}")


@pytest.mark.parametrize("content", [b"my diary\n", b"SQLite format 3\0 and no more", b"\0" * 5000],
                         ids=["text", "short", "zeros"])
def test_what_is_no_database_is_left_as_it_is(drops, home, tmp_path, content):
    (home / "progress.db").write_bytes(content)
    refused_by(FEW, drops, home, tmp_path,
                   f"{home}/progress.db is not a progress file of drops; it was left untouched: {ELSEWHERE}")


def test_what_a_later_drops_wrote_is_left_as_it_is(drops, home, tmp_path):
    write_at(home / "progress.db", 60, (99).to_bytes(4, "big"))
    refused_by(FEW, drops, home, tmp_path,
                   f"{home}/progress.db was written by a later drops (schema 99, this one knows 1); "
                   "it was left untouched: upgrade drops")


def test_a_file_cut_short_is_not_written_to(drops, home, tmp_path):
    path = home / "progress.db"
    size = path.stat().st_size
    os.truncate(path, size // 2)
    refused_by(COMMANDS, drops, home, tmp_path, f"{path} is cut short ({size // 2:,} of {size:,} bytes); {RESTORE}")


def test_an_emptied_file_is_no_new_learner(drops, home, tmp_path):
    os.truncate(home / "progress.db", 0)
    refused_by(FEW, drops, home, tmp_path, f"{home}/progress.db is empty; {RESTORE}")


# Damage --------------------------------------------------------------------------------------


def write_at(path: Path, place: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(content)


def page_of(path: Path, name: str) -> int:
    """Where a table's first page begins in the file."""
    with sqlite3.connect(path) as db:
        page = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    return (page - 1) * size


def damaged_line(path: Path, what: str) -> str:
    return (f"{path} is damaged ({what}); nothing more is written to it: `drops doctor` says what is damaged, "
            f"{RESTORE}")


@pytest.mark.parametrize(("where", "what"), [
    (18, "file is not a database"),
    (100, "database disk image is malformed"),
    ("event", "database disk image is malformed"),
    ("memory", "database disk image is malformed"),
])
def test_damage_is_told_and_a_restore_brings_back_all_that_can_be_read(home, tmp_path, where, what):
    path = home / "progress.db"
    before = events(home)
    place = where if isinstance(where, int) else page_of(path, where)
    write_at(path, place, b"\xa5" * (2 if place == 18 else 64))
    sound = {name: kept for name, kept in tree(home).items() if "/backups" in name}
    content = path.read_bytes()

    told = run("doctor", home=home)
    assert (told.status, told.err) == (1, "")
    assert any(RESTORE in fault for fault in faults(told.out))
    if where != "event":  # of a log with a damaged page some answers can still be read, and it is browsed
        assert run("plain", DROP, home=home, typed="quit\n").refused == damaged_line(path, what)
    assert path.read_bytes() == content

    told = run("doctor", "--restore", home=home)
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("restored from ")
    lost = [line for line in told.out.splitlines() if line.startswith("  lost: ")]
    assert len(events(home)) + len(lost) >= len(before) or where in (18, 100)
    assert {name: kept for name, kept in tree(home).items() if "/backups" in name}.items() >= sound.items()
    assert [kept.read_bytes() for kept in (home / "damaged").rglob("progress.db")] == [content]
    assert run("plain", home=home, typed="quit\n").out.splitlines()[-1] == (
        "Stopped. Every answer is stored; the next start goes on here.")


def test_a_flipped_byte_that_sqlite_does_not_see_ends_writing_and_is_undone_by_a_restore(home):
    path = home / "progress.db"
    content = path.read_bytes()
    place = content.rindex(b'"typed":"77') + len(b'"typed":"')
    write_at(path, place, b"5")
    before = path.read_bytes()

    told = run("plain", home=home, typed="quit\n")
    assert (told.status, told.err) == (0, "")
    banner = told.out.splitlines()[0]
    assert banner.startswith(f"{path} is damaged (answer ")
    assert banner.endswith(damaged_line(path, "").partition(")")[2])
    assert path.read_bytes() == before

    told = run("doctor", home=home)
    assert (told.status, told.err) == (1, "")
    assert any("were changed after they were written" in fault for fault in faults(told.out))

    assert run("doctor", "--restore", home=home).err == ""
    assert b'"typed":"77; 77; 77; 77"' in path.read_bytes()
    assert not any("changed" in fault for fault in faults(run("doctor", home=home).out))


def test_without_a_backup_damage_ends_in_a_fresh_file_with_all_that_can_be_read(home):
    shutil.rmtree(home / "backups")
    path, before = home / "progress.db", events(home)
    write_at(path, page_of(path, "memory"), b"\xa5" * 64)
    told = run("doctor", "--restore", home=home)
    assert told.out.startswith(f"restored without a backup to begin from: {len(before)} events, ")
    assert events(home) == before


def test_a_missing_file_with_backups_is_no_new_learner(home):
    (home / "progress.db").unlink()
    with untouched(home):
        assert run("plain", home=home).refused == (
            f"{home}/progress.db is missing, but its backups are there (1); `drops doctor --restore` brings the "
            f"newest back (to begin afresh, move {home}/backups away)")
    assert run("doctor", "--restore", home=home).status == 0
    assert len(events(home)) > 10


# Two at once ---------------------------------------------------------------------------------


def test_a_second_start_only_reads_and_says_which_process_writes(home):
    with Talk("plain", DROP, home=home) as first:
        first.prompt()
        line = (f"another drops (process {first.process.pid}) is writing to {home}; "
                "this one only reads: what is answered here is not saved")
        with untouched(home):
            second = run("plain", DROP, home=home, typed="quit\n")
            assert (second.status, second.err) == (0, "")
            assert second.out.splitlines()[0] == line
            assert run("import", home / "progress.db", home=home).refused == line
            assert run("doctor", "--restore", home=home).refused == line
            assert run("today", home=home).status == 0
        before = len(events(home))
        first.answer("show")
        first.prompt()
        assert len(events(home)) == before + 1  # the first was not disturbed
    third = run("plain", DROP, home=home, typed="quit\n")  # it was killed: its lock is nobody's
    assert third.out.splitlines()[0].startswith("Enter goes on")


# Signals and exceptions ----------------------------------------------------------------------

ALL_THE_SAME = "\x1b[?1049l"  # leaves the terminal's other screen
BROKEN = "import drops.study.study as s; s.Study.page = lambda *_: 1 // 0; "


class Terminal:
    """The app in a real terminal, and the terminal's own settings before and after."""

    def __init__(self, home: Path, before: str = "", **more: str) -> None:
        self.app = pexpect.spawn(sys.executable, ["-c", before + MAIN], env=environment(home, **more), cwd="/",
                                 dimensions=(24, 80), timeout=60, encoding="utf-8", codec_errors="replace")
        self.app.setecho(False)
        self.settings = termios.tcgetattr(self.app.child_fd)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.app.close(force=True)

    def end(self) -> str:
        """All that was printed to the end of the app."""
        self.app.expect(pexpect.EOF)
        said = self.app.before
        self.app.wait()
        return said

    @property
    def restored(self) -> bool:
        return termios.tcgetattr(self.app.child_fd) == self.settings


def test_sigterm_in_the_app_restores_the_terminal_and_loses_nothing(home):
    before = events(home)
    with Terminal(home) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.kill(signal.SIGTERM)
        said = terminal.end()
        assert terminal.restored
        assert ALL_THE_SAME in said
        assert "Traceback" not in said
        assert terminal.app.exitstatus == 143
    assert events(home) == before


def test_sigterm_in_a_session_of_lines_loses_nothing(home):
    with Talk("plain", DROP, home=home) as talk:
        talk.prompt()
        talk.answer("show")
        talk.prompt()
        before = events(home)
        talk.process.terminate()
        assert talk.process.wait(LONGEST) == -signal.SIGTERM
        assert talk.process.stderr.read() == b""
    assert events(home) == before
    assert run("plain", DROP, home=home, typed="quit\n").out.splitlines()[0].startswith("Enter goes on")


def test_ctrl_c_ends_a_session_of_lines_in_words(home):
    with Talk("plain", DROP, home=home) as talk:
        talk.prompt()
        for _ in range(20):  # one that comes just before it waits for a line is only seen with the next
            talk.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                assert talk.process.wait(1) == 0
                break
        assert talk.process.stderr.read() == b""
        assert talk.rest().endswith("Stopped. Every answer is stored; the next start goes on here.\n")


def test_an_error_of_our_own_is_one_line_and_a_report(home):
    done = subprocess.run([sys.executable, "-c", BROKEN + MAIN, "plain"], env=environment(home), cwd="/",
                          capture_output=True, text=True, check=False, timeout=60)
    (report,) = home.glob("report-*.txt")
    assert (done.returncode, done.stdout.count("Traceback")) == (1, 0)
    assert done.stderr == (
        f"drops stopped by an error of its own. Every answer is saved; please report it with {report}\n")
    assert "ZeroDivisionError" in report.read_text()


def test_an_error_in_the_app_restores_the_terminal_and_is_one_line_and_a_report(home):
    with Terminal(home, BROKEN) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.send("\r")
        said = terminal.end()
        assert terminal.restored
        assert terminal.app.exitstatus == 1
    (report,) = home.glob("report-*.txt")
    after = said.partition(ALL_THE_SAME)[2]
    assert "Traceback" not in said
    assert f"please report it with {report}" in " ".join(after.split()).replace(" ", "") or str(report) in "".join(
        after.split())
    assert "ZeroDivisionError" in report.read_text()


# Clocks --------------------------------------------------------------------------------------


def ids_grow(study: Study) -> bool:
    ids = [event.event_id for event in study.log.events(voided=True)]
    return ids == sorted(set(ids))


def test_a_clock_set_back_a_year_keeps_the_order_and_never_makes_a_day_negative(open_study, learners, clock):
    for _ in range(3):
        learners(open_study()).day()
        clock.days(2)
    before = open_study().log.events()
    clock.days(-365)
    study = open_study()
    learners(study).day()
    after = study.log.events()
    assert after[: len(before)] == before
    assert ids_grow(study)
    assert {event.study_day for event in after[len(before):]} == {clock().day.toordinal()}
    assert all(memory.due_day >= memory.last_day for memory in study.log.memories().values())
    for item in study.today(clock()).items:
        assert item.recall is None or 0 <= item.recall <= 1
    clock.days(365 + 30)  # and set right again
    study = open_study()
    assert study.today(clock()).items
    learners(study).day()
    assert ids_grow(study)


def test_a_flight_round_the_world_changes_no_day_that_is_past(study, clock):
    zones = ["Pacific/Kiritimati", "Europe/Berlin", "America/New_York", "Pacific/Pago_Pago"]
    at = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    days = []
    for hours, zone in enumerate(zones):
        there = moment((at + timedelta(hours=hours)).astimezone(ZoneInfo(zone)))
        study.change("budget_minutes", str(5 + hours), there)
        days.append(there.day.toordinal())
    changes = study.log.events(kinds=(Kind.SETTING,))
    assert [event.study_day for event in changes] == days
    assert [date.fromordinal(day).day for day in days] == [2, 2, 2, 1]
    assert [event.tz_offset_min for event in changes] == [840, 60, -300, -660]
    assert ids_grow(study)


@pytest.mark.parametrize(("before", "after"), [
    ("2026-03-29T01:59:00+01:00", "2026-03-29T03:01:00+02:00"),  # the hour that is missing
    ("2026-10-25T02:59:00+02:00", "2026-10-25T02:01:00+01:00"),  # the hour that comes twice
])
def test_the_night_the_clocks_change_belongs_to_one_learner_day(study, before, after):
    for minutes, text in enumerate((before, after)):
        study.change("budget_minutes", str(5 + minutes), moment(datetime.fromisoformat(text)))
    first, second = study.log.events(kinds=(Kind.SETTING,))
    assert first.study_day == second.study_day
    assert second.occurred_us - first.occurred_us == 2 * 60 * 1_000_000
    assert ids_grow(study)


def test_another_zone_at_the_next_start_goes_on_with_the_open_session(home):
    # an hour east is the same learner-day at noon, wherever the machine stands
    from program import EAST

    there = environment(home)["TZ"].replace(f"{-EAST:+d}", f"{-EAST - 1:+d}")
    told = run("plain", DROP, home=home, typed="quit\n", TZ=there)
    assert "Once more" in told.out or "Quiz" in told.out
    assert time.tzname  # the zone of this process is untouched
