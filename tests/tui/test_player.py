"""A training as a show: it lasts as long as it says, whatever is computed when."""

from __future__ import annotations

from dataclasses import replace

import fake
import pytest
from helper import opened
from hypothesis import given
from hypothesis import strategies as st

from drops.exercises.blocks import Frame, Run, Words
from drops.tui.asks.player import LASTS, SPEEDS, Player
from drops.tui.asks.run import AskRun


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
        for _ in range(200):
            await hands.pilot.pause(0.01)
            if run.computed:
                break
        assert run.computed  # the engine ran ahead
        assert not run.over
        assert "running" in hands.text
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


# ── nudged by hand ──


def counted(nudges=()):
    """A run of ten moments that say by which rate each was reached."""
    at = dict(nudges)
    rate, said = 0.1, []
    for n in range(1, 11):
        rate = at.get((n - 1) / 10, rate)
        said.append(f"{n} at {rate:g}")
        if n / 10 > max(at, default=0):
            yield Frame((Words(", ".join(said)),), n / 10, said[-1])


RUN = Run("Ten moments.", lambda seed: counted(), rates=(0.1, 0.3, 1.0), nudged=lambda seed, nudges: counted(nudges))


async def test_a_paused_run_is_given_another_rate_and_goes_on_from_there(monkeypatch):
    monkeypatch.setattr("drops.tui.asks.run.LASTS", 300.0)
    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], ask=RUN))
    async with opened("see", size=(120, 36)) as hands:
        run = hands.app.screen.query_one(AskRun)
        await ran_ahead(hands, run)
        assert "nudge it" not in hands.lines[-1]  # only where it stands still
        await hands.press("space", "right", "right", "right")
        assert run.frame.says == "4 at 0.1"
        assert "n nudge it" in hands.lines[-1]
        await hands.press("n", "n", "n", "n")
        assert run.chosen == 0.3  # after its last rate comes its own again
        assert "rate 0.3 from here on" in hands.text
        await hands.press("space")
        await ran_ahead(hands, run)
        await hands.press("end")
        assert [frame.says for frame in run.player.moments][2:6] == [
            "3 at 0.1", "4 at 0.1", "5 at 0.3", "6 at 0.3"
        ]  # fmt: skip
        assert "rate 0.3 from 40% on" in hands.text
        await hands.press("left", "left", "n", "space")
        await ran_ahead(hands, run)
        assert run.nudges == ((0.4, 0.3), (0.8, 1.0))
        assert run.player.moments[-1].says == "10 at 1"
        await hands.press("space", "r")
        await ran_ahead(hands, run)
        assert run.nudges == ()
        assert run.player.moments[-1].says == "10 at 0.1"


async def ran_ahead(hands, run):
    for _ in range(400):
        await hands.pilot.pause(0.01)
        if run.computed:
            return
    raise AssertionError("it is not computed")


async def test_a_moment_gone_back_to_is_no_choice_of_a_rate(monkeypatch):
    monkeypatch.setattr("drops.tui.asks.run.LASTS", 300.0)
    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], ask=RUN))
    async with opened("see", size=(80, 24)) as hands:
        run = hands.app.screen.query_one(AskRun)
        await ran_ahead(hands, run)
        await hands.press("space", "right", "n")
        assert "▸ rate 0.3 from here on" in hands.text
        assert "n nudge it" in hands.lines[-1]
        await hands.press("left", "space")
        assert run.nudges == ()
        assert run.running


async def test_a_run_without_rates_names_no_nudge():
    async with opened("see", size=(120, 36)) as hands:
        run = hands.app.screen.query_one(AskRun)
        await hands.press("space")
        assert not run.check_action("nudge", ())


# ── in sight ──


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


async def test_nothing_is_played_below_the_fold(monkeypatch):
    shown = (Words("\n\n".join(["A line to be read."] * 12)),)
    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], show=shown))
    async with opened("see", size=(80, 24)) as hands:
        run = hands.app.screen.query_one(AskRun)
        await ran_ahead(hands, run)
        assert run.running
        assert run.player.place == 0
        assert "more ↓" in hands.lines[-1]
        await hands.press("enter")
        for _ in range(400):
            if run.player.place > 0:
                break
            await hands.pilot.pause(0.01)
        assert run.player.place > 0
        assert not hands.study.turned
