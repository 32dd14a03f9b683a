"""From an answer to a Verdict: right, following, misconceived, or slipped, line by line.

A field is *right*; or it *follows* (right, given what the learner typed before it); or a
*misconception* predicts it; or it is a *slip*. The misconception named is the one with most
(fields it explains − fields it predicts wrong that the learner had right), and of equal ones
the one that foretells most numbers, right ones too; still equal ones are told together. A right
field speaks against a misconception only where that bends the field's own rule: whoever has a
wrong kink and a right y beside it has found y by another way.
After Brown & VanLehn (1980): bugs are patched procedures, and people also slip.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Literal, assert_never, cast

from drops.events import Rating
from drops.exercises.answers import Answer, digit
from drops.exercises.blocks import Ask, Case, Choice, Design, Field, Knobs, Numbers, Order, Run, Show
from drops.exercises.worksheet import (
    Arithmetic,
    Line,
    Misconception,
    Values,
    figure,
    fill,
    line_named,
    worked_line,
    written,
)
from drops.exercises.worlds import Parted, parted, pictured, worlds
from drops.text import number, of_name, stated

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
    misconceptions: tuple[str, ...] = ()  # one, or two that cannot be told apart here
    title: str = ""  # the name of what went wrong, in the learner's words
    fields: tuple[FieldVerdict, ...] = ()
    repair: Repair | None = None
    line: str = ""
    options: tuple[str, ...] = ()  # feedback for every option of a Choice
    wanted: str = ""  # the right answer as a learner would type it
    score: float | None = None  # share of points, where an answer is scored
    earns: tuple[Rating, str] | None = None  # what a scored answer is for memory, and why
    noted: Mapping[str, int | bool] = field(default_factory=dict)  # kept with the answer: points, evidence
    worlds: tuple[Show, ...] = ()  # what was done beside what is to be done, where one mix-up is named
    parted: Parted | None = None  # the numbers of both

    def worlds_beside(self, ask: Ask | None) -> tuple[Show, ...]:
        """Both worlds, and the question's pictures in each."""
        drawn = pictured(ask, self.parted) if self.parted and isinstance(ask, Numbers) else ()
        return (*self.worlds, *drawn)

    @property
    def slips(self) -> int:
        """How many fields are wrong by themselves, neither following nor misconceived."""
        return sum(field.standing == "slip" for field in self.fields)

    @property
    def tells_line(self) -> bool:
        """Whether the worked line is part of the feedback, and need not be shown again."""
        return bool(self.line) and self.line in self.feedback

    @property
    def only_slip(self) -> bool:
        """Wrong, but by one careless number only: the method is right."""
        return not self.right and not self.misconceptions and self.slips == 1


def grade(
    ask: Ask,
    answer: Answer,
    sheet: Arithmetic | None,
    misconceptions: Mapping[str, Misconception],
    printed: tuple[str, ...] = (),
) -> Verdict:
    """The verdict on `answer`. Numbers need the exercise's arithmetic; a Design judges itself.

    `printed` names the fields whose right values the learner was shown.
    """
    match ask:
        case Numbers():
            if sheet is None:
                raise TypeError("Numbers are graded against a worksheet")
            return grade_numbers(ask.fields, cast(Values, answer), sheet, misconceptions, printed)
        case Choice():
            return grade_choice(ask, cast(tuple[int, ...], answer))
        case Order():
            return grade_order(ask, cast(tuple[int, ...], answer))
        case Knobs():
            return grade_knobs(ask, cast(Values, answer), misconceptions)
        case Run():
            return Verdict(True, "")
        case Design() | Case():
            raise TypeError("a Design or a Case is judged by its own exercise")
        case _:
            assert_never(ask)


def near(a: float, b: float, tolerance: float) -> bool:
    """Whether a typed number counts as `b`; a hair more than the tolerance, for binary fractions."""
    return abs(a - b) <= tolerance + 1e-9


def grade_numbers(
    fields: tuple[Field, ...],
    typed: Values,
    sheet: Arithmetic,
    misconceptions: Mapping[str, Misconception],
    printed: tuple[str, ...] = (),
) -> Verdict:
    """Field by field, then the one explanation that fits best."""
    paper = _Paper.of(fields, typed, sheet, printed)
    wanted = "; ".join(number(paper.right[f.name], 4) for f in fields)
    if paper.all_right:
        return Verdict(
            True,
            "Right." if len(fields) == 1 else f"All {len(fields)} right.",
            fields=paper.verdicts(frozenset()),
            wanted=wanted,
        )
    named, explained = diagnose(paper, sheet, misconceptions)
    verdicts = paper.verdicts(explained)
    told = next(v for v in verdicts if v.standing == ("misconception" if named else "slip"))
    line = line_named(sheet, told.name)
    field = next(f for f in fields if f.name == told.name)
    # a misconception is mended on the true numbers, a slip on the learner's own
    values = paper.right if named else {**paper.following, **paper.entered}
    answer = paper.right if named else paper.following
    both = parted(fields, sheet, misconceptions[named[0]], paper.shown) if len(named) == 1 else None
    title, feedback = (
        _named_feedback(named, told, sheet, misconceptions, paper)
        if named
        else ("a slip", _slip_feedback(verdicts, told, written(line, values)))
    )
    return Verdict(
        False,
        feedback,
        named,
        title,
        verdicts,
        repair=Repair(
            _once_more(line, told, paper) if named else written(line, values),
            answer[told.name],
            field.tolerance,
        ),
        line=worked_line(line, paper.right, told.label),
        wanted=wanted,
        worlds=worlds(fields, both) if both else (),
        parted=both,
    )


