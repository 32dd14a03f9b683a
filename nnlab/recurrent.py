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
from nnlab.terms import Term, dot, tanh


class _Recurrent(Weighted):
    """What the kinds share. `sequence=True` gives every h, (steps, n), else the last, (n,)."""

    stacks = False
    gates = 1

    def __init__(self, n: int, sequence: bool = False) -> None:
        if n < 1:
            raise LabError(f"{type(self).__name__} got {n} units; it wants at least 1")
        self.n, self.sequence = n, sequence

    def setup(self, shape: Shape) -> Shape:
        if len(shape) != 2:
            raise ShapeError(f"{self.at} got shape {shape} per row; it wants (steps, features)", shape)
        self.steps, self.fan = shape
        return (self.steps, self.n) if self.sequence else (self.n,)

    def blocks(self) -> list[Block]:
        wide = self.n + self.fan + 1  # (h, x, 1)
        return [Block(f"W{self.k}", (self.gates * self.n, wide), fan=(self.n + self.fan, self.n))]

    def cost(self) -> tuple[int, int]:
        return super().cost()[0], self.gates * self.n * (self.n + self.fan) * self.steps

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.n})"

    def forward(self, plan: Plan, x: Rows) -> Rows:
        B, T, n = plan.batch, self.steps, self.n
        out = plan.rows(math.prod(self.gives), f"h{self.k}", self.gives)
        cat = plan.buffer(T, n + self.fan + 1, B, fill=1.0)  # (h before, x, 1) of every step
        cat[:, :n] = 0
        plan.copy(x.value.reshape(T, self.fan, B), cat[:, n:-1])
        plan.keep(self, cat=cat)
        self._start(plan)
        hs = out.value.reshape(T, n, B) if self.sequence else out.value[None]
        for t in range(T):
            last, name = t == T - 1, f"h{self.k}" if t == T - 1 else f"h{self.k}@{t + 1}"
            own = hs[t] if self.sequence else hs[0] if last else cat[t + 1, :n]
            self._step(t, Term(plan, cat[t], "(h, x, 1)"), own, name)
            if self.sequence and not last:
                plan.copy(own, cat[t + 1, :n])
        return out

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        B, T, n = plan.batch, self.steps, self.n
        D = plan.buffer(T, self.gates * n, B)  # ∂L/∂ of what goes into each gate
        back = plan.buffer(T, n + self.fan + 1, B)  # ∂L/∂(h, x, 1)
        above = dz.reshape(T, n, B) if self.sequence else None
        self._slopes(plan)
        dh = Term(plan, dz if above is None else above[-1], "δ")
        for t in reversed(range(T)):
            self._back(t, dh, D[t])
            if t or wants:
                self._to_before(t, Term(plan, D[t], "δ"), back[t])
            dh = Term(plan, back[t, :n], "∂L/∂h")
            if t and above is not None:
                dh = dh + Term(plan, above[t - 1], "δ from above")
        self._weights(plan, _side_by_side(plan, D))
        if not wants:
            return None
        out = plan.buffer(x.n, B)
        plan.op(f"d{x.name}", f"∂L/∂{x.name}", np.positive, back[:, n:-1],
                out=out.reshape(T, self.fan, B), seen=out)  # fmt: skip
        return out

    def _start(self, plan: Plan) -> None:
        """Room for what all steps leave, from which slopes are computed at once."""

    def _keep(self, plan: Plan, **shapes: int) -> None:
        T, B = self.steps, plan.batch
        plan.keep(self, **{key: plan.buffer(T, n, B, fill=1.0) for key, n in shapes.items()})

    def _kept(self, plan: Plan, *keys: str) -> list[Term]:
        return [Term(plan, plan.kept(self, key), key) for key in keys]

    def _step(self, t: int, seen: Term, h: Array, name: str) -> None:
        """From (h, x, 1) to the next h."""
        raise NotImplementedError

    def _slopes(self, plan: Plan) -> None:
        """Slopes of all steps at once."""

    def _back(self, t: int, dh: Term, d: Array) -> None:
        """From ∂L/∂h to ∂L/∂ of what went into each gate."""
        raise NotImplementedError

    def _to_before(self, t: int, d: Term, back: Array) -> None:  # noqa: ARG002  # GRU asks t
        dot(self.Wb.T, d).into(back)

    def _weights(self, plan: Plan, D: Array) -> None:
        seen = _side_by_side(plan, plan.kept(self, "cat"))
        plan.op(f"dW{self.k}", "∂L/∂W = Σ δ·(h, x, 1)ᵀ", np.dot, D, seen.T, out=self.dWb)


