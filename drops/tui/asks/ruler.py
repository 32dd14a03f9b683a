"""The line under a show: where it is, how far it is computed, where it was decided."""

from __future__ import annotations

from rich.segment import Segment

from drops.tui.asks.player import Player
from drops.tui.base.ink import Inks, Line

WIDEST = 72  # cells of it


def ruler(player: Player, told: str, width: int, ink: Inks, *, running: bool) -> tuple[Line, int]:
    """`▮▮ ━━━━◆━━●──────  paused`, where `told` is the word at its end; and the cell of its ◆, or −1."""
    room = max(8, min(WIDEST, width - len(told) - 6))
    at, known = round(player.place * (room - 1)), round(player.known * (room - 1))
    line: Line = [Segment("▶  " if running else "▮▮ ", ink.accent)]
    turning = round(player.turning[0] * (room - 1)) if player.turning else -1
    for x in range(room):
        sign, style = ("━", ink.accent) if x < at else ("─", ink.dim if x <= known else ink.rule)
        if x == at:
            sign, style = "●", ink.act
        elif x == turning:
            sign, style = "◆", ink.bold
        line.append(Segment(sign, style))
    return [*line, Segment(f"  {told}", ink.dim)], turning + 3 if player.turning else -1
