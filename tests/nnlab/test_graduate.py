"""Ten small scripts of somebody who has finished the path and builds things of their own."""

import contextlib
import io
from typing import Any

import numpy as np
import pytest

from nnlab import (
    LSTM,
    RNN,
    SGD,
    Adam,
    Dense,
    Embedding,
    Loss,
    Net,
    Position,
    Squash,
    TokenDense,
    Trainer,
    check,
    code,
    data,
    multi_head,
)
from nnlab.terms import absolute, log, sin


def test_a_net_that_writes_letter_by_letter_with_a_loss_at_every_step() -> None:
    text = "to be or not to be. " * 25
    letters = sorted(set(text))
    numbers = np.array([letters.index(letter) for letter in text])
    X = np.stack([numbers[at : at + 8] for at in range(0, 400, 3)])
    y = np.stack([numbers[at + 1 : at + 9] for at in range(0, 400, 3)])  # the next letter, at every place
    net = Net(Embedding(len(letters), 8), LSTM(24, sequence=True), TokenDense(len(letters)), loss="ce", input=8, seed=1)
    assert net.loss(X, y) == pytest.approx(np.log(len(letters)), rel=0.2)  # it knows nothing yet
    Trainer(net, (X, y), Adam(0.02), batch=16).fit(60)
    written = "to be or"
    for _ in range(26):
        seen = [letters.index(letter) for letter in written[-8:]]
        written += letters[int(net.predict([seen])[0, -1].argmax())]
    assert written == "to be or not to be. to be or not t"


def test_a_transformer_that_reverses_a_sequence_and_shows_where_it_looked() -> None:
    rng = np.random.default_rng(0)
    X = rng.integers(0, 5, (400, 6))
    net = Net(Embedding(5, 12), Position(), *multi_head(12), TokenDense(5), loss="ce", input=6, seed=1)
    Trainer(net, (X, X[:, ::-1]), Adam(0.02), batch=40).fit(30)
    fresh = rng.integers(0, 5, (200, 6))
    assert (net.predict(fresh).argmax(axis=-1) == fresh[:, ::-1]).mean() >= 0.99
    shares = net.values(fresh)["shares4"].mean(axis=(0, 1))  # (queries, keys)
    assert (shares.argmax(axis=-1) == np.arange(6)[::-1]).all()  # each place looks at its mirror


def test_a_net_goes_to_torch_and_says_the_same_there() -> None:
    torch = pytest.importorskip("torch")
    X, y = data.moons(60, seed=1)
    net = Net("2-8-1", hidden="tanh", loss="bce", seed=1)
    Trainer(net, (X, y), Adam(0.05)).fit(50)
    twin = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1), torch.nn.Sigmoid())
    twin.to(torch.float64).load_state_dict({name: torch.tensor(a) for name, a in net.tensors().items()})
    assert twin(torch.tensor(X)).detach().numpy()[:, 0] == pytest.approx(net.predict(X), abs=1e-12)


def test_a_training_goes_out_as_a_script() -> None:
    X, y = data.moons(40, seed=1)
    net = Net("2-6-1", hidden="tanh", loss="bce", seed=2)
    room: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code(net, "numpy", (X, y), SGD(0.5), batch=10, epochs=15), room)  # noqa: S102  # it is ours
    ours = [loss for event in Trainer(net, (X, y), SGD(0.5), batch=10).epochs(15) for loss in event.losses]
    assert room["losses"] == pytest.approx(ours, abs=1e-9)


def test_a_squash_of_one_s_own_learns_by_the_chain_rule() -> None:
    wave = Squash("wave", "sin({z})", sin)
    X = np.linspace(-3, 3, 80)[:, None]
    net = Net("1-12-1", hidden=wave, seed=1)
    assert check(net, X, np.sin(2 * X[:, 0])).worst < 1e-8
    Trainer(net, (X, np.sin(2 * X[:, 0])), Adam(0.02)).fit(500)
    assert net.loss(X, np.sin(2 * X[:, 0])) < 0.01
    assert net.trace([0.5]).rows[1].formula == "h1 = sin(z1)"


def test_one_squash_a_layer() -> None:
    wave = Squash("wave", "sin({z})", sin)
    net = Net("2-4-4-4-1", hidden=["relu", "tanh", wave], loss="bce", seed=1)
    assert [layer.how.name for layer in net.layers[1::2]] == ["relu", "tanh", "wave", "sigmoid"]  # type: ignore[attr-defined]
    assert check(net, [[0.5, -1.0]], [1.0]).worst < 1e-8


def test_a_loss_of_one_s_own_learns_by_the_chain_rule() -> None:
    careful = Loss("log-cosh-like", "ln(1 + |{ŷ} − {y}|)", lambda yhat, y: log(1 + absolute(yhat - y)))
    rng = np.random.default_rng(2)
    X = rng.uniform(-1, 1, (120, 1))
    y = 2 * X[:, 0] + 1
    y[:12] += 50  # a tenth of the rows are mistakes
    net = Net("1-1", loss=careful, seed=1)
    assert check(net, X, y).worst < 1e-7
    Trainer(net, (X, y), Adam(0.05)).fit(400)
    assert [net[0].W.item(), net[0].b.item()] == pytest.approx([2, 1], abs=0.1)  # the rest is followed
    assert net.trace([0.0], 3).rows[2].written.startswith("L = ln(1 + |")


def test_a_recurrent_net_of_one_s_own_size_is_checked_like_any_other() -> None:
    net = Net(RNN(5, "relu"), Dense(1), input=(6, 2), seed=3)
    assert check(net, np.random.default_rng(0).normal(size=(4, 6, 2)), [0, 1, 2, 3]).worst < 1e-7
