"""The JSON schema and the parser are of one mind: on all content, and on content that is broken in every key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import interest_path
from drops.cli.main import main
from drops.course import items, lesson, page
from drops.course.lesson import read_drop
from drops.course.page import read_page
from drops.course.parse import library_folders, read
from drops.course.source import Fence, Source, source_of
from drops.errors import ContentError
from drops.exercises.formulas import draws
from drops.exercises.formulas.tree import FormulaError
from drops.exercises.written import asking, figures, pictures, spec

FILE = Path(__file__).parents[2] / "docs" / "course.schema.json"
SCHEMA = json.loads(FILE.read_text("utf-8"))
DEFS = SCHEMA["$defs"]


@cache
def validator(part: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": DEFS})


def valid(part: str, data: Any) -> bool:
    return validator(part).is_valid(data)


# ── its keys are the parser's ──


def keys(part: dict[str, Any]) -> set[str]:
    found = set(part.get("properties", {}))
    for other in part.get("anyOf", []):
        found |= keys(other)
    return found


@pytest.mark.parametrize(
    ("part", "known"),
    [
        (DEFS["lesson"], lesson.FRONT),
        (DEFS["path"], page.FRONT),
        (DEFS["claim"], lesson.OF_CLAIM),
        (DEFS["exercise"], items.OWN),
        (DEFS["written"], (*items.OWN, *spec.TOP, "like")),
        (DEFS["given"], draws.KEYS),
        (DEFS["written-figure"], (*figures.OF_FIGURE, "expect", "goal")),
        (DEFS["own-figure"], ("figure", *pictures.PICTURES)),
        *((DEFS[key], of) for key, (of, _) in pictures.PICTURES.items()),
        (DEFS["curve"]["properties"]["series"]["additionalProperties"], pictures.OF_SERIES),
        (DEFS["knob"], figures.OF_KNOB),
        (DEFS["line"], spec.OF_LINE),
        (DEFS["mixup"], spec.OF_MIXUP),
        (DEFS["prediction"], asking.OF_QUESTION),
        (DEFS["explanation"]["properties"]["options"]["items"], asking.OF_OPTION),
    ],
)
def test_it_has_the_keys_that_are_read_and_says_what_each_is(part, known):
    assert keys(part) == set(known)
    for name, one in part.get("properties", {}).items():
        told = one.get("description") or DEFS[one.get("$ref", "").rpartition("/")[2]].get("description")
        assert told, name


# ── on what is written ──


def fragments(source: Source) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every piece of TOML of a file, with the part of the schema that is for it."""
    is_page = source.file.endswith("path.md")
    yield "path" if is_page else "lesson", {**source.front.data, **source.claims.data}
    for part in source.parts():
        if isinstance(part, Fence):
            own = {"exercise": "written", "figure": "written-figure"}
            yield own.get(part.word, part.word) if part.info == "written" else part.word, dict(source.toml(part.body, part.line + 1, "it").data)


def sound() -> list[tuple[str, dict[str, Any]]]:
    sources = read([*library_folders(None), interest_path.FOLDER]).sources
    return [one for source in sources for one in fragments(source)]


def test_all_content_is_valid():
    seen = set()
    for part, data in sound():
        wrong = [e.message for e in validator(part).iter_errors(data)]
        assert not wrong, (part, data.get("id"), wrong)
        seen.add(part)
    assert seen >= {"lesson", "path", "figure", "written-figure", "exercise", "written", "draw", "click"}


# ── on what is broken ──


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value)


def fence(head: str, data: dict[str, Any]) -> str:
    body = "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in data.items())
    return f"```{head}\n{body}\n```\n"


LESSON = {"id": "one", "title": "t", "phase": "p", "minutes": 4, "goal": "g"}
REST = "## Carry forward\n- a\n"


