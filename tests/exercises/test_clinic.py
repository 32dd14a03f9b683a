"""A broken network: each fault shows where it is said to, its fix mends it, and what tempts does not."""

import random
import re

import numpy as np
import pytest

from drops import catalog
from drops.errors import Unreadable
from drops.exercises import fading
from drops.exercises.answers import opened, read
from drops.exercises.blocks import Choice, Curve, Run, Sheet
from drops.networks.clinic.clinic import OFFERED, OPENINGS
from drops.networks.clinic.faults import FAULTS, ROUNDS, broken, sound
from drops.networks.clinic.gauges import GAUGES, share, spell
from drops.networks.clinic.readings import read as reading
from drops.networks.clinic.trials import Trial
from lessons import lessons

# How a fault reads on its gauges, so that none of its look-alikes does.
TELLS = {
    "rate-high": lambda r: (
        max(r.moves[0].step) > 1 and max(c.spread for c in r.columns) < 100 and max(r.weights[0]) < 2
    ),
    "unscaled": lambda r: _spread(r) > 100,
    "start-wide": lambda r: min(r.weights[0]) > 1.5,
    "uphill": lambda r: (
        0 < max(r.moves[0].step) < 1 and r.moves[0].after > r.moves[0].before and min(r.gradients[0]) > 0
    ),
    "target-huge": lambda r: r.columns[-1].spread > 1000,
    "rate-low": lambda r: max(r.moves[0].step) < 0.001 and min(r.gradients[0]) > 0.01,
    "silent": lambda r: r.units[0].silent == 1 and min(r.weights[0]) > 0.1,
    "zeros": lambda r: not any(r.weights[0]) and not any(r.weights[1]),
    "decay": lambda r: min(r.weights[0]) > 0.1 and max(r.weights[1]) < 0.05,
    "start-narrow": lambda r: 0 < max(r.gradients[0]) < 0.003 and _slope(r) > 1 / 50 and _slope(r) < 50,
    "vanishing": lambda r: _slope(r) < 1 / 100,
    "twins": lambda r: len(r.units) > 1 and all(u.alike == 1 for u in r.units),
    "no-squash": lambda r: all(u.bending == 0 and u.silent == 0 for u in r.units),
    "bottleneck": lambda r: len(r.weights[0]) == 2 and r.curve[-1][1] > 0.4 and r.held.loss < 0.9,
    "pressed": lambda r: 0 <= r.range[0] <= r.range[1] <= 1 and r.range[2] < -1 and r.range[3] > 1,
    "wrong-output": lambda r: (r.range[1] == 0 or r.range[1] > 1) and r.range[2:] == (0, 1),
    "batch-one": lambda r: r.batch == 1,
    "never-zeroed": lambda r: r.moves[1].ahead > 1.5,
    "sorted": lambda r: r.shares and r.shares[0] == 0 and r.shares[-1] == 1 and r.batch > 1,
    "misaligned": lambda r: (
        0.55 < r.curve[-1][1] < 0.72 and r.batch > 1 and 0 < r.range[0] < r.range[1] < 1 == r.range[3]
    ),
    "overfit": lambda r: r.curve[-1][1] < 0.02 and r.held.loss > 0.7,
    "leaking": lambda r: max(c.agrees - c.use_agrees for c in r.columns[:-1]) > 0.6,
    "rare-class": lambda r: r.held.found and r.held.found[0] - r.held.found[1] > 0.3 and r.held.right > 0.85,
    "raw-in-use": lambda r: any(c.use_spread > 20 * c.spread for c in r.columns[:-1]),
}
SLOTS = [  # what is offered together: the rounds, and what the lessons list
    *ROUNDS.values(),
    *(tuple(fence.params["faults"]) for drop in lessons() for fence in drop.exercises
      if "faults" in fence.params),
]  # fmt: skip


def _spread(r):
    return max(c.spread for c in r.columns[:-1])


