"""Keys of one's own: a file, a table for each screen; what is wrong with it is one line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from helper import opened

from drops.errors import DropsError, Unknown
from drops.tui import keymap
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.lists.path import PathScreen
from drops.tui.screens.today import TodayScreen


def said(hands) -> list[str]:
    return [note.message for note in hands.app._notifications]


def given(home, text: str):
    (home / keymap.FILE).write_text(text, "utf-8")
    return home


@pytest.mark.slow
async def test_a_key_of_ones_own_replaces_the_usual_one_and_is_shown_in_the_footer(tmp_path):
    async with opened(home=given(tmp_path, '[today]\npath = "y,f2"\n')) as hands:
        assert "y path" in hands.text
        await hands.press("p")
        assert isinstance(hands.app.screen, TodayScreen)
        await hands.press("f2")
        assert isinstance(hands.app.screen, PathScreen)
        assert said(hands) == []


async def test_the_keys_of_a_question_can_be_given_too(tmp_path):
    async with opened("order", home=given(tmp_path, '[order]\ntake-or-put-down = "x"\n')) as hands:
        assert "x hold " in hands.text
        await hands.press("x")
        assert "x let go " in hands.text


async def test_a_key_taken_from_something_else_is_said_in_one_line(tmp_path):
    async with opened(home=given(tmp_path, '[today]\npath = "q"\n')) as hands:
        await hands.press("q")
        assert isinstance(hands.app.screen, PathScreen)
        assert said(hands) == ["keys.toml takes from others  q: quit (today)"]


async def test_a_line_that_nothing_is_called_names_the_nearest_and_the_others_hold(tmp_path):
    async with opened(home=given(tmp_path, '[today]\npaht = "x"\nwhy-these = "y"\n')) as hands:
        assert said(hands) == ['no line in keys.toml "today.paht"; did you mean "today.path"?']
        assert "y why these" in hands.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[today\n", "keys.toml: Expected ']'"),
        ("[today]\npath = 3\n", 'keys.toml: today.path wants keys in quotes, as "x"; the usual keys hold'),
        ('hard = " "\n', 'keys.toml: hard wants keys in quotes, as "x"; the usual keys hold'),
    ],
)
def test_a_file_that_cannot_be_read_says_so_in_one_line(tmp_path, text, says):
    with pytest.raises(DropsError) as problem:
        keymap.read(given(tmp_path, text))
    assert str(problem.value).startswith(says)
    assert "\n" not in str(problem.value)


async def test_a_broken_file_leaves_the_usual_keys(tmp_path):
    async with opened("wires", home=given(tmp_path, "[today")) as hands:
        assert isinstance(hands.app.screen, DropScreen)
        assert len(said(hands)) == 1


def test_a_name_that_a_learner_may_have_written_stays():
    """Words on the screen may change; the names in keys.toml outlive them. A new name is put into the list."""
    given_out = (Path(__file__).parent / "names_of_keys.txt").read_text(encoding="utf-8").split()
    assert {*given_out} - {binding.id for binding in keymap.all_bindings()} == set()


def test_what_can_be_named_is_named_once():
    ids = Counter(binding.id for binding in keymap.all_bindings())
    assert [name for name, count in ids.items() if count > 1] == []
    assert {"today.why-these", "drop.next", "choice.option-1", "anywhere.quit"} <= set(ids)


async def test_the_palette_writes_a_file_in_which_everything_is_a_comment(tmp_path):
    async with opened(home=tmp_path / "new") as hands:
        await keymap.write_keys(hands.app)
        assert keymap.read(tmp_path / "new") == {}
        lines = (tmp_path / "new" / keymap.FILE).read_text("utf-8").splitlines()
        assert '# why-these = "w"' in lines
        uncommented = "\n".join(
            line.removeprefix("# ")
            for line in lines
            if not line.startswith(("# Keys", "#  ", "# Names", "# They"))
        )
        given(tmp_path / "new", uncommented)
        keymap.check(keymap.read(tmp_path / "new"))


def test_no_file_means_the_usual_keys(tmp_path):
    assert keymap.read(tmp_path) == {}
    with pytest.raises(Unknown):
        keymap.check({"nothing": "x"})
