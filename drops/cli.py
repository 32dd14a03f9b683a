"""The commands. Each imports what it needs when it runs: `drops today` loads neither Textual,
numpy nor SQLAlchemy.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from drops import __version__
from drops.clock import Moment
from drops.errors import DropsError, Unknown
from drops.text import NEAREST, safe_text

if TYPE_CHECKING:
    from drops.course.model import Library
    from drops.store.derive import Fold
    from drops.store.glance import Glance
    from drops.store.health import Finding
    from drops.store.log import Log
    from drops.study.study import Study

# Under each command's help: what it does that its options do not say, and what to type.
ABOUT = """\
examples:
  drops                          open the app at Today
  drops today                    what today holds, and how long it takes
  drops plain                    today's session as lines
  drops plain why-the-squash     one drop as lines
  drops replay 2                 practise drop 2 again, with fresh numbers
  drops export answers.csv       all answers for a spreadsheet

A DROP is its number or its id: 3, or why-the-squash. `drops path` lists them.
`drops COMMAND --help` tells more. Exit status: 0 done, 1 it could not be done
and one line says why, 2 the command was not understood.
"""

MORE = {
    "today": """\
examples:
  drops today                    in words
  drops today --json             for scripts
  drops today --on 2026-12-24    what will be due that day, as things stand
  drops today --quiet || notify-send "$(drops today --quiet)"

--quiet prints one line and exits with 10 when something is due, else with 0.
""",
    "plain": """\
examples:
  drops plain                    today's session
  drops plain 3                  drop 3, also before its day
  drops plain why-the-squash     the same
  drops plain hard               the drop that has been hardest for you, again

The whole session on standard input and output, for screen readers, slow links
and scripts. `help` at any prompt tells the words that work there.
""",
    "replay": """\
examples:
  drops replay                   the drop that has been hardest for you
  drops replay 2                 drop 2

In a terminal this opens the app, elsewhere it runs as lines. What is not due
yet is practice: it does not count for memory.
""",
    "progress": """\
examples:
  drops progress                 in words
  drops progress --json          the figures of the Progress screen
""",
    "path": """\
examples:
  drops path                     phases, drops, how each one stands
  drops path --json              the same for scripts, with the ids
""",
    "check": """\
examples:
  drops check                    all content
  drops check my-paths           a library: a folder for each path in it
  drops check --claims           also measure every claim again (minutes)

Each error is one line on stderr: file:line, what is wrong, what to do.
""",
    "doctor": """\
examples:
  drops doctor                   look, change nothing
  drops doctor --restore         a damaged or lost progress file
  drops doctor --rebuild         due days and figures that look wrong

--restore brings back the newest good backup and every answer after it that can
still be read, and keeps the damaged file. --rebuild loses nothing: the answers
are the truth, the rest follows from them. Exit status 1: something is to do.
""",
    "backup": """\
examples:
  drops backup /media/stick/drops.db
  drops backup "drops-$(date +%F).db"
  drops import drops.db          takes it in again, here or elsewhere
""",
    "export": """\
examples:
  drops export all.jsonl         everything; `drops import` takes it in again
  drops export answers.csv       for a spreadsheet, also .tsv
""",
    "import": """\
examples:
  drops import all.jsonl         an export of another device
  drops import old/progress.db   another progress file, or a backup

What is known already is not taken twice, so two devices can be imported into
each other in any order. What cannot be trusted is kept out, and counted.
""",
    "completion": """\
examples:
  drops completion bash >> ~/.bashrc
  drops completion zsh > ~/.zfunc/_drops       a folder that stands in $fpath
  drops completion fish > ~/.config/fish/completions/drops.fish
  drops completion tcsh >> ~/.tcshrc
  drops completion powershell >> $PROFILE

