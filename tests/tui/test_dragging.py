"""Lines dragged by mouse: the geometry without an app, then every figure of the lessons that has lines."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import fake
import pytest
from helper import opened
from hypothesis import assume, given
from hypothesis import strategies as st

from drops.catalog import drawing
from drops.colours import DARK
from drops.course.model import FigureFence
from drops.exercises.blocks import Beside, Boundary, Figure, Knob, Surface
from drops.exercises.dragging import REACH, MapArea, dragged, hold
from drops.scales import Scale, seen_part
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import inks
from drops.tui.blocks import blocks
from lessons import lessons

SQUARE = MapArea((-5, 5), (-5, 5), 44, 22)
WEIGHTS = (Knob("w1", "w₁", -4, 4, 0.5, 1), Knob("w2", "w₂", -4, 4, 0.5, 1), Knob("b", "b", -6, 6, 0.5, 0))
NEURON = Boundary(lambda v: (v["w1"], v["w2"], v["b"]), "b", ("w1", "w2"))
POLAR = (Knob("angle", "direction", 0, 345, 15, 0), Knob("shift", "shift", -2, 2, 0.1, 0))
TURNED = Boundary(
    lambda v: (math.cos(math.radians(v["angle"])), math.sin(math.radians(v["angle"])), -v["shift"]), "shift", ("angle",))
HALVES = st.integers(-8, 8).map(lambda n: n / 2)


def off(boundary, values, canvas, at):
    """Pixels from a place to the boundary, by its unit's own numbers."""
    x = Scale(*canvas.x, canvas.columns).value(at[0])
    y = Scale(canvas.y[1], canvas.y[0], 2 * canvas.rows).value(at[1])
    w1, w2, b = boundary.unit(values)
    across, up = (canvas.columns - 1) / (canvas.x[1] - canvas.x[0]), (2 * canvas.rows - 1) / (canvas.y[1] - canvas.y[0])
    return abs(w1 * x + w2 * y + b) / math.hypot(w1 / across, w2 / up)


@given(HALVES, HALVES, st.integers(-12, 12).map(lambda n: n / 2))
def test_what_can_be_held_of_a_line_ends_where_it_is_painted_to_end(w1, w2, b):
    assume(w1 or w2)
    ends = SQUARE.seen((w1, w2, b))
    painted = seen_part((w1, w2, b), SQUARE.x, SQUARE.y)
    if ends is None:
        rim = painted is None or any(abs(a[i]) == abs(b[i]) == 5 and a[i] == b[i] for a, b in [painted] for i in (0, 1))
        assert rim or math.dist(*painted) < 1e-6  # along the very edge, or through a corner
        return
    across, down = Scale(*SQUARE.x, 44), Scale(SQUARE.y[1], SQUARE.y[0], 44)
    drawn = [(across.place(x), down.place(y)) for x, y in painted]
    for end in ends:
        assert off(NEURON, {"w1": w1, "w2": w2, "b": b}, SQUARE, end) < 1e-6
        assert min(math.dist(end, other) for other in drawn) < 1e-6


def test_the_nearest_line_is_taken_and_none_from_afar():
    lines = [Boundary(lambda v, at=at: (1.0, 0.0, -at), "b") for at in (-3, 0, 3)]
    at = {column: hold(lines, {}, SQUARE, (column, 20.0)) for column in range(44)}
    assert {column: held and held.line for column, held in at.items()} == {
        column: next((i for i, x in enumerate((-3, 0, 3)) if abs((x + 5) * 4.3 - column) <= REACH), None) for column in range(44)
    }


def test_a_line_is_slid_by_its_middle_and_turned_by_its_ends_if_it_can_turn():
    upright, stiff = {"w1": 1, "w2": 0, "b": 0}, Boundary(NEURON.unit, "b")
    turns = [hold((NEURON,), upright, SQUARE, (21.5, y)).turns for y in (1.0, 21.0, 42.0)]
    assert turns == [True, False, True]
    assert not any(hold((stiff,), upright, SQUARE, (21.5, y)).turns for y in (1.0, 21.0, 42.0))


