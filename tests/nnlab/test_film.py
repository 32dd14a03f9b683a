"""Time in a training: it goes on where it stood, and comes back to the same bits."""

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest

from nnlab import (
    OPTIMISERS,
    SGD,
    Adam,
    BatchNorm,
    Constant,
    Cosine,
    Dense,
    Dropout,
    Exponential,
    LabError,
    Momentum,
    Net,
    ReLU,
    StepDecay,
    Trainer,
    WarmUp,
    data,
)

MOONS = data.moons(50, seed=2)
SCHEDULES = [None, Constant(), StepDecay(2, 0.5), Exponential(0.7), Cosine(4), WarmUp(3, Cosine(4))]


def net(**how):
    return Net("2-8-8-1", hidden="tanh", loss="bce", seed=3, **how)


def restless(seed=3):
    """A net that draws numbers and remembers statistics while it trains."""
    return Net(Dense(8), BatchNorm(), ReLU(), Dropout(0.2), Dense(1), loss="bce", input=2, seed=seed)


def fleet():
    return net().fleet(3, lr=[0.01, 0.03, 0.1])


def everything(trainer):
    """All that is left of a training, bit by bit."""
    losses = [stretch.loss for stretch in trainer.steps(23)] + [stretch.loss for stretch in trainer.epochs(2)]
    numbers = [array.tolist() for array in trainer.net.numbers]
    return np.asarray(losses).tolist(), numbers, trainer.epoch, trainer.step, np.asarray(trainer.rate).tolist()


WAYS = [  # each rule and each schedule once; all pairs of them are slow
    pytest.param(
        name, schedule, id=f"{name}-{schedule}", marks=() if schedule is None or name == "adam" else pytest.mark.slow
    )
    for name in OPTIMISERS
    for schedule in SCHEDULES
]


@pytest.mark.slow
@pytest.mark.parametrize("batch", [None, 8])
@pytest.mark.parametrize(("name", "schedule"), WAYS)
def test_what_is_put_back_goes_on_with_the_same_bits(name, schedule, batch):
    rule = replace(OPTIMISERS[name](), lr=0.03, schedule=schedule, clip=1.0)
    for made in (net(l1=1e-3, l2=1e-3), restless(), fleet()):
        trainer = Trainer(made, MOONS, rule, batch=batch, seed=5)
        for before in (0, 10):  # ten steps end in the second epoch
            list(trainer.steps(before))
            snapshot = trainer.kept()
            there = everything(trainer)
            trainer.put_back(snapshot)
            assert everything(trainer) == there
            trainer.put_back(snapshot)
            again = pickle.loads(pickle.dumps(snapshot)), copy.deepcopy(snapshot)  # noqa: S301  # our own bytes
            for one in again:
                trainer.put_back(one)
                assert everything(trainer) == there
            trainer.put_back(snapshot)


def test_a_moment_goes_on_in_another_training_of_the_same_kind():
    a, b = (Trainer(restless(seed), MOONS, Adam(0.02), batch=8, seed=seed) for seed in (1, 2))
    list(a.steps(10))
    b.put_back(a.kept())
    assert everything(a) == everything(b)


def test_sixty_times_one_step_is_sixty_steps_and_epochs_mix_with_them():
    def trainer():
        return Trainer(restless(), MOONS, Adam(0.02, schedule=Cosine(9)), batch=8, seed=4)

    whole, single, mixed, epochs = (trainer() for _ in range(4))
    all_at_once = [(e.step, e.epoch, e.loss) for e in whole.steps(63)]  # nine epochs of seven batches
    assert [(e.step, e.epoch, e.loss) for _ in range(63) for e in single.steps(1)] == all_at_once
    losses, ends = [e.loss for e in mixed.steps(3)], []
    for _ in range(4):
        for stretch in mixed.epochs(2):  # the first of them ends the epoch that is begun
            losses += stretch.losses
            ends.append(stretch.curve)
        losses += [e.loss for e in mixed.steps(2)]
    losses += [loss for e in mixed.epochs(1) for loss in e.losses]
    assert losses == [loss for _, _, loss in all_at_once]
    curve = [stretch.curve for stretch in epochs.epochs(9)]
    assert curve[:2] == ends[:2]
    assert [whole.epoch, single.epoch, mixed.epoch, epochs.epoch] == [9] * 4
    for other in (single, mixed, epochs):
        assert [a.tolist() for a in other.net.numbers] == [a.tolist() for a in whole.net.numbers]


