"""The command that judges an experiment of the Lab, or opens the Lab."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from drops.cli.command import Command
from drops.cli.given import clock_of, glance_of, home_of, library_of, open_to_write
from drops.cli.lessons import has_screen, run_screen
from drops.cli.printing import print_as, read_line, say
from drops.errors import DropsError
from drops.text import counted

if TYPE_CHECKING:
    from drops.clock import Moment
    from drops.networks.lab.recipe import Recipe
    from drops.study.study import Study


def run_lab(given: argparse.Namespace) -> int:
    from drops.networks.lab import tables

    tables.use(home_of(given))
    first, *rest = given.line or [""]
    if first in OWN:
        return OWN[first](given, rest)
    return open_line(given, " ".join(given.line))


def open_line(given: argparse.Namespace, line: str) -> int:
    """Judges a line, or opens the Lab with it."""
    if given.json or given.plain or given.steps or given.seeds or given.challenge or given.against:
        return print_verdict(given, line)
    if has_screen():
        from drops.networks.lab.line import read_line as read

        read(line)  # what is no line is said before anything opens
        return run_screen(given, lambda app: app.open_lab(line))
    from drops.plain.lab import LabTalk

    with closing_study(given) as (opened, clock):
        LabTalk(read_line, say, opened, clock).run(line)
    return 0


@contextmanager
def closing_study(given: argparse.Namespace) -> Iterator[tuple[Callable[[], Study], Callable[[], Moment]]]:
    """The study, opened once by whoever asks first, and the clock."""
    found: list[tuple[Study, Callable[[], Moment]]] = []

    def opened() -> Study:
        if not found:
            found.append(open_to_write(given))
        return found[0][0]

    try:
        yield opened, lambda: found[0][1]() if found else clock_of(glance_of(home_of(given)))()
    finally:
        for study, _ in found:
            study.close()


# ── the learner's own ─────────────────────────────────────────────────────────────────────
def list_names(given: argparse.Namespace, rest: Sequence[str]) -> int:
    """The lines that have a name."""
    from drops.study.own.lab import named

    if rest:
        raise DropsError("names stands alone; `drops lab open NAME` opens one of them")
    found = named(glance_of(home_of(given)).settings)
    print_as(given, found, [f"{name}: {line}" for name, line in found.items()] or ["No line has a name yet."])
    return 0


def open_named(given: argparse.Namespace, rest: Sequence[str]) -> int:
    """A line by its name; of a challenge the one that it begins with; of a lesson the net that it shows."""
    from drops.networks.lab.challenges import BEGINNINGS
    from drops.study.own.lab import line_named

    def lessons() -> dict[str, str]:
        from drops.study.shown.nets import nets_by_name

        return nets_by_name(library_of(given))

    if len(rest) != 1:
        raise DropsError("open wants one name, as in `drops lab open my-spiral`")
    settings = glance_of(home_of(given)).settings
    return open_line(given, line_named(settings, rest[0], BEGINNINGS, lessons))


def name_line(given: argparse.Namespace, rest: Sequence[str]) -> int:
    """Gives a line a name."""
    from drops.networks.lab.challenges import CHALLENGES
    from drops.networks.lab.line import read_line as read
    from drops.networks.lab.recipe import print_line
    from drops.study.own import lab as own

    if not rest:
        raise DropsError("name wants a name and a line, as in `drops lab name my-spiral spiral 2-8-8-1`")
    line = print_line(read(" ".join(rest[1:])))
    with closing_study(given) as (opened, clock):
        say(own.name_line(opened(), rest[0], line, CHALLENGES, clock()))
    return 0


def drop_name(given: argparse.Namespace, rest: Sequence[str]) -> int:
    """Takes a name away."""
    from drops.study.own import lab as own

    if len(rest) != 1:
        raise DropsError("unname wants one name, as in `drops lab unname my-spiral`")
    with closing_study(given) as (opened, clock):
        say(own.drop_name(opened(), rest[0], clock()))
    return 0


def keep_line(given: argparse.Namespace, rest: Sequence[str]) -> int:
    """Keeps a question of a line, which comes back in Today."""
    from drops.networks.lab import cards, judge
    from drops.networks.lab.line import read_line as read
    from drops.study.own import lab as own

    asks, *words = rest if rest and rest[0] in cards.QUESTIONS else ["passes", *rest]
    steps = _within("steps", given.steps, judge.STEPS, judge.MOST_STEPS)
    card = cards.kept(read(" ".join(words)), steps, asks)
    with closing_study(given) as (opened, clock):
        say(own.keep(opened(), card, clock()))
    return 0


def bring_table(given: argparse.Namespace, rest: Sequence[str]) -> int:
    """Copies a CSV file into the learner's folder."""
    from drops.networks.lab import tables
    from drops.networks.lab.line import read_line as read
    from drops.networks.lab.rows import classes

    word = tables.brought(shlex.join(rest))
    of = tables.table(word)
    called = classes(read(word))
    asked = f"{len(called)} classes ({', '.join(called)})" if called else "a number"
    data: dict[str, Any] = {"table": word, "rows": len(of.rows), "columns": of.source.columns}
    data |= {"classes": of.source.classes, "class_names": list(called)}
    columns = counted(of.source.columns, "column")
    said = f"{word}: {len(of.rows)} rows, {columns}, {asked}; `drops lab {word}` opens it"
    print_as(given, data, [said])
    return 0


