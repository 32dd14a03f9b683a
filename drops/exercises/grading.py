"""From an answer to a Verdict: right, following, misconceived, or slipped, line by line.

A field is *right*; or it *follows* (right, given what the learner typed before it); or a
*misconception* predicts it; or it is a *slip*. The misconception named is the one with most
(fields it explains − fields it predicts wrong that the learner had right); equal ones are
told together. After Brown & VanLehn (1980): bugs are patched procedures, and people also slip.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, assert_never, cast

from drops.exercises.answers import Answer
from drops.exercises.blocks import Ask, Choice, Design, Field, Knobs, Numbers, Order, Run
from drops.exercises.worksheet import Arithmetic, Misconception, Values, fill
from drops.text import number

Standing = Literal["right", "follows", "misconception", "slip"]


@dataclass(frozen=True)
class FieldVerdict:
    """One field: what was typed, what was wanted, and how it stands."""

    name: str
    label: str
    typed: float
    wanted: float
    standing: Standing


@dataclass(frozen=True)
class Repair:
    """One small question on the same numbers."""

    question: str
    answer: float
    tolerance: float = 0.005


@dataclass(frozen=True)
class Verdict:
    """What an answer shows. `feedback` is at most 45 words; `line` is the worked line."""

    right: bool
    feedback: str
    misconceptions: tuple[str, ...] = ()     # one, or two that cannot be told apart here
    title: str = ""                          # the name of what went wrong, in the learner's words
    fields: tuple[FieldVerdict, ...] = ()
    repair: Repair | None = None
    line: str = ""
    options: tuple[str, ...] = ()            # feedback for every option of a Choice
    wanted: str = ""                         # the right answer as a learner would type it
    score: float | None = None               # share of points, where an answer is scored

    @property
    def slips(self) -> int:
        """How many fields are wrong by themselves, neither following nor misconceived."""
        return sum(field.standing == "slip" for field in self.fields)

    @property
    def only_slip(self) -> bool:
        """Wrong, but by one careless number only: the method is right."""
        return not self.right and not self.misconceptions and self.slips == 1


def grade(ask: Ask, answer: Answer, sheet: Arithmetic | None, misconceptions: Mapping[str, Misconception]) -> Verdict:
    """The verdict on `answer`. Numbers need the exercise's arithmetic; a Design judges itself."""
    match ask:
        case Numbers():
            assert sheet is not None, "Numbers are graded against a worksheet"
            return grade_numbers(ask.fields, cast(Values, answer), sheet, misconceptions)
        case Choice():
            return grade_choice(ask, cast(tuple[int, ...], answer))
        case Order():
            return grade_order(ask, cast(tuple[int, ...], answer))
        case Knobs():
            return grade_knobs(ask, cast(Values, answer), misconceptions)
        case Run():
            return Verdict(True, "")
        case Design():
            raise TypeError("a Design is judged by its own exercise")
        case _:
            assert_never(ask)


def near(a: float, b: float, tolerance: float) -> bool:
    """Whether a typed number counts as `b`; a hair more than the tolerance, for binary fractions."""
    return abs(a - b) <= tolerance + 1e-9


def grade_numbers(
    fields: tuple[Field, ...], typed: Values, sheet: Arithmetic, misconceptions: Mapping[str, Misconception]
) -> Verdict:
    """Field by field, then the one explanation that fits best."""
    right, following = sheet.run(), sheet.run(entered=typed)
    is_right = {f.name: near(typed[f.name], right[f.name], f.tolerance) for f in fields}
    follows = {f.name: near(typed[f.name], following[f.name], f.tolerance) for f in fields}
    if all(is_right.values()):
        verdicts = tuple(FieldVerdict(f.name, f.label, typed[f.name], right[f.name], "right") for f in fields)
        return Verdict(True, _all_right(fields), fields=verdicts, wanted=_wanted(fields, right))
    named, explained = diagnose(fields, typed, sheet, misconceptions)

    def standing(name: str) -> Standing:
        if is_right[name]:
            return "right"
        if name in explained:
            return "misconception"
        return "follows" if follows[name] else "slip"

    verdicts = tuple(
        FieldVerdict(f.name, f.label, typed[f.name], right[f.name], standing(f.name)) for f in fields
    )
    first = next(v for v in verdicts if v.standing not in ("right", "follows"))
    title, feedback = _feedback(named, first, sheet, misconceptions, typed)
    written = sheet.written(first.name, {**right, **_earlier(sheet, typed, first.name)} if not named else right)
    question = written.rpartition(" = ")[0]
    repair = Repair(question, right[first.name] if named else following[first.name],
                    next(f.tolerance for f in fields if f.name == first.name))
    return Verdict(False, feedback, named, title, verdicts, repair,
                   f"{first.label} = {sheet.written(first.name, right)}", wanted=_wanted(fields, right))


