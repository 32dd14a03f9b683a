"""What stands beside a question: whether it can be drawn of its numbers, and answers nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from drops.course.check_figures import Watched, refused
from drops.course.faces import ANSWER, AskedQuestion, draw_table, figures_of, has_fresh_numbers
from drops.course.model import Place, Problem, Quiz
from drops.course.words import meant
from drops.exercises.formulas.tree import Values
from drops.exercises.formulas.working_out import work_out
from drops.exercises.pictured import ASKED, numbers_in, read_off
from drops.exercises.written.asking import NamedFigure
from drops.text import number

LOOKED_AT = 25  # draws of which the picture is drawn
AS_OFTEN = 0.5  # of them: by chance a number stands there, too
DIGITS = (2, 3, 4)  # after the point, as pictures print them


def check_pictures(file: str, face: Quiz, made: Sequence[tuple[Values, AskedQuestion]]) -> Iterator[Problem]:
    """Every problem of a face's pictures, over its draws."""
    from drops.catalog import FIGURES

    if face.draw is None or not (named := figures_of(face.draw)):
        return
    place = Place(file, draw_table(face.draw).at("beside"))
    for one in named:
        problems = list(_drawn(place, one, made[:LOOKED_AT]))
        yield from problems
        if problems:
            return
    shown = [
        (asked, tuple(block for one in named for block in one.on(values, ASKED, FIGURES)))
        for values, asked in made[:LOOKED_AT]
    ]
    if has_fresh_numbers(face) and all(pictures == shown[0][1] for _, pictures in shown):
        yield Problem(str(place), "beside: the picture is the same in every draw", "give it the numbers")
    open_ones = [(right, read_off(pictures)) for asked, pictures in shown if (right := _right(asked))]
    told = sum(bool(right & read) for right, read in open_ones)
    if told > AS_OFTEN * len(open_ones):
        what = f"beside: the picture writes the answer in {told} of {len(open_ones)} draws"
        yield Problem(str(place), what, "leave out what is asked, or name another figure")


def _drawn(place: Place, one: NamedFigure, made: Sequence[tuple[Values, AskedQuestion]]) -> Iterator[Problem]:
    """What is wrong with a figure on its numbers, while it is asked and after."""
    from drops.catalog import FIGURES

    if one.figure not in FIGURES:
        yield Problem(str(place), f'no figure "{one.figure[:60]}"', meant(one.figure, FIGURES))
        return
    if one.pictures:  # written here: what they may read, they were held against as they were read
        return
    whose, read = f'the figure "{one.figure}"', set[str]()
    for values, asked in made:
        known = {**values, ANSWER: asked.answer}
        for hand in (ASKED, ""):
            try:
                params = {key: work_out(tree, known) for key, tree in one.params.items()}
                watched = Watched({"hand": hand, **params})
                FIGURES[one.figure](watched)
            except Exception as problem:  # a figure refuses in words of its own
                yield refused(place, whose, problem)
                return
            read |= watched.read
    for key in one.params:
        if key not in read:
            what = f'{whose} does not know the parameter "{key[:60]}"'
            yield Problem(str(place), what, "correct its name or delete it")


def _right(asked: AskedQuestion) -> set[str]:
    """The numbers that only the right answer says."""
    if asked.asks == "number":
        return {number(asked.answer, digits) for digits in DIGITS} - numbers_in(asked.question)
    right, wrong = (_said(o.text for o in asked.options if o.right == side) for side in (True, False))
    return right - wrong - numbers_in(asked.question)


def _said(texts: Iterable[str]) -> set[str]:
    return set().union(*map(numbers_in, texts))
