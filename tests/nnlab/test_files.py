"""A net is a value: copied, pickled or saved it is the same net, and another one's file is refused."""

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import nnlab
from nnlab import (
    ACTIVATIONS,
    GRU,
    LSTM,
    RNN,
    SGD,
    Adam,
    AvgPool,
    BatchNorm,
    Conv2D,
    CrossEntropy,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Huber,
    LabError,
    LayerNorm,
    MaxPool,
    Net,
    ReLU,
    Residual,
    Tanh,
    Trainer,
    multi_head,
)
from nnlab.activations import Squash, leaky
from nnlab.files import LAYERS
from nnlab.layers import Activation, Layer
from nnlab.layers.places import Padding, Pick, Position
from nnlab.params import INITIALISERS

NETS = {
    "dense": lambda: Net("3-5-4-1", hidden="tanh", loss="bce", seed=2, l1=1e-3, l2=1e-3, class_weight=(1, 3)),
    "each its squash": lambda: Net("3-5-4-1", hidden=[leaky(0.2), "gelu"], seed=2),
    "labels": lambda: Net("3-5-3", loss=CrossEntropy(0.1), seed=2, init=("uniform", 0.3)),
    "huber": lambda: Net("3-5-1", loss=Huber(0.3), init="spread-kinks", kinks=(-2, 1)),
    "single": lambda: Net("3-4-1", dtype=np.float32, seed=5),
    "does not fit": lambda: Net("3-4-1", out="relu", loss="bce", strict=False),
    "own row": lambda: Net("3-4-1", init=replace(INITIALISERS["normal"], scale=0.4)),
    "restless": lambda: Net(Dense(6), BatchNorm(0.2), ReLU(), Dropout(0.3), Dense(1), loss="bce", input=3),
    "around": lambda: Net(Dense(4), Residual(Dense(4), Tanh(), Residual(LayerNorm(1e-3))), Dense(1), input=3),
    "pictures": lambda: Net(Conv2D(3, 3, 2, 1), ReLU(), MaxPool(2), AvgPool(1), Flatten(), Dense(2), loss="ce", input=(1, 8, 8)),
    "rnn": lambda: Net(RNN(4, "relu", sequence=True), RNN(3), Dense(1), input=(5, 2)),
    "gates": lambda: Net(LSTM(4, sequence=True, forget=2.0), GRU(3, keep=1.5), Dense(1), input=(5, 2)),
    "words": lambda: Net(Embedding(6, 4), Position(), *multi_head(4, 2, causal=True), Pick("mean"), Dense(1), input=5),
    "waves": lambda: Net(Padding(), Position("waves"), *multi_head(4, 1), Pick(np.int64(2)), Dense(1), input=(5, 4)),
    "fleet": lambda: Net("3-5-1", loss="bce", seed=2).fleet(4),
    "rates": lambda: Net("3-5-1", loss="bce", seed=2).fleet(3, lr=[0.1, 0.2, 0.3]),
}


def rows(net: Net, n: int = 12) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, *net.input))
    if isinstance(net.layers[0], Embedding):
        X = rng.integers(0, 6, X.shape).astype(float)
    return X, rng.integers(0, 2, n).astype(float)


def by_file(net: Net, path: Path) -> Net:
    net.save(path / "net.npz")
    return Net.load(path / "net.npz")


WAYS = {
    "copy": lambda net, _: net.copy(),
    "copy.copy": lambda net, _: copy.copy(net),
    "deepcopy": lambda net, _: copy.deepcopy([net])[0],
    "pickle": lambda net, _: pickle.loads(pickle.dumps(net)),  # noqa: S301  # our own bytes
    "file": by_file,
}


@pytest.mark.slow
@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("name", list(NETS))
def test_a_twin_says_and_learns_the_same_and_leaves_the_net_alone(name: str, way: str, tmp_path: Path) -> None:
    net = NETS[name]()
    X, y = rows(net)
    Trainer(net, (X, y), Adam(0.01), batch=5).fit(3)
    twin = WAYS[way](net, tmp_path)
    assert type(twin) is type(net)
    assert repr(twin) == repr(net)
    assert twin.rates == net.rates
    assert (twin.predict(X) == net.predict(X)).all()
    before = [array.copy() for array in net.numbers]
    if way == "file":  # a file keeps no place in the noise
        net.rng.bit_generator.state = twin.rng.bit_generator.state
    losses = [stretch.loss for stretch in Trainer(twin, (X, y), SGD(0.05), batch=5, seed=1).epochs(4)]
    assert all((a == b).all() for a, b in zip(before, net.numbers, strict=True))
    assert not (twin.theta == net.theta).all()
    again = [stretch.loss for stretch in Trainer(net, (X, y), SGD(0.05), batch=5, seed=1).epochs(4)]
    assert np.array_equal(losses, again)
    assert all((a == b).all() for a, b in zip(twin.numbers, net.numbers, strict=True))
    weighted = next(p for layer in twin.layers for p in layer.parts() if p.weighted)
    assert not any(np.shares_memory(twin.params.view(b.name), net.theta) for b in weighted.blocks())