OWN: Mapping[str, Callable[[argparse.Namespace, Sequence[str]], int]] = {
    "names": list_names,
    "open": open_named,
    "name": name_line,
    "unname": drop_name,
    "keep": keep_line,
    "csv": bring_table,
}


def print_verdict(given: argparse.Namespace, line: str) -> int:
    """Trains all seeds and prints which share of them reaches the goal."""
    from drops.networks.lab import judge
    from drops.networks.lab.line import read_line as read
    from drops.networks.lab.told import verdict_as_data, verdict_as_lines

    recipe = read(line)
    if given.challenge:
        return judge_challenge(given, recipe)
    steps = _within("steps", given.steps, judge.STEPS, judge.MOST_STEPS)
    seeds = _within("seeds", given.seeds, judge.SEEDS, judge.MOST_SEEDS)
    recipes = [recipe, *([read(given.against)] if given.against is not None else [])]
    data: list[dict[str, Any]] = []
    lines: list[str] = []
    for one in recipes:
        verdict = None
        for verdict in judge.judge(one, steps, range(one.seed, one.seed + seeds)):
            if isinstance(verdict, float):
                _show_share(verdict)
        assert isinstance(verdict, judge.Judgement)
        data.append(verdict_as_data(one, steps, verdict))
        lines += verdict_as_lines(one, steps, verdict)
    _show_share(None)
    print_as(given, data if len(data) > 1 else data[0], lines)
    return 0


def judge_challenge(given: argparse.Namespace, recipe: Recipe) -> int:
    """A hundred unseen seeds judge a line, or two; exit status 1 where that does not do the task."""
    from drops.networks.lab import judge, told
    from drops.networks.lab.challenges import Ruling, find, judge_lines
    from drops.networks.lab.line import read_line as read
    from drops.study.own import lab as own

    task = find(given.challenge)
    second = read(given.against) if given.against is not None else None
    steps = _within("steps", given.steps, 0, judge.MOST_STEPS)
    if steps and task.trained(steps) != steps:
        raise DropsError(f"{given.challenge} is judged after {task.steps:,} steps; leave --steps out")
    if second and not task.then:
        raise DropsError(f"{given.challenge} wants one line; leave --against out")
    if task.then and not second:
        raise DropsError(f"{given.challenge} wants two lines; give the second one with --against")
    if refused := task.refusal(recipe, second, steps):
        raise DropsError(refused)
    found = None
    for found in judge_lines(task, [recipe, second] if second else [recipe], steps):
        if isinstance(found, float):
            _show_share(found)
    assert isinstance(found, Ruling)
    _show_share(None)
    with closing_study(given) as (opened, clock):
        before = own.own_par(opened().log, given.challenge, task.counted)
        own.note_ruling(opened(), given.challenge, told.ruling_to_note(task, found), clock())
    print_as(
        given, told.ruling_as_data(given.challenge, task, found), told.ruling_as_lines(task, found, before)
    )
    return 0 if found.passed else 1


def _within(name: str, given: str | None, usual: int, most: int) -> int:
    if given is None:
        return usual
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:12]) <= most):
        raise DropsError(f"--{name} wants a whole number from 1 to {most:,}, not {given[:40]}")
    return int(given)


def _show_share(share: float | None) -> None:
    """How far the training is, where somebody waits for it at a terminal."""
    if sys.stderr.isatty():
        print("\r\x1b[K" if share is None else f"\rtrained {share:4.0%}", end="", file=sys.stderr, flush=True)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "line", nargs="*", metavar="WORD", help="the experiment: spiral 2-8-8-1 relu adam .01"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--plain", action="store_true", help="as lines")
    parser.add_argument(
        "--challenge", metavar="NAME", help="have a hundred unseen seeds judge it, as in fence"
    )
    parser.add_argument(
        "--against", metavar="LINE", help="judge another line as well, to compare; of a challenge the second"
    )
    parser.add_argument("--steps", metavar="N", help="updates of each net (default: 1500)")
    parser.add_argument("--seeds", metavar="N", help="nets, each from its own start and rows (default: 20)")


LAB = Command(
    "lab",
    "build any small net, feed it anything, ask any number where it comes from",
    run=run_lab,
    options=_options,
    examples="""\
examples:
  drops lab                                   open the Lab
  drops lab spiral 2-8-8-1 relu adam .01      open it with this experiment
  drops lab circle 2-4-1 --seeds 20           how many of 20 reach 95 %
  drops lab circle 2-4-1 --challenge fence   a hundred unseen seeds judge it
  drops lab xor xy 1-1 --json --steps 500     the same as JSON
  drops lab circle 2-4-1 --against "circle 2-3-1"   both, one after the other
  drops lab name my-spiral spiral 2-8-8-1     gives a line a name
  drops lab names                             the lines that have one
  drops lab open my-spiral                    opens it; `unname` takes it away
  drops lab csv birds.csv target=species      a table of yours: csv:birds
  drops lab keep circle 2-4-1                 asks you tomorrow, of such a net
  drops lab keep doctor circle 2-8-8-1 relu   or `better`, or `curve`

The line names data, features, a shape, a squash, a rule and its rate, and
numbers: noise rows test batch l1 l2 drop clip goal seed. Words left out have
their defaults; `help` in the Lab lists them all.
""",
)
