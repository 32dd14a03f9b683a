"""Reading on after a mistake, so that an author sees all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from drops.course.source import Heading, Part, Source
from drops.errors import ContentError

P = ParamSpec("P")
T = TypeVar("T")
Group = tuple[Heading, list[Part]]  # a `##` heading and what stands below it


class Faults(list[ContentError]):
    """The mistakes found so far; `attempt` notes one and reads on."""

    def attempt(self, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return make(*args, **kwargs)
        except ContentError as mistake:
            self.append(mistake)
            return None


def groups(source: Source, faults: Faults) -> list[Group]:
    """The body's `##` headings, each with what stands below it. Raises ContentError."""
    found: list[Group] = []
    for part in source.parts():
        if isinstance(part, Heading) and part.level == 2:
            found.append((part, []))
        elif found:
            found[-1][1].append(part)
        else:
            faults.append(
                source.error(part.line, "something before the first heading", "start with a line ## …")
            )
    return found


def line_of(mistake: ContentError) -> int:
    """The line a mistake was found on."""
    return int(mistake.place.rpartition(":")[2])
