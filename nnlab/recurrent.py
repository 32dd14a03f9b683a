"""Sequences: (steps, features) a sample, read one step at a time with the same weights.

    RNN: h ← tanh(W·(h, x, 1))        h = 0, x = 1, W = (.5, 1, 0)  →  h = tanh(1)

Gates as in torch: LSTM after Hochreiter & Schmidhuber 1997 (with a forget gate), GRU with the
reset inside the candidate (Cho et al. 2014, torch's form). Bias pairs of torch are summed here.
"""

import numpy as np

from nnlab.errors import LabError, ShapeError
from nnlab.layers import Shape, Weighted
from nnlab.params import Block, Params
from nnlab.plan import Array, Plan, Rows


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
        count = sum(int(np.prod(b.shape)) for b in self.blocks())
        return count, self.gates * self.n * (self.n + self.fan) * self.steps

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.n})"

    # --- forward -------------------------------------------------------------------------
    def forward(self, plan: Plan, x: Rows) -> Rows:
        B, T, n = plan.batch, self.steps, self.n
        out = plan.rows(int(np.prod(self.gives)), f"h{self.k}", self.gives)
        cat = plan.buffer(T, n + self.fan + 1, B, fill=1.0)
        cat[:, :n] = 0
        steps = x.value.reshape(T, self.fan, B)
        plan.copy(steps, cat[:, n:-1])
        plan.keep(self, cat=cat)
        self._prepare(plan, cat)
        hs = out.value.reshape(T, n, B) if self.sequence else None
        for t in range(T):
            after = cat[t + 1, :n] if t + 1 < T else None
            own = hs[t] if hs is not None else (out.value if after is None else None)
            target = after if own is None else own
            assert target is not None
            name = f"h{self.k}" if t == T - 1 else f"h{self.k}@{t + 1}"
            self._step(plan, t, cat, target, name)
            if own is not None and after is not None:
                plan.copy(own, after)
        return out

    def _prepare(self, plan: Plan, cat: Array) -> None:
        """Buffers over all steps."""

    def _step(self, plan: Plan, t: int, cat: Array, h: Array, name: str) -> None:
        raise NotImplementedError

    # --- backward ------------------------------------------------------------------------
    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        B, T, n = plan.batch, self.steps, self.n
        cat = plan.kept(self, "cat")
        D = plan.buffer(T, self.gates * n, B)  # ∂L/∂ of what goes into each gate
        back = plan.buffer(T, n + self.fan + 1, B)  # ∂L/∂(h, x, 1)
        self._slopes(plan)
        dh = self._from_above(dz, T - 1)
        for t in reversed(range(T)):
            self._back(plan, t, D, dh)
            if t or wants:
                self._to_before(plan, t, D, back[t])
            if t and self.sequence:
                above = self._from_above(dz, t - 1)
                plan.op("", "+ δ from above", np.add, back[t, :n], above, out=back[t, :n])
            dh = back[t, :n]
        self._weights(plan, cat, D)
        if not wants:
            return None
        out = plan.buffer(x.n, B)
        plan.op(f"d{x.name}", f"∂L/∂{x.name}", np.positive, back[:, n:-1],
                out=out.reshape(T, self.fan, B), seen=out)  # fmt: skip
        return out

    def _from_above(self, dz: Array, t: int) -> Array:
        return dz.reshape(self.steps, self.n, -1)[t] if self.sequence else dz

    def _slopes(self, plan: Plan) -> None:
        """Slopes of all steps at once."""

    def _back(self, plan: Plan, t: int, D: Array, dh: Array) -> None:
        raise NotImplementedError

    def _to_before(self, plan: Plan, t: int, D: Array, back: Array) -> None:
        plan.op("", "Wᵀ·δ", np.dot, self.Wb.T, D[t], out=back)

    def _weights(self, plan: Plan, cat: Array, D: Array) -> None:
        flat, seen = _side_by_side(plan, D), _side_by_side(plan, cat)
        plan.op(f"dW{self.k}", "∂L/∂W = Σ δ·(h, x, 1)ᵀ", np.dot, flat, seen.T, out=self.dWb)


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
        self.how = how

    def _prepare(self, plan: Plan, cat: Array) -> None:  # noqa: ARG002  # GRU wants cat
        n, T, B = self.n, self.steps, plan.batch
        plan.keep(self, z=plan.buffer(n, B), h=plan.buffer(T, n, B))

    def _step(self, plan: Plan, t: int, cat: Array, h: Array, name: str) -> None:
        z, kept = plan.kept(self, "z"), plan.kept(self, "h")[t]
        plan.op("", "z = W·(h, x, 1)", np.dot, self.Wb, cat[t], out=z)
        if self.how == "tanh":
            plan.op("", "tanh z", np.tanh, z, out=kept)
        else:
            plan.op("", "max(0, z)", np.maximum, z, plan.const(0), out=kept)
        plan.op(name, f"{name} = {self.how}(W·(h, x, 1))", np.positive, kept, out=h)

    def _slopes(self, plan: Plan) -> None:
        h = plan.kept(self, "h")
        s = np.empty_like(h)
        if self.how == "tanh":
            plan.op("", "h²", np.multiply, h, h, out=s)
            plan.op("", "1 − h²", np.subtract, plan.const(1), s, out=s)
        else:
            plan.op("", "h > 0", np.greater, h, plan.const(0), out=s)
        plan.keep(self, slope=s)

    def _back(self, plan: Plan, t: int, D: Array, dh: Array) -> None:
        plan.op("", "δ·f′", np.multiply, dh, plan.kept(self, "slope")[t], out=D[t])


