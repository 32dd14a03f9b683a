"""Whether the terminal's ground is dark or light: what it answers when asked, and what it says before."""

from __future__ import annotations

import re
from collections.abc import Mapping

from textual.message import Message

ASK = "\x1b]11;?\x1b\\"  # OSC 11, as xterm defines it; a terminal that does not know it says nothing
_LEVEL = rb"([\da-fA-F]{1,4})"
_ANSWER = re.compile(rb"11;rgba?:" + b"/".join([_LEVEL] * 3) + rb"(?:/[\da-fA-F]{1,4})?")
LIGHT = ("7", "15")  # grounds of COLORFGBG, as rxvt numbers them, that are light
WEIGHTS = (0.299, 0.587, 0.114)  # how bright red, green and blue are to the eye (ITU-R BT.601)


class Background(Message):
    """The terminal answered what its ground is."""

    def __init__(self, palette: str) -> None:
        super().__init__()
        self.palette = palette  # "dark" or "light"


def answered(string: bytes) -> Background | None:
    """The ground that a terminal's string tells of, if it does.

    >>> answered(b"11;rgb:ffff/ffff/dddd").palette
    'light'
    """
    found = _ANSWER.fullmatch(string)
    if found is None:
        return None
    levels = (int(part, 16) / (16 ** len(part) - 1) for part in found.groups())
    bright = sum(weight * level for weight, level in zip(WEIGHTS, levels, strict=True))
    return Background("light" if bright > 0.5 else "dark")


def said_before(environment: Mapping[str, str]) -> str:
    """The ground that a terminal names in COLORFGBG ("15;0"); dark where it names none."""
    return "light" if environment.get("COLORFGBG", "").rpartition(";")[2] in LIGHT else "dark"
