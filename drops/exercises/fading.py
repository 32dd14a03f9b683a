"""How much of an exercise is left to the learner, and whose wrong line is looked for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np

from drops.exercises.blocks import (
    Beside,
    Choice,
    Field,
    Matrix,
    Numbers,
    Option,
    Sheet,
    Show,
    Step,
    Surface,
    Wires,
)
from drops.exercises.exercise import Exercise
from drops.exercises.fairness import armed, numbers
from drops.exercises.grading import near
from drops.exercises.levels import FEWEST_LINES, HIGHEST
from drops.exercises.sheets import filled, listed, unheaded
from drops.exercises.steps import do
from drops.exercises.worksheet import Arithmetic, Values, figure, fill, line_named, worked_line
from drops.text import of_name, stated

T = TypeVar("T")
MEND = "mend"  # the step in which a line that was found is mended
AT = "@"  # between a misconception and the field that shows it first


def asked(exercise: Exercise, level: int) -> frozenset[str]:
    """The fields left blank at a fading level 0 … 2 (backward fading: the last ones first)."""
    names = [field.name for field in exercise.fields]
    third, half = -(-len(names) // 3), -(-len(names) // 2)
    # two at least where there are three: a single number is too easily always 0
    blanks = {0: max(third, min(2, half)), 1: half}.get(level, len(names))
    return frozenset(names[len(names) - blanks :])


def short_form(exercise: Exercise) -> frozenset[str]:
    """The one field of a sheet's short form, the others printed: of those that no later one is made
    from, so that nothing printed gives it away. Which, depends on the numbers alone.
    """
    names = [field.name for field in exercise.fields]
    if not names:
        return frozenset()
    right = exercise.worksheet.run()
    ends = [name for name in names if not _is_used(exercise, name, names)] or names[-1:]
    # not one that is 0, where there is another: 0 is what is typed blindly
    return frozenset([_one_of(exercise, [name for name in ends if right[name]] or ends)])


def _is_used(exercise: Exercise, name: str, names: Sequence[str]) -> bool:
    """Whether another field comes out otherwise where something else is entered for this one."""
    sheet = exercise.worksheet
    right = sheet.run()
    other = sheet.run(entered={name: right[name] + 1.25})
    return any(one != name and not near(other[one], right[one], 1e-12) for one in names)


def steps(
    exercise: Exercise, level: int, answers: Mapping[str, str], bug: str = "", *, short: bool = False
) -> tuple[Step, ...]:
    """The exercise's steps at a fading level; at level 3 "do" is to find the line that went wrong.
    `short` asks one field alone, at the levels below.
    """
    finds = _finds(exercise, level)
    blanks = short_form(exercise) if short and not finds else asked(exercise, level)
    made = tuple(_pictured(exercise, step) for step in exercise.steps(blanks, answers))
    graded = graded_step(made)
    if finds and isinstance(graded.ask, Numbers):
        at = made.index(graded)
        made = (*made[:at], *wrong_line(exercise, graded, graded.ask, bug), *made[at + 1 :])
    return tuple(_with_code(exercise, step) for step in made)


def _with_code(exercise: Exercise, step: Step) -> Step:
    """The step with the sheet as a program, where it asks for a number of the sheet."""
    ask, names = step.ask, {field.name for field in exercise.fields}
    if not isinstance(ask, Numbers) or names.isdisjoint(field.name for field in ask.fields):
        return step
    return replace(step, ask=replace(ask, code=exercise.as_script))


def _pictured(exercise: Exercise, step: Step) -> Step:
    """The step with the exercise's picture beside its blanks; what is printed stands in it from the start."""
    ask = step.ask
    if not isinstance(ask, Numbers):
        return step
    right, blanks = exercise.worksheet.run(), {field.name for field in ask.fields}
    if blanks.isdisjoint(field.name for field in exercise.fields):
        return step  # a prediction: nothing of the sheet is known yet
    printed = {field.name: right[field.name] for field in exercise.fields if field.name not in blanks}

    def picture(typed: Values, hand: str) -> tuple[Show, ...]:
        return tuple(_leading_to(blanks, one) for one in exercise.picture({**printed, **typed}, hand))

    return replace(step, ask=replace(ask, picture=picture))


def _leading_to(blanks: set[str], shown: Show) -> Show:
    """A picture whose parts lead to these blanks and to no others."""
    if isinstance(shown, Beside):
        return replace(shown, blocks=tuple(_leading_to(blanks, one) for one in shown.blocks))
    if isinstance(shown, Wires):
        return replace(shown, blanks={at: name for at, name in shown.blanks.items() if name in blanks})
    return shown


