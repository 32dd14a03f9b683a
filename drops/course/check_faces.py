"""What a question's faces say of themselves, drawn a hundred times: each problem with its line."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from typing import Any

from drops.course.check_beside import check_pictures
from drops.course.faces import (
    AskedQuestion,
    draw_table,
    draws_of,
    figures_of,
    has_fresh_numbers,
    unfair,
    worked_out,
)
from drops.course.model import Problem, Quiz
from drops.errors import ContentError
from drops.exercises.formulas.draws import Draws, GivenError
from drops.exercises.formulas.reading import read_formula, read_known
from drops.exercises.formulas.texts import check_text
from drops.exercises.formulas.tree import FormulaError, Undefined, Values
from drops.exercises.written.keys import SpecError
from drops.exercises.written.pictures import WRITTEN
from drops.text import counted, in_percent

DRAWN = 100  # draws that are looked at
FEWEST = 6  # different ones of a question that is drawn: one in three, and two not again
RAREST = 0.02  # share of tries that must fit
MOST_ALIKE = {"number": 0.35, "spot": 0.35}  # share of draws that one answer may be right in
ALIKE = 0.6  # of a choice or an order

_HOLE = re.compile(r"\{\+?([A-Za-z]\w*)[^{}]*\}")
Reader = Callable[[str, tuple[str, ...]], object]


def check_faces(file: str, quiz: Quiz) -> Iterator[Problem]:
    """Every problem of a question's formulas and of its faces beside each other."""
    seen: list[AskedQuestion] = []
    sound, elsewhere = True, _names_drawn(quiz)
    for face in quiz.faces:
        problems = [*_written(file, face), *_unfilled(file, face, elsewhere)]
        if not problems:
            drawn, problems = _drawn(file, face)
            problems += check_pictures(file, face, drawn)
            seen += [one for _, one in drawn] * (1 if has_fresh_numbers(face) else DRAWN)
        sound = sound and not problems
        yield from problems
    if sound and seen:
        yield from _beside(quiz, seen)


def _written(file: str, face: Quiz) -> Iterator[Problem]:
    """What cannot be read."""
    try:
        known = draws_of(face).names
    except ContentError as problem:
        yield Problem(problem.place, problem.what, problem.remedy)
        return
    except GivenError as problem:
        assert face.draw is not None
        line = draw_table(face.draw).at(problem.key)
        yield Problem(f"{file}:{line}", problem.what, problem.remedy)
        return
    if face.draw:
        try:
            figures_of(face.draw)
        except SpecError as problem:
            line = draw_table(face.draw).at("beside")
            yield Problem(f"{file}:{line}", problem.what, problem.remedy)
            return
    for line, text, read in _formulas(face):
        try:
            read(text, known)
        except FormulaError as problem:
            yield Problem(f"{file}:{line}", problem.what, problem.remedy)


def _names_drawn(quiz: Quiz) -> frozenset[str]:
    """Names that some face of a question draws."""
    found: set[str] = set()
    for face in quiz.faces:
        with suppress(ContentError, GivenError):
            found |= {*draws_of(face).names}
    return frozenset(found)


def _unfilled(file: str, face: Quiz, elsewhere: Collection[str]) -> Iterator[Problem]:
    """A brace that a face without numbers of its own would show as it stands."""
    for line, text in () if face.draw else _texts(face):
        if wrong := next((hole for hole in _HOLE.finditer(text) if hole[1] in elsewhere), None):
            remedy = "give it a ```draw of its own, or write a number"
            yield Problem(f"{file}:{line}", f"nothing fills {wrong[0]}: this face draws no numbers", remedy)


def _texts(face: Quiz) -> list[tuple[int, str]]:
    """Every text of a face with its line."""
    texts = [(face.place.line, face.question), (face.answer_line or face.place.line, face.feedback)]
    texts += [(one.line, text) for one in face.options for text in (one.text, one.feedback)]
    texts += [(one.line, one.feedback) for one in face.wrong]
    return [*texts, *((face.place.line, piece) for piece in face.pieces)]


def _formulas(face: Quiz) -> Iterator[tuple[int, str, Reader]]:
    """Every text and value of a face with its line, and how it is held against the names that it may read."""
    values = [(one.line, one.value) for one in face.wrong]
    if face.answer:
        values.append((face.answer_line, face.answer))
    if face.draw:
        yield from ((line, text, check_text) for line, text in _texts(face))
    if face.picture and face.picture.name != WRITTEN:  # which reads its own
        formulas = _in_figure(face.picture.params)
        values += [(face.picture.place.line, text) for text, words in formulas if not words]
        yield from ((face.picture.place.line, text, check_text) for text, words in formulas if words)
    for line, value in values:
        tests = face.asks == "setting" and not (face.picture and line == face.picture.place.line)
        yield line, value, _read_with_knobs if tests else read_known


def _read_with_knobs(text: str, _: Sequence[str]) -> object:
    """A test of where knobs stand, whose names are the figure's own."""
    return read_formula(text)


