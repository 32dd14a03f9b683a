"""The Lab's picture: net, map and curve side by side, or what was asked for in their place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from rich.segment import Segment
from textual.geometry import Offset, Region, Size

from drops.clock import ticks
from drops.exercises.blocks import Curve, Series
from drops.networks.lab.recipe import Recipe
from drops.networks.lab.scene import Place, Scene, Sizes, Wall
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, beside, ends, fit, width_of
from drops.tui.blocks import curve, net, why
from drops.tui.blocks.panel import panel
from drops.tui.blocks.plane import sign
from drops.tui.screens.lab import feet, offered
from drops.tui.screens.lab.offered import Offer
from drops.tui.screens.lab.put_rows import PutRows, draw_rows
from drops.tui.screens.lab.runner import Loss, Runner

Side = Literal["net", "map"]
NARROW, GAP = 72, 2  # below it the net or the map is seen, not both
WIDE_HALF = 18  # cells of one map of two, in which "right" has room
LEAST_CURVE = 8  # rows of the loss curve with its axes
LOW, LEAST_MAP, PANEL = 24, 5, 9  # rows of a low room; of the map at least; of an instrument below it
MOST_LINES = 999  # of an instrument, whatever room there is
CURVES = 0.3  # seconds for which a curve of losses is as good as new while it trains
BARS = "▁▂▃▄▅▆▇█"


def filled(lines: Lines, height: int, width: int) -> Lines:
    """These lines as exactly so many rows: what a low terminal has no room for is cut."""
    return [*lines[:height], *[[Segment(" " * width)]] * (height - len(lines))]


class TimeAxis(NamedTuple):
    """Where a curve over steps stands, in cells of the picture, and which steps its ends are."""

    box: Region
    first: float
    last: float


class LabPicture(Drawn):
    """Draws the runner's last scene at the size of the room that is left."""

    runner: Runner | None = None
    unit: Place | None = None  # in hand
    top = 0  # the first unit that is shown of a layer too tall
    side: Side = "net"  # of a narrow screen
    walled = False
    _left: Lines = []  # noqa: RUF012  what was drawn last, never changed in place
    _beside: Lines = []  # noqa: RUF012
    _renewed_for: object = None
    _feet_of: tuple[Recipe | None, Size | None, int] = (None, None, 2)
    _looks = 0  # how many scenes there were by then
    _turn = False
    drawing: PutRows | None = None  # rows that are put by hand, in the map's place
    compared = False  # two maps, of what stood when the line was forked and of what stands now
    _curve: tuple[object, float, Lines, TimeAxis] | None = None  # what it was drawn for, when, and how
    axis: TimeAxis | None = None  # of the losses, where they are drawn
    plot: Region | None = None  # of one column: where what the net says along it is drawn
    timed = False  # the curve is in hand: left and right go through time
    probe: int | None = None  # the training row that is told
    offers: tuple[Offer, ...] = ()  # what can be chosen from, in the map's place
    held = 0  # of them, the one in hand
    term = 0  # of the sum that is shown: the line in hand

    def sizes(self) -> Sizes:
        """Pixels of a tile and of the large map in this room; of a wall its tiles."""
        wide, tall = self._half_room() if self.compared else self._map_room()
        if self.walled:
            return Sizes((2 * self._wall_tall(), 2 * self._wall_tall()), (wide, 2 * tall))
        grid = self._grid()
        return Sizes((grid.wide, 2 * grid.tall), (wide, 2 * tall))

    # ── rooms ──────────────────────────────────────────────────────────────────────────────
    @property
    def room(self) -> tuple[int, int]:
        """Cells across and down, without the feet."""
        size = self.screen.size
        return max(20, size.width - 2), max(6, size.height - 4 - self._feet)

    @property
    def _feet(self) -> int:
        """Rows under the picture: reckoned once for a net and a size."""
        scene, size = self.runner.scene if self.runner else None, self.screen.size
        if scene is None:
            return 2
        if self._feet_of[:2] != (scene.recipe, size):
            self._feet_of = scene.recipe, size, feet.rows_of(scene, size.width, size.height)
        return self._feet_of[2]

    @property
    def both(self) -> bool:
        return self.room[0] >= NARROW

    def _map_room(self) -> tuple[int, int]:
        """Cells of the large map: about two fifths of the width, and what the curve leaves of the height."""
        width, height = self.room
        wide = min(width * 2 // 5, 64) if self.both else width
        tall = height - 3 if height < LOW else height - LEAST_CURVE - 1
        scene = self.runner.scene if self.runner else None
        tall -= 1 if scene and len(scene.classes) > 2 else 0  # their signs are told below it
        tall = max(LEAST_MAP, min(tall, wide // 2))
        wide = min(wide, 2 * tall + 2 if self.both else 4 * tall)
        measured = self.runner is not None and self.runner.view.instrument
        return wide, max(LEAST_MAP, height - 1 - PANEL) if measured and height < LOW else tall

    def _half_room(self) -> tuple[int, int]:
        """Cells of each of two maps side by side."""
        wide, tall = self._map_room()
        half = (wide - GAP) // 2
        return half, min(tall, max(3, half // 2))

    def _net_room(self) -> tuple[int, int]:
        width, height = self.room
        return (width - self._map_room()[0] - GAP if self.both else width), height

    def _grid(self) -> net.Grid:
        scene = self.runner.scene if self.runner else None
        units = tuple(map(len, scene.layers)) if scene else (2, 4, 4)
        names = max(len(tile.name) for tile in scene.layers[0]) if scene else 1
        return net.lay(units, names, *self._net_room())

    def hold(self, layer: int, unit: int) -> None:
        """Takes a unit in hand, and has it in sight."""
        self.unit, self.term = (layer, unit), 0
        grid = self._grid()
        if layer < len(grid.places):  # an output has no tile
            self.top = grid.top(layer, unit, self.top)

    def _wall_tall(self) -> int:
        """Rows of a wall's tile, so that twenty find room."""
        width, height = self._net_room()
        fits = [
            tall for tall in range(6, 1, -1) if ((width + 2) // (2 * tall + 2)) * (height // (tall + 1)) >= 20
        ]
        return fits[0] if fits else net.SMALLEST

    def glimpse_room(self) -> tuple[int, int] | None:
        """Cells of the map that is shown of the offer in hand; None where there is no room for one."""
        return offered.map_room(self.offers, self.held, self._map_room()[0], self.room[1])

    # ── drawing ────────────────────────────────────────────────────────────────────────────
    def draw(self, width: int, ink: Inks) -> Lines:
        runner = self.runner
        scene = runner.scene if runner else None
        if runner is None or scene is None:
            return [[Segment(" building the net …", ink.dim)]]
        self._renew(runner, scene, ink)
        pad, gap, room = Segment(" "), Segment(" " * GAP), self.room
        if self.both:
            rest = [Segment(" " * max(0, width - 1 - room[0]))] if width - 1 > room[0] else []
            pairs = zip(self._left, self._beside, strict=True)
            out = [[pad, *left, gap, *right, *rest] for left, right in pairs]
        else:
            shown = self._left if self.walled or self.side == "net" else self._beside
            out = [fit([pad, *line], width) for line in shown]
        row = runner.probed if self.unit is None else None
        return [*out, *feet.draw(scene, row, width, self._feet, ink, asked=runner.why is not None)]

    def _renew(self, runner: Runner, scene: Scene, ink: Inks) -> None:
        """Both sides, each line at its width, if there is anything new on them. While it trains they take
        turns: what has not changed but for the moment waits for its own."""
        key = (
            ink, self.room, self.side, self.walled, self.compared, self.unit, self.top, self.offers,
            self.held, self.drawing is None, self.term, self.probe, self.timed, runner.why is None,
            len(runner.sheet), runner.panel and runner.panel.title, runner.other is None,
            tuple(map(len, scene.layers)), runner.running,
        )  # fmt: skip
        looks, changed = runner.looks, key != self._renewed_for or self.drawing is not None
        if not changed and looks == self._looks:  # a key that moves something else, as a word of the line
            return
        every = changed or not runner.running
        self._renewed_for, self._looks, self._turn = key, looks, not self._turn
        height = self.room[1]
        if every or self._turn:
            self._left = filled(self._net_side(runner, scene, ink), height, self._net_room()[0])
        if every or not self._turn:
            self.axis = None
            wide = self._map_room()[0]
            right = self._right(runner, scene, ink) if self.both or self.side == "map" else []
            self._beside = filled(right, height, wide)

    def _net_side(self, runner: Runner, scene: Scene, ink: Inks) -> Lines:
        """The net, or twenty maps."""
        width, height = self._net_room()
        if self.walled and runner.wall is not None:
            return [fit(line, width) for line in self._wall(runner.wall, width, ink)]
        if not self.both and self.side == "map":
            return []
        grid = self._grid()
        if scene.layers[0][0].pixels and len(scene.layers[0][0].pixels) != 2 * grid.tall:
            return []  # the scene of another size is still on its way
        return net.draw_net(scene, grid, width, height, ink, self.unit, self.top)

    def _right(self, runner: Runner, scene: Scene, ink: Inks) -> Lines:
        """The map or what was asked, and the loss curve below; every line at its width."""
        wide, tall = self._map_room()
        if self.drawing is not None:
            return [fit(line, wide) for line in draw_rows(self.drawing, wide, tall, ink)]
        if self.offers:
            return [
                fit(line, wide)
                for line in offered.draw(self.offers, self.held, runner.glimpse, wide, self.room[1], ink)
            ]
        if self.compared and not runner.why:
            return [fit(line, wide) for line in self._both_maps(runner, scene, wide, ink)]
        if runner.why and runner.sheet:
            out = [fit(line, wide) for line in why.draw_lines(runner.why, runner.sheet, wide, ink)]
        elif runner.why:
            out = [fit(line, wide) for line in why.draw(runner.why, self.term, wide, self.room[1], ink)]
        else:
            out = self._map(scene, wide, tall, ink)
        left = self.room[1] - len(out)
        if runner.panel is not None:
            if runner.why and left < LEAST_CURVE:  # the sheet that was asked for goes first
                return out
            told = panel(runner.panel, wide, left, ink)
            if len(told) < len(panel(runner.panel, wide, MOST_LINES, ink)) and not runner.why:
                out, told = [], panel(runner.panel, wide, self.room[1], ink)  # all of it, in the map's place
            return [*out, *(fit(line, wide) for line in told)]
        axes = [] if runner.why else feet.axes(scene.recipe, wide, ink)
        if left >= LEAST_CURVE:
            both = {"train": (runner.history, 1), "test": (runner.history, 2)}
            first, *losses = self._losses(both, runner, wide, left, ink, len(out))
            return [*out, axes or first, *losses]
        if left < 2:
            return out
        return [*out, axes or fit([], wide), fit(self._trend(runner, wide, ink, len(out) + 1), wide)]

    def _both_maps(self, runner: Runner, scene: Scene, wide: int, ink: Inks) -> Lines:
        """Before and now: two maps, and both losses in one axis."""
        if runner.other is None:
            return [[Segment("forking …", ink.dim)]]
        half, tall = self._half_room()
        maps = []
        for name, one in (("before", runner.other), ("now", scene)):
            does_it = feet.score_as_text(one, one.scores[1]).removesuffix(
                "" if half >= WIDE_HALF else " right"
            )
            head = ends([Segment(name, ink.bold)], [Segment(does_it, ink.text)], half)
            maps.append(([head, *self._map(one, half, tall, ink)[1 if one.big else 0 :]], half))
        out = beside(maps, GAP)
        left = self.room[1] - len(out)
        histories = {"before": runner.other_history, "now": runner.history}
        if left < LEAST_CURVE:
            return out
        return [
            *out,
            *self._losses(
                {name: (one, 1) for name, one in histories.items()}, runner, wide, left, ink, len(out)
            ),
        ]

    def _map(self, scene: Scene, wide: int, tall: int, ink: Inks) -> Lines:
        if scene.big is None:
            rows = Series("rows held back" if scene.hard else "training rows", scene.rows, "dots")
            told = () if self.probe is None or scene.hard else (scene.rows[self.probe % len(scene.rows)],)
            marks = tuple((x, y, "") for x, y in told)
            block = Curve((Series("ŷ", scene.line), rows), "x", "", "", marks=marks)
            drawn = curve.draw(block, wide, ink, max(3, tall - 3))
            self.plot = curve.canvas(drawn, wide).translate(self._right_side)
            return [fit(line, wide) for line in drawn]
        if len(scene.big.pixels) != 2 * tall or len(scene.big.pixels[0]) != wide:
            return [fit([], wide)] * (tall + 1)
        over = f"  {scene.spans[0]} → {scene.spans[1]} ↑" if scene.spans else ""
        over += "  rows held back" if scene.hard else ""
        name = [Segment(self._title(scene), ink.bold), Segment(over, ink.dim)]
        head = ends(name, self._sides(scene, ink, wide - width_of(name) - 6), wide)
        probe = None if self.probe is None or scene.hard else self.probe % scene.trained_on
        drawn = net.draw_map(scene.big, scene.dots, wide, tall, ink, len(scene.classes), probe)
        return [head, *drawn, *([self._signs(scene, wide, ink)] if len(scene.classes) > 2 else [])]

    def _title(self, scene: Scene) -> str:
        """What the map shows, and of more than two classes which one that is."""
        name = scene.big.name if scene.big else ""
        held = _class_of(scene)
        return name if held is None else f"{name} {scene.classes[held]}"

    def _sides(self, scene: Scene, ink: Inks, room: int) -> Line:
        """What the map's two colours mean, and the signs of rows where those are of the same sides; names are
        cut to the room there is. Of more than two classes the title says it where there is none."""
        up, down, signs = "up", "down", ("", "")
        if scene.big and scene.big.name.startswith("ŷ"):
            if len(scene.classes) > 2:
                if room < len("noyes"):
                    return []
                up, down = "yes", "no"
            else:
                signs = "•", "∘"
                down, up = net.names_in(scene.classes or ("down", "up"), room - 2)
        return [Segment(f"▓{signs[0]} {up} ", ink.plus), Segment(f"░{signs[1]} {down}", ink.minus)]

    def _signs(self, scene: Scene, wide: int, ink: Inks) -> Line:
        """Which sign is of which class, the one that the map is of lit."""
        out: Line = []
        for i, name in enumerate(net.names_in(scene.classes, wide - 3 * len(scene.classes))):
            out.append(Segment(f"{sign(i)} {name} ", ink.plus if i == _class_of(scene) else ink.dim))
        return fit(out, wide)

    def _losses(
        self,
        shown: Mapping[str, tuple[list[Loss], int]],
        runner: Runner,
        wide: int,
        tall: int,
        ink: Inks,
        above: int,
    ) -> Lines:
        """Losses over steps; of each name a history and the place of its loss in it. `above` are the lines
        over them."""
        found = {
            name: tuple((float(one[0]), max(one[i], 1e-9)) for one in history if math.isfinite(one[i]))
            for name, (history, i) in shown.items()
        }
        if min(map(len, found.values())) < 2:
            says = "its first step leads beyond all numbers" if runner.lost_at else "loss: space trains"
            return [fit([], wide), fit([Segment(says, ink.dim)], wide)]
        series = tuple(Series(name, points) for name, points in found.items())
        now = self._now(runner, next(iter(found.values())))
        block = Curve(series, "", "", "", log_y=True, marks=now)
        last = tuple(points[-1] for points in found.values())
        key = wide, tall, ink, runner.running, tuple(found), now, None if runner.running else last
        if self._curve is None or self._curve[0] != key or ticks() - self._curve[1] > CURVES:
            drawn = curve.draw(block, wide, ink, max(3, tall - 1 - curve.more(block, wide)))
            box = curve.canvas(drawn, wide).translate(self._right_side + Offset(0, above + 1))
            ends_ = [x for points in found.values() for x, _ in (points[0], points[-1])]
            lines = [fit(line, wide) for line in ([], *drawn)]
            self._curve = key, ticks(), lines, TimeAxis(box, min(ends_), max(ends_))
        self.axis = self._curve[3]
        return self._curve[2]

    def _now(
        self, runner: Runner, points: Sequence[tuple[float, float]]
    ) -> tuple[tuple[float, float, str], ...]:
        """Where the moment that is seen lies, while it is not the newest."""
        scene = runner.scene
        if scene is None or runner.running or not (self.timed or scene.step < points[-1][0]):
            return ()
        return tuple((x, y, "") for x, y in points if x == scene.step)

    @property
    def _right_side(self) -> Offset:
        """Where the map's side begins."""
        return Offset(1 + (self._net_room()[0] + GAP if self.both else 0), 0)

    def _trend(self, runner: Runner, wide: int, ink: Inks, above: int) -> Line:
        """The loss so far in one line, a decade a step; `above` are the lines over it."""
        losses = [one for one in runner.history if math.isfinite(one[1])]
        if len(losses) < 2:
            return [Segment("space trains", ink.dim)]
        room = wide - 6
        chosen = [losses[i * (len(losses) - 1) // max(1, room - 1)] for i in range(room)]
        tens = [math.log10(max(one[1], 1e-9)) for one in chosen]
        low, high = min(tens), max(tens)
        bars = "".join(BARS[round((ten - low) / ((high - low) or 1) * (len(BARS) - 1))] for ten in tens)
        box = Region(6, above, room, 1).translate(self._right_side)
        self.axis = TimeAxis(box, float(chosen[0][0]), float(chosen[-1][0]))
        step = runner.scene.step if runner.scene else 0
        if runner.running or not (self.timed or step < chosen[-1][0]):
            return [Segment("loss  ", ink.dim), Segment(bars, ink.plus)]
        at = min(range(room), key=lambda i: abs(chosen[i][0] - step))
        return [
            Segment("loss  ", ink.dim), Segment(bars[:at], ink.plus), Segment(bars[at], ink.cursor),
            Segment(bars[at + 1 :], ink.plus),
        ]  # fmt: skip

    def _wall(self, wall: Wall, width: int, ink: Inks) -> Lines:
        tall = self._wall_tall()
        if len(wall.tiles[0].pixels) != 2 * tall:
            return []
        scores = [feet.in_a_tile(score, tall, shares=wall.classes > 0) for score in wall.scores]
        passed = [score >= wall.reach for score in wall.scores]
        goal = f"{wall.reach * 100:g} %" if wall.classes else f"R² {wall.reach:g}"
        head = f"{wall.passed} of {len(wall.tiles)} reach {goal}   step {wall.step:,}"
        return [[Segment(head, ink.bold)], *net.draw_wall(wall.tiles, scores, passed, width, tall, ink)]


def _class_of(scene: Scene) -> int | None:
    """Of more than two classes the one that the large map is of; None where it is of something else."""
    name = scene.big.name if scene.big else ""
    return int(name[2:-1]) - 1 if name.startswith("ŷ[") else None
