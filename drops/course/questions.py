"""Questions of fixed words: a heading with an id, Markdown, and the answers below it.

    ### Which number moves the firing point? {#firing-point .keep}
    - [x] the bias
      > It shifts the sum.
    - [ ] a weight `bias-as-slope`
      > A weight changes the steepness.

Task list = choose one (or several: "Choose all that apply."); `= 0.5` = type a number;
`1.` list = put in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from drops.course.model import Quiz, QuizOption
from drops.course.source import Fence, Heading, Prose, Source
from drops.course.words import is_id

CHOOSE_ALL = "choose all that apply"
TOLERANCE = 0.005

_TASK = re.compile(r"- \[([ xX])\] (.*)$")
_BULLET = re.compile(r"- (?!\[[ xX]\] )(.*)$")
_STEP = re.compile(r"\d{1,3}\. (.*)$")
_NUMBER = r"[+\-−]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:/\d{1,12})?"
_EQUALS = re.compile(rf"= ({_NUMBER})(?:\s*(?:±|\+-)\s*({_NUMBER}))?\s*$")
_WRONG = re.compile(rf"({_NUMBER})(?:\s+`([^`]+)`)?\s*$")
_DIAGNOSIS = re.compile(r"(.*\S)\s+`([^`]+)`$")


class Row(NamedTuple):
    """A list item: its mark, its words, the quotes within it, and its line."""

    mark: str  # "x" or " " of a task, "1" of a step, "-" of a plain bullet
    text: str
    quote: str
    line: int


def named(source: Source, heading: Heading) -> tuple[str, str, bool]:
    """A question heading's words, id and whether it is kept. Raises ContentError."""
    text, brace, inner = heading.text.removesuffix("}").rpartition("{")
    if not brace or not heading.text.endswith("}"):
        remedy = "end its heading with {#a-short-id}"
        raise source.error(heading.line, "a question without an id", remedy)
    words = inner.split()
    ids = [word[1:] for word in words if word.startswith("#")]
    if len(ids) != 1 or not is_id(ids[0]):
        remedy = "write {#a-short-id}: lower-case words joined by hyphens"
        raise source.error(heading.line, f"{{{inner[:60]}}} names no id", remedy)
    for word in words:
        if word not in ("#" + ids[0], ".keep"):
            what = f'"{word[:60]}" means nothing here'
            raise source.error(heading.line, what, "write {#id} or {#id .keep}")
    return text.strip(), ids[0], ".keep" in words


def question(
    source: Source, heading: Heading, parts: list[Prose | Fence], review: bool
) -> tuple[Quiz, Prose | None]:
    """The question under `heading`, and prose that follows its answers, if any.

    Raises ContentError.
    """
    words, item_id, keep = named(source, heading)
    lines = [
        (part.line + n, line)
        for part in parts
        if isinstance(part, Prose)
        for n, line in enumerate(part.lines)
    ]
    start, asks = _answers(source, heading, lines)
    body = "\n".join(line for _, line in lines[:start]).strip()
    text = f"{words}\n\n{body}" if body else words
    expect = _expect(source, [part for part in parts if isinstance(part, Fence)])
    base = Quiz(
        item_id,
        "one",
        text,
        (),
        None,
        TOLERANCE,
        "",
        keep or review,
        source.place(heading.line),
        expect,
    )
    if asks == "number":
        return _number(source, base, lines[start:])
    rows, why, rest = _rows(source, lines[start:])
    after = Prose(tuple(line for _, line in rest), rest[0][0]) if rest else None
    for row in rows:
        if row.mark not in ("1" if asks == "order" else "x "):
            raise source.error(
                row.line,
                "a list item of another kind among the answers",
                "mark all of them alike",
            )
    if asks == "order":
        pieces = tuple(row.text for row in rows)
        if len(set(pieces)) < max(len(pieces), 2):
            raise source.error(
                rows[0].line,
                "the pieces to order are not two or more different ones",
                "write each once",
            )
        return _with(base, asks="order", pieces=pieces, feedback=why), after
    if why:
        raise source.error(
            rows[-1].line,
            "a > quote outside the options",
            "indent it under the option it explains",
        )
    options = tuple(_option(row) for row in rows)
    many = CHOOSE_ALL in text.lower()
    right = sum(option.right for option in options)
    if right == 0 or (right > 1 and not many):
        raise source.error(
            heading.line,
            f"{right} of {len(options)} options are marked [x]",
            'mark one, or write "Choose all that apply." in the question'
            if right
            else "mark the right one with [x]",
        )
    return _with(base, asks="many" if many else "one", options=options), after


def _with(base: Quiz, **changes: Any) -> Quiz:
    return replace(base, **changes)


def _answers(source: Source, heading: Heading, lines: list[tuple[int, str]]) -> tuple[int, str]:
    """Where the answers start, and what they ask."""
    fenced = False
    steps = -1
    for index, (_, line) in enumerate(lines):
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        if fenced:
            continue
        if _TASK.match(line):
            return index, "choice"
        if line.startswith("= "):
            return index, "number"
        if steps < 0 and _STEP.match(line):
            steps = index
    if steps >= 0:
        return steps, "order"
    raise source.error(
        heading.line,
        "a question without an answer",
        "add options - [x] …, a line = 0.5, or a list 1. …",
    )


