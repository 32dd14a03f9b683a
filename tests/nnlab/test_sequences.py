"""Sequences: every place by itself, and every array turned the way a reader expects."""

import math

import numpy as np
import pytest

from nnlab import (
    ACTIVATIONS,
    GRU,
    LSTM,
    RNN,
    SGD,
    Activation,
    BatchNorm,
    Conv2D,
    CrossEntropy,
    Dense,
    Embedding,
    Flatten,
    LayerNorm,
    MaxPool,
    Net,
    Padding,
    Pick,
    Position,
    ReLU,
    Residual,
    TokenDense,
    Trainer,
    check,
    multi_head,
)

RNG = np.random.default_rng(3)


def tagger(*inner, loss="ce", classes: int = 3, places: int = 5, width: int = 4) -> Net:
    net = Net(*inner, TokenDense(classes), loss=loss, input=(places, width), seed=1)
    net.theta[:] += RNG.normal(size=net.theta.size) * 0.3
    return net


# --- a loss at every place ---------------------------------------------------------------
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("weights", [None, (1.0, 4.0, 0.5)])
def test_cross_entropy_of_a_sequence_is_the_mean_over_its_places(smoothing: float, weights) -> None:
    kind = CrossEntropy(smoothing)
    net = Net(RNN(4, sequence=True), TokenDense(3), loss=kind, class_weight=weights, input=(5, 2), seed=2)
    X, y = RNG.normal(size=(6, 5, 2)), RNG.integers(0, 3, (6, 5))
    z = net.values(X)["z2"]
    assert z.shape == (6, 5, 3)
    total = share = 0.0
    for row in range(6):
        for place in range(5):
            top = math.log(sum(math.exp(v) for v in z[row, place]))
            label = [smoothing / 3 + (1 - smoothing) * (k == y[row, place]) for k in range(3)]
            own = (weights or (1, 1, 1))[y[row, place]]
            total += own * sum(q * (top - v) for q, v in zip(label, z[row, place], strict=True))
            share += own
    assert net.loss(X, y) == pytest.approx(total / share, rel=1e-13)
    assert net.trace(X, y)["L"] == pytest.approx(total / share, rel=1e-13)
    assert check(net, X, y).worst < 1e-8


def test_shares_add_up_to_one_at_every_place_and_knowing_nothing_costs_ln_k() -> None:
    net = tagger()
    X, y = RNG.normal(size=(4, 5, 4)), RNG.integers(0, 3, (4, 5))
    shares = net.predict(X)
    assert shares.shape == (4, 5, 3)
    assert shares.sum(axis=-1) == pytest.approx(np.ones((4, 5)), abs=1e-14)
    net.theta[:] = 0
    assert net.loss(X, y) == pytest.approx(math.log(3), rel=1e-14)
    assert net.losses(X, y) == pytest.approx(np.full(4, math.log(3)), rel=1e-14)


def test_the_loss_of_a_row_is_the_mean_over_its_places() -> None:
    net = tagger()
    X, y = RNG.normal(size=(4, 5, 4)), RNG.integers(0, 3, (4, 5))
    each = [net.loss(X[i], y[i]) for i in range(4)]
    assert net.losses(X, y) == pytest.approx(np.array(each), rel=1e-13)
    assert net.loss(X, y) == pytest.approx(np.mean(each), rel=1e-13)


@pytest.mark.parametrize("loss", ["mse", "mae", "huber", "bce", "bce-logits"])
def test_every_other_loss_takes_targets_of_the_output_s_shape(loss: str) -> None:
    net = tagger(loss=loss)
    X, y = RNG.normal(size=(4, 5, 4)), RNG.integers(0, 2, (4, 5, 3)).astype(float)
    flat = Net(TokenDense(3), Flatten(), loss=loss, input=(5, 4))
    flat.theta[:] = net.theta
    assert net.loss(X, y) == pytest.approx(flat.loss(X, y.reshape(4, 15)), rel=1e-14)
    assert net.loss(X[:1], y[:1]) == net.loss(X[0], y[0])
    assert check(net, X, y).worst < 1e-8


