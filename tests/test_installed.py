"""What an installed drops needs of its machine: nothing written beside the package, no file or folder
that Windows or macOS would treat otherwise, and every file of ours in what is built."""

from __future__ import annotations

import ast
import asyncio
import os
import shutil
import subprocess
import sys
import tomllib
import zipapp
from pathlib import Path

import pytest

import sums_path
from drops import carried
from drops.store.file import files, health
from drops.store.file.glance import glance
from drops.study.today import today
from drops.tui.app import DropsApp
from program import environment

ROOT = Path(__file__).parents[1]
SOURCES = [*ROOT.glob("drops/**/*.py"), *ROOT.glob("nnlab/**/*.py")]

# Tells every file or folder under the package that is opened to be written, made, renamed or removed.
WATCHED = """
import os, sys
from pathlib import Path
import drops, nnlab
ours = tuple(str(Path(one.__file__).parent) for one in (drops, nnlab)) + (str(Path(drops.__file__).parents[1] / "content"),)
def hook(event, given):
    if event == "open" and isinstance(given[0], str) and os.path.abspath(given[0]).startswith(ours):
        if (isinstance(given[1], str) and set(given[1]) & set("wax+")) or (given[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            os.write(2, f"{event} {given}\\n".encode())
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "shutil.copyfile"):
        if any(isinstance(one, str) and os.path.abspath(one).startswith(ours) for one in given):
            os.write(2, f"{event} {given}\\n".encode())
sys.addaudithook(hook)
from drops.cli.main import main
sys.exit(main())
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        "plain 1",
        *(
            pytest.param(words, marks=pytest.mark.slow)
            for words in ("today", "path", "progress", "doctor", "check mine", "completion bash")
        ),
    ],
)
def test_nothing_is_written_beside_the_package(tmp_path, words):
    sums_path.write(tmp_path / "mine")
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, *words.split()],
        input="show\n\n1\n1\n" * 200,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=environment(tmp_path / "home"),
        cwd=tmp_path,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_the_watch_sees_a_write(tmp_path):
    touch = "from pathlib import Path; Path(drops.__file__).with_name('py.typed').open('r+b').close()"
    code = WATCHED.replace("from drops.cli.main import main\nsys.exit(main())", touch)
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=environment(tmp_path),
        cwd=tmp_path,
    )
    assert "py.typed" in done.stderr


# Other systems -----------------------------------------------------------------------------------


def test_on_windows_a_file_is_opened_to_be_written_before_it_is_put_on_the_disk(tmp_path, monkeypatch):
    opened = []
    real = os.open
    monkeypatch.setattr(files, "WINDOWS", True)
    monkeypatch.setattr(
        os, "open", lambda path, flags, *more: opened.append((path, flags)) or real(path, flags, *more)
    )
    files.write_whole(tmp_path / "a.db", b"all of it")
    assert (tmp_path / "a.db").read_bytes() == b"all of it"
    assert {path for path, _ in opened if path == tmp_path} == set()  # no folder is opened there
    assert all(flags & (os.O_RDWR | os.O_WRONLY) for _, flags in opened)


def test_on_windows_the_doctor_asks_for_no_rights_that_are_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(health, "WINDOWS", True)
    assert list(health._private(tmp_path / "progress.db")) == []


@pytest.mark.skipif(os.name == "nt", reason="rights as bits")
def test_a_folder_with_a_blank_in_its_name_is_quoted_in_the_remedy(tmp_path):
    home = tmp_path / "Application Support"
    home.mkdir()
    home.chmod(0o755)
    (home / "progress.db").touch()
    assert next(health._private(home / "progress.db")).do == f"chmod 700 '{home}'"


async def test_the_app_starts_where_no_signal_handler_can_be_set(monkeypatch, study, clock):
    """As on Windows, whose event loop has none."""

    def refuse(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(type(asyncio.get_running_loop()), "add_signal_handler", refuse)
    home = study.log.path.parent
    app = DropsApp(
        lambda: today(study.library, glance(home), clock()),
        lambda: study,
        clock,
        lambda: study.library,
        home=home,
    )
    async with app.run_test() as pilot:
        await pilot.pause()
        assert type(app.screen).__name__ == "TodayScreen"


POSIX_ONLY = {"fcntl", "termios", "tty", "resource", "pwd", "grp", "select"}
POSIX_CALLS = {
    "geteuid",
    "getuid",
    "fchmod",
    "fork",
    "kill",
    "mkfifo",
    "tzset",
    "pthread_kill",
    "alarm",
    "SIGHUP",
}


def only_somewhere(node: ast.AST) -> bool:
    """Whether a piece of code needs what some systems lack, or reads text in the machine's own encoding."""
    match node:
        case ast.Import(names=names):
            return bool({alias.name for alias in names} & POSIX_ONLY)
        case ast.ImportFrom(module=module):
            return module in POSIX_ONLY
        case ast.Attribute(value=ast.Name(id="os" | "signal" | "time"), attr=attr):
            return attr in POSIX_CALLS
        case ast.Call(func=ast.Attribute(attr="read_text"), args=[], keywords=keywords):
            return "encoding" not in {keyword.arg for keyword in keywords}
        case ast.Call(func=ast.Attribute(attr="write_text"), args=[_], keywords=keywords):
            return "encoding" not in {keyword.arg for keyword in keywords}
        case ast.Call(
            func=ast.Attribute(attr="open"), args=[ast.Constant(value=str(mode))], keywords=keywords
        ):
            return "b" not in mode and "encoding" not in {keyword.arg for keyword in keywords}
    return False