class LSTM(_Recurrent):
    """Rows of W: input, forget and output gate, then the candidate."""

    gates = 4

    def _prepare(self, plan: Plan, cat: Array) -> None:  # noqa: ARG002  # GRU wants cat
        n, B, T = self.n, plan.batch, self.steps
        # σ(z) = ½·tanh(z/2) + ½, so one tanh serves all four
        half = np.full((4 * n, 1), 0.5, dtype=plan.dtype)
        half[3 * n :] = 1
        shift = np.full((4 * n, 1), 0.5, dtype=plan.dtype)
        shift[3 * n :] = 0
        plan.keep(
            self, half=half, shift=shift, z=plan.buffer(4 * n, B), v=plan.buffer(T, 4 * n, B),
            c=plan.buffer(T + 1, n, B), tc=plan.buffer(T, n, B), s=plan.buffer(n, B),
        )  # fmt: skip

    def _step(self, plan: Plan, t: int, cat: Array, h: Array, name: str) -> None:
        n, z, s = self.n, plan.kept(self, "z"), plan.kept(self, "s")
        half, v, c = plan.kept(self, "half"), plan.kept(self, "v")[t], plan.kept(self, "c")
        tc = plan.kept(self, "tc")[t]
        plan.op("", "z = W·(h, x, 1)", np.dot, self.Wb, cat[t], out=z)
        plan.op("", "z/2 for gates", np.multiply, z, half, out=z)
        plan.op("", "tanh", np.tanh, z, out=z)
        plan.op("", "½·tanh", np.multiply, z, half, out=z)
        plan.op("", "i, f, o = σ(z), g = tanh(z)", np.add, z, plan.kept(self, "shift"), out=v)
        plan.op("", "i·g", np.multiply, v[:n], v[3 * n :], out=s)
        plan.op("", "f·c", np.multiply, v[n : 2 * n], c[t], out=c[t + 1])
        plan.op(f"c{self.k}@{t + 1}", "c ← f·c + i·g", np.add, c[t + 1], s, out=c[t + 1])
        plan.op("", "tanh c", np.tanh, c[t + 1], out=tc)
        plan.op(name, f"{name} = o·tanh c", np.multiply, v[2 * n : 3 * n], tc, out=h)

    def _slopes(self, plan: Plan) -> None:
        n, v, tc = self.n, plan.kept(self, "v"), plan.kept(self, "tc")
        slope, inner = np.empty_like(v), np.empty_like(tc)
        one = plan.const(1)
        plan.op("", "1 − σ", np.subtract, one, v[:, : 3 * n], out=slope[:, : 3 * n])
        plan.op("", "σ·(1 − σ)", np.multiply, slope[:, : 3 * n], v[:, : 3 * n], out=slope[:, : 3 * n])
        plan.op("", "g²", np.multiply, v[:, 3 * n :], v[:, 3 * n :], out=slope[:, 3 * n :])
        plan.op("", "1 − g²", np.subtract, one, slope[:, 3 * n :], out=slope[:, 3 * n :])
        plan.op("", "tanh²c", np.multiply, tc, tc, out=inner)
        plan.op("", "1 − tanh²c", np.subtract, one, inner, out=inner)
        plan.op("", "o·(1 − tanh²c)", np.multiply, inner, v[:, 2 * n : 3 * n], out=inner)
        dc = plan.buffer(n, plan.batch)
        plan.op("", "0", _zero, out=dc)
        plan.keep(self, slope=slope, inner=inner, dc=dc)

    def _back(self, plan: Plan, t: int, D: Array, dh: Array) -> None:
        n, v, c = self.n, plan.kept(self, "v")[t], plan.kept(self, "c")[t]
        dc, s, d = plan.kept(self, "dc"), plan.kept(self, "s"), D[t]
        plan.op("", "δ·o·(1 − tanh²c)", np.multiply, dh, plan.kept(self, "inner")[t], out=s)
        plan.op("", "∂L/∂c", np.add, dc, s, out=dc)
        plan.op("", "∂L/∂i", np.multiply, dc, v[3 * n :], out=d[:n])
        plan.op("", "∂L/∂f", np.multiply, dc, c, out=d[n : 2 * n])
        plan.op("", "∂L/∂o", np.multiply, dh, plan.kept(self, "tc")[t], out=d[2 * n : 3 * n])
        plan.op("", "∂L/∂g", np.multiply, dc, v[:n], out=d[3 * n :])
        plan.op("", "·slope", np.multiply, d, plan.kept(self, "slope")[t], out=d)
        plan.op("", "∂L/∂c before", np.multiply, dc, v[n : 2 * n], out=dc)


