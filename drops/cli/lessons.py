"""Commands that open the app, or run a session as lines."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from contextlib import closing
from importlib.util import find_spec
from typing import TYPE_CHECKING

from drops.cli.command import Command
from drops.cli.given import clock_of, glance_of, home_of, library_of, open_study, open_to_write
from drops.cli.printing import print_as, read_line, say
from drops.cli.shared import ending, give
from drops.text import number

if TYPE_CHECKING:
    from drops.tui.app import Opens


def open_app(given: argparse.Namespace) -> int:
    if not has_screen():
        print(
            "drops: the app needs a terminal; `drops today` prints what today holds, "
            "`drops plain` runs the session as lines",
            file=sys.stderr,
        )
        return 2
    return run_screen(given)


def has_screen() -> bool:
    """Whether there is a terminal that an app can draw on. Textual draws on standard error."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"


def be_quick() -> None:
    """Before the app is imported. Nothing that is made before the first paint becomes garbage soon, and
    looking for it costs a tenth of that time; the app looks again after it."""
    gc.disable()
    do_without_openssl()


def do_without_openssl() -> None:
    """Nothing here is sent or encrypted. asyncio and hashlib do without OpenSSL, which weighs 5 MB.

    Where Python has no hashes of its own it stays.
    """
    own = ("_blake2", "_md5", "_sha1", "_sha3"), ("_sha2", "_sha512")
    if all(map(find_spec, own[0])) and any(map(find_spec, own[1])):
        for name in ("ssl", "_hashlib"):  # an import of them fails, as where Python was built without
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def run_screen(given: argparse.Namespace, opens: Opens | None = None, *, first: bool = False) -> int:
    """The app at Today, or at what it `opens`."""
    be_quick()
    from drops.store.file.files import refusal
    from drops.study.settings import value
    from drops.study.today import Today, today
    from drops.study.unsaved import banner
    from drops.tui.app import DropsApp, run_app

    home = home_of(given)
    seen = glance_of(home)
    clock = clock_of(seen)
    library = library_of(given)

    def glance_today() -> Today:
        made = today(library, glance_of(home), clock())
        return made._replace(banner=banner(refusal(home)) or made.banner)

    app = DropsApp(
        glance_today=glance_today,
        open_study=lambda: open_study(given, library)[0],
        clock=clock,
        library=lambda: library,
        home=home,
        opens=opens,
        first=first or not (opens or home.exists()),
        palette=value(seen.settings, "theme"),
        reduced_motion=value(seen.settings, "reduced_motion"),
    )
    try:
        return run_app(app)
    finally:
        give(home)


def run_first(given: argparse.Namespace) -> int:
    """The first start again; without a screen, its moves in words."""
    if has_screen():
        return run_screen(given, first=True)
    from drops.networks import first

    say(f"{first.ASKED} A neuron sees each of {len(first.birds())} birds by two numbers.")
    neuron = first.Dials()
    for move in ({}, *first.WAY):
        neuron = neuron.turned(**move)
        numbers = f"w flipper {number(neuron.flipper)}, w bill {number(neuron.bill)}, b {number(neuron.bias)}"
        say(f"  {numbers}: {first.says(neuron)}")
    say(first.FOUND)
    return 0


def run_plain(given: argparse.Namespace) -> int:
    from drops.plain.session import Plain
    from drops.study.looking_back import hardest

    if given.test_out and given.what in ("today", "hard", "place"):
        given.parser.error("--test-out goes with a DROP, as in `drops plain 3 --test-out`")
    study, clock = open_to_write(given)
    with ending(study, home_of(given)):
        drop = hardest(study, clock()) if given.what == "hard" else given.what
        if drop == "today":
            session = study.begin(clock(), wish=given.wish)
        elif drop == "place":
            session = study.begin(clock(), place=True)
        else:
            name = study.drop(drop).id
            session = study.begin(clock(), drop=name, replay=given.what == "hard", test_out=given.test_out)
        Plain(study, clock, read_line, say).run(session)
    return 0


def replay_drop(given: argparse.Namespace) -> int:
    from drops.plain.session import Plain
    from drops.study.looking_back import hardest

    study, clock = open_to_write(given)
    with ending(study, home_of(given)):
        drop = study.drop(given.drop).id if given.drop else hardest(study, clock())
        if not has_screen():
            Plain(study, clock, read_line, say).run(study.begin(clock(), drop=drop, replay=True))
            return 0
    return run_screen(given, lambda app: app.begin(drop=drop, replay=True))


def place_learner(given: argparse.Namespace) -> int:
    """The placement: in the app, or as lines; with --json what the last one came to."""
    from drops.plain.session import Plain
    from drops.study.own.placing import last_placement, placement_as_data

    if given.json:
        study, _ = open_study(given)
        with closing(study):
            print_as(given, placement_as_data(last_placement(study.library, study.log)), ())
        return 0
    study, clock = open_to_write(given)
    with ending(study, home_of(given)):
        session = study.begin(clock(), place=True)
        if not has_screen():
            Plain(study, clock, read_line, say).run(session)
            return 0
    return run_screen(given, lambda app: app.begin(place=True))


def _plain_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        nargs="?",
        default="today",
        metavar="today|hard|place|DROP",
        help="what to do (default: today)",
    )
    parser.add_argument(
        "--test-out", action="store_true", help="a DROP by its exercise and quiz, without its lesson"
    )
    wish = parser.add_mutually_exclusive_group()
    wish.add_argument(
        "--drop-first",
        dest="wish",
        action="store_const",
        const="drop first",
        default="",
        help="today's session, the drop before the recall",
    )
    wish.add_argument(
        "--not-today",
        dest="wish",
        action="store_const",
        const="not today",
        help="today's session without a drop",
    )


def _place_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON: what the last one came to")


def _replay_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("drop", nargs="?", metavar="DROP", help="default: the hardest one")


FIRST = Command(
    "first",
    "the first start again: a neuron, 342 penguins",
    run=run_first,
    examples="""\
examples:
  drops first                    with the arrow keys

Where there is no terminal it prints the moves that find it, in words.
""",
)
PLAIN = Command(
    "plain",
    "the session in lines",
    run=run_plain,
    options=_plain_options,
    examples="""\
examples:
  drops plain                    today's session
  drops plain --drop-first       the drop before the recall, whenever you like
  drops plain --not-today        recall alone
  drops plain 3                  drop 3, also before its day
  drops plain why-the-squash     the same
  drops plain 3 --test-out       drop 3 without its lesson, if there is no gap
  drops plain place              where you stand, in about six minutes
  drops plain sums/2             drop 2 of another path than the chosen one
  drops plain hard               the drop that has been hardest for you, again

The whole session on standard input and output, for screen readers, slow links
and scripts. `help` at any prompt tells the words that work there.
""",
)
PLACE = Command(
    "place",
    "where you stand on the path, in about six minutes",
    run=place_learner,
    options=_place_options,
    examples="""\
examples:
  drops place                    questions, chosen by the answers before
  drops place --json             what the last one came to, for scripts

What you know is passed, and comes back as what you have learned does. What
you do not know costs nothing. Stop at any time: `drops place` goes on there.
In a terminal this opens the app, elsewhere it runs as lines; `drops plain
place` is lines everywhere.
""",
)
REPLAY = Command(
    "replay",
    "practise a drop again, its exercises with fresh numbers",
    run=replay_drop,
    options=_replay_options,
    examples="""\
examples:
  drops replay                   the drop that has been hardest for you
  drops replay 2                 drop 2

In a terminal this opens the app, elsewhere it runs as lines. What is not due
yet is practice: it does not count for memory.
""",
)
