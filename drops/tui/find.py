"""The command palette: every drop, every action, every term."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from drops.tui.keyboard import Job
from drops.tui.keys import write_keys

if TYPE_CHECKING:
    from drops.tui.app import DropsApp


def commands(app: DropsApp) -> list[tuple[str, str, Job]]:
    """What can be done besides opening a drop or a term."""

    async def doing(action: str) -> None:
        await app.run_action(action, app.screen)

    def does(action: str) -> Job:
        return partial(doing, action)

    return [
        ("Begin", "what today holds", app.begin),
        ("Path", "the drops, and all about the path", app.action_path),
        ("Why today", "each due item's reason and its forgetting curve", app.why),
        ("Hard drops", "ranked by evidence, with the reasons", partial(app.look_back, "hard")),
        ("Progress", "accuracy, mastery, memory, mix-ups, outcomes", partial(app.look_back, "progress")),
        ("Answer history", "every answer, opened as it was", partial(app.look_back, "history")),
        ("Settings", "minutes, recall, theme, keys and more", partial(app.look_back, "settings")),
        ("Keys", "a file to give keys of your own", partial(write_keys, app)),
        ("Light or dark", "the other theme", app.other_theme),
        ("Help", "the keys of this screen", does("help")),
        ("Save as SVG", "a picture of this screen", does("export")),
        ("Quit", "the session resumes where it stood", does("app.quit")),
    ]


class Everything(Provider):
    """What can be found, in the order in which it is listed while nothing is typed."""

    @property
    def _listed(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        app = cast("DropsApp", self.app)
        for name, says, job in commands(app):
            yield name, says, partial(app.keyboard.do, job)
        for drop in app.library:
            yield (
                f"Drop {drop.number}: {drop.title}",
                drop.goal,
                partial(app.keyboard.do, partial(app.choose, drop.id)),
            )
        for term, meaning in app.glossary.items():
            yield (
                f"Term: {term}",
                meaning.splitlines()[0] if meaning else "",
                partial(app.keyboard.do, partial(app.explain, f"term:{term}")),
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
