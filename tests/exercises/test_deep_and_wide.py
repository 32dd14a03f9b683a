"""Drops 10 to 13: their arithmetic recomputed in plain floats, their live runs watched to the end."""

import math
from itertools import pairwise, product

import numpy as np
import pytest
from variants import drawn

from drops import catalog
from drops.catalog import drawing
from drops.exercises import fading
from drops.exercises.blocks import Bars, Choice, Figure, Run
from drops.exercises.steps import foresaw, right, wrong
from drops.networks.depth import any_function, slow_training, wide_deep, width_and_brake
from drops.networks.nudged import nudgeable
from drops.study.tasks import fresh
from lessons import lessons


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def wires(sizes):
    """Weights and biases of a net, counted one by one."""
    return sum(1 for a, b in pairwise(sizes) for _ in product(range(a + 1), range(b)))


def tent(x):
    return 2 * max(0.0, x) - 4 * max(0.0, x - 0.5)


@pytest.mark.parametrize("seed", range(8))
def test_the_chain_is_the_slope_of_sigmoids_fed_into_each_other(seed):
    exercise = catalog.draw("vanishing", seed, {})
    right = exercise.worksheet.run()

    def through(nudge):
        signal = nudge
        for w in exercise.weights:
            signal = sigmoid(w * signal) - 0.5  # the next unit's bias keeps it at z = 0
        return signal

    slope = (through(1e-5) - through(-1e-5)) / 2e-5
    assert right["chain"] == pytest.approx(slope, abs=1e-6)
    assert right["product"] == pytest.approx(
        (sigmoid(1e-5) - sigmoid(-1e-5)) ** len(exercise.weights) / 2e-5 ** len(exercise.weights)
    )


