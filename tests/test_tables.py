"""Tables that cannot forget: whatever was written for a table stands in it, and the test says where to add it."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

import drops.exercises.blocks as vocabulary
import drops.networks
import drops.tui
from drops import catalog
from drops.exercises.exercise import Exercise
from drops.exercises.figure import Drawing
from drops.networks import experiments
from drops.networks.late import Late
from drops.study.settings import SETTINGS
from drops.tui.asks.asking import Asking
from drops.tui.asks.widgets import WIDGETS
from drops.tui.screens.base import DropsScreen
from drops.tui.table import SCREENS

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "drops").rglob("*.py"))


@cache
def parsed(file: Path) -> tuple[ast.AST, ...]:
    """The calls and matches of a source."""
    nodes = ast.walk(ast.parse(file.read_text("utf-8")))
    return tuple(node for node in nodes if isinstance(node, ast.Call | ast.Match))


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        yield importlib.import_module(found.name)


def functions(package: ModuleType, *returned: str) -> dict[str, object]:
    """The public functions of a package whose annotation says that they return one of these."""
    return {
        f"{module.__name__}.{name}": made
        for module in modules(package)
        for name, made in vars(module).items()
        if inspect.isfunction(made) and made.__module__ == module.__name__ and not name.startswith("_")
        if made.__annotations__.get("return") in returned
    }


def classes(package: ModuleType, base: type) -> dict[str, type]:
    """The classes of a package below `base`."""
    return {
        f"{module.__name__}.{name}": made
        for module in modules(package)
        for name, made in vars(module).items()
        if inspect.isclass(made) and made.__module__ == module.__name__
        if issubclass(made, base) and made is not base
    }


def last(written: dict[str, type]) -> dict[str, type]:
    """Those that no other is built on."""
    return {name: made for name, made in written.items() if not made.__subclasses__()}


def left_out(written: dict[str, object], table: list[object]) -> list[str]:
    return [name for name, made in written.items() if not any(made is row for row in table)]


def test_every_exercise_kind_stands_in_its_table():
    forgotten = left_out(last({**classes(drops.networks, Exercise), **classes(drops.exercises, Exercise)}), list(catalog.KINDS.values()))
    assert not forgotten, f"{', '.join(forgotten)}: add a line to KINDS in drops/networks/kinds.py, or in drops/catalog.py"


def test_every_figure_stands_in_its_table():
    forgotten = left_out(functions(drops.networks, Drawing.__name__), list(catalog.FIGURES.values()))
    assert not forgotten, f"{', '.join(forgotten)}: add a line to FIGURES in drops/networks/figures.py"


def test_every_experiment_stands_in_its_table():
    found = functions(drops.networks, "Figures", "Mapping[str, float]")
    forgotten = left_out(found, list(experiments.EXPERIMENTS.values()))
    assert not forgotten, (
        f"{', '.join(forgotten)}: add a line to EXPERIMENTS in drops/networks/experiments.py"
    )


def test_every_row_of_a_subjects_tables_was_written_as_such():
    """What the tests above look for by its annotation is what the tables hold, so they look for the right thing."""
    figures, measured = (
        functions(drops.networks, "Drawing") | functions(drops.exercises, "Drawing"),
        functions(drops.networks, "Figures", "Mapping[str, float]"),
    )
    assert not left_out(catalog.FIGURES, list(figures.values()))
    assert not left_out(catalog.EXPERIMENTS, list(measured.values()))
    assert not left_out(catalog.KINDS, [*classes(drops.networks, Exercise).values(), *classes(drops.exercises, Exercise).values()])


def test_every_screen_stands_in_its_table():
    rows = [row.load() for row in SCREENS.values()]
    forgotten = left_out(last(classes(drops.tui, DropsScreen)), rows)
    assert not forgotten, f"{', '.join(forgotten)}: add a loader and a row to SCREENS in drops/tui/table.py"


def test_every_widget_that_asks_stands_in_its_table():
    forgotten = left_out(last(classes(drops.tui, Asking)), list(WIDGETS))
    assert not forgotten, (
        f"{', '.join(forgotten)}: add a line to WIDGETS and a case to asking() in drops/tui/asks/widgets.py"
    )


# ── settings ──


def names_asked_for() -> set[str]:
    """Every setting that the code reads or changes by its name."""
    found = set()
    for file in FILES:
        for node in parsed(file):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                at = {"value": 1, "setting": 0, "change": 0, "changed": 0}.get(name)
                if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
                    found.add(node.args[at].value)
    return found


def test_every_setting_that_is_asked_for_is_a_row_and_every_row_is_asked_for():
    asked = {name for name in names_asked_for() if isinstance(name, str)}
    assert asked >= {"retention", "theme"}
    assert not asked - set(SETTINGS), "add a Setting to SETTINGS in drops/study/settings.py"
    assert not set(SETTINGS) - asked, "a setting that nothing reads: use it or take it out of SETTINGS"


# ── asks and blocks ──


CLOSED = {one.__name__ for union in (vocabulary.Ask, vocabulary.Show) for one in get_args(union)}


def matches() -> Iterator[tuple[str, ast.Match]]:
    """Every match whose cases are asks or blocks."""
    for file in FILES:
        for node in parsed(file):
            if isinstance(node, ast.Match):
                named = {
                    part.cls.id
                    for case in node.cases
                    for part in ast.walk(case.pattern)
                    if isinstance(part, ast.MatchClass) and isinstance(part.cls, ast.Name)
                }
                if named & CLOSED:
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def test_a_match_over_asks_or_blocks_has_the_type_checker_name_what_it_forgot():
    found = list(matches())
    assert len(found) >= 10
    for where, node in found:
        last = node.cases[-1]
        bare = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
        assert bare, f"{where}: end with case _: assert_never(…)"
        assert "assert_never" in ast.unparse(last), (
            f"{where}: name the rest, and end with case _: assert_never(…)"
        )


def test_a_name_that_two_modules_bring_is_refused():
    with pytest.raises(ValueError, match="brought twice: unit"):
        Late("drops.networks", {"asked": {"unit": "draw_unit"}, "given": {"unit": "draw_wires"}})
