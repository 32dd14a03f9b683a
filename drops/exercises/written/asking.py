"""What an author asks before and after the sheet, and the figures that it closes on.

[predict]  asks, and options of which one is right:  { text = "left", when = "w1 < 0", why = "…" }
[predict]  asks, and a number:                       answer = "max(h)", tol = 0.1, why = "…"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from drops.exercises.blocks import Show
from drops.exercises.figure import Draw
from drops.exercises.formulas.tree import Number, Tree, Undefined, Value, Values
from drops.exercises.formulas.working_out import work_out
from drops.exercises.written.keys import Names, SpecError, only, read_number, read_tree, read_words
from drops.exercises.written.pictures import WRITTEN, Known, Paint, painted, read_pictures
from drops.text import counted

OF_QUESTION = ("asks", "when", "options", "answer", "tol", "why", "tells", "beside")
MOST_CARDS = 6
OF_OPTION = ("text", "when", "why", "mixup")


class AskOption(NamedTuple):
    text: str
    when: Tree | None  # None: never right
    why: str
    mixup: str


class NamedFigure(NamedTuple):
    """A figure of the subject; its parameters are formulas over givens and lines. Of one that is `written`
    here, its pictures, each with its own sentence.
    """

    figure: str
    params: Mapping[str, Tree]
    pictures: tuple[tuple[str, Paint], ...] = ()

    def on(self, known: Values, hand: str, figures: Mapping[str, Draw]) -> tuple[Show, ...]:
        """Drawn of what is known; what reads something else is left out, and all of it of a number that
        leaves no picture. `hand` is the name of the blank that is being filled.
        """
        if self.pictures:
            return tuple(painted(self.pictures, Known(known)))
        params: dict[str, Value | str] = {"hand": hand}
        for key, tree in self.params.items():
            with suppress(KeyError, Undefined):
                params[key] = work_out(tree, known)
        with suppress(ArithmeticError, LookupError, TypeError, ValueError):
            return figures[self.figure](params).show
        return ()


class Question(NamedTuple):
    """A choice. A prediction may tell more than the sheet does, and show figures."""

    asks: str
    when: Tree | None  # the numbers that it may be asked of; None: any
    options: tuple[AskOption, ...]
    tells: str = ""
    beside: tuple[NamedFigure, ...] = ()


class AskNumber(NamedTuple):
    """A number to be typed, as a prediction."""

    asks: str
    when: Tree | None
    answer: Tree
    tol: float
    why: str
    tells: str = ""
    beside: tuple[NamedFigure, ...] = ()


def read_questions(
    params: Mapping[str, Any], key: str, known: Names
) -> tuple[Question | AskNumber, ...]:
    """The table `key`, or several of which one is asked: [[predict]]. Raises SpecError."""
    said = params.get(key, [])
    cards = said if isinstance(said, list) else [said]
    if not all(isinstance(card, dict) for card in cards) or len(cards) > MOST_CARDS:
        remedy = f"write [{key}], or up to {MOST_CARDS} times [[{key}]]"
        raise SpecError("", key, f"{key} is no table", remedy)
    if key in params and not cards:
        raise SpecError("", key, f"{key} is empty", f"write [{key}] and its keys below it")
    return tuple(_question(card, key, known) for card in cards)


def _question(said: Mapping[str, Any], key: str, known: Names) -> Question | AskNumber:
    only(said, OF_QUESTION, key, key)
    asks = read_words(key, "asks", said.get("asks", ""), known.told)
    if not asks.strip():
        raise SpecError(key, "asks", f"{key} asks nothing", 'write asks = "…"')
    when = None
    if "when" in said:
        when = read_tree(key, "when", f"{key}: when", said["when"], ({}, known.each), known.known)
    for other in ("answer", "tells", "beside"):
        if other in said and key != "predict":
            remedy = "write options; what else there is stands in [predict], or a line asks for it"
            raise SpecError(key, other, f"{key} has no “{other}”", remedy)
    more = (
        read_words(key, "tells", said.get("tells", ""), known.told),
        tuple(read_figures(said, "beside", known, key)),
    )
    if "answer" in said:
        if "options" in said:
            raise SpecError(key, "answer", f"{key} has options and an answer", "keep one of them")
        tree = read_tree(key, "answer", f"{key}: answer", said["answer"], ({}, known.each), known.known)
        tol = read_number(key, "tol", said.get("tol", 0.005))
        why = read_words(key, "why", said.get("why", ""), known.told)
        return AskNumber(asks, when, tree, tol, why, *more)
    for other in ("tol", "why"):
        if other in said:
            raise SpecError(key, other, f"{key}: “{other}” without an answer", 'add answer = "a formula"')
    options = said.get("options")
    if (
        not isinstance(options, list)
        or not 2 <= len(options) <= 4
        or not all(isinstance(o, dict) for o in options)
    ):
        remedy = "write two to four, each { text, when, why }"
        remedy += ", or answer = a formula" if key == "predict" else ""
        count = len(options) if isinstance(options, list) else 0
        what = f"{key} has {counted(count, 'option')}" if count else f"{key} has no options"
        raise SpecError(key, "options", what, remedy)
    return Question(asks, when, tuple(_option(key, one, known) for one in options), *more)


def _option(key: str, one: Mapping[str, Any], known: Names) -> AskOption:
    only(one, OF_OPTION, key, f"an option of {key}")
    when, mixup = one.get("when", False), one.get("mixup", "")
    if when in ("true", "false"):
        raise SpecError(key, "options", f'{key}: when = "{when}"', f"write when = {when}, without quotes")
    if isinstance(when, bool):
        tree: Tree | None = Number(1) if when else None
    else:
        tree = read_tree(key, "options", key, when, ({}, known.each), known.known)
    if not isinstance(mixup, str):
        raise SpecError(key, "options", f"{key}: mixup is no text", 'write mixup = "its-id"')
    texts = {part: read_words(key, "options", one.get(part, ""), known.told) for part in ("text", "why")}
    for part, text in texts.items():
        if not text.strip():
            raise SpecError(key, "options", f"an option of {key} has no {part}", f'write {part} = "…"')
    return AskOption(texts["text"], tree, texts["why"], mixup)


def read_figures(
    params: Mapping[str, Any], key: str, known: Names, section: str = ""
) -> Iterable[NamedFigure]:
    """The figures of `see` or of `beside`. Raises SpecError."""
    listed = params.get(key, [])
    for one in listed if isinstance(listed, list) else [listed]:
        name = one.get("figure") if isinstance(one, dict) else None
        if not isinstance(name, str):
            remedy = f'write {key} = [{{ figure = "neuron", w = "w" }}]'
            raise SpecError(section, key, f"{key} names no figure", remedy)
        given = {param: formula for param, formula in one.items() if param != "figure"}
        if name == WRITTEN:
            yield NamedFigure(name, {}, tuple(read_pictures(given, known, section, key)))
            continue
        trees = {
            param: read_tree(section, key, f"{key}: {param}", text, ({}, known.each), known.known)
            for param, text in given.items()
        }
        yield NamedFigure(name, trees)
