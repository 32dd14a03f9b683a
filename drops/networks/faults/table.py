"""Twenty-five ways in which a network does not do well, each one thing changed in a sound program.

    FAULTS["rate-high"].cause    the learning rate is far too high
    FAULTS["rate-high"].sets     {"rate": 30.0}

`sets` speaks in the settings of a `Program`. Whoever makes nets in another way reads the same names:
rate, rule, init, bias, squash, out, first, batch, l2, keep, columns, target, and what is wrong with rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong."""

    cause: str  # as an option says it
    sets: Mapping[str, Any]  # settings of a program, and what they are instead
    means: str  # what that does to the training, in a sentence


# fmt: off
FAULTS: Mapping[str, Fault] = {
    # ── steps
    "rate-high": Fault(
        "the learning rate is far too high", {"rate": 30.0},
        "A single step is as large as the weights, or larger, and throws them about."),
    "rate-low": Fault(
        "the learning rate is far too small", {"rate": 1e-4},
        "A step is a few millionths of the weights: it points the right way and goes nowhere."),
    "uphill": Fault(
        "the step is added instead of subtracted", {"rule": "uphill"},
        "The gradient points to more loss, and every step follows it."),
    "never-zeroed": Fault(
        "the gradients are never set back to 0", {"rule": "never-zeroed"},
        "Each step carries all gradients before it, so it grows and swings past the lowest place."),
    "decay": Fault(
        "the weight decay is far too strong", {"l2": 0.3},
        "The brake pulls harder than the data: the weights melt."),
    # ── the start
    "start-wide": Fault(
        "the weights start far too large", {"init": ("normal", 3.0)},
        "Each layer makes the signal larger, so the first answers are far off and the first steps huge."),
    "start-narrow": Fault(
        "the weights start far too small", {"init": ("normal", 0.05)},
        "Each layer makes the signal smaller, forwards and backwards: every gradient is faint."),
    "zeros": Fault(
        "every weight starts at 0", {"init": "zeros"},
        "Nothing goes forward and nothing comes back: only the last bias can move."),
    "twins": Fault(
        "all units of a layer are the same", {"init": ("constant", 0.1)},
        "Equal units get equal gradients and stay equal: each layer is one unit, many times."),
    "silent": Fault(
        "every hidden unit is silent", {"bias": -10.0},
        "No gate is open on any row, so no gradient passes."),
    # ── the net
    "vanishing": Fault(
        "the gradient fades on its way to the front", {"squash": "sigmoid", "init": "xavier"},
        "Each sigmoid passes a quarter at most; after five or six the front hears almost nothing."),
    "no-squash": Fault(
        "the hidden layers have no squash", {"squash": "linear", "init": "xavier"},
        "Sums of sums are one sum: the net draws a straight line, however deep it is."),
    "bottleneck": Fault(
        "the first layer has a single unit", {"first": 1},
        "What one unit merges, no later layer can part."),
    # ── the output
    "pressed": Fault(
        "a sigmoid stands at the output", {"out": "sigmoid"},
        "Its answers lie between 0 and 1; the targets do not."),
    "relu-out": Fault(
        "a ReLU stands at the output", {"out": "relu"},
        "Its answers end at 0; half of the targets lie below."),
    "wrong-output": Fault(
        "the output is a ReLU where a chance is asked for", {"out": "relu"},
        "It says 0 or more than 1, and −ln p of that costs the most there is."),
    # ── the rows
    "unscaled": Fault(
        "a column was not scaled", {"columns": "raw"},
        "One column stands near 3,000, the other near 0: no rate suits both."),
    "target-huge": Fault(
        "the target was not scaled", {"target": "price"},
        "The target stands near 200,000, so the first miss is huge, and so is the first step."),
    "batch-one": Fault(
        "each step listens to a single row", {"batch": 1},
        "One noisy row decides each step, and the next one says otherwise."),
    "sorted": Fault(
        "the rows come sorted by class", {"by_class": True},
        "It learns one class and forgets the other, turn by turn."),
    "misaligned": Fault(
        "the answers stand beside the wrong rows", {"misaligned": True},
        "There is nothing to learn from rows whose answers are another row's."),
    "overfit": Fault(
        "it learned its training rows by heart", {"keep": "last"},
        "It went on after the held-back loss was lowest, and learned the noise of its rows."),
    "leaking": Fault(
        "a column knows the answer", {"leaking": True},
        "In training one column is the answer in disguise; in use it says nothing."),
    "raw-in-use": Fault(
        "new rows come unscaled", {"columns": "raw in use"},
        "It learned on scaled columns and is handed unscaled ones."),
    "rare-class": Fault(
        "it neglects the rare class", {"weigh": 1.0},
        "One row in twenty weighs a twentieth: answering “never” costs it almost nothing."),
}
# fmt: on
