"""Today and the path: what is due and why, the first start's one choice, a drop that is ahead."""

from __future__ import annotations

import fake
import pytest
from helper import opened, same_as_snapshot

from drops.colours import DARK
from drops.course.model import Teaser
from drops.events import Memory
from drops.memory.forgetting import recall_after
from drops.memory.today import READ
from drops.study.own.lab import KEPT
from drops.study.own.ward import WANTED
from drops.study.today import SIGNS, fading
from drops.tui.base.drawn import ink_of
from drops.tui.base.ink import inks
from drops.tui.blocks import teaser
from drops.tui.screens.day_list import begins, by_drop
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.lists.listing import Listing
from drops.tui.screens.lists.path import PathScreen
from drops.tui.screens.lists.why import WhyScreen
from drops.tui.screens.today import TodayScreen

DAY = fake.NOW.day.toordinal()
HELD = Memory("drop-1/by-hand", DAY - 1, 5.0, 4.2, DAY - 6, 4, 0, False, "fsrs")
FIRST = fake.make_today(first_run=True, items=(), states={}, finished=0, new=next(iter(fake.LIBRARY)))


def due():
    today = fake.make_today()
    return today._replace(items=(today.items[0]._replace(memory=HELD), *today.items[1:]))


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)], ids=["60x20", "80x24", "120x36"])
async def test_w_tells_why_each_item_is_due_with_its_forgetting_curve(size):
    async with opened(size=size, today=due()) as hands:
        await hands.press("w")
        assert isinstance(hands.app.screen, WhyScreen)
        assert "recall 0.86, last seen 6 days ago" in " ".join(hands.text.split())
        if size != (60, 20):  # there the pane stands beside the list or below it
            assert "answered today, it starts afresh." in " ".join(hands.text.split())
            assert hands.app.screen.query_one("#pane").max_scroll_y == 0
        same_as_snapshot(f"why-{size[0]}x{size[1]}", hands.lines)
        await hands.press("down", "down")
        assert "not known before its first answer" in " ".join(hands.text.split())
        await hands.press("q")
        assert isinstance(hands.app.screen, TodayScreen)


def test_a_forgetting_curve_runs_from_the_last_answer_to_a_month_ahead():
    points = fading(due().items[0], fake.NOW.day)
    assert points[0] == (-6, 1.0)
    assert points[-1][0] == 30
    assert [recall for _, recall in points] == sorted((recall for _, recall in points), reverse=True)
    assert fading(due().items[1], fake.NOW.day) == []


def read_two_days_ago():
    """A day whose first item was read in its lesson and never asked."""
    today = due()
    day = fake.NOW.day.toordinal()
    return today._replace(items=(today.items[2]._replace(read_day=day - 2), *today.items[:2]))


def test_what_was_read_and_never_asked_fades_from_its_lesson_on_as_the_plan_takes_it():
    points = fading(read_two_days_ago().items[0], fake.NOW.day)
    assert points[0] == (-2, 1.0)
    assert dict(points)[0] == pytest.approx(recall_after(READ, 2))
    assert points[-1][0] == 30


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)], ids=["60x20", "80x24", "120x36"])
async def test_what_was_never_asked_has_its_curve_too(size):
    async with opened(size=size, today=read_two_days_ago()) as hands:
        await hands.press("w")
        assert "Taken to fade as what was right once: 0.66 in 30 days." in " ".join(hands.text.split())
        assert "◆" in hands.text


async def test_why_is_no_key_where_nothing_is_due():
    async with opened(today=fake.make_today(items=())) as hands:
        await hands.press("w")
        assert isinstance(hands.app.screen, TodayScreen)
        assert "why these" not in hands.text


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [((), []), (("left",), [("budget_minutes", "5")]), (("right",), [("budget_minutes", "12")])],
)
async def test_the_first_start_has_one_choice_and_goes_straight_into_the_first_drop(keys, chosen):
    async with opened(today=FIRST) as hands:
        changes = []
        hands.study.setting = lambda name: 8.0
        hands.study.change = lambda name, text, now: changes.append((name, text))
        await hands.press(*keys)
        assert f"[{ {'left': 5, 'right': 12}.get(*keys) if keys else 8 }]" in hands.text
        await hands.press("enter")
        assert isinstance(hands.app.screen, DropScreen)
        assert changes == chosen


