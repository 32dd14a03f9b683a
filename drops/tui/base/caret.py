"""A line of text being typed. A value: each key gives a new one."""

from __future__ import annotations

from dataclasses import dataclass

from drops.text import safe_text

NUMBER = "0123456789.,-−–/%+eE½¼¾ "  # what a number can hold: text in a blank, and never a command
# The keys that write it, as they are called.
NUMBER_KEYS = frozenset(
    {*"0123456789eE", "full_stop", "comma", "minus", "slash", "percent_sign", "plus", "space"}
)
LONGEST = 40
EXAMPLE = "−0.5"  # of a number, where a blank has none of its own


@dataclass(frozen=True)
class Typed:
    """Text and the caret's place in it."""

    text: str = ""
    at: int = 0

    @classmethod
    def end(cls, text: str) -> Typed:
        return cls(text, len(text))

    def put(self, text: str, allowed: str | None) -> Typed:
        """With `text` at the caret: its allowed characters (all that are safe where None)."""
        fits = "".join(c for c in safe_text(text) if (c in allowed if allowed else c.isprintable()))
        fits = fits[: max(0, LONGEST - len(self.text))]
        return Typed(self.text[: self.at] + fits + self.text[self.at :], self.at + len(fits))

    def leaves_out(self, text: str, allowed: str | None, example: str) -> str:
        """Why a text cannot be put here as it is, and one that could be; "" where it can."""
        clean = safe_text(text)
        if not all(c in allowed if allowed else c.isprintable() for c in clean):
            what = "number" if allowed else "text for one line"
            return f"“{' '.join(clean.split())[:LONGEST]}” is no {what}; for example {example}"
        if len(self.text) + len(clean) > LONGEST:
            return f"that is longer than {LONGEST} characters; for example {example}"
        return ""

    def press(self, key: str, character: str | None, allowed: str | None) -> Typed | None:
        """What a key makes of it; None if the key means nothing to a text."""
        match key:
            case "backspace":
                return Typed(self.text[: max(0, self.at - 1)] + self.text[self.at :], max(0, self.at - 1))
            case "delete":
                return Typed(self.text[: self.at] + self.text[self.at + 1 :], self.at)
            case "ctrl+u":
                return Typed(self.text[self.at :], 0)
            case "home":
                return Typed(self.text, 0)
            case "end":
                return Typed.end(self.text)
        if (
            character
            and len(character) == 1
            and character.isprintable()
            and (allowed is None or character in allowed)
        ):
            return self.put(character, allowed)
        return None

    def step(self, by: int) -> Typed | None:
        """The caret moved; None at the text's end, so that the key can mean the next field."""
        at = self.at + by
        return Typed(self.text, at) if 0 <= at <= len(self.text) else None
