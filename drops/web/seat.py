"""A learner at the server: the open study, and where they stand on its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import TYPE_CHECKING

from drops.clock import Clock, ticks
from drops.errors import DropsError, NotSaved
from drops.study.pages import Answered, Page
from drops.study.session import Session
from drops.study.study import Study

if TYPE_CHECKING:
    from drops.networks.lab.desk import Desk
    from drops.networks.lab.recipe import Recipe
    from drops.store.server.questions import Pupil
    from drops.web.lab.judging import Judging


class Elsewhere(DropsError):
    """A form was sent from a page that is not in front any more: it was answered, or left, before."""


class Seat:
    """One learner. What is kept here is lost with the program and nothing is lost by that: answers, pages
    turned and drafts are in the study."""

    def __init__(self, study: Study, clock: Clock) -> None:
        self.study, self.clock = study, clock
        self.lock = RLock()  # a learner's requests go one by one
        self.session: Session | None = None
        self.pupil: Callable[[], Pupil] | None = None  # what a class's teacher sees of them
        self.said = ""  # of what was just done, told on the next page
        self.repaired: tuple[bytes, bool] | None = None  # the answer whose small question was tried, and how
        self.desk: Desk | None = None  # in the Lab
        self.challenge: Judging | None = None  # that was taken there
        self.runs = 0  # live runs begun: a new one ends the one before
        self._unsure = False  # whether what was done last is in the log: it is read anew then
        self._seen: tuple[str, float] = ("", 0.0)  # the page in front, and when it was first seen

    def close(self) -> None:
        with self.lock:
            self.study.close()

    def take_said(self) -> str:
        """What was just done, once."""
        said, self.said = self.said, ""
        return said

    def lay_out(self, recipe: Recipe) -> Desk:
        """Another experiment in the Lab, from its start."""
        from drops.networks.lab.desk import Desk  # late: who is not in the Lab needs no engine

        if self.desk is None:
            self.desk = Desk(recipe)
        else:
            self.desk.begin(recipe)
        return self.desk

    # Where the learner stands -------------------------------------------------------------

    def at(self) -> Session:
        """The session in front. Raises Elsewhere where none is open."""
        if self._unsure:
            self._unsure, self.session = False, None
            self.resume()
        if self.session is None or self.session.ended:
            raise Elsewhere("no session is open; Today begins one")
        return self.session

    def read_again(self) -> None:
        """Another device brought answers: where one stands is read from the log."""
        self._unsure = self.session is not None

    def page(self) -> Page:
        """The page in front, from now on on the clock."""
        page = self.study.page(self.at())
        if self._seen[0] != page.key:
            self._seen = page.key, ticks()
        return page

    def seconds(self) -> float:
        """How long the page in front has been in sight."""
        return ticks() - self._seen[1]

    def front(self, key: str) -> Page:
        """The page in front, if it is the one a form was sent from. Raises Elsewhere."""
        page = self.page()
        if page.key != key:
            raise Elsewhere("that page is behind you: this is where you are")
        return page

    def end_run(self) -> int:
        """Ends the run that is watched, if one is; the number of the next."""
        self.runs += 1
        return self.runs

    # What a learner does ---------------------------------------------------------------------

    @contextmanager
    def _doing(self) -> Iterator[None]:
        """Where a line to a server broke, what was done may be in its log: the log says it, not we."""
        try:
            yield
        except NotSaved as problem:
            self._unsure = problem.unsure
            raise

    def answer(self, key: str, text: str, sure: str) -> Answered:
        """Answers the page. A prediction and an offer are left at once: what follows resolves them."""
        page, at = self.front(key), self.at()
        if self.study.outcome(at):
            raise Elsewhere("that was answered already: this is what became of it")
        with self._doing():
            self.session, outcome = self.study.answer(
                at, text, self.clock(), seconds=self.seconds(), confidence=sure
            )
        self.study.drafts.keep(page, "")
        if outcome.hidden:
            self.turn(key)
        return outcome

    def reveal(self, key: str) -> None:
        page = self.front(key)
        with self._doing():
            self.session, _ = self.study.reveal(self.at(), self.clock(), seconds=self.seconds())
        self.study.drafts.keep(page, "")

    def turn(self, key: str) -> None:
        """Leaves the page."""
        self.front(key)
        with self._doing():
            self.session = self.study.turn(self.at(), self.clock())

    def fill(self, key: str, text: str) -> None:
        """Fills the blank of what is read, "" to be told it. Raises Unreadable."""
        page = self.front(key)
        self.session = self.study.fill(self.at(), text, self.clock())
        self.study.drafts.keep(page, "")

    def open_gauge(self, key: str, gauge: str) -> None:
        self.front(key)
        self.session = self.study.open_gauge(self.at(), gauge, self.clock())

    def strike(self, key: str, cause: str) -> None:
        self.front(key)
        self.session = self.study.strike(self.at(), cause, self.clock())

    def repair(self, key: str, text: str) -> None:
        """Tries the small question of the answer in front. Raises Unreadable."""
        self.front(key)
        given = self.study.outcome(self.at())
        if given is not None:
            _, outcome = given
            self.repaired = outcome.event_id, self.study.repair(outcome, text)

    def act(self, name: str, what: str) -> None:
        """Does what `hands.ACTS` names, and tells it on the next page."""
        if self.session is not None and not self.session.ended:
            self.session, self.said = self.study.act(self.session, name, what, self.clock())
            return
        from drops.study.own import hands  # late: without a session the study need not settle one

        self.said = hands.act(self.study, name, what, self.clock())

    def resume(self) -> None:
        """Goes on with the session of today that is open, if one is; none is begun."""
        with suppress(DropsError):
            if (self.session is None or self.session.ended) and self.study.today(self.clock()).resuming:
                self.session = self.study.begin(self.clock())
