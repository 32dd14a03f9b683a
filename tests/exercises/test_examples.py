"""The example beside a blank shows how a number is written, and gives nothing away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variants import VARIANTS, draws, every, numbers

from drops.course.model import Quiz
from drops.exercises import fairness
from drops.exercises.answers import read, read_number
from drops.exercises.blocks import Numbers
from drops.exercises.examples import like
from drops.exercises.grading import near
from drops.study import tasks
from lessons import lessons


def example_of(field):
    return read(Numbers("", (field,)), field.example)[field.name]


@pytest.mark.slow
@every(VARIANTS)
def test_an_example_is_hardly_ever_the_answer_or_a_named_wrong_one(variant):
    made = draws(variant, 30)
    hits: dict[str, int] = {}
    for exercise in made:
        ask, sheet = numbers(exercise), exercise.worksheet
        if ask is None:
            return
        runs = [sheet.run(), *(sheet.run(swap=m.swap) for m in fairness.armed(exercise).values())]
        for field in ask.fields:
            values = {run[field.name] for run in runs}
            if values <= {0.0, 1.0}:
                continue  # fires or not: there is no third thing to show
            hit = any(near(example_of(field), value, field.tolerance) for value in values)
            hits[field.label] = hits.get(field.label, 0) + hit
    assert all(count <= len(made) / 6 for count in hits.values()), hits


@pytest.mark.slow
def test_no_question_s_example_is_its_answer_or_a_named_wrong_one():
    for drop in lessons():
        for key, item in drop.items.items():
            if not isinstance(item, Quiz) or item.asks != "number":
                continue
            for task in (tasks.fresh(item, seed) for seed in range(20)):
                (field,) = task.steps(2, {}, "")[0].ask.fields
                for value in (task.asked.answer, *(wrong.value for wrong in task.asked.wrong)):
                    assert not near(example_of(field), value, task.asked.tolerance), key
                assert "-" not in field.example  # one kind of minus on the screen


@pytest.mark.slow
@pytest.mark.parametrize("drop", tuple(lessons()), ids=lambda drop: drop.id)
def test_an_example_could_be_an_answer_a_length_is_not_negative_and_a_count_is_whole(drop):
    for key, item in drop.items.items():
        seen: dict[str, list[tuple[float, float]]] = {}
        for task in (tasks.fresh(item, seed) for seed in range(24)):
            asks = [step.ask for step in task.steps(2, {}, "") if isinstance(step.ask, Numbers)]
            of_a_question = isinstance(item, Quiz)
            right = {"answer": task.asked.answer} if of_a_question else task.exercise.worksheet.run()
            for field in asks[0].fields if asks else ():
                seen.setdefault(field.name, []).append((right[field.name], example_of(field)))
        for name, pairs in seen.items():
            answers, examples = zip(*pairs, strict=True)
            if len(pairs) < 12 or len({*answers}) == 1:
                continue  # too few to know what it can be
            if min(answers) >= 0:
                assert min(examples) >= 0, (key, name)
            if min(answers) > 1 and all(near(one, round(one), 1e-9) for one in answers):
                assert all(one == round(one) for one in examples), (key, name)


@given(
    st.lists(st.floats(-50, 50), min_size=1, max_size=30),
    st.lists(st.sampled_from([-0.5, 0.75, 12.0, -7.0, 20.0, 0.35]), max_size=4),
)
def test_an_example_looks_like_the_answers_and_is_none_that_means_something(answers, never):
    example = read_number(like(answers, never, 0.005))
    assert example not in never
    assert example >= 0 or min(answers) < 0
    assert like(answers, never, 0.005) == like(answers[::-1], never, 0.005)  # of no one draw
