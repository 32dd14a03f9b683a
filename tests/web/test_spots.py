"""In the browser a part of a picture is a radio button with its name, and can be clicked where it is drawn."""

from __future__ import annotations

from drops.catalog import drawing
from drops.exercises.spots import Aim, choice_in
from drops.web.asks import draw_question, draws_of, typed_in
from drops.web.blocks import draw_plain
from drops.web.feedback import draw_answered

NET = {"W1": ((1.0, -2.0),) * 2, "W2": ((3.0, 1.0),)}
TABLE = {"values": ((1.0, 2.0), (3.0, 4.0))}
POINTS = {"points": ((0.0, 1.0), (2.0, 3.0), (-1.0, -2.0), (4.0, 0.0))}
ASKS = [
    choice_in("Which?", drawing(figure, params), sort, Aim("so", at), [])
    for figure, params, sort, at in (
        ("wires", NET, "wires", (1, 2)),
        ("wires", NET, "units", (2, 1)),
        ("cells", TABLE, "cells", (2, 1)),
        ("places", POINTS, "points", (3,)),
    )
]


def test_every_part_can_be_clicked_in_the_picture_and_chosen_by_its_name():
    for ask in ASKS:
        (shown,) = map(str, map(draw_plain, draws_of(ask, "")))
        form = "".join(map(str, draw_question(ask, "")))
        for i, option in enumerate(ask.options, 1):
            assert f'data-spot="{i}"' in shown
            assert f'value="{i}"' in form
            assert option.text in form


def test_what_is_chosen_is_lit_in_the_picture_and_kept_by_its_name():
    for ask in ASKS:
        (bare,), (lit,) = draws_of(ask, ""), draws_of(ask, "2")
        assert str(draw_plain(bare)) != str(draw_plain(lit))
        assert typed_in(ask, {"pick": ["2"]}) == ask.options[1].text
        assert typed_in(ask, {"pick": []}) == ""


def test_after_an_answer_the_right_part_and_the_learner_s_are_told_by_name():
    for ask in ASKS:
        right = next(option.text for option in ask.options if option.right)
        told = "".join(map(str, draw_answered(ask, "1", None)))
        assert right in told
        assert "(yours)" in told
