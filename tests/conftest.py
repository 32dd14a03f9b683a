"""What many tests need: a clock that a test moves, a study in a folder of its own, a learner."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program has it; before anything imports numpy

import pytest

from drops.clock import Moment, moment
from drops.course.model import Library
from drops.exercises.answers import digit
from drops.exercises.blocks import Case, Choice, Design, Knobs, Order, Run
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.pages import Page
from drops.study.session import Session
from drops.study.study import Study

sys.path.insert(0, str(Path(__file__).parent))  # program stands beside the tests


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: while one waits for a screen or a terminal to settle, another works.

    Each collects all tests for itself, which takes it as long as some hundred of them.
    """
    return 1 + (os.cpu_count() or 1)


def pytest_collection() -> None:
    """What is imported and collected stays to the end: the collector need not walk it again and again."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


class TestClock:
    """A clock that stands until a test moves it; every reading is a millisecond later."""

    __test__ = False

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> Moment:
        self.at += timedelta(milliseconds=1)
        return moment(self.at)

    def days(self, count: int) -> None:
        self.at += timedelta(days=count)


def never(page: Page) -> bool:
    """Errs on no page."""
    return page is None


class Learner:
    """Answers pages rightly, or wrongly where `errs` says so, and turns them."""

    def __init__(self, study: Study, clock: TestClock, errs: Callable[[Page], bool] = never) -> None:
        self.study, self.clock, self.errs = study, clock, errs
        self.seen: list[Page] = []
        self.seconds: Callable[[Page], float] = lambda _: 10.0

    def page(self, session: Session) -> Session:
        """One page: answered where it asks and was not answered before, then turned."""
        page = self.study.page(session)
        self.seen.append(page)
        if page.ask is not None and not isinstance(page.ask, Run) and not self.study.outcome(session):
            text = self.answer_to(session, page)
            session, _ = self.study.answer(
                session, text, self.clock(), seconds=self.seconds(page), confidence="fairly sure"
            )
        return self.study.turn(session, self.clock())

    def answer_to(self, session: Session, page: Page) -> str:
        """The right text for the page in front; a wrong one where the learner errs. Of an offer to stop
        the first, to finish; another aim is left.
        """
        if page.part == "offer":
            return "1" if page.key == "offer/stop" else "2"
        front = self.study._front(session)
        if isinstance(page.ask, Design):
            form = {}
            for f in page.ask.fields:
                offered = f.offered(form)
                form[f.name] = f.start or (offered[0][0] if offered else f.example)
            return "; ".join(f"{name}={value}" for name, value in form.items())
        right = front.task.worked(front.ask).wanted
        if not self.errs(page):
            return right
        if isinstance(page.ask, Knobs):
            return "; ".join(f"{knob.start:g}" for knob in page.ask.knobs)
        if isinstance(page.ask, Choice):
            wrong = [i for i, option in enumerate(page.ask.options) if not option.right]
            if wrong and page.ask.picture is not None:
                return page.ask.options[wrong[0]].text
            return digit(wrong[0]) if wrong else right
        if isinstance(page.ask, Case):
            return ("1" if right.split()[0] != "1" else "2") + " 1" * bool(page.ask.changes)
        if isinstance(page.ask, Order):
            return right[::-1]
        return "; ".join("77" for _ in right.split(";"))

    def run(self, session: Session, pages: int = 500) -> Session:
        """Page by page until the session ends."""
        for _ in range(pages):
            if session.ended:
                return session
            session = self.page(session)
        return session

    def day(self) -> Session:
        """One day's session from begin to end."""
        return self.run(self.study.begin(self.clock()))


@pytest.fixture(scope="session")
def library() -> Library:
    from lessons import lessons  # late: it stands beside the tests

    return lessons()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def open_study(home: Path, library: Library, clock: TestClock) -> Iterator[Callable[[], Study]]:
    """Opens the study of one home; what was open before is closed, as by a new start."""
    opened: list[Study] = []

    def again() -> Study:
        while opened:
            opened.pop().close()
        opened.append(Study(library, Log.open(home, folded(0.9), now=clock())))
        return opened[0]

    yield again
    while opened:
        opened.pop().close()


@pytest.fixture
def study(open_study: Callable[[], Study]) -> Study:
    return open_study()


@pytest.fixture
def learner(study: Study, clock: TestClock) -> Learner:
    return Learner(study, clock)


@pytest.fixture
def learners(clock: TestClock) -> Callable[..., Learner]:
    """Makes learners for a study, for tests that open it again."""
    return lambda study, errs=never: Learner(study, clock, errs)
