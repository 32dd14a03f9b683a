"""The chain rule: whatever is written forward has the way back that central differences find."""

from collections.abc import Callable

import numpy as np
import pytest

from nnlab.chain import SLOPES, WayBack
from nnlab.params import Block, Params
from nnlab.plan import Array, Plan, copied
from nnlab.terms import Term, exp, maximum, tanh

Expression = Callable[[Term, Term], Term]
RNG = np.random.default_rng(3)


def slopes(expression: Expression) -> tuple[Array, Array]:
    """∂/∂(a, b) of a weighted sum of the expression: by the way back, and by nudging each number."""
    params = Params([Block("a", (3, 4), bias=False), Block("b", (3, 4), bias=False)], (), float)
    params.theta[:] = RNG.uniform(0.5, 2, 24)
    plan = Plan(4)
    y = expression(Term(plan, params.view("a"), "a"), Term(plan, params.view("b"), "b"))
    w = RNG.normal(size=y.array.shape)
    L = plan.total("L", y.array, w, slopes=((y.array, lambda _d, _L: Term(plan, w)),))
    WayBack(plan, params, None).walk(L)
    for _ in range(2):  # a second run finds the mirrors full
        plan.run()
    found, start, sides = params.grad.copy(), params.theta.copy(), []
    for h in (1e-6, -1e-6):
        sides.append([])
        for axis in np.eye(24):
            params.theta[:] = start + h * axis
            plan.run()
            sides[-1].append(L.item())
    return found, np.subtract(*sides) / 2e-6


def single(fn: Callable[..., object]) -> Expression:
    """The call alone, as a layer would write it."""
    special: dict[Callable[..., object], Expression] = {
        np.matmul: lambda a, b: a.dot(b.T),
        np.add.reduce: lambda a, _: a.over(-2),
        np.power: lambda a, _: a**3,
        copied: lambda a, _: Term(a.plan, a.plan.copy(a.array, np.empty((3, 4)))),
    }
    return special.get(fn, lambda a, b: a.call(fn, "", *(a, b)[: len(SLOPES[fn])]))


@pytest.mark.parametrize("fn", list(SLOPES), ids=lambda fn: fn.__name__)
def test_every_row_of_the_table_is_the_derivative_of_its_call(fn: Callable[..., object]) -> None:
    found, wanted = slopes(single(fn))
    assert found == pytest.approx(wanted, abs=1e-8)
    assert np.any(found)


COMPOSED: dict[str, Expression] = {
    "used twice": lambda a, b: a * a + a * b,
    "passed on to several": lambda a, b: (a + b) + a,
    "passed on and used": lambda a, b: (a + b) + tanh(a + b),
    "shared by a column": lambda a, b: a * b[:1],
    "shared by a row": lambda a, b: a / b[:, :1] + b[:, :1],
    "steadied": lambda a, b: (a - a.mean(-1)) * b,
    "seen in parts": lambda a, b: exp(a[:2]) * b[1:],
    "whole, then in part": lambda a, b: tanh(a * b)[1:] + (a * b)[:2],
    "parts on top of each other": lambda a, b: (a * b)[:2] * (a * b)[1:],
    "one matrix at three steps": lambda a, b: a.dot(a.T.dot(b)) + a.dot(tanh(a.T.dot(a.dot(b.T.dot(b))))),
    "a maximum of many": lambda a, b: maximum(maximum(a, b), a * b),
    "twisted": lambda a, b: (a.T * 2).T.dot((b * b).T),
}  # fmt: skip


@pytest.mark.parametrize("name", list(COMPOSED))
def test_composed_expressions_have_the_slope_of_what_they_compute(name: str) -> None:
    found, wanted = slopes(COMPOSED[name])
    assert found == pytest.approx(wanted, abs=1e-6, rel=1e-7)


def test_a_stated_slope_passes_over_what_was_computed_in_between() -> None:
    found, _ = slopes(lambda a, b: exp(tanh(a)).sloped((b, lambda d, _: d * 0 + 1)))
    assert found.tolist() == [0] * 12 + [1] * 12


def test_what_nobody_asks_for_is_not_written() -> None:
    params = Params([Block("a", (3, 4), bias=False)], (), float)
    plan = Plan(4)
    x, a = Term(plan, np.ones((3, 4)), "x"), Term(plan, params.view("a"), "a")
    y = exp(x * 2) * a
    L = plan.total("L", y.array, y.array * 0 + 1, slopes=((y.array, lambda d, _: d * 0 + 1),))
    forward = len(plan.calls)
    WayBack(plan, params, None).walk(L)
    assert [op.fn for op in plan.ops[forward:]] == [np.multiply, np.add, np.multiply]