def test_one_softmax_over_everything_is_asked_for_with_flatten() -> None:
    net = Net(TokenDense(3), Flatten(), loss="ce", input=(5, 4), seed=1)
    assert net.predict(RNG.normal(size=(2, 5, 4))).sum(axis=1) == pytest.approx(np.ones(2))


def test_a_fleet_scores_every_place_of_its_members_as_they_would_alone() -> None:
    net = tagger(LayerNorm(), *multi_head(4, 2, causal=True))
    fleet = net.fleet(3)
    X, y = RNG.normal(size=(4, 5, 4)), RNG.integers(0, 3, (4, 5))
    for _ in range(3):
        fleet.step(X, y, SGD(0.1))
    for i in range(3):
        one = net.fleet(3).member(i)
        for _ in range(3):
            one.step(X, y, SGD(0.1))
        assert fleet.theta[i] == pytest.approx(one.theta, abs=1e-13)
        assert fleet.predict(X)[i] == pytest.approx(one.predict(X), abs=1e-13)
        assert fleet.values(X)["shares3"][i] == pytest.approx(one.values(X)["shares3"], abs=1e-13)
    own = np.stack([X, X + 1, X - 1]), np.stack([y] * 3)
    assert fleet.loss(*own) == pytest.approx([fleet.member(i).loss(own[0][i], y) for i in range(3)], abs=1e-13)


def test_a_softmax_inside_a_net_is_over_the_units_of_a_place() -> None:
    net = Net(TokenDense(3), Activation("softmax"), TokenDense(2), input=(5, 4), seed=1)
    X = RNG.normal(size=(2, 5, 4))
    z = net.values(X)["z1"]
    assert net.values(X)["h1"] == pytest.approx(
        np.stack([[ACTIVATIONS["softmax"](place) for place in row] for row in z]), abs=1e-15
    )
    assert check(net, X, RNG.normal(size=(2, 5, 2))).worst < 1e-8


# --- a norm at every place ---------------------------------------------------------------
def test_layer_norm_steadies_each_place_by_itself() -> None:
    net = Net(LayerNorm(), Flatten(), Dense(1), input=(5, 4), seed=1)
    X = RNG.normal(size=(3, 5, 4)) * 5 + 2
    want = (X - X.mean(-1, keepdims=True)) / np.sqrt(X.var(-1, keepdims=True) + 1e-5)
    assert net.values(X)["norm1"] == pytest.approx(want, abs=1e-13)
    net.params.view("norm1")[:] = RNG.normal(size=(4, 2))  # γ, β of the four units, at every place the same
    gamma, beta = net.params.view("norm1").T
    assert net.values(X)["norm1"] == pytest.approx(want * gamma + beta, abs=1e-13)
    assert check(net, X, RNG.normal(size=3)).worst < 1e-7


def test_later_words_do_not_change_earlier_outputs_of_a_causal_block() -> None:
    inner = [LayerNorm(), *multi_head(4, 2, causal=True)]
    net = tagger(Residual(*inner), Residual(LayerNorm(), TokenDense(8), ReLU(), TokenDense(4)))
    X = RNG.normal(size=(1, 5, 4))
    later = X.copy()
    later[0, 3:] = RNG.normal(size=(2, 4)) * 10
    before, after = net.predict(X)[0], net.predict(later)[0]
    assert (before[:3] == after[:3]).all()
    assert (before[3:] != after[3:]).all()


def test_batch_norm_of_a_sequence_is_per_unit_over_all_places() -> None:
    net = Net(BatchNorm(), Flatten(), Dense(1), input=(5, 4), seed=1)
    X = RNG.normal(size=(3, 5, 4)) * 5 + 2
    want = (X - X.mean((0, 1))) / np.sqrt(X.var((0, 1)) + 1e-5)
    done = net.private("train", 3)
    done.load(net.rows_of(X), np.zeros(3))
    done.plan.run()
    (norm,) = [op.seen for op in done.plan.ops if op.name == "norm1"]
    assert np.moveaxis(norm, -1, 0) == pytest.approx(want, abs=1e-13)
    assert check(net, X, RNG.normal(size=3)).worst < 1e-7


