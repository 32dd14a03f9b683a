"""The net on which candidates are tried is each thread's own: what another puts on it changes nothing."""

from __future__ import annotations

import threading

import numpy as np

from drops.networks.forward.net231 import on_bench, one_silent


def test_a_candidate_of_another_thread_is_put_on_another_net():
    mine, others = (one_silent(np.random.default_rng(seed)) for seed in (0, 1))
    net, found = on_bench(mine), []
    before = net.theta.copy()
    thread = threading.Thread(target=lambda: found.append(on_bench(others)))
    thread.start()
    thread.join()
    assert found[0] is not net
    assert (net.theta == before).all()
    assert on_bench(others) is net