async def test_the_choice_is_made_by_a_click_too():
    async with opened(today=FIRST) as hands:
        await hands.click("5   [8]")
        assert "[5]" in hands.text


@pytest.mark.slow
async def test_a_drop_ahead_is_opened_at_the_second_enter_or_tested_out():
    async with opened("wires") as hands:
        await hands.press("q", "p", "end", "enter")
        assert isinstance(hands.app.screen, PathScreen)
        assert "It opens after 5. Enter again goes ahead" in hands.text
        assert "enter go ahead  " in hands.lines[-1]
        await hands.press("up")
        assert "Enter again goes ahead" not in hands.text
        assert "enter go ahead?" in hands.lines[-1]
        await hands.press("enter", "enter")
        assert isinstance(hands.app.screen, DropScreen)


@pytest.mark.slow
async def test_a_drop_that_was_done_meanwhile_is_said_to_be_ahead_no_more(monkeypatch):
    async with opened("wires") as hands:
        await hands.press("q", "p", "end", "enter")
        screen = hands.app.screen
        assert "Enter again goes ahead" in hands.text
        screen.renew(screen.today)
        await hands.press()
        assert "Enter again goes ahead" in hands.text
        monkeypatch.setitem(screen.today.states, screen.drop.id, "solid")
        screen.renew(screen.today)
        await hands.press()
        assert "Enter again goes ahead" not in hands.text


@pytest.mark.slow
@pytest.mark.parametrize(
    "size",
    [pytest.param((60, 20), marks=pytest.mark.slow), (80, 24), pytest.param((120, 36), marks=pytest.mark.slow)],
    ids=lambda s: f"{s[0]}x{s[1]}",
)
async def test_what_enter_says_of_a_drop_ahead_is_on_the_screen_whichever_it_is(size):
    async with opened("wires", size=size) as hands:
        await hands.press("q", "p", "home")
        screen = hands.app.screen
        body, ahead = screen.query_one("#body"), 0
        for _ in range(screen.count - 1):
            await hands.press("down")
            if screen._state == "ahead":
                ahead += 1
                await hands.press("enter")
                first, last = screen.query_one(Listing).rows[screen.now]
                top = body.scroll_offset.y
                assert top <= first < last <= top + body.size.height
                assert "It opens after 5." in hands.text
        assert ahead == 9


@pytest.mark.slow
async def test_at_120_columns_the_path_says_all_that_it_says_at_80():
    ink, said = inks(DARK, few=False), {}
    for size in ((80, 24), (120, 36)):
        async with opened("wires", size=size) as hands:
            await hands.press("q", "p", "home")
            screen = hands.app.screen
            await hands.press(*["down"] * 5)
            for at in range(screen.count):
                screen.now = at
                rows = [line for entry in screen.entries(screen.query_one(Listing).size.width, ink) for line in entry.lines]
                pane = screen.about(screen.query_one("#pane").size.width or size[0] - 6, ink)
                words = "".join(segment.text + " " for line in (*rows, *pane) for segment in line).split()
                said.setdefault(at, []).append(set(words))
    for narrow, wide in said.values():
        assert narrow <= wide


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)], ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("many", [1, 30])
async def test_what_is_to_be_done_stands_on_the_first_screen_however_long_the_list(size, many):
    items = fake.make_today().items * many
    async with opened(today=fake.make_today(items=items, banner="something to know first"), size=size) as hands:
        assert "▸ Begin" in hands.text
        assert f"{len(items)} short questions" in hands.text
        assert "something to know first" in hands.text
        assert not any(item.title in hands.text for item in items)  # counted, never a wall of questions
        assert hands.app.screen.query_one("#body").max_scroll_y == 0
        await hands.pilot.resize_terminal(60, 20)
        assert "▸ Begin" in hands.text


@pytest.mark.parametrize(
    ("beside", "why", "says"),
    [
        ("the ward round", WANTED, "The ward round: a kind of case it has not had yet."),
        ("the Lab", KEPT, f"The Lab: {KEPT}."),
    ],
)
async def test_why_names_what_is_of_no_path_rightly_and_once(beside, why, says):
    item = fake.make_today().items[0]._replace(drop_number=0, beside=beside, why=why, recall=None)
    async with opened(today=fake.make_today(items=(item,))) as hands:
        await hands.press("w")
        assert says in " ".join(hands.text.split())


