"""The figures beside the lessons' pages: each at every place of its knobs, their numbers with a pencil."""

import csv
import math
import re
from collections.abc import Mapping
from fractions import Fraction
from importlib import resources
from itertools import pairwise, product

import numpy as np
import pytest

from drops import catalog
from drops.catalog import drawing
from drops.course.faces import figures_of
from drops.course.model import ExerciseFence, FigureFence, Quiz
from drops.exercises.blocks import Bars, Curve, Figure, Matrix, Sheet, Surface, Wires, Words
from drops.exercises.written import figures as written
from drops.networks.figures import FIGURES
from drops.text import number
from lessons import lessons
from nnlab import SGD, Net, data
from nnlab.losses import LOSSES

PARTS = [
    part
    for drop in lessons()
    for section in drop.sections
    for part in section.parts
    if isinstance(part, FigureFence)
]
FENCES = {part.name: part.params for part in reversed(PARTS)}  # the first of each name
def named_in(params):
    """The figures that an exercise names: beside its sheet, at its end, before it, behind what is drawn."""
    inner = params.values() if isinstance(params, Mapping) else params if isinstance(params, list) else ()
    own = {params["figure"]} if isinstance(params, Mapping) and "figure" in params else set()
    return own.union(*map(named_in, inner))


IN_EXERCISES = {
    name
    for drop in lessons()
    for item in drop.items.values()
    if isinstance(item, ExerciseFence)
    for name in named_in(item.params)
}


BESIDE_QUESTIONS = {
    figure.figure
    for drop in lessons()
    for item in drop.items.values()
    if isinstance(item, Quiz)
    for face in item.faces
    if face.draw
    for figure in figures_of(face.draw)
} | {
    face.picture.name
    for drop in lessons()
    for item in drop.items.values()
    if isinstance(item, Quiz)
    for face in item.faces
    if face.picture
}


def written_in(drop, knob):
    """The parameters of the first written figure of a drop that has this knob."""
    parts = [part for one in lessons() if one.id == drop for section in one.sections for part in section.parts]
    return next(p.params for p in parts if isinstance(p, FigureFence) and knob in p.params.get("knobs", ()))


def at(name, params=None, **places):
    """The blocks of a figure with some of its knobs moved."""
    (figure,) = (block for block in drawing(name, params or FENCES[name]).show if isinstance(block, Figure))
    assert set(places) <= {knob.name for knob in figure.knobs}
    return figure.draw({knob.name: places.get(knob.name, knob.start) for knob in figure.knobs})


def a(kind, shown):
    """The only block of its kind."""
    (block,) = (block for block in shown if isinstance(block, kind))
    return block


def told(shown):
    return a(Words, shown).markdown.replace("*", "").replace("−", "-")


def numbers(name):
    return drawing(name, FENCES[name]).numbers


def test_every_figure_stands_in_a_lesson_in_an_exercise_or_beside_a_question():
    assert set(FENCES) | IN_EXERCISES | BESIDE_QUESTIONS == {*FIGURES, *written.FIGURES}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "params"),
    [*FENCES.items(), *((part.name, part.params) for part in PARTS if part.name == "written")],
)
def test_a_figure_draws_at_every_place_and_in_every_corner_and_says_what_it_shows(name, params):
    for figure in (block for block in drawing(name, params).show if isinstance(block, Figure)):
        start = {knob.name: knob.start for knob in figure.knobs}
        assert figure.says
        every = [
            {**start, k.name: k.low + i * k.step}
            for k in figure.knobs
            for i in range(round((k.high - k.low) / k.step) + 1)
        ]
        every += [
            dict(zip(start, ends, strict=True)) for ends in product(*((k.low, k.high) for k in figure.knobs))
        ]
        for values in every:
            shown = figure.draw(values)
            assert any(not isinstance(block, Words) for block in shown)
            for block in shown:
                assert block.markdown if isinstance(block, Words) else getattr(block, "says", "beside")
                if isinstance(block, Curve):
                    assert all(math.isfinite(y) for series in block.series for _, y in series.points)


# ── drops 1 to 4 ──────────────────────────────────────────────────────────────────────────


def penguins():
    """(flipper, bill length, bill depth) in tenths of a millimetre as whole numbers, and the species."""
    text = resources.files("nnlab").joinpath("tables", "penguins.csv").read_text()
    for row in csv.DictReader(text.splitlines()):
        sizes = (row["flipper_length_mm"], row["bill_length_mm"], row["bill_depth_mm"])
        yield (*(round(Fraction(mm) * 10) for mm in sizes), int(row["target"]))


