"""Drop 14: a grammar of thirteen words, and nets that say the next word.

"the dogs near the cat sleep ."   the verb follows the first noun; the last noun distracts
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

Figures = Mapping[str, float]
WORDS = ("the", "cat", "dog", "bird", "cats", "dogs", "birds", "near", "behind", "sleeps", "runs",
         "sleep", "run", ".")
SINGULAR, PLURAL, BETWEEN = (1, 2, 3), (4, 5, 6), (7, 8)
ONE, MANY, STOP = (9, 10), (11, 12), 13
PLACES, SENTENCES, FRESH = 10, 600, 1000
WIDTH, EPOCHS, BATCH, RATE = 16, 40, 50, 0.01


def sentence(rng: np.random.Generator) -> list[int]:
    """the N (near|behind the N)* V . — none, one or two phrases between noun and verb."""
    def noun() -> tuple[int, bool]:
        many = bool(rng.integers(0, 2))
        return int(rng.choice(PLURAL if many else SINGULAR)), many

    first, many = noun()
    made = [0, first]
    for _ in range(int(rng.integers(0, 3))):
        made += [int(rng.choice(BETWEEN)), 0, noun()[0]]
    return [*made, int(rng.choice(MANY if many else ONE))]


def is_sentence(words: list[int]) -> bool:
    """Whether the words follow the grammar, the verb agreeing with the first noun."""
    if len(words) < 3 or words[0] != 0 or words[1] not in SINGULAR + PLURAL:
        return False
    at = 2
    while at + 2 < len(words) and words[at] in BETWEEN:
        if words[at + 1] != 0 or words[at + 2] not in SINGULAR + PLURAL:
            return False
        at += 3
    return at == len(words) - 1 and words[at] in (MANY if words[1] in PLURAL else ONE)
