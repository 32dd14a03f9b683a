"""Holds a course against itself: what its files say of each other, and what the engine says.

`parse` refuses what cannot be read; this finds what can be read and is wrong. Every problem
is one line: where, what, and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from drops.course.check_faces import check_faces
from drops.course.gaps import check_first_act, check_gaps
from drops.course.model import Drop, ExerciseFence, Item, LearningPath, Problem, Quiz, link_name
from drops.course.parse import LESSON, Reading, read
from drops.course.source import Source
from drops.course.words import meant
from drops.errors import ContentError
from drops.text import counted

if TYPE_CHECKING:
    from drops.course.recompute import Each

_CODE = re.compile(r"(`+).+?\1")
_LATEX = re.compile(
    r"\$\$|\\[a-zA-Z]+\s*\{|\\(?:frac|sum|prod|int|sqrt|cdot|times|left|right|partial|nabla|infty|leq|geq|neq"
    r"|approx|alpha|beta|gamma|delta|eta|theta|lambda|mu|sigma|hat|bar|vec)(?![a-zA-Z])"
    r"|\\\(.*?\\\)|\\\[.*?\\\](?!\()|\$[^$\s](?:[^$]*[\\^_{][^$]*)\$"
)
PAGE = "path.md"
LONGEST_TITLE = 40  # characters: Today, Why and the history list items by their titles
OPTIONS = {"one": (2, 3), "many": (2, 5)}  # a fourth option is hardly ever chosen


def check(
    folders: Sequence[Path],
    claims: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
    beside: Sequence[Path] = (),
    only: str = "",
    each: Each = map,
) -> list[Problem]:
    """Every problem of the courses in these library folders, file by file. What they need and link to may
    also stand in the folders `beside`, which are not checked. With the name of a lesson's file in `only`, of
    that one and of its page alone.

    With `claims`, what lessons assert about networks is measured again, and `progress` is
    told before each: how many are done, how many there are, and which is next. `each` runs them: `map`, or
    what does the same with several at a time.
    """
    from drops.course.recompute import recomputed

    reading = read(folders)
    found = [Problem(e.place, e.what, e.remedy) for e in reading.errors]
    for name in reading.passed_over:
        remedy = "lessons are named 01-name.md, in a folder beside a path.md"
        found.append(Problem(f"{name}:1", "is passed over", remedy))
    for source in reading.sources:
        if _is_one(source.file, only):
            found += _text(source)
    paths = {path.id: path for path in (*read(beside, claims=False).paths, *reading.paths)}
    for path in reading.paths:
        elsewhere = {drop.id: drop for other in paths.values() if other.id != path.id for drop in other.drops}
        found += _path(path, reading, elsewhere, only)
    found += recomputed([_with(path, only) for path in reading.paths], reading.faulty, claims, progress, each)
    order = {source.file: n for n, source in enumerate(reading.sources)}

    def position(problem: Problem) -> tuple[int, int]:
        file, _, line = problem.place.rpartition(":")
        return order.get(file, -1), int(line) if file in order else 0

    told = (p for p in found if _is_one(file := p.place.rpartition(":")[0], only) or _is_one(file, PAGE))
    return sorted(dict.fromkeys(told), key=position)


def _is_one(file: str, only: str) -> bool:
    return not only or file.rpartition("/")[2] == only


def _with(path: LearningPath, only: str) -> LearningPath:
    """The path with the drop of one file, or with all of them."""

    def kept(drops: Iterable[Drop]) -> tuple[Drop, ...]:
        return tuple(drop for drop in drops if _is_one(drop.place.file, only))

    return path._replace(phases=tuple(phase._replace(drops=kept(phase.drops)) for phase in path.phases))


def _text(source: Source) -> Iterator[Problem]:
    for line in source.hidden:
        yield Problem(f"{source.file}:{line}", "a control or hidden character", "delete it")
    fence = ""
    for line, text in enumerate(source.lines, 1):
        mark = text.lstrip()[:3]
        if mark in ("```", "~~~") and fence in ("", mark):
            fence = "" if fence else mark
        elif not fence and (found := _LATEX.search(_CODE.sub("", text))):
            what = f'"{found[0][:40]}" is LaTeX, and is shown as it stands'
            yield Problem(f"{source.file}:{line}", what, "write signs: z = w₁x₁ + b, x², √n, Σ, ∂L/∂w, a/b")


# ── the path's page ───────────────────────────────────────────────────────────────────────


def _path(
    path: LearningPath, reading: Reading, elsewhere: Mapping[str, Drop], only: str
) -> Iterator[Problem]:
    """`elsewhere`: the drops of all other paths."""
    folder = path.place.file.rpartition("/")[0]
    files = {s.file: s for s in reading.sources if s.file.rpartition("/")[0] == folder}
    page = files[path.place.file]
    # a lesson that cannot be read has its own error; those who refer to it are not to blame
    lessons = {*files, *(f for f in reading.faulty if f.rpartition("/")[0] == folder)}
    named = dict(sorted(filter(None, map(_in_name, lessons)), key=lambda each: each[1]))
    numbers: dict[str, int] = {}  # of a drop's id
    for name, number in (*((drop.id, drop.number) for drop in path.drops), *named.items()):
        numbers.setdefault(name, number)
    yield from _page(path, page, list(numbers), elsewhere)
    yield from _order(path, {*named.values()} - {drop.number for drop in path.drops})
    for one in _with(path, only).drops:
        yield from _drop(one, path, numbers, elsewhere, whole=one.place.file not in reading.faulty)
    for source in (source for source in files.values() if _is_one(source.file, only)):
        yield from _links(source, path, [*numbers, *elsewhere])
        drop = next((one for one in path.drops if one.place.file == source.file), None)
        yield from check_gaps(source, drop)


def _in_name(file: str) -> tuple[str, int] | None:
    """The id and the number that a lesson's file is called by."""
    match = LESSON.fullmatch(file.rpartition("/")[2])
    return (match[2], int(match[1])) if match else None