The ids of drops stand in the script: make it anew after adding a path.
""",
}

SHELLS = ("bash", "zsh", "fish", "tcsh", "powershell")
DUE = 10  # exit status of `drops today --quiet` when something is due
INTERRUPTED = 130  # what a shell gives for Ctrl+C


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status: 0, 1 for an error, 2 for wrong usage."""
    # One thread: with a second busy one a small matrix product takes three times as long.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _ready_streams()
    home: str | None = None
    try:
        given = parser().parse_args(argv)
        home = getattr(given, "home", None)
        status: int = given.run(given)
        with _printing():
            sys.stdout.flush()
    except DropsError as error:
        print(f"drops: {error}", file=sys.stderr)
        if isinstance(error, Unprinted):
            _mute()
        return error.exit_status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _mute()  # the reader has gone, as with head
        return 0
    except Exception as error:
        print(_reported(error, home), file=sys.stderr)
        return 1
    return status


def _ready_streams() -> None:
    """Standard streams that can be used whatever they are: closed ones take and give nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # opened first, so that no progress file ever gets its number
            nothing = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115  # open to the end
            setattr(sys, name, nothing)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a sign that the terminal lacks is no reason to stop
            stream.reconfigure(errors="replace" if stream is sys.stdin else NEAREST)


class Unprinted(DropsError):
    """What is said finds no place: the disk behind standard output is full, or its device is gone."""


@contextmanager
def _printing() -> Iterator[None]:
    """A failure to print is not the program's fault. A reader that has gone stays a BrokenPipeError."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if os.name == "nt" and error.errno == errno.EINVAL:  # how Windows says so
            raise BrokenPipeError from error
        reason = (error.strerror or "unknown reason").lower()
        raise Unprinted(f"this cannot be printed ({reason}); every answer is saved") from error


def _mute() -> None:
    """Sends what is still to be printed nowhere, so that the end of the program does not fail over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _reported(error: Exception, home: str | None) -> str:
    from drops.clock import now
    from drops.store.files import home_dir
    from drops.study.report import report_line

    return report_line(error, home_dir(home), f"{now().local:%Y-%m-%d-%H%M%S}")


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that says what is wrong in one line, with the next step.

    A mistyped word does not go back to the terminal as it came.
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"formatter_class": argparse.RawDescriptionHelpFormatter, **more})

    def error(self, message: str) -> NoReturn:
        wrong = re.match(r"argument (\S+): invalid choice: '(.*)' \(choose from (.*)\)$", message, re.DOTALL)
        if wrong:
            message = str(Unknown(wrong[1].lower(), wrong[2], re.findall(r"[\w-]+", wrong[3])))
        message = message.removeprefix("argument ")
        then = " " if message.endswith("?") else "; "
        self.exit(2, safe_text(f"drops: {message}{then}`{self.prog} --help` shows how\n"))


def say(line: str, end: str = "\n") -> None:
    """The one way out to the terminal: names of files, lessons and answers come from others."""
    with _printing():
        print(safe_text(line), end=end, flush=not end)


def parser(drops: Sequence[str] = ()) -> argparse.ArgumentParser:
    """All commands and their options; with the ids of `drops`, as a completion script offers them."""
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
        epilog=ABOUT,
        description="Neural networks in fourteen daily lessons, in your terminal.",
    )
    top.add_argument("--version", action="version", version=f"drops {__version__}")
    top.set_defaults(run=open_app)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], says: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(
            name, parents=[shared], help=says, description=f"{says[0].upper()}{says[1:]}.", epilog=MORE[name]
        )
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
    what = plain.add_argument(
        "what", nargs="?", default="today", metavar="today|hard|DROP", help="what to do (default: today)"
    )
    replay = command("replay", replay_, "practise a drop again, with fresh numbers")
    drop = replay.add_argument("drop", nargs="?", metavar="DROP", help="default: the hardest one")
    if drops:
        what.choices, drop.choices = ("today", "hard", *drops), drops
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
    backup = command("backup", backup_, "a safe copy of the progress file")
    export = command("export", export_, "the whole log: .jsonl, or .csv and .tsv for people")
    taken_in = command("import", import_, "take in an export or another progress file")
    for made in (backup, export, taken_in):
        made.add_argument("file", type=Path, metavar="FILE")
    for made in (backup, export):
        made.add_argument("--replace", action="store_true", help="also where FILE exists")
    completion = command("completion", completion_, "a completion script for your shell")
    completion.add_argument("shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS))
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


def _study(given: argparse.Namespace, library: Library | None = None) -> tuple[Study, Callable[[], Moment]]:
    """The open study and its clock; the course is read unless it is given. Raises DropsError."""
    from drops.store.log import Log
    from drops.study.study import Study

    library = library or library_of(given)
    home, fold, clock = _memory_of(given)
    return Study(library, Log.open(home, fold, now=clock())), clock


# The app and the line face -------------------------------------------------------------------


def open_app(given: argparse.Namespace) -> int:
    if not _has_screen():
        print(
            "drops: the app needs a terminal; `drops today` prints what today holds, "
            "`drops plain` runs the session as lines",
            file=sys.stderr,
        )
        return 2
    return _app(given)


def _has_screen() -> bool:
    """Whether there is a terminal that an app can draw on. Textual draws on standard error."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"


