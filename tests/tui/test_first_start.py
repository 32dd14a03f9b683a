"""The first start: a neuron under the arrow keys that tells every Gentoo, and then Today."""

from __future__ import annotations

import subprocess
import sys

import fake
import pytest
from helper import Hands, opened, same_as_snapshot

from drops.colours import DARK
from drops.networks import first
from drops.networks.birds import birds, sums
from drops.tui.app import DropsApp
from drops.tui.base.ink import inks
from drops.tui.blocks import plane
from drops.tui.screens.first import FirstScreen
from drops.tui.screens.today import TodayScreen

INK = inks(DARK, few=False)
SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]
WAY = ("down", "down", "down", "left", "left")
COUNTS = (137, 215, 317, 339, 342, 342)


def halves(low, high):
    return [n / 2 for n in range(round(2 * low), round(2 * high) + 1)]


@pytest.mark.parametrize("bill", halves(first.LEAST, first.MOST))
def test_the_count_is_that_of_the_engine_for_every_place_of_both_numbers(bill):
    rows = birds("gentoo")
    for bias in halves(first.LEAST, first.MOST):
        fired = sums((1.0, bill, bias), rows.X) > 0
        assert first.right(first.Dials(1.0, bill, bias)) == int(((rows.y > 0.5) == fired).sum())


def test_no_bird_lies_on_the_line_where_the_way_ends():
    end = first.Dials()
    for move in first.WAY:
        end = end.turned(**move)
    assert 0 not in {end.sum_in_twentieths(bird) for bird in first.birds()}
    assert (end.flipper, end.bill, end.bias) == (1, -0.5, -1)


def test_it_needs_no_engine():
    program = (
        "import sys; from drops.networks import first; first.shown(first.Dials());"
        "sys.exit('numpy' in sys.modules or 'nnlab' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.slow
async def test_arrow_keys_find_it_and_each_move_is_counted():
    async with opened() as hands:
        await hands.app.first_start()
        counted = [hands.text.count(f"{COUNTS[0]} of 342 right")]
        for key, count in zip(WAY, COUNTS[1:], strict=True):
            await hands.press(key)
            counted.append(hands.text.count(f"{count} of 342 right"))
        assert counted == [1] * len(COUNTS)
        assert "You just did by hand what training does" in hands.text
        await hands.press(*(["up"] * 30), *(["right"] * 30))
        assert hands.text.count(" 3 ") == 2  # both numbers stop at the end of their range


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_first_start_looks_as_it_was_last_looked_at(size):
    async with opened(size=size) as hands:
        await hands.app.first_start()
        await hands.press(*WAY[:2])
        assert all(len(line) <= size[0] for line in hands.lines)
        same_as_snapshot(f"first-{size[0]}x{size[1]}", hands.lines)


@pytest.mark.parametrize("key", ["enter", "escape", "q"])
async def test_it_comes_by_itself_once_and_enter_goes_on_to_today(tmp_path, key):
    home = tmp_path / "home"
    app = DropsApp(
        fake.make_today,
        fake.FakeStudy,
        fake.clock,
        lambda: fake.LIBRARY,
        home=home,
        first=True,
    )  # type: ignore[arg-type,return-value]
    async with app.run_test(size=(80, 24)) as pilot:
        hands = Hands(app, pilot, app.study)
        await pilot.pause()
        assert isinstance(app.screen, FirstScreen)
        assert not home.exists()
        await hands.press(key)
        assert isinstance(app.screen, TodayScreen)
        assert home.exists()  # by which the next start knows


@pytest.mark.parametrize("columns", [31, 47, 80, 165])
def test_the_numbers_of_the_axis_stand_under_the_ends_of_the_map_and_its_name_between_them(columns):
    block = first.shown(first.Dials())
    lines = ["".join(segment.text for segment in line) for line in plane.draw(block, columns, INK, 12)]
    foot, edge = lines[-2].rstrip(), lines[1].rstrip()
    assert (len(foot), foot.split()) == (len(edge), ["170", "flipper,", "mm", "235"])