# --- which way arrays lie ----------------------------------------------------------------
@pytest.mark.parametrize(("heads", "causal"), [(1, False), (2, False), (4, True)])
def test_attention_is_read_as_queries_by_keys_with_all_heads(heads: int, causal: bool) -> None:
    net = Net(TokenDense(8), *multi_head(8, heads, causal), Flatten(), Dense(1), input=(4, 3), seed=1)
    X = RNG.normal(size=(3, 4, 3))
    values = net.values(X)
    q, k, _ = np.moveaxis(values["z2"].reshape(3, 4, 3, heads, -1), 2, 0).swapaxes(2, 3)
    scores = np.exp(q @ k.swapaxes(-1, -2) / math.sqrt(8 / heads)) * (np.tri(4) if causal else 1)
    want = scores / scores.sum(axis=-1, keepdims=True)
    assert values["shares3"] == pytest.approx(want, abs=1e-14)
    trace = net.trace(X, np.zeros(3))
    assert trace["shares3"] == pytest.approx(want, abs=1e-14)
    assert net.trace(X[1])["shares3"] == pytest.approx(want[1], abs=1e-14)
    assert net.trace(X[1])[f"shares3[{heads},3,2]"] == pytest.approx(want[1, -1, 2, 1])
    assert trace["dshares3"].shape == want.shape


SHAPED = {
    "places": ([TokenDense(3)], (5, 4), "z1", (5, 3)),
    "a squash of places": ([TokenDense(3), ReLU()], (5, 4), "h1", (5, 3)),
    "states": ([LSTM(3, sequence=True)], (5, 4), "h1", (5, 3)),
    "maps": ([Conv2D(2, 3)], (1, 6, 5), "z1", (2, 4, 3)),
    "pooled maps": ([Conv2D(2, 3), MaxPool(2)], (1, 6, 5), "pool2", (2, 2, 1)),
    "around": ([Residual(TokenDense(4))], (5, 4), "res1", (5, 4)),
}  # fmt: skip


@pytest.mark.parametrize("case", list(SHAPED))
def test_a_value_has_the_shape_of_its_layer_s_output_with_rows_first(case: str) -> None:
    layers, shape, name, want = SHAPED[case]
    net = Net(*layers, Flatten(), Dense(1), input=shape, seed=1)
    X = RNG.normal(size=(4, *shape))
    batch = net.values(X)[name]
    assert batch.shape == (4, *want)
    trace = net.trace(X, np.zeros(4))
    assert (trace[name] == batch).all()
    assert f"d{name}" not in trace or trace[f"d{name}"].shape == batch.shape
    assert trace["dX"].shape == X.shape
    for row in range(4):
        alone = net.trace(X[row], 0)
        assert alone[name] == pytest.approx(batch[row], abs=1e-14)
        last = ",".join(map(str, want))
        assert alone[f"{name}[{last}]"] == pytest.approx(batch[row].flat[-1], abs=1e-14)


def test_one_number_of_a_sequence_is_given_and_all_later_ones_follow() -> None:
    net = tagger(TokenDense(2), ReLU())
    X = RNG.normal(size=(5, 4))
    plain, own = net.trace(X), net.trace(X, given={"h1[2,1]": 7.0})
    assert own["h1"][1, 0] == 7
    assert (own["h1"] != plain["h1"]).sum() == 1
    assert (own["z2"][[0, 2, 3, 4]] == plain["z2"][[0, 2, 3, 4]]).all()
    whole = net.trace(X, given={"h1": own["h1"]})
    assert (whole["yhat"] == own["yhat"]).all()
    batch = net.trace(np.stack([X, X]), given={"h1": np.stack([plain["h1"], own["h1"]])})
    assert batch["yhat"] == pytest.approx(np.stack([plain["yhat"], own["yhat"]]), abs=1e-14)


