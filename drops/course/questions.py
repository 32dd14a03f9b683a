"""Questions of fixed words: a heading with an id, Markdown, and the answers below it.

    ### Which number moves the firing point? {#firing-point .keep title="what moves it"}
    - [x] the bias
      > It shifts the sum.
    - [ ] a weight `bias-as-slope`
      > A weight changes the steepness.

Task list = choose one (or several: "Choose all that apply."); `= 0.5` = type a number;
`1.` list = put in order. A ```draw fence draws numbers, and texts and values are formulas over them;
`#### Or: …` is another face of the same question. What formulas say is held against by the check.
Above `= …` a ```click fence has a spot of a figure found, at the address that follows, and a ```turn fence
has its knobs set so that what follows is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Literal, NamedTuple

from drops.course.model import SPOTS, DrawFence, PictureFence, Quiz, QuizOption, WrongValue
from drops.course.source import Fence, Heading, Part, Prose, Source
from drops.course.words import is_id
from drops.exercises.written.pictures import WRITTEN

CHOOSE_ALL = "choose all that apply"
TOLERANCE = 0.005

Asks = Literal["one", "many", "number", "order", "spot", "setting"]
POINTED: Mapping[str, Asks] = {"click": "spot", "turn": "setting"}  # fences of a question in a picture
OWN_KEY = {"click": "spots", "turn": "knobs"}  # of theirs that is no parameter of the figure

_TASK = re.compile(r"- \[([ xX])\] (.*)$")
_STEP = re.compile(r"\d{1,3}\. (.*)$")
# the true minus stands outside the class: within it, it takes ten times as long to compile
_NUMBER = r"(?:[+-]|−)?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:/\d{1,12})?"
_FORMULA = r"`[^`]+`"
_EQUALS = re.compile(rf"= ({_NUMBER}|{_FORMULA})(?:\s*(?:±|\+-)\s*({_NUMBER}))?\s*$")
_WRONG = re.compile(rf"({_NUMBER}|{_FORMULA})(?:\s+`([^`]+)`)?\s*$")
_WORD = re.compile(r"a |[a-z]{2}")
_TITLE = re.compile(r'(?:^|\s)title="([^"]*)"')
_DIAGNOSIS = re.compile(r"(.*\S)\s+`([^`]+)`$")

Lines = list[tuple[int, str]]  # with their numbers


class OptionLine(NamedTuple):
    """A list item: its mark, its words, the quotes within it, and its line."""

    mark: str  # "x" or " " of a task, "1" of a step, "-" of a plain bullet
    text: str
    quote: str
    line: int


class Named(NamedTuple):
    """What a question's heading says of it."""

    words: str
    id: str
    keep: bool
    title: str  # what lists call it; "": by its words


def named(source: Source, heading: Heading) -> Named:
    """A question's heading, read. Raises ContentError."""
    text, brace, inner = heading.text.removesuffix("}").rpartition("{")
    if not brace or not heading.text.endswith("}"):
        remedy = "end its heading with {#a-short-id}"
        raise source.error(heading.line, "a question without an id", remedy)
    title = _TITLE.search(inner)
    words = _TITLE.sub(" ", inner, count=1).split()
    ids = [word[1:] for word in words if word.startswith("#")]
    if len(ids) != 1 or not is_id(ids[0]):
        remedy = "write {#a-short-id}: lower-case words joined by hyphens"
        raise source.error(heading.line, f"{{{inner[:60]}}} names no id", remedy)
    for word in words:
        if word not in ("#" + ids[0], ".keep"):
            what = f'"{word[:60]}" means nothing here'
            remedy = 'write {#id}, {#id .keep} or {#id .keep title="a short name"}'
            raise source.error(heading.line, what, remedy)
    return Named(text.strip(), ids[0], ".keep" in words, " ".join(title[1].split()) if title else "")


