"""A table of a family whose members load when they are asked for.

    Late("drops.networks", {"neuron.region": {"region": "Region"}})["region"]   →   the class Region
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import chain
from typing import TypeVar, cast

Member = TypeVar("Member")


class Late(Mapping[str, Member]):
    """Names → members. A page needs three of two hundred, and all of them are 80 ms and 4 MB.

    A name that its module does not have is an AttributeError at the first look: a test asks for each.
    """

    def __init__(self, package: str, brought: Mapping[str, Mapping[str, str]]) -> None:
        """`brought`: for each module of the package the names it brings → what they are called in it.
        Raises ValueError for a name that is brought twice.
        """
        counted = Counter(chain.from_iterable(brought.values()))
        if twice := [name for name, count in counted.items() if count > 1]:
            raise ValueError(f"brought twice: {', '.join(twice)}")
        self._where = {
            name: (f"{package}.{module}", own)
            for module, names in brought.items()
            for name, own in names.items()
        }
        self._loaded: dict[str, Member] = {}

    def __getitem__(self, name: str) -> Member:
        if name not in self._loaded:
            module, own = self._where[name]
            self._loaded[name] = cast("Member", getattr(import_module(module), own))
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:  # without loading it
        return name in self._where

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)
