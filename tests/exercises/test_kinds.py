"""What every exercise kind promises, with every parameter that a lesson gives it."""

import gc
import json
import re
import time
from functools import partial
from statistics import median

import numpy as np
import pytest
from variants import VARIANTS, asks, draws, every, graded, numbers, said, works

from drops import catalog
from drops.errors import Unknown, Unreadable
from drops.exercises import fading, fairness
from drops.exercises.answers import read
from drops.exercises.blocks import Choice, Figure, Numbers, Order, Run
from drops.networks.kinds import KINDS
from lessons import lessons
from pace import slowness, within

pytestmark = every(VARIANTS)

MOST_WORDS = 45


@pytest.fixture
def no_collection():
    """The collector walks all that the tests of this process keep; a learner's process keeps little."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.slow
@pytest.mark.usefixtures("no_collection")
def test_a_draw_takes_at_most_ten_milliseconds(variant):
    def taken(seed: int) -> float:
        start = time.process_time()
        variant.draw(seed)
        return time.process_time() - start

    best = median(min(taken(seed) for _ in range(3)) for seed in range(100, 115))
    assert best <= 0.010 * slowness()


def test_the_same_seed_gives_the_same_numbers_and_other_seeds_give_others(variant):
    made = draws(variant, 30)
    assert variant.draw(3) == made[3]
    assert len({repr(fairness.numbers(exercise)) for exercise in made}) >= 10


def test_numbers_survive_json_in_the_fence_that_drew_them(variant):
    for exercise in draws(variant, 30)[:10]:
        stored = json.dumps(fairness.numbers(exercise))
        back = catalog.restore(exercise.kind, json.loads(stored), json.loads(variant.params))
        assert back == exercise
        assert exercise.kind in KINDS


# ── words ─────────────────────────────────────────────────────────────────────────────────


def test_steps_are_named_once_come_in_order_and_have_one_to_grade(variant):
    made = fading.steps(draws(variant, 30)[0], 2, {})
    assert len({step.name for step in made}) == len(made)
    parts = [step.part for step in made]
    graded_at = made.index(fading.graded_step(made))
    assert "see" not in parts[:graded_at]  # no figure moves before the commitment
    assert "explain" not in parts[:graded_at]


def test_everything_shown_and_asked_has_words(variant):
    for exercise in draws(variant, 30)[:5]:
        for step in fading.steps(exercise, 2, {}):
            texts = [*said(step.show), *asks(step.ask)]
            assert all(re.search(r"\S", text) is not None for text in said_blocks(step.show))
            assert any(text.strip() for text in texts) or step.part in ("see", "explain")  # waits for answers
            match step.ask:
                case Numbers(prompt=prompt, fields=fields):
                    assert prompt
                    assert all(field.label and field.example for field in fields)
                case Choice(prompt=prompt, options=options, many=many):
                    assert prompt
                    assert 2 <= len(options) <= 6
                    assert len({option.text for option in options}) == len(options)
                    assert all(option.text and option.feedback for option in options)
                    assert many or [option.right for option in options].count(True) == 1
                case Order(prompt=prompt, feedback=feedback):
                    assert prompt
                    assert feedback
                case Run(prompt=prompt):
                    assert prompt


def said_blocks(show):
    """The sentence that stands for each block."""
    return [
        block.markdown if hasattr(block, "markdown") else block.says
        for block in show
        if hasattr(block, "says") or hasattr(block, "markdown")
    ]


@pytest.mark.slow
def test_every_feedback_is_at_most_45_words(variant):
    rng = np.random.default_rng(1)
    for exercise in draws(variant, 30)[:4]:
        told = [
            option.feedback
            for step in fading.steps(exercise, 2, {})
            if isinstance(step.ask, Choice)
            for option in step.ask.options
        ]
        ask = numbers(exercise)
        if ask is not None:
            told += [option.feedback for option in getattr(graded(exercise, 3).ask, "options", ())]
            for bug in fairness.armed(exercise):
                told.append(catalog.grade_step(exercise, ask, works(exercise, ask, bug)).feedback)
            for _ in range(10):
                told.append(catalog.grade_step(exercise, ask, works(exercise, ask, "", 0.5, rng)).feedback)
        assert told or ask is None
        for text in told:
            assert len(text.split()) <= MOST_WORDS, text


def test_what_an_option_diagnoses_is_known_to_its_kind_or_to_the_lesson(variant):
    taught = [
        drop
        for drop in lessons()
        if any(getattr(item, "kind", "") == variant.kind for item in drop.items.values())
    ]
    exercise = draws(variant, 30)[0]
    named = {
        option.diagnoses
        for one in draws(variant, 30)
        for step in fading.steps(one, 2, {})
        if isinstance(step.ask, Choice)
        for option in step.ask.options
        if option.diagnoses
    }
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in named)
    for drop in taught:
        assert named <= {*exercise.misconceptions, *drop.misconceptions}


# ── typing ────────────────────────────────────────────────────────────────────────────────


HOSTILE = [
    "9" * 50_000,
    "nan",
    "inf",
    "1e999",
    "-1e308",
    "\x1b]52;c;aGk=\x07",
    "\x1b[2J",
    "2**9**9",
    "__import__('os')",
    "1/0",
    "0x10",
    "½",
    "٣",
    ";" * 50_000,
    "1;" * 30_000,
    " " * 50_000,
    "\u202e1",
    "1_000",
    "",
    "a" * 50_000,
]


def graded_or_refused(exercise, ask, text):
    try:
        catalog.grade_step(exercise, ask, read(ask, text))
    except Unreadable as problem:
        return str(problem)
    return ""


@pytest.mark.slow
def test_hostile_answers_are_refused_or_read_within_a_tenth_of_a_second(variant):
    for step in fading.steps(draws(variant, 30)[0], 2, {}):
        if step.ask is None or isinstance(step.ask, Run):
            continue
        for text in HOSTILE:
            refusal = within(0.1, partial(graded_or_refused, draws(variant, 30)[0], step.ask, text))
            assert len(refusal) < 400
            assert "\x1b" not in refusal


# ── pictures ──────────────────────────────────────────────────────────────────────────────


def figures(show):
    return [block for block in show if isinstance(block, Figure)]


def test_figures_draw_at_both_ends_of_every_knob(variant):
    found = [one for step in fading.steps(draws(variant, 30)[0], 2, {}) for one in figures(step.show)]
    if not found:
        pytest.skip("it shows no figure with knobs")
    for figure in found:
        start = {knob.name: knob.start for knob in figure.knobs}
        assert figure.says
        for knob in figure.knobs:
            assert knob.low <= knob.start <= knob.high
            for place in (knob.low, knob.high):
                assert figure.draw({**start, knob.name: place})


def test_a_kind_nobody_knows_is_refused_with_the_nearest(variant):
    with pytest.raises(Unknown, match=f'did you mean "{variant.kind}"'):
        catalog.kind(variant.kind + "z")
