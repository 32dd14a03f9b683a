"""Progress: by drop, by week, what is foreseen, mix-ups, and the evidence for what the path promises."""

from __future__ import annotations

from datetime import date

from htpy import (
    Element,
    Node,
    a,
    caption,
    div,
    h2,
    li,
    p,
    section,
    small,
    span,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
    ul,
)

from drops.clock import weekday
from drops.exercises.blocks import Bar, Bars
from drops.memory.misconceptions import Status
from drops.study.looking_back import DropProgress, MixUp, Progress, hard_drops, progress
from drops.text import counted
from drops.web.charts import draw_bars, share_bar
from drops.web.frame import Reply, whole
from drops.web.looking import begin_form
from drops.web.seat import Seat

SOON = 7  # days of the forecast that are shown


def show_progress(seat: Seat) -> Reply:
    """How it goes."""
    made = progress(seat.study.library, seat.study.log.ledger(), seat.clock())
    if not made.answered:
        line = (
            "Nothing answered yet. After the first drop this says how it goes: accuracy, recall, what comes."
        )
        return whole(seat, "Progress", p[line], here="/progress", alone=True)
    content = [
        p(".lead")[f"{counted(made.answered, 'answer')} · {made.rhythm}"],
        _drops(made),
        section[h2["How well recall is foreseen"], p[made.honesty.sentence]],
        _coming(made),
        _mix_ups(made),
        _hard(seat),
        _promised(made),
    ]
    return whole(seat, "Progress", content, here="/progress", alone=True)


def _promised(made: Progress) -> Node:
    told = [li[f"{one.text}: ", small[f"{one.says}."]] for one in made.outcomes if one.asked]
    return section[h2["What you have shown of what the paths promise"], ul[told]] if told else None


def _drops(made: Progress) -> Node:
    rows = [_row(one) for one in made.drops if one.mastery.stage]
    head = thead[tr[(th(scope="col")[words] for words in ("Drop", "Stage", "Right at first try", "Missing"))]]
    return section[h2["By drop"], div(".wide")[table(".sheet.told")[head, tbody[rows]]]] if rows else None


def _row(one: DropProgress) -> Element:
    told = f"{one.right} of {one.of}" if one.of else "not yet asked again"
    return tr[
        th(scope="row")[a(href=f"/drop/{one.drop.id}")[f"{one.drop.number} · {one.drop.title}"]],
        td[one.mastery.stage.name.lower()],
        td[told, share_bar(one.right / one.of) if one.of else None],
        td[small[one.mastery.missing]],
    ]


def _coming(made: Progress) -> Element:
    bars = tuple(
        Bar(f"{at:%a} {at.day}", float(items), f"{minutes:.0f} min" if round(minutes) else "")
        for at, items, minutes in made.forecast[:SOON]
    )
    return section[h2["What comes back"], draw_bars(Bars(bars, "questions in the coming days", "questions"))]


def _mix_ups(made: Progress) -> Node:
    if not made.mix_ups:
        return None
    return section[h2["Mix-ups"], ul(".mixed")[(_mix_up(one, made.day) for one in made.mix_ups)]]


def _mix_up(one: MixUp, today: date) -> Element:
    mended, last = one.status is Status.OVERCOME, weekday(one.last, today)
    return li(class_="good" if mended else "bad")[
        span(".mark", aria_hidden="true")["✓ " if mended else "✗ "],
        one.title,
        small[f" {one.status.name.lower()} · met {counted(one.seen, 'time')}, last on {last}"],
    ]


def _hard(seat: Seat) -> Node:
    """The hardest drops, with why, and practice."""
    ranked = [one for one in hard_drops(seat.study, seat.clock()) if one.hardness.reasons][:3]
    if not ranked:
        return None
    rows = [
        tr[
            th(scope="row")[f"{one.drop.number} · {one.drop.title}"],
            td[one.reason],
            td[begin_form("Practise", drop=one.drop.id, how="replay")],
        ]
        for one in ranked
    ]
    return section[
        h2["Hardest for you"], table(".sheet.told")[caption(".unseen")["the hardest drops"], tbody[rows]]
    ]
