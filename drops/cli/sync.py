"""One learner on several devices: the folder that they share, or the class whose link they have."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from drops.cli.command import Command
from drops.cli.files import open_log
from drops.cli.given import home_of
from drops.cli.printing import say
from drops.errors import ReadOnly

if TYPE_CHECKING:
    from drops.store.link import Exchanged
    from drops.store.sync import Synced


def sync_progress(given: argparse.Namespace) -> int:
    from drops.store.file.joined import joined, leave
    from drops.store.file.linked import linked, unlink
    from drops.store.link import exchange_by_link, join_by_link
    from drops.store.sync import exchange, join

    home = home_of(given)
    if given.merge_learner and not given.join:
        given.parser.error("--merge-learner goes with --join")
    if given.leave:
        one, link = joined(home), linked(home)
        leave(home)
        unlink(home)
        for name in (*([str(one.folder)] if one else ()), *([link.server] if link else ())):
            say(f"{name} is shared no more; what lies there stays")
        if not (one or link):
            say("nothing was joined")
        return 0
    with open_log(given) as (log, clock):
        if log.refusal:
            raise ReadOnly(f"nothing was exchanged: {log.refusal}", log.path)
        done: Exchanged | Synced
        if given.join and "://" in given.join:
            done = join_by_link(log, home, given.join, clock(), merge_learner=given.merge_learner)
        elif not given.join and (link := linked(home)):
            done = exchange_by_link(log, link, clock())
        elif given.join:
            done = join(log, home, Path(given.join), clock(), merge_learner=given.merge_learner)
        else:
            done = exchange(log, home, clock())
    for line in done.says:
        say(line)
    return 0


def _sync_options(parser: argparse.ArgumentParser) -> None:
    does = parser.add_mutually_exclusive_group()
    does.add_argument("--join", metavar="FOLDER", help="share this folder, or a class's link, from now on")
    does.add_argument("--leave", action="store_true", help="share it no more; what lies there stays")
    parser.add_argument(
        "--merge-learner", action="store_true", help="also where FOLDER is another learner's"
    )


SYNC = Command(
    "sync",
    "one history on several devices, by a folder or a class's link",
    run=sync_progress,
    options=_sync_options,
    examples="""\
examples:
  drops sync --join ~/Cloud/drops     once on each device; afterwards nothing
  drops sync                          exchange now
  drops sync --join https://school.example/enter/...   your link of a class
  drops sync --leave                  share it no more

The folder may be a stick, or one that any tool mirrors. Each start takes in
what the others gave, each end gives what was answered here; without the
folder everything works, and is given later. The progress file itself is never
put there: only files of answers, which are never changed. What is half copied
is left until it is whole, what is damaged is written again.
""",
)
