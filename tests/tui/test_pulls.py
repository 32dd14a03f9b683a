"""A training is computed aside and gives way: while a key is handled or a picture drawn, it takes no turn."""

from __future__ import annotations

import asyncio
import time

import fake

from drops.exercises.blocks import Frame
from drops.tui.asks import pulls
from drops.tui.asks.pulls import Pulls

COUNT = 40


def frames(pulled, hook=lambda: None):
    """So many moments, each noted as it is computed."""
    for n in range(1, COUNT + 1):
        hook()
        pulled.append(n)
        yield Frame((fake.CURVE,), n / COUNT, f"{n}")


async def taken_until(made, enough):
    """What was taken until there is enough of it; a training that stands still never has."""
    found = []
    for _ in range(2_000):
        found += made.take()
        if enough(found):
            return found
        await asyncio.sleep(0.001)
    raise AssertionError(f"only {len(found)} moments came")


async def test_all_moments_come_in_order_and_the_last_ends_it():
    pulled = []
    made = Pulls(frames(pulled), needed=False)
    found = await taken_until(made, lambda found: len(found) == COUNT)
    assert [frame.says for frame in found] == [str(n) for n in range(1, COUNT + 1)]
    assert made.over


async def test_at_its_end_the_nets_are_let_go_of():
    ends = []

    def training():
        try:
            yield Frame((fake.CURVE,), 1.0, "done")
        finally:
            ends.append("closed")

    made = Pulls(training(), needed=False)
    await taken_until(made, bool)
    assert ends == ["closed"]
    made.close()  # as the page is left
    assert ends == ["closed"]


async def test_while_it_gives_way_no_pull_begins_and_then_it_goes_on():
    pulled = []
    made = Pulls(frames(pulled), needed=False)
    made.give_way()
    assert made.take() == []
    await asyncio.sleep(pulls.GIVES_WAY / 5)
    assert pulled == []
    made.go_on()
    assert await taken_until(made, lambda found: len(found) == COUNT)


async def test_a_pull_on_its_way_ends_with_the_moment_that_it_is_at(monkeypatch):
    monkeypatch.setattr(pulls, "CHUNK", 60.0)  # it would not end by itself
    monkeypatch.setattr(pulls, "GIVES_WAY", 60.0)
    pulled = []
    made = Pulls(frames(pulled, lambda: made.give_way() if len(pulled) == 3 else None), needed=False)
    assert [frame.says for frame in await taken_until(made, bool)] == ["1", "2", "3", "4"]
    assert not made.over


async def test_until_there_is_something_to_be_seen_one_pull_follows_the_other(monkeypatch):
    monkeypatch.setattr(pulls, "CHUNK", 0.0)  # each is one step
    pulled = []

    def late():
        for step in (*[None] * 12, *frames([])):
            pulled.append(step)
            yield step

    made = Pulls(late(), needed=False)
    assert made.take() == []  # asked once
    for _ in range(1_000):
        await asyncio.sleep(0.001)
        if len(pulled) == 13:
            break
    await asyncio.sleep(0.02)
    assert len(pulled) == 13  # and no further than to the first moment
    assert [frame.says for frame in made.take()] == ["1"]
    made.close()


async def test_a_training_without_a_moment_is_over_at_its_end():
    made = Pulls(iter([None, None]), needed=False)
    for _ in range(1_000):
        assert made.take() == []
        if made.over:
            break
        await asyncio.sleep(0.001)
    assert made.over


async def test_nothing_waits_for_ever_for_a_picture_that_is_never_painted():
    made = Pulls(frames([]), needed=False)
    made.give_way()
    assert len(await taken_until(made, lambda found: len(found) == COUNT)) == COUNT


async def test_what_is_needed_gives_way_too_and_is_computed_after_its_page_is_left(monkeypatch):
    monkeypatch.setattr(pulls, "GIVES_WAY", 60.0)
    pulled = []
    made = Pulls(frames(pulled, lambda: time.sleep(0.001)), needed=True)
    made.give_way()
    await asyncio.sleep(0.02)
    stands = len(pulled)
    await asyncio.sleep(0.05)
    assert len(pulled) == stands < COUNT
    made.close()
    made.go_on()
    await made.going
    assert len(pulled) == COUNT
