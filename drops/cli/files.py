"""Commands about the progress file: its health, copies of it, out of it and into it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from drops.cli.command import Command
from drops.cli.given import home_of, library_of, memory_of
from drops.cli.printing import say
from drops.clock import Moment
from drops.errors import DropsError, StoreError
from drops.text import counted

if TYPE_CHECKING:
    from drops.store.file.health import Checked
    from drops.store.item import Fold
    from drops.store.log import Log


def run_doctor(given: argparse.Namespace) -> int:
    from drops.store.file.health import doctor

    if given.restore:
        restore_file(*moment_of(given))
    if given.rebuild:
        rebuild_derived(*moment_of(given))
    home, fold, clock = memory_of(given, mend=False)
    now = clock()
    findings = [*doctor(home, fold, now), *clock_findings(home, now), *content_findings(given)]
    for finding in findings:
        # an error's line names its remedy itself
        do = "" if finding.do in finding.what else f"; {finding.do}"
        say(f"{'✓' if finding.ok else '✗'} {finding.what}{do}")
    return 0 if all(finding.ok for finding in findings) else 1


def moment_of(given: argparse.Namespace) -> tuple[Path, Fold, Moment]:
    home, fold, clock = memory_of(given)
    return home, fold, clock()


def clock_findings(home: Path, now: Moment) -> list[Checked]:
    """Whether this machine's date and the last answer fit together."""
    from drops.store.file.glance import glance
    from drops.store.file.health import Checked
    from drops.study.own.clocks import doubted

    with suppress(StoreError):  # what cannot be read is told already
        if said := doubted(glance(home).latest, now):
            what, _, do = said.rstrip(".").partition("; ")
            return [Checked(False, what, do)]
    return []


def content_findings(given: argparse.Namespace) -> list[Checked]:
    from drops.store.file.health import Checked

    try:
        library = library_of(given)
    except DropsError as error:
        return [Checked(False, str(error), "`drops check` lists everything to mend")]
    paths = f"{len(library.paths)} path{'s' if len(library.paths) != 1 else ''}"
    left_out = [Checked(False, str(wrong), "`drops remove` takes it away") for wrong in library.left_out]
    return [Checked(True, f"content: {paths}, {len(list(library))} drops"), *left_out]


def restore_file(home: Path, fold: Fold, now: Moment) -> None:
    from drops.store.file.restore import restore

    done = restore(home, fold, now)
    if done.needless:
        say("nothing to restore: the progress file is sound, and no copy holds an answer that it has not")
        return
    was = "file as it was" if done.sound else "damaged file"
    source = f"from {done.backup.name}" if done.backup else "without a backup to begin from"
    held = f"{counted(done.events, 'event')}, {done.salvaged} of them read from the {was}"
    say(f"restored {source}: {held}")
    for lost in done.lost:
        say(f"  lost: {lost}")
    if done.aside:
        say(f"  the {was} is kept in {done.aside}")


def rebuild_derived(home: Path, fold: Fold, now: Moment) -> None:
    from drops.store.log import Log

    with Log.open(home, fold, now=now) as log:
        log.rebuild()
    say("rebuilt from the log")


def save_backup(given: argparse.Namespace) -> int:
    from drops.store.file.files import write_whole

    refuse_to_replace(given)
    with open_log(given) as (log, clock):
        write_whole(given.file, log.back_up(clock()).read_bytes())
    say(f"saved a verified copy as {given.file}")
    return 0


def export_log(given: argparse.Namespace) -> int:
    from drops.store.transfer import check_ending, export

    if given.file.suffix.lower() == ".apkg":
        return export_cards(given)
    check_ending(given.file)
    refuse_to_replace(given)
    with open_log(given) as (log, _):
        count = export(log, given.file)
    say(f"wrote {counted(count, 'event')} to {given.file}")
    return 0


def export_cards(given: argparse.Namespace) -> int:
    """What the learner has met, as cards for Anki with each review."""
    from drops.store.anki import write_package
    from drops.study.shown.cards import notes

    refuse_to_replace(given)
    _, fold, _ = memory_of(given)
    library = library_of(given)
    with open_log(given) as (log, clock):
        made, left_out = notes(library, log, fold)
        if not made:
            raise DropsError("no question that can be a card was asked yet, and so there is nothing to write")
        write_package(given.file, made, clock().us)
    cards, reviews = sum(len(one.cards) for one in made), sum(len(one.reviews) for one in made)
    held = f"{counted(len(made), 'question')} as {counted(cards, 'card')} with {counted(reviews, 'review')}"
    say(f"wrote {held} to {given.file}")
    say("  a question is one card; an exercise is eight, with numbers drawn once and for all")
    if left_out:
        say(f"  without a card: {left_out}, which need the engine at every step")
    return 0


