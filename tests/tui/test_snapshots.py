"""Every screen as a learner sees it, in three sizes. DROPS_SNAPSHOTS=1 writes them anew."""

from __future__ import annotations

import fake
import pytest
from helper import opened, same_as_snapshot

SIZES = [pytest.param((60, 20), marks=pytest.mark.slow), (80, 24), (120, 36)]
SCREENS = {
    "today": ((), ()),
    "path": ((), ("p",)),
    "help": ((), ("question_mark",)),
    "terms": ((), ("t",)),
    "read-wires": (("wires",), ("v",)),
    "read-figure": (("figure",), ("right", "right")),
    "read-curve": (("curve",), ()),
    "read-bars": (("bars",), ()),
    "recall": (("recall",), ()),
    "predict": (("predict",), ("2", "enter")),
    "do-wrong": (("do",), ("minus", "full_stop", "5", "enter", "0", "full_stop", "5", "enter", "1", "enter")),
    "do-right": (("do",), ("0", "enter", "full_stop", "5", "enter", "full_stop", "5", "enter")),
    "explain-wrong": (("explain",), ("2", "enter")),
    "case": (("case",), ("3", "enter")),
    "case-answered": (("case",), ("enter", "3", "down", "down", "down", "enter", "2", "enter")),
    "order": (("order",), ("space", "down")),
    "knobs": (("knobs",), ("right",)),
    "design": (("design",), ()),
    "carry": (("carry",), ()),
    "end": (("carry",), ("enter",)),
}


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_screen_looks_as_it_was_last_looked_at(name, size):
    pages, keys = SCREENS[name]
    async with opened(*pages, size=size, still=True) as hands:
        await hands.press(*keys)
        lines = hands.lines
        assert all(len(line) <= size[0] for line in lines)
        same_as_snapshot(f"{name}-{size[0]}x{size[1]}", lines)


async def test_a_finished_run_looks_as_it_was_last_looked_at():
    async with opened("see", size=(120, 36)) as hands:
        for _ in range(1000):
            await hands.pilot.pause(0.02)
            if "space again" in hands.text:
                break
        same_as_snapshot("see-120x36", hands.lines)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        (
            "first-run",
            {"first_run": True, "items": (), "states": {}, "finished": 0, "new": next(iter(fake.LIBRARY))},
        ),
        ("done", {"items": (), "new": None, "done_today": True, "seconds": 0}),
        ("resuming", {"resuming": True}),
        (
            "behind",
            {
                "clears": "11 more wait; all done in 4 days",
                "banner": "another drops is writing; this one only reads",
            },
        ),
    ],
)
async def test_today_says_what_kind_of_day_it_is(name, changes):
    async with opened(today=fake.make_today(**changes)) as hands:
        same_as_snapshot(f"today-{name}-80x24", hands.lines)


@pytest.mark.slow
async def test_without_colours_a_map_is_drawn_in_shades(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened("surface") as hands:
        assert "░" in hands.text
        assert "▓" in hands.text
        same_as_snapshot("surface-no-colour-80x24", hands.lines)
