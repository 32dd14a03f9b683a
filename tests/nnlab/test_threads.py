"""One net asked in several threads at once answers each as if it were alone."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest

from nnlab import Net

ASKED = {
    "predict": lambda net, x: net.predict(x),
    "values": lambda net, x: net.values(x)["h1"],
    "loss": lambda net, x: net.loss(x, x[:, 0]),
    "losses": lambda net, x: net.losses(x, x[:, 0]),
    "trace": lambda net, x: np.asarray([net.trace(row)["z1[1]"] for row in x]),
    "sum": lambda net, x: np.asarray([len(str(net.trace(row))) for row in x]),
}


@pytest.mark.parametrize("what", ASKED)
def test_what_a_net_says_in_one_thread_is_no_matter_of_another(what):
    ask, net = ASKED[what], Net("2-3-1", hidden="tanh", seed=1)
    rows = [np.random.default_rng(seed).normal(size=(3, 2)) for seed in range(4)]
    alone = [ask(net, x) for x in rows]
    wrong: list[int] = []
    together = threading.Barrier(len(rows))

    def again(which: int) -> None:
        together.wait(30)
        for _ in range(60):
            if not np.array_equal(ask(net, rows[which]), alone[which]):
                wrong.append(which)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=again, args=(which,)) for which in range(len(rows))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []
