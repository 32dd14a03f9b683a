"""Every screen by its name: what loads it, and what the command palette says of it.

To add a screen: its file in screens/, and a row here. A screen is loaded when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from drops.tui.screens.base import DropsScreen


def _today() -> type[DropsScreen]:
    from drops.tui.screens.today import TodayScreen

    return TodayScreen


def _first() -> type[DropsScreen]:
    from drops.tui.screens.first import FirstScreen

    return FirstScreen


def _why() -> type[DropsScreen]:
    from drops.tui.screens.lists.why import WhyScreen

    return WhyScreen


def _path() -> type[DropsScreen]:
    from drops.tui.screens.lists.path import PathScreen

    return PathScreen


def _drop() -> type[DropsScreen]:
    from drops.tui.screens.drop import DropScreen

    return DropScreen


def _behind() -> type[DropsScreen]:
    from drops.tui.screens.behind import BehindScreen

    return BehindScreen


def _look_up() -> type[DropsScreen]:
    from drops.tui.screens.lookup import LookUpScreen

    return LookUpScreen


def _end() -> type[DropsScreen]:
    from drops.tui.screens.end import EndScreen

    return EndScreen


def _hard() -> type[DropsScreen]:
    from drops.tui.screens.lists.hard import HardScreen

    return HardScreen


def _progress() -> type[DropsScreen]:
    from drops.tui.screens.lists.progress import ProgressScreen

    return ProgressScreen


def _history() -> type[DropsScreen]:
    from drops.tui.screens.lists.history import HistoryScreen

    return HistoryScreen


def _past() -> type[DropsScreen]:
    from drops.tui.screens.answer import PastScreen

    return PastScreen


def _items() -> type[DropsScreen]:
    from drops.tui.screens.lists.items import ItemsScreen

    return ItemsScreen


def _settings() -> type[DropsScreen]:
    from drops.tui.screens.settings import SettingsScreen

    return SettingsScreen


def _lab() -> type[DropsScreen]:
    from drops.tui.screens.lab.screen import LabScreen

    return LabScreen


def _clock() -> type[DropsScreen]:
    from drops.tui.screens.clock import ClockScreen

    return ClockScreen


def _preview() -> type[DropsScreen]:
    from drops.tui.screens.preview import PreviewScreen

    return PreviewScreen


def _terms() -> type[DropsScreen]:
    from drops.tui.screens.terms import TermsScreen

    return TermsScreen


def _code() -> type[DropsScreen]:
    from drops.tui.screens.code import CodeScreen

    return CodeScreen


def _help() -> type[DropsScreen]:
    from drops.tui.screens.help import HelpScreen

    return HelpScreen


class ScreenRow(NamedTuple):
    """A screen. One with a palette line is opened by it; one that looks back is made of the study alone."""

    load: Callable[[], type[DropsScreen]]
    title: str = ""  # its line in the palette; "": it is reached from another screen only
    says: str = ""
    looks_back: bool = False


SCREENS: dict[str, ScreenRow] = {
    "today": ScreenRow(_today),
    "path": ScreenRow(_path, "Path", "the drops, and all about the path"),
    "why": ScreenRow(_why, "Why today", "each due question's reason and its forgetting curve"),
    "drop": ScreenRow(_drop),
    "behind": ScreenRow(_behind),
    "look-up": ScreenRow(_look_up),
    "end": ScreenRow(_end),
    "hard": ScreenRow(_hard, "Hard drops", "ranked by evidence, with the reasons", looks_back=True),
    "progress": ScreenRow(
        _progress, "Progress", "accuracy, mastery, memory, mix-ups, outcomes, the case book", looks_back=True
    ),
    "history": ScreenRow(_history, "Answer history", "every answer, opened as it was", looks_back=True),
    "past": ScreenRow(_past),
    "items": ScreenRow(_items),
    "settings": ScreenRow(_settings, "Settings", "minutes, recall, theme, keys and more", looks_back=True),
    "lab": ScreenRow(_lab, "Lab", "build any small net and watch it learn"),
    "first": ScreenRow(_first, "The first start", "tell every Gentoo from every other bird, by hand"),
    "clock": ScreenRow(_clock),
    "terms": ScreenRow(_terms),
    "preview": ScreenRow(_preview),
    "code": ScreenRow(_code),
    "help": ScreenRow(_help),
}
