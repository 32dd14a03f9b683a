"""Both worlds of a named mix-up: the learner's own numbers beside the right ones, over every kind."""

from __future__ import annotations

import pytest
from variants import VARIANTS, draws, every, numbers, works

from drops import catalog
from drops.exercises import fairness
from drops.exercises.blocks import Bars, Beside, Sheet, Strip
from drops.exercises.worksheet import figure


@pytest.mark.slow
@every(VARIANTS)
def test_both_worlds_stand_beside_each_other_for_every_named_mix_up(variant):
    for exercise in draws(variant, 10):
        ask = numbers(exercise)
        if ask is None:
            return  # it asks for no numbers: its mix-ups are named by what was chosen
        for name in fairness.armed(exercise):
            typed = works(exercise, ask, name)
            verdict = catalog.grade_step(exercise, ask, typed)
            if verdict.misconceptions != (name,):
                continue
            table, line, *drawn = verdict.worlds_beside(ask)
            assert bool(drawn) == (ask.picture is not None)
            told = [title for one in drawn if isinstance(one, Beside) for title in one.titles]
            told += [bar.note for one in drawn if isinstance(one, Bars) for bar in one.bars]
            if told:  # else nothing of the picture differs, and it is drawn once
                assert set(told) == {"your rule", "the rule"}
                twice = [block for one in drawn if isinstance(one, Beside) for block in one.blocks]
                assert len(set(map(repr, twice))) == len(twice)
            assert isinstance(table, Sheet)
            assert isinstance(line, Strip)
            right = exercise.worksheet.run()
            by_label = {row[0]: row for row in table.rows}
            for field in ask.fields:
                assert by_label[field.label][1] == figure(typed[field.name])  # what the learner had
                assert by_label[field.label][2] == figure(right[field.name])
            parting = [row for row in table.rows if row[3]]
            assert len(parting) == 1
            assert parting[0][1] != parting[0][2] or abs(line.marks[0][0] - line.marks[1][0]) > 0
            assert table.says.count("instead of") == sum(row[1] != row[2] for row in table.rows) - 1
            assert line.low < min(place for place, _ in line.marks)
            assert line.high > max(place for place, _ in line.marks)


def test_both_worlds_of_a_forgotten_bias_are_drawn_with_the_first_number_that_parts_in_hand():
    (variant,) = (one for one in VARIANTS if one.kind == "neuron" and one.params == "{}")
    exercise = draws(variant, 1)[0]
    ask = numbers(exercise)
    verdict = catalog.grade_step(exercise, ask, works(exercise, ask, "no-bias"))
    both = verdict.worlds_beside(ask)[-1]
    right = exercise.worksheet.run()
    bias = exercise.b
    mine, rule = (net.values[1][0] for net in both.blocks)
    assert rule == right[verdict.parted.first.name]
    assert mine == pytest.approx(rule - bias)
    assert {net.hand for net in both.blocks} == {verdict.parted.first.name}


@every([variant for variant in VARIANTS if variant.params == "{}"])
def test_a_right_answer_has_one_world(variant):
    for exercise in draws(variant, 5):
        ask = numbers(exercise)
        if ask is not None:
            right = exercise.worksheet.run()
            assert catalog.grade_step(exercise, ask, {f.name: right[f.name] for f in ask.fields}).worlds == ()
