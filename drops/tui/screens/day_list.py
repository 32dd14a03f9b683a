"""Today in lines: the action first, what it holds, what was gained; at the right the drop to come.

Where rows run out, the least telling lines go first; the action never does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment

from drops.course.model import Drop, LearningPath
from drops.study.today import BUDGETS, Today
from drops.text import in_runs, unmarked, whole_minutes
from drops.tui.base.ink import GLUE, Inks, Line, Lines, does, ends, fit, indent, written
from drops.tui.blocks.phases import path_dots, phases, to_come

WIDE = 110  # columns from which the drop to come stands at the right
WIDEST = 78  # cells of the left side
LABEL = 11  # cells of what stands before a line
COUNTED = 3  # drops whose questions are counted one by one
AHEAD = 3  # coming days that are told
MOST_GAINS = 2  # drops of one day of which what was gained is told
LOWEST, TALLEST = 8, 40  # lines of the picture
SMALL, LARGE = 56, 120  # cells of it


class KeyNames(NamedTuple):
    """The keys that lines of Today name, or ""."""

    why: str
    drop_first: str
    place: str


class Passage(NamedTuple):
    """Some lines, and how early they give way: 0 never."""

    lines: Lines
    folds: int


def draw(
    today: Today, keys: KeyNames, chosen: int, size: tuple[int, int], ink: Inks, *, pictured: bool
) -> Lines:
    """All of Today on at most `size` cells; `chosen` is the place of the budget at the first start."""
    width, rows = size
    title: Line = ends(
        [Segment(" drops", ink.act)], [Segment(f"{short_day(today)} · {_rhythm(today)} ", ink.dim)], width
    )
    if width < WIDE:
        listed = _left(today, keys, chosen, width - 6, rows - 1, ink, beside=False)
        left = rows - 2 - len(listed)
        below = _picture(today, min(width - 6, SMALL), left, ink) if pictured and left >= LOWEST else []
        below = [[], *below] if len(below) < left else []
        listed = _with_phases(today, listed, width - 6, left - len(below), ink)
        return [title, *indent([*listed, *below], 3)]
    left = min(WIDEST, width * 52 // 100 - 7)
    right = width - left - 10
    listed = _left(today, keys, chosen, left, rows - 1, ink, beside=True)
    path = today.paths.current
    told = phases(today, path, left, rows - 3 - len(listed), ink) if path is not None else []
    listed += [[], *told] if told else []
    beside = _right(today, right, rows - 3, ink, path=not told) if pictured else []
    out: Lines = [title]
    for y in range(max(len(listed), len(beside) + 1)):
        line = listed[y] if y < len(listed) else []
        other = beside[y - 1] if 0 <= y - 1 < len(beside) else []
        out.append([Segment("   "), *fit(line, left), Segment("     "), *other])
    return out


def _with_phases(today: Today, listed: Lines, room: int, left: int, ink: Inks) -> Lines:
    """The lines with the path phase by phase in place of its one line, where so many more are left."""
    path = today.paths.current
    if path is None or not listed or listed[-1] != _path_line(today, path, room, ink):
        return listed
    told = phases(today, path, room, left, ink)
    return [*listed[:-1], [], *told] if told else listed


def _left(
    today: Today, keys: KeyNames, chosen: int, room: int, rows: int, ink: Inks, *, beside: bool
) -> Lines:
    """`beside`: whether the drop to come stands at the right."""
    parts = [Passage([[]], 4)]
    if today.banner:
        parts.append(Passage([*written(today.banner, room, ink.warn), []], 0))
    parts.append(Passage(_act(today, room, ink), 0))
    parts.append(Passage([[]], 2))
    if today.first_run:
        parts += _first(today, keys, chosen, room, ink, beside=beside)
    else:
        parts += _holds(today, keys, room, ink, beside=beside)
    parts += _past_and_coming(today, room, ink, beside=beside)
    return _fitted(parts, rows)


def _fitted(parts: Sequence[Passage], rows: int) -> Lines:
    """What fits: of the parts that may give way the most willing go first, of equals the last."""
    kept = list(parts)
    while sum(len(part.lines) for part in kept) > rows:
        willing = [at for at, part in enumerate(kept) if part.folds]
        if not willing:
            break
        del kept[max(willing, key=lambda at: (kept[at].folds, at))]
    return [line for part in kept for line in part.lines]


# ── the action ──


def begins(today: Today, room: int) -> str:
    """The one primary action, in a few words: fewer where they are broader than `room`."""
    if today.resuming:
        drop = today.paths.number(today.resumes) if today.resumes else ""
        told = f"Go on where you stopped{drop and f': {drop}'}"
        return f"Go on with {drop}" if drop and cell_len(told) > room else told
    if today.first_run and today.new is not None:
        return f"Begin with {today.paths.number(today.new)}"
    if today.items or today.new is not None:
        return "Begin"
    return "See the path"


def _act(today: Today, room: int, ink: Inks) -> Lines:
    """What Enter begins, how long it takes, and which drop comes."""
    out: Lines = []
    if not today.items and today.new is None and not today.resuming:
        says = "✓ Done for today." if today.done_today else "Nothing is due today."
        out = [[Segment(says, ink.good)], []]
    lasts = f"{in_min(today.begins_minutes):>8}"
    told = begins(today, room - len(f"▸  enter{lasts}"))
    out.append(
        ends(
            [Segment(f"▸ {told}", does(ink.act, key="enter"))],
            [Segment("enter", does(ink.accent, key="enter")), Segment(lasts, ink.bold)],
            room,
        )
    )
    return out


# ── what it holds ──


def _first(
    today: Today, keys: KeyNames, chosen: int, room: int, ink: Inks, *, beside: bool
) -> list[Passage]:
    """At the first start: the first drop, and the one choice."""
    drop = today.new
    title = indent(written(drop.title, room - 2, ink.text), 2) if drop is not None and not beside else []
    choice: Line = [Segment("Minutes a day   ", ink.bold)]
    for at, budget in enumerate(BUDGETS):
        style = ink.act if at == chosen else ink.text
        shown = f" [{budget}] " if at == chosen else f"  {budget}  "
        choice.append(Segment(shown, does(style, minutes=at)))
    choice.append(Segment("   ← →", ink.accent))
    known: Line = [
        Segment("Not new to you?  ", ink.text),
        Segment(f"{keys.place}  where you stand, in six minutes", does(ink.accent, key=keys.place)),
    ]
    path = today.paths.current
    says = (
        f"{path.title}, in {len(path.drops)} short lessons, one a day. Each has an exercise with fresh "
        "numbers, and what you learn comes back just before you would forget it."
        if path
        else ""
    )
    return [
        *([Passage([*title, []], 0)] if title else []),
        Passage([fit(choice, room), []], 0),
        *([Passage([fit(known, room), []], 3)] if keys.place else []),
        Passage(written(says, room, ink.dim), 3),
    ]


def _holds(today: Today, keys: KeyNames, room: int, ink: Inks, *, beside: bool) -> list[Passage]:
    """What is recalled, counted by drop; what is new; and why it is so."""
    parts: list[Passage] = []
    if today.items:
        count = len(today.items)
        says = f"{count} short question{'s' * (count != 1)}"
        right: Line = [Segment(in_min(today.minutes.recall), ink.dim)]
        if keys.why:
            why = [Segment(keys.why, does(ink.accent, key=keys.why))]
            right = [*why, Segment(" why these", does(ink.dim, key=keys.why)), Segment("   "), *right]
        parts.append(Passage([_line("Recall", [Segment(says, ink.text)], right, room, ink)], 0))
        parts.append(Passage(_below(by_drop(today), room, ink), 6))
        parts += [Passage(_below(today.clears, room, ink), 1)] if today.clears else []
    if today.new is not None:
        parts += _new(today, today.new, room, ink, beside=beside)
    notes = [line for note in today.notes for line in written(note, room, ink.dim)]
    if keys.drop_first:
        notes.append(
            [
                *([Segment("Enter: recall · ", ink.dim)] if today.items else []),
                Segment(keys.drop_first, does(ink.accent, key=keys.drop_first)),
                Segment(
                    ": the drop first" if today.items else ": the next drop, today already",
                    does(ink.dim, key=keys.drop_first),
                ),
            ]
        )
    parts += [Passage([[], *notes], 0)] if notes else []
    return parts


def by_drop(today: Today) -> str:
    """ "2 from drop 7 · 1 from drop 5", most first; of more than a few drops only which they are."""
    counted = Counter(item.drop for item in today.items)
    if len(counted) <= COUNTED:
        found = sorted(counted.items(), key=lambda one: -one[1])
        return " · ".join(f"{n} from {name}" for name, n in found)
    paths: dict[str, set[int]] = {}  # the drops of each, the current one first
    for item in sorted(today.items, key=lambda one: one.elsewhere):
        if item.drop_number:
            paths.setdefault(item.elsewhere, set()).add(item.drop_number)
    told = [
        f"drop{'s' if len(numbers) > 1 else ''} {in_runs(sorted(numbers))}{f' of {path}' if path else ''}"
        for path, numbers in paths.items()
    ]
    return "from " + " · ".join([*told, *sorted({one.drop for one in today.items if not one.drop_number})])


def _new(today: Today, drop: Drop, room: int, ink: Inks, *, beside: bool) -> list[Passage]:
    right = [Segment(in_min(today.minutes.lesson), ink.dim)]
    elsewhere = today.paths.elsewhere(drop)
    title = written(f"{drop.number} {drop.title}", room - LABEL - 9, ink.text)
    out = [_line("New", title[0], right, room, ink), *indent(title[1:], LABEL + len(f"{drop.number} "))]
    says = " · ".join(filter(None, (elsewhere, part_of(today))))
    said = [] if beside else written(riddle(today.paths.of(drop.id), drop), room - LABEL, ink.dim)
    return [
        Passage(out, 0),
        *([Passage(_below(says, room, ink), 0)] if says else []),
        *([Passage(indent(said, LABEL), 5)] if said else []),
    ]


def part_of(today: Today) -> str:
    """What today's lesson is of its drop, where it is not all of it."""
    part = today.plan.part
    if part is None or not (part.rest or part.begun):
        return ""
    if not part.rest:
        return "the rest of it"
    which = "the next part" if part.begun else "the first part"
    return f"{which}; the rest ({whole_minutes(part.rest)} min) tomorrow"