@dataclass(frozen=True)
class _Paper:
    """What was typed beside what is right, and what is right from what was typed."""

    fields: tuple[Field, ...]
    typed: Values
    shown: Values  # printed fields: the learner went on from these
    right: Values
    following: Values
    is_right: Mapping[str, bool]
    follows: Mapping[str, bool]

    @classmethod
    def of(
        cls, fields: tuple[Field, ...], typed: Values, sheet: Arithmetic, printed: tuple[str, ...]
    ) -> _Paper:
        right = sheet.run()
        shown = {name: right[name] for name in printed}
        following = sheet.run(entered={**shown, **typed})
        follows = {f.name: near(typed[f.name], following[f.name], f.tolerance) for f in fields}
        is_right: dict[str, bool] = {}
        for f in fields:
            # a number that only carries on the rounding of right ones before it is right
            carried = follows[f.name] and all(is_right.values())
            is_right[f.name] = near(typed[f.name], right[f.name], f.tolerance) or carried
        return cls(fields, typed, shown, right, following, is_right, follows)

    @property
    def entered(self) -> dict[str, float]:
        return {**self.shown, **self.typed}

    @property
    def all_right(self) -> bool:
        return all(self.is_right.values())

    def verdicts(self, explained: frozenset[str]) -> tuple[FieldVerdict, ...]:
        return tuple(
            FieldVerdict(
                f.name, f.label, self.typed[f.name], self.right[f.name], self._standing(f.name, explained)
            )
            for f in self.fields
        )

    def _standing(self, name: str, explained: frozenset[str]) -> Standing:
        if self.is_right[name]:
            return "right"
        if self.follows[name]:
            return "follows"
        return "misconception" if name in explained else "slip"


