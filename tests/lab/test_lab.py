"""An experiment at work: the same run at any time, time that turns back, sums that add up, a verdict."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drops.errors import DropsError
from drops.networks.lab import instruments, judge, look, rows, scene, script
from drops.networks.lab.bench import Bench
from drops.networks.lab.broken import WANTS
from drops.networks.lab.desk import Desk
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import print_line
from drops.networks.lab.why import explain
from drops.networks.lab.words import RULES, SOURCES

LINES = [
    "circle 2-4-1",
    "spiral x y sinx siny 4-5-1 adam .02",
    "rings 2-8relu-3 momentum",
    "sine 1-8-1 step 2",
    "wine nesterov l2 .01",
    "moons 2-6-6+-1 rmsprop clip 1 batch 7",
    "plane mae adamw @40 sgd .1 @60 W1[2,1]=.5 b2[1]=-1 l1 .01",
]


def run(line: str, steps: int, seeds=()) -> Bench:
    bench = Bench(read_line(line), seeds)
    bench.go(steps)
    return bench


@pytest.mark.parametrize("line", LINES)
def test_a_member_of_many_seeds_is_the_single_run_of_its_seed(line):
    many = run(line, 101, [3, 4, 5])
    for i, seed in enumerate((3, 4, 5)):
        one = Bench(replace(read_line(line), seed=seed))
        one.go(101)
        assert np.abs(many.net.member(i).theta - one.net.theta).max() <= 1e-12
        assert many.score(many.fresh)[i] == pytest.approx(float(one.score(one.fresh)), abs=1e-12)


@pytest.mark.parametrize("name", SOURCES)
def test_all_data_are_read_and_trained_on_and_nothing_fresh_was_trained_on(name):
    bench = run(f"{name} seed 7", 30)
    assert bench.train.X.shape[1] == bench.recipe.inputs
    assert np.isfinite(float(bench.loss(bench.fresh)))
    trained = {row.tobytes() for row in bench.train.X}
    assert not trained & {row.tobytes() for row in bench.fresh.X} or not SOURCES[name].drawn
    assert len(bench.fresh.X) == rows.FRESH or not SOURCES[name].drawn


@pytest.mark.parametrize("rule", RULES)
def test_time_runs_back_and_on_to_the_same_bits(rule):
    desk = Desk(read_line(f"xor 2-5-1 {rule} batch 7"))
    desk.run(63)
    before, theta = desk.bench.loss(desk.bench.train), desk.bench.net.theta.copy()
    desk.run(50)
    desk.back(50)
    assert desk.step == 63
    assert (desk.bench.net.theta == theta).all()
    assert desk.bench.loss(desk.bench.train) == before


@pytest.mark.parametrize(
    "line", ["circle 2-4-1", "xor 2-3-1 momentum", "circle 2-3-1 @90 sgd .1 @140 batch 20 @150 b1[1]=0"]
)
def test_a_film_is_walked_in_any_order_to_the_bits_of_a_run_from_the_start(line):
    desk, chance = Desk(read_line(line)), random.Random(3)
    desk.run(200)
    for _ in range(12):
        desk.follow(chance.randrange(desk.reached + 1))
        assert desk.reached == 200
        assert (desk.bench.net.theta == run(line, desk.step).net.theta).all()
    desk.end()
    assert desk.step == 200
    assert (desk.bench.net.theta == run(line, 200).net.theta).all()


def test_what_was_seen_is_gone_forward_over_without_training_it_again():
    desk = Desk(read_line("circle 2-4-1"))
    desk.run(400)
    for _ in range(20):  # a film has moments where somebody looked
        desk.run(20)
    desk.back(desk.step)
    desk.bench.trainer.steps = None  # whoever trains fails
    desk.run(400)
    desk.end()
    assert desk.step == 800


def test_a_change_in_the_past_has_no_newest_moment_but_its_own_and_undo_has_the_old_one():
    desk = Desk(read_line("circle 2-4-1"))
    desk.run(100)
    desk.back(60)
    desk.change("sgd .1")
    desk.end()
    assert desk.step == 40
    desk.undo()
    desk.end()
    assert (desk.step, print_line(desk.recipe)) == (100, "circle 2-4-1")


def test_a_change_goes_on_from_the_present_weights_and_the_line_tells_the_whole_story():
    desk = Desk(read_line("circle 2-4-1"))
    desk.run(50)
    theta = desk.bench.net.theta.copy()
    desk.change("sgd .1")
    assert (desk.bench.net.theta == theta).all()
    desk.run(30)
    desk.change("W1[2,1]=0.5")
    assert desk.bench.net.params.view("W1")[1, 0] == 0.5
    desk.run(20)
    assert print_line(desk.recipe) == "circle 2-4-1 @50 sgd .1 @80 W1[2,1]=.5"
    replayed = run(print_line(desk.recipe), 100)
    assert (replayed.net.theta == desk.bench.net.theta).all()


ACTS = st.one_of(
    st.tuples(st.just("run"), st.integers(1, 60)),
    st.tuples(st.just("back"), st.integers(1, 80)),
    st.tuples(
        st.just("change"),
        st.sampled_from(["sgd .1", "sgd .2", "adam", "batch 7", "W1[1,1]=.3", "b1[2]=1", "l2 .1", "seed 3"]),
    ),
    st.tuples(st.sampled_from(["undo", "redo"])),
)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.lists(ACTS, max_size=8))
def test_whatever_is_done_the_line_and_its_step_are_all_that_decides_the_weights(acts):
    desk = Desk(read_line("xor 2-4-1"))
    for what, *given_to in acts:
        getattr(desk, what)(*given_to)
    again = run(print_line(desk.recipe), desk.step)
    assert again.step == desk.step
    assert (again.net.theta == desk.bench.net.theta).all()


GROWN = [  # a shape, what it becomes in the run, and which blocks stay: of the new net, of the old one
    ("2-4-1", "2-6-1", {1: 1, 2: 2}),
    ("2-4-1", "2-3-1", {1: 1, 2: 2}),
    ("2-4-1", "2-4-4-1", {1: 1}),
    ("2-4-1", "2-4-1-1", {1: 1}),
    ("2-4-1", "2-5-5-1", {1: 1}),
    ("2-8-4-1", "2-8-8-4-1", {1: 1, 4: 3}),
    ("2-8-4-1", "2-4-1", {2: 3}),
    ("2-4-3-1", "2-4-1", {1: 1}),
    ("2-4-3-1", "2-4-5-1", {1: 1, 2: 2, 3: 3}),
    ("2-4-1", "2-4relu-1", {1: 1, 2: 2}),
    ("2-4-1", "relu", {1: 1, 2: 2}),
    ("2-1", "2-3-1", {}),
]


@pytest.mark.parametrize(("was", "now", "kept"), GROWN)
def test_units_and_layers_come_and_go_in_a_run_and_the_other_weights_stay(was, now, kept):
    desk = Desk(read_line(f"circle {was}"))
    desk.run(50)
    before = {k: desk.bench.net.params.view(f"W{k}").copy() for k in range(1, len(desk.bench.recipe.sizes))}
    desk.change(now)
    assert print_line(desk.recipe) == f"circle {was} @50 {now}"
    for new, old in kept.items():
        block, source = desk.bench.net.params.view(f"W{new}"), before[old]
        rows, columns = (min(a, b) for a, b in zip(block.shape, source.shape, strict=True))
        assert (block[:rows, : columns - 1] == source[:rows, : columns - 1]).all()
        assert (block[:rows, -1] == source[:rows, -1]).all()
    desk.run(30)
    line = print_line(desk.recipe)
    assert print_line(read_line(line)) == line
    assert (run(line, 80).net.theta == desk.bench.net.theta).all()
    assert np.abs(run(line, 80, [1, 2]).net.member(0).theta - desk.bench.net.theta).max() <= 1e-12
    desk.back(60)
    assert (run(line, 20).net.theta == desk.bench.net.theta).all()
    desk.end()
    assert (run(line, 80).net.theta == desk.bench.net.theta).all()


def test_units_that_come_one_by_one_at_a_step_are_one_change_of_it():
    desk = Desk(read_line("circle 2-4-1"))
    desk.run(50)
    for words in ("2-5-1", "2-6-1", "sgd .1", "W2[1,6]=0.5"):
        desk.change(words)
    desk.run(20)
    line = print_line(desk.recipe)
    assert line == "circle 2-4-1 @50 2-6-1 sgd .1 W2[1,6]=.5"
    assert (run(line, 70).net.theta == desk.bench.net.theta).all()
    for _ in range(4):
        desk.undo()
    assert (print_line(desk.recipe), desk.step) == ("circle 2-4-1", 50)


def test_what_changes_rows_or_start_begins_at_step_0_and_every_change_is_one_undo():
    desk = Desk(read_line("circle 2-4-1"))
    desk.run(50)
    desk.change("noise .2 he")
    assert (print_line(desk.recipe), desk.step) == ("circle 2-4-1 he noise .2", 0)
    assert desk.undo()
    assert (print_line(desk.recipe), desk.step) == ("circle 2-4-1", 50)
    assert desk.redo()
    assert desk.recipe.noise == 0.2
    assert not desk.redo()


def test_a_change_in_the_past_forgets_what_was_to_come():
    desk = Desk(read_line("circle 2-4-1"))
    desk.run(50)
    desk.change("sgd .1")
    desk.run(50)
    desk.back(80)
    desk.change("batch 20")
    assert print_line(desk.recipe) == "circle 2-4-1 @20 batch 20"


@pytest.mark.parametrize("line", LINES[:4])
def test_every_number_that_is_asked_about_is_the_trace_s(line):
    bench = run(line, 40)
    trace = bench.net.trace(bench.train.X[2], bench.train.y[2])
    for name in ("h1[2]", "z1[1]", "yhat", "L", "dW1[1,1]", "db1[2]", "dz1[1]"):
        told = explain(bench, name, 2)[0]
        value = float(told.rpartition("= ")[2].replace("−", "-"))
        asked = "yhat[1]" if name == "yhat" else name
        assert value == pytest.approx(float(trace[asked]), rel=1e-4, abs=1e-5), told


@pytest.mark.parametrize(
    "typed", ["h9[1]", "h1[99]", "q", "W1[1]", "W7[1,1]", "", "h1[0]", "b1[1,1]", "__class__"]
)
def test_a_number_that_is_not_there_is_one_sentence_with_the_nearest(typed):
    with pytest.raises(DropsError, match="no number|no value"):
        explain(run("circle 2-4-1", 1), typed, 0)


def test_a_turned_weight_changes_what_it_should():
    desk = Desk(read_line("circle 2-4-1"))
    desk.run(20)
    desk.change("W2[1,3]=0")
    said = explain(desk.bench, "yhat", 0)[1]
    assert re.search(r"(^|\+ )0·", said), said


def test_the_verdict_is_the_share_of_seeds_that_reach_the_goal():
    (*_, verdict) = judge.judge(read_line("circle 2-4-1"), 1500, range(1, 21))
    assert isinstance(verdict, judge.Judgement)
    assert verdict.share >= 0.9
    (*_, none) = judge.judge(read_line("circle 2-1"), 1500, range(1, 21))
    assert isinstance(none, judge.Judgement)
    assert none.share == 0
    assert [score >= 0.95 for score in verdict.scores] == list(verdict.passed)


@pytest.mark.slow
def test_the_verdict_comes_in_bites_and_large_nets_one_plan_after_the_other():
    told = list(judge.judge(read_line("circle 2-200-200-1 batch 100"), 3, range(40)))
    shares = told[:-1]
    assert shares == sorted(shares)
    assert len(shares) >= 6
    assert len(told[-1].scores) == 40


def test_a_run_that_is_lost_says_at_which_step_and_is_judged_as_not_there():
    bench = run("plane relu sgd 1000", 200)
    assert bench.lost
    assert 0 < bench.lost_at < 200
    (*_, verdict) = judge.judge(read_line("plane relu sgd 1000"), 200, range(3))
    assert verdict.share == 0


def test_a_map_is_nine_lines_of_nine_digits_and_shows_the_disc():
    *lines, means = look.map_in_digits(run("circle", 2000))
    assert means == "0: no, 9: yes"
    assert [len(line) for line in lines] == [9] * 9
    assert int(lines[4][4]) >= 8
    assert lines[0][0] == lines[8][8] == "0"


def test_every_unit_has_its_sentence_and_a_dead_one_says_so():
    desk = Desk(read_line("circle 2-4relu-1"))
    desk.change("b1[2]=-900")
    told = list(look.units_in_words(desk.bench))
    assert len(told) == 4
    assert "dead" in told[1]
    assert "dead" not in told[0]


@pytest.mark.parametrize("kind", ["numpy", pytest.param("torch", marks=pytest.mark.slow)])
@pytest.mark.parametrize("line", ["circle 2-4-1 rows 40", "rings 2-6relu-3 sgd rows 40 cosine 3"])
def test_a_script_has_the_same_loss_at_every_step(line, kind):
    if kind == "torch":
        pytest.importorskip("torch")
    recipe = read_line(line)
    made: dict[str, object] = {}
    exec(script.write(recipe, 50, kind), made)  # noqa: S102  # our own text
    bench = Bench(recipe)
    own = [event.loss for event in bench.trainer.steps(50)]
    assert np.abs(np.array(made["losses"][:50]) - own).max() <= 1e-9


@pytest.mark.parametrize("fault", WANTS)
def test_a_script_of_what_is_broken_is_broken_too_or_says_that_it_cannot_be(fault):
    recipe = read_line(f"{'hills' if WANTS[fault] == 'a number' else 'circle'} 2-4-1 rows 60 break {fault}")
    made: dict[str, object] = {}
    if fault in ("uphill", "wrong-output"):
        with pytest.raises(DropsError, match=r"no lines for the rule Uphill; it knows sgd|reads \"bce\" from the logits"):
            script.write(recipe, 15, "numpy")
        return
    exec(script.write(recipe, 15, "numpy"), made)  # noqa: S102  # our own text
    own = [event.loss for event in Bench(recipe).trainer.steps(15)]
    assert np.array(made["losses"])[:15] == pytest.approx(own, rel=1e-9)


def test_a_script_of_a_run_that_changes_is_refused_in_one_sentence():
    with pytest.raises(DropsError, match=r"changes at step 5; undo that first"):
        script.write(read_line("circle @5 sgd"), 100, "numpy")


SHOWS = {  # what the doctor, or the loss, says of a net with one thing wrong after 300 steps
    "rate-high": "dead units|saturated units|worse than ignorance|exploding", "zeros": "at ignorance|nothing flows back",
    "twins": "identical units", "silent": "dead units|saturated units", "no-squash": "no squash",
    "unscaled": "unscaled inputs", "target-huge": "unscaled targets", "decay": "at ignorance|faint",

}  # fmt: skip


@pytest.mark.parametrize("fault", WANTS)
def test_a_net_with_one_thing_wrong_trains_single_and_many_and_shows_it(fault):
    data = {"a number": "hills 2-8-8-1 relu", "a class": "moons 2-8-8-1 relu"}.get(
        WANTS[fault], "moons 2-8-8-1 relu"
    )
    one = run(f"{data} break {fault} seed 4", 300)
    many = run(f"{data} break {fault}", 300, [3, 4])
    same = np.array_equal(many.net.member(1).theta, one.net.theta) or np.allclose(
        many.net.member(1).theta, one.net.theta, atol=1e-6, equal_nan=True
    )
    assert same or not np.isfinite(one.net.theta).all()
    told = " ".join(look.findings(one))
    assert re.search(SHOWS.get(fault, "."), told), told
    assert scene.scene(one, scene.Sizes((6, 6), (12, 12)), 33).recipe.fault == fault
    sound = run(f"{data} seed 4", 300)
    assert not np.array_equal(sound.net.theta, one.net.theta) or fault == "raw-in-use"


def test_what_is_mended_in_the_run_goes_on_from_the_weights_it_broke():
    desk = Desk(read_line("moons 2-8-8-1 relu break rate-low"))
    desk.run(300)
    before = float(desk.bench.score(desk.bench.fresh))
    desk.change("sgd .3")
    desk.run(600)
    assert print_line(desk.recipe) == "moons 2-8-8-1 relu break rate-low @300 sgd .3"
    assert float(desk.bench.score(desk.bench.fresh)) > max(before, 0.9)


@pytest.mark.parametrize("name", instruments.INSTRUMENTS)
@pytest.mark.parametrize(
    "line", [*LINES, "plane relu sgd 1000", "gauss 2-1", "circle 2-4relu-1 @3 b1[2]=-900"]
)
def test_every_instrument_reads_every_net_and_leaves_its_training_as_it_was(name, line):
    bench, same = run(line, 60), run(line, 60)
    shown = instruments.read(bench, name)
    assert shown.told
    assert all(row.bar is None or 0 <= row.bar <= 1 for row in shown.rows)
    bench.go(20)
    same.go(20)
    assert np.array_equal(bench.net.theta, same.net.theta, equal_nan=True)


def test_what_instruments_say_is_so():
    bench = run("circle 2-6-1", 800)
    confusion = instruments.read(bench, "right").rows
    counts = [list(map(int, row.says.split())) for row in confusion]
    assert sum(map(sum, counts)) == rows.FRESH
    assert (counts[0][0] + counts[1][1]) / rows.FRESH == pytest.approx(float(bench.score(bench.fresh)))
    h = bench.net.values(bench.train.X)["h1"]
    (spread,) = instruments.read(bench, "layers").rows
    assert float(spread.says.split()[0].replace("−", "-")) == pytest.approx(float(h.min()), abs=0.006)
    trace = bench.net.trace(*bench.train)
    first = instruments.read(bench, "gradients").rows[0]
    size = np.hypot(np.linalg.norm(trace["dW1"]), np.linalg.norm(trace["db1"]))
    assert float(first.says) == pytest.approx(float(size), rel=0.05)


@pytest.mark.parametrize("rule", RULES)
def test_the_next_step_that_is_told_is_the_step_that_comes(rule):
    bench = run(f"xor 2-4-1 {rule} batch 7", 33)
    theta = bench.net.theta.copy()
    said = explain(bench, "W1[2,1]", 0)[-1]
    assert (bench.net.theta == theta).all()
    before = float(bench.net.params.view("W1")[1, 0])
    bench.go(1)
    after = float(bench.net.params.view("W1")[1, 0])
    told = [float(x.replace("−", "-")) for x in re.search(r"from (\S+) to (\S+), by (\S+)\. ", said).groups()]
    assert told == [
        pytest.approx(before, abs=6e-5),
        pytest.approx(after, abs=6e-5),
        pytest.approx(after - before, abs=6e-7),
    ]
