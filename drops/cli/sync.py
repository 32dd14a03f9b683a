"""One learner on several devices: the folder that they share."""

from __future__ import annotations

import argparse
from pathlib import Path

from drops.cli.command import Command
from drops.cli.files import open_log
from drops.cli.given import home_of
from drops.cli.printing import say
from drops.errors import DropsError, ReadOnly


def sync_progress(given: argparse.Namespace) -> int:
    from drops.store.file.joined import joined, leave
    from drops.store.sync import exchange, join

    home = home_of(given)
    if given.merge_learner and not given.join:
        given.parser.error("--merge-learner goes with --join FOLDER")
    if given.leave:
        one = joined(home)
        leave(home)
        say(f"{one.folder} is shared no more; what lies there stays" if one else "no folder was joined")
        return 0
    if given.join and "://" in given.join:
        raise DropsError(f"{given.join} is a link; only a folder can be joined: name one that is mirrored")
    with open_log(given) as (log, clock):
        if log.refusal:
            raise ReadOnly(f"nothing was exchanged: {log.refusal}", log.path)
        if given.join:
            done = join(log, home, Path(given.join), clock(), merge_learner=given.merge_learner)
        else:
            done = exchange(log, home, clock())
    for line in done.says:
        say(line)
    return 0


def _sync_options(parser: argparse.ArgumentParser) -> None:
    does = parser.add_mutually_exclusive_group()
    does.add_argument("--join", metavar="FOLDER", help="share this folder from now on")
    does.add_argument("--leave", action="store_true", help="share it no more; what lies there stays")
    parser.add_argument(
        "--merge-learner", action="store_true", help="also where FOLDER is another learner's"
    )


SYNC = Command(
    "sync",
    "one history on several devices, by a folder that they share",
    run=sync_progress,
    options=_sync_options,
    examples="""\
examples:
  drops sync --join ~/Cloud/drops     once on each device; afterwards nothing
  drops sync                          exchange now
  drops sync --leave                  share it no more

The folder may be a stick, or one that any tool mirrors. Each start takes in
what the others gave, each end gives what was answered here; without the
folder everything works, and is given later. The progress file itself is never
put there: only files of answers, which are never changed. What is half copied
is left until it is whole, what is damaged is written again.
""",
)
