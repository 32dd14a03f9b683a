"""The pages of Progress. Each picture has its sentence and its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.segment import Segment

from drops.memory.mastery import SOLID_DAYS, MasteryStage
from drops.study.looking_back import DropProgress, OutcomeEvidence, Progress
from drops.study.today import STATES, Held, in_full
from drops.text import counted, in_percent, safe_text
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, indent, written
from drops.tui.blocks import calibration, columns, weeks
from drops.tui.blocks.columns import Columns
from drops.tui.screens.lists.listing import READABLE, Entry
from drops.tui.screens.lists.parts import LONGEST, Part, columned, short, stacked
from drops.tui.screens.lists.path_pane import holds, items

MANY_WEEKS = 24  # from which not every second one is named
BAR = 20  # cells of an outcome's bar
LONGEST_BAR, SHORTEST_BAR = 80, 12
NARROWEST_TITLE = 30  # cells in which a title breaks well beside its bar; with fewer there is no bar
NUMBER, SHARE = 7, 12  # cells of a drop's number, and of "17 of 19"
DOTS = 5  # items of a drop that have a dot

KEY = "● holds 21 days   ◐ 7   ○ less   · not asked yet"
WEEK = 7  # days from which an item's dot is half full


# ── 1 drops ──


def drops(made: Progress, now: int, width: int, ink: Inks) -> Iterator[Entry]:
    """A row for each drop: right at the first try, and a dot for each of its items."""
    several = len({one.path for one in made.drops}) > 1
    longest = max((len(one.drop.title) for one in made.drops), default=0)
    room_for_both = width - NUMBER - 2 - SHARE - DOTS - 3
    bar = min(LONGEST_BAR, max(SHORTEST_BAR, room_for_both - longest))
    bar = bar if room_for_both - bar >= min(longest, NARROWEST_TITLE) else 0
    title = min(longest, room_for_both - bar) if bar else width - NUMBER - SHARE - DOTS - 3
    head = [Segment("right at the first try", ink.dim), Segment("  questions", ink.dim)]
    yield Entry([ends([], head, min(width, NUMBER + title + 2 + bar + SHARE + DOTS + 3) if bar else width)])
    for at, (before, one) in enumerate(zip((None, *made.drops), made.drops, strict=False)):
        if several and (before is None or before.path != one.path):
            yield Entry([*([] if before is None else [[]]), [Segment(f"   {one.path}", ink.dim)]])
        yield Entry(_row(at, one, at == now, title, bar, ink), at)
    solid = sum(one.mastery.stage >= MasteryStage.SOLID for one in made.drops)
    what = "every path" if several else "the path"
    says = f"{solid} of {len(made.drops)} drops are solid; {what} is complete when all are."
    if made.complete:
        says = f"{what.capitalize()} is complete: every drop is solid."
    room = min(width - 6, LONGEST)
    yield Entry(
        [
            [],
            *indent([[Segment(KEY if len(KEY) <= room else " ".join(KEY.split()), ink.dim)]], 3),
            *indent(written(says, room, ink.dim), 3),
        ]
    )


def _row(at: int, one: DropProgress, here: bool, room: int, bar: int, ink: Inks) -> Lines:
    stage = one.mastery.stage
    style = ink.bold if here else ink.text if stage else ink.dim
    title = written(one.drop.title, room, does(style, row=at))
    share = f"{one.right} of {one.of:>2}" if one.of else ""
    first: Line = [Segment(" ▸ " if here else "   ", ink.act), Segment(f"{one.drop.number:>2}  ", ink.dim)]
    first += fit(title[0], room)
    first += [Segment("  "), *_bar(one.right, one.of, bar, ink)] if bar else []
    first += [Segment(f"{share:>{SHARE - 2}}  ", ink.text), *_dots(one.items, ink)]
    return [first, *indent(title[1:], NUMBER)]


def _dots(items: Sequence[Held], ink: Inks) -> Line:
    """The firmest first, at most DOTS of them, right-aligned by what is missing."""
    days = sorted((one.days if one.days is not None else -1.0 for one in items), reverse=True)[:DOTS]
    signs = "".join("●" if d >= SOLID_DAYS else "◐" if d >= WEEK else "○" if d >= 0 else "·" for d in days)
    return [Segment(f"{signs:<{DOTS}}", ink.plus if any(d >= 0 for d in days) else ink.dim)]


def about_drop(one: DropProgress, width: int, ink: Inks) -> Lines:
    """How far it has come, what the next step needs, and how long each of its items holds."""
    room = min(width, READABLE)
    stands = in_full(STATES[one.mastery.stage])
    out: Lines = [
        [],
        *written(f"{one.drop.number} · {one.drop.title}", room, ink.bold),
        *written(f"{stands}. {one.mastery.missing}", room, ink.text),
    ]
    if any(item.days is not None for item in one.items):
        out += [[], *items(one.items, room, ink)]
    return out


def _bar(right: int, of: int, room: int, ink: Inks) -> Line:
    """A share as a bar on a track; no track where nothing was asked, so that what was stands out."""
    if not of:
        return [Segment(" " * room)]
    filled = round(right / of * room)
    return [Segment("━" * filled, ink.plus), Segment("─" * (room - filled), ink.rule)]


# ── 2 days ──


def days(made: Progress, width: int, rows: int, ink: Inks, all_figures: bool) -> Lines:
    """Calendar, minutes, and accuracy week by week: from the learner's first day on."""
    del all_figures
    return columned(
        [
            ("Days", made.rhythm, lambda room, tall: _calendar(made, room, tall, ink)),
            ("Minutes a day", "", lambda room, tall: _minutes(made, room, tall, ink)),
            ("Right at first try, by week", "", lambda room, tall: _weeks(made, room, tall, ink)),
        ],
        width,
        rows,
        ink,
    )


