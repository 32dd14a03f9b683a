"""What is done in a drop: the questions and exercises of one section, each read on its own."""

from __future__ import annotations

from collections.abc import Iterator

from drops.course.faults import Faults, Group
from drops.course.model import ExerciseFence, Item
from drops.course.questions import question
from drops.course.source import Fence, Heading, Part, Prose, Source
from drops.errors import ContentError

OWN = ("id", "keep", "level", "title")  # keys of every exercise fence; the others are its kind's


def items(source: Source, group: Group, faults: Faults) -> tuple[Item, ...]:
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


def _asks(heading: Heading, parts: list[Part]) -> bool:
    """Whether this is a question: it has an id, or answers follow."""
    lines = [line for part in parts if isinstance(part, Prose) for line in part.lines]
    return heading.text.endswith("}") or any(line.startswith(("- [", "= ", "1. ")) for line in lines)


def _astray(source: Source, before: list[Prose | Heading]) -> Iterator[ContentError]:
    for part in before[:1]:
        what = "a heading" if isinstance(part, Heading) else "text"
        remedy = "end its heading with {#id} and add answers, or put an exercise fence after it"
        yield source.error(part.line, f"{what} that belongs to no question", remedy)


def _questions(
    source: Source, group: Group, faults: Faults
) -> Iterator[tuple[Heading | None, list[Part]]]:
    """`###` headings with what is theirs; exercise fences and leading prose by themselves."""
    heading: Heading | None = None
    theirs: list[Part] = []
    for part in group[1]:
        if isinstance(part, Heading) and part.level == 4 and heading is not None:
            theirs.append(part)
        elif isinstance(part, Heading):
            if heading or theirs:
                yield heading, theirs
            heading, theirs = part, []
        elif isinstance(part, Fence) and part.word == "exercise":
            if heading or theirs:
                yield heading, theirs
            yield None, [part]
            heading, theirs = None, []
        elif isinstance(part, Fence) and (part.word == "figure" or heading is None):
            faults.append(source.error(part.line, f"a {part.word} fence out of place", _PLACES[part.word]))
        else:
            theirs.append(part)
    if heading or theirs:
        yield heading, theirs


_PLACES = {
    "figure": "figures stand in the lesson's sections",
    "expect": "put it under the question it is about",
    "draw": "put it under the heading of its question",
    "click": "put it under the heading of its question",
    "turn": "put it under the heading of its question",
}


def _exercise(source: Source, fence: Fence, before: list[Prose | Heading], review: bool) -> ExerciseFence:
    if not fence.info:
        raise source.error(fence.line, "an exercise without a kind", "write ```exercise KIND")
    table = source.toml(fence.body, fence.line + 1, "the exercise")
    headings = [part.text for part in before if isinstance(part, Heading)]
    level = table.number("level", 2)
    if level not in (0, 1, 2, 3):
        raise table.error("level", f"there is no level {level:g}", "write 0, 1, 2 or 3")
    keep = review or table.flag("keep", False)
    title = table.text("title", headings[-1] if headings else None if keep else "")
    return ExerciseFence(
        id=table.id("id"),
        kind=fence.info,
        params={key: value for key, value in table.data.items() if key not in OWN},
        keep=keep,
        level=int(level),
        title=title,
        place=source.place(fence.line),
        body=tuple(enumerate(fence.body, fence.line + 1)) if fence.info == "written" else (),
        before="\n\n".join("\n".join(part.lines).strip() for part in before if isinstance(part, Prose)),
    )
