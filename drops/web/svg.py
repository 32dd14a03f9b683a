"""What pictures are made of, and where things stand in them. Colours are classes: the theme decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from htpy import Element, Node

from drops.scales import Scale

svg, g, path, rect, circle, text = map(Element, ("svg", "g", "path", "rect", "circle", "text"))

Box = tuple[float, float, float, float]  # left, top, right, bottom, in the picture's own units


def place(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.1f}".removesuffix(".0")


def line_to(points: Iterable[tuple[float, float]]) -> str:
    """A path through points, as `d` has it."""
    return "M" + "L".join(f"{place(x)} {place(y)}" for x, y in points)


def picture(width: float, height: float, says: str, *inside: Node, class_: str = "") -> Element:
    """A whole picture; `says` is what it is to who does not see it."""
    return svg(
        class_=f"drawn {class_}".strip(),
        viewBox=f"0 0 {place(width)} {place(height)}",
        role="img",
        aria_label=says,
    )[inside]


@dataclass(frozen=True)
class Frame2d:
    """A plane laid on a box: x to the right, y up."""

    x: tuple[float, float]
    y: tuple[float, float]
    box: Box
    log_y: bool = False

    def across(self, value: float) -> float:
        left, _, right, _ = self.box
        return left + (right - left) * Scale(*self.x, 2).place(value)

    def up(self, value: float) -> float:
        _, top, _, bottom = self.box
        return bottom - (bottom - top) * Scale(*self.y, 2, log=self.log_y).place(value)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.across(x), self.up(y)


def label(x: float, y: float, words: str, anchor: str = "middle", class_: str = "dim") -> Element:
    """Words at a place: they begin, are centred or end there."""
    return text(x=place(x), y=place(y), text_anchor=anchor, class_=class_)[words]
