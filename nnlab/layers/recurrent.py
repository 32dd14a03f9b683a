"""Sequences: (steps, features) a sample, read one step at a time with the same weights.

    RNN: h ← tanh(W·(h, x, 1))        h = 0, x = 1, W = (.5, 1, 0)  →  h = tanh(1)

Gates as in torch: LSTM after Hochreiter & Schmidhuber 1997 (with a forget gate), GRU with the
reset inside the candidate (Cho et al. 2014, torch's form). Bias pairs of torch are summed here.
In a trace the state after step 2 is h1@2, its weighted sum z1@2.
"""
# ruff: noqa: ARG005  # a slope names all it is offered, like every other one

from dataclasses import replace

import numpy as np

from nnlab.activations import ACTIVATIONS
from nnlab.errors import LabError, either, setting, short
from nnlab.layers.core import Weighted
from nnlab.numbers import shown
from nnlab.params import Block, Params, Shape
from nnlab.plan import Array, Plan, Rows
from nnlab.terms import Term, tanh


class _Recurrent(Weighted):
    """What the kinds share. `sequence=True` gives every h, (steps, n), else the last, (n,)."""

    wants, axes, bends = "(steps, features)", 2, True
    gates = 1
    says: str  # how h is made

    def __init__(self, n: int, sequence: bool = False) -> None:
        super().__init__(n)
        self.sequence = either(f"{type(self).__name__}: sequence", sequence)

    def setup(self, shape: Shape) -> Shape:
        self.steps, self.fan = shape
        self.wide = self.n + self.fan + 1  # (h, x, 1)
        return (self.steps, self.n) if self.sequence else (self.n,)

    def blocks(self) -> list[Block]:
        return [Block(f"W{self.k}", (self.gates * self.n, self.wide), fan=(self.wide - 1, self.n))]

    order: tuple[int, ...] = (0,)  # torch's, of the gates

    def tensors(self) -> dict[str, Array]:
        Wb = self.Wb.reshape(self.gates, self.n, self.wide)[list(self.order)].reshape(-1, self.wide)
        return {
            "weight_ih_l0": Wb[:, self.n : -1], "weight_hh_l0": Wb[:, : self.n],
            "bias_ih_l0": Wb[:, -1], "bias_hh_l0": np.zeros_like(Wb[:, -1]),
        }  # fmt: skip

    def multiply_adds(self) -> int:
        return self.gates * self.n * (self.n + self.fan) * self.steps

    def forward(self, plan: Plan, x: Rows) -> Rows:
        T, n, B = self.steps, self.n, plan.batch
        out = plan.rows(self.gives, f"h{self.k}")
        seen = plan.buffer(T, self.wide, B, fill=1.0)  # (h before, x, 1) of every step
        seen[..., 0, :n, :] = 0
        plan.copy(x.seen, seen[..., n:-1, :])
        # of every step, or of the last one; a trace keeps them apart from what is handed on, since more
        # flows back to a step than to what left it
        hs = out.seen if self.sequence else out.value[..., None, :, :]
        hs = plan.buffer(T, n, B) if self.sequence and plan.taught else hs
        kept = self._room(plan)
        for t in range(T):
            last = t == T - 1
            name = f"h{self.k}" if last and not self.sequence else f"h{self.k}@{t + 1}"
            formula = f"{name} = {self.says}"
            after = hs[..., -1, :, :] if last else seen[..., t + 1, :n, :]
            now = Term(plan, seen[..., t, :, :], "(h, x, 1)")
            h = held(self._step(t, now, *kept), now[..., :n, :], t)
            if self.sequence and not last:
                h = h.into(hs[..., t, :, :], name, formula)
                plan.copy(h.array, after)
            else:
                h.into(after, name, formula)
        formula = f"{out.name} = every {out.name}@step, one below the other"
        if self.sequence and plan.taught:
            plan.copy(hs, out.seen, formula, name=out.name, seen=out)
        elif self.sequence:
            plan.show(out.name, formula, out)
        return out

    def _room(self, plan: Plan, **sizes: int) -> list[Term]:
        """What is kept of every step: slopes are computed from it for all steps at once."""
        T, B = self.steps, plan.batch
        return [Term(plan, plan.buffer(T, size, B, fill=1.0), key) for key, size in sizes.items()]

    def _sums(self, t: int, seen: Term) -> Term:
        """z of this step."""
        name = f"z{self.k}@{t + 1}"
        return self.weigh(seen).told(name, f"{name} = W{self.k}·(h, x, 1)")

    def _gates(self, t: int, z: Term, made: Term, names: str) -> list[Term]:
        """The gates one below the other, each with its name; the candidate g is a tanh."""
        parts = []
        for i, gate in enumerate(names):
            rows = slice(i * self.n, (i + 1) * self.n)
            part, squash = made[..., rows, :], ACTIVATIONS["tanh" if gate == "g" else "sigmoid"]
            name = part.text = f"{gate}{self.k}@{t + 1}"
            read = squash.read(z.array[..., rows, :])
            made.plan.show(name, f"{name} = {'tanh(z)' if gate == 'g' else 'σ(z)'}", part.array, shown(read))
            parts.append(part)
        return parts

    def _step(self, t: int, seen: Term, *kept: Term) -> Term:
        """From (h, x, 1) to the next h."""
        raise NotImplementedError