def _side_by_side(plan: Plan, a: Array) -> Array:
    """(steps, n, batch) → (n, steps·batch): W's gradient is one product over all steps."""
    T, n, B = a.shape
    wide = plan.buffer(n, T, B)
    plan.copy(a.swapaxes(0, 1), wide)
    return wide.reshape(n, T * B)


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
        now = self.how.f(dot(self.Wb, seen)).into(kept[t].array)
        now.into(h, name, f"{name} = {self.how.name}(W·(h, x, 1))")

    def _back(self, t: int, dh: Term, d: Array) -> None:
        (h,) = self._kept(dh.plan, "h")
        self.how.back(h[t], h[t], dh).into(d)  # type: ignore[misc]  # both have a slope


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
        z = dot(self.Wb, seen)
        i, f, o, g = self._parts((tanh(z * half) * half + shift).into(gates[t].array))
        now = (f * c[t] + i * g).into(c[t + 1].array, f"c{self.k}@{t + 1}", "c ← f·c + i·g")
        (o * tanh(now).into(tanh_c[t].array)).into(h, name, f"{name} = o·tanh c")

    def _slopes(self, plan: Plan) -> None:
        gates, tanh_c = self._kept(plan, "gates", "tanh_c")
        slope, split = np.empty_like(gates.array), 3 * self.n
        soft, g, (_, _, o, _) = gates[:, :split], gates[:, split:], self._parts(gates)
        ((1 - soft) * soft).into(slope[:, :split])
        (1 - g * g).into(slope[:, split:])
        plan.keep(self, slope=slope, inner=((1 - tanh_c * tanh_c) * o).array, later=None)

    def _back(self, t: int, dh: Term, d: Array) -> None:
        gates, c, tanh_c, inner, slope = self._kept(dh.plan, "gates", "c", "tanh_c", "inner", "slope")
        later, (i, f, _, g) = dh.plan.kept(self, "later"), self._parts(gates[t])
        dc = dh * inner[t] if later is None else later + dh * inner[t]
        di, df, do, dg = (part.array for part in self._parts(Term(dh.plan, d)))
        (dc * g).into(di)
        (dc * c[t]).into(df)
        (dh * tanh_c[t]).into(do)
        (dc * i).into(dg)
        (Term(dh.plan, d, "δ") * slope[t]).into(d)
        dh.plan.keep(self, later=dc * f)


class GRU(_Recurrent):
    """Rows of W: reset and update gate of (h, x, 1); U of (h, 1) and V of (x, 1) make the
    candidate n = tanh(V·x + r·(U·h)); h ← (1 − u)·n + u·h."""

    gates = 3

    def blocks(self) -> list[Block]:
        n, f, fan = self.n, self.fan, (self.n + self.fan, self.n)
        shapes = {"W": (2 * n, n + f + 1), "U": (n, n + 1), "V": (n, f + 1)}
        return [Block(f"{name}{self.k}", shape, fan=fan) for name, shape in shapes.items()]

    def bind(self, params: Params, state: dict[str, Array]) -> None:
        super().bind(params, state)
        self.U, self.dU = params.view(f"U{self.k}"), params.grad_view(f"U{self.k}")
        self.V, self.dV = params.view(f"V{self.k}"), params.grad_view(f"V{self.k}")

    def _start(self, plan: Plan) -> None:
        n = self.n
        self._keep(plan, gates=2 * n, q=n, new=n, h1=n + 1)

    def _step(self, t: int, seen: Term, h: Array, name: str) -> None:
        n, plan, before = self.n, seen.plan, seen[: self.n]
        gates, q, new, h1 = self._kept(plan, "gates", "q", "new", "h1")
        plan.copy(before.array, h1[t, :n].array)
        soft = (tanh(dot(self.Wb, seen) * 0.5) * 0.5 + 0.5).into(gates[t].array)
        inner = dot(self.U, h1[t]).into(q[t].array)
        made = tanh(dot(self.V, seen[n:]) + soft[:n] * inner).into(new[t].array)
        (made + (before - made) * soft[n:]).into(h, name, f"{name} = n + u·(h − n)")

    def _slopes(self, plan: Plan) -> None:
        gates, new = self._kept(plan, "gates", "new")
        plan.keep(self, slope=((1 - gates) * gates).array, inner=(1 - new * new).array,
                  dq=np.empty_like(new.array))  # fmt: skip

    def _back(self, t: int, dh: Term, d: Array) -> None:
        """d holds ∂L/∂ of the r and u sums, then of the candidate's sum."""
        n, plan = self.n, dh.plan
        gates, q, new, cat = self._kept(plan, "gates", "q", "new", "cat")
        slope, inner, dq = self._kept(plan, "slope", "inner", "dq")
        r, u = gates[t, :n], gates[t, n:]
        (dh * (cat[t, :n] - new[t]) * slope[t, n:]).into(d[n : 2 * n])
        dn = ((dh - dh * u) * inner[t]).into(d[2 * n :])
        (dn * q[t] * slope[t, :n]).into(d[:n])
        (dn * r).into(dq[t].array)
        plan.keep(self, straight=(dh * u).array)

    def _to_before(self, t: int, d: Term, back: Array) -> None:
        n, plan = self.n, d.plan
        dq, straight = self._kept(plan, "dq", "straight")
        whole = dot(self.Wb.T, d[: 2 * n])
        (whole[:n] + dot(self.U.T, dq[t])[:n] + straight).into(back[:n])
        (whole[n:] + dot(self.V.T, d[2 * n :])).into(back[n:])

    def _weights(self, plan: Plan, D: Array) -> None:
        n, k = self.n, self.k
        seen, h1, dq = (_side_by_side(plan, plan.kept(self, key)) for key in ("cat", "h1", "dq"))
        plan.op(f"dW{k}", "Σ δ·(h, x, 1)ᵀ", np.dot, D[: 2 * n], seen.T, out=self.dWb)
        plan.op(f"dU{k}", "Σ δ·(h, 1)ᵀ", np.dot, dq, h1.T, out=self.dU)
        plan.op(f"dV{k}", "Σ δ·(x, 1)ᵀ", np.dot, D[2 * n :], seen[n:].T, out=self.dV)
