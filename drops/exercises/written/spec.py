"""What an author wrote in an exercise fence, read: each formula a tree, each list of lines unfolded.

h = { each = { i = [1, 2] }, start = 0, rule = "relu(w*x[i] + u*h[i-1])" }
    →  h1 = relu(w·x[1] + u·0),  h2 = relu(w·x[2] + u·h1)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from drops.exercises.formulas.draws import Draws, GivenError, read_draws
from drops.exercises.formulas.reading import read_formula, refuse_unknown
from drops.exercises.formulas.texts import check_text
from drops.exercises.formulas.tree import FormulaError, Number, Tree
from drops.exercises.written.unfolding import Each, Where, unfolded

MOST_LINES, MOST_MIXUPS = 48, 24
TOP = (
    "tells",
    "prompt",
    "shows",
    "where",
    "asks",
    "letters",
    "strip",
    "see",
    "given",
    "lines",
    "mixups",
    "predict",
    "explain",
)
OF_LINE = ("rule", "label", "tol", "ask", "between", "decimals", "each", "start", "example", "symbols")
OF_MIXUP = ("title", "gives", "rule", "swap", "convention")
OF_QUESTION = ("asks", "options")
OF_OPTION = ("text", "when", "why", "mixup")


class SpecError(FormulaError):
    """A mistake in the fence; `section` is its TOML table, "" above the first, and `key` stands in it."""

    def __init__(self, section: str, key: str, what: str, remedy: str) -> None:
        self.section, self.key = section, key
        super().__init__(what, remedy)


class WrittenLine(NamedTuple):
    """One line of the worksheet, after unfolding. `at` is what `each` stood for in it."""

    name: str
    of: str  # the line it was unfolded from; its own name where it was not
    label: str
    rule: Tree
    at: Mapping[str, str | float]
    tol: float
    ask: bool
    between: tuple[float, float]
    decimals: int | None
    example: str
    symbols: str


class Mixup(NamedTuple):
    title: str
    gives: str
    rule: str
    swap: Mapping[str, Tree]  # by the name of a cell
    convention: bool


class AskOption(NamedTuple):
    text: str
    when: Tree | None  # None: never right
    why: str
    mixup: str


class Question(NamedTuple):
    asks: str
    options: tuple[AskOption, ...]


class Scene(NamedTuple):
    """A figure that the exercise closes on; its parameters are formulas over givens and lines."""

    figure: str
    params: Mapping[str, Tree]


class Spec(NamedTuple):
    tells: str
    prompt: str
    shows: tuple[str, ...]
    draws: Draws
    where: tuple[tuple[str, Tree], ...]
    cells: tuple[WrittenLine, ...]
    lists: Mapping[str, tuple[str, ...]]  # a line over `each` → the names of its cells
    mixups: Mapping[str, Mixup]
    asks: tuple[str, ...]  # names of cells
    letters: Mapping[str, str]
    strip: tuple[Tree, str, tuple[float, ...], int] | None
    predict: Question | None
    see: tuple[Scene, ...]
    explain: Question | None


def read_spec(params: Mapping[str, Any]) -> Spec:
    """The exercise of a fence. Raises SpecError."""
    _only(params, TOP, "", "the exercise")
    draws = _draws(params)
    said = _table(params, "lines", "")
    if not said or len(said) > MOST_LINES:
        raise SpecError("", "lines", f"{len(said)} lines", f"write 1 to {MOST_LINES} under [lines]")
    each = {name: _each(name, line) for name, line in said.items()}
    known, cells = list(draws.names), list[WrittenLine]()
    lists: dict[str, tuple[str, ...]] = {}
    for name, line in said.items():
        made = _cells(name, line, each, known)
        cells += made
        if each[name] is not None:
            lists[name] = tuple(cell.name for cell in made)
    where = tuple(_where(params, each, known))
    mixups = _mixups(_table(params, "mixups", ""), cells, each, known)
    told = {*known, *lists}
    for key in ("tells", "prompt"):
        _text("", key, params.get(key, ""), told)
    return Spec(
        tells=params.get("tells", ""),
        prompt=params.get("prompt", "Work it out."),
        shows=tuple(_names(params, "shows", draws.names)),
        draws=draws,
        where=where,
        cells=tuple(cells),
        lists=lists,
        mixups=mixups,
        asks=_asks(params, cells, lists),
        letters=_table(params, "letters", ""),
        strip=_strip(params),
        predict=_question(params, "predict", each, known, told, mixups),
        see=tuple(_see(params, each, known)),
        explain=_question(params, "explain", each, known, told, mixups),
    )


# ── pieces ────────────────────────────────────────────────────────────────────────────────


def _only(data: Mapping[str, Any], known: Iterable[str], section: str, whose: str) -> None:
    for key in data:
        if key not in known:
            said = ", ".join(known)
            raise SpecError(section, key, f"{whose}: “{key[:40]}” is no key here", f"there are {said}")


def _table(data: Mapping[str, Any], key: str, section: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise SpecError(section, key, f"{key} is no table", f"write [{key}] and its keys below it")
    return value


def _text(section: str, key: str, text: Any, known: Iterable[str]) -> str:
    if not isinstance(text, str):
        raise SpecError(section, key, f"{key} is no text", f'write {key} = "…"')
    try:
        check_text(text, list(known))
    except FormulaError as problem:
        raise SpecError(section, key, f"{key}: {problem.what}", problem.remedy) from None
    return text


def _number(section: str, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SpecError(section, key, f"{key} is no number", f"write {key} = a number")
    return float(value)


def _names(data: Mapping[str, Any], key: str, known: Iterable[str]) -> list[str]:
    listed, names_known = data.get(key, []), list(known)
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise SpecError("", key, f"{key} is no list of names", f'write {key} = ["{names_known[0]}"]')
    for name in listed:
        if name not in names_known:
            raise SpecError("", key, f"{key}: no “{name[:40]}”", f"there are {', '.join(names_known)}")
    return listed


def _draws(params: Mapping[str, Any]) -> Draws:
    given = _table(params, "given", "")
    for key in TOP:
        if key in given and key != "given":
            remedy = "move it above the first [table]"
            raise SpecError("given", key, f"“{key}” stands under [given]", remedy)
    try:
        return read_draws(given, where=False)
    except GivenError as problem:
        raise SpecError("given", problem.key, problem.what, problem.remedy) from None


def _tree(section: str, key: str, whose: str, text: Any, place: Where, known: Iterable[str]) -> Tree:
    """A formula, unfolded at a place of `each`, over names that are known there."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return Number(float(text))
    if not isinstance(text, str):
        raise SpecError(section, key, f"{whose} is no formula", 'write "a formula"')
    try:
        tree = unfolded(read_formula(text), *place)
        refuse_unknown(tree, list(known))
    except FormulaError as problem:
        raise SpecError(section, key, f"{whose}: {problem.what}", problem.remedy) from None
    return tree


