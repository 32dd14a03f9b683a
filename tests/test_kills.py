"""Killed at any moment of a real session: what was acknowledged is there, and it goes on at its page.

An answer is acknowledged once its feedback was printed. The learner of these tests always does
the same, so that the pages and answers of an undisturbed session say what has to be in the log.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from drops.course.model import Library
from drops.exercises.blocks import Numbers
from drops.memory.schedule import folded
from drops.store.file.health import doctor
from drops.store.log import Log
from drops.study.question import ANSWERED
from drops.study.study import Study
from program import DROP, FEEDBACK, LONGEST, Gone, Talk, now, reply

FOLD = folded(0.9)
TITLE = re.compile(
    r"^Enter (?:goes on\.[^\n]*|to go on[^\n]*: )\n(?:It is [^\n]*\n)?\n(?=((?:[^\n]+\n?)+))", re.MULTILINE
)  # what a page begins with, also after what its blank was; a page answered before runs on into the next one's "Enter to go on"


class Stop(NamedTuple):
    """A page of the undisturbed session."""

    key: str
    heading: str
    answers: tuple[str, str, str] | None  # unit, step, what is typed; None where nothing is asked


@pytest.fixture(scope="module")
def course(library: Library, tmp_path_factory: pytest.TempPathFactory) -> list[Stop]:
    """Every page of the drop, in order, as the learner of `reply` meets them."""
    study = Study(library, Log.open(tmp_path_factory.mktemp("whole") / "home", FOLD, now=now()))
    session, stops = study.begin(now(), drop=DROP), []
    while not session.ended:
        page, unit, typed = study.page(session), session.unit, None
        if page.ask is not None and page.part == "predict":
            typed = "1"
            session, _ = study.answer(session, typed, now(), seconds=1, confidence="a guess")
        elif isinstance(page.ask, Numbers):
            typed = "; ".join("77" for _ in page.ask.fields)
            session, _ = study.answer(session, typed, now(), seconds=1)
        elif page.ask is not None:
            typed = ""
            session, _ = study.reveal(session, now(), seconds=1)
        step = page.key.rpartition(":")[2]
        stops.append(Stop(page.key, page.heading, None if typed is None else (unit.key, step, typed)))
        session = study.turn(session, now())
    study.close()
    return stops


@dataclass
class Count:
    """What the tests tell of themselves."""

    kills: int = 0
    acknowledged: int = 0
    between: int = 0  # kills between a line that was typed and what would have been said to it


class Victim:
    """A learner whose sessions are killed, one after another, in one home."""

    def __init__(self, home: Path, library: Library, course: Sequence[Stop], chance: random.Random) -> None:
        self.home, self.library, self.course, self.chance = home, library, course, chance
        self.at = 0  # the page that the next start has to go on with
        self.answered = False  # whether that page was answered: then its feedback is told again
        self.acknowledged = 0  # answers of which the feedback was printed, ever

    @property
    def finished(self) -> bool:
        return self.at == len(self.course) - 1

    def live_and_die(self, count: Count) -> None:
        """One process, from its start to its kill at a moment that chance chooses; then the log is read."""
        lines = self.chance.randint(1, 9) if self.chance.random() < 0.8 else 0
        with Talk("plain", DROP, home=self.home) as talk:
            try:
                for _ in range(lines):
                    talk.answer(reply(talk))
                # mostly within what it takes to store an answer; without lines, while it starts
                talk.prompt(until=time.monotonic() + self.chance.random() ** 2 * (0.05 if lines else 0.8))
            except Gone:
                assert talk.process.wait(LONGEST) == 0, talk.process.stderr.read()
            unheard = talk.kill() == ""
        said = talk.transcript
        told = max(0, len(FEEDBACK.findall(said)) - self.answered)
        titles = TITLE.findall(said)
        if titles:
            assert any(part in titles[0] for part in self.course[self.at].heading.split(" · "))
        self.acknowledged += told
        count.kills += talk.process.returncode != 0
        count.acknowledged += told
        count.between += bool(lines) and unheard
        self.look(self.at + max(0, len(titles) - 1), lines > 0)

    def look(self, last: int, typed: bool) -> None:
        """What lies on the disk, `last` being the page that was shown last."""
        if not (self.home / "progress.db").exists():
            assert self.acknowledged == 0
            return
        with sqlite3.connect(self.home / "progress.db") as db:
            assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        db.close()
        assert [f.what for f in doctor(self.home, FOLD, now()) if not f.ok and "backup" not in f.what] == []
        study = Study(self.library, Log.open(self.home, FOLD, now=now()))
        try:
            events = study.log.events(kinds=ANSWERED, voided=True)
            page = None if last == len(self.course) - 1 else study.page(study.begin(now(), drop=DROP))
        finally:
            study.close()
        here = [(e.payload["unit"], e.payload["step"], e.payload["typed"]) for e in events]
        wanted = [stop.answers for stop in self.course if stop.answers]
        assert here == wanted[: len(here)]
        assert len(here) >= self.acknowledged
        if page is None:  # the end was reached
            assert here == wanted
            self.at = last
            return
        before = [stop.answers for stop in self.course[:last] if stop.answers]
        self.answered = False
        if self.course[last].answers:  # answered or not, the log knows: the page is asked exactly once
            given = len(here) > len(before)
            self.answered = given and page.key == self.course[last].key  # its feedback waits to be read
            now_at = last + (given and not self.answered)
            if here == wanted and page.key == self.course[0].key:  # turned unseen, at its end: it begins anew
                now_at = len(self.course) - 1
                self.at, self.answered = now_at, False
                return
            assert page.key == self.course[now_at].key
        else:
            allowed = [last, last + 1] if typed else [last]
            now_at = next(at for at in allowed if self.course[at].key == page.key)
        assert len(here) == sum(stop.answers is not None for stop in self.course[:now_at]) + self.answered
        self.at = now_at


def killed(times: int, library: Library, course: Sequence[Stop], folder: Path, seed: int) -> Count:
    """So many kills; a new learner begins where one has finished the drop."""
    chance, count, homes = random.Random(seed), Count(), 0
    victim = Victim(folder / "0", library, course, chance)
    while count.kills < times:
        victim.live_and_die(count)
        if victim.finished:
            homes += 1
            victim = Victim(folder / str(homes), library, course, chance)
    return count


@pytest.mark.slow
def test_each_stored_answer_is_acknowledged_exactly_once(course, tmp_path):
    with Talk("plain", DROP, home=tmp_path / "home") as talk, suppress(Gone):
        while True:
            talk.answer(reply(talk))
    assert len(FEEDBACK.findall(talk.transcript)) == sum(stop.answers is not None for stop in course)


def test_pages_left_by_kills_between_answer_and_turning_are_asked_no_second_time(open_study, learners, clock):
    seen: list[str] = []
    for _ in range(4):
        study = open_study()  # and the one before was killed at its last answer, before that page was turned
        learner, session = learners(study), study.begin(clock(), drop=DROP)
        while (page := study.page(session)).part in ("read", "see", "predict") or study.outcome(session):
            session = study.turn(session, clock()) if study.outcome(session) else learner.page(session)
        seen.append(page.key)
        study.answer(session, learner.answer_to(session, page), clock(), seconds=9)
    assert len(set(seen)) == 4


@pytest.mark.parametrize(
    "times", [pytest.param(24, marks=pytest.mark.slow), pytest.param(300, marks=pytest.mark.nightly)]
)
def test_many_kills_lose_no_acknowledged_answer_and_the_session_goes_on(
    library, course, tmp_path, capsys, times
):
    with ThreadPoolExecutor(2) as two:
        counts = list(
            two.map(lambda n: killed(times // 2, library, course, tmp_path / str(n), seed=n), range(2))
        )
    kills, acknowledged = sum(c.kills for c in counts), sum(c.acknowledged for c in counts)
    between = sum(c.between for c in counts)
    with capsys.disabled():
        sys.stdout.write(
            f"{kills} kills, {between} while a line was worked on; {acknowledged} answers acknowledged\n"
        )
    assert kills >= times
    assert acknowledged > times // 3
    assert between > 0