def read_as(part: str, data: dict[str, Any]) -> bool:
    """Whether the parser takes it."""
    front = f"+++\n{fence('', LESSON)[4:-4]}+++\n"
    if part in ("lesson", "path"):
        front, body = f"+++\n{fence('', data)[4:-4]}+++\n", ""
    elif part == "figure":
        body = f"## A page\n{fence('figure neuron', data)}"
    elif part == "written-figure":
        body = f"## A page\n{fence('figure written', data)}"
    elif part == "written":
        body = f"## Exercise\n{fence('exercise written', data)}"
    elif part == "exercise":
        body = f"## Exercise\n{fence('exercise neuron', data)}"
    elif part == "draw":
        body = ""
    elif part in ("click", "turn"):
        body = f"## Quiz\n### Which? {{#q}}\n{fence(f'{part} wires', data)}= 2\n> Why.\n"
    else:
        body = f"## Quiz\n### How much? {{#q}}\n{fence('expect figure neuron', data)}= 0.5\n> Why.\n"
    try:
        source = source_of(front + body + REST * (part != "path"), "one.md")
        if part == "path":
            return not read_page(source, [])[1]
        drop, wrong = read_drop(source, 1)
        if part == "draw":
            draws.read_draws(data)
        for one in (p for s in drop.sections for p in s.parts) if part == "written-figure" and drop else ():
            figures.draw_written(one.params)
        for item in drop.exercises if drop else ():
            if item.kind == "written":
                spec.read_spec(item.params)
    except (ContentError, FormulaError):
        return False
    return not wrong


WRONG = (True, 7, "some text", [], {}, [1, 2], ["a", "b"], {"a": 1}, {"a": "b"}, -3, [[1]], "")


