"""The five pages of Progress. Each picture has its sentence and its numbers."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from drops.memory.mastery import MasteryStage
from drops.memory.misconceptions import Status
from drops.study.looking_back import DropProgress, MixUp, Progress
from drops.text import safe_text
from drops.tui.base.ink import Inks, Line, Lines, beside, ends, indent, width_of, written
from drops.tui.blocks import calibration, columns, pixels, weeks
from drops.tui.blocks.columns import Columns
from drops.tui.screens.parts import GAP, LONGEST, TWO_COLUMNS, Part, columned, count, headed, short

FEWEST_WEEKS = 12  # in the picture of weeks
BAR = 10  # cells of a share's bar

SIGNS = {
    MasteryStage.AHEAD: "○",
    MasteryStage.SEEN: "◔",
    MasteryStage.RECALLED: "●",
    MasteryStage.SOLID: "◆",
    MasteryStage.DURABLE: "★",
}
NEXT = {
    MasteryStage.AHEAD: "seen",
    MasteryStage.SEEN: "recalled",
    MasteryStage.RECALLED: "solid",
    MasteryStage.SOLID: "durable",
}


# ── 1 drops ──


def drops(made: Progress, width: int, ink: Inks) -> Lines:
    """Mastery of each drop, and what is missing for the next stage."""
    solid = sum(one.mastery.stage >= MasteryStage.SOLID for one in made.drops)
    several = len({one.path for one in made.drops}) > 1
    what = "every path" if several else "the path"
    says = (
        f"{what.capitalize()} is complete: every drop is solid."
        if made.complete
        else f"{solid} of {len(made.drops)} drops are solid; {what} is complete when all are."
    )
    two = width >= TWO_COLUMNS
    each = (width - GAP) // 2 if two else width
    listed = []
    for before, one in zip((None, *made.drops), made.drops, strict=False):
        begins = several and (before is None or before.path != one.path)
        head: Lines = [[Segment(one.path, ink.bold)]] if begins else []
        listed.append(head + _drop(one, each, ink))
    half = (len(listed) + 1) // 2 if two else len(listed)
    left, right = ([line for lines in some for line in lines] for some in (listed[:half], listed[half:]))
    title = ends([Segment("Mastery", ink.bold)], [Segment("right at first try", ink.dim)], width)
    legend = "   ".join(f"{SIGNS[stage]} {stage.name.lower()}" for stage in MasteryStage)
    return [
        title,
        [Segment("─" * width, ink.rule)],
        *written(says, min(width, LONGEST), ink.text),
        [],
        *(beside([(left, each), (right, each)], GAP) if two else left),
        [Segment(legend, ink.dim)],
        *written(
            "recalled: right a day or more later   solid: every item holds 21 days   durable: 90 days",
            width,
            ink.dim,
        ),
        [],
    ]


def _drop(one: DropProgress, width: int, ink: Inks) -> Lines:
    """A drop's title and its share of right first tries; under it the stage and what is missing."""
    stage = one.mastery.stage
    style = (
        ink.dim if stage is MasteryStage.AHEAD else ink.good if stage >= MasteryStage.SOLID else ink.accent
    )
    share = f"{one.right:>5} of {one.of:>3}" if one.of else f"{'':>12}"
    room = width - len(share)
    title = written(one.drop.title, room - 7, ink.text if stage else ink.dim)
    spare = room - 7 - width_of(title[0])
    bar = [Segment(f" {_bar(one.right, one.of, 8)}", ink.series[0])] if one.of and spare >= 9 else []
    number = [Segment(f"{SIGNS[stage]} ", style), Segment(f"{one.drop.number:>2}  ", ink.dim)]
    head = [
        ends([*number, *title[0]], [*bar, Segment(share, ink.text)], width),
        *indent(title[1:], 6),
    ]
    if stage is MasteryStage.AHEAD:
        return head
    missing = f"{one.mastery.missing[0].lower()}{one.mastery.missing[1:]}"
    name = stage.name.lower()
    says = f"{name} · for {NEXT[stage]} {missing}" if stage in NEXT else f"{name} · {missing}"
    under = indent(written(says, width - 6, ink.dim), 6)
    under[0] = [
        Segment(" " * 6),
        Segment(name, style),
        Segment(under[0][-1].text.removeprefix(name), ink.dim),
    ]
    return [*head, *under]


