"""A question as it is asked: one of its faces, with numbers drawn, texts filled, values worked out.

    s^k with s = 0.25, k = 3   →  answer 0.0156, and every wrong value and feedback with its numbers

What was drawn is stored with the answer, so that a page can be made again as it was. The face is
one that was shown least often and never the last, the numbers never those of the last two times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple

from drops.course.model import DrawFence, Quiz, QuizOption
from drops.course.source import Source
from drops.course.table import TomlTable
from drops.exercises.blocks import Choice, Knobs
from drops.exercises.figure import Drawing
from drops.exercises.formulas.draws import Draws, Pick, read_draws
from drops.exercises.formulas.reading import read_formula
from drops.exercises.formulas.texts import fill_text
from drops.exercises.formulas.tree import Tree, Undefined, Value, Values
from drops.exercises.formulas.working_out import holds, single, work_out
from drops.exercises.spots import Aim, choice_in, knobs_in
from drops.exercises.written.asking import NamedFigure, read_figures
from drops.exercises.written.keys import Names
from drops.exercises.written.pictures import WRITTEN

LATELY = 2  # times that a drawn question's words and numbers do not come again
HAIR = 1e-9


class WrongNumber(NamedTuple):
    value: float
    diagnoses: str
    feedback: str


class AskedPicture(NamedTuple):
    """A figure with its numbers, and what is to be hit and may be hit wrongly in it."""

    figure: str
    params: Mapping[str, Any]
    spots: str
    knobs: tuple[str, ...]
    right: Aim
    wrong: tuple[Aim, ...]


class AskedQuestion(NamedTuple):
    """A question with all its numbers. Options and pieces in the order of the file."""

    asks: Literal["one", "many", "number", "order", "spot", "setting"]
    question: str
    options: tuple[QuizOption, ...]
    answer: float  # "number"; else 0
    tolerance: float
    feedback: str
    wrong: tuple[WrongNumber, ...]
    pieces: tuple[str, ...]
    picture: AskedPicture | None = None

    @property
    def shown(self) -> frozenset[str]:
        """What the learner reads, in whatever order the answers stand."""
        drawn = [repr(sorted(self.picture.params.items()))] if self.picture else []
        return frozenset((self.question, *self.pieces, *(option.text for option in self.options), *drawn))

    @property
    def key(self) -> object:
        """What is right: the same for two faces that the same answer passes."""
        if self.asks == "number":
            return round(self.answer / (2 * self.tolerance + HAIR))
        if self.picture:
            return self.picture.right.at
        return self.pieces or tuple(sorted(option.text for option in self.options if option.right))


def asked(quiz: Quiz, numbers: Mapping[str, Any]) -> AskedQuestion:
    """The question of stored numbers. Raises Undefined, LookupError, ValueError for another version's."""
    face = quiz.faces[numbers.get("face", 0)]
    made = worked_out(face, given_of(numbers))
    if sorted(numbers["order"]) != list(range(len(made.pieces or made.options))):
        raise ValueError("its options are others")
    return made


def worked_out(face: Quiz, values: Values) -> AskedQuestion:
    """One face on numbers. Raises Undefined, KeyError."""

    def text(written: str) -> str:
        return fill_text(written, values) if face.draw else written

    def value(written: str) -> float:
        return single(read_formula(written), values)

    def aim(written: str, feedback: str, diagnoses: str = "") -> Aim:
        if face.asks == "spot":
            place = _address(work_out(read_formula(written), values))
            return Aim(text(feedback), at=place, diagnoses=diagnoses)
        tree = read_formula(written)
        return Aim(text(feedback), when=partial(_true, tree, values), diagnoses=diagnoses)

    picture = None
    if face.picture:
        written = face.picture.name == WRITTEN
        params = (_own_figure if written else _named_figure)(face.picture.params, values)
        wrong = tuple(aim(one.value, one.feedback, one.diagnoses) for one in face.wrong)
        named, spots, knobs = face.picture.name, face.picture.spots, face.picture.knobs
        picture = AskedPicture(named, params, spots, knobs, aim(face.answer, face.feedback), wrong)
    numbers = face.wrong if face.asks == "number" else ()
    return AskedQuestion(
        face.asks,
        text(face.question),
        tuple(one._replace(text=text(one.text), feedback=text(one.feedback)) for one in face.options),
        value(face.answer) if face.asks == "number" else 0.0,
        face.tolerance,
        text(face.feedback),
        tuple(WrongNumber(value(one.value), one.diagnoses, text(one.feedback)) for one in numbers),
        tuple(map(text, face.pieces)),
        picture,
    )


def in_picture(made: AskedQuestion, drawn: Drawing) -> Choice | Knobs:
    """A question whose answer is in a picture: a choice among its spots, or knobs. Raises PictureError."""
    assert made.picture is not None
    _, _, spots, knobs, right, wrong = made.picture
    if made.asks == "spot":
        return choice_in(made.question, drawn, spots, right, wrong)
    return knobs_in(made.question, drawn, knobs, right, wrong)


def _named_figure(params: Mapping[str, Any], values: Values) -> Mapping[str, Any]:
    """The parameters of a figure of the subject: formulas over what was drawn."""
    return {key: _worked(value, values) for key, value in params.items()}


