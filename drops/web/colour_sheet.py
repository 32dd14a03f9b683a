"""The palettes as a style sheet: names for what colours mean, in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from drops.colours import DARK, LIGHT, Palette

NAMED = ("ground", "text", "dim", "accent", "good", "warn", "bad", "rule", "field", "shade", "plus", "minus")


def _variables(palette: Palette) -> str:
    pairs = [(name, getattr(palette, name)) for name in NAMED]
    pairs += [(f"m{level}", colour) for level, colour in enumerate(palette.ramp)]
    pairs += [(f"a{level}", colour) for level, colour in enumerate(palette.amounts)]
    pairs += [(f"s{who}", colour) for who, colour in enumerate(palette.series)]
    pairs += [("p0", palette.on_map(palette.minus)), ("p1", palette.on_map(palette.plus))]
    pairs += [(f"tint-{name}", palette.tint(getattr(palette, name))) for name in ("good", "bad", "accent")]
    return "".join(f"--{name}:{colour};" for name, colour in pairs)


def _rules() -> Iterator[str]:
    dark, light = _variables(DARK), _variables(LIGHT)
    yield f":root{{color-scheme:dark;{dark}}}"
    yield f"@media (prefers-color-scheme:light){{:root{{color-scheme:light;{light}}}}}"
    yield f":root[data-theme=dark]{{color-scheme:dark;{dark}}}"
    yield f":root[data-theme=light]{{color-scheme:light;{light}}}"
    for level in range(len(DARK.ramp)):
        for tone in (f"m{level}", f"a{level}"):
            yield f".{tone}{{fill:var(--{tone});background:var(--{tone})}}"
    for who in range(len(DARK.series)):
        yield f".s{who}{{--ink:var(--s{who})}}"


@cache
def colours() -> str:
    """What `colours.css` holds."""
    return "\n".join(_rules())
