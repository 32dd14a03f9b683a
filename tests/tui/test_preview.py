"""A lesson while it is written stands there as a learner sees it, soon after each save, and says what is wrong with it."""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import asynccontextmanager

import pytest

import interest_path
from drops.cli.main import main
from drops.clock import now
from drops.course.model import Library
from drops.memory.schedule import folded
from drops.store.file.glance import Glance
from drops.store.log import Log
from drops.study.study import Study
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.screens.preview import LOOK, Messages, PreviewScreen
from pace import slowness
from terminals import Terminal

SECOND = "02-time-to-double.md"
ONCE = next(n for n, line in enumerate((interest_path.FOLDER / SECOND).read_text("utf-8").splitlines(), 1) if "once = { label" in line)


@pytest.fixture
def course(tmp_path):
    """The course of compound interest, to be written on."""
    return shutil.copytree(interest_path.FOLDER, tmp_path / "interest")


class Watcher:
    """The app on a lesson, as `drops preview` opens it."""

    def __init__(self, app, pilot, target):
        self.app, self.pilot, self.target = app, pilot, target

    @property
    def screen(self) -> PreviewScreen:
        return self.app.screen

    @property
    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def said(self) -> list[str]:
        return [str(problem) for problem in self.app.screen.query_one(Messages).problems]

    async def until(self, holds, seconds=20.0) -> float:
        """Waits until it does; the seconds that took."""
        begun = time.monotonic()
        while not holds():
            assert time.monotonic() - begun < seconds, f"{self.said}\n{self.text}"
            await asyncio.sleep(0.01)
        return time.monotonic() - begun

    def change(self, old: str, new: str) -> None:
        text = self.target.read_text("utf-8")
        assert old in text
        self.target.write_text(text.replace(old, new), "utf-8")

    async def press(self, *keys: str) -> None:
        for key in keys:
            before = self.screen.page.key if self.screen.page else ""
            await self.pilot.press(key)
            await self.until(lambda was=before: self.screen.page is not None and self.screen.page.key != was)


@asynccontextmanager
async def watched(tmp_path, target):
    home = tmp_path / "nowhere"
    library = Library(())

    async def opens(app):
        await app.push_screen(PreviewScreen(await app.opened(), target, (), []))

    app = DropsApp(
        lambda: today(library, Glance(), now()),
        lambda: Study(library, Log.open(home, folded(0.9), now=now())),
        now,
        lambda: library,
        home=home,
        opens=opens,
    )
    async with app.run_test(size=(100, 32)) as pilot:
        watcher = Watcher(app, pilot, target)
        await watcher.until(lambda: isinstance(app.screen, PreviewScreen) and app.screen.query(Messages))
        yield watcher
        await app.keyboard.idle()
    app.study.close()


@pytest.mark.slow
async def test_the_first_page_stands_there_and_the_check_finds_it_sound(tmp_path, course):
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: "Divide 72 by the rate" in seen.text)
        await seen.until(lambda: "content is sound" in seen.text)


async def test_what_is_saved_is_shown_at_once(tmp_path, course):
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: "content is sound" in seen.text)
        took = []
        for n in range(5):
            seen.change("has doubled after 12" if not n else f"trebled{n - 1} after 12", f"trebled{n} after 12")
            took.append(await seen.until(lambda n=n: f"trebled{n}" in seen.text))
        assert sorted(took)[2] < 0.3 * slowness()


@pytest.mark.slow
async def test_the_same_page_is_shown_again_and_its_numbers_stay(tmp_path, course):
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: "Divide 72" in seen.text)
        await seen.press("right_square_bracket")
        assert "An account holds" in seen.text
        given = next(line for line in seen.text.splitlines() if "An account holds" in line)
        seen.change("After how many years has it doubled, roughly?", "In how many years, do you think?")
        await seen.until(lambda: "do you think" in seen.text)
        assert given in seen.text.splitlines()


@pytest.mark.slow
async def test_what_was_saved_is_shown_after_what_a_key_has_begun(tmp_path, course):
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: "Divide 72" in seen.text)
        turned = asyncio.Event()

        async def turns() -> None:  # a page that is being turned
            await turned.wait()

        seen.app.keyboard.do(turns)
        seen.change("Divide 72", "Share 72")
        await seen.until(lambda: seen.screen.known is not None and seen.screen.reads is None)
        await asyncio.sleep(3 * LOOK)
        assert "Divide 72" in seen.text
        turned.set()
        await seen.until(lambda: "Share 72" in seen.text)


@pytest.mark.slow
async def test_a_page_that_comes_when_the_preview_was_left_is_not_shown(tmp_path, course, monkeypatch):
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: "Divide 72" in seen.text)
        shown, screen = [], seen.screen
        monkeypatch.setattr(type(screen), "show", lambda _, stands: shown.append(stands))
        monkeypatch.setattr(type(screen), "is_attached", False)
        await screen.action_skip(1)
        assert shown == []