def _earlier(sheet: Arithmetic, typed: Values, name: str) -> dict[str, float]:
    """What was typed before line `name`, and that line from there."""
    out: dict[str, float] = {}
    for line in sheet.lines:
        if line.name == name:
            return {**out, name: sheet.run(entered=typed)[name]}
        if line.name in typed:
            out[line.name] = typed[line.name]
    return out


def diagnose(
    fields: tuple[Field, ...], typed: Values, sheet: Arithmetic, misconceptions: Mapping[str, Misconception]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Which misconception(s) explain the wrong fields best, and which fields they explain."""
    right, following = sheet.run(), sheet.run(entered=typed)
    best: list[tuple[tuple[int, int], str, frozenset[str]]] = []
    for name, misconception in misconceptions.items():
        pure = sheet.run(swap=misconception.swap)
        carried = sheet.run(swap=misconception.swap, entered=typed)
        explains, exact, contradicted = set[str](), 0, 0
        for f in fields:
            t = typed[f.name]
            wrong = not near(t, right[f.name], f.tolerance)
            fits_pure, fits = near(t, pure[f.name], f.tolerance), near(t, carried[f.name], f.tolerance)
            if wrong and (fits_pure or fits):
                # a field that merely follows explains nothing unless the misconception bends it itself
                if fits_pure or not near(t, following[f.name], f.tolerance):
                    explains.add(f.name)
                    exact += fits_pure
            elif not (fits or fits_pure) and (not wrong or near(t, following[f.name], f.tolerance)):
                contradicted += 1
        if explains:
            best.append(((len(explains) - contradicted, exact), name, frozenset(explains)))
    top = max((score for score, _, _ in best), default=(0, 0))
    if top[0] <= 0:
        return (), frozenset()
    named = [(name, explains) for score, name, explains in best if score == top]
    return tuple(name for name, _ in named[:2]), named[0][1]


def _feedback(
    named: tuple[str, ...], first: FieldVerdict, sheet: Arithmetic, misconceptions: Mapping[str, Misconception], typed: Values
) -> tuple[str, str]:
    if not named:
        before = [line.label for line in sheet.lines if line.name in typed]
        own = " from your own earlier numbers" if before and before[0] != first.label else ""
        return "a slip", f"The method can be right and one number wrong: recheck {first.label}{own}."
    one = misconceptions[named[0]]
    if len(named) == 2:
        other = misconceptions[named[1]]
        return "one of these two", (
            f"Your {first.label} = {number(first.typed)} fits two things: {one.title}, or {other.title}. {one.rule}"
        )
    wrong = sheet.run(swap=one.swap)
    gives = fill(one.gives, wrong)
    if one.convention:
        return one.title, f"{first.label} = {number(first.typed)} is a legitimate other convention: {gives}. Here: {one.rule}"
    return one.title, f"Your {first.label} = {number(first.typed)} is what you get if {gives}. {one.rule}"


def _all_right(fields: tuple[Field, ...]) -> str:
    return "Right." if len(fields) == 1 else f"All {len(fields)} right."


def _wanted(fields: tuple[Field, ...], right: Values) -> str:
    return "; ".join(number(right[f.name], 4) for f in fields)


def grade_choice(ask: Choice, picked: tuple[int, ...]) -> Verdict:
    """Right when exactly the right options are picked; every option gets its say."""
    wanted = tuple(i for i, option in enumerate(ask.options) if option.right)
    feedback = tuple(option.feedback for option in ask.options)
    letters = ", ".join("abcdefghij"[i] for i in wanted)
    if picked == wanted:
        return Verdict(True, feedback[picked[0]] if len(picked) == 1 else "Exactly these.", options=feedback, wanted=letters)
    wrong = [i for i in picked if i not in wanted] or [i for i in wanted if i not in picked]
    named = tuple(dict.fromkeys(ask.options[i].diagnoses for i in wrong if ask.options[i].diagnoses))
    return Verdict(False, feedback[wrong[0]], named[:2], options=feedback, wanted=letters,
                   line=feedback[wanted[0]] if wanted else "")


def grade_order(ask: Order, order: tuple[int, ...]) -> Verdict:
    """Right when every piece stands where it should."""
    wanted = " ".join("abcdefghij"[i] for i in ask.right)
    return Verdict(order == ask.right, ask.feedback, wanted=wanted,
                   line=" → ".join(ask.pieces[i] for i in ask.right))


def grade_knobs(ask: Knobs, values: Values, misconceptions: Mapping[str, Misconception]) -> Verdict:
    """Right when the goal is reached; a setting that shows a misconception is told so."""
    wanted = "; ".join(number(ask.solution[knob.name]) for knob in ask.knobs)
    if ask.reached(values):
        return Verdict(True, ask.feedback, wanted=wanted)
    name = ask.diagnose(values)
    line = ", ".join(f"{knob.label} = {number(ask.solution[knob.name])}" for knob in ask.knobs)
    if name:
        found = misconceptions[name]
        return Verdict(False, f"{found.title.capitalize()}. {found.rule}", (name,), found.title, wanted=wanted, line=line)
    return Verdict(False, ask.feedback, wanted=wanted, line=line)
