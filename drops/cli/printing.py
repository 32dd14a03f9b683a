"""The one way out to the terminal, and streams that can be used whatever they are."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any

from drops.errors import DropsError
from drops.text import NEAREST, safe_text


class Unprinted(DropsError):
    """What is said finds no place: the disk behind standard output is full, or its device is gone."""


def ready_streams() -> None:
    """Standard streams that can be used whatever they are: closed ones take and give nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # opened first, so that no progress file ever gets its number
            nothing = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115  # open to the end
            setattr(sys, name, nothing)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a sign that the terminal lacks is no reason to stop
            stream.reconfigure(errors="replace" if stream is sys.stdin else NEAREST)


@contextmanager
def printing() -> Iterator[None]:
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


def say(line: str, end: str = "\n") -> None:
    """The one way out to the terminal: names of files, lessons and answers come from others."""
    with printing():
        print(safe_text(line), end=end, flush=not end)


def read_line(prompt: str) -> str:
    """A line from the terminal or a pipe; a piped answer is echoed, so that the transcript reads well."""
    say(prompt, end="")
    typed = input()
    if not sys.stdin.isatty():
        say(typed[:200])
    return typed


def print_as(given: argparse.Namespace, data: Any, lines: Sequence[str]) -> None:
    if given.json:
        import json

        say(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        say("\n".join(lines))