@pytest.mark.slow
def test_no_module_needs_what_only_some_systems_have():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        if path.name != "driver.py"  # of POSIX terminals, chosen only there
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if only_somewhere(node)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import fcntl", True),
        ("from termios import tcgetattr", True),
        ("os.geteuid()", True),
        ("desk.fork()", False),
        ("path.read_text()", True),
        ("path.write_text('a')", True),
        ("path.open('w')", True),
        ("path.open('rb')", False),
        ("import os", False),
        ("path.read_text(encoding='utf-8')", False),
        ("path.open('w', encoding='utf-8')", False),
    ],
)
def test_the_search_for_such_code_finds_it(code, found):
    assert any(map(only_somewhere, ast.walk(ast.parse(code)))) == found


def test_no_name_of_a_file_here_is_one_that_windows_refuses_or_cannot_tell_apart():
    names = [
        str(path.relative_to(ROOT))
        for top in ("drops", "nnlab", "content", "tests")
        for path in (ROOT / top).rglob("*")
        if "__pycache__" not in path.parts
    ]
    assert [name for name in names if set(name) & set('<>:"|?*\\\\')] == []
    assert len({name.lower() for name in names}) == len(names)


# What is built -----------------------------------------------------------------------------------


def test_every_kind_of_file_that_the_program_reads_is_in_a_package_or_forced_in():
    """The wheel takes the two packages whole and the content beside them; nothing else is read at run time."""
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"][
        "targets"
    ]
    assert built["wheel"]["packages"] == ["drops", "nnlab"]
    assert built["wheel"]["force-include"] == {"content": "drops/_content", "docs": "drops/_docs"}
    assert {"drops", "nnlab", "content", "docs", "tests", "README.md", "CHANGELOG.md", "LICENSE"} <= {
        *built["sdist"]["include"]
    }
    for place in (
        "drops/tui/app.tcss",
        "drops/py.typed",
        "nnlab/py.typed",
        "nnlab/tables/SOURCES.md",
        "drops/store/migrations",
    ):
        assert (ROOT / place).exists()


# ── one file ──


@pytest.fixture(scope="module")
def one_file(tmp_path_factory):
    """The program as a zipapp: the package with its content inside, as a wheel has it."""
    place = tmp_path_factory.mktemp("zip")
    leave = shutil.ignore_patterns("__pycache__")
    for package in ("drops", "nnlab"):
        shutil.copytree(ROOT / package, place / "tree" / package, ignore=leave)
    shutil.copytree(ROOT / "content", place / "tree" / "drops" / "_content")
    zipapp.create_archive(place / "tree", place / "drops.pyz", main="drops.cli.main:main")
    return place / "drops.pyz"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("today", "minutes: drop 1"),
        ("paths", "14 drops, chosen"),
        ("check mine", "content is sound"),
        ("plain 1", "Drop 1. A neuron is a weighted sum and a squash"),
        ("doctor", "paths, "),
    ],
)
def test_the_program_runs_from_one_file_and_leaves_nothing_behind(one_file, tmp_path, words, says):
    (tmp_path / "left").mkdir()
    sums_path.write(tmp_path / "mine")
    done = subprocess.run(
        [sys.executable, "-P", str(one_file), *words.split()],
        input="",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        cwd=tmp_path,
        env=environment(tmp_path / "home", TMPDIR=str(tmp_path / "left")),
    )
    assert says in done.stdout, done
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "left").iterdir()) == []


def test_what_is_carried_is_read_in_place_and_unpacked_only_where_it_is_not(monkeypatch, tmp_path):
    assert carried.carried("tui/app.tcss") == ROOT / "drops" / "tui" / "app.tcss"
    monkeypatch.setattr(carried, "__file__", str(tmp_path / "nowhere.pyz" / "drops" / "carried.py"))
    found = carried.carried("store/migrations")
    assert ROOT not in found.parents
    names = {one.relative_to(found) for one in found.rglob("*.py")}
    there = ROOT / "drops" / "store" / "migrations"
    assert names == {one.relative_to(there) for one in there.rglob("*.py")}
    assert not carried.carried("no-such-thing").exists()
