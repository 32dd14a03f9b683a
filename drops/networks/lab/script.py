"""A run as a program of its own, in numpy or in torch, with the same loss at every step."""

from __future__ import annotations

from drops.errors import DropsError
from drops.networks.lab.bench import Bench, build_rule, shuffles
from drops.networks.lab.recipe import Recipe
from nnlab import LabError, code


def write(recipe: Recipe, steps: int, kind: str) -> str:
    """The script; `steps` are rounded up to whole epochs."""
    if recipe.turns:
        at = f"{recipe.turns[0].step:,}"
        raise DropsError(
            f"a script trains from start to end, and this line changes at step {at}; undo that first"
        )
    bench = Bench(recipe)
    epochs = -(-steps // bench.trainer.per_epoch)
    trained = bench.recipe  # with what is wrong with it
    try:
        return code(
            bench.net, kind, tuple(bench.train), build_rule(trained), batch=trained.batch, epochs=epochs,
            shuffle=shuffles(trained),
        )  # fmt: skip
    except LabError as error:
        raise DropsError(str(error)) from error
