"""What a learner has met, as cards for another program: fixed questions with their answers, and each review.

A question is one card. An exercise is eight: its numbers are drawn here once and for all, and on the back
stand the answers that its mix-ups would have given. What needs the engine at every step (a case, a design, a
figure that is turned) has no card.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple, assert_never

from drops.course.markup import as_html
from drops.course.model import Drop, ExerciseFence, Item, Library
from drops.events import Event, Kind, Memory
from drops.exercises import fading, fairness
from drops.exercises.blocks import (
    Ask,
    Bars,
    Beside,
    Blank,
    Case,
    Cell,
    Choice,
    Curve,
    Design,
    Figure,
    Knobs,
    Matrix,
    Numbers,
    Order,
    Run,
    Sheet,
    Show,
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.exercises.grading import near
from drops.memory import ladder
from drops.store.item import Fold
from drops.store.log import Log
from drops.study.tasks import ExerciseTask, Task, fresh
from drops.text import number

DRAWS = 8  # of an exercise


class Review(NamedTuple):
    """One graded answer, and when it was to come back."""

    at_us: int
    day: int
    rating: int  # 1 again … 4 easy
    interval: int  # days from then to when it was due again
    before: int  # the interval before; 0: none
    seconds: float


class CardText(NamedTuple):
    """The two sides of a card, as HTML."""

    front: str
    back: str


class ItemCards(NamedTuple):
    """An item with its cards; the history is the first card's."""

    key: str
    deck: str  # "Path::3. Title"
    tags: tuple[str, ...]
    cards: tuple[CardText, ...]
    reviews: tuple[Review, ...]
    memory: Memory | None


def notes(library: Library, log: Log, fold: Fold) -> tuple[list[ItemCards], int]:
    """The items that were ever graded, in the order of the course, and how many of them have no card."""
    met = log.memories()
    graded = log.events(kinds=(Kind.GRADED, Kind.RESET))
    found: list[ItemCards] = []
    left_out = 0
    for drop in library:
        for key, item in drop.items.items():
            if key not in met:
                continue
            if cards := tuple(_cards(item, key, log.learner_id)):
                reviews = tuple(_reviews(key, graded, fold))
                deck = _deck(library, drop)
                found.append(ItemCards(key, deck, ("drops", drop.id), cards, reviews, met[key]))
            else:
                left_out += 1
    return found, left_out


def _deck(library: Library, drop: Drop) -> str:
    path = library.path_of(drop.id)
    names = ("drops", path.title, f"{path.drops.index(drop) + 1:02}. {drop.title}")
    return "::".join(name.replace("::", ": ") for name in names)


def _reviews(key: str, events: Sequence[Event], fold: Fold) -> Iterator[Review]:
    """Each review that counted, as the fold counts it."""
    memory: Memory | None = None
    before = 0
    for event in events:
        if event.item_key != key and not (event.kind is Kind.RESET and not event.item_key):
            continue
        after = fold(memory, event)
        if after is not None and after != memory and event.rating:
            interval = max(1, after.due_day - event.study_day)
            seconds = (event.duration_ms or 0) / 1000
            yield Review(event.occurred_us, event.study_day, int(event.rating), interval, before, seconds)
            before = interval
        memory = after


def _cards(item: Item, key: str, learner: bytes) -> Iterator[CardText]:
    seen: list[Mapping[str, object]] = []
    for n in range(DRAWS if isinstance(item, ExerciseFence) else 1):
        task = fresh(item, fairness.seed_for(learner, key, n), seen=seen)
        seen.append(task.numbers)
        made = task.steps(ladder.HIGHEST, {}, "", short=True)
        step = fading.graded_step(made)
        if step.ask is not None and (back := _back(task, step.ask)):
            yield CardText("".join(map(_shown, step.show)) + _front(step.ask), back)


def _front(ask: Ask) -> str:
    match ask:
        case Numbers(prompt, _, sheet):
            return _prose(prompt) + (_table(sheet) if sheet else "")
        case Choice(prompt, options):
            return _prose(prompt) + _list("ul", [_phrase(option.text) for option in options])
        case Order(prompt, pieces):
            return _prose(prompt) + _list("ul", [_phrase(piece) for piece in pieces])
        case Case() | Knobs() | Design() | Run():
            return ""
        case _:
            assert_never(ask)


def _back(task: Task, ask: Ask) -> str:
    """The answer and why; "" where a card cannot ask it."""
    match ask:
        case Choice(options=options):
            marks = ["✓" if option.right else "✗" for option in options]
            said = [f"{_phrase(option.text)}: {_phrase(option.feedback)}" for option in options]
            return _list("ul", [f"{mark} {text}" for mark, text in zip(marks, said, strict=True)])
        case Order(pieces=pieces, right=right):
            return _list("ol", [_phrase(pieces[i]) for i in right]) + _prose(ask.feedback)
        case Numbers():
            verdict = task.worked(ask)
            lines = "".join(f"<p>{escape(line)}</p>" for line in verdict.line.split("\n") if line)
            return f"<p><b>{escape(verdict.wanted)}</b></p>{lines}{_list('ul', list(_mix_ups(task, ask)))}"
        case Case() | Knobs() | Design() | Run():
            return ""
        case _:
            assert_never(ask)


def _mix_ups(task: Task, ask: Numbers) -> Iterator[str]:
    """What each mix-up would have given in the first field, where it shows there."""
    if not isinstance(task, ExerciseTask):
        return
    field, sheet = ask.fields[0], task.exercise.worksheet
    right = sheet.run()[field.name]
    for one in task.exercise.misconceptions.values():
        gave = sheet.run(one.swap).get(field.name, right)
        if not near(gave, right, 2 * field.tolerance):
            yield f"{escape(number(gave, 4))}: {_phrase(one.title)}"


def _shown(block: Show) -> str:
    match block:
        case Words(markdown):
            return _prose(markdown)
        case Sheet():
            return _table(block)
        case Beside(blocks):
            return "".join(map(_shown, blocks))
        case Figure():
            return ""
        case Wires(says=says) | Curve(says=says) | Surface(says=says) | Bars(says=says):
            return f"<p><i>{_phrase(says)}</i></p>"
        case Strip(says=says) | Matrix(says=says):
            return f"<p><i>{_phrase(says)}</i></p>"
        case _:
            assert_never(block)


def _table(sheet: Sheet) -> str:
    def cell(one: Cell) -> str:
        return "<b>?</b>" if isinstance(one, Blank) else _phrase(one)

    head = "".join(f"<th>{_phrase(name)}</th>" for name in sheet.columns)
    rows = ("".join(f"<td>{cell(one)}</td>" for one in row) for row in sheet.rows)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _list(kind: str, rows: Sequence[str]) -> str:
    return f"<{kind}>{''.join(f'<li>{row}</li>' for row in rows)}</{kind}>" if rows else ""


def _prose(markdown: str) -> str:
    return as_html(markdown, _nowhere)


def _phrase(markdown: str) -> str:
    return as_html(markdown, _nowhere, phrase=True)


def _nowhere(link: str) -> str:
    """Links lead into the course, which is not there."""
    return f"#{link}"
