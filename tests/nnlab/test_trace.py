"""The transcript: every number, its formula, and what would have been."""

import doctest
import os
import subprocess
import sys

import numpy as np
import pytest

import nnlab
from nnlab import SGD, Net, data
from nnlab.__main__ import example
from nnlab.numbers import number

NAMES = ["z1", "h1", "z2", "yhat", "L", "dyhat", "dz2", "dW2", "db2", "dh1", "dz1", "dW1", "db1", "dX"]


def test_a_trace_has_every_value_in_the_order_it_is_computed() -> None:
    trace = example().trace([1, 2], 1)
    assert [row.name for row in trace] == NAMES
    assert [row.phase for row in trace] == ["forward"] * 4 + ["loss"] + ["backward"] * 9
    assert [row.shape for row in trace][:5] == [(3,), (3,), (1,), (1,), ()]


def test_every_formula_is_written_with_its_numbers() -> None:
    lines = [text for _, _, text, _ in example().trace([1, 2], 1).table()]
    assert (
        lines
        == """\
z1[1] = 0.5·1 + (−0.2)·2 + 0 = 0.1
z1[2] = 0.3·1 + 0.8·2 + 0 = 1.9
z1[3] = −0.6·1 + 0.1·2 + 0 = −0.4
h1[1] = max(0, 0.1) = 0.1
h1[2] = max(0, 1.9) = 1.9
h1[3] = max(0, −0.4) = 0
z2[1] = 1·0.1 + 0.5·1.9 + (−1)·0 + 0.25 = 1.3
yhat[1] = 1.3
L = (1.3 − 1)² = 0.09
dyhat[1] = 2·(1.3 − 1)/1 = 0.6
dz2[1] = 0.6
dW2[1,1] = 0.6·0.1 = 0.06
dW2[1,2] = 0.6·1.9 = 1.14
dW2[1,3] = 0.6·0 = 0
db2[1] = 0.6
dh1[1] = 1·0.6 = 0.6
dh1[2] = 0.5·0.6 = 0.3
dh1[3] = −1·0.6 = −0.6
dz1[1] = 0.6·1 = 0.6
dz1[2] = 0.3·1 = 0.3
dz1[3] = −0.6·0 = 0
dW1[1,1] = 0.6·1 = 0.6
dW1[1,2] = 0.6·2 = 1.2
dW1[2,1] = 0.3·1 = 0.3
dW1[2,2] = 0.3·2 = 0.6
dW1[3,1] = 0·1 = 0
dW1[3,2] = 0·2 = 0
db1[1] = 0.6
db1[2] = 0.3
db1[3] = 0
dX[1] = 0.5·0.6 + 0.3·0.3 + (−0.6)·0 = 0.39
dX[2] = −0.2·0.6 + 0.8·0.3 + 0.1·0 = 0.12""".splitlines()
    )


def test_every_row_says_how_it_is_computed() -> None:
    assert [row.formula for row in example().trace([1, 2], 1)] == [
        "z1 = W1·X + b1", "h1 = max(0, z1)", "z2 = W2·h1 + b2", "ŷ = z2", "L = mean of (ŷ − y)²",
        "∂L/∂ŷ = 2·(ŷ − y)/n", "∂L/∂z2 = ∂L/∂ŷ", "∂L/∂W2 = δ2·h1ᵀ", "∂L/∂b2 = Σ δ2", "∂L/∂h1 = W2ᵀ·δ2",
        "∂L/∂z1 = ∂L/∂h·f′, f′ = 1 if z > 0 else 0", "∂L/∂W1 = δ1·Xᵀ", "∂L/∂b1 = Σ δ1", "∂L/∂X = W1ᵀ·δ1",
    ]  # fmt: skip


def test_a_loss_on_probabilities_is_written_out_too() -> None:
    net = Net("1-1", loss="bce")
    net[0].W[:], net[0].b[:] = 0, 0
    lines = [text for _, _, text, _ in net.trace([3], 1).table()]
    assert lines[1] == "yhat[1] = 1/(1 + e^−0) = 0.5"
    assert lines[2] == "L = −1·ln 0.5 − (1 − 1)·ln(1 − 0.5) = 0.693147"
    assert lines[4] == "dz1[1] = −2·0.25 = −0.5"


def test_addresses_count_units_from_one_as_lessons_do() -> None:
    trace = example().trace([1, 2], 1)
    assert trace["h1[2]"] == pytest.approx(1.9)
    assert trace["W1[1,2]"] == -0.2
    assert trace["b2[1]"] == 0.25
    assert trace["dW1[2,2]"] == pytest.approx(0.6)
    assert trace["L"] == pytest.approx(0.09)
    assert trace["x[2]"] == 2
    assert trace["h1"].shape == (3,)
    assert "h1[3]" in trace
    assert "h1[4]" not in trace


def test_a_given_number_replaces_what_was_computed_and_all_later_ones_follow() -> None:
    trace = example().trace([1, 2], 1, given={"h1[2]": 1.5})
    assert trace["z1[2]"] == pytest.approx(1.9)
    assert trace["yhat[1]"] == pytest.approx(0.1 + 0.75 + 0.25)
    assert trace["dW2[1,2]"] == pytest.approx(2 * 0.1 * 1.5)
    whole = example().trace([1, 2], 1, given={"z1": [1, -1, 1]})
    assert whole["h1"].tolist() == [1, 0, 1]


