"""What an author wrote in an exercise fence, read: each formula a tree, each list of lines unfolded.

h = { each = { i = [1, 2] }, start = 0, rule = "relu(w*x[i] + u*h[i-1])" }
    →  h1 = relu(w·x[1] + u·0),  h2 = relu(w·x[2] + u·h1)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

from drops.exercises.formulas.draws import Draws, GivenError, read_draws
from drops.exercises.formulas.texts import Hole, read_text
from drops.exercises.formulas.tree import Indexed, Name, Number, Tree, Undefined
from drops.exercises.formulas.working_out import single
from drops.exercises.written.asking import (
    Guess,
    NamedFigure,
    Question,
    read_figures,
    read_questions,
)
from drops.exercises.written.keys import (
    Names,
    SpecError,
    only,
    read_digits,
    read_flag,
    read_names,
    read_number,
    read_plain,
    read_table,
    read_tree,
    read_words,
)
from drops.exercises.written.unfolding import Each

MOST_LINES, MOST_MIXUPS = 48, 24
TOP = (
    "tells",
    "prompt",
    "says",
    "shows",
    "where",
    "asks",
    "letters",
    "strip",
    "beside",
    "see",
    "given",
    "lines",
    "mixups",
    "predict",
    "explain",
)
OF_LINE = (
    "rule", "label", "tol", "ask", "between", "decimals", "each", "start", "example", "symbols", "written",
)  # fmt: skip
OF_MIXUP = ("title", "gives", "rule", "swap", "convention")


class WrittenLine(NamedTuple):
    """One line of the worksheet, after unfolding. `at` is what `each` stood for in it."""

    name: str
    of: str  # the line it was unfolded from; its own name where it was not
    label: str  # "" as its name is printed
    rule: Tree
    at: Mapping[str, str | float]
    tol: Tree
    ask: bool
    between: tuple[float, float]
    decimals: int | None
    example: str
    symbols: str
    written: str  # how its numbers are written out; "" as the rule is


class Mixup(NamedTuple):
    title: str
    gives: str
    rule: str
    swap: Mapping[str, Tree]  # by the name of a cell
    convention: bool


class Spec(NamedTuple):
    tells: str
    prompt: str
    says: str  # stands for the sheet where none can be drawn
    shows: tuple[str, ...]
    draws: Draws
    where: tuple[tuple[str, Tree], ...]
    cells: tuple[WrittenLine, ...]
    lists: Mapping[str, tuple[str, ...]]  # a line over `each` → the names of its cells
    mixups: Mapping[str, Mixup]
    asks: tuple[str, ...]  # names of cells
    letters: Mapping[str, str]
    strip: tuple[Tree, tuple[float, ...], int] | None
    predict: tuple[Guess, ...]  # of several one is asked
    beside: tuple[NamedFigure, ...]  # the picture that stands beside the sheet
    see: tuple[NamedFigure, ...]  # what it closes on
    explain: tuple[Question, ...]


_READ: dict[int, tuple[Mapping[str, Any], Spec]] = {}
_KEPT = 64


def read_spec(params: Mapping[str, Any]) -> Spec:
    """The exercise of a fence, read once for all its draws. Raises SpecError."""
    known = _READ.get(id(params))
    if known is None:
        if len(_READ) >= _KEPT:
            _READ.clear()
        known = _READ[id(params)] = params, _read(params)  # kept with it, so that its id stays its own
    return known[1]


def _read(params: Mapping[str, Any]) -> Spec:
    only(params, TOP, "", "the exercise")
    draws = _draws(params)
    said = read_table(params, "lines", "")
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
    mixups = _mixups(read_table(params, "mixups", ""), cells, each, known)
    told = {*known, *lists}
    reads = Names(each, known, told)
    for key in ("tells", "prompt", "says"):
        read_words("", key, params.get(key, ""), told)
    return Spec(
        tells=params.get("tells", ""),
        prompt=params.get("prompt", "Work it out."),
        says=params.get("says", "A row for each number that is asked for."),
        shows=_shows(params, draws),
        draws=draws,
        where=where,
        cells=tuple(cells),
        lists=lists,
        mixups=mixups,
        asks=_asks(params, cells, lists),
        letters=_letters(params, [*known, *lists, "x"]),
        strip=_strip(params),
        predict=read_questions(params, "predict", reads),
        beside=tuple(read_figures(params, "beside", reads)),
        see=tuple(read_figures(params, "see", reads)),
        explain=cast("tuple[Question, ...]", read_questions(params, "explain", reads)),
    )


# ── pieces ────────────────────────────────────────────────────────────────────────────────


def _draws(params: Mapping[str, Any]) -> Draws:
    given = read_table(params, "given", "")
    for key in TOP:
        if key in given and key != "given":
            remedy = "move it above the first [table]"
            raise SpecError("given", key, f"“{key}” stands under [given]", remedy)
    try:
        return read_draws(given, where=False)
    except GivenError as problem:
        raise SpecError("given", problem.key, problem.what, problem.remedy) from None


def _shows(params: Mapping[str, Any], draws: Draws) -> tuple[str, ...]:
    named = read_names(params, "shows", draws.names)
    for given in draws.givens:
        if given.name in named and any(isinstance(one, str) for one in given.pool):
            remedy = f"write {{{given.name}}} into tells"
            raise SpecError("", "shows", f"shows: {given.name} is a word", remedy)
    return tuple(named)


def _each(name: str, line: Any) -> Each | None:
    if not isinstance(line, dict) or "each" not in line:
        if isinstance(line, dict) and "start" in line:
            remedy = "write each = { i = [1, 2, 3] }"
            raise SpecError("lines", name, f"line {name}: start without each", remedy)
        return None
    said = line["each"]
    legal = isinstance(said, dict) and len(said) == 1
    values = next(iter(said.values())) if legal else None
    if (
        not isinstance(values, list)
        or not values
        or not (all(type(v) is int for v in values) or all(type(v) is str for v in values))
    ):
        raise SpecError("lines", name, f"line {name}: each is none", "write each = { i = [1, 2, 3] }")
    if len({*values}) < len(values):
        raise SpecError("lines", name, f"line {name}: each names one twice", "name each place once")
    start = line.get("start")
    return Each(next(iter(said)), tuple(values), None if start is None else read_number("lines", name, start))


def _cells(name: str, line: Any, each: Mapping[str, Each | None], known: list[str]) -> list[WrittenLine]:
    """The cells of a line; each is known to those after it."""
    if isinstance(line, str):
        line = {"rule": line}
    if not isinstance(line, dict) or "rule" not in line:
        raise SpecError("lines", name, f"line {name} has no rule", f'write {name} = {{ rule = "…" }}')
    only(line, OF_LINE, "lines", f"line {name}", at=name)
    if name in known:
        raise SpecError("lines", name, f"the name {name} is taken", "give each line a name of its own")
    unfold, made = each[name], list[WrittenLine]()
    for value in unfold.values if unfold else (None,):
        index: dict[str, str | int] = {} if unfold is None or value is None else {unfold.variable: value}
        own = name if value is None else f"{name}{value}"
        rule = read_tree("lines", name, f"line {name}", line["rule"], (index, each), known)
        made.append(_cell(name, own, line, rule, index, known))
        known.append(own)
    return made


def _cell(
    of: str, name: str, line: Mapping[str, Any], rule: Tree, index: Mapping[str, str | int], known: list[str]
) -> WrittenLine:
    label = read_words("lines", of, line.get("label", ""), [*known, *index], f"line {of}: label")
    between = line.get("between", [-1e6, 1e6])
    if not isinstance(between, list) or len(between) != 2:
        raise SpecError("lines", of, f"line {of}: between is no pair", "write between = [-10, 10]")
    low, high = (read_number("lines", of, end) for end in between)
    decimals = line.get("decimals")
    if decimals is not None:
        decimals = read_digits("lines", of, f"line {of}: decimals", decimals)
    tol = read_tree("lines", of, f"line {of}: tol", line.get("tol", 0.005), ({}, {}), known)
    if isinstance(tol, Number) and tol.value <= 0:
        remedy = "write how far off an answer may be: 0.005"
        raise SpecError("lines", of, f"line {of}: tol is {tol.value:g}", remedy)
    return WrittenLine(
        name,
        of,
        label,
        rule,
        {key: value if isinstance(value, str) else float(value) for key, value in index.items()},
        tol,
        read_flag("lines", of, f"line {of}: ask", line.get("ask", True)),
        (low, high),
        decimals,
        read_plain("lines", of, f"line {of}: example", line.get("example", "")),
        read_plain("lines", of, f"line {of}: symbols", line.get("symbols", "")),
        _written(of, line.get("written", ""), known),
    )


def _written(of: str, text: Any, known: list[str]) -> str:
    """A line as its author writes it out: names in braces alone, each a number on the page."""
    read_words("lines", of, text, known, f"line {of}: written")
    holes = [part for part in read_text(text) if not isinstance(part, str)]
    if not all(isinstance(part, Hole) and isinstance(part.tree, Name | Indexed) for part in holes):
        raise SpecError("lines", of, f"line {of}: written holds more than names", "write {w[1]}·{x[1]} + {b}")
    return str(text)


def _where(
    params: Mapping[str, Any], each: Mapping[str, Each | None], known: list[str]
) -> Iterable[tuple[str, Tree]]:
    listed = params.get("where", [])
    if not isinstance(listed, list) or not all(isinstance(text, str) for text in listed):
        raise SpecError("", "where", "`where` is no list of formulas", 'write where = ["a < b"]')
    for n, text in enumerate(listed, 1):
        yield text, read_tree("", "where", f"`where` {n}", text, ({}, each), known)


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
        only(one, OF_MIXUP, section, f"mixup {name}")
        told = {*known, *(line for line, unfold in each.items() if unfold)}
        texts = {key: read_words(section, key, one.get(key, ""), told) for key in ("title", "rule")}
        if not texts["title"] or not texts["rule"]:
            raise SpecError(section, "title", f"mixup {name} has no title or no rule", "write title and rule")
        swap, places = dict[str, Tree](), list[Mapping[str, Any]]()
        for line, formula in read_table(one, "swap", section).items():
            bent = [cell for cell in cells if line in (cell.name, cell.of)]
            if not bent:
                lines = ", ".join(dict.fromkeys(cell.of for cell in cells))
                raise SpecError(section, "swap", f"mixup {name}: “{line}” is no line", f"there are {lines}")
            for cell in bent:
                before = known[: known.index(cell.name)]
                place = {key: _whole(value) for key, value in cell.at.items()}
                places.append(place)
                swap[cell.name] = read_tree(section, "swap", f"mixup {name}", formula, (place, each), before)
        if not swap:
            raise SpecError(section, "swap", f"mixup {name} swaps nothing", 'write swap = { line = "…" }')
        flag = read_flag(section, "convention", f"mixup {name}: convention", one.get("convention", False))
        if not str(one.get("gives", "")).strip():
            remedy = 'write gives = "…", which ends “Your number is what you get if …”'
            raise SpecError(section, "gives", f"mixup {name} does not say what it gives", remedy)
        everywhere = {key for key in places[0] if all(key in place for place in places)}
        gives = read_words(section, "gives", one.get("gives", ""), told | everywhere)
        found[name] = Mixup(texts["title"], gives, texts["rule"], swap, flag)
    return found


def _whole(value: str | float) -> str | int:
    return value if isinstance(value, str) else int(value)


def _asks(
    params: Mapping[str, Any], cells: list[WrittenLine], lists: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    open_ones = [cell.name for cell in cells if cell.ask]
    if "asks" not in params:
        return tuple(open_ones)
    named = read_names(params, "asks", [*open_ones, *lists])
    wanted = {cell for name in named for cell in lists.get(name, (name,))}
    if not wanted:
        raise SpecError("", "asks", "asks is empty", "name at least one line")
    return tuple(name for name in open_ones if name in wanted)


def _letters(params: Mapping[str, Any], known: list[str]) -> Mapping[str, str]:
    said = read_table(params, "letters", "")
    for name in said:
        if name not in (*known, *(one.rstrip("0123456789") for one in known)):
            raise SpecError("", "letters", f"letters: no “{name[:40]}”", f"there are {', '.join(known)}")
    return {name: read_plain("", "letters", f"the letter of {name}", sign) for name, sign in said.items()}


def _strip(params: Mapping[str, Any]) -> tuple[Tree, tuple[float, ...], int] | None:
    if "strip" not in params:
        return None
    said = read_table(params, "strip", "")
    only(said, ("rule", "at", "digits"), "", "strip")
    places = said.get("at")
    if not isinstance(places, list) or not places:
        raise SpecError("", "strip", "strip has no places", "write at = [0, 1, 2]")
    rule = read_tree("", "strip", "strip", said.get("rule"), ({}, {}), ("x",))
    at = tuple(read_number("", "strip", place) for place in places)
    for place in at:
        try:
            single(rule, {"x": place})
        except Undefined as problem:
            raise SpecError("", "strip", f"strip at {place:g}: {problem}", "leave that place out") from None
    return rule, at, read_digits("", "strip", "strip: digits", said.get("digits", 2))