# --- positions, places, padding ----------------------------------------------------------
def test_waves_are_sines_and_cosines_of_the_place() -> None:
    net = Net(Position("waves"), Flatten(), Dense(1), input=(4, 6), seed=1)
    found = net.values(np.zeros((1, 4, 6)))["position1"][0]
    for place in range(4):
        for i in range(3):
            angle = place / 10_000 ** (2 * i / 6)
            assert found[place, 2 * i] == pytest.approx(math.sin(angle), abs=1e-15)
            assert found[place, 2 * i + 1] == pytest.approx(math.cos(angle), abs=1e-15)
    assert net.theta.size == 25  # the waves are no parameters


def test_learned_positions_are_added_place_by_place_and_trained() -> None:
    net = Net(Position(), Flatten(), Dense(1), input=(4, 3), seed=1)
    X = RNG.normal(size=(5, 4, 3))
    assert (net.values(X)["position1"] == X + net.params.view("position1")).all()
    assert check(net, X, RNG.normal(size=5)).worst < 1e-8


def test_without_positions_attention_sees_a_set_and_with_them_a_sequence() -> None:
    X = RNG.normal(size=(1, 4, 6))
    turned = X[:, [2, 0, 3, 1]]
    for layers, same in (([], True), ([Position("waves")], False)):
        net = Net(*layers, *multi_head(6, 2), Pick("mean"), Dense(1), input=(4, 6), seed=1)
        assert (abs(net.predict(X) - net.predict(turned)) < 1e-12).all() == same


@pytest.mark.parametrize(("which", "index"), [("first", 0), ("last", 3), (1, 0), (3, 2)])
def test_one_place_is_handed_on(which: str | int, index: int) -> None:
    net = Net(Pick(which), Dense(2), input=(4, 3), seed=1)
    X = RNG.normal(size=(5, 4, 3))
    assert (net.values(X)["pick1"] == X[:, index]).all()
    assert check(net, X, RNG.normal(size=(5, 2))).worst < 1e-8


LENGTHS = [4, 2, 1, 3]


def padded(width: int = 3) -> np.ndarray:
    """Rows of four places of which the last ones hold nothing."""
    X = RNG.normal(size=(4, 4, width))
    for row, length in enumerate(LENGTHS):
        X[row, length:] = 0
    return X


ENDS = {
    "rnn": lambda: [RNN(3)], "rnns": lambda: [RNN(3, sequence=True), RNN(2)], "lstm": lambda: [LSTM(3)],
    "gru": lambda: [GRU(3)], "last": lambda: [TokenDense(3), Pick("last")],
    "attention": lambda: [*multi_head(3), Pick("mean")], "lstm places": lambda: [LSTM(3, sequence=True), Pick("last")],
    "block": lambda: [Residual(LayerNorm(), *multi_head(3)), Pick("last")],
    "positions": lambda: [Position("waves"), *multi_head(3), Pick("last")],
}  # fmt: skip


@pytest.mark.parametrize("name", list(ENDS))
def test_a_padded_row_gives_what_its_own_places_alone_would_give(name: str) -> None:
    net = Net(Padding(), *ENDS[name](), Dense(2), input=(4, 3), seed=1)
    net.theta[:] += RNG.normal(size=net.theta.size) * 0.3
    X = padded()
    for row, length in enumerate(LENGTHS):
        short = Net(*ENDS[name](), Dense(2), input=(length, 3), seed=1)
        short.theta[:] = net.theta
        assert net.predict(X)[row] == pytest.approx(short.predict(X[row : row + 1, :length])[0], abs=1e-12)
    assert check(net, X, RNG.normal(size=(4, 2))).worst < 1e-8