def question(
    source: Source, heading: Heading, parts: list[Part], review: bool
) -> tuple[Quiz, Prose | None]:
    """The question under `heading` with all its faces, and prose that follows its answers, if any.

    Raises ContentError.
    """
    head = named(source, heading)
    faces: list[Quiz] = []
    after: Prose | None = None
    for at, theirs in _faces(heading, parts):
        if after is not None:
            what = "text between the faces of a question"
            raise source.error(after.line, what, "put it under the heading that it belongs to")
        face, after = _face(source, at, head.words if at is heading else _begun(at.text), theirs)
        if faces and _written(face) != _written(faces[0]):
            what = f'another face of "{head.id}" that asks for something else'
            raise source.error(at.line, what, "ask for a choice, a number or an order in all of them")
        faces.append(face._replace(id=head.id, keep=head.keep or review, called=head.title))
    return faces[0]._replace(others=tuple(faces[1:])), after


def _begun(words: str) -> str:
    """What follows "Or:" as it begins a question of its own; names such as z stay small."""
    return words[:1].upper() + words[1:] if _WORD.match(words) else words


def _written(face: Quiz) -> str:
    """How a question is answered: by a click or several, by a number, by an order."""
    return "choice" if face.asks in ("one", "many") else face.asks


def _faces(heading: Heading, parts: list[Part]) -> list[tuple[Heading, list[Prose | Fence]]]:
    """A question's heading and those of its other faces, each with what stands below it."""
    found: list[tuple[Heading, list[Prose | Fence]]] = [(heading, [])]
    for part in parts:
        if isinstance(part, Heading):
            found.append((part, []))
        else:
            found[-1][1].append(part)
    return found


def _face(
    source: Source, heading: Heading, words: str, parts: list[Prose | Fence]
) -> tuple[Quiz, Prose | None]:
    """One face of a question, and prose that follows its answers, if any. Raises ContentError."""
    lines = [line for part in parts if isinstance(part, Prose) for line in _numbered(part)]
    for number, line in lines:
        if line.startswith(("* [", "+ [")):
            raise source.error(number, "an option with another bullet", "start it with - [x] or - [ ]")
    start, asks = _answers(source, heading, lines)
    body = "\n".join(line for _, line in lines[:start]).strip()
    fences = [part for part in parts if isinstance(part, Fence)]
    draw = _draw(source, [fence for fence in fences if fence.word == "draw"])
    picture = None
    for fence in (fence for fence in fences if fence.word in POINTED):
        if picture or asks != "number":
            what = "a second picture of a question" if picture else f"a {fence.word} fence without a line = …"
            raise source.error(fence.line, what, "keep one, and below it write what is right: = `[1, 2]`")
        picture = _picture(source, fence)
    if picture:
        asks = POINTED[next(fence.word for fence in fences if fence.word in POINTED)]
    expect = _expect(source, [fence for fence in fences if fence.word == "expect"], asks)
    if draw and expect:
        raise source.error(draw.place.line, "numbers that are drawn and expected", "keep one fence")
    base = Quiz(
        id="",
        asks=asks,
        question=f"{words}\n\n{body}" if body else words,
        options=(),
        answer="",
        tolerance=TOLERANCE,
        feedback="",
        keep=False,
        place=source.place(heading.line),
        expect=expect,
        draw=draw,
        picture=picture,
    )
    read = _order if asks == "order" else _choice if asks == "one" else _number
    quiz, rest = read(source, base, lines[start:])
    return quiz, Prose(tuple(line for _, line in rest), rest[0][0]) if rest else None


def _numbered(part: Prose) -> Lines:
    return list(enumerate(part.lines, part.line))


def _answers(source: Source, heading: Heading, lines: Lines) -> tuple[int, Asks]:
    """Where the answers start, and what they ask."""
    fenced = False
    steps = -1
    for index, (_, line) in enumerate(lines):
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        if fenced:
            continue
        if _TASK.match(line):
            return index, "one"
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


# ── lists of answers ──────────────────────────────────────────────────────────────────────


