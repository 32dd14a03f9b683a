"""The example beside a blank shows how a number is written, and gives nothing away."""

import pytest
from variants import VARIANTS, draws, every, numbers

from drops.course.model import Quiz
from drops.exercises import fairness
from drops.exercises.answers import read
from drops.exercises.blocks import Numbers
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