# ── what was, and what comes ──


def _past_and_coming(today: Today, room: int, ink: Inks, *, beside: bool) -> list[Passage]:
    out: list[Passage] = [Passage([[]], 7)]
    for n, (when, gain) in enumerate(today.gains[-MOST_GAINS:]):
        out.append(Passage(_told("" if n else when, gain, room, ink), 7))
    if not today.first_run:
        out.append(Passage([[Segment(f"{'Week':<{LABEL}}", ink.dim), *_week(today, ink)]], 8))
    if today.coming:
        days = [_whole(day, room - LABEL) for day in today.coming[:AHEAD]]
        out.append(Passage(_told("Then", " · ".join(days), room, ink), 4))
    if today.paths.current is not None and not beside:
        out.append(Passage([_path_line(today, today.paths.current, room, ink)], 3))
    return out


def _week(today: Today, ink: Inks) -> Line:
    """The last seven days, today last: ● practised, ◐ today, ○ rest."""
    signs = ["●" if day else "○" for day in today.week]
    signs[-1] = "●" if today.week[-1] else "◐"
    return [Segment(" ".join(signs), ink.plus), Segment(f"   {today.rhythm}", ink.dim)]


def _path_line(today: Today, path: LearningPath, room: int, ink: Inks) -> Line:
    dots = [Segment(path_dots(path, dict(today.states)), ink.plus)]
    behind = [Segment(f"{today.finished} of {len(path.drops)}", ink.dim)]
    return ends([Segment(f"{'Path':<{LABEL}}", ink.dim), *dots], behind, room)


