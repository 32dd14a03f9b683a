"""Keys that have names: what can be called something else in a learner's `keys.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from textual.binding import Binding, BindingsMap, BindingType
from textual.dom import DOMNode


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


def mapped(bindings: Iterable[BindingType], keymap: Mapping[str, str]) -> list[Binding]:
    """Bindings as the learner wants them."""
    made = BindingsMap(bindings)
    if keymap:
        made.apply_keymap(dict(keymap))
    return [binding for each in made.key_to_bindings.values() for binding in each]


@lru_cache(maxsize=64)
def bindings_of(kind: type[DOMNode], keymap: tuple[tuple[str, str], ...]) -> tuple[Binding, ...]:
    """Those of a kind of widget: every key asks for them, and the footer once more."""
    return tuple(mapped(kind.BINDINGS, dict(keymap)))
