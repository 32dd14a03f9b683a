"""The command that tells more than a line: pages of the manual, and what a course may name."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from drops.carried import carried
from drops.cli.command import Command
from drops.cli.given import allow_kinds
from drops.cli.printing import say


def page(name: str) -> str:
    """A page of the documentation. An installed program carries it; a checkout reads it in place."""
    package = Path(__file__).parents[1]
    places = (package / "_docs" / name, package.parent / "docs" / name)
    place = next((one for one in places if one.is_file()), None) or carried("_docs") / name
    return place.read_text(encoding="utf-8")


def _entry(head: str, *docs: str | None) -> str:
    """A name, and below it what the code says of it."""
    lines = [line for doc in docs if doc for line in doc.splitlines()]
    return "\n".join((head, *(f"    {line}".rstrip() for line in lines)))


# Inspecting takes a tenth of what `drops today` does: it is imported where a page is made of the code.


def _figures() -> str:
    from inspect import getdoc

    from drops.catalog import FIGURES

    docs = {name: getdoc(draw) or "" for name, draw in FIGURES.items()}
    return "\n\n".join(_entry(name, doc.removeprefix(f"```figure {name}: ")) for name, doc in docs.items())


def _kinds() -> str:
    from inspect import getdoc

    from drops.catalog import KINDS
    from drops.exercises.exercise import Exercise

    def docs(kind: type[Exercise]) -> tuple[str | None, str | None]:
        own, drawn = getdoc(kind) or "", getdoc(kind.draw)
        made = own.startswith(f"{kind.__name__}(")  # by the dataclass
        return None if made else own, None if drawn == getdoc(Exercise.draw) else drawn

    return "\n\n".join(_entry(name, *docs(kind)) for name, kind in KINDS.items())


def _experiments() -> str:
    from inspect import getdoc, signature

    from drops.catalog import EXPERIMENTS

    return "\n\n".join(
        _entry(f"{name}{signature(run)}".partition(" -> ")[0], getdoc(run))
        for name, run in EXPERIMENTS.items()
    )


TOPICS: Mapping[str, tuple[str, Callable[[], str]]] = {
    "writing": ("how a course is written", lambda: page("writing.md")),
    "schema": ("the same for an editor, as JSON schema", lambda: page("course.schema.json")),
    "kinds": ("the exercise kinds that a lesson may name", _kinds),
    "figures": ("the figures, with their parameters", _figures),
    "experiments": ("what claims are measured with", _experiments),
}


def tell(given: argparse.Namespace) -> int:
    if given.topic is None:
        say("\n".join(f"drops help {name:<13} {says}" for name, (says, _) in TOPICS.items()))
        say("drops COMMAND --help     what a command does, with examples")
        return 0
    if given.topic == "kinds":
        allow_kinds(given)
    say(TOPICS[given.topic][1]().rstrip())
    return 0


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", nargs="?", metavar="TOPIC", choices=tuple(TOPICS), help=", ".join(TOPICS))


HELP = Command(
    "help",
    "the manual: how a course is written, and what it may name",
    run=tell,
    options=_options,
    examples="""\
examples:
  drops help                     the pages there are
  drops help writing             how a course is written
  drops help figures             each figure, with its parameters
""",
)
