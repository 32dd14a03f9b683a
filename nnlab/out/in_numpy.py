"""A training as a script in plain numpy, forward and backward written out. Rows come first there:
x is (n, features), the slope of v is dv."""

import re
from collections.abc import Callable
from typing import Any

from nnlab.layers import Activation, Dense, Dropout, Flatten, Layer
from nnlab.layers.attention import ScaledDotProduct, TokenDense
from nnlab.layers.conv import AvgPool, Conv2D, MaxPool
from nnlab.layers.norm import BatchNorm, Embedding, LayerNorm, Residual
from nnlab.layers.places import Pick, Position
from nnlab.layers.recurrent import GRU, LSTM, RNN
from nnlab.out.in_numpy_steps import GRU_LINES, LSTM_LINES, RNN_LINES, Lines
from nnlab.out.script import (
    Training,
    bias,
    epochs_of,
    generator,
    heading,
    leak,
    printer,
    rows_of,
    squash_named,
    start,
    whole,
)

SQUASHES: dict[str, tuple[str, str]] = {  # h of z, and dz from dh
    "linear": ("z", "dh"),
    "sigmoid": ("1 / (1 + np.exp(-z))", "dh * h * (1 - h)"),
    "tanh": ("np.tanh(z)", "dh * (1 - h * h)"),
    "relu": ("np.maximum(z, 0)", "dh * (z > 0)"),
    "leaky": ("np.where(z > 0, z, {leak} * z)", "dh * np.where(z > 0, 1, {leak})"),
    "elu": ("np.where(z > 0, z, np.expm1(np.minimum(z, 0)))", "dh * np.exp(np.minimum(z, 0))"),
    "gelu": ("z * below(z)", "dh * (below(z) + z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi))"),
    "gelu-tanh": ("z / 2 * (1 + bend(z))", "dh * (1 + bend(z) + z * (1 - bend(z) ** 2) * bend_slope(z)) / 2"),
    "silu": ("z / (1 + np.exp(-z))", "dh * (1 + z * np.exp(-z) / (1 + np.exp(-z))) / (1 + np.exp(-z))"),
    "softplus": ("np.logaddexp(0, z)", "dh / (1 + np.exp(-z))"),
    "softmax": ("shares(z)", "h * (dh - (dh * h).sum(axis=-1, keepdims=True))"),
}  # fmt: skip
FUNCTIONS = {
    "below(": """\
@np.vectorize
def below(z):
    return (1 + math.erf(z / math.sqrt(2))) / 2
""",
    "bend(": """\
def bend(z):
    return np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))


def bend_slope(z):
    return np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z * z)
""",
    "shares(": """\
def shares(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
""",
    "steadied(": """\
def steadied(x, axis, eps):
    spread = np.sqrt(x.var(axis=axis, keepdims=True) + eps)
    return (x - x.mean(axis=axis, keepdims=True)) / spread, spread


def steadied_back(d, hat, spread, axis):
    centred = d - d.mean(axis=axis, keepdims=True)
    return (centred - hat * (d * hat).mean(axis=axis, keepdims=True)) / spread
""",
    "patches(": """\
def patches(x, kernel, stride, padding):
    x = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    seen = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), axis=(2, 3))
    return seen[:, :, ::stride, ::stride]  # (n, channels, high, wide, kernel, kernel)


def patches_back(d, shape, stride, padding):
    n, c, high, wide = shape
    whole = np.zeros((n, c, high + 2 * padding, wide + 2 * padding))
    for i in range(d.shape[4]):
        for j in range(d.shape[5]):
            to = whole[:, :, i : i + stride * d.shape[2] : stride, j : j + stride * d.shape[3] : stride]
            to += d[:, :, :, :, i, j]
    return whole[:, :, padding : padding + high, padding : padding + wide]
""",
    "windows(": """\
def windows(x, size):
    n, c, high, wide = x.shape
    x = x[:, :, : high // size * size, : wide // size * size]
    x = x.reshape(n, c, high // size, size, wide // size, size).swapaxes(3, 4)
    return x.reshape(n, c, high // size, wide // size, size * size)


def windows_back(d, shape, size):
    whole = np.zeros(shape)
    n, c, high, wide, _ = d.shape
    d = d.reshape(n, c, high, wide, size, size).swapaxes(3, 4)
    whole[:, :, : high * size, : wide * size] = d.reshape(n, c, high * size, wide * size)
    return whole
""",
}