def _bar(right: int, of: int, room: int) -> str:
    """A share as a bar on a ground that shows what is missing."""
    if not of:
        return " " * room
    filled = pixels.bar(right / of * room)
    return filled + "·" * (room - len(filled))


# ── 2 days ──


def days(made: Progress, width: int, ink: Inks) -> Lines:
    """Calendar, minutes, and accuracy week by week."""
    return columned(
        [
            ("26 weeks", made.rhythm, lambda room: _calendar(made, room, ink)),
            ("Minutes a day", "last 28 days", lambda room: _minutes(made, room, ink)),
            ("Right at first try, by week", "", lambda room: _weeks(made, room, ink)),
        ],
        width,
        ink,
    )


def _calendar(made: Progress, width: int, ink: Inks) -> Lines:
    answered = [day for week in made.calendar for day, answers, _, _ in week if answers]
    every = sum(len(week) for week in made.calendar)
    says = f"Practice on {count(len(answered), 'day')} of {every}. Rest days belong to it; they cost nothing."
    return [*weeks.draw(made.calendar, width, ink), [], *written(says, min(width, LONGEST), ink.text)]


def _minutes(made: Progress, width: int, ink: Inks) -> Lines:
    spent = [minutes for _, minutes in made.minutes]
    practised = [minutes for minutes in spent if minutes]
    labels = {at: short(day) for at, (day, _) in enumerate(made.minutes) if day.weekday() == 0}
    if not practised:
        return written("No minutes in these 28 days; the next answer begins the line.", width, ink.text)
    mean = sum(practised) / len(practised)
    longest = max(made.minutes, key=lambda one: one[1])
    says = (
        f"{sum(spent):.0f} minutes on {count(len(practised), 'day')}, {mean:.1f} on such a day; "
        f"the most was {longest[1]:.1f} on {short(longest[0])}."
    )
    return [
        *columns.draw(Columns(spent, labels, "minutes answering", 5.0), width, ink),
        [],
        *written(says, min(width, LONGEST), ink.text),
    ]


def _weeks(made: Progress, width: int, ink: Inks) -> Lines:
    first = next((at for at, (_, _, of) in enumerate(made.weeks) if of), None)
    if first is None:
        return written("The first answers put a bar here.", width, ink.text)
    own = made.weeks[min(first, len(made.weeks) - FEWEST_WEEKS) :]
    shares = [100 * right / of if of else None for _, right, of in own]
    every = 2 if len(own) <= 2 * FEWEST_WEEKS else 5
    labels = {at: short(own[at][0]) for at in range(0, len(own), every)}
    _, right, of = own[-1]
    month_right, month_of = sum(right for _, right, _ in own[-5:-1]), sum(of for _, _, of in own[-5:-1])
    says = f"This week {right} of {of} right." if of else "No first try yet this week."
    if month_of:
        says += f" In the four weeks before {month_right} of {month_of}, {month_right / month_of:.0%}."
    picture = Columns(shares, labels, "% right, a bar for each week from its Monday", 100.0, 4)
    return [*columns.draw(picture, width, ink), [], *written(says, min(width, LONGEST), ink.text)]


# ── 3 memory ──


def memory(made: Progress, width: int, ink: Inks) -> Lines:
    """Predicted against actual recall; what the coming days ask."""
    return columned(
        [
            (
                "Predicted and actual recall",
                "",
                lambda room: calibration.draw(made.honesty, room, ink),
            ),
            ("What comes", "the coming 30 days", lambda room: _forecast(made, room, ink)),
        ],
        width,
        ink,
    )


