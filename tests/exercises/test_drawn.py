"""Predictions that are drawn: what a guess is worth, what is said of it, and that no constant guess passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops import catalog
from drops.exercises.answers import read
from drops.exercises.blocks import Curve, Knobs, Surface
from drops.exercises.fading import steps
from drops.exercises.grading import grade
from drops.exercises.handles import nearest_handle, value_at
from drops.exercises.sketches import through
from drops.exercises.written.kind import Written
from lessons import lessons

MOST = 0.6  # share of the draws that one drawing may be right in

LINE = {
    "lines": {"c": "-b/w"},
    "given": {"w": {"of": [1, 2, 4], "signs": True}, "v": {"of": [1, 2], "signs": True}, "b": {"of": [1, 2, 3], "signs": True}},
    "predict": {
        "asks": "Place the line.",
        "draws": {"neuron": ["w", "v", "b"]},
        "wrong": [{"line": ["b/w", "b/v"], "why": "The sign was lost.", "mixup": "sign"}],
    },
}


def drawn_steps(exercise, answers=()):
    made = steps(exercise, 2, dict(answers))
    guess = next((s for s in made if s.part == "predict" and isinstance(s.ask, Knobs) and s.ask.by_hand), None)
    return guess, next((s for s in made if s.part == "see"), None)


def draws(drop, fence, count):
    return [catalog.draw(fence.kind, seed, fence.params) for seed in range(count)]


FENCES = {
    f"{drop.id}/{fence.id}": (drop, fence)
    for drop in lessons()
    for fence in drop.exercises
    if drawn_steps(catalog.draw(fence.kind, 0, fence.params))[0] is not None
}
EVERY = pytest.mark.parametrize("key", FENCES)


def test_lessons_of_all_three_paths_let_a_curve_be_drawn():
    paths = [lessons().path_of(drop.id).id for drop, _ in FENCES.values()]
    assert len({*paths}) == len(lessons().paths) == 3
    assert paths.count("understand-neural-network-fundamentals") >= 3


@pytest.mark.slow
def test_a_curve_and_a_decision_line_are_both_drawn_in_lessons():
    asks = [drawn_steps(exercise)[0].ask for fence in FENCES.values() for exercise in draws(*fence, 12)]
    shown = [ask.draw({knob.name: knob.start for knob in ask.knobs})[0] for ask in asks]
    assert {type(block) for block in shown} == {Curve, Surface}


@EVERY
def test_what_is_right_is_foreseen_and_the_real_curve_is_drawn_over_the_guess(key):
    for exercise in draws(*FENCES[key], 6):
        guess, _ = drawn_steps(exercise)
        right = "; ".join(f"{guess.ask.solution[k.name]:.10g}" for k in guess.ask.knobs)
        verdict = grade(guess.ask, read(guess.ask, right), None, exercise.misconceptions)
        assert verdict.right
        told, shown = drawn_steps(exercise, {"predict": right})[1].show[:2]
        assert told.markdown.startswith("You foresaw it.")
        if isinstance(shown, Surface):
            assert shown.neuron == shown.lines[0]  # the guess is the other line
            assert len(shown.lines) == 2
        else:
            assert "your guess" in [series.name for series in shown.series]
        assert shown.says
        assert not shown.handles


@EVERY
def test_a_guess_that_is_off_is_told_where_and_by_how_much(key):
    for exercise in draws(*FENCES[key], 4):
        guess, _ = drawn_steps(exercise)
        ends = (max((k.low, k.high), key=lambda end, k=k: abs(end - guess.ask.solution[k.name])) for k in guess.ask.knobs)
        far = "; ".join(f"{end:.10g}" for end in ends)
        verdict = grade(guess.ask, read(guess.ask, far), None, exercise.misconceptions)
        said = drawn_steps(exercise, {"predict": far})[1].show[0].markdown
        assert not verdict.right
        assert verdict.feedback == said
        assert said.startswith("Not what you drew. Farthest off is ")


@pytest.mark.nightly
@EVERY
def test_no_drawing_is_right_in_more_than_six_of_ten_draws(key):
    """Of what a hundred draws themselves come to, `drops check` says so; here it is any, and as it stands first."""
    asks = [drawn_steps(exercise)[0].ask for exercise in draws(*FENCES[key], 120)]
    guesses = {tuple(ask.solution.values()) for ask in asks} | {tuple(k.start for k in ask.knobs) for ask in asks}
    for guess in guesses:
        right = 0
        for ask in asks:
            values = {k.name: v for k, v in zip(ask.knobs, guess, strict=False)}
            fits = len(guess) == len(ask.knobs) and all(k.low <= values[k.name] <= k.high for k in ask.knobs)
            right += fits and ask.reached(values)
        assert right <= MOST * len(asks), guess


@EVERY
def test_the_same_numbers_draw_the_same_and_as_it_stands_first_nothing_is_foreseen(key):
    for exercise in draws(*FENCES[key], 4):
        one, other = drawn_steps(exercise)[0].ask, drawn_steps(exercise)[0].ask
        assert one.knobs == other.knobs
        assert one.solution == other.solution
        (shown,) = one.draw({k.name: k.start for k in one.knobs})
        assert [h.knob for h in shown.handles] == [k.name for k in one.knobs]
        assert all(value_at(h, h.x, h.y) == k.start for h, k in zip(shown.handles, one.knobs, strict=True))


CROSSINGS = st.integers(-12, 12).map(lambda n: n / 2)


@given(CROSSINGS, CROSSINGS)
def test_a_line_by_its_crossings_cuts_the_axes_there(across, up):
    w1, w2, b = through((across, up))
    assert w1 * across + b == 0
    assert w2 * up + b == 0


@pytest.mark.parametrize("seed", range(5))
def test_a_neurons_line_is_placed_by_where_it_cuts_the_axes(seed):
    exercise = Written.draw(np.random.default_rng(seed), LINE)
    guess, _ = drawn_steps(exercise)
    given = dict(exercise.given)
    cuts = [-given["b"] / given["w"], -given["b"] / given["v"]]
    assert list(guess.ask.solution.values()) == cuts
    (shown,) = guess.ask.draw(dict(zip(("at0", "at1"), cuts, strict=True)))
    assert [h.along for h in shown.handles] == ["x", "y"]
    verdict = grade(guess.ask, read(guess.ask, f"{-cuts[0]}; {-cuts[1]}"), None, {})
    assert verdict.misconceptions == ("sign",)
    assert "The sign was lost." in verdict.feedback


def test_the_handle_that_a_place_means_is_the_one_across_its_way():
    exercise = Written.draw(np.random.default_rng(1), LINE)
    (shown,) = drawn_steps(exercise)[0].ask.draw({"at0": 3.0, "at1": -2.0})
    for x, y, meant in ((5.0, 0.2, "at0"), (0.1, 4.0, "at1"), (-4.0, -0.3, "at0")):
        assert nearest_handle(shown.handles, x, y, (-6, 6), (-6, 6)).knob == meant
