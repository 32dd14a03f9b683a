"""A course in another subject, all of it data and written from the manual alone: compound interest in three drops."""

from __future__ import annotations

import shutil
from pathlib import Path

FOLDER = Path(__file__).parent / "interest"
DROPS = ("interest-on-interest", "time-to-double", "interest-and-prices")
LESSON = (FOLDER / "01-interest-on-interest.md").read_text("utf-8")


def write(folder: Path) -> Path:
    """A library folder that holds this course."""
    shutil.copytree(FOLDER, folder / "interest")
    return folder
