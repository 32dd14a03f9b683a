"""Rows to learn from: what toys and tables promise, and what a file of one's own is refused for."""

import math

import numpy as np
import pytest

from nnlab import Net, data


# --- toys --------------------------------------------------------------------------------
def test_rings_are_three_classes_around_each_other() -> None:
    X, y = data.rings(300, seed=1)
    r = np.hypot(*X.T)
    assert [(y == k).sum() for k in range(3)] == [100] * 3
    assert [bool(((lo <= r) & (r <= hi))[y == k].all()) for k, lo, hi in ((0, 0, 0.5), (1, 0.8, 1.2), (2, 1.6, 2))] == [True] * 3
    assert data.rings().classes == ("0", "1", "2")
    assert Net("2-8-3", loss="ce").loss(X, y) > 0


def test_a_plane_is_a_quarter_of_the_sum() -> None:
    X, y = data.plane(50, seed=1)
    assert y == pytest.approx([(a + b) / 4 for a, b in X.tolist()])
    assert np.abs(X).max() <= 2


def test_hills_and_hollows_take_turns_at_six_places() -> None:
    X, y = data.hills(2000, seed=1)
    tops = [(-1.2, 0.8, 1), (0, 0.8, -1), (1.2, 0.8, 1), (-1.2, -0.8, -1), (0, -0.8, 1), (1.2, -0.8, -1)]
    for (a, b), height in zip(X[:50].tolist(), y[:50], strict=True):
        want = sum(s * math.exp(-6 * ((a - p) ** 2 + (b - q) ** 2)) for p, q, s in tops)
        assert height == pytest.approx(want)
    for p, q, s in tops:
        near = y[np.hypot(X[:, 0] - p, X[:, 1] - q) < 0.15]
        assert (np.sign(near) == s).all()
    assert data.hills(2000, seed=1, noise=0.1).y.std() > y.std()


# --- tables ------------------------------------------------------------------------------
def test_the_penguins_are_342_birds_of_three_species() -> None:
    birds = data.load("penguins")
    assert birds.columns == ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
    assert birds.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert [(birds.y == k).sum() for k in range(3)] == [151, 68, 123]
    # counted from 1, as in a list of birds
    assert birds.X[53 - 1].tolist() == [42.0, 19.5, 200, 4050]
    assert birds.X[179 - 1].tolist() == [47.8, 15.0, 215, 5650]
    assert birds.y[[53 - 1, 315 - 1, 300 - 1, 179 - 1, 129 - 1]].tolist() == [0, 1, 1, 2, 0]


def test_one_species_is_asked_of_two_measures() -> None:
    birds, gentoo, chinstrap = map(data.load, ("penguins", "gentoo", "chinstrap"))
    assert gentoo.columns == ("flipper_length_mm", "bill_depth_mm")
    assert chinstrap.columns == ("bill_length_mm", "bill_depth_mm")
    assert (gentoo.y == (birds.y == 2)).all()
    assert (chinstrap.y == (birds.y == 1)).all()
    assert (birds.X[:, [2, 1]] == gentoo.X).all()
    assert (birds.X[:, [0, 1]] == chinstrap.X).all()
    assert (gentoo.classes, chinstrap.classes) == (("other", "Gentoo"), ("other", "Chinstrap"))


def test_three_numbers_tell_every_gentoo_from_every_other_bird() -> None:
    # f in centimetres above 20, d in millimetres above 17; tenths of a millimetre as whole numbers
    flipper, depth = np.rint(data.load("gentoo").X * 10).astype(int).T
    fires = (flipper - 2000) - 10 * (depth - 170) - 100 > 0
    assert (fires == data.load("gentoo").y).sum() == 342
