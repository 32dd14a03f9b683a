"""What lines are made of: segments of text in a few named inks, and how lines are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from drops.colours import LIGHT_OF_FEW, Palette

Line = list[Segment]
Lines = list[Line]


@dataclass(frozen=True, eq=False)  # one for each palette, told apart by identity: a cheap key
class Inks:
    """The styles of a palette. `few`: too few colours to tell levels apart, so signs must do."""

    palette: Palette
    few: bool
    text: Style = field(init=False)
    dim: Style = field(init=False)
    bold: Style = field(init=False)
    accent: Style = field(init=False)
    act: Style = field(init=False)  # the one thing to do now
    good: Style = field(init=False)
    warn: Style = field(init=False)
    bad: Style = field(init=False)
    plus: Style = field(init=False)
    minus: Style = field(init=False)
    rule: Style = field(init=False)
    blank: Style = field(init=False)  # a field that can be filled
    cursor: Style = field(init=False)  # … and is being filled
    lit: Style = field(init=False)
    shade: Style = field(init=False)
    series: tuple[Style, ...] = field(init=False)

    def __post_init__(self) -> None:
        p = self.palette
        styles: dict[str, object] = {
            name: Style(color=getattr(p, name))
            for name in ("text", "dim", "accent", "good", "warn", "bad", "plus", "minus", "rule")
        }
        styles |= {
            "bold": Style(color=p.text, bold=True),
            "act": Style(color=p.accent, bold=True),
            "blank": Style(color=p.text, bgcolor=p.field),
            "cursor": Style(color=p.ground, bgcolor=p.accent, bold=True),
            "lit": Style(color=p.accent, bold=True),
            "shade": Style(bgcolor=p.shade),
            "series": tuple(Style(color=colour) for colour in p.series),
        }
        for name, style in styles.items():
            object.__setattr__(self, name, style)  # frozen: derived once, here


@lru_cache(maxsize=8)
def inks(palette: Palette, few: bool) -> Inks:
    """The inks of a palette, made once."""
    return Inks(LIGHT_OF_FEW if few and not palette.dark else palette, few)


cells = lru_cache(maxsize=4096)(cell_len)  # of a text: rich's own cache is two calls away, at each look


def width_of(line: Line) -> int:
    return sum([cells(text) for text, _, _ in line])


def fit(line: Line, width: int) -> Line:
    """The line at exactly `width` cells, cut with an ellipsis or padded."""
    have = width_of(line)
    if have <= width:
        return [*line, Segment(" " * (width - have))] if have < width else line
    out: Line = []
    room = max(0, width - 1)
    for text, style, _ in line:
        if cell_len(text) >= room:
            out.append(Segment(set_cell_size(text, room), style))
            room = 0
            break
        out.append(Segment(text, style))
        room -= cell_len(text)
    return [*out, Segment("…" if width else "", out[-1].style if out else None), Segment(" " * room)]


def indent(lines: Lines, by: int) -> Lines:
    return [[Segment(" " * by), *line] for line in lines]


def beside(columns: Iterable[tuple[Lines, int]], gap: int = 3) -> Lines:
    """Columns of lines side by side, each as wide as it says."""
    blocks = list(columns)
    tall = max((len(lines) for lines, _ in blocks), default=0)
    out: Lines = []
    for y in range(tall):
        line: Line = []
        for i, (lines, width) in enumerate(blocks):
            line += [Segment(" " * gap)] if i else []
            line += fit(lines[y] if y < len(lines) else [], width)
        out.append(line)
    return out


def ends(left: Line, right: Line, width: int) -> Line:
    """One thing at each end of a line, with a blank between them; the left one gives way."""
    told = "".join(segment.text for segment in right)
    right = [Segment(" "), *right] if told.strip() and not told.startswith(" ") else right
    have = width_of(right)
    return [*fit(left, max(0, width - have)), *right] if have < width else fit(left, width)


LONGEST_FORMULA = 32  # cells; a longer one would leave too much of the line above it empty
GLUE = "⸱"  # no space to who wraps, and a sign to Markdown, which keeps **−2** after it strong
_FORMULA = re.compile(r"\S+(?: [=≈≠<>≤≥→] \S+| [+−·×/] \S+)+")
_PLACE = re.compile(r"[\[(][−\d.]+(?:, [−\d.]+){1,2}[\])]")  # [1, 2] of a table, (3, −1) of the plane
_SHARE = re.compile(r"(?<=\d) (?=%)|(?<=\bln) (?=\d)|(?<=\b[Dd]rop) (?=\d)")  # 50 %, ln 13, drop 3
_AMONG = re.compile(r"(?<=\S) · ")  # between names: a line may end with it, not begin
_BRACKETS = re.compile(r"\([^()]*\)")
_TERM = re.compile(r"(?<=\S) ([+−·×/]) (?=\S)")


def glued(text: str, width: int) -> str:
    """`text` with GLUE for the spaces of each short formula, share and number with its name, so that no
    line ends within one.

    Of a longer formula only the sums hold together, if they are short themselves; else it breaks before a
    sign, and not within its brackets.
    """
    longest = min(LONGEST_FORMULA, width * 2 // 3)

    def whole(found: re.Match[str]) -> str:
        formula = found[0]
        if len(formula) <= longest:
            return formula.replace(" ", GLUE)
        held = _TERM.sub(rf"{GLUE}\1{GLUE}", formula)
        if max(map(len, held.split(" "))) <= longest:
            return held
        within = _BRACKETS.sub(lambda inner: inner[0].replace(" ", GLUE), formula)
        held = _TERM.sub(rf" \1{GLUE}", within)
        return held if max(map(len, held.split(" "))) <= longest else formula

    text = _AMONG.sub(f"{GLUE}· ", _SHARE.sub(GLUE, text))
    return _FORMULA.sub(whole, _PLACE.sub(lambda found: found[0].replace(" ", GLUE), text))


def wrap(text: str, width: int) -> list[str]:
    """Plain text in lines of at most `width` cells, broken at spaces where there are any."""
    return [line.replace(GLUE, " ") for line in _wrapped(glued(text, width), width)]


def _wrapped(text: str, width: int) -> list[str]:
    out: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            while cell_len(word) > width > 0:
                out += [line] if line else []
                line, (head, word) = "", _split(word, width)  # noqa: PLW2901  # what is left of it
                out.append(head)
            joined = f"{line} {word}" if line else word
            if cell_len(joined) > width:
                out.append(line)
                joined = word
            line = joined
        out.append(line)
    return out


def _split(word: str, width: int) -> tuple[str, str]:
    """A word that is too long for a line, in two: a formula before a sign of it, where the line is then half
    full."""
    head = set_cell_size(word, width).rstrip() or word[:1]
    sign = max(word.rfind(sign, 1, len(head) + 1) for sign in "·/")
    head = word[:sign] if 2 * sign >= width else head
    return head, word[len(head) :]


def written(text: str, width: int, style: Style) -> Lines:
    """Plain text wrapped, in one ink."""
    return [[Segment(line, style)] for line in wrap(text, width)]


def does(style: Style, **what: object) -> Style:
    """`style`, and what a click on it means."""
    return style + _meta(tuple(sorted(what.items())))


@lru_cache(maxsize=512)
def _meta(what: tuple[tuple[str, object], ...]) -> Style:
    meta: Mapping[str, object] = {"does": dict(what)}
    return Style(meta=dict(meta))
