"""What many layers in a row let through, against the chain rule written out, row by row."""

from __future__ import annotations

import numpy as np
import pytest

from drops.networks.sequences.around import EACH, ROWS, deep_net, let_through
from nnlab import data

TABLE = data.moons(ROWS, seed=0)


def by_hand(layers, seed):
    """Of the blame at the last layer's output the share that reaches the first, and of rows apart the share left."""
    net = deep_net(layers, False, seed)
    weights = [np.asarray(net[i].W) for i in range(layers + 2)]
    said = [TABLE.X]
    for i, W in enumerate(weights):
        z = said[-1] @ W.T + np.ravel(net[i].b)
        said.append(z if i in (0, len(weights) - 1) else np.tanh(z))
    shares = []
    for row in range(0, ROWS, EACH):
        blame = weights[-1][0]
        at_last = np.linalg.norm(blame)
        for i in range(len(weights) - 2, 0, -1):
            blame = (blame * (1 - said[i + 1][row] ** 2)) @ weights[i]
        shares.append(np.linalg.norm(blame) / at_last)
    return said[-2].std(axis=0).mean() / said[2].std(axis=0).mean(), np.mean(shares)


@pytest.mark.parametrize("layers", [8, 20])
def test_it_is_what_the_chain_rule_says(layers):
    forward, back = by_hand(layers, 0)
    found = let_through(layers, way=False, runs=1)
    assert found["forward"] == pytest.approx(forward, rel=1e-9)
    assert found["back"] == pytest.approx(back, rel=1e-9)


def test_rows_and_blame_shrink_in_a_row_and_do_not_with_a_way_around():
    plain, around = (let_through(40, way, runs=3) for way in (False, True))
    assert max(plain["forward"], plain["back"]) < 0.3
    assert min(around["forward"], around["back"]) > 1
