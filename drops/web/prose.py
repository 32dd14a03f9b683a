"""Markdown as HTML, with links that lead to what this face has to say of them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from markupsafe import Markup

from drops.course.markup import as_html
from drops.text import safe_text


def leads(link: str) -> str:
    """Where a link of a lesson leads here: a page about the term or the drop; the web stays the web."""
    if link.startswith(("term:", "drop:")):
        return f"/about?{urlencode({'link': link})}"
    return link if link.startswith(("https://", "http://")) else "#"


@lru_cache(maxsize=512)
def prose(markdown: str) -> Markup:
    """Paragraphs, lists and tables."""
    return Markup(as_html(safe_text(markdown), leads))  # noqa: S704  # the printer escapes, and lets no HTML in


@lru_cache(maxsize=512)
def phrase(markdown: str) -> Markup:
    """The words of a label or an option, without a paragraph around them."""
    return Markup(as_html(safe_text(markdown), leads, phrase=True))  # noqa: S704  # likewise
