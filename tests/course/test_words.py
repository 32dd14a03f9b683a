"""The words of the lessons: no term before its lesson, no lesson longer or much shorter than it says."""

import re
from functools import cache
from statistics import median

import pytest

from drops import catalog
from drops.course.minutes import FIELD, TYPED, minutes_of, reading
from drops.course.model import Drop, ExerciseFence, Quiz
from drops.exercises import fading
from drops.exercises.blocks import Choice, Numbers, Order, Words
from lessons import lessons

PATH = lessons().paths[0]
EVERYDAY = {"shape", "error", "depth"}  # words that mean something to everybody, before they mean more
DROPS = pytest.mark.parametrize("drop", PATH.drops, ids=lambda drop: drop.id)
EVERY_DROP = pytest.mark.parametrize(
    "drop", [drop for path in lessons().paths for drop in path.drops], ids=lambda drop: drop.id
)


@cache
def texts(number: int) -> tuple[str, ...]:
    return tuple(_texts(PATH.drops[number - 1]))


def _texts(drop: Drop):
    """Every sentence of a lesson and of its questions, and those of its exercises."""
    for section in drop.sections:
        yield section.heading
        yield from (part for part in section.parts if isinstance(part, str))
    for item in drop.items.values():
        if isinstance(item, Quiz):
            for face in item.faces:
                yield from (face.question, face.feedback, *face.pieces)
                yield from (text for option in face.options for text in (option.text, option.feedback))
                yield from (wrong.feedback for wrong in face.wrong)
            continue
        yield from (item.before, item.title)
        for seed in range(3):
            for step in fading.steps(catalog.draw(item.kind, seed, item.params), 2, {}):
                yield from (block.markdown for block in step.show if isinstance(block, Words))
                if isinstance(step.ask, Choice):
                    yield step.ask.prompt
                    yield from (text for one in step.ask.options for text in (one.text, one.feedback))
                elif isinstance(step.ask, Numbers | Order):
                    yield step.ask.prompt
    yield from drop.carry_forward


def drawn(drop: Drop):
    return {
        item.id: catalog.draw(item.kind, 5, item.params)
        for item in drop.items.values()
        if isinstance(item, ExerciseFence)
    }


@DROPS
def test_no_term_of_the_glossary_is_used_before_the_drop_that_teaches_it(drop: Drop):
    taught = {term for earlier in PATH.drops[: drop.number] for term in earlier.teaches}
    later = {term for one in PATH.drops[drop.number :] for term in one.teaches} - taught - EVERYDAY
    said = re.sub(r"\]\([^)]*\)", "]", " ".join(texts(drop.number)))  # links by their words
    used = [term for term in later if re.search(rf"(?<![\w-]){re.escape(term)}(?:s|es)?(?![\w-])", said, re.I)]
    assert used == []


@EVERY_DROP
def test_a_drop_announces_the_minutes_that_it_takes_at_two_hundred_words_a_minute_rounded_up(drop: Drop):
    assert drop.minutes - 1 < round(minutes_of(drop, drawn(drop)), 1) <= drop.minutes


@DROPS
def test_something_is_to_be_done_before_two_hundred_and_fifty_words_are_read(drop: Drop):
    read_so_far = 0
    for part in drop.sections[0].parts:
        if not isinstance(part, str):
            break
        read_so_far += len(part.split())
    else:
        pytest.fail("the first page has nothing to do")
    assert read_so_far <= 250


@DROPS
def test_the_penguins_go_through_every_drop(drop: Drop):
    lesson = " ".join(part for s in drop.sections for part in s.parts if isinstance(part, str))
    assert re.search(r"Gentoo|Chinstrap|Adelie|penguin|bird", lesson)


def test_more_than_half_of_what_comes_back_is_answered_by_a_click():
    kept = [item for drop in PATH.drops for item in drop.kept.values()]
    typed = [item for item in kept if _is_typed(item)]
    assert len(typed) <= 32
    assert median(TYPED + FIELD if _is_typed(item) else 8.0 for item in kept) <= 15


def _is_typed(item) -> bool:
    if isinstance(item, Quiz):
        return item.asks == "number"
    steps = fading.steps(catalog.draw(item.kind, 5, item.params), item.level, {})
    return isinstance(fading.graded_step(steps).ask, Numbers)


@pytest.mark.parametrize(
    "wording",
    [
        "adds is price", "has 3-5-5-1", "poor gain", "it is to tell", "nearer at hand", "straight up through",
        "best served", "no longer knows", "behind its last", "behind the last", "presses every", "on the wires, and",
        "turn one and you", "pocket calculator", "closed range", "the rest is noise", "the data is not in them",
        "sigmoid must go", "in use", "ln 2 for half", "what becomes of its", "what can melt",
    ],
)  # fmt: skip
def test_what_nobody_would_say_is_said_nowhere(wording: str):
    page = [PATH.why, PATH.pitfall, PATH.practice, *PATH.glossary.values(), *(a for _, a in PATH.faq)]
    for text in (*page, *(text for drop in PATH.drops for text in texts(drop.number))):
        assert wording not in text.lower(), text


def test_a_link_takes_as_long_to_read_as_its_words():
    assert reading("see [hidden layer](term:hidden-layer) now") == pytest.approx(4 * 0.3)


SEEDS = {  # what the path was promised to teach, and the drop in whose text it stands
    "brain": 1, "bias": 1, "sigmoid": 1, "origin": 2, "hidden layer": 2, "representation": 2, "house price": 3,
    "tanh": 3, "leaky relu": 3, "fifty layers": 3, "parameters": 4, "computation graph": 4, "feedforward": 4,
    "input layer": 5, "embedding": 5, "matrix": 5, "forward pass": 6, "dead": 6, "softmax": 7, "regression": 7,
    "cross-entropy": 8, "mse": 8, "batch": 8, "chain rule": 9, "overshoots": 9, "takes for ever": 9,
    "gradient descent": 9, "differentiable": 9, "pytorch": 9, "autograd": 9, "inference": 9, "iteration": 9, "epoch": 9,
    "vanishing gradient": 10, "adam": 10, "batch normalisation": 10, "deeper is not always better": 11,
    "edges make shapes": 11, "function approximator": 12, "universal approximation": 12, "overfitting": 13,
    "early stopping": 13, "dropout": 13, "validation": 13, "weight decay": 13, "standardise": 14,
    "learning-rate schedule": 14, "baseline": 14, "architecture": 14,
}  # fmt: skip


@pytest.mark.parametrize(("words", "number"), SEEDS.items())
def test_what_was_promised_is_taught(words: str, number: int):
    lesson = [part for s in PATH.drops[number - 1].sections for part in s.parts if isinstance(part, str)]
    assert words in " ".join(lesson).lower()
