"""Recurrent layers in plain numpy: a loop over the steps, and one back."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Lines:
    """Lines of one layer: forward, the slopes of its parameters, and the slope of what came in."""

    out: str
    forward: list[str]
    slopes: list[str]
    back: list[str]


def _around(y: Any, x: str, keep: list[str], once: list[str], step: list[str], back: list[str]) -> Lines:
    """The two loops; `step` reads `h` and `x[:, t]` and keeps what `back` needs."""
    k, T = y.k, y.steps
    out, kept = f"h{k}_", f"past{k}"
    names = ", ".join(keep)
    forward = [
        f"{kept} = []",
        f"h = np.zeros((len({x}), {y.n}))",
        *once,
        f"for step in {x}.swapaxes(0, 1):",
        *[f"    {line}" for line in step],
        f"    {kept}.append(({names}))",
        f"{out} = np.stack([one[-1] for one in {kept}], axis=1)" if y.sequence else f"{out} = h",
    ]
    blocks = [block.name for block in y.blocks()]
    slopes = [
        *[f"d{name} = np.zeros_like({name})" for block in blocks for name in (block, _bias(block))],
        f"d{x} = np.zeros_like({x})" if x != "x" else "dx = np.zeros_like(x)",
        f"dh = np.zeros((len({x}), {y.n}))" if y.sequence else f"dh = d{out}",
        *(["dc = 0"] if once else []),
        f"for t in reversed(range({T})):",
        f"    {names} = {kept}[t]",
        *([f"    dh = dh + d{out}[:, t]"] if y.sequence else []),
        *[f"    {line}" for line in back],
    ]
    return Lines(out, forward, slopes, [])


def _bias(block: str) -> str:
    return f"b{block[1:]}" if block[0] == "W" else f"b{block}"


def RNN_LINES(y: Any, x: str) -> Lines:  # noqa: N802  # a row of the table
    k, n = y.k, y.n
    squash, slope = ("np.tanh(z)", "1 - h * h") if y.how == "tanh" else ("np.maximum(z, 0)", "h > 0")
    return _around(
        y, x, ["seen", "h"], [],
        ["seen = np.concatenate([h, step], axis=1)", f"z = seen @ W{k}.T + b{k}", f"h = {squash}"],
        [f"dz = dh * ({slope})", *_weights(k, "dz", "seen"), f"dseen = dz @ W{k}",
         f"dh, d{x}[:, t] = dseen[:, :{n}], dseen[:, {n}:]"],
    )  # fmt: skip


def _weights(k: int, d: str, seen: str, name: str = "W") -> list[str]:
    block = f"{name}{k}"
    return [f"d{block} += {d}.T @ {seen}", f"d{_bias(block)} += {d}.sum(axis=0)"]


def LSTM_LINES(y: Any, x: str) -> Lines:  # noqa: N802  # as RNN_LINES
    k, n = y.k, y.n
    return _around(
        y, x, ["seen", "i", "f", "o", "g", "before", "c", "h"], [f"c = np.zeros((len({x}), {n}))"],
        ["seen = np.concatenate([h, step], axis=1)",
         f"i, f, o, g = np.split(seen @ W{k}.T + b{k}, 4, axis=1)",
         "i, f, o, g = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o)), np.tanh(g)",
         "before, c = c, f * c + i * g",
         "h = o * np.tanh(c)"],
        ["dc = dc + dh * o * (1 - np.tanh(c) ** 2)",
         "do = dh * np.tanh(c)",
         "parts = [dc * g * i * (1 - i), dc * before * f * (1 - f), do * o * (1 - o), dc * i * (1 - g * g)]",
         "dz = np.concatenate(parts, axis=1)", *_weights(k, "dz", "seen"),
         "dc = dc * f",
         f"dseen = dz @ W{k}",
         f"dh, d{x}[:, t] = dseen[:, :{n}], dseen[:, {n}:]"],
    )  # fmt: skip


def GRU_LINES(y: Any, x: str) -> Lines:  # noqa: N802  # as RNN_LINES
    k, n = y.k, y.n
    return _around(
        y, x, ["seen", "r", "u", "inner", "new", "h"], [],
        ["seen = np.concatenate([h, step], axis=1)",
         f"r, u = np.split(1 / (1 + np.exp(-(seen @ W{k}.T + b{k}))), 2, axis=1)",
         f"inner = h @ U{k}.T + bU{k}",
         f"new = np.tanh(step @ V{k}.T + bV{k} + r * inner)",
         "h = new + (h - new) * u"],
        [f"before, inside = seen[:, :{n}], seen[:, {n}:]",
         "ds = dh * (1 - u) * (1 - new * new)",
         "dz = np.concatenate([ds * inner * r * (1 - r), dh * (before - new) * u * (1 - u)], axis=1)",
         *_weights(k, "dz", "seen"),
         *_weights(k, "(ds * r)", "before", "U"),
         *_weights(k, "ds", "inside", "V"),
         f"dseen = dz @ W{k}",
         f"dh, d{x}[:, t] = dh * u + dseen[:, :{n}] + (ds * r) @ U{k}, dseen[:, {n}:] + ds @ V{k}"],
    )  # fmt: skip
