"""A real study with a past, and the app on it: for the screens that look back.

The past is made of facts rather than played, so that its numbers are the same in every run.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import fake
from helper import Hands

from drops.clock import Moment, moment
from drops.course.model import Drop, Library, Outcome, Phase
from drops.events import Fact, Kind, Rating
from drops.exercises import fading
from drops.exercises.answers import digit, read
from drops.exercises.blocks import Choice
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.study import Study
from drops.study.tasks import fresh
from drops.tui.app import DropsApp
from lessons import parse_drop

SIZES = [(60, 20), (80, 24), (120, 36)]
LESSON = """\
+++
id = "{id}"
title = "{title}"
phase = "arithmetic"
minutes = 6
goal = "Say what a neuron computes"
teaches = ["neuron"]
needs = [{needs}]

[misconceptions]
quiz-no-squash = "leaves the squash out"
quiz-no-minus = "drops the minus sign"
+++

## A sum and a squash

A neuron multiplies, adds and squashes.

## Exercise

```exercise neuron
id = "by-hand"
keep = true
title = "z and a for one neuron"
```

## Quiz

### What is ReLU of −3? {{#relu .keep}}
- [x] 0
  > Whatever is negative becomes 0.
- [ ] 3 `quiz-no-minus`
  > That drops the minus sign.
- [ ] −3 `quiz-no-squash`
  > That is z before the squash.

## Carry forward
- z, then a. That is all.
"""
TITLES = (
    "A neuron is a weighted sum and a squash",
    "A layer is a few of them",
    "A network is a stack of layers",
)
IDS = ("one-neuron", "one-layer", "one-network")


def drops() -> tuple[Drop, ...]:
    """Three drops that ask the same; each needs the one before."""
    made = []
    for at, (name, title) in enumerate(zip(IDS, TITLES, strict=True)):
        needs = f'"{IDS[at - 1]}"' if at else ""
        made.append(parse_drop(LESSON.format(id=name, title=title, needs=needs), f"{name}.md", at + 1))
    return tuple(made)


def library() -> Library:
    (path,) = fake.make_library().paths
    outcomes = (Outcome("Explain what a neuron does", IDS[:1]), Outcome("Explain how layers stack", IDS[1:]))
    phase = Phase("arithmetic", "Arithmetic", "See a neuron as arithmetic", drops())
    return Library((path._replace(phases=(phase,), outcomes=outcomes, faq=()),))


class Days:
    """The tests' clock again (a fixture there): it stands until it is moved by days."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> Moment:
        self.at += timedelta(milliseconds=1)
        return moment(self.at)

    def days(self, count: int) -> None:
        self.at += timedelta(days=count)


class Past:
    """Writes a past into a study, day by day."""

    def __init__(self, study: Study, clock: Days) -> None:
        self.study, self.clock = study, clock

    def finish(self, drop: str) -> None:
        self.study.log.append(Fact(Kind.SESSION, f"{drop}/carry", payload={"passed": True}), self.clock())

    def answer(
        self, key: str, *, right: bool = True, mix_up: str = "", practice: bool = False, number: int = 0
    ) -> None:
        """One answer to an item, as the study would have stored it; wrong by `mix_up` where it is named."""
        _, item = self.study.library.item(key)
        task = fresh(item, number)
        step = fading.graded_step(task.steps(2, {}, ""))
        assert step.ask is not None
        typed = task.worked(step.ask).wanted
        if not right and isinstance(step.ask, Choice):
            typed = next(
                digit(i)
                for i, option in enumerate(step.ask.options)
                if option.diagnoses == (mix_up or "quiz-no-minus")
            )
        elif not right:
            typed = "; ".join("77" for _ in typed.split(";"))
        verdict = task.grade(step.ask, read(step.ask, typed))
        assert verdict.right is right
        rating = Rating.GOOD if right else Rating.AGAIN
        reason = (
            "Practice: it is not due today"
            if practice
            else "Good: first try"
            if right
            else "Again: not yet"
        )
        said = {
            "numbers": dict(task.numbers),
            "level": 2,
            "bug": "",
            "step": step.name,
            "typed": typed,
            "misconceptions": list(verdict.misconceptions),
            "reason": reason,
        }
        kind = Kind.PRACTICE if practice else Kind.GRADED
        self.study.log.append(
            Fact(kind, key, None if practice else rating, right, 20_000 + 1000 * number, payload=said),
            self.clock(),
        )


DAYS = 61


def months(study: Study, clock: Days) -> None:
    """Two months: the first drop holds, the second is forgotten again and again, the third is ahead."""
    past = Past(study, clock)
    for day in range(DAYS):
        if day in (0, 3):
            past.finish("one-neuron" if day == 0 else "one-layer")
        if day in (0, 3, 9, 30, 58):
            past.answer("one-neuron/by-hand", number=day)
            past.answer("one-neuron/relu", number=day, right=day != 3, mix_up="quiz-no-squash")
            past.answer(
                "one-neuron/relu", number=day + 1, right=day != 3, mix_up="quiz-no-squash", practice=True
            )
        if day >= 3 and day % 6 in (3, 4, 5):
            past.answer("one-layer/by-hand", number=day, right=day % 6 == 3)
            past.answer("one-layer/relu", number=day, right=day % 6 == 5, mix_up="quiz-no-minus")
        clock.days(1)


@cache
def _lived() -> tempfile.TemporaryDirectory[str]:
    """A home with the two months in it, made once: a hundred answers, each saved to the disk."""
    folder, clock = tempfile.TemporaryDirectory(), Days()
    with studied(Path(folder.name) / "home", clock) as study:
        months(study, clock)
    return folder


@contextmanager
def lived(home: Path, clock: Days) -> Iterator[Study]:
    """A study of those two months, of one's own; the clock is at their end."""
    shutil.copytree(Path(_lived().name) / "home", home)
    clock.days(DAYS)
    with studied(home, clock) as study:
        yield study


@contextmanager
def studied(home: Path, clock) -> Iterator[Study]:
    study = Study(library(), Log.open(home, folded(0.9), now=clock(), daily_backup=False))
    try:
        yield study
    finally:
        study.close()


@asynccontextmanager
async def looking(
    study: Study, clock, *keys: str, size: tuple[int, int] = (80, 24), palette: str = "dark"
) -> AsyncIterator[Hands]:
    """The app on a study, with keys pressed at Today."""
    app = DropsApp(
        lambda: study.today(clock()),
        lambda: study,
        clock,
        lambda: study.library,
        home=study.log.path.parent,
        palette=palette,
    )
    async with app.run_test(size=size) as pilot:
        hands = Hands(app, pilot, study)  # type: ignore[arg-type]
        await pilot.pause()
        await app.opened()
        await hands.press(*keys)
        yield hands


async def read_all(hands: Hands) -> None:
    """Waits for what is read in a thread."""
    for worker in list(hands.app.workers):
        if worker.name in ("hard", "history", "mix-up", "about", "picture", "opened"):
            await worker.wait()
    await hands.pilot.pause()
