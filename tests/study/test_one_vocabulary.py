"""A drop's state has one sign and one word: on the path, in lines, in the browser and among the bars of Progress."""

from typing import get_args

import pytest

from drops.colours import DARK
from drops.memory.mastery import MasteryStage
from drops.store.file.glance import glance
from drops.study.reports import path_as_lines
from drops.study.today import SAID, SIGNS, STATES, State, in_full, today
from drops.tui.base.ink import inks
from drops.tui.screens.lists.path_pane import about_drop

EVERY = get_args(State)


def test_each_state_has_a_sign_of_its_own_and_a_word_of_its_own():
    assert {*SIGNS} == {*SAID} == {*EVERY}
    assert len({*SIGNS.values()}) == len({*SAID.values()}) == len(EVERY)
    assert {*STATES} == {*MasteryStage}


@pytest.mark.parametrize("state", EVERY)
def test_lines_and_the_paths_pane_say_the_same_of_a_drop(state, library, home, clock):
    made = today(library, glance(home), clock())
    path = made.paths.current
    drop = path.drops[2]
    made = made._replace(states={**made.states, drop.id: state}, recall_now={})
    line = next(line for line in path_as_lines(path, made) if drop.title in line)
    pane = "\n".join("".join(s.text for s in line) for line in about_drop(drop, made, None, 60, inks(DARK, few=False)))
    assert f"  {SIGNS[state]} " in line
    assert line.endswith(f", {SAID[state]})")
    assert in_full(state) in pane
    assert in_full(state).startswith(f"{SIGNS[state]} {SAID[state]}")
