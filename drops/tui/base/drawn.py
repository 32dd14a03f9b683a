"""The one widget that everything on a screen is: lines, drawn by a function, painted where they changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, ClassVar, Self

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from drops.colours import DARK, LIGHT, PALETTES
from drops.tui.base.bindings import named
from drops.tui.base.ink import Inks, Lines, cells, inks

FEW = ("standard", "windows")  # colour systems that cannot tell 21 levels apart


def ink_of(app: App[Any]) -> Inks:
    """The inks of the app's theme, for the colours that its terminal has."""
    palette = PALETTES.get(app.theme) or (DARK if app.current_theme.dark else LIGHT)
    return inks(palette, app.no_color or app.console.color_system in FEW)


NEAR = 4  # cells between two changes of a line that cost less to paint than to go over


def changes(old: Strip, new: Strip, width: int) -> list[tuple[int, int]]:
    """Where two lines differ: the first cell and the one behind the last of each stretch."""
    found: list[tuple[int, int]] = []
    before, after = list(old), list(new)
    i = j = x = 0
    a, b = before[0] if before else None, after[0] if after else None
    while a is not None and b is not None:
        text, other = a.text, b.text
        if text == other:
            step, same = cells(text), a.style is b.style or a.style == b.style
            i, j = i + 1, j + 1
            a, b = (before[i] if i < len(before) else None), (after[j] if j < len(after) else None)
        elif len(text) == cells(text) and len(other) == cells(other):
            step = min(len(text), len(other))
            same = text[:step] == other[:step] and (a.style is b.style or a.style == b.style)
            if step < len(text):
                a = Segment(text[step:], a.style)
            else:
                i += 1
                a = before[i] if i < len(before) else None
            if step < len(other):
                b = Segment(other[step:], b.style)
            else:
                j += 1
                b = after[j] if j < len(after) else None
        else:  # wide characters are not cut
            break
        if not same:
            _also(found, x, min(x + step, width))
        x += step
    if (a is not None or b is not None) and x < width:
        _also(found, x, width)
    return found


def _also(found: list[tuple[int, int]], start: int, end: int) -> None:
    """One stretch more, together with the one before where they are near."""
    if start < end and found and start - found[-1][1] <= NEAR:
        found[-1] = found[-1][0], end
    elif start < end:
        found.append((start, end))


def _on(base: Style, segment: Segment) -> Segment:
    """On the widget's own colours. Those of a map's cells hide both: a map is most of what a run paints."""
    text, style, _ = segment
    if style is None:
        return Segment(text, base)
    hides = style.color is not None and style.bgcolor is not None
    return segment if hides else Segment(text, base + style)


