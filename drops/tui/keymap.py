"""Keys of one's own: `keys.toml` in the home folder, a table for each screen.

    [today]
    why-these = "x"
    path = "p,m"

What can be named is what Help says, with hyphens. The file is written, every line a comment,
by "Keys" in the command palette.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from textual.binding import Binding, BindingType
from textual.dom import DOMNode

from drops.errors import DropsError, Unknown
from drops.store.file.files import write_at_home
from drops.store.file.plain import read_plain
from drops.text import safe_text
from drops.tui.base.bindings import mapped
from drops.tui.base.host import Host
from drops.tui.screens.base import DropsScreen
from drops.tui.table import SCREENS

FILE = "keys.toml"
LONGEST = 200_000  # bytes that are looked at
TOP = """\
# Keys of your own. Take the # from a line and write another key, or several with commas between:
#     why-these = "x"        why-these = "w,ctrl+w,f2"
# Names of keys: a … z, A … Z, 0 … 9, space, enter, tab, up, f1, ctrl+a, question_mark.
# They hold from the next start.
"""


# The app's own: they hold on every screen.
ANYWHERE: list[BindingType] = [
    Binding("ctrl+q", "quit", "quit", show=False, priority=True, id="anywhere.quit"),
    Binding("ctrl+z", "suspend_process", "stop; fg in the shell goes on", show=False, id="anywhere.suspend"),
    Binding("h", "look_back('hard')", "hard drops", id="anywhere.hard"),
    Binding("g", "look_back('progress')", "progress", id="anywhere.progress"),
    Binding("l", "lab", "lab", id="anywhere.lab"),
    Binding("a", "look_back('history')", "answers", show=False, id="anywhere.history"),
    Binding("s", "look_back('settings')", "settings", show=False, id="anywhere.settings"),
]


def places() -> Iterator[list[Binding]]:
    """The bindings that have an id, place by place. Loads every screen, so not before the first paint."""
    from drops.tui.asks.feedback import Feedback
    from drops.tui.asks.widgets import WIDGETS

    screens = (row.load() for row in SCREENS.values())
    owners: tuple[type[DOMNode], ...] = (DropsScreen, *screens, *WIDGETS, Feedback)
    for bindings in (ANYWHERE, *(one.BINDINGS for one in owners)):
        yield [b for b in bindings if isinstance(b, Binding) and b.id]


def all_bindings() -> Iterator[Binding]:
    for bindings in places():
        yield from bindings


def read(home: Path) -> dict[str, str]:
    """The learner's keymap: binding id → keys; nothing without a file. Raises DropsError."""
    try:
        text = read_plain(home / FILE, LONGEST)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as problem:
        raise DropsError(f"{FILE} cannot be read ({problem.strerror}); the usual keys hold") from None
    import tomllib  # late: most learners have no such file

    try:
        tables = tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise DropsError(f"{FILE}: {safe_text(str(problem))}; the usual keys hold") from None
    return dict(_flat(tables))


def _flat(tables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for place, table in tables.items():
        for what, keys in table.items() if isinstance(table, dict) else ((None, table),):
            name = place if what is None else f"{place}.{what}"
            if not isinstance(keys, str) or not keys.strip():
                raise DropsError(
                    f'{FILE}: {safe_text(name)} wants keys in quotes, as "x"; the usual keys hold'
                )
            yield name, ",".join(key.strip() for key in keys.split(","))


def check(keymap: Mapping[str, str]) -> list[str]:
    """Keys that something lost because something else was given them, each as "q: quit (today)".

    Raises Unknown, with the nearest that there is, for what no screen can do.
    """
    if not keymap:
        return []
    known = {binding.id for binding in all_bindings() if binding.id}
    for name in keymap:
        if name not in known:
            raise Unknown(f"line in {FILE}", safe_text(name), known)
    return [lost for bindings in places() for lost in _lost(bindings, keymap)]


def _lost(bindings: list[Binding], keymap: Mapping[str, str]) -> Iterator[str]:
    # Textual's own count of clashes leaves out every binding that has an id
    left = {(binding.id, binding.key) for binding in mapped(bindings, keymap)}
    for binding in Binding.make_bindings(bindings):
        if binding.id not in keymap and (binding.id, binding.key) not in left:
            yield f"{binding.key}: {binding.description} ({(binding.id or '').partition('.')[0]})"


def template() -> str:
    """The file with everything that can be named, each line a comment."""
    places: dict[str, dict[str, list[str]]] = {}
    for binding in all_bindings():
        place, _, what = (binding.id or "").rpartition(".")
        places.setdefault(place, {}).setdefault(what, []).append(binding.key)
    out = [TOP]
    for place, lines in places.items():
        out.append(f"\n[{place}]")
        out += [f'# {what} = "{",".join(keys)}"' for what, keys in lines.items()]
    return "\n".join(out) + "\n"


async def own_keys(app: Host) -> None:
    """Takes the learner's keymap; what is wrong with it is one line."""
    try:
        app.keymap = read(app.home)
        app.set_keymap(app.keymap)
        if lost := check(app.keymap):
            app.notify(f"{FILE} takes from others  {', '.join(lost)}", severity="warning", markup=False)
    except DropsError as problem:
        app.notify(str(problem), severity="warning", markup=False)
    if app.keymap:
        app.refresh_keys()


async def write_keys(app: Host) -> None:
    """The file to edit, made if it is not there."""
    path = app.home / FILE
    try:
        if not path.exists():
            write_at_home(path, template().encode())
    except DropsError as problem:
        app.notify(str(problem), severity="error", markup=False)
        return
    app.notify(f"Edit {path}; it holds from the next start.", markup=False)