def diagnose(
    paper: _Paper, sheet: Arithmetic, misconceptions: Mapping[str, Misconception]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Which misconception(s) explain the wrong fields best, and which fields they explain."""
    best: list[tuple[tuple[int, int], str, frozenset[str]]] = []
    # the same number everywhere carries on from itself in many ways, and shows nothing
    alike = len(paper.fields) > 1 and len({*paper.typed.values()}) == 1
    for name, misconception in misconceptions.items():
        pure = sheet.run(swap=misconception.swap, entered=paper.shown)
        carried = pure if alike else sheet.run(swap=misconception.swap, entered=paper.entered)
        explains, foretold, contradicted = set[str](), 0, 0
        for f in paper.fields:
            t = paper.typed[f.name]
            fits_pure, fits = near(t, pure[f.name], f.tolerance), near(t, carried[f.name], f.tolerance)
            right, follows = paper.is_right[f.name], paper.follows[f.name]
            foretold += fits_pure
            # what merely follows from an earlier number is no evidence, unless the misconception
            # explains that earlier number
            if not right and (fits_pure or fits) and (not follows or (fits_pure and explains)):
                explains.add(f.name)
            # only a rule of this field's own is contradicted: a consequence may be found another way
            bent = carried[f.name] != paper.following[f.name]
            if (right or follows) and bent and not (fits or fits_pure):
                contradicted += 1
        if explains:
            best.append(((len(explains) - contradicted, foretold), name, frozenset(explains)))
    top = max((score for score, _, _ in best), default=(0, 0))
    if top[0] <= 0:
        return (), frozenset()
    named = [(name, explains) for score, name, explains in best if score == top]
    told = next(f.name for f in paper.fields if f.name in named[0][1])
    # what explains another number is no second reading of this one
    return tuple(name for name, explains in named if told in explains)[:2], named[0][1]


def _named_feedback(
    named: tuple[str, ...],
    told: FieldVerdict,
    sheet: Arithmetic,
    misconceptions: Mapping[str, Misconception],
    paper: _Paper,
) -> tuple[str, str]:
    """Its name, and what it makes of this draw's numbers."""
    one, yours = misconceptions[named[0]], of_name(told.label, number(told.typed, 6))
    if len(named) == 2:
        other = misconceptions[named[1]]
        fits = f"Your {yours.removeprefix('the ')} fits two things: {one.title}, or {other.title}. {one.rule}"
        return "one of these two", fits
    wrong = sheet.run(swap=one.swap, entered=paper.shown)
    tolerance = next(f.tolerance for f in paper.fields if f.name == told.name)
    if not near(wrong[told.name], told.typed, max(0.02, tolerance)):
        # it was carried on from one's own earlier numbers; what it gives is the rule's, not what was typed
        carried = sheet.run(swap=one.swap, entered=paper.entered)
        wrong = {**carried, **paper.entered, told.name: carried[told.name]}
    gives = fill(one.gives, _bent(sheet, told.name, one).sees(wrong))
    if one.convention:
        return one.title, f"{yours} is a legitimate other convention: {gives}. Here: {one.rule}"
    return one.title, f"Your {yours.removeprefix('the ')} is what you get if {gives}. {one.rule}"


def _bent(sheet: Arithmetic, name: str, misconception: Misconception) -> Line:
    """The line that a misconception is told about: the one called `name`, or the last before it that it
    bends, where that one only shows a consequence."""
    upto = sheet.lines[: sheet.lines.index(line_named(sheet, name)) + 1]
    return next((line for line in reversed(upto) if line.swapped(misconception.swap)), upto[-1])


def _once_more(line: Line, told: FieldVerdict, paper: _Paper) -> str:
    """What to work out once more, by its name: the formula would leave nothing but a sum to do. Right
    numbers that it is worked out from are given, where the learner had others.
    """
    names = (line.reads.get(name, name) for _, name, _, _ in Formatter().parse(line.formula) if name)
    wrong = [f for name in names for f in paper.fields if f.name == name and not paper.is_right[name]]
    given = ", ".join(stated(f.label, figure(paper.right[f.name])) for f in dict.fromkeys(wrong))
    return f"if {given}, {told.label}" if given else told.label


def _slip_feedback(verdicts: tuple[FieldVerdict, ...], told: FieldVerdict, formula: str) -> str:
    slips = sum(v.standing == "slip" for v in verdicts)
    follows = any(v.standing == "follows" for v in verdicts)
    if slips == 1 and len(verdicts) > 1:
        rest = "the rest follows from your own number" if follows else "the rest is right"
        return f"The method is right and {rest}. Recheck one sum: {stated(told.label, formula)}."
    return f"Start at {told.label} and recheck: {formula}."


def grade_choice(ask: Choice, picked: tuple[int, ...]) -> Verdict:
    """Right when exactly the right options are picked; every option gets its say."""
    wanted = tuple(i for i, option in enumerate(ask.options) if option.right)
    feedback = tuple(option.feedback for option in ask.options)
    digits = ", ".join(digit(i) for i in wanted)
    if picked == wanted:
        return Verdict(
            True,
            feedback[picked[0]] if len(picked) == 1 else "Exactly these.",
            options=feedback,
            wanted=digits,
        )
    wrong = [i for i in picked if i not in wanted] or [i for i in wanted if i not in picked]
    named = tuple(dict.fromkeys(ask.options[i].diagnoses for i in wrong if ask.options[i].diagnoses))
    return Verdict(
        False,
        feedback[wrong[0]],
        named[:2],
        options=feedback,
        wanted=digits,
        line=feedback[wanted[0]] if wanted else "",
    )


def grade_order(ask: Order, order: tuple[int, ...]) -> Verdict:
    """Right when every piece stands where it should; else the right order is part of what is said."""
    wanted, line = " ".join(digit(i) for i in ask.right), right_order(ask)
    if order == ask.right:
        return Verdict(True, ask.feedback, wanted=wanted, line=line)
    return Verdict(False, f"{line} {ask.feedback}", wanted=wanted, line=line)


def right_order(ask: Order) -> str:
    """The pieces as they belong: "The right order: multiply, then add." Pieces with a comma of their own
    are parted by more than that.
    """
    pieces = [ask.pieces[i] for i in ask.right]
    between = "; " if any("," in piece for piece in pieces) else ", then "
    return f"The right order: {between.join(pieces)}."


def grade_knobs(ask: Knobs, values: Values, misconceptions: Mapping[str, Misconception]) -> Verdict:
    """Right when the goal is reached; a setting that shows a misconception is told so."""
    wanted = "; ".join(number(ask.solution[knob.name]) for knob in ask.knobs)
    if ask.reached(values):
        return Verdict(True, ask.feedback, wanted=wanted)
    name = ask.diagnose(values)
    line = ", ".join(f"{knob.label} = {number(ask.solution[knob.name])}" for knob in ask.knobs)
    if ask.told is not None:
        title = misconceptions[name].title if name in misconceptions else ""
        return Verdict(
            False, ask.told(values), (name,) if name else (), title, wanted=wanted, line=line
        )
    if name:
        found = misconceptions[name]
        now = ", ".join(f"{knob.label} = {number(values[knob.name])}" for knob in ask.knobs)
        told = f"With {now} {fill(found.gives, values)}. {found.rule}"
        return Verdict(False, told, (name,), found.title, wanted=wanted, line=line)
    return Verdict(False, ask.feedback, wanted=wanted, line=line)
