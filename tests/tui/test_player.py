"""A training as a show: it lasts as long as it says, whatever is computed when."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import fake
import pytest
from helper import opened
from hypothesis import given
from hypothesis import strategies as st

from drops.colours import DARK
from drops.exercises.blocks import Figure, Frame, Knob, Run, Words
from drops.exercises.pictured import picture_of
from drops.tui.asks.player import LASTS, SPEEDS, Player
from drops.tui.asks.ruler import ruler
from drops.tui.asks.run import AskRun
from drops.tui.base.ink import inks
from drops.tui.screens.behind import as_left
from drops.tui.screens.borrowed import carried


def moments(count: int, decided: int = -1) -> list[Frame]:
    return [Frame((), (i + 1) / count, f"{i}", "decided" if i >= decided >= 0 else "") for i in range(count)]


def player(count: int = 40, **more) -> Player:
    made = Player(**more)
    for frame in moments(count):
        made.keep(frame)
    return made


def seconds_of(shown: Player) -> float:
    seconds = 0.0
    while not shown.over:
        shown.advance(0.01)
        seconds += 0.01
    return seconds


def test_a_run_that_is_computed_at_once_lasts_some_seconds_all_the_same():
    assert 3.0 <= LASTS <= 6.0
    assert seconds_of(player()) == pytest.approx(LASTS, abs=0.05)


@pytest.mark.parametrize(("key", "lasts"), [("1", 8.0), ("2", 4.0), ("3", 2.0), ("4", 1.0)])
def test_the_digits_set_its_speed(key, lasts):
    assert seconds_of(player(speed=SPEEDS[key])) == pytest.approx(lasts, abs=0.05)


@given(st.lists(st.one_of(st.just("keep"), st.floats(0, 1), st.sampled_from([-3, -1, 1, 2, 9])), max_size=60))
def test_nothing_is_shown_that_is_not_computed_and_no_place_is_outside(acts):
    shown, rest = Player(), moments(12)
    for act in acts:
        if act == "keep":
            for frame in rest[:1]:
                shown.keep(frame)
            rest = rest[1:]
        elif isinstance(act, float):
            shown.advance(act)
        else:
            shown.scrub(act)
        assert 0 <= shown.place <= shown.known <= 1
        assert (shown.frame is None) == (not shown.moments)
        if shown.frame is not None and shown.frame is not shown.moments[0]:
            assert shown.frame.done <= shown.place + 1e-9


@pytest.mark.parametrize("width", [20, 60, 120, 200])
@pytest.mark.parametrize("place", [0.0, 0.3, 1.0])
def test_the_line_of_a_show_is_as_wide_as_its_room(width, place):
    shown = player(10)
    shown.moments[4] = replace(shown.moments[4], moment="it dies")
    shown.place = place
    line, decided = ruler(shown, "paused", width, inks(DARK, few=False), running=False)
    text = "".join(part.text for part in line)
    assert len(text) == width - 1
    assert text[decided] == "◆"
    seen, _, rest = text[3:].removesuffix("  paused").partition("●")
    assert len(seen) == round(place * (width - 13))
    assert {*seen} <= {"━", "◆"}
    assert {*rest} <= {"─", "◆"}


def test_scrubbing_goes_through_every_moment_and_back_to_the_first():
    shown = player(7)
    shown.finish()
    back = [shown.frame.says]
    for _ in range(8):
        shown.scrub(-1)
        back.append(shown.frame.says)
    assert back == ["6", "5", "4", "3", "2", "1", "0", "0", "0"]


def test_the_first_moment_with_a_name_is_the_one_that_decides():
    shown = Player()
    for frame in moments(10, decided=4):
        shown.keep(frame)
    assert shown.turning == (0.5, "decided")
    shown.to_turning()
    assert shown.frame.says == "4"


async def test_a_show_is_paused_scrubbed_and_brought_to_its_result_by_keys(monkeypatch):
    monkeypatch.setattr("drops.tui.asks.run.LASTS", 30.0)
    async with opened("see", size=(120, 36)) as hands:
        run = hands.app.screen.query_one(AskRun)
        await ran_ahead(hands, run)
        assert not run.over
        await told(hands, "running")
        await hands.press("space")
        assert "paused" in hands.text
        await hands.press("right", "right")
        ahead = run.player.now
        await hands.press("left")
        assert run.player.now == ahead - 1
        await hands.press("end")
        assert run.over
        assert "20 of 20 seeds" in hands.text
        await hands.press("space")  # from its end it begins once more
        assert run.running
        assert run.player.place < 0.5
        await hands.press("enter")  # and it can be left at any moment
        assert hands.study.turned == ["see"]


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20)])
async def test_what_a_run_has_shown_is_said_at_its_end_to_which_enter_brings_it_and_stays_behind_it(
    size, monkeypatch
):
    monkeypatch.setattr("drops.tui.asks.run.LASTS", 30.0)
    monkeypatch.setitem(
        fake.PAGES, "see", replace(fake.PAGES["see"], ask=replace(fake.RUN, closes="You foresaw it."))
    )
    async with opened("see", "explain", size=size) as hands:
        run = hands.app.screen.query_one(AskRun)
        await ran_ahead(hands, run)
        await told(hands, "running")
        before = len(run.lines)
        while hands.app.screen._wants_reading:
            assert "You foresaw it." not in hands.text
            await hands.press("enter")
        assert "enter result" in hands.lines[-1]
        await hands.press("enter")
        assert run.over
        assert "You foresaw it." in hands.text
        if size[0] >= 110:
            assert len(run.lines) == before  # its place was kept: nothing moves
        while hands.app.screen._wants_reading:
            await hands.press("enter")
        assert "enter go on" in hands.lines[-1]
        await hands.press("enter")
        assert hands.study.turned == ["see"]
        await hands.press("b")
        assert "You foresaw it." in hands.text


# ── nudged by hand ──


RATES = Knob("rate", "rate", 0, 2, 1, 1, ("a tenth", "as it is", "ten times"))
WEIGHT = Knob("b1[1]", "b₁[1]", 0, 2, 1, 1, ("−1", "+0", "+1"))


def counted(nudges=()):
    """A run of ten moments that say by which rate each was reached, and what its weight was."""
    rate, weight, said = "as it is", 0, []
    for n in range(1, 11):
        for at, name, to in nudges:
            if abs(at - (n - 1) / 10) < 1e-9:
                rate, weight = (RATES.told(to), weight) if name == "rate" else (rate, weight + int(to) - 1)
        said.append(f"{n} {rate} {weight}")
        if n / 10 > max((at for at, *_ in nudges), default=0) + 1e-9:
            yield Frame((Words(", ".join(said)),), n / 10, said[-1])


RUN = Run(
    "Ten moments.", lambda seed: counted(), knobs=(RATES, WEIGHT), nudged=lambda seed, nudges: counted(nudges)
)


@pytest.mark.slow
async def test_a_paused_run_is_given_another_rate_or_weight_and_goes_on_from_there(monkeypatch):
    monkeypatch.setattr("drops.tui.asks.run.LASTS", 300.0)
    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], ask=RUN))
    async with opened("see", size=(120, 36)) as hands:
        run = hands.app.screen.query_one(AskRun)
        await ran_ahead(hands, run)
        assert "nudge it" not in hands.lines[-1]  # only where it stands still
        await hands.press("space", "right", "right", "right")
        assert run.frame.says == "4 as it is 0"
        assert "n nudge it" in hands.lines[-1]
        await hands.press("n", "right", "right")
        assert "▸ rate  ten times" in hands.text
        assert run.frame.says == "4 as it is 0"  # the arrows turn, they do not scrub
        await hands.press("down", "left")
        assert "▸ b₁[1]  −1" in hands.text
        await hands.press("space")
        await ran_ahead(hands, run)
        await hands.press("end")
        assert [frame.says for frame in run.player.moments][2:6] == [
            "3 as it is 0", "4 as it is 0", "5 ten times -1", "6 ten times -1"
        ]  # fmt: skip
        assert "rate ten times from 40 % on, b₁[1] −1 from 40 % on" in hands.text
        await hands.press("left", "left", "n", "left", "space")
        await ran_ahead(hands, run)
        assert run.nudges == ((0.4, "rate", 2), (0.4, "b1[1]", 0), (0.8, "rate", 1))
        assert run.player.moments[-1].says == "10 as it is -1"
        await hands.press("space", "r")
        await ran_ahead(hands, run)
        assert run.nudges == ()
        assert run.player.moments[-1].says == "10 as it is 0"


async def test_a_knob_in_hand_is_put_down_by_what_shows_another_moment(monkeypatch):
    monkeypatch.setattr("drops.tui.asks.run.LASTS", 300.0)
    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], ask=RUN))
    async with opened("see", size=(80, 24)) as hands:
        run = hands.app.screen.query_one(AskRun)
        await ran_ahead(hands, run)
        await hands.press("space", "right", "n", "right", "n")  # let go of, nothing was turned
        assert (run.hand, run.turned) == (None, {})
        await hands.press("right")
        assert run.frame.says == "3 as it is 0"
        await hands.press("n", "right")
        assert run.hand == 0
        await hands.press("end")
        assert (run.hand, run.turned, run.nudges) == (None, {}, ())


async def test_what_is_turned_and_turned_back_is_no_nudge_and_space_puts_the_knob_down(monkeypatch):
    monkeypatch.setattr("drops.tui.asks.run.LASTS", 300.0)
    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], ask=RUN))
    async with opened("see", size=(80, 24)) as hands:
        run = hands.app.screen.query_one(AskRun)
        await ran_ahead(hands, run)
        moments = [*run.player.moments]
        await hands.press("space", "right", "n", "right", "left", "down", "left", "right")
        assert (run.hand, run.turned) == (1, {})
        await hands.press("space")
        assert (run.running, run.hand, run.nudges) == (True, None, ())
        assert run.player.moments == moments


async def ran_ahead(hands, run):
    """The engine is at the end of the run."""
    for _ in range(1000):
        await hands.pilot.pause(0.01)
        if run.computed:
            return
    raise AssertionError("it is not computed")


async def told(hands, words):
    """A run is painted some times a second, not with every key."""
    for _ in range(1000):
        if words in hands.text:
            return
        await hands.pilot.pause(0.01)
    raise AssertionError(f"{words} is never told: {hands.text}")


async def test_a_run_without_rates_names_no_nudge():
    async with opened("see", size=(120, 36)) as hands:
        run = hands.app.screen.query_one(AskRun)
        await hands.press("space")
        assert not run.check_action("nudge", ())


# ── in sight ──


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)], ids=str)
async def test_where_it_stands_is_on_the_screen_before_any_key(size):
    async with opened("see", size=size, still=True) as hands:
        run = hands.app.screen.query_one(AskRun)
        await ran_ahead(hands, run)
        for _ in range(400):
            if "done" in hands.text:
                break
            await hands.pilot.pause(0.01)
        assert any(line.strip().endswith("done") for line in hands.lines[3:-1])


@pytest.mark.parametrize("words", [8, 30, 60])
async def test_beside_a_picture_a_run_is_seen_whole_with_where_it_stands(words, monkeypatch):
    def frames(seed):
        yield Frame((fake.CURVE, Words("So far.")), 1.0, "Done.")

    said = Words(" ".join(["foreseen"] * words))
    page = replace(fake.PAGES["see"], show=(said, fake.CURVE), ask=Run("Two units.", frames))
    monkeypatch.setitem(fake.PAGES, "see", page)
    async with opened("see", size=(120, 36), still=True) as hands:
        await hands.pilot.pause()
        stage = hands.app.screen.stage
        assert stage.asking.over
        assert stage.has_class("-beside")
        assert stage.max_scroll_y == 0


@pytest.mark.parametrize("size", [(80, 24), (90, 30), (100, 40)], ids=str)
async def test_a_run_that_is_alone_on_its_page_fills_it(size, monkeypatch):
    """A curve of four rows stood over three bare ones."""
    def frames(seed):
        yield Frame((fake.CURVE,), 1.0, "Done.")

    ask = Run("Two units.", frames, closes="You foresaw it. Two lines leave a wedge.")
    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], show=(), ask=ask))
    async with opened("see", size=size, still=True) as hands:
        await hands.pilot.pause()
        stage, run = hands.app.screen.stage, hands.app.screen.query_one(AskRun)
        assert run.over
        assert stage.max_scroll_y == 0
        assert run.size.height == stage.size.height - 1


async def test_nothing_is_played_below_the_fold(monkeypatch):
    shown = (Words("\n\n".join(["A line to be read."] * 12)),)
    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], show=shown))
    async with opened("see", size=(80, 24)) as hands:
        run = hands.app.screen.query_one(AskRun)
        await ran_ahead(hands, run)
        assert run.running
        assert run.player.place == 0
        assert "more ↓" in hands.lines[-1]
        for _ in range(400):  # a picture that grows as it comes has more below it once again
            if run.player.place > 0:
                break
            await (hands.press("enter") if "more ↓" in hands.lines[-1] else hands.pilot.pause(0.01))
        assert run.player.place > 0
        assert not hands.study.turned


@pytest.mark.parametrize("at", [0, 3])
async def test_a_pull_that_takes_long_holds_no_key_up_and_a_run_that_is_left_meanwhile_is_closed(
    at, monkeypatch
):
    wait, began, closed = threading.Event(), threading.Event(), threading.Event()

    def slow(seed: int):
        try:
            for number, one in enumerate(counted()):
                if number == at:
                    began.set()
                    wait.wait(60)
                yield one
        finally:
            closed.set()

    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], ask=Run("Made first.", slow)))
    async with opened("see", size=(120, 36)) as hands:
        run = hands.app.screen.query_one(AskRun)
        assert await asyncio.to_thread(began.wait, 60)
        await hands.press("space")
        assert "paused" in hands.text
        await hands.press("space")
        assert "running" in hands.text
        assert at or run.frame is None
        assert run.player.known < 1
        wait.set()
        await ran_ahead(hands, run)
        assert run.player.known == 1
        wait.clear()
        began.clear()
        await hands.press("r")
        assert await asyncio.to_thread(began.wait, 60)
        closed.clear()  # of the run before
        run.stop()
        assert not closed.is_set()
        wait.set()
        assert await asyncio.to_thread(closed.wait, 60)


# ── what the page after it stands beside ──


def left(computed: int, of: int, *, plays: bool, at: float = 0.2):
    """The page after a run that was left with so many of its moments computed, and which of them it shows."""
    run = AskRun(fake.RUN)
    drawn = [replace(fake.CURVE, says=f"{i}") for i in range(of)]
    for i in range(computed):
        run.player.keep(Frame((drawn[i],), (i + 1) / of, f"{i}"))
    run.player.place, run.running = at, plays
    run.look()
    before = replace(fake.PAGES["see"], item_key="drop/exercise", ask=fake.RUN, show=())
    after = replace(fake.PAGES["explain"], item_key="drop/exercise", part="explain", show=())
    return [block.says for block in carried(after, as_left(before, run, None).page, run).show]


def test_what_explains_a_run_that_is_left_while_it_plays_stands_beside_what_it_came_to():
    assert left(10, 10, plays=True) == ["9"]  # computed to its end, and seen no further than a fifth
    assert left(7, 10, plays=True) == ["6"]
    assert left(2, 10, plays=True) == []  # its first steps are not what came of it


def test_a_run_that_is_paused_is_left_as_it_was_last_seen():
    assert left(10, 10, plays=False) == ["1"]
    assert left(10, 10, plays=False, at=1.0) == ["9"]


@pytest.mark.parametrize("asks", [True, False])
def test_what_explains_a_case_stands_beside_its_run_though_nothing_is_asked(asks):
    page = replace(fake.PAGES["explain"], item_key="drop/case", show=())
    after = page if asks else replace(page, ask=None)
    run = AskRun(fake.RUN)
    run.player.keep(Frame((fake.CURVE,), 1.0, "done"))
    run.player.finish()
    run.look()
    before = replace(fake.PAGES["see"], item_key="drop/case", ask=fake.RUN, show=())
    assert carried(after, as_left(before, run, None).page, run).show == (fake.CURVE,)


def test_where_nothing_has_room_beside_what_explains_the_pictures_of_what_was_seen_are_the_questions_own():
    turned = fake.PAGES["figure"].show  # words, and a figure to turn
    before = replace(fake.PAGES["see"], item_key="drop/exercise", ask=None, show=turned)
    page = replace(fake.PAGES["explain"], item_key="drop/exercise", show=())
    after = carried(page, before, None, wide=False)
    assert after.show == ()
    shown = picture_of(after.ask)
    assert shown
    assert not any(isinstance(block, Figure | Words) for block in shown)
    assert shown == picture_of(after.ask, settled=True)  # and stay when it is answered
    own = replace(page, ask=replace(page.ask, beside=lambda *_: (fake.CURVE,)))
    assert picture_of(carried(own, before, None, wide=False).ask) == (fake.CURVE,)


@pytest.mark.parametrize(("size", "heading"), [((120, 36), True), ((80, 24), False), ((60, 20), False)])
async def test_below_110_columns_a_run_stands_close_from_its_start_as_it_grows(size, heading):
    async with opened("see", size=size) as hands:
        run = hands.app.screen.query_one(AskRun)
        assert ("See" in hands.text) is heading
        await ran_ahead(hands, run)
        await hands.press("end")
        assert ("See" in hands.text) is heading


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=str)
async def test_a_run_too_tall_for_the_screen_is_brought_into_sight_at_its_end_with_all_that_it_says(
    size, monkeypatch
):
    legend = replace(fake.CURVE, series=(*fake.CURVE.series, replace(fake.CURVE.series[0], name="another")))

    def frames(seed):
        for i in range(8):
            yield Frame((legend, Words("Loss now: 0.3.")), (i + 1) / 8, "Done.")

    shown = tuple(Words(f"Line {i} of what was read before.") for i in range(3))
    ask = Run("Two units.", frames, closes="You foresaw it. Two lines leave a wedge.")
    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], show=shown, ask=ask))
    async with opened("see", size=size) as hands:
        stage = hands.app.screen.stage
        run = hands.app.screen.query_one(AskRun)
        assert "Line 0" in hands.text or run.over  # while it plays nothing is scrolled
        await ran_ahead(hands, run)
        await hands.press("end")
        for _ in range(400):
            if run.over and run._ended and stage.scroll_y > 0:
                break
            await hands.pilot.pause(0.01)
        assert "Line 0" not in hands.text
        at = [next(y for y, line in enumerate(hands.lines) if said in line) for said in
              ("done", "You foresaw it.", "another", "Loss now")]  # fmt: skip
        assert at == sorted(at)
        assert "more ↓" not in hands.lines[-1]


async def test_without_motion_a_run_is_read_from_its_first_line(monkeypatch):
    shown = tuple(Words(f"Line {i} of what was read before.") for i in range(3))
    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], show=shown))
    async with opened("see", size=(60, 20), still=True) as hands:
        run = hands.app.screen.query_one(AskRun)
        for _ in range(400):
            if run.over:
                break
            await hands.pilot.pause(0.01)
        await hands.pilot.pause()
        assert "Line 0" in hands.text
