"""path.md → a LearningPath."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drops.course.faults import Faults, Group, groups, line_of
from drops.course.lesson import bullets
from drops.course.model import Drop, LearningPath, Outcome, Phase, Place, Resource, link_name
from drops.course.source import Fence, Heading, Part, Prose, Source
from drops.course.table import TomlTable, refusal
from drops.course.words import meant
from drops.errors import ContentError

FRONT = (
    "id", "title", "emoji", "level", "subject", "rhythm", "summary", "minutes",
    "phases", "outcomes", "resources", "teaches",
)  # fmt: skip
PAGE = (
    "Why it matters", "What you will learn", "The common pitfall",
    "Prerequisites", "Practice", "Key terms", "Questions",
)  # fmt: skip


def read_page(source: Source, drops: list[Drop]) -> tuple[LearningPath | None, list[ContentError]]:
    """The path with these drops, if its front matter can be read, and every mistake in it.

    A drop of an unknown phase is a mistake at the drop's own line.
    """
    faults = Faults()
    front = faults.attempt(lambda: source.front)
    grouped = faults.attempt(groups, source, faults)
    if front is None or grouped is None:
        return None, faults
    sections = _sections(source, grouped, faults)

    def prose(name: str) -> str:
        return faults.attempt(text_of, source, sections.get(name, [])) or ""

    path = faults.attempt(
        _path,
        front,
        drops,
        faults,
        why=prose("Why it matters"),
        learn=tuple(faults.attempt(bullets, source, sections.get("What you will learn", [])) or ()),
        pitfall=prose("The common pitfall"),
        prerequisites=prose("Prerequisites"),
        practice=prose("Practice"),
        glossary=dict(faults.attempt(_entries, source, sections.get("Key terms", [])) or ()),
        faq=tuple(faults.attempt(_entries, source, sections.get("Questions", [])) or ()),
    )
    own = [fault for fault in faults if fault.place.rpartition(":")[0] == source.file]
    return path, sorted(own, key=line_of) + [fault for fault in faults if fault not in own]


def _sections(source: Source, grouped: list[Group], faults: Faults) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for heading, parts in grouped:
        if heading.text not in PAGE:
            faults.append(
                source.error(heading.line, f'no section "{heading.text[:60]}"', meant(heading.text, PAGE))
            )
        elif heading.text in found:
            faults.append(source.error(heading.line, f'a second section "{heading.text}"', "join the two"))
        else:
            found[heading.text] = parts
    return found


def _path(front: TomlTable, drops: list[Drop], faults: Faults, **body: Any) -> LearningPath:
    front.only(*FRONT)
    phases = [_phase(table) for table in front.tables("phases")]
    if not phases:
        raise refusal(
            front.file, front.line, "the path has no phases", "add [[phases]] with id, title and goal"
        )
    faults += _unplaced(drops, [phase.id for phase in phases])
    return LearningPath(
        id=front.id("id"),
        title=front.text("title"),
        emoji=front.text("emoji", ""),
        level=front.text("level", ""),
        subject=front.text("subject", ""),
        rhythm=front.text("rhythm", ""),
        summary=front.text("summary", ""),
        minutes=front.number("minutes", 0),
        phases=tuple(
            Phase(p.id, p.title, p.goal, tuple(drop for drop in drops if drop.phase == p.id)) for p in phases
        ),
        outcomes=tuple(_outcome(table) for table in front.tables("outcomes")),
        resources=tuple(_resource(table) for table in front.tables("resources")),
        teaches=front.pairs("teaches"),
        place=Place(front.file, front.at("id")),
        **body,
    )


def _phase(table: TomlTable) -> Phase:
    table.only("id", "title", "goal", "drops")
    return Phase(table.id("id"), table.text("title"), table.text("goal"), ())


def _outcome(table: TomlTable) -> Outcome:
    table.only("text", "shown_by")
    return Outcome(table.text("text"), table.texts("shown_by"))


def _resource(table: TomlTable) -> Resource:
    table.only("title", "kind", "url")
    return Resource(table.text("title"), table.text("kind"), table.text("url"))


def _unplaced(drops: list[Drop], phases: list[str]) -> Iterator[ContentError]:
    for drop in drops:
        if drop.phase not in phases:
            yield ContentError(str(drop.place), f'no phase "{drop.phase[:60]}"', meant(drop.phase, phases))


# ── sections ──────────────────────────────────────────────────────────────────────────────


def text_of(source: Source, parts: list[Part]) -> str:
    """A section's Markdown. Raises ContentError where one of our fences stands in it."""
    return "\n\n".join(_markdown(source, part) for part in parts)


def _markdown(source: Source, part: Part) -> str:
    match part:
        case Prose():
            return "\n".join(part.lines).strip()
        case Heading():
            return "### " + part.text
        case Fence():
            raise source.error(part.line, f"a {part.word} fence on the path's page", "put it into a lesson")


def _entries(source: Source, parts: list[Part]) -> list[tuple[str, str]]:
    """`### heading` and the text below it, for each: two meanings of one term are one too many."""
    found: list[tuple[str, str]] = []
    taken: set[str] = set()  # as links write them: "Hidden layer" and "hidden-layer" are one
    for part in parts:
        if isinstance(part, Heading):
            if link_name(part.text) in taken:
                raise source.error(part.line, f'"{part.text}" stands here a second time', "join the two")
            taken.add(link_name(part.text))
            found.append((part.text, ""))
        elif not found:
            raise source.error(part.line, "text before the first ### heading", "give it a ### heading")
        else:
            name, text = found[-1]
            found[-1] = name, f"{text}\n\n{_markdown(source, part)}".strip()
    return found
