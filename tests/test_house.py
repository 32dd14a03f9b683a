"""How the code is laid out: no circles, no room too large, nothing left out of its table.

`python tests/test_house.py` prints what is measured here.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("drops", "nnlab")
MOST_FILES, MOST_LINES, MOST_SHARE = 25, 400, 0.30


def modules() -> dict[str, Path]:
    """Every module by its dotted name; a package by that of its folder."""
    found = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(file: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of ours that a file imports anywhere: late and for types only, too."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield from (
                    name for name in ((whole,) if whole in known else (node.module,)) if name in known
                )


def circles() -> list[list[str]]:
    """Groups of modules that reach each other. A package that gathers its own files is no circle."""
    known = modules()
    graph = {
        name: {other for other in imports(file, known) if other != name}
        for name, file in known.items()
        if file.name != "__init__.py" or name not in PACKAGES
    }
    reach: dict[str, set[str]] = {}
    for name in graph:
        seen, todo = set[str](), [name]
        while todo:
            for other in graph.get(todo.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        reach[name] = seen
    groups = {
        frozenset(o for o in reach[name] if name in reach.get(o, ())) for name in graph if name in reach[name]
    }
    return sorted(sorted(group) for group in groups)


def lines_of(file: Path) -> int:
    return file.read_text(encoding="utf-8").count("\n")


def folders() -> dict[str, list[Path]]:
    """The Python files of each folder, those of its subfolders apart."""
    found: dict[str, list[Path]] = {}
    for file in modules().values():
        if file.name != "__init__.py":
            found.setdefault(str(file.parent.relative_to(ROOT)), []).append(file)
    return found


def test_no_module_reaches_itself():
    assert circles() == []


@pytest.mark.parametrize("folder", folders())
def test_no_folder_is_a_crowd(folder):
    assert len(folders()[folder]) <= MOST_FILES, f"{folder}: make rooms of it"


def test_no_folder_holds_a_third_of_the_lines():
    sizes = Counter({folder: sum(map(lines_of, files)) for folder, files in folders().items()})
    whole = sum(size for folder, size in sizes.items() if folder.startswith("drops"))
    folder, most = max(((f, s) for f, s in sizes.items() if f.startswith("drops")), key=lambda one: one[1])
    assert most <= MOST_SHARE * whole, f"{folder} holds {most} of {whole} lines"


def test_no_file_is_too_long_to_be_read_at_a_sitting():
    long = {str(file.relative_to(ROOT)): lines_of(file) for file in modules().values()}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


def classes() -> dict[str, list[str]]:
    """Each class by its name: where it is written. What begins with _ is its file's own."""
    found: dict[str, list[str]] = {}
    for module, file in modules().items():
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(f"{module}:{node.lineno}")
    return found


def test_a_class_name_means_one_thing():
    several = {name: places for name, places in classes().items() if len(places) > 1}
    assert several == {}, "rename the one that fewer people meet"


def test_the_study_has_half_a_line_of_test_a_line():
    """All faces go through it: what is wrong there is wrong in each of them."""
    written, tried = (sum(map(lines_of, (ROOT / at).rglob("*.py"))) for at in ("drops/study", "tests/study"))
    assert tried >= written / 2, f"drops/study has {written} lines, tests/study {tried}"


if __name__ == "__main__":
    sizes = {folder: (len(files), sum(map(lines_of, files))) for folder, files in folders().items()}
    told = [f"{f:<30} {files:>3} files {lines:>6} lines" for f, (files, lines) in sorted(sizes.items())]
    told += [f"circles: {len(circles())}", *("  " + " ↔ ".join(circle) for circle in circles())]
    told += [f"{name} is {len(places)} classes" for name, places in classes().items() if len(places) > 1]
    sys.stdout.write("\n".join(told) + "\n")