def _dense(y: Any, x: str, places: bool = False) -> Lines:
    k, z = y.k, f"z{y.k}"
    dW = f'np.einsum("nto,nti->oi", d{z}, {x})' if places else f"d{z}.T @ {x}"
    axis = "(0, 1)" if places else "0"
    return Lines(z, [f"{z} = {x} @ W{k}.T + b{k}"],
                   [f"dW{k} = {dW}", f"db{k} = d{z}.sum(axis={axis})"], [f"d{x} = d{z} @ W{k}"])  # fmt: skip


def _squash(y: Activation, x: str) -> Lines:
    h = f"h{y.k}" if x == f"z{y.k}" else f"h{y.place}_"  # a squash of a squash needs a name of its own
    forms = [form.format(leak=leak(y.how)) for form in squash_named(y, SQUASHES)]
    f, back = [_put(form, z=x, h=h, dh=f"d{h}") for form in forms]
    return Lines(h, [f"{h} = {f}"], [], [f"d{x} = {back}"])


def _put(form: str, **names: str) -> str:
    """Whole words of the form replaced."""
    return re.sub(r"[a-z]+(?![\w(.])", lambda word: names.get(word[0], word[0]), form)


def _norm(y: Any, x: str) -> Lines:
    out, at = f"norm{y.place}_", y.place
    axis = "-1" if isinstance(y, LayerNorm) else "(0, 2, 3)" if len(y.seen) == 3 else "0"
    over = "(0, 2, 3)" if len(y.seen) == 3 and isinstance(y, BatchNorm) else str(tuple(range(len(y.seen))))
    beside = ".reshape(-1, 1, 1)" if over == "(0, 2, 3)" else ""
    gamma = f"norm{at}[:, 0]{beside}"
    return Lines(
        out,
        [f"hat{at}, spread{at} = steadied({x}, {axis}, {y.eps})",
         f"{out} = hat{at} * {gamma} + norm{at}[:, 1]{beside}"],
        [f"dnorm{at} = np.stack([(d{out} * hat{at}).sum(axis={over}), d{out}.sum(axis={over})], axis=1)"],
        [f"d{x} = steadied_back(d{out} * {gamma}, hat{at}, spread{at}, {axis})"],
    )  # fmt: skip


def _dropout(y: Dropout, x: str) -> Lines:
    out, kept = f"drop{y.place}", f"kept{y.place}"
    size = f"{x}.shape[::-1]" if len(y.seen) < 3 else f"({x}[0].size, len({x}))"
    draw = f"(noise.random({size}).T.reshape({x}.shape) >= {y.p}) / {1 - y.p}"
    return Lines(out, [f"{kept} = {draw}", f"{out} = {x} * {kept}"], [], [f"d{x} = d{out} * {kept}"])


def _conv(y: Conv2D, x: str) -> Lines:
    k, z, c, s = y.k, f"z{y.k}", y.seen[0], y.kernel
    W, how = f"W{k}.reshape({y.n}, {c}, {s}, {s})", f"{y.stride}, {y.padding}"
    return Lines(
        z,
        [f"seen{k} = patches({x}, {s}, {how})",
         f'{z} = np.einsum("ocij,nchwij->nohw", {W}, seen{k}) + b{k}.reshape(-1, 1, 1)'],
        [f'dW{k} = np.einsum("nohw,nchwij->ocij", d{z}, seen{k}).reshape({y.n}, -1)',
         f"db{k} = d{z}.sum(axis=(0, 2, 3))"],
        [f'd{x} = patches_back(np.einsum("nohw,ocij->nchwij", d{z}, {W}), {x}.shape, {how})'],
    )  # fmt: skip