@pytest.mark.parametrize("done", [False, True])
async def test_the_drop_that_waits_may_come_first_or_where_nothing_is_left_to_recall_today_already(done):
    made = fake.make_today(new=None)
    waits = made._replace(plan=made.plan._replace(why="every second"), done_today=done)
    async with opened(today=waits._replace(items=()) if done else waits) as hands:
        line = next(line for line in hands.lines if "n: " in line).strip()
        assert line == ("n: the next drop, today already" if done else "Enter: recall · n: the drop first")
        assert ("✓ Done for today." in hands.text) == done


def due_of(*numbers: int, elsewhere: str = "", there: tuple[int, ...] = (1,)):
    item = fake.make_today().items[0]
    items = tuple(item._replace(drop_number=n) for n in numbers)
    other = tuple(item._replace(drop_number=n, elsewhere=elsewhere) for n in there if elsewhere)
    return fake.make_today(items=(*items, *other))


@pytest.mark.parametrize(
    ("today", "says"),
    [
        (due_of(7, 5, 7), "2 from drop 7 · 1 from drop 5"),
        (due_of(1, 2, 3, 4, 4), "from drops 1 to 4"),
        (due_of(1, 3, 4, 5, 7, 8), "from drops 1, 3 to 5, 7 and 8"),
        (due_of(1, 2, 4, 7), "from drops 1, 2, 4 and 7"),
        (due_of(1, 2, 3, 4, elsewhere="Sums"), "from drops 1 to 4 · drop 1 of Sums"),
        (due_of(2, elsewhere="Sums", there=(1, 3, 4, 5)), "from drop 2 · drops 1 and 3 to 5 of Sums"),
    ],
)
def test_what_is_due_is_told_by_drop(today, says):
    assert by_drop(today) == says


@pytest.mark.parametrize("lines", [((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), ((0, 2, 3), (-1.7, -1, 3), (1.7, -1, 3))])
def test_on_the_picture_of_lines_yes_is_where_all_fire_and_no_the_stronger_the_more_are_silent(lines):
    shown = teaser.block(Teaser("lines", lines))
    assert shown.low == -shown.high  # what is neither is in the middle, which has no colour
    for y in range(0, teaser.GRID, 7):
        for x in range(0, teaser.GRID, 7):
            across = (x + 0.5) / teaser.GRID * 2 * teaser.EDGE - teaser.EDGE
            up = teaser.EDGE - (y + 0.5) / teaser.GRID * 2 * teaser.EDGE
            silent = sum(w1 * across + w2 * up + b <= 0 for w1, w2, b in lines)
            assert shown.values[y][x] == (-silent or len(lines))


async def test_the_picture_of_the_drop_to_come_is_drawn_after_the_first_paint():
    drop = fake.make_today().new._replace(picture=Teaser("net", (2, 3, 1)))
    async with opened(today=fake.make_today(new=drop), size=(120, 36)) as hands:
        plan = hands.app.screen.plan
        assert plan.pictured
        assert "h₃" in hands.text
        plan.pictured = False
        assert not any("h₃" in line for line in map(str, plan.draw(120, ink_of(hands.app))))


@pytest.mark.parametrize(
    ("size", "titled"),
    [((60, 20), 0), ((80, 24), 5), ((120, 36), 5), ((200, 50), 14)],
    ids=["60x20", "80x24", "120x36", "200x50"],
)
async def test_the_path_fills_what_today_leaves_with_the_titles_of_the_phase_in_hand_first(size, titled):
    today = fake.make_today()
    path = today.paths.current
    async with opened(today=today, size=size) as hands:
        left = [line[: size[0] // 2 - 5] if size[0] >= 110 else line for line in hands.lines]
        rows = [line.split()[:2] for line in left]
        assert sum([sign, str(d.number)] in rows for d in path.drops for sign in SIGNS.values()) == titled
        assert "4 of 14" in hands.text
        for phase in path.phases if titled else ():
            assert sum(phase.title in line for line in hands.lines) == 1


@pytest.mark.parametrize(("room", "says"), [(31, "Go on where you stopped: drop 1"), (30, "Go on with drop 1")])
def test_what_goes_on_is_told_in_fewer_words_before_it_is_cut(room, says):
    today = fake.make_today(resuming=True, resumes=next(iter(fake.LIBRARY)))
    assert begins(today, room) == says