def _rows(
    source: Source, lines: list[tuple[int, str]]
) -> tuple[list[Row], str, list[tuple[int, str]]]:
    """List items with their quotes, a closing quote of the whole list, and what follows."""
    rows: list[Row] = []
    why: list[str] = []
    for index, (number, line) in enumerate(lines):
        task, step = _TASK.match(line), _STEP.match(line)
        bullet = None if task else _BULLET.match(line)
        if task or step or bullet:
            if why:
                raise source.error(
                    number, "a list item after the closing quote", "put the > quote last"
                )
            if task:
                rows.append(Row(task[1].lower(), task[2].strip(), "", number))
            elif step:
                rows.append(Row("1", step[1].strip(), "", number))
            elif bullet:
                rows.append(Row("-", bullet[1].strip(), "", number))
        elif line.startswith(">"):
            why.append(line[1:].strip())
        elif line[:1] in (" ", "\t"):
            if why or not rows:
                raise source.error(
                    number, "an indented line that belongs to no list item", "put it under one"
                )
            rows[-1] = _continued(rows[-1], line.strip())
        elif line.strip():
            return _settled(rows), _paragraphs(why), lines[index:]
        elif why:
            why.append("")
    return _settled(rows), _paragraphs(why), []


def _continued(row: Row, line: str) -> Row:
    if line.startswith(">"):
        return row._replace(quote=f"{row.quote}\n{line[1:].strip()}")
    return row._replace(text=f"{row.text} {line}") if line else row


def _settled(rows: list[Row]) -> list[Row]:
    return [row._replace(quote=_paragraphs(row.quote.split("\n"))) for row in rows]


def _paragraphs(lines: list[str]) -> str:
    """Quoted lines as paragraphs, each on one line."""
    return "\n\n".join(" ".join(group) for group in _groups(lines))


def _groups(lines: list[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in [*lines, ""]:
        if line:
            group.append(line)
        elif group:
            yield group
            group = []


def _option(row: Row) -> QuizOption:
    right = row.mark == "x"
    match = None if right else _DIAGNOSIS.match(row.text)
    text, diagnoses = (match[1], match[2]) if match else (row.text, "")
    return QuizOption(text, right, row.quote, diagnoses, row.line)


def read_number(text: str) -> float:
    """A number as lessons print it: −1.5, 1/64."""
    top, _, bottom = text.replace("−", "-").partition("/")
    return float(top) / (float(bottom) if bottom else 1.0) + 0.0


def _number(
    source: Source, base: Quiz, lines: list[tuple[int, str]]
) -> tuple[Quiz, Prose | None]:
    at, line = lines[0]
    match = _EQUALS.match(line)
    if match is None or _by_zero(match[1]) or _by_zero(match[2] or ""):
        raise source.error(
            at, f'"{line[:60].strip()}" is no number', "write = 0.5 or = 0.5 ± 0.02"
        )
    opening = [text[1:].strip() for _, text in _while_quote(lines[1:])]
    rest = lines[1 + len(opening) :]
    rows, why, after = _rows(source, rest)
    diagnoses = []
    for row in rows:
        wrong = _WRONG.match(row.text) if row.mark == "-" else None
        if wrong is None or _by_zero(wrong[1]):
            raise source.error(
                row.line, f'"{row.text[:60]}" is no wrong value', "write - 1.5 `misconception-id`"
            )
        diagnoses.append((read_number(wrong[1]), wrong[2] or "", row.quote))
    made = _with(
        base,
        asks="number",
        answer=read_number(match[1]),
        tolerance=read_number(match[2]) if match[2] else TOLERANCE,
        feedback="\n\n".join(filter(None, [_paragraphs(opening), why])),
        diagnoses=tuple(diagnoses),
    )
    return made, Prose(tuple(text for _, text in after), after[0][0]) if after else None


def _while_quote(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The leading lines that are blank or quoted."""
    for index, (_, line) in enumerate(lines):
        if line.strip() and not line.startswith(">"):
            return [(n, text if text.startswith(">") else ">") for n, text in lines[:index]]
    return [(n, text if text.startswith(">") else ">") for n, text in lines]


def _by_zero(text: str) -> bool:
    return "/" in text and float(text.partition("/")[2]) == 0


def _expect(source: Source, fences: list[Fence]) -> dict[str, object]:
    """An ```expect fence: where the answer is recomputed from."""
    if not fences:
        return {}
    for fence in fences[1:]:
        raise source.error(fence.line, "a second ```expect fence in one question", "keep one")
    fence = fences[0]
    by, _, name = fence.info.partition(" ")
    if by not in ("figure", "experiment") or not name.strip():
        raise source.error(
            fence.line,
            f'"expect {fence.info[:60]}" names no source',
            "write ```expect figure NAME or ```expect experiment NAME",
        )
    table = source.toml(fence.body, fence.line + 1, "the expect fence")
    number = table.text("number")
    params = {key: value for key, value in table.data.items() if key != "number"}
    return {by: name.strip(), "params": params, "number": number}