def _pool(y: Any, x: str) -> Lines:
    out, at, size = f"pool{y.place}", f"seen{y.place}_", y.size
    if isinstance(y, AvgPool):
        back = f"np.repeat(d{out}[..., None] / {size**2}, {size**2}, axis=-1)"
        return Lines(out, [f"{out} = windows({x}, {size}).mean(axis=-1)"], [],
                       [f"d{x} = windows_back({back}, {x}.shape, {size})"])  # fmt: skip
    first = f"np.arange({size**2}) == {at}.argmax(axis=-1)[..., None]"
    return Lines(out, [f"{at} = windows({x}, {size})", f"{out} = {at}.max(axis=-1)"], [],
                   [f"d{x} = windows_back(d{out}[..., None] * ({first}), {x}.shape, {size})"])  # fmt: skip


def _attention(y: ScaledDotProduct, x: str) -> Lines:
    at, T, h = y.place, y.steps, y.heads
    out, d = f"mix{at}", y.width // y.heads
    mask = f" + np.triu(np.full(({T}, {T}), -np.inf), 1)" if y.causal else ""
    return Lines(
        out,
        [f"q{at}, k{at}, v{at} = {x}.reshape(-1, {T}, 3, {h}, {d}).transpose(2, 0, 3, 1, 4)",
         f"shares{at} = shares(q{at} @ k{at}.swapaxes(-1, -2) / np.sqrt({d}){mask})",
         f"{out} = (shares{at} @ v{at}).swapaxes(1, 2).reshape(-1, {T}, {y.width})"],
        [],
        [f"dmixed = d{out}.reshape(-1, {T}, {h}, {d}).swapaxes(1, 2)",
         f"dshares = dmixed @ v{at}.swapaxes(-1, -2)",
         f"dscores = dshares - (dshares * shares{at}).sum(axis=-1, keepdims=True)",
         f"dscores = dscores * shares{at} / np.sqrt({d})",
         f"dqkv = [dscores @ k{at}, dscores.swapaxes(-1, -2) @ q{at}, shares{at}.swapaxes(-1, -2) @ dmixed]",
         f"d{x} = np.stack(dqkv).transpose(1, 3, 0, 2, 4).reshape({x}.shape)"],
    )  # fmt: skip


def _embedding(y: Embedding, x: str) -> Lines:
    k, z = y.k, f"z{y.k}"
    back = [f"dW{k} = np.zeros_like(W{k})", f"np.add.at(dW{k}, {x}.astype(int), d{z})"]
    return Lines(z, [f"{z} = W{k}[{x}.astype(int)]"], back, [])


def _position(y: Position, x: str) -> Lines:
    out, p = f"at{y.place}", f"position{y.place}"
    if y.how == "learned":
        return Lines(out, [f"{out} = {x} + {p}"], [f"d{p} = d{out}.sum(axis=0)"], [f"d{x} = d{out}"])
    places, width = y.seen
    turns = f"np.arange({places})[:, None] / 10_000 ** (np.arange({width}) // 2 * 2 / {width})"
    waves = f"np.where(np.arange({width}) % 2, np.cos(turns), np.sin(turns))"
    return Lines(out, [f"turns = {turns}", f"{out} = {x} + {waves}"], [], [f"d{x} = d{out}"])


def _pick(y: Pick, x: str) -> Lines:
    out, places = f"place{y.place}", y.seen[0]
    if y.which == "mean":
        back = f"np.repeat(d{out}[:, None] / {places}, {places}, axis=1)"
        return Lines(out, [f"{out} = {x}.mean(axis=1)"], [], [f"d{x} = {back}"])
    at = {"first": 0, "last": places - 1}.get(str(y.which))
    at = int(y.which) - 1 if at is None else at
    back_lines = [f"d{x} = np.zeros_like({x})", f"d{x}[:, {at}] = d{out}"]
    return Lines(out, [f"{out} = {x}[:, {at}]"], [], back_lines)


