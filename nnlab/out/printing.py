"""A training, printed.

    print(code(net, "torch", (X, y), Adam(.01), batch=10, epochs=20))

The script draws the same start and the same order of rows with the same numpy calls, and so has the
same loss at every step.
"""

from typing import Any

import numpy as np

from nnlab.chance import stream
from nnlab.errors import LabError, either, named, short, spelt, whole
from nnlab.given import pair_of
from nnlab.losses import LOSSES
from nnlab.optim import OPTIMISERS, Optimiser
from nnlab.optim import optimiser as rule_of
from nnlab.out.in_numpy import in_numpy
from nnlab.out.in_torch import in_torch
from nnlab.out.script import MOST, Training
from nnlab.wiring import Wired, net_of

WRITERS = {"numpy": in_numpy, "torch": in_torch}


@spelt
def code(
    net: Wired,
    kind: str,
    data: Any,
    optimiser: Optimiser | str = "sgd",
    *,
    batch: int | None = None,
    epochs: int = 10,
    seed: int = 0,
    shuffle: bool = True,
    rows: str = "",
) -> str:
    """The training of `Trainer(net, data, optimiser, batch, seed)` as a script in "numpy" or "torch"
    that runs by itself and has the same loss at every step. `rows` are lines of Python that make X
    and y, instead of the numbers themselves. LabError where something cannot be printed.
    """
    write = named("kind of script", kind, WRITERS)
    if net_of("code", net).members:
        raise LabError("a script trains one net; take one of the fleet: code(fleet.member(0), …)")
    if net.dtype != np.float64:
        raise LabError(f"a script trains in float64; the net is in {net.dtype}")
    whole("epochs", epochs)
    if not isinstance(rows, str):
        raise LabError(f"rows is {short(rows)}; it wants the lines that make X and y, as one text")
    either("shuffle", shuffle)
    X, y = pair_of(getattr(data, "train", data))
    flat = net.rows_of(X)
    y = net.targets_of(flat, y)
    if net.loss_kind.labels and (y < 0).any():
        raise LabError("a script takes every place into the loss; y holds labels of −1")
    if not rows and flat.size + y.size > MOST:
        raise LabError(
            f"the rows are {flat.size + y.size:,} numbers and a script holds {MOST:,}; "
            'give rows="…", the lines that make X and y'
        )
    if net.loss_kind != LOSSES.get(net.loss_kind.name) and not net.loss_kind.labels:
        raise LabError(f'a script knows the losses of LOSSES; "{net.loss_kind.name}" is your own')
    if net.loss_kind.fuses and net.loss_kind.fuses != net.out:
        raise LabError(f'a script reads "{net.loss_kind.name}" from the logits; the net ends in "{net.out}"')
    if net.rng.bit_generator.state != stream("noise", net.settings.seed).bit_generator.state:
        raise LabError("dropout has drawn from this net's chance already; take net.fresh(seed) for a script")
    X, y = flat.reshape(-1, *net.input), y.astype(int) if net.loss_kind.labels else y
    size = len(X) if batch is None else min(whole("batch", batch), len(X))
    rule = rule_of(optimiser)
    if type(rule) not in {type(rule_of(name)) for name in OPTIMISERS}:  # it would be printed as its parent
        known = ", ".join(OPTIMISERS)
        raise LabError(f"a script has no lines for the rule {type(rule).__name__}; it knows {known}")
    return write(Training(net, X, y, rule, size, epochs, seed, shuffle, rows))
