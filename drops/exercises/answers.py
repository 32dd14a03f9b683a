"""From typed text to an answer. What cannot be read raises Unreadable and nothing is stored.

Forms, one for each thing that can be asked:

    Numbers  −2; 0; 4,5; 4.5        one for each field, in order, separated by ;
    Choice   2                      where all that apply are asked:  1, 3; of a picture also its name: x2 → h1
    Case     2 7; 4 1; 3/1          the cause and the change; the gauges that were opened before, in that
                                    order; what was struck off, and with how many of them open
    Order    2 4 1 3
    Knobs    0.5; −1                one for each knob
    Design   width=16; squash=relu
    Run      (nothing)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import assert_never

from drops.errors import Unreadable
from drops.exercises.blocks import Ask, Case, Choice, Design, Field, Knobs, Numbers, Order, Run
from drops.text import MINUS, safe_text, signed, stated

LONGEST = 40  # characters of one number; cut before any pattern sees them
LONGEST_FORM = 1_000


@dataclass(frozen=True)
class CaseAnswer:
    """What was named, tried, opened and struck off; all counted from 0."""

    cause: int
    change: int | None  # None: none was tried
    gauges: tuple[int, ...]  # in the order in which they were opened
    struck: tuple[tuple[int, int], ...]  # (cause, gauges open then), whether it was taken back or not


Answer = Mapping[str, float] | tuple[int, ...] | Mapping[str, str] | CaseAnswer | None

_AROUND = re.compile(r"\s*([-+/%])\s*")  # blanks beside a sign mean nothing
_POWER = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})[eE][+-]?\d{1,30}")
_MIXED = re.compile(r"([+-]?)(\d{1,12})\s+(\d{1,12})/(\d{1,12})")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\s\d{3})+(?:\.\d{0,12})?")
_COMMAS = re.compile(r"([+-]?[1-9]\d{0,2})((?:,\d{3})+)(\.\d{0,12})?")
_NUMBER = re.compile(r"([+-]?)(\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})")
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "‒": "-", "﹣": "-", "－": "-",
                        "½": " 1/2 ", "¼": " 1/4 ", "¾": " 3/4 ", "⁄": "/"})  # fmt: skip
_LOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def read_number(text: str, *, share: bool = False, example: str = "−0.5") -> float:
    """One number as people type it: -1/2, −0,5, .5, 1½, 1 1/2, 1 000, 50% where it is a share. −0 is 0.
    A comma is a decimal one, as in 0,5; in 1,026,000 and 1,026.5 it is not, and 1,026 could be either.

    Nothing is evaluated: a fraction of two plain numbers is the only arithmetic. A number with a power
    of ten is to be written out. Raises Unreadable.
    """
    if len(text) > LONGEST:
        raise Unreadable(f"that is longer than {LONGEST} characters", example)
    told = safe_text(text.strip())
    plain = _with_a_point(_AROUND.sub(r"\1", text.translate(_SIGNS).strip()), told)
    if not plain or not told.strip():  # signs that no terminal shows are nothing typed
        raise Unreadable("there is no number yet", example)
    if not plain.isascii():
        raise Unreadable(f"“{told}” is not a number", example)
    if _POWER.fullmatch(plain):
        raise Unreadable(f"“{told}” is not read; write it out", _written_out(float(plain)) or example)
    percent = share and plain.endswith("%")
    value = _mixed(plain.removesuffix("%" if percent else ""), told, example)
    return (value / 100 if percent else value) + 0.0  # + 0.0 turns −0 into 0


def _with_a_point(plain: str, told: str) -> str:
    """The number with a decimal point, and without commas between thousands."""
    if not (found := _COMMAS.fullmatch(plain)):
        return plain.replace(",", ".")
    whole = plain.replace(",", "")
    if len(found[2]) == len(",000") and not found[3]:
        what = f"“{told}” can be read in two ways; leave the comma out, or write a point"
        raise Unreadable(what, whole.replace("-", "−"))
    return whole


def _mixed(plain: str, told: str, example: str) -> float:
    """A number; a fraction; a whole number and a fraction after it."""
    if not (found := _MIXED.fullmatch(plain)):
        return _fraction(plain, told, example)
    sign, whole, top, bottom = found.groups()
    part = _fraction(f"{top}/{bottom}", told, example)
    if part >= 1 or len(top) == 3:  # 1 100/200: eleven hundred?
        raise Unreadable(f"“{told}” can be read in two ways", example)
    return (-1 if sign == "-" else 1) * (float(whole) + part)


def _fraction(plain: str, told: str, example: str) -> float:
    top, slash, bottom = plain.partition("/")
    value = _plain_number(top, told, example)
    if not slash:
        return value
    below = _plain_number(bottom, told, example)
    if below == 0:
        raise Unreadable("a fraction cannot have 0 below the line", example)
    return value / below


def _plain_number(plain: str, told: str, example: str) -> float:
    if _THOUSANDS.fullmatch(plain):
        plain = "".join(plain.split())
    if _NUMBER.fullmatch(plain) is None:
        several = all(map(_NUMBER.fullmatch, parts)) if len(parts := plain.split()) > 1 else False
        raise Unreadable(f"“{told}” is {'more than one' if several else 'not a'} number", example)
    return float(plain)


def _written_out(value: float) -> str:
    """The number without a power of ten, where that can be typed; else ""."""
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return text.replace("-", MINUS) if abs(value) < 1e12 and float(text) == value else ""


def read_field(field: Field, text: str) -> float:
    """The number typed into one field. Raises Unreadable, naming the field."""
    try:
        return read_number(text, share=field.share, example=field.example)
    except Unreadable as problem:
        raise Unreadable(f"{field.label}: {problem.why}", problem.example) from None


def read(ask: Ask, text: str) -> Answer:
    """What `text` answers to `ask`; the type follows the ask. Raises Unreadable."""
    match ask:
        case Numbers(fields=fields):
            return _numbers(tuple(fields), text)
        case Choice():
            return _choice(ask, text)
        case Case():
            return _case(ask, text)
        case Order(pieces=pieces):
            return _order(len(pieces), text)
        case Knobs():
            return _knobs(ask, text)
        case Design():
            return _design(ask, text)
        case Run():
            return None
        case _:
            assert_never(ask)


def _numbers(fields: tuple[Field, ...], text: str) -> dict[str, float]:
    example = "; ".join(field.example for field in fields)
    parts = text[: (LONGEST + 2) * (len(fields) + 1)].split(";")
    if len(parts) == 2 and not parts[1].strip():
        parts.pop()  # a closing semicolon is a habit, not an answer
    if len(parts) != len(fields):
        given = len(parts) if text.strip() else "none"
        raise Unreadable(f"{len(fields)} numbers are asked, with ; between them, and {given} given", example)
    return {field.name: read_field(field, part) for field, part in zip(fields, parts, strict=True)}


def readable(fields: tuple[Field, ...], text: str) -> dict[str, float]:
    """The numbers among what was typed so far, by field; what is empty or no number is left out."""
    found: dict[str, float] = {}
    for field, part in zip(fields, text.split(";"), strict=False):
        with suppress(Unreadable):
            found[field.name] = read_field(field, part)
    return found


def _knobs(ask: Knobs, text: str) -> dict[str, float]:
    """Settings within the range of each knob; who types may set one between two of its steps."""
    values = _numbers(tuple(Field(k.name, k.label, example=f"{k.start:g}") for k in ask.knobs), text)
    for knob in ask.knobs:
        if not knob.low <= values[knob.name] <= knob.high:
            raise Unreadable(f"{knob.label} goes from {knob.low:g} to {knob.high:g}", f"{knob.start:g}")
    return values


def digit(index: int) -> str:
    """What stands before option `index` (from 0), and is typed or pressed to pick it: 1, 2, 3 …"""
    return str(index + 1)


def shown(typed: str) -> str:
    """What was typed, as it is quoted in a line: “2a”."""
    typed = safe_text(typed.strip())
    return f"“{typed if len(typed) <= LONGEST else f'{typed[: LONGEST - 1]}…'}”"


def _indices(count: int, text: str, example: str) -> tuple[int, ...]:
    words = re.split(r"[\s,;.)]+", text.strip().lower()[:LONGEST])
    several = len(words) > 1 and all(map(str.isdecimal, filter(None, words)))
    if len(words) == 1 and count < 10 and (words[0].isdecimal() or words[0].isalpha()):
        words = list(words[0])  # "2413" is "2 4 1 3"; "1e5" is a number
    # answers were stored by letter before options had digits: they are read for ever
    known = {sign: i for i in range(count) for sign in (digit(i), "abcdefghijklmnopqrstuvwxyz"[i : i + 1])}
    found: list[int] = []
    for word in filter(None, words):
        if word not in known:
            if not safe_text(text).strip():
                break  # signs that no terminal shows are nothing typed
            raise Unreadable(f"{shown(word if several else text)} is none of 1 to {count}", example)
        found.append(known[word])
    return tuple(found)


def plain_name(text: str) -> str:
    """The name of a part of a picture as it is compared: digits that stand apart stay apart.

    >>> plain_name("x₂ → ŷ"), plain_name("X2 to y-hat"), plain_name("W₁[1, 2]")
    ('x2y', 'x2y', 'w1.1.2')
    """
    plain = text.translate(_LOW).lower().replace("ŷ", "y").replace("y-hat", "y")
    plain = re.sub(r"\bto\b", " ", plain)
    return re.sub(r"[^\w.]|_", "", re.sub(r"(?<=\d)\W+(?=\d)", ".", plain))


def _spot(ask: Choice, text: str) -> tuple[int, ...]:
    """The part of a picture that is meant by its name, by another that it has, or by its number. Raises
    Unreadable."""
    typed, example = plain_name(text[:LONGEST]), ask.options[0].text
    for names in ([(option.text,) for option in ask.options], [option.also for option in ask.options]):
        found = [i for i, those in enumerate(names) if typed and typed in map(plain_name, those)]
        if len(found) == 1:
            return tuple(found)
    if not typed:
        raise Unreadable("nothing is chosen yet", example)
    if text.isascii() and text.strip().isdecimal() and 1 <= int(text.strip()[:4]) <= len(ask.options):
        return (int(text.strip()) - 1,)
    raise Unreadable(f"{shown(text)} names no part of the picture", example)


def _choice(ask: Choice, text: str) -> tuple[int, ...]:
    example = "1, 3" if ask.many else "1"
    if ask.picture is not None:
        return _spot(ask, text)
    picked = tuple(dict.fromkeys(_indices(len(ask.options), text, example)))
    if not picked:
        raise Unreadable("nothing is chosen yet", example)
    if len(picked) > 1 and not ask.many:
        raise Unreadable("one option only", example)
    return tuple(sorted(picked))


def _case(ask: Case, text: str) -> CaseAnswer:
    example = "2 7; 4 1" if ask.changes else "2; 4 1"
    named, gauges, struck, *more = *text[: 4 * LONGEST].split(";"), "", ""
    if any(part.strip() for part in more):
        raise Unreadable("a cause and a change, then ; and the gauges that were opened", example)
    words = re.split(r"[\s,]+", named.strip())
    if not words[0]:
        raise Unreadable("no cause is named yet", example)
    if len(words) > 2 or (len(words) == 2 and not ask.changes):
        raise Unreadable("one cause and one change" if ask.changes else "one cause only", example)
    cause = numbered(words[0], len(ask.causes), "cause", example)
    change = numbered(words[1], len(ask.changes), "change", example) if len(words) == 2 else None
    return CaseAnswer(cause, change, opened(ask, gauges), _struck(ask, struck, example))


def numbered(word: str, count: int, thing: str, example: str) -> int:
    """One of `count` things by its number, counted from 0; once it had a letter. Raises Unreadable."""
    if len(word) == 1 and word.isascii() and word.isalpha():
        word = str(ord(word.lower()) - ord("a") + 1)
    if not (word.isascii() and word.isdecimal()) or not 1 <= int(word[:4]) <= count:
        raise Unreadable(f"{shown(word)} is no {thing}: 1 to {count}", example)
    return int(word) - 1


def opened(ask: Case, text: str) -> tuple[int, ...]:
    """The gauges that were opened, in that order. Raises Unreadable."""
    found = tuple(dict.fromkeys(numbered(w, len(ask.gauges), "gauge", "2 7; 4 1") for w in text.split()))
    if len(found) > ask.openings:
        raise Unreadable(f"at most {ask.openings} gauges can be opened", "2 7; 4 1")
    return found


def _struck(ask: Case, text: str, example: str) -> tuple[tuple[int, int], ...]:
    found: dict[int, int] = {}
    for word in text.split():
        cause, slash, gauges = word.partition("/")
        if slash and not gauges.isdecimal():
            raise Unreadable(f"{shown(word)} is no cause that was struck off", example)
        found.setdefault(numbered(cause, len(ask.causes), "cause", example), int(gauges[:2] or 0))
    return tuple(found.items())


def order_example(count: int) -> str:
    """How an order is typed, of fewer pieces: any order of these might be the right one."""
    return "2 1 where there are two" if count > 2 else "2 3 1 where there are three"


def _order(count: int, text: str) -> tuple[int, ...]:
    example = order_example(count)
    order = _indices(count, text, example)
    if not order:
        raise Unreadable("nothing is typed yet", example)
    if sorted(order) != list(range(count)):
        raise Unreadable(f"each of 1 to {count} once", example)
    return order


def _design(ask: Design, text: str) -> dict[str, str]:
    example = "; ".join(field.filled for field in ask.fields)
    known = {field.name: field for field in ask.fields}
    form = {field.name: field.start for field in ask.fields}
    for part in filter(None, (p.strip() for p in text[:LONGEST_FORM].split(";"))):
        name, equals, value = (s.strip() for s in part.partition("="))
        if not equals or name not in known:
            raise Unreadable(f"“{safe_text(name)[:LONGEST]}” is no field of this form", example)
        form[name] = safe_text(value)[:LONGEST]
    for field in ask.fields:  # a choice before its reasons, which hang on it
        allowed = [option for option, _ in field.offered(form)]
        if form[field.name] and allowed and form[field.name] not in allowed:
            if field.reasons:
                what = f"{field.label}: that is no reason for what is chosen now"
                raise Unreadable(f"{what}; 1 to {len(allowed)}", digit(0))  # its name in the log says nothing
            raise Unreadable(f"{field.label} is one of {', '.join(allowed)}", field.filled)
    missing = [field for field in ask.fields if not form[field.name]]
    if missing:
        raise Unreadable(f"{missing[0].label} is still open", missing[0].filled)
    return form


def told(ask: Ask, text: str) -> str:
    """What was answered, by the names of what it chose or filled; as it was typed where that is read no more.

    >>> told(Case("", ("a", "b"), ("c", "d"), (), 3), "2 1")
    'b; c'
    """
    try:
        given = read(ask, text)
    except Unreadable:
        return safe_text(text)
    typed = [part.strip() for part in text.split(";")]
    match ask:
        case Choice(options=options):
            assert isinstance(given, tuple)
            names = [options[at].text for at in given]
        case Order(pieces=pieces):
            assert isinstance(given, tuple)
            return safe_text(", then ".join(pieces[at] for at in given))
        case Case(causes=causes, changes=changes):
            assert isinstance(given, CaseAnswer)
            names = [causes[given.cause], *([] if given.change is None else [changes[given.change]])]
        case Design(fields=fields):
            assert isinstance(given, Mapping)
            names = [f"{field.label} {given[field.name]}" for field in fields if field.reasons is None]
        case Numbers(fields=fields):
            names = [stated(f.label, signed(part)) for f, part in zip(fields, typed, strict=False)]
        case Knobs(knobs=knobs):
            names = [stated(k.label, signed(part)) for k, part in zip(knobs, typed, strict=False)]
        case Run():
            names = typed
        case _:
            assert_never(ask)
    return safe_text("; ".join(names))


def case_in_words(ask: Case, wanted: str) -> str:
    """What is wanted of a case, "2 1", as its cause and its change."""
    cause, *change = (int(one) - 1 for one in wanted.split())
    return "; ".join((ask.causes[cause], *(ask.changes[one] for one in change)))
