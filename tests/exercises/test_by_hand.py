"""The 2-3-1 kinds against plain floats: nothing here asks the engine what is right."""

from math import log

import numpy as np
import pytest
from variants import drawn

from drops import catalog
from drops.catalog import drawing
from drops.exercises import fading
from drops.exercises.blocks import Figure, Sheet, Wires
from drops.networks.forward.net231 import one_silent
from drops.study.tasks import again
from lessons import lessons

SEEDS = range(40)


def forward(net, x):
    """z, h and ŷ of a 2-3-1 net, with a pencil."""
    z = [net.W1[j][0] * x[0] + net.W1[j][1] * x[1] + net.b1[j] for j in range(3)]
    h = [v if v > 0 else 0.0 for v in z]
    return z, h, sum(w * v for w, v in zip(net.W2, h, strict=True)) + net.b2


def misses_of(rows):
    given = dict(rows.given)
    return [p - y for p, y in zip(given["p"], given["y"], strict=True)]


def loss(net, W1=None):
    table = net.W1 if W1 is None else W1
    z = [table[j][0] * net.x[0] + table[j][1] * net.x[1] + net.b1[j] for j in range(3)]
    return (sum(w * max(v, 0.0) for w, v in zip(net.W2, z, strict=True)) + net.b2 - net.y) ** 2


# ── draws ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("inputs", [1, 2])
def test_exactly_one_unit_is_silent_at_each_input_and_any_unit_may_be(inputs):
    silent = set()
    for seed in SEEDS:
        net = one_silent(np.random.default_rng(seed), inputs, most=4.0)
        for x in net.x:
            z, _, _ = forward(net, x)
            assert sum(v < 0 for v in z) == 1
            assert len(set(z)) == 3
            assert all(0.5 <= abs(v) <= 4 for v in z)
            silent.add(z.index(min(z)))
    assert silent == {0, 1, 2}


def test_a_layout_never_holds_a_number_twice():
    for seed in SEEDS:
        net = catalog.draw("layout", seed, {})
        numbers = [*sum(net.W1, ()), *net.b1, *net.W2, net.b2]
        assert len(set(numbers)) == 13
        assert 0 not in numbers


def test_misses_have_both_signs_and_do_not_cancel():
    for seed in SEEDS:
        misses = misses_of(drawn("the-loss/four-misses", seed))
        assert min(misses) < 0 < max(misses)
        assert sum(misses) != 0
        assert max(map(abs, misses)) >= 2


# ── arithmetic ────────────────────────────────────────────────────────────────────────────


def test_a_row_of_the_table_is_what_its_unit_listens_to():
    for seed in SEEDS:
        net = catalog.draw("layout", seed, {})
        right = net.worksheet.run()
        assert right["w12_"] == net.W1[0][1]
        assert right["w21_"] == net.W1[1][0]
        assert right["w3_"] == net.W1[2][net.third - 1]
        assert right["b_"] == net.b1[net.bias - 1]
        assert right["v_"] == net.W2[net.out - 1]
        assert right["total"] == 13


@pytest.mark.parametrize(
    ("sizes", "wanted"), [((2, 3, 1), (3, 2, 2, 13)), ((5, 7, 2), (7, 5, 5, 58)), ((3, 4, 1), (4, 3, 3, 21))]
)
def test_shapes_and_counts_of_known_networks(sizes, wanted):
    _, item = lessons().item("two-three-one/shapes")
    right = again(item, dict(zip("pqr", sizes, strict=True))).exercise.worksheet.run()
    assert tuple(right[name] for name in ("rows", "columns", "lying", "total")) == wanted


def test_a_hidden_layer_is_three_neurons():
    for seed in SEEDS:
        layer = catalog.draw("hidden-layer", seed, {})
        right, (z, h, _) = layer.worksheet.run(), forward(layer, layer.x)
        assert [right[f"z1[{j}]"] for j in (1, 2, 3)] == pytest.approx(z)
        assert [right[f"h1[{j}]"] for j in (1, 2, 3)] == pytest.approx(h)
        assert z[layer.silent - 1] < 0


def test_a_prediction_is_a_weighted_sum_of_h():
    for seed in SEEDS:
        made = catalog.draw("prediction", seed, {})
        right = made.worksheet.run()
        for side, x in zip("AB", made.x, strict=True):
            assert right[f"y{side}"] == pytest.approx(forward(made, x)[2])
        assert right["yA"] * right["yB"] < 0


@pytest.mark.slow
def test_the_mean_square_is_what_a_pencil_gives():
    for seed in SEEDS:
        rows = drawn("the-loss/four-misses", seed)
        right, misses = rows.worksheet.run(), misses_of(rows)
        assert [right[f"e{r}"] for r in (1, 2, 3, 4)] == pytest.approx(misses)
        assert right["L"] == pytest.approx(sum(e * e for e in misses) / 4)


