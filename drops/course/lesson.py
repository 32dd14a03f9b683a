"""A lesson file → a Drop. Reads on after a mistake, so that an author sees all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec, TypeVar

from drops.course.model import Claim, Drop, ExerciseFence, FigureFence, Item, Section
from drops.course.questions import question
from drops.course.source import Fence, Heading, Part, Prose, Source, Table, meant, nearest
from drops.errors import ContentError

FRONT = (
    "id",
    "title",
    "phase",
    "minutes",
    "goal",
    "leaves_out",
    "teaches",
    "needs",
    "misconceptions",
    "claims",
)
KEPT_APART = ("Exercise", "Quiz", "Review", "Carry forward")  # what is not read but done

P = ParamSpec("P")
T = TypeVar("T")


class Faults(list[ContentError]):
    """The mistakes found so far; `attempt` notes one and reads on."""

    def attempt(self, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return make(*args, **kwargs)
        except ContentError as mistake:
            self.append(mistake)
            return None

    def all(self, makers: Iterable[Callable[[], T]]) -> tuple[T, ...]:
        made = (self.attempt(make) for make in makers)
        return tuple(value for value in made if value is not None)


Group = tuple[Heading, list[Part]]


def groups(source: Source, faults: Faults) -> list[Group]:
    """The body's `##` headings, each with what stands below it. Raises ContentError."""
    found: list[Group] = []
    for part in source.parts():
        if isinstance(part, Heading) and part.level == 2:
            found.append((part, []))
        elif found:
            found[-1][1].append(part)
        else:
            faults.append(
                source.error(
                    part.line, "something before the first heading", "start with a line ## …"
                )
            )
    return found


def read_drop(source: Source, number: int) -> tuple[Drop | None, list[ContentError]]:
    """The drop if its front matter and outline can be read, and every mistake in it."""
    faults = Faults()
    front = faults.attempt(lambda: source.front)
    grouped = faults.attempt(groups, source, faults)
    if front is None or grouped is None:
        return None, faults
    lesson, apart = _apart(source, grouped, faults)
    sections = faults.all((lambda g=g: _section(source, *g)) for g in lesson)  # type: ignore[misc]
    drop = faults.attempt(
        _drop,
        source,
        front,
        number,
        sections=sections,
        exercises=tuple(
            i for i in _items(source, apart["Exercise"], faults) if isinstance(i, ExerciseFence)
        ),
        quiz=_items(source, apart["Quiz"], faults),
        review=_items(source, apart["Review"], faults),
        carry_forward=tuple(faults.attempt(bullets, source, apart["Carry forward"][1]) or ()),
    )
    if drop is not None:
        faults.extend(_repeated(source, drop))
    return drop, sorted(faults, key=line_of)


def line_of(mistake: ContentError) -> int:
    return int(mistake.place.rpartition(":")[2])


def _apart(
    source: Source, grouped: list[Group], faults: Faults
) -> tuple[list[Group], dict[str, Group]]:
    """The lesson's sections, and the parts that are done, by name."""
    lesson: list[Group] = []
    apart: dict[str, Group] = {}
    for heading, parts in grouped:
        if heading.text in apart:
            faults.append(
                source.error(heading.line, f'a second section "{heading.text}"', "join the two")
            )
        elif heading.text in KEPT_APART:
            apart[heading.text] = heading, parts
        elif apart or nearest(heading.text, KEPT_APART, 0.8):
            what = (
                f'no section "{heading.text[:60]}" after the lesson'
                if apart
                else f'no section "{heading.text[:60]}"'
            )
            faults.append(source.error(heading.line, what, meant(heading.text, KEPT_APART)))
        else:
            lesson.append((heading, parts))
    nothing: Group = (Heading(2, "", 0), [])
    return lesson, {name: apart.get(name, nothing) for name in KEPT_APART}


# ── the front matter ──────────────────────────────────────────────────────────────────────


