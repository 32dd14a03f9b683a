"""Lines one change away from a line, and for how long they can be trained while somebody waits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drops.errors import DropsError
from drops.networks.lab import controls, judge
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import Recipe, print_line
from drops.networks.lab.shape import LineError
from drops.text import often

SEEDS = judge.SEEDS
LEAST = 100  # steps below which nothing is learned
SECONDS = 1.2  # that twenty starts may take while somebody waits
SQUASHES = ("tanh", "relu", "sigmoid", "gelu-tanh")


def fitting(recipe: Recipe, steps: int, nets: int = SEEDS) -> int:
    """So many steps as can be waited for. Fewer nets than SEEDS are trained one after the other. Raises
    DropsError where even the fewest are too many."""
    work, layers = recipe.parameters * recipe.batch, len(recipe.sizes) - 1
    plans = nets if nets < SEEDS else nets // SEEDS
    among = 1e-6 * (3 * layers + 0.0025 * work)  # seconds of a step of one net among twenty,
    alone = 1e-6 * (12 + 7 * layers)  # and of one that is alone, or of all of them, at least
    most = int(SECONDS / max(nets * among, plans * alone))
    if most < LEAST:
        raise DropsError(
            f"{recipe.parameters:,} parameters in batches of {recipe.batch} take too long to be trained "
            f"{often(nets)} while you wait; a smaller net or batch can be kept"
        )
    return max(LEAST, min(steps, most))


def neighbours(recipe: Recipe) -> list[str]:
    """Lines one change away: a unit or two more or less in a layer, another squash or rate, or as it is."""
    words = ["", *(controls.turn(recipe, "rate", by) for by in (-1, 1))]
    if not any(turn.edits for turn in recipe.turns):
        layers = range(1, len(recipe.hidden) + 1)
        words += [controls.with_units(recipe, layer, by) for layer in layers for by in (-2, -1, 1, 2)]
        if recipe.hidden and not any(layer.squash for layer in recipe.hidden):
            words += [squash for squash in SQUASHES if squash != recipe.squash]
    found = []
    for said in words:
        try:
            found.append(print_line(read_line(said, recipe)) if said else print_line(recipe))
        except LineError:  # a layer that adds what came in has to stay as wide
            continue
    return list(dict.fromkeys(found))


def drawn(lines: Sequence[str], rng: np.random.Generator, count: int = 1) -> list[Recipe]:
    """So many of these lines, each with rows and starts of its own."""
    chosen = rng.choice(lines, count, replace=False).tolist()
    return [read_line(f"seed {rng.integers(10_000, 1_000_000)}", read_line(line)) for line in chosen]
