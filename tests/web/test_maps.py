"""What is written on a map: the names of its points, whole where they have room."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from drops.exercises.blocks import Point, Surface
from drops.web.maps import draw_map

WORDS = re.compile(r'<text x="([-\d.]+)" y="([-\d.]+)" text-anchor="(\w+)" class="point p\d">([^<]*)</text>')


NAMES = re.compile(r'<text x="([-\d.]+)" y="([-\d.]+)" text-anchor="(\w+)" class="name">([^<]*)</text>')


def written(*points: tuple[float, float, str]) -> list[tuple[float, float, str, str]]:
    """x, y, how it is set, and the words of each named point."""
    block = Surface(((0.0,),), (0, 10), (0, 10), "Words.", points=tuple(Point(x, y, 0, n) for x, y, n in points))
    return [(float(x), float(y), how, words) for x, y, how, words in WORDS.findall(str(draw_map(block)))]


def test_a_name_that_has_room_is_written_whole_around_its_place():
    (x, _, how, words), (_, _, _, other) = written((5, 5, "penguin"), (5, 8, "cat"))
    assert (how, words, other) == ("middle", "penguin", "cat")
    assert x == pytest.approx(36 + (400 - 46) / 2)


def test_a_name_at_the_edge_is_written_inwards():
    (_, _, left, one), (_, _, right, other) = written((0, 5, "penguin"), (10, 8, "albatross"))
    assert (left, one) == ("start", "penguin")
    assert (right, other) == ("end", "albatross")


def test_names_in_one_place_are_written_by_their_first_letters():
    assert [words for *_, words in written((5, 5, "penguin"), (5.1, 5, "albatross"))] == ["p", "a"]


def test_no_two_names_of_many_are_written_over_one_another():
    found = written(*((n % 7 * 1.4, n % 5 * 2, f"word{n}") for n in range(35)))
    assert len(found) == 35
    assert any(len(words) > 1 for *_, words in found)
    rooms = []
    for x, y, how, words in found:
        long = 7 * len(words)
        left = x - {"middle": long / 2, "start": 0, "end": long}[how]
        rooms.append((left, y, left + long))
    for (a, y, b), (c, v, d) in combinations(rooms, 2):
        assert abs(y - v) >= 14 or b <= c or d <= a


@pytest.mark.parametrize("tip", [(5.0, 1.0), (5.0, -1.0), (-5.0, 1.0), (-5.0, -1.0), (2.0, 5.0), (-2.0, -5.0)])
def test_an_arrow_s_name_is_whole_within_the_picture(tip):
    block = Surface(((0.0,),), (-5, 5), (-5, 5), "Words.", arrows=(Point(*tip, 0, "3 penguin"),), x_label="", y_label="")
    (x, how), *others = [(float(x), how) for x, _, how, words in NAMES.findall(str(draw_map(block))) if words]
    assert not others
    left = x - {"start": 0, "end": 7 * len("3 penguin")}[how]
    assert 0 <= left <= left + 7 * len("3 penguin") <= 400