def _in_figure(value: Any, words: bool = False) -> list[tuple[str, bool]]:
    """Every text within the parameters of a figure, and whether it is words: those stand in lists."""
    if isinstance(value, str):
        return [(value, words)]
    if isinstance(value, dict):
        return [one for inner in value.values() for one in _in_figure(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _in_figure(inner, words=True)]
    return []


def _drawn(file: str, face: Quiz) -> tuple[list[tuple[Values, AskedQuestion]], list[Problem]]:
    """The face as often as it is drawn, each time with its numbers, and what is wrong with that."""
    draws, fails, tries = draws_of(face), Counter[str](), 0
    made: list[tuple[Values, AskedQuestion]] = []
    here = face.draw.place.line if face.draw else face.place.line
    for seed in range(DRAWN if draws.givens else 1):
        pick = random.Random(seed).randrange
        kept = draws.kept(pick)
        for _ in range(int(1 / RAREST)):
            tries += 1
            try:
                values = draws.once(pick, kept)
            except Undefined as problem:
                fails[str(problem)] += 1
                continue
            try:
                one = worked_out(face, values)
            except Undefined as problem:
                return [], [_undefined(file, face, draws, values, problem)]
            if why := unfair(one):
                fails[why] += 1
            else:
                made.append((values, one))
                break
    if len(made) < RAREST * tries or not made:
        most = fails.most_common(1)[0][0]
        what = f"{len(made)} of {tries:,} draws fit; most fail at {most}"
        return [], [Problem(f"{file}:{here}", what, "loosen that, or draw from more")]
    different = len({one.shown for _, one in made})
    if draws.givens and different < FEWEST:
        what = f"only {counted(different, 'draw')} differ{'s' * (different == 1)}"
        return [], [Problem(f"{file}:{here}", what, f"draw from more: at least {FEWEST}")]
    return made, []


def _undefined(file: str, face: Quiz, draws: Draws, values: Values, problem: Undefined) -> Problem:
    """A draw that fits and leaves a formula without a value."""
    numbers = ", ".join(
        f"{name} = {value:g}" for name in draws.names if isinstance(value := values[name], float)
    )
    place = next((line for line, part in _by_line(face) if _fails(part, values)), face.place.line)
    what = f"{problem} for {numbers}"[:200] if numbers else str(problem)
    return Problem(f"{file}:{place}", what, "exclude it by `where`, or draw from others")


def _by_line(face: Quiz) -> Iterator[tuple[int, Quiz]]:
    """The face with one line of it at a time, to find the one that fails."""
    bare = face._replace(question="", options=(), feedback="", wrong=(), pieces=(), answer="1", picture=None)
    yield face.place.line, bare._replace(question=face.question, pieces=face.pieces)
    if face.picture:
        bare = bare._replace(picture=face.picture)
        yield face.picture.place.line, bare
    answer = bare._replace(answer=face.answer or "1", feedback=face.feedback)
    yield face.answer_line or face.place.line, answer
    for option in face.options:
        yield option.line, bare._replace(options=(option,))
    for wrong in face.wrong:
        yield wrong.line, bare._replace(wrong=(wrong,))


def _fails(face: Quiz, values: Values) -> bool:
    try:
        worked_out(face, values)
    except Undefined:
        return True
    return False


def _beside(quiz: Quiz, seen: list[AskedQuestion]) -> Iterator[Problem]:
    """What the faces give away together."""
    here = str(quiz.place)
    first: dict[tuple[str, ...], int] = {}
    for face in quiz.faces:
        texts = (face.question, *face.pieces, *sorted(option.text for option in face.options))
        words = tuple(" ".join(text.lower().split()) for text in texts)
        if words in first:
            what = f'the face of "{quiz.id}" equals that of line {first[words]}'
            yield Problem(str(face.place), what, "show another scene, or ask another side")
        first.setdefault(words, face.place.line)
    if len(quiz.faces) == 2 and not any(map(has_fresh_numbers, quiz.faces)):
        yield Problem(str(quiz.others[0].place), f'"{quiz.id}" has two faces', "write a third: #### Or: …")
    if (len(quiz.faces) == 1 and not has_fresh_numbers(quiz)) or quiz.asks == "setting":
        return
    key, count = Counter(one.key for one in seen).most_common(1)[0]
    if count > MOST_ALIKE.get(quiz.asks, ALIKE) * len(seen):
        told = next(one for one in seen if one.key == key)
        right = f"{told.answer:g}" if quiz.asks == "number" else _shown(told)
        what = f'"{quiz.id}" is answered by “{right}” in {in_percent(count / len(seen))} of its faces'
        yield Problem(here, what, "let the answer change")
    sizes = {sum(option.right for option in one.options) for one in seen if one.asks == "many"}
    if quiz.asks == "many" and len(sizes) == 1:
        what = f'every face of "{quiz.id}" ticks {sizes.pop()}'
        yield Problem(here, what, "let keys go from one to all")


def _shown(made: AskedQuestion) -> str:
    if made.picture:
        return ", ".join(map(str, made.picture.right.at))
    return ", ".join(made.pieces or [option.text for option in made.options if option.right])[:60]