def _own_figure(params: Mapping[str, Any], values: Values) -> Mapping[str, Any]:
    """A written figure: what was drawn are values of its own, and a knob may start at a formula over them."""
    drawn = {name: value for name, value in values.items() if not isinstance(value, str)}
    knobs = {
        name: {**knob, "start": _worked(knob["start"], values)} if "start" in knob else knob
        for name, knob in params.get("knobs", {}).items()
    }
    return {**params, "knobs": knobs, "values": {**drawn, **params.get("values", {})}}


def _worked(value: Any, values: Values) -> Any:
    """A parameter of a figure: a text is a formula; within a list, words with formulas in braces."""
    if isinstance(value, str):
        return work_out(read_formula(value), values)
    if isinstance(value, list):
        words = (fill_text(one, values) if isinstance(one, str) else _worked(one, values) for one in value)
        return tuple(words)
    return value


def _address(value: Value) -> tuple[int, ...]:
    places = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(one, float) and one == int(one) >= 1 for one in places):
        raise Undefined("a place in a picture is whole numbers from 1")
    return tuple(int(one) for one in places if isinstance(one, float))


def _true(tree: Tree, given: Values, knobs: Mapping[str, float]) -> bool:
    try:
        return holds(tree, {**given, **knobs})
    except Undefined:  # a division by 0: not there
        return False


def unfair(made: AskedQuestion) -> str:
    """Why this draw may not be asked: two answers in it cannot be told apart. "" where it may."""
    least = 2 * made.tolerance + HAIR
    values = [("the right answer", made.answer)]
    values += [(f"the wrong value {n}", wrong.value) for n, wrong in enumerate(made.wrong, 1)]
    for n, (one, a) in enumerate(values):
        for other, b in values[n + 1 :]:
            if abs(a - b) <= least:
                return f"{one} and {other} are alike"
    if made.picture and made.picture.spots:
        places = [aim.at for aim in (made.picture.right, *made.picture.wrong)]
        return "two answers are one spot" if len(set(places)) < len(places) else ""
    texts = [option.text for option in made.options] or list(made.pieces)
    return "two answers are alike" if len(set(texts)) < len(texts) else ""


@lru_cache(maxsize=512)
def draw_table(fence: DrawFence) -> TomlTable:
    """A ```draw fence as a table. Raises ContentError."""
    return Source(fence.place.file, "").toml(fence.body, fence.place.line + 1, "the draw fence")


def draws_of(face: Quiz) -> Draws:
    """How a face's numbers are drawn. Raises ContentError, GivenError."""
    return read_draws(draw_table(face.draw).data) if face.draw else Draws(())


def has_fresh_numbers(face: Quiz) -> bool:
    """Whether numbers are drawn for it: a fence may as well say no more than what stands beside it.
    Raises ContentError, GivenError.
    """
    return bool(draws_of(face).givens)


ANSWER = "answer"  # what a figure beside a question calls what is typed


@lru_cache(maxsize=512)
def figures_of(fence: DrawFence) -> tuple[NamedFigure, ...]:
    """What stands beside a face, over its numbers and what is typed. Raises ContentError, SpecError."""
    said = draw_table(fence).data
    return tuple(read_figures(said, "beside", Names({}, [*read_draws(said).names, ANSWER], set())))


def drawn(quiz: Quiz, pick: Pick, seen: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """A face and its numbers, unlike the last ones of those `seen`, and the order its answers stand in.

    Raises NoFace, FormulaError for a question that the check would refuse.
    """
    before = [asked for one in seen if (asked := _as_it_was(quiz, one))]
    face = _next_face(len(quiz.faces), [one for one, _ in before], pick)
    written = quiz.faces[face]
    lately = [made.shown for one, made in before if one == face][-LATELY:]
    given: Mapping[str, Value | str] = {}
    if has_fresh_numbers(written):
        given = draws_of(written).draw(pick, lambda values: _refused(written, values, lately))
    made = worked_out(written, given)
    order = list(range(len(made.pieces or made.options)))
    for place in range(len(order) - 1, 0, -1):
        other = pick(place + 1)
        order[place], order[other] = order[other], order[place]
    if made.asks == "order" and order == sorted(order):
        order.reverse()  # an order that already stands would ask nothing
    return {"order": order, "face": face, "given": dict(given)}


def _refused(face: Quiz, values: Values, lately: Sequence[frozenset[str]]) -> str:
    try:
        made = worked_out(face, values)
    except Undefined as problem:
        return str(problem)
    return unfair(made) or ("it was asked lately" if made.shown in lately else "")


def _next_face(count: int, before: Sequence[int], pick: Pick) -> int:
    """One of those shown least often, and not the last one."""
    last = before[-1] if before and count > 1 else None
    open_ones = [face for face in range(count) if face != last]
    fewest = min(before.count(face) for face in open_ones)
    least = [face for face in open_ones if before.count(face) == fewest]
    return least[pick(len(least))]


def _as_it_was(quiz: Quiz, numbers: Mapping[str, Any]) -> tuple[int, AskedQuestion] | None:
    """What was asked with stored numbers; None where the question has changed since."""
    try:
        return int(numbers.get("face", 0)), asked(quiz, numbers)
    except (Undefined, LookupError, ValueError, TypeError, AttributeError):
        return None


def given_of(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """What was drawn for a question, by name."""
    return {name: _stored(value) for name, value in numbers.get("given", {}).items()}


def _stored(value: Any) -> Any:
    """A given as it was drawn: JSON's lists become tuples again."""
    return tuple(map(_stored, value)) if isinstance(value, list | tuple) else value
