"""A figure and its knobs are seen at once: where they do not fit one under the other, the knobs stand beside."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import fake
import pytest
from helper import Hands, opened

from drops.clock import moment
from drops.colours import DARK
from drops.course.parse import library_folders, load
from drops.exercises.blocks import (
    Bar,
    Bars,
    Curve,
    Design,
    Figure,
    Goal,
    Knob,
    Run,
    Series,
    Sheet,
    Surface,
    Wires,
    Words,
)
from drops.memory.schedule import folded
from drops.store.file.glance import glance
from drops.store.log import Log
from drops.study.study import Study
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.base.ink import inks
from drops.tui.blocks import blocks, plane

NOW = moment(datetime(2026, 11, 29, 9, 0, tzinfo=UTC))
LIBRARY = load(library_folders(None))
INK = inks(DARK, few=False)
HEAD_AND_KEYS, SIDES = 3, 5  # lines above and below a page, cells beside it
MAP = Surface(((0.0, 1.0), (1.0, 0.0)), (-5, 5), (-5, 5), "A map.", x_label="x₁", y_label="x₂")
CURVE = Curve((Series("loss", ((0.0, 1.0), (4.0, 0.0))),), "x", "loss", "It falls.")
NET = Wires(
    (("x₁", "x₂"), ("h₁", "h₂", "h₃"), ("ŷ",)),
    (((0.75, -0.25), (1.25, -1.75), (1, 1)), ((1, 1, 1),)),
    None,
    "A net.",
)
SAID = Words("The line cuts x₁ at 1.")
KNOBS = tuple(Knob(name, name, -5, 5, 1, 0) for name in ("w₁", "w₂", "b"))


def figure(*shown, knobs=KNOBS, **more):
    return Figure(knobs, lambda values: shown, "Turn them.", **more)


def drawn(one, size, *, active=True, knob=0):
    """Its lines as on a page of this size, with text above it."""
    wide, high = size
    hands = blocks.Hands.on((one,))
    hands.active, hands.knob, hands.tall = active, knob, high - HEAD_AND_KEYS - 3
    return ["".join(part.text for part in line) for line in blocks.draw(one, wide - SIDES, INK, hands)]


SMALL = pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=["80x24", "60x20"])


@SMALL
@pytest.mark.parametrize(
    "shown", [(SAID, MAP), (MAP,), (SAID, CURVE, Bars((Bar("a", 1.0), Bar("b", 2.0)), ""))]
)
def test_a_figure_too_tall_for_the_screen_has_its_knobs_beside_it(shown, size):
    lines = drawn(figure(*shown), size)
    assert len(lines) <= size[1] - HEAD_AND_KEYS
    said = "\n".join(lines)
    assert all(re.search(rf"{knob.label} +[─●┴]+ +0\b", said) for knob in KNOBS)
    assert lines[0].count("▸") == 1  # beside the picture's first line
    assert "Turn them." in said
    if SAID in shown:
        assert "The line cuts" in said


def test_a_map_is_larger_for_its_knobs_beside_it():
    rows = sum("▀" in line for line in drawn(figure(SAID, MAP), (80, 24)))
    assert rows > plane.FLATTEST


@pytest.mark.parametrize("width", [40, 62, 75, 113])
@pytest.mark.parametrize("tall", [17, 24, 33, 47])
@pytest.mark.parametrize("spans", [((-5, 5), (-5, 5)), ((170, 235), (13, 22))], ids=["square", "units of their own"])
def test_a_map_stands_where_it_is_larger_above_its_knobs_or_beside_them(width, tall, spans, monkeypatch):
    one = figure(SAID, replace(MAP, x_range=spans[0], y_range=spans[1]))

    def size() -> tuple[int, int]:
        """The lines of the whole, and the cells of the map."""
        hands = replace(blocks.Hands.on((one,)), tall=tall, fill=True, active=True)
        lines = ["".join(part.text for part in line) for line in blocks.draw(one, width, INK, hands)]
        return len(lines), sum(line.count("▀") for line in lines)

    chosen, both = size(), []
    for above in (True, False):
        monkeypatch.setattr(plane, "larger_above", lambda *_, above=above: above)
        both.append(size())
    assert chosen == max(both, key=lambda each: (each[0] <= tall, each[1]))


def test_what_fits_keeps_its_knobs_below():
    lines = drawn(figure(CURVE, knobs=KNOBS[:1]), (80, 24))
    assert lines[-2].startswith("▸ w₁")
    assert len(lines[-2].rstrip()) < 60  # as broad as a slider is, not as the page


def test_of_knobs_with_long_names_only_the_one_in_hand_has_a_slider():
    long = tuple(Knob(f"k{i}", f"bias of the line {i}", -5, 5, 1, float(i)) for i in (1, 2, 3))
    for knob in range(3):
        lines = drawn(figure(MAP, knobs=long), (60, 20), knob=knob)
        said = [line[31:] for line in lines]
        at = next(y for y, line in enumerate(said) if "▸" in line)
        assert f"line {knob + 1}" in " ".join(said[at : at + 2])
        assert sum("──" in line for line in said) == 1
        assert all(re.search(rf" {i}$", "\n".join(said).rstrip(), re.M) for i in (1, 2, 3))


def test_the_column_is_as_tall_whichever_knob_is_in_hand():
    long = tuple(Knob(f"k{i}", f"bias of the line {i}", -5, 5, 1, float(i)) for i in (1, 2, 3))
    tall = {len(drawn(figure(MAP, knobs=long), (60, 20), knob=k, active=k < 3)) for k in range(4)}
    assert len(tall) == 1


def test_a_knob_whose_places_have_long_names_is_told_whole_in_a_narrow_column():
    brake = Knob("brake", "trained", 0, 1, 1, 1, ("to the best moment", "to the end"))
    said = "\n".join(drawn(figure(SAID, MAP, knobs=(brake,)), (60, 20)))
    assert "trained" in said
    assert "to the end" in said
    assert "…" not in said


def test_a_table_that_is_too_wide_stands_over_the_whole_width_above_them():
    table = Sheet(tuple(f"column {i}" for i in range(5)), (tuple("12345"),) * 3, "")
    lines = drawn(figure(table, CURVE, knobs=KNOBS[:2], goal=Goal("find it", lambda _: False)), (60, 20))
    assert len(lines) <= 17
    assert "column 4" in lines[0]
    assert any("▸ w₁" in line and line.index("▸") > 25 for line in lines)


def test_a_net_keeps_the_numbers_on_its_wires():
    for size in [(80, 24), (60, 20)]:
        table = Sheet(("unit", "z", "h"), (("h₁", "1", "1"), ("h₂", "0", "0")), "")
        said = "\n".join(drawn(figure(NET, SAID, table), size))
        assert all(weight in said for weight in ("0.75", "−0.25", "1.25", "−1.75"))


def figures_of(drop, home):
    """Every figure with knobs of the pages of a drop, by the page's key."""
    study = Study(LIBRARY, Log.open(home, folded(0.9), now=NOW))
    session = study.begin(NOW, drop=drop.id)
    for _ in range(200):
        if session.ended:
            break
        page = study.page(session)
        if isinstance(page.ask, Design) or page.part == "end":
            break
        yield from ((page.key, one) for one in blocks.figures(page.show) if one.knobs)
        if page.ask is not None and not isinstance(page.ask, Run):
            front = study._front(session)
            session, _ = study.answer(session, front.task.worked(front.ask).wanted, NOW, seconds=8.0)
        session = study.turn(session, NOW)
    study.close()


