"""The learner's paths: their order, which one is chosen, which rest. Each choice is an event.

    chosen   bare numbers mean its drops, Path opens on it, new drops come from it
    open     its items come back; it gives new drops when those before it have none left
    paused   its items come back; no new drops
    hidden   not listed, and its items rest; nothing is forgotten

A path that nobody has spoken of is open, and the first open one is chosen. So no choice can lead into a
corner: where every path is hidden, as after one was removed, the first is taken for open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from drops.course.model import Drop, LearningPath, Library
from drops.errors import DropsError
from drops.events import Fact, Kind

PathState = Literal["chosen", "open", "paused", "hidden"]
Verb = Literal["choose", "pause", "hide", "show", "order"]
STATE_OF: Mapping[Verb, PathState] = {"pause": "paused", "hide": "hidden", "show": "open"}

# Names of settings; a path's own state stands under its id, so that two devices may each settle another.
CHOSEN, ORDER, STATE = "path", "path_order", "path_state:"

_PLACE = re.compile(r"[0-9]{1,9}")


class Paths(NamedTuple):
    """All paths in the learner's order. `current` is None only where there is no path at all."""

    ordered: tuple[LearningPath, ...] = ()
    states: Mapping[str, PathState] = {}  # path id → how it stands
    current: LearningPath | None = None  # the chosen one, or the one that was before all were paused

    @property
    def listed(self) -> tuple[LearningPath, ...]:
        """Those that are not hidden."""
        return tuple(path for path in self.ordered if self.states[path.id] != "hidden")

    @property
    def drops(self) -> tuple[Drop, ...]:
        """The drops of all that are not hidden, path by path."""
        return tuple(drop for path in self.listed for drop in path.drops)

    @property
    def giving(self) -> tuple[Drop, ...]:
        """The drops that may begin, in their order: those of the chosen path, then of the open ones."""
        open_ones = [path for path in self.ordered if self.states[path.id] in ("chosen", "open")]
        first = sorted(open_ones, key=lambda path: self.states[path.id] != "chosen")
        return tuple(drop for path in first for drop in path.drops)

    def of(self, drop_id: str) -> LearningPath:
        """The path that a drop belongs to."""
        return next(path for path in self.ordered if any(drop.id == drop_id for drop in path.drops))

    def elsewhere(self, drop: Drop) -> str:
        """The title of a drop's path where that is not the current one; its number alone would mislead."""
        if not drop.number:
            return ""  # of no path
        path = self.of(drop.id)
        return "" if self.current is None or path.id == self.current.id else path.title

    def number(self, drop: Drop) -> str:
        """What a drop is called in short: "drop 3", or "drop 3 of Sums"."""
        return " of ".join(filter(None, (drop.called, self.elsewhere(drop))))


def arranged(library: Library, settings: Mapping[str, Any]) -> Paths:
    """The library as the learner has arranged it. A choice of a path that is not installed waits."""
    wanted = settings.get(ORDER)
    order = [name for name in wanted if isinstance(name, str)] if isinstance(wanted, list) else []
    rank = {name: at for at, name in enumerate(order)}
    ordered = tuple(sorted(library.paths, key=lambda path: rank.get(path.id, len(rank))))
    states = {path.id: _state(settings.get(STATE + path.id)) for path in ordered}
    visible = [path for path in ordered if states[path.id] != "hidden"]
    if ordered and not visible:
        visible = [ordered[0]]
        states[ordered[0].id] = "open"
    chosen = [path for path in visible if path.id == settings.get(CHOSEN)]
    takes = next((path for path in (*chosen, *visible) if states[path.id] == "open"), None)
    if takes is not None:
        states[takes.id] = "chosen"
    return Paths(ordered, states, takes or next(iter((*chosen, *visible)), None))


def _state(value: Any) -> PathState:
    return value if value in ("paused", "hidden") else "open"


def path_named(library: Library, paths: Paths, name: str) -> LearningPath:
    """A path by id, by title, or by its place in the learner's order, from 1. Raises DropsError."""
    if not _PLACE.fullmatch(name) or any(name in (path.id, path.title) for path in library.paths):
        return library.path(name)
    last = len(paths.ordered)
    if not 1 <= int(name) <= last:
        raise DropsError(f"no path {name}: they go from 1 to {last}; `drops paths` lists them")
    return paths.ordered[int(name) - 1]


def settled(library: Library, paths: Paths, verb: Verb, names: Sequence[str]) -> tuple[Fact, ...]:
    """The facts that record a choice. Raises Unknown, DropsError."""
    ids = list(dict.fromkeys(path_named(library, paths, name).id for name in names))
    if not ids:
        raise DropsError(f"name a path to {verb}; `drops paths` lists them")
    if verb == "order":
        return (_set(ORDER, list(dict.fromkeys([*ids, *(path.id for path in paths.ordered)]))),)
    if verb == "choose":
        if len(ids) > 1:
            raise DropsError(f"one path can be chosen, and here are {len(ids)}; name one")
        return _set(STATE + ids[0], "open"), _set(CHOSEN, ids[0])
    if verb == "hide" and not {path.id for path in paths.listed} - set(ids):
        raise DropsError("one path has to stay; `drops paths pause` takes no new drops from it")
    return tuple(_set(STATE + name, STATE_OF[verb]) for name in ids)


def _set(name: str, value: Any) -> Fact:
    return Fact(Kind.SETTING, payload={"name": name, "value": value})
