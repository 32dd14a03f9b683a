"""Markdown as lines of a width. One widget a page.

Rich has a Markdown of its own; it brings a highlighter that no lesson needs, and makes a parser for
every paragraph: 4 MB and a third of what a page turn takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from drops.course.gaps import LINK
from drops.text import safe_text
from drops.tui.base.ink import GLUE, Inks, Line, Lines, does, glued, wrap

if TYPE_CHECKING:
    from drops.course.markup import Token

LONGEST = 80  # characters of a line of prose
BULLET = " • "
_WORDS = re.compile(r"\n| +|[^ \n]+")
_MARKS = {"strong": Style(bold=True), "em": Style(italic=True), "link": Style(underline=True)}


def prose(markdown: str, width: int, ink: Inks, longest: int = LONGEST) -> Lines:
    """Markdown wrapped to at most `width` cells, and never wider than is good to read."""
    return [list(line) for line in _read(markdown, max(8, min(width, longest)), ink)]


@lru_cache(maxsize=256)
def _read(markdown: str, width: int, ink: Inks) -> tuple[tuple[Segment, ...], ...]:
    from drops.course.markup import tokens  # late: it brings a parser, and Today has no prose

    out: Lines = []
    for block in _blocks(iter(tokens(glued(safe_text(markdown), width))), width, ink):
        out += [[], *block] if out else block
    return tuple(
        tuple(Segment(text.replace(GLUE, " "), style) for text, style, _ in _trimmed(line)) for line in out
    )


def _trimmed(line: Line) -> Line:
    """Without the blanks at its end."""
    while line and not line[-1].text.strip():
        line = line[:-1]
    return line


# ── blocks ────────────────────────────────────────────────────────────────────────────────


def _blocks(tokens: Iterator[Token], width: int, ink: Inks) -> Iterator[Lines]:
    """The blocks up to the end of what encloses them, each as its lines."""
    for token in tokens:
        if token.nesting < 0:
            return
        match token.type:
            case "paragraph_open" | "heading_open":
                inline = next(tokens)
                next(tokens)
                style = ink.bold if token.type == "heading_open" else ink.text
                yield _wrapped(_pieces(inline, style, ink), width)
            case "bullet_list_open" | "ordered_list_open":
                yield _list(token, tokens, width, ink)
            case "blockquote_open":
                inner = _joined(_blocks(tokens, width - 4, ink))
                yield [[Segment("▌ ", ink.dim), *line] for line in inner]
            case "table_open":
                yield _table(tokens, width, ink)
            case "fence" | "code_block":
                yield [[Segment(f" {line}", ink.text)] for line in _as_typed(token.content, width - 1)]
            case "hr":
                yield [[Segment("─" * width, ink.rule)]]


def _as_typed(text: str, width: int) -> Iterator[str]:
    """The lines as they stand; one that is too long goes on under itself."""
    for line in text.splitlines():
        if cell_len(line) <= width:
            yield line
        else:
            first, *rest = wrap(line, width - 2)
            yield first
            yield from (f"  {part}" for part in rest)


def _joined(blocks: Iterator[Lines]) -> Lines:
    return [line for block in blocks for line in block]


def _list(head: Token, tokens: Iterator[Token], width: int, ink: Inks) -> Lines:
    items: list[Lines] = []
    for token in tokens:
        if token.nesting < 0:
            break
        room = width - (len(BULLET) if head.type == "bullet_list_open" else 3)
        items.append(_joined(_blocks(tokens, room, ink)))
    first = int(head.attrGet("start") or 1)
    out: Lines = []
    for number, item in enumerate(items, first):
        sign = BULLET if head.type == "bullet_list_open" else f"{number:>2} "
        out += [[Segment(" " * len(sign) if y else sign, ink.accent), *line] for y, line in enumerate(item)]
    return out


def _table(tokens: Iterator[Token], width: int, ink: Inks) -> Lines:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, pad_edge=False, style=ink.rule, collapse_padding=True)
    row: list[Text] = []
    head = True
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type in ("th_open", "td_open"):
            style = ink.dim if head else ink.text
            row.append(Text.assemble(*_pieces(next(tokens), style, ink), justify=_side(token)))
        elif token.type == "tr_close":
            for cell in row if head else ():
                table.add_column(cell)
            if not head:
                table.add_row(*row)
            head, row = False, []
    console = Console(file=StringIO(), width=width, color_system="truecolor", legacy_windows=False)
    lines = console.render_lines(table, pad=False)
    return [line for line in map(_trimmed, lines) if line]


def _side(cell: Token) -> Literal["left", "center", "right"]:
    asked = str(cell.attrGet("style") or "")
    return "right" if "right" in asked else "center" if "center" in asked else "left"


# ── words ─────────────────────────────────────────────────────────────────────────────────


def _pieces(inline: Token, style: Style, ink: Inks) -> list[tuple[str, Style]]:
    """The runs of an inline token, each with its ink; a line end that was meant is a "\\n"."""
    out: list[tuple[str, Style]] = []
    styles = [style]
    for token in inline.children or ():
        name = token.type.removesuffix("_open")
        match token.type:
            case "text":
                out.append((token.content, styles[-1]))
            case "softbreak" | "hardbreak":
                out.append((" " if token.type == "softbreak" else "\n", styles[-1]))
            case "code_inline":
                out.append((token.content, styles[-1] + Style(color=ink.accent.color)))
            case "image":
                out.append((token.content, styles[-1]))
            case _ if token.nesting > 0:
                marked = styles[-1] + (_MARKS.get(name) or ink.dim + Style(strike=True))
                leads = str(token.attrGet("href") or "")
                styles.append(_linked(marked, leads, ink) if name == "link" else marked)
            case _ if token.nesting < 0:
                styles.pop()
    return out


def _linked(style: Style, href: str, ink: Inks) -> Style:
    """A link is something to click, and never a sequence for the terminal; to no place, it is a blank."""
    if href == LINK:
        return ink.cursor
    kind = href.partition(":")[0]
    if kind in ("term", "drop"):
        return does(style, explain=unquote(href))
    return does(style, url=href) if kind in ("http", "https") else style


def _wrapped(pieces: list[tuple[str, Style]], width: int) -> Lines:
    """Runs of text in lines of at most `width` cells, broken at spaces where there are any."""
    out: Lines = [[]]
    used = 0  # cells of the last line
    space: list[tuple[str, Style]] = []  # before the next word, if that stays on the line
    word: list[tuple[str, Style]] = []

    def place() -> None:
        nonlocal used, space, word
        long = sum(cell_len(text) for text, _ in word)
        gap = sum(len(text) for text, _ in space) if used else 0
        if used and used + gap + long > width:
            out.append([])
            used = gap = 0
        for text, style in (*(space if gap else ()), *word):
            left = text
            while used + cell_len(left) > width:  # longer than a line: cut
                head = set_cell_size(left, width - used).rstrip() or left[:1]
                _join(out[-1], head, style)
                out.append([])
                left, used = left[len(head) :], 0
            _join(out[-1], left, style)
            used += cell_len(left)
        space, word = [], []

    for text, style in pieces:
        for part in _WORDS.findall(text):
            if part.strip():
                word.append((part, style))
                continue
            place()
            if part == "\n":
                out.append([])
                used = 0
            else:
                space = [(part, style)]
    place()
    return out


def _join(line: Line, text: str, style: Style) -> None:
    """Adds text to a line, to its last run if that has the same ink."""
    if line and line[-1].style == style:
        line[-1] = Segment(line[-1].text + text, style)
    elif text:
        line.append(Segment(text, style))