def _page(
    path: LearningPath, page: Source, drops: list[str], elsewhere: Collection[str]
) -> Iterator[Problem]:
    front = page.front
    whole = len(drops) == len(path.drops)  # every lesson could be read

    def problem(line: int, what: str, remedy: str) -> Problem:
        return Problem(f"{page.file}:{line}", what, remedy)

    for phase, table in zip(path.phases, front.tables("phases"), strict=True):
        named = int(table.number("drops", len(phase.drops)))
        if whole and not named and not phase.drops:
            what = f'the phase "{phase.id}" holds no drop'
            yield problem(table.at("drops"), what, "write its first lesson, or take the phase out")
        elif whole and named != len(phase.drops):
            what = f'the phase "{phase.id}" names {counted(named, "drop")} and holds {len(phase.drops)}'
            yield problem(table.at("drops"), what, "write the drops that are missing, or correct the number")
    for outcome, table in zip(path.outcomes, front.tables("outcomes"), strict=True):
        if not outcome.shown_by:
            yield problem(table.line, "an outcome that nothing shows", 'add shown_by = ["drop-id/item-id"]')
        kept = [key for drop in path.drops for key in drop.kept]
        for name in outcome.shown_by:
            drop, _, item = name.partition("/")
            if drop not in drops:
                yield problem(table.at("shown_by"), f'no drop "{drop}"', meant(drop, drops))
            elif item and whole and name not in kept:
                yield problem(table.at("shown_by"), f'no item "{name}" that comes back', meant(name, kept))
    for resource, table in zip(path.resources, front.tables("resources"), strict=True):
        if not resource.url.startswith(("https://", "http://")):
            yield problem(table.at("url"), f'"{resource.url}" is no web address', "write https://…")
    for subject, where in path.teaches.items():
        if where not in {*drops, *elsewhere} and not where.startswith("beyond this path: "):
            remedy = f'write the id of a drop ({meant(where, drops)}) or "beyond this path: …"'
            yield problem(front.at(subject), f'"{subject}" is taught by no drop "{where}"', remedy)
    for term, meaning in path.glossary.items():
        if not meaning:
            yield problem(
                _line_of(page, term),
                f'the term "{term}" is not explained',
                "add a sentence below it",
            )
    for question, answer in path.faq:
        if not answer:
            yield problem(
                _line_of(page, question),
                "a question without an answer",
                "add it below the heading",
            )
    total = sum(drop.minutes for drop in path.drops)
    if whole and path.minutes and path.minutes != total:
        what = f"the page says {path.minutes:g} minutes, its drops take {total:g}"
        yield problem(front.at("minutes"), what, "correct the one or the others")


def _line_of(page: Source, heading: str) -> int:
    return next(
        (n for n, line in enumerate(page.lines, 1) if line.startswith("### ") and heading in line),
        1,
    )


def _order(path: LearningPath, unread: set[int]) -> Iterator[Problem]:
    """Drops are numbered 1, 2, 3 … and go through the phases in order."""
    previous: Drop | None = None
    places = (place for place in count(1) if place not in unread)
    for expected, drop in zip(places, path.drops, strict=False):
        if previous and drop.number == previous.number:
            what = f"two drops are number {drop.number}"
            yield Problem(str(drop.place), what, "renumber one of the files")
        elif drop.number != expected and (not previous or drop.number != previous.number + 1):
            what = f"the drop is number {drop.number} and stands in place {expected}"
            yield Problem(str(drop.place), what, "number the files 01, 02, 03 … in the order of the phases")
        previous = drop


# ── a lesson ──────────────────────────────────────────────────────────────────────────────


