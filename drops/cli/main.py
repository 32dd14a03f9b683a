"""The program: reads what was typed, runs a command, and says in one line what went wrong.

Each command imports what it needs when it runs: `drops today` loads neither Textual, numpy nor
SQLAlchemy.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from drops.cli.parser import build_parser
from drops.cli.printing import Unprinted, mute, printing, ready_streams
from drops.errors import DropsError

INTERRUPTED = 130  # what a shell gives for Ctrl+C


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status: 0, 1 for an error, 2 for wrong usage."""
    # One thread: with a second busy one a small matrix product takes three times as long.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    ready_streams()
    home: str | None = None
    try:
        given = build_parser().parse_args(argv)
        home = getattr(given, "home", None)
        status: int = given.run(given)
        with printing():
            sys.stdout.flush()
    except DropsError as error:
        print(f"drops: {error}", file=sys.stderr)
        if isinstance(error, Unprinted):
            mute()
        return error.exit_status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        mute()  # the reader has gone, as with head
        return 0
    except Exception as error:
        print(report(error, home), file=sys.stderr)
        return 1
    return status


def report(error: Exception, home: str | None) -> str:
    from drops.clock import now
    from drops.store.file.files import home_dir
    from drops.study.crash import report_line

    return report_line(error, home_dir(home), f"{now().local:%Y-%m-%d-%H%M%S}")