@pytest.mark.parametrize(("boundary", "knobs", "start"), [
    (NEURON, WEIGHTS, {"w1": 2.0, "w2": -1.0, "b": 1.0}), (TURNED, POLAR, {"angle": 30.0, "shift": 0.5})], ids=["weights", "angle"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_pressing_a_line_without_moving_moves_nothing(boundary, knobs, start, share):
    (x0, y0), (x1, y1) = SQUARE.seen(boundary.unit(start))
    at = x0 + share * (x1 - x0) + 0.7, y0 + share * (y1 - y0) - 0.7
    held = hold((boundary,), start, SQUARE, at)
    assert held is not None
    assert dragged(held, boundary, knobs, start, SQUARE, at) == start


@given(st.floats(0, 43), st.floats(0, 43))
def test_a_line_held_by_its_middle_follows_the_mouse_and_only_its_bias_changes(x, y):
    start = {"w1": 2.0, "w2": -1.0, "b": 1.0}
    (x0, y0), (x1, y1) = SQUARE.seen(NEURON.unit(start))
    held = hold((NEURON,), start, SQUARE, ((x0 + x1) / 2, (y0 + y1) / 2))
    now = dragged(held, NEURON, WEIGHTS, start, SQUARE, (x, y))
    assert now == start | {"b": now["b"]}
    assert now["b"] in WEIGHTS[2].places
    one_step = 0.5 / math.hypot(2, 1) * 4.3
    if -6 < now["b"] < 6:
        assert off(NEURON, now, SQUARE, (x, y)) <= one_step / 2 + 1e-6


@pytest.mark.parametrize(("boundary", "knobs", "start"), [
    (NEURON, WEIGHTS, {"w1": 2.0, "w2": -1.0, "b": 1.0}), (NEURON, WEIGHTS, {"w1": 2.5, "w2": 2.5, "b": -2.0}),
    (TURNED, POLAR, {"angle": 30.0, "shift": 0.5})], ids=["weights", "long weights", "angle"])
def test_a_line_turned_all_the_way_round_follows_the_mouse_without_a_jump(boundary, knobs, start):
    """Carried around the origin at sixteen pixels from it, and back to where it was."""
    ends = SQUARE.seen(boundary.unit(start))
    held = hold((boundary,), start, SQUARE, ends[0])
    assert held.turns
    grip, now, ways = math.atan2(ends[0][1] - 21.5, ends[0][0] - 21.5), start, []
    for degrees in range(0, 361, 3):
        way = grip + math.radians(degrees)
        at = 21.5 + 16 * math.cos(way), 21.5 + 16 * math.sin(way)
        now = dragged(held, boundary, knobs, now, SQUARE, at)
        assert now[boundary.slides] == start[boundary.slides]
        assert off(boundary, now, SQUARE, at) < 3
        w1, w2, _ = boundary.unit(now)
        assert 0.5 < math.hypot(w1, w2) / math.hypot(*boundary.unit(start)[:2]) < 2
        ways.append(math.atan2(w2, w1))
    steps = [math.remainder(b - a, math.tau) for a, b in pairwise(ways)]
    assert max(map(abs, steps)) < math.radians(46)
    assert sum(steps) == pytest.approx(-math.tau, abs=0.5)  # once around, as rows count downwards


@given(st.floats(-400, 400), st.floats(-400, 400))
def test_a_line_is_never_dragged_off_its_map(x, y):
    start = {"angle": 30.0, "shift": 0.5}
    for held in (hold((TURNED,), start, SQUARE, SQUARE.seen(TURNED.unit(start))[0]), hold((TURNED,), start, SQUARE, (23.0, 20.0))):
        assert SQUARE.seen(TURNED.unit(dragged(held, TURNED, POLAR, start, SQUARE, (x, y)))) is not None


# ── every figure that has lines ───────────────────────────────────────────────────────────


def surfaces(shown):
    for block in shown:
        if isinstance(block, Surface):
            yield block
        elif isinstance(block, Beside):
            yield from surfaces(block.blocks)


def lined():
    """Name → the figure's page blocks, for each figure of the lessons that shows lines."""
    found = {}
    for drop in lessons():
        for section in drop.sections:
            for part in section.parts:
                if isinstance(part, FigureFence):
                    for block in drawing(part.name, part.params).show:
                        if isinstance(block, Figure) and any(
                            one.lines for one in surfaces(block.draw({k.name: k.start for k in block.knobs}))):
                            found[f"{part.name}-{drop.number}"] = block
    return found


LINED = lined()
UNITS = ((2.0, -2.0, 4.0), (1.0, 2.0, 2.0), (-2.0, -1.0, 2.0))


def three_lines(values):
    lines = tuple(boundary.unit(values) for boundary in VOTES.boundaries)
    one = replace(fake.SURFACE, points=(), title="", lines=lines, x_range=(-6.0, 6.0), y_range=(-6.0, 6.0))
    return (Beside((one, one)),)


VOTES = Figure(
    tuple(Knob(f"b{i}", f"b{i}", -6, 6, 0.5, unit[2]) for i, unit in enumerate(UNITS, 1)),
    three_lines,
    "Slide the lines.",
    tuple(
        Boundary(lambda v, unit=unit, name=f"b{i}": (*unit[:2], v[name]), f"b{i}")
        for i, unit in enumerate(UNITS, 1)
    ),
)


@pytest.mark.parametrize("name", LINED)
def test_the_lines_of_every_map_are_the_boundaries_of_its_figure(name):
    figure = LINED[name]
    names = {knob.name for knob in figure.knobs}
    for boundary in figure.boundaries:
        assert {boundary.slides, *boundary.turns} <= names
    for pick in (0, 1, -2, -1):
        values = {knob.name: knob.places[pick] for knob in figure.knobs}
        for one in surfaces(figure.draw(values)):
            assert one.lines == tuple(boundary.unit(values) for boundary in figure.boundaries)


async def settled(hands):
    """Waits until two looks in a row see the same picture in the same place: a busy machine lays out late."""
    seen = None
    for _ in range(100):
        await hands.pilot.pause()
        await hands.app.keyboard.idle()
        widget = hands.app.screen.stage.moving
        now = (widget.region, widget.lines, hands.text)
        if now == seen and widget.region.size and widget.lines:
            return
        seen = now
    raise AssertionError("the picture never came to rest")


async def on_screen(hands, figure, share, nth=0):
    """Where the first line of the nth map is on the screen, at a share of what is seen, and steps from there to the middle."""
    await settled(hands)
    widget = hands.app.screen.stage.moving
    maps = [(box, what) for what in meanings(widget) for box in widget._maps(what)]
    box, what = maps[nth]
    canvas = MapArea(what["x"], what["y"], *box.size)
    (x0, y0), (x1, y1) = canvas.seen(figure.boundaries[0].unit(hands.app.screen.stage.hands.of(figure)))
    at = widget.region
    x, y, long = x0 + share * (x1 - x0), y0 + share * (y1 - y0), math.dist((x0, y0), (x1, y1))
    across = (y1 - y0) / long, (x0 - x1) / long
    inwards = math.copysign(1, across[0] * (box.width / 2 - x) + across[1] * (box.height - y))
    moves = [(round(n * inwards * across[0]), round(n * inwards * across[1] / 2)) for n in (3, 6, 8)]
    return (at.x + box.x + round(x), at.y + box.y + round(y) // 2), moves


def meanings(widget: Drawn):
    found = []
    for y in range(len(widget._strips)):
        found += [what for _, _, what in widget._cells(y) if "map" in what and what not in found]
    return found


async def drag(hands, start, *moves):
    await hands.pilot.mouse_down(offset=start)
    for dx, dy in moves:
        await hands.pilot.hover(offset=(start[0] + dx, start[1] + dy))
        await hands.pilot.pause()
        await hands.app.keyboard.idle()
    await hands.pilot.mouse_up(offset=(start[0] + moves[-1][0], start[1] + moves[-1][1]))
    await settled(hands)


def shown(monkeypatch, figure):
    monkeypatch.setitem(fake.PAGES, "figure", replace(fake.PAGES["figure"], show=(figure,)))


@pytest.mark.slow
@pytest.mark.parametrize(
    "size", [pytest.param((80, 40), marks=pytest.mark.nightly), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}"
)
@pytest.mark.parametrize("name", LINED)
async def test_the_middle_of_a_line_is_dragged_and_its_ends_where_it_turns(name, size, monkeypatch):
    figure = LINED[name]
    boundary = figure.boundaries[0]
    shown(monkeypatch, figure)
    async with opened("figure", size=size) as hands:
        held = hands.app.screen.stage.hands
        before = dict(held.of(figure))
        at, moves = await on_screen(hands, figure, 0.5)
        await drag(hands, at, *moves)
        after = held.of(figure)
        assert {knob for knob in before if before[knob] != after[knob]} == {boundary.slides}
        assert held.knobs[held.knob][1].name == boundary.slides
        told = figure.draw(after)
        for block in told:
            if hasattr(block, "markdown"):
                assert block.markdown.replace("*", "").split()[0] in hands.text
        if boundary.turns:
            before = dict(after)
            at, moves = await on_screen(hands, figure, 0.1)
            await drag(hands, at, *moves)
            after = held.of(figure)
            changed = {knob for knob in before if before[knob] != after[knob]}
            assert changed
            assert changed <= set(boundary.turns)
            assert held.knobs[held.knob][1].name in boundary.turns


@pytest.mark.slow
async def test_the_formula_follows_the_mouse_and_the_keys_go_on_from_there(monkeypatch):
    figure = LINED["line-2"]
    shown(monkeypatch, figure)
    async with opened("figure", size=(120, 36)) as hands:
        for _ in range(3):
            at, (_, move, _) = await on_screen(hands, figure, 0.5)
            await drag(hands, at, move)
            values = hands.app.screen.stage.hands.of(figure)
            (says, *_) = figure.draw(values)
            assert says.markdown.split(":")[0].replace("*", "") in hands.text
        bias = values["b"]
        await hands.press("left")
        assert hands.app.screen.stage.hands.of(figure)["b"] == bias - 0.5


@pytest.mark.slow
async def test_a_press_far_from_every_line_takes_nothing_and_a_click_on_a_line_moves_nothing(monkeypatch):
    figure = LINED["line-2"]
    shown(monkeypatch, figure)
    async with opened("figure", size=(120, 36)) as hands:
        before = hands.text
        (x, y), _ = await on_screen(hands, figure, 0.5)
        await drag(hands, (x + 10, y), (-9, 0), (4, 4))
        assert hands.text == before
        await hands.pilot.click(offset=(x, y))
        await settled(hands)
        assert hands.app.screen.stage.hands.of(figure) == {knob.name: knob.start for knob in figure.knobs}


@pytest.mark.slow
async def test_either_of_two_maps_side_by_side_can_be_dragged(monkeypatch):
    figure = VOTES
    shown(monkeypatch, figure)
    async with opened("figure", size=(120, 36)) as hands:
        for nth in (0, 1):
            before = dict(hands.app.screen.stage.hands.of(figure))
            at, moves = await on_screen(hands, figure, 0.5, nth)
            await drag(hands, at, *moves)
            after = hands.app.screen.stage.hands.of(figure)
            (changed,) = (knob for knob in before if before[knob] != after[knob])
            assert changed in ("b1", "b2", "b3")  # two lines cross there


@pytest.mark.parametrize("name", LINED)
def test_a_figure_with_lines_says_what_the_mouse_does(name):
    lines = blocks.draw(LINED[name], 76, inks(DARK, False))
    text = " ".join("".join(segment.text for segment in line).strip() for line in lines)
    assert "Or drag " in text
    assert ("its ends turn it" in text) == any(boundary.turns for boundary in LINED[name].boundaries)


# ── a map that is asked about ─────────────────────────────────────────────────────────────


def voting(values):
    units = VOTES.boundaries
    return (replace(fake.SURFACE, points=(), title="", lines=tuple(one.unit({**values, "b1": 4, "b2": 2, "b3": 2}) for one in units)),)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(120, 30), (80, 24), (60, 20)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_map_that_is_asked_about_and_its_knob_are_seen_at_once(size, monkeypatch):
    ask = replace(fake.KNOBS_ASK, knobs=(Knob("c", "c", -4, 2, 0.5, 0.5),), draw=voting, prompt="Set the bias c.")
    monkeypatch.setitem(fake.PAGES, "knobs", replace(fake.PAGES["knobs"], ask=ask, show=(fake.Words("The second layer adds and votes."),)))
    async with opened("knobs", size=size) as hands:
        if size[1] < 30:  # there it is scrolled to with the first key
            await hands.press("left")
        shown = hands.lines
        knob = next(y for y, line in enumerate(shown) if "▸ c" in line)
        rows = [y for y, line in enumerate(shown) if any(sign in line for sign in "▀█┼")]
        assert len(rows) >= 11
        assert rows == list(range(rows[0], rows[0] + len(rows)))
        assert knob < size[1] - 1
        assert size[0] >= 110 or knob in range(rows[0] - 1, rows[-1])  # beside it
        await hands.pilot.resize_terminal(120, 50)
        await hands.pilot.pause()
        grown = sum(any(sign in line for sign in "▀█┼") for line in hands.lines)
        assert grown > 22  # in a pane of its own it takes what its width allows
