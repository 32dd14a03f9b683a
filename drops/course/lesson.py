"""A lesson file → a Drop. Reads on after a mistake, so that an author sees all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zlib import crc32

from drops.course.faults import Faults, Group, groups, line_of
from drops.course.items import items
from drops.course.model import Claim, Drop, ExerciseFence, FigureFence, GoalLine, Item, Place, Quiz, Section
from drops.course.picture import read_picture
from drops.course.source import Fence, Heading, Part, Prose, Source
from drops.course.table import TomlTable, refusal
from drops.course.words import meant, nearest
from drops.errors import ContentError

FRONT = (
    "id",
    "title",
    "phase",
    "minutes",
    "goal",
    "gain",
    "riddle",
    "picture",
    "leaves_out",
    "teaches",
    "needs",
    "misconceptions",
    "claims",
)
OF_CLAIM = ("says", "experiment", "params", "expect")
LONGEST_GOAL = 60  # characters of what a figure asks to be turned to
LONGEST_LINE = 90  # characters of a gain or a riddle
KEPT_APART = ("Exercise", "Quiz", "Review", "Carry forward")  # what is not read but done


def read_drop(source: Source, number: int, *, claims: bool = True) -> tuple[Drop | None, list[ContentError]]:
    """The drop if its front matter and outline can be read, and every mistake in it.

    Its claims, half of the front matter, are left out unless `claims`: only the check asks for them.
    """
    faults = Faults()
    front = faults.attempt(lambda: source.front)
    grouped = faults.attempt(groups, source, faults)
    if front is None or grouped is None:
        return None, faults
    lesson, apart = _apart(source, grouped, faults)
    done = items(source, apart["Exercise"], faults)
    asked, kept = items(source, apart["Quiz"], faults), items(source, apart["Review"], faults)
    written = {one.id: one for one in (*done, *asked, *kept) if _is_whole(one)}
    parts = (done, asked, kept)
    done, asked, kept = (tuple(_likened(one, written, faults) for one in part) for part in parts)
    drop = faults.attempt(
        _drop,
        source,
        front,
        number,
        claims=(faults.attempt(_claims, source, front) if claims else None) or (),
        sections=tuple(s for g in lesson if (s := faults.attempt(_section, source, *g))),
        exercises=_only_exercises(done, faults),
        quiz=asked,
        review=kept,
        carry_forward=tuple(faults.attempt(bullets, source, apart["Carry forward"][1]) or ()),
    )
    if drop is not None:
        faults.extend(_repeated(source, drop))
    return drop, sorted(faults, key=line_of)


Lines = tuple[tuple[int, str], ...]  # of a fence, each with its number


def _is_whole(item: Item) -> bool:
    """Whether it is a written exercise that says all of itself."""
    return isinstance(item, ExerciseFence) and item.kind == "written" and "like" not in item.params


def _likened(item: Item, written: Mapping[str, Item], faults: Faults) -> Item:
    """A written exercise that is like another has its formulas, and its own words and `asks`."""
    if not isinstance(item, ExerciseFence) or item.kind != "written" or "like" not in item.params:
        return item
    own = {key: value for key, value in item.params.items() if key != "like"}
    other = written.get(name := str(item.params["like"]))
    if not isinstance(other, ExerciseFence):
        if not written and faults:
            return item  # the other is among them
        what = f'like: no written exercise "{name[:60]}" in this drop'
        faults.append(ContentError(str(item.place), what, meant(name, written)))
        return item
    shared = {key: value for key, value in other.params.items() if key not in ("predict", "see", "explain")}
    (top, tables), (other_top, other_tables) = (_parted(tuple(one.body)) for one in (item, other))
    body = (*top, *other_top, *tables, *other_tables)  # where a key is looked for, its own first
    return item._replace(params={**shared, **own}, body=body)


def _parted(body: Lines) -> tuple[Lines, Lines]:
    """The lines of a fence above its first table, and the others."""
    at = next((n for n, (_, line) in enumerate(body) if line.lstrip().startswith("[")), len(body))
    return body[:at], body[at:]


def _only_exercises(found: tuple[Item, ...], faults: Faults) -> tuple[ExerciseFence, ...]:
    for item in found:
        if isinstance(item, Quiz):
            what = f'the question "{item.id}" stands under "## Exercise"'
            faults.append(ContentError(str(item.place), what, 'move it under "## Quiz"'))
    return tuple(item for item in found if isinstance(item, ExerciseFence))


def _apart(source: Source, grouped: list[Group], faults: Faults) -> tuple[list[Group], dict[str, Group]]:
    """The lesson's sections, and the parts that are done, by name."""
    lesson: list[Group] = []
    apart: dict[str, Group] = {}
    for heading, parts in grouped:
        if heading.text in apart:
            faults.append(source.error(heading.line, f'a second section "{heading.text}"', "join the two"))
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


