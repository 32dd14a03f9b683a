"""Whose exercise kinds may run on this machine: names of packages, a line each, in the home folder.

Not in the log: a history that comes from elsewhere never lets a program run here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from drops.store.file.files import prepare_home, write_whole
from drops.store.file.plain import read_plain

FILE = "kinds.txt"
LONGEST = 100_000  # bytes that are read of it


def plain_name(package: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", package).lower()


def allowed_in(home: Path) -> tuple[str, ...]:
    """The packages that were allowed; none where the file cannot be read."""
    try:
        lines = read_plain(home / FILE, LONGEST).decode("utf-8", "replace").splitlines()
    except OSError:
        return ()
    return tuple(dict.fromkeys(plain_name(line.strip()) for line in lines if line.strip()))


def write_allowed(home: Path, packages: Iterable[str]) -> None:
    """Raises NoHome, NotSaved."""
    prepare_home(home)
    text = "".join(f"{name}\n" for name in sorted(packages))
    write_whole(home / FILE, text.encode())
