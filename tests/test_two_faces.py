"""The app and the line face store the same rows: real keys here, the same texts typed there."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator

import pytest

from drops.clock import Moment
from drops.events import Event, Kind
from drops.exercises.blocks import Run
from drops.memory.schedule import folded
from drops.plain.session import Plain
from drops.store.file.glance import glance
from drops.store.log import Log
from drops.study.study import Study
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.end import EndScreen
from typed import SURE, as_placed, keys_for, lines_for


def errs_never(page) -> bool:
    return page is None


def errs_always(page) -> bool:
    return page.part in ("predict", "do", "explain", "quiz", "recall")


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Ten seconds pass at every look: a right choice made in under two would be taken for a guess."""
    ticks = itertools.count(step=10.0)
    for face in ("drops.plain.session", "drops.tui.screens.drop"):
        monkeypatch.setattr(f"{face}.ticks", lambda: next(ticks))


class Fixed:
    """A clock that both faces read alike: it moves only between sessions."""

    def __init__(self, clock: Callable[[], Moment]) -> None:
        self.at = clock()

    def __call__(self) -> Moment:
        return self.at


@pytest.fixture
def twins(home, library, clock) -> Iterator[Callable[[int], Study]]:
    """Two homes of one learner: the same ids, so the same numbers are drawn in both."""
    at = Fixed(clock)
    Study(library, Log.open(home, folded(0.9), now=at())).close()
    opened: list[Study] = []

    def study(number: int) -> Study:
        copy = home.with_name(f"twin{number}")
        shutil.copytree(home, copy)
        opened.append(Study(library, Log.open(copy, folded(0.9), now=at())))
        return opened[-1]

    study.clock = at
    yield study
    for one in opened:
        one.close()


def facts(study: Study) -> list[tuple]:
    """What was stored, without what tells one run from another: ids and times."""
    said = (
        "unit",
        "step",
        "part",
        "kind",
        "numbers",
        "level",
        "bug",
        "typed",
        "misconceptions",
        "confidence",
        "revealed",
        "reason",
        "returns",
        "turned",
        "passed",
        "mode",
        "units",
        "ended",
        "blank",
        "right",
    )

    def row(event: Event) -> tuple:
        payload = {name: event.payload[name] for name in said if name in event.payload}
        payload["typed"] = payload.get("typed", "").replace("−", "-")  # there is no key for the longer minus
        return event.kind, event.item_key, event.study_day, event.rating, event.correct, payload

    return [row(event) for event in study.log.events()]


async def walk_the_app(study: Study, clock, drop: str, learner) -> list[str]:
    """A drop by real keys at 80×24; what was answered, page by page."""
    app = DropsApp(
        lambda: today(study.library, glance(study.log.path.parent), clock()),
        lambda: study,
        clock,
        lambda: study.library,
        home=study.log.path.parent,
    )
    typed: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await app.begin(drop=drop)
        await pilot.pause()
        while isinstance(app.screen, DropScreen):
            screen = app.screen
            page, session = study.page(screen.session), screen.session
            if page.ask is not None and not isinstance(page.ask, Run):
                text = as_placed(page.ask, learner.answer_to(session, page))
                typed.append(text)
                for key in keys_for(page.ask, text):
                    await pilot.press(key)
                    await app.keyboard.idle()
            for _ in range(6):  # read the feedback, pass the repair question by, go on
                if not isinstance(app.screen, DropScreen) or (
                    app.screen.session is not session and (study.page(app.screen.session).key != page.key)
                ):
                    break
                await pilot.press("enter")
                await app.keyboard.idle()
                await pilot.pause()
            else:
                raise AssertionError(f"{page.key} is not left by Enter")
        for _ in range(6):  # read the last page to its end, and close it
            if isinstance(app.screen, EndScreen):
                await pilot.press("enter")
                await app.keyboard.idle()
                await pilot.pause()
        app.exit()
    return typed


def walk_in_lines(study: Study, clock, drop: str, learner) -> None:
    """The same drop in the line face."""
    session = study.begin(clock(), drop=drop)
    pending: list[str] = []

    def ask(prompt: str) -> str:
        if prompt.startswith(("Enter to go on", "Try one")):
            return ""
        if prompt.startswith("How sure"):
            return SURE
        if not pending:
            page = study.page(face.at)
            pending.extend(lines_for(page.ask, as_placed(page.ask, learner.answer_to(face.at, page))))
        return pending.pop(0)

    face = Plain(study, clock, ask, str)
    face.run(session)


BY_DAY = {"rightly": (10, 14), "wrongly": (2, 13)}  # every way to ask is among these


@pytest.mark.parametrize(
    ("number", "errs"),
    [
        pytest.param(n, errs, id=f"{name}-{n}", marks=pytest.mark.slow if n in BY_DAY[name] else pytest.mark.nightly)
        for name, errs in (("rightly", errs_never), ("wrongly", errs_always))
        for n in range(1, 15)
    ],
)
async def test_every_drop_runs_to_its_end_in_both_faces_and_stores_the_same_rows(
    twins, learners, number, errs
):
    await compare(twins, learners, str(number), errs)


@pytest.mark.parametrize("errs", [errs_never], ids=["rightly"])
async def test_the_first_drop_by_keys_and_in_lines_stores_the_same_rows_and_due_days(twins, learners, errs):
    stored = await compare(twins, learners, "1", errs)
    assert any(kind is Kind.GRADED for kind, *_ in stored)


async def compare(twins, learners, drop: str, errs) -> list[tuple]:
    by_keys, in_lines = twins(1), twins(2)
    await walk_the_app(by_keys, twins.clock, drop, learners(by_keys, errs))
    walk_in_lines(in_lines, twins.clock, drop, learners(in_lines, errs))
    stored = facts(by_keys)
    assert stored == facts(in_lines)
    assert by_keys.log.memories() == in_lines.log.memories()
    assert drop_is_finished(by_keys, drop)
    return stored


def drop_is_finished(study: Study, drop: str) -> bool:
    return f"{study.library.drop(drop).id}/carry" in study.log.passed()
