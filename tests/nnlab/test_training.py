"""Training, fleets, files and the doctor: behaviour a lesson relies on."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nnlab import (
    GRU,
    LSTM,
    RNN,
    SGD,
    Adam,
    AvgPool,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    LayerNorm,
    MaxPool,
    Momentum,
    Net,
    ReLU,
    Residual,
    Stretch,
    Tanh,
    TokenDense,
    Trainer,
    data,
    diagnose,
    examine,
    multi_head,
)
from nnlab.layers import Layer


def net(seed: int = 1, **how: object) -> Net:
    return Net("2-8-1", hidden="tanh", loss="bce", seed=seed, **how)  # type: ignore[arg-type]


def test_a_seed_gives_the_same_bits() -> None:
    runs = []
    for _ in range(2):
        one = net()
        runs.append(Trainer(one, data.moons(50), Adam(0.01), batch=8, seed=4).fit(5).losses.tolist())
        runs.append(one.theta.tolist())
    assert runs[:2] == runs[2:]


def test_a_trainer_does_what_single_steps_do() -> None:
    X, y = data.moons(40, seed=2)
    a, b = net(), net()
    curve = Trainer(a, (X, y), Momentum(0.1)).fit(7)
    rule = Momentum(0.1)
    assert curve.losses.tolist() == [b.step(X, y, rule) for _ in range(7)]
    assert a.theta.tolist() == b.theta.tolist()


def test_batches_cover_every_row_once_an_epoch_and_a_short_last_batch_counts_by_its_size() -> None:
    X, y = data.moons(50, seed=2)
    still = net()
    stretch = next(Trainer(still, (X, y), SGD(0.0), batch=16).epochs(1))
    assert stretch.loss == pytest.approx(still.loss(X, y), abs=1e-12)
    assert (stretch.epoch, stretch.step, len(stretch.losses)) == (1, 4, 4)


def test_epochs_is_pulled_and_nothing_runs_between_the_pulls() -> None:
    one = net()
    stretches: Iterator[Stretch] = Trainer(one, data.moons(40), SGD(0.1)).epochs(1000)
    next(stretches)
    after = one.theta.copy()
    assert (one.theta == after).all()
    next(stretches)
    assert not (one.theta == after).all()
    before = np.geterr()
    next(stretches)
    assert np.geterr() == before


def test_steps_counts_updates_and_epochs_every_groups_them() -> None:
    trainer = Trainer(net(), data.moons(40), SGD(0.1), batch=10)
    assert [e.step for e in trainer.steps(6)] == [1, 2, 3, 4, 5, 6]
    grouped = list(Trainer(net(), data.moons(40), SGD(0.1)).epochs(10, every=4))
    assert [e.epoch for e in grouped] == [4, 8, 10]
    assert [len(e.losses) for e in grouped] == [4, 4, 2]


def test_divergence_is_an_event_with_its_step_and_no_warning() -> None:
    one = Net("1-8-1", hidden="relu", seed=1)
    x = np.linspace(-3, 3, 20)
    stretches = list(Trainer(one, (x, 5 * x), SGD(50.0)).epochs(500))
    last = stretches[-1]
    assert last.diverged_at == len(stretches) == last.step < 500
    assert not np.isfinite(last.loss)
    assert all(np.isfinite(e.loss) for e in stretches[:-1])


@pytest.mark.parametrize("lr", [30.0, 1e6, 1e12, 1e20])
def test_a_reported_loss_keeps_its_digits_while_training_runs_wild(lr: float) -> None:
    X, y = data.gauss(41, seed=2, noise=0.4)
    one = net()
    stretches = Trainer(one, (X, y), SGD(lr)).steps(40)
    for _ in range(40):
        want = one.losses(X, y).mean()  # loss by loss, where nothing cancels
        assert next(stretches).loss == pytest.approx(want, rel=1e-9, abs=1e-9)


def test_patience_stops_and_the_best_weights_come_back(tmp_path: Path) -> None:
    noisy = data.moons(40, seed=1, noise=0.4)
    watch = data.moons(200, seed=2, noise=0.4)
    one = Net("2-64-1", hidden="relu", loss="bce", seed=1)
    trainer = Trainer(one, noisy, Adam(0.02), validation=watch)
    curve = trainer.fit(2000, patience=30, checkpoint=tmp_path / "best.npz")
    assert curve.validation_losses is not None
    assert curve.epochs == curve.best_epoch + 30 < 2000
    assert one.loss(*watch) == pytest.approx(curve.best_loss, abs=1e-14)
    assert curve.best_loss == curve.validation_losses.min()
    again = Net.load(tmp_path / "best.npz")
    assert again.theta.tolist() == one.theta.tolist()


def test_dropout_is_silent_in_use_and_keeps_the_mean_in_training() -> None:
    one = Net(Dense(400), Dropout(0.25), Dense(1), input=2, seed=1)
    X = np.ones((1, 2))
    quiet = one.predict(X)
    assert (one.predict(X) == quiet).all()
    done = one.prepare("train", 1)
    done.load(X, np.zeros(1))
    outs = []
    for _ in range(300):
        done.plan.run()
        outs.append(done.out.value.item())
    assert np.std(outs) > 0
    assert np.mean(outs) == pytest.approx(quiet.item(), abs=4 * np.std(outs) / 300**0.5)


def test_batch_norm_trains_on_the_batch_and_uses_what_it_remembers() -> None:
    one = Net(BatchNorm(), Dense(1), input=2, seed=1)
    X = np.random.default_rng(0).normal([3, -1], [2, 0.5], (400, 2))
    for _ in range(200):
        one.backward(X, np.zeros(400))
    assert one.state["mean1"][:, 0] == pytest.approx(X.mean(axis=0))
    assert one.state["variance1"][:, 0] == pytest.approx(X.var(axis=0, ddof=1))


# --- fleets ------------------------------------------------------------------------------
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("rule", [SGD(0.2), Adam(0.02)])
@pytest.mark.parametrize("sizes", ["2-5-4-1", "2-5-3"])
def test_each_member_of_a_fleet_trains_as_it_would_alone(rule: object, sizes: str) -> None:
    X, y = data.moons(30, seed=1)
    kind = "ce" if sizes.endswith("3") else "bce"
    one = Net(sizes, hidden="tanh", loss=kind, l2=0.01, seed=5)
    fleet = one.fleet(4)
    curves = Trainer(fleet, (X, y), rule, batch=8, seed=3).fit(6)  # type: ignore[arg-type]
    for i in range(4):
        alone = one.fresh(5 + i)
        curve = Trainer(alone, (X, y), rule, batch=8, seed=3).fit(6)  # type: ignore[arg-type]
        assert curves.losses[:, i] == pytest.approx(curve.losses, abs=1e-12)
        assert fleet.theta[i] == pytest.approx(alone.theta, abs=1e-12)
        assert fleet.predict(X)[i] == pytest.approx(alone.predict(X), abs=1e-12)
        assert fleet.accuracy(X, y)[i] == alone.accuracy(X, y)
        assert fleet.member(i).loss(X, y) == pytest.approx(alone.loss(X, y), abs=1e-12)


FLEETS: dict[str, tuple[list[Layer], int | tuple[int, ...]]] = {
    "norms": ([Dense(4), BatchNorm(), Tanh(), LayerNorm(), Residual(Dense(4), Tanh())], 3),
    "convolution": ([Conv2D(2, 3, padding=1), BatchNorm(), ReLU(), MaxPool(2), Conv2D(3, 2, 2)], (2, 6, 7)),
    "average pool": ([AvgPool(2), Conv2D(2, 2)], (1, 7, 6)),
    "rnn": ([RNN(4, sequence=True), RNN(3, "relu")], (5, 2)),
    "lstm": ([LSTM(4, sequence=True), LSTM(3)], (5, 2)),
    "gru": ([GRU(4, sequence=True), GRU(3)], (5, 2)),
    "attention": ([TokenDense(4), *multi_head(4, 2, True)], (5, 3)),
    "embedding": ([Embedding(6, 3), LSTM(3)], 4),
}


@pytest.mark.slow
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", list(FLEETS))
def test_every_kind_of_layer_can_be_stacked(name: str) -> None:
    layers, shape = FLEETS[name]
    one = Net(*layers, Flatten(), Dense(3), loss="ce", input=shape, seed=5)
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(10, *one.input)), rng.integers(0, 3, 10)
    if name == "embedding":
        X = rng.integers(0, 6, X.shape).astype(float)
    fleet = one.fleet(3)
    curves = Trainer(fleet, (X, y), Adam(0.02), batch=4, seed=3, validation=(X[:5], y[:5])).fit(4)
    for i in range(3):
        alone = one.fresh(5 + i)
        curve = Trainer(alone, (X, y), Adam(0.02), batch=4, seed=3, validation=(X[:5], y[:5])).fit(4)
        assert curves.losses[:, i] == pytest.approx(curve.losses, abs=1e-12)
        assert fleet.theta[i] == pytest.approx(alone.theta, abs=1e-12)
        assert fleet.predict(X)[i] == pytest.approx(alone.predict(X), abs=1e-12)


def test_a_fleet_of_rates_starts_from_one_net() -> None:
    X, y = data.moons(30, seed=1)
    rates = [0.01, 0.1, 1.0]
    fleet = net().fleet(3, lr=rates)
    curves = fleet.fit((X, y), steps=20)
    assert curves.losses.shape == (20, 3)
    for i, rate in enumerate(rates):
        assert curves.losses[:, i] == pytest.approx(
            Trainer(net(), (X, y), SGD(rate)).fit(20).losses, abs=1e-12
        )


@pytest.mark.usefixtures("way")
def test_members_can_have_their_own_rows_and_each_keeps_its_own_best() -> None:
    sets = [data.friedman1(60, seed=s) for s in range(3)]
    X = np.stack([s.X for s in sets])
    y = np.stack([s.y for s in sets]) / 10
    one = Net("10-16-1", seed=1)
    fleet = one.fleet(3)
    trainer = Trainer(fleet, (X[:, :40], y[:, :40]), Adam(0.01), validation=(X[:, 40:], y[:, 40:]))
    curves = trainer.fit(150, patience=20)
    assert curves.validation_losses is not None
    assert fleet.r2(X[:, 40:], y[:, 40:]).shape == (3,)
    for i in range(3):
        alone = one.fresh(1 + i)
        curve = Trainer(alone, (X[i, :40], y[i, :40]), Adam(0.01), validation=(X[i, 40:], y[i, 40:])).fit(
            150, patience=20
        )
        assert curves.best_epoch[i] == curve.best_epoch
        assert fleet.theta[i] == pytest.approx(alone.theta, abs=1e-10)


@pytest.mark.usefixtures("way")
def test_one_diverging_member_does_not_stop_the_others() -> None:
    x = np.linspace(-3, 3, 20)
    fleet = Net("1-8-1", seed=1).fleet(2, lr=[0.001, 50.0])
    curves = fleet.fit((x, 5 * x), steps=100)
    assert curves.diverged_at[0] == 0
    assert curves.diverged_at[1] > 0
    assert np.isfinite(curves.losses[:, 0]).all()
    assert len(curves.losses) == 100


# --- the doctor --------------------------------------------------------------------------
def names(one: Net, X: object, y: object) -> set[str]:
    return {finding.name for finding in diagnose(one, (X, y))}


def healthy(**how: object) -> Net:
    return Net("2-16-16-1", hidden="relu", loss="bce", seed=3, **how)  # type: ignore[arg-type]


def test_a_healthy_net_gives_no_finding() -> None:
    X, y = data.moons(200, seed=1)
    one = healthy()
    Trainer(one, (X, y), SGD(0.3), batch=20).fit(20)
    assert names(one, X, y) == set()


def test_the_doctor_names_what_was_done_to_a_net() -> None:
    X, y = data.moons(200, seed=1)
    dead = healthy()
    dead[0].b[:] = -6
    assert "dead units" in names(dead, X, y)
    assert {"identical units", "nothing flows back"} <= names(healthy(init="zeros"), X, y)
    assert "identical units" in names(healthy(init=("constant", 0.1)), X, y)
    deep = Net("2" + "-16" * 6 + "-1", hidden="sigmoid", loss="bce", init="xavier", seed=3)
    assert "vanishing gradient" in names(deep, X, y)
    tiny = Net("2" + "-16" * 4 + "-1", loss="bce", init=("normal", 0.05), seed=3)
    assert "faint gradients" in names(tiny, X, y)
    big = Net("2" + "-16" * 4 + "-1", loss="bce", init=("normal", 3.0), seed=3)
    assert {"exploding gradients", "worse than ignorance"} <= names(big, X, y)
    assert "unscaled inputs" in names(healthy(), X * [1000, 1] + [3000, 0], y)
    assert "no squash" in names(Net("2-16-1", hidden="linear", loss="bce"), X, y)
    wide = Net("2-16-1", hidden="tanh", loss="bce", init=("constant", 90.0))
    assert "saturated units" in names(wide, X, y)
    assert "unscaled targets" in names(Net("2-4-1"), X, y * 2e5)


def test_a_finding_says_where_and_with_which_numbers() -> None:
    X, y = data.moons(200, seed=1)
    dead = healthy()
    dead[0].b[:] = -6
    first = next(f for f in diagnose(dead, (X, y)) if f.name == "dead units")
    assert str(first) == (
        "dead units in layer 1: 100% of the units pass nothing on and learn nothing. "
        "Their slope is 0 on every row; look at biases, rate and start."
    )


def test_gauges_read_every_weighted_layer() -> None:
    X, y = data.moons(200, seed=1)
    one = healthy()
    report = examine(one, X, y, lr=0.3)
    assert [g.layer for g in report.layers] == [1, 2, 3]
    assert report.loss == pytest.approx(one.loss(X, y))
    assert report.ignorance == pytest.approx(np.log(2))
    one.backward(X, y)
    want = np.hypot(np.linalg.norm(one[0].dW), np.linalg.norm(one[0].db))
    assert report.layers[0].gradient == pytest.approx(want)


@pytest.mark.parametrize("batch", [10, 37])
@pytest.mark.parametrize("weights", [None, (1.0, 3.0)])
def test_rows_that_change_after_a_trainer_took_them_change_no_training(batch: int, weights: object) -> None:
    """Its batches, the last short one and the rows of a class that weighs more are all of one time."""
    (X, y), found = data.moons(37, seed=1), []
    for later in (1.0, 0.0):
        rows, labels = X.copy(), y.copy()
        net = Net("2-4-1", loss="bce", class_weight=weights, seed=1)
        trainer = Trainer(net, (rows, labels), SGD(0.1), batch=batch, validation=(rows, labels))
        rows *= later
        labels *= later
        found.append([(e.losses, e.validation_loss) for e in trainer.epochs(3)])
    assert found[0] == found[1]
