"""Sequences: (steps, features) a sample, read one step at a time with the same weights.

    RNN: h ← tanh(W·(h, x, 1))        h = 0, x = 1, W = (.5, 1, 0)  →  h = tanh(1)

Gates as in torch: LSTM after Hochreiter & Schmidhuber 1997 (with a forget gate), GRU with the
reset inside the candidate (Cho et al. 2014, torch's form). Bias pairs of torch are summed here.
"""

import math

import numpy as np

from nnlab.activations import ACTIVATIONS
from nnlab.errors import LabError, ShapeError
from nnlab.layers import Shape, Weighted
from nnlab.params import Block, Params
from nnlab.plan import Array, Plan, Rows
from nnlab.terms import Term, tanh


class _Recurrent(Weighted):
    """What the kinds share. `sequence=True` gives every h, (steps, n), else the last, (n,)."""

    gates = 1

    def __init__(self, n: int, sequence: bool = False) -> None:
        super().__init__(n)
        self.sequence = sequence

    def setup(self, shape: Shape) -> Shape:
        if len(shape) != 2:
            raise ShapeError(f"{self.at} got shape {shape} per row; it wants (steps, features)", shape)
        self.steps, self.fan = shape
        self.wide = self.n + self.fan + 1  # (h, x, 1)
        return (self.steps, self.n) if self.sequence else (self.n,)

    def blocks(self) -> list[Block]:
        return [Block(f"W{self.k}", (self.gates * self.n, self.wide), fan=(self.wide - 1, self.n))]

    def multiply_adds(self) -> int:
        return self.gates * self.n * (self.n + self.fan) * self.steps

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.n})"

    def forward(self, plan: Plan, x: Rows) -> Rows:
        T, n = self.steps, self.n
        out = plan.rows(self.gives, f"h{self.k}")
        cat = plan.buffer(T, self.wide, plan.batch, fill=1.0)  # (h before, x, 1) of every step
        cat[..., 0, :n, :] = 0
        plan.copy(plan.shaped(x.value, T, self.fan, -1), cat[..., n:-1, :])
        plan.keep(self, cat=cat)
        self._start(plan)
        hs = plan.shaped(out.value, -1, n, plan.batch)  # of every step, or of the last one
        for t in range(T):
            last, name = t == T - 1, f"h{self.k}" if t == T - 1 else f"h{self.k}@{t + 1}"
            own = (
                hs[..., t if self.sequence else 0, :, :] if self.sequence or last else cat[..., t + 1, :n, :]
            )
            self._step(t, Term(plan, cat[..., t, :, :], "(h, x, 1)"), own, name)
            if self.sequence and not last:
                plan.copy(own, cat[..., t + 1, :n, :])
        return out

    def learn(self, plan: Plan, x: Rows, dz: Array) -> None:  # noqa: ARG002  # x stands in the columns kept
        T, n = self.steps, self.n
        D = plan.buffer(T, self.gates * n, plan.batch)  # ∂L/∂ of what goes into each gate
        back = plan.buffer(T, self.wide, plan.batch)  # ∂L/∂(h, x, 1)
        above = plan.shaped(dz, -1, n, plan.batch)
        self._slopes(plan)
        dh = Term(plan, above[..., -1, :, :], "δ")
        for t in reversed(range(T)):
            d = Term(plan, D[..., t, :, :], "δ")
            self._back(t, dh, d)
            self._to_before(t, d, back[..., t, :, :])
            dh = Term(plan, back[..., t, :n, :], "∂L/∂h")
            if t and self.sequence:
                dh = dh + Term(plan, above[..., t - 1, :, :], "δ from above")
        plan.keep(self, back=back)
        self._weights(plan, self._side_by_side(plan, D))

    def backward(self, plan: Plan, x: Rows, dz: Array) -> Array:  # noqa: ARG002  # learn went all the way
        out = plan.buffer(math.prod(x.shape), plan.batch)
        dx, to = plan.kept(self, "back")[..., self.n : -1, :], plan.shaped(out, self.steps, self.fan, -1)
        plan.copy(dx, to, f"∂L/∂{x.name}", name=f"d{x.name}", seen=out)
        return out

    def _keep(self, plan: Plan, **sizes: int) -> None:
        """Room for what every step leaves, from which slopes are computed at once."""
        T, B = self.steps, plan.batch
        plan.keep(self, **{key: plan.buffer(T, n, B, fill=1.0) for key, n in sizes.items()})

    def _kept(self, plan: Plan, *keys: str) -> list[Term]:
        return [Term(plan, plan.kept(self, key), key) for key in keys]

    def _side_by_side(self, plan: Plan, a: Array) -> Array:
        """(steps, n, batch) → (n, steps·batch): W's gradient is one product over all steps."""
        n = a.shape[-2]
        wide = plan.buffer(n, self.steps, plan.batch)
        plan.copy(a.swapaxes(-3, -2), wide)
        return plan.shaped(wide, n, -1)

    def _start(self, plan: Plan) -> None:
        """Make room before the first step."""
        raise NotImplementedError

    def _step(self, t: int, seen: Term, h: Array, name: str) -> None:
        """From (h, x, 1) to the next h."""
        raise NotImplementedError

    def _slopes(self, plan: Plan) -> None:
        """Slopes of all steps at once."""

    def _back(self, t: int, dh: Term, d: Term) -> None:
        """From ∂L/∂h to ∂L/∂ of what went into each gate."""
        raise NotImplementedError

    def _to_before(self, t: int, d: Term, back: Array) -> None:  # noqa: ARG002  # GRU asks t
        d.plan.product("Wᵀ·δ", self.Wb.swapaxes(-1, -2), d.array, back)

    def _weights(self, plan: Plan, D: Array) -> None:
        self.weigh_errors(plan, D, self._side_by_side(plan, plan.kept(self, "cat")), "(h, x)")


