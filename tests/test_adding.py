"""The table "I want to add …" of the README, tried: each thing is added to a copy of the program as the row says.

With its line in the table it works everywhere; without, the machine says where the line belongs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sums_path
from program import environment

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


class Copy:
    """A copy of the program to add things to."""

    def __init__(self, place: Path) -> None:
        self.place = place
        leave = shutil.ignore_patterns("__pycache__", "snapshots", "pictures", "before")
        for folder in ("drops", "nnlab", "content", "tests"):
            shutil.copytree(ROOT / folder, place / folder, ignore=leave)
        for file in ("pyproject.toml", "README.md"):
            shutil.copyfile(ROOT / file, place / file)

    def write(self, file: str, text: str) -> None:
        (self.place / file).write_text(text, encoding="utf-8")

    def change(self, file: str, before: str, after: str) -> None:
        text = (self.place / file).read_text("utf-8")
        assert before in text, f"{file} no longer has {before!r}"
        self.write(file, text.replace(before, after, 1))

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Python with this copy before every other drops."""
        return subprocess.run(
            [sys.executable, *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=300,
            cwd=self.place,
            env=environment(self.place / "home", PYTHONPATH=str(self.place), PYTHONDONTWRITEBYTECODE="1"),
        )

    def drops(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "drops", *words)

    def forgotten(self, rows: str) -> str:
        """What the tests of the tables say of one."""
        done = self.python("-m", "pytest", "-n0", "-p", "no:cacheprovider", "tests/test_tables.py", "-k", rows)
        assert " passed" in done.stdout or " failed" in done.stdout, done.stderr
        return re.sub(r"\s+", " ", done.stdout) if done.returncode else ""


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    made = Copy(tmp_path / "copy")
    done = made.python("-c", "import drops, nnlab; print(drops.__file__, nnlab.__file__)")
    assert done.stdout.count(str(made.place)) == 2, done
    return made


def test_an_activation_is_one_row_and_its_gradient_is_checked(copy):
    row = """        Squash("cube", "{z}·{z}·{z}", lambda z: z * z * z, "3·z²", lambda z, h, dh: dh * (z * z * %s),
                   "Steep far out, flat at 0."),
        Squash("linear","""
    checks = "tests/nnlab/test_gradients.py::test_a_net_with_this_squash_has_the_gradient_of_its_loss[cube]"
    copy.change("nnlab/activations.py", '        Squash("linear",', row % "2")
    wrong = copy.python("-m", "pytest", "-n0", "-p", "no:cacheprovider", checks)
    assert "1 failed" in wrong.stdout
    copy.change("nnlab/activations.py", "z * z * 2", "z * z * 3")
    right = copy.python("-m", "pytest", "-n0", "-p", "no:cacheprovider", checks)
    assert right.returncode == 0, right.stdout


def test_an_exercise_kind_is_its_file_and_a_row(copy):
    text = (ROOT / "drops" / "networks" / "neuron" / "neuron.py").read_text("utf-8")
    copy.write(
        "drops/networks/neuron/edge.py",
        text.replace("Neuron", "Edge").replace('"neuron"', '"edge"'),
    )
    assert (
        "drops.networks.neuron.edge.Edge: add a line to KINDS in drops/networks/kinds.py" in copy.forgotten("kind")
    )
    copy.change(
        "drops/networks/kinds.py",
        '        "neuron.neuron": {"neuron": "Neuron"},\n',
        '        "neuron.neuron": {"neuron": "Neuron"},\n        "neuron.edge": {"edge": "Edge"},\n',
    )
    assert copy.forgotten("kind or row") == ""
    sums_path.write(copy.place / "mine")
    lesson = copy.place / "mine" / "sums" / "01-one-sum.md"
    lesson.write_text(
        lesson.read_text("utf-8").replace("```exercise neuron", "```exercise edge"), encoding="utf-8"
    )
    assert copy.drops("check", "mine").stdout == "✓ content is sound\n"
    # "misconceptions": every one of the new kind's is nameable, or the test over all kinds tells
    done = copy.python(
        "-m", "pytest", "-n0", "-p", "no:cacheprovider", "-k", "edge", "tests/exercises/test_kinds.py"
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_a_figure_and_an_experiment_are_a_function_and_a_row(copy):
    copy.change(
        "drops/networks/neuron/neuron_figures.py",
        "def draw_neuron(",
        "def draw_again(params: Mapping[str, Any]) -> Drawing:\n    return draw_neuron(params)\n\n\ndef draw_neuron(",
    )
    copy.change(
        "drops/networks/neuron/claims.py",
        "def bias_moves_the_hinge(",
        "def nothing_moves() -> Figures:\n    return {}\n\n\ndef bias_moves_the_hinge(",
    )
    told = copy.forgotten("figure or experiment")
    assert "neuron_figures.draw_again: add a line to FIGURES in drops/networks/figures.py" in told
    assert "claims.nothing_moves: add a line to EXPERIMENTS in drops/networks/experiments.py" in told


def test_a_drop_is_a_file_and_the_check_says_what_is_missing(copy):
    path = sums_path.write(copy.place / "content") / "sums"
    page = path / "path.md"
    counted = sums_path.PAGE.format(path="sums", title="Sums", first="one-sum")
    counted = counted.replace('rhythm = "2 days"', 'rhythm = "2 days"\nminutes = 6')
    page.write_text(counted.replace('goal = "Begin"', 'goal = "Begin"\ndrops = 2'), encoding="utf-8")
    lesson = sums_path.LESSON.format(id="one-more", title="One more", needs="")
    (path / "03-one-more.md").write_text(lesson, encoding="utf-8")
    told = copy.drops("check", str(path)).stderr
    assert "names 2 drops and holds 3; write the drops that are missing, or correct the number" in told
    text = page.read_text("utf-8").replace("minutes = 6", "minutes = 9")
    page.write_text(text.replace("drops = 2", "drops = 3"), encoding="utf-8")
    checked = copy.drops("check", str(path))
    assert (checked.stdout, checked.stderr) == ("✓ content is sound\n", "")
    assert "3  One more (3 min, ahead)" in copy.drops("path", "sums").stdout


SCREEN = '''"""Says hello."""

from drops.tui.screens.terms import TermsScreen


class HelloScreen(TermsScreen):
    """The glossary of one word."""

    def __init__(self, study: object) -> None:
        super().__init__({"hello": "a greeting"}, ())
'''
LOADER = """def _hello() -> type[DropsScreen]:
    from drops.tui.screens.hello import HelloScreen

    return HelloScreen


class ScreenRow("""
OPENS = """
import asyncio, sys
sys.path[:0] = ["tests", "tests/tui"]
from helper import opened
from drops.tui.palette import commands
async def go():
    async with opened("wires") as hands:
        (line,) = [line for line in commands(hands.app) if line.name == "Hello"]
        await line.job()
        await hands.pilot.pause()
        print(type(hands.app.screen).__name__, line.says)
asyncio.run(go())
"""


def test_a_screen_is_its_file_a_loader_and_a_row(copy):
    copy.write("drops/tui/screens/hello.py", SCREEN)
    assert "hello.HelloScreen: add a loader and a row to SCREENS in drops/tui/table.py" in copy.forgotten("screen")
    copy.change("drops/tui/table.py", "class ScreenRow(", LOADER)
    row = '    "hello": ScreenRow(_hello, "Hello", "a greeting", looks_back=True),\n'
    copy.change(
        "drops/tui/table.py", '    "today": ScreenRow(_today),\n', f'    "today": ScreenRow(_today),\n{row}'
    )
    assert copy.forgotten("screen") == ""
    assert copy.python("-c", OPENS).stdout == "HelloScreen a greeting\n"


COMMAND = '''"""A greeting."""

import argparse

from drops.cli.command import Command
from drops.cli.printing import say


def greet(given: argparse.Namespace) -> int:
    say("hello")
    return 0


HELLO = Command("hello", "a greeting", run=greet, examples="examples:\\n  drops hello\\n")
'''


def test_a_command_is_its_file_a_name_and_a_row_of_the_readme(copy):
    copy.write("drops/cli/hello.py", COMMAND)
    assert copy.drops("hello").returncode == 2
    copy.change("drops/cli/parser.py", "*(TODAY, ", "*(HELLO, TODAY, ")
    copy.change(
        "drops/cli/parser.py",
        "from drops.cli.lessons",
        "from drops.cli.hello import HELLO\nfrom drops.cli.lessons",
    )
    assert copy.drops("hello").stdout == "hello\n"
    listed = "tests/test_cli.py::test_the_readme_lists_every_command_that_there_is"
    assert "1 failed" in copy.python("-m", "pytest", "-n0", "-p", "no:cacheprovider", listed).stdout
    copy.change("README.md", "| `drops plain", "| `drops hello` | a greeting |\n| `drops plain")
    assert copy.python("-m", "pytest", "-n0", "-p", "no:cacheprovider", listed).returncode == 0


def test_the_table_names_files_that_are_there():
    table = (ROOT / "README.md").read_text("utf-8").partition("## I want to add something")[2].partition("\n## ")[0]
    named = [name for name in re.findall(r"`([a-z_./]+)`", table) if "/" in name]
    assert len(named) > 8
    for name in named:
        assert (ROOT / name).exists(), f"{name}, which the README names, is not there"
