"""The experiments of this path that train nothing: two ways to one number, and they agree."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from drops.networks.sequences.word_figures import rows_of
from nnlab import Embedding, Net

Figures = Mapping[str, float]


def lookup_is_product(draws: int = 100, seed: int = 0) -> Figures:
    """One-hot rows times a table beside the engine's Embedding: the largest difference."""
    rng, worst = np.random.default_rng(seed), 0.0
    for _ in range(draws):
        words, width = (int(n) for n in rng.integers(2, 50, 2))
        net = Net(Embedding(words, width), input=4, seed=int(rng.integers(1_000_000)))
        tokens = rng.integers(0, words, (8, 4))
        product = np.eye(words)[tokens] @ rows_of(net)
        worst = max(worst, float(np.abs(net.predict(tokens).reshape(product.shape) - product).max()))
    return {"largest_difference": worst}
