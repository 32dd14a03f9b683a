"""Two windows on one home, and learners who stop where a test wants them to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.pages import Page
from drops.study.session import Session
from drops.study.study import Study


@pytest.fixture
def second(home, library, clock, study) -> Iterator[Study]:
    """A window beside `study`, which holds the right to write."""
    window = Study(library, Log.open(home, folded(0.9), now=clock()))
    yield window
    window.close()


@pytest.fixture
def until(clock) -> Callable[..., Session]:
    """Goes on, page by page, until a page is in front that is as wanted."""

    def go(learner, session: Session, wanted: Callable[[Page], bool], pages: int = 80) -> Session:
        for _ in range(pages):
            if wanted(learner.study.page(session)):
                return session
            session = learner.page(session)
        raise AssertionError("no such page")

    return go