@pytest.mark.slow
async def test_pages_are_turned_without_an_answer_to_the_reviews_and_round(tmp_path, course):
    lesson = course / "03-interest-and-prices.md"
    async with watched(tmp_path, lesson) as seen:
        await seen.until(lambda: "Prices grow, too" in seen.text)
        parts = []
        for _ in range(8):
            parts.append(seen.screen.page.part)
            await seen.press("right_square_bracket")
        assert parts == ["read", "predict", "do", "see", "explain", "quiz", "carry", "recall"]
        assert "Prices grow, too" in seen.text
        for key in ("right_square_bracket", "right_square_bracket", "left_square_bracket"):
            await seen.press(key)
        assert seen.screen.page.part == "predict"
        await seen.press("left_square_bracket")
        assert "Prices grow, too" in seen.text
        await seen.press("left_square_bracket")
        assert "What does a basket of" in seen.text


@pytest.mark.slow
async def test_an_exercise_is_answered_as_by_a_learner(tmp_path, course):
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: "Divide 72" in seen.text)
        await seen.press("right_square_bracket")
        await seen.pilot.press("1", "2")
        await seen.press("enter")
        assert seen.screen.page.part == "do"
        await seen.pilot.press("1", "enter", "1", "enter", "1", "enter")
        await seen.until(lambda: "not yet · a slip" in seen.text)


@pytest.mark.slow
async def test_what_is_broken_is_told_over_the_last_page_and_comes_back_mended(tmp_path, course):
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: "content is sound" in seen.text)
        seen.change("minutes = 4", "minutes = ")
        await seen.until(lambda: seen.said)
        assert seen.said[0].startswith(f"interest/{SECOND}:5: the front matter is not plain TOML")
        assert seen.said[0][:60] in seen.text
        assert "Divide 72 by the rate" in seen.text
        seen.change("minutes = ", "minutes = 4")
        await seen.until(lambda: "content is sound" in seen.text)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("72/p", "72/pp", "“pp” is no given"),
        ("k = [2, 3, 4]", "k = 3\nwhere = ['k > 5']", "where"),
        ("start*(1 + k)", "start*2^k", "look alike"),
        ('once = { label', 'once = { lable', f"interest/{SECOND}:{ONCE}: line once: “lable” is no key here"),
    ],
)
async def test_what_the_check_alone_finds_is_told_beside_the_page(tmp_path, course, old, new, says):
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: "content is sound" in seen.text)
        seen.change(old, new)
        await seen.until(lambda: any(says in one for one in seen.said))
        assert "Divide 72 by the rate" in seen.text


async def test_a_lesson_that_begins_broken_shows_why_and_then_itself(tmp_path, course):
    (course / SECOND).write_text("# nothing of it", "utf-8")
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: seen.said)
        await seen.until(lambda: "no front matter" in seen.text)
        assert "Nothing can be shown of it yet" in seen.text
        shutil.copy(interest_path.FOLDER / SECOND, course / SECOND)
        await seen.until(lambda: "Divide 72 by the rate" in seen.text)


@pytest.mark.slow
async def test_a_file_that_is_gone_for_a_moment_is_waited_for(tmp_path, course):
    """As while an editor saves under another name and renames."""
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: "content is sound" in seen.text)
        (course / SECOND).rename(tmp_path / "away.md")
        await seen.until(lambda: seen.said or "checking" in seen.text or "sound" in seen.text)
        (tmp_path / "away.md").rename(course / SECOND)
        seen.change("Divide 72 by the rate", "Seventy-two and the rate")
        await seen.until(lambda: "Seventy-two and the rate" in seen.text)


@pytest.mark.slow
async def test_a_folder_shows_its_drops_one_after_the_other(tmp_path, course):
    async with watched(tmp_path, course) as seen:
        await seen.until(lambda: "A year at a time" in seen.text)
        await seen.press("left_square_bracket")
        assert "What does a basket of" in seen.text


@pytest.mark.slow
async def test_nothing_is_kept(tmp_path, course):
    """Neither beside the author's files nor among them."""
    before = {file: file.read_bytes() for file in course.iterdir()}
    async with watched(tmp_path, course / SECOND) as seen:
        await seen.until(lambda: "Divide 72" in seen.text)
        await seen.press("right_square_bracket", "right_square_bracket")
    assert {file: file.read_bytes() for file in course.iterdir()} == before


@pytest.mark.slow
def test_the_command_opens_it_in_a_terminal_and_touches_no_progress(home, course):
    with Terminal(home, "preview", str(course / SECOND)) as terminal:
        terminal.app.expect("Divide 72")
        file = course / SECOND
        file.write_text(file.read_text("utf-8").replace("Divide 72 by the rate", "Sevenfold"), "utf-8")
        terminal.app.expect("Sevenfold")
        terminal.app.send("q")
        terminal.end()
        assert terminal.restored
        assert terminal.app.exitstatus == 0
    assert list(home.iterdir()) == []


def test_without_a_terminal_or_a_file_it_is_one_line(home, course, capsys):
    assert main(["--home", str(home), "preview", str(course)]) == 2
    assert capsys.readouterr().err.startswith("drops: a preview needs a terminal; `drops check ")
    assert main(["--home", str(home), "preview", str(course / "none.md")]) == 1
    assert capsys.readouterr().err.endswith("none.md is not there; name a lesson's file or the folder of a path\n")
