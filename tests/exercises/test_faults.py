"""Each fault is one thing changed in a program, and the engine that makes it does just that."""

from dataclasses import fields, replace

import numpy as np
import pytest

from drops.networks.faults.making import TABLES, build_net, build_rule, rows
from drops.networks.faults.program import Program
from drops.networks.faults.table import FAULTS

SOUND = Program("circle", 16, 3, columns="standardised", keep="best", weigh=19.0)
NUMBER = replace(SOUND, target="number", out="linear", loss="mse", weigh=1.0)
OF_NUMBERS = ("pressed", "relu-out", "target-huge")


def sound(name):
    return NUMBER if name in OF_NUMBERS else SOUND


def made(program, seed=3):
    train = rows(program, seed).train
    return build_net(program, train.X.shape[1], seed)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_changes_one_thing_of_a_sound_program(name):
    was, now = sound(name), sound(name).with_fault(name)
    changed = {f.name for f in fields(Program) if getattr(was, f.name) != getattr(now, f.name)}
    assert changed == set(FAULTS[name].sets)
    assert len(changed - {"init"}) <= 1, "a squash may bring the start that suits it, and nothing else"


def test_there_are_twenty_five_of_them_and_no_two_say_the_same():
    assert len(FAULTS) == 25
    assert len({fault.cause for fault in FAULTS.values()}) == 25
    assert len({fault.means for fault in FAULTS.values()}) == 25


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_net_has_the_start_of_its_sound_twin_where_the_fault_is_no_start(name, table):
    was = replace(sound(name), table=table)
    now = was.with_fault(name)
    if {"init", "first", "leaking", "bias"} & set(FAULTS[name].sets):
        return
    np.testing.assert_array_equal(made(was).theta, made(now).theta)


def test_going_uphill_takes_the_step_the_wrong_way():
    moved = []
    for name in ("sgd", "uphill"):
        program = replace(SOUND, rule=name)
        net, train = made(program), rows(program, 3).train
        before = net.theta.copy()
        net.step(train.X, train.y, build_rule(program))
        moved.append(net.theta - before)
    np.testing.assert_allclose(moved[0], -moved[1], atol=1e-12)
    assert np.abs(moved[0]).max() > 0


def test_what_is_wrong_with_rows_is_wrong_where_it_is_said_to_be():
    sound = rows(SOUND, 5)
    assert abs(sound.train.X.mean()) < 1e-9
    assert rows(SOUND.with_fault("unscaled"), 5).use.X[:, 0].mean() > 1000
    served = rows(SOUND.with_fault("raw-in-use"), 5)
    np.testing.assert_array_equal(served.train.X, sound.train.X)
    assert served.use.X[:, 0].mean() > 1000
    leaks = rows(SOUND.with_fault("leaking"), 5)
    assert np.corrcoef(leaks.train.X[:, -1], leaks.train.y)[0, 1] > 0.9
    assert abs(np.corrcoef(leaks.use.X[:, -1], leaks.use.y)[0, 1]) < 0.2
    wrong = rows(SOUND.with_fault("misaligned"), 5)
    assert sorted(wrong.train.y) == sorted(sound.train.y)
    assert abs(np.corrcoef(wrong.train.y, sound.train.y)[0, 1]) < 0.1
    by_class = rows(SOUND.with_fault("sorted"), 5).train
    assert (np.diff(by_class.y) >= 0).all()
    assert {tuple(row) for row in by_class.X} == {tuple(row) for row in sound.train.X}
