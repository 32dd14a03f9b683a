"""Shares that are to be ordered by their loss stand on a line: on axes, all would lie at a loss of 0."""

from __future__ import annotations

import pytest

from drops.catalog import drawing
from drops.exercises.blocks import Curve, Strip


@pytest.mark.parametrize(("yes", "came"), [(1, "it was a yes"), (0, "it was a no")])
def test_no_share_has_a_loss_until_it_is_answered_and_then_each_has_its_own(yes, came):
    shares = {"p": (0.9, 0.3, 0.6), "yes": yes}
    (asked,) = drawing("priced", {**shares, "hand": "order"}).show
    assert isinstance(asked, Strip)
    assert [label for _, label in sorted(asked.marks) if label != came] == ["0.3", "0.6", "0.9"]
    assert (float(yes), came) in asked.marks
    (told,) = drawing("priced", shares).show
    assert isinstance(told, Curve)
    assert sorted(x for x, _, _ in told.marks) == [0.3, 0.6, 0.9]
    assert all(y > 0 for _, y, _ in told.marks)