def _without_openssl() -> None:
    """Nothing here is sent or encrypted. asyncio and hashlib do without OpenSSL, which weighs 5 MB.

    Where Python has no hashes of its own it stays.
    """
    own = ("_blake2", "_md5", "_sha1", "_sha3"), ("_sha2", "_sha512")
    if all(map(find_spec, own[0])) and any(map(find_spec, own[1])):
        for name in ("ssl", "_hashlib"):  # an import of them fails, as where Python was built without
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def _app(given: argparse.Namespace, *, replay: str = "") -> int:
    _without_openssl()
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
        open_study=lambda: _study(given, library)[0],
        clock=clock,
        library=lambda: library,
        home=home,
        replay=replay,
        palette=value(seen.settings, "theme"),
        reduced_motion=value(seen.settings, "reduced_motion"),
    )


def plain_(given: argparse.Namespace) -> int:
    from drops.plain.session import Plain
    from drops.study.looking_back import hardest

    study, clock = _study(given)
    try:
        drop = hardest(study, clock()) if given.what == "hard" else given.what
        if drop not in ("today", "hard"):
            drop = _drop(study.library, drop)
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
    from drops.plain.session import Plain
    from drops.study.looking_back import hardest

    study, clock = _study(given)
    try:
        drop = _drop(study.library, given.drop) if given.drop else hardest(study, clock())
        if not _has_screen():
            Plain(study, clock, _input, say).run(study.begin(clock(), drop=drop, replay=True))
            return 0
    finally:
        study.close()
    return _app(given, replay=drop)


def _drop(library: Library, name: str) -> str:
    """The id of the drop that was named. Raises DropsError."""
    if (
        re.fullmatch(r"-?\d+", name)
        and library.paths
        and not 1 <= int(name[:9]) <= len(library.paths[0].drops)
    ):
        raise DropsError(
            f"no drop {name[:9]}: they go from 1 to {len(library.paths[0].drops)}; `drops path` lists them"
        )
    return library.drop(name).id


def _input(prompt: str) -> str:
    """A line from the terminal or a pipe; a piped answer is echoed, so that the transcript reads well."""
    say(prompt, end="")
    typed = input()
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

    _refuse_to_replace(given)
    with _log(given) as (log, clock):
        write_whole(given.file, log.back_up(clock()).read_bytes())
    say(f"saved a verified copy as {given.file}")
    return 0


def export_(given: argparse.Namespace) -> int:
    from drops.store.transfer import export

    _refuse_to_replace(given)
    with _log(given) as (log, _):
        count = export(log, given.file)
    say(f"wrote {count} events to {given.file}")
    return 0


def _refuse_to_replace(given: argparse.Namespace) -> None:
    if given.file.exists() and not given.replace:
        raise DropsError(f"{given.file} exists; give another name, or add --replace")


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

    offered = parser([drop.id for drop in library_of(given)])
    for action in (action for command in _commands(offered) for action in command._actions):
        if action.metavar in ("FILE", "PATH"):
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # how shtab is told
        if action.metavar == "DIR":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]  # likewise
    say(shtab.complete(offered, shell=given.shell))
    return 0


def _commands(top: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those of its commands."""
    yield top
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.values()
