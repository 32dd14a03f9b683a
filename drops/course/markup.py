"""What a full Markdown parser sees in a file: links, near misses, what a terminal cannot show.

Only the check asks for it; reading a course does not wait for the parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal, NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from drops.course.source import VARIANT, Source

_UNLINKED = re.compile(r"\[[^\]]*\]\([^)]*\)?")  # "[a term](term:a term)": an address has no spaces


__all__ = ["Mark", "Token", "as_html", "marks", "tokens"]


class Mark(NamedTuple):
    kind: Literal["link", "image", "html", "heading", "unlinked"]
    text: str  # the address, the HTML, or the words
    line: int


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["strikethrough", "table"])


def tokens(markdown: str) -> list[Token]:
    """The blocks of a text, as markdown-it names them; an "inline" holds its marks as children."""
    return _parser().parse(markdown)


@cache
def _printer() -> MarkdownIt:
    """HTML in a text is text, and no picture is fetched."""
    printer = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
    return printer.disable(["image", "html_block", "html_inline"])


def as_html(markdown: str, leads: Callable[[str], str], *, phrase: bool = False) -> str:
    """A text as HTML: `leads` gives the address of each link, and a `phrase` has no paragraphs.

    What is HTML in the text is shown as it stands, and headings begin at the second level.
    """
    printer = _printer()
    parsed = printer.parseInline(markdown) if phrase else printer.parse(markdown)
    for token in (one for block in parsed for one in (block, *(block.children or ()))):
        if token.type == "link_open":
            token.attrSet("href", leads(unquote(str(token.attrGet("href") or ""))))
        elif token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    return str(printer.renderer.render(parsed, printer.options, {}))


def links(markdown: str) -> list[str]:
    """Where the links of a text lead, as they are written."""
    inside = (child for token in tokens(markdown) for child in token.children or ())
    return [unquote(str(child.attrGet("href"))) for child in inside if child.type == "link_open"]


class _EveryLink(MarkdownIt):
    """Links of any scheme, so that the unsafe ones are found rather than left as text."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002  # the parser's own name
        return True


def marks(source: Source) -> Iterator[Mark]:
    """What is to be looked at in the body of a file, with its lines. Raises ContentError."""
    first = source.body_line
    for token in _EveryLink("commonmark").parse("\n".join(source.lines[first - 1 :])):
        if token.map is None:
            continue
        line = first + token.map[0]
        if token.type == "html_block":
            yield Mark("html", token.content.strip(), line)
        elif token.type == "heading_open" and not source.lines[line - 1].startswith(("## ", "### ", VARIANT)):
            yield Mark("heading", source.lines[line - 1].strip(), line)
        for child in token.children or ():
            yield from _marks(child, line)
            line += child.type in ("softbreak", "hardbreak")


def _marks(token: Token, line: int) -> Iterator[Mark]:
    if token.type == "link_open":
        yield Mark("link", str(token.attrGet("href") or ""), line)
    elif token.type == "image":
        yield Mark("image", str(token.attrGet("src") or ""), line)
    elif token.type == "html_inline":
        yield Mark("html", token.content, line)
    elif token.type == "text":
        for meant in _UNLINKED.findall(token.content):
            yield Mark("unlinked", meant, line)
