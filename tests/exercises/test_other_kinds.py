"""An exercise kind of another package runs once its package is allowed by name, never before, and ends nothing by failing."""

from __future__ import annotations

import importlib
import io
import sys

import pytest

import interest_path
from drops import catalog
from drops.cli.main import main
from drops.errors import DropsError, Unknown
from drops.exercises.blocks import Numbers
from drops.exercises.fading import graded_step, steps
from drops.store.file.allowed import allowed_in, write_allowed

DICE = """\
from dataclasses import dataclass
from drops.exercises.blocks import Field
from drops.exercises.exercise import Exercise
from drops.exercises.steps import do
from drops.exercises.worksheet import Line, Misconception, Worksheet

with open({log!r}, "a") as log:
    log.write("loaded ")


@dataclass(frozen=True)
class Dice(Exercise):
    \"\"\"Two dice and their sum.\"\"\"

    a: int
    b: int
    kind = "dice"
    misconceptions = {{"multiplied": Misconception("multiplied", "{{a}}·{{b}}", "Add.", {{"sum": lambda v: v["a"] * v["b"]}})}}

    @classmethod
    def draw(cls, rng, params):
        return cls(int(rng.integers(3, 7)), int(rng.integers(3, 7)))

    @property
    def fields(self):
        return (Field("sum", "sum"),)

    @property
    def worksheet(self):
        return Worksheet({{"a": self.a, "b": self.b}}, (Line("sum", "sum", lambda v: v["a"] + v["b"], "{{a}} + {{b}}"),))

    def steps(self, asked, answers):
        return (do(ask=self.numbers("Add.", asked, "Two dice.")),)
"""
BROKEN = {
    "raises as it is loaded": ("1/0", "ZeroDivisionError: division by zero"),
    "leaves": ("raise SystemExit(3)", "SystemExit"),
    "is no kind": ("Dice = 5", "TypeError: dice_drops:Dice is no Exercise"),
    "is not there": ("x = 1", "AttributeError: module 'dice_drops' has no attribute 'Dice'"),
    "needs what is not there": ("import nothing_of_it", "ModuleNotFoundError: No module named 'nothing_of_it'"),
    "calls itself another": (DICE.replace('"dice"', '"neuron"'), 'TypeError: it calls itself "neuron"'),
}


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a package dice-drops that brings a kind."""
    site = tmp_path / "site"
    monkeypatch.syspath_prepend(str(site))

    def put(code: str = DICE, name: str = "dice") -> None:
        info = site / "dice_drops-1.2.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Dice_Drops\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[drops.kinds]\n{name} = dice_drops:Dice\n")
        (site / "dice_drops.py").write_text(code.format(log=str(tmp_path / "log")) if code.startswith("from") else code)
        importlib.invalidate_caches()

    yield put
    sys.modules.pop("dice_drops", None)
    catalog.allow(())


def loaded(tmp_path) -> bool:
    return (tmp_path / "log").exists()


def test_what_is_installed_is_listed_and_not_loaded(install, home, tmp_path, capsys):
    install()
    assert main(["--home", str(home), "kinds"]) == 0
    assert capsys.readouterr().out == "dice-drops 1.2: dice (not allowed; `drops kinds allow dice-drops` lets them run)\n"
    assert not loaded(tmp_path)
    with pytest.raises(DropsError) as told:
        catalog.kind("dice")
    assert str(told.value) == (
        'exercise kind "dice" comes with dice-drops, which is not allowed here; `drops kinds allow dice-drops` lets it run'
    )
    assert not loaded(tmp_path)


def test_an_allowed_one_is_drawn_asked_and_graded_and_a_forbidden_one_is_gone(install, home, tmp_path, capsys):
    install()
    assert main(["--home", str(home), "kinds", "allow", "Dice.Drops"]) == 0
    assert capsys.readouterr().out == "dice-drops 1.2: dice (allowed)\n"
    assert loaded(tmp_path)
    assert allowed_in(home) == ("dice-drops",)
    exercise = catalog.draw("dice", 4, {})
    ask = graded_step(steps(exercise, 2, {})).ask
    assert isinstance(ask, Numbers)
    assert catalog.grade_step(exercise, ask, {"sum": exercise.a + exercise.b}).right
    wrong = catalog.grade_step(exercise, ask, {"sum": exercise.a * exercise.b})
    assert wrong.misconceptions == ("multiplied",)
    assert catalog.restore("dice", {"a": exercise.a, "b": exercise.b}) == exercise
    assert main(["--home", str(home), "kinds", "forbid", "dice-drops"]) == 0
    with pytest.raises(DropsError, match="which is not allowed here"):
        catalog.draw("dice", 4, {})


def test_a_study_takes_in_what_is_allowed_on_this_machine(install, home, open_study):
    install()
    write_allowed(home, ["dice-drops"])
    open_study()
    assert catalog.draw("dice", 1, {}).kind == "dice"


@pytest.mark.parametrize("why", BROKEN)
def test_a_broken_package_is_a_line_and_the_rest_goes_on(install, home, capsys, why):
    code, says = BROKEN[why]
    install(code)
    assert main(["--home", str(home), "kinds", "allow", "dice-drops"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 2
    assert says in out
    with pytest.raises(DropsError, match="does not load") as told:
        catalog.kind("dice")
    assert "install another version of it" in str(told.value)
    assert catalog.draw("neuron", 1, {}).kind == "neuron"


def test_it_takes_the_name_of_none_of_ours(install, home, capsys):
    install(DICE.replace('kind = "dice"', 'kind = "neuron"'), name="neuron")
    ours = catalog.KINDS["neuron"]
    main(["--home", str(home), "kinds", "allow", "dice-drops"])
    assert 'there is a kind "neuron" already' in capsys.readouterr().out
    assert catalog.KINDS["neuron"] is ours


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return cls(int(rng", "1/0\n        return cls(int(rng"),
        ("return (do(", "return (undefined("),
        ('return Worksheet({{"a"', 'return Worksheet({{"a": self.c, "x"'),
        ('return (Field("sum", "sum"),)', "raise ValueError('no fields')"),
    ],
)
def test_what_fails_in_it_later_is_a_line_that_names_the_package(install, old, new):
    assert old in DICE
    install(DICE.replace(old, new))
    catalog.allow(["dice-drops"])
    with pytest.raises(DropsError, match=r'exercise "dice" of dice-drops failed \(.*\); `drops kinds forbid dice-drops` does without it'):
        steps(catalog.draw("dice", 1, {}), 2, {})


@pytest.mark.slow
def test_a_lesson_with_one_that_is_not_allowed_says_so_and_the_day_stands(install, home, monkeypatch, capsys):
    install()
    lesson = interest_path.write(home / "paths") / "interest" / "01-interest-on-interest.md"
    text = lesson.read_text("utf-8")
    lesson.write_text(text.replace("## Exercise\n", '## Exercise\n```exercise dice\nid = "roll"\n```\n', 1), "utf-8")
    assert main(["--home", str(home), "today"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stdin", io.StringIO("\n" * 9))
    assert main(["--home", str(home), "plain", "interest-on-interest"]) == 1
    line = 'drops: exercise kind "dice" comes with dice-drops, which is not allowed here; `drops kinds allow dice-drops` lets it run\n'
    assert capsys.readouterr().err == line
    assert main(["--home", str(home), "check", str(home / "paths")]) == 1
    assert "`drops kinds allow dice-drops` lets it run" in capsys.readouterr().err
    main(["--home", str(home), "kinds", "allow", "dice-drops"])
    monkeypatch.setattr("sys.stdin", io.StringIO("\n" * 9))
    assert main(["--home", str(home), "plain", "interest-on-interest"]) == 0
    assert "Two dice." in capsys.readouterr().out


def test_a_name_that_is_none_is_told(install, home, capsys):
    install()
    assert main(["--home", str(home), "kinds", "allow", "dice"]) == 1
    assert capsys.readouterr().err == 'drops: no package with exercise kinds "dice"; did you mean "dice-drops"?\n'
    assert main(["--home", str(home), "kinds", "allow"]) == 1
    assert capsys.readouterr().err == "drops: name a package to allow; `drops kinds` lists them\n"
    with pytest.raises(Unknown):
        catalog.kind("dices")


def test_without_any_it_says_so(home, capsys):
    assert main(["--home", str(home), "kinds"]) == 0
    assert capsys.readouterr().out == "No installed package brings exercise kinds.\n"


def test_the_list_of_a_home_may_be_anything(tmp_path):
    (tmp_path / "kinds.txt").write_bytes(b"\xff\0\n\nDice_Drops \n../x\n" * 3)
    assert "dice-drops" in allowed_in(tmp_path)
    (tmp_path / "kinds.txt").unlink()
    (tmp_path / "kinds.txt").mkdir()
    assert allowed_in(tmp_path) == ()