def held(now: Term, before: Term | None, t: int) -> Term:
    """The new state, or the one before where this step is padding (`Padding`); None is 0."""
    plan = now.plan
    if plan.real is None:
        return now
    real = Term(plan, plan.real[..., t, :, :], "real")
    return now * real if before is None else before + (now - before) * real


class RNN(_Recurrent):
    """h ← f(W·(h, x, 1)), f tanh or ReLU."""

    says = "f(z)"

    def __init__(self, n: int, how: str = "tanh", sequence: bool = False) -> None:
        super().__init__(n, sequence)
        if str(how) not in ("tanh", "relu"):
            raise LabError(f'RNN got the squash {short(how)}; it wants "tanh" or "relu"')
        self.how = str(how)

    def _step(self, t: int, seen: Term, *kept: Term) -> Term:  # noqa: ARG002  # nothing is kept
        z, squash = self._sums(t, seen), ACTIVATIONS[self.how]
        back, made = squash.back, squash.f(z)
        assert back is not None
        made.reading = squash.read(z.array)
        return made.sloped((z, lambda d, h: back(h, h, d)))


def _opened(start: float, gate: int, gates: int, n: int) -> tuple[float, ...] | None:
    """Where the biases of the gates start: those of one of them at `start`, the others at 0."""
    if start == 0:
        return None
    return (*(0.0,) * (gate * n), *(float(start),) * n, *(0.0,) * ((gates - 1 - gate) * n))


class LSTM(_Recurrent):
    """Rows of W: input, forget and output gate, then the candidate. `forget` is where the forget
    gate's biases start: at 0 it lets half of the cell go at every step, at 2 an eighth."""

    gates, says, order = 4, "o·tanh(c)", (0, 1, 3, 2)

    def __init__(self, n: int, sequence: bool = False, forget: float = 0.0) -> None:
        super().__init__(n, sequence)
        setting("LSTM", "forget", forget, "a finite number")
        self.forget, self.start = forget, _opened(forget, 1, 4, n)

    def blocks(self) -> list[Block]:
        return [replace(block, start=self.start) for block in super().blocks()]

    def _room(self, plan: Plan, **_: int) -> list[Term]:
        # σ(z) = ½·tanh(z/2) + ½, so one tanh serves all four; the candidate's is plain
        half = np.repeat([0.5, 1.0], [3 * self.n, self.n])[:, None].astype(plan.dtype)
        kept = super()._room(plan, gates=4 * self.n, c=self.n, tanh_c=self.n)
        forms = [Term(plan, a, "·") for a in (half, 1 - half, 2 * half - 1)]
        return [*kept, kept[0][..., 2 * self.n : 3 * self.n, :], *forms]

    def _step(self, t: int, seen: Term, *kept: Term) -> Term:
        gates, c, tanh_c, output, half, shift, plain = kept
        z = self._sums(t, seen)
        made = (tanh(z * half) * half + shift).into(gates[..., t, :, :])
        made.sloped((z, lambda d, h: d * ((1 - gates) * (gates + plain))[..., t, :, :]))
        i, f, o, g = self._gates(t, z, made, "ifog")
        before = c[..., t - 1, :, :] if t else None
        now = held(f * before + i * g if before else i * g, before, t)
        name = f"c{self.k}@{t + 1}"
        now = now.into(c[..., t, :, :], name, f"{name} = f·c + i·g")
        squashed = tanh(now).into(tanh_c[..., t, :, :])
        return (o * squashed).sloped(
            (o, lambda d, h: d * squashed),
            (now, lambda d, h: d * ((1 - tanh_c * tanh_c) * output)[..., t, :, :]),
        )


