"""The exercise kind `written`: a worksheet that stands in the Markdown, drawn, graded and faded as any other.

given w = 3, x = 2    lines z = w·x, a = relu(z − 7)    →    z = 6, a = 0
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from math import isnan
from typing import Any, ClassVar, Self, TypeVar, cast

import numpy as np

from drops.errors import Unknown
from drops.exercises import fairness
from drops.exercises.blocks import Ask, Beside, Choice, Field, Numbers, Option, Sheet, Show, Step, Words
from drops.exercises.examples import like, looked_at
from drops.exercises.exercise import Exercise
from drops.exercises.figure import Draw, Drawing
from drops.exercises.formulas.draws import TRIES
from drops.exercises.formulas.texts import fill_text
from drops.exercises.formulas.tree import Tree, Undefined, Value, names
from drops.exercises.formulas.working_out import holds, single, work_out
from drops.exercises.script import ScriptLines
from drops.exercises.sheets import Fields, blank, listed, worked_through
from drops.exercises.sketches import Sketch
from drops.exercises.steps import (
    Answers,
    do,
    explain,
    foresaw,
    foresaw_number,
    predict,
    seen_then_run,
    shuffled,
)
from drops.exercises.worksheet import Line, Misconception, Rule, Values, Worksheet, figure, result
from drops.exercises.written.asking import AskDrawn, AskNumber, Guess, NamedFigure, Question
from drops.exercises.written.drawing import Maker, has_map, sketched
from drops.exercises.written.keys import ALIKE, SpecError, no_draw
from drops.exercises.written.lists import grids, numbers_in
from drops.exercises.written.pictures import Known, painted
from drops.exercises.written.printing import letter, strip_of, symbols, template
from drops.exercises.written.spec import Spec, WrittenLine, read_spec
from drops.exercises.written.working import answers_of, out_of_bounds, worked
from drops.text import number

Card = TypeVar("Card", bound=Guess)
FORETOLD = "foretold-number"  # no name of an author's line has a hyphen
MOST_ALIKE = 500  # draws in which mix-ups look alike
GUESSES = (12.0, 40.0, 0.3, 700.0)


@dataclass(frozen=True)
class Written(Exercise):
    """Numbers drawn for an author's formulas; the formulas stand in the fence and are not stored."""

    given: tuple[tuple[str, Any], ...]  # name and value, in their order
    spec: Spec = field(metadata={"drawn": False})
    was: tuple[tuple[str, Any], ...] = field(default=(), metadata={"drawn": False})  # an older form's numbers

    kind = "written"
    figures: ClassVar[Mapping[str, Draw]] = {}  # by name; the subjects bring them

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """Fair numbers that meet every condition. Raises SpecError."""
        spec = read_spec(params)

        def pick(below: int) -> int:
            return int(rng.integers(below))

        kept, fails = spec.draws.kept(pick), Counter[str]()
        for _ in range(TRIES):
            try:
                made = cls(tuple(spec.draws.once(pick, kept).items()), spec)
                why = made._unfit()
            except Undefined as problem:
                why = str(problem)
            if not why:
                return made
            fails[why] += 1
            if fails[why] == MOST_ALIKE and (why.endswith(ALIKE) or why.startswith("mixup ")):
                break  # one in fifty would do: they look alike in every draw
        raise no_draw(fails)

    @classmethod
    def restored(cls, stored: Mapping[str, Any], params: Mapping[str, Any]) -> Self:
        """The numbers in the fence as it stands now; also those of the kind that it was before it was data.
        Raises KeyError where one of them is missing.
        """
        spec = read_spec(params)
        if "given" in stored:
            return cls(tuple(spec.draws.named(dict(stored["given"])).items()), spec)
        known = [name for name in spec.draws.stored_names if name in stored]
        was = tuple((name, stored[name]) for name in (*known, *(n for n in stored if n not in known)))
        then = stored.get("asks") or stored.get("only") or ()  # what it asked for then
        cells = tuple(cell.name for cell in spec.cells if cell.name in then)
        spec = spec._replace(asks=cells or spec.asks)
        return cls(tuple(spec.draws.named(stored).items()), spec, was)

    def as_stored(self) -> dict[str, Any]:
        """As they were stored first: what is picked by these numbers stays what it was."""
        return dict(self.was) or super().as_stored()

    def _unfit(self) -> str:
        """Why these numbers may not be asked; "" where they may."""
        if why := out_of_bounds(self.spec, self._worked):
            return why
        alike = fairness.alike(self)
        for name in (name for name in alike if name in self.spec.mixups):
            wrong = self.worksheet.run(swap=self._mixups[name].swap)
            if any(isnan(wrong[one.name]) for one in self.fields):
                return f"mixup {name}, which gives no number"
        return f"{' and '.join(alike)} {ALIKE}" if alike else ""

    # ── the arithmetic ──

    @cached_property
    def _given(self) -> dict[str, Value | str]:
        return dict(self.given)

    @cached_property
    def _worked(self) -> dict[str, Value | str]:
        """Givens and all lines, worked out right. Raises Undefined."""
        return worked(self.spec, self._given)

    def _told(self, values: Mapping[str, Value | str]) -> dict[str, Value | str]:
        """What texts may read: lines over `each` as lists, too."""
        lists = {line: tuple(values[cell] for cell in cells) for line, cells in self.spec.lists.items()}
        return {**values, **cast(dict[str, "Value | str"], lists)}

    def _filled(self, text: str, **more: str | float) -> str:
        try:
            return fill_text(text, {**self._told(self._worked), **more})
        except Undefined as problem:
            raise Undefined(f"“{text}”: {problem}") from None

    def _holds(self, tree: Tree) -> bool:
        try:
            return holds(tree, self._worked)
        except Undefined as problem:
            raise Undefined(f"when “{symbols(tree, self._given, {})}”: {problem}") from None

    def _rule(self, tree: Tree) -> Rule:
        true = self._worked  # a mix-up may read a line that is neither asked nor printed
        read = {*names(tree)}

        def rule(values: Values) -> float:
            seen = {name: true[name] for name in read if name in true}
            return single(tree, seen | {name: values[name] for name in read if name in values})

        return rule

    @cached_property
    def _in_sheet(self) -> tuple[WrittenLine, ...]:
        """The cells that are asked, and hidden ones that they need."""
        asked = {*self.spec.asks}
        wanted = set(asked)
        for cell in reversed(self.spec.cells):
            if cell.name in wanted:
                wanted |= {*names(cell.rule)} - {name for name, _ in self.given}
        return tuple(c for c in self.spec.cells if c.name in asked or (c.name in wanted and not c.ask))

    @cached_property
    def _printed(self) -> tuple[WrittenLine, ...]:
        """Cells that are not asked and that those asked read: they are printed, and true."""
        mine = {cell.name for cell in self._in_sheet}
        read = {name for cell in self._in_sheet for name in names(cell.rule)}
        return tuple(c for c in self.spec.cells if c.name in read and c.name not in mine)

    @cached_property
    def worksheet(self) -> Worksheet:
        scalars: dict[str, float] = {}
        for name, value in self._given.items():
            scalars |= numbers_in(name, value)
        scalars |= {cell.name: cast(float, self._worked[cell.name]) for cell in self._printed}
        lines = tuple(
            Line(
                cell.name,
                self._label(cell),
                self._rule(cell.rule),
                cell.written or template(cell.rule, self._given),
                cell.symbols or symbols(cell.rule, self._given, self.spec.letters),
                at={key: self._given[at] if isinstance(at, str) else at for key, at in cell.at.items()},
            )
            for cell in self._in_sheet
        )
        return Worksheet(scalars, (*lines, *self._foretold))

    def as_program(self) -> ScriptLines:
        """The author's own formulas, over lists as they were given."""
        given = {name: value for name, value in self.given if not isinstance(value, str)}
        cells = {cell.name: cell for cell in (*self._printed, *self._in_sheet)}
        return ScriptLines(given, tuple((c.name, c.rule) for c in self.spec.cells if c.name in cells))

    @property
    def _foretold(self) -> tuple[Line, ...]:
        """A prediction of a number as a line, so that it is graded as the sheet is."""
        guess = self.guess
        if not isinstance(guess, AskNumber):
            return ()
        tree, worked = guess.answer, self._worked
        shown = template(tree, worked), symbols(tree, self._given, self.spec.letters)
        return (Line(FORETOLD, "your number", lambda v: single(tree, {**worked, **v}), *shown),)

    def _label(self, cell: WrittenLine) -> str:
        return self._filled(cell.label, **cell.at) if cell.label else letter(cell.name, self.spec.letters)

    @cached_property
    def fields(self) -> Fields:
        return tuple(
            Field(cell.name, self._label(cell), self._tol(cell), cell.example or self._example(cell))
            for cell in self._in_sheet
            if cell.ask
        )

    def _example(self, cell: WrittenLine) -> str:
        """A number that could be typed, and neither is right nor has a name."""
        said = [cast(float, self._worked[cell.name])]
        for mixup in self.spec.mixups.values():
            if cell.name in mixup.swap:
                said.append(result(self._rule(mixup.swap[cell.name]), cast(Values, self._worked)))
        answers = looked_at(self.spec, answers_of).get(cell.name, said)
        return like(answers, said, self._tol(cell))

    def _tol(self, cell: WrittenLine) -> float:
        return abs(single(cell.tol, self._worked))

    @property
    def misconceptions(self) -> Mapping[str, Misconception]:
        """The author's, in the words of these numbers."""
        return self._mixups

    @cached_property
    def _mixups(self) -> dict[str, Misconception]:
        return {
            name: Misconception(
                self._filled(one.title),
                _gives(self, one.gives),
                self._filled(one.rule),
                {cell: self._rule(tree) for cell, tree in one.swap.items()},
                one.convention,
            )
            for name, one in self.spec.mixups.items()
        }

    @classmethod
    def titles(cls, params: Mapping[str, Any]) -> Mapping[str, str]:
        return {name: one.title for name, one in read_spec(params).mixups.items()}

    # ── predict, do, see, explain ──

    def steps(self, asked: frozenset[str], answers: Answers) -> tuple[Step, ...]:
        guess, why = self.guess, self._one_of(self.spec.explain)
        drawn = [self.drawn(one) for one in self.spec.see]
        seen = [block for one in drawn if one.run is None for block in one.show]
        run = next((one.run for one in drawn if one.run), None)
        steps = [do(*self._shows(), ask=self._sheet(asked))]
        if guess is not None:
            ask = self._foretell(guess)
            told = (Words(self._filled(guess.tells)),) if guess.tells else self._shows()
            own = self._beside(guess)
            if self.sketch is None and not guess.tells:  # else its own picture, or none
                own = own or [*self.picture({}, FORETOLD)]
            steps = [predict(*told, *own, ask=ask), *steps]
            came = self._came_out(guess, ask, answers)
            # beside pictures of its own it is no matter of the training, else it is not told before that
            if run is not None and self.sketch is None and not seen:
                run = replace(run, closes="\n\n".join(one.markdown for one in came if isinstance(one, Words)))
            else:
                seen = [*came, *seen]
            if not self.spec.see and self.sketch is None:  # a sentence alone shows nothing
                beside = self.picture(self.worksheet.run(), "")
                way = worked_through(self.worksheet, self.fields, self.spec.says)
                tables = [one for one in self._shows() if not isinstance(one, Words)]
                # the way is read before a map, which may fill the screen alone
                seen += [way, *beside] if has_map(beside) else [*tables, *beside, way]
        steps += seen_then_run(seen, run)
        if why is not None:
            steps.append(explain(*self._beside(why), ask=self._choice(why)))
        return tuple(steps)

    def _beside(self, card: Guess) -> list[Show]:
        """The pictures that a card of its own names."""
        return [block for one in card.beside for block in self.drawn(one).show]

    @property
    def guess(self) -> Guess | None:
        """What is asked before the sheet."""
        return self._one_of(self.spec.predict)

    def _one_of(self, cards: Sequence[Card]) -> Card | None:
        """One of the questions that may be asked of these numbers, the same for the same ones."""
        cards = [card for card in cards if card.when is None or self._holds(card.when)]
        at = blake2b(repr(self.given).encode(), digest_size=4).digest()
        return cards[int.from_bytes(at, "big") % len(cards)] if cards else None

    @cached_property
    def sketch(self) -> Sketch | None:
        """What is to be drawn before the sheet."""
        make = Maker(self._told(self._worked), self._filled, self.drawn)
        return sketched(self.guess, make) if isinstance(self.guess, AskDrawn) else None

    def _foretell(self, guess: Guess) -> Ask:
        if self.sketch is not None:
            return self.sketch.ask
        if isinstance(guess, Question):
            ask = self._choice(guess, confidence=True)
            known = {self._filled(one.text): one.when is not None for one in guess.options}
            why = next((option.feedback for option in ask.options if option.right), "")
            # the why of an option that is right of other numbers says nothing true of these
            told = (replace(o, feedback=why) if known[o.text] else o for o in ask.options)
            return replace(ask, options=tuple(told))
        assert isinstance(guess, AskNumber)
        like = next(one for one in GUESSES if abs(one - self.foretold) > guess.tol)
        return Numbers(self._filled(guess.asks), (Field(FORETOLD, "your number", guess.tol, number(like)),))

    def _came_out(self, guess: Guess, ask: Ask, answers: Answers) -> tuple[Show, ...]:
        """What became of the prediction."""
        if self.sketch is not None:
            says, picture = self.sketch.came_out(answers)
            return Words(says), picture
        if isinstance(ask, Choice):
            return (Words(foresaw(answers, ask)),)
        assert isinstance(guess, AskNumber)
        return (Words(foresaw_number(answers, cast(Numbers, ask), self.foretold, self._filled(guess.why))),)

    @property
    def foretold(self) -> float:
        """What a prediction of a number should have said; 0 where none is asked."""
        guess = self.guess
        return single(guess.answer, self._worked) if isinstance(guess, AskNumber) else 0.0

    def drawn(self, one: NamedFigure) -> Drawing:
        """The figure with all of these numbers. Raises SpecError."""
        if one.pictures:
            return Drawing(tuple(painted(one.pictures, Known(self._told(self._worked)))), {})
        key = "see" if one in self.spec.see else "beside"
        if one.figure not in self.figures:
            what, _, remedy = str(Unknown("figure", one.figure, self.figures)).partition("; ")
            raise SpecError("", key, what, remedy)
        params = {key: work_out(tree, self._worked) for key, tree in one.params.items()}
        try:
            return self.figures[one.figure](params)
        except (LookupError, TypeError, ValueError) as problem:  # a figure refuses in words of its own
            what = f'{key}: the figure "{one.figure}" refuses its parameters: {problem}'
            raise SpecError("", key, what, "correct them") from None

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The figure beside the sheet, on what is known so far: a parameter that is not yet is left out."""
        known = {**self._given, **{cell.name: self._worked[cell.name] for cell in self._printed}, **values}
        return tuple(block for one in self.spec.beside for block in one.on(known, hand, self.figures))

    def _shows(self) -> tuple[Show, ...]:
        show: list[Show] = [Words(self._filled(self.spec.tells))] if self.spec.tells else []
        tables = grids({name: self._given[name] for name in self.spec.shows})
        show += [Beside(tables)] if len(tables) > 1 else tables
        if self.spec.strip:
            show.append(strip_of(self.spec.strip, self.spec.letters))
        return tuple(show)

    def _sheet(self, asked: frozenset[str]) -> Numbers:
        prompt = self._filled(self.spec.prompt)
        sheet = listed(self.worksheet, self.fields, asked, self._filled(self.spec.says))
        gap = ("",) * (len(sheet.columns) - 2)
        above = tuple(
            (self._label(cell), *gap, figure(cast(float, self._worked[cell.name]))) for cell in self._printed
        )
        rows = (*above, *sheet.rows)
        if len(rows) == 1 and len(sheet.columns) == 2:
            return Numbers(prompt, blank(self.fields, asked))  # one number needs no table
        table = Sheet(sheet.columns, rows, sheet.says, sheet.formulas)
        return Numbers(prompt, blank(self.fields, asked), table)

    def _choice(self, question: Question, *, confidence: bool = False) -> Choice:
        options = tuple(
            Option(
                self._filled(one.text),
                one.when is not None and self._holds(one.when),
                self._filled(one.why),
                one.mixup,
            )
            for one in question.options
        )
        options = tuple(Option(o.text, o.right, o.feedback, "" if o.right else o.diagnoses) for o in options)
        return shuffled(Choice(self._filled(question.asks), options, confidence=confidence), self.given)


def _gives(exercise: Written, text: str) -> Any:
    """What a mix-up gives, on the numbers of the wrong run."""

    def filled(values: Values) -> str:
        return fill_text(text, exercise._told({**exercise._worked, **values}))

    return filled
