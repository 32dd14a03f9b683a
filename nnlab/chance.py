"""One seed, several streams of random numbers that know nothing of each other.

    stream("start", 0), stream("order", 0)      different numbers, the same ones every time

Were there one stream, the rows of `data.gauss(seed=0)` and the weights of `Net(seed=0)` would be the
same draws: what a net is trained on would stand in its weights before it begins.
"""

from typing import Any

import numpy as np

from nnlab.errors import whole

STREAMS: dict[str, tuple[int, ...]] = {
    "data": (),  # numpy's own stream of a seed: rows can be drawn again without nnlab
    "start": (1,),  # of the weights
    "order": (2,),  # in which a trainer takes the rows
    "split": (3,),  # which rows are held back
    "noise": (4,),  # of dropout
}


def stream(use: str, seed: Any) -> np.random.Generator:
    """The random numbers of a seed for one use."""
    return np.random.default_rng(np.random.SeedSequence(whole("the seed", seed, 0), spawn_key=STREAMS[use]))