def _drop(source: Source, front: Table, number: int, **body: Any) -> Drop:
    front.only(*FRONT)
    minutes = front.number("minutes")
    if not 0 < minutes <= 60:
        raise front.error(
            "minutes", f"{minutes:g} minutes", "a drop takes more than 0 and at most 60"
        )
    return Drop(
        id=front.id("id"),
        number=number,
        title=front.text("title"),
        phase=front.text("phase"),
        minutes=minutes,
        goal=front.text("goal"),
        leaves_out=front.texts("leaves_out"),
        teaches=front.texts("teaches"),
        needs=front.texts("needs"),
        claims=tuple(_claim(table) for table in front.tables("claims")),
        digest=hashlib.blake2b(source.text.encode(), digest_size=8).hexdigest(),
        place=source.place(front.at("id")),
        misconceptions=front.pairs("misconceptions"),
        **body,
    )


def _claim(table: Table) -> Claim:
    table.only("says", "experiment", "params", "expect")
    expect = table.table("expect")
    if not expect:
        raise table.source.error(
            table.line, "a claim that expects nothing", "add expect = { name = value }"
        )
    for name, wanted in expect.items():
        if not _expectation(wanted):
            raise table.error(
                "expect",
                f'"{name[:60]}" expects neither a number nor a bound',
                "write a number, { is = 1, within = 0.1 }, { at_least = 1 } or { at_most = 1 }",
            )
    return Claim(
        table.text("says"),
        table.text("experiment"),
        table.table("params"),
        expect,
        table.source.place(table.line),
    )


def _expectation(wanted: object) -> bool:
    if isinstance(wanted, dict):
        legal = set(wanted) in (
            {"is", "within"},
            {"at_least"},
            {"at_most"},
            {"at_least", "at_most"},
        )
        return legal and all(_expectation(v) and not isinstance(v, dict) for v in wanted.values())
    return isinstance(wanted, int | float) and not isinstance(wanted, bool)


# ── what is read ──────────────────────────────────────────────────────────────────────────


def _section(source: Source, heading: Heading, parts: list[Part]) -> Section:
    made: list[str | FigureFence] = []
    for part in parts:
        if isinstance(part, Fence):
            made.append(_figure(source, part))
            continue
        text = "### " + part.text if isinstance(part, Heading) else "\n".join(part.lines).strip()
        if made and isinstance(made[-1], str):
            made[-1] = f"{made[-1]}\n\n{text}"
        else:
            made.append(text)
    return Section(heading.text, tuple(made), source.place(heading.line))


def _figure(source: Source, fence: Fence) -> FigureFence:
    if fence.word != "figure":
        raise source.error(
            fence.line,
            f"an {fence.word} fence within the lesson",
            'move it under "## Exercise" or "## Quiz"',
        )
    if not fence.info:
        raise source.error(fence.line, "a figure without a name", "write ```figure NAME")
    table = source.toml(fence.body, fence.line + 1, "the figure")
    params = {key: value for key, value in table.data.items() if key != "expect"}
    return FigureFence(fence.info, params, table.numbers("expect"), source.place(fence.line))


def bullets(source: Source, parts: Iterable[Part]) -> list[str]:
    """A bullet list, one text for each."""
    found: list[str] = []
    for part in parts:
        if not isinstance(part, Prose):
            raise source.error(part.line, "something between the bullets", "write lines - …")
        for number, line in enumerate(part.lines, part.line):
            if line.startswith("- "):
                found.append(line[2:].strip())
            elif line[:1] == " " and line.strip() and found:
                found[-1] += " " + line.strip()
            elif line.strip():
                raise source.error(
                    number, "a line that is no bullet", "start it with - or indent it"
                )
    return found


# ── what is done ──────────────────────────────────────────────────────────────────────────