@pytest.mark.slow
@pytest.mark.parametrize("drop", list(LIBRARY), ids=lambda drop: drop.id)
def test_at_80_columns_every_figure_of_a_lesson_is_seen_whole_with_its_knobs(drop, tmp_path):
    for key, one in figures_of(drop, tmp_path):
        for knob in range(len(one.knobs)):
            lines = drawn(one, (80, 24), knob=knob)
            assert len(lines) <= 24 - HEAD_AND_KEYS, key
            assert not any("…" in line and "… " not in line for line in lines), key


@pytest.mark.slow
@pytest.mark.parametrize(
    ("drop", "turns"),
    [("lines-and-shapes", 0), ("two-three-one", 1), ("backpropagation", 0), ("tabular-architecture", 0)],
)
@SMALL
async def test_a_knob_that_is_turned_is_seen_with_its_value_and_what_it_changes(drop, turns, size, tmp_path):
    study = Study(LIBRARY, Log.open(tmp_path, folded(0.9), now=NOW))
    app = DropsApp(
        lambda: today(LIBRARY, glance(tmp_path), NOW), lambda: study, lambda: NOW, lambda: LIBRARY,
        home=tmp_path, reduced_motion=True,
    )  # fmt: skip
    async with app.run_test(size=size) as pilot:
        hands = Hands(app, pilot, None)
        await pilot.pause()
        await app.begin(drop=drop, test_out=False)
        await hands.press()
        for _ in range(turns):
            page = app.screen.page
            while app.screen.page is page:
                await hands.press("enter")
        stage = app.screen.stage
        for _ in stage.hands.knobs:
            await hands.press(*(["tab"] if len(stage.hands.knobs) > 1 else []), "right", "left", "right")
            one, knob = stage.hands.knobs[stage.hands.knob]
            at = next(y for y, line in enumerate(hands.lines) if re.search(r"▸ \S", line))
            said = " ".join(hands.lines[at : at + 3])
            assert knob.label.split()[0] in said
            assert knob.told(stage.hands.of(one)[knob.name]) in said
            first, last = stage.moving.in_view
            whole = [line.strip() for line in stage.moving.lines[first : last + 1]]
            seen = [line for line in whole if line in hands.text]
            assert len(seen) >= min(len(whole), stage.size.height - 2)


