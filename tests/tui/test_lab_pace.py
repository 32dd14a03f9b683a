"""The Lab gives way: a key paints what it changed, and a terminal that does not keep up is sent less."""

from __future__ import annotations

import asyncio
import os
import threading
from io import StringIO

import pytest
from lab_hands import in_lab
from textual._compositor import ChopsUpdate

from drops.colours import LEVELS
from drops.networks.lab.line import read_line
from drops.networks.lab.scene import scene
from drops.tui.blocks import net
from drops.tui.screens.lab import runner as pace
from drops.tui.screens.lab.runner import FAR, PAINTS, SLOWEST, STEADY, Runner
from drops.tui.terminal import network
from drops.tui.terminal.driver import Lasting, TerminalDriver
from drops.tui.terminal.network import SENT, Allowance
from drops.tui.terminal.stretches import Stretches


@pytest.fixture
def drawn(monkeypatch):
    """What of net and map is drawn, each time."""
    found = []
    for name in ("draw_net", "draw_map"):
        real = getattr(net, name)

        def draw(*given, real=real, name=name, **more):
            found.append(name)
            return real(*given, **more)

        monkeypatch.setattr(net, name, draw)
    return found


async def test_a_key_that_moves_a_word_draws_neither_net_nor_map(drawn):
    async with in_lab() as lab:
        await lab.steps(50)
        await lab.press("tab")
        drawn.clear()
        for key in ("right", "right", "left"):
            await lab.hands.press(key)
        assert drawn == []
        assert lab.lab.head.word == 1


@pytest.mark.slow
async def test_what_changes_net_or_map_is_drawn_at_once(drawn):
    async with in_lab() as lab:
        await lab.steps(50)
        for key in ("right", "full_stop", "t", "v", "p"):
            drawn.clear()
            await lab.press(key)
            assert {"draw_net", "draw_map"} <= set(drawn), key
        drawn.clear()
        lab.hands.app.theme = "drops-light"
        await lab.settle()
        assert {"draw_net", "draw_map"} <= set(drawn)


async def made(behind):
    """A runner whose face has nothing to do, and whose thread waits for jobs."""
    runner = Runner(read_line("circle 2-1"), lambda: None, behind)
    await runner.idle()
    return runner


async def test_a_terminal_that_is_behind_gets_half_as_many_scenes_and_all_of_them_once_it_keeps_up():
    slow = False
    runner = await made(lambda: slow)
    runner.go_on()
    for paints in (PAINTS // 2, PAINTS // 4, SLOWEST, SLOWEST):
        slow = True
        assert not runner._can_show()
        slow = False
        assert runner._can_show()
        assert runner.paints == paints
    assert all(runner._can_show() for _ in range(3 * STEADY + 3))
    assert runner.paints == PAINTS
    runner.give_way()  # the face itself is late
    assert not runner._can_show()
    runner.go_on()
    assert runner._can_show()
    assert runner.paints == PAINTS // 2
    runner.end()


async def test_over_a_network_it_begins_with_fewer_and_never_makes_more(monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "1")
    runner = await made(lambda: False)
    runner.go_on()
    assert all(runner._can_show() for _ in range(3 * STEADY))
    assert runner.paints == FAR
    runner.end()


async def test_training_waits_for_the_face_but_not_for_one_that_never_answers(monkeypatch):
    monkeypatch.setattr(pace, "PATIENCE", 0.01)
    runner = await made(lambda: False)  # nobody ever says that it has painted
    runner.do(lambda desk: None)
    runner.pace = 10**9
    runner.go(running=True)
    for _ in range(2000):
        await asyncio.sleep(0.005)
        if runner.desk.step > 50:
            break
    assert runner.desk.step > 50
    runner.end()


async def test_in_the_app_the_training_is_let_go_on_after_each_paint():
    async with in_lab() as lab:
        await lab.press("right", "tab", "full_stop")
        assert lab.lab.runner._free.is_set()


def test_what_is_being_written_is_known_until_the_terminal_has_taken_it():
    reading, writing = os.pipe()
    file = os.fdopen(writing, "w")
    lasting = Lasting(file, lambda problem: None)
    thread = threading.Thread(target=lambda: (lasting.write("x" * 200_000), lasting.flush()))
    thread.start()
    left = 200_000
    assert lasting.taken == 0 or lasting.flushing  # a pipe holds less than that
    while left:
        left -= len(os.read(reading, min(left, 1 << 16)))
    thread.join(30)
    assert (lasting.taken, lasting.flushing) == (1, False)
    file.close()
    os.close(reading)


# ── how much a terminal is sent ──
def test_what_is_sent_beyond_a_share_is_owed_until_it_is_worked_off(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(network, "ticks", lambda: now[0])
    share = Allowance(1000)
    assert not share.owed
    share.spend(1500)
    assert share.owed == 1500
    now[0] += 1
    share.spend(100)
    assert share.owed == 600
    now[0] += 0.625
    assert not share.owed
    now[0] += 1000  # who waited long has saved nothing up
    share.spend(10)
    assert share.owed == 10


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", ""])
def test_over_a_network_a_driver_is_behind_while_it_has_sent_more_than_its_share(name, monkeypatch):
    now = [5.0]
    monkeypatch.setattr(network, "ticks", lambda: now[0])
    for one in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"):
        monkeypatch.delenv(one, raising=False)
    if name:
        monkeypatch.setenv(name, "1")
    monkeypatch.setattr("textual.drivers.linux_driver.LinuxDriver.write", lambda self, data: self._lasting.write(data))
    driver = TerminalDriver.__new__(TerminalDriver)
    driver._lasting, driver._given = Lasting(StringIO(), lambda problem: None), 0
    driver._allowance = Allowance() if network.over_a_network() else None
    sent = 0
    while now[0] < 15:  # a picture of 20 KB whenever there is room for one, looked for sixty times a second
        if not driver.behind:
            driver.write("\u2580" * 6_667)
            sent += 20_001
        now[0] += 1 / 60
    assert (sent / 10 <= SENT * 1.02) == bool(name)
    assert sent / 10 > SENT * 0.8


@pytest.mark.slow
@pytest.mark.parametrize(("size", "most"), [((120, 36), 12_000), ((80, 24), 6_000)], ids=str)
async def test_a_scene_of_a_training_costs_few_bytes_and_ten_a_second_are_a_networks_share(size, most, monkeypatch):
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    sent = []
    async with in_lab("circle 2-8-8-1", size) as lab:
        await lab.steps(50)
        app, runner = lab.hands.app, lab.lab.runner
        real = app._display

        def count(screen, renderable):
            if isinstance(renderable, ChopsUpdate):
                stretches = Stretches(renderable.chops, renderable.spans, renderable.chop_ends)
                sent.append(len(stretches.render_segments(app.console).encode()))
            real(screen, renderable)

        monkeypatch.setattr(app, "_display", count)
        runner.running = True  # the thread waits: nothing is asked of it
        for _ in range(40):  # as it opens: 600 steps a second, 30 scenes
            runner.desk.run(20)
            runner.scene = scene(runner.desk.bench, runner.view.sizes, LEVELS)
            runner.looks += 1
            lab.lab.picture.redraw()
            await lab.hands.pilot.pause()
        runner.running = False
    assert len(sent) >= 40
    assert sum(sent) / 40 <= most
    assert FAR * sum(sent) / 40 <= SENT