def _items(source: Source, group: Group, faults: Faults) -> tuple[Item, ...]:
    """The questions and exercises of one section, each read on its own."""
    review = group[0].text == "Review"
    items: list[Item] = []
    before: list[Prose | Heading] = []
    for heading, parts in _questions(source, group, faults):
        if heading is None and isinstance(parts[0], Fence):
            made = faults.attempt(_exercise, source, parts[0], before, review)
            items += [made] if made else []
            before = []
        elif heading is None or not _asks(heading, parts):
            before += [part for part in (heading, *parts) if isinstance(part, Prose | Heading)]
        else:
            faults += _astray(source, before)
            asked = faults.attempt(question, source, heading, parts, review)
            items += [asked[0]] if asked else []
            before = [asked[1]] if asked and asked[1] else []
    faults += _astray(source, before)
    return tuple(items)


def _asks(heading: Heading, parts: list[Prose | Fence]) -> bool:
    """Whether this is a question: it has an id, or answers follow."""
    lines = [line for part in parts if isinstance(part, Prose) for line in part.lines]
    return heading.text.endswith("}") or any(
        line.startswith(("- [", "= ", "1. ")) for line in lines
    )


def _astray(source: Source, before: list[Prose | Heading]) -> Iterator[ContentError]:
    for part in before:
        what, line = "text that belongs to no question", part.line
        if isinstance(part, Heading):
            what = "a heading that belongs to no question"
        else:
            line += next(n for n, text in enumerate(part.lines) if text.strip())
        yield source.error(
            line,
            what,
            "end its heading with {#id} and add answers, or put an exercise fence after it",
        )
        return


def _questions(
    source: Source, group: Group, faults: Faults
) -> Iterator[tuple[Heading | None, list[Prose | Fence]]]:
    """`###` headings with what is theirs; exercise fences and leading prose by themselves."""
    heading: Heading | None = None
    theirs: list[Prose | Fence] = []
    for part in group[1]:
        if isinstance(part, Heading):
            if heading or theirs:
                yield heading, theirs
            heading, theirs = part, []
        elif isinstance(part, Fence) and part.word == "exercise":
            if heading or theirs:
                yield heading, theirs
            yield None, [part]
            heading, theirs = None, []
        elif isinstance(part, Fence) and (part.word == "figure" or heading is None):
            faults.append(
                source.error(part.line, f"a {part.word} fence out of place", _PLACES[part.word])
            )
        else:
            theirs.append(part)
    if heading or theirs:
        yield heading, theirs


_PLACES = {
    "figure": "figures stand in the lesson's sections",
    "expect": "put it under the question it is about",
}


def _exercise(
    source: Source, fence: Fence, before: list[Prose | Heading], review: bool
) -> ExerciseFence:
    if not fence.info:
        raise source.error(fence.line, "an exercise without a kind", "write ```exercise KIND")
    table = source.toml(fence.body, fence.line + 1, "the exercise")
    headings = [part.text for part in before if isinstance(part, Heading)]
    level = table.number("level", 2)
    if level not in (0, 1, 2, 3):
        raise table.error("level", f"there is no level {level:g}", "write 0, 1, 2 or 3")
    keep = review or table.flag("keep", False)
    title = table.text("title", headings[-1] if headings else None if keep else "")
    own = ("id", "keep", "level", "title")
    return ExerciseFence(
        id=table.id("id"),
        kind=fence.info,
        params={key: value for key, value in table.data.items() if key not in own},
        keep=keep,
        level=int(level),
        title=title,
        place=source.place(fence.line),
        before="\n\n".join(
            "\n".join(part.lines).strip() for part in before if isinstance(part, Prose)
        ),
    )


def _repeated(source: Source, drop: Drop) -> Iterator[ContentError]:
    """Two items of one id: history could not tell them apart."""
    seen: dict[str, int] = {}
    for item in (*drop.exercises, *drop.quiz, *drop.review):
        if item.id in seen:
            yield source.error(
                item.place.line,
                f'the id "{item.id}" is taken by line {seen[item.id]}',
                "give each item an id of its own",
            )
        seen.setdefault(item.id, item.place.line)