LAYERS: dict[type[Layer], Callable[[Any, str], Lines]] = {
    Dense: _dense,
    TokenDense: lambda y, x: _dense(y, x, places=True),
    Activation: _squash,
    Flatten: lambda y, x: Lines(
        f"flat{y.place}", [f"flat{y.place} = {x}.reshape(len({x}), -1)"], [],
        [f"d{x} = dflat{y.place}.reshape({x}.shape)"]),
    Dropout: _dropout,
    BatchNorm: _norm,
    LayerNorm: _norm,
    Conv2D: _conv,
    MaxPool: _pool,
    AvgPool: _pool,
    Embedding: _embedding,
    Position: _position,
    Pick: _pick,
    ScaledDotProduct: _attention,
    RNN: RNN_LINES,
    LSTM: LSTM_LINES,
    GRU: GRU_LINES,
}  # fmt: skip


def _chain(layers: list[Layer], x: str) -> tuple[list[str], list[str], str]:
    """Lines of all forward, of all backward, and what the last one is called. The slope of the
    rows themselves is nobody's."""
    forward: list[str] = []
    backward: list[str] = []
    for layer in layers:
        made = printer(layer, LAYERS, "numpy")(layer, x)
        forward += made.forward
        backward = made.slopes + ([] if x == "x" else made.back) + backward
        x = made.out
    return forward, backward, x


def _around(y: Residual, x: str) -> Lines:
    out = f"res{y.place}"
    forward, backward, last = _chain(list(y.inner), x)
    slopes = [f"d{last} = d{out}", *backward]
    return Lines(out, [*forward, f"{out} = {x} + {last}"], slopes, [f"d{x} = d{x} + d{out}"])


LAYERS[Residual] = _around

LOSS: dict[str, tuple[str, str]] = {  # of every number, and its slope
    "mse": ("(out - t) ** 2", "2 * (out - t)"),
    "mae": ("np.abs(out - t)", "np.sign(out - t)"),
    "huber": ("np.where(np.abs(out - t) <= 1, (out - t) ** 2 / 2, np.abs(out - t) - 0.5)",
              "np.clip(out - t, -1, 1)"),
    "bce": ("np.logaddexp(0, out) - t * out", "1 / (1 + np.exp(-out)) - t"),
    "ce": ("np.log(np.exp(high).sum(axis=-1, keepdims=True)) - (high * t).sum(axis=-1, keepdims=True)",
           "np.exp(high) / np.exp(high).sum(axis=-1, keepdims=True) - t"),
}  # fmt: skip
LOSS["bce-logits"] = LOSS["bce"]


def loss_lines(training: Training, out: str) -> list[str]:
    net, (each, slope) = training.net, LOSS[training.loss]
    lines = [f"out = {out}"]
    labels = "t"
    if net.loss_kind.labels:
        smooth, classes = net.loss_kind.smoothing, net.output[-1]
        spread = f" * {1 - smooth} + {smooth / classes}" if smooth else ""
        lines.append(f"labels, t = t, np.eye({classes})[t]{spread}")
        lines.append("high = out - out.max(axis=-1, keepdims=True)")
        labels = "labels[..., None]"
    if net.class_weight is not None:
        lines.append(f"w = np.array({net.class_weight.tolist()})[{labels}.astype(int)]")
        return [*lines, f"loss = (w * ({each})).sum() / w.sum()", f"d{out} = w / w.sum() * ({slope})"]
    count = "(out.size // out.shape[-1])" if net.loss_kind.labels else "out.size"
    return [*lines, f"loss = ({each}).mean()", f"d{out} = ({slope}) / {count}"]


