"""What a terminal sends, byte by byte, as the messages that Textual knows.

    b"a"                 the key a                b"\\x1b[A"      the key up
    b"\\x1b[<0;5;3M"      the mouse pressed        b"\\xff"        nothing

Textual's own reader ends the app at a byte that is not UTF-8 (a mouse beyond column 95 in the old
form is one), at a key code beyond Unicode, types a sequence that it does not know as if it were
keys, and waits for ever for the end of a paste. This one never raises, never waits longer than
an escape key takes, and drops what it cannot read, whole. What a sequence means is still looked
up in Textual; tests/tui/test_canaries.py says when its reader can be taken again.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from textual import events, messages
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.message import Message

from drops.text import safe_text
from drops.tui.terminal.background import answered

PATIENCE = 0.1  # seconds after which a sequence that has not ended is over
PASTE_PATIENCE = 1.0  # the same for a paste: it may come over a slow line
LONGEST_PASTE = 1_000_000  # bytes
LONGEST_STRING = 1_024  # bytes of what a terminal answers that are kept
FARTHEST = 9_999  # cells that a mouse can be away

PASTE, PASTED = b"\x1b[200~", b"\x1b[201~"
_CSI = rb"\x1b\[[-0-?]{0,80}[ -/]{0,4}[@-~]"  # with -: some terminals count below zero
_BEYOND_ASCII = rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
_TOKENS = re.compile(
    rb"(?P<old>\x1b\[M[\x20-\xff]{3})"                      # the mouse, three raw bytes
    rb"|(?P<string>\x1b[\]PX^_])"                             # OSC, DCS … up to their end
    rb"|(?P<sequence>\x1b\[\[[A-E]|" + _CSI + rb"|\x1bO[ -~])"
    rb"|(?P<alt>\x1b(?:[ -NQ-WYZ\\`-~]|" + _BEYOND_ASCII + rb"))"
    rb"|(?P<key>[\x00-\x1a\x1c-\x7f]|" + _BEYOND_ASCII + rb")",
    re.DOTALL,
)  # fmt: skip
# What may still become one of these with the next byte.
_BEGUN = re.compile(
    rb"\x1b|\x1b\[M[\x20-\xff]{0,2}|\x1b\[\[?[-0-?]{0,80}[ -/]{0,4}|\x1bO"
    rb"|\x1b?(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})",
    re.DOTALL,
)
_MAY_GROW = re.compile(rb"\x1b\[(?:M[\x20-\xff]{0,2}|\[)", re.DOTALL)  # whole, and the beginning of more
_END_OF_STRING = re.compile(rb"\x07|\x1b\\|\x18|\x1a|\x1b")
_MOUSE = re.compile(r"\x1b\[(<?)(\d{1,5});(\d{1,5});(\d{1,5})([Mm])")
_FUNCTION = re.compile(r"\x1b\[(\d+)(?:;[\d:;]*)?([~A-Z])")
_SUPPORTS_SYNC = re.compile(r"\x1b\[\?2026;[1-4]\$y")


class Input:
    """The one reader of a terminal's bytes. `now` is in seconds, of any clock that does not go back."""

    def __init__(self) -> None:
        self._known = XTermParser()
        self._rest = b""  # the beginning of something
        self._since = 0.0  # when its last byte came
        self._paste: bytearray | None = None
        self._string: bytearray | None = None
        self._osc = False  # whether the string is what a terminal answers, and no other one
        self._held = 0  # the mouse button that is down

    def feed(self, data: bytes, now: float) -> Iterator[Message]:
        """What `data` completes."""
        self._since = now
        data, self._rest = self._rest + data, b""
        at = 0
        while at < len(data):
            if self._paste is not None:
                at = yield from self._pasting(data, at)
            elif self._string is not None:
                at = yield from self._answering(data, at)
            elif data.startswith(PASTE, at):
                self._paste, at = bytearray(), at + len(PASTE)
            elif (found := _TOKENS.match(data, at)) and not _MAY_GROW.fullmatch(data, at):
                at = found.end()
                yield from self._read(found)
            elif _BEGUN.fullmatch(data, at):
                self._rest = data[at:]
                return
            elif data.startswith(b"\x1b[", at):  # of no form at all
                at += 2
            elif data.startswith(b"\x1b", at):
                at += 1
                yield events.Key("escape", "\x1b")
            else:
                at += 1

    def tick(self, now: float) -> Iterator[Message]:
        """What is over because nothing more came; to be called several times a second."""
        waited = now - self._since
        if self._paste is not None:
            if waited >= PASTE_PATIENCE:
                self._keep(self._paste, self._rest, LONGEST_PASTE)
                self._rest = b""
                yield from self._pasted()
        elif waited >= PATIENCE:
            self._string, rest, self._rest = None, self._rest, b""
            if rest == b"\x1b":
                yield events.Key("escape", "\x1b")
            elif rest in (b"\x1b[", b"\x1bO"):
                yield from self._keys(chr(rest[1]), alt=True)
            elif rest.isascii():
                yield from self._sequence(rest.decode())

    # ── pastes, and what a terminal answers ──

    def _pasting(self, data: bytes, at: int) -> Generator[Message, None, int]:
        """Returns the place after what it took."""
        assert self._paste is not None
        end = data.find(PASTED, at)
        if end < 0:  # the last bytes may be the beginning of its end
            stop = max(at, len(data) - len(PASTED) + 1)
            self._keep(self._paste, data[at:stop], LONGEST_PASTE)
            self._rest = data[stop:]
            return len(data)
        self._keep(self._paste, data[at:end], LONGEST_PASTE)
        yield from self._pasted()
        return end + len(PASTED)

    def _pasted(self) -> Iterator[Message]:
        text = bytes(self._paste or b"").decode("utf-8", "ignore")
        self._paste = None
        yield events.Paste(safe_text(text.replace("\r\n", "\n").replace("\r", "\n")))

    def _answering(self, data: bytes, at: int) -> Generator[Message, None, int]:
        """Returns the place after what it took."""
        assert self._string is not None
        end = _END_OF_STRING.search(data, at)
        if end is None:
            self._keep(self._string, data[at:], LONGEST_STRING)
            return len(data)
        self._keep(self._string, data[at : end.start()], LONGEST_STRING)
        if end[0] == b"\x1b" and end.end() == len(data):  # perhaps the first half of its end
            self._rest = b"\x1b"
            return len(data)
        if self._osc and (told := answered(bytes(self._string))):
            yield told
        self._string = None
        return end.start() if end[0] == b"\x1b" else end.end()

    @staticmethod
    def _keep(kept: bytearray, more: bytes, longest: int) -> None:
        kept += more[: max(0, longest - len(kept))]

    # ── keys and the mouse ──

    def _read(self, found: re.Match[bytes]) -> Iterator[Message]:
        match found.lastgroup:
            case "old":
                buttons, x, y = (byte - 32 for byte in found[0][3:])
                yield from self._mouse(buttons, x, y, pressed=buttons & 3 != 3 or bool(buttons & 96))
            case "string":
                self._string, self._osc = bytearray(), found[0] == b"\x1b]"
            case "sequence":
                yield from self._sequence(found[0].decode())
            case "alt":
                yield from self._keys(found[0].decode("utf-8", "ignore")[1:], alt=True)
            case _:
                yield from self._keys(found[0].decode("utf-8", "ignore"))

    def _sequence(self, sequence: str) -> Iterator[Message]:
        """A whole escape sequence; one that nobody knows says nothing."""
        if sequence == "\x1b[I":
            yield events.AppFocus()
        elif sequence == "\x1b[O":
            yield events.AppBlur()
        elif _SUPPORTS_SYNC.fullmatch(sequence):
            yield messages.TerminalSupportsSynchronizedOutput()
        elif mouse := _MOUSE.fullmatch(sequence):
            new_form, buttons, x, y, end = mouse[1], int(mouse[2]), int(mouse[3]), int(mouse[4]), mouse[5]
            buttons -= 0 if new_form else 32
            yield from self._mouse(
                buttons, x, y, pressed=end == "M" and (bool(new_form) or buttons & 3 != 3 or buttons > 31)
            )
        elif (key := _FUNCTION.fullmatch(sequence)) and key[1] + key[2] not in FUNCTIONAL_KEYS:
            return  # Textual takes the place of a cursor, 24;80R, for the key whose code is 24
        else:
            yield from self._keys(sequence)

    def _keys(self, sequence: str, *, alt: bool = False) -> Iterator[Message]:
        try:
            found = list(self._known._sequence_to_key_events(sequence, alt=alt)) if sequence else []
        except (ValueError, OverflowError):  # a code that is no character
            return
        for key in found:
            said = key.character or key.key  # with Ctrl or Shift a code is in the key's name alone
            if key.key != "<ignore>" and (said.isascii() or said == safe_text(said)):
                yield key

    def _mouse(self, buttons: int, x: int, y: int, *, pressed: bool) -> Iterator[Message]:
        """A report in whatever form it came; the old ones do not say which button was let go."""
        if buttons < 0 or not 1 <= x <= FARTHEST or not 1 <= y <= FARTHEST:
            return
        if not pressed and buttons & 3 == 3:
            buttons = buttons & ~3 | self._held
        elif pressed and not buttons & 96:
            self._held = buttons & 3
        event = self._known.parse_mouse_code(f"\x1b[<{buttons};{x};{y}{'M' if pressed else 'm'}")
        if event is not None:
            yield event