def _each(name: str, line: Any) -> Each | None:
    if not isinstance(line, dict) or "each" not in line:
        return None
    said = line["each"]
    legal = isinstance(said, dict) and len(said) == 1
    values = next(iter(said.values())) if legal else None
    if (
        not isinstance(values, list)
        or not values
        or len({type(v) for v in values}) > 1
        or not isinstance(values[0], int | str)
    ):
        raise SpecError("lines", name, f"line {name}: each is none", "write each = { i = [1, 2, 3] }")
    start = line.get("start")
    return Each(next(iter(said)), tuple(values), None if start is None else _number("lines", name, start))


def _cells(name: str, line: Any, each: Mapping[str, Each | None], known: list[str]) -> list[WrittenLine]:
    """The cells of a line; each is known to those after it."""
    if isinstance(line, str):
        line = {"rule": line}
    if not isinstance(line, dict) or "rule" not in line:
        raise SpecError("lines", name, f"line {name} has no rule", f'write {name} = {{ rule = "…" }}')
    _only(line, OF_LINE, "lines", f"line {name}")
    if name in known:
        raise SpecError("lines", name, f"the name {name} is taken", "give each line a name of its own")
    unfold, made = each[name], list[WrittenLine]()
    for value in unfold.values if unfold else (None,):
        index: dict[str, str | int] = {} if unfold is None or value is None else {unfold.variable: value}
        own = name if value is None else f"{name}{value}"
        rule = _tree("lines", name, f"line {name}", line["rule"], (index, each), known)
        made.append(_cell(name, own, line, rule, index, known))
        known.append(own)
    return made


def _cell(
    of: str, name: str, line: Mapping[str, Any], rule: Tree, index: Mapping[str, str | int], known: list[str]
) -> WrittenLine:
    label = _text("lines", of, line.get("label", name), [*known, *index])
    between = line.get("between", [-1e6, 1e6])
    if not isinstance(between, list) or len(between) != 2:
        raise SpecError("lines", of, f"line {of}: between is no pair", "write between = [-10, 10]")
    low, high = (_number("lines", of, end) for end in between)
    decimals = line.get("decimals")
    return WrittenLine(
        name,
        of,
        label,
        rule,
        {key: value if isinstance(value, str) else float(value) for key, value in index.items()},
        _number("lines", of, line.get("tol", 0.005)),
        line.get("ask", True) is not False,
        (low, high),
        None if decimals is None else int(_number("lines", of, decimals)),
        str(line.get("example", "")),
        str(line.get("symbols", "")),
    )


def _where(
    params: Mapping[str, Any], each: Mapping[str, Each | None], known: list[str]
) -> Iterable[tuple[str, Tree]]:
    listed = params.get("where", [])
    if not isinstance(listed, list):
        raise SpecError("", "where", "`where` is no list of formulas", 'write where = ["a < b"]')
    for n, text in enumerate(listed, 1):
        yield str(text), _tree("", "where", f"`where` {n}", text, ({}, each), known)