def _rule(training: Training, params: list[str], weights: list[str]) -> tuple[list[str], list[str]]:
    """What is made once, and the lines of a step."""
    net, r = training.net, training.rule
    step = [f"slopes = [{', '.join(f'd{p}' for p in params)}]"]
    beside = "zip(slopes, params, weights)"
    pulled = f"[{', '.join(str(p in weights) for p in params)}]"
    if net.settings.l2:
        step.append(f"slopes = [g + {net.settings.l2} * p * pulled for g, p, pulled in {beside}]")
    if net.settings.l1:
        step.append(f"slopes = [g + {net.settings.l1} * np.sign(p) * pulled for g, p, pulled in {beside}]")
    if r.clip is not None:
        step.append("norm = np.sqrt(sum((g * g).sum() for g in slopes))")
        step.append(f"slopes = [g * min(1, {r.clip} / (norm + 1e-6)) for g in slopes]")
    if r.decay:
        step += ["for p, pulled in zip(params, weights):", f"    p -= lr * {r.decay} * p * pulled"]
    once = [f"params = [{', '.join(params)}]"]
    once += [f"weights = {pulled}"] if net.settings.l1 or net.settings.l2 or r.decay else []
    zeros = "[np.zeros_like(p) for p in params]"
    kind: Any = r
    match r.name:
        case "adam" | "adamw":
            once += [f"m, v, count = {zeros}, {zeros}, 0"]
            step += [
                "count += 1",
                "for i, (p, g) in enumerate(zip(params, slopes)):",
                f"    m[i] = {kind.beta1} * m[i] + (1 - {kind.beta1}) * g",
                f"    v[i] = {kind.beta2} * v[i] + (1 - {kind.beta2}) * g * g",
                f"    right, wide = 1 - {kind.beta1} ** count, 1 - {kind.beta2} ** count",
                f"    p -= lr * (m[i] / right) / (np.sqrt(v[i] / wide) + {kind.eps})",
            ]
        case "rmsprop":
            once += [f"s = {zeros}"]
            step += [
                "for i, (p, g) in enumerate(zip(params, slopes)):",
                f"    s[i] = {kind.alpha} * s[i] + (1 - {kind.alpha}) * g * g",
                f"    p -= lr * g / (np.sqrt(s[i]) + {kind.eps})",
            ]
        case _ if kind.momentum:
            once += [f"v = {zeros}"]
            ahead = f"g + {kind.momentum} * v[i]" if kind.nesterov else "v[i]"
            step += [
                "for i, (p, g) in enumerate(zip(params, slopes)):",
                f"    v[i] = {kind.momentum} * v[i] + g",
                f"    p -= lr * ({ahead})",
            ]
        case _:
            step += ["for p, g in zip(params, slopes):", "    p -= lr * g"]
    return once, step


def in_numpy(training: Training) -> str:
    net = training.net
    forward, backward, out = _chain(training.layers, "x")
    params = [name for block in net.params.blocks for name in [block.name, *[bias(block)] * block.bias]]
    weights = [block.name for block in net.params.blocks if block.decays]
    once, update = _rule(training, params, weights)
    step = ["x, t = X[rows], y[rows]", *forward, *loss_lines(training, out), *backward, *update]
    used = "\n".join(step)
    functions = [text for name, text in FUNCTIONS.items() if name in used]
    wanted = "y" if net.loss_kind.labels else f"y.reshape(len(y), {', '.join(map(str, net.output))})"
    return whole([
        *heading(training, "numpy"),
        "import math", "", "import numpy as np", "", "",
        *[line for text in functions for line in [*text.splitlines(), "", ""]],
        *rows_of(training), "", *start(training), "",
        *([f"noise = {generator('noise', net.settings.seed)}"] if "noise." in used else []),
        *once,
        f"X, y = np.asarray(X, float), {wanted}",
        *epochs_of(training, step, "float(loss)"),
    ])  # fmt: skip