def _drop(source: Source, front: TomlTable, number: int, **body: Any) -> Drop:
    front.only(*FRONT)
    minutes = front.number("minutes")
    if not 0 < minutes <= 60:
        raise front.error("minutes", f"{minutes:g} minutes", "a drop takes more than 0 and at most 60")
    return Drop(
        id=front.id("id"),
        number=number,
        title=front.text("title"),
        phase=front.id("phase"),
        minutes=minutes,
        goal=front.text("goal"),
        leaves_out=front.texts("leaves_out"),
        teaches=front.texts("teaches"),
        needs=front.texts("needs"),
        digest=f"{crc32(source.text.encode()):08x}",
        place=source.place(front.at("id")),
        misconceptions=front.pairs("misconceptions"),
        gain=_line(front, "gain"),
        riddle=_line(front, "riddle"),
        picture=read_picture(front),
        **body,
    )


def _line(front: TomlTable, key: str) -> str:
    """A sentence that stands alone on the last page of a day; "" where there is none."""
    text = front.text(key, "")
    if len(text) > LONGEST_LINE:
        what = f"{key} has {len(text)} characters"
        raise front.error(key, what, f"say it in at most {LONGEST_LINE}: it stands on one line")
    return text


def _claims(source: Source, front: TomlTable) -> tuple[Claim, ...]:
    claims = source.claims
    claims.only("claims")
    tables = (*front.tables("claims"), *claims.tables("claims"))
    return tuple(_claim(table) for table in tables)


def _claim(table: TomlTable) -> Claim:
    table.only(*OF_CLAIM)
    expect = table.table("expect")
    if not expect:
        raise refusal(table.file, table.line, "a claim that expects nothing", "add expect = { name = value }")
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
        Place(table.file, table.line),
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
        if isinstance(part, Heading) and part.level == 4:
            raise source.error(part.line, "another face of no question", "put it below a question's answers")
        text = "### " + part.text if isinstance(part, Heading) else "\n".join(part.lines).strip()
        if made and isinstance(made[-1], str):
            made[-1] = f"{made[-1]}\n\n{text}"
        else:
            made.append(text)
    words = [len(part.split()) for part in made if isinstance(part, str)]
    place = source.place(heading.line)
    return Section(heading.text, tuple(made), place, sum(words), len(made) - len(words))


def _figure(source: Source, fence: Fence) -> FigureFence:
    if fence.word != "figure":
        raise source.error(
            fence.line,
            f"{'a' if fence.word == 'draw' else 'an'} {fence.word} fence within the lesson",
            'move it under "## Exercise" or "## Quiz"',
        )
    if not fence.info:
        raise source.error(fence.line, "a figure without a name", "write ```figure NAME")
    table = source.toml(fence.body, fence.line + 1, "the figure")
    params = {key: value for key, value in table.data.items() if key not in ("expect", "goal")}
    expect, place = table.numbers("expect"), source.place(fence.line)
    body = tuple(enumerate(fence.body, fence.line + 1)) if fence.info == "written" else ()
    return FigureFence(fence.info, params, expect, place, _goal(table), body)


def _goal(table: TomlTable) -> GoalLine | None:
    """What a figure asks to be turned to, or None where it asks nothing."""
    said = table.data.get("goal")
    if said is None:
        return None
    written = isinstance(said, dict) and set(said) == {"says", "when"}
    if not written or not all(isinstance(text, str) and text.strip() for text in said.values()):
        remedy = 'write goal = { says = "make it fire", when = "w*x + b > 0" }, over its knobs by name'
        raise table.error("goal", "a goal without its two sentences", remedy)
    if len(said["says"]) > LONGEST_GOAL:
        what = f"a goal of {len(said['says'])} characters"
        raise table.error("goal", what, f"say it in at most {LONGEST_GOAL}: it stands on one line")
    return GoalLine(said["says"].strip(), said["when"])


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
                raise source.error(number, "a line that is no bullet", "start it with - or indent it")
    return found


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
