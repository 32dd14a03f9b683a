"""What is derived is a cache: whatever another hand does to it is noticed, and derived again from the log."""

from __future__ import annotations

import io
import shutil
import sqlite3

import pytest

from drops.cli.main import main
from drops.events import Fact, Kind
from drops.memory.schedule import folded
from drops.store.file.glance import glance
from drops.store.file.ledger import ledger
from drops.store.file.shape import INDEXES, TABLES
from drops.store.lines import MENDED
from drops.store.log import Log
from drops.store.tables import CHECKSUM, DERIVED, METADATA

SPOILED = {
    "a stability of nothing": "UPDATE memory SET stability = 0",
    "a stability without end": "UPDATE memory SET stability = 9e999",
    "a stability that could be": "UPDATE memory SET stability = stability + 1",
    "a day beyond the calendar": "UPDATE memory SET last_day = 999999999",
    "a day that is a word": "UPDATE memory SET last_day = 'yesterday'",
    "a due day before all days": "UPDATE memory SET due_day = -5",
    "bytes for a name": "UPDATE memory SET algorithm = x'ff00'",
    "a missing memory": "DELETE FROM memory WHERE item_key = 'a/x'",
    "no memory": "DELETE FROM memory",
    "a memory of nothing": "INSERT INTO memory SELECT learner_id, 'z/z', 1, 0, 0, 1, 1, 1, 0, '' FROM memory LIMIT 1",
    "a setting that is no JSON": "UPDATE setting SET value = '{'",
    "a missing setting": "DELETE FROM setting",
    "a setting from nowhere": "INSERT INTO setting SELECT learner_id, 'theme', '[[' FROM memory LIMIT 1",
    "a page passed on no day": "UPDATE passed SET study_day = 'never'",
    "a missing page": "DELETE FROM passed",
    "a pace of nothing": "UPDATE pace SET durations = 'x', median = -1",
    "a day of less": "UPDATE daily SET graded = graded - 1",
    "a missing day": "DELETE FROM daily",
    "a tally that is no JSON": "UPDATE tally SET foreseen = 'x'",
    "a missing tally": "DELETE FROM tally",
    "a mix-up of another": "UPDATE mixup SET name = 'other'",
    "a sighting of no status": "UPDATE sighting SET status = 77",
    "no checksum": "DELETE FROM checksum",
    "another checksum": "UPDATE checksum SET memory = 5",
}


def spoil(path, deed):
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        assert db.execute(deed).rowcount
    db.close()


def gone(name, shape):
    """What another hand can do to a table, by what it is called."""
    other = shape.columns[shape.keys :]
    for column in other:
        index = "DROP INDEX memory_due; " if name == "memory" and column in ("due_day", "suspended") else ""
        yield f"{name} without {column}", f"{index}ALTER TABLE {name} DROP COLUMN {column}"
    yield f"no {name}", f"DROP TABLE {name}"
    yield f"an empty {name}", f"DELETE FROM {name}"
    yield f"{name} with a column more", f"ALTER TABLE {name} ADD COLUMN more TEXT"
    yield f"{name} with another name for a column", f"ALTER TABLE {name} RENAME COLUMN {other[-1]} TO other"
    copied = f"CREATE TABLE copy AS SELECT * FROM {name}; DROP TABLE {name}; "
    yield f"{name} without its key", f"{copied}ALTER TABLE copy RENAME TO {name}"
    yield f"a view called {name}", f"{copied}CREATE VIEW {name} AS SELECT * FROM copy"


GONE = dict(deed for name, shape in TABLES.items() for deed in gone(name, shape))
GONE |= {f"no index {name}": f"DROP INDEX {name}" for name in INDEXES}
GONE |= {
    f"an index {name} of another column": f"DROP INDEX {name}; CREATE INDEX {name} ON {table} (learner_id)"
    for name, (table, _) in INDEXES.items()
}
GONE["no table of what is derived, and no index"] = "".join(
    [f"DROP INDEX {name}; " for name in INDEXES] + [f"DROP TABLE {name}; " for name in TABLES]
)


def made(path):
    """How a file is made: its tables and indexes, and what its log holds."""
    with sqlite3.connect(path) as db:
        named = db.execute("SELECT type, name, sql FROM sqlite_master WHERE name <> 'copy' ORDER BY name")
        shape = [(kind, name, "".join((sql or "").replace('"', "").split())) for kind, name, sql in named]
        events = db.execute("SELECT * FROM event").fetchall()
    db.close()
    return shape, events


