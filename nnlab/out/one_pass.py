"""One row through a net, forward and where it has a target back, as lines of plain numpy.

    made = one_pass(net, [1, 2], 0.5)
    made.lines                the tables, the row, z1 = x @ W1.T + b1 … dW1 = dz1.T @ x
    made.of("dW1[2,1]")       dW1[1, 0], what the lines call a value of net.trace([1, 2], 0.5)
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from nnlab.errors import LabError, UnknownName
from nnlab.layers import Activation, Dense
from nnlab.optim import optimiser
from nnlab.out.in_numpy import FUNCTIONS, LAYERS, loss_lines
from nnlab.out.script import Training, numbers, printer, start
from nnlab.wiring import Wired, net_of


class OnePass(NamedTuple):
    """`lines` want `np`. `names` are those of the trace; a row's values are (1, units) in the lines."""

    lines: tuple[str, ...]
    names: Mapping[str, str]

    def of(self, address: str) -> str:
        """A number of the trace as an expression over the lines; of a layer of one unit without its place.
        Raises UnknownName."""
        name, _, units = address.rstrip("]").partition("[")
        if name not in self.names:
            raise UnknownName("value", name, self.names)
        at = [str(int(unit) - 1) for unit in units.split(",")] if units else []
        if name == "L":
            return self.names[name]
        if not re.match(r"d?[Wb]\d", name):  # a row's values: its sample comes first
            at = ["0", *(at or ["0"])]
        return f"{self.names[name]}[{', '.join(at)}]" if at else self.names[name]


def one_pass(net: Wired, x: Any, y: Any = None) -> OnePass:
    """The pass of `net.trace(x, y)` of one row. LabError where a layer is neither Dense nor a squash."""
    known = net_of("one_pass", net)
    if known.members or not all(isinstance(layer, Dense | Activation) for layer in known.layers):
        raise LabError("one pass is written out of one net of Dense layers and squashes alone")
    row = np.asarray(x, float).reshape(1, -1)
    training = Training(known, row, np.zeros(1), optimiser("sgd"), 1, 1, 0, False, "")
    names, forward, back, at = {"x": "x"}, list[str](), list[str](), "x"
    for layer in training.layers if y is not None else known.layers:
        made = printer(layer, LAYERS, "numpy")(layer, at)
        forward += made.forward
        back = made.slopes + ([] if at == "x" else made.back) + back
        names |= _named(layer, made.out)
        at = made.out
    names["yhat"] = at
    if y is not None:
        target = np.asarray(y, float).reshape(1, -1)
        forward = [f"t = {numbers(target)}", "", *forward, *loss_lines(training, at), ""]
        names |= {"L": "loss", f"d{at}": f"d{at}"}
        if len(training.layers) < len(known.layers):  # the loss is read from the logits
            made = printer(known.layers[-1], LAYERS, "numpy")(known.layers[-1], at)
            forward += made.forward
            names["yhat"] = made.out
        else:
            names["dyhat"] = f"d{at}"
        names |= {f"d{name}": f"d{said}" for name, said in names.items() if f"d{said} = " in "\n".join(back)}
    else:
        back = []
    used = "\n".join(forward + back)
    functions = [line for name, text in FUNCTIONS.items() if name in used for line in text.splitlines()]
    tables = [line for line in start(training) if line]
    return OnePass((*functions, *tables, f"x = {numbers(row)}", *forward, *back), names)


def _named(layer: Any, out: str) -> dict[str, str]:
    """What a layer computes, as a trace names it."""
    if isinstance(layer, Dense):
        return {f"z{layer.k}": out, f"W{layer.k}": f"W{layer.k}", f"b{layer.k}": f"b{layer.k}"}
    return {f"h{layer.k}": out}