def test_padding_of_tokens_is_a_token() -> None:
    net = Net(Padding(0), Embedding(6, 3), GRU(3), Dense(2), input=4, seed=1)
    X = np.array([[1, 2, 0, 0], [3, 3, 5, 1]])
    alone = Net(Embedding(6, 3), GRU(3), Dense(2), input=2, seed=1)
    alone.theta[:] = net.theta
    assert net.predict(X)[0] == pytest.approx(alone.predict(X[:1, :2])[0], abs=1e-13)
    assert check(net, X, RNG.normal(size=(2, 2))).worst < 1e-8


NOTHING_ENDS = ENDS | {
    "attention, then steps": lambda: [*multi_head(3, causal=True), LSTM(2)],
    "attention, the last": lambda: [*multi_head(3), Pick("last")], "the mean alone": lambda: [Pick("mean")],
}  # fmt: skip


@pytest.mark.parametrize("name", list(NOTHING_ENDS))
def test_a_row_of_nothing_but_padding_still_gives_numbers(name: str) -> None:
    net = Net(Padding(), *NOTHING_ENDS[name](), Dense(1), input=(3, 3), seed=1)
    X = np.zeros((2, 3, 3))
    X[0] = 1
    assert np.isfinite(net.predict(X)).all()
    assert np.isfinite(net.backward(X, [0, 1]))
    assert np.isfinite(net.grad).all()


@pytest.mark.parametrize("weights", [None, (1.0, 3.0, 0.5)])
def test_a_label_of_minus_one_leaves_its_place_out_of_loss_and_gradient(weights) -> None:
    net = Net(LSTM(3, sequence=True), TokenDense(3), loss="ce", class_weight=weights, input=(4, 3), seed=1)
    X, y = RNG.normal(size=(2, 4, 3)), np.array([[0, 2, 1, 1], [1, 0, -1, -1]])
    z = net.values(X)["z2"]
    total = share = 0.0
    for row, place in zip(*np.nonzero(y >= 0), strict=True):
        own = (weights or (1, 1, 1))[y[row, place]]
        total += own * (math.log(np.exp(z[row, place]).sum()) - z[row, place, y[row, place]])
        share += own
    assert net.loss(X, y) == pytest.approx(total / share, rel=1e-13)
    assert net.losses(X, y)[1] == pytest.approx(
        np.mean([math.log(np.exp(z[1, p]).sum()) - z[1, p, y[1, p]] for p in (0, 1)]), rel=1e-13
    )
    assert check(net, X, y).worst < 1e-8
    assert net.trace(X, y)["dyhat"][1, 2:].tolist() == [[0, 0, 0], [0, 0, 0]]


def test_an_epoch_with_places_left_out_is_the_mean_over_those_that_count() -> None:
    X, y = RNG.normal(size=(5, 4, 3)), RNG.integers(-1, 3, (5, 4))
    net = Net(RNN(3, sequence=True), TokenDense(3), loss="ce", input=(4, 3), seed=1)
    (stretch,) = Trainer(net, (X, y), SGD(0.0), batch=2).epochs(1)
    assert stretch.loss == pytest.approx(net.loss(X, y), rel=1e-13)


# --- open valves -------------------------------------------------------------------------
def test_open_valves_are_biases_that_start_open_and_nothing_else() -> None:
    lstm, gru = Net(LSTM(3, forget=2.0), Dense(1), input=(5, 2), seed=4), Net(GRU(3, keep=1.5), Dense(1), input=(5, 2), seed=4)
    assert lstm[0].b.tolist() == [0] * 3 + [2] * 3 + [0] * 6
    assert gru[0].b.tolist() == [0] * 3 + [1.5] * 3
    for net, plain in ((lstm, LSTM(3)), (gru, GRU(3))):
        closed = Net(plain, Dense(1), input=(5, 2), seed=4)
        closed[0].b[:] = net[0].b
        assert (closed.theta == net.theta).all()
    assert (lstm.fresh(9)[0].b == lstm[0].b).all()
    assert repr(lstm.layers[0]) == "LSTM(3, forget=2.0)"


