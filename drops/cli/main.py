"""The program: reads what was typed, runs a command, and says in one line what went wrong.

Each command imports what it needs when it runs: `drops today` loads neither Textual, numpy nor
SQLAlchemy.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from drops.cli.parser import read_words
from drops.cli.printing import Unprinted, printing, ready_streams
from drops.errors import DropsError, Ended
from drops.study.crash import complain, mute, report_line

INTERRUPTED = 130  # what a shell gives for Ctrl+C
ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT")  # Windows lacks the last two


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Signals that end a program raise Ended, so that what is open is closed on the way out.

    One that is not to be listened to, as under nohup, stays unheard; so do all in a thread, which may not
    listen.
    """
    numbers = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    before = {n: signal.getsignal(n) for n in numbers if signal.getsignal(n) == signal.SIG_DFL}
    try:
        for number in before:
            signal.signal(number, _end)
    except ValueError:
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _: object) -> None:
    raise Ended.by_signal(number)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status: 0, 1 for an error, 2 for wrong usage."""
    # One thread: with a second busy one a small matrix product takes three times as long.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    ready_streams()
    home: str | None = None
    try:
        given = read_words(sys.argv[1:] if argv is None else argv)
        home = getattr(given, "home", None)
        with ended_by_signals():
            status: int = given.run(given)
        with printing():
            sys.stdout.flush()
    except DropsError as error:
        complain(f"drops: {error}")
        if isinstance(error, Unprinted):
            mute(sys.stdout)
        return error.exit_status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        mute(sys.stdout)  # the reader has gone, as with head
        return 0
    except (Exception, Ended) as error:
        complain(report(error, home))
        return 1
    return status


def report(error: BaseException, home: str | None) -> str:
    from drops.clock import now
    from drops.store.file.files import home_dir

    return report_line(error, home_dir(home), f"{now().local:%Y-%m-%d-%H%M%S}")
