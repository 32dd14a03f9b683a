"""One seed, several streams: what a net is trained on does not stand in its weights."""

import numpy as np
import pytest

from nnlab import SGD, Dense, Dropout, LabError, Net, Trainer, data
from nnlab.chance import STREAMS, stream


def test_streams_of_one_seed_know_nothing_of_each_other() -> None:
    for seed in range(20):
        drawn = {use: stream(use, seed).normal(size=500) for use in STREAMS}
        for a, own in drawn.items():
            assert (stream(a, seed).normal(size=500) == own).all()
            assert all(abs(np.corrcoef(own, other)[0, 1]) < 0.2 for b, other in drawn.items() if b != a)


def test_the_noise_of_rows_is_not_the_start_of_a_net() -> None:
    for seed in range(5):
        noise = (data.gauss(200, seed=seed).X - (4 * (np.arange(200) % 2) - 2)[:, None]).ravel()
        weights = Net("2-200-1", init="normal", seed=seed)[0].W.ravel()
        assert abs(np.corrcoef(noise, weights)[0, 1]) < 0.2
        silenced = Net(Dense(400), Dropout(0.5), Dense(1), input=1, init="normal", seed=seed)
        draws = silenced.rng.normal(size=400)
        assert abs(np.corrcoef(draws, silenced[0].W.ravel())[0, 1]) < 0.2


def test_order_split_and_rows_are_drawn_apart() -> None:
    n = 300
    order = Trainer(Net("2-1"), (np.zeros((n, 2)), np.zeros(n)), SGD(0.1), batch=10, seed=3).rng.permutation(n)
    held = data.Dataset(np.arange(n)[:, None] * 1.0, np.arange(n) * 1.0).split(test=0.5, validation=0, seed=3)
    assert not np.array_equal(np.sort(order[: n // 2]), held.test.y)
    assert not np.array_equal(order, np.random.default_rng(3).permutation(n))


@pytest.mark.parametrize("seed", [-1, 1.5, "x", None, True])
def test_a_seed_that_is_no_whole_number_is_refused(seed: object) -> None:
    for wrong in (
        lambda: Net("2-1", seed=seed),
        lambda: data.moons(10, seed=seed),
        lambda: Trainer(Net("2-1"), ([[1, 2]], [1]), SGD(0.1), seed=seed),
        lambda: data.moons(10).split(seed=seed),
    ):
        with pytest.raises(LabError) as caught:
            wrong()
        assert str(caught.value) == f"the seed is {seed!r}; it wants a whole number ≥ 0"
