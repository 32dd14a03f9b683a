"""The chain rule: from what a forward pass wrote, it writes the way back into the same plan.

    h = tanh(z)        ∂L/∂z = ∂L/∂h · (1 − h²)

SLOPES says for each call what reaches each of its arguments; a layer states its own only where
the textbook has a shorter way. Every buffer has a mirror of the same form that holds ∂L/∂ of it
(θ has its gradient), so that the slope of a view is the same view of the mirror.

A way around, y = x + tanh(x), with x = 2·w. What comes back to y is g, and it goes to two:

    y = x + h      to x: g, to h: g       nothing to compute: both are *lent* the array of g
    h = tanh(x)    to x: g·(1 − h²)       a call; x has been lent g, so the two are added up
    x = w·2        to w: twice the sum    into the gradient

>>> from nnlab.terms import tanh
>>> params, plan = Params([Block("w", (2, 1), bias=False)], (), float), Plan(1)
>>> w, g = Term(plan, params.view("w"), "w"), Term(plan, np.array([[1.0], [3.0]]), "g")
>>> x = w * 2
>>> y = x + tanh(x)
>>> L = plan.total("L = Σ g·y", y.array, g.array, slopes=((y.array, lambda _d, _L: g),))
>>> WayBack(plan, params, None).walk(L)
>>> for op in plan.ops[4:]: print(op.formula)
tanh(w·2)·tanh(w·2)
1 − tanh(w·2)·tanh(w·2)
g·(1 − tanh(w·2)·tanh(w·2))
g + g·(1 − tanh(w·2)·tanh(w·2))
∂L/∂w = δ·2
>>> params.theta[:] = 0, 0.5
>>> plan.run()
>>> params.grad.round(3).tolist()
[4.0, 8.52]
"""
# ruff: noqa: ARG005  # a row names all it is offered, like every other row

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnlab.errors import LabError
from nnlab.numbers import dense_back, located, shown, weight_of
from nnlab.params import Block, Params
from nnlab.plan import Array, Op, Plan, Rows, Slopes, address, copied, room, whole
from nnlab.terms import Term, cos, exp, sign, sin

FLAT = (np.sign, np.greater, np.greater_equal, np.less, np.less_equal)  # slope 0 wherever there is one

Rule = Callable[..., Term]  # (∂L/∂y, y, *arguments) → what reaches one of the arguments

SLOPES: dict[Any, tuple[Rule, ...]] = {
    copied: (lambda d, y, x: d,),
    np.negative: (lambda d, y, x: -d,),
    np.add: (lambda d, y, a, b: d, lambda d, y, a, b: d),
    np.subtract: (lambda d, y, a, b: d, lambda d, y, a, b: -d),
    np.multiply: (lambda d, y, a, b: d * b, lambda d, y, a, b: d * a),
    np.divide: (lambda d, y, a, b: d / b, lambda d, y, a, b: -(d * y) / b),
    np.square: (lambda d, y, x: d * (x * 2),),
    np.sqrt: (lambda d, y, x: d * 0.5 / y,),
    np.reciprocal: (lambda d, y, x: -(d * y * y),),
    np.power: (lambda d, y, x, n: d * n * x.call(np.power, "{}^{}", x, n - 1),),  # n is a number
    np.exp: (lambda d, y, x: d * y,),
    np.expm1: (lambda d, y, x: d * (y + 1),),
    np.log: (lambda d, y, x: d / x,),
    np.log1p: (lambda d, y, x: d / (x + 1),),
    np.logaddexp: (lambda d, y, a, b: d * exp(a - y), lambda d, y, a, b: d * exp(b - y)),
    np.sin: (lambda d, y, x: d * cos(x),),
    np.cos: (lambda d, y, x: -(d * sin(x)),),
    np.tanh: (lambda d, y, x: d * (1 - y * y),),
    np.abs: (lambda d, y, x: d * sign(x),),
    np.maximum: (lambda d, y, a, b: d * (a >= b), lambda d, y, a, b: d * (b > a)),  # a tie is the first's
    np.minimum: (lambda d, y, a, b: d * (a <= b), lambda d, y, a, b: d * (b < a)),
    np.add.reduce: (lambda d, y, x: d,),
    np.matmul: (lambda d, y, a, b: d.dot(b.T), lambda d, y, a, b: a.T.dot(d)),
}


