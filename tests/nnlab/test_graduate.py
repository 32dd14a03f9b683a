"""Small scripts of somebody who has finished the path and builds things of their own."""

import contextlib
import io
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab import (
    LSTM,
    RNN,
    SGD,
    Adam,
    Conv2D,
    Cosine,
    Dense,
    Embedding,
    Flatten,
    Loss,
    MaxPool,
    Net,
    Position,
    ReLU,
    Squash,
    TokenDense,
    Trainer,
    check,
    code,
    data,
    diagnose,
    multi_head,
)
from nnlab.terms import absolute, log, sin


@pytest.mark.slow
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
    ours = [loss for stretch in Trainer(net, (X, y), SGD(0.5), batch=10).epochs(15) for loss in stretch.losses]
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


def test_my_own_table_beside_no_hidden_layer(tmp_path: Path) -> None:
    # a table of mine: flowers of two kinds, told apart by a product of two measures
    rng = np.random.default_rng(5)
    long, wide, other = rng.uniform(1, 3, (3, 300))
    lines = ["length,width,noise,kind", *(
        f"{a:.3f},{b:.3f},{c:.3f},{'big' if a * b > 4 else 'small'}" for a, b, c in zip(long, wide, other, strict=True)
    )]  # fmt: skip
    (tmp_path / "flowers.csv").write_text("\n".join(lines))

    ds = data.read_csv(tmp_path / "flowers.csv", target="kind")
    assert ds.classes == ("big", "small")
    split = ds.split(test=0.2, validation=0.2, seed=1).standardised()
    scores = {}
    for sizes in ("3-1", "3-16-1"):
        net = Net(sizes, loss="bce", seed=1)
        Trainer(net, split, Adam(0.01, schedule=Cosine(300)), batch=20).fit(300, patience=40)
        scores[sizes] = net.accuracy(*split.test)
    assert scores["3-16-1"] >= 0.93
    assert scores["3-16-1"] >= scores["3-1"]
    assert not {"unscaled inputs", "dead units"} & {finding.name for finding in diagnose(net, split.train)}


