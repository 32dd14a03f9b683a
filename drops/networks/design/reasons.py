"""A reason for every choice of the form, for this table: the sound one beside two that sound like one.

    wine, hidden 16   →  "to test for a bend; out again if it does not beat none"
    wine, hidden none →  "106 rows: a layer must earn its place first"

What is written down does not tell which choice is right. It tells whether it was made for a reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

from drops.networks.design.designing import SOUND, DataTable, read_hidden

BECAUSE = "why-"  # before the name of a choice: the field with its reasons
NEEDED = {9: 6, 10: 7}  # sound reasons, of so many choices


class Reason(NamedTuple):
    """One reason that can be given."""

    name: str
    text: str
    told: str = ""  # why it is none; "" for the sound one
    shows: str = ""  # the misconception behind it

    @property
    def sound(self) -> bool:
        return not self.told


# What a table is like, in the words that its reasons need.
_LOUD = {
    "bill": "all readings lie between 0 and 1: centred, each can pull both ways",
    "yield": "all readings lie between 0 and 1: centred, each can pull both ways",
    "wine": "proline reaches 1,680, phenols 0.1: one rate must suit both",
    "tumour": "area reaches 4,254, fractal dimension 0.001: one rate must suit both",
    "diabetes": "s1 reaches 301, sex 1 or 2: one rate must suit both",
}
_MEAN = {"bill": 14, "yield": 14, "diabetes": 152}
_BEND = {
    "bill": "two of the readings may count only together",
    "yield": "two of the readings may count only together",
    "wine": "vineyards may lie in bent patches",
    "tumour": "malignant ones may lie in a bent patch",
    "diabetes": "a blood value may matter only beyond a height",
}
_MOST = {"bill": 29, "yield": 29, "diabetes": 346}


def reasons(table: DataTable, form: Mapping[str, str], choice: str) -> tuple[Reason, ...]:
    """The three reasons that can be given for a choice, as the form stands; the sound one first."""
    said = {**SOUND, **form}
    layers = read_hidden(said["hidden"]) or ()
    sizes = "-".join(map(str, (table.columns, *(layers or (16,)), table.outputs)))
    made: Mapping[str, Callable[[], tuple[Reason, ...]]] = {
        "scaling": lambda: (
            Reason("rate", f"{_LOUD[table.name]}; test rows stay unseen"),
            Reason("range", "a net can only read values that lie between 0 and 1",
                   "A net reads any number. Scaling is for the descent.", "squash-is-sigmoid"),
            Reason("all", f"all {_whole(table):,} rows know the mean better than {table.rows}",
                   "They do, and the test rows have then helped to prepare the model.", "scaler-leak")),
        "target": lambda: (
            Reason("start", f"outputs start near 0, the target near {_MEAN[table.name]}"),
            Reason("linear", f"a linear output cannot reach {_MOST[table.name]} unless it is scaled",
                   "It can reach any number. It only takes long steps to get there.", "outputs-are-shares"),
            Reason("score", "R² comes out higher when the unit is a smaller one",
                   "R² does not change with the unit. Training does.", "unit-moves-score")),
        "hidden": lambda: _for_layers(table, some=bool(layers)),
        "squash": lambda: (
            Reason("bend", f"without it {sizes} is one weighted sum"),
            Reason("small", "it keeps every value of the table between 0 and 1",
                   "ReLU has no upper end and works well. The bend is the point.", "squash-is-sigmoid"),
            Reason("fast", f"{sizes} trains in fewer steps with it",
                   "It makes training harder, if anything. It is there for the bend.", "squash-for-speed")),
        "init": lambda: (
            _start(said["squash"]),
            Reason("fair", "zeros would be the fairest start, and are only a little slower",
                   "Equal units get equal gradients and stay equal. Fair, and useless.", "start-is-cosmetic"),
            Reason("any", f"with {table.rows} rows any start arrives at the same place in the end",
                   "From all zeros no hidden unit ever moves, whatever the rows.", "start-is-cosmetic")),
        "units": lambda: (
            Reason("one-each", _one_each(table)),
            Reason("coded", f"one that says {_coded(table)}",
                   "Each unit is one statement about the row, and classes have no order.", "output-units"),
            Reason("columns", f"{table.columns}, one for each of the columns that the net has to read",
                   "Columns are read, not predicted. Outputs belong to the target.", "output-units")),
        "output": lambda: (
            Reason("says", _says(table)),
            Reason("same", "it should be the squash of the hidden layers",
                   "They bend space; the output speaks the answer. The two need not match.",
                   "hidden-decides-output"),
            Reason("fastest", f"of all squashes it trains fastest on {table.rows} rows",
                   "A ReLU can never say −1, however fast it gets there.", "fastest-output")),
        "loss": lambda: (
            Reason("price", _price(table)),
            Reason("only", "no other loss can be computed for this target",
                   "Squared error can, of anything. The reason is how mistakes are priced.",
                   "loss-by-rule-of-thumb"),
            Reason("sign", f"unlike the score, {table.unit}, it can never come out below zero at all",
                   "Nor can squared error. The reason is how mistakes are priced.", "loss-by-rule-of-thumb")),
        "brake": lambda: (
            Reason("noise", f"{_parameters(sizes):,} parameters can learn the noise of {table.rows} rows"),
            Reason("steps", "it keeps the steps from growing while it trains",
                   "That is the learning rate's job. The brake guards rows unseen.", "brake-for-steps"),
            Reason("large", f"from {table.rows} rows on a table is large enough to need one",
                   "Small tables need it most: few rows are easily learned by heart.", "brake-for-large")),
        "pace": lambda: (
            Reason("curve", "one pace suits scaled columns; the curve says what to change"),
            Reason("largest", "the largest rate that holds is the best one",
                   "It may hold and still step over the lowest point each time.", "largest-rate"),
            Reason("smallest", "the smaller the steps, the surer they arrive",
                   "Small steps may not arrive at all within the time you give them.", "patience-is-enough")),
    }  # fmt: skip
    return made[choice]()


def _for_layers(table: DataTable, *, some: bool) -> tuple[Reason, ...]:
    more = Reason("more", "more layers never hurt",
                  "They need more rows and are harder to train.", "deeper-is-better")  # fmt: skip
    if some:
        return (
            Reason("test", f"{_BEND[table.name]}; out if it does not beat none"),
            Reason("must", "without a hidden layer it would be no neural network at all, only a weighted sum",
                   "It is one, and often as good.", "a-layer-is-a-must"),
            more,
        )  # fmt: skip
    return (
        Reason("earn", f"{table.rows} rows: a layer must earn its place first"),
        Reason("few", f"{table.columns} columns are too few for a layer to bend",
               "Two columns are enough for a bend. Whether it helps is measured.", "width-bends"),
        Reason("modern", "nets without hidden layers are the common choice today",
               "Custom is no reason for this table.", "common-choice"),
    )  # fmt: skip


def _whole(table: DataTable) -> int:
    return {"bill": 1050, "yield": 900, "wine": 178, "tumour": 569, "diabetes": 442}[table.name]


def _parameters(sizes: str) -> int:
    return sum((a + 1) * b for a, b in pairwise(map(int, sizes.split("-"))))


def _start(squash: str) -> Reason:
    text = {
        "tanh": "tanh passes nearly all, so Xavier keeps the size from layer to layer",
        "sigmoid": "every layer should pass on what it gets at about its size",
        "none": "every layer should pass on what it gets at about its size",
    }
    return Reason("size", text.get(squash, "ReLU silences half of what it gets; He makes up for it"))


def _one_each(table: DataTable) -> str:
    return {
        "class": "three vineyards without an order: one statement for each",
        "yes-no": "one question, malignant or not: one statement",
        "number": "one number is asked for: one statement",
    }[table.task]


def _coded(table: DataTable) -> str:
    return "0, 1 or 2" if table.task == "class" else "how many columns agree"


def _says(table: DataTable) -> str:
    return {
        "class": "it must say chances that add up to 1",
        "yes-no": "it must say a chance between 0 and 1",
        "number": "it must be able to say any number",
    }[table.task]


def _price(table: DataTable) -> str:
    if table.task == "number":
        return "one large miss should cost more than two of half its size"
    return "sure and wrong must cost much, and keep its gradient"


def shuffled_reasons(table: DataTable, form: Mapping[str, str], choice: str, seed: int) -> tuple[Reason, ...]:
    """The reasons in the order in which they are offered: it hangs on the draw and on nothing else."""

    def place(one: Reason) -> bytes:
        return hashlib.blake2b(f"{seed}{choice}{one.name}".encode(), digest_size=8).digest()

    return tuple(sorted(reasons(table, form, choice), key=place))


def unsound(table: DataTable, form: Mapping[str, str]) -> tuple[tuple[str, Reason], ...]:
    """Choices that were given another reason than the sound one, and that reason."""
    found = []
    for name, value in form.items():
        if name.startswith(BECAUSE):
            choice = name.removeprefix(BECAUSE)
            given = next(one for one in reasons(table, form, choice) if one.name == value)
            found += [] if given.sound else [(choice, given)]
    return tuple(found)
