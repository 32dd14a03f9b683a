"""The command palette: every drop, every action, every term, by its name and by what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, NamedTuple, cast

from textual import command
from textual.await_complete import AwaitComplete
from textual.command import CommandList, DiscoveryHit, Hit, Hits, Provider
from textual.css.query import NoMatches
from textual.markup import escape
from textual.timer import Timer

from drops.study.paths import Paths, PathState, Verb
from drops.text import unmarked
from drops.tui.base.host import Host
from drops.tui.base.keyboard import Job
from drops.tui.keymap import write_keys
from drops.tui.screens import own
from drops.tui.table import SCREENS

ALL_OF_IT = 2.0  # what is called just so comes before what has it in a longer name
ABOUT = 0.75  # of the score that a name of just these words would have; scattered letters have less
# What else a line may be looked for by.
ALSO: Mapping[str, str] = {
    "Begin": "start resume continue session today",
    "Where you stand": "place placement test out skip known",
    "Path": "course lessons phases outcomes questions resources",
    "Why today": "due review forgetting reason",
    "Hard drops": "difficult weak lapses",
    "Progress": "statistics charts calendar forecast figures",
    "Answer history": "past log diagnosis",
    "Lab": "play experiment playground sandbox net seeds",
    "Settings": "preferences options configuration colours budget",
    "Undo": "back revert",
    "I guessed": "lucky",
    "Terms": "glossary dictionary definitions words meaning",
    "Keys": "shortcuts bindings keyboard keymap",
    "Light or dark": "theme colours colors appearance mode",
    "Help": "shortcuts keyboard manual",
    "Save as SVG": "screenshot export image",
    "Quit": "exit leave close stop",
}


PLACE_SAYS = "questions for about six minutes, and what you know already is passed"


class CommandPalette(command.CommandPalette):
    """Textual's, whose keys do no harm before its list is laid out, or while it is on its way out."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leaves itself: chosen from twice in a moment, Textual's own would leave the screen below too."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def _watch__list_visible(self) -> None:
        with suppress(NoMatches):
            super()._watch__list_visible()

    async def _watch__show_busy(self) -> None:
        with suppress(NoMatches):
            await super()._watch__show_busy()

    def set_timer(self, delay: float, callback: Callable[[], Any] | None = None, **more: Any) -> Timer:
        """ "No matches found" is said half a second later, and there may be no list left to say it in."""

        def if_here() -> Any:
            return callback() if callback is not None and self.query(CommandList) else None

        return super().set_timer(delay, if_here, **more)

    def _gather_commands(self, search_value: str) -> None:  # type: ignore[override]  # a worker of Textual's
        if self.query(CommandList):
            super()._gather_commands(search_value)

    def _action_command_list(self, action: str) -> None:
        with suppress(LookupError):  # page up looks for a line that is not there yet
            super()._action_command_list(action)


class Found(NamedTuple):
    """One thing that can be found."""

    name: str
    says: str
    job: Job

    @property
    def shown(self) -> str:
        """What it says, without its marks: the palette would take [2, 1] for one of its own."""
        return escape(unmarked(self.says))

    def is_called(self, query: str) -> bool:
        """Whether this is all of its name, or of what stands behind its kind: "Term: bias"."""
        name = self.name.lower()
        return query.strip().lower() in (name, name.partition(": ")[2])

    def is_about(self, words: list[str]) -> bool:
        """Whether each of these words stands in what it says or in what else it may be called."""
        text = f"{self.name} {self.says} {ALSO.get(self.name, '')}".lower()
        return bool(words) and all(word in text for word in words)