# ── the drop to come ──


def _right(today: Today, room: int, rows: int, ink: Inks, *, path: bool = True) -> Lines:
    """Its title and picture, the riddle that it answers, and the `path` with its states."""
    drop, own = to_come(today), today.paths.current
    if own is None or drop is None:
        return []
    out = written(f"{drop.number} · {drop.title}", room, ink.bold)
    said = riddle(own, drop)
    below = [[], *written(said, min(room, 67), ink.text)] if said else []
    below += [[], *phases(today, own, room, len(own.phases), ink)] if path else []
    left = rows - len(out) - len(below) - 1
    picture = _picture(today, min(room, LARGE), min(TALLEST, left), ink) if left >= LOWEST else []
    return [*out, *([[], *picture] if picture else []), *below]


def _picture(today: Today, width: int, rows: int, ink: Inks) -> Lines:
    drop = to_come(today)
    if drop is None or drop.picture is None:
        return []
    from drops.tui.blocks import teaser  # late: drawn after the first paint

    return teaser.draw(drop.picture, width, rows, ink)


def riddle(path: LearningPath, drop: Drop) -> str:
    """What the drop before asked, and this one answers; of the first one its goal."""
    before = next((d for d in reversed(path.drops) if d.number < drop.number), None)
    return before.riddle if before and before.riddle else unmarked(drop.goal)


# ── lines ──


def _line(label: str, text: Line, right: Line, room: int, ink: Inks) -> Line:
    return ends([Segment(f"{label:<{LABEL}}", ink.bold), *text], right, room)


def _told(label: str, text: str, room: int, ink: Inks) -> Lines:
    lines = written(text, room - LABEL, ink.text)
    return [[Segment(f"{'' if at else label:<{LABEL}}", ink.dim), *line] for at, line in enumerate(lines)]


def _whole(said: str, room: int) -> str:
    """A part of a line that holds together where it can."""
    return said.replace(" ", GLUE) if len(said) <= room else said


def _below(text: str, room: int, ink: Inks) -> Lines:
    return indent(written(text, room - LABEL, ink.dim), LABEL)


def in_min(minutes: int) -> str:
    return f"{minutes} min" if minutes else ""


def short_day(today: Today) -> str:
    return f"{today.day:%a} {today.day.day} {today.day:%b}"


def _rhythm(today: Today) -> str:
    return "day 1" if today.first_run and not any(today.week) else today.rhythm