def _dot(W: Array, x: Term, out: Array | None = None) -> Term:
    return Term(x.plan, x.plan.product(f"W·{x.text}", W, x.array, out), "W·x")


class RNN(_Recurrent):
    """h ← f(W·(h, x, 1)), f tanh or ReLU."""

    def __init__(self, n: int, how: str = "tanh", sequence: bool = False) -> None:
        super().__init__(n, sequence)
        if how not in ("tanh", "relu"):
            raise LabError(f'RNN got the squash "{how}"; it wants "tanh" or "relu"')
        self.how = ACTIVATIONS[how]

    def _start(self, plan: Plan) -> None:
        self._keep(plan, h=self.n)

    def _step(self, t: int, seen: Term, h: Array, name: str) -> None:
        (kept,) = self._kept(seen.plan, "h")
        now = self.how.f(_dot(self.Wb, seen)).into(kept[..., t, :, :])
        now.into(h, name, f"{name} = {self.how.name}(W·(h, x, 1))")

    def _back(self, t: int, dh: Term, d: Term) -> None:
        (h,) = self._kept(dh.plan, "h")
        self.how.back(h[..., t, :, :], h[..., t, :, :], dh).into(d)  # type: ignore[misc]  # both have a slope


class LSTM(_Recurrent):
    """Rows of W: input, forget and output gate, then the candidate."""

    gates = 4

    def _start(self, plan: Plan) -> None:
        n = self.n
        self._keep(plan, gates=4 * n, tanh_c=n)
        # σ(z) = ½·tanh(z/2) + ½, so one tanh serves all four
        half, shift = (np.full((4 * n, 1), 0.5, dtype=plan.dtype) for _ in range(2))
        half[3 * n :], shift[3 * n :] = 1, 0
        plan.keep(self, half=half, shift=shift, c=plan.buffer(self.steps + 1, n, plan.batch))

    def _parts(self, gates: Term) -> list[Term]:
        return [gates[..., i * self.n : (i + 1) * self.n, :] for i in range(4)]

    def _step(self, t: int, seen: Term, h: Array, name: str) -> None:
        half, shift, gates, c, tanh_c = self._kept(seen.plan, "half", "shift", "gates", "c", "tanh_c")
        z = _dot(self.Wb, seen)
        i, f, o, g = self._parts((tanh(z * half) * half + shift).into(gates[..., t, :, :]))
        now = f * c[..., t, :, :] + i * g
        now = now.into(c[..., t + 1, :, :], f"c{self.k}@{t + 1}", "c ← f·c + i·g")
        (o * tanh(now).into(tanh_c[..., t, :, :])).into(h, name, f"{name} = o·tanh c")

    def _slopes(self, plan: Plan) -> None:
        gates, tanh_c = self._kept(plan, "gates", "tanh_c")
        slope, split = Term(plan, np.empty_like(gates.array)), 3 * self.n
        soft, g, (_, _, o, _) = gates[..., :split, :], gates[..., split:, :], self._parts(gates)
        ((1 - soft) * soft).into(slope[..., :split, :])
        (1 - g * g).into(slope[..., split:, :])
        plan.keep(self, slope=slope.array, inner=((1 - tanh_c * tanh_c) * o).array, later=None)

    def _back(self, t: int, dh: Term, d: Term) -> None:
        kept = self._kept(dh.plan, "gates", "c", "tanh_c", "inner", "slope")
        gates, c, tanh_c, inner, slope = (term[..., t, :, :] for term in kept)
        later, (i, f, _, g) = dh.plan.kept(self, "later"), self._parts(gates)
        dc = dh * inner if later is None else later + dh * inner
        di, df, do, dg = self._parts(d)
        (dc * g).into(di)
        (dc * c).into(df)
        (dh * tanh_c).into(do)
        (dc * i).into(dg)
        (d * slope).into(d)
        dh.plan.keep(self, later=dc * f)


