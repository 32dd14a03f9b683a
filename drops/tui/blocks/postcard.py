"""A week for a chat, as text or as a picture: what was made at the left, what was learned beside it."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.segment import Segment
from rich.text import Text

from drops.colours import DARK
from drops.exercises.blocks import Curve
from drops.study.pages import Picture
from drops.study.shown.week import Week
from drops.text import counted, safe_text
from drops.tui.base.ink import Inks, Lines, ends, fit, inks, written
from drops.tui.blocks import blocks
from drops.tui.blocks.blocks import Hands

WIDE = 72  # cells, as chats show them
PICTURE, TALL = 30, 11  # cells and lines of the picture
GAP = 3


def as_text(made: Week) -> list[str]:
    """Lines of signs that any chat shows."""
    drawn = _lines(made, inks(DARK, few=True))
    return ["".join(segment.text for segment in line).rstrip() for line in drawn]


def as_svg(made: Week) -> str:
    """The same in colours."""
    console = Console(
        width=WIDE + 2, record=True, file=StringIO(), color_system="truecolor", force_terminal=True
    )
    for line in _lines(made, inks(DARK, few=False)):
        text = Text(" ")
        for segment in line:
            text.append(segment.text, segment.style)
        console.print(text, no_wrap=True, overflow="crop")
    return console.export_svg(title=f"drops, week {made.number}")


def _lines(made: Week, ink: Inks) -> Lines:
    days = " ".join("●" if day else "○" for day in made.days)
    days_of, minutes = counted(sum(made.days), "day"), counted(made.minutes, "minute")
    spent = f"{days_of}, {minutes}, {counted(made.drops, 'drop')}"
    between = " – ".join(f"{day:%a} {day.day} {day:%b}" for day in (made.monday, made.sunday))
    out: Lines = [
        ends([Segment(f"drops, week {made.number}", ink.bold)], [Segment(between, ink.dim)], WIDE),
        [Segment(days, ink.plus), Segment(f"   {spent}", ink.text)],
        [],
    ]
    picture = _picture(made.picture, ink) if made.picture is not None else []
    room = WIDE - PICTURE - GAP if picture else WIDE
    said = _said(made, room, ink)
    for y in range(max(len(picture), len(said))):
        left = [*fit(picture[y] if y < len(picture) else [], PICTURE), Segment(" " * GAP)] if picture else []
        out.append([*left, *(said[y] if y < len(said) else [])])
    if made.quote:
        drop = f"drop {made.quoted}"
        quoted = written(f"“{safe_text(made.quote)}”", WIDE - len(drop) - 2, ink.text)
        out += [[], *quoted[:-1], ends(quoted[-1], [Segment(drop, ink.dim)], WIDE)]
    return out


def _said(made: Week, room: int, ink: Inks) -> Lines:
    out: Lines = []
    if made.gain:
        out += [*written(safe_text(made.gain), room, ink.bold), []]
    right, of = made.held
    if of:
        out += written(f"Held: {right} of {of} that came back.", room, ink.text)
    for title in made.mended:
        out += written(f"No longer: {safe_text(title)}.", room, ink.text)
    return out


def _picture(picture: Picture, ink: Inks) -> Lines:
    """The picture alone; of a curve no key, which would be wider than it."""
    if isinstance(picture, Curve):
        drawn = blocks.draw(picture, PICTURE, ink, Hands(tall=TALL - 3, fill=True))
        return drawn[:-1] if len(picture.series) > 1 else drawn
    return blocks.draw(picture, PICTURE, ink, Hands(tall=TALL, fill=True))
