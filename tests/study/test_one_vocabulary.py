"""A drop's state has one sign and one word: on the path, in lines, in the browser and among the bars of Progress.
What is asked has one, too."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

import drops
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


FACES = ("cli", "memory", "plain", "study", "tui", "web")


def said_in(folder):
    """Every text of a folder's code, without what documents the code."""
    for path in sorted((Path(drops.__file__).parent / folder).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        documents = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
                yield path, node.lineno, node.value


@pytest.mark.parametrize("folder", FACES)
def test_what_is_asked_is_a_question_in_every_face_and_never_an_item(folder):
    """A learner meets one word for one thing; authors write items, and the code keeps them."""
    texts = list(said_in(folder))
    assert len(texts) > 100
    assert not [(path.name, line, text) for path, line, text in texts
                if re.search(r"\bitems?\b", text, re.IGNORECASE) and " " in text.strip()]
