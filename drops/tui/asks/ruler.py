"""The line under a show: where it is, how far it is computed, where it was decided."""

from __future__ import annotations

from rich.segment import Segment

from drops.tui.asks.player import Player
from drops.tui.base.ink import Inks, Line


def ruler(player: Player, told: str, width: int, ink: Inks, *, running: bool) -> tuple[Line, int]:
    """`▮▮ ━━━━◆━━●──────  paused`, as wide as the room, where `told` is the word at its end; and the cell of
    its ◆, or −1."""
    room = max(8, width - len(told) - 6)
    at, known = round(player.place * (room - 1)), round(player.known * (room - 1))
    turning = round(player.turning[0] * (room - 1)) if player.turning else -1
    marks = {turning: Segment("◆", ink.bold), at: Segment("●", ink.act)}
    line: Line = [Segment("▶  " if running else "▮▮ ", ink.accent)]
    start = 0
    for x, mark in sorted((x, mark) for x, mark in marks.items() if x >= 0):
        line += [*_stretch(start, x, at, known, ink), mark]
        start = x + 1
    line += [*_stretch(start, room, at, known, ink), Segment(f"  {told}", ink.dim)]
    return line, turning + 3 if player.turning else -1


def _stretch(start: int, end: int, at: int, known: int, ink: Inks) -> Line:
    """The cells start … end − 1 between two marks: seen, computed, or still to come."""
    if start < at:
        return [Segment("━" * (end - start), ink.accent)]
    middle = max(start, min(end, known + 1))
    return [Segment("─" * (middle - start), ink.dim), Segment("─" * (end - middle), ink.rule)]