def refuse_to_replace(given: argparse.Namespace) -> None:
    from drops.store.file.backups import refuse_to_begin_afresh
    from drops.store.file.files import prepare_home

    home = home_of(given)
    live = prepare_home(home, read_only=True)
    try:
        there = given.file.exists()
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        why = (error.strerror or "unknown reason").lower()
        raise DropsError(f"{given.file} cannot be written ({why}); nothing was changed") from error
    if there and live.exists() and given.file.samefile(live):
        raise DropsError(f"{given.file} is the progress file itself; give another name")
    if there and not given.file.is_file():
        raise DropsError(f"{given.file} is no ordinary file; give the name of one")
    if there and not given.replace:
        raise DropsError(f"{given.file} exists; give another name, or add --replace")
    if not live.exists():
        refuse_to_begin_afresh(live)
        raise DropsError(f"no progress in {home} yet, and so nothing to write; `drops` begins")


def import_log(given: argparse.Namespace) -> int:
    from drops.store.sync import held_by_folder
    from drops.store.transfer import import_file, take_back

    if given.undo == (given.file is not None):
        print("drops: name a file to import, or say --undo; `drops import --help` shows how", file=sys.stderr)
        return 2
    if given.undo:
        with open_log(given) as (log, clock):
            gone = take_back(log, clock(), held_by_folder(home_of(given)))
            say(f"took the last import back: {counted(gone, 'event')} left again")
        return 0
    with open_log(given) as (log, clock):
        done = import_file(log, given.file, clock(), merge_learner=given.merge_learner)
    merged = done.merged
    say(f"{counted(merged.new, 'new event')}, {merged.known} known already, {merged.refused} kept out")
    for why, count in merged.quarantined.items():
        say(f"  kept out {count}: {why}")
    say(f"  the file holds a history {done.origin.says}")
    if merged.new:
        say(f"  a copy from before it is kept as {done.copy.name}; `drops import --undo` takes it back")
    if merged.refused and not merged.new and not merged.known:
        raise DropsError(f"nothing of {given.file} was imported: {next(iter(merged.quarantined))}")
    return 0


@contextmanager
def open_log(given: argparse.Namespace) -> Iterator[tuple[Log, Callable[[], Moment]]]:
    from drops.store.log import Log

    home, fold, clock = memory_of(given)
    with Log.open(home, fold, now=clock()) as log:
        yield log, clock


def _doctor_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rebuild", action="store_true", help="derive everything again from the answers")
    parser.add_argument(
        "--restore", action="store_true", help="bring back the newest good backup and what came after"
    )


def _file_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")


def _import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", nargs="?")
    parser.add_argument("--undo", action="store_true", help="take the last import back")
    parser.add_argument(
        "--merge-learner", action="store_true", help="also where FILE is another learner's history"
    )


def _new_file_options(parser: argparse.ArgumentParser) -> None:
    _file_option(parser)
    parser.add_argument("--replace", action="store_true", help="also where FILE exists")


DOCTOR = Command(
    "doctor",
    "health of the progress file and of the installation",
    run=run_doctor,
    options=_doctor_options,
    examples="""\
examples:
  drops doctor                   look, change nothing
  drops doctor --restore         a damaged or lost progress file
  drops doctor --rebuild         due days and figures that look wrong

--restore brings back the newest good backup and every answer after it that can
still be read, and keeps the damaged file. --rebuild loses nothing: the answers
are the truth, the rest follows from them. Exit status 1: something is to do.
""",
)
BACKUP = Command(
    "backup",
    "a safe copy of the progress file",
    run=save_backup,
    options=_new_file_options,
    examples="""\
examples:
  drops backup /media/stick/drops.db
  drops backup "drops-$(date +%F).db"
  drops import drops.db          takes it in again, here or elsewhere
""",
)
EXPORT = Command(
    "export",
    "the whole log: .jsonl, .csv and .tsv for people, .apkg for Anki",
    run=export_log,
    options=_new_file_options,
    examples="""\
examples:
  drops export all.jsonl         everything; `drops import` takes it in again
  drops export answers.csv       for a spreadsheet, also .tsv
  drops export cards.apkg        what you have met, with each review, for Anki
""",
)
IMPORT = Command(
    "import",
    "take in an export or another progress file",
    run=import_log,
    options=_import_options,
    examples="""\
examples:
  drops import all.jsonl         an export of another device
  drops import old/progress.db   another progress file, or a backup
  drops import --undo            take the last import back

What is known already is not taken twice, so two devices can be imported into
each other in any order. What cannot be trusted is kept out, and counted.
The history of a device that was never met here may be another learner's: it
is taken in with --merge-learner only. A copy is made before each import.
--undo leaves what a shared folder holds already: `drops sync --help`.
""",
)
