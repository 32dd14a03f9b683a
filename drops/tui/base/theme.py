"""How drops looks: two palettes, and the themes and colour maps made of them.

Text is at least 4.5:1 against its ground in both (a test computes it). The map from low to
high runs blue, neutral, orange, which the common colour blindnesses keep apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.color import Color
from textual.theme import Theme

LEVELS = 21  # of the colour map: odd, so that the middle has one


@dataclass(frozen=True)
class Palette:
    """Colours by what they mean. `rule` and `field` are grounds and lines, never text."""

    name: str
    dark: bool
    ground: str
    text: str
    dim: str
    accent: str  # act here
    good: str
    warn: str
    bad: str
    rule: str
    field: str  # behind what can be typed or chosen
    shade: str  # behind a range set apart
    low: str  # ends and middle of the map
    middle: str
    high: str
    series: tuple[str, ...]

    @property
    def inks(self) -> dict[str, str]:
        """Every colour that text is written in."""
        named = {name: getattr(self, name) for name in ("text", "dim", "accent", "good", "warn", "bad")}
        return named | {f"series {i}": colour for i, colour in enumerate(self.series)}

    @property
    def ramp(self) -> tuple[str, ...]:
        """The map's colours from low to high."""
        low, middle, high = Color.parse(self.low), Color.parse(self.middle), Color.parse(self.high)
        half = LEVELS // 2
        return tuple(
            (low.blend(middle, i / half) if i <= half else middle.blend(high, i / half - 1)).hex
            for i in range(LEVELS)
        )


DARK = Palette(
    "drops-dark",
    True,
    ground="#12161d",
    text="#e4e8ee",
    dim="#98a2b3",
    accent="#7fc4ff",
    good="#86d6a0",
    warn="#f2b866",
    bad="#ff9c8a",
    rule="#39414f",
    field="#212936",
    shade="#1b2330",
    low="#2f7fd0",
    middle="#1c2027",
    high="#e5862e",
    series=("#7fc4ff", "#f2a65a", "#c7a6f2", "#86d6a0", "#e8d36a"),
)
LIGHT = Palette(
    "drops-light",
    False,
    ground="#fbfaf7",
    text="#1c222d",
    dim="#566072",
    accent="#0a5aa8",
    good="#17693a",
    warn="#855000",
    bad="#b0261c",
    rule="#c8ccd4",
    field="#e9edf3",
    shade="#eef1f5",
    low="#3f86cf",
    middle="#f4f2ee",
    high="#dd7f2a",
    series=("#0a5aa8", "#a34a00", "#6a3fb0", "#17693a", "#6f5f00"),
)
PALETTES = {palette.name: palette for palette in (DARK, LIGHT)}


def theme(palette: Palette) -> Theme:
    """Textual's theme of a palette; what its own widgets (the palette, toasts) are drawn with."""
    return Theme(
        name=palette.name,
        dark=palette.dark,
        primary=palette.accent,
        secondary=palette.accent,
        accent=palette.accent,
        foreground=palette.text,
        background=palette.ground,
        surface=palette.field,
        panel=palette.field,
        success=palette.good,
        warning=palette.warn,
        error=palette.bad,
        variables={
            "rule": palette.rule,
            "dim": palette.dim,
            "scrollbar": palette.rule,
            "scrollbar-background": palette.ground,
            "scrollbar-corner-color": palette.ground,
            "scrollbar-hover": palette.dim,
            "scrollbar-active": palette.accent,
        },
    )
