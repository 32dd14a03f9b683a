"""What a terminal sends becomes keys, the mouse and pastes, in whatever pieces it comes; the rest is dropped."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drops.tui.terminal.input import FARTHEST, LONGEST_PASTE, PASTE_PATIENCE, PATIENCE, Input

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no bytes")


def told(message: object) -> str:
    """A message, in short: key q, mousedown 4 2, paste 'x'."""
    kind = type(message).__name__.lower()
    match kind:
        case "key":
            return f"key {message.key}"
        case "paste":
            return f"paste {message.text!r}"
        case _ if kind.startswith("mouse"):
            return f"{kind} {message.x} {message.y} {message.button}"
        case _:
            return kind


def read(*parts: bytes, wait: float = 0.0) -> list[str]:
    found, reader, now = [], Input(), 0.0
    for part in parts:
        found += map(told, reader.feed(part, now))
    return found + [told(one) for one in reader.tick(now + wait)]


MEANS = {
    b"aZ5-": ["key a", "key Z", "key 5", "key minus"],
    "½−ß中".encode(): ["key ½", "key minus_sign", "key ß", "key 中"],
    b"\r\t\x7f\x11": ["key enter", "key tab", "key backspace", "key ctrl+q"],
    b"\x1b[A\x1bOB\x1b[1;5C\x1b[3~\x1b[Z": ["key up", "key down", "key ctrl+right", "key delete", "key shift+tab"],
    b"\x1b[[A\x1b[15~\x1bOP": ["key f1", "key f5", "key f1"],
    b"\x1bq\x1b[113;3u\x1b[113u": ["key alt+q", "key alt+q", "key q"],
    b"\x1b\x1b[A": ["key escape", "key up"],
    b"\x1b\r": ["key escape", "key enter"],
    b"\x1b[I\x1b[O\x1b[?2026;2$y": ["appfocus", "appblur", "terminalsupportssynchronizedoutput"],
    # the mouse in its three forms; the old one beyond column 95 is no text in UTF-8
    b"\x1b[<0;5;3M\x1b[<0;5;3m": ["mousedown 4 2 1", "mouseup 4 2 1"],
    b"\x1b[M \xc0\xe0\x1b[M#\xc0\xe0": ["mousedown 159 191 1", "mouseup 159 191 1"],
    b"\x1b[M\"!\xff": ["mousedown 0 222 3"],
    b"\x1b[32;300;40M\x1b[35;300;40M": ["mousedown 299 39 1", "mouseup 299 39 1"],
    b"\x1b[MC\x80\x80\x1b[<35;96;97M": ["mousemove 95 95 0", "mousemove 95 96 0"],
    b"\x1b[M`\x80\x80\x1b[<65;2;2M": ["mousescrollup 95 95 0", "mousescrolldown 1 1 0"],
    b"\x1b[200~1\r\n2\r3\x1b[201~x": ["paste '1\\n2\\n3'", "key x"],
    b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\q": ["background", "key q"],
    b"\x1b[200~a\xffb\x1b]52;c;UFdO\x07\x1b[201~": ["paste 'ab'"],
}  # fmt: skip
MEAN_NOTHING = [
    b"\xff", b"\xfe\x80\xc0\xc1", b"\xc3\x28"[:1], b"\xed\xa0\x80", b"\xf4\xbf\xbf\xbf", b"\xc2\x9b",
    b"\xe2\x80\xae", b"\x1b[1;1;99999999999u", b"\x1b[99999999999u", b"\x1b[55296u", b"\x1b[55296;2u", b"\x1b[1114112u",
    b"\x1b[1:2:3;4:5u", b"\x1b[?64;1;2c", b"\x1b[24;80R", b"\x1b[113;1R", b"\x1b[48;1;1;1;1t",
    b"\x1b[48;9999;9999;99999;99999t", b"\x1b[<0;99999;1M", b"\x1b[<0;0;0M", b"\x1b[<0;-1;-1M", b"\x1b[<0;1M",
    b"\x1b]10;rgb:1234/5678/9abc\x07", b"\x1b]4;0;rgb:0/0/0\x1b\\", b"\x1b]" + b"q" * 5_000 + b"\x07",
    b"\x1bP>|term\x1b\\", b"\x1b_q\x1b\\", b"\x1b[201~", b"\x1b[?2026;9$y", b"\x1b[?9999;1$y",
]  # fmt: skip


@pytest.mark.parametrize("sent", MEANS, ids=repr)
def test_what_is_sent_means_the_same_at_once_and_byte_by_byte(sent):
    assert read(sent) == MEANS[sent]
    assert read(*(bytes([byte]) for byte in sent)) == MEANS[sent]


@pytest.mark.parametrize("sent", MEAN_NOTHING, ids=lambda sent: repr(sent[:20]))
def test_what_cannot_be_read_is_dropped_whole_and_the_next_key_is_a_key(sent):
    assert read(sent + b"q") == ["key q"]
    assert read(*(bytes([byte]) for byte in sent), b"q") == ["key q"]


WAITS = {
    b"\x1b": ["key escape"],
    b"\x1b\x1b": ["key escape", "key escape"],
    b"\x1b[": ["key left_square_bracket"],
    b"\x1bO": ["key alt+shift+o"],
    b"\x1b[3$": ["key shift+delete"],
    b"\x1b[12;": [],
    b"\x1b[M": [],
    b"\x1b]11;": [],
    b"\xe2\x88": [],
}


@pytest.mark.parametrize("begun", WAITS, ids=repr)
def test_what_does_not_go_on_is_over_in_a_tenth_of_a_second(begun):
    reader = Input()
    seen = [told(one) for one in reader.feed(begun, 0.0)]
    seen += [told(one) for one in reader.tick(PATIENCE * 0.9)]
    assert seen == WAITS[begun][:-1]
    assert [told(one) for one in reader.tick(PATIENCE)] == WAITS[begun][-1:]
    assert [told(one) for one in reader.feed(b"q", 1.0)] == ["key q"]


def test_a_paste_that_never_ends_is_over_in_a_second_and_a_huge_one_is_cut():
    reader = Input()
    assert list(reader.feed(b"\x1b[200~12\x1b[2", 0.0)) == []
    assert [told(one) for one in reader.tick(PASTE_PATIENCE)] == ["paste '12'"]
    assert [told(one) for one in reader.feed(b"q", 2.0)] == ["key q"]
    (paste, key) = Input().feed(PASTE_OF(LONGEST_PASTE + 5_000) + b"q", 0.0)
    assert (len(paste.text), told(key)) == (LONGEST_PASTE, "key q")


def PASTE_OF(size: int) -> bytes:  # noqa: N802  # reads as the constant that it makes
    return b"\x1b[200~" + b"7" * size + b"\x1b[201~"


SEQUENCES = st.builds(
    lambda numbers, end: b"\x1b[" + b";".join(numbers) + end,
    st.lists(st.integers(0, 10**12).map(lambda n: b"%d" % n), max_size=4),
    st.sampled_from([b"u", b"M", b"m", b"R", b"t", b"~", b"A", b"$y", b"c"]),
)
BYTES = st.lists(
    st.one_of(
        st.binary(max_size=12), SEQUENCES, st.sampled_from([*MEANS, *MEAN_NOTHING[:-2], *WAITS, b"\x1b[<", b"\x1b[?"])
    ),
    max_size=8,
).map(b"".join)


@given(sent=BYTES, cuts=st.lists(st.integers(0, 200), max_size=6))
@settings(max_examples=300, deadline=None)
def test_any_bytes_in_any_pieces_mean_the_same_and_nothing_raises(sent, cuts):
    places = sorted({0, len(sent), *(cut % (len(sent) + 1) for cut in cuts)})
    parts = [sent[a:b] for a, b in pairwise(places)]
    whole = read(sent, wait=9)
    assert read(*parts, wait=9) == whole
    assert all(int(x) < FARTHEST for x in (one.split()[1] for one in whole if one.startswith("mouse")))
    for one in whole:
        one.encode()  # no half of a sign, which would kill what writes
