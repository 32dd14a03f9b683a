"""What an author asks before and after the sheet, and the figures that it closes on.

[predict]  asks, and options of which one is right:  { text = "left", when = "w1 < 0", why = "…" }
[predict]  asks, and a number:                       answer = "max(h)", tol = 0.1, why = "…"
[predict]  asks, and a curve or a line:              draws = { … }, wrong = [{ … }], why = "…"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from drops.exercises.blocks import Show
from drops.exercises.figure import Draw
from drops.exercises.formulas.tree import Name, Number, Tree, Undefined, Values
from drops.exercises.formulas.working_out import work_out
from drops.exercises.written.keys import Names, SpecError, only, read_flag, read_number, read_tree, read_words
from drops.exercises.written.pictures import WRITTEN, Known, Paint, painted, read_pictures
from drops.text import counted

OF_QUESTION = ("asks", "when", "options", "answer", "tol", "draws", "wrong", "why", "tells", "beside")
OF_CURVE = ("across", "up", "name", "at", "low", "high", "step", "tol", "steps", "curve")
OF_LINE = ("neuron", "reach", "step", "tol")
OF_WRONG = ("curve", "line", "why", "mixup")
MOST_HANDLES = 7
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
        leaves no picture. `hand` is the name of the blank that is being filled: a figure is told it, in
        `held` which of its parameters that is, and in `named` all of them in their order.
        """
        if self.pictures:
            return tuple(painted(self.pictures, Known(known)))
        params: dict[str, Any] = {"hand": hand}
        for key, tree in self.params.items():
            with suppress(KeyError, Undefined):
                params[key] = work_out(tree, known)
        params["held"] = tuple(key for key, tree in self.params.items() if tree == Name(hand))
        params["named"] = tuple(self.params)
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


Curve = Tree | NamedFigure  # a formula over `at`, or the first curve of a figure


class CurveAsked(NamedTuple):
    """A curve through handles at places `at`, from `low` to `high` by `step`."""

    across: str
    up: str
    name: str
    at: tuple[float, ...]
    low: Tree
    high: Tree
    step: Tree
    tol: Tree
    steps: bool  # whether there is nothing between the places
    curve: Curve


class LineAsked(NamedTuple):
    """The line of a neuron (w₁, w₂, b) on a plane from −reach to reach, by where it cuts the axes."""

    neuron: tuple[Tree, ...]
    reach: Tree
    step: Tree
    tol: Tree


class Wrong(NamedTuple):
    """What people draw instead: a curve, or the two crossings of a line."""

    drawn: tuple[Curve, ...]
    why: str
    mixup: str


class AskDrawn(NamedTuple):
    """A curve or a line to be placed by its handles, as a prediction."""

    asks: str
    when: Tree | None
    draws: CurveAsked | LineAsked
    wrong: tuple[Wrong, ...]
    why: str
    tells: str = ""
    beside: tuple[NamedFigure, ...] = ()


Guess = Question | AskNumber | AskDrawn


def read_questions(
    params: Mapping[str, Any], key: str, known: Names
) -> tuple[Guess, ...]:
    """The table `key`, or several of which one is asked: [[predict]]. Raises SpecError."""
    said = params.get(key, [])
    cards = said if isinstance(said, list) else [said]
    if not all(isinstance(card, dict) for card in cards) or len(cards) > MOST_CARDS:
        remedy = f"write [{key}], or up to {MOST_CARDS} times [[{key}]]"
        raise SpecError("", key, f"{key} is no table", remedy)
    if key in params and not cards:
        raise SpecError("", key, f"{key} is empty", f"write [{key}] and its keys below it")
    return tuple(_question(card, key, known) for card in cards)


def _question(said: Mapping[str, Any], key: str, known: Names) -> Guess:
    only(said, OF_QUESTION, key, key)
    asks = read_words(key, "asks", said.get("asks", ""), known.told)
    if not asks.strip():
        raise SpecError(key, "asks", f"{key} asks nothing", 'write asks = "…"')
    when = None
    if "when" in said:
        when = read_tree(key, "when", f"{key}: when", said["when"], ({}, known.each), known.known)
    for other in ("answer", "draws", "tells"):
        if other in said and key != "predict":
            remedy = "write options; what else there is stands in [predict], or a line asks for it"
            raise SpecError(key, other, f"{key} has no “{other}”", remedy)
    more = (
        read_words(key, "tells", said.get("tells", ""), known.told),
        tuple(read_figures(said, "beside", known, key)),
    )
    if "draws" in said:
        for other in ("options", "answer", "tol"):
            if other in said:
                raise SpecError(key, other, f"{key} draws, and has “{other}” too", "keep one of them")
        why = read_words(key, "why", said.get("why", ""), known.told)
        draws = _draws(said["draws"], known)
        return AskDrawn(asks, when, draws, tuple(_wrongs(said, draws, known)), why, *more)
    if "answer" in said:
        if "options" in said:
            raise SpecError(key, "answer", f"{key} has options and an answer", "keep one of them")
        tree = read_tree(key, "answer", f"{key}: answer", said["answer"], ({}, known.each), known.known)
        tol = read_number(key, "tol", said.get("tol", 0.005))
        why = read_words(key, "why", said.get("why", ""), known.told)
        return AskNumber(asks, when, tree, tol, why, *more)
    for other in ("tol", "why", "wrong"):
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


