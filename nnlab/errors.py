"""Refusals in one sentence: what was wrong, where, and what would be right."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from numbers import Integral, Real
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

Member = TypeVar("Member")
Made = TypeVar("Made", bound=Callable[..., Any])
MOST = 1 << 56  # numbers in an array: beyond it numpy speaks of dimensions, not of memory


class LabError(ValueError):
    """Something the engine refuses before it computes anything; safe to print, whatever it quotes and however
    long that is."""

    def __init__(self, message: str) -> None:
        said = re.sub(r"(\S{100})\S{200,}", r"\1…", message)
        super().__init__("".join(c if c.isprintable() else "·" for c in said))

    def __reduce__(self) -> tuple[Any, ...]:
        """By its line and its evidence: what a kind is made with may be more than that."""
        return _again, (type(self), str(self), vars(self))


def _again(kind: type[LabError], line: str, evidence: dict[str, Any]) -> LabError:
    """An error out of its pickle."""
    error = kind.__new__(kind, line)
    vars(error).update(evidence)
    return error


class ShapeError(LabError):
    """Numbers of the wrong shape; `got` and `wants` carry the evidence."""

    def __init__(self, message: str, got: object = None, wants: object = None) -> None:
        super().__init__(message)
        self.got = got
        self.wants = wants


class NoSuchPlace(LabError, IndexError):
    """A number that counts past the end; an IndexError too, since loops end by one."""


class UnknownName(LabError):
    """A name that no table holds; `near` are the known ones that look like it."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        names, name = list(known), name if isinstance(name, str) else short(name)
        near = (get_close_matches(said, names, n=3, cutoff=0.5) for said in (name, name.lower()))
        self.near = next((found for found in near if found), [])
        hint = f"nearest: {', '.join(self.near)}" if self.near else f"known: {', '.join(names)}"
        super().__init__(f'no {kind} is called "{name}" ({hint})')


def short(value: Any) -> str:
    """How a value is shown in a sentence: on one line, and not for long."""
    if isinstance(value, Real) and hasattr(value, "item"):
        value = value.item()  # numpy's 3.0 is 3.0
    try:
        said = " ".join(repr(value).split())
    except ValueError:  # a whole number of thousands of digits
        said = ""
    return said if 0 < len(said) <= 60 else f"{said[:40]}… ({type(value).__name__})"


def whole(owner: str, value: object, least: int = 1) -> int:
    """A whole number that is large enough."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise LabError(f"{owner} is {short(value)}; it wants a whole number ≥ {least}")
    return int(value)


def either(owner: str, value: object) -> bool:
    """True or False: of "no" Python would make a yes."""
    if not isinstance(value, bool | np.bool_):
        raise LabError(f"{owner} is {short(value)}; it wants True or False")
    return bool(value)


def one_of(owner: str, i: Any, count: int, what: str) -> int:
    """A place among `count` of them, from 0; from the end if it is negative."""
    if not isinstance(i, Integral) or not -count <= int(i) < count:
        raise NoSuchPlace(f"{owner}[{short(i)}]: there are {count} {what}, counted from 0 to {count - 1}")
    return int(i)


def named(kind: str, name: Any, family: Mapping[str, Member]) -> Member:
    """The member of a family with this name."""
    if not isinstance(name, str) or name not in family:
        raise UnknownName(kind, name, family)
    return family[name]


def is_number(value: Any) -> bool:
    """A finite one, as numpy counts; True is none."""
    try:
        plain = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
        return plain and math.isfinite(value)
    except OverflowError:  # a whole number of more than 308 digits
        return False


def numbers_in(value: Any, dtype: DTypeLike = float) -> NDArray[Any] | None:
    """What is given as an array, NaN where a number is hidden by a mask, infinity where it is too large; None
    where it is no numbers: numpy would make some of dates, and leave out half of complex ones."""
    if type(value) is np.ndarray and value.dtype == dtype:
        return value
    try:
        with np.errstate(over="ignore"):
            if isinstance(value, np.ndarray) and hasattr(value, "mask"):  # np.ma's class: its name loads 2 MB
                return np.ma.asarray(value, dtype=dtype).filled(np.nan)
            made = np.asarray(_unmasked(value))
            return None if made.dtype.kind in "cmMV" else made.astype(dtype, copy=False)
    except (TypeError, ValueError, OverflowError):
        return None


def _unmasked(value: Any) -> Any:
    """Rows in a list, NaN where a mask hides a number: numpy would forget the masks."""
    if not isinstance(value, list | tuple) or all(isinstance(row, Real) for row in value[:1]):
        return value
    if any(hasattr(row, "mask") for row in value):
        return [np.ma.filled(np.ma.asarray(row, dtype=float), np.nan) for row in value]
    deep = any(isinstance(row, list | tuple) and not isinstance((*row, 0)[0], Real) for row in value)
    return [_unmasked(row) for row in value] if deep else value


def fit(made: object, name: str, wants: str, test: Callable[[Any], bool], none: bool = False) -> None:
    """Refuse a setting that is no finite number or does not pass its test; `none` allows None."""
    value = getattr(made, name)
    if none and value is None:
        return
    if not is_number(value) or not test(value):  # not by a call: SGD(.1) stands in loops over steps
        setting(type(made).__name__, name, value, wants, test)


def setting(
    owner: str, name: str, value: Any, wants: str, test: Callable[[Any], bool] = lambda _: True
) -> None:
    """The same where the setting is no attribute."""
    if not is_number(value) or not test(value):
        raise LabError(f"{owner} got {name} = {short(value)}; it wants {wants}")


# --- keywords ------------------------------------------------------------------------------
def known(owner: str, given: Iterable[str], names: Iterable[str]) -> None:
    """Refuse a keyword that is none of these."""
    for name in given:
        if name not in names:
            raise UnknownName(f"setting of {owner}", name, names)


def spelt(made: Made) -> Made:
    """A function or a class that refuses a misspelt keyword and names the one it may have meant."""
    kind: Any = made if isinstance(made, type) else None
    call = kind.__init__ if kind else made
    takes = signature(call).parameters.values()
    if any(one.kind is one.VAR_KEYWORD for one in takes):
        return made
    names = [one.name for one in takes if one.name != "self"]

    @wraps(call)
    def checked(*args: Any, **given: Any) -> Any:
        known(type(args[0]).__name__ if kind else made.__name__, given, names)
        return call(*args, **given)

    if not kind:
        return cast("Made", checked)
    kind.__init__ = checked
    return made


# --- memory --------------------------------------------------------------------------------
def spelled(count: int) -> str:
    """A whole number by its digits in threes, as long as that can be read."""
    return f"{count:,}" if count < 10**40 else f"10^{math.log10(count):.0f}"


@contextmanager
def in_memory(count: int, what: str, advice: str) -> Iterator[None]:
    """Where so many numbers are put into memory: `what` wants them, `advice` is what else to do."""
    try:
        if count > MOST:
            raise MemoryError
        yield
    except MemoryError:
        line = f"{what} wants room for {spelled(count)} numbers, more than memory has; {advice}"
        raise LabError(line) from None