def test_an_epoch_counts_as_done_with_its_last_batch():
    trainer = Trainer(net(), MOONS, SGD(0.1), batch=8)
    assert [stretch.epoch for stretch in trainer.steps(15)] == [0] * 6 + [1] * 7 + [2] * 2


@pytest.mark.parametrize("name", list(OPTIMISERS))
def test_the_rate_may_change_in_flight(name):
    rule = replace(OPTIMISERS[name](), lr=0.01, decay=0.01)
    trainer, still = Trainer(net(), MOONS, rule, batch=8), Trainer(net(), MOONS, rule, batch=8)
    list(trainer.steps(9)), list(still.steps(9))
    assert trainer.rate == 0.01
    trainer.rate = 0.0
    stands = trainer.net.theta.copy()
    list(trainer.steps(1))
    assert (trainer.net.theta == stands).all()
    trainer.rate = 0.02
    assert trainer.rate == 0.02
    list(trainer.steps(1))
    assert not (trainer.net.theta == stands).all()
    still.rate = 0.01  # the same as before: nothing changes
    never = Trainer(net(), MOONS, rule, batch=8)
    assert [e.loss for e in still.steps(5)] == [e.loss for e in never.steps(14)][9:]
    assert never.net.theta.tolist() == still.net.theta.tolist()


def test_twice_the_rate_is_twice_the_step():
    a, b = (Trainer(net(), MOONS, SGD(0.1, schedule=StepDecay(1, 0.5))) for _ in range(2))
    list(a.epochs(1)), list(b.epochs(1))
    before, b.rate = a.net.theta.copy(), 0.2
    list(a.epochs(1)), list(b.epochs(1))
    assert b.net.theta - before == pytest.approx(2 * (a.net.theta - before), rel=1e-9)


def test_the_rates_of_a_fleet_change_member_by_member():
    trainer = Trainer(fleet(), MOONS, "adam", batch=8)
    assert trainer.rate.tolist() == [0.01, 0.03, 0.1]
    trainer.rate = [0.1, 0.0, 0.01]
    before = trainer.net.theta.copy()
    list(trainer.steps(1))
    assert (trainer.net.theta == before).all(axis=1).tolist() == [False, True, False]
    trainer.rate = 0.05
    assert trainer.rate.tolist() == [0.05] * 3


def test_a_training_that_ran_away_comes_back_from_before_it():
    x = np.linspace(-3, 3, 20)
    trainer = Trainer(Net("1-8-1", seed=1), (x, 5 * x), SGD(0.01))
    list(trainer.steps(5))
    snapshot = trainer.kept()
    trainer.rate = 50.0
    assert list(trainer.epochs(500))[-1].diverged_at == trainer.diverged_at
    assert trainer.lost
    assert list(trainer.epochs(3)) == []
    trainer.put_back(snapshot)
    assert (trainer.rate, trainer.lost, trainer.diverged_at) == (0.01, False, None)
    assert np.isfinite([e.loss for e in trainer.epochs(20)]).all()


def test_a_moment_is_not_changed_by_what_comes_after_it():
    trainer = Trainer(restless(), MOONS, Adam(0.1), batch=8)
    snapshot = trainer.kept()
    before = copy.deepcopy(snapshot)
    list(trainer.steps(20))
    assert snapshot.theta.tolist() == before.theta.tolist()
    assert [a.tolist() for a in snapshot.others] == [a.tolist() for a in before.others]


def test_a_moment_of_another_training_is_refused():
    trainer = Trainer(net(), MOONS, Adam(0.1), batch=8)
    snapshot = Trainer(Net("2-3-1", loss="bce"), MOONS, SGD(0.1)).kept()
    with pytest.raises(LabError) as caught:
        trainer.put_back(snapshot)
    assert str(caught.value) == (
        "this snapshot is of a training with net Net(Dense 2→3 · relu · Dense 3→1 · sigmoid, loss=bce), rule SGD, "
        "batch 50; this one has net Net(Dense 2→8 · tanh · Dense 8→8 · tanh · Dense 8→1 · sigmoid, loss=bce), "
        "rule Adam, batch 8"
    )


def trained_otherwise(rows=50, rule=None, batch=8, shuffle=True, **settings):
    X, y = MOONS
    made = Net("2-3-1", loss="bce", seed=1, **settings)
    return Trainer(made, (X[:rows], y[:rows]), rule or Adam(0.01), batch, shuffle=shuffle)


OTHERWISE = {
    "beta1 0.9 0.5": {"rule": Adam(0.01, beta1=0.5)},
    "beta2 0.999 0.9": {"rule": Adam(0.01, beta2=0.9)},
    "clip None 1.0": {"rule": Adam(0.01, clip=1.0)},
    "decay 0.0 0.1": {"rule": Adam(0.01, decay=0.1)},
    "schedule None StepDecay(every=1, gamma=0.5)": {"rule": Adam(0.01, schedule=StepDecay(1, 0.5))},
    "l1 0.0 0.1": {"l1": 0.1},
    "l2 0.0 0.1": {"l2": 0.1},
    "dtype float64 float32": {"dtype": "float32"},
    "class_weight None (1.0, 3.0)": {"class_weight": (1, 3)},
    "rows 50 40": {"rows": 40},
    "batch 8 5": {"batch": 5},
    "shuffle True False": {"shuffle": False},
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_a_moment_of_a_training_that_goes_on_otherwise_is_refused(what):
    """Its numbers would fit; what came of them would be neither training's."""
    name, was, here = what.split(" ", 2)
    trainer = trained_otherwise(**OTHERWISE[what])
    before = trainer.net.theta.copy()
    with pytest.raises(LabError) as caught:
        trainer.put_back(trained_otherwise().kept())
    said = f"this snapshot is of a training with {name} {was}; this one has {name} {here}"
    assert (str(caught.value), trainer.net.theta.tolist()) == (said, before.tolist())


def test_a_moment_goes_back_into_a_training_with_another_rate():
    """The rate is part of the moment: it may have been changed since."""
    one, other = trained_otherwise(), trained_otherwise(rule=Adam(0.5))
    list(one.steps(5)), other.put_back(one.kept())
    assert other.rate == 0.01
    assert [s.loss for s in other.steps(9)] == [s.loss for s in one.steps(9)]


def test_optimisers_are_known_by_name():
    for name, kind in OPTIMISERS.items():
        a, b = net(), net()
        Trainer(a, MOONS, name).fit(3)
        Trainer(b, MOONS, kind()).fit(3)
        assert a.theta.tolist() == b.theta.tolist()
        assert a.step(*MOONS, name) == b.step(*MOONS, kind())


def test_a_rule_written_anew_at_every_step_goes_on():
    a, b, c = net(), net(), net()
    rule = Adam(0.02, schedule=Cosine(30))
    for i in range(20):
        a.step(*MOONS, Adam(0.02, schedule=Cosine(30)))
        b.step(*MOONS, rule)
        c.step(*MOONS, Adam(0.02 * 0.9**i))
    assert a.theta.tolist() == b.theta.tolist()
    falling = Trainer(d := net(), MOONS, Adam(0.02, schedule=Exponential(0.9)))
    list(falling.epochs(20))
    assert c.theta == pytest.approx(d.theta, abs=1e-12)
    for i in range(200):
        a.step(*MOONS, Momentum(0.01, momentum=0.5 + i / 1000))
    assert len(a._bindings) <= 8


def test_what_a_trainer_remembers_goes_with_it():
    one = net()
    rule = Adam(0.01)
    for _ in range(5):
        Trainer(one, MOONS, rule).fit(1)
    assert not one._bindings
    start, a, b = net(), net(), net()
    Trainer(a, MOONS, rule).fit(2)
    Trainer(b, MOONS, rule).fit(2)  # begins like the first one
    assert a.theta.tolist() == b.theta.tolist() != start.theta.tolist()


TWINS = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": lambda one: pickle.loads(pickle.dumps(one))}  # noqa: S301  # our own bytes


@pytest.mark.parametrize("twin", TWINS.values(), ids=TWINS)
@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
def test_a_copied_training_goes_on_with_the_same_bits_and_leaves_the_first_alone(twin, rule):
    trainer = Trainer(Net("2-3-1", loss="bce", seed=1), data.moons(100), rule, batch=16)
    list(trainer.steps(10))
    other = twin(trainer)
    theta = trainer.net.theta.copy()
    theirs = [stretch.loss for stretch in other.steps(20)]
    assert (trainer.net.theta == theta).all()
    assert theirs == [stretch.loss for stretch in trainer.steps(20)]
    assert (other.net.theta == trainer.net.theta).all()