class GRU(_Recurrent):
    """Rows of W: reset and update gate of (h, x, 1); U of (h, 1) and V of (x, 1) make the
    candidate n = tanh(V·x + r·(U·h)); h ← (1 − u)·n + u·h. `keep` is where the update gate's
    biases start: at 0 half of h stays at every step, at 2 seven eighths."""

    gates, says = 3, "n + (h − n)·u"

    def __init__(self, n: int, sequence: bool = False, keep: float = 0.0) -> None:
        super().__init__(n, sequence)
        setting("GRU", "keep", keep, "a finite number")
        self.keep, self.start = keep, _opened(keep, 1, 2, n)

    def blocks(self) -> list[Block]:
        n, f, fan = self.n, self.fan, (self.wide - 1, self.n)
        return [
            Block(f"W{self.k}", (2 * n, n + f + 1), fan=fan, start=self.start),
            Block(f"U{self.k}", (n, n + 1), fan=fan),
            Block(f"V{self.k}", (n, f + 1), fan=fan),
        ]

    def bind(self, params: Params, state: dict[str, Array]) -> None:
        super().bind(params, state)
        self.U, self.V = params.view(f"U{self.k}"), params.view(f"V{self.k}")

    def tensors(self) -> dict[str, Array]:
        n, W, U, V = self.n, self.Wb, self.U, self.V
        return {
            "weight_ih_l0": np.concatenate([W[:, n:-1], V[:, :-1]]),
            "weight_hh_l0": np.concatenate([W[:, :n], U[:, :-1]]),
            "bias_ih_l0": np.concatenate([W[:, -1], V[:, -1]]),
            "bias_hh_l0": np.concatenate([np.zeros_like(W[:, -1]), U[:, -1]]),
        }

    def _room(self, plan: Plan, **_: int) -> list[Term]:
        return super()._room(plan, gates=2 * self.n, new=self.n, h1=self.n + 1)

    def _step(self, t: int, seen: Term, *kept: Term) -> Term:
        n, plan, before, x = self.n, seen.plan, seen[..., : self.n, :], seen[..., self.n :, :]
        U, V = Term(plan, self.U, f"U{self.k}"), Term(plan, self.V, f"V{self.k}")
        gates, new, h1 = kept
        before.into(h1[..., t, :n, :])
        z = self._sums(t, seen)
        soft = (tanh(z * 0.5) * 0.5 + 0.5).into(gates[..., t, :, :])
        soft.sloped((z, lambda d, h: d * ((1 - gates) * gates)[..., t, :, :]))
        r, u = self._gates(t, z, soft, "ru")
        name = f"s{self.k}@{t + 1}"
        s = (V.dot(x) + r * U.dot(h1[..., t, :, :])).told(name, f"{name} = V·(x, 1) + r·(U·(h, 1))")
        name = f"n{self.k}@{t + 1}"
        made = tanh(s).into(new[..., t, :, :], name, f"{name} = tanh(s)")
        made.sloped((s, lambda d, h: d * (1 - new * new)[..., t, :, :]))
        return (made + (before - made) * u).sloped(
            (made, lambda d, h: d * (1 - gates)[..., t, n:, :]),
            (before, lambda d, h: d * u),
            (u, lambda d, h: d * (before - made)),
        )