def _rows(source: Source, lines: Lines) -> tuple[list[OptionLine], str, Lines]:
    """List items with their quotes, a closing quote of the whole list, and what follows."""
    rows: list[OptionLine] = []
    why: list[str] = []
    for index, (number, line) in enumerate(lines):
        row = _row(line, number)
        if row:
            if why:
                raise source.error(number, "a list item after the closing quote", "put the > quote last")
            rows.append(row)
        elif line.startswith(">"):
            why.append(line[1:].strip())
        elif line[:1] in (" ", "\t"):
            if why or not rows:
                what = "an indented line that belongs to no list item"
                raise source.error(number, what, "put it under one")
            rows[-1] = _continued(rows[-1], line.strip())
        elif line.strip():
            return _settled(rows), _paragraphs(why), lines[index:]
        elif why:
            why.append("")
    return _settled(rows), _paragraphs(why), []


def _row(line: str, number: int) -> OptionLine | None:
    if task := _TASK.match(line):
        return OptionLine(task[1].lower(), task[2].strip(), "", number)
    if step := _STEP.match(line):
        return OptionLine("1", step[1].strip(), "", number)
    if line.startswith("- "):
        return OptionLine("-", line[2:].strip(), "", number)
    return None


def _alike(source: Source, rows: list[OptionLine], marks: str) -> None:
    for row in rows:
        if row.mark not in marks:
            what = "a list item of another kind among the answers"
            raise source.error(row.line, what, "mark all of them alike")


def _continued(row: OptionLine, line: str) -> OptionLine:
    if line.startswith(">"):
        return row._replace(quote=f"{row.quote}\n{line[1:].strip()}")
    return row._replace(text=f"{row.text} {line}") if line else row


def _settled(rows: list[OptionLine]) -> list[OptionLine]:
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


# ── choose, order, type a number ──────────────────────────────────────────────────────────


def _choice(source: Source, base: Quiz, lines: Lines) -> tuple[Quiz, Lines]:
    rows, why, rest = _rows(source, lines)
    _alike(source, rows, "x ")
    if why:
        remedy = "indent it under the option it explains"
        raise source.error(rows[-1].line, "a > quote outside the options", remedy)
    options = tuple(_option(row) for row in rows)
    many = CHOOSE_ALL in base.question.lower()
    right = sum(option.right for option in options)
    if right == 0 or (right > 1 and not many):
        what = f"{right} of {len(options)} options are marked [x]"
        or_all = 'mark one, or write "Choose all that apply." in the question'
        raise source.error(base.place.line, what, or_all if right else "mark the right one with [x]")
    return base._replace(asks="many" if many else "one", options=options), rest


def _option(row: OptionLine) -> QuizOption:
    right = row.mark == "x"
    match = None if right else _DIAGNOSIS.match(row.text)
    text, diagnoses = (match[1], match[2]) if match else (row.text, "")
    return QuizOption(text, right, row.quote, diagnoses, row.line)


def _order(source: Source, base: Quiz, lines: Lines) -> tuple[Quiz, Lines]:
    rows, why, rest = _rows(source, lines)
    _alike(source, rows, "1")
    pieces = tuple(row.text for row in rows)
    if len(set(pieces)) < max(len(pieces), 2):
        what = "the pieces to order are not two or more different ones"
        raise source.error(rows[0].line, what, "write each once")
    return base._replace(pieces=pieces, feedback=why), rest