async def test_a_key_that_turns_nothing_leaves_the_page_where_it_is(monkeypatch):
    lines = Words("\n\n".join(f"Line {i} of a long page." for i in range(14)))
    monkeypatch.setitem(fake.PAGES, "surface", replace(fake.PAGES["surface"], show=(lines, figure(SAID, MAP))))
    async with opened("surface", size=(80, 24)) as hands:
        for key in ("b", "z", "home", "v"):
            await hands.press(key)
            assert "Line 0 of" in hands.text, key
        await hands.press("right")
        assert "▸ w₁" in hands.text


@pytest.mark.parametrize("sizes", [((80, 24), (60, 20)), ((60, 20), (80, 24)), ((80, 24), (80, 18))], ids=str)
async def test_a_knob_in_hand_stays_in_sight_when_the_window_changes(sizes, monkeypatch):
    lines = Words("\n\n".join(f"Line {i} of a long page." for i in range(14)))
    monkeypatch.setitem(
        fake.PAGES, "surface", replace(fake.PAGES["surface"], show=(lines, figure(SAID, MAP), lines))
    )
    async with opened("surface", size=sizes[0]) as hands:
        await hands.press("tab", "right")
        assert "▸ w₂" in hands.text
        await hands.pilot.resize_terminal(*sizes[1])
        for _ in range(3):
            await hands.pilot.pause()
        assert "▸ w₂" in hands.text
        assert "The line cuts" in hands.text
        await hands.press("pagedown", "pagedown", "pagedown")
        assert "▸ w₂" not in hands.text
        await hands.pilot.resize_terminal(*sizes[0])
        for _ in range(3):
            await hands.pilot.pause()
        assert "▸ w₂" not in hands.text  # who scrolled away from it stays there


@pytest.mark.parametrize("width", [55, 75])
def test_knobs_that_stood_beside_their_picture_stay_there_as_they_are_turned(width):
    """A sentence that took one more line moved the knob in hand to the other side of the page, and back."""
    long = "Here it says more than it does elsewhere. " * 3

    def shows(values):
        return CURVE, Words(long if values["w₁"] > 0 else "It falls.")

    one = Figure(KNOBS, shows, "Turn them.")
    sides = []
    for tall in range(10, 24):
        hands = blocks.Hands.on((one,))
        hands.tall, hands.active = tall, True
        sides.append([])
        for value in (-1.0, 1.0, -1.0, 2.0, 0.0):
            hands.of(one)["w₁"] = value
            lines = ["".join(part.text for part in line) for line in blocks.draw(one, width, INK, hands)]
            sides[-1].append(next(line for line in lines if "w₁ " in line).index("w₁ ") > width // 3)
    assert all(after or not before for each in sides for before, after in pairwise(each))
    assert [False, True, True, True, True] in sides
