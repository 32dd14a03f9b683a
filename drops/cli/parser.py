"""All commands in one parser, which says what is wrong in one line."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from drops import __version__
from drops.cli.added import ADD, REMOVE
from drops.cli.cases import CASES
from drops.cli.classroom import CLASS
from drops.cli.command import Command
from drops.cli.content import CHECK
from drops.cli.files import BACKUP, DOCTOR, EXPORT, IMPORT
from drops.cli.given import library_of
from drops.cli.hands import FORGET, GUESSED, SET_ASIDE, TAKE_IN, UNDO
from drops.cli.help import HELP
from drops.cli.kinds import KINDS
from drops.cli.lab import LAB
from drops.cli.lessons import FIRST, PLACE, PLAIN, REPLAY, open_app
from drops.cli.new import NEW
from drops.cli.overview import PATH, PROGRESS, TODAY
from drops.cli.paths import PATHS
from drops.cli.preview import PREVIEW
from drops.cli.printing import say
from drops.cli.serve import SERVE
from drops.cli.settings import SETTINGS
from drops.cli.show import SHOW
from drops.cli.sync import SYNC
from drops.errors import Unknown
from drops.text import safe_text

# Under the help of `drops` itself.


ABOUT = """\
examples:
  drops                          open the app at Today
  drops today                    what today holds, and how long it takes
  drops plain                    today's session as lines
  drops plain why-the-squash     one drop as lines
  drops serve                    the course in a browser
  drops replay 2                 practise drop 2 again
  drops export answers.csv       all answers for a spreadsheet

A DROP is its number or its id: 3, or why-the-squash; sums/3 is drop 3 of the
path sums. `drops path` lists drops, `drops paths` lists paths.
`drops COMMAND --help` tells more. Exit status: 0 done, 1 it could not be done
and one line says why, 2 the command was not understood.
"""

SHARED = HOME, CONTENT = "--home", "--content"  # options of every command
LONGEST = 80  # characters of a word that are said again
SHELLS = ("bash", "zsh", "fish", "tcsh", "powershell")


def quoted(text: str) -> str:
    """What was typed, as it is said again."""
    return f'"{text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"}"'


class WideHelp(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal. argparse makes one for each option, and its own way to that width imports
    five modules."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns() - 2)


def columns() -> int:
    """How wide the terminal is, or is said to be; 80 where there is none."""
    with suppress(KeyError, ValueError):
        if (said := int(os.environ["COLUMNS"])) > 0:
            return said
    with suppress(ValueError, OSError):  # standard output is closed, or no terminal
        if sys.__stdout__ is not None:
            return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80
    return 80


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that says what is wrong in one line, with the next step.

    A mistyped word does not go back to the terminal as it came.
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"formatter_class": WideHelp, **more})

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """As ArgumentParser's; an empty word, as of a variable that is not set, names nothing."""
        words = sys.argv[1:] if args is None else args
        if "" in words:
            self.error("an empty word names nothing")
        given, left = self.parse_known_args(words, namespace)
        if left:
            given.parser.error(f"nothing is known of {quoted(' '.join(left))} here")
        return given

    def error(self, message: str) -> NoReturn:
        wrong = re.match(r"argument (\S+): invalid choice: '(.*)' \(choose from (.*)\)$", message, re.DOTALL)
        if wrong and wrong[1] == "TOPIC" and wrong[2] in (command.name for command in COMMANDS):
            asked = wrong[2]
            self.exit(2, f"drops: {asked} is a command, not a topic; `drops {asked} --help` shows how\n")
        if wrong:
            message = str(Unknown(wrong[1].lower(), wrong[2], re.findall(r"[\w-]+", wrong[3])))
        message = message.removeprefix("argument ")
        message = " ".join(message.split())
        message = re.sub(rf"\S{{{LONGEST},}}", lambda word: f"{word[0][:LONGEST]}…", message)
        then = " " if message.endswith("?") else "; "
        self.exit(2, safe_text(f"drops: {message}{then}`{self.prog} --help` shows how\n"))


def read_words(words: Sequence[str]) -> Any:
    """What was typed, understood. Of all commands the one that is named is built, where one is: the first
    screen waits for this too."""
    own = [word for before, word in zip(("", *words), words, strict=False) if not {before, word} & {*SHARED}]
    named = tuple(command for command in COMMANDS if own and command.name == own[0])
    return build_parser(commands=named if named or not own else COMMANDS).parse_args(words)


def build_parser(
    drops: Sequence[str] = (), paths: Sequence[str] = (), commands: Sequence[Command] | None = None
) -> argparse.ArgumentParser:
    """All commands, or these, and their options; with the ids of drops and paths, as a completion script
    offers them."""
    shared = Parser(add_help=False)
    shared.add_argument(
        HOME, metavar="DIR", default=argparse.SUPPRESS, help="folder of the progress file (or DROPS_HOME)"
    )
    shared.add_argument(
        CONTENT,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="a further folder of paths (or DROPS_CONTENT)",
    )
    top = Parser(
        prog="drops",
        parents=[shared],
        epilog=ABOUT,
        description="Neural networks in daily lessons of 5 to 8 minutes, in your terminal.",
    )
    top.add_argument("--version", action="version", version=f"drops {__version__}")
    top.set_defaults(run=open_app, parser=top)
    added = top.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for command in COMMANDS if commands is None else commands:
        made: argparse.ArgumentParser = added.add_parser(
            command.name,
            parents=[shared],
            help=command.says,
            description=f"{command.says[0].upper()}{command.says[1:]}.",
            epilog=command.examples,
        )
        made.set_defaults(run=command.run, parser=made)
        command.options(made)
        for action in made._actions if drops else ():
            if "DROP" in str(action.metavar):
                action.choices = (*str(action.metavar).split("|")[:-1], *drops)
            if action.metavar == "PATH" and action.type is None:  # else it names a file
                action.choices = paths
    return top


def parsers_of(top: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those of its commands."""
    yield top
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.values()


def print_completion(given: argparse.Namespace) -> int:
    import shtab

    library = library_of(given)
    offered = build_parser([drop.id for drop in library], [path.id for path in library.paths])
    for action in (action for command in parsers_of(offered) for action in command._actions):
        if action.metavar in ("FILE", "PATH") and not action.choices:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # how shtab is told
        if action.metavar == "DIR":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]  # likewise
    say(shtab.complete(offered, shell=given.shell))
    return 0


def _shell_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS))


COMPLETION = Command(
    "completion",
    "a completion script for your shell",
    run=print_completion,
    options=_shell_option,
    examples="""\
examples:
  drops completion bash >> ~/.bashrc
  drops completion zsh > ~/.zfunc/_drops       a folder that stands in $fpath
  drops completion fish > ~/.config/fish/completions/drops.fish
  drops completion tcsh >> ~/.tcshrc
  drops completion powershell >> $PROFILE

The ids of drops stand in the script: make it anew after adding a path.
""",
)

# In the order in which help lists them.
COMMANDS = (
    *(TODAY, PLAIN, PLACE, SERVE, REPLAY, FIRST, UNDO, GUESSED, SET_ASIDE, TAKE_IN, FORGET, SETTINGS, LAB),
    *(PROGRESS, CASES, SHOW, PATH, PATHS, ADD, REMOVE, NEW, PREVIEW, CHECK, KINDS),
    *(DOCTOR, BACKUP, EXPORT, IMPORT, SYNC, CLASS, COMPLETION, HELP),
)