class GRU(_Recurrent):
    """Rows of W: reset and update gate of (h, x, 1); U of (h, 1) and V of (x, 1) make the
    candidate n = tanh(V·x + r·(U·h)); h ← (1 − u)·n + u·h."""

    gates = 3

    def blocks(self) -> list[Block]:
        n, f, fan = self.n, self.fan, (self.wide - 1, self.n)
        shapes = {"W": (2 * n, n + f + 1), "U": (n, n + 1), "V": (n, f + 1)}
        return [Block(f"{name}{self.k}", shape, fan=fan) for name, shape in shapes.items()]

    def bind(self, params: Params, state: dict[str, Array]) -> None:
        super().bind(params, state)
        self.U, self.dU = params.view(f"U{self.k}"), params.grad_view(f"U{self.k}")
        self.V, self.dV = params.view(f"V{self.k}"), params.grad_view(f"V{self.k}")

    def _start(self, plan: Plan) -> None:
        n = self.n
        self._keep(plan, gates=2 * n, q=n, new=n, h1=n + 1, dq=n)

    def _step(self, t: int, seen: Term, h: Array, name: str) -> None:
        n, before, x = self.n, seen[..., : self.n, :], seen[..., self.n :, :]
        kept = self._kept(seen.plan, "gates", "q", "new", "h1")
        gates, q, new, h1 = (term[..., t, :, :] for term in kept)
        seen.plan.copy(before.array, h1.array[..., :n, :])
        soft = (tanh(_dot(self.Wb, seen) * 0.5) * 0.5 + 0.5).into(gates)
        inner = _dot(self.U, h1, q.array)
        made = tanh(_dot(self.V, x) + soft[..., :n, :] * inner).into(new)
        (made + (before - made) * soft[..., n:, :]).into(h, name, f"{name} = n + u·(h − n)")

    def _slopes(self, plan: Plan) -> None:
        gates, new = self._kept(plan, "gates", "new")
        plan.keep(self, slope=((1 - gates) * gates).array, inner=(1 - new * new).array)

    def _back(self, t: int, dh: Term, d: Term) -> None:
        """d holds ∂L/∂ of the r and u sums, then of the candidate's sum."""
        n, plan = self.n, dh.plan
        kept = self._kept(plan, "gates", "q", "new", "cat", "slope", "inner", "dq")
        gates, q, new, cat, slope, inner, dq = (term[..., t, :, :] for term in kept)
        r, u = gates[..., :n, :], gates[..., n:, :]
        (dh * (cat[..., :n, :] - new) * slope[..., n:, :]).into(d[..., n : 2 * n, :])
        dn = ((dh - dh * u) * inner).into(d[..., 2 * n :, :])
        (dn * q * slope[..., :n, :]).into(d[..., :n, :])
        (dn * r).into(dq)
        plan.keep(self, straight=(dh * u).array)

    def _to_before(self, t: int, d: Term, back: Array) -> None:
        n, (dq, straight) = self.n, self._kept(d.plan, "dq", "straight")
        W, U, V = (a.swapaxes(-1, -2) for a in (self.Wb, self.U, self.V))
        whole = _dot(W, d[..., : 2 * n, :])
        (whole[..., :n, :] + _dot(U, dq[..., t, :, :])[..., :n, :] + straight).into(back[..., :n, :])
        (whole[..., n:, :] + _dot(V, d[..., 2 * n :, :])).into(back[..., n:, :])

    def _weights(self, plan: Plan, D: Array) -> None:
        n, k = self.n, self.k
        seen, h1, dq = (self._side_by_side(plan, plan.kept(self, key)) for key in ("cat", "h1", "dq"))
        self.weigh_errors(plan, D[..., : 2 * n, :], seen, "(h, x)")
        candidate = D[..., 2 * n :, :], seen[..., n:, :].swapaxes(-1, -2)
        plan.product("Σ δ·(h, 1)ᵀ", dq, h1.swapaxes(-1, -2), self.dU, name=f"dU{k}")
        plan.product("Σ δ·(x, 1)ᵀ", *candidate, self.dV, name=f"dV{k}")
