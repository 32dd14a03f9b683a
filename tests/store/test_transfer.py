"""Export and import of files."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import stat

import pytest

from drops.errors import Damaged, Foreign, Newer, NotSaved, StoreError
from drops.events import Fact, Kind, Rating
from drops.store.transfer import export, import_file


@pytest.fixture
def log(home, opened, at, answer):
    with opened(home) as log:
        log.append(answer("a/x", ms=12_300, typed="=1+1 é"), at())
        log.append(answer("a/y", rating=Rating.AGAIN, ms=None), at(1, zone_hours=2))
        undone = log.append(answer("a/x"), at(1))
        log.append(Fact(Kind.VOID, target=undone.event_id), at(1))
        log.append(Fact(Kind.SETTING, payload={"name": "minutes", "value": 8}), at(1))
        yield log


@pytest.fixture
def other(tmp_path, opened):
    with opened(tmp_path / "other") as log:
        yield log


def test_a_whole_log_goes_out_and_comes_in(log, other, tmp_path, at, state):
    target = tmp_path / "mine.jsonl"
    assert export(log, target) == 5
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    head, *lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert head == {"drops": "log", "schema": 2}
    assert [line["correct"] for line in lines] == [True, False, True, None, None]
    assert b", " not in target.read_bytes().splitlines()[1]  # a year of answers is not half blanks
    merged = import_file(other, target, at(), merge_learner=True).merged
    assert (merged.new, merged.known, merged.refused) == (5, 0, 0)
    assert state(other) == state(log)


@pytest.mark.parametrize(("ending", "dialect"), [("csv", "excel"), ("tsv", "excel-tab")])
def test_a_table_for_people_has_what_stands_and_no_formula(log, tmp_path, ending, dialect):
    target = tmp_path / f"mine.{ending}"
    assert export(log, target) == 3
    with target.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, dialect))
    assert rows == [
        ["when", "day", "kind", "item", "rating", "correct", "seconds", "details"],
        [
            "2026-03-02T12:00:00+00:00",
            "2026-03-02",
            "graded",
            "a/x",
            "good",
            "yes",
            "12.3",
            '{"typed": "=1+1 é"}',
        ],
        ["2026-03-03T14:00:00+02:00", "2026-03-03", "graded", "a/y", "again", "no", "", "{}"],
        [
            "2026-03-03T12:00:00+00:00",
            "2026-03-03",
            "setting",
            "",
            "",
            "",
            "",
            '{"name": "minutes", "value": 8}',
        ],
    ]
    assert not any(cell[:1] in tuple("=+-@") for row in rows for cell in row if cell)


def test_an_unknown_ending_is_refused(log, tmp_path, files):
    before = files(tmp_path)
    with pytest.raises(StoreError) as refused:
        export(log, tmp_path / "mine.xlsx")
    assert str(refused.value) == (
        f"{tmp_path}/mine.xlsx: the ending says the format; "
        "use .jsonl for everything, .csv or .tsv for a spreadsheet, .apkg for Anki"
    )
    assert files(tmp_path) == before


def test_an_export_to_nowhere_says_so(log, tmp_path):
    with pytest.raises(NotSaved) as refused:
        export(log, tmp_path / "no" / "mine.csv")
    assert str(refused.value) == (
        f"{tmp_path}/no/mine.csv cannot be written (no such file or directory); nothing was changed"
    )


def test_bad_lines_are_counted_and_good_ones_enter(log, other, tmp_path, at):
    target = tmp_path / "mine.jsonl"
    export(log, target)
    head, *lines = target.read_bytes().splitlines()
    forged = json.loads(lines[0]) | {"rating": 4}
    target.write_bytes(
        b"\n".join(
            [
                head,
                lines[0],
                b"",
                b"{",
                b"[]",
                b"\xff\xfe",
                b'{"learner_id": "zz"}',
                b"[" * 5000,
                json.dumps(forged).encode(),
                b"x" * 3_500_000,
                b"x" * 999_999,
                json.dumps(json.loads(lines[1]) | {"event_id": None}).encode(),
                json.dumps(json.loads(lines[1]) | {"kind": 1e999}).encode(),
                *lines[1:],
            ]
        )
    )
    merged = import_file(other, target, at(), merge_learner=True).merged
    assert (merged.new, merged.known) == (5, 0)
    assert merged.quarantined == {
        "a line is no event": 6,
        "a line is too long": 1,
        "event_id is not 16 bytes": 1,
        "the digest does not match: the row was changed after it was written": 1,
        "kind is not a whole number between 1 and 8": 1,
    }
    assert merged.refused == 10


def test_rows_of_another_file_are_doubted_one_by_one(log, other, tmp_path, at, files):
    log.close()
    source = tmp_path / "theirs.db"
    shutil.copy(log.path, source)
    with sqlite3.connect(source) as db:
        db.execute("PRAGMA ignore_check_constraints=ON")
        db.execute("UPDATE event SET rating = 4 WHERE item_key = 'a/y'")
        db.execute("UPDATE event SET payload = CAST(x'ff1b' AS TEXT) WHERE kind = 8")
        db.execute("UPDATE event SET study_day = 'today' WHERE kind = 5")
    db.close()
    before = files(tmp_path)
    merged = import_file(other, source, at(), merge_learner=True).merged
    assert (merged.new, merged.refused) == (2, 3), merged
    assert {name: content for name, content in files(tmp_path).items() if not name.startswith("other/")} == {
        name: content for name, content in before.items() if not name.startswith("other/")
    }


def refused(other, source, at, state, error, line):
    before = state(other)
    with pytest.raises(error) as failure:
        import_file(other, source, at(), merge_learner=True)
    assert (str(failure.value), failure.value.path) == (line, source)
    assert state(other) == before


@pytest.mark.parametrize(
    "content", [b"diary\n", b"", b"{}", b'{"drops": "log"}', b'{"drops":"log","schema":"x"}', b"[1]"]
)
def test_a_file_that_is_no_log_is_refused(other, tmp_path, at, state, content):
    source = tmp_path / "x.jsonl"
    source.write_bytes(content)
    refused(
        other,
        source,
        at,
        state,
        Foreign,
        f"{source} is neither an exported log nor a progress file of drops; nothing was imported",
    )


def test_a_later_export_is_refused(other, tmp_path, at, state):
    source = tmp_path / "x.jsonl"
    source.write_text('{"drops":"log","schema":3}\n')
    refused(
        other,
        source,
        at,
        state,
        Newer,
        f"{source} was exported by a later drops; nothing was imported: upgrade drops",
    )


def test_a_file_that_is_not_there_is_named(other, tmp_path, at, state):
    source = tmp_path / "gone.jsonl"
    refused(
        other,
        source,
        at,
        state,
        StoreError,
        f"{source} cannot be read (no such file or directory); nothing was imported",
    )


@pytest.mark.parametrize(
    "plant",
    [
        "CREATE VIEW v AS SELECT 1",
        "CREATE TRIGGER t AFTER INSERT ON meta BEGIN SELECT 1; END",
        "ALTER TABLE event RENAME TO e; CREATE VIEW event AS SELECT * FROM e",
        "ALTER TABLE event RENAME COLUMN payload TO p",
        "ALTER TABLE event RENAME COLUMN payload TO p; ALTER TABLE event ADD COLUMN payload TEXT AS (upper(p))",
        "DROP TABLE event",
    ],
)
def test_a_file_with_code_in_it_is_refused(log, other, tmp_path, at, state, plant):
    log.close()
    source = tmp_path / "theirs.db"
    shutil.copy(log.path, source)
    with sqlite3.connect(source) as db:
        db.executescript(plant)
    db.close()
    refused(
        other,
        source,
        at,
        state,
        Foreign,
        f"{source} is not made as drops makes a progress file; nothing was imported",
    )


def test_another_programs_database_is_refused(other, tmp_path, at, state):
    source = tmp_path / "theirs.db"
    with sqlite3.connect(source) as db:
        db.execute("CREATE TABLE event (x)")
    db.close()
    refused(
        other,
        source,
        at,
        state,
        Foreign,
        f"{source} belongs to another program; nothing was imported",
    )


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"SQLite format 3\0half a header", Foreign, "is not a progress file of drops"),
        (b"short", Damaged, "is cut short (1,000 of "),
    ],
)
def test_what_is_wrong_with_a_file_to_import_advises_nothing_about_the_learners_own(
    log, other, tmp_path, at, state, content, error, says
):
    log.close()
    source = tmp_path / "theirs.db"
    source.write_bytes(log.path.read_bytes()[:1000] if content == b"short" else content)
    before = state(other)
    with pytest.raises(error) as refusal:
        import_file(other, source, at())
    line = str(refusal.value)
    assert line.startswith(f"{source} {says}")
    assert line.endswith("; nothing was imported")
    assert "--" not in line
    assert state(other) == before


def test_a_damaged_file_is_refused_as_a_whole(log, other, tmp_path, at, state):
    log.close()
    source = tmp_path / "theirs.db"
    content = bytearray(log.path.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\xa5" * 4096
    source.write_bytes(content)
    before = state(other)
    with pytest.raises(Damaged, match=r"theirs\.db is damaged \(Page 4: .*\); nothing was imported$"):
        import_file(other, source, at(), merge_learner=True)
    assert state(other) == before
