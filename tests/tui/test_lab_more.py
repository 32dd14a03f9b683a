"""What the Lab opens, and what its picture tells under the mouse where there is one column."""

from __future__ import annotations

import pytest
from helper import opened
from lab_hands import in_lab

from drops.tui.screens.lab.shelf import NETS


@pytest.mark.slow
async def test_o_lists_the_nets_of_lessons_too_and_each_opens_as_its_lesson_shows_it(study):
    from drops.study.shown.nets import lesson_nets

    nets = lesson_nets(study.library)
    assert len({net.name for net in nets}) == len(nets) > 3
    async with in_lab(study=study) as lab:
        await lab.press("o")
        for finding in [one for one in lab.lab.workers if one.name == "nets"]:  # none where they are found
            await finding.wait()
        offers = lab.lab.picture.offers
        assert [one.leads for one in offers if one.kind == NETS] == [net.line for net in nets]
        lab.lab.picture.held = next(i for i, one in enumerate(offers) if one.name == nets[-1].where)
        await lab.press("enter")
        assert lab.line == nets[-1].line
        await lab.press("o")
        assert [one.kind for one in lab.lab.picture.offers].count(NETS) == len(nets)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_of_one_column_a_press_on_the_curve_tells_the_row_that_lies_nearest_along_it(size):
    async with in_lab("sine 1-4-1", size) as lab:
        pilot, picture = lab.hands.pilot, lab.lab.picture
        scene, plot = lab.lab.runner.scene, picture.plot.translate(picture.region.offset)
        assert "◆" not in lab.hands.text
        along = [x for x, _ in (*scene.line, *scene.rows)]
        low, high = min(along), max(along)
        for row in (3, 40):
            share = (scene.rows[row][0] - low) / (high - low)
            at = plot.x + round(share * (plot.width - 1)), plot.y + plot.height // 2
            await (pilot.mouse_down if row == 3 else pilot.hover)(offset=at)
            await lab.settle()
            told = lab.lab.row
            assert abs(scene.rows[told][0] - scene.rows[row][0]) <= 1.5 * (high - low) / plot.width
            assert f"Row {told + 1}: x " in lab.hands.text
            assert "◆" in lab.hands.text
        await pilot.mouse_up(offset=at)
        await lab.press("escape")
        assert "◆" not in lab.hands.text
        await lab.press("p", "v")  # a row of training is no row held back
        assert "◆" not in lab.hands.text


@pytest.mark.slow
@pytest.mark.parametrize("keys", [("2",), pytest.param(("c", "4", "f"), marks=pytest.mark.slow)], ids=["one net", "all"])
async def test_who_leaves_while_it_trains_leaves_a_thread_that_still_knows_its_terminal_and_ends(keys):
    async with opened(size=(80, 24)) as hands:
        await hands.app.open_lab("circle 2-4-1")
        await hands.press(*keys)
        runner = hands.app.screen.runner
        await hands.press("q")
        assert runner._behind() is False  # the screen has no app any more
        runner.thread.join(30)
        assert not runner.thread.is_alive()


async def test_a_line_that_changes_while_it_is_judged_is_judged_no_further_and_that_is_said():
    async with in_lab("circle 2-4-1", (80, 24)) as lab:
        runner, noted = lab.lab.runner, []
        runner.judge("fence", None, noted.append)
        runner.do(lambda desk: desk.run(1))  # what changes nothing of the line stops nothing
        runner.do(lambda desk: desk.change("relu"))  # both are done before the first bite of the hundred
        await lab.settle()
        assert lab.hands.lines[2].strip() == "the line changed while it was judged; j judges it anew"
        assert not runner._busy
        assert not noted
        assert not runner.judged