def test_the_gauge_is_the_size_of_what_a_nudge_of_every_weight_does():
    net, (X, y) = slow_training.Setup(hidden=2).net(3), slow_training.rows_of("moons")
    W, h, squares = net[0].W, 1e-6, 0.0
    for j, i in product(range(16), range(2)):
        kept = W[j, i]
        W[j, i] = kept + h
        up = net.loss(X, y)
        W[j, i] = kept - h
        squares += ((up - net.loss(X, y)) / (2 * h)) ** 2
        W[j, i] = kept
    assert slow_training.norms(2, "sigmoid", 3)[0] == pytest.approx(math.sqrt(squares), rel=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_both_budgets_are_counted_wire_by_wire(seed):
    exercise = fresh(lessons().item("wider-or-deeper/equal-budgets")[1], seed).exercise
    right, given = exercise.worksheet.run(), dict(exercise.given)
    d, w = int(given["d"]), int(given["w"])
    assert right["deep"] == wires((d, w, w, 1))
    apart = [abs(wires((d, h, 1)) - right["deep"]) for h in range(1, 200)]
    assert abs(right["width"] - (1 + apart.index(min(apart)))) <= 1
    assert abs(wires((d, int(right["width"]), 1)) - right["deep"]) <= 0.03 * right["deep"]


@pytest.mark.parametrize("folds", range(1, 7))
def test_the_folding_net_is_the_tent_fed_to_itself(folds):
    xs = [i / 512 for i in range(513)]
    plain = xs
    for _ in range(folds):
        plain = [tent(x) for x in plain]
    assert wide_deep.folding_net(folds).predict(np.array(xs)) == pytest.approx(plain, abs=1e-12)
    turns = sum((b - a) * (c - b) < 0 for a, b, c in zip(plain, plain[1:], plain[2:], strict=False))
    assert wide_deep.pieces(folds) == turns + 1 == 2**folds


@pytest.mark.parametrize("seed", range(12))
def test_the_bump_is_three_hinges_in_plain_floats(seed):
    exercise = drawn("any-function/three-hinges", seed)
    a, t, s, q = (dict(exercise.given)[name] for name in "atsq")
    b, c = a + t, a + 2 * t

    def f(x, third=1):
        return s * max(0, x - a) - 2 * s * max(0, x - b) + third * s * max(0, x - c)

    right = exercise.worksheet.run()
    assert [right[n] for n in ("rise", "peak", "after", "loose")] == pytest.approx(
        [f(a + t / 2), f(b), f(c + q), f(c + q, third=0)]
    )


@pytest.mark.parametrize("seed", range(8))
def test_three_opinions_are_counted_wire_by_wire(seed):
    exercise = drawn("hidden-width/three-opinions", seed)
    right, given = exercise.worksheet.run(), dict(exercise.given)
    counted = [wires((int(given["d"]), int(given[h]), int(given["K"]))) for h in ("few", "some", "many")]
    assert [right[f"p{i}"] for i in (1, 2, 3)] == counted
    assert right["ratio"] == pytest.approx(counted[2] / given["rows"])


@pytest.mark.parametrize("width", [8, 16, 64])
def test_kinks_placed_by_hand_miss_as_straight_pieces_do(width):
    knots = np.linspace(-2, 2, width + 1)
    x = np.linspace(-2, 2, 2001)
    miss = np.abs(np.interp(x, knots, np.sin(3 * knots)) - np.sin(3 * x)).max()
    assert any_function.placed(width)["miss"] == pytest.approx(miss, abs=1e-9)


# ── what is seen ──────────────────────────────────────────────────────────────────────────

RUNS = {
    "repairs": nudgeable("", slow_training.repair_run(("relu-he", "more-epochs"), 5)).frames,
    "duel": wide_deep.draw_duel({"seed": 3}).run.frames,
    "wave": any_function.fit_and_leave({"seed": 4}).run.frames,
    "race": width_and_brake.race_widths({"seed": 2}).run.frames,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_a_run_moves_forward_in_small_bites_and_ends(name):
    pulls = list(RUNS[name](0))
    shown = [frame.done for frame in pulls if frame is not None]
    assert len(pulls) > 100
    assert shown == sorted(shown)
    assert shown[-1] == 1
    assert all(done < 1 for done in shown[:-1])


@pytest.mark.slow
def test_the_prediction_about_the_spirals_and_the_curve_comes_true_from_other_seeds():
    for seed in (1, 500, 9_000):
        *_, last = wide_deep.draw_duel({"seed": seed}).run.frames(0)
        spirals, smooth = last.show
        assert spirals.bars[0].value > spirals.bars[1].value
        assert smooth.bars[0].value > smooth.bars[1].value  # the deep net misses more


@pytest.mark.slow
def test_cem_has_the_widest_gap_from_other_seeds():
    for seed in (1, 50, 700):
        *_, last = width_and_brake.race_widths({"seed": seed}).run.frames(0)
        train, fresh, _ = last.show
        gaps = [a.value - b.value for a, b in zip(train.bars, fresh.bars, strict=True)]
        assert gaps.index(max(gaps)) == 2


def test_the_fixes_that_are_run_are_the_learners_own():
    exercise = catalog.draw("vanishing", 1, {})
    fixes = next(step for step in fading.steps(exercise, 2, {}) if step.name == "fixes").ask
    wrong = [i for i, option in enumerate(fixes.options) if not option.right][:2]
    chosen = exercise._chosen({"fixes": ", ".join("abcdef"[i] for i in wrong)})
    assert {slow_training.FIX_SAYS[name] for name in chosen} == {fixes.options[i].feedback for i in wrong}


@pytest.mark.parametrize("name", ["gradient-gauge", "bump"])
def test_a_figure_draws_at_every_end_of_its_knobs(name):
    params = {
        "gradient-gauge": {"layers": 6, "table": "chinstrap"},
        "bump": {"a": -1, "t": 1, "s": 0.5},
    }
    (figure,) = drawing(name, params[name]).show
    assert isinstance(figure, Figure)
    for ends in product(*((k.low, k.start, k.high) for k in figure.knobs)):
        assert figure.draw({k.name: v for k, v in zip(figure.knobs, ends, strict=True)})


def test_a_run_stands_in_the_last_see_of_these_drops():
    keys = ("wider-or-deeper/equal-budgets", "any-function/three-hinges", "hidden-width/three-opinions")
    for exercise in (catalog.draw("vanishing", 0, {}), *(drawn(key, 0) for key in keys)):
        made = fading.steps(exercise, 2, {})
        *_, last = (step for step in made if step.part == "see")
        assert isinstance(last.ask, Run)


def test_which_fixes_repair_is_asked_beside_the_gradients_of_the_net_that_is_to_be_repaired():
    exercise = catalog.draw("vanishing", 4, {})
    fixes = next(step for step in fading.steps(exercise, 2, {}) if step.name == "fixes")
    gauge = next(one for one in fixes.show if isinstance(one, Bars))
    assert [bar.name for bar in gauge.bars] == ["layer 1", "layer 2", "layer 3", "layer 4", "output"]
    assert [bar.value for bar in gauge.bars] == list(slow_training.norms(4, "sigmoid", exercise.seed))
    assert gauge.bars[0].value < gauge.bars[-1].value


def test_what_is_said_of_a_choice_that_was_wrong_stands_before_the_answer():
    ask = Choice("Who?", (right("Ana", "She has no room."), wrong("Cem", "He has much room.")))
    assert foresaw({"predict": "2"}, ask) == "Not what you expected. He has much room. The answer: Ana."
    assert foresaw({"predict": "1"}, ask) == "You foresaw it. She has no room."


def test_what_is_said_of_the_answer_alone_stands_behind_it():
    why = "41: it says more than 0.5 to few rows of any kind."
    ask = Choice("How many?", (right("fewer than half", why), wrong("five in six", why)))
    assert foresaw({"predict": "2"}, ask) == f"Not what you expected. The answer: fewer than half. {why}"
    assert foresaw({"predict": "1"}, ask) == f"You foresaw it. {why}"
