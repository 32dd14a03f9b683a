"""The shape of a net as it is typed: 2-8relu-4+-1, units layer by layer, some with a squash of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from drops.errors import DropsError, Unknown
from drops.networks.lab.recipe import Hidden, Recipe, print_shape
from drops.networks.lab.words import SQUASHES

MOST_UNITS, MOST_LAYERS = 256, 6
SHAPE = re.compile(r"\d+[^-\s]*(-\d+[^-\s]*(-tanh\+?)?)+")  # gelu-tanh has a dash of its own
LAYER = re.compile(rf"(\d{{1,6}})({'|'.join(sorted(SQUASHES, key=len, reverse=True))})?(\+)?")


class LineError(DropsError):
    """A line that is none. `span` is where the cursor belongs: (first, behind) in the line."""

    def __init__(self, line: str, span: tuple[int, int]) -> None:
        self.span = span
        super().__init__(line)


def shaped(recipe: Recipe, word: str, span: tuple[int, int]) -> Recipe:
    """The recipe with the layers of a shape, which stands at `span` of its line. Raises LineError."""
    layers = list(_layers(word))
    for text, found in layers:
        if not found:
            squash = re.sub(r"^\d+|\+$", "", text)
            raise LineError(
                str(Unknown("squash", squash, SQUASHES)) if squash else f'"{text}" is no layer', span
            )
    numbers = [int(found[1]) for _, found in layers if found]
    inner = tuple(Hidden(int(one[1]), one[2] or "", bool(one[3])) for _, one in layers[1:-1] if one)
    made = replace(recipe, hidden=inner)
    if any(found and (found[2] or found[3]) for _, found in (layers[0], layers[-1])):
        raise LineError(f"inputs and outputs take no squash; write {print_shape(made)}", span)
    if numbers[0] != made.inputs:
        of = f"{' '.join(made.listens_to)} make" if made.listens_to else f"{made.data} has"
        what = f"{made.inputs} input{'s' * (made.inputs > 1)}"
        raise LineError(f"{of} {what}, the shape begins with {numbers[0]}: write {print_shape(made)}", span)
    if numbers[-1] != made.source.outputs:
        what = f"{made.source.outputs} output{'s' * (made.source.outputs > 1)}"
        if not inner:  # the last of two numbers is a layer whose output was left out
            made = replace(made, hidden=(Hidden(numbers[-1]),))
        raise LineError(
            f"{made.data} wants {what}, the shape ends with {numbers[-1]}: write {print_shape(made)}",
            span,
        )
    if len(inner) > MOST_LAYERS:
        raise LineError(f"{len(inner)} hidden layers; 0 to {MOST_LAYERS} are shown", span)
    for before, one in zip(made.sizes, inner, strict=False):
        if not 1 <= one.units <= MOST_UNITS:
            raise LineError(
                f"a layer of {one.units} units; 1 to {MOST_UNITS}, and what does not fit scrolls", span
            )
        if one.residual and one.units != before:
            raise LineError(
                f"a layer that adds what came in is as wide as that: write {before}+ for {one.units}+",
                span,
            )
    return made


def _layers(word: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """The layers of a shape, each as it was typed and as it is understood."""
    for text in re.split(r"-(?=\d)", word):
        yield text, LAYER.fullmatch(text)
