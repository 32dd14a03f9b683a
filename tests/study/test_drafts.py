"""A draft belongs to a page as it is asked: the same page made again has the same name, other numbers another."""

from __future__ import annotations

import stat
import sys

import pytest

from drops.exercises.blocks import Run
from drops.study.own.drafts import Drafts, name_of
from drops.study.pages import Page
from drops.study.tasks import fresh


def pages(item, seed) -> list[Page]:
    steps = fresh(item, seed).steps(2, {}, "")
    asked = [step for step in steps if step.ask is not None and not isinstance(step.ask, Run)]
    return [Page("a", "do", s.name, 1, "A", s.show, s.ask, "a/b", True, 1, 9, 1, 1, 5.0) for s in asked]


@pytest.mark.slow
def test_every_page_that_is_made_again_finds_its_draft(library):
    for drop in library:
        for key, item in drop.items.items():
            assert list(map(name_of, pages(item, 3))) == list(map(name_of, pages(item, 3))), key


@pytest.mark.skipif(sys.platform == "win32", reason="a folder is private in other words there")
def test_what_is_typed_is_for_nobody_else_to_read(library, tmp_path):
    drop = next(iter(library))
    Drafts(tmp_path, saved=True).keep(pages(drop.exercises[0], 3)[0], "3; 4")
    assert stat.S_IMODE((tmp_path / "drafts.json").stat().st_mode) == 0o600


def test_a_page_with_other_numbers_does_not_find_it(library):
    for drop in library:
        for fence in drop.exercises:
            first, other = (set(map(name_of, pages(fence, seed))) for seed in (3, 4))
            assert first != other, fence.id
