"""The command palette: every drop, every action, every term."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from drops.tui.base.host import Host
from drops.tui.base.keyboard import Job
from drops.tui.keymap import write_keys
from drops.tui.table import SCREENS


def commands(host: Host) -> list[tuple[str, str, Job]]:
    """What can be done besides opening a drop or a term."""

    def opens(name: str) -> Job:
        """Path and Why are drawn from a glance; the screens that look back need the study."""
        return {"path": host.action_path, "why": host.why}.get(name) or partial(host.look_back, name)

    return [
        ("Begin", "what today holds", host.begin),
        *((row.title, row.says, opens(name)) for name, row in SCREENS.items() if row.title),
        ("Keys", "a file to give keys of your own", partial(write_keys, host)),
        ("Light or dark", "the other theme", host.other_theme),
        ("Help", "the keys of this screen", partial(host.do_here, "help")),
        ("Save as SVG", "a picture of this screen", partial(host.do_here, "export")),
        ("Quit", "the session resumes where it stood", partial(host.do_here, "app.quit")),
    ]


class Everything(Provider):
    """What can be found, in the order in which it is listed while nothing is typed."""

    @property
    def _listed(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        host = cast("Host", self.app)
        for name, says, job in commands(host):
            yield name, says, partial(host.keyboard.do, job)
        for drop in host.library:
            yield (
                f"Drop {drop.number}: {drop.title}",
                drop.goal,
                partial(host.keyboard.do, partial(host.choose, drop.id)),
            )
        for term, meaning in host.glossary.items():
            yield (
                f"Term: {term}",
                meaning.splitlines()[0] if meaning else "",
                partial(host.keyboard.do, partial(host.explain, f"term:{term}")),
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