def _draws(said: Any, known: Names) -> CurveAsked | LineAsked:
    """What is to be drawn. Raises SpecError."""
    if not isinstance(said, dict):
        remedy = 'write draws = { at = [0, 1, 2], low = 0, high = 4, step = 0.5, curve = "at^2" }'
        raise SpecError("predict", "draws", "predict: draws is no table", remedy)

    def tree(name: str, default: Any = None, *, over: tuple[str, ...] = ()) -> Tree:
        given = said.get(name, default)
        if given is None:
            remedy = f"write {name} = a number or a formula"
            raise SpecError("predict", "draws", f"predict: draws has no {name}", remedy)
        return _tree(f"draws: {name}", given, known, over)

    if "neuron" in said:
        only(said, OF_LINE, "predict", "predict: draws", at="draws")
        three = said["neuron"]
        if not isinstance(three, list) or len(three) != 3:
            remedy = 'write neuron = ["w[1]", "w[2]", "b"]'
            raise SpecError("predict", "draws", "predict: the neuron is not two weights and a bias", remedy)
        neuron = tuple(_tree("draws: neuron", one, known) for one in three)
        return LineAsked(neuron, tree("reach", 6), tree("step", 0.5), tree("tol", 0.5))
    only(said, OF_CURVE, "predict", "predict: draws", at="draws")
    at = said.get("at")
    numbers = isinstance(at, list) and all(type(x) in (int, float) for x in at)
    if not isinstance(at, list) or not numbers or not 2 <= len(at) <= MOST_HANDLES or sorted({*at}) != at:
        remedy = f"write at = [0, 1, 2]: two to {MOST_HANDLES} places of handles, from left to right"
        raise SpecError("predict", "draws", "predict: draws has no places", remedy)
    words = [read_words("predict", "draws", said.get(name, other), known.told, f"draws: {name}")
             for name, other in (("across", "x ="), ("up", "y"), ("name", "as it is"))]  # fmt: skip
    low, high = tree("low"), tree("high")
    fifth = f"(({said['high']}) - ({said['low']}))/5"
    return CurveAsked(
        words[0], words[1], words[2], tuple(map(float, at)), low, high, tree("step"), tree("tol", fifth),
        read_flag("predict", "draws", "predict: steps", said.get("steps", False)),
        _curve(said.get("curve"), known),
    )  # fmt: skip


def _tree(whose: str, text: Any, known: Names, over: tuple[str, ...] = ()) -> Tree:
    return read_tree("predict", "draws", f"predict: {whose}", text, ({}, known.each), [*known.known, *over])


def _curve(said: Any, known: Names) -> Curve:
    if isinstance(said, dict):
        return next(iter(read_figures({"curve": said}, "curve", known, "predict")))
    return _tree("curve", said, known, ("at",))


def _wrongs(said: Mapping[str, Any], draws: CurveAsked | LineAsked, known: Names) -> Iterable[Wrong]:
    """What people draw instead. Raises SpecError."""
    listed = said.get("wrong", [])
    key = "curve" if isinstance(draws, CurveAsked) else "line"
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        remedy = f"write wrong = [{{ {key} = …, why = “…” }}]"
        raise SpecError("predict", "wrong", "predict: wrong is no list of tables", remedy)
    for one in listed:
        only(one, OF_WRONG, "predict", "predict: wrong", at="wrong")
        drawn, mixup = one.get(key), one.get("mixup", "")
        why = read_words("predict", "wrong", one.get("why", ""), known.told, "predict: why of wrong")
        if drawn is None or not why.strip() or not isinstance(mixup, str):
            remedy = f"write {key}, why, and the mixup that it shows, if any"
            raise SpecError("predict", "wrong", f"predict: one of wrong has no {key} or no why", remedy)
        if isinstance(draws, CurveAsked):
            yield Wrong((_curve(drawn, known),), why, mixup)
        elif isinstance(drawn, list) and len(drawn) == 2:
            yield Wrong(tuple(_tree("line", end, known) for end in drawn), why, mixup)
        else:
            remedy = 'write line = ["b/w[1]", "b/w[2]"]'
            raise SpecError("predict", "wrong", "predict: a line is where it cuts both axes", remedy)


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
