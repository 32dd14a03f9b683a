"""A training as a script in torch. Its net is an nn.Sequential whose parameters have the names and
shapes of `net.tensors()`."""

from collections.abc import Callable
from typing import Any

from nnlab.layers import Activation, Dense, Dropout, Flatten, Layer
from nnlab.layers.attention import ScaledDotProduct, TokenDense
from nnlab.layers.conv import AvgPool, Conv2D, MaxPool
from nnlab.layers.norm import BatchNorm, Embedding, LayerNorm, Residual
from nnlab.layers.places import Pick, Position
from nnlab.layers.recurrent import GRU, LSTM, RNN
from nnlab.out.script import (
    Training,
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

SQUASHES = {
    "linear": "nn.Identity()", "sigmoid": "nn.Sigmoid()", "tanh": "nn.Tanh()", "relu": "nn.ReLU()",
    "leaky": "nn.LeakyReLU({leak})", "elu": "nn.ELU()", "gelu": "nn.GELU()",
    "gelu-tanh": 'nn.GELU(approximate="tanh")', "silu": "nn.SiLU()", "softplus": "nn.Softplus()",
    "softmax": "nn.Softmax(dim=-1)",
}  # fmt: skip

# Modules that torch has not, or has with two biases where one does.
CLASSES = {
    "Residual": """\
class Residual(nn.Module):
    def __init__(self, *inner):
        super().__init__()
        self.inner = nn.Sequential(*inner)

    def forward(self, x):
        return x + self.inner(x)
""",
    "Attention": """\
class Attention(nn.Module):
    def __init__(self, heads, causal):
        super().__init__()
        self.heads, self.causal = heads, causal

    def forward(self, x):  # q, k and v side by side
        n, steps, width = x.shape
        q, k, v = x.reshape(n, steps, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return mixed.transpose(1, 2).reshape(n, steps, width // 3)
""",
    "Position": """\
class Position(nn.Module):
    def __init__(self, places, width):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(places, width))

    def forward(self, x):
        return x + self.weight
""",
    "Waves": """\
class Waves(nn.Module):
    def __init__(self, places, width):
        super().__init__()
        at = torch.arange(places)[:, None] / 10_000 ** (torch.arange(width) // 2 * 2 / width)
        self.waves = torch.where(torch.arange(width) % 2 == 1, torch.cos(at), torch.sin(at))

    def forward(self, x):
        return x + self.waves
""",
    "Pick": """\
class Pick(nn.Module):
    def __init__(self, which):
        super().__init__()
        self.which = which

    def forward(self, x):
        return x.mean(dim=1) if self.which == "mean" else x[:, self.which]
""",
    "Dropout": """\
class Dropout(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        size = x.shape[::-1] if x.ndim < 4 else (x[0].numel(), len(x))
        drawn = noise.random(size)  # one number for each of x, a row's in the last axis
        kept = torch.tensor(drawn.T.reshape(x.shape) >= self.p)
        return x * kept / (1 - self.p)
""",
    "Tokens": """\
class Tokens(nn.Embedding):
    def forward(self, x):
        return super().forward(x.long())
""",
    "RNN": """\
class RNN(nn.RNN):
    def __init__(self, features, n, every, how):
        super().__init__(features, n, batch_first=True, nonlinearity=how)
        self.every = every
        self.bias_hh_l0.requires_grad_(False)  # one bias does

    def forward(self, x):
        h = super().forward(x)[0]
        return h if self.every else h[:, -1]
""",
    "LSTM": """\
class LSTM(nn.LSTM):
    def __init__(self, features, n, every):
        super().__init__(features, n, batch_first=True)
        self.every = every
        self.bias_hh_l0.requires_grad_(False)  # one bias does

    def forward(self, x):
        h = super().forward(x)[0]
        return h if self.every else h[:, -1]
""",
    "GRU": """\
class GRU(nn.GRU):
    def __init__(self, features, n, every):
        super().__init__(features, n, batch_first=True)
        self.every = every
        only = torch.cat([torch.zeros(2 * n), torch.ones(n)])  # one bias does, but for the candidate
        self.bias_hh_l0.register_hook(lambda slope: slope * only)

    def forward(self, x):
        h = super().forward(x)[0]
        return h if self.every else h[:, -1]
""",
}

Printed = tuple[str, dict[str, str]]  # a module, and what each of its parameters starts from
LINEAR = {"weight": "W{k}", "bias": "b{k}"}


def _recurrent(y: Any) -> Printed:
    n, gates = y.n, {"RNN": "", "LSTM": "[[0, 1, 3, 2]]", "GRU": ""}[type(y).__name__]
    how = f', "{y.how}"' if isinstance(y, RNN) else ""
    turn = f".reshape(4, {n}, -1){gates}.reshape({4 * n}, -1)" if gates else ""
    W, b = f"W{{k}}{turn}", f"b{{k}}{turn}" + ("[:, 0]" if turn else "")
    return f"{type(y).__name__}({y.fan}, {n}, {y.sequence}{how})", {
        "weight_ih_l0": f"{W}[:, {n}:]", "weight_hh_l0": f"{W}[:, :{n}]", "bias_ih_l0": b,
        "bias_hh_l0": f"np.zeros({y.gates * n})",
    }  # fmt: skip


def _gru(y: GRU) -> Printed:
    n = y.n
    return f"GRU({y.fan}, {n}, {y.sequence})", {
        "weight_ih_l0": f"np.concatenate([W{{k}}[:, {n}:], V{{k}}])",
        "weight_hh_l0": f"np.concatenate([W{{k}}[:, :{n}], U{{k}}])",
        "bias_ih_l0": "np.concatenate([b{k}, bV{k}])",
        "bias_hh_l0": f"np.concatenate([np.zeros({2 * n}), bU{{k}}])",
    }


def _norm(call: str) -> Callable[[Any], Printed]:
    return lambda y: (call.format(y=y, shape="2" if len(y.seen) == 3 else "1"), {
        "weight": "norm{place}[:, 0]", "bias": "norm{place}[:, 1]"})  # fmt: skip


def _conv(y: Conv2D) -> Printed:
    c = y.seen[0]
    call = f"nn.Conv2d({c}, {y.n}, {y.kernel}, {y.stride}, {y.padding})"
    return call, {"weight": f"W{{k}}.reshape({y.n}, {c}, {y.kernel}, {y.kernel})", "bias": "b{k}"}


def _pick(y: Pick) -> Printed:
    at = {"first": 0, "last": -1, "mean": '"mean"'}.get(str(y.which))
    return f"Pick({int(y.which) - 1 if at is None else at})", {}


MODULES: dict[type[Layer], Callable[[Any], Printed]] = {
    Dense: lambda y: (f"nn.Linear({y.fan}, {y.n})", LINEAR),
    TokenDense: lambda y: (f"nn.Linear({y.fan}, {y.n})", LINEAR),
    Activation: lambda y: (squash_named(y, SQUASHES).format(leak=leak(y.how)), {}),
    Flatten: lambda _: ("nn.Flatten()", {}),
    Dropout: lambda y: (f"Dropout({y.p})", {}),
    BatchNorm: _norm("nn.BatchNorm{shape}d({y.units}, {y.eps}, {y.momentum})"),
    LayerNorm: _norm("nn.LayerNorm({y.units}, {y.eps})"),
    Conv2D: _conv,
    MaxPool: lambda y: (f"nn.MaxPool2d({y.size})", {}),
    AvgPool: lambda y: (f"nn.AvgPool2d({y.size})", {}),
    Embedding: lambda y: (f"Tokens({y.size}, {y.width})", {"weight": "W{k}"}),
    Position: lambda y: (
        (f"Position{y.seen}", {"weight": "position{place}"}) if y.how == "learned" else (f"Waves{y.seen}", {})
    ),
    Pick: _pick,
    ScaledDotProduct: lambda y: (f"Attention({y.heads}, {y.causal})", {}),
    RNN: _recurrent,
    LSTM: _recurrent,
    GRU: _gru,
    Residual: lambda _: ("", {}),  # printed with what is inside
}


def module(layer: Layer, under: str) -> tuple[list[str], dict[str, str]]:
    """Lines that make a layer, and where each of its parameters starts."""
    if isinstance(layer, Residual):
        lines, begins = ["Residual("], dict[str, str]()
        for i, one in enumerate(layer.inner):
            inner, own = module(one, f"{under}inner.{i}.")
            lines += [f"    {line}" for line in inner]
            begins |= own
        return [*lines, "),"], begins
    call, begins = printer(layer, MODULES, "torch")(layer)
    named = {f"{under}{name}": begin.format(k=layer.k, place=layer.place) for name, begin in begins.items()}
    return [f"{call},"], named


LOSS = {
    "mse": "F.mse_loss(out, t{weight})", "mae": "F.l1_loss(out, t{weight})",
    "huber": "F.huber_loss(out, t{weight})",
    "bce": "F.binary_cross_entropy_with_logits(out, t{weight})",
    "bce-logits": "F.binary_cross_entropy_with_logits(out, t{weight})",
    "ce": "F.cross_entropy(out.flatten(0, -2), t.flatten(){weight}{smooth})",
}  # fmt: skip
RULES = {
    "sgd": "torch.optim.SGD(net.parameters(), lr={r.lr}, momentum={r.momentum}, nesterov={r.nesterov})",
    "rmsprop": "torch.optim.RMSprop(net.parameters(), lr={r.lr}, alpha={r.alpha}, eps={r.eps})",
    "adam": "torch.optim.Adam(net.parameters(), lr={r.lr}, betas=({r.beta1}, {r.beta2}), eps={r.eps})",
}
RULES |= {"momentum": RULES["sgd"], "nesterov": RULES["sgd"], "adamw": RULES["adam"]}


def loss_line(training: Training) -> list[str]:
    net, loss = training.net, LOSS[training.loss]
    smooth = f", label_smoothing={net.loss_kind.smoothing}" if net.loss_kind.smoothing else ""
    if net.class_weight is None:
        return [f"loss = {loss.format(weight='', smooth=smooth)}"]
    each = loss.format(weight=', reduction="none"', smooth=smooth)  # a weighted mean of them
    labels = "t.flatten()" if net.loss_kind.labels else "t.long()"
    weights = f"w = torch.tensor({net.class_weight.tolist()})[{labels}]"
    return [weights, f"loss = (w * {each}).sum() / w.sum()"]


def in_torch(training: Training) -> str:
    net, rule = training.net, training.rule
    lines, begins = ["net = nn.Sequential("], dict[str, str]()
    for i, layer in enumerate(training.layers):
        made, own = module(layer, f"{i}.")
        lines += [f"    {line}" for line in made]
        begins |= own
    lines.append(")")
    wanted = "y" if net.loss_kind.labels else f"y.reshape(len(y), {', '.join(map(str, net.output))})"
    decaying = [name for name in begins if _decays(net, begins[name])]
    classes = [text for name, text in CLASSES.items() if any(f"{name}(" in line for line in lines)]
    step = ["x, t = X[rows], y[rows]", "out = net(x)", *loss_line(training)]
    step += ["rule.zero_grad()", "loss.backward()"]
    if net.settings.l1 or net.settings.l2:
        step += ["with torch.no_grad():", "    for p in weights:"]
        step += [f"        p.grad += {net.settings.l2} * p"] * bool(net.settings.l2)
        step += [f"        p.grad += {net.settings.l1} * p.sign()"] * bool(net.settings.l1)
    if rule.clip is not None:
        step.append(f"nn.utils.clip_grad_norm_(net.parameters(), {rule.clip})")
    if rule.decay:
        step += ["with torch.no_grad():", "    for p in weights:", f"        p *= 1 - lr * {rule.decay}"]
    if rule.schedule is not None:
        step.append('rule.param_groups[0]["lr"] = lr')
    step.append("rule.step()")
    dropped = any("Dropout(" in line for line in lines)
    return whole([
        *heading(training, "torch"),
        "import math", "", "import numpy as np", "import torch", "import torch.nn.functional as F",
        "from torch import nn", "", "torch.set_default_dtype(torch.float64)", "", "",
        *[line for text in classes for line in [*text.splitlines(), "", ""]],
        *rows_of(training), "", *start(training), "",
        *([f"noise = {generator('noise', net.settings.seed)}"] if dropped else []),
        *lines,
        "net.load_state_dict({",
        *[f'    "{name}": torch.tensor({begin}),' for name, begin in begins.items()],
        "}, strict=False)" if any("BatchNorm" in line for line in lines) else "})",
        *([f"weights = [p for name, p in net.named_parameters() if name in {decaying}]"] if decaying else []),
        f"rule = {RULES[rule.name].format(r=rule)}",
        "", f"X, y = torch.tensor(X, dtype=torch.float64), torch.tensor({wanted}).{_as_of(training)}",
        *epochs_of(training, step, "loss.item()"),
    ])  # fmt: skip


def _as_of(training: Training) -> str:
    return "long()" if training.net.loss_kind.labels else "double()"


def _decays(net: Any, begin: str) -> bool:
    """Whether what starts from this block is a weight that penalties pull at."""
    name = begin.removeprefix("np.concatenate([").split(".")[0].split("[")[0]
    return any(block.name == name and block.decays for block in net.params.blocks)
