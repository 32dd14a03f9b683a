"""Parts of a learner's own: a squash, a loss and a layer in a few lines each, held to what ours are."""

from collections.abc import Callable

import numpy as np
import pytest

from nnlab import (
    ACTIVATIONS,
    LOSSES,
    Activation,
    Dense,
    Flatten,
    LabError,
    Layer,
    Loss,
    Net,
    Squash,
    TokenDense,
    check,
)
from nnlab.params import Block
from nnlab.terms import Term, absolute, cos, exp, expm1, log, log1p, maximum, minimum, sin, sqrt, square, tanh

RNG = np.random.default_rng(6)
X, Y = RNG.normal(size=(5, 3)), RNG.normal(size=5)

SQUASHES: dict[str, Callable[[Term], Term]] = {
    "bump": lambda z: exp(-(z * z)),
    "wave": lambda z: sin(z) + cos(2 * z) / 3,
    "own relu": lambda z: z * (z > 0),
    "own leaky": lambda z: maximum(z, 0) - 0.1 * maximum(-z, 0),
    "clipped": lambda z: minimum(maximum(z, -1), 1),
    "softsign": lambda z: z / (1 + absolute(z)),
    "root": lambda z: sqrt(1 + square(z)) - 1,
    "cube": lambda z: z**3 / 10,
    "mish": lambda z: z * tanh(log1p(exp(z))),
    "own elu": lambda z: maximum(z, 0) + expm1(minimum(z, 0)),
    "one over": lambda z: 1 / (1 + z * z),
    "below": lambda z: z * (z < 0.3) + 0.3 * (z >= 0.3),
}