def _drop(
    drop: Drop, path: LearningPath, numbers: dict[str, int], elsewhere: Mapping[str, Drop], whole: bool
) -> Iterator[Problem]:
    """`whole`: all of it could be read; otherwise what seems to be missing may be there."""
    here = str(drop.place)
    if _in_name(drop.place.file) != (drop.id, drop.number):
        name = f"{drop.number:02d}-{drop.id}.md"
        yield Problem(here, f'the id "{drop.id}" is not the file\'s', f"call the file {name}")
    own = {one.id: one for one in path.drops}
    earlier = [name for name, number in numbers.items() if number < drop.number]
    for name in drop.needs:
        if name in numbers and name not in earlier:
            yield Problem(here, f'needs "{name}", which comes later', "need only earlier drops")
        elif name in elsewhere and _leads_to(drop.id, name, {**elsewhere, **own}):
            yield Problem(here, f'needs "{name}", which needs it in turn', "break the circle at one of them")
        elif name not in numbers and name not in elsewhere:
            yield Problem(here, f'needs no known drop "{name}"', meant(name, [*earlier, *elsewhere]))
    terms = {link_name(term): term for term in path.glossary}
    for term in drop.teaches:
        if link_name(term) not in terms:
            yield Problem(here, f'teaches "{term}", which is no key term', meant(term, terms.values()))
    for what, there in (
        ("no lesson", drop.sections),
        ("no exercise", drop.exercises),
        ("no quiz", drop.quiz),
        ("nothing that comes back", drop.kept),
        ("nothing to carry forward", drop.carry_forward),
    ):
        if whole and not there:
            yield Problem(here, what, _ADD[what])
    for item in drop.items.values():
        yield from _title(item)
    for item in (*drop.quiz, *drop.review):
        if isinstance(item, Quiz):
            for face in item.faces:
                yield from _quiz(drop.place.file, face)
            yield from check_faces(drop.place.file, item)
    yield from check_first_act(drop)


def _title(item: Item) -> Iterator[Problem]:
    if (long := len(item.title)) > LONGEST_TITLE:
        what = f'"{item.id}" is listed by a title of {long} characters'
        remedy = f'write title="…" of at most {LONGEST_TITLE} beside its id'
        if isinstance(item, ExerciseFence):
            remedy = f"shorten its title to {LONGEST_TITLE}"
        yield Problem(str(item.place), what, remedy)


def _leads_to(wanted: str, name: str, drops: Mapping[str, Drop]) -> bool:
    """Whether the drop `name` needs `wanted`, directly or by others that it needs."""
    seen, todo = set[str](), [name]
    while todo:
        if (at := todo.pop()) == wanted:
            return True
        if at in drops and at not in seen:
            seen.add(at)
            todo += drops[at].needs
    return False


_ADD = {
    "no lesson": "add sections ## …",
    "no exercise": "add ## Exercise with a fence ```exercise KIND",
    "no quiz": "add ## Quiz with questions ### … {#id}",
    "nothing that comes back": "mark items .keep or keep = true, or add ## Review",
    "nothing to carry forward": "add ## Carry forward with lines - …",
}


def _quiz(file: str, quiz: Quiz) -> Iterator[Problem]:
    here = str(quiz.place)
    if not quiz.options and not quiz.feedback:
        yield Problem(here, f'"{quiz.id}" does not say why', "add a line > … below the answer")
    for wrong in quiz.wrong:
        if not wrong.feedback:
            what = f"the wrong value {wrong.value} {wrong.diagnoses} has no feedback".replace("  ", " ")
            yield Problem(f"{file}:{wrong.line}", what, "add an indented line > … below it")
    if quiz.asks in OPTIONS:
        fewest, most = OPTIONS[quiz.asks]
        if not fewest <= len(quiz.options) <= most:
            what = f'"{quiz.id}" has {len(quiz.options)} options'
            yield Problem(here, what, f"write {fewest} to {most}, each diagnosing something")
    for option in quiz.options:
        if not option.feedback:
            yield Problem(
                f"{file}:{option.line}",
                "an option without feedback",
                "add an indented line > … below it",
            )
    texts = [option.text for option in quiz.options]
    if len(set(texts)) < len(texts):
        yield Problem(here, f'"{quiz.id}" has the same option twice', "change one of them")


# ── links ─────────────────────────────────────────────────────────────────────────────────


def _links(source: Source, path: LearningPath, drops: list[str]) -> Iterator[Problem]:
    from drops.course.markup import marks

    terms = [link_name(term) for term in path.glossary]
    try:
        found = list(marks(source))
    except ContentError:
        return  # its front matter has no end, which is told already
    for kind, text, line in found:
        what, remedy = f'"{" ".join(text[:60].split())}" ', ""
        scheme, _, name = unquote(text).partition(":")
        if kind == "html":
            what, remedy = what + "is HTML", "write Markdown; put code between backticks"
        elif kind == "image":
            what, remedy = what + "is an image", "a terminal shows figure fences only"
        elif kind == "heading":
            what, remedy = what + "is read as a heading", "write ## or ###, or set the line apart"
        elif kind == "unlinked":
            what, remedy = what + "is shown as it stands", "write term:two-words, without a space"
        elif scheme == "drop" and name not in drops:
            what, remedy = f'no drop "{name[:60]}"', meant(name, drops)
        elif scheme == "term" and link_name(name) not in terms:
            what, remedy = f'no term "{name[:60]}"', meant(link_name(name), terms)
        elif scheme not in ("drop", "term", "blank", "https", "http"):
            what, remedy = (
                what + "is no link of a lesson",
                "link to drop:id, term:name or https://…",
            )
        if remedy:
            yield Problem(f"{source.file}:{line}", what, remedy)
