"""Today: its one action, what is due, the drop to come, and your week."""

from __future__ import annotations

from collections import Counter

from htpy import (
    Element,
    Node,
    a,
    button,
    details,
    div,
    fieldset,
    form,
    h2,
    label,
    legend,
    li,
    ol,
    p,
    section,
    span,
    strong,
    summary,
    ul,
)
from htpy import input as box

from drops.clock import weekday
from drops.study.today import BUDGETS, Today
from drops.text import whole_minutes
from drops.web.frame import Reply, whole
from drops.web.looking import begin_form
from drops.web.prose import phrase
from drops.web.seat import Seat

USUAL = 8  # of BUDGETS


def show_today(seat: Seat) -> Reply:
    """The first page."""
    made = seat.study.today(seat.clock())
    content = [
        p(".unsaved", role="alert")[made.banner] if made.banner and not seat.study.unsaved else None,
        p(".lead")[_first(made.says)],
        [p(".note")[note] for note in made.notes],
        _begin(seat, made),
        _recall(made),
        _new(made),
        _gains(made),
        _week(made),
        p(".dim")[f"Then: {' · '.join(made.coming[:3])}"] if made.coming else None,
        p(".dim")[made.clears] if made.clears else None,
        p(".dim")[a(href="/first")["The first start again"]] if made.first_run else None,
    ]
    return whole(seat, f"Today, {weekday(made.day, made.day)}", content, here="/", alone=True)


def _first(says: str) -> str:
    return f"{says[0].upper()}{says[1:]}." if says else ""


def _begin(seat: Seat, made: Today) -> Node:
    if made.resuming or (seat.session is not None and not seat.session.ended):
        return div(".buttons")[begin_form("Go on where you stood", main=True)]
    if not made.items and made.new is None:
        drop = next(iter(made.paths.giving), None)
        return (
            div(".buttons")[begin_form(f"Practise: {drop.title}", drop=drop.id, how="replay")]
            if drop
            else None
        )
    return div(".buttons")[
        _first_form() if made.first_run else begin_form("Begin", main=True),
        begin_form("The drop first", wish="drop first") if made.items and made.new else None,
        begin_form("Without a drop today", wish="not today") if made.items and made.new else None,
        begin_form("Not new to you? Where you stand", how="place") if made.first_run else None,
    ]


def _first_form() -> Element:
    """The one choice of the first start, and its beginning."""
    choice = fieldset(".budget")[
        legend["Minutes a day"],
        (
            label(".option")[
                box(type="radio", name="minutes", value=str(minutes), checked=minutes == USUAL),
                span[str(minutes)],
            ]
            for minutes in BUDGETS
        ),
    ]
    return form(method="post", action="/begin")[choice, button(".main", type="submit")["Begin"]]


def _recall(made: Today) -> Node:
    """What is due, counted by drop: never a wall; the list is behind a word."""
    if not made.items:
        return None
    counted = Counter(item.drop for item in made.items)
    told = ", ".join(f"{count} of {drop}" for drop, count in counted.items())
    return section[
        h2["Recall ", span(".minutes")[f"{whole_minutes(made.recall_seconds)} min"]],
        p[told],
        details[summary["Which"], ol[(li[item.title, span(".dim")[f" {item.why}"]] for item in made.items)]],
    ]


def _new(made: Today) -> Node:
    drop = made.new or made.resumes
    if drop is None:
        return None
    before = [one for one in made.paths.of(drop.id).drops if one.number == drop.number - 1]
    riddle = before[0].riddle if before else ""
    minutes = whole_minutes(made.lesson_seconds or drop.minutes * 60)
    return section[
        h2["New " if made.new else "Goes on ", span(".minutes")[f"{minutes} min"]],
        p[a(href=f"/drop/{drop.id}")[strong[f"{drop.number} · {drop.title}"]]],
        p(".riddle")[phrase(riddle)] if riddle else None,
    ]  # fmt: skip


def _gains(made: Today) -> Node:
    if not made.gains:
        return None
    return section[
        h2["What you can do"], ul[(li[span(".dim")[f"{day}: "], gain] for day, gain in made.gains)]
    ]


def _week(made: Today) -> Element:
    """The last seven days, today last; told by a sign, and as words."""
    days = [span(class_="on" if done else "off")["●" if done else "○"] for done in made.week]
    return p(".week")[span(aria_hidden="true")[days], " ", made.rhythm]
