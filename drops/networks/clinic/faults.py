"""Twenty-four ways in which a network does not do well, each one change to a sound program.

    rate-low   0.3 → 0.0001   the steps are a millionth of the weights   set it back to 0.3

A fault is a row: what is changed, which gauge gives it away, how, and what people try. The first
fix mends it; the others are tempting, and the engine shows what each of them does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class CaseProgram:
    """How a net is made, fed and trained; every default is sound."""

    table: str  # the data, a disguise
    width: int
    depth: int  # hidden layers
    squash: str = "relu"
    init: str | tuple[str, float] = "he"
    bias: float = 0.0  # of every hidden unit at the start
    out: str = "sigmoid"
    loss: str = "bce"
    rule: str = "sgd"  # or "uphill", "never-zeroed", "adam"
    lr: float = 0.3
    clip: float | None = None  # the largest gradient that is taken as it is
    batch: int | None = 20
    steps: int = 400
    l2: float = 0.0
    stop: bool = False  # goes back to where the held-back loss was lowest
    rows: int = 200
    noise: float = 0.1
    feed: str = "as measured"  # or "standardised", "raw", "raw in use", "leaking", "misaligned", "sorted"
    rare: bool = False  # one row in twenty belongs to class 1, and the classes overlap
    weigh: float = 1.0  # how many rows a row of class 1 counts for
    target: str = "class"  # or "number", from −3 to 3, or "price", around 200,000


Change = Callable[[CaseProgram], CaseProgram]


def to(**what: Any) -> Change:
    """These settings instead."""
    return lambda program: replace(program, **what)


def times(**what: float) -> Change:
    """These settings as many times as large."""

    def change(program: CaseProgram) -> CaseProgram:
        now = {name: getattr(program, name) * factor for name, factor in what.items()}
        return replace(program, **{n: v if n == "lr" else round(v) for n, v in now.items()})

    return change


def deeper(layers: int) -> Change:
    """So many hidden layers more."""
    return lambda program: replace(program, depth=program.depth + layers)


@dataclass(frozen=True)
class Fix:
    """What an option says, what it changes, and why it works or only looks as if it would."""

    says: str
    change: Change
    why: str


@dataclass(frozen=True)
class CaseFault:
    """One thing changed in a sound program, and how it shows."""

    cause: str  # as an option says it
    change: Change
    gauge: str  # the one that gives it away
    shows: str  # how it reads there: nothing that another gauge would have to tell
    mends: Fix
    tempting: tuple[Fix, ...]
    tables: tuple[str, ...] = ("moons", "circle", "xor")  # where it shows
    by: str = "right"  # what a fix improves in use: the share that is right, or the "loss"

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """All of them, the one that mends first."""
        return (self.mends, *self.tempting)


def longer(why: str, factor: int = 5) -> Fix:
    """More of the same."""
    return Fix(f"{_WORDS[factor]} times as many steps", times(steps=factor), why)


def wider(why: str) -> Fix:
    return Fix("four times as many units in each layer", times(width=4), why)


def hotter(why: str) -> Fix:
    return Fix("ten times the learning rate", times(lr=10), why)


def cooler(why: str) -> Fix:
    return Fix("a tenth of the learning rate", times(lr=0.1), why)


_WORDS = {3: "three", 5: "five"}

# fmt: off
FAULTS: Mapping[str, CaseFault] = {
    # ── it runs away
    "rate-high": CaseFault(
        "the learning rate is far too high", to(lr=30.0), "steps",
        "A single step is as large as the weights themselves.",
        Fix("a learning rate of 0.3", to(lr=0.3),
            "Steps become a few thousandths of the weights, and the loss falls."),
        (longer("Every further step throws the weights about again."),
         Fix("all rows in one batch", to(batch=None),
             "A smoother gradient times 30 is still far too long a step."),
         Fix("two more hidden layers", deeper(2), "More layers are thrown about as well."))),
    "unscaled": CaseFault(
        "a column was not scaled", to(feed="raw"), "columns",
        "One column stands near 3,000 and spreads over hundreds; the other has a size of 1.",
        Fix("standardise with the training rows' mean and spread", to(feed="standardised"),
            "Both columns now have mean 0 and spread 1, so one rate suits both."),
        (Fix("a thousandth of the learning rate", times(lr=0.001),
             "What is small enough for the large column is too small for everything else."),
         wider("More units see the same huge column."),
         Fix("Adam with a rate of 0.01", to(rule="adam", lr=0.01),
             "Adam fits each step to its weight, yet the sums of the first layer stay in the thousands."))),
    "start-wide": CaseFault(
        "the weights start far too large", lambda p: replace(p, init=("normal", 3.0), depth=p.depth + 2),
        "weights",
        "Before the first step the weights already have a size of about 3.",
        Fix("start with He", to(init="he"), "The signal now keeps its size from layer to layer."),
        (longer("The first steps silence units or sit in the thousands; more steps start from there."),
         hotter("A step is ten times as long, from a start as wild."),
         wider("More units add up to a still larger sum."))),
    "uphill": CaseFault(
        "the step is added instead of subtracted", to(rule="uphill"), "steps",
        "The first step has a healthy size, and yet the loss is higher after it.",
        Fix("subtract the step", to(rule="sgd"),
            "The gradient points uphill, so the way down is minus the gradient."),
        (cooler("It climbs more slowly, and it still climbs."),
         Fix("start with Xavier", to(init="xavier"), "It climbs from another place."),
         Fix("cut every gradient to a size of 1", to(clip=1.0), "It climbs in equal strides."))),
    "target-huge": CaseFault(
        "the target was not scaled", to(target="price", out="linear", loss="mse"), "columns",
        "The target itself stands near 200,000, while the inputs have a size of 1.",
        Fix("standardise the target, and turn predictions back afterwards",
            to(target="number", lr=0.05), "Target and outputs now have a size of about 1."),
        (Fix("a millionth of the learning rate", times(lr=1e-6),
             "It no longer runs away, but at this rate it cannot climb to 200,000."),
         wider("More units make a larger gradient."),
         Fix("a sigmoid at the output", to(out="sigmoid"),
             "Its answers end at 1; the targets begin far above."))),
    # ── it lies flat
    "rate-low": CaseFault(
        "the learning rate is far too small", to(lr=1e-4), "steps",
        "A step changes the weights by less than a thousandth of their size, at the start and later.",
        Fix("a learning rate of 0.3", to(lr=0.3), "Steps become a few thousandths of the weights."),
        (longer("Five times almost nothing is almost nothing."),
         wider("More units move as little as the few did."),
         Fix("batches of 4 rows", to(batch=4), "The steps point elsewhere, and are as short."))),
    "silent": CaseFault(
        "every hidden unit is silent", to(bias=-10.0), "units",
        "All units of the first layer are silent on every row.",
        Fix("start the hidden biases at 0", to(bias=0.0),
            "About half of the gates are open, and gradients pass."),
        (longer("A gradient of 0 is 0 in every step."),
         hotter("Ten times 0 is 0."),
         wider("More units are silent as well."))),
    "zeros": CaseFault(
        "every weight starts at 0", to(init="zeros"), "weights",
        "The weights of all layers are exactly 0, at the start and at the end.",
        Fix("start with He", to(init="he"), "Random weights differ, so their gradients do."),
        (hotter("With weights of 0 the gradients behind them are 0 too."),
         wider("More weights of 0."),
         Fix("tanh instead of ReLU", to(squash="tanh"),
         "tanh(0) is 0 as well, and the weights still wait."))),
    "decay": CaseFault(
        "the weight decay is far too strong", to(l2=0.3), "weights",
        "The weights began at a healthy size and have melted to nearly nothing.",
        Fix("a decay of 0.0001", to(l2=1e-4), "The brake no longer outweighs what the data ask for."),
        (longer("It has reached its bottom: decay and data are in balance there."),
         wider("More weights melt as well."),
         Fix("three times the learning rate", times(lr=3), "It melts three times as fast."))),
    "start-narrow": CaseFault(
        "the weights start far too small", lambda p: replace(p, init=("normal", 0.05), depth=p.depth + 2),
        "gradients",
        "The gradients are tiny in every layer, in the last one too.",
        Fix("start with He", to(init="he"), "The signal keeps its size on both ways."),
        (hotter("Ten times as little is little, until a unit is thrown into silence."),
         cooler("A tenth of a tiny step."),
         Fix("two more hidden layers", deeper(2), "Each layer makes the signal smaller still."))),
    # ── it stops early
    "vanishing": CaseFault(
        "the gradient fades on its way to the front",
        lambda p: replace(p, depth=6, squash="sigmoid", init="xavier"), "gradients",
        "The gradient of the first layer is more than a hundred times smaller than the last one's.",
        Fix("tanh with Xavier", to(squash="tanh", init="xavier", lr=0.1),
        "tanh has slope 1 at 0, so the signal gets to the front."),
        (hotter("All steps grow tenfold, and the front stays as far behind."),
         longer("The front gets almost nothing in every one of them."),
         Fix("two more sigmoid layers", deeper(2), "Two more quarters to multiply by."))),
    "twins": CaseFault(
        "all units of a layer are the same", to(init=("constant", 0.1)), "units",
        "All units of a layer are alike.",
        Fix("start with He", to(init="he"),
            "Different starts get different gradients and become different units."),
        (wider("More twins are still one unit."),
         longer("Twins get equal gradients and stay twins."),
         Fix("three times the learning rate", times(lr=3), "The twins move faster, together."))),
    "no-squash": CaseFault(
        "the hidden layers have no squash", to(squash="linear"), "units",
        "No unit bends.",
        Fix("ReLU in the hidden layers", to(squash="relu", init="he"),
            "Now each unit bends the formula in a place of its own."),
        (Fix("two more hidden layers", deeper(2), "Sums of sums are one sum."),
         wider("However many sums are added, the result is one sum."),
         longer("It has found the best straight line long ago.")), tables=("circle", "xor")),
    "bottleneck": CaseFault(
        "one hidden unit has to say it all", to(width=1, depth=1, squash="tanh", init="xavier"), "held-back",
        "Training rows and held-back rows come out equally poor.",
        Fix("eight hidden units", to(width=8),
            "Eight units fence the classes in; one can draw a single line."),
        (longer("One line has been placed as well as one line can be."),
         hotter("The one line jumps about."),
         Fix("two more layers of one unit", deeper(2), "What the first unit merges no later unit can part.")),
        tables=("circle", "xor")),
    "pressed": CaseFault(
        "the output cannot reach the target", to(target="number", loss="mse", lr=0.1, steps=800), "answers",
        "Targets go far below 0 and far above 1, and every answer lies between 0 and 1.",
        Fix("a linear output", to(out="linear", lr=0.05), "A plain sum can reach any number."),
        (wider("However much they say, the sigmoid ends at 1."),
         longer("Its answers pile up at 0 and 1 and cannot leave."),
         Fix("a ReLU at the output", to(out="relu"),
             "Now the upper half is open and everything below 0 shut."))),
    "wrong-output": CaseFault(
        "the output is a ReLU where a chance is asked for", to(out="relu"), "answers",
        "Chances lie between 0 and 1. Here all answers are 0, or some are above 1.",
        Fix("a sigmoid at the output", to(out="sigmoid"),
            "Its answers are chances, which this loss can weigh."),
        (Fix("a linear output", to(out="linear"), "Its answers leave the range on both sides."),
         longer("Where the output is 0 its slope is 0, and nothing moves any more."),
         wider("More units in front of the same output."))),
    # ── it is ragged
    "batch-one": CaseFault(
        "each step listens to a single row", to(batch=1, lr=1.0, noise=0.25), "batches",
        "A batch is one row, and the loss of a batch leaps by a factor from one to the next.",
        Fix("batches of 32 rows at a rate of 0.3", to(batch=32, lr=0.3),
            "The mean of 32 rows points where most of them point."),
        (longer("The leaps do not calm down.", 3),
         Fix("three times the learning rate", times(lr=3), "The leaps get longer."),
         Fix("two more hidden layers", deeper(2), "More weights leap."))),
    "never-zeroed": CaseFault(
        "the gradients are never set back to 0", to(rule="never-zeroed"), "steps",
        "After a few steps a step is larger than rate × gradient.",
        Fix("set the gradients to 0 after each step", to(rule="sgd"),
            "Each step now follows the slope where it stands."),
        (wider("More units are carried along."),
         longer("It swings on.", 3),
         Fix("all rows in one batch", to(batch=None), "The smoother sum grows as well."))),
    "sorted": CaseFault(
        "the rows come sorted by class", to(feed="sorted", rows=2000), "batches",
        "The first batches hold one class only, the last ones only the other.",
        Fix("shuffle the rows", to(feed="as measured"), "Every batch is a small picture of all rows."),
        (cooler("It forgets one class a little more slowly."),
         Fix("weight decay of 0.01", to(l2=0.01), "Smaller weights forget one class just the same."),
         wider("More units forget as well."))),
    # ── it is wrong in use
    "misaligned": CaseFault(
        "the answers stand beside the wrong rows", to(feed="misaligned"), "held-back",
        "Even on its training rows the loss stays near what knowing nothing costs.",
        Fix("put each answer back beside its row", to(feed="as measured"),
            "Now there is something to learn."),
        (longer("It learns the wrong answers by heart."),
         wider("More units learn more of the wrong answers by heart."),
         Fix("weight decay of 0.01", to(l2=0.01), "No brake finds what is not in the rows."))),
    "overfit": CaseFault(
        "it learned its training rows by heart",
        to(rows=40, noise=0.35, width=40, rule="adam", lr=0.01, batch=None, steps=600), "held-back",
        "The training loss is near 0, and the held-back loss is above what knowing nothing costs.",
        Fix("stop where the held-back loss is lowest", to(stop=True),
            "It is kept as it was before it began to learn by heart."),
        (Fix("twice as many units in each layer", times(width=2), "More room to learn by heart."),
         longer("Each further step fits the training rows more closely.", 3),
         Fix("three more hidden layers", deeper(3),
             "Forty rows cannot fill that many weights either.")), by="loss"),
    "leaking": CaseFault(
        "a column knows the answer", to(feed="leaking"), "columns",
        "In training one column agrees with the answer almost entirely; on new rows it says nothing.",
        Fix("leave that column out", to(feed="as measured"),
            "It has to learn from what new rows have as well."),
        (Fix("stop where the held-back loss is lowest", to(stop=True),
             "The held-back rows have the same column, so they warn of nothing."),
         Fix("weight decay of 0.01", to(l2=0.01), "A brake makes the easy column only more attractive."),
         wider("More units read the same column."))),
    "rare-class": CaseFault(
        "it neglects the rare class", to(rare=True, noise=0.5, rows=300), "answers",
        "Of class 0 it gets nearly all right, and of class 1 far fewer.",
        Fix("count each row of class 1 nineteen times", to(weigh=19.0),
            "Missing the rare class now costs as much as missing the common one."),
        (wider("The rare class stays as light in the mean."),
         Fix("weight decay of 0.01", to(l2=0.01),
             "A smoother border leaves still more of the rare class out."),
         cooler("It gives in to the common class a little more slowly."))),
    "raw-in-use": CaseFault(
        "new rows come unscaled", to(feed="raw in use"), "columns",
        "In training the columns have mean 0 and spread 1; on new rows one stands near 3,000.",
        Fix("scale new rows with the training rows' mean and spread", to(feed="standardised"),
            "New rows now look like those it learned on."),
        (wider("More units meet the same strange numbers."),
         longer("It was trained well; what new rows bring is another thing."),
         Fix("stop where the held-back loss is lowest", to(stop=True),
             "The held-back rows are scaled, so they warn of nothing."))),
}
# fmt: on

ROUNDS: Mapping[str, tuple[str, ...]] = {
    "runs away": ("rate-high", "unscaled", "start-wide", "uphill", "target-huge"),
    "lies flat": ("rate-low", "silent", "zeros", "decay", "start-narrow"),
    "stops early": ("vanishing", "twins", "no-squash", "bottleneck", "pressed", "wrong-output"),
    "ragged": ("batch-one", "never-zeroed", "sorted"),
    "wrong in use": ("misaligned", "overfit", "leaking", "rare-class", "raw-in-use"),
}


def sound(table: str, width: int, depth: int) -> CaseProgram:
    """A program that learns."""
    return CaseProgram(table, width, depth)


def broken(fault: str, table: str, width: int, depth: int) -> CaseProgram:
    """The sound program with that fault."""
    return FAULTS[fault].change(sound(table, width, depth))
