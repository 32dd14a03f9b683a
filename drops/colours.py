"""The two palettes, and the tones made of them: every face that has colours has these.

One law of colour: blue is positive, yes, fires, up; orange is negative, no, silent, down; gold is what
is in hand. The common colour blindnesses keep blue and orange apart. Text is at least 4.5:1 against its
ground in both palettes (a test computes it).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

LEVELS = 33  # of the colour map: odd, so that zero has one
SOFT = 0.6  # a tone grows as |value| to this power: small values are told from zero, large ones stay apart
MOST = 0.7  # of the way to the colour of what is put back: signs are read on it


def blend(colour: str, into: str, share: float) -> str:
    """A colour on the way from one to another, as "#1D5C9E"; a share of 0 is the first.

    >>> blend("#000000", "#ffffff", 0.25)
    '#3F3F3F'
    """
    ways = ((int(colour[at : at + 2], 16), int(into[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{int(a + (b - a) * share):02X}" for a, b in ways)


@dataclass(frozen=True)
class Palette:
    """Colours by what they mean. `rule` and `field` are grounds and lines, never text."""

    name: str
    dark: bool
    ground: str
    text: str
    dim: str
    accent: str  # in hand: act here
    good: str
    warn: str
    bad: str
    rule: str
    field: str  # behind what can be typed or chosen
    shade: str  # behind a range set apart
    plus: str  # positive, and negative, as text and lines
    minus: str
    low: str  # the ends of a map; its middle is the ground itself
    high: str
    series: tuple[str, ...]

    @property
    def inks(self) -> dict[str, str]:
        """Every colour that text is written in."""
        names = ("text", "dim", "accent", "good", "warn", "bad", "plus", "minus")
        named = {name: getattr(self, name) for name in names}
        return named | {f"series {i}": colour for i, colour in enumerate(self.series)}

    @property
    def ramp(self) -> tuple[str, ...]:
        """The map's colours from most negative to most positive; zero is the ground."""
        half = LEVELS // 2
        return tuple(
            blend(self.ground, self.low if i < half else self.high, (abs(i - half) / half) ** SOFT)
            for i in range(LEVELS)
        )

    @property
    def amounts(self) -> tuple[str, ...]:
        """The colours of a map that has no signs, from nothing to the most: neither blue nor orange."""
        return tuple(blend(self.ground, self.dim, MOST * i / (LEVELS - 1)) for i in range(LEVELS))

    def tone(self, share: float) -> str:
        """The map's colour of a value, from −1 to 1 of the largest."""
        return self.ramp[round((LEVELS // 2) * (1 + share))]

    def lit(self, colour: str) -> str:
        """A colour brought forward: its own hue, lighter on dark, at full strength on light."""
        return blend(colour, "#ffffff", 0.25) if self.dark else colour

    def faint(self, colour: str) -> str:
        """A colour put back behind what is lit."""
        return blend(self.ground, colour, 0.4)

    def tint(self, colour: str) -> str:
        """A ground of a colour that text stands on."""
        return blend(self.ground, colour, 0.22)

    def on_map(self, colour: str) -> str:
        """A colour of a sign that stands on a map: far from every tone of it."""
        return blend(colour, "#ffffff" if self.dark else self.text, 0.5)


DARK = Palette(
    "drops-dark",
    True,
    ground="#12161d",
    text="#e4e8ee",
    dim="#98a2b3",
    accent="#ffdf7e",
    good="#86d6a0",
    warn="#ffdf7e",
    bad="#ff9c8a",
    rule="#39414f",
    field="#212936",
    shade="#1b2330",
    plus="#4f9ff0",
    minus="#f0923c",
    low="#8a4a12",
    high="#1d5c9e",
    series=("#4f9ff0", "#f0923c", "#c7a6f2", "#6cc5cf", "#f2a6c8"),
)
LIGHT = Palette(
    "drops-light",
    False,
    ground="#fbfaf7",
    text="#1c222d",
    dim="#566072",
    accent="#8a6200",
    good="#17693a",
    warn="#8a6200",
    bad="#b0261c",
    rule="#c8ccd4",
    field="#e9edf3",
    shade="#eef1f5",
    plus="#2468b4",
    minus="#a85408",
    low="#f2bd8c",
    high="#9cc4ee",
    series=("#2468b4", "#a85408", "#6a3fb0", "#0d6673", "#9a2f6e"),
)
LIGHT_OF_FEW = replace(  # where a terminal has sixteen colours: its yellow and its cyan are lost on white
    LIGHT, accent="#aa00aa", warn="#aa00aa", plus="#0000aa", minus="#aa0000",
    series=("#0000aa", "#aa0000", "#aa00aa", "#17693a", "#566072"),
)  # fmt: skip
PALETTES = {palette.name: palette for palette in (DARK, LIGHT)}