def _forecast(made: Progress, width: int, ink: Inks) -> Lines:
    items = sum(count for _, count, _ in made.forecast)
    if not items:
        return written("What you have answered comes back here, day by day.", width, ink.text)
    minutes = [spent for _, _, spent in made.forecast]
    most = max(made.forecast, key=lambda one: one[2])
    labels = {at: short(day) for at, (day, _, _) in enumerate(made.forecast) if at % 7 == 0}
    says = (
        f"{count(items, 'item')} in 30 days, {sum(minutes) / len(minutes):.1f} minutes a day; "
        f"the fullest is {short(most[0])} with {count(most[1], 'item')}, {most[2]:.1f} minutes. "
        "New drops come on top. It assumes that you answer well and on the day."
    )
    soon = " · ".join(f"{day:%a} {count}" for day, count, _ in made.forecast[:7])
    return [
        *columns.draw(Columns(minutes, labels, "minutes of what comes back", 2.0), width, ink),
        [],
        *written(f"Items: {soon}", min(width, LONGEST), ink.dim),
        *written(says, min(width, LONGEST), ink.text),
    ]


# ── 4 mix-ups ──


def mix_ups(made: Progress, width: int, ink: Inks) -> Lines:
    """Misconceptions met, and which are behind."""
    if not made.mix_ups:
        says = (
            "None so far. When a wrong answer fits a known mix-up, its name stands here "
            "until two clean answers follow."
        )
        return headed("Mix-ups", "", written(says, min(width, LONGEST), ink.text), width, ink)
    groups = (
        (
            Status.CONFIRMED,
            "Still there",
            "▲",
            ink.warn,
            "seen in two answers or more; two clean ones clear it",
        ),
        (Status.SUSPECTED, "Seen once", "?", ink.dim, "it may have been a slip"),
        (Status.OVERCOME, "Overcome", "✓", ink.good, "two clean answers followed"),
    )
    parts: list[Part] = []
    for status, title, sign, style, says in groups:
        own = [one for one in made.mix_ups if one.status is status]
        if own:

            def body(room: int, own: list[MixUp] = own, sign: str = sign, style: Style = style) -> Lines:
                return [_mix_up(one, sign, style, room, ink) for one in own]

            parts.append((f"{title} · {len(own)}", says if width >= 70 else "", body))
    return columned(parts, width, ink)


def _mix_up(one: MixUp, sign: str, style: Style, width: int, ink: Inks) -> Line:
    seen = "once" if one.seen == 1 else f"{one.seen} times"
    return ends(
        [Segment(f"{sign} ", style), Segment(safe_text(one.title), ink.text)],
        [Segment(f"  {seen}, last {short(one.last):>6}", ink.dim)],
        width,
    )


# ── 5 outcomes ──


def outcomes(made: Progress, width: int, ink: Inks) -> Lines:
    """What one can do at the end, each with the evidence so far."""
    room = min(width, LONGEST)
    out: Lines = []
    for one in made.outcomes:
        full = one.drops_done == one.drops > 0
        sign, style = ("✓ ", ink.good) if full else ("◔ ", ink.accent) if one.of else ("○ ", ink.dim)
        text = written(safe_text(one.text), room - 2, ink.bold)
        out += [[Segment(sign, style), *text[0]], *indent(text[1:], 2)]
        if one.of:
            out.append(
                [
                    Segment(f"  {_bar(one.right, one.of, BAR)}", ink.series[0]),
                    Segment(
                        f"  {one.right} of {one.of} right at first try, {one.right / one.of:.0%}", ink.text
                    ),
                ]
            )
        done = f"{one.drops_done} of {one.drops} drops done" if one.of else "No evidence yet."
        out += [[Segment(f"  {done}", ink.dim)], []]
    return headed("What you can do at the end, and the evidence so far", "", out, width, ink)


PAGES = {"Drops": drops, "Days": days, "Memory": memory, "Mix-ups": mix_ups, "Outcomes": outcomes}
