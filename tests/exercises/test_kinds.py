"""What every exercise kind promises, with every parameter that a lesson gives it."""

import gc
import json
import re
import time
from statistics import median

import numpy as np
import pytest
from variants import VARIANTS, Variant, asks, draws, every, graded, numbers, said, works

from drops import catalog
from drops.course.parse import library_folders
from drops.course.parse import read as read_library
from drops.errors import Unknown, Unreadable
from drops.exercises import fading, fairness
from drops.exercises.answers import read
from drops.exercises.blocks import Blank, Choice, Field, Figure, Numbers, Order, Run, Sheet
from drops.networks.kinds import KINDS
from drops.text import number

pytestmark = every(VARIANTS)

MOST_WORDS = 45


def full(variant: Variant) -> bool:
    """Whether this is the kind as a lesson first meets it, with all its steps."""
    return variant.params == "{}"


@pytest.fixture
def no_collection():
    """The collector walks all that the tests of this process keep; a learner's process keeps little."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collection")
def test_a_draw_takes_at_most_ten_milliseconds(variant):
    taken = []
    for seed in range(100, 115):
        start = time.process_time()
        variant.draw(seed)
        taken.append(time.process_time() - start)
    assert median(taken) <= 0.010


def test_the_same_seed_gives_the_same_numbers_and_other_seeds_give_others(variant):
    made = draws(variant, 30)
    assert variant.draw(3) == made[3]
    assert len({repr(fairness.numbers(exercise)) for exercise in made}) >= 10


def test_numbers_survive_json(variant):
    for exercise in draws(variant, 30)[:10]:
        stored = json.dumps(fairness.numbers(exercise))
        back = catalog.restore(exercise.kind, json.loads(stored))
        assert back == exercise
        assert exercise.kind in KINDS


@pytest.mark.parametrize("level", [0, 1, 2])
def test_right_answers_grade_right(variant, level):
    for exercise in draws(variant, 30):
        ask = numbers(exercise, level)
        if ask is None:
            return
        right = exercise.worksheet.run()
        verdict = catalog.grade_step(exercise, ask, {f.name: right[f.name] for f in ask.fields})
        assert verdict.right, verdict


@pytest.mark.parametrize("level", [0, 1, 2])
def test_what_the_verdict_says_was_wanted_is_right_when_typed(variant, level):
    for exercise in draws(variant, 30)[:10]:
        ask = numbers(exercise, level)
        if ask is None:
            return
        wanted = catalog.grade_step(exercise, ask, {f.name: 1234.5 for f in ask.fields}).wanted
        assert catalog.grade_step(exercise, ask, read(ask, wanted)).right, wanted


def test_the_ladder_asks_for_more_at_each_level_and_the_last_first(variant):
    for exercise in draws(variant, 30)[:5]:
        names = [field.name for field in exercise.fields]
        asked = [fading.asked(exercise, level) for level in (0, 1, 2)]
        assert asked[0] <= asked[1] <= asked[2] == {*names}
        assert all(names[-len(some) :] == [n for n in names if n in some] for some in asked)


def test_each_asked_field_stands_blank_once_and_the_others_in_print(variant):
    for exercise in draws(variant, 30)[:5]:
        for level in (0, 1, 2):
            ask = numbers(exercise, level)
            if ask is None:
                return
            assert {field.name for field in ask.fields} == fading.asked(exercise, level)
            if ask.sheet:
                blanks = [cell.field for row in ask.sheet.rows for cell in row if isinstance(cell, Blank)]
                assert sorted(blanks) == sorted(field.name for field in ask.fields)


def test_no_constant_answer_passes_more_than_about_a_third_of_the_draws(variant):
    made = draws(variant, 100)
    if numbers(made[0]) is None:
        return
    right = [exercise.worksheet.run() for exercise in made]
    for level in (0, 1, 2):
        asked = [[f for f in exercise.fields if f.name in fading.asked(exercise, level)] for exercise in made]
        most = max(map(len, asked))  # one that asks for less has no number, NaN, at the places it lacks
        keys, tolerances = (
            np.array(
                [
                    [one(f, values) for f in fields] + [np.nan] * (most - len(fields))
                    for fields, values in zip(asked, right, strict=True)
                ]
            )
            for one in (lambda f, values: values[f.name], lambda f, values: f.tolerance)
        )
        off = np.abs(keys[:, None] - keys)  # (typed, wanted, fields)
        passes = ((off <= tolerances) | (np.isnan(keys[:, None]) & np.isnan(keys))).all(axis=-1)
        assert passes.mean(axis=1).max() <= 0.45, f"level {level}"  # 0.35, and what 100 draws scatter


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
        for text in told:
            assert len(text.split()) <= MOST_WORDS, text


def test_what_an_option_diagnoses_is_known_to_its_kind_or_to_the_lesson(variant):
    lessons = [
        drop
        for drop in read_library(library_folders(None)).library
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
    for drop in lessons:
        assert named <= {*exercise.misconceptions, *drop.misconceptions}


NUMBER = re.compile(r"(?<![\w.])−?\d+(?:\.\d+)?")


def test_no_step_shows_an_asked_value_before_it_is_answered(variant):
    # beside its own label: a leak shows in every draw, a coincidence in some
    made = draws(variant, 100)[:40]
    if numbers(made[0]) is None:
        return
    leaks: dict[str, int] = {}
    for exercise in made:
        right = exercise.worksheet.run()
        before = [text for step in up_to_the_answer(exercise) for text in (*said(step.show), *asks(step.ask))]
        for field in exercise.fields:
            value = number(right[field.name], 4)
            beside = (text.replace(field.label, "") for text in before if field.label in text)
            leaks[field.name] = leaks.get(field.name, 0) + any(
                value in NUMBER.findall(text) for text in beside
            )
    assert all(count / len(made) < 0.9 for count in leaks.values()), leaks


def up_to_the_answer(exercise):
    made = exercise.steps(fading.asked(exercise, 2), {})
    return made[: made.index(fading.graded_step(made)) + 1]


# ── typing ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", [0.0, 1.0, -1.0, 77.0, 1e11, -1e11, 0.001])
def test_any_number_in_every_field_is_graded_and_shows_no_more_than_a_misconception_foretells(variant, typed):
    for exercise in draws(variant, 30)[:10]:
        ask = numbers(exercise)
        if ask is None:
            return
        verdict = catalog.grade_step(exercise, ask, {f.name: typed for f in ask.fields})
        assert verdict.feedback
        assert "nan" not in f"{verdict.feedback} {verdict.line} {verdict.repair}"
        for name in verdict.misconceptions:
            wrong = exercise.worksheet.run(swap=exercise.misconceptions[name].swap)
            assert any(abs(wrong[f.name] - typed) <= f.tolerance + 1e-9 for f in ask.fields)


def test_any_mixture_of_mix_ups_is_told_in_at_most_45_words_that_hold(variant):
    rng = np.random.default_rng(3)
    for exercise in draws(variant, 30)[:10]:
        if numbers(exercise) is None:
            return
        sheet = exercise.worksheet
        runs = [sheet.run(), *(sheet.run(swap=m.swap) for m in fairness.armed(exercise).values())]
        for level in (0, 1, 2):
            ask = numbers(exercise, level)
            for _ in range(6):
                typed = {f.name: float(rng.choice([run[f.name] for run in runs])) for f in ask.fields}
                verdict = catalog.grade_step(exercise, ask, typed)
                assert len(verdict.feedback.split()) <= MOST_WORDS, verdict.feedback
                assert "nan" not in f"{verdict.feedback} {verdict.line} {verdict.repair}"


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


def test_hostile_answers_are_refused_or_read_within_a_tenth_of_a_second(variant):
    for step in fading.steps(draws(variant, 30)[0], 2, {}):
        if step.ask is None or isinstance(step.ask, Run):
            continue
        for text in HOSTILE:
            start = time.process_time()
            refusal = ""
            try:
                catalog.grade_step(draws(variant, 30)[0], step.ask, read(step.ask, text))
            except Unreadable as problem:
                refusal = str(problem)
            assert len(refusal) < 400
            assert "\x1b" not in refusal
            assert time.process_time() - start < 0.1, text[:20]


# ── pictures ──────────────────────────────────────────────────────────────────────────────


def figures(show):
    return [block for block in show if isinstance(block, Figure)]


def test_figures_draw_at_both_ends_of_every_knob(variant):
    for step in fading.steps(draws(variant, 30)[0], 2, {}):
        for figure in figures(step.show):
            start = {knob.name: knob.start for knob in figure.knobs}
            assert figure.says
            for knob in figure.knobs:
                assert knob.low <= knob.start <= knob.high
                for place in (knob.low, knob.high):
                    assert figure.draw({**start, knob.name: place})


def runs(variant: Variant) -> list[Run]:
    return [step.ask for step in fading.steps(draws(variant, 30)[0], 2, {}) if isinstance(step.ask, Run)]


def test_a_run_paints_its_first_picture_soon(variant):
    for run in runs(variant) if full(variant) else []:
        for frame, _ in zip(run.frames(1), range(3_000), strict=False):
            if frame is not None:
                assert frame.show
                assert frame.says
                assert 0 <= frame.done <= 1
                break
        else:
            pytest.fail("no frame")


@pytest.mark.slow
@pytest.mark.usefixtures("no_collection")
def test_a_run_grows_to_its_end_within_three_seconds_of_work(variant):
    for run in runs(variant) if full(variant) else []:
        start, done, longest = time.process_time(), [], 0.0
        frames = run.frames(2)
        while True:
            before = time.process_time()
            try:
                frame = next(frames)
            except StopIteration:
                break
            longest = max(longest, time.process_time() - before)
            if frame is not None:
                done.append(frame.done)
                assert all(text is not None for text in said(frame.show))
        assert done == sorted(done)
        assert done[-1] == 1
        assert time.process_time() - start < 3
        assert longest < 0.1


def test_a_kind_nobody_knows_is_refused_with_the_nearest(variant):
    with pytest.raises(Unknown, match=f'did you mean "{variant.kind}"'):
        catalog.kind(variant.kind + "z")


def test_fields_stand_in_the_order_of_the_worksheet(variant):
    exercise = draws(variant, 30)[0]
    lines = [line.name for line in exercise.worksheet.lines]
    names = [field.name for field in exercise.fields]
    assert [name for name in lines if name in names] == names
    assert all(isinstance(field, Field) and field.tolerance > 0 for field in exercise.fields)
    assert isinstance(getattr(graded(exercise).ask, "sheet", None), Sheet | None)
