"""The last resort: an end that nobody asked for becomes a report file, and one line that names it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from drops.errors import Ended
from drops.text import safe_text

KEPT = 10  # reports; whoever closes a window every day should not find one for each


def report_line(problem: BaseException, home: Path, when: str) -> str:
    """Writes the report, and returns the line that names it."""
    what = problem.why if isinstance(problem, Ended) else f"{type(problem).__name__}: {problem}"
    import traceback  # late: most starts end well

    path = home / f"report-{when}.txt"
    try:
        if not home.is_dir():
            home.mkdir(parents=True, mode=0o700)  # as a session makes it: nobody else looks in
        path.touch(mode=0o600)
        path.write_text("".join(traceback.format_exception(problem)), encoding="utf-8")
    except (OSError, UnicodeError):
        with suppress(OSError):
            path.unlink()  # half of it, where the disk is full
        said = " ".join(safe_text(what).split())[:160]
        return f"drops stopped: {said}. Every answer is saved; the report could not be written."
    with suppress(OSError):
        for old in sorted(home.glob("report-*.txt"))[:-KEPT]:
            old.unlink()
    if isinstance(problem, Ended):
        said = f"drops stopped: {what}. Every answer is saved, the next start goes on here; see {path}"
    else:
        said = f"drops stopped by an error of its own. Every answer is saved; please report it with {path}"
    return " ".join(safe_text(said).split("\n"))


def complain(line: str) -> None:
    """A line on standard error, where somebody is left to read it."""
    try:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except OSError:
        mute(sys.stdout)
        mute(sys.stderr)


def mute(stream: TextIO) -> None:
    """Sends what is still to be written nowhere, so that the end of the program does not fail over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
