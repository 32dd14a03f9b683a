"""A run whose rate or weight is turned at a moment: up to there the same bits, from there on its own."""

import pytest

from drops.catalog import FIGURES
from drops.errors import Unreadable
from drops.exercises.blocks import Bars, Beside, Frame, Run, Sheet, Words
from drops.exercises.nudges import RATE, read_nudge, told
from drops.networks.depth.slow_training import repair_run
from drops.networks.neuron.runs import FIRST_UNIT, fence_in_a_disc
from drops.networks.nudged import TIMES, nudgeable
from nnlab import SGD, Net, Trainer, data

SEED, HALF, LATE = 3, 0.5, 0.8
RUNS = {
    "a disc fenced in": lambda: nudgeable("", fence_in_a_disc, FIRST_UNIT),
    "a deep net repaired": lambda: nudgeable("", repair_run(("relu-he",), 1)),
    "four rules in a valley": lambda: FIGURES["race-rules"]({"spread": 10}).run,
    "a wave with more and more units": lambda: FIGURES["fit-and-leave"]({"seed": 4}).run,
    "three widths on fresh tables": lambda: FIGURES["race-widths"]({"seed": 2}).run,
    "a table of words": lambda: FIGURES["company"]({"width": 2}).run,
    "three plans": lambda: FIGURES["race-plans"]({"rate": 0.3}).run,
    "without and with batch norm": lambda: FIGURES["race-norm"]({"start": 0.3}).run,
    "two starts": lambda: FIGURES["race-two-starts"]({"start": 1, "last": 1.0}).run,
}

LONG = {"three widths on fresh tables", "three plans"}  # turned as the other races are; all is tried of them by night
EACH = pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.nightly] * (name in LONG)) for name in RUNS])


def small(weights=("W1[2,1]", "b1[1]")) -> Run:
    """One 2-2-1 net, ten steps of it, each with all its numbers."""

    def frames(seed, hold):
        net = Net("2-2-1", hidden="tanh", loss="bce", seed=seed)
        trainer = hold(Trainer(net, data.moons(40, seed=1), SGD(0.1)))
        for n, _ in enumerate(trainer.epochs(10), 1):
            yield Frame((Words(repr(net.theta.tolist())),), n / 10, f"{n}")

    return nudgeable("", frames, weights)


def shown(run: Run, *nudges) -> list[Frame]:
    return [frame for frame in run.nudged(SEED, nudges) if frame is not None]


def at(run: Run, name: str, setting: str) -> float:
    return next(knob for knob in run.knobs if knob.name == name).settings.index(setting)


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_a_run_nudged_to_its_own_rate_is_itself_bit_by_bit(name):
    run = RUNS[name]()
    whole = shown(run)
    same = shown(run, (HALF, RATE, at(run, RATE, "as it is")))
    assert same == [frame for frame in whole if frame.done > HALF + 1e-9]


@pytest.mark.slow
@EACH
def test_another_rate_makes_another_end_and_a_second_nudge_keeps_the_first(name):
    run = RUNS[name]()
    up, down = (at(run, RATE, times) for times in ("three times", "a tenth"))
    whole, nudged = shown(run), shown(run, (HALF, RATE, up))
    assert nudged[0].done > HALF
    assert nudged[-1].done == 1
    assert nudged[-1] != whole[-1]
    again = shown(run, (HALF, RATE, up), (LATE, RATE, up))
    assert again == [frame for frame in nudged if frame.done > LATE + 1e-9]
    assert shown(run, (HALF, RATE, up), (LATE, RATE, down))[-1] != nudged[-1]


@pytest.mark.slow
@EACH
def test_every_weight_that_it_offers_changes_what_comes(name):
    run = RUNS[name]()
    whole = shown(run)
    for knob in run.knobs[1:]:
        assert shown(run, (HALF, knob.name, 8)) != [frame for frame in whole if frame.done > HALF + 1e-9]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bend-a-wave", "duel"])
def test_many_trainings_at_once_are_all_turned_by_the_next_moment(name):
    """Where a whole run takes long: every training is held as it begins, so all of them tell another loss."""
    run = FIGURES[name]({"seed": 3}).run
    first, second, *_ = (frame for frame in run.frames(SEED) if frame is not None)
    other = next(frame for frame in run.nudged(SEED, ((first.done, RATE, 4),)) if frame is not None)
    assert other.done == second.done
    assert len(numbers_told(second)) >= 4
    assert all(a != b for a, b in zip(numbers_told(second), numbers_told(other), strict=True))