ONLY_TABLES = {"look-up"}  # a table in which a row is looked up


@pytest.mark.parametrize("fence", [part for part in PARTS if part.name not in ONLY_TABLES], ids=lambda p: p.name)
def test_a_figure_has_a_picture_and_not_a_table_alone(fence):
    shown = drawing(fence.name, fence.params).show
    shown = at(fence.name, fence.params) if any(isinstance(one, Figure) for one in shown) else shown
    assert not all(isinstance(block, Sheet | Words) for block in shown)


def test_a_neuron_on_the_penguins_is_counted_bird_by_bird():
    places = [(1, 1, 0), (1, 0.5, 0), (1, 0, 0), (1, -0.5, 0), (1, -0.5, -0.5), (1, -1, -1), (-2, 1.5, 3)]
    for w1, w2, b in places:
        right = sum(
            (Fraction(w1) * (flipper - 2000) / 100 + Fraction(w2) * (depth - 170) / 10 + Fraction(b) > 0)
            == (species == 2)
            for flipper, _, depth, species in penguins()
        )
        fence = {"table": "gentoo", "units": [[1, 1, 0]]}
        assert told(at("birds", fence, w1=w1, w2=w2, b=b)).startswith(f"{right} of 342 birds right.")


def test_two_lines_around_the_chinstraps_are_counted_bird_by_bird():
    fence = next(part.params for part in PARTS if part.name == "birds" and "vote" in part.params)
    for b1, b2, vote in ((0, 0, -0.5), (2.5, 4, -1.5), (2.5, 4, -0.5), (-3, 6, -1.5)):
        right = 0
        for _, length, depth, species in penguins():
            long, deep = Fraction(length - 440, 10), Fraction(depth - 170, 10)
            votes = (-long / 2 + 2 * deep + Fraction(b1) > 0) + (long * 3 / 2 - 2 * deep + Fraction(b2) > 0)
            right += (votes + vote > 0) == (species == 1)
        assert told(at("birds", fence, b1=b1, b2=b2, c=vote)) == f"{right} of 342 birds right."


