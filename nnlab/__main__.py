"""A guided pass through a 2-3-1 net: every number, the loss, the gradients, one step."""

import os
import sys

import numpy as np

from nnlab.net import Net
from nnlab.numbers import number, signed
from nnlab.optim import SGD
from nnlab.trace import Trace, label

TITLES = {
    "forward": "Forward: weighted sums and squashes, left to right",
    "loss": "Loss: one number that says how wrong",
    "backward": "Backward: what arrives from the right times the own slope",
}


def example() -> Net:
    """2 inputs, 3 ReLU units, a linear output, with weights to calculate by hand."""
    net = Net("2-3-1", hidden="relu", loss="mse", seed=7)
    net[0].W[:] = [[0.5, -0.2], [0.3, 0.8], [-0.6, 0.1]]
    net[1].W[:] = [[1, 0.5, -1]]
    net[1].b[:] = 0.25
    return net


def show(trace: Trace) -> None:
    phase = ""
    for row in trace:
        if row.phase != phase:
            phase = row.phase
            print(f"\n{TITLES[phase]}")
        print(f"  {row.formula}")
        for unit in np.ndindex(row.shape):
            print(f"      {row.unit_written(unit)}")


def show_step(trace: Trace, lr: float) -> None:
    print(f"\nStep: every number moves against its gradient, lr = {lr}")
    for name in ("W1", "b1", "W2", "b2"):
        print(f"  {name} ← {name} − lr·∂L/∂{name}")
        for unit, old in np.ndenumerate(trace[name]):
            slope = trace[f"d{name}"][unit]
            new = number(old - lr * slope)
            print(f"      {name}{label(unit)} = {number(old)} − {lr}·{signed(slope)} = {new}")


def main() -> None:
    net, x, y, lr = example(), [1.0, 2.0], 1.0, 0.05
    print(f"A 2-3-1 net, {net.theta.size} numbers, sees x = (1, 2) and should say y = 1.")
    trace = net.trace(x, y)
    show(trace)
    show_step(trace, lr)
    loss = net.step(x, y, SGD(lr))
    print("\nThe same row again: the net is nearer to y")
    print(f"  ŷ = {number(trace['yhat[1]'])} before, {number(net.predict(x)[0])} after")
    print(f"  L = {number(loss)} before, {number(net.loss(x, y))} after")


if __name__ == "__main__":
    try:
        main()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has gone, as with head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