# --- refusals ----------------------------------------------------------------------------
REFUSED = {
    'loss "ce" got targets of shape (2,); it wants one label for each of the 5 places, (2, 5)':
        lambda: tagger().loss(np.ones((2, 5, 4)), [0, 1]),
    'loss "ce" got the label 3; the net has 3 outputs, so it wants whole numbers from 0 to 2':
        lambda: tagger().loss(np.ones((1, 5, 4)), [[0, 1, 3, 0, 0]]),
    'loss "mse" got targets of shape (2, 5); the net gives 15 per row, so it wants (2, 5, 3)':
        lambda: tagger(loss="mse").loss(np.ones((2, 5, 4)), np.ones((2, 5))),
    "layer 2 (Activation) got shape (2, 4, 4) per row; "
    "it wants a row or a sequence for softmax: put Flatten() before it":
        lambda: Net(Conv2D(2, 3), Activation("softmax"), Flatten(), Dense(1), input=(1, 6, 6)),
    'loss "ce" got an output of shape (2, 4, 4); it wants (classes,) or (places, classes): '
    "put Flatten() and Dense(classes) at the end":
        lambda: Net(Conv2D(2, 3), loss="ce", out="linear", strict=False, input=(1, 6, 6)),
    'loss "ce" got only labels of −1, which leave a place out; it wants a class':
        lambda: tagger().loss(np.ones((1, 5, 4)), [[-1] * 5]),
    'loss "ce" got the label -2; the net has 3 outputs, so it wants whole numbers from 0 to 2':
        lambda: tagger().loss(np.ones((1, 5, 4)), [[0, 1, -2, 0, 0]]),
    'loss "ce" got the label -1; the net has 3 outputs, so it wants whole numbers from 0 to 2':
        lambda: Net("2-3", loss="ce").loss([[1, 2]], [-1]),
    "Position got 'wave'; it wants \"learned\" or \"waves\"": lambda: Position("wave"),
    "layer 1 (Position) got shape (4,) per row; it wants (places, width)": lambda: Net(Position(), input=4),
    """Pick got 0; it wants "first", "last", "mean" or a number from 1""": lambda: Pick(0),
    """Pick got 'end'; it wants "first", "last", "mean" or a number from 1""": lambda: Pick("end"),
    "layer 1 (Pick) got 4 places per row; it wants at least 5 places": lambda: Net(Pick(5), input=(4, 2)),
    "layer 1 (Padding) got shape (1, 4, 4) per row; it wants (places,) or (places, width)":
        lambda: Net(Padding(), input=(1, 4, 4)),
    "LSTM got forget = nan; it wants a finite number": lambda: LSTM(2, forget=math.nan),
    "GRU got keep = inf; it wants a finite number": lambda: GRU(2, keep=math.inf),
    'loss "ce" wants one output per class, at least 2; the net has 1': lambda: tagger(classes=1),
    "z1[2,1] is no unit of a row; swap z1 as a whole":
        lambda: tagger().trace(np.ones((5, 4)), swap={"z1[2,1]": lambda w, b, x: 0}),
    "dW1[2,1] is no unit of a row; swap dW1 as a whole":
        lambda: Net("2-3-1").trace([1, 2], 1, swap={"dW1[2,1]": lambda d, x: 0}),
    "a fleet has no trace; take one net of it: fleet.member(0).trace(…)":
        lambda: Net("2-1").fleet(2).trace([1, 2], 0),
    "X has 3 rows and y is one number": lambda: Net("2-1").loss(np.ones((3, 2)), 1.0),
}  # fmt: skip


@pytest.mark.parametrize("line", list(REFUSED))
def test_what_does_not_fit_a_sequence_is_refused_in_one_whole_sentence(line: str) -> None:
    with pytest.raises(ValueError, match=".") as caught:
        REFUSED[line]()
    assert str(caught.value) == line
