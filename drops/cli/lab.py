"""The command that judges an experiment of the Lab, or opens the Lab."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from drops.cli.command import Command
from drops.cli.lessons import has_screen, run_screen
from drops.cli.printing import print_as, read_line, say
from drops.errors import DropsError

if TYPE_CHECKING:
    from drops.networks.lab.recipe import Recipe


def run_lab(given: argparse.Namespace) -> int:
    line = " ".join(given.line)
    if given.json or given.plain or given.steps or given.seeds or given.challenge:
        return print_verdict(given, line)
    if has_screen():
        from drops.networks.lab.line import read_line as read

        read(line)  # what is no line is said before anything opens
        return run_screen(given, lambda app: app.open_lab(line))
    from drops.plain.lab import LabTalk

    LabTalk(read_line, say).run(line)
    return 0


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
    verdict = None
    for verdict in judge.judge(recipe, steps, range(recipe.seed, recipe.seed + seeds)):
        if isinstance(verdict, float):
            _show_share(verdict)
    assert isinstance(verdict, judge.Judgement)
    _show_share(None)
    data: dict[str, Any] = verdict_as_data(recipe, steps, verdict)
    print_as(given, data, verdict_as_lines(recipe, steps, verdict))
    return 0


def judge_challenge(given: argparse.Namespace, recipe: Recipe) -> int:
    """A hundred unseen seeds judge a line; exit status 1 where it does not do the task."""
    from drops.networks.lab import told
    from drops.networks.lab.challenges import Ruling, find, judge_line

    task = find(given.challenge)
    if refused := task.refusal(recipe):
        raise DropsError(refused)
    found = None
    for found in judge_line(task, recipe):
        if isinstance(found, float):
            _show_share(found)
    assert isinstance(found, Ruling)
    _show_share(None)
    print_as(
        given, told.ruling_as_data(given.challenge, recipe, found), told.ruling_as_lines(task, found)
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
  drops lab "xor xy 1-1" --json --steps 500   the same as JSON

The line names data, features, a shape, a squash, a rule and its rate, and
numbers: noise rows test batch l1 l2 drop clip goal seed. Words left out have
their defaults; `help` in the Lab lists them all.
""",
)