def test_a_yes_pays_for_p_and_a_no_for_the_rest():
    for seed in SEEDS:
        rows = drawn("the-loss/yes-or-no", seed)
        right, given = rows.worksheet.run(), dict(rows.given)
        for r, (p, y) in enumerate(zip(given["p"], given["y"], strict=True), 1):
            assert right[f"l{r}"] == pytest.approx(-log(p) if y else -log(1 - p))


def test_every_gradient_is_the_slope_that_a_nudge_finds():
    for seed in SEEDS:
        row = catalog.draw("backprop", seed, {})
        right, (_, h, yhat) = row.worksheet.run(), forward(row, row.x)
        assert right["dyhat[1]"] == pytest.approx(2 * (yhat - row.y))
        for j in (row.live, row.dead):
            assert right[f"dW2[1,{j}]"] == pytest.approx(2 * (yhat - row.y) * h[j - 1])
        name, up, down = f"dW1[{row.live},{row.i}]", *([list(w) for w in row.W1] for _ in range(2))
        up[row.live - 1][row.i - 1] += 1e-5
        down[row.live - 1][row.i - 1] -= 1e-5
        assert right[name] == pytest.approx((loss(row, up) - loss(row, down)) / 2e-5, abs=1e-6)
        assert right["new"] == pytest.approx(row.W1[row.live - 1][row.i - 1] - row.lr * right[name])
        assert right[f"dz1[{row.dead}]"] == 0


def test_a_whole_step_helps_in_every_drawn_row():
    for seed in SEEDS:
        row = catalog.draw("backprop", seed, {})
        assert row.helps()


# ── follow-through ────────────────────────────────────────────────────────────────────────


def test_what_follows_from_an_own_z_is_not_held_against_the_learner():
    layer = catalog.draw("hidden-layer", 3, {})
    ask = fading.graded_step(fading.steps(layer, 2, {})).ask
    right = layer.worksheet.run()
    typed = {field.name: right[field.name] for field in ask.fields}
    j = next(j for j in (1, 2, 3) if j != layer.silent)
    typed[f"z1[{j}]"] += 7.25
    typed[f"h1[{j}]"] = typed[f"z1[{j}]"]
    verdict = catalog.grade_step(layer, ask, typed)
    assert not verdict.right
    standing = {field.name: field.standing for field in verdict.fields}
    assert standing[f"z1[{j}]"] == "slip"
    assert standing[f"h1[{j}]"] == "follows"


def test_a_gradient_goes_on_from_what_was_typed_before_it():
    row = catalog.draw("backprop", 5, {})
    sheet, right = row.worksheet, row.worksheet.run()
    doubled = sheet.run(entered={"dyhat[1]": 2 * right["dyhat[1]"]})
    for name in (f"dW2[1,{row.live}]", f"dz1[{row.live}]", f"dW1[{row.live},{row.i}]"):
        assert doubled[name] == pytest.approx(2 * right[name])


# ── pictures ──────────────────────────────────────────────────────────────────────────────

FIGURES = {
    "two-three-one": {},
    "hidden-layer": {},
    "prediction": {},
    "backward": {},
    "one-step": {},
    "squares": {"names": ["a", "b", "c", "d"], "y": [1, 3, 0, 2], "p": [3, 1, 1, 1]},
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_lessons_figure_can_be_moved_to_both_ends_of_every_knob(name):
    figures = [block for block in drawing(name, FIGURES[name]).show if isinstance(block, Figure)]
    assert figures
    for figure in figures:
        start = {knob.name: knob.start for knob in figure.knobs}
        for knob in figure.knobs:
            for value in (knob.low, knob.high):
                assert figure.draw({**start, knob.name: value})


def test_selecting_a_cell_lights_the_wire_it_stands_for():
    (figure,) = drawing("two-three-one", {}).show
    drawn, *_ = figure.draw({"row": 2, "column": 1})
    assert isinstance(drawn, Wires)
    assert drawn.lit == ((0, 1, 0),)
    assert "x₁ → h₂" in drawn.says


def test_the_lesson_of_drop_6_shows_the_numbers_its_text_says():
    numbers = drawing("hidden-layer", {"x": [-2, 2.5]}).numbers
    assert [numbers[f"z{j}"] for j in (1, 2, 3)] == [6.5, -2.5, 0.5]


def test_the_nudge_test_shows_the_gradient_beside_it():
    row = catalog.draw("backprop", 2, {})
    see = next(step for step in fading.steps(row, 2, {}) if step.part == "see")
    sheet = next(block for block in see.show if isinstance(block, Sheet))
    nudged, by_hand = (float(cells[1].replace("−", "-")) for cells in sheet.rows[2:])
    assert nudged == pytest.approx(by_hand, abs=0.05)
