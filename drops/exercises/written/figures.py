"""Figures that know no subject: one that stands in the Markdown as data, and plain bars.

knobs  rate = { from = 0, to = 1, step = 0.1 }    values  left = "w*(1 - rate)"    bars  of = { w = "left" }
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from math import nan
from typing import Any, cast

from drops.errors import DropsError
from drops.exercises.blocks import Bar, Bars, Figure, Knob, Show, Words
from drops.exercises.figure import Draw, Drawing
from drops.exercises.formulas.draws import Given, GivenError, read_draws
from drops.exercises.formulas.tree import Items, Tree, Undefined, Value, names
from drops.exercises.formulas.working_out import work_out
from drops.exercises.script import ScriptLines, write_program
from drops.exercises.written.keys import (
    Names,
    SpecError,
    only,
    read_number,
    read_plain,
    read_table,
    read_tree,
    read_words,
)
from drops.exercises.written.pictures import (
    PICTURES,
    WRITTEN,
    Known,
    bars_told,
    named_bars,
    painted,
    read_pictures,
    told,
)

OF_FIGURE = ("hint", "says", "knobs", "values", *PICTURES)
OF_KNOB = ("label", "start", "of", "from", "to", "step")
TOLD_OF = ("hand", "held", "named")  # what a figure beside a question is told beside its parameters
MOST_KNOBS, MOST_VALUES, MOST_PLACES = 4, 24, 400


def draw_written(params: Mapping[str, Any]) -> Drawing:
    """knobs, values, curve, bars, strip, sheet, hint, says → what stands in the fence: `drops help writing`.

    Its numbers are its single values, as the knobs stand at first.
    """
    only(params, OF_FIGURE, "", "a written figure")
    knobs = tuple(_knob(name, said) for name, said in _table(params, "knobs", MOST_KNOBS).items())
    known = [knob.name for knob in knobs]
    values: dict[str, Tree] = {}
    for name, said in _table(params, "values", MOST_VALUES).items():
        _drawn_from("values", name, [0])
        values[name] = _value(name, said, known)
        known.append(name)
    says = read_words("", "says", params.get("says", ""), known)
    hint = read_plain("", "hint", "hint", params.get("hint", ""))
    drawn = {key: params[key] for key in params if key in PICTURES}
    pictures = read_pictures(drawn, Names({}, known, {*known}))
    told_by_each = "says" not in params and all(own for own, _ in pictures)
    for key, there in (("says", says or told_by_each), ("hint", hint or not knobs)):
        if not there:
            raise SpecError("", key, f"a written figure without {key}", f'write {key} = "…"')

    def seen(at: Mapping[str, float]) -> Known:
        found: dict[str, Value | str] = dict(at)
        for name, tree in values.items():
            with suppress(KeyError, Undefined):
                found[name] = work_out(tree, found)
        return Known(found, {knob.name: knob.told(at[knob.name]) for knob in knobs if knob.settings})

    def show(at: Mapping[str, float]) -> tuple[Show, ...]:
        now = seen(at)
        text = told(says, now)
        return (*painted(pictures, now, text), *([Words(text)] if text else []))

    first = seen({knob.name: knob.start for knob in knobs}).values
    numbers = {name: value for name, value in first.items() if isinstance(value, float)}
    if not knobs:
        return Drawing(show({}), numbers)
    turned = _turned(values, knobs)
    code = (lambda at: _program(values, at, seen(at).values, turned)) if turned & {*numbers} else None
    return Drawing((Figure(knobs, show, hint, code=code),), numbers)


def _turned(values: Mapping[str, Tree], knobs: tuple[Knob, ...]) -> set[str]:
    """The values that are worked out from a knob; what is looked up or fixed makes no program."""
    moved = {knob.name for knob in knobs if not knob.settings}
    for name, tree in values.items():  # each reads what stands above it
        if not moved.isdisjoint(names(tree)):
            moved.add(name)
    return moved & {*values}


def _program(
    values: Mapping[str, Tree], at: Mapping[str, float], found: Mapping[str, Value | str], turned: set[str]
) -> str:
    """The same in numpy: it prints what the knobs turn; a value that has none at this setting is left out.

    Raises DropsError.
    """
    worked = {name: value for name, value in found.items() if not isinstance(value, str)}
    asked = [name for name in values if name in turned and isinstance(worked.get(name), float)]
    if not asked:
        raise DropsError("there is no number at this setting, and so no program of it")
    lines = tuple((name, tree) for name, tree in values.items() if name in worked)
    return write_program(ScriptLines(at, lines), worked, [(name, name) for name in asked])


def _table(params: Mapping[str, Any], key: str, most: int) -> Mapping[str, Any]:
    said = read_table(params, key, "")
    if len(said) > most:
        raise SpecError("", key, f"{len(said)} {key}", f"write at most {most}")
    return said


def _knob(name: str, said: Any) -> Knob:
    """Of words, numbered from 1; or from one number to another."""
    if not isinstance(said, dict):
        raise SpecError("knobs", name, f"knob {name} is no table", f"write {name} = {{ from = 0, to = 5 }}")
    only(said, OF_KNOB, "knobs", f"knob {name}")
    pool = {key: value for key, value in said.items() if key not in ("label", "start")}
    given = _drawn_from("knobs", name, pool)
    label = read_plain("knobs", name, f"the label of {name}", said.get("label", name))
    if all(isinstance(one, str) for one in given.pool):
        words = cast(tuple[str, ...], given.pool)
        low, high, step = 1.0, float(len(words)), 1.0
    elif "of" in said:
        remedy = 'write words, of = ["0.1", "1"], or from and to'
        raise SpecError("knobs", name, f"knob {name}: of numbers", remedy)
    else:
        ends = cast(tuple[float, ...], given.pool)
        words, low, high, step = (), ends[0], ends[-1], float(said.get("step", 1))
    knob = Knob(name, label, low, high, step, read_number("knobs", name, said.get("start", low)), words)
    if knob.start not in knob.places or len(knob.places) > MOST_PLACES:
        raise SpecError("knobs", name, f"knob {name} does not start at a place of its own", "write start = …")
    return knob


def _drawn_from(section: str, name: str, pool: Any) -> Given:
    """Its places, as those of a given are written. Raises SpecError, also for a name that is none."""
    try:
        return read_draws({name: pool}, where=False).givens[0]
    except GivenError as problem:
        what = problem.what.replace("given ", "knob " if section == "knobs" else "value ", 1)
        raise SpecError(section, name, what, problem.remedy) from None


def _value(name: str, said: Any, known: list[str]) -> Tree:
    """A formula over knobs and the values above; or numbers, lists of them."""
    if isinstance(said, list | tuple):
        if not 1 <= len(said) <= 64:
            raise SpecError("values", name, f"{name} is a list of {len(said)}", "write 1 to 64 numbers")
        return Items(tuple(_value(name, one, known) for one in said))
    return read_tree("values", name, name, said, ({}, {}), known)


def draw_bars(params: Mapping[str, Any]) -> Drawing:
    """any names → a bar for each and several for a list: a sheet's numbers, "?" what is not known yet."""
    bars: list[Bar] = []
    for name in params.get("named", params):
        if name not in TOLD_OF:  # which blank is in hand makes no bar
            value = params.get(name, nan)
            bars += named_bars(name, tuple(value) if isinstance(value, list) else value)
    return Drawing((Bars(tuple(bars), bars_told(bars)),), {})


FIGURES: Mapping[str, Draw] = {WRITTEN: draw_written, "bars": draw_bars}
