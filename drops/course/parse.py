"""From Markdown to values: how a course is written. `drops check` holds yours against it.

A library folder holds one folder for each path: `path.md`, and a lesson per file `NN-<id>.md`. The
folder of one path may be named as well. All of the format stands in docs/writing.md, which
`drops help writing` prints; `drops new` writes a path to begin with.

    DROPS_CONTENT=~/my-library drops check        a library of your own beside ours

Everything is parsed at once by these line scanners; only `markup.py`, which the check uses,
asks a full Markdown parser. The first screen waits for the course: that parser would take longer to
import than to take our own lessons as they were read last time (`compiled.py`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from drops.carried import carried
from drops.course import compiled
from drops.course.model import Drop, LearningPath, Library, Place
from drops.course.words import is_id
from drops.errors import ContentError

if TYPE_CHECKING:
    from drops.course.source import Source

MARKDOWN = (".md", ".markdown")
MOST_FILES = 500
LESSON = re.compile(r"(\d{2,3})-(.+)\.md")


def library_folders(extra: str | None) -> list[Path]:
    """The bundled content, then the folders named by `extra`, separated as in PATH.

    An installed program carries its content inside the package; a checkout reads it in place.
    """
    return [_ours(), *(Path(name).expanduser() for name in (extra or "").split(os.pathsep) if name)]


def _ours() -> Path:
    package = Path(__file__).parents[1]
    places = [place for place in (package / "_content", package.parent / "content") if place.is_dir()]
    return places[0] if places else carried("_content")


def load(folders: Sequence[Path], shelf: Path | None = None) -> Library:
    """All paths of the library folders and of the shelf, to learn from: without what lessons claim.

    Raises ContentError for the first mistake. A path of the shelf that does not fit any more, to a later
    version or to a path that came after it, is left out and told in the library's `left_out`.
    """
    reading = read(folders, claims=False)
    if reading.errors:
        raise reading.errors[0]
    paths, left_out = reading.paths, list[ContentError]()
    for place in shelved(shelf):
        one = read([place], claims=False)
        wrong = one.errors or taken(Library((*paths, *one.paths)))
        paths, left_out = (paths, [*left_out, wrong[0]]) if wrong else ([*paths, *one.paths], left_out)
    return Library(tuple(_in_order(paths)), left_out=tuple(left_out))


def shelved(shelf: Path | None) -> list[Path]:
    """The folders of the paths that were added: those of the shelf."""
    if shelf is None or not os.path.isdir(shelf):  # noqa: PTH112  the first screen waits: half the time of Path's
        return []
    with suppress(OSError):
        return sorted(one for one in shelf.iterdir() if is_id(one.name) and (one / "path.md").is_file())
    return []


# ── folders ───────────────────────────────────────────────────────────────────────────────


class Reading:
    """What was found: the paths that could be read, every mistake, every file that is text."""

    def __init__(self, *, claims: bool) -> None:
        self.claims = claims  # whether to read those too
        self.paths: list[LearningPath] = []
        self.errors: list[ContentError] = []
        self.sources: list[Source] = []
        self.passed_over: list[str] = []  # Markdown files that are named, or stand, as no lesson does

    @property
    def faulty(self) -> frozenset[str]:
        """Files that could not be read wholly."""
        return frozenset(error.place.rpartition(":")[0] for error in self.errors)

    @property
    def library(self) -> Library:
        return Library(tuple(self.paths))


def read(folders: Sequence[Path], *, claims: bool = True) -> Reading:
    """Everything that can be read, and everything that cannot."""
    reading = Reading(claims=claims)
    names: set[str] = set()
    for folder in dict.fromkeys(Path(os.path.abspath(f)) for f in folders):  # noqa: PTH100  # resolve() follows links
        name = str(folder) if folder.name in names else folder.name
        names.add(name)
        if not claims and folder == _ours():
            _take_ours(folder, name, reading)
            continue
        try:
            _read_folder(folder, name, reading)
        except ContentError as mistake:
            reading.errors.append(mistake)
        except OSError as problem:
            what = f"cannot be read ({problem.strerror or 'unreadable'})"
            reading.errors.append(ContentError(str(folder), what, "name a library folder"))
    reading.paths = _in_order(reading.paths)
    reading.errors += taken(reading.library)
    return reading


def _take_ours(folder: Path, name: str, reading: Reading) -> None:
    """What drops comes with, as it was read last time, unless a file has changed."""
    if (paths := compiled.kept(folder, name)) is None:
        ours = Reading(claims=False)
        _read_folder(folder, name, ours)
        paths = ours.paths
        reading.errors += ours.errors
        if not ours.errors:
            compiled.keep(folder, name, paths)
    reading.paths += paths


def _in_order(found: Sequence[LearningPath]) -> list[LearningPath]:
    """The paths as they were found, each behind those that hold what its drops need."""
    holds: dict[str, str] = {}
    for path in found:
        for drop in path.drops:
            holds.setdefault(drop.id, path.id)
    needs = {
        path.id: {holds[name] for drop in path.drops for name in drop.needs if name in holds} - {path.id}
        for path in reversed(found)
    }
    waiting, ordered = [*found], list[LearningPath]()
    while waiting:
        still = {path.id for path in waiting}
        ready = next((path for path in waiting if not needs[path.id] & still), waiting[0])
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def _read_folder(folder: Path, name: str, reading: Reading) -> None:
    if not folder.is_dir():
        remedy = "name a folder that holds a folder for each path"
        raise ContentError(str(folder), "no such folder", remedy)
    # a path, whatever its page is, and not a folder of paths
    alone = (folder / "path.md").exists() and not any(folder.glob("*/path.md"))
    found: dict[Path, list[Path]] = {}
    for file in sorted(folder.glob("*.md" if alone else "*/*.md")):
        found.setdefault(file.parent, []).append(file)
    if not found:
        raise ContentError(str(folder), "holds no path", "put a path.md into a folder of it")
    count = sum(map(len, found.values()))
    if count > MOST_FILES:
        remedy = f"at most {MOST_FILES} are read; split the library"
        raise ContentError(str(folder), f"holds {count} files", remedy)
    for place, files in found.items():
        lessons = [file for file in files if LESSON.fullmatch(file.name)]
        if lessons or place / "path.md" in files:
            _read_path(place, name if alone else f"{name}/{place.name}", lessons, reading)
    below = [] if alone else sorted(one for one in folder.iterdir() if one.is_dir())
    for place in (folder, *below):
        inside = alone or place != folder
        within = f"{name}/{place.name}" if inside and not alone else name
        reading.passed_over += [f"{within}/{other}" for other in _passed_over(place, inside=inside)]


def _passed_over(place: Path, *, inside: bool) -> list[str]:
    """The Markdown files of a library, or inside a folder of it, that are named as nothing read there."""
    others = (file.name for file in place.iterdir() if file.suffix.lower() in MARKDOWN)
    read_there = ("path.md", "README.md") if inside else ("README.md",)
    return sorted(
        name for name in others if name not in read_there and not (inside and LESSON.fullmatch(name))
    )


def _read_path(folder: Path, name: str, lessons: list[Path], reading: Reading) -> None:
    from drops.course.lesson import read_drop  # late: not needed for what is taken as it was read before
    from drops.course.page import read_page

    drops: list[Drop] = []
    wrong: list[ContentError] = []
    for file in lessons:
        try:
            source = _read_file(file, name, reading)
        except ContentError as mistake:
            wrong.append(mistake)
            continue
        drop, mistakes = read_drop(source, int(file.name.partition("-")[0]), claims=reading.claims)
        wrong += mistakes
        drops += [drop] if drop else []
    try:
        path, mistakes = read_page(_read_file(folder / "path.md", name, reading), drops)
    except ContentError as mistake:
        path, mistakes = None, [mistake]
    reading.paths += [path] if path else []
    reading.errors += mistakes + wrong


def _read_file(file: Path, name: str, reading: Reading) -> Source:
    from drops.course.source import read_source

    source = read_source(file, f"{name}/{file.name}")
    reading.sources.append(source)
    return source


def taken(library: Library) -> list[ContentError]:
    """Ids that two drops or two paths share: progress could not tell them apart."""
    wrong: list[ContentError] = []
    for what, things in (("path", library.paths), ("drop", tuple(library))):
        seen: dict[str, Place] = {}
        for thing in things:
            if thing.id in seen:
                twice = f'the {what} id "{thing.id}" is taken by {seen[thing.id]}'
                wrong.append(ContentError(str(thing.place), twice, "rename one of the two"))
            seen.setdefault(thing.id, thing.place)
    return wrong