def _let_go(shown: Show) -> Show:
    """A picture with nothing in hand, which leads to no blank."""
    if isinstance(shown, Beside):
        return replace(shown, blocks=tuple(map(_let_go, shown.blocks)))
    if isinstance(shown, Wires):
        return replace(shown, hand="", lit=(), blanks={})
    return replace(shown, lit=None) if isinstance(shown, Surface) else shown


def graded_step(made: tuple[Step, ...]) -> Step:
    """The one step whose first try feeds memory: the first "do" that asks something."""
    return next(step for step in made if step.part == "do" and step.ask is not None)


def wrong_line(exercise: Exercise, step: Step, ask: Numbers, bug: str) -> tuple[Step, Step]:
    """The learner's own sheet as somebody filled it in, with one rule broken in one place; then, what the
    first wrong number should be.

    It shows what is given and what came out, and not how: to find the line is to do the reasoning
    again. `bug` is what `rule_to_break` gave; "" picks a place, and then one that breaks there, as answers
    hold it that were given before rules were drawn by how easily they are seen.
    """
    sheet = exercise.worksheet
    right, fields = sheet.run(), ask.fields
    works = _broken_once(exercise, sheet, right)
    name, _, at = bug.partition(AT)
    mine = [work for work in works if work.bug == name and at in ("", fields[work.guilty].name)]
    if not mine:
        guilty = _one_of(exercise, sorted({work.guilty for work in works}))
        mine = [work for work in works if work.guilty == guilty]
    broken = _one_of(exercise, mine)

    def feedback(i: int) -> str:
        field, line, value = fields[i], line_named(sheet, fields[i].name), broken.values[fields[i].name]
        if i == broken.guilty:
            found = exercise.misconceptions[broken.bug]
            came = f"{of_name(field.label, figure(value))} comes out if {broken.gives}"
            return f"{found.title.capitalize()}: {came}. {found.rule}"
        is_right = near(value, right[field.name], field.tolerance)
        stands = "No mistake here" if is_right else "No mistake of its own, it follows from what is above"
        return f"{stands}: {worked_line(line, broken.values, field.label)}."

    texts = [stated(field.label, figure(broken.values[field.name])) for field in fields]
    options = tuple(Option(text, i == broken.guilty, feedback(i)) for i, text in enumerate(texts))
    empty = ask.sheet or listed(sheet, fields, frozenset(field.name for field in fields), "")
    prompt = "Somebody worked this out and broke one rule once. Which number is the first wrong one?"
    came = {field.name: broken.values[field.name] for field in exercise.fields}
    first_wrong = fields[broken.guilty]
    stands = of_name(first_wrong.label, figure(broken.values[first_wrong.name]))
    asks = f"The first wrong number is {stands}. What should it be?"
    printed = {name: came[name] for name in came if name != first_wrong.name}

    def picture(typed: Values, hand: str) -> tuple[Show, ...]:
        shown = exercise.picture({**printed, **typed}, hand)
        return tuple(_leading_to({first_wrong.name}, one) for one in shown)

    mends = Numbers(asks, (first_wrong,), filled(empty, printed), picture=picture)
    more = _beyond_a_list(empty, fields)  # the options are such a list
    told = () if more is None else (filled(more, came),)
    # which number is wrong is not known yet: in hand is none of them
    drawn = tuple(_let_go(one) for one in exercise.picture(came, fields[0].name))
    if len(drawn) > 1 and all(isinstance(one, Matrix) for one in drawn):
        drawn = (Beside(drawn),)  # as one picture they make room together
    find = do(*step.show, *drawn, *told, ask=Choice(prompt, options), name=step.name)
    return find, do(*step.show, ask=mends, name=MEND)


def rule_to_break(exercise: Exercise, level: int, own: str = "") -> str:
    """Which rule is broken where the wrong line is to be found: the learner's own misconception where it can
    be, else one as `rule@field`, drawn so that no look of the numbers finds it; `own` where no line is looked
    for.
    """
    if not _finds(exercise, level):
        return own
    sheet = exercise.worksheet
    works = _broken_once(exercise, sheet, sheet.run())
    if not works or any(work.bug == own for work in works):
        return own
    names = [field.name for field in exercise.fields]
    drawn = _one_of(exercise, works, how_often(works, names))
    return f"{drawn.bug}{AT}{names[drawn.guilty]}"


def _finds(exercise: Exercise, level: int) -> bool:
    return level == HIGHEST and len(exercise.fields) >= FEWEST_LINES