def _number(source: Source, base: Quiz, lines: Lines) -> tuple[Quiz, Lines]:
    at, line = lines[0]
    match = _EQUALS.match(line)
    if match is None or _by_zero(match[1]) or _by_zero(match[2] or ""):
        what = f'"{line[:60].strip()}" is no number'
        raise source.error(at, what, "write = 0.5 or = 0.5 ± 0.02; a formula stands in backticks: = `2*p`")
    if base.picture and match[2]:
        raise source.error(at, "a tolerance where no number is typed", "leave out what stands from ± on")
    why = [text for _, text in takewhile(lambda each: _is_quote(each[1]), lines[1:])]
    rows, also, rest = _rows(source, lines[1 + len(why) :])
    made = base._replace(
        answer=match[1].strip("`").lstrip("+"),
        answer_line=at,
        tolerance=read_number(match[2]) if match[2] else TOLERANCE,
        feedback="\n\n".join(filter(None, [_paragraphs([w[1:].strip() for w in why]), also])),
        wrong=tuple(_wrong(source, row) for row in rows),
    )
    return made, rest


def _is_quote(line: str) -> bool:
    return line.startswith(">") or not line.strip()


def _wrong(source: Source, row: OptionLine) -> WrongValue:
    """A wrong value that has a name, its name, and its feedback."""
    match = _WRONG.match(row.text) if row.mark == "-" else None
    if match is None or _by_zero(match[1]):
        what = f'"{row.text[:60]}" is no wrong value'
        raise source.error(row.line, what, "write - 1.5 `misconception-id`, or - `2*p` `misconception-id`")
    return WrongValue(match[1].strip("`").lstrip("+"), match[2] or "", row.quote, row.line)


def read_number(text: str) -> float:
    """A number as lessons print it: −1.5, 1/64."""
    top, _, bottom = text.replace("−", "-").partition("/")
    return float(top) / (float(bottom) if bottom else 1.0) + 0.0


def _by_zero(text: str) -> bool:
    """Whether a plain fraction has 0 below the line; of a formula the check tells that."""
    return "`" not in text and "/" in text and float(text.partition("/")[2]) == 0


def _draw(source: Source, fences: list[Fence]) -> DrawFence | None:
    """A ```draw fence: the givens of a question and their `where`."""
    for fence in fences[1:]:
        raise source.error(fence.line, "a second draw fence", "join the two")
    for fence in fences:
        if fence.info:
            raise source.error(fence.line, f'"draw {fence.info[:60]}" names something', "write ```draw")
        return DrawFence(fence.body, source.place(fence.line))
    return None


def _picture(source: Source, fence: Fence) -> PictureFence:
    """A ```click or a ```turn fence: its figure, and what of it can be pointed at or turned."""
    if not fence.info:
        what = f"a {fence.word} fence without a figure"
        raise source.error(fence.line, what, f"write ```{fence.word} NAME")
    table = source.toml(fence.body, fence.line + 1, f"the {fence.word} fence")
    own = "" if fence.info == WRITTEN else OWN_KEY[fence.word]  # the knobs of a written figure are tables
    params = {key: value for key, value in table.data.items() if key != own}
    spots = table.text("spots", "wires") if fence.word == "click" else ""
    if fence.word == "click" and spots not in SPOTS:
        raise table.error("spots", f'"{spots[:60]}" are nothing to point at', f"write {', '.join(SPOTS)}")
    knobs = table.texts("knobs") if own == "knobs" else ()
    return PictureFence(fence.info, params, source.place(fence.line), spots, knobs)


def _expect(source: Source, fences: list[Fence], asks: Asks) -> dict[str, object]:
    """An ```expect fence: where the answer is recomputed from."""
    for fence in fences:
        by, _, name = fence.info.partition(" ")
        if by not in ("figure", "experiment") or not name.strip():
            what = f'"expect {fence.info[:60]}" names no source'
            remedy = "write ```expect figure NAME or ```expect experiment NAME"
            raise source.error(fence.line, what, remedy)
        if asks != "number" or len(fences) > 1:
            what = "an expect fence that has no number of its own to recompute"
            raise source.error(fences[-1].line, what, "keep one below a line = 0.5")
        table = source.toml(fence.body, fence.line + 1, "the expect fence")
        number = table.text("number")
        params = {key: value for key, value in table.data.items() if key != "number"}
        return {by: name.strip(), "params": params, "number": number}
    return {}
