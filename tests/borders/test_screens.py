"""Every screen of the app, in a real terminal: nothing planted in lessons or histories reaches it."""

from __future__ import annotations

import pytest

from drops.tui.table import SCREENS
from hostile import ONLY, Screens, clean, shown

PASTED = "\x1b[200~x\u202e\x9b?1338h\x1b]52;c;UFdO\x07\x1b[201~"
UP, DOWN, RIGHT, LEFT, PAGE, ESCAPE, ENTER, FIND, BACKSPACE = (
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[6~",
    "\x1b",
    "\r",
    "\x10",
    "\x7f",
)
EACH = (DOWN, RIGHT, PAGE, PAGE)

# Each screen that one key of Today opens, and what is looked at there.
FROM_TODAY = {
    "WhyScreen": ("w", [DOWN, DOWN, PAGE]),
    "PathScreen": ("p", [*EACH, PAGE, PAGE, PAGE]),
    "HardScreen": ("h", ["w", *EACH, "n"]),
    "ProgressScreen": ("g", [key for page in "12345" for key in (page, PAGE, PAGE)]),
    "HistoryScreen": ("a", [*EACH, "v", "v", "d", "x", "m", "x", "/", *"PWN", ENTER, ESCAPE]),
    "LabScreen": ("l", [DOWN, PAGE]),
    "SettingsScreen": ("s", [*[RIGHT, LEFT, DOWN] * 8, PAGE]),
    "HelpScreen": ("?", [PAGE]),
}


def every_screen() -> set[str]:
    """The screens of the app, and Textual's palette; but for the question about the clock, which is asked of
    a clock that is wrong.
    """
    return {row.load().__name__ for row in SCREENS.values()} - {"ClockScreen", "PreviewScreen"} | {"CommandPalette"}


def look_up(app: Screens) -> None:
    """The lesson over the question, where one is asked; looked at once."""
    if "LookUpScreen" not in app.visited:
        app.press("l")
        app.wait(first=0.3)
        if app.at() == "LookUpScreen":
            app.visited.add("LookUpScreen")
            app.look_at(DOWN, PAGE, LEFT, PAGE, "?")
            app.reach("DropScreen", "q", ESCAPE)


def in_code(app: Screens) -> None:
    """The same in code, where a sheet of numbers is answered; looked at once."""
    if "CodeScreen" not in app.visited and app.at() == "DropScreen":
        app.press("c")
        app.wait(first=0.3)
        if app.at() == "CodeScreen":
            app.visited.add("CodeScreen")
            app.look_at(DOWN, "?")
            app.reach("DropScreen", "q", ESCAPE)


def lesson(app: Screens) -> None:
    """A whole drop: its pages, its figure, its exercise and its quiz; pasted into, answered, given up."""
    for _ in range(60):
        if app.at() in ("BehindScreen", "LookUpScreen"):
            app.reach("DropScreen", "q")
        if app.at() != "DropScreen":
            return
        look_up(app)
        for key in (PASTED, ENTER, "1", ENTER, "f", RIGHT, "f", "s", ENTER):
            app.look_at(key)
            if app.at() == "EndScreen":
                app.visited.add("EndScreen")
                app.look_at(PAGE, "?")
                return
            if key == "s":
                in_code(app)  # given up, it is answered


@pytest.mark.slow
def test_nothing_planted_reaches_the_terminal_by_any_screen(hostile_home, hostile, tmp_path):
    with Screens(hostile_home, ONLY.format(str(hostile)), tmp_path / "visits") as app:
        app.reach("TodayScreen")
        for screen, (key, keys) in FROM_TODAY.items():
            app.reach(screen, key)
            app.look_at(*keys, "?")  # and the help of that screen
            app.reach("TodayScreen", "q", ESCAPE)
        app.reach("TermsScreen", "t")
        app.look_at(*"PWN", DOWN, DOWN)
        app.reach("TodayScreen", ESCAPE)
        app.reach("CommandPalette", FIND)
        app.look_at(*"PWN", DOWN, DOWN, PAGE)
        app.reach("TodayScreen", ESCAPE)
        app.reach("CommandPalette", FIND)
        app.press(*"the first start", DOWN)
        app.reach("FirstScreen", ENTER)
        app.look_at(UP, LEFT, "?")
        app.reach("TodayScreen", "q", ESCAPE)
        for answer in range(6):
            app.reach("HistoryScreen", "a")
            app.look_at(*[DOWN] * answer)
            app.reach("PastScreen", ENTER)
            app.look_at("s", PAGE, PAGE)
            app.reach("TodayScreen", "q")
        app.reach("PathScreen", "p")
        app.reach("ItemsScreen", "i")
        app.look_at(DOWN, ENTER, "f", DOWN, PAGE, "?")
        app.reach("PathScreen", "q", ESCAPE)
        app.reach("DropScreen", ENTER)
        app.reach("BehindScreen", ENTER, "b")
        app.look_at(LEFT, PAGE, PAGE, "?")
        app.reach("DropScreen", "q", ESCAPE)
        lesson(app)
        app.reach("TodayScreen", "q", ESCAPE)
        app.reach("DropScreen", ENTER)  # what comes back today
        lesson(app)
        app.reach("TodayScreen", "q", ESCAPE)
        app.press("q")
        said = app.all()
        assert app.process.returncode == 0
    clean(said, app=True)
    assert b"Traceback" not in said
    assert app.visited == every_screen()
    looked = "\n".join(app.looked)
    assert [part for part in ("Predict", "Explain", "Quiz", "Carry forward") if part not in looked] == []
    assert len(shown(said)) > 30
