"""A store file: where a class's database is, and the key to it. A secret, so it is its owner's alone.

postgresql://owner:secret@db.school.example/drops      the owner's: one address

learners postgresql://…                                what `drops serve` is given
teacher  postgresql://…
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from drops.errors import StoreError
from drops.store.file.files import WINDOWS, replacing
from drops.store.file.plain import read_plain

OWNER, LEARNERS, TEACHER = "owner", "learners", "teacher"
LONGEST = 10_000  # bytes that are read of it
_SCHEMES = ("postgresql://", "postgres://")


def read_store_file(path: Path, *wanted: str) -> Mapping[str, str]:
    """The addresses that a store file names. Raises StoreError for what is none, or open to others, or
    lacks one that is wanted."""
    try:
        mode, text = path.stat().st_mode, read_plain(path, LONGEST).decode("utf-8", "replace")
    except OSError as error:
        why = (error.strerror or "unreadable").lower()
        raise StoreError(
            f"{path} cannot be read ({why}); name the file with the class's address", path
        ) from None
    if not WINDOWS and stat.S_IMODE(mode) & 0o077:
        raise StoreError(f"{path} holds a key and may be read by others; `chmod 600 {path}` first", path)
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = {words[0] if len(words) == 2 else OWNER: words[-1] for words in lines}
    if not found or not all(len(words) <= 2 and words[-1].startswith(_SCHEMES) for words in lines):
        raise StoreError(f"{path} is no store file: it names an address as "
                         "postgresql://user:password@host/database", path)  # fmt: skip
    if lacks := [name for name in wanted if name not in found]:
        raise StoreError(f"{path} {_OTHER[lacks[0]]}", path)
    return found


_OTHER = {
    OWNER: "is what `drops serve` is given; name the owner's store file",
    LEARNERS: "is not what `drops serve` is given; name the serve.conf that `drops class create` wrote",
    TEACHER: "is not what `drops serve` is given; name the serve.conf that `drops class create` wrote",
}


def write_store_file(path: Path, addresses: Mapping[str, str]) -> None:
    """For its owner alone. Raises NotSaved."""
    with replacing(path) as fresh:
        fresh.write_text("".join(f"{name} {one}\n" for name, one in addresses.items()), encoding="utf-8")
