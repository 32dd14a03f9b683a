"""The pictures of the README, made by the real app on a learner who is answered for.

    python tests/pictures.py [folder]

Writes lab.svg, today.svg, a-drop.svg and backpropagation.svg to tests/tui/pictures, or to the folder.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drops.clock import Moment, moment
from drops.course.parse import library_folders, load
from drops.exercises.answers import read
from drops.exercises.blocks import Numbers, Run
from drops.memory.schedule import folded
from drops.store.file.glance import glance
from drops.store.log import Log
from drops.study.pages import Page
from drops.study.session import Session
from drops.study.study import Study
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.screens.lab.screen import LabScreen

os.environ |= {"COLORTERM": "truecolor", "TERM": "xterm-256color"}  # whatever terminal this runs in
os.environ.pop("NO_COLOR", None)
FOLDER = Path(__file__).parent / "tui" / "pictures"
WIDE = (120, 36)


class Watch:
    """A clock that only the learner moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)

    def __call__(self) -> Moment:
        self.at += timedelta(milliseconds=1)
        return moment(self.at)


def right(study: Study, session: Session) -> str:
    front = study._front(session)
    return front.task.worked(front.ask).wanted


def learned(
    study: Study, watch: Watch, session: Session, until: Callable[[Page], bool] = lambda page: False
) -> None:
    """Answers everything rightly, as far as a page, or to the session's end."""
    while not session.ended and not until(page := study.page(session)):
        if page.ask is not None and not isinstance(page.ask, Run):
            session, _ = study.answer(session, right(study, session), watch(), seconds=8.0)
        session = study.turn(session, watch())


def mistaken(study: Study, session: Session) -> list[str]:
    """Keys that answer the numbers in front with a mix-up that is then called by its name."""
    front = study._front(session)
    sheet, names = front.task.exercise.worksheet, [field.name for field in front.ask.fields]  # type: ignore[attr-defined,union-attr]
    for mix_up in front.task.exercise.misconceptions.values():  # type: ignore[attr-defined]
        typed = [f"{round(sheet.run(swap=mix_up.swap)[name], 4):g}" for name in names]
        named = front.task.grade(front.ask, read(front.ask, "; ".join(typed))).misconceptions
        if mix_up.swap and len(named) == 1:
            keys = {"-": "minus", ".": "full_stop"}
            return [key for text in typed for key in (*(keys.get(c, c) for c in text), "enter")]
    raise AssertionError("no mix-up can be told apart in this draw")


async def pictured(study: Study, watch: Watch, size: tuple[int, int], drop: str, *, wrong: bool) -> str:
    """The app as SVG: at Today, or at the page of a drop where the learner stands, answered wrongly if asked."""
    home = study.log.path.parent
    app = DropsApp(
        lambda: today(study.library, glance(home), watch()),
        lambda: study,
        watch,
        lambda: study.library,
        home=home,
    )
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if drop:
            await app.begin(drop=drop)
        for key in mistaken(study, study.begin(watch(), drop=drop)) if wrong else ():
            await pilot.press(key)
            await app.keyboard.idle()
        await pilot.pause()
        return app.export_screenshot(title="drops")


async def in_the_lab(home: Path, line: str, steps: int) -> str:
    """The Lab as SVG, a line trained for so many steps."""
    watch, library = Watch(), load(library_folders(None))
    app = DropsApp(
        lambda: today(library, glance(home), watch()),
        lambda: Study(library, Log.open(home, folded(0.9), now=watch())),
        watch,
        lambda: library,
        home=home,
    )
    async with app.run_test(size=WIDE) as pilot:
        await app.open_lab(line)
        lab = app.screen
        assert isinstance(lab, LabScreen)
        for done in range(0, steps, steps // 60):
            lab.runner.do(lambda desk, done=done: desk.run(done - desk.step))
        for _ in range(3):
            await lab.runner.idle()
            await pilot.pause()
        return app.export_screenshot(title="drops")


def make(folder: Path = FOLDER) -> list[Path]:
    """All pictures, each from a learner of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    library = load(library_folders(None))

    def picture(
        name: str,
        days: int,
        drop: str,
        wanted: Callable[[Page], bool],
        size: tuple[int, int],
        *,
        wrong: bool = False,
    ) -> Path:
        with tempfile.TemporaryDirectory() as home:
            watch = Watch()
            study = Study(library, Log.open(Path(home), folded(0.9), now=watch()))
            for _ in range(days):
                learned(study, watch, study.begin(watch()))
                watch.at += timedelta(days=1)
            if drop:
                learned(study, watch, study.begin(watch(), drop=drop), wanted)
            svg = asyncio.run(pictured(study, watch, size, drop, wrong=wrong))
            study.close()
        path = folder / f"{name}.svg"
        path.write_text(svg + "\n", encoding="utf-8")
        return path

    def asks_numbers(page: Page) -> bool:
        return isinstance(page.ask, Numbers) and page.part == "do"

    def lab() -> Path:
        with tempfile.TemporaryDirectory() as home:
            svg = asyncio.run(in_the_lab(Path(home), "spiral x y sinx siny 4-5-1 adam .02", 3000))
        path = folder / "lab.svg"
        path.write_text(svg + "\n", encoding="utf-8")
        return path

    return [
        lab(),
        picture("today", 4, "", lambda page: True, WIDE),
        picture("a-drop", 0, "5", lambda page: page.part == "read" and page.part_index == 2, WIDE),
        picture("backpropagation", 0, "9", asks_numbers, WIDE, wrong=True),
    ]


if __name__ == "__main__":
    for made in make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER):
        sys.stdout.write(f"{made}\n")