def _mixups(
    said: Mapping[str, Any], cells: list[WrittenLine], each: Mapping[str, Each | None], known: list[str]
) -> dict[str, Mixup]:
    if len(said) > MOST_MIXUPS:
        raise SpecError("", "mixups", f"{len(said)} mix-ups", f"write at most {MOST_MIXUPS}")
    found: dict[str, Mixup] = {}
    for name, one in said.items():
        section = f"mixups.{name}"
        if not isinstance(one, dict):
            raise SpecError("mixups", name, f"mixup {name} is no table", f"write [mixups.{name}]")
        _only(one, OF_MIXUP, section, f"mixup {name}")
        told = [*known, *(line for line, unfold in each.items() if unfold)]
        texts = {key: _text(section, key, one.get(key, ""), told) for key in ("title", "gives", "rule")}
        if not texts["title"] or not texts["rule"]:
            raise SpecError(section, "title", f"mixup {name} has no title or no rule", "write title and rule")
        swap: dict[str, Tree] = {}
        for line, formula in _table(one, "swap", section).items():
            bent = [cell for cell in cells if line in (cell.name, cell.of)]
            if not bent:
                lines = ", ".join(dict.fromkeys(cell.of for cell in cells))
                raise SpecError(section, "swap", f"mixup {name}: “{line}” is no line", f"there are {lines}")
            for cell in bent:
                before = known[: known.index(cell.name)]
                place = {key: _whole(value) for key, value in cell.at.items()}
                swap[cell.name] = _tree(section, "swap", f"mixup {name}", formula, (place, each), before)
        if not swap:
            raise SpecError(section, "swap", f"mixup {name} swaps nothing", 'write swap = { line = "…" }')
        found[name] = Mixup(**texts, swap=swap, convention=one.get("convention") is True)
    return found


def _whole(value: str | float) -> str | int:
    return value if isinstance(value, str) else int(value)


def _asks(
    params: Mapping[str, Any], cells: list[WrittenLine], lists: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    open_ones = [cell.name for cell in cells if cell.ask]
    if "asks" not in params:
        return tuple(open_ones)
    named = _names(params, "asks", [*open_ones, *lists])
    wanted = {cell for name in named for cell in lists.get(name, (name,))}
    if not wanted:
        raise SpecError("", "asks", "asks is empty", "name at least one line")
    return tuple(name for name in open_ones if name in wanted)


def _strip(params: Mapping[str, Any]) -> tuple[Tree, str, tuple[float, ...], int] | None:
    if "strip" not in params:
        return None
    said = _table(params, "strip", "")
    _only(said, ("rule", "at", "digits"), "", "strip")
    places = said.get("at")
    if not isinstance(places, list) or not places:
        raise SpecError("", "strip", "strip has no places", "write at = [0, 1, 2]")
    rule = _tree("", "strip", "strip", said.get("rule"), ({}, {}), ("x",))
    at = tuple(_number("", "strip", place) for place in places)
    return rule, str(said.get("rule")), at, int(_number("", "strip", said.get("digits", 2)))


def _see(
    params: Mapping[str, Any], each: Mapping[str, Each | None], known: list[str]
) -> Iterable[Scene]:
    listed = params.get("see", [])
    if not isinstance(listed, list):
        listed = [listed]
    for one in listed:
        name = one.get("figure") if isinstance(one, dict) else None
        if not isinstance(name, str):
            raise SpecError("", "see", "see names no figure", 'write see = [{ figure = "neuron", w = "w" }]')
        yield Scene(
            name,
            {
                key: _tree("", "see", f"see: {key}", formula, ({}, each), known)
                for key, formula in one.items()
                if key != "figure"
            },
        )


def _question(
    params: Mapping[str, Any],
    key: str,
    each: Mapping[str, Each | None],
    known: list[str],
    told: set[str],
    mixups: Mapping[str, Mixup],
) -> Question | None:
    if key not in params:
        return None
    said = _table(params, key, "")
    _only(said, OF_QUESTION, key, key)
    options = said.get("options")
    if (
        not isinstance(options, list)
        or not 2 <= len(options) <= 4
        or not all(isinstance(o, dict) for o in options)
    ):
        raise SpecError(
            key, "options", f"{key} has no options", "write two to four, each { text, when, why }"
        )
    made: list[AskOption] = []
    for one in options:
        _only(one, OF_OPTION, key, f"an option of {key}")
        when = one.get("when", False)
        tree = (
            None
            if when is False
            else Number(1)
            if when is True
            else _tree(key, "options", key, when, ({}, each), known)
        )
        if (mixup := one.get("mixup", "")) and mixup not in mixups:
            raise SpecError(key, "options", f"{key}: no mixup “{mixup}”", f"there are {', '.join(mixups)}")
        text, why = (_text(key, "options", one.get(part, ""), told) for part in ("text", "why"))
        made.append(AskOption(text, tree, why, mixup))
    return Question(_text(key, "asks", said.get("asks", ""), told), tuple(made))
