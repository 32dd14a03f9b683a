"""Markdown as lines. Rich reads and wraps it; drops decides how it looks. One widget a page."""

from __future__ import annotations

from functools import lru_cache
from io import StringIO

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.theme import Theme

from drops.text import safe_text
from drops.tui.ink import GLUE, Inks, Lines, does, glued

LONGEST = 80  # characters of a line of prose


@lru_cache(maxsize=256)
def _rendered(markdown: str, width: int, ink: Inks) -> tuple[tuple[Segment, ...], ...]:
    from rich.markdown import Markdown  # late: it brings a parser, and Today has no prose

    console = _console(ink)
    wide = max(8, min(width, LONGEST))
    options = console.options.update(width=wide, height=None)
    text = glued(safe_text(markdown), wide)
    block = Markdown(text, hyperlinks=True, code_theme="ansi_dark", inline_code_lexer=None)
    out: list[tuple[Segment, ...]] = []
    for line in console.render_lines(block, options, pad=False):
        plain = tuple(_plain(line))
        if plain or (out and out[-1]):  # one blank line between things is enough
            out.append(plain)
    return tuple(out if not out or out[-1] else out[:-1])


def prose(markdown: str, width: int, ink: Inks) -> Lines:
    """Markdown wrapped to at most `width` cells, and never wider than is good to read."""
    return [list(line) for line in _rendered(markdown, width, ink)]


def _plain(line: list[Segment]) -> list[Segment]:
    """Without the grounds that code blocks are given: the page has one ground."""
    shown = ((text.replace(GLUE, " "), style) for text, style, control in line if not control)
    out = [Segment(text, _groundless(style)) for text, style in shown]
    while out and not out[-1].text.strip():
        out.pop()
    return out


def _groundless(style: Style | None) -> Style | None:
    """Without a ground; a link becomes something to click, and never a sequence for the terminal."""
    if style is None:
        return None
    kind, _, target = (style.link or "").partition(":")
    if style.link:
        style = style.update_link(None)
    if style.bgcolor is not None:
        style = style.without_color + Style(color=style.color)
    if kind == "term":
        return does(style, explain=target)
    return does(style, url=f"{kind}:{target}") if kind in ("http", "https") else style


@lru_cache(maxsize=8)
def _console(ink: Inks) -> Console:
    p = ink.palette
    text, strong = Style(color=p.text), Style(color=p.text, bold=True)
    styles = {
        "paragraph": text,
        "text": text,
        "strong": strong,
        "em": Style(color=p.text, italic=True),
        "emph": Style(color=p.text, italic=True),
        "code": Style(color=p.accent),
        "code_block": text,
        "h1": strong,
        "h2": strong,
        "h3": strong,
        "h4": strong,
        "h5": strong,
        "h6": strong,
        "h1.border": Style(color=p.rule),
        "h7": strong,
        "block_quote": Style(color=p.dim),
        "list": text,
        "item": text,
        "item.bullet": Style(color=p.accent),
        "item.number": Style(color=p.accent),
        "hr": Style(color=p.rule),
        "link": Style(color=p.text, underline=True),
        "link_url": Style(color=p.text, underline=True),
        "s": Style(color=p.dim, strike=True),
        "table.border": Style(color=p.rule),
        "table.header": Style(color=p.dim),
    }
    theme = Theme({f"markdown.{name}": style for name, style in styles.items()})
    return Console(
        file=StringIO(),
        theme=theme,
        width=LONGEST,
        color_system="truecolor",
        force_terminal=True,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