@pytest.mark.parametrize("fence", [part.params for part in PARTS if part.name == "birds"])
def test_no_place_of_the_knobs_tells_more_birds_than_the_best(fence):
    made = drawing("birds", fence)
    (figure,) = made.show
    some = product(*(knob.places[:: 1 + len(knob.places) // 5] for knob in figure.knobs))
    names = [knob.name for knob in figure.knobs]
    counts = [int(told(figure.draw(dict(zip(names, place, strict=True)))).split()[0]) for place in some]
    assert max(counts) <= made.numbers["best"]


def test_the_map_of_the_birds_is_coloured_by_the_rule_and_has_all_of_them_in_millimetres():
    (figure,) = drawing("birds", {"table": "gentoo", "units": [[1, -1, -1]]}).show
    picture = a(Surface, figure.draw({knob.name: knob.start for knob in figure.knobs}))
    assert len(picture.points) == 342
    assert {(round(p.x, 6), round(p.y, 6), p.label) for p in picture.points} == {
        (flipper / 10, depth / 10, int(species == 2)) for flipper, _, depth, species in penguins()
    }
    ((w1, w2, b),) = picture.lines
    assert b + w1 * 210 + w2 * 17 == pytest.approx(0)  # f = 1 where d = 0: on the line
    for point in picture.points:
        assert (w1 * point.x + w2 * point.y + b > 0) == point.label


def test_without_a_squash_every_start_ends_as_a_single_neuron_does_and_with_one_it_bends():
    for start in (1, 2, 3):
        assert told(at("squash-off", squash=0, start=start)) == "Squash off: 302 of 342 birds right."
        bent = told(at("squash-off", squash=1, start=start))
        assert int(bent.split()[2]) >= 330


def test_more_rows_are_more_to_see_and_nothing_more_to_hold():
    fence = written_in("weighted-sum-and-squash", "inputs")
    held = {places: a(Sheet, at("written", fence, rows=places)).rows for places in range(1, 5)}
    assert [rows[0][1] for rows in held.values()] == ["60", "1,026", "6,000", "60,000"]
    assert {rows[1][1] for rows in held.values()} == {"3"}
    assert a(Sheet, at("written", fence, inputs=12)).rows[1][1] == "13"


def test_two_lines_are_one_wherever_one_looks():
    for w1, b1, w2, b2 in ((2, -3, -1.5, 1), (-1, 0.5, 3, -2), (0, 2, 1, 1)):
        shown = at("written", written_in("why-the-squash", "w1"), w1=w1, b1=b1, w2=w2, b2=b2)
        first, both = a(Curve, shown).series
        for (x, h), (_, y) in zip(first.points, both.points, strict=True):
            assert h == pytest.approx(w1 * x + b1)
            assert y == pytest.approx(w2 * w1 * x + w2 * b1 + b2)


def test_only_doubling_leaves_the_two_layers_a_line():
    squash = (
        lambda z: max(0, z),
        lambda z: z if z > 0 else 0.01 * z,
        math.tanh,
        lambda z: 1 / (1 + math.exp(-z)),
        lambda z: 2 * z,
    )
    for place, f in enumerate(squash, 1):
        shown = at("written", written_in("why-the-squash", "between"), between=place)
        for x, y in a(Curve, shown).series[0].points:
            assert y == pytest.approx(-1.5 * f(2 * x - 3) + 1)
        assert ("melted" in told(shown)) == (place == 5)


def test_a_unit_lights_the_wires_it_reads_and_no_others():
    lit = [a(Wires, at("reading", unit=unit)).lit for unit in range(1, 8)]
    assert [len(wires) for wires in lit] == [3, 3, 3, 3, 4, 4, 2]
    assert len(set().union(*lit)) == 3 * 4 + 4 * 2 + 2 * 1


# ── drops 5 to 9 ──────────────────────────────────────────────────────────────────────────

W1, B1, W2, B2 = ((-1, 2), (0.5, -2), (-0.5, 1)), (-0.5, 3.5, -3), (-0.2, -0.1, 0.4), 1.1


def forward(x, W1=W1, B1=B1, W2=W2, B2=B2):
    """h and ŷ of the lessons' network, with a pencil."""
    h = [max(0, w[0] * x[0] + w[1] * x[1] + b) for w, b in zip(W1, B1, strict=True)]
    return h, sum(v * a for v, a in zip(W2, h, strict=True)) + B2


def test_each_of_the_four_tables_lights_its_own_wires_and_prints_its_own_numbers():
    shown = [at("four-tables", table=place) for place in range(4)]
    assert [len(a(Wires, blocks).lit) for blocks in shown] == [6, 0, 3, 0]
    cells = [cell for blocks in shown for row in a(Sheet, blocks).rows for cell in row[1:]]
    held = [*sum(W1, ()), *B1, *W2, B2]
    assert [float(cell.replace("−", "-")) for cell in cells] == held


def test_another_net_puts_out_what_its_own_numbers_say():
    for w12, b2, v3 in ((2, 3.5, 0.4), (0, 4, 2), (-4, -4, -2)):
        _, yhat = forward((5, 2.5), ((-1, w12), *W1[1:]), (-0.5, b2, -3), (-0.2, -0.1, v3))
        assert (
            told(at("another-net", **{"W1[1,2]": w12, "b1[2]": b2, "W2[1,3]": v3}))
            == f"For x = (5, 2.5) this network puts out {yhat:g}."
        )


def test_a_table_on_its_side_is_refused_unless_it_is_square():
    for inputs, units, side in product((2, 3, 4), (2, 3, 4), (0, 1)):
        says = told(at("side-table", inputs=inputs, units=units, side=side))
        assert ("refused" in says) == (side == 1 and inputs != units)
    assert told(at("side-table", inputs=2, units=2)) == "2×2 times x = (2, 3) gives (2, 0)."
    assert told(at("side-table", inputs=2, units=2, side=1)) == "2×2 times x = (2, 3) gives (3.5, -1)."
    lying = a(Wires, at("side-table", inputs=2, units=3, side=1))
    assert [*map(len, lying.names)] == [3, 2]  # two rows of three: it wants three inputs
    assert set(lying.values[0]) == {None}


def test_a_neuron_of_three_is_its_row_and_its_bias():
    assert told(at("three-neurons", unit=2)).endswith("z₂ = 0.5·x₁ - 2·x₂ + 3.5.")
    assert a(Wires, at("three-neurons", unit=2)).lit == ((0, 1, 0), (0, 1, 1))


def test_the_sheet_and_the_curve_of_the_hidden_layer_are_one_bill():
    for x in ((-2, 2.5), (5, 2.5), (16, -4)):
        shown = at("hidden-layer", x1=x[0], x2=x[1])
        h, _ = forward(x)
        assert [float(row[4]) for row in a(Sheet, shown).rows] == pytest.approx(h)
        assert [(mm, y) for mm, y, _ in a(Curve, shown).marks] == [(44 + x[0], pytest.approx(v)) for v in h]
    assert min(forward((-8, -0.5))[0]) > 0  # all three fire, as the figure asks for


def test_the_prediction_follows_the_length_of_the_bill_and_turns_where_it_crosses_a_half():
    for x in ((-2, 2.5), (1.5, 2.5), (12, 0)):
        (mm, yhat, _), = a(Curve, at("prediction", x1=x[0], x2=x[1])).marks  # fmt: skip
        assert (mm, yhat) == (44 + x[0], pytest.approx(forward(x)[1]))
    turns = numbers("prediction")["yes_from"]
    assert forward((turns - 44 - 0.01, 2.5))[1] < 0.5 <= forward((turns - 44, 2.5))[1] + 1e-9


def test_the_hand_made_net_gets_the_birds_right_that_the_lessons_say():
    asked = [((length - 440) / 10, (depth - 170) / 10, species == 1) for _, length, depth, species in penguins()]
    right = sum((round(forward((long, deep))[1], 9) > 0.5) == yes for long, deep, yes in asked)
    assert right == 334
    returning = {53: 0, 315: 1, 300: 0.75, 179: 0.16, 129: 0.665}
    assert {n: round(forward(asked[n - 1][:2])[1], 9) for n in returning} == returning


def test_the_wrong_orders_are_the_ones_they_are_called():
    fence = written_in("z-relu-h", "x1")
    for x in ((5, 2.5), (-2, 2.5), (4, -2.5)):
        differ = 0
        for (w1, w2), b, row in zip(W1, B1, a(Sheet, at("written", fence, x1=x[0], x2=x[1])).rows, strict=True):
            p, q = w1 * x[0], w2 * x[1]
            wanted = [max(0, p + q + b), max(0, p + q) + b, max(0, max(0, p) + max(0, q) + b)]
            assert [float(cell.replace("−", "-")) for cell in row[1:]] == pytest.approx(wanted, abs=5e-4)
            differ += len(set(wanted)) > 1
        says = told(at("written", fence, x1=x[0], x2=x[1]))
        assert says == f"The order makes a difference to {differ} of the three units."


def test_the_last_sum_is_a_sum():
    for h in ((6.5, 0, 0.5), (0, 4, 0), (4, 0.5, 2)):
        shown = a(Wires, at("last-sum", h1=h[0], h2=h[1], h3=h[2]))
        assert shown.values[1] == (pytest.approx(sum(w * v for w, v in zip(W2, h, strict=True)) + B2),)


def test_the_last_squash_gives_a_number_a_chance_or_shares_of_one():
    for z in (-4, 0, 2.5):
        assert a(Curve, at("last-squash", question=0, sum=z)).marks == ((z, z, "ŷ"),)
        yes, no = a(Bars, at("last-squash", question=1, sum=z)).bars
        assert (yes.value, no.value) == (round(1 / (1 + math.exp(-z)), 2), round(1 / (1 + math.exp(z)), 2))
        e = [math.exp(score) for score in (z, 1, 0.5)]
        shares = [bar.value for bar in a(Bars, at("last-squash", question=2, sum=z)).bars]
        assert shares == pytest.approx([v / sum(e) for v in e], abs=0.0051)


def test_misses_as_large_as_can_be_may_average_to_nothing():
    assert (
        told(at("written", written_in("the-loss", "e1"), e1=3, e2=-3, e3=3, e4=-3))
        == "The misses average to 0; 0 of 4 predictions are right."
    )
    assert (
        told(at("written", written_in("the-loss", "e1"), e1=0, e2=1, e3=0, e4=0))
        == "The misses average to 0.25; 3 of 4 predictions are right."
    )


def test_the_cheapest_constant_is_the_share_of_yes():
    for yes in (34, 68, 170, 306):
        curve = a(Curve, at("written", written_in("the-loss", "yes"), p=0.25, yes=yes))
        costs = dict(curve.series[0].points)
        assert min(costs, key=costs.get) == pytest.approx(yes / 342, abs=0.011)
        for p, cost in costs.items():
            assert cost == pytest.approx(-(yes * math.log(p) + (342 - yes) * math.log(1 - p)) / 342)


def test_a_smaller_nudge_comes_closer_to_the_gradient_by_hand():
    by_hand = (0.4, 0.1, 0.05, -1.75, -0.5)  # the numbers of drop 9
    for place, slope in enumerate(by_hand):
        cells = [a(Sheet, at("nudge", number=place, nudge=size)).rows[3][1] for size in range(4)]
        ratios = [float(cell.replace("−", "-")) for cell in cells]
        apart = [abs(ratio - slope) for ratio in ratios]
        assert apart == sorted(apart, reverse=True)
        assert apart[-1] < 0.03


def test_what_comes_back_stands_in_the_net_as_in_the_sheet():
    for y in (-1.0, 0.75, 1.0, 2.0):
        shown = at("backward", y=y)
        net, sheet = a(Wires, shown), a(Sheet, shown)
        assert [number(net.under[1, j][1]) for j in range(3)] == [row[4] for row in sheet.rows]
        assert net.under[2, 0][1] == pytest.approx(2 * (net.values[2][0] - y))


def test_a_nudged_number_is_in_the_net_that_is_drawn():
    net = a(Wires, at("nudge", number=0, nudge=0))
    assert net.weights[0][1][0] == 0.5 + 1.0
    assert net.lit == ((0, 1, 0),)


def test_two_models_are_measured_by_one_scale():
    (block,) = drawing("two-models", {"A": [3, 0, 0, 0], "B": [1, 1, 1, 1]}).show
    assert [bar.value for bar in a(Bars, (block,)).bars] == [3, 0, 0, 0, 1, 1, 1, 1]


def test_step_after_step_is_descent_with_a_pencil():
    W1_, B1_, W2_, B2_ = [list(row) for row in W1], list(B1), list(W2), B2
    x, y, lr = (8, 2), 1, 0.01
    for _, loss in a(Curve, at("again", lr=lr)).series[0].points:
        h, yhat = forward(x, W1_, B1_, W2_, B2_)
        assert loss == pytest.approx((yhat - y) ** 2)
        g = 2 * (yhat - y)
        dz = [g * v * (a > 0) for v, a in zip(W2_, h, strict=True)]
        W2_ = [v - lr * g * a for v, a in zip(W2_, h, strict=True)]
        W1_ = [[w - lr * d * i for w, i in zip(row, x, strict=True)] for row, d in zip(W1_, dz, strict=True)]
        B1_, B2_ = [b - lr * d for b, d in zip(B1_, dz, strict=True)], B2_ - lr * g


# ── drops 10 and 11 ───────────────────────────────────────────────────────────────────────


def test_what_a_chain_of_sigmoids_leaves_is_a_product():
    for z, w, layers in ((0, 4, 6), (2, 4, 6), (-5, 8, 1), (1, 3, 4)):
        s = 1 / (1 + math.exp(-z))
        left = (w * s * (1 - s)) ** layers
        shown = at("written", written_in("sigmoid-slow-training", "z"), z=z, w=w, layers=layers)
        assert f"in {layers} layers: {left:.6f}".rstrip("0").rstrip(".") in told(shown)


def test_two_prices_are_counted_wire_by_wire():
    fence = written_in("wider-or-deeper", "deep")
    for deep, wide in ((8, 26), (4, 7), (12, 60)):
        rows = a(Sheet, at("written", fence, deep=deep, wide=wide)).rows
        counted = (2 + 1) * deep + (deep + 1) * deep + deep + 1, (2 + 1) * wide + wide + 1
        assert [int(row[2]) for row in rows] == list(counted)
    assert told(at("written", fence, deep=8, wide=26)) == "105 - 105 = 0: the price is the same."


def test_starts_go_deaf_with_depth_and_hear_again_with_width():
    def deaf(**places):
        return int(told(at("fading", **places)).split("end to end. ")[1].split()[0])

    by_depth = [deaf(layers=layers, width=3) for layers in (1, 4, 8, 12)]
    assert by_depth == sorted(by_depth)
    assert by_depth[0] == 0 < by_depth[-1]
    assert deaf(layers=12, width=10) == 0


def test_the_tables_to_bet_on_are_those_of_the_duel():
    from drops.networks.depth.wide_deep import rows

    for draw in (1, 4):
        (X, y), (x, noisy) = (rows(task, draw)[0] for task in ("spirals", "smooth"))
        points = a(Surface, at("bets", table=0, draw=draw)).points
        assert [(p.x, p.y, p.label) for p in points] == [
            (*row, label) for row, label in zip(X.tolist(), y, strict=True)
        ]
        assert a(Curve, at("bets", table=1, draw=draw)).series[0].points == tuple(
            zip(x[:, 0], noisy, strict=True)
        )


def test_the_birds_to_bet_on_are_birds_and_others_with_every_draw():
    all_of_them = {(length / 10, depth / 10, int(species == 1)) for _, length, depth, species in penguins()}
    drawn = [a(Surface, at("bets", table=2, draw=draw)).points for draw in (1, 2)]
    for points in drawn:
        assert len(points) == 200
        assert {(round(p.x, 6), round(p.y, 6), p.label) for p in points} <= all_of_them
    assert drawn[0] != drawn[1]


def test_weights_that_no_row_asks_for_melt_as_the_engine_has_them():
    fence = written_in("weight-decay", "decay")
    for decay in (0.2, 1.0, 2.0):
        net = Net("5-1", out="linear", loss="mse", init="zeros", l2=decay)
        net[0].W[:] = [20, 10, 4, -2, -12]
        for steps in range(41):
            bars = a(Bars, at("written", fence, steps=steps, decay=decay)).bars
            assert [bar.value for bar in bars] == pytest.approx(net[0].W[0].tolist(), abs=1e-12)
            net.step(np.zeros((1, 5)), [0.0], SGD(0.5))


# ── drops 12 and 13 ───────────────────────────────────────────────────────────────────────


def miss_by_pieces(f, width, low=-2, high=2):
    """The largest miss of straight pieces between places on f, looked for in the middle of things."""
    knots = [low + (high - low) * k / width for k in range(width + 1)]
    worst = 0.0
    for p, q in pairwise(knots):
        for k in range(1, 60):
            x = p + (q - p) * k / 60
            worst = max(worst, abs(f(p) + (f(q) - f(p)) * k / 60 - f(x)))
    return worst


@pytest.mark.parametrize(
    ("place", "f"), list(enumerate((lambda x: math.sin(3 * x), abs, lambda x: x * x, math.exp)))
)
def test_the_fewest_units_stay_within_the_error_and_one_less_does_not(place, f):
    for step, error in ((0, 0.5), (2, 0.1), (5, 0.01)):
        width = int(told(at("within", function=place, error=step)).split(": ")[1].split()[0])
        assert miss_by_pieces(f, width) <= error + 1e-9
        assert width == 1 or miss_by_pieces(f, width - 1) > error * 0.99


def test_the_largest_miss_of_placed_kinks_is_that_of_straight_pieces():
    for place, width in ((0, 2), (2, 8), (5, 64)):
        for k in (3, 12):
            said = float(told(at("kinks", units=place, k=k)).split("miss is ")[1].split(",")[0])
            assert said == pytest.approx(miss_by_pieces(lambda x, k=k: math.sin(k * x), width), abs=2e-3)


def test_hinges_around_a_jump_miss_by_half_however_close():
    for place, apart in enumerate((2, 1, 0.5, 0.25, 0.125), 1):
        words = told(at("written", written_in("any-function", "apart"), apart=place)).split()
        assert float(words[-1].rstrip(".")) == 0.5
        assert float(words[words.index("miss") + 1].rstrip(",")) == pytest.approx(
            apart / 16, abs=6e-4
        )  # two triangles over 4


def test_the_bump_over_the_flippers_is_a_tent_and_pays_what_it_misses():
    def tent(f, t, s, third):
        return s * max(0, f + 1) - 2 * s * max(0, f + 1 - t) + s * third * max(0, f + 1 - 2 * t)

    birds = [(flipper / 100 - 20, species == 1) for flipper, _, _, species in penguins()]
    for t, s, third in ((1, 0.5, 1), (2, 0.1, 1), (0.5, 1, 0)):
        cost = sum((tent(f, t, s, third) - yes) ** 2 for f, yes in birds) / 342
        assert float(told(at("bump", t=t, s=s, third=third)).split("loss ")[1].rstrip(".")) == pytest.approx(
            cost, abs=6e-4
        )


def test_the_shares_over_the_flippers_are_counted_in_bins_of_five_millimetres():
    dots = a(Curve, at("bump")).series[-1].points
    for middle, share in dots:
        inside = [species == 1 for flipper, _, _, species in penguins() if abs(flipper / 10 - middle) < 2.5
                  or flipper / 10 == middle - 2.5]  # fmt: skip
        assert share == pytest.approx(sum(inside) / len(inside))
    assert len(dots) == 13


def test_the_price_a_row_is_the_price_over_the_rows():
    for place, rows in ((1, 50), (6, 10_000)):
        for row in a(Sheet, at("written", written_in("hidden-width", "rows"), rows=place, width=6)).rows:
            h = int(row[1])
            assert int(row[2].replace(",", "")) == 13 * h + h + 3 * h + 3
            assert float(row[3]) == pytest.approx((17 * h + 3) / rows, abs=0.0051)


def noisy(rows, seed, noise, frequency):
    table = data.sine(rows, seed=seed, noise=noise, frequency=frequency)
    return table.X[:, 0], table.y


def hidden(x, units):
    """(row, unit): what units say whose kinks stand at equal distances from −2 on, and a 1 for the bias."""
    return np.column_stack([np.maximum(0, x[:, None] - np.linspace(-2, 2, units + 1)[:-1]), np.ones(len(x))])


def test_the_stopped_losses_are_those_of_walking_every_step():
    """With the kinks held still the loss is a bowl: along each axis of it what is left shrinks by one factor a
    step, and so the place after a million steps is known without walking there."""
    (x, y), (fresh, truth) = noisy(24, 3, 0.5, 1.5), noisy(100, 4, 0.5, 1.5)
    H, V = hidden(x, 40), hidden(fresh, 40)
    U, stretch, axes = np.linalg.svd(H, full_matrices=False)
    rate, walked = 1 / stretch[0] ** 2, np.zeros(41)
    own, validation = (dict(series.points) for series in a(Curve, at("written", written_in("hidden-width", "stop"))).series)
    for step in (1, 3, 10, 30, 100, 300, *(10**power * n for power in (3, 4, 5) for n in (1, 3)), 10**6):
        w = axes.T @ ((1 - (1 - rate * stretch**2) ** step) / stretch * (U.T @ y))
        place = next(place for place in own if abs(10**place - step) < 0.01 * step)
        assert own[place] == pytest.approx(np.mean((H @ w - y) ** 2), abs=6e-5)
        assert validation[place] == pytest.approx(np.mean((V @ w - truth) ** 2), abs=6e-5)
    for _ in range(300):
        walked -= rate * H.T @ (H @ walked - y)
    assert own[np.log(300) / np.log(10)] == pytest.approx(np.mean((H @ walked - y) ** 2), abs=6e-5)


def test_the_winner_changes_from_table_to_table_and_is_the_shortest_bar():
    fence, winners = written_in("hidden-width", "table"), []
    for table in range(1, 21):
        shown = at("written", fence, table=table)
        bars = a(Bars, shown).bars
        (x, y), (fresh, truth) = noisy(40, 99 + table, 0.3, 3.0), noisy(200, 499 + table, 0.3, 3.0)
        for units, bar in zip((7, 9, 11), bars, strict=True):
            w = np.linalg.lstsq(hidden(x, units), y, rcond=None)[0]
            assert bar.value == pytest.approx(np.mean((hidden(fresh, units) @ w - truth) ** 2), abs=6e-6)
        first = min(bars, key=lambda bar: bar.value)
        assert f"{first.name} win" in told(shown)
        winners.append(first.name)
    won = drawing("written", fence).numbers
    assert {f"wins{n}": winners.count(f"{n} units") for n in (7, 9, 11)}.items() <= won.items()
    assert len(set(winners)) == 3


# ── drop 14 ───────────────────────────────────────────────────────────────────────────────


def raw(name):
    """A bundled table, read with nothing but the csv module: its columns, and rows without the target."""
    with resources.files("nnlab.tables").joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        head, *rows = csv.reader(line for line in file if not line.startswith("#"))
    return head, [[float(cell) for cell in row] for row in rows]


@pytest.mark.parametrize(("place", "name"), list(enumerate(("wine", "tumour", "diabetes"))))
def test_a_column_reaches_from_its_least_to_its_most(place, name):
    head, rows = raw(name)
    spread = {column.replace("_", " "): [row[i] for row in rows] for i, column in enumerate(head)}
    for column, here, least, most in a(Sheet, at("columns", table=place, row=2)).rows:
        held = spread[column]
        assert [float(cell.replace(",", "")) for cell in (here, least, most)] == pytest.approx(
            [held[14], min(held), max(held)], abs=5e-4
        )


def test_a_push_is_a_number_of_the_row_and_scaling_takes_the_loudest_its_lead():
    for row in (1, 9):
        bars, z = (
            a(Bars, at("pushes", row=row)).bars,
            float(told(at("pushes", row=row)).split()[2].rstrip(".").replace(",", "")),
        )
        assert max(bars, key=lambda bar: bar.value).name == "proline"
        assert z == pytest.approx(sum(bar.value for bar in bars), abs=0.05)
    assert (
        len({told(at("pushes", row=row, scaled=1)).split("push, ")[1].split(",")[0] for row in range(1, 21)})
        > 3
    )


def test_the_points_are_the_rubrics():
    for form, reasons, decision, foreseen, passes in (
        (5, 10, 1, 4, True),
        (4, 7, 1, 3, True),
        (3, 10, 1, 4, False),
        (5, 6, 1, 4, False),
        (5, 10, 0, 4, False),
        (5, 10, 1, 2, False),
    ):
        says = told(at("points", form=form, reasons=reasons, decision=decision, foreseen=foreseen))
        assert says.startswith("Passed" if passes else "Not passed")


@pytest.mark.parametrize("layers", list(product((3, 5), (1, 2, 3), (3, 5))))
def test_every_pixel_that_a_unit_is_said_to_look_at_is_in_the_picture(layers):
    for layer, column in product(range(3), (1, 2)):
        shown = at("field", {"layers": list(layers)}, layer=layer, column=column)
        (wide,) = re.findall(r"looks at (\d+) by \1 pixels", told(shown))
        picture = a(Matrix, shown)
        assert np.sum(picture.values) == int(wide) ** 2 == len(picture.lit)


@pytest.mark.parametrize(
    ("name", "params"),
    [("priced", {"p": [0.2, 0.7], "yes": 1}), ("priced", {"p": [0.2], "yes": 0})],
)
def test_a_price_curve_asks_the_engine_for_all_its_points_at_once(name, params, monkeypatch):
    asked = []
    surprise = LOSSES["bce"]
    monkeypatch.setitem(LOSSES, "bce", lambda p, y: (asked.append(len(p)), surprise(p, y))[1])
    for block in drawing(name, params).show:
        if isinstance(block, Figure):
            block.draw({knob.name: knob.start for knob in block.knobs})
    assert sum(asked) >= 98
    assert len(asked) <= 20  # and not once a point


@pytest.mark.parametrize("hand", ["head", "share", "pairs"])
def test_while_it_is_asked_who_may_look_at_whom_the_picture_knows_no_mask(hand):
    asked = a(Matrix, drawing("who-may-look", {"T": 6, "t": 3, "hand": hand}).show)
    assert {value for row in asked.values for value in row} == {0}
    assert {row for row, _ in asked.lit} == {2}
    told = a(Matrix, drawing("who-may-look", {"T": 6, "t": 3, "hand": ""}).show)
    assert [sum(value is not None for value in row) for row in told.values] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("n", "k"), [(6, 3), (28, 5)])
def test_a_kernel_covers_as_many_pixels_as_it_has_weights(n, k):
    shown = a(Surface, drawing("first-place", {"n": n, "k": k}).show)
    values = [value for row in shown.values for value in row]
    assert (len(values), values.count(1.0)) == (n * n, k * k)


def test_a_one_hot_row_and_the_row_that_it_picks_are_in_hand():
    words, table = ["cat", "dog", "hen"], [[3, 4], [4, 3], [-4, 3]]
    (figure,) = drawing("look-up", {"words": words, "table": table}).show
    for at in range(3):
        once, whole, _ = figure.draw({"word": at})
        assert once.values == (tuple(float(i == at) for i in range(3)),)
        assert once.lit == ((0, at),)
        assert {row for row, _ in whole.lit} == {at}
        picked = [sum(hot * whole.values[i][c] for i, hot in enumerate(once.values[0])) for c in (0, 1)]
        assert picked == table[at]


@pytest.mark.parametrize(("rate", "gradient", "weight"), [(-3, -2, 0), (-1, 0, -1), (0, 1, -2), (-6, -6, 3)])
def test_a_step_is_its_rate_times_the_gradient_and_told_as_a_share_of_the_weight(rate, gradient, weight):
    (figure,) = drawing("step-share", {"rate": 0.001, "gradient": 0.01, "weight": 1}).show
    shown, words = figure.draw({"rate": rate, "gradient": gradient, "weight": weight})
    size = {bar.name: bar.value for bar in shown.bars}
    assert size["step"] == pytest.approx(size["rate"] * size["gradient"])
    assert size["step ÷ weight"] * size["weight"] == pytest.approx(size["step"])
    healthy = size["asleep below"] <= size["step ÷ weight"] <= size["healthy up to"]
    assert ("Healthy" in words.markdown) == healthy


@pytest.mark.parametrize("start", range(4))
def test_no_sentence_of_a_figure_writes_a_number_as_a_program_does(start):
    (figure,) = drawing("layer-sizes", {}).show
    told = figure.draw({"start": min(start, figure.knobs[0].high), "norm": 0})[-1].markdown
    assert not re.search(r"\de[-+−]?\d", told), told


@pytest.mark.parametrize("seed", range(20))
def test_the_chances_that_are_told_are_those_that_are_drawn(seed):
    fence = lessons().drop("train-a-transformer").exercises[0]
    exercise = catalog.draw(fence.kind, seed, fence.params)
    told = exercise._shows()[0].markdown
    drawn = next(one for one in exercise.picture({}, "") if isinstance(one, Bars))
    for bar in drawn.bars:
        assert f"**{number(bar.value, 2)}**" in told, bar.name