def test_every_layer_and_squash_and_start_is_known_to_files(tmp_path: Path) -> None:
    def kinds(layer: Layer) -> set[str]:
        return {type(layer).__name__}.union(*map(kinds, layer.inner))

    used = set().union(*[kinds(layer) for make in NETS.values() for layer in make().layers])
    assert used == set(LAYERS)
    ours = {kind for kind in vars(nnlab).values() if isinstance(kind, type) and issubclass(kind, Layer) and kind is not Layer}
    assert ours <= set(LAYERS.values())
    for name in [name for name in ACTIVATIONS if name != "softmax"]:
        net = Net(Dense(3), Activation(name), Dense(1), input=2, seed=1)
        assert (by_file(net, tmp_path).predict([[1, 2]]) == net.predict([[1, 2]])).all()
    for name in INITIALISERS:
        net = Net("2-3-1", init=name, seed=1)
        assert by_file(net, tmp_path).fresh(4).theta.tolist() == net.fresh(4).theta.tolist()


def test_one_list_of_layers_makes_many_nets_and_one_layer_may_stand_twice() -> None:
    layers = [Dense(3), Tanh(), Dense(1)]
    nets = [Net(*layers, input=2, seed=seed) for seed in range(3)]
    for seed, net in enumerate(nets):
        assert net.predict([[1, 2]]) == Net("2-3-1", hidden="tanh", seed=seed).predict([[1, 2]])
    same = Dense(3)
    twice = Net(same, Tanh(), same, Tanh(), Dense(1), input=3, seed=1)
    assert twice.theta.size == 12 + 12 + 4
    twice.backward([[1, 2, 3]], [1])
    assert (np.abs(twice[0].dW) > 0).all()
    assert (np.abs(twice[1].dW) > 0).all()
    inner = Residual(Dense(2))
    assert Net(inner, inner, input=2).theta.size == 12


def test_weights_may_be_given_as_a_whole() -> None:
    net = Net("2-3-1")
    net[0].W = [[1, 2], [3, 4], [5, 6]]
    net[0].b = 0.5
    assert net.theta[:9].tolist() == [1, 2, 0.5, 3, 4, 0.5, 5, 6, 0.5]
    assert np.shares_memory(net[0].W, net.theta)


def test_a_file_opens_in_another_process(tmp_path: Path) -> None:
    net = Net("2-3-1", loss="bce", seed=4)
    net.save(tmp_path / "net.npz")
    code = "import sys; from nnlab import Net; print(repr(Net.load(sys.argv[1]).predict([[1, 2]]).tolist()))"
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "net.npz")], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == repr(net.predict([[1, 2]]).tolist())


def test_saving_is_whole_or_not_at_all(tmp_path: Path) -> None:
    Net("2-3-1", seed=1).save(tmp_path / "net.npz")
    bump = Squash("bump", "{z}·{z}", lambda z: z * z)
    with pytest.raises(LabError) as caught:
        Net("2-3-1", hidden=bump).save(tmp_path / "net.npz")
    assert str(caught.value) == (
        'the squash "bump" is your own, and a file holds what nnlab has; keep net.theta with np.save'
    )
    assert Net.load(tmp_path / "net.npz").theta.tolist() == Net("2-3-1", seed=1).theta.tolist()
    assert [p.name for p in tmp_path.iterdir()] == ["net.npz"]


def altered(path: Path, **changes: object) -> None:
    with np.load(path) as file:
        arrays = dict(file)
    said = json.loads(str(arrays["net"])) | changes
    np.savez(path, **(arrays | {"net": np.array(json.dumps(said))}))


