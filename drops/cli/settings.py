"""What a learner can change, as lines: every setting with its value, or one of them and its change."""

from __future__ import annotations

import argparse

from drops.cli.command import Command
from drops.cli.given import glance_of, home_of, open_to_write
from drops.cli.printing import say
from drops.errors import DropsError


def print_settings(given: argparse.Namespace) -> int:
    from drops.study.settings import SETTINGS, setting_called, shown, value
    from drops.study.unsaved import may_write

    named = setting_called(given.name) if given.name is not None else None
    if named is not None and given.value is not None:
        study, clock = open_to_write(given)
        try:
            may_write(study.log.refusal)
            study.change(named.name, given.value, clock())
        finally:
            study.close()
    seen = glance_of(home_of(given))
    if seen.problem:
        raise DropsError(seen.problem)
    for setting in [named] if named is not None else SETTINGS.values():
        now = shown(value(seen.settings, setting.name))
        say(f"{setting.name} = {now}: {setting.says} {setting.range}")
    return 0


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="one of them")
    parser.add_argument("value", nargs="?", metavar="VALUE", help="what it shall be")


SETTINGS = Command(
    "settings",
    "what you can change: minutes a day, the ward round, colours",
    run=print_settings,
    options=_options,
    examples="""\
examples:
  drops settings                      all of them, with what each may be
  drops settings budget_minutes 12    a sitting of twelve minutes
  drops settings ward_round on        a case a day, after a lesson's first
""",
)