def numbers_told(frame: Frame) -> list[str]:
    """What each net has come to: a row of a table, or a bar, without the name."""
    blocks = [one for block in frame.show for one in (block.blocks if isinstance(block, Beside) else (block,))]
    rows = [row[1:] for block in blocks if isinstance(block, Sheet) for row in block.rows]
    return [*map(str, rows), *(f"{one.value} {one.note}" for b in blocks if isinstance(b, Bars) for one in b.bars)]


@pytest.mark.parametrize("name", ["W1[2,1]", "b1[1]"])
def test_a_weight_is_moved_by_as_much_and_no_other_with_it_before_the_next_step(name):
    """The run beside a plain one: the same net stepped by hand, its weight moved between two steps."""
    run = small()
    net = Net("2-2-1", hidden="tanh", loss="bce", seed=SEED)
    trainer = Trainer(net, data.moons(40, seed=1), SGD(0.1))
    numbers = []
    for n, _ in enumerate(trainer.epochs(10), 1):
        if n > 5:
            numbers.append(repr(net.theta.tolist()))
        if n == 5:
            cell = net[0].W[1:2, 0] if name == "W1[2,1]" else net[0].b[:1]
            cell += 1.5
    found = shown(run, (HALF, name, at(run, name, "+1.5")))
    assert [frame.show[0].markdown for frame in found] == numbers
    assert shown(run, (HALF, name, at(run, name, "+0"))) == shown(run)[5:]


def test_the_rate_is_a_factor_of_its_own_whatever_it_was_turned_to_before():
    run = small()
    three, own = at(run, RATE, "three times"), at(run, RATE, "as it is")
    assert shown(run, (0.3, RATE, three), (0.3, RATE, own)) == shown(run)[3:]


def test_a_training_that_begins_later_begins_with_the_rate_as_it_was_turned():
    """The second of two nets begins after the nudge: beside a plain one at three times the rate."""

    def net_after_net(seed, hold, rate=0.1):
        for n in range(2):
            net = Net("2-2-1", hidden="tanh", loss="bce", seed=seed + n)
            trainer = hold(Trainer(net, data.moons(40, seed=1), SGD(rate)))
            for i, _ in enumerate(trainer.epochs(5), 1):
                yield Frame((Words(repr(net.theta.tolist())),), n / 2 + i / 10, f"{n}")

    run = nudgeable("", net_after_net)
    faster = list(net_after_net(SEED, lambda trainer: trainer, 0.1 * 3.0))
    assert shown(run, (0.3, RATE, at(run, RATE, "three times")))[-5:] == faster[-5:]


# ── typed ──


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("40 rate 3", (0.4, RATE, TIMES.index("three times"))),
        ("40 % rate three times", (0.4, RATE, TIMES.index("three times"))),
        ("nudge at 5% Rate 0.1", (0.05, RATE, TIMES.index("a tenth"))),
        ("50 W1[2,1] +0.5", (0.5, "W1[2,1]", 5)),
        ("50 W₁[2, 1] = −2", (0.5, "W1[2,1]", 0)),
        ("99 b1[1] 1", (0.99, "b1[1]", 6)),
    ],
)
def test_one_line_says_when_what_and_how_much(text, what):
    assert read_nudge(small(), text) == what


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "first how far it has come in percent"),
        ("rate 3", "first how far it has come in percent"),
        ("0 rate 3", "0 % is no moment within the run"),
        ("100 rate 3", "100 % is no moment"),
        ("40 W9[1,1] 1", "there is no “W9[1,1]” to turn: rate, W1[2,1], b1[1]"),
        ("40 rate 7", "rate is one of a tenth, three tenths, as it is"),
        ("40 b1[1] +9", "b₁[1] is one of −2"),
    ],
)
def test_a_line_that_says_something_else_is_told_with_an_example(text, why):
    with pytest.raises(Unreadable) as told_so:
        read_nudge(small(), text)
    assert why in str(told_so.value)
    assert "40 rate ten times" in str(told_so.value)


def test_what_was_turned_is_told_with_its_moment():
    nudges = ((0.4, RATE, TIMES.index("ten times")), (0.6, "W1[2,1]", 5.0))
    assert told(small().knobs, nudges) == "rate ten times from 40 % on, W₁[2, 1] +0.5 from 60 % on"


