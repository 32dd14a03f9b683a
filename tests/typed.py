"""An answer's text as a learner types it: the keys of the app, the lines of the line face."""

from __future__ import annotations

from drops.exercises.answers import digit, read
from drops.exercises.blocks import Ask, Case, Choice, Design, Knobs, Numbers, Order

NAMES = {
    " ": "space",
    ".": "full_stop",
    ",": "comma",
    "-": "minus",
    "−": "minus",
    "/": "slash",
    "%": "percent_sign",
}
SURE = "2"  # fairly sure, in both faces


def keys_for(ask, text: str) -> list[str]:
    """The keys that answer `ask` with `text` in the app."""
    match ask:
        case Numbers():
            fields = text.split("; ")
            return [key for field in fields for key in (*(NAMES.get(c, c) for c in field), "enter")]
        case Choice() if ask.picture is not None:
            return [*["right"] * (read(ask, text)[0] + 1), "enter"]
        case Choice():
            picks = [c for c in text if c.isdigit()]
            return [*picks, "enter", *([SURE, "enter"] if ask.confidence else [])]
        case Order():
            return [*order_keys(len(ask.pieces), text.split()), "enter"]
        case Knobs():
            return [*knob_keys(ask, text), "enter"]
        case Case():
            return case_keys(ask, text)
        case Design():
            return [*design_keys(ask, text), "enter"]
    raise AssertionError(f"nothing is typed at {ask}")


def order_keys(count: int, wanted: list[str]) -> list[str]:
    """Carries each piece to its place, from the first place on."""
    order, keys, now = [digit(i) for i in range(count)], [], 0
    for place, piece in enumerate(wanted):
        at = order.index(piece)
        keys += ["down"] * ((at - now) % count) + [str(place + 1)]
        order.insert(place, order.pop(at))
        now = place
    return keys


def design_keys(ask: Design, text: str) -> list[str]:
    """Turns each open field to its option, or types its text, from the first field down."""
    wanted = dict(part.split("=", 1) for part in text.split("; "))
    keys = []
    for field in ask.fields:
        names = [value for value, _ in field.offered(wanted)]
        if names:
            start = names.index(field.start) if field.start else -1
            keys += ["right"] * (
                (names.index(wanted[field.name]) - start) % len(names) or len(names) * (start < 0)
            )
        elif not field.start:
            keys += [NAMES.get(c, c) for c in wanted[field.name]]
        keys.append("down")
    return keys


def case_keys(ask: Case, text: str) -> list[str]:
    """Goes down to each gauge and opens it, to the cause and names it, to the change and tries it."""
    given, keys, now = read(ask, text), [], 0
    places = len(ask.gauges) + len(ask.causes)
    for at in (*given.gauges, len(ask.gauges) + given.cause):
        keys += ["down"] * ((at - now) % places) + ["enter"]
        now = at
    return [*keys, *["down"] * (given.change or 0), "enter"]


def knob_keys(ask: Knobs, text: str) -> list[str]:
    """Turns each knob, or moves each handle the way that it goes, from the first on."""
    keys, ways = [], ways_of(ask)
    for knob, value in zip(ask.knobs, text.replace("−", "-").split(";"), strict=True):
        more, less, on = ways[knob.name]
        steps = round((float(value) - knob.start) / knob.step)
        keys += [more if steps > 0 else less] * abs(steps) + [on]
    return keys


def as_placed(ask: Ask | None, text: str) -> str:
    """`text` as handles can stand: in lines a number between two of their places is typed as well."""
    if not (isinstance(ask, Knobs) and ask.by_hand):
        return text
    values = read(ask, text)
    return "; ".join(f"{knob.nearest(values[knob.name]):g}" for knob in ask.knobs)


def ways_of(ask: Knobs) -> dict[str, tuple[str, str, str]]:
    """The keys for more, for less and for the next, by knob."""
    if not ask.by_hand:
        return {knob.name: ("right", "left", "down") for knob in ask.knobs}
    along = {"x": ("right", "left", "tab"), "y": ("up", "down", "tab")}
    shown = ask.draw({knob.name: knob.start for knob in ask.knobs})
    return {handle.knob: along[handle.along] for block in shown for handle in getattr(block, "handles", ())}


def lines_for(ask: Ask, text: str) -> list[str]:
    """The lines that answer `ask` with `text`."""
    match ask:
        case Numbers():
            return text.split("; ")
        case Design():
            return [part.partition("=")[2] for part in text.split("; ")]
        case Case():
            given = read(ask, text)
            opened = [f"g {digit(at)}" for at in given.gauges]
            return [*opened, f"c {digit(given.cause)}", digit(given.change or 0)]
    return [text]