def _calendar(made: Progress, width: int, tall: int, ink: Inks) -> Lines:
    own = [week for week in made.calendar if any(day >= made.began for day, *_ in week)]
    lived = [answers for week in own for day, answers, *_ in week if day >= made.began]
    last = "the last " if made.began < own[0][0][0] else ""
    days = f"{sum(answers > 0 for answers in lived)} of {last}{counted(len(lived), 'day')}"
    says = f"Practice on {days}. Rest days belong to it; they cost nothing."
    return [*weeks.draw(own, width, ink, tall), [], *written(says, min(width, LONGEST), ink.text)]


def _minutes(made: Progress, width: int, tall: int, ink: Inks) -> Lines:
    lived = [(day, minutes) for day, minutes in made.minutes if day >= made.began]
    spent = [minutes for _, minutes in lived]
    practised = [minutes for minutes in spent if minutes]
    labels = {at: short(day) for at, (day, _) in enumerate(lived) if at == 0 or day.weekday() == 0}
    if not practised:
        return written("No minutes in these 28 days; the next answer begins the line.", width, ink.text)
    mean = sum(practised) / len(practised)
    longest = max(lived, key=lambda one: one[1])
    says = (
        f"{sum(spent):.0f} minutes on {counted(len(practised), 'day')}, {mean:.1f} on such a day; "
        f"the most was {longest[1]:.1f} on {short(longest[0])}."
    )
    return [
        *columns.draw(Columns(spent, labels, "minutes answering", 5.0), width, ink, tall),
        [],
        *written(says, min(width, LONGEST), ink.text),
    ]


def _weeks(made: Progress, width: int, tall: int, ink: Inks) -> Lines:
    first = next((at for at, (_, _, of) in enumerate(made.weeks) if of), None)
    if first is None:
        return written("The first answers put a bar here.", width, ink.text)
    own = made.weeks[first:]
    shares = [100 * right / of if of else None for _, right, of in own]
    every = 2 if len(own) <= MANY_WEEKS else 5
    labels = {at: short(own[at][0]) for at in range(0, len(own), every)}
    _, right, of = own[-1]
    month_right, month_of = sum(right for _, right, _ in own[-5:-1]), sum(of for _, _, of in own[-5:-1])
    says = f"This week {right} of {of} right." if of else "No first try yet this week."
    if month_of:
        share = in_percent(month_right / month_of)
        says += f" In the four weeks before {month_right} of {month_of}, {share}."
    picture = Columns(shares, labels, "% right, a bar for each week from its Monday", 100.0, 4)
    return [*columns.draw(picture, width, ink, tall), [], *written(says, min(width, LONGEST), ink.text)]


# ── 3 memory ──


