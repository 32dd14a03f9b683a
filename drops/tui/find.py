"""The command palette: every drop, every action, every term."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

if TYPE_CHECKING:
    from drops.tui.app import DropsApp


class Everything(Provider):
    """What can be found, in the order in which it is listed while nothing is typed."""

    @property
    def _listed(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        app = cast("DropsApp", self.app)
        for name, says, job in app.commands:
            yield name, says, partial(app.keyboard.do, job)
        for drop in app.library:
            yield (
                f"Drop {drop.number}: {drop.title}",
                drop.goal,
                partial(app.keyboard.do, partial(app.begin, drop=drop.id)),
            )
        for term, meaning in app.glossary.items():
            yield (
                f"Term: {term}",
                meaning.splitlines()[0] if meaning else "",
                partial(app.keyboard.do, partial(app.explain, term)),
            )

    async def discover(self) -> Hits:
        for name, says, job in self._listed:
            yield DiscoveryHit(name, job, help=says)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, says, job in self._listed:
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), job, help=says)