def commands(host: Host) -> Iterator[Found]:
    """What can be done besides opening a drop or a term."""

    def opens(name: str) -> Job:
        """Those that look back need the study; the others are drawn from a glance, or from nothing."""
        light: Mapping[str, Job] = {
            "path": host.action_path,
            "why": host.why,
            "first": host.first_start,
            "lab": host.open_lab,
        }
        return light.get(name) or partial(host.look_back, name)

    yield Found("Begin", "what today holds", host.begin)
    yield Found("Where you stand", PLACE_SAYS, partial(host.begin, place=True))
    yield from (Found(row.title, row.says, opens(name)) for name, row in SCREENS.items() if row.title)
    yield from (Found(*line) for line in own.lines(host))
    if any(screen.has_code for screen in own.our_screens(host)[-1:]):
        says = "what this page works out, as a Python program in numpy"
        yield Found("The same in code", says, partial(host.do_here, "code"))
    yield Found("Terms", "the words of the path, each in a few others", host.explain)
    yield Found("Keys", "a file to give keys of your own", partial(write_keys, host))
    yield Found("Light or dark", "the other theme, from now on", host.other_theme)
    yield Found("Help", "the keys of this screen", partial(host.do_here, "help"))
    yield Found("Save as SVG", "a picture of this screen", partial(host.do_here, "export"))
    yield Found("Quit", "the session resumes where it stood", partial(host.do_here, "app.quit"))


SETTLED: dict[PathState, tuple[Verb, ...]] = {
    "chosen": ("pause", "hide"),
    "open": ("choose", "pause", "hide"),
    "paused": ("choose", "show", "hide"),
    "hidden": ("show",),
}
NAMES: dict[Verb, tuple[str, str]] = {
    "choose": ("Choose path", "new drops come from it"),
    "pause": ("Pause path", "no new drops; what was learned still comes back"),
    "hide": ("Hide path", "not listed, and its questions rest; nothing is lost"),
    "show": ("Go on with path", "open again"),
}


def arranging(host: Host, paths: Paths) -> Iterator[Found]:
    """What can be done with each path as it stands; the last one listed cannot be hidden."""
    for path in paths.listed if len(paths.listed) > 1 else ():
        yield Found(f"Path: {path.title}", path.summary, partial(host.open_path, path))
    for path in paths.ordered:
        for verb in SETTLED[paths.states[path.id]]:
            if verb != "hide" or len(paths.listed) > 1:
                name, says = NAMES[verb]
                yield Found(f"{name}: {path.title}", says, partial(host.arrange, verb, path))


def everything(host: Host) -> Iterator[Found]:
    """All that can be found, in the order in which it is listed while nothing is typed."""
    paths = host.paths
    yield from commands(host)
    yield from arranging(host, paths)
    for drop in paths.drops:
        name = paths.number(drop)
        yield Found(f"{name[0].upper()}{name[1:]}: {drop.title}", drop.goal, partial(host.choose, drop.id))
    for path in paths.listed:
        whose = "" if path is paths.current else f" ({path.title})"
        for term, meaning in path.glossary.items():
            says = meaning.splitlines()[0] if meaning else ""
            yield Found(f"Term: {term}{whose}", says, partial(host.explain, f"term:{term}", within=path))


class Everything(Provider):
    """The palette's one source."""

    @cached_property
    def lines(self) -> tuple[Found, ...]:
        """Made once for each time it is opened: it asks the progress file how the paths stand."""
        return tuple(everything(cast("Host", self.app)))

    async def discover(self) -> Hits:
        host = cast("Host", self.app)
        for line in self.lines:
            job = partial(host.keyboard.do, line.job)
            yield DiscoveryHit(escape(line.name), job, text=line.name, help=line.shown)

    async def search(self, query: str) -> Hits:
        host, matcher, words = cast("Host", self.app), self.matcher(query), query.lower().split()
        about = ABOUT * matcher.match(query)
        for line in self.lines:
            by_name = matcher.match(line.name)
            score = max(by_name, about if line.is_about(words) else 0.0)
            if score > 0:
                score *= ALL_OF_IT if line.is_called(query) else 1
                name = matcher.highlight(line.name) if by_name else escape(line.name)
                yield Hit(score, name, partial(host.keyboard.do, line.job), line.name, line.shown)
