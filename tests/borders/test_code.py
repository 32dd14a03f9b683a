"""Nothing that was given is run: no evaluation, no unpickling, no shell, in any of our sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import drops
import nnlab

SOURCES = sorted(file for package in (drops, nnlab) for file in Path(package.__file__).parent.rglob("*.py"))

NEVER = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "extractall", "unpack_archive"}
NEVER_IMPORTED = {
    "pickle",
    "cPickle",
    "marshal",
    "shelve",
    "dill",
    "yaml",
    "ctypes",
    "subprocess",
    "socket",
    "webbrowser",
    "urllib.request",
    "http",
}


def called(node: ast.Call) -> str:
    """What a call names: "eval", "os.system"; of a method only its own name: "extractall"."""
    at = node.func
    if isinstance(at, ast.Name):
        return at.id
    if isinstance(at, ast.Attribute):
        of = f"{at.value.id}." if isinstance(at.value, ast.Name) and at.value.id == "os" else ""
        # re.compile is no compile
        return of + at.attr if at.attr not in ("compile", "eval") else ""
    return ""


# The machine's own clipboard is a program; it is given text on its standard input, and no shell.
# The browser face listens, on this machine alone unless told otherwise, and knows its own cookie.
# Our own course is kept as it was read; what takes it knows the values of a course and nothing else.
STARTS_PROGRAMS = {
    "course/compiled.py": ["imports pickle"],
    "store/link.py": ["imports http.client", "imports urllib.request"],
    "terminal/clipboard.py": ["imports subprocess"],
    "web/guard.py": ["imports http.cookies"],
    "web/serving.py": ["imports socket"],
}


def forbidden(source: ast.AST) -> Iterator[str]:
    """Every place of a source that could run what it was given."""
    for node in ast.walk(source):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [name.name for name in node.names]
            )
            yield from (
                f"imports {name}" for name in names if {name, name.partition(".")[0]} & NEVER_IMPORTED
            )
        elif isinstance(node, ast.Call):
            if called(node) in NEVER:
                yield f"calls {called(node)}"
            for word in node.keywords:
                if (
                    word.arg in ("shell", "allow_pickle")
                    and called(node) != "complete"
                    and not (  # shtab's own word
                        isinstance(word.value, ast.Constant) and word.value.value is False
                    )
                ):
                    yield f"passes {word.arg}"
            if (
                called(node) == "load"
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "np"
                and not any(word.arg == "allow_pickle" for word in node.keywords)
            ):
                yield "calls np.load"


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: "/".join(file.parts[-2:]))
def test_no_source_runs_what_it_was_given(source):
    known = STARTS_PROGRAMS.get("/".join(source.parts[-2:]), [])
    assert list(forbidden(ast.parse(source.read_text(encoding="utf-8")))) == known


@pytest.mark.parametrize(
    "bad",
    [
        "eval(x)",
        "exec(x)",
        "import pickle",
        "from pickle import loads",
        "import marshal",
        "import yaml",
        "os.system(x)",
        "run(x, shell=True)",
        "run(x, shell=y)",
        "archive.extractall()",
        "np.load(f, allow_pickle=True)",
        "np.load(f)",
        "compile(x, '', 'exec')",
        "import urllib.request",
        "__import__('os')",
    ],
)
def test_the_search_would_find_it(bad):
    assert list(forbidden(ast.parse(bad)))
