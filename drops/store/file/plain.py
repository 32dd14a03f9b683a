"""Reading a small file of which nothing is known: a pipe would be waited for, a device never ends."""

from __future__ import annotations

import errno
import stat
from pathlib import Path


def read_plain(path: Path, most: int) -> bytes:
    """The first `most` bytes of a plain file, also behind a link. Raises OSError for anything else."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no plain file", str(path))
    with path.open("rb") as file:
        return file.read(most)
