"""Files that the program carries along, as real ones: lessons, migrations, the style sheet.

In a checkout and in an installed program they lie beside this file. A program in one zip file, or a frozen
one, has them unpacked the first time they are asked for, and removed at its end.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def carried(name: str) -> Path:
    """The file or folder `name` of the package, on the disk; a path where nothing is, if there is none."""
    place = Path(__file__).parent / name
    return place if place.exists() else _unpacked(name)


@cache
def _unpacked(name: str) -> Path:
    import atexit  # late: importlib.resources alone would cost the first screen 13 ms
    import shutil
    import tempfile
    from importlib import resources

    top = Path(tempfile.mkdtemp(prefix="drops-"))
    atexit.register(shutil.rmtree, top, ignore_errors=True)
    _copy(resources.files("drops").joinpath(name), top / name)
    return top / name


def _copy(source: Traversable, target: Path) -> None:
    if source.is_dir():
        target.mkdir(parents=True)
        for one in source.iterdir():
            _copy(one, target / one.name)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