def digits(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (1, 8, 8) of four signs, shifted and noisy: a bar, a beam, a cross, a ring."""
    rng = np.random.default_rng(seed)
    signs = np.zeros((4, 6, 6))
    signs[0, :, 2:4] = signs[1, 2:4, :] = signs[2, :, 2] = signs[2, 3, :] = 1
    signs[3] = np.pad(np.zeros((4, 4)), 1, constant_values=1)
    y = rng.integers(0, 4, n)
    X = rng.normal(0, 0.3, (n, 1, 8, 8))
    for picture, sign, (up, left) in zip(X, y, rng.integers(0, 3, (n, 2)), strict=True):
        picture[0, up : up + 6, left : left + 6] += signs[sign]
    return X, y


def test_pictures_by_a_convolution() -> None:
    cnn = Net(Conv2D(6, 3), ReLU(), MaxPool(2), Flatten(), Dense(4), loss="ce", input=(1, 8, 8), seed=1)
    X, y = digits(300, seed=1)
    assert check(cnn, X[:3], y[:3]).worst < 1e-6
    Trainer(cnn, (X, y), Adam(0.01), batch=30).fit(12)
    fresh = digits(200, seed=2)
    assert cnn.accuracy(*fresh) >= 0.97


@pytest.mark.slow
def test_digits_of_scikit_learn() -> None:
    sklearn = pytest.importorskip("sklearn.datasets")
    X, y = sklearn.load_digits(return_X_y=True)
    split = data.Dataset(X, y.astype(float)).split(test=0.25, validation=0.15, seed=1).standardised()
    net = Net("64-32-10", loss="ce", seed=1)
    Trainer(net, split, Adam(0.005), batch=32).fit(20, patience=5)
    assert net.accuracy(*split.test) >= 0.95


def test_trained_here_used_elsewhere(tmp_path: Path) -> None:
    X, y = data.moons(200, seed=1)
    net = Net("2-8-8-1", hidden="tanh", loss="bce", seed=1)
    Trainer(net, (X, y), Adam(0.03), batch=20).fit(30)
    net.save(tmp_path / "moons.npz")
    script = (
        "from nnlab import Net, data\n"
        f"net = Net.load({str(tmp_path / 'moons.npz')!r})\n"
        "print(net.accuracy(*data.moons(200, seed=2)), repr(net.predict([[0.5, 0.25]]).item()))\n"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    share, said = out.stdout.split()
    assert float(share) >= 0.97
    assert float(said) == net.predict([[0.5, 0.25]]).item()


def test_which_rate_is_too_much() -> None:
    X, y = data.circle(200, seed=1)
    rates = np.geomspace(1e-3, 100, 16)
    fleet = Net("2-8-8-1", loss="bce", seed=1).fleet(16, lr=rates)
    curves = fleet.fit((X, y), steps=300, optimiser="sgd", batch=20)
    end = curves.losses[-3:].mean(axis=0)
    best = rates[np.nanargmin(end)]
    assert 0.05 < best < 5
    assert end[0] > 0.6  # too small: nothing learned
    assert not end[-1] < 0.6  # too large: thrown away
    # the same with a film: one net, the rate doubled every ten steps until the loss runs away
    net = Net("2-8-8-1", loss="bce", seed=1)
    trainer = Trainer(net, (X, y), "sgd", batch=20)
    start, found = trainer.kept(), []
    trainer.rate = 1e-3
    while trainer.rate < 1000 and not trainer.lost:
        losses = [stretch.loss for stretch in trainer.steps(10)]
        found.append((trainer.rate, float(np.mean(losses))))
        trainer.rate *= 2
    assert min(loss for _, loss in found) < found[0][1] < found[-1][1]
    trainer.put_back(start)
    assert trainer.net.theta.tolist() == Net("2-8-8-1", loss="bce", seed=1).theta.tolist()


def test_curves_of_learning_and_of_overfitting() -> None:
    train, watch = data.moons(40, seed=1, noise=0.35), data.moons(400, seed=2, noise=0.35)
    net = Net("2-32-32-1", loss="bce", seed=1)
    curves = Trainer(net, train, Adam(0.01), batch=10, validation=watch).fit(300, restore=False)
    assert curves.losses[-1] < 0.05
    assert curves.validation_losses is not None
    assert curves.validation_losses[-1] > 1.5 * curves.best_loss
    assert 1 <= curves.best_epoch < 300
    braked = Net("2-32-32-1", loss="bce", seed=1, l2=0.03)
    calm = Trainer(braked, train, Adam(0.01), batch=10, validation=watch).fit(300)
    assert calm.validation_losses is not None
    assert calm.validation_losses[-1] < 0.7 * curves.validation_losses[-1]


def test_twenty_starts_say_how_sure_a_result_is() -> None:
    X, y = data.load("chinstrap").split(test=0.3, seed=1).standardised().train
    fleet = Net("2-3-1", hidden="tanh", loss="bce", seed=1).fleet(20)
    fleet.fit((X, y), steps=600, optimiser=Adam(0.1))
    shares = fleet.accuracy(X, y)
    assert np.median(shares) >= 0.95
    assert fleet.member(int(shares.argmax())).accuracy(X, y) == shares.max()


def test_every_number_of_a_step_by_hand() -> None:
    net = Net("2-1", loss="bce", seed=1)
    net[0].W = [[0.5, -0.25]]
    net[0].b = 0.1
    trace = net.trace([2, 4], 1)
    z = 0.5 * 2 - 0.25 * 4 + 0.1
    yhat = 1 / (1 + math.exp(-z))
    assert trace["z1[1]"] == pytest.approx(z)
    assert trace["L"] == pytest.approx(-math.log(yhat))
    assert trace["dW1[1,2]"] == pytest.approx((yhat - 1) * 4)
    net.step([2, 4], 1, SGD(0.1))
    assert net[0].W[0, 1] == pytest.approx(-0.25 - 0.1 * (yhat - 1) * 4)