def _zero(out: Array) -> None:
    out.fill(0)


class GRU(_Recurrent):
    """Rows of W: reset and update gate of (h, x, 1); U of (h, 1) and V of (x, 1) make the
    candidate n = tanh(V·x + r·(U·h)); h ← (1 − u)·n + u·h."""

    gates = 3

    def blocks(self) -> list[Block]:
        n, f, k = self.n, self.fan, self.k
        return [
            Block(f"W{k}", (2 * n, n + f + 1), fan=(n + f, n)),
            Block(f"U{k}", (n, n + 1), fan=(n + f, n)),
            Block(f"V{k}", (n, f + 1), fan=(n + f, n)),
        ]

    def bind(self, params: Params, state: dict[str, Array]) -> None:
        super().bind(params, state)
        self.U, self.dU = params.view(f"U{self.k}"), params.grad_view(f"U{self.k}")
        self.V, self.dV = params.view(f"V{self.k}"), params.grad_view(f"V{self.k}")

    def _prepare(self, plan: Plan, cat: Array) -> None:
        n, B, T = self.n, plan.batch, self.steps
        plan.keep(
            self, z=plan.buffer(2 * n, B), v=plan.buffer(T, 2 * n, B), q=plan.buffer(T, n, B),
            cand=plan.buffer(T, n, B), s=plan.buffer(n, B), m=plan.buffer(n, B), cat=cat,
            hone=plan.buffer(T, n + 1, B, fill=1.0),
        )  # fmt: skip

    def _step(self, plan: Plan, t: int, cat: Array, h: Array, name: str) -> None:
        n, half = self.n, plan.const(0.5)
        z, s, m = (plan.kept(self, key) for key in ("z", "s", "m"))
        v, q = plan.kept(self, "v")[t], plan.kept(self, "q")[t]
        cand, hone = plan.kept(self, "cand")[t], plan.kept(self, "hone")[t]
        plan.copy(cat[t, :n], hone[:n])
        plan.op("", "z = W·(h, x, 1)", np.dot, self.Wb, cat[t], out=z)
        plan.op("", "z/2", np.multiply, z, half, out=z)
        plan.op("", "tanh z/2", np.tanh, z, out=z)
        plan.op("", "½·tanh", np.multiply, z, half, out=z)
        plan.op("", "r, u = σ(z)", np.add, z, half, out=v)
        plan.op("", "U·(h, 1)", np.dot, self.U, hone, out=m)
        plan.op("", "q", np.positive, m, out=q)
        plan.op("", "V·(x, 1)", np.dot, self.V, cat[t, n:], out=s)
        plan.op("", "r·q", np.multiply, v[:n], q, out=m)
        plan.op("", "V·x + r·q", np.add, s, m, out=s)
        plan.op("", "n = tanh(V·x + r·q)", np.tanh, s, out=cand)
        plan.op("", "h − n", np.subtract, cat[t, :n], cand, out=s)
        plan.op("", "u·(h − n)", np.multiply, s, v[n:], out=s)
        plan.op(name, f"{name} = n + u·(h − n)", np.add, cand, s, out=h)

    def _slopes(self, plan: Plan) -> None:
        v, cand = plan.kept(self, "v"), plan.kept(self, "cand")
        slope, inner, one = np.empty_like(v), np.empty_like(cand), plan.const(1)
        plan.op("", "1 − σ", np.subtract, one, v, out=slope)
        plan.op("", "σ·(1 − σ)", np.multiply, slope, v, out=slope)
        plan.op("", "n²", np.multiply, cand, cand, out=inner)
        plan.op("", "1 − n²", np.subtract, one, inner, out=inner)
        plan.keep(self, slope=slope, inner=inner, dq=np.empty_like(cand))

    def _back(self, plan: Plan, t: int, D: Array, dh: Array) -> None:
        """D holds ∂L/∂ of the r and u sums, then of the candidate's sum."""
        n, s, m = self.n, plan.kept(self, "s"), plan.kept(self, "m")
        v, q = plan.kept(self, "v")[t], plan.kept(self, "q")[t]
        cand, h, d = plan.kept(self, "cand")[t], plan.kept(self, "cat")[t, :n], D[t]
        plan.op("", "h − n", np.subtract, h, cand, out=s)
        plan.op("", "∂L/∂u", np.multiply, dh, s, out=d[n : 2 * n])
        plan.op("", "δ·u", np.multiply, dh, v[n:], out=m)
        plan.op("", "∂L/∂n = δ·(1 − u)", np.subtract, dh, m, out=d[2 * n :])
        plan.op("", "·(1 − n²)", np.multiply, d[2 * n :], plan.kept(self, "inner")[t],
                out=d[2 * n :])  # fmt: skip
        plan.op("", "∂L/∂r", np.multiply, d[2 * n :], q, out=d[:n])
        plan.op("", "·σ′", np.multiply, d[: 2 * n], plan.kept(self, "slope")[t], out=d[: 2 * n])
        plan.op("", "∂L/∂(U·h)", np.multiply, d[2 * n :], v[:n], out=plan.kept(self, "dq")[t])

    def _to_before(self, plan: Plan, t: int, D: Array, back: Array) -> None:
        n, dq = self.n, plan.kept(self, "dq")[t]
        h, x = plan.buffer(n + 1, plan.batch), plan.buffer(self.fan + 1, plan.batch)
        plan.op("", "Wᵀ·δ", np.dot, self.Wb.T, D[t, : 2 * n], out=back)
        plan.op("", "Uᵀ·δ", np.dot, self.U.T, dq, out=h)
        plan.op("", "sum", np.add, back[:n], h[:n], out=back[:n])
        plan.op("", "+ δ·u", np.add, back[:n], plan.kept(self, "m"), out=back[:n])
        plan.op("", "Vᵀ·δ", np.dot, self.V.T, D[t, 2 * n :], out=x)
        plan.op("", "sum", np.add, back[n:], x, out=back[n:])

    def _weights(self, plan: Plan, cat: Array, D: Array) -> None:
        n, k = self.n, self.k
        flat, seen = _side_by_side(plan, D), _side_by_side(plan, cat)
        hone = _side_by_side(plan, plan.kept(self, "hone"))
        dq = _side_by_side(plan, plan.kept(self, "dq"))
        plan.op(f"dW{k}", "Σ δ·(h, x, 1)ᵀ", np.dot, flat[: 2 * n], seen.T, out=self.dWb)
        plan.op(f"dU{k}", "Σ δ·(h, 1)ᵀ", np.dot, dq, hone.T, out=self.dU)
        plan.op(f"dV{k}", "Σ δ·(x, 1)ᵀ", np.dot, flat[2 * n :], seen[n:].T, out=self.dV)