@pytest.mark.parametrize("name", list(SQUASHES))
def test_an_own_squash_has_the_gradient_of_what_it_computes(name: str) -> None:
    f = SQUASHES[name]
    net = Net("3-4-3-1", hidden=Squash(name, f"{name}({{z}})", f), seed=2)
    net.theta[:] += RNG.normal(size=net.theta.size) * 0.2
    assert check(net, X, Y).worst < 1e-7
    assert net.trace(X, Y)["dz1"].shape == (5, 4)
    z = np.array([-1.3, -0.2, 0.4, 2.0])
    own = Squash(name, f"{name}({{z}})", f)
    assert own.slope(z) == pytest.approx((own(z + 1e-6) - own(z - 1e-6)) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("name", [n for n in ACTIVATIONS if n not in ("step", "gelu")])
def test_without_its_own_slope_a_squash_of_the_table_has_the_same_one(name: str) -> None:
    row = ACTIVATIONS[name]
    bare = Squash(name, row.formula, row.f)
    z = RNG.normal(size=(4, 6)) * 2
    assert bare.slope(z) == pytest.approx(row.slope(z), abs=1e-12)
    one, other = (Net("3-4-1", hidden=how, seed=2) for how in (bare, row))
    other.theta[:] = one.theta
    one.backward(X, Y), other.backward(X, Y)
    assert one.grad == pytest.approx(other.grad, abs=1e-13)


OWN_LOSSES: dict[str, Callable[[Term, Term], Term]] = {
    "fourth": lambda yhat, y: (yhat - y) ** 4,
    "careful": lambda yhat, y: log(1 + absolute(yhat - y)),
    "uneven": lambda yhat, y: maximum(yhat - y, 0) + 3 * maximum(y - yhat, 0),
    "log-cosh": lambda yhat, y: log((exp(yhat - y) + exp(y - yhat)) / 2),
}


@pytest.mark.parametrize("name", list(OWN_LOSSES))
@pytest.mark.parametrize("outputs", [1, 2])
def test_an_own_loss_has_the_gradient_of_what_it_computes(name: str, outputs: int) -> None:
    kind = Loss(name, f"{name}({{ŷ}}, {{y}})", OWN_LOSSES[name])
    net = Net(f"3-4-{outputs}", hidden="tanh", loss=kind, seed=2)
    y = Y if outputs == 1 else RNG.normal(size=(5, 2))
    assert check(net, X, y).worst < 1e-7
    plain = kind(np.reshape(net.predict(X), (5, -1)).T, np.reshape(y, (5, -1)).T)
    assert net.loss(X, y) == pytest.approx(plain.mean(), rel=1e-13)
    assert net.trace(X, y)["L"] == pytest.approx(plain.mean(), rel=1e-13)


@pytest.mark.parametrize("name", ["mse", "mae", "huber"])
def test_without_its_own_slope_a_loss_of_the_table_has_the_same_one(name: str) -> None:
    row = LOSSES[name]
    one, other = (Net("3-4-1", loss=kind, seed=2) for kind in (Loss("bare", row.formula, row.one), row))
    assert one.backward(X, Y) == pytest.approx(other.backward(X, Y), rel=1e-14)
    assert one.grad == pytest.approx(other.grad, abs=1e-13)
    assert one.trace(X, Y)["dyhat"] == pytest.approx(other.trace(X, Y)["dyhat"], abs=1e-14)


class Scale(Layer):
    def blocks(self):
        return [Block(f"scale{self.place}", (*self.seen, 1), bias=False, fill=(1.5,))]

    def bind(self, params, state):
        self.s = params.view(f"scale{self.place}")

    def compute(self, x):
        return x * Term(x.plan, self.s, "s")


class Pairs(Layer):
    """The product of neighbours."""

    def setup(self, shape):
        return (shape[0] - 1,)

    def compute(self, x):
        return x[..., 1:, :] * x[..., :-1, :]


class Wrong(Layer):
    def compute(self, x):
        return x.over(-2)


def test_own_layers_are_trained_traced_and_stacked_like_ours() -> None:
    net = Net(Dense(4), Scale(), Activation("tanh"), Pairs(), Dense(1), input=3, seed=2)
    assert check(net, X, Y).worst < 1e-8
    h = net.values(X)["h1"]
    assert net.values(X)["pairs4"] == pytest.approx(h[:, 1:] * h[:, :-1])
    row = next(row for row in net.trace(X[0], Y[0]) if row.name == "scale2")
    assert row.formula == "scale2 = z1·s"
    assert row.written.endswith(f"·1.5 = {row.written.split()[-1]}")
    fleet = net.fleet(3)
    assert fleet.predict(X)[0] == pytest.approx(net.predict(X), abs=1e-13)
    fleet.backward(X, Y)
    assert fleet.grad[0].any()
    assert net.cost()[1].calls > 0


def test_an_own_layer_of_a_sequence_sees_places_and_units() -> None:
    class Ahead(Layer):
        def setup(self, shape):
            return (shape[0] - 1, shape[1])

        def compute(self, x):  # (…, places, units, batch)
            return x[..., 1:, :, :] - x[..., :-1, :, :]

    net = Net(TokenDense(2), Ahead(), Flatten(), Dense(1), input=(4, 3), seed=2)
    rows = RNG.normal(size=(5, 4, 3))
    z = net.values(rows)["z1"]
    assert net.values(rows)["ahead2"] == pytest.approx(z[:, 1:] - z[:, :-1], abs=1e-14)
    assert check(net, rows, Y).worst < 1e-8


def unknown(z: Term) -> Term:
    return z.call(np.arctan, "arctan({})", z)


REFUSED: dict[str, Callable[[], object]] = {
    'hidden is a list of 2; "2-4-4-4-1" wants 3, one for each hidden layer': lambda: Net("2-4-4-4-1", hidden=["relu", "tanh"]),
    'hidden is a list of 1; "2-1" wants 0, one for each hidden layer': lambda: Net("2-1", hidden=["relu"]),
    'no activation is called "tahn" (nearest: tanh)': lambda: Net("2-4-4-1", hidden=["relu", "tahn"]),
    'squash "bump" got the formula "e^−{x}" with {x}; it wants {z}': lambda: Squash("bump", "e^−{x}", exp),
    'loss "far" got the formula "|{a} − {y}|" with {a}; it wants {ŷ} and {y}':
        lambda: Loss("far", "|{a} − {y}|", lambda yhat, y: yhat - y),
    'the chain rule has no slope for "h1 = arctan(z1)"; state one beside it':
        lambda: Net("2-3-1", hidden=Squash("arctan", "arctan({z})", unknown)).backward([[1, 2]], [1]),
    '"h1 = yes({z})" has no slope to learn by; use it forward only'.replace("{z}", "z1"):
        lambda: Net("2-3-1", hidden=Squash("yes", "yes({z})", lambda z: z > 0)).backward([[1, 2]], [1]),
    'loss "total" gives 1 of the 2 numbers of a row':
        lambda: Net("2-2", loss=Loss("total", "Σ({ŷ} − {y})", lambda a, b: (a - b).over(-2))).loss([[1, 2]], [[1, 2]]),
    "layer 1 (Wrong) computes (1, 1); its setup promised (2, 1)": lambda: Net(Wrong(), Dense(1), input=2).predict([1, 2]),
}  # fmt: skip


@pytest.mark.parametrize("line", list(REFUSED))
def test_a_part_that_cannot_be_is_refused_in_one_whole_sentence(line: str) -> None:
    with pytest.raises(LabError) as caught:
        REFUSED[line]()
    assert str(caught.value) == line
