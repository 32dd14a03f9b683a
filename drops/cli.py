"""The commands. Each imports what it needs when it runs: `drops today` loads neither Textual,
numpy nor SQLAlchemy.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from drops import __version__
from drops.clock import Moment
from drops.errors import DropsError
from drops.text import safe_text

if TYPE_CHECKING:
    from drops.course.model import Library
    from drops.store.derive import Fold
    from drops.store.glance import Glance
    from drops.store.health import Finding
    from drops.store.log import Log
    from drops.study.study import Study

EXAMPLES = """\
examples:
  drops                          open the app at Today
  drops today                    what today holds, and how long it takes
  drops today --quiet || notify  exit status 10 when something is due
  drops plain                    today's session as lines
  drops plain why-the-squash     one drop as lines
  drops replay 2                 practise drop 2 again, with fresh numbers
  drops export answers.csv       all answers for a spreadsheet
"""

DUE = 10  # exit status of `drops today --quiet` when something is due
INTERRUPTED = 130  # what a shell gives for Ctrl+C


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status: 0, 1 for an error, 2 for wrong usage."""
    # One thread: with a second busy one a small matrix product takes three times as long.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):  # a sign that the terminal lacks is no reason to stop
            stream.reconfigure(errors="replace")
    given = parser().parse_args(argv)
    try:
        status: int = given.run(given)
        sys.stdout.flush()
    except DropsError as error:
        print(f"drops: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone, as with head
        return 0
    except Exception as error:
        print(_reported(error, given), file=sys.stderr)
        return 1
    return status


def _reported(error: Exception, given: argparse.Namespace) -> str:
    from drops.clock import now
    from drops.study.report import report_line

    return report_line(error, home_of(given), f"{now().local:%Y-%m-%d-%H%M%S}")


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that does not send a mistyped word back to the terminal as it came."""

    def error(self, message: str) -> NoReturn:
        super().error(safe_text(message))


def say(line: str) -> None:
    """The one way out to the terminal: names of files, lessons and answers come from others."""
    print(safe_text(line))


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    shared = Parser(add_help=False)
    shared.add_argument(
        "--home", metavar="DIR", default=argparse.SUPPRESS, help="folder of the progress file (or DROPS_HOME)"
    )
    shared.add_argument(
        "--content",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="a further folder of paths (or DROPS_CONTENT)",
    )
    top = Parser(
        prog="drops",
        parents=[shared],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Neural networks in fourteen daily lessons, in your terminal.",
    )
    top.add_argument("--version", action="version", version=f"drops {__version__}")
    top.set_defaults(run=open_app)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], says: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[shared], help=says, description=says)
        made.set_defaults(run=run)
        return made

    today = command("today", today_, "what today holds and how long it takes")
    today.add_argument("--json", action="store_true", help="as JSON")
    today.add_argument(
        "--on", metavar="DATE", type=_date, help="a coming day, as 2026-12-24, as things stand"
    )
    today.add_argument(
        "--quiet", action="store_true", help=f"one line; exit status {DUE} when something is due"
    )
    plain = command("plain", plain_, "the session in lines")
    plain.add_argument("what", nargs="?", default="today", metavar="today|hard|DROP")
    replay = command("replay", replay_, "practise a drop again (no DROP: the hardest one)")
    replay.add_argument("drop", nargs="?", metavar="DROP")
    progress = command("progress", progress_, "accuracy, mastery, and what comes")
    progress.add_argument("--json", action="store_true", help="as JSON")
    path = command("path", path_, "the path with the state of each drop")
    path.add_argument("--json", action="store_true", help="as JSON")
    check = command("check", check_, "verify content: every error with its place and its remedy")
    check.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="library folders (default: all content)"
    )
    check.add_argument("--claims", action="store_true", help="measure every claim of every lesson again")
    doctor = command("doctor", doctor_, "health of the progress file and of the installation")
    doctor.add_argument("--rebuild", action="store_true", help="derive everything again from the answers")
    doctor.add_argument(
        "--restore", action="store_true", help="bring back the newest good backup and what came after"
    )
    command("backup", backup_, "a safe copy of the progress file").add_argument("file", type=Path)
    command("export", export_, "the whole log: .jsonl, or .csv and .tsv for people").add_argument(
        "file", type=Path
    )
    command("import", import_, "take in an export or another progress file").add_argument("file", type=Path)
    completion = command("completion", completion_, "a completion script for your shell")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    return top


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-12-24") from None


# Where things are ----------------------------------------------------------------------------


def home_of(given: argparse.Namespace) -> Path:
    from drops.store.files import home_dir

    return home_dir(getattr(given, "home", None))


def library_of(given: argparse.Namespace) -> Library:
    from drops.course.parse import library_folders, load

    return load(library_folders(getattr(given, "content", None) or os.environ.get("DROPS_CONTENT")))


def _settled(glance: Glance) -> Callable[[], Moment]:
    """The clock, with the learner's own rollover hour."""
    from drops.clock import now
    from drops.study.settings import value

    hour = value(glance.settings, "rollover_hour")
    return lambda: now(hour)


def _study(given: argparse.Namespace) -> tuple[Study, Callable[[], Moment]]:
    """The open study and its clock. Raises StoreError, ContentError."""
    from drops.store.log import Log
    from drops.study.study import Study

    library = library_of(given)
    home, fold, clock = _memory_of(given)
    return Study(library, Log.open(home, fold, now=clock())), clock


# The app and the line face -------------------------------------------------------------------


def open_app(given: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(
            "drops: the app needs a terminal; `drops today` prints what today holds, "
            "`drops plain` runs the session as lines",
            file=sys.stderr,
        )
        return 2
    return _app(given)


def _app(given: argparse.Namespace, *, replay: str = "") -> int:
    from drops.store.glance import glance
    from drops.study.settings import value
    from drops.study.today import today
    from drops.tui.app import run_app

    home = home_of(given)
    seen = glance(home)
    clock = _settled(seen)
    library = library_of(given)
    return run_app(
        glance_today=lambda: today(library, glance(home), clock()),
        open_study=lambda: _study(given)[0],
        clock=clock,
        library=lambda: library,
        home=home,
        replay=replay,
        palette=value(seen.settings, "theme"),
        reduced_motion=value(seen.settings, "reduced_motion"),
    )


def plain_(given: argparse.Namespace) -> int:
    from drops.plain import Plain
    from drops.study.looking_back import hardest

    study, clock = _study(given)
    try:
        drop = hardest(study, clock()) if given.what == "hard" else given.what
        session = (
            study.begin(clock())
            if drop == "today"
            else study.begin(clock(), drop=drop, replay=given.what == "hard")
        )
        Plain(study, clock, _input, say).run(session)
    finally:
        study.close()
    return 0


def replay_(given: argparse.Namespace) -> int:
    from drops.plain import Plain
    from drops.study.looking_back import hardest

    study, clock = _study(given)
    try:
        drop = study.library.drop(given.drop).id if given.drop else hardest(study, clock())
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            Plain(study, clock, _input, say).run(study.begin(clock(), drop=drop, replay=True))
            return 0
    finally:
        study.close()
    return _app(given, replay=drop)


def _input(prompt: str) -> str:
    """A line from the terminal or a pipe; a piped answer is echoed, so that the transcript reads well."""
    typed = input(safe_text(prompt))
    if not sys.stdin.isatty():
        say(typed[:200])
    return typed


# Commands that print -------------------------------------------------------------------------


def today_(given: argparse.Namespace) -> int:
    from drops.store.glance import glance
    from drops.study.printed import today_as_data, today_as_lines, today_in_a_line
    from drops.study.today import today

    seen = glance(home_of(given))
    made = today(library_of(given), seen, _settled(seen)(), given.on)
    if seen.problem:
        raise DropsError(seen.problem)
    if given.quiet:
        say(today_in_a_line(made))
        return DUE if made.items or made.new else 0
    _print(given, today_as_data(made), today_as_lines(made))
    return 0


def path_(given: argparse.Namespace) -> int:
    from drops.store.glance import glance
    from drops.study.printed import path_as_data, path_as_lines
    from drops.study.today import today

    library, seen = library_of(given), glance(home_of(given))
    if seen.problem:
        raise DropsError(seen.problem)
    made = today(library, seen, _settled(seen)())
    _print(given, path_as_data(library, made), path_as_lines(library, made))
    return 0


def progress_(given: argparse.Namespace) -> int:
    from drops.study.looking_back import progress
    from drops.study.printed import progress_as_data, progress_as_lines

    study, clock = _study(given)
    try:
        made = progress(study, clock())
    finally:
        study.close()
    _print(given, progress_as_data(made), progress_as_lines(made))
    return 0


def _print(given: argparse.Namespace, data: Any, lines: Sequence[str]) -> None:
    if given.json:
        import json

        say(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        say("\n".join(lines))


def check_(given: argparse.Namespace) -> int:
    from drops.course.check import check
    from drops.course.parse import library_folders

    folders = given.paths or library_folders(
        getattr(given, "content", None) or os.environ.get("DROPS_CONTENT")
    )
    problems = check(folders, given.claims, lambda done, of, what: say(f"[{done}/{of}] {what}"))
    for problem in problems:
        print(safe_text(str(problem)), file=sys.stderr)
    if problems:
        print(f"drops: {len(problems)} to mend", file=sys.stderr)
        return 1
    say("✓ content is sound" + (" and every claim holds" if given.claims else ""))
    return 0


# The progress file ---------------------------------------------------------------------------


def doctor_(given: argparse.Namespace) -> int:
    from drops.store.health import doctor

    home, fold, clock = _memory_of(given)
    if given.restore:
        _restore(home, fold, clock())
    if given.rebuild:
        _rebuild(home, fold, clock())
    findings = [*doctor(home, fold, clock()), *_content_health(given)]
    for finding in findings:
        # an error's line names its remedy itself
        do = "" if finding.do in finding.what else f"; {finding.do}"
        say(f"{'✓' if finding.ok else '✗'} {finding.what}{do}")
    return 0 if all(finding.ok for finding in findings) else 1


def _memory_of(given: argparse.Namespace) -> tuple[Path, Fold, Callable[[], Moment]]:
    """The home folder, the fold with the learner's own retention, and the clock."""
    from drops.memory.schedule import folded
    from drops.store.glance import glance
    from drops.study.settings import value

    home = home_of(given)
    seen = glance(home)
    return home, folded(value(seen.settings, "retention")), _settled(seen)


def _content_health(given: argparse.Namespace) -> list[Finding]:
    from drops.store.health import Finding

    try:
        library = library_of(given)
    except DropsError as error:
        return [Finding(False, str(error), "`drops check` lists everything to mend")]
    return [Finding(True, f"content: {len(library.paths)} path, {len(list(library))} drops")]


def _restore(home: Path, fold: Fold, now: Moment) -> None:
    from drops.store.restore import restore

    done = restore(home, fold, now)
    source = f"from {done.backup.name}" if done.backup else "without a backup to begin from"
    say(f"restored {source}: {done.events} events, {done.salvaged} of them read from the damaged file")
    for lost in done.lost:
        say(f"  lost: {lost}")
    if done.aside:
        say(f"  the damaged file is kept in {done.aside}")


def _rebuild(home: Path, fold: Fold, now: Moment) -> None:
    from drops.store.log import Log

    with Log.open(home, fold, now=now) as log:
        log.rebuild()
    say("rebuilt from the log")


def backup_(given: argparse.Namespace) -> int:
    from drops.store.files import write_whole

    with _log(given) as (log, clock):
        write_whole(given.file, log.back_up(clock()).read_bytes())
    say(f"saved a verified copy as {given.file}")
    return 0


def export_(given: argparse.Namespace) -> int:
    from drops.store.transfer import export

    with _log(given) as (log, _):
        count = export(log, given.file)
    say(f"wrote {count} events to {given.file}")
    return 0


def import_(given: argparse.Namespace) -> int:
    from drops.store.transfer import import_file

    with _log(given) as (log, clock):
        merged = import_file(log, given.file, clock())
    say(f"{merged.new} new events, {merged.known} known already, {merged.refused} kept out")
    for why, count in merged.quarantined.items():
        say(f"  kept out {count}: {why}")
    return 0


@contextmanager
def _log(given: argparse.Namespace) -> Iterator[tuple[Log, Callable[[], Moment]]]:
    from drops.store.log import Log

    home, fold, clock = _memory_of(given)
    with Log.open(home, fold, now=clock()) as log:
        yield log, clock


def completion_(given: argparse.Namespace) -> int:
    import shtab

    say(shtab.complete(parser(), shell=given.shell))
    return 0