def test_a_given_gradient_is_followed_too() -> None:
    trace = example().trace([1, 2], 1, given={"dyhat": 1.0})
    assert trace["dz2[1]"] == 1
    assert trace["dh1[2]"] == 0.5


def test_misconceptions_are_swapped_functions_and_their_consequences_follow() -> None:
    net, x = example(), [1, 2]
    net[0].b[:] = [0.5, -1, 1]
    plain = net.trace(x, 1)
    s = net[0].W @ x
    cases = {
        "bias left out": ({"z1": lambda W, x: W[:, :-1] @ x[:-1]}, s),
        "bias multiplied": ({"z1": lambda W, x: (W[:, :-1] @ x[:-1]) * W[:, -1:]}, s * [0.5, -1, 1]),
        "bias subtracted": ({"z1": lambda W, x: W[:, :-1] @ x[:-1] - W[:, -1:]}, s - [0.5, -1, 1]),
        "read transposed": (
            {"z1": lambda W, x: W[:, :-1].T.reshape(3, 2) @ x[:-1] + W[:, -1:]},
            net[0].W.T.reshape(3, 2) @ x + [0.5, -1, 1],
        ),
    }
    for name, (swap, z) in cases.items():
        trace = net.trace(x, 1, swap=swap)
        assert trace["z1"] == pytest.approx(z), name
        assert trace["yhat[1]"] == pytest.approx(np.maximum(z, 0) @ [1, 0.5, -1] + 0.25), name
    skipped = net.trace(x, 1, swap={"h1": lambda z: z})
    assert skipped["h1"].tolist() == plain["z1"].tolist()
    no_gate = net.trace(x, 1, swap={"dz1": lambda dh, z, h: dh})
    assert no_gate["dz1"].tolist() == plain["dh1"].tolist()
    no_two = net.trace(x, 1, swap={"dyhat": lambda yhat, y, w: (yhat - y) * w})
    assert no_two["dyhat[1]"] == pytest.approx(plain["dyhat[1]"] / 2)


def test_a_slope_is_asked_of_z_even_where_h_is_a_learners_own() -> None:
    trace = example().trace([1, 2], 1, given={"h1": [0, -3, 5]})  # z1 is (0.1, 1.9, −0.4)
    assert trace["dz1"].tolist() == [*trace["dh1"].tolist()[:2], 0]


def test_one_unit_is_swapped_in_plain_floats() -> None:
    trace = example().trace([1, 2], 1, swap={"h1[3]": abs, "z1[1]": lambda w, b, x: w[0] * x[0] + b})
    assert trace["h1[3]"] == pytest.approx(0.4)
    assert trace["z1[1]"] == 0.5
    assert trace["z1[2]"] == pytest.approx(1.9)


def test_swapping_leaves_the_net_and_the_next_trace_alone() -> None:
    net = example()
    before = str(net.trace([1, 2], 1))
    net.trace([1, 2], 1, swap={"z1": lambda W, x: 0}, given={"h1": [9, 9, 9]})
    assert str(net.trace([1, 2], 1)) == before


def test_text_asked_for_late_still_shows_this_trace_s_numbers() -> None:
    net = example()
    trace = net.trace([1, 2], 1)
    rows = list(trace)
    net.trace([5, 5], 0)
    net.step([1, 2], 1, SGD(0.1))
    theta = net.theta.copy()
    assert rows[0].written == "z1[1] = 0.5·1 + (−0.2)·2 + 0 = 0.1"
    assert trace["W1[1,1]"] == 0.5
    assert (net.theta == theta).all()


def test_one_sample_of_a_batch_is_seen_alone() -> None:
    X, y = data.moons(4, seed=1)
    net = Net("2-3-1", loss="bce", seed=2)
    batch = net.trace(X, y)
    assert batch["h1"].shape == (4, 3)
    alone = net.trace(X[2])
    forward = [line for line in batch.table(sample=2) if line[0] == "forward"]
    assert [line[2] for line in forward] == [line[2] for line in alone.table()]
    assert batch["dW1"] == pytest.approx(sum(net.trace(X[i], y[i])["dW1"] for i in range(4)) / 4)


def test_values_of_a_batch_are_found_by_name() -> None:
    X, _ = data.moons(5)
    values = Net("2-3-1", seed=2).values(X)
    assert {k: v.shape for k, v in values.items()} == {
        "z1": (5, 3),
        "h1": (5, 3),
        "z2": (5, 1),
        "yhat": (5, 1),
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.0, "0"),
        (-1e-20 * 0, "0"),
        (0.1 + 0.2, "0.3"),
        (-2.0, "−2"),
        (1e-7, "1e−7"),
        (1e12, "1e12"),
        (123456.7, "123457"),
    ],
)
def test_a_number_is_written_as_a_person_would(value: float, text: str) -> None:
    assert number(value) == text


def test_the_six_uses_of_the_front_page_run() -> None:
    assert doctest.testmod(nnlab).failed == 0


def test_the_guided_trace_is_quick_and_tells_the_new_loss() -> None:
    before = os.times().children_user
    done = subprocess.run([sys.executable, "-m", "nnlab"], capture_output=True, text=True, check=True)
    assert os.times().children_user - before < 5  # of work; half a second on a quiet core
    assert done.stdout.endswith("L = 0.09 before, 0.000476549 after\n")
    assert done.stderr == ""
