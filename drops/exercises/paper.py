"""What every kind needs to put its worksheet on paper: sheets with blanks, and predictions resolved."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from drops.errors import Unreadable
from drops.exercises.answers import read
from drops.exercises.blocks import Ask, Blank, Cell, Choice, Field, Option, Sheet, Show, Step
from drops.exercises.worksheet import Arithmetic, Values, figure, line_named, written
from drops.text import number

Fields = tuple[Field, ...]
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Drawing:
    """What a figure fence becomes: blocks to show and the numbers they stand on."""

    show: tuple[Show, ...]
    numbers: Mapping[str, float]


SUB = "₀₁₂₃₄₅₆₇₈₉"


def relu(v: float) -> float:
    """max(0, v)."""
    return max(0.0, v)


def weighted(v: Values) -> float:
    """w₁x₁ + w₂x₂, without the bias."""
    return v["w1"] * v["x1"] + v["w2"] * v["x2"]


def blank(fields: Fields, asked: Iterable[str]) -> Fields:
    """The fields that are left to the learner."""
    return tuple(field for field in fields if field.name in frozenset(asked))


def cells(sheet: Arithmetic, asked: frozenset[str]) -> Callable[[str], Cell]:
    """A field's cell by its name: a Blank where it is asked, else its number in print."""
    right = sheet.run()
    return lambda name: Blank(name) if name in asked else figure(right[name])


def filled(sheet: Sheet, values: Values) -> Sheet:
    """The sheet with every blank filled in."""
    rows = tuple(
        tuple(figure(values[cell.field]) if isinstance(cell, Blank) else cell for cell in row)
        for row in sheet.rows
    )
    return Sheet(sheet.columns, rows, sheet.says)


def hints(sheet: Arithmetic, fields: Fields, asked: frozenset[str]) -> dict[str, str] | None:
    """The formula in letters for each blank — only while others are filled in: a whole sheet
    is a recall exercise, and a formula under the cursor would do the recalling."""
    if all(field.name in asked for field in fields):
        return None
    return {field.name: line_named(sheet, field.name).symbols for field in fields if field.name in asked}


def listed(sheet: Arithmetic, fields: Fields, asked: frozenset[str], says: str) -> Sheet:
    """One row a field: its label, how it is worked out (in print where it is filled), its cell."""
    cell, right, shown = cells(sheet, asked), sheet.run(), hints(sheet, fields, asked)

    def how(name: str) -> str:
        line = line_named(sheet, name)
        if shown is None:
            return ""
        return line.symbols if name in asked else written(line, right)

    rows: tuple[tuple[Cell, ...], ...]
    if shown is None:
        rows = tuple((field.label, cell(field.name)) for field in fields)
        return Sheet(("", "value"), rows, says)
    rows = tuple((field.label, how(field.name), cell(field.name)) for field in fields)
    return Sheet(("", "how", "value"), rows, says, shown)


def picked(answers: Answers, step: str, choice: Choice) -> tuple[int, ...]:
    """The options that were chosen at `step`, or () where nothing readable was."""
    try:
        answer = read(choice, answers.get(step, ""))
    except Unreadable:
        return ()
    return answer if isinstance(answer, tuple) else ()


def foresaw(answers: Answers, choice: Choice, step: str = "predict") -> str:
    """How the prediction came out, and what there is to say of the option that was chosen."""
    truth = next(option for option in choice.options if option.right)
    chosen = next((choice.options[i] for i in picked(answers, step, choice)), truth)
    if chosen.right:
        opens = "You foresaw it." if answers.get(step) else f"The answer: {truth.text}."
    else:
        opens = f"Not what you expected. The answer: {truth.text}."
    return f"{opens} {chosen.feedback}"


def pair(values: Iterable[float]) -> str:
    """Numbers as a point: (1, −2)."""
    return f"({', '.join(number(v) for v in values)})"


def right(text: str, feedback: str) -> Option:
    """The option that is right."""
    return Option(text, True, feedback)


def wrong(text: str, feedback: str, diagnoses: str = "") -> Option:
    """An option that is not, and the misconception that picking it shows."""
    return Option(text, False, feedback, diagnoses)


def shuffled(choice: Choice, *key: object) -> Choice:
    """The options in an order that depends on the exercise's numbers and nothing else."""

    def place(option: Option) -> bytes:
        return hashlib.blake2b(f"{key!r}{option.text}".encode(), digest_size=8).digest()

    return replace(choice, options=tuple(sorted(choice.options, key=place)))


# ── steps ─────────────────────────────────────────────────────────────────────────────────


def predict(*show: Show, ask: Ask | None, name: str = "predict") -> Step:
    """A guess before anything moves."""
    return Step(name, "predict", show, ask)


def do(*show: Show, ask: Ask | None, name: str = "do") -> Step:
    """What is to be worked out; the first of an exercise feeds memory."""
    return Step(name, "do", show, ask)


def see(*show: Show, ask: Ask | None = None, name: str = "see") -> Step:
    """How it comes out, which resolves the prediction."""
    return Step(name, "see", show, ask)


def explain(*show: Show, ask: Ask | None, name: str = "explain") -> Step:
    """Why it came out so."""
    return Step(name, "explain", show, ask)
