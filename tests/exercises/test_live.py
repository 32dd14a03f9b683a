"""Every live run of the course, pulled as a face pulls it: in small pieces that leave no trace."""

import re
import time
from collections import Counter
from typing import Any

import numpy as np
import pytest

from drops import catalog
from drops.course.model import ExerciseFence
from drops.exercises import fading
from drops.exercises.blocks import Beside, Curve, Run
from drops.exercises.nudges import RATE
from drops.networks.live import filmed
from drops.networks.neuron.runs import bend_to_a_wave, fence_in_a_disc
from drops.tui.asks.player import LASTS
from drops.tui.asks.run import PAINTS
from lessons import lessons
from nnlab.net import Net
from nnlab.plan import Plan
from nnlab.train import Trainer
from pace import slowness

# In one pull: a fleet of twenty, say; 4 ms at these sizes, and an epoch of a small net is less than a tenth of one.
NETS, PLANS, RUNS, EPOCHS = 22, 10, 22, 100


FENCES = {
    f"{drop.number} {fence.kind} {fence.id}": fence
    for drop in lessons()
    for fence in drop.items.values()
    if isinstance(fence, ExerciseFence)
}
ALIKE = [name for name, fence in FENCES.items() if fence.kind == "clinic"][1:]  # they run the same training


def runs_of(name: str) -> list[Run]:
    """The live runs of an exercise, as it is first met; most have none."""
    exercise = catalog.draw(FENCES[name].kind, 7, FENCES[name].params)
    return [step.ask for step in fading.steps(exercise, FENCES[name].level, {}) if isinstance(step.ask, Run)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What the engine was asked for since this was last cleared."""
    done: Counter[str] = Counter()

    def count(what: str, owner: type, name: str) -> None:
        real = getattr(owner, name)

        def counted(*args: Any, **more: Any) -> Any:
            done[what] += 1
            return real(*args, **more)

        monkeypatch.setattr(owner, name, counted)

    count("nets", Net, "__init__")
    count("plans", Plan, "__init__")
    count("runs", Plan, "run")
    count("epochs", Trainer, "_begin")
    return done


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.nightly] * (name in ALIKE)) for name in FENCES]
)
def test_a_pull_asks_little_of_the_engine_and_leaves_its_error_state_alone(name, asked):
    for run in runs_of(name):
        frames, before, last = run.frames(0), np.geterr(), None
        asked.clear()  # what the first pull is asked for counts, and nothing before it
        for pulled in frames:
            assert np.geterr() == before
            assert asked["nets"] <= NETS
            assert asked["plans"] <= PLANS
            assert asked["runs"] <= RUNS
            assert asked["epochs"] <= EPOCHS
            asked.clear()
            last = pulled or last
        assert last is not None
        assert last.done == 1


# A sweep over 26 rates has no rate of its own; what a design is judged by is not turned: its what-ifs do that.
NOT_TURNED = {"bowl", "design-and-defend"}


@pytest.mark.slow
def test_every_run_of_a_lesson_can_be_nudged_by_its_rate_and_kinds_and_lessons_have_many():
    met = [(name, run) for name in FENCES if name not in ALIKE for run in runs_of(name)]
    assert len(met) >= 20
    for name, run in met:
        assert (run.nudged is None) == (FENCES[name].id in NOT_TURNED), name
        assert not run.knobs or run.knobs[0].name == RATE, name


THIRD = [
    f"{drop.number} {fence.kind} {fence.id}"
    for drop in lessons().paths[-1].drops
    for fence in drop.items.values()
    if isinstance(fence, ExerciseFence)
]


@pytest.mark.slow
@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize("name", THIRD)
def test_a_scene_of_sequences_takes_a_second_and_a_half_of_work(name):
    for run in runs_of(name):
        assert_quick(run)


def assert_quick(run: Run) -> None:
    """At least once in three times, and longer where this machine is slow before or after it."""
    told = []
    for _ in range(3):
        slow, start = slowness(), time.process_time()
        for _ in run.frames(3):
            pass
        told.append((time.process_time() - start) / max(slow, slowness()))
        if told[-1] <= 1.5:
            return
    pytest.fail(f"{run.prompt} takes {', '.join(f'{one:.2f}' for one in told)} s of work")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_the_net_that_is_drawn_of_twenty_does_as_most_of_them_do(seed):
    """A map with an open fence under "18 of 20 fenced the disc in" would be a riddle."""
    *_, last = (frame for frame in fence_in_a_disc(seed, lambda trainer: trainer) if frame is not None)
    (maps,) = (block for block in last.show if isinstance(block, Beside))
    for told in (block.says for block in maps.blocks):
        right, closed = re.search(r"(\d+) % right, (\d+) of 20", told).groups()
        assert (int(right) >= 99) == (int(closed) > 10), told


@pytest.mark.parametrize("training", [bend_to_a_wave, fence_in_a_disc])
def test_many_nets_that_are_trained_at_once_are_kept_in_half_the_memory(training):
    """Twenty nets of each kind hold several megabytes of plans; what is measured for a claim has eight bytes a number."""
    made: list[Trainer] = []

    def held(trainer):
        made.append(trainer)
        return trainer

    next(frame for frame in training(3, held) if frame is not None)
    assert len(made) >= 3
    assert {trainer.net.theta.dtype for trainer in made} == {np.dtype(np.float32)}


def test_every_moment_of_a_film_holds_what_stays_the_same_once():
    """The wave, and where along it each curve is told: fifty copies of them were a megabyte."""
    frames = [frame for frame in bend_to_a_wave(3, lambda trainer: trainer) if frame is not None]
    curves = [next(one for one in frame.show[0].blocks if isinstance(one, Curve)) for frame in frames]
    assert len({id(curve.series[0]) for curve in curves}) == 1
    assert len({id(x) for curve in curves for series in curve.series for x, _ in series.points}) == 100


def test_the_tests_multiply_on_one_thread_as_the_program_does():
    """Two of them wait for each other on a busy machine, nine times as long."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    pools = [pool for pool in threadpoolctl.threadpool_info() if pool["internal_api"] == "openblas"]
    assert {pool["num_threads"] for pool in pools} <= {1}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_film_keeps_a_map_to_seven_digits_in_an_eighth_of_the_memory(dtype):
    values = np.random.default_rng(3).normal(size=18 * 36).astype(dtype)
    rows = filmed(values, 36)
    assert [len(row) for row in rows] == [36] * 18
    np.testing.assert_allclose(np.ravel(rows), values, rtol=1e-7)
    assert sum(row.itemsize * len(row) for row in rows) * 8 == values.size * (24 + 8)  # a float, its place


def test_the_disc_is_filmed_in_as_many_moments_as_a_second_of_the_show_paints():
    frames = [frame for frame in fence_in_a_disc(3, lambda trainer: trainer) if frame is not None]
    assert len(frames) == LASTS * PAINTS
    assert [frame.done for frame in frames] == pytest.approx(np.arange(1, 61) / 60)
