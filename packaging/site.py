"""Puts the repository's own pages where the site is built from:  python packaging/site.py"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "build" / "pages"
MOVED = {  # a page of the repository → a page of the site
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "docs/writing.md": "writing.md",
    "docs/scale.md": "scale.md",
}
PICTURES = "tests/tui/pictures"


def write_pages() -> None:
    """Copies pages and pictures; links among them lead to their new places."""
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(ROOT / PICTURES, PAGES / PICTURES)
    for name, page in MOVED.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        for other, place in MOVED.items():
            text = re.sub(rf"\]\({re.escape(other)}(#[^)]*)?\)", rf"]({place}\1)", text)
        (PAGES / page).write_text(text, encoding="utf-8")
    for extra in ("course.schema.json", "LICENSE", "CITATION.cff"):
        found = next(path for path in (ROOT / extra, ROOT / "docs" / extra) if path.exists())
        shutil.copy(found, PAGES / extra)


if __name__ == "__main__":
    write_pages()