def _beyond_a_list(sheet: Sheet, fields: Sequence[Field]) -> Sheet | None:
    """What a sheet says beyond which numbers there are: of a list the rows that are printed, if any."""
    names = {field.label for field in fields}
    listed = all(len(row) == 2 and (row[0] in names or isinstance(row[1], str)) for row in sheet.rows)
    if not listed:
        return sheet
    rows = tuple(row for row in sheet.rows if isinstance(row[1], str))
    return replace(unheaded(sheet), rows=rows) if rows else None


class _Work(NamedTuple):
    """A worksheet with one misconception in one line, and the first field that shows it."""

    bug: str
    guilty: int
    values: Values
    gives: str  # what was done instead, with these numbers


def _broken_once(exercise: Exercise, sheet: Arithmetic, right: Values) -> list[_Work]:
    """Every misconception in every line that it bends, where what is said of it holds."""
    found: list[_Work] = []
    for bug, misconception in armed(exercise).items():
        if misconception.convention:
            continue
        pure = sheet.run(swap=misconception.swap)
        for line in sheet.lines:
            rule = line.swapped(misconception.swap)
            if rule is None:
                continue
            values = sheet.run(swap={line.name: rule})
            off = [not near(values[f.name], right[f.name], f.tolerance) for f in exercise.fields]
            told = [fill(misconception.gives, line.sees(run)) for run in (values, pure)]
            if True in off and told[0] == told[1]:
                found.append(_Work(bug, off.index(True), values, told[0]))
    return found


def _one_of(exercise: Exercise, choices: Sequence[T], often: Sequence[float] | None = None) -> T:
    """One of `choices`, the same for the same numbers; all alike, or each as `often` as told."""
    text = repr(numbers(exercise)).encode()
    hashed = int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "big")
    if often is None:
        return choices[hashed % len(choices)]
    upto = np.searchsorted(np.cumsum(often), hashed / 2**32, side="right")
    return choices[min(len(choices) - 1, int(upto))]


# ── no look finds it ──────────────────────────────────────────────────────────────────────
# Who knows nothing looks for the first negative number, the largest, the one with most digits. Some rules,
# once broken, show to such an eye: those are asked less often, until no look finds more than another.


def _first(values: Sequence[float], is_so: Callable[[float], bool]) -> int:
    """The place of the first such number; the first place where there is none."""
    return next((i for i, value in enumerate(values) if is_so(value)), 0)


def _last(values: Sequence[float], is_so: Callable[[float], bool]) -> int:
    return len(values) - 1 - _first(values[::-1], is_so)


def _where(choose: Callable[..., int], by: Callable[[float], float], values: Sequence[float]) -> int:
    return choose(range(len(values)), key=lambda i: by(values[i]))


def _digits(value: float) -> int:
    return len(re.sub(r"\D", "", figure(value)))


LOOKS: tuple[Callable[[Sequence[float]], int], ...] = (
    partial(_first, is_so=lambda value: value < 0),
    partial(_last, is_so=lambda value: value < 0),
    partial(_first, is_so=lambda value: value == 0),
    partial(_first, is_so=lambda value: value % 1 != 0),
    *(partial(_where, choose, by) for choose in (max, min) for by in (float, abs, _digits)),
)
A_PLACE = 1.6  # a place is easier to keep to than a look: it is to pay less
ROUNDS, PACE = 150, 0.3  # of two who learn from each other: until neither gains


def how_often(works: Sequence[_Work], names: Sequence[str]) -> list[float]:
    """How often each of the works is to be asked, so that no look and no place finds more than it must.

    Two play against each other: one keeps to the look that has found most so far, the other asks what has
    been found least. What each does on the whole is what neither can better (Freund, Schapire 1999).
    """
    guilty = [work.guilty for work in works]
    values = [[work.values[name] for name in names] for work in works]
    found = [[float(look(row) == at) for row, at in zip(values, guilty, strict=True)] for look in LOOKS]
    found += [[A_PLACE * (at == place) for at in guilty] for place in sorted(set(guilty))]
    table = np.array(found)
    looked, asked, told = np.zeros(len(table)), np.zeros(len(works)), np.zeros(len(works))
    for _ in range(ROUNDS):
        look, ask = np.exp(looked - looked.max()), np.exp(asked - asked.max())
        look, ask = look / look.sum(), ask / ask.sum()
        looked += PACE * (table @ ask)
        asked -= PACE * (look @ table)
        told += ask / ROUNDS
    return [float(share) for share in told]
