"""What the Lab opens: nets of lessons beside the learner's own lines and the challenges."""

from __future__ import annotations

import pytest
from test_lab import in_lab

from drops.tui.screens.lab.shelf import NETS


@pytest.mark.slow
async def test_o_lists_the_nets_of_lessons_too_and_each_opens_as_its_lesson_shows_it(study):
    from drops.study.shown.nets import lesson_nets

    nets = lesson_nets(study.library)
    assert len({net.name for net in nets}) == len(nets) > 3
    async with in_lab(study=study) as lab:
        await lab.press("o")
        await lab.lab.workers.wait_for_complete([one for one in lab.lab.workers if one.name == "nets"])
        offers = lab.lab.picture.offers
        assert [one.leads for one in offers if one.kind == NETS] == [net.line for net in nets]
        lab.lab.picture.held = next(i for i, one in enumerate(offers) if one.name == nets[-1].where)
        await lab.press("enter")
        assert lab.line == nets[-1].line
        await lab.press("o")
        assert [one.kind for one in lab.lab.picture.offers].count(NETS) == len(nets)
