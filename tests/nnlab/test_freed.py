"""What is no longer used is freed at once: no training waits for the collector with its buffers."""

import gc
import weakref

import numpy as np
import pytest

from nnlab import SGD, Adam, Net, Trainer, data


@pytest.mark.parametrize("optimiser", [SGD, Adam])
@pytest.mark.parametrize("members", [0, 3])
def test_a_net_that_was_trained_and_judged_is_freed_without_a_collection(optimiser, members):
    X, y = data.moons(60, seed=1)
    gc.collect()
    gc.disable()
    try:
        net = Net("2-4-1", loss="bce")
        net = net.fleet(members) if members else net
        trainer = Trainer(net, (X, y), optimiser(0.03), batch=20)
        for _ in trainer.epochs(2):
            net.loss(X, y), net.accuracy(X, y), net.predict(X)
        buffers = weakref.ref(net.theta.base if net.theta.base is not None else net.theta)
        plan = weakref.ref(net._plans["predict", 60, False].plan)
        gone = weakref.ref(net)
        del net, trainer
        assert gone() is plan() is buffers() is None
    finally:
        gc.enable()
    assert np.isfinite(X).all()


@pytest.mark.parametrize(("sizes", "loss"), [("2-4-1", "bce"), ("2-4-3", "ce"), ("2-4-1", "mse")])
def test_a_trace_is_freed_with_its_plan_without_a_collection(sizes, loss):
    gc.collect()
    gc.disable()
    try:
        net = Net(sizes, loss=loss)
        trace = net.trace([[1, 2], [3, 4]], [0, 1])
        assert str(trace)
        plan = weakref.ref(trace._plan)
        net._plans.clear()
        del trace
        assert plan() is None
    finally:
        gc.enable()