@pytest.fixture(scope="module")
def derived(tmp_path_factory, at, answer):
    """A home with all that can be derived, and what it comes to."""
    home = tmp_path_factory.mktemp("derived") / "home"
    with Log.open(home, folded(0.9), now=at(), daily_backup=False) as log:
        for day in (0, 3, 20):
            log.append_all([answer("a/x", misconceptions=["no-bias"]), answer("b/x")], at(day))
        log.append(Fact(Kind.SESSION, "a/read", payload={"passed": True}), at(20))
        log.append(Fact(Kind.SETTING, payload={"name": "new_per_day", "value": 2}), at(20))
        added_up = log.ledger()
    assert all((added_up.sightings, added_up.tallies, added_up.glance.passed, added_up.glance.settings))
    return home, added_up


@pytest.fixture
def lived(derived, home):
    """Such a home, of this test alone."""
    made, added_up = derived
    shutil.copytree(made, home)
    return home, added_up


@pytest.mark.slow
@pytest.mark.parametrize("deed", SPOILED.values(), ids=SPOILED)
def test_it_is_derived_again_on_opening_and_told_once(lived, at, deed):
    home, good = lived
    spoil(home / "progress.db", deed)
    assert glance(home).stale
    with Log.open(home, folded(0.9), now=at(21), daily_backup=False) as log:
        assert log.mended == MENDED.format(path=home / "progress.db")
        assert log.ledger() == good
        assert not log.read_only
    with Log.open(home, folded(0.9), now=at(21), daily_backup=False) as log:
        assert log.mended == ""
    assert ledger(home) == good


def test_the_shapes_are_those_of_the_tables():
    for table in (*DERIVED, CHECKSUM):
        keys = [column.name for column in table.primary_key]
        assert TABLES[table.name] == (tuple(column.name for column in table.c), len(keys))
        assert [column.name for column in table.c][: len(keys)] == keys
    assert len(TABLES) == len(DERIVED) + 1
    made_with = {i.name: (t.name, " ".join(c.name for c in i.columns)) for t in METADATA.sorted_tables for i in t.indexes}
    assert made_with == INDEXES


@pytest.mark.slow
@pytest.mark.parametrize("deed", GONE.values(), ids=GONE)
def test_what_is_missing_of_a_table_or_an_index_is_made_again_and_the_log_stays(lived, at, deed):
    home, good = lived
    path = home / "progress.db"
    before = made(path)
    with sqlite3.connect(path) as db:
        db.executescript(deed)
    db.close()
    assert glance(home).stale
    with Log.open(home, folded(0.9), now=at(21), daily_backup=False) as log:
        assert log.mended == MENDED.format(path=path)
        assert log.ledger() == good
        assert not log.read_only
        log.append(Fact(Kind.SESSION, "b/read", payload={"passed": True}), at(21))
    assert made(path)[0] == before[0]
    assert made(path)[1][: len(before[1])] == before[1]
    with Log.open(home, folded(0.9), now=at(21), daily_backup=False) as log:
        assert log.mended == ""


SOME_GONE = [GONE[name] for name in ("no pace", "memory without due_day", "no index event_rare")]


@pytest.mark.slow
@pytest.mark.parametrize("deed", SOME_GONE)
def test_the_doctor_says_what_to_do_where_a_table_or_an_index_is_missing(lived, capsys, files, deed):
    home, good = lived
    with sqlite3.connect(home / "progress.db") as db:
        db.executescript(deed)
    db.close()
    before = files(home)
    assert main(["--home", str(home), "doctor"]) == 1
    assert "✗ what was derived does not equal a replay of the log; `drops doctor --rebuild`" in capsys.readouterr().out
    assert files(home) == before
    main(["--home", str(home), "doctor", "--rebuild"])
    said = capsys.readouterr().out
    assert "✓ what was derived equals a replay of the log" in said
    left = [line for line in said.splitlines() if line.startswith("✗")]
    assert all("Your last answer is from" in line for line in left), left  # the days of these tests are not today's
    assert ledger(home) == good


@pytest.mark.parametrize("deed", SOME_GONE)
def test_where_nothing_may_be_written_a_missing_table_is_made_in_memory(lived, at, deed, files):
    home, good = lived
    with sqlite3.connect(home / "progress.db") as db:
        db.executescript(deed)
    db.close()
    before = files(home)
    with Log.open(home, folded(0.9), now=at(21), read_only=True) as log:
        assert log.mended
        assert log.ledger() == good
    assert files(home) == before


@pytest.mark.parametrize("deed", [SPOILED[name] for name in ("a stability of nothing", "a missing day")])
def test_where_nothing_may_be_written_it_is_right_all_the_same(lived, at, deed, files):
    home, good = lived
    spoil(home / "progress.db", deed)
    before = files(home)
    with Log.open(home, folded(0.9), now=at(21), read_only=True) as log:
        assert log.mended
        assert log.ledger() == good
    assert files(home) == before


@pytest.mark.slow
@pytest.mark.parametrize("command", [("today",), ("path",), ("progress",), ("plain",)])
@pytest.mark.parametrize("deed", [SPOILED[name] for name in ("a day that is a word", "a setting that is no JSON")])
def test_every_command_goes_on_and_says_so_once(lived, capsys, monkeypatch, command, deed):
    home, _ = lived
    spoil(home / "progress.db", deed)
    monkeypatch.setattr("sys.stdin", io.StringIO("1\nquit\n"))
    said = f"drops: {MENDED.format(path=home / 'progress.db')}\n"
    assert main(["--home", str(home), *command]) == 0
    printed = capsys.readouterr()
    assert printed.err == said
    assert main(["--home", str(home), *command]) == 0
    assert capsys.readouterr().err == ""


def test_the_doctor_looks_and_changes_nothing_and_rebuilding_mends_it(lived, capsys, files):
    home, good = lived
    spoil(home / "progress.db", SPOILED["a setting that is no JSON"])
    before = files(home)
    assert main(["--home", str(home), "doctor"]) == 1
    assert "✗ what was derived does not equal a replay of the log; `drops doctor --rebuild`" in capsys.readouterr().out
    assert files(home) == before
    main(["--home", str(home), "doctor", "--rebuild"])
    assert "✓ what was derived equals a replay of the log" in capsys.readouterr().out
    assert ledger(home) == good


def test_the_learners_own_recall_to_aim_at_is_kept_when_all_is_derived_again(home, at, answer, capsys):
    with Log.open(home, folded(0.8), now=at(), daily_backup=False) as log:
        log.append_all([answer("a/x")], at())
        log.append(Fact(Kind.SETTING, payload={"name": "retention", "value": 0.8}), at())
        good = log.memories()
    spoil(home / "progress.db", "UPDATE memory SET due_day = 5")
    assert main(["--home", str(home), "today"]) == 0
    assert ledger(home).glance.memories == good


def test_a_pause_over_coffee_is_not_practice(home, opened, at, answer):
    with opened(home) as log:
        log.append_all([answer(ms=3_600_000), answer(ms=20_000)], at())
        assert log.daily()[0].ms == 200_000
        event = log.events()[0]
        log.append(Fact(Kind.VOID, target=event.event_id), at())
        assert log.daily()[0].ms == 20_000


def test_a_mix_up_is_counted_by_item_alone_and_tied(home, opened, at, answer):
    with opened(home) as log:
        log.append(answer("a/x", misconceptions=["no-bias"]), at())
        log.append(answer("a/x", misconceptions=["no-bias", "sign-dropped"]), at(1))
        last = log.append(answer("a/y", kind=Kind.PRACTICE, misconceptions=["no-bias"]), at(2))
        query = "SELECT item_key, name, times, tied, last_day FROM mixup"
        rows = log.read(lambda db: db.exec_driver_sql(query).all())
        day = at().day.toordinal()
        assert set(rows) == {
            ("a/x", "no-bias", 1, 1, day + 1),
            ("a/x", "sign-dropped", 0, 1, day + 1),
            ("a/y", "no-bias", 1, 0, day + 2),
        }
        assert log.showings("no-bias", "a") == 3
        assert log.showings("no-bias", "b") == 0
        log.append(Fact(Kind.VOID, target=last.event_id), at(2))
        assert log.showings("no-bias", "a") == 2


LOOKS = (
    ("today",),
    ("path",),
    ("paths",),
    ("progress",),
    ("progress", "--json"),
    ("doctor",),
    ("completion", "bash"),
    ("export", "all.jsonl"),
    ("backup", "copy.db"),
)


@pytest.mark.slow
@pytest.mark.parametrize("command", LOOKS, ids=" ".join)
def test_a_command_that_only_looks_makes_nothing_in_an_empty_home(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    status = main(["--home", str(tmp_path / "home"), *command])
    assert list(tmp_path.iterdir()) == []
    told = capsys.readouterr().err
    if command[0] in ("export", "backup"):
        line = f"drops: no progress in {tmp_path}/home yet, and so nothing to write; `drops` begins\n"
        assert (status, told) == (1, line)
    else:
        assert (status, told) == (0, "")
