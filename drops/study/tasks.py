"""An item with its numbers: what it shows, what it asks, and how an answer is graded.

A quiz question's "numbers" are its face, what was drawn for it, and the order its options stand in;
an exercise's are those of its kind. A face sees neither: both give steps.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, assert_never, cast

from drops import catalog
from drops.catalog import FIGURES, KINDS
from drops.course.faces import ANSWER, AskedQuestion, asked, drawn, figures_of, given_of, in_picture
from drops.course.model import ExerciseFence, Item, Library, Quiz
from drops.errors import Unknown
from drops.exercises import fading, fairness
from drops.exercises.answers import Answer, digit, read
from drops.exercises.blocks import (
    Ask,
    Case,
    Choice,
    Design,
    Field,
    Knobs,
    Numbers,
    Option,
    Order,
    Picture,
    Run,
    Show,
    Step,
)
from drops.exercises.examples import LOOKED_AT, Answers, like, looked_at
from drops.exercises.exercise import Exercise
from drops.exercises.grading import FieldVerdict, Standing, Verdict, grade, near, right_order
from drops.exercises.spots import PictureError
from drops.exercises.worksheet import Values, line_named, worked_line
from drops.exercises.written.kind import Written
from drops.store.file.allowed import allowed_in
from drops.text import MINUS, number, with_commas

REDRAWN = 20  # times that a question in a picture is drawn until something in it is right
_SAID = re.compile(rf"{MINUS}?\d+(?:,\d{{3}})*(?:\.\d+)?")  # a number within a sentence


def allow_kinds(home: Path) -> None:
    """Takes in the kinds of other packages that were allowed on this machine."""
    catalog.allow(allowed_in(home))


class Task(Protocol):
    """What the straight line needs of an item."""

    @property
    def kind(self) -> str: ...

    @property
    def shows_after(self) -> bool:
        """Whether also where it comes back something is seen after the answer."""
        ...

    @property
    def numbers(self) -> Mapping[str, Any]:
        """Stored with every answer; enough to make the task again."""
        ...

    def steps(
        self, level: int, answers: Mapping[str, str], bug: str, *, short: bool = False
    ) -> tuple[Step, ...]:
        """The steps at a fading level; `short` asks one field alone."""
        ...

    def rule_to_break(self, level: int, own: str) -> str:
        """For `steps`: what is broken where a wrong line is looked for; if it can be, their own mix-up."""
        ...

    def grade(self, ask: Ask, answer: Answer) -> Verdict: ...

    def worked(self, ask: Ask) -> Verdict:
        """What is shown to a learner who gives up: the whole way, and the answer."""
        ...


@dataclass(frozen=True)
class ExerciseTask:
    """Numbers drawn for an exercise kind."""

    kind: str
    exercise: Exercise

    @property
    def shows_after(self) -> bool:
        return self.exercise.shows_after

    @property
    def numbers(self) -> Mapping[str, Any]:
        return fairness.numbers(self.exercise)

    def steps(
        self, level: int, answers: Mapping[str, str], bug: str, *, short: bool = False
    ) -> tuple[Step, ...]:
        return fading.steps(self.exercise, level, answers, bug, short=short)

    def rule_to_break(self, level: int, own: str) -> str:
        return fading.rule_to_break(self.exercise, level, own)

    def grade(self, ask: Ask, answer: Answer) -> Verdict:
        return catalog.grade_step(self.exercise, ask, answer)

    def worked(self, ask: Ask) -> Verdict:
        if isinstance(ask, Case):
            return self.exercise.shown_way()
        if not isinstance(ask, Numbers):
            return worked(ask)
        sheet = self.exercise.worksheet
        right = sheet.run()
        lines = [worked_line(line_named(sheet, field.name), right, field.label) for field in ask.fields]
        wanted = "; ".join(number(right[field.name], 4) for field in ask.fields)
        return Verdict(False, "Here is the whole way.", line="\n".join(lines), wanted=wanted)


@dataclass(frozen=True)
class QuizTask:
    """A question with the face and the numbers that were drawn for it, its options in `numbers["order"]`."""

    quiz: Quiz
    numbers: Mapping[str, Any]
    kind: str = "quiz"
    shows_after: bool = False

    @cached_property
    def asked(self) -> AskedQuestion:
        return asked(self.quiz, self.numbers)

    def steps(
        self,
        level: int,  # noqa: ARG002  a question does not fade
        answers: Mapping[str, str],  # noqa: ARG002
        bug: str,  # noqa: ARG002
        *,
        short: bool = False,  # noqa: ARG002  and is short as it is
    ) -> tuple[Step, ...]:
        return (Step("answer", "do", (), self._ask()),)

    def rule_to_break(self, level: int, own: str) -> str:  # noqa: ARG002  it has no lines
        return own

    def _ask(self) -> Ask:
        made, order = self.asked, tuple(self.numbers["order"])
        if made.asks == "number":
            example = _like(self.quiz, self.numbers.get("face", 0), made)
            field = Field(ANSWER, "answer", made.tolerance, share=True, example=example)
            return Numbers(made.question, (field,), picture=self._picture)
        if made.picture is not None:
            return in_picture(made, catalog.drawing(made.picture.figure, made.picture.params))
        if made.asks == "order":
            right = tuple(order.index(i) for i in range(len(order)))
            pieces = tuple(made.pieces[i] for i in order)
            return Order(made.question, pieces, right, made.feedback, beside=self._picture)
        options = tuple(
            Option(o.text, o.right, o.feedback, o.diagnoses) for o in (made.options[i] for i in order)
        )
        return Choice(made.question, options, many=made.asks == "many", beside=self._picture)

    @property
    def _picture(self) -> Picture | None:
        """What its face draws of its numbers, and of what is typed."""
        fence = self.quiz.faces[self.numbers.get("face", 0)].draw
        named = figures_of(fence) if fence else ()
        if not named:
            return None
        given = given_of(self.numbers)

        def picture(typed: Values, hand: str) -> tuple[Show, ...]:
            return tuple(block for one in named for block in one.on({**given, **typed}, hand, FIGURES))

        return picture

    def grade(self, ask: Ask, answer: Answer) -> Verdict:
        if self.asked.asks == "number":
            assert isinstance(answer, Mapping)
            return self._grade_number(float(answer[ANSWER]))
        if self.asked.picture is not None:
            return self._grade_picture(ask, answer)
        return grade(ask, answer, None, {})

    def _grade_picture(self, ask: Ask, answer: Answer) -> Verdict:
        picture, way = self.asked.picture, self.worked(ask)
        assert picture is not None
        if isinstance(ask, Choice):  # as of any options: what was pointed at and what is right are told apart
            made = grade(ask, answer, None, {})
            return replace(made, wanted=way.wanted, title=words(next(iter(made.misconceptions), "")))
        if not isinstance(ask, Knobs) or not isinstance(answer, Mapping):
            raise TypeError("a part of a picture, or a setting")
        set_to = cast(Mapping[str, float], answer)
        if ask.reached(set_to):
            return replace(way, right=True, feedback=picture.right.feedback)
        name = ask.diagnose(set_to)
        aim = picture.wrong[int(name)] if name else None
        said, diagnoses = (aim.feedback, aim.diagnoses) if aim else ("", "")
        named = (diagnoses,) if diagnoses else ()
        return replace(way, feedback=said or way.line, misconceptions=named, title=words(diagnoses))

    def _grade_number(self, typed: float) -> Verdict:
        made = self.asked
        named = next((one for one in made.wrong if near(typed, one.value, made.tolerance)), None)
        right = near(typed, made.answer, made.tolerance)
        stands: Standing = "right" if right else "misconception" if named else "slip"
        field = FieldVerdict("answer", "answer", typed, made.answer, stands)
        said = Verdict(right, made.feedback, fields=(field,), wanted=number(made.answer, 4))
        if right:
            return said
        way = _to_its_end(made)
        if named is None:
            return replace(said, feedback="Not this number. " + way, line=way)
        bugs = (named.diagnoses,) if named.diagnoses else ()
        title = words(named.diagnoses)
        return replace(said, feedback=named.feedback, misconceptions=bugs, line=way, title=title)

    def worked(self, ask: Ask) -> Verdict:
        made = self.asked
        if made.asks == "number":
            return Verdict(False, made.feedback, line=made.feedback, wanted=number(made.answer, 4))
        if made.picture is not None and isinstance(ask, Choice):
            right = next(option for option in ask.options if option.right)
            line = f"Right is {right.text}. {right.feedback}"
            return replace(worked(ask), feedback=line, line=line, wanted=right.text)
        if made.picture is not None:
            line = f"Right is {worked(ask).line}. {made.feedback}"
            return Verdict(False, line, line=line, wanted=worked(ask).wanted)
        return worked(ask)


def _to_its_end(made: AskedQuestion) -> str:
    """What a number question says of its way, and the number it comes to where those words leave it out."""
    said = (float(one.replace(MINUS, "-").replace(",", "")) for one in _SAID.findall(made.feedback))
    told = any(near(one, made.answer, made.tolerance) for one in said)
    return made.feedback if told else f"{made.feedback} The answer: {with_commas(number(made.answer, 4))}."


def worked(ask: Ask) -> Verdict:
    """The answer to something that is chosen, ordered or set."""
    match ask:
        case Choice(options=options):
            right = [i for i, option in enumerate(options) if option.right]
            line = " ".join(options[i].feedback for i in right)
            return Verdict(
                False,
                line,
                line=line,
                options=tuple(o.feedback for o in options),
                wanted=", ".join(digit(i) for i in right),
            )
        case Order():
            wanted = " ".join(digit(i) for i in ask.right)
            return Verdict(False, ask.feedback, line=right_order(ask), wanted=wanted)
        case Knobs():
            line = ", ".join(f"{knob.label} = {number(ask.solution[knob.name])}" for knob in ask.knobs)
            wanted = "; ".join(number(ask.solution[knob.name], 4) for knob in ask.knobs)
            return Verdict(False, ask.feedback, line=line, wanted=wanted)
        case Numbers() | Design() | Case() | Run():
            return Verdict(
                False, "There is more than one good answer here. Choose, and see what the engine says."
            )
        case _:
            assert_never(ask)


def whole_way(task: Task, step: Step) -> tuple[str, ...]:
    """An item worked through, in Markdown: each line of a sheet and the answer; of what is chosen the
    question and every option with its reason; of what is ordered the order.
    """
    assert step.ask is not None, "the graded step asks"
    way = task.worked(step.ask)
    match step.ask:
        case Choice(prompt=prompt, options=options):
            # of a picture's parts those of which something is to be said: it may have six and thirty
            told = [one for one in options if one.right or one.feedback or step.ask.picture is None]
            signs = (f"{'✓' if one.right else '✗'} {one.text}: {one.feedback}" for one in told)
            return (f"**{prompt}**" if prompt else "", "\n".join(f"- {sign}" for sign in signs))
        case Order(prompt=prompt):
            pieces = "\n".join(f"{digit(n)}. {step.ask.pieces[i]}" for n, i in enumerate(step.ask.right))
            return (f"**{prompt}**" if prompt else "", pieces, way.feedback)
        case Case(prompt=prompt):
            return (f"**{prompt}**", way.feedback, "\n".join(f"- {line}" for line in way.line.splitlines()))
        case Numbers() | Knobs() | Design() | Run():
            # each line of a sheet ends in its number
            if isinstance(task, ExerciseTask) and isinstance(step.ask, Numbers):
                return ("\n".join(f"    {line}" for line in way.line.splitlines()),)
            said = way.line or way.feedback
            ended = not way.wanted or f"= {way.wanted}" in said
            return (said, "" if ended else f"The answer: **{way.wanted}**")
        case _:
            assert_never(step.ask)


def words(misconception: str) -> str:
    """An id as words, where nothing better is known: data-storage → data storage."""
    return misconception.replace("-", " ")


def judged(library: Library, item_key: str, task: Task, ask: Ask, typed: str) -> Verdict:
    """read → grade; a mix-up that a question knows by its id alone is told in the learner's words. Raises
    Unreadable.
    """
    made = task.grade(ask, read(ask, typed))
    name = next(iter(made.misconceptions), "")
    known = not name or made.title != words(name)
    return made if known else replace(made, title=title_of(library, name, item_key))


def title_of(library: Library, misconception: str, item_key: str) -> str:
    """A misconception in the learner's words: as the item's own exercise calls it, or its drop's
    table, or the other exercises of the drop, or any exercise that knows it.
    """
    tables: list[Mapping[str, str]] = []
    with suppress(Unknown):  # its lesson may not be installed any more
        drop, item = library.item(item_key)
        own = [item] if isinstance(item, ExerciseFence) else []
        tables = [*map(_titles, own), drop.misconceptions, *map(_titles, drop.exercises)]
    others = (kind.titles({}) for name, kind in KINDS.items() if name != Written.kind)  # loads them
    known = (table[misconception] for table in chain(tables, others) if misconception in table)
    return next(known, words(misconception))


def _titles(fence: ExerciseFence) -> Mapping[str, str]:
    return KINDS[fence.kind].titles(fence.params) if fence.kind in KINDS else {}


def _like(quiz: Quiz, face: int, made: AskedQuestion) -> str:
    """A number that could be typed, and is neither the answer nor a wrong one that has a name."""
    answers = looked_at(quiz, _answers_of).get(str(face), (made.answer,))
    return like(answers, (made.answer, *(wrong.value for wrong in made.wrong)), made.tolerance)


def _answers_of(quiz: Quiz) -> Answers:
    """What many draws of a question give, by face."""
    found: dict[str, list[float]] = {}
    for seed in range(LOOKED_AT):
        numbers = drawn(quiz, random.Random(seed).randrange)
        found.setdefault(str(numbers["face"]), []).append(asked(quiz, numbers).answer)
    return found


def fresh(
    item: Item, seed: int, apart: tuple[str, ...] = (), seen: Sequence[Mapping[str, Any]] = ()
) -> Task:
    """The item with numbers drawn from `seed`; `apart` are two misconceptions to tell apart, `seen` the
    numbers it had before: nothing comes with the same face again.
    """
    if isinstance(item, ExerciseFence):
        return ExerciseTask(item.kind, catalog.draw(item.kind, seed, item.params, apart, seen))
    pick = random.Random(seed).randrange
    for _ in range(REDRAWN):
        task = QuizTask(item, drawn(item, pick, seen))
        with suppress(PictureError):  # of numbers with which nothing in the picture is right
            task.steps(0, {}, "")
            break
    return task


def again(item: Item, numbers: Mapping[str, Any]) -> Task:
    """The item with numbers that were stored. Raises what those of another version raise."""
    if isinstance(item, ExerciseFence):
        return ExerciseTask(item.kind, catalog.restore(item.kind, numbers, item.params))
    return QuizTask(item, numbers)