def memory(made: Progress, width: int, rows: int, ink: Inks, all_figures: bool) -> Lines:
    """How well recall is predicted, in a sentence or with its figures; what the coming days ask."""

    def predicted(room: int, tall: int) -> Lines:
        del tall  # a line for each range of predictions
        if all_figures:
            return calibration.draw(made.honesty, room, ink)
        return written(made.honesty.sentence, min(room, LONGEST), ink.text)

    parts: list[Part] = [
        ("Predicted and actual recall", "", predicted),
        ("What comes", "the coming 30 days", lambda room, tall: _forecast(made, room, tall, ink)),
    ]
    # a sentence beside a picture would leave half of the screen bare
    return (columned if all_figures else stacked)(parts, width, rows, ink)


def _tenths(minutes: float) -> str:
    """Minutes to a tenth; little is not told as nothing."""
    return f"{minutes:.1f}" if minutes >= 0.05 else "less than 0.1"


def _forecast(made: Progress, width: int, tall: int, ink: Inks) -> Lines:
    items = sum(count for _, count, _ in made.forecast)
    if not items:
        return written("What you have answered comes back here, day by day.", width, ink.text)
    minutes = [spent for _, _, spent in made.forecast]
    most = max(made.forecast, key=lambda one: one[2])
    labels = {at: short(day) for at, (day, _, _) in enumerate(made.forecast) if at % 7 == 0}
    says = (
        f"{counted(items, 'question')} in 30 days, {_tenths(sum(minutes) / len(minutes))} minutes a day; "
        f"the fullest is {short(most[0])} with {counted(most[1], 'question')}, {_tenths(most[2])} minutes. "
        "New drops come on top. It assumes that you answer well and on the day."
    )
    soon = " · ".join(f"{day:%a} {count}" for day, count, _ in made.forecast[:7])
    return [
        *columns.draw(Columns(minutes, labels, "minutes of what comes back", 2.0), width, ink, tall),
        [],
        *written(f"Questions: {soon}", min(width, LONGEST), ink.dim),
        *written(says, min(width, LONGEST), ink.text),
    ]


# ── 5 outcomes ──


def outcomes(made: Progress, now: int, width: int, ink: Inks) -> Iterator[Entry]:
    """What one can do at the end of each path, with the evidence so far where there is some."""
    yield Entry([ends([], [Segment("what you can do at the end   ○ no evidence yet ", ink.dim)], width)])
    several = len({one.path for one in made.outcomes}) > 1
    for at, (before, one) in enumerate(zip((None, *made.outcomes), made.outcomes, strict=False)):
        if several and (before is None or before.path != one.path):
            yield Entry([*([] if before is None else [[]]), [Segment(f"   {one.path_title}", ink.dim)]])
        here = at == now
        sign, style = ("✓ ", ink.good) if one.whole else ("◔ ", ink.accent) if one.shown else ("○ ", ink.dim)
        text = written(safe_text(one.text), width - 8, does(ink.bold if here else ink.text, row=at))
        lines: Lines = [[Segment(" ▸ " if here else "   ", ink.act), Segment(sign, style), *text[0]]]
        lines += indent(text[1:], 5)
        if one.asked:
            says = Segment(f"  {one.shown} of {len(one.items)} shown", ink.dim)
            lines.append([Segment("     "), *_bar(one.shown, len(one.items), BAR, ink), says])
        yield Entry(lines, at)


def about_outcome(one: OutcomeEvidence, width: int, ink: Inks) -> Lines:
    """The items that are its evidence, each with what was right at the first try."""
    room = min(width, READABLE)
    says = f"{one.says[:1].upper()}{one.says[1:]}. Each of these is to be right once."
    out: Lines = [
        [],
        *written(safe_text(one.text), room, ink.bold),
        *written(says, room, ink.text),
        [],
    ]
    before = None
    for item in one.items:
        if item.drop != before:
            drop = written(f"{item.drop.number} · {item.drop.title}", room, ink.dim)
            out += drop if before is None else [[], *drop]
            before = item.drop
        share = f"{item.right} of {item.of}" if item.of else "not yet"
        title = written(item.title, room - 14, ink.text)
        sign, style = ("✓ ", ink.good) if item.right else ("○ ", ink.dim)
        first: Line = [Segment(sign, style), *title[0]]
        out += [ends(first, [Segment(f"  {share:>9}", ink.text)], room), *indent(title[1:], 2)]
        if item.days is not None:
            lasts = f"  holds {counted(max(1, round(item.days)), 'day')}"
            out.append([Segment("  "), *holds(item.days, BAR, ink), Segment(lasts, ink.dim)])
    return out
