"""Files that somebody brings along: refused whole in one line, or row by row and counted."""

from __future__ import annotations

import json
import shutil
import sqlite3

import pytest

from drops.cli.main import main
from drops.store.rows import seal
from hostile import EVIL, clean, later, rows_of, write_export
from program import now, run, tree

WRONG = [None, True, -1, 10**30, 1.5, "x", [], [None], [[1]], {"a": 1}]


@pytest.mark.slow
def test_an_import_whose_every_value_has_another_shape_breaks_no_command(lived, hostile, tmp_path):
    """Rows that are sealed as they should be and say what no drops would ever say."""
    chosen = {(row.kind, tuple(json.loads(row.payload))): row for row in rows_of(lived)}.values()
    rows, number = [], 0
    for row in chosen:
        payload = json.loads(row.payload)
        for key in payload:
            for wrong in WRONG:
                number += 1
                made = later(row, payload=payload | {key: wrong}, study_day=now().day.toordinal())
                rows.append(
                    seal(
                        made._replace(
                            event_id=(int.from_bytes(made.event_id, "big") + (number << 80)).to_bytes(
                                16, "big"
                            )
                        )
                    )
                )
    home = tmp_path / "home"
    shutil.copytree(lived, home)
    told = run("import", write_export(tmp_path / "wrong.jsonl", rows), home=home)
    assert (told.status, told.err) == (0, "")
    for words in (("today",), ("path",), ("progress",), ("plain",), ("plain", "hostile-drop"), ("replay",)):
        told = run(*words, home=home, typed="quit\n", DROPS_CONTENT=str(hostile))
        assert "of its own" not in told.err, (words, sorted(home.glob("report*"))[-1].read_text())


MADE_BY_OTHERS = {
    "empty.jsonl": b"",
    "text.jsonl": b"dear diary\n",
    "zeros.db": b"\0" * 5000,
    "nested.jsonl": b"[" * 100_000,
    "evil.jsonl": EVIL.encode(),
    "later.jsonl": b'{"drops": "log", "schema": 99}\n',
    "picture.svg": b"<svg onload='alert(1)'/>",
    "header.db": b"SQLite format 3\0" + b"\xff" * 500,
}


@pytest.mark.parametrize("name", MADE_BY_OTHERS)
def test_a_file_that_is_no_history_is_refused_in_one_line_and_changes_nothing(lived, tmp_path, capsys, name):
    home, file = tmp_path / "home", tmp_path / name
    shutil.copytree(lived, home)
    file.write_bytes(MADE_BY_OTHERS[name])
    before = rows_of(home), tree(file)
    assert main(["--home", str(home), "import", str(file)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"drops: {file}")
    assert err.count("\n") == 1
    clean(err.encode())
    assert (rows_of(home), tree(file)) == before


def test_a_progress_file_with_code_in_it_is_refused(lived, tmp_path, capsys):
    home, other = tmp_path / "home", tmp_path / "other"
    shutil.copytree(lived, home)
    shutil.copytree(lived, other)
    with sqlite3.connect(other / "progress.db") as db:
        db.execute("CREATE TRIGGER planted AFTER INSERT ON event BEGIN DELETE FROM event; END")
    db.close()
    before = rows_of(home)
    assert main(["--home", str(home), "import", str(other / "progress.db")]) == 1
    assert capsys.readouterr().err == (
        f"drops: {other / 'progress.db'} is not made as drops makes a progress file; nothing was imported\n"
    )
    assert rows_of(home) == before


def test_bad_rows_are_counted_by_reason_and_good_ones_enter(lived, tmp_path, capsys):
    home = tmp_path / "home"
    shutil.copytree(lived, home)
    good = [later(row) for row in rows_of(home)]
    changed = later(later(good[0]))._replace(payload='{"typed":"42"}')  # after it was sealed
    file = write_export(tmp_path / "mixed.jsonl", [*good, changed])
    with file.open("a", encoding="utf-8") as more:
        more.write("not json\n" + EVIL.replace("\n", "") + "\n" + "9" * 2_000_000 + "\n{}\n")
    assert main(["--home", str(home), "import", str(file)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == f"{len(good)} new events, 0 known already, 5 kept out"
    assert set(out.splitlines()[1:-2]) == {
        "  kept out 1: the digest does not match: the row was changed after it was written",
        "  kept out 3: a line is no event",
        "  kept out 1: a line is too long",
    }
    clean(out.encode())
