"""A net that a lesson shows, opened in the Lab: every one of every lesson, with the weights it has there."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from drops.catalog import drawing
from drops.course.model import FigureFence
from drops.exercises.blocks import Wires
from drops.networks.lab.bench import Bench
from drops.networks.lab.line import LONGEST, read_line
from drops.networks.lab.recipe import print_line
from drops.networks.lab.shown import line_of
from drops.networks.nets import layered
from drops.study.shown.nets import wires_of


def nets(library):
    for drop in library:
        for section in drop.sections:
            for part in section.parts:
                if isinstance(part, FigureFence):
                    for net in wires_of(drawing(part.name, part.params).show):
                        yield f"{drop.id}: {part.name}", net


def test_nets_of_the_lessons_open_with_their_shape_and_weights(library):
    opened = 0
    for where, net in nets(library):
        line = line_of(net)
        sizes = tuple(map(len, net.names))
        if not line:
            assert sizes[-1] != 1 or len(sizes) < 2 or sizes[0] > 7, where
            continue
        opened += 1
        recipe = read_line(line)
        assert print_line(recipe) == line
        assert recipe.sizes == sizes, where
        if not recipe.turns:
            continue
        bench = Bench(recipe)
        for layer, weights in enumerate(net.weights, 1):
            held = bench.net.params.view(f"W{layer}")
            assert np.allclose(held[:, :-1], np.array(weights), atol=1e-4), where
            if net.biases is not None:
                assert np.allclose(held[:, -1], net.biases[layer - 1], atol=1e-4), where
    assert opened >= 5


@pytest.mark.parametrize(
    ("sizes", "begins"),
    [((1, 4, 1), "sine 1-4-1 relu"), ((2, 1), "circle 2-1"), ((2, 5, 3), "rings 2-5-3 relu"),
     ((4, 4, 3), "penguins 4-4-3 relu"), ((3, 2, 1), "circle x y xx 3-2-1 relu"),
     ((2, 40, 40, 1), "circle 2-40-40-1 relu"), ((9, 2, 1), ""), ((2, 3, 2), ""), ((2, 300, 1), "")],
)  # fmt: skip
def test_a_net_of_any_shape_is_a_line_or_none(sizes, begins):
    weights = tuple(tuple((0.5,) * a for _ in range(b)) for a, b in pairwise(sizes))
    net = Wires(tuple(tuple(map(str, range(n))) for n in sizes), weights, None, "a net")
    line = line_of(net)
    assert line.startswith(begins)
    assert bool(line) == bool(begins)
    assert len(line) <= LONGEST


def test_what_it_says_in_the_lab_is_what_it_says_in_the_figure():
    layers = [([[1.0, -2.0], [0.5, 0.25]], [0.5, -1.0]), ([[2.0, -1.0]], [0.1])]
    figure = layered(layers)
    weights = tuple(tuple(map(tuple, W)) for W, _ in layers)
    net = Wires(
        (("x1", "x2"), ("h1", "h2"), ("y",)), weights, None, "", biases=tuple(tuple(b) for _, b in layers)
    )
    bench = Bench(read_line(line_of(net)))
    X = np.array([[1.0, 0.5], [-1.0, 2.0], [0.3, -0.7]])
    z = bench.net.values(X)["z2"][:, 0]
    assert np.allclose(z, np.ravel(figure.predict(X)), atol=1e-9)
