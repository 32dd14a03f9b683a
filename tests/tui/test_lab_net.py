"""Where the Lab's tiles stand: every unit is seen while there is room, and each wire runs to its own tile."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lab_hands import in_lab

from drops.colours import DARK, LEVELS
from drops.networks.lab.bench import Bench
from drops.networks.lab.line import read_line
from drops.networks.lab.scene import FEW_LEVELS, Sizes, Tile, pixels, scene
from drops.tui.base.ink import inks
from drops.tui.blocks import net
from drops.tui.screens.lab.feet import in_a_tile

ROOMS = {(60, 20): (58, 14), (80, 24): (45, 18), (120, 36): (72, 30)}  # cells that the net has at a size
INK = inks(DARK, few=False)
units = st.lists(st.integers(1, 40), min_size=1, max_size=7)


def tiles(grid: net.Grid) -> list[tuple[int, int, int, int]]:
    return [(x, y, x + grid.wide, y + grid.tall) for layer in grid.places for x, y in layer]


@given(units, st.integers(1, 9), st.sampled_from(list(ROOMS.values())))
def test_no_tile_covers_another_or_stands_outside(units, names, room):
    width, height = room
    grid = net.lay(tuple(units), names, width, height)
    for (a, b, c, d), (e, f, g, h) in combinations(tiles(grid), 2):
        assert c <= e or g <= a or d <= f or h <= b
    for left, top, right, bottom in tiles(grid):
        assert min(names, 4) < left < right <= width
        assert 0 <= top < bottom <= height
    for layer, count in zip(grid.places, units, strict=True):
        assert 1 <= len(layer) <= count
        assert [y for _, y in layer] == sorted({y for _, y in layer})  # one after the other, downwards


@given(units, st.sampled_from(list(ROOMS.values())))
def test_a_layer_scrolls_only_where_tiles_of_two_rows_would_not_show_it_either(units, room):
    grid = net.lay(tuple(units), 1, *room)
    if any(len(layer) < count for layer, count in zip(grid.places, units, strict=True)):
        assert max(units) * 2 > room[1]


@pytest.mark.parametrize(
    ("size", "shape", "tall", "columns", "seen"),
    [
        ((80, 24), [2, 3], 5, 1, 3),  # rows between tiles first
        ((80, 24), [2, 6], 3, 1, 6),  # then smaller tiles
        ((80, 24), [2, 7], 3, 2, 7),  # then two columns
        ((80, 24), [2, 8], 3, 2, 8),
        ((80, 24), [2, 8, 8], 3, 2, 8),
        ((80, 24), [2, 11], 3, 2, 11),
        ((80, 24), [2, 14], 3, 2, 10),  # longer layers scroll
        ((80, 24), [2, 8, 8, 8, 8], 2, 1, 8),  # no room for so many columns
        ((60, 20), [2, 8], 3, 2, 8),
        ((60, 20), [2, 8, 8], 3, 2, 8),
        ((120, 36), [4, 10], 3, 1, 10),
        ((120, 36), [2, 16, 16], 3, 2, 16),
    ],
    ids=str,
)
def test_units_have_rows_between_them_then_smaller_tiles_then_two_columns_then_scroll(
    size, shape, tall, columns, seen
):
    grid = net.lay(tuple(shape), 1, *ROOMS[size])
    assert grid.tall == tall
    assert len({x for x, _ in grid.places[1]}) == columns
    assert len(grid.places[1]) == seen
    assert len({x for x, _ in grid.places[0]}) == 1  # what has room in one column stands in one


@pytest.mark.parametrize("size", [*ROOMS], ids=str)
@pytest.mark.parametrize("shape", ["2-4-1", "2-8-1", "2-8-8-1", "2-16-8-3-1", "2-30-1"])
def test_every_wire_begins_at_its_units_tile_and_ends_at_the_tile_it_leads_to(shape, size):
    bench = Bench(read_line(f"circle {shape}"))
    bench.go(20)
    seen = scene(bench, Sizes((6, 6), (30, 30)), LEVELS)
    width, height = ROOMS[size]
    grid = net.lay(tuple(map(len, seen.layers)), 1, width, height)
    for top in (0, 3, 99):
        met = 0
        for k, i, j, share, way in net._wired(seen, grid, width, height, top):
            wire = net._curve(way)
            (x, y), (to_x, to_y) = wire[0], wire[-1]
            assert net.unit_at(seen, grid, top, x // 2 - 1, y // 4) == (k, j)
            if k + 1 < len(seen.layers):
                assert net.unit_at(seen, grid, top, to_x // 2 + 1, to_y // 4) == (k + 1, i)
            else:
                assert (to_x, to_y) == (2 * width - 1, 2 * height)
            assert share == seen.wires[k][i][j]
            met += 1
            if grid.gap:  # it runs between the tiles, not behind one
                assert all(net.unit_at(seen, grid, top, x // 2, y // 4) is None for x, y in wire)
        assert met


@settings(max_examples=30)
@given(st.integers(1, 40), st.sampled_from(list(ROOMS.values())), st.randoms(use_true_random=False))
def test_the_unit_that_is_held_is_always_in_sight_and_keeps_its_column(count, room, chance: random.Random):
    grid, top = net.lay((2, count), 1, *room), 0
    columns: dict[int, int] = {}
    for unit in [*range(count), *range(count - 1, -1, -1), *(chance.randrange(count) for _ in range(20))]:
        top = grid.top(1, unit, top)
        first = grid.first(1, count, top)
        at = unit - first
        assert 0 <= at < len(grid.places[1])
        assert columns.setdefault(unit, grid.places[1][at][0]) == grid.places[1][at][0]


@pytest.mark.parametrize("size", [(60, 20), pytest.param((80, 24), marks=pytest.mark.slow)], ids=str)
async def test_down_goes_through_two_columns_in_the_order_of_the_units_and_a_click_takes_the_one_it_meets(
    size,
):
    async with in_lab("circle 2-8-1", size) as lab:
        await lab.press("right", "up", "up")
        for unit in (5, 6, 7):
            assert lab.lab.picture.unit == (1, unit)
            assert f"h1[{unit + 1}] = tanh(" in lab.hands.text
            await lab.press("down")
        picture = lab.lab.picture
        for unit in (0, 3, 6):
            x, y = picture._grid().places[1][unit]
            await lab.hands.pilot.click(offset=(picture.region.x + 1 + x, picture.region.y + y))
            await lab.settle()
            assert picture.unit == (1, unit)


@given(st.lists(st.floats(-3, 3), min_size=36, max_size=36))
def test_a_small_tile_has_few_levels_on_the_right_side_of_zero_and_the_faintest_is_there(values):
    (few, many) = (b"".join(pixels(np.array(values), (side, 36 // side), LEVELS)) for side in (6, 36))
    half = LEVELS // 2
    assert len({*few}) <= 2 * len(FEW_LEVELS) - 1
    for level, fine in zip(few, many, strict=True):
        assert (level > half) - (level < half) == (fine > half) - (fine < half)
        assert abs(level - fine) <= LEVELS // 8


@pytest.mark.parametrize("tall", range(net.SMALLEST, 7))
def test_no_score_of_a_wall_is_cut_and_a_share_is_written_as_everywhere_where_it_has_room(tall):
    shares = [1.0, 0.994, 0.45, 0.0]
    told = [in_a_tile(share, tall, shares=True) for share in shares]
    tiles = [Tile(str(i), [bytes(2 * tall)] * (2 * tall)) for i in range(len(shares))]
    *_, said = net.draw_wall(tiles, told, [True] * len(shares), 200, tall, INK)
    text = "".join(part.text for part in said)
    found = [one.strip() for one in text.replace("✓", "\n").split("\n")[1:]]
    ends = " %" if tall >= 4 else "%" if tall == 3 else ""
    assert found == [f"{number}{ends}" for number in (100, 99, 45, 0)]
