"""The palettes as themes of Textual."""

from __future__ import annotations

from textual.theme import Theme

from drops.colours import Palette


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