Spot = tuple[tuple[int, ...], int, tuple[int, ...]]  # shape, offset and strides of a view


@dataclass(eq=False)
class Mirror:
    """∂L/∂ of a buffer, each number in the place of its own."""

    buffer: Array
    start: int  # its address
    dtype: DTypeLike
    slopes: Any = None  # memory of the buffer's size, made when it is first needed
    done: Any = None  # which of its numbers were written
    lent: dict[Spot, Term] = field(default_factory=dict)  # of views, where it stands elsewhere

    def spot(self, x: Array) -> Spot:
        return x.shape, address(x) - self.start, x.strides

    def at(self, spot: Spot) -> tuple[Array, NDArray[np.bool_]]:
        """∂L/∂ of the view at this spot, and which of its numbers are written."""
        size, (shape, offset, strides) = self.buffer.nbytes, spot
        if self.slopes is None:
            raw = np.zeros(size + 64, np.uint8)
            self.slopes = raw[(self.start - address(raw)) % 64 :][:size]  # aligned as the buffer is
        slopes: Array = np.ndarray(shape, self.dtype, self.slopes, offset, strides)
        each = slopes.itemsize
        if self.done is None:
            self.done = np.zeros(size // each + 1, bool)
        return slopes, np.ndarray(shape, bool, self.done, offset // each, tuple(s // each for s in strides))


class WayBack:
    """One walk from the loss back to θ, and to the input where a trace shows it.

    A call that can write anywhere writes into the mirror. A slope that only passes through (of a
    sum, of a copy) is *lent*: it stays where it is until somebody adds to it or sees it otherwise.
    """

    def __init__(self, plan: Plan, params: Params, shown: Rows | None) -> None:
        self.plan, self.params, self.shown, self.ops = plan, params, shown, list(plan.ops)
        self._mirrors: dict[int, Mirror] = {}
        theta = self._mirror(params.theta, params.grad)
        self._asked = {id(params.theta)}  # the buffers whose slope is wanted, or leads to one
        if shown:
            self._asked.add(id(whole(shown.value)))
        self._flat: list[Op] = []  # where a way back may end
        for op in self.ops:
            if op.slopes is None and op.fn in FLAT:
                self._flat += [op] if any(map(self._is_asked, _arrays(op))) else []
            elif any(map(self._is_asked, [x for x, _ in _rules(op)] or _arrays(op))):
                self._asked.add(id(whole(op.out)))
        self._blocks = {theta.spot(params.view(block.name)): block for block in params.blocks}
        self._uses = Counter(id(op.args[0]) for op in self.ops if op.fn is np.matmul)

    def walk(self, loss: Array, strict: bool = True) -> None:
        """Write ∂L/∂ of everything between the loss and what is asked for; where `strict`, refuse
        parameters that nothing flows back to."""
        often: dict[int, list[tuple[Op, Array, Array]]] = {}
        for op in reversed(self.ops):
            if op.fn is None and self.shown is None:
                continue  # a name, and nobody reads
            self.plan.layer = op.layer
            d = self._term(loss) if op.out is loss else self._arrived(op)
            if d is None:
                continue
            rules, y = _rules(op), self._term(op.out)
            if op.fn is not None and not rules:
                raise LabError(f'the chain rule has no slope for "{op.formula}"; state one beside it')
            given = [] if op.slopes else [self._term(x) for x in _arrays(op)]
            for x, rule in rules:
                if op.fn is np.matmul and self._uses[id(x)] > 1:
                    often.setdefault(id(x), []).append((op, d.array, op.args[1]))
                elif self._is_asked(x):
                    self._give(x, rule(d, y, *given))
        for uses in often.values():  # a matrix of every step: one product over all of them
            (op, *_), *sides = zip(*uses, strict=True)
            self.plan.layer = op.layer
            ds, xs = map(self._side_by_side, sides, ("δ", "(h, x, 1)"))
            self._give(op.args[0], ds.dot(xs.T))
        for block in self.params.blocks:
            mirror = self._mirror(self.params.theta)
            if strict and self._flat and not np.any(mirror.at(mirror.spot(self.params.view(block.name)))[1]):
                formula = self._flat[-1].formula
                raise LabError(f'"{formula}" has no slope to learn by; use it forward only')
        if self.shown:
            value = self.shown.value
            mirror = self._mirror(value)
            self._put_lent(mirror, mirror.spot(value))
            dx = mirror.at(mirror.spot(self.shown.seen))[0]
            self._name(self.shown.name, dx, Term(self.plan, dx, "what comes back"))

    def _term(self, a: Array) -> Term:
        return Term(self.plan, a, self.plan.texts.get(id(a), "·"))

    # --- what has come back so far ---------------------------------------------------------
    def _is_asked(self, x: Array) -> bool:
        return id(whole(x)) in self._asked

    def _mirror(self, x: Array, slopes: Array | None = None) -> Mirror:
        buffer = whole(x)
        if id(buffer) not in self._mirrors:
            self._mirrors[id(buffer)] = Mirror(buffer, address(buffer), self.plan.dtype, slopes)
        return self._mirrors[id(buffer)]

    def _give(self, x: Array, d: Term) -> None:
        """Add d to what has come back to x."""
        mirror = self._mirror(x)
        for axis in range(-min(x.ndim, d.array.ndim), 0):
            if x.shape[axis] == 1 < d.array.shape[axis]:
                d = d.over(axis)  # x was used by all of them
        spot = mirror.spot(x)
        if spot in mirror.lent:
            d = mirror.lent.pop(spot) + d
        if not self.plan.movable(d.array):
            self._put_lent(mirror, spot)
            if mirror.buffer is not self.params.theta and not np.count_nonzero(mirror.at(spot)[1]):
                if d.array.shape != x.shape:
                    d = Term(self.plan, np.broadcast_to(d.array, x.shape), d.text)
                mirror.lent[spot] = d
                return
        self._put(mirror, spot, d)
        self._put_lent(mirror, spot)
        if mirror.buffer is self.params.theta and spot in self._blocks:
            self._name_block(self._blocks[spot])

    def _put(self, mirror: Mirror, spot: Spot, d: Term) -> None:
        """Write d into the mirror, or add it to what stands there."""
        slopes, done = mirror.at(spot)
        if count := np.count_nonzero(done):
            if count < done.size:
                self.plan.op("0 where nothing came back", _clear, ~done, out=slopes)
            d = Term(self.plan, slopes) + d
        d.into(slopes)
        done[...] = True

    def _put_lent(self, mirror: Mirror, spot: Spot) -> None:
        """What is lent to views of these numbers goes into the mirror."""
        for other in list(mirror.lent):
            if np.may_share_memory(mirror.at(other)[0], mirror.at(spot)[0]):
                self._put(mirror, other, mirror.lent.pop(other))

    def _arrived(self, op: Op) -> Term | None:
        """∂L/∂ of what an op gave, complete by now; None where nothing came back."""
        mirror = self._mirrors.get(id(whole(op.out)))
        if mirror is None:
            return None
        spot, turned = mirror.spot(op.out), op.name != "" and op.seen is not op.out
        turned = turned and self.shown is not None
        if turned:
            self._put_lent(mirror, spot)  # a reader sees it in another form
        if spot in mirror.lent:
            d = mirror.lent[spot]
        else:
            self._put_lent(mirror, spot)
            slopes, done = mirror.at(spot)
            if not np.count_nonzero(done):
                return None
            d = Term(self.plan, slopes, "δ")
        if op.name:
            self._name(op.name, mirror.at(mirror.spot(op.seen))[0] if turned else d.array, d)
        return d

    def _side_by_side(self, arrays: tuple[Array, ...], text: str) -> Term:
        """Matrices as one, along the columns."""
        *lead, columns = arrays[0].shape
        out = room((*lead, columns * len(arrays)), self.plan.dtype)
        made = self.plan.op(f"{text} of every step, side by side", _concatenate, *arrays, out=out)
        return Term(self.plan, made, text)

    # --- what it is called -----------------------------------------------------------------
    def _name(self, name: str, seen: Array, d: Term) -> None:
        """Make ∂L/∂name a row of the trace: the call that wrote it, or a line of its own."""
        called, last = f"∂L/∂{'ŷ' if name == 'yhat' else name}", self.plan.ops[-1]
        if last.out.size < seen.size or not np.may_share_memory(last.out, seen):
            self.plan.show(f"d{name}", f"{called} = {d.text}", seen)
        elif last.name:  # ŷ is z2, say
            self.plan.show(f"d{name}", f"{called} = {last.formula.partition(' = ')[0]}", seen)
        else:
            write, at = last.write, located(last.out, seen)  # numbers are said in the form of `out`
            last.told(f"d{name}", f"{called} = {last.formula}", seen=seen)
            if write:
                last.write = shown(lambda at: write(at[:-1], at[-1]), at)
            elif last.fn is np.matmul and last.out.ndim == 2:
                last.write = shown(dense_back(last.args[0].T, last.args[1]), at)
        d.text = f"δ{name[1:]}" if name[0] == "z" else called

    def _name_block(self, block: Block) -> None:
        """The same for a gradient; the last column of a weight's is its bias's."""
        name, last, slopes = block.name, self.plan.ops[-1], self.params.grad_view(block.name)
        seen = slopes[..., :-1] if block.bias else slopes
        write = weight_of(last.args[0], last.args[1].swapaxes(-1, -2)) if last.fn is np.matmul else None
        last.told(f"d{name}", f"∂L/∂{name} = {last.formula}", seen=seen, write=write).sampled = False
        if block.bias and name[0] == "W":
            k = name[1:]
            self.plan.show(f"db{k}", f"∂L/∂b{k} = Σ δ{k}", slopes[..., -1], write)
            self.plan.ops[-1].sampled = False


def _arrays(op: Op) -> list[Array]:
    """The arrays an op was computed from."""
    return [arg for arg in op.args if isinstance(arg, np.ndarray)]


def _rules(op: Op) -> Slopes:
    """What an op was computed from, and what reaches each of ∂L/∂ of the op."""
    return tuple(zip(op.args, SLOPES.get(op.fn, ()), strict=False)) if op.slopes is None else op.slopes


def slope_alone(what: Callable[[Term], Term], x: Array) -> Array:
    """∂(Σ what(x))/∂x, outside any net; 0 where nothing flows back."""
    params = Params([Block("x", x.shape, bias=False)], (), float)
    params.theta[...] = x.reshape(-1)
    plan = Plan(1)
    made = what(Term(plan, params.view("x"), "x"))
    ones = Term(plan, np.ones(made.array.shape))
    L = plan.total("Σ", made.array, ones.array, slopes=((made.array, lambda _d, _L: ones),))
    WayBack(plan, params, None).walk(L, strict=False)
    plan.run()
    return params.grad_view("x")


def _clear(where: Array, out: Array) -> None:
    np.copyto(out, 0, where=where)


def _concatenate(*arrays: Array) -> None:
    np.concatenate(arrays[:-1], -1, arrays[-1])