def _slope(r):
    """The front's gradient ÷ the last hidden layer's."""
    return r.gradients[0][0] / r.gradients[0][-1] if r.gradients[0][-1] else 1.0


def disguises(name, count):
    rng = random.Random(name)
    return [
        (rng.choice(FAULTS[name].tables), rng.randint(12, 24), rng.randint(2, 3), rng.randint(1, 999))
        for _ in range(count)
    ]


def shows_alone(name, count):
    beside = {other for slot in SLOTS if name in slot for other in slot}
    for *sizes, seed in disguises(name, count):
        r = reading(broken(name, *sizes), seed)
        assert [other for other in FAULTS if other in beside and TELLS[other](r)] == [name], (sizes, seed)


def used(program, seed, by):
    """How well it does in use; higher is better."""
    trial = Trial(program, seed)
    for _ in trial.run():
        pass
    return trial.score(trial.rows.use).fair if by == "right" else -trial.loss(trial.rows.use)


def only_one_mends(name, count):
    fault = FAULTS[name]
    for *sizes, seed in disguises(name, count):
        was = broken(name, *sizes)
        before, mended, *others = [
            used(p, seed, fault.by) for p in (was, *(fix.change(was) for fix in fault.fixes))
        ]
        assert mended > max(before, *others) + 0.05, (sizes, seed, before, mended, others)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_shows_on_its_gauge_and_no_look_alike_does(name):
    shows_alone(name, 1)


SOME = [pytest.param(4, marks=pytest.mark.slow), pytest.param(16, marks=pytest.mark.nightly)]


@pytest.mark.parametrize("disguises", SOME)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_shows_in_every_disguise(name, disguises):
    shows_alone(name, disguises)


