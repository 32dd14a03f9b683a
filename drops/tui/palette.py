"""The command palette: every drop, every action, every term, by its name and by what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import NamedTuple, cast

from textual import command
from textual.command import DiscoveryHit, Hit, Hits, Provider

from drops.tui.base.host import Host
from drops.tui.base.keyboard import Job
from drops.tui.keymap import write_keys
from drops.tui.table import SCREENS

ABOUT = 0.75  # of the score that a name of just these words would have; scattered letters have less
# What else a line may be looked for by.
ALSO: Mapping[str, str] = {
    "Begin": "start resume continue session today",
    "Path": "course lessons phases outcomes questions resources",
    "Why today": "due review forgetting reason",
    "Hard drops": "difficult weak lapses",
    "Progress": "statistics charts calendar forecast figures",
    "Answer history": "past log diagnosis",
    "Settings": "preferences options configuration colours budget",
    "Terms": "glossary dictionary definitions words meaning",
    "Keys": "shortcuts bindings keyboard keymap",
    "Light or dark": "theme colours colors appearance mode",
    "Help": "shortcuts keyboard manual",
    "Save as SVG": "screenshot export image",
    "Quit": "exit leave close stop",
}


class CommandPalette(command.CommandPalette):
    """Textual's, whose keys do no harm before its list is laid out."""

    def _action_command_list(self, action: str) -> None:
        with suppress(LookupError):  # page up looks for a line that is not there yet
            super()._action_command_list(action)


class Line(NamedTuple):
    """One thing that can be found."""

    name: str
    says: str
    job: Job

    def is_about(self, words: list[str]) -> bool:
        """Whether each of these words stands in what it says or in what else it may be called."""
        text = f"{self.name} {self.says} {ALSO.get(self.name, '')}".lower()
        return bool(words) and all(word in text for word in words)


def commands(host: Host) -> Iterator[Line]:
    """What can be done besides opening a drop or a term."""

    def opens(name: str) -> Job:
        """Path and Why are drawn from a glance; the screens that look back need the study."""
        return {"path": host.action_path, "why": host.why}.get(name) or partial(host.look_back, name)

    yield Line("Begin", "what today holds", host.begin)
    yield from (Line(row.title, row.says, opens(name)) for name, row in SCREENS.items() if row.title)
    yield Line("Terms", "the words of the path, each in a few others", host.explain)
    yield Line("Keys", "a file to give keys of your own", partial(write_keys, host))
    yield Line("Light or dark", "the other theme, from now on", host.other_theme)
    yield Line("Help", "the keys of this screen", partial(host.do_here, "help"))
    yield Line("Save as SVG", "a picture of this screen", partial(host.do_here, "export"))
    yield Line("Quit", "the session resumes where it stood", partial(host.do_here, "app.quit"))


def everything(host: Host) -> Iterator[Line]:
    """All that can be found, in the order in which it is listed while nothing is typed."""
    yield from commands(host)
    for drop in host.library:
        yield Line(f"Drop {drop.number}: {drop.title}", drop.goal, partial(host.choose, drop.id))
    for term, meaning in host.glossary.items():
        says = meaning.splitlines()[0] if meaning else ""
        yield Line(f"Term: {term}", says, partial(host.explain, f"term:{term}"))


class Everything(Provider):
    """The palette's one source."""

    async def discover(self) -> Hits:
        host = cast("Host", self.app)
        for line in everything(host):
            yield DiscoveryHit(line.name, partial(host.keyboard.do, line.job), help=line.says)

    async def search(self, query: str) -> Hits:
        host, matcher, words = cast("Host", self.app), self.matcher(query), query.lower().split()
        about = ABOUT * matcher.match(query)
        for line in everything(host):
            by_name = matcher.match(line.name)
            score = max(by_name, about if line.is_about(words) else 0.0)
            if score > 0:
                name = matcher.highlight(line.name) if by_name else line.name
                yield Hit(score, name, partial(host.keyboard.do, line.job), help=line.says)
