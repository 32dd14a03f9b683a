"""A case in the browser: gauges that open, causes with a box to name and a button to strike off, changes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from htpy import Element, Node, button, div, fieldset, label, legend, p, s, span
from htpy import input as box

from drops.errors import Unreadable
from drops.exercises.answers import CaseAnswer, digit, read
from drops.exercises.blocks import Case, Gauge
from drops.web.blocks import draw_plain
from drops.web.prose import phrase


def draw_case(ask: Case, draft: str, opened: Sequence[str], struck: Sequence[str]) -> Node:
    """The form of a case, filled as the draft says."""
    given = _given(ask, draft)
    return [
        _gauges(ask, opened),
        fieldset(".options")[
            legend[phrase(ask.prompt)],
            [_cause(ask, i, given is not None and given.cause == i, digit(i) in struck)
             for i in range(len(ask.causes))],
        ],
        fieldset(".options")[
            legend["Which change mends it?"],
            [_option("change", i, text, given is not None and given.change == i)
             for i, text in enumerate(ask.changes)],
        ] if ask.changes else None,
    ]  # fmt: skip


def draw_answered_case(ask: Case, typed: str) -> Node:
    """The gauges that were opened, and what was named and tried."""
    given = _given(ask, typed)
    if given is None:
        return div(".prompt")[phrase(ask.prompt)]
    tried = f"; the change: {ask.changes[given.change]}" if given.change is not None else ""
    return [
        (_open(ask.gauges[i]) for i in given.gauges),
        div(".prompt")[phrase(ask.prompt)],
        p[phrase(f"You named: {ask.causes[given.cause]}{tried}.")],
    ]


def _given(ask: Case, text: str) -> CaseAnswer | None:
    with suppress(Unreadable):
        found = read(ask, text)
        return found if isinstance(found, CaseAnswer) else None
    return None


def _option(name: str, i: int, text: str, chosen: bool) -> Element:
    return label(".option")[
        box(type="radio", name=name, value=digit(i), checked=chosen),
        span(".sign", aria_hidden="true")[digit(i)],
        span[phrase(text)],
    ]


def _cause(ask: Case, i: int, chosen: bool, gone: bool) -> Node:
    text = ask.causes[i]
    named = label(".option")[
        box(type="radio", name="cause", value=digit(i), checked=chosen),
        span(".sign", aria_hidden="true")[digit(i)],
        span[s[phrase(text)], " (struck off)"] if gone else span[phrase(text)],
    ]
    says = "Take back" if gone else "Strike off"
    strike = button(".strike", type="submit", name="strike", value=digit(i), formaction="/strike")[
        says, span(".unseen")[f": {text}"]
    ]
    return div(".cause")[named, strike]


def _gauges(ask: Case, opened: Sequence[str]) -> Node:
    """What may be opened before the answer; what is open is shown."""
    left = ask.openings - len(opened)
    may = f"{left} more may be opened." if left > 0 else "No more can be opened: name the cause."

    def one(i: int, gauge: Gauge) -> Node:
        if digit(i) in opened:
            return _open(gauge)
        return button(
            ".gauge", type="submit", name="gauge", value=digit(i), formaction="/gauge", disabled=left <= 0
        )[f"Open: {gauge.label}", span(".asks")[gauge.asks] if gauge.asks else None]

    return fieldset(".gauges")[
        legend[f"At most {ask.openings} gauges before you answer. {may}"],
        [one(i, gauge) for i, gauge in enumerate(ask.gauges)],
    ]


def _open(gauge: Gauge) -> Element:
    return div(".gauge.open")[p(".name")[gauge.label], (draw_plain(block) for block in gauge.read())]
