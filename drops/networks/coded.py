"""The figures that are programs as well: what each works out, as formulas over its knobs and parameters.

    neuron   →   z = w1·x1 + w2·x2 + b, a = relu(z)

A figure whose numbers were measured over many trainings, or read from a table of birds, is none: the line of
the Lab that measures it says more than a listing would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from drops.errors import DropsError
from drops.exercises.blocks import Figure, Show
from drops.exercises.formulas.reading import read_formula
from drops.exercises.formulas.tree import Undefined, Value
from drops.exercises.formulas.working_out import work_out
from drops.exercises.script import ScriptLines, write_program
from drops.networks.forward.net231 import engine
from drops.networks.forward.net231_figures import Example, example
from nnlab.out import one_pass

Params = Mapping[str, Any]
Formulas = Mapping[str, str]  # by name, each over what stands before it

CORNERS = "[0, 0, 1, 1]", "[0, 1, 0, 1]", "[0, 1, 1, 0]"  # x₁, x₂ and what is wanted of XOR


def _last_sum(params: Params) -> Formulas:
    net = example(params)
    products = " + ".join(f"({v})·h{j}" for j, v in enumerate(net.W2, 1))
    return {"yhat": f"{products} + ({net.b2})"}


def _squares(params: Params) -> Formulas:
    typed = ", ".join(f"p{i}" for i in range(1, len(params["y"]) + 1))
    means = {"mse": "mean(miss^2)", "mae": "mean(abs(miss))", "mean_miss": "mean(miss)"}
    return {"miss": f"[{typed}] − y"} | means


def _steps(params: Params) -> Formulas:
    """h after each step."""
    found, before = {}, "0"
    for i in range(1, len(params["x"]) + 1):
        found[f"h{i}"] = f"relu(w·x[{i}] + u·{before} + b)"
        before = f"h{i}"
    return found


def _bump(_: Params) -> Formulas:
    at = {"top": "t", "half": "t/2", "after": "2·t + 2"}  # from the first hinge on
    return {name: f"s·relu({x}) − 2·s·relu({x} − t) + s·third·relu({x} − 2·t)" for name, x in at.items()}


def _attended(params: Params) -> Formulas:
    words, q = range(1, len(params["keys"]) + 1), ", ".join(f"q{i}" for i in range(1, len(params["q"]) + 1))
    found = {f"score{i}": f"dot(keys[{i}], [{q}])/sqrt({len(params['q'])})" for i in words}
    total = " + ".join(f"exp(score{i})" for i in words)
    found |= {f"share{i}": f"exp(score{i})/({total})" for i in words}
    return found | {"out": " + ".join(f"share{i}·values[{i}]" for i in words)}


SUMS: Mapping[str, Formulas | Callable[[Params], Formulas]] = {
    "neuron": {"z": "w1·x1 + w2·x2 + b", "a": "relu(z)"},
    "line": {"x1_at": "−b/w1", "x2_at": "−b/w2"},
    "xor": {"right": f"sum(step(w1·{CORNERS[0]} + w2·{CORNERS[1]} + b) == {CORNERS[2]})"},
    "xor-hidden": {
        "sums": f"{CORNERS[0]} + {CORNERS[1]}", "h1": "step(sums + b1)", "h2": "step(sums + b2)",
        "right": f"sum(step(v[1]·h1 + v[2]·h2 + c) == {CORNERS[2]})",
    },
    "conveyor": {
        "z1": "w[1]·x + b[1]", "h1": "if(s1 > 0, relu(z1), z1)",
        "z2": "w[2]·h1 + b[2]", "h2": "if(s2 > 0, relu(z2), z2)", "y": "w[3]·h2 + b[3]",
    },
    "last-sum": _last_sum,
    "last-squash": {
        "number": "sum", "yes": "sigmoid(sum)", "all": "exp(sum) + exp(1) + exp(0.5)",
        "share1": "exp(sum)/all", "share2": "exp(1)/all", "share3": "exp(0.5)/all",
    },
    "squares": _squares,
    "bump": _bump,
    "first-loss": {"knowing nothing": "ln(classes)"},
    "step-share": {"share": "rate·gradient/weight"},
    "masks": {"use": "dot(h, w)"},
    "look-up": {"parameters": "count(table)"},
    "cosine": {"dot": "a[1]·x + a[2]·y", "cosine": "dot/(norm(a)·norm(x, y))"},
    "map-size": {"size": "floor((n + 2·p − k)/s) + 1"},
    "shared-price": {"shared": "o·(c·k·k + 1)", "dense": "o·(n − k + 1)^2·(c·n·n + 1)"},
    "shared-sum": {"dw1": "dot(x[1..4], d)", "dw2": "dot(x[2..5], d)"},
    "recurrence": _steps,
    "recurrent-price": {"held": "n·(n + f + 1)"},
    "fade": {"factor": "u·slope", "left": "factor^k"},
    "clip": {
        "long": "norm(g1, g2)", "times": "if(long > c, c/long, 1)", "first": "g1·times", "second": "g2·times",
    },
    "gate-price": {"RNN": "n·(n + f + 1)", "GRU": "3·n·(n + f + 1) + n", "LSTM": "4·n·(n + f + 1)"},
    "attend": _attended,
    "heads": {"each": "width/heads", "price": "4·width·(width + 1)"},
    "norm-row": {
        "moved": "row·times + shift", "mean": "mean(moved)", "spread": "spread(moved)",
        "first": "(moved[1] − mean)/sqrt(spread^2 + 0.00001)",
    },
    "chances": {
        "cat sleeps": "p·a", "cat near": "p·(1 − a)",
        "dogs sleep": "(1 − p)·b", "dogs near": "(1 − p)·(1 − b)",
    },
}  # fmt: skip


# ── passes through the net of three hidden units ──────────────────────────────────────────

HIDDEN = {f"{c}{j}": f"{c}1[{j}]" for j in (1, 2, 3) for c in "zh"}
BACK = {"L": "L", "g": "dyhat[1]"} | {f"dv{j}": f"dW2[1,{j}]" for j in (1, 2, 3)} | {
    f"dz{j}": f"dz1[{j}]" for j in (1, 2, 3)
} | {f"dw{j}{i}": f"dW1[{j},{i}]" for j in (1, 2, 3) for i in (1, 2)}  # fmt: skip


def _as_it_is(net: Example, _: Mapping[str, float]) -> Example:
    return net


def _other_bill(net: Example, v: Mapping[str, float]) -> Example:
    return replace(net, x=(v["x1"], v["x2"]))


def _other_net(net: Example, v: Mapping[str, float]) -> Example:
    W1 = ((net.W1[0][0], v["W1[1,2]"]), *net.W1[1:])
    b1, W2 = (net.b1[0], v["b1[2]"], net.b1[2]), (*net.W2[:2], v["W2[1,3]"])
    return replace(net, W1=W1, b1=b1, W2=W2)


Turned = Callable[[Example, Mapping[str, float]], Example]
# what the knobs turn, whether it goes back, and what is shown of the trace
PASSES: Mapping[str, tuple[Turned, bool, Mapping[str, str]]] = {
    "another-net": (_other_net, False, {"yhat": "yhat[1]"}),
    "hidden-layer": (_other_bill, False, HIDDEN),
    "prediction": (_other_bill, False, HIDDEN | {"yhat": "yhat[1]"}),
    "nudge": (_as_it_is, True, {"before": "L", "dw21": "dW1[2,1]"}),
    "backward": (lambda net, v: replace(net, y=v["y"]), True, BACK),
    "one-step": (_as_it_is, True, {"before": "L", "dv2": "dW2[1,2]"}),
}


# ── writing ───────────────────────────────────────────────────────────────────────────────


def with_code(name: str, params: Params, show: tuple[Show, ...]) -> tuple[Show, ...]:
    """What a figure shows, a program too where it is one of these."""
    if name not in SUMS and name not in PASSES:
        return show
    return tuple(
        replace(block, code=partial(_written, name, params, block)) if isinstance(block, Figure) else block
        for block in show
    )


def _written(name: str, params: Params, figure: Figure, at: Mapping[str, float]) -> str:
    if name in PASSES:
        return _passed(name, params, at)
    formulas = SUMS[name]
    return _summed(formulas(params) if callable(formulas) else formulas, params, figure, at)


def _passed(name: str, params: Params, at: Mapping[str, float]) -> str:
    turned, back, shown = PASSES[name]
    net = turned(example(params), at)
    made = one_pass(engine(net), net.x, net.y if back else None)
    called = {label: made.of(where) for label, where in shown.items()}
    return write_program(ScriptLines({}, (), made.lines, called), {}, [(label, label) for label in shown])


def _summed(formulas: Formulas, params: Params, figure: Figure, at: Mapping[str, float]) -> str:
    """The program of these formulas; one that has no value at this setting is left out."""
    given = dict(_values(params))
    given |= {knob.name: _setting(knob.settings, knob.low, at[knob.name]) for knob in figure.knobs}
    values, lines = dict(given), []
    for label, text in formulas.items():
        tree = read_formula(text)
        try:
            values[label] = work_out(tree, values)
        except (Undefined, KeyError):
            continue
        lines.append((label, tree))
    asked = [(label, label) for label, _ in lines if not isinstance(values[label], tuple)]
    if not asked:
        raise DropsError("there is no number at this setting, and so no program of it")
    return write_program(ScriptLines(given, tuple(lines)), values, asked)


def _setting(settings: Sequence[str], low: float, value: float) -> float:
    """What a place of a knob stands for: a number that it is called, else its place."""
    said = settings[round(value - low)].replace(",", "") if settings else ""
    try:
        return float(said)
    except ValueError:
        return value


def _values(params: Params) -> Iterator[tuple[str, Value]]:
    """The parameters that are numbers, or lists of them."""
    for name, value in params.items():
        if (found := _value(value)) is not None:
            yield name, found


def _value(value: Any) -> Value | None:
    if isinstance(value, bool | str):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, Sequence):
        items = [_value(item) for item in value]
        return None if None in items else tuple(items)  # type: ignore[arg-type]
    return None
