"""A learner's file, opened: a path names an ordinary file that can be read or replaced, or is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

from nnlab.errors import LabError, short


def path_of(given: Any) -> Path:
    """A path that may name a file."""
    if not isinstance(given, str | PathLike) or not (path := Path(given)).name or "\0" in str(path):
        raise LabError(f"{short(given)} names no file; it wants the path of one")
    return path


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """The file, open; a sentence where it cannot be."""
    try:
        _ordinary(path)
        with path.open("rb") as file:
            yield file
    except (FileNotFoundError, NotADirectoryError):
        folder = path.absolute().parent
        raise LabError(f"{path.name}: there is no such file in {folder}; check the path") from None
    except OSError as error:
        raise LabError(f"{path.name} cannot be read ({_why(error)}); name a file that can be") from None


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A new file, open; it takes the place of the one at the path when it is whole."""
    part = path.with_name(path.name + ".part")
    try:
        _ordinary(path)
        try:
            with part.open("wb") as file:
                yield file
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        folder = path.absolute().parent
        if not folder.is_dir():
            why = f"{folder} is no folder; make it, or name another"
            raise LabError(f"{path} cannot be written: {why}") from None
        raise LabError(f"{path} cannot be written ({_why(error)}); name another place") from None


def _ordinary(path: Path) -> None:
    if path.is_dir():
        raise LabError(f"{path} is a folder; name a file in it")
    if path.exists() and not path.is_file():
        raise LabError(f"{path} is no ordinary file; name another one")


def _why(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()
