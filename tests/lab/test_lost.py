"""A run whose loss is no number stands at its last moment of numbers, whatever led there and however it came."""

from __future__ import annotations

import numpy as np
import pytest

from drops.networks.lab.desk import Desk
from drops.networks.lab.line import MOST_STEP, read_line

LOST = {
    "sgd": "hills 2-8-1 relu sgd 30",
    "momentum": "hills 2-8-1 gelu-tanh momentum 50",
    "nesterov": "plane relu nesterov 900",
    "changed": "plane relu sgd .01 @40 sgd 1000",
    "from the start": "hills 2-4-1 relu mse constant 1000 sgd 1000",
    "broken": "plane 2-8-1 linear sgd 1 break target-huge",
}


def numbers(desk: Desk) -> bool:
    return bool(np.isfinite(desk.bench.net.theta).all() and np.isfinite(desk.bench.loss(desk.bench.train)))


@pytest.mark.parametrize("line", LOST.values(), ids=LOST)
def test_it_stands_at_the_last_moment_of_numbers_and_says_which_step_is_none(line):
    desk = Desk(read_line(line))
    desk.run(400)
    assert numbers(desk)
    assert desk.ended
    assert desk.lost_at > desk.step == desk.reached
    desk.run(50)
    assert desk.ended
    desk.back(1)
    assert numbers(desk)
    assert desk.lost_at == 0 or desk.step == 0


@pytest.mark.parametrize("line", LOST.values(), ids=LOST)
def test_step_by_step_it_comes_to_the_same_moment_and_back_and_on_to_the_same_bits(line):
    desk, slow = Desk(read_line(line)), Desk(read_line(line))
    desk.run(400)
    for _ in range(desk.step + 5):
        slow.run(1)
    assert (slow.step, slow.lost_at) == (desk.step, desk.lost_at)
    assert (slow.bench.net.theta == desk.bench.net.theta).all()
    slow.back(3)
    slow.run(400)
    assert (slow.bench.net.theta == desk.bench.net.theta).all()


def test_what_is_changed_there_goes_on_and_undo_comes_back_to_it():
    desk = Desk(read_line(LOST["sgd"]))
    desk.run(400)
    at = desk.step
    desk.back(at)
    desk.change("sgd .01")
    desk.run(300)
    assert desk.step == 300
    assert not desk.ended
    desk.undo()
    desk.run(400)
    assert desk.step == at


def test_at_the_longest_run_there_is_nothing_is_lost():
    desk = Desk(read_line("xor xy 1-1"))
    desk._last = desk.step  # as if it had gone so far
    assert desk.ended
    assert desk.lost_at == 0
    assert MOST_STEP > 400
