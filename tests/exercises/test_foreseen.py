"""Predictions and explanations: the answer changes with the scene, so that nobody can learn it by heart."""

import re
from collections import Counter, defaultdict

import pytest
from variants import VARIANTS, drawn, draws, every

from drops.exercises import fading
from drops.exercises.blocks import Choice

DRAWS = 200
MOST = 0.6  # share of the draws in which one option may be right


def foreseen(exercise):
    for step in fading.steps(exercise, 2, {}):
        if step.part in ("predict", "explain") and isinstance(step.ask, Choice):
            yield step


@pytest.mark.slow
@every(VARIANTS)
def test_no_answer_is_right_in_more_than_six_of_ten_draws(variant):
    texts, places = defaultdict(Counter), defaultdict(Counter)
    for exercise in draws(variant, DRAWS):
        for step in foreseen(exercise):
            right = [option.right for option in step.ask.options]
            assert right.count(True) == 1
            texts[step.name][step.ask.options[right.index(True)].text] += 1
            places[step.name][right.index(True)] += 1
    for counted in (*texts.values(), *places.values()):
        assert max(counted.values()) <= MOST * counted.total(), counted


@every(VARIANTS)
def test_the_same_numbers_ask_the_same_and_every_option_has_its_say(variant):
    for exercise in draws(variant, 20):
        for step, again in zip(foreseen(exercise), foreseen(exercise), strict=True):
            assert step.ask.prompt == again.ask.prompt
            assert [o.text for o in step.ask.options] == [o.text for o in again.ask.options]
            assert all(option.feedback for option in step.ask.options)
            assert len({option.text for option in step.ask.options}) == len(step.ask.options)


@pytest.mark.slow
def test_which_of_two_models_is_worse_is_what_their_squares_say():
    """Worked out again from the numbers in the question."""
    said = set()
    for seed in range(40):
        guess = next(foreseen(drawn("the-loss/four-misses", seed))).ask
        one, *_, each = map(float, re.findall(r"\d+(?:\.\d+)?", guess.prompt))
        a, b = one**2, 4 * each**2
        wanted = "A's" if a > b else "B's" if b > a else "they are equal"
        assert [option.text for option in guess.options if option.right] == [wanted]
        said.add(wanted)
    assert len(said) == 3


def test_a_stack_of_tables_comes_to_its_squashes_and_one():
    from drops.networks.neuron.chain import PREDICT

    for ask in PREDICT:
        squashes = ask.prompt.count("relu")
        assert [option.text for option in ask.options if option.right] == [str(squashes + 1)]
