"""The command that lets exercise kinds of other packages run, by the package's name."""

from __future__ import annotations

import argparse

from drops.cli.command import Command
from drops.cli.given import home_of
from drops.cli.printing import say
from drops.errors import DropsError, Unknown

VERBS = ("allow", "forbid")
NONE = "No installed package brings exercise kinds."


def run_kinds(given: argparse.Namespace) -> int:
    from drops.catalog import offered
    from drops.store.file.allowed import allowed_in, plain_name, write_allowed

    home, found = home_of(given), offered()
    allowed = set(allowed_in(home))
    if given.verb and not given.package:
        raise DropsError(f"name a package to {given.verb}; `drops kinds` lists them")
    if given.verb:
        name, known = plain_name(given.package), {one.package for one in found}
        if name not in known | (allowed if given.verb == "forbid" else set()):
            raise Unknown("package with exercise kinds", name, sorted(known))
        allowed = allowed | {name} if given.verb == "allow" else allowed - {name}
        write_allowed(home, allowed)
    tell(allowed)
    return 0


def tell(allowed: set[str]) -> None:
    """Each package with its kinds, and whether they run."""
    from drops.catalog import BROKEN, allow, offered

    allow(allowed)
    packages: dict[str, list[str]] = {}
    for one in offered():
        packages.setdefault(f"{one.package} {one.version}", []).append(one.name)
    for package, names in packages.items():
        bare = package.partition(" ")[0]
        state = "allowed" if bare in allowed else f"not allowed; `drops kinds allow {bare}` lets them run"
        say(f"{package}: {', '.join(names)} ({state})")
        for name in names:
            if name in BROKEN:
                say(f"  {BROKEN[name]}")
    if not packages:
        say(NONE)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", nargs="?", choices=VERBS, metavar="VERB", help="allow or forbid")
    parser.add_argument("package", nargs="?", metavar="PACKAGE", help="the name of an installed package")


KINDS = Command(
    "kinds",
    "exercise kinds of other packages: which there are, and which may run",
    run=run_kinds,
    options=_options,
    examples="""\
examples:
  drops kinds                    what installed packages bring
  drops kinds allow dice-drops   let those of dice-drops run
  drops kinds forbid dice-drops

A kind is a program. None of a package that is not allowed is ever loaded, and
what was allowed holds on this machine alone.
""",
)