@pytest.mark.parametrize("disguises", SOME)
@pytest.mark.parametrize("name", FAULTS)
def test_the_fix_mends_it_in_use_in_every_disguise_and_what_tempts_does_not(name, disguises):
    only_one_mends(name, disguises * 3 // 4)


@pytest.mark.slow
@pytest.mark.parametrize("table", ["moons", "circle", "xor"])
def test_the_sound_program_learns_in_every_disguise(table):
    for width in (12, 18, 24):
        for depth in (2, 3):
            assert used(sound(table, width, depth), 5 * width + depth, "right") > 0.9


def test_every_fault_stands_in_one_round_and_names_a_gauge():
    assert sorted(FAULTS) == sorted(name for names in ROUNDS.values() for name in names)
    assert sorted(TELLS) == sorted(FAULTS)
    for fault in FAULTS.values():
        assert fault.gauge in GAUGES
        assert 3 <= len(fault.tempting) <= 4


def cases(count=12, **params):
    return [catalog.draw("clinic", seed, params) for seed in range(count)]


def test_the_right_cause_is_among_the_options_and_says_where_it_shows():
    for case in cases():
        ask = fading.graded_step(fading.steps(case, 2, {})).ask
        assert isinstance(ask, Choice)
        assert len(ask.options) == min(OFFERED, len(next(n for n in ROUNDS.values() if case.fault in n)))
        (right,) = [option for option in ask.options if option.right]
        assert right.text == FAULTS[case.fault].cause
        assert GAUGES[FAULTS[case.fault].gauge].label in right.feedback
        assert FAULTS[case.fault].gauge in case.gauges
        for option in ask.options:
            assert option.right or FAULTS[option.diagnoses].cause == option.text


@pytest.mark.parametrize(
    ("text", "picked", "looked"),
    [("2", (1,), ()), ("2; 4 1", (1,), (3, 0)), ("2; 1 1 3", (1,), (0, 2)), ("2;", (1,), ())],
)  # fmt: skip
def test_an_answer_carries_the_gauges_that_were_opened_before_it(text, picked, looked):
    ask = fading.graded_step(fading.steps(cases(1)[0], 2, {})).ask
    assert read(ask, text) == picked
    assert opened(ask, text) == looked
    assert ask.openings == OPENINGS == 3


@pytest.mark.parametrize("text", ["2; nonsense", "2; 1 2 3 4", "2; 1; 2", "; 1", "2; " + "1 " * 500])
def test_gauges_that_could_not_be_opened_are_no_answer(text):
    ask = fading.graded_step(fading.steps(cases(1)[0], 2, {})).ask
    with pytest.raises(Unreadable, match="for example"):
        read(ask, text)


def test_a_gauge_says_in_its_sentence_every_number_of_its_table():
    for case in cases(6):
        for name in case.gauges:
            words, sheet = GAUGES[name].panel(case.program, case.seed)
            assert isinstance(sheet, Sheet)
            assert words.markdown.endswith(".")
            for row in sheet.rows:
                assert all(cell in sheet.says for cell in row)


def test_the_run_shows_what_was_chosen_beside_what_mends():
    (case,) = cases(1, faults=["rate-low"])
    _, mend, _ = fading.steps(case, 2, {})
    for i, option in enumerate(mend.ask.options):
        *_, see = fading.steps(case, 2, {"do": "1", "mend": str(i + 1)})
        assert isinstance(see.ask, Run)
        *_, last = [frame for frame in see.ask.frames(0) if frame]
        names = [series.name for series in last.show[1].series]
        assert names == (["as it was", "mended"] if option.right else ["as it was", "your fix", "mended"])
        assert option.feedback in see.show[0].markdown
        assert FAULTS["rate-low"].mends.says in see.show[0].markdown


@pytest.mark.parametrize(
    ("value", "says"),
    [(0.0, "0"), (0.1454, "0.145"), (2.34e-6, "2.3·10⁻⁶"), (np.inf, "no number"), (4370.4, "4370"),
     (186_000.0, "1.9·10⁵"), (0.00099, "9.9·10⁻⁴"), (-3.5, "−3.5")],
)  # fmt: skip
def test_a_gauge_never_reads_0_for_what_is_not(value, says):
    assert spell(value) == says
    assert share(0.954) == "95 %"


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_case_starts_near_knowing_nothing_and_never_below(name):
    for case in cases(10, faults=[name]):
        trial = Trial(case.program, case.seed)
        assert trial.loss() >= 0.98 * trial.ignorance, case
        if name not in FAR_OFF:
            assert trial.loss() <= 1.6 * trial.ignorance, case


# faults that themselves throw the first answers far off, or make knowing nothing cheap
FAR_OFF = {"unscaled", "start-wide", "target-huge", "no-squash", "wrong-output", "rare-class"}

# what a word speaks of can be read on these gauges only
READ_ON = {
    "gradient": {"gradients", "steps"},
    "unit": {"units"},
    "silent": {"units"},
    "bends": {"units"},
    "alike": {"units"},
    "weight": {"weights", "steps"},
    "step": {"steps", "weights"},
    "column": {"columns"},
    "spread": {"columns"},
    "input": {"columns"},
    "batch": {"batches"},
    "held-back": {"held-back"},
    "answers": {"answers"},
    "chance": {"answers"},
    "loss": {"held-back", "steps", "batches", "eight"},
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_gauge_is_credited_only_for_what_it_shows(name):
    fault = FAULTS[name]
    for word, gauges in READ_ON.items():
        if re.search(rf"\b{word}", fault.shows.lower()):
            assert fault.gauge in gauges, (word, fault.shows)


@pytest.mark.parametrize("name", ["rate-high", "start-wide", "uphill", "wrong-output"])
def test_the_curve_before_the_gauges_holds_the_true_losses_also_those_that_run_away(name):
    params = {"faults": [name, "silent", "zeros", "decay"]}
    case = next(c for seed in range(50) if (c := catalog.draw("clinic", seed, params)).fault == name)
    (curve,) = [block for block in case.steps(frozenset(), {})[0].show if isinstance(block, Curve)]
    losses = curve.series[0].points
    assert any(not y <= curve.ceiling for _, y in losses)
    np.testing.assert_array_equal(losses, reading(case.program, case.seed).curve)
