"""Markdown as HTML, with links that lead to what this face has to say of them."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from urllib.parse import urlencode

from htpy import input as box
from markupsafe import Markup

from drops.course.gaps import LINK, SHOWN
from drops.course.markup import as_html
from drops.text import safe_text

_BLANK = re.compile(r'<a href="#blank">([^<]*)</a>')


def leads(link: str) -> str:
    """Where a link of a lesson leads here: a page about the term or the drop; the web stays the web."""
    if link.startswith(("term:", "drop:")):
        return f"/about?{urlencode({'link': link})}"
    return link if link.startswith(("https://", "http://")) else "#blank" if link == LINK else "#"


@lru_cache(maxsize=512)
def prose(markdown: str) -> Markup:
    """Paragraphs, lists and tables; a blank that is open is a field of the form "gap"."""
    html = _BLANK.sub(_field, as_html(safe_text(markdown), leads))
    return Markup(html)  # noqa: S704  # the printer escapes, and lets no HTML in


def _field(blank: re.Match[str]) -> str:
    typed = unescape(blank[1])
    return str(
        box(
            type="text",
            name="typed",
            form="gap",
            value="" if typed == SHOWN else typed,
            inputmode="decimal",
            autocomplete="off",
            maxlength="40",
            size="5",
            aria_label="the number in the blank",
        )
    )


@lru_cache(maxsize=512)
def phrase(markdown: str) -> Markup:
    """The words of a label or an option, without a paragraph around them."""
    return Markup(as_html(safe_text(markdown), leads, phrase=True))  # noqa: S704  # likewise
