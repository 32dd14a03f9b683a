"""What became of an answer: the verdict first, each field with its sign, why, and when it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from htpy import Node, button, details, div, form, h2, label, li, p, pre, span, strong, summary, ul
from htpy import input as box

from drops.clock import weekday
from drops.exercises.answers import digit
from drops.exercises.blocks import Ask, Case, Choice, Design, Knobs, Numbers, Order, Run
from drops.exercises.grading import FieldVerdict, Verdict
from drops.study.pages import Answered, Page
from drops.text import number, stated
from drops.web.asks import picked
from drops.web.blocks import draw_plain, draw_sheet
from drops.web.case import draw_answered_case
from drops.web.prose import phrase, prose

STANDINGS: Mapping[str, tuple[str, str, str]] = {
    "right": ("✓", "right", "good"),
    "follows": ("↳", "follows from yours", "warn"),
    "misconception": ("✗", "not yet", "bad"),
    "slip": ("✗", "not yet", "bad"),
}


def draw_answered(ask: Ask, typed: str, verdict: Verdict | None) -> Node:
    """The question as it was answered: each number and option with its sign."""
    match ask:
        case Numbers():
            return _numbers(ask, typed, verdict)
        case Choice():
            return _choice(ask, typed, verdict)
        case Case():
            return draw_answered_case(ask, typed)
        case Order(pieces=pieces):
            order = picked(ask, typed)
            said = ul(".answered")[(li[phrase(pieces[i])] for i in order)] if order else None
            return [_prompt(ask.prompt), said]
        case Knobs() | Design():
            return [_prompt(ask.prompt), p["You said: ", strong[typed]] if typed else None]
        case Run():
            return _prompt(ask.prompt)
        case _:
            assert_never(ask)


def _prompt(markdown: str) -> Node:
    return div(".prompt")[prose(markdown)] if markdown else None


def _numbers(ask: Numbers, typed: str, verdict: Verdict | None) -> Node:
    shows = typed or (verdict.wanted if verdict else "")  # given up, the right numbers stand in their places
    parts = [part.strip() for part in shows.split(";")] if shows else []
    stands = {one.name: one for one in verdict.fields} if verdict else {}
    shown = {
        field.name: _given(parts[i] if i < len(parts) else "", stands.get(field.name))
        for i, field in enumerate(ask.fields)
    }
    inside = {
        str(getattr(cell, "field", "")) for row in (ask.sheet.rows if ask.sheet else ()) for cell in row
    }
    rest = [field for field in ask.fields if field.name not in inside]
    return [
        _prompt(ask.prompt),
        draw_sheet(ask.sheet, shown) if ask.sheet else None,
        [div(".field")[span[phrase(field.label), " = "], shown[field.name]] for field in rest],
    ]


def _given(text: str, stands: FieldVerdict | None) -> Node:
    """A number as it was typed, with its sign."""
    if stands is None:
        return span(".given")[text or "…"]
    sign, words, look = STANDINGS[stands.standing]
    return span(class_=f"given {look}")[
        text or number(stands.typed, 6), " ", span(".mark")[sign, span(".unseen")[words]]
    ]


def _choice(ask: Choice, typed: str, verdict: Verdict | None) -> Node:
    chosen = picked(ask, typed)

    def row(i: int) -> Node:
        right, mine = ask.options[i].right, i in chosen
        look = "good" if right else "bad" if mine else "quiet"
        words = verdict.options[i] if verdict and i < len(verdict.options) else ""
        sign = ("✓ " if right else "✗ " if mine else "") if words or not verdict else ""
        return li(class_=f"{look}{' mine' if mine else ''}")[
            span(".sign")[f"{digit(i)} "],
            span(".mark")[sign, span(".unseen")["right: " if right else "not this: " if mine else ""]],
            phrase(ask.options[i].text),
            span(".chose")[" (yours)"] if mine else None,
            div(".why")[prose(words)] if words else None,
        ]

    return [_prompt(ask.prompt), ul(".options")[(row(i) for i in range(len(ask.options)))]]


# ── the verdict ───────────────────────────────────────────────────────────────────────────


def headline(page: Page, outcome: Answered) -> str:
    """The verdict in words; to who asked to be shown, the answer and no verdict."""
    verdict = outcome.verdict
    if outcome.hidden:
        return "Noted. You will see."
    if outcome.revealed:
        return f"The answer: {_named(page, verdict.wanted)}"
    if verdict.right:
        return "Right."
    return f"Not yet: {verdict.title}." if verdict.title else "Not yet."


def _named(page: Page, wanted: str) -> str:
    if isinstance(page.ask, Choice):
        return wanted
    if isinstance(page.ask, Numbers) and len(page.ask.fields) > 1:
        pairs = zip(page.ask.fields, wanted.split("; "), strict=False)
        return "; ".join(stated(field.label, value) for field, value in pairs)
    return wanted


def draw_verdict(page: Page, outcome: Answered, today: date, repaired: bool | None = None) -> Node:
    """What is said of the answer. `repaired` is whether the small question was answered rightly."""
    verdict = outcome.verdict
    look = "noted" if outcome.hidden or outcome.revealed else "good" if verdict.right else "bad"
    said = headline(page, outcome)
    tells_more = verdict.feedback not in ("", said) and not verdict.options
    head = h2("#verdict", tabindex="-1", autofocus=True)[said]
    if outcome.hidden:
        return div(class_=f"verdict {look}")[head]
    return div(class_=f"verdict {look}")[
        head,
        div(".feedback")[prose(verdict.feedback)] if tells_more else None,
        [p(".again")[f"Seen a second time now: {title}."] for title in outcome.confirmed],
        _way(outcome),
        _worlds(page, verdict),
        _repair(page, outcome, repaired),
        ul(".quiet")[(li[line] for line in _quiet(outcome, today))],
    ]


def _way(outcome: Answered) -> Node:
    """The worked line, where it is no part of what was said."""
    verdict = outcome.verdict
    if not verdict.line or verdict.tells_line or (verdict.right and not outcome.revealed) or verdict.options:
        return None
    line = pre(".line")[verdict.line]
    return line if outcome.revealed else details[summary["The line, worked"], line]


def _worlds(page: Page, verdict: Verdict) -> Node:
    if not verdict.worlds:
        return None
    return details[
        summary["Both worlds on these numbers: yours, and the rule"],
        div(".worlds")[(draw_plain(block) for block in verdict.worlds_beside(page.ask))],
    ]


def _repair(page: Page, outcome: Answered, repaired: bool | None) -> Node:
    """One small question about what went wrong; nothing of it is stored."""
    asked = outcome.verdict.repair
    if asked is None or outcome.verdict.right or not outcome.verdict.misconceptions:
        return None
    told = None if repaired is None else "✓ Right." if repaired else f"✗ It is {number(asked.answer)}."
    return form(".repair", method="post", action="/repair")[
        box(type="hidden", name="page", value=page.key),
        label(for_="small")[f"Try one: {asked.question} ="],
        box(
            "#small",
            type="text",
            name="small",
            inputmode="decimal",
            autocomplete="off",
            maxlength="40",
            size="7",
        ),
        button(".sign", type="button", tabindex="-1", aria_label="change its sign")["±"],
        button(type="submit")["Try"],
        span("#repaired", role="status", tabindex="-1", class_="good" if repaired else "bad")[told]
        if told
        else None,
    ]


def _quiet(outcome: Answered, today: date) -> list[str]:
    """Why this rating, and when it comes back."""
    back = outcome.comes_back(lambda due: f"on {weekday(due, today)}")
    said = (f"{outcome.reason}." if outcome.reason else "", f"It {back}." if back else "", outcome.rests)
    return [line for line in said if line]