def broken(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any, bool]]:
    """Copies of it, one thing changed in each: what, the whole, and whether the new value is a text."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield f"without {(*path, key)}", {k: v for k, v in data.items() if k != key}, False
            for other in WRONG:
                yield f"{(*path, key)} = {other!r}", {**data, key: other}, mentions_text(other)
            for what, whole, text in broken(value, (*path, key)):
                yield what, {**data, key: whole}, text
        yield f"{path} with another key", {**data, "nonsense": 1}, False
    elif isinstance(data, list):
        for n, value in enumerate(data):
            for what, whole, text in broken(value, (*path, n)):
                yield what, [*data[:n], whole, *data[n + 1 :]], text


def mentions_text(value: Any) -> bool:
    """Whether it holds words: only the parser knows which names there are."""
    return isinstance(value, str) or (isinstance(value, list | dict) and any(map(mentions_text, value)))


WHOLE = {
    "lesson": {
        **LESSON,
        "gain": "I can.", "riddle": "Why?", "picture": {"net": [2, 3, 1]}, "leaves_out": ["a"], "teaches": ["b"],
        "needs": ["c"], "misconceptions": {"d": "e"},
        "claims": [{"says": "s", "experiment": "e", "params": {"a": 1}, "expect": {"b": 1, "c": {"is": 1, "within": 0.1}}}],
    },
    "path": {
        "id": "one", "title": "t", "summary": "s", "minutes": 5, "emoji": "e", "level": "l", "subject": "s", "rhythm": "r",
        "phases": [{"id": "p", "title": "t", "goal": "g"}], "outcomes": [{"text": "t", "shown_by": ["a"]}],
        "resources": [{"title": "t", "kind": "k", "url": "https://x.org"}], "teaches": {"a": "b"},
    },
    "figure": {"w": [1, 2], "expect": {"z": 1.5}, "goal": {"says": "it", "when": "w > 1"}},
    "written-figure": {
        "hint": "h", "says": "{a}", "expect": {"a": 1.5}, "goal": {"says": "it", "when": "k > 1"},
        "knobs": {"k": {"label": "l", "from": 0, "to": 4, "step": 2, "start": 2}, "w": {"of": ["a", "b"], "start": 2}},
        "values": {"a": "k + w", "b": [1, "a"], "c": [[1, 2], [3, 4]]},
        "curve": {
            "x": "x", "y": "y", "window": [0, "a"], "log": False, "says": "{a}", "marks": [["k", 1, "{w}"]],
            "series": {"s": {"each": {"t": {"from": 0, "to": "a", "step": 1}}, "x": "2*t", "y": "t", "when": "y > 0", "dots": True}},
        },
        "bars": [{"of": {"d": "a", "e": 1}, "unit": "u", "log": True, "says": "s"}, {"of": {"f": "b"}, "says": "t"}],
        "strip": {"low": 0, "high": 4.5, "marks": [["a", "n"]], "says": "s"},
        "sheet": {"columns": {"f": ["{a}", "t"], "g": "b"}, "says": "s"},
    },
    "exercise": {"id": "one", "keep": True, "title": "t", "level": 2},
    "expect": {"number": "z", "x": [1, 2]},
    "click": {"spots": "units", "W1": "[w]", "names": ["a", "b"]},
    "turn": {"knobs": ["b"], "w": "w", "b": 0},
    "draw": {"a": [1, 2], "b": {"of": [1, 2], "size": 2, "signs": True}, "c": {"from": 1, "to": 3}, "d": "2*a", "where": ["a < 3"]},
    "written": {
        "id": "one", "keep": True, "title": "t", "level": 2, "tells": "{a} and {b}", "prompt": "p", "says": "s", "shows": ["v"],
        "where": ["a != c1"], "asks": ["c", "d"], "letters": {"a": "α"}, "strip": {"rule": "exp(x)", "at": [0, 1], "digits": 2},
        "see": [{"figure": "neuron", "w": "v"}, {"figure": "written", "bars": {"of": {"a": "a"}}}], "beside": [{"figure": "net", "sizes": "[a, b]"}],
        "given": {"a": [1, 2, 3], "b": {"from": 1, "to": 9, "step": 2, "not": [5]}, "v": {"of": [1, 2], "size": 2, "distinct": True}},
        "lines": {
            "c": {"each": {"i": [1, 2]}, "start": 0, "rule": "c[i-1] + a", "label": "l {i}", "tol": 0.1, "ask": True},
            "d": {"rule": "a + b", "between": [0, 99], "decimals": 2, "example": "5", "symbols": "a + b", "written": "{a} and {b}"},
        },
        "mixups": {"m": {"title": "t", "gives": "{a}", "rule": "r", "swap": {"d": "a - b"}, "convention": False}},
        "predict": [{"asks": "q", "answer": "d", "tol": 1, "why": "w", "tells": "{a}", "beside": [{"figure": "net", "sizes": "[a, b]"}]}],
        "explain": {"asks": "q", "options": [{"text": "t", "when": "a > 1", "why": "w", "mixup": "m"}, {"text": "u", "when": True, "why": "v"}]},
    },
}  # fmt: skip


@pytest.mark.parametrize("part", WHOLE)
def test_both_take_one_that_has_every_key(part):
    assert valid(part, WHOLE[part])
    assert read_as(part, WHOLE[part])


ONLY_READ = {  # what a schema cannot know: a name that another key reads is gone, a range runs backwards
    *(f"without {path}" for path in (
        ("title",), ("a",), ("given",), ("given", "a"), ("given", "b"), ("given", "v"), ("lines", "c"), ("lines", "d"),
        ("lines", "c", "start"), ("mixups",), ("mixups", "m"),
        ("knobs",), ("knobs", "k"), ("knobs", "w"), ("values",), ("values", "a"), ("values", "b"),
        ("curve", "series", "s", "each"),
    )),
    "('given',) = {}", "('mixups',) = {}", "('mixups', 'm', 'swap') with another key",
    *(f"{path} = [[1]]" for path in (("b", "of"), ("given", "v", "of"))),
    *(f"{path} = -3" for path in (("c", "to"), ("given", "b", "to"))),
    "('c', 'from') = 7", "('knobs',) = {}", "('values',) = {}",
    *(f"('knobs', 'k', '{key}') = {value}" for key in ("from", "to", "step", "start") for value in (7, -3)),
    *(f"('knobs', 'w', 'start') = {value}" for value in (7, -3)), "('strip', 'low') = 7", "('strip', 'high') = -3",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("part", WHOLE)
def test_both_refuse_the_same_of_what_is_broken(part):
    """What the schema refuses, the parser does. What the parser alone refuses is about words, or stands above."""
    differ = []
    for what, data, text in broken(deepcopy(WHOLE[part])):
        schema, parser = valid(part, data), read_as(part, data)
        stricter = schema and not parser and not text and what not in ONLY_READ
        if (parser and not schema) or stricter:
            differ.append(f"{what}: schema {schema}, parser {parser}")
    assert differ == []


def test_drops_help_schema_prints_it(capsys):
    assert main(["help", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
    Draft202012Validator.check_schema(SCHEMA)
