"""What the tests of failures share: a home in which somebody has learned, and places that fail."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from drops.cli.main import main
from drops.course.model import Library
from drops.exercises.blocks import Numbers
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.study import Study
from program import DROP, now, small_disk


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


@pytest.fixture(name="small_disk")
def _small_disk(tmp_path):
    """Two megabytes that can really run out."""
    with small_disk(tmp_path / "disk") as place:
        yield place


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
