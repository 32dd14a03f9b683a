"""A library, a home and a history of somebody who means ill."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from drops.course.parse import load
from drops.exercises.blocks import Numbers
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.store.rows import StoredRow
from drops.study.study import Study
from hostile import EVIL, HOME, Labels, evil, later, plant, rows_of, write_export, yesterday
from lessons import FIRST
from program import run


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one path with one drop: the real first one, hostile in every place that takes words."""
    folder = tmp_path_factory.mktemp("library") / "content"
    (real,) = FIRST.glob("01-*.md")
    drop, page, label = (
        real.read_text(encoding="utf-8"),
        (real.parent / "path.md").read_text(encoding="utf-8"),
        Labels(),
    )
    drop_id, path_id = real.stem.partition("-")[2], real.parent.name
    front, _, body = page.removeprefix("+++\n").partition("\n+++\n")
    blocks = re.split(r"\n(?=\[)", front)
    kept = [block for block in blocks if not block.startswith(("[[phases]]", "[[outcomes]]", "[teaches]"))]
    phases = [
        next(block for block in blocks if block.startswith("[[phases]]")).replace("drops = 4", "drops = 1")
    ]
    outcomes = [f'[[outcomes]]\ntext = "Do it"\nshown_by = ["{drop_id}"]']
    teaches = [
        "[teaches]\n"
        + "\n".join(line for line in blocks[-1].split("\n") if line.endswith((f'"{drop_id}"', "beyond")))
    ]
    minutes = re.search(r"^minutes = (\d+)", drop, re.MULTILINE)[1]
    head = re.sub(r"^minutes = \d+", f"minutes = {minutes}", kept[0], flags=re.MULTILINE)
    page = "+++\n" + "\n".join([head, *phases, *outcomes, *kept[1:], *teaches]) + "\n+++\n" + body
    (folder / "hostile").mkdir(parents=True)
    for name, text in (("01-hostile-drop.md", drop), ("path.md", page)):
        text = text.replace(f'id = "{path_id}"', 'id = "hostile-path"').replace(drop_id, "hostile-drop")  # noqa: PLW2901
        names = re.findall(
            r'^([a-z-]+) = "', drop.partition("[misconceptions]")[2].partition("[[")[0], re.MULTILINE
        )
        (folder / "hostile" / name).write_text(plant(text, label, names), encoding="utf-8")
    assert label.count > 50
    assert load([folder]).drop("hostile-drop")
    return folder


@pytest.fixture(scope="session")
def lived(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the hostile drop was answered, and now comes back."""
    home = tmp_path_factory.mktemp("lived") / "home"
    study = Study(load([hostile]), Log.open(home, folded(0.9), now=yesterday()))
    session = study.begin(yesterday(), drop="hostile-drop")
    while not session.ended:
        page = study.page(session)
        if isinstance(page.ask, Numbers):
            session, _ = study.answer(
                session, "; ".join("77" for _ in page.ask.fields), yesterday(), seconds=9
            )
        elif page.part == "predict":
            session, _ = study.answer(session, "a", yesterday(), seconds=9, confidence="certain")
        elif page.ask is not None:
            session, _ = study.reveal(session, yesterday(), seconds=9)
        session = study.turn(session, yesterday())
    study.close()
    return home


@pytest.fixture(scope="session")
def all_brought(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same home, after rows that are hostile in every text were imported, twice, once in each form."""
    tmp_path = tmp_path_factory.mktemp("brought")
    home = tmp_path / HOME
    shutil.copytree(lived, home)
    rows = [
        later(row, payload=evil(json.loads(row.payload))) for row in rows_of(home) if row.kind in (1, 2, 3)
    ]
    told = run("import", write_export(tmp_path / "evil.jsonl", rows), home=home)
    assert told.out.startswith(f"{len(rows)} new events, 0 known already, 0 kept out\n")
    assert told.err == ""
    other = tmp_path / "other"
    shutil.copytree(lived, other)
    with sqlite3.connect(other / "progress.db") as db:
        again = [later(row) for row in rows]
        db.executemany(f"INSERT INTO event VALUES ({', '.join('?' * len(StoredRow._fields))})", again)
    db.close()
    told = run("import", other / "progress.db", home=home)
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith(f"{len(rows)} new events, ")
    return home


@pytest.fixture
def brought(all_brought: Path, tmp_path: Path) -> Path:
    """Such a home, of this test alone."""
    shutil.copytree(all_brought, tmp_path / HOME)
    return tmp_path / HOME


@pytest.fixture
def found(lived: Path, tmp_path: Path) -> Path:
    """A home whose progress file somebody else wrote: hostile in every text, and sealed as drops would."""
    home = tmp_path / HOME
    shutil.copytree(lived, home)
    rows = rows_of(home)
    more = [later(row, payload=evil(json.loads(row.payload))) for row in rows if row.kind in (1, 2, 3)]
    learner, key = rows[0].learner_id, f"hostile-drop/{EVIL}"
    more.append(later(more[-1], item_key=f"={EVIL}"))
    with sqlite3.connect(home / "progress.db") as db:
        db.executemany(f"INSERT INTO event VALUES ({', '.join('?' * len(StoredRow._fields))})", more)
        for name in ("theme", "retention", "rollover_hour", "budget_minutes", "reduced_motion", EVIL):
            db.execute(
                "INSERT OR REPLACE INTO setting VALUES (?, ?, ?)",
                (learner, name, json.dumps(f"PWN97 {EVIL}")),
            )
        db.execute("UPDATE memory SET algorithm = ?", (EVIL,))
        db.execute(
            "INSERT INTO memory SELECT learner_id, ?, due_day, stability, difficulty, last_day, reps, lapses,"
            " suspended, ? FROM memory LIMIT 1",
            (key, EVIL),
        )
        db.execute("INSERT INTO passed VALUES (?, ?, 1)", (learner, key))
        db.execute("INSERT INTO pace VALUES (?, ?, ?, 1000)", (learner, key, json.dumps([EVIL])))
    db.close()
    return home


@pytest.fixture(params=["brought", pytest.param("found", marks=pytest.mark.slow)])
def hostile_home(request: pytest.FixtureRequest) -> Path:
    """A hostile history, imported or found at home."""
    return request.getfixturevalue(request.param)
