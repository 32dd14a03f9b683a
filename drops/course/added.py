"""Paths that a learner adds, from a folder or a zip: checked before they are there, and taken away again.

    shelf/my-path/path.md, 01-first.md      a folder for each, called by its id

Of a pack only its page and its lessons are read, by name; nothing is unpacked from it.
"""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from drops.course.check import check
from drops.course.model import LearningPath, Library, Problem
from drops.course.parse import LESSON, MOST_FILES, read, taken
from drops.course.source import MOST_BYTES, source_of
from drops.course.words import is_id
from drops.errors import DropsError

PAGE = "path.md"
MOST_PACKED = 20_000_000  # bytes, packed and read
MOST_MEMBERS = 5_000
STALE = 3_600  # seconds after which what an interrupted `add` left is swept
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
_ELSEWHERE = re.compile(r"^[/\\]|^[A-Za-z]:|\\|[\x00-\x1f]")  # absolute, a drive, another system's separator


class NotAdded(DropsError):
    """A path that the check refuses; `problems` are its lines."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = f"{len(problems)} to mend"
        super().__init__(f"{name} is not added: {count}; nothing was changed")


# ── what is in a pack ─────────────────────────────────────────────────────────────────────


def read_pack(pack: Path) -> dict[str, bytes]:
    """The page and the lessons of the one path in a folder or a zip, by name. Raises DropsError."""
    try:
        if pack.is_dir():
            return _sized(pack, _from_folder(pack))
        if not pack.exists():
            raise DropsError(f"{pack} is not there; name a folder with a {PAGE}, or a zip of one")
        if not pack.is_file():
            raise DropsError(f"{pack} is no plain file; name a folder with a {PAGE}, or a zip of one")
        if pack.suffix.lower() == ".md":
            raise DropsError(f"{pack} is one file of a path; name the folder with its {PAGE}, or a zip of it")
        if pack.stat().st_size > MOST_PACKED:
            raise DropsError(f"{pack} is larger than {MOST_PACKED // 1_000_000} MB; no course of text is")
    except OSError as problem:
        reason = (problem.strerror or "unreadable").lower()
        raise DropsError(f"{pack} cannot be read ({reason}); name another") from problem
    try:
        with zipfile.ZipFile(pack) as opened:
            return _sized(pack, _from_zip(pack, opened))
    except _BROKEN as problem:
        remedy = "get it again, or name a folder"
        raise DropsError(f"{pack} is no whole zip file ({problem}); {remedy}") from problem


def _sized(pack: Path, found: Iterator[tuple[str, bytes]]) -> dict[str, bytes]:
    """All of it, as long as it is not too much."""
    files: dict[str, bytes] = {}
    for name, content in found:
        if name.casefold() in {one.casefold() for one in files}:
            raise DropsError(f"{pack} holds {name} twice; pack it again")
        if len(content) > MOST_BYTES:
            raise DropsError(f"{name} in {pack} is larger than 1 MB; split it")
        files[name] = content
        if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_PACKED:
            most = f"{MOST_FILES} files or {MOST_PACKED // 1_000_000} MB"
            raise DropsError(f"{pack} holds more than {most}; split the path")
    return files


def _is_read(name: str) -> bool:
    return name == PAGE or LESSON.fullmatch(name) is not None


def _from_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    if not (folder / PAGE).exists():
        raise DropsError(f"{folder} holds no {PAGE}; name the folder of one path")
    for file in sorted(folder.iterdir()):
        if not _is_read(file.name):
            continue
        if not stat.S_ISREG(file.lstat().st_mode):
            raise DropsError(f"{file} is no plain file; put the file itself there")
        with file.open("rb") as opened:
            yield file.name, opened.read(MOST_BYTES + 1)


def _from_zip(pack: Path, opened: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    members = opened.infolist()
    if len(members) > MOST_MEMBERS:
        raise DropsError(f"{pack} holds {len(members):,} files; no course does")
    for member in members:
        if why := _odd(member):
            name = member.filename[:80]
            raise DropsError(f'{pack} is not opened: "{name}" in it {why}; pack the folder of the path alone')
    places = {member.filename: PurePosixPath(member.filename) for member in members if not member.is_dir()}
    pages = [place for place in places.values() if place.name == PAGE and "__MACOSX" not in place.parts]
    if len(pages) != 1:
        held = f"{len(pages)} paths; unpack it and add one after the other" if pages else f"no {PAGE}"
        raise DropsError(f"{pack} holds {held}" + ("" if pages else "; pack the folder of one path"))
    for member in members:
        place = places.get(member.filename)
        if place is not None and place.parent == pages[0].parent and _is_read(place.name):
            with opened.open(member) as file:
                yield place.name, file.read(MOST_BYTES + 1)


def _odd(member: zipfile.ZipInfo) -> str:
    """What no honest pack has in it; "" where nothing is odd."""
    if _ELSEWHERE.search(member.orig_filename) or ".." in PurePosixPath(member.filename).parts:
        return "leads out of it"
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is no plain file"
    return "is locked with a password" if member.flag_bits & 1 else ""


# ── onto the shelf, and off it ────────────────────────────────────────────────────────────


def add_path(
    pack: Path, shelf: Path, library: Library, beside: Sequence[Path], *, replace: bool
) -> LearningPath:
    """Checks the path in `pack` and puts it on the shelf, whole or not at all. `library` is all that is
    there, `beside` the folders of it. Raises DropsError, NotAdded for what the check says.
    """
    files = read_pack(pack)
    name = source_of(files[PAGE].decode("utf-8-sig", errors="replace"), PAGE).front.id("id")
    there = next((path for path in library.paths if path.id == name), None)
    target = shelf / name
    if there is not None and not target.exists():
        raise DropsError(f'the path id "{name}" is taken by "{there.title}"; its author has to rename one')
    if target.exists() and not replace:
        raise DropsError(f"{name} is there already; `--replace` puts this one in its place, answers stay")
    with _staging(shelf) as staging:
        path = _checked(staging / name, files, library, beside)
        old = staging / "old"
        if target.exists():
            target.rename(old)
        try:
            (staging / name).rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    return path


def _checked(
    place: Path, files: Mapping[str, bytes], library: Library, beside: Sequence[Path]
) -> LearningPath:
    """The path, written to `place` and held against the check and the library."""
    place.mkdir()
    for name, content in files.items():
        (place / name).write_bytes(content)
    problems = check([place], beside=[folder for folder in beside if folder.name != place.name])
    new = read([place], claims=False).paths
    others = tuple(path for path in library.paths if path.id != place.name)
    clash = [Problem(e.place, e.what, e.remedy) for e in taken(Library((*others, *new)))]
    if problems or clash:
        raise NotAdded(place.name, [*problems, *clash])
    return new[0]


@contextmanager
def _staging(shelf: Path) -> Iterator[Path]:
    """A folder beside those on the shelf, gone at the end. Raises DropsError."""
    try:
        shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in shelf.glob(".adding-*"):
            if time.time() - left.stat().st_mtime > STALE:
                shutil.rmtree(left, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=".adding-", dir=shelf))
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as problem:
        reason = (problem.strerror or "unknown reason").lower()
        raise DropsError(f"{shelf} cannot be written ({reason}); nothing was changed") from problem


def remove_path(name: str, shelf: Path, library: Library) -> str:
    """Takes a path off the shelf, by its id or title; answers stay in the log. Returns what it was called.

    Raises Unknown, DropsError for a path that was not added.
    """
    by_title = {path.title.casefold(): path.id for path in library.paths}
    target = shelf / by_title.get(name.casefold(), name.casefold())
    if not is_id(target.name) or target.parent != shelf or not target.is_dir():
        path = library.path(name)
        remedy = f"`drops paths hide {path.id}` puts it out of sight"
        raise DropsError(f'"{path.title}" was not added by `drops add`; {remedy}')
    with _staging(shelf) as staging:
        target.rename(staging / target.name)
    return next((path.title for path in library.paths if path.id == target.name), target.name)
