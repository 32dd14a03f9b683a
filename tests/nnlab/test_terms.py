"""Arithmetic that writes itself down: as many calls as a person would count, none twice."""

import numpy as np
import pytest

from nnlab.plan import Plan
from nnlab.terms import Term, alone, exp, maximum, sqrt


@pytest.fixture
def x() -> Term:
    return Term(Plan(1), np.array([[1.0, 4.0, 9.0]]), "x")


def test_an_expression_is_one_call_an_operation_and_runs_as_numpy_would(x: Term) -> None:
    y = (1 - x * x) / 2 + maximum(-x, -5)
    assert len(x.plan.calls) == 6
    x.plan.run()
    assert y.array.tolist() == [[-1.0, -11.5, -45.0]]


def test_what_is_computed_already_is_not_computed_twice(x: Term) -> None:
    a, b = exp(x) + 1, exp(x) * 2
    assert [op.call[0] for op in x.plan.ops if op.call] == [np.exp, np.add, np.multiply]
    assert a.array is not b.array
    assert exp(x).array is exp(x).array
    assert (x - 1).array is not (1 - x).array
    assert x.over(-1).array is x.over(-1).array


def test_into_sends_the_last_call_elsewhere_instead_of_copying(x: Term) -> None:
    out = np.zeros((1, 3))
    done = sqrt(x).into(out, "r", "r = √x")
    assert len(x.plan.calls) == 1
    x.plan.run()
    assert done.array is out
    assert out.tolist() == [[1, 2, 3]]
    assert [op.name for op in x.plan.ops] == ["r"]


def test_into_copies_what_somebody_else_still_reads(x: Term) -> None:
    root = sqrt(x)
    more = root + 1
    out = np.zeros((1, 3))
    root.into(out)
    x.plan.run()
    assert (out.tolist(), more.array.tolist()) == ([[1, 2, 3]], [[2, 3, 4]])


def test_a_place_that_was_written_to_is_not_taken_for_what_it_held_before(x: Term) -> None:
    running = Term(x.plan, np.array([[1.0, 1.0, 1.0]]), "v")
    for _ in range(2):
        running = ((running * 0.5).into(running) + x).into(running)
    x.plan.run()
    assert len(x.plan.calls) == 4
    assert running.array.tolist() == [[1.75, 6.25, 13.75]]


def test_what_was_computed_from_a_place_is_computed_anew_after_it_changed(x: Term) -> None:
    before = exp(x)
    (x * 0).into(x)
    after = exp(x)
    x.plan.run()
    assert before.array[0, 0] == pytest.approx(np.e)
    assert after.array.tolist() == [[1, 1, 1]]


def test_a_name_alone_leaves_the_result_where_it_is(x: Term) -> None:
    root = sqrt(x)
    assert root.told("r", "r = √x").array is root.array
    assert [op.name for op in x.plan.ops] == ["r"]


def test_an_expression_can_be_asked_outside_any_net() -> None:
    assert alone(lambda a, b: a * b + 1, [1, 2], [3, 4]).tolist() == [4, 9]


def test_formulas_are_read_aloud(x: Term) -> None:
    assert ((1 - x) * x).text == "(1 − x)·x"
    assert x.mean(-1).array.shape == (1, 1)
