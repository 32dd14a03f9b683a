"""Words and names that authors wrote: made safe, matched with those that are known."""

from __future__ import annotations

import re
from collections.abc import Iterable

from drops.text import safe_text

LONGEST_ID = 60  # two of them and a slash fit the 120 characters of an item key

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def clean(text: str) -> str:
    """`text` without control and hidden characters, written out or as HTML entities.

    Markdown turns `&#27;` back into an escape, so what a terminal must not see goes here too.
    """
    text = text.replace("\r\n", "\n")
    for _ in range(10):
        # isprintable is a thousand times faster and true only of text that is safe
        once = text if text.replace("\n", "").isprintable() else safe_text(text)
        if "&" in once:
            once = _ENTITY.sub(_safe_entity, once)
        if once == text:
            return once
        text = once  # what a removal brought together may be a new entity
    return safe_text(text.replace("&", ""))  # nested on purpose, as deep as the file is long


def _safe_entity(match: re.Match[str]) -> str:
    import html

    entity = match.group()
    return entity if safe_text(html.unescape(entity)) else ""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.4) -> str:
    """The known name closest to `name`, or ""."""
    from difflib import get_close_matches  # late: a sound course has no near names

    return next(iter(get_close_matches(name, list(known), n=1, cutoff=cutoff)), "")


def meant(name: str, known: Iterable[str]) -> str:
    """What to do about a name nobody knows."""
    names = list(known)
    close = nearest(name, names)
    return f'did you mean "{close}"?' if close else f"known: {', '.join(names[:20]) or 'none yet'}"


def is_id(name: str) -> bool:
    """Whether `name` is lower-case words joined by hyphens, and not too long for a key."""
    return len(name) <= LONGEST_ID and _ID.fullmatch(name) is not None
