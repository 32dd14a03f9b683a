"""The Lab's picture under the mouse: units, wires and weights, the map's rows, and time along the curve."""

from __future__ import annotations

from typing import Any

from textual import events

from drops.networks.lab.drawing import SIDE
from drops.networks.lab.scene import Place, Scene
from drops.tui.blocks import net
from drops.tui.screens.lab.picture import LabPicture


class PointedPicture(LabPicture):
    """Says what a press, a drag or the wheel means where the mouse is."""

    _held: str = ""  # what is dragged: "row" on the map, "time" on the curve

    def on_mouse_down(self, event: events.MouseDown) -> None:
        found = self._dragged(event.x, event.y)
        if found is None:
            super().on_mouse_down(event)
            return
        (self._held,) = found
        self.capture_mouse()
        self._means(found)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._held:
            self._means((self._row_at if self._held == "row" else self._time_at)(event.x, event.y))
        else:
            super().on_mouse_move(event)

    def on_mouse_up(self) -> None:
        if self._held:
            self._held, self._meant = "", {}
            self.release_mouse()
        super().on_mouse_up()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        """Over a weight of a sum it turns that; over the curve it goes through time."""
        what: dict[str, Any] = event.style.meta.get("does", {})
        if "term" in what:
            self.post_message(self.Clicked(self, {"term": what["term"], "turn": by}))
        elif self.axis is not None and self.axis.box.contains(event.x, event.y):
            self.post_message(self.Clicked(self, {"scrub": by}))
        else:
            return
        event.stop()

    def on_click(self, event: events.Click) -> None:
        """A tile means its unit, a wire its weight; all else means what it says."""
        scene = self.runner.scene if self.runner else None
        if self.drawing is not None and (put := self._put_at(event.x, event.y)):
            event.stop()
            self.post_message(self.Clicked(self, {"put": put}))
            return
        if scene is not None and not self.walled and (self.both or self.side == "net"):
            width, height = self._net_room()
            grid, at = self._grid(), (self.top, event.x - 1, event.y)
            found = net.unit_at(scene, grid, *at)
            wire = None if found else net.wire_at(scene, grid, width, height, *at)
            if found is not None or wire is not None:
                event.stop()
                self.post_message(self.Clicked(self, {"unit": found} if found else {"wire": wire}))
                return
        super().on_click(event)

    # ── places ─────────────────────────────────────────────────────────────────────────────
    def _dragged(self, x: int, y: int) -> dict[str, Any] | None:
        """What is pressed that follows the mouse."""
        if self.drawing is not None or self.offers or not (self.both or self.side == "map"):
            return None
        if self.axis is not None and self.axis.box.contains(x, y):
            return self._time_at(x, y)
        runner, (wide, tall) = self.runner, self._map_room()
        left = self._right_side.x
        on_map = left <= x < left + wide and 1 <= y <= tall
        if runner is None or runner.why or runner.scene is None or self.compared or not on_map:
            return None
        return None if runner.scene.hard else self._row_at(x, y) or None

    def _time_at(self, x: int, _: int) -> dict[str, Any]:
        """The step that lies there on the curve."""
        if self.axis is None:
            return {}
        box, first, last = self.axis
        share = (x - box.x) / max(1, box.width - 1)
        return {"time": round(first + min(1.0, max(0.0, share)) * (last - first))}

    def _row_at(self, x: int, y: int) -> dict[str, Any]:
        """The training row that lies nearest."""
        scene, (wide, tall) = self.runner.scene if self.runner else None, self._map_room()
        if scene is not None and scene.rows and self.plot is not None:
            return {"row": self._row_along(scene, x)}
        if scene is None or not scene.dots:
            return {}
        across, down = (x - self._right_side.x + 0.5) / wide, (y - 0.5) / tall
        far = [(dot.x - across) ** 2 + (dot.y - down) ** 2 for dot in scene.dots]
        return {"row": far.index(min(far))}

    def _row_along(self, scene: Scene, x: int) -> int:
        """Of one column: the training row that lies nearest to a place along it."""
        assert self.plot is not None
        along = [at for at, _ in (*scene.line, *scene.rows)]
        low, high = min(along), max(along)
        wanted = low + (x - self.plot.x + 0.5) / self.plot.width * (high - low)
        far = [abs(at - wanted) for at, _ in scene.rows]
        return far.index(min(far))

    def _put_at(self, x: int, y: int) -> Place | None:
        """The place of the map that is drawn on, at a cell."""
        wide, tall = self._map_room()
        across, down = x - self._right_side.x, y - 1
        if not (0 <= across < wide and 0 <= down < tall):
            return None
        return across * SIDE // wide, SIDE - 1 - (2 * down + 1) * SIDE // (2 * tall)
