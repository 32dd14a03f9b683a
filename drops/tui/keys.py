"""Keys of one's own: `keys.toml` in the home folder, a table for each screen.

    [today]
    why-these = "x"
    path = "p,m"

What can be named is what Help says, with hyphens. The file is written, every line a comment,
by "Keys" in the command palette.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.binding import Binding, BindingsMap, BindingType

from drops.errors import DropsError, Unknown
from drops.text import safe_text

if TYPE_CHECKING:
    from drops.tui.app import DropsApp

FILE = "keys.toml"
LONGEST = 200_000  # bytes that are looked at
TOP = """\
# Keys of your own. Take the # from a line and write another key, or several with commas between:
#     why-these = "x"        why-these = "w,ctrl+w,f2"
# Names of keys: a … z, A … Z, 0 … 9, space, enter, tab, up, f1, ctrl+a, question_mark.
# They hold from the next start.
"""


def slug(description: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", description.lower()).strip("-")


def named(kind: str, bindings: Iterable[BindingType]) -> list[BindingType]:
    """Bindings with an id each, made of the screen's or the part's name and what they do."""
    place = re.sub(r"Screen$|^Ask", "", kind).lower()
    return [
        replace(one, id=one.id or f"{place}.{slug(one.description)}")
        if isinstance(one, Binding) and one.description
        else one
        for one in bindings
    ]


def places() -> Iterator[list[Binding]]:
    """The bindings that have an id, place by place. Loads every screen, so not before the first paint."""
    from drops.tui import (
        app,
        ask_choice,
        ask_design,
        ask_gauges,
        ask_knobs,
        ask_numbers,
        ask_order,
        ask_run,
        drop,
        feedback,
        hard,
        history,
        past,
        path,
        progress,
        screen,
        settings,
        terms,
        today,
        why,
    )

    own: tuple[Any, ...] = (
        app.DropsApp,
        screen.DropsScreen,
        today.TodayScreen,
        why.WhyScreen,
        path.PathScreen,
        drop.DropScreen,
        ask_choice.AskChoice,
        ask_gauges.AskGauges,
        ask_numbers.AskNumbers,
        ask_order.AskOrder,
        ask_knobs.AskKnobs,
        ask_design.AskDesign,
        ask_run.AskRun,
        feedback.Feedback,
        hard.HardScreen,
        progress.ProgressScreen,
        history.HistoryScreen,
        past.PastScreen,
        settings.SettingsScreen,
        terms.TermsScreen,
    )
    for one in own:
        yield [b for b in one.BINDINGS if isinstance(b, Binding) and b.id]


def all_bindings() -> Iterator[Binding]:
    for bindings in places():
        yield from bindings


def read(home: Path) -> dict[str, str]:
    """The learner's keymap: binding id → keys; nothing without a file. Raises DropsError."""
    try:
        with (home / FILE).open("rb") as file:
            text = file.read(LONGEST)
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


def mapped(bindings: Iterable[BindingType], keymap: Mapping[str, str]) -> list[Binding]:
    """Bindings as the learner wants them."""
    made = BindingsMap(bindings)
    if keymap:
        made.apply_keymap(dict(keymap))
    return [binding for each in made.key_to_bindings.values() for binding in each]


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


async def own_keys(app: DropsApp) -> None:
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


async def write_keys(app: DropsApp) -> None:
    """The file to edit, made if it is not there."""
    path = app.home / FILE
    try:
        if not path.exists():
            app.home.mkdir(parents=True, exist_ok=True)
            path.write_text(template(), encoding="utf-8")
    except OSError as problem:
        why = problem.strerror or problem
        app.notify(f"{FILE} could not be written: {why}", severity="error", markup=False)
        return
    app.notify(f"Edit {path}; it holds from the next start.", markup=False)
