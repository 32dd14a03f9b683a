"""Every kind of question as a form, and what was posted as the text that the other faces type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import assert_never

from htpy import (
    Element,
    Node,
    button,
    div,
    fieldset,
    label,
    legend,
    li,
    ol,
    option,
    p,
    select,
    small,
    span,
)
from htpy import (
    input as box,
)

from drops.errors import Unreadable
from drops.exercises.answers import digit, read, read_field
from drops.exercises.blocks import (
    Ask,
    Blank,
    Case,
    Choice,
    Design,
    DesignField,
    Field,
    Knobs,
    Numbers,
    Order,
    Run,
    Show,
)
from drops.exercises.pictured import picture_of
from drops.study.pages import CONFIDENCE
from drops.text import stated
from drops.web.blocks import draw_sheet, knob_rows, settings_of
from drops.web.case import draw_case
from drops.web.prose import phrase, prose

Form = Mapping[str, Sequence[str]]  # what was posted: each name with its values, in order
SHORTEST = 7  # characters of a number's box


# ── from a form to the text of an answer ──────────────────────────────────────────────────


def typed_in(ask: Ask, posted: Form) -> str:
    """What was posted, in the form that `answers.read` reads."""

    def one(name: str) -> str:
        return next(iter(posted.get(f"v.{name}", ())), "")

    match ask:
        case Numbers(fields=fields):
            return "; ".join(one(field.name).replace(";", " ").strip() for field in fields)
        case Choice():
            sent = ", ".join(posted.get("pick", ()))
            return _named(ask, sent) if ask.picture else sent
        case Case():
            return " ".join((*posted.get("cause", ()), *posted.get("change", ())))
        case Order():
            return " ".join(posted.get("piece", ()))
        case Knobs(knobs=knobs):
            return "; ".join(one(knob.name) for knob in knobs)
        case Design(fields=forms):
            filled = ((form.name, one(form.name).replace(";", ",").strip()) for form in forms)
            return "; ".join(f"{name}={value}" for name, value in filled if value)
        case Run():
            return ""
        case _:
            assert_never(ask)


def _named(ask: Choice, sent: str) -> str:
    """The name of the part of a picture whose number was sent, as other faces type it; else what was sent."""
    chosen = picked(ask, sent)
    return ask.options[chosen[0]].text if chosen else sent


def moved_piece(posted: Form) -> str | None:
    """The order after the piece that a button moves; None where none was pressed."""
    pressed = next(iter(posted.get("move", ())), "")
    pieces = list(posted.get("piece", ()))
    if not pressed[1:] or pressed[1:] not in pieces:
        return None
    at = pieces.index(pressed[1:])
    to = at + (1 if pressed[0] == "d" else -1)
    if 0 <= to < len(pieces):
        pieces.insert(to, pieces.pop(at))
    return " ".join(pieces)


def draws_of(ask: Ask, text: str, hand: str = "", *, settled: bool = False) -> tuple[Show, ...]:
    """What stands beside a question as it is filled now, or as it was answered."""
    match ask:
        case Choice(picture=picture) if picture is not None:
            return picture(picked(ask, text))
        case Numbers() | Choice() | Order():
            return picture_of(ask, text, hand, settled=settled)
        case Design(fields=forms, picture=picture) if picture is not None:
            given = {form.name: form.start for form in forms} | _form(text)
            return picture(given)
        case Knobs(knobs=knobs):
            parts = dict(zip((f"v.{knob.name}" for knob in knobs), text.split(";"), strict=False))
            return ask.draw(settings_of(knobs, parts, "v."))
        case Design() | Case() | Run():
            return ()
        case _:
            assert_never(ask)


# ── the form ──────────────────────────────────────────────────────────────────────────────


def draw_question(
    ask: Ask, draft: str, opened: Sequence[str] = (), sure: str = "", struck: Sequence[str] = ()
) -> Node:
    """The question with its boxes, filled as the draft says."""
    match ask:
        case Numbers():
            return _numbers(ask, draft)
        case Choice():
            return _choice(ask, draft, sure)
        case Case():
            return draw_case(ask, draft, opened, struck)
        case Order():
            return _order(ask, draft)
        case Knobs(knobs=knobs):
            parts = dict(zip((f"v.{knob.name}" for knob in knobs), draft.split(";"), strict=False))
            values = settings_of(knobs, parts, "v.")
            return [_prompt(ask.prompt), knob_rows(knobs, values, "v.")]
        case Design():
            return _design(ask, draft)
        case Run():
            return _prompt(ask.prompt)
        case _:
            assert_never(ask)


def _prompt(markdown: str) -> Node:
    return div(".prompt")[prose(markdown)] if markdown else None


def _numbers(ask: Numbers, draft: str) -> Node:
    parts = [part.strip() for part in draft.split(";")] if draft else []
    filled = {field.name: parts[i] if i < len(parts) else "" for i, field in enumerate(ask.fields)}
    formulas = (ask.sheet.formulas if ask.sheet else None) or {}
    inside = {
        cell.field for row in (ask.sheet.rows if ask.sheet else ()) for cell in row if isinstance(cell, Blank)
    }
    boxes = {
        field.name: _box(
            field, filled[field.name], formulas.get(field.name, ""), wrong=_is_wrong(field, filled)
        )
        for field in ask.fields
    }
    return [
        _prompt(ask.prompt),
        draw_sheet(ask.sheet, {name: boxes[name] for name in inside}) if ask.sheet else None,
        [
            div(".field")[label(for_=f"v.{field.name}")[phrase(field.label), " ="], boxes[field.name]]
            for field in ask.fields
            if field.name not in inside
        ],
    ]


def _is_wrong(field: Field, filled: Mapping[str, str]) -> bool:
    """Whether what stands in a box cannot be read; an empty one is only open."""
    if not filled[field.name]:
        return False
    try:
        read_field(field, filled[field.name])
    except Unreadable:
        return True
    return False


def _box(field: Field, value: str, formula: str, *, wrong: bool) -> Element:
    hint = f"hint.{field.name}"
    return span(".box")[
        box(
            type="text",
            id=f"v.{field.name}",
            name=f"v.{field.name}",
            value=value,
            inputmode="decimal",
            autocomplete="off",
            maxlength="40",
            size=str(max(SHORTEST, len(value) + 1)),
            aria_label=field.label,
            aria_invalid="true" if wrong else None,
            aria_describedby=hint if formula else None,
        ),
        button(".sign", type="button", tabindex="-1", aria_label=f"change the sign of {field.label}")["±"],
        small(".formula", id=hint)[stated(field.label, formula)] if formula else None,
    ]


def picked(ask: Ask, draft: str) -> tuple[int, ...]:
    """The options or pieces that a draft names, from 0."""
    with suppress(Unreadable):
        found = read(ask, draft.partition(";")[0])
        if isinstance(found, tuple):
            return found
    return ()


def _choice(ask: Choice, draft: str, sure: str) -> Node:
    chosen = picked(ask, draft)
    kind = "checkbox" if ask.many else "radio"
    options = [
        label(".option")[
            box(type=kind, name="pick", value=digit(i), checked=i in chosen, data_key=digit(i)),
            span(".sign", aria_hidden="true")[digit(i)],
            span[phrase(one.text)],
        ]
        for i, one in enumerate(ask.options)
    ]
    return [
        fieldset(".options.spots" if ask.picture else ".options")[
            legend[phrase(ask.prompt), " (all that apply)" if ask.many else None], options
        ],
        _confidence(sure) if ask.confidence else None,
    ]


def _confidence(sure: str) -> Element:
    return fieldset(".sure")[
        legend["How sure are you?"],
        [
            label(".option")[box(type="radio", name="sure", value=name, checked=name == sure), span[name]]
            for name in CONFIDENCE
        ],
    ]


def _order(ask: Order, draft: str) -> Node:
    order = picked(ask, draft) or tuple(range(len(ask.pieces)))
    return [
        _prompt(ask.prompt),
        ol(".pieces", data_pieces=True)[
            (
                li(draggable="true")[
                    box(type="hidden", name="piece", value=digit(i)),
                    span[phrase(ask.pieces[i])],
                    _mover("u", i, "↑", "up", ask.pieces[i]),
                    _mover("d", i, "↓", "down", ask.pieces[i]),
                ]
                for i in order
            )
        ],
        p(".unseen", role="status", data_said=True),
    ]


def _mover(way: str, i: int, sign: str, words: str, piece: str) -> Element:
    return button(
        ".move", type="submit", name="move", value=f"{way}{digit(i)}", aria_label=f"move {words}: {piece}"
    )[sign]


def _form(text: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in text.split(";"))
    return {name: value.strip() for name, equals, value in pairs if equals}


def _design(ask: Design, draft: str) -> Node:
    given = {form.name: form.start for form in ask.fields} | _form(draft)
    filled = {name: value for name, value in given.items() if value}
    told = div(".told")[phrase(ask.told(filled))] if ask.told is not None else None
    return [_prompt(ask.prompt), told, [_design_row(form, filled) for form in ask.fields]]


def _design_row(form: DesignField, filled: Mapping[str, str]) -> Element:
    """A field, its reasons as they are offered for what stands on the form."""
    name, value, options = f"v.{form.name}", filled.get(form.name, ""), form.offered(filled)
    if options:
        choices = [option(value=one, selected=one == value)[words] for one, words in options]
        known = any(one == value for one, _ in options)
        empty = None if known else option(value="", selected=True)["choose"]
        control: Node = select(id=name, name=name)[empty, choices]
    else:
        hint = f"for example {form.example}" if form.example else None
        control = box(type="text", id=name, name=name, value=value, maxlength="40", placeholder=hint)
    return div(".field")[label(for_=name)[phrase(form.label)], control]
