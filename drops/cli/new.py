"""The command that writes a path to begin with."""

from __future__ import annotations

import argparse
import re
import shlex
import unicodedata
from contextlib import suppress
from pathlib import Path

from drops.carried import carried
from drops.cli.command import Command
from drops.cli.printing import say
from drops.errors import DropsError
from drops.text import safe_text

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MARKS = re.compile("[\u0300-\u036f]")
LONGEST = 60  # characters of an id


def write_path(given: argparse.Namespace) -> int:
    """A folder with one drop in it, which passes the check as it stands."""
    folder: Path = given.folder
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", folder.absolute().name))  # "Über" is uber
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise DropsError(
            f'"{folder.name[:40]}" makes no id of a path; name the folder in words, as in my-path'
        )
    title = name.replace("-", " ").capitalize()
    made: list[Path] = []
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise DropsError(f"{folder} is there already; name a folder that is not")
        made += [] if folder.exists() else [folder]
        folder.mkdir(parents=True, exist_ok=True)
        for source, target in {"path.md": "path.md", "lesson.md": f"01-{name}-weighs.md"}.items():
            text = (carried("course/template") / source).read_text(encoding="utf-8")
            text = text.replace("{id}", name).replace("{title}", title)
            made.append(folder / target)
            made[-1].write_text(text, encoding="utf-8")
    except OSError as problem:
        for place in reversed(made):  # so that the same words do it once there is room
            with suppress(OSError):
                place.rmdir() if place.is_dir() else place.unlink()
        reason = (problem.strerror or "unknown reason").lower()
        raise DropsError(f"{folder} cannot be written ({reason}); name another folder") from problem
    say(safe_text(f"wrote {folder}: a path with one drop, to overwrite"))
    typed = shlex.quote(str(folder))
    say(safe_text(f"  drops check {typed}            see whether it is sound"))
    say(safe_text(f"  drops preview {typed}          see it as a learner does while you write"))
    say(safe_text(f"  drops --content {typed} plain {name}/1   hear it as a learner does"))
    return 0


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="that does not exist yet; its name is the path's id"
    )


NEW = Command(
    "new",
    "a path of your own to begin with: one drop, to overwrite",
    run=write_path,
    options=_options,
    examples="""\
examples:
  drops new my-path                     write it
  drops check my-path                   see whether it is sound
  drops preview my-path                 see it as a learner does, as you write
  drops --content my-path plain my-path/1   hear it as a learner does

The drop has a lesson, a figure, an exercise that is data, questions with fresh
numbers and a review. `drops help writing` tells what each line means; no
program has to be written.
""",
)
