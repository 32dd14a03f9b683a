"""The line above the Lab's picture: all of its words where there is room, the shortest form where there is none."""

from __future__ import annotations

import pytest
from lab_hands import in_lab

from drops.colours import DARK
from drops.networks.lab import controls
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import print_line
from drops.tui.base.ink import inks, width_of
from drops.tui.screens.lab.line import LEAVES, LabHead

LINES = [
    "circle 2-8-8-1",
    "spiral x y sinx siny 4-5-1 adam .02",
    "penguins 4-8-3 relu sgd .1 batch 20 seed 9",
    "moons 2-8-8-1 relu sgd 30 constant .5 cosine 50 clip 1",
    "sine 1-4-1 only rate seed",
    "friedman 10-16-16-16-8-1 relu momentum .001 noise .2 rows 1000 test .3 batch 50 l1 .001 l2 .001 drop .2",
    "xor",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("width", [100, 110, 120, 160])
def test_what_is_said_is_lit_and_whole_and_what_goes_without_saying_is_faint(line, width):
    ink, recipe, head = inks(DARK, few=False), read_line(line), LabHead()
    drawn = head._line(recipe, width, ink)
    assert width_of(drawn) <= width
    stands = {segment.text: segment.style for segment in drawn if segment.text.strip()}
    unsaid, shown = controls.unsaid(recipe), controls.controls(recipe)
    if not stands:  # no room: as it is printed, which wants the running line
        assert sum(len(said) + 1 for name, said in shown if name not in unsaid) + 3 > width
        return
    missing = [name for name, said in shown if said not in stands]
    assert set(missing) <= set(LEAVES) & unsaid
    for at, (name, said) in enumerate(shown):
        if name not in missing:
            assert stands[said].color == (ink.dim if name in unsaid else ink.text).color, name
            assert stands[said].meta["does"] == {"word": at}  # a click takes that control
    if width >= 120 and len(line) < 50:
        assert not missing


async def test_where_there_is_room_a_word_that_goes_without_saying_is_a_control_as_any_other():
    async with in_lab("circle 2-4-1", (120, 36)) as lab:
        for _, said in controls.controls(read_line("circle 2-4-1")):
            assert said in lab.hands.lines[1]
        await lab.hands.click("l2 0")
        await lab.press("plus", "plus")
        assert lab.line == "circle 2-4-1 l2 .0003"
        assert "l2 .0003" in lab.hands.lines[1]
        at = lab.hands.lines[1].index("batch 10"), 1
        await lab.wheel(at, up=True)
        assert lab.line == "circle 2-4-1 batch 20 l2 .0003"


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=str)
async def test_where_there_is_none_the_shortest_form_stands_until_tab(size):
    line = "circle 2-4-1 relu adam .02"
    async with in_lab(line, size) as lab:
        assert lab.hands.lines[1].strip() == line == print_line(lab.lab.runner.desk.recipe)
        await lab.press(*["tab"] * (1 if size[0] > 72 else 2))
        assert "noise 0" in lab.hands.lines[1]


@pytest.mark.parametrize(
    ("line", "name", "then"),
    [
        ("circle 2-4-1 he", "start", "lecun"),
        ("circle 2-4-1 cosine 50", "schedule", "cosine 100"),
        ("circle 2-4-1 clip 1", "clip", "clip 3"),
        ("circle 2-4-1 only rate", "only", ""),
    ],
)
def test_every_word_that_a_line_may_have_stands_on_the_screen_and_turns(line, name, then):
    recipe = read_line(line)
    assert name in dict(controls.controls(recipe))
    words = controls.turn(recipe, name, 1)
    assert words == then
    if then:
        assert then in print_line(read_line(words, recipe))
