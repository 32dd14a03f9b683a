"""The README's pictures: there, small, and of the app as it is."""

from __future__ import annotations

import html
import importlib.util
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
STORED = TESTS / "tui" / "pictures"
README = TESTS.parent / "README.md"


def words(svg: str) -> set[str]:
    """What can be read in a picture, without its numbers: those are drawn anew each time."""
    text = " ".join(html.unescape(part) for part in re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    return set(re.findall(r"[A-Za-z]{3,}", text))


def test_the_readme_shows_every_picture_there_is():
    shown = re.findall(r"!\[[^\]]{20,}\]\(tests/tui/pictures/([\w-]+\.svg)\)", README.read_text("utf-8"))
    assert sorted(shown) == sorted(path.name for path in STORED.glob("*.svg"))
    assert len(shown) == 4


@pytest.mark.slow
def test_the_pictures_show_the_app_as_it_is(tmp_path):
    spec = importlib.util.spec_from_file_location("pictures", TESTS / "pictures.py")
    assert spec is not None
    pictures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pictures)
    for made in pictures.make(tmp_path):
        now, then = words(made.read_text("utf-8")), words((STORED / made.name).read_text("utf-8"))
        assert len(now & then) / len(now | then) > 0.7, f"{made.name} is old: python tests/pictures.py"
