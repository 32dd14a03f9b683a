"""The laws of the stage over every page of every drop, in the real app on a real study.

At 80x24 a question is seen whole with all that it needs. From 110 columns no half of a page is bare, and an exercise stands beside a picture that uses its pane; what is
given and the verdict are on the screen; the blank in hand is; nothing in a picture is cut.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from helper import Hands

from drops.clock import moment
from drops.course.parse import library_folders, load
from drops.exercises.blocks import Case, Design, Matrix, Numbers, Run, Sheet
from drops.memory.schedule import folded
from drops.store.file.glance import glance
from drops.store.log import Log
from drops.study.study import Study
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.blocks.pictures import Pictures
from drops.tui.screens.drop import DropScreen
from typed import case_keys

pytestmark = pytest.mark.slow
NOW = moment(datetime(2026, 11, 29, 9, 0, tzinfo=UTC))
LIBRARY = load(library_folders(None))
FIRST = {drop.id for drop in LIBRARY.paths[0].drops}
# Each drop of the first path in one of two sizes, in turn; nightly every drop in both.
PAGES = [
    pytest.param(drop.id, size, id=f"{drop.id}-{size[0]}x{size[1]}", marks=() if often else pytest.mark.nightly)
    for number, drop in enumerate(LIBRARY)
    for turn, size in enumerate([(120, 36), (80, 24)])
    for often in [drop.id in FIRST and number % 2 == turn]
]
USED = 0.45  # of the pane's rows at least: a table cannot be stretched as a map can
TILES = 0.2  # where tables stand alone: a tile is at most a third taller than broad
WITH_PICTURE = ("predict", "do", "quiz")
LEAST = 4  # lines that something stands on in each half of a page, from 110 columns


def in_halves(hands: Hands) -> tuple[int, int]:
    """How many lines of the body have something in the left half of the screen, and in the right one."""
    middle = hands.app.size.width // 2
    body = hands.lines[2:-1]
    return sum(bool(line[:middle].strip()) for line in body), sum(bool(line[middle:].strip()) for line in body)


def on_screen(hands: Hands, text: str) -> bool:
    return any(text in line for line in hands.lines)


def pane_of(hands: Hands) -> Pictures:
    return hands.app.screen.query_one("#aside", Pictures)


def look(hands: Hands, wide: bool) -> None:
    """What holds of a page before it is answered."""
    screen = hands.app.screen
    page, pane = screen.page, pane_of(hands)
    named = f"{page.key} {page.part}"
    if screen.pinned.given is not None:
        assert any(line.strip() for line in screen.pinned.lines), named
    if wide and page.part in WITH_PICTURE and not isinstance(page.ask, Run | Case):  # a case is read off its gauges
        assert pane.display, named
        inked = [y for y, line in enumerate(pane.lines) if line.strip()]
        shown = [one for block in pane.blocks for one in getattr(block, "blocks", (block,))]
        alone = all(isinstance(one, Matrix | Sheet) for one in shown)
        assert inked[-1] + 1 >= (TILES if alone else USED) * screen.stage.size.height, named
    if wide and not isinstance(page.ask, Run):  # which has no picture before it has trained
        assert min(in_halves(hands)) >= LEAST, named
    if not wide and page.ask is not None and not isinstance(page.ask, Run | Design):
        assert screen.stage._end <= screen.stage.size.height, f"{named}: {screen.stage.close}"  # nothing below
    if page.part == "do" and isinstance(page.ask, Numbers) and screen.outcome is None:
        assert on_screen(hands, screen.asking.field.label), named


async def answer(hands: Hands, study: Study) -> None:
    """A right answer, but for Enter: in one go, or a case as far as its change."""
    screen = hands.app.screen
    front = study._front(screen.session)
    wanted = front.task.worked(front.ask).wanted
    if isinstance(front.ask, Case):
        await hands.press(*case_keys(front.ask, wanted)[:-1])
    else:
        screen.asking.fill(wanted)
    screen.asking.confidence, screen.touched = "fairly sure", True


@pytest.mark.parametrize("drop", list(LIBRARY), ids=lambda drop: drop.id)
def test_every_drop_has_a_picture_for_pages_that_have_none(drop):
    assert drop.picture is not None


@pytest.mark.parametrize(("drop", "size"), PAGES)
async def test_every_page_keeps_the_laws_of_the_stage(drop, size, tmp_path):
    study = Study(LIBRARY, Log.open(tmp_path, folded(0.9), now=NOW))
    app = DropsApp(
        lambda: today(LIBRARY, glance(tmp_path), NOW),
        lambda: study,
        lambda: NOW,
        lambda: LIBRARY,
        home=tmp_path,
        reduced_motion=True,
    )
    async with app.run_test(size=size) as pilot:
        hands, seen = Hands(app, pilot, None), set()
        await pilot.pause()
        await app.begin(drop=drop, test_out=False)
        await app.keyboard.idle()
        await pilot.pause()
        for _ in range(400):
            if not isinstance(app.screen, DropScreen) or app.screen.page is None:
                break
            screen = app.screen
            page = screen.page
            if isinstance(page.ask, Design) or len(seen) > 60:
                break
            if page.key not in seen:
                seen.add(page.key)
                await app.keyboard.idle()  # by then what is borrowed stands beside it
                await pilot.pause()
                look(hands, size[0] >= 110)
            asks = page.ask is not None and not isinstance(page.ask, Run)
            if asks and screen.outcome is None and not screen._wants_reading:
                await answer(hands, study)
            before = screen.outcome
            await hands.press("enter")
            judged = app.screen is screen and screen.page is page and screen.outcome is not None
            if judged and before is None and not screen.outcome.hidden:
                said = "Right, a guess" if isinstance(page.ask, Case) else "✓ right"  # no gauge was opened
                assert on_screen(hands, said), page.key
        else:
            raise AssertionError(f"{page.key} is not left by Enter")
        assert len(seen) > 4
