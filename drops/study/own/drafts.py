"""What was typed, chosen or set on a page and not answered yet. No fact, so no event: a small file.

    {"drafts": 1, "kept": {"recall/loss/square 3f0c…": "1.5; ; −2"}}

It stands beside the progress file, is written whole, and forgotten draft by draft as pages are
answered. A file that cannot be read or written costs drafts and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import assert_never

from drops.exercises.answers import LONGEST_FORM
from drops.exercises.blocks import (
    Ask,
    Bars,
    Beside,
    Case,
    Choice,
    Curve,
    Design,
    Figure,
    Knobs,
    Matrix,
    Numbers,
    Order,
    Run,
    Sheet,
    Show,
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.store.file.plain import read_plain
from drops.study.pages import Page

FILE = "drafts.json"
VERSION = 1
MOST = 20  # drafts; the oldest go first
LARGEST = 100_000  # bytes that are looked at


class Drafts:
    """The drafts of one home. Where nothing may be saved they live as long as the program."""

    def __init__(self, home: Path, *, saved: bool) -> None:
        self.path, self._saved = home / FILE, saved
        self._kept = _read(self.path)

    def of(self, page: Page) -> str:
        """What was left on a page; "" where nothing was."""
        return self._kept.get(name_of(page), "")

    def keep(self, page: Page, draft: str) -> None:
        """Keeps a page's draft; "" forgets it."""
        name, before = name_of(page), dict(self._kept)
        self._kept.pop(name, None)
        if draft and len(draft) <= LONGEST_FORM:
            self._kept[name] = draft
        self._kept = dict([*self._kept.items()][-MOST:])
        if self._kept != before and self._saved:
            self._write()

    def _write(self) -> None:
        new = self.path.with_name(f"{FILE}.new")
        try:
            new.touch(mode=0o600)  # it holds what was typed
            new.write_text(json.dumps({"drafts": VERSION, "kept": self._kept}, ensure_ascii=False), "utf-8")
            new.replace(self.path)
        except OSError:
            with suppress(OSError):  # half of it, where the disk is full
                new.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(read_plain(path, LARGEST))
    except (OSError, ValueError, RecursionError):  # ValueError: no JSON, no UTF-8
        return {}
    kept = found.get("kept") if isinstance(found, dict) and found.get("drafts") == VERSION else None
    if not isinstance(kept, dict):
        return {}
    return {
        name: draft for name, draft in kept.items() if isinstance(draft, str) and len(draft) <= LONGEST_FORM
    }


def name_of(page: Page) -> str:
    """A page by where it stands and by all that is asked: other numbers are another page."""
    seen = "\n".join([page.heading, *map(_told, page.show), _asked(page.ask)])
    return f"{page.key} {hashlib.blake2b(seen.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def _told(block: Show) -> str:
    match block:
        case Words():
            return block.markdown
        case Beside():
            return "\n".join(map(_told, block.blocks))
        case Figure():
            return " ".join(f"{knob.name}={knob.start}" for knob in block.knobs)
        case Sheet() | Wires() | Curve() | Surface() | Bars() | Strip() | Matrix():
            return block.says
        case _:
            assert_never(block)


def _asked(ask: Ask | None) -> str:
    match ask:
        case None | Run():
            return ""
        case Numbers():
            return repr(ask)
        case Choice():
            return f"{ask.prompt} {[option.text for option in ask.options]}"
        case Case():
            return repr(ask)
        case Order():
            return f"{ask.prompt} {ask.pieces}"
        case Knobs():
            return f"{ask.prompt} {ask.knobs}"
        case Design():
            return repr(ask)
        case _:
            assert_never(ask)