class Drawn(Widget):
    """A widget that is lines. Its height is theirs; `redraw` paints only the stretches that differ."""

    DEFAULT_CSS: ClassVar[str] = "Drawn { height: auto; width: 1fr; }"

    class Clicked(Message):
        """A click on something that does something: `what` is what its style says."""

        def __init__(self, widget: Drawn, what: dict[str, Any]) -> None:
            super().__init__()
            self.widget, self.what = widget, what

        @property
        def control(self) -> Drawn:
            return self.widget

    def __init_subclass__(cls, **more: Any) -> None:
        cls.BINDINGS = named(cls.__name__, cls.__dict__.get("BINDINGS", ()))
        super().__init_subclass__(**more)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._strips: Sequence[Strip] = ()
        self._drawn_for: tuple[int, Inks] | None = None
        self._base: Style | None = None  # its colours, asked once
        self._rendered: tuple[Region, Size, list[Strip]] | None = None  # until it changes
        self._drag: Callable[[int, int], dict[str, Any]] | None = None  # a place → what it means now
        self._meant: dict[str, Any] = {}
        self._dealt_with = False  # what was pressed

    def draw(self, width: int, ink: Inks) -> Lines:
        """The widget's lines, at most `width` cells wide."""
        raise NotImplementedError

    # ── what Textual asks ──

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport
        self._drawn(width)
        return len(self._strips)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        self._drawn(width)
        if self._base is None:
            self._base = self.rich_style
        strip = self._strips[y] if y < len(self._strips) else Strip.blank(width)
        line = strip.adjust_cell_length(width, Style())
        return Strip([_on(self._base, segment) for segment in line], width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """As Textual's, which asks all that is on the screen for its lines where only some of it changed."""
        if self._rendered is None or self._rendered[:2] != (crop, self.size):
            self._rendered = crop, self.size, super().render_lines(crop)
        return self._rendered[2]

    def refresh(self, *regions: Region, **what: bool) -> Self:
        self._rendered = None
        return super().refresh(*regions, **what)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Those of the app, but the one for a terminal's own colours: no ink is one, and it costs as much as
        a line."""
        return [one for one in super().get_line_filters() if not isinstance(one, ANSIToTruecolor)]

    # A slider is many cells of one line that each mean a place, a map many cells that mean one thing,
    # each by where it is: pressed on one of them, slider or map follow the mouse until it is let go.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        what = event.style.meta.get("does", {})
        self._drag, self._meant, self._dealt_with = None, what, False
        if "to" in what:
            self._drag = partial(self._on_slider, event.y, what)
        elif "map" in what:
            which = next(i for i, box in enumerate(self._maps(what)) if box.contains(event.x, event.y))
            self._drag = partial(self._on_map, which, what)
            self._means({**self._drag(event.x, event.y), "pressed": True})
        if self._drag is not None:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._drag is not None:
            self._means(self._drag(event.x, event.y))

    def on_mouse_up(self) -> None:
        if self._drag is not None:
            self._drag = None
            self.release_mouse()

    def _means(self, what: dict[str, Any]) -> None:
        if what and what != self._meant:
            self._meant, self._dealt_with = what, True
            self.post_message(self.Clicked(self, dict(what)))

    def _on_slider(self, y: int, pressed: dict[str, Any], x: int, _: int) -> dict[str, Any]:
        """The place of the slider that is nearest, also where the mouse strays above or below it."""
        places = [(at, what) for at, _, what in self._cells(y) if {**what, "to": 0} == {**pressed, "to": 0}]
        return min(places, key=lambda place: abs(place[0] - x), default=(0, {}))[1]

    def _on_map(self, which: int, pressed: dict[str, Any], x: int, y: int) -> dict[str, Any]:
        """The place on the map in pixels, a cell being two high, and how many cells the map is large."""
        maps = self._maps(pressed)
        if which >= len(maps):  # it has gone meanwhile
            return {}
        box = maps[which]
        return {**pressed, "at": (float(x - box.x), 2.0 * (y - box.y) + 0.5), "size": tuple(box.size)}

    def _maps(self, wanted: dict[str, Any]) -> list[Region]:
        """Where the maps stand whose cells mean the same thing, from the top."""
        found: list[Region] = []
        for y in range(len(self._strips)):
            row: list[Region] = []
            for x, width, what in self._cells(y):
                if what == wanted and row and row[-1].right == x:
                    row[-1] = Region(row[-1].x, y, row[-1].width + width, 1)
                elif what == wanted:
                    row.append(Region(x, y, width, 1))
            for part in row:
                above = next((i for i, box in enumerate(found) if (box.x, box.bottom) == (part.x, y)), None)
                if above is None:
                    found.append(part)
                else:
                    found[above] = found[above].union(part)
        return found

    def _cells(self, y: int) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """The parts of a line on which a click means something: where, how wide, and what."""
        x = 0
        for text, style, _ in self._strips[y] if y < len(self._strips) else ():
            width = cell_len(text)
            if style is not None and (what := style.meta.get("does")):
                yield x, width, what
            x += width

    def on_click(self, event: events.Click) -> None:
        done, self._dealt_with = self._dealt_with, False
        what = event.style.meta.get("does")
        if what and not done:  # where a drag ends nothing is clicked
            event.stop()
            self.post_message(self.Clicked(self, dict(what)))

    # ── what we ask ──

    def height_at(self, width: int) -> int:
        """How many lines it takes at this width; 0 where there is none yet."""
        if self._drawn_for is not None and self._drawn_for[0] == width:
            return len(self._strips)
        return len(self.draw(width, ink_of(self.app))) if width else 0

    def redraw(self) -> None:
        """Draws again, and paints the lines that changed."""
        old, self._drawn_for, self._base = self._strips, None, None
        if not self.is_mounted or not self.size.width:
            self.refresh(layout=True)
            return
        self._drawn(self.size.width)
        if len(self._strips) != len(old):
            self.refresh(layout=True)
            return
        changed = [
            Region(start, y, end - start, 1)
            for y, (a, b) in enumerate(zip(old, self._strips, strict=True))
            if a != b
            for start, end in changes(a, b, self.size.width)
        ]
        if changed:
            self.refresh(*changed)

    def notify_style_update(self) -> None:
        """The theme changed: the same lines in other inks."""
        self._drawn_for = self._base = self._rendered = None
        super().notify_style_update()

    def _drawn(self, width: int) -> None:
        ink = ink_of(self.app)
        if self._drawn_for != (width, ink):
            self._strips = [Strip(line) for line in self.draw(width, ink)]
            self._drawn_for = (width, ink)

    @property
    def cursor_line(self) -> int | None:
        """The line that wants to be seen: of a complaint, else of the cursor, if there is one."""
        cursor = ink_of(self.app).cursor
        for y, strip in enumerate(self._strips):
            if strip.text.startswith("! "):
                return y
        for y, strip in enumerate(self._strips):
            if any(text.startswith("▸") or style == cursor for text, style, _ in strip):
                return y
        return None

    @property
    def blank_line(self) -> int | None:
        """The line of the field that is being filled, whatever else is in hand."""
        cursor = ink_of(self.app).cursor
        found = (y for y, strip in enumerate(self._strips) if any(style == cursor for _, style, _ in strip))
        return next(found, None)

    @property
    def in_view(self) -> tuple[int, int] | None:
        """The first and the last line that want to be seen together."""
        line = self.cursor_line
        return None if line is None else (line, line)

    @property
    def lines(self) -> list[str]:
        """What is drawn, as text: for tests, and for the export of a page."""
        return [strip.text.rstrip() for strip in self._strips]