def test_a_file_that_is_no_net_or_another_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"

    def refusal() -> str:
        with pytest.raises(LabError) as caught:
            Net.load(path)
        return str(caught.value)

    assert refusal() == f"a.npz: there is no such file in {tmp_path}; check the path"
    for rubbish in (b"", b"PK\x03\x04", b"hello", bytes(1000)):
        path.write_bytes(rubbish)
        assert refusal() == "a.npz is no net that nnlab saved, or it is damaged"
    Net("2-3-1").save(path)
    path.write_bytes(path.read_bytes()[:-400])
    assert refusal() == "a.npz is no net that nnlab saved, or it is damaged"
    np.savez(path, theta=np.zeros(13))
    assert refusal() == "a.npz does not say what its net is; save it again with net.save"
    Net("2-3-1").save(path)
    altered(path, form="nnlab net 9")
    assert refusal() == 'a.npz is written as "nnlab net 9"; this nnlab reads "nnlab net 2"'
    for changes, why in (
        ({"input": [3]}, "its numbers are of another one"),
        ({"loss": ["nope", None]}, "'nope'"),
        ({"layers": [{"kind": "Own"}]}, "'Own'"),
        ({"layers": [{"kind": "Dense", "n": 0, "inputs": None}]}, "Dense: n is 0; it wants a whole number ≥ 1"),
        ({"l2": -1}, "a net got l2 = -1; it wants a number ≥ 0"),
        ({"loss": ["bce", None]}, 'loss "bce" wants the output "sigmoid"; the net ends in "linear"'),
        ({"members": 2}, "its numbers are of another one"),
        ({"rates": 0.1}, "its numbers are of another one"),  # only a fleet has its own
        ({"rates": [0.1, 0.2]}, "its numbers are of another one"),
        ({"dtype": "float32"}, "its numbers are of another one"),
    ):
        Net("2-3-1").save(path)
        altered(path, **changes)
        assert refusal() == f"a.npz does not hold a whole net: {why}"


def _places_in(said: object, at: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    return [at] * bool(at) + [place for key, value in inner for place in _places_in(value, (*at, key))]


@pytest.mark.slow
@pytest.mark.parametrize("make", [lambda net: net, lambda net: net.fleet(2, lr=[0.1, 0.2])], ids=["net", "fleet"])
def test_words_that_nnlab_did_not_write_are_refused_or_make_a_whole_net(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "net.npz"
    make(Net(Dense(2), BatchNorm(), Residual(Dense(2)), Tanh(), Dense(1), input=3, loss="bce")).save(path)
    with np.load(path) as file:
        arrays = dict(file)
    said = json.loads(str(arrays["net"]))
    lines = []
    for *way, last in _places_in(said):
        for value in (None, -1, 1.5, True, "x", [], {}, [[]], 1e999, 10**30, {"kind": "Dense"}):
            words = copy.deepcopy(said)
            inner = words
            for key in way:
                inner = inner[key]
            inner[last] = value
            np.savez(path, **arrays | {"net": np.array(json.dumps(words))})
            try:
                assert Net.load(path).predict(np.ones((2, 3))).shape[-1] == 2
            except LabError as error:
                lines.append(str(error))
    assert len(lines) > 200
    assert all(line.startswith("net.npz ") for line in lines)


# --- what is no net ------------------------------------------------------------------------
ERRORS = [
    lambda: Net("2-3-1", loss="bcee"), lambda: Net("2-3-1").predict([1, 2, 3]), lambda: Net("2-x"), lambda: Net("2-3-1")[9],
]  # fmt: skip


@pytest.mark.parametrize("fails", ERRORS)
def test_an_error_goes_into_a_pickle_with_its_line_and_its_evidence(fails: Callable[[], object]) -> None:
    with pytest.raises(LabError) as caught:
        fails()
    for again in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value), copy.deepcopy(caught.value)):  # noqa: S301  # our own bytes
        assert type(again) is type(caught.value)
        assert (str(again), vars(again)) == (str(caught.value), vars(caught.value))


def test_an_error_is_safe_to_print_whatever_it_quotes() -> None:
    assert str(LabError("a\x1b[31mb\nc\u202ed é − ŷ₂")) == "a·[31mb·c·d é − ŷ₂"


def test_a_trace_is_its_own_copy_and_refuses_a_pickle() -> None:
    """A copy that looked into the plan of another time would write other numbers beside its own."""
    net = Net("2-3-1", seed=1)
    trace = net.trace([1, 2], 1)
    row = trace.rows[0]
    twins = [copy.copy(trace), copy.deepcopy(trace)]
    rows = [copy.copy(row), copy.deepcopy([row])[0]]
    said = row.written
    net.trace([5, 6], 0)
    assert [twin.rows[0].written for twin in twins] == [one.written for one in rows] == [said] * 2
    for one in (trace, row):
        with pytest.raises(LabError) as caught:
            pickle.dumps(one)
        wants = "keep its table(), or the net and the rows it was asked for"
        assert str(caught.value) == f"a trace goes into no pickle; {wants}"
