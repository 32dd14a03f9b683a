"""How long a day takes, lived through the product's own study: 90 days for each learner.

    python tests/benchmarks/day.py                 all nine, a table
    python tests/benchmarks/day.py fits 60         two of them
    python tests/benchmarks/day.py fits --json     for scripts

Every page of every day is made, answered and turned by `Study` on a moved clock; what the learner
remembers and how long a page takes is drawn (tests/lives.py). A row each for days 1-14, 15-30, 31-90.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from drops.clock import Moment, moment
from drops.course.model import Library
from drops.course.parse import library_folders, load
from drops.exercises.answers import digit, read
from drops.exercises.blocks import Case, Choice, Design, Knobs, Numbers, Order, Run, Words
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.pages import Page
from drops.study.session import Session
from drops.study.study import Study
from lives import FEEDBACK, LEARNERS, Life, Row, Sitting, life, rows

DAYS = 90


class Living:
    """A learner at the product's own study, on a clock that their pages move."""

    def __init__(self, study: Study, who: Life) -> None:
        self.study, self.who = study, who
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)   # a Monday
        self.spent = 0.0
        self.reviews: list[float] = []

    def now(self) -> Moment:
        self.at += timedelta(milliseconds=1)
        return moment(self.at)

    def takes(self, seconds: float) -> None:
        self.spent += seconds
        self.at += timedelta(seconds=seconds)

    def sit(self, day: int) -> Sitting:
        """Today's session, from its promise to its end."""
        self.spent, self.reviews, pages = 0.0, [], 0
        promised = self.study.today(self.now()).seconds
        session = self.study.begin(self.now())
        while session.unit is not None:
            session = self._page(session)
            pages += 1
        self.study.turn(session, self.now())
        done = sum(key.endswith("/carry") for key in self.study.log.passed())
        return Sitting(day, promised, self.spent, pages, tuple(self.reviews), done)

    def _page(self, session: Session) -> Session:
        page = self.study.page(session)
        read = self.who.reads(reading(page))
        self.takes(read)
        if page.ask is not None and not isinstance(page.ask, Run):
            session = self._answer(session, page, read)
        return self.study.turn(session, self.now())

    def _answer(self, session: Session, page: Page, read: float) -> Session:
        if page.part == "offer":   # the lesson is finished, the aim stays
            self.takes(self.who.clicks(8))
            text = "1" if page.key == "offer/stop" else "2"
            return self.study.answer(session, text, self.now(), seconds=8)[0]
        key, day = page.item_key, session.day
        before = self.study.log.memory(key)
        chance = self.who.knows(key, before if page.graded else None, day)
        if page.graded and before is not None:
            self.reviews.append(chance)
        right = self.who.right(chance)
        seconds = self._asking(page)
        self.takes(seconds)
        text = self._text(session, page, right)
        session, outcome = self.study.answer(
            session, text, self.now(), seconds=read + seconds, confidence="fairly sure")
        after = self.study.log.memory(key)
        if page.graded and after is not None and after != before:
            self.who.learned(key, before, after)
        if not outcome.verdict.right and not outcome.hidden:
            self.takes(self.who.reads(FEEDBACK))
        return session

    def _asking(self, page: Page) -> float:
        match page.ask:
            case Numbers(fields=fields):
                return self.who.types(10 + 12 * len(fields))
            case Design(fields=fields):
                reasons = sum(field.reasons is not None for field in fields)   # chosen from a list of three
                return self.who.clicks(10 + 12 * (len(fields) - reasons) + 8 * reasons)
            case Case(openings=openings):
                acts = openings + 4   # every gauge that may be opened; two causes struck off, one named; a change
                return sum(self.who.clicks(8) for _ in range(acts))
            case _:
                return self.who.clicks(8)

    def _text(self, session: Session, page: Page, right: bool) -> str:
        front = self.study._front(session)
        if isinstance(page.ask, Design):
            forms = filled(page.ask)
            if right and page.graded:
                return next((form for form in forms if front.task.grade(page.ask, read(page.ask, form)).right), "")
            return next(forms)
        wanted = front.task.worked(front.ask).wanted
        if right:
            return wanted
        if isinstance(page.ask, Knobs):
            return "; ".join(f"{knob.start:g}" for knob in page.ask.knobs)
        if isinstance(page.ask, Choice):
            wrong = [i for i, option in enumerate(page.ask.options) if not option.right]
            return digit(self.who.rng.choice(wrong)) if wrong else wanted
        if isinstance(page.ask, Case):
            return "1" if wanted.split()[0] != "1" else "2"
        if isinstance(page.ask, Order):
            return wanted[::-1]
        return "; ".join("77" for _ in wanted.split(";"))


def filled(ask: Design) -> Iterator[str]:
    """Every way to fill a form, free text by its example."""
    ways = [[value for value, _ in f.offered({})] or [f.start or f.example] for f in ask.fields]
    for way in product(*ways):
        form = dict(zip((f.name for f in ask.fields), way, strict=True))
        for field in ask.fields:  # a reason that is not offered for this choice gives way to one that is
            offered = [value for value, _ in field.offered(form)]
            if offered and form[field.name] not in offered:
                form[field.name] = offered[0]
        yield "; ".join(f"{name}={value}" for name, value in form.items())


def reading(page: Page) -> float:
    """Seconds of reading a page: of what is recalled or asked in a quiz the choice's own 8 s is all."""
    if (page.part in ("recall", "retry", "quiz", "end") and page.ask is not None) or page.part == "end":
        return 0.0
    words = sum(len(block.markdown.split()) for block in page.show if isinstance(block, Words))
    looks = page.ask is None or isinstance(page.ask, Run)
    figures = looks * (sum(not isinstance(block, Words) for block in page.show) + isinstance(page.ask, Run))
    return words * 0.3 + figures * 12


def lived(library: Library, name: str, seed: int, days: int) -> tuple[list[Sitting], float, int | None]:
    """A life: its sittings, the share of items with 8 lapses, the day on which the last drop was done."""
    with tempfile.TemporaryDirectory() as home:
        who = life(name, seed)
        start = moment(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
        study = Study(library, Log.open(Path(home), folded(0.9), now=start, daily_backup=False))
        try:
            living, sittings = Living(study, who), []
            for day in range(days):
                living.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC) + timedelta(days=day)
                if who.comes(day):
                    sittings.append(living.sit(day + 1))
            memories = study.log.memories()
            kept = [key for drop in library for key in drop.kept]
            often = sum(m.lapses >= 8 for m in memories.values()) / len(kept)
            total = len(list(library))
            through = next((one.day for one in sittings if one.begun == total), None)
        finally:
            study.close()
    return sittings, often, through


def table(name: str, seeds: int, days: int) -> list[Row]:
    library = load(library_folders(None))
    lives = [lived(library, name, seed, days) for seed in range(seeds)]
    return rows(name, [one[0] for one in lives], [one[1] for one in lives], [one[2] for one in lives])


def main() -> None:
    parser = argparse.ArgumentParser(description="A day's minutes, lived through the product's own study.")
    parser.add_argument("learner", nargs="*", help=f"of {', '.join(LEARNERS)}; default all")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--lives", type=int, default=1, help="of each learner")
    given = parser.parse_args()
    if unknown := [name for name in given.learner if name not in LEARNERS]:
        parser.error(f"no learner {unknown[0]!r}; one of {', '.join(LEARNERS)}")
    made = []
    for name in given.learner or LEARNERS:
        for row in table(name, given.lives, given.days):
            made.append(row)
            if not given.json:
                print(" ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    if given.json:
        print(json.dumps(made))


if __name__ == "__main__":
    main()
