"""A design as it stands on the form, and what can be said of it before anything is trained.

    scaling=train; hidden=16; squash=relu; init=he; units=3; output=softmax; loss=ce; brake=stop
      →  no gate fails, 6 of 6 points

Gates are contracts: break one and nothing that follows can be trusted. Points are reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any, Literal

Task = Literal["number", "yes-no", "class"]


@dataclass(frozen=True)
class DataTable:
    """A table as its card describes it. `rows` are the rows to learn from in each split."""

    name: str
    title: str
    rows: int
    columns: int
    task: Task
    outputs: int  # output units that the target needs
    target: str
    ranges: str
    unit: str  # what the score counts
    linear_is_enough: bool  # measured: no hidden layer detectably beats none


# fmt: off
TABLES: dict[str, DataTable] = {
    table.name: table
    for table in (
        DataTable(
            "bill", "Energy bill", 300, 10, "number", 1, "next month's bill, a number",
            "ten readings between 0 and 1; five of them matter, two of those only together", "R²", False),
        DataTable(
            "yield", "Harvest", 200, 10, "number", 1, "the tonnes of a field, a number",
            "ten readings between 0 and 1, taken with much noise", "R²", False),
        DataTable(
            "wine", "Wine", 106, 13, "class", 3, "which of three vineyards",
            "from 0.1 (phenols) to 1,680 (proline)", "accuracy", True),
        DataTable(
            "tumour", "Tumour", 341, 30, "yes-no", 1, "malignant or benign",
            "from 0.001 (fractal dimension) to 4,254 (area)", "accuracy", True),
        DataTable(
            "diabetes", "Diabetes", 266, 10, "number", 1, "disease progression after a year, 25 to 346",
            "age, sex, body mass, pressure, six blood values", "R²", True),
    )
}
# fmt: on


@dataclass(frozen=True)
class NetPlan:
    """The form, read. `hidden` is None where it could not be read."""

    scaling: str
    target: str
    hidden: tuple[int, ...] | None
    squash: str
    init: str
    units: int
    output: str
    loss: str
    brake: str
    pace: str

    def parameters(self, columns: int) -> int:
        sizes = (columns, *(self.hidden or ()), self.units)
        return sum((a + 1) * b for a, b in pairwise(sizes))

    def says(self) -> str:
        """The net in words: "16 ReLU" or "no hidden layer"."""
        if not self.hidden:
            return "no hidden layer"
        names = {"relu": "ReLU", "leaky": "leaky ReLU", "none": "without a squash"}
        squash = names.get(self.squash, self.squash)
        return f"{'-'.join(map(str, self.hidden))} {squash}"

    @property
    def in_full(self) -> str:
        """All that a change may change: "16 ReLU, He, Adam 0.01, early stopping"."""
        starts = {"he": "He, ", "xavier": "Xavier, ", "zeros": "weights at 0, "}
        start = starts[self.init] if self.hidden else ""
        pace = {"adam": "Adam 0.01", "slow": "Adam 0.001", "sgd": "plain descent 0.05"}[self.pace]
        return f"{self.says()}, {start}{pace}, {self.brake_says}"

    @property
    def brake_says(self) -> str:
        """What keeps the noise out, in words."""
        return {
            "none": "no brake",
            "stop": "early stopping",
            "decay": "weight decay 0.01",
            "both": "early stopping and weight decay 0.01",
        }[self.brake]


LINEAR = NetPlan("train", "train", (), "relu", "he", 1, "linear", "mse", "stop", "adam")


def baseline(table: DataTable) -> NetPlan:
    """No hidden layer, everything else by the contract: what a design must not fall below."""
    output, loss = PAIRS[table.task][0]
    return replace(LINEAR, units=table.outputs, output=output, loss=loss)


def read_hidden(text: str) -> tuple[int, ...] | None:
    """Layer widths: "none" → (), "32, 16" or "32-16" → (32, 16). None if it is no such list."""
    plain = text.strip().lower()
    if plain in ("none", "no", "0", "linear", "()", "[]"):
        return ()
    words = re.split(r"[\s,\-–→]+", plain.strip("[]() "))
    if not all(re.fullmatch(r"[0-9]{1,4}", word) for word in words):
        return None
    return tuple(int(word) for word in words)


SOUND: Mapping[str, str] = {  # what a form that asks for less is taken to say
    "scaling": "train",
    "target": "train",
    "hidden": "16",
    "squash": "relu",
    "init": "he",
    "brake": "stop",
    "pace": "adam",
}


def plan(form: Mapping[str, str]) -> NetPlan:
    """The design of a form; the reasons on it say nothing of it."""
    known = {one.name for one in fields(NetPlan)}
    said: dict[str, Any] = {**SOUND, **{name: value for name, value in form.items() if name in known}}
    return NetPlan(**{**said, "hidden": read_hidden(said["hidden"]), "units": int(said["units"])})


# ── gates ─────────────────────────────────────────────────────────────────────────────────

PAIRS: dict[Task, tuple[tuple[str, str], ...]] = {  # task → output and loss, the best first
    "number": (("linear", "mse"),),
    "yes-no": (("sigmoid", "bce"), ("sigmoid", "mse")),
    "class": (("softmax", "ce"), ("softmax", "mse")),
}
MOST_LAYERS, MOST_UNITS, MOST_PARAMETERS = 3, 256, 30_000


def _two_way_softmax(design: NetPlan, table: DataTable) -> bool:
    """Two softmax units for yes or no: another way to write the same thing."""
    return table.task == "yes-no" and design.units == 2 and (design.output, design.loss) == ("softmax", "ce")


def _legal_pair(design: NetPlan, table: DataTable) -> bool:
    return (design.output, design.loss) in PAIRS[table.task] or _two_way_softmax(design, table)


def _buildable(design: NetPlan, table: DataTable) -> bool:
    layers = design.hidden
    return (
        layers is not None
        and len(layers) <= MOST_LAYERS
        and all(1 <= n <= MOST_UNITS for n in layers)
        and design.parameters(table.columns) <= MOST_PARAMETERS
    )


@dataclass(frozen=True)
class Rule:
    """One line of the rubric: points if `holds`, else what the design shows."""

    name: str
    points: int  # 0 for a gate
    holds: Callable[[NetPlan, DataTable], bool]
    shows: Callable[[NetPlan, DataTable], str]  # the misconception, where it does not hold


# fmt: off
GATES: tuple[Rule, ...] = (
    Rule("the net can be built", 0, _buildable, lambda *_: "not-buildable"),
    Rule(
        "scaled by the training rows", 0, lambda d, _: d.scaling == "train",
        lambda d, _: "unscaled" if d.scaling == "none" else "scaler-leak"),
    Rule(
        "output units fit the target", 0, lambda d, t: d.units == t.outputs or _two_way_softmax(d, t),
        lambda *_: "output-units"),
    Rule("output and loss belong together", 0, _legal_pair, lambda *_: "wrong-pair"),
)
# fmt: on


# ── points ────────────────────────────────────────────────────────────────────────────────


def _layers_justified(design: NetPlan, table: DataTable) -> bool:
    layers = design.hidden or ()
    return table.linear_is_enough if not layers else len(layers) <= 2


def _width_sensible(design: NetPlan, _: DataTable) -> bool:
    return all(4 <= n <= 64 for n in design.hidden or ())


def _start_fits(design: NetPlan, _: DataTable) -> bool:
    return not design.hidden or (design.squash, design.init) in (
        ("relu", "he"),
        ("leaky", "he"),
        ("tanh", "xavier"),
    )


def _squash_shows(design: NetPlan, _: DataTable) -> str:
    return {"none": "no-squash", "sigmoid": "sigmoid-hidden"}.get(design.squash, "init-mismatch")


# fmt: off
POINTS: tuple[Rule, ...] = (
    Rule(
        "the pair is the best known one", 1,
        lambda d, t: (d.output, d.loss) == PAIRS[t.task][0] or _two_way_softmax(d, t),
        lambda *_: "mse-on-squash"),
    Rule(
        "a numeric target is scaled", 1, lambda d, t: t.task != "number" or d.target == "train",
        lambda *_: "raw-target"),
    Rule(
        "the number of hidden layers has a reason", 1, _layers_justified,
        lambda d, _: "none-on-a-bend" if not d.hidden else "too-deep"),
    Rule(
        "the width is neither too small nor too large", 1, _width_sensible,
        lambda d, _: "bottleneck" if any(n < 4 for n in d.hidden or ()) else "too-wide"),
    Rule("squash and start fit", 1, _start_fits, _squash_shows),
    Rule(
        "fewer parameters than rows, or a brake", 1,
        lambda d, t: d.brake != "none" or d.parameters(t.columns) <= t.rows, lambda *_: "no-brake"),
)
# fmt: on
# Where the layers are decided by ten splits, the form has nothing to say of them.
OWN_POINTS = tuple(rule for rule in POINTS if rule.holds is not _layers_justified)
NEEDED_POINTS = len(OWN_POINTS) - 1


@dataclass(frozen=True)
class Judged:
    """What the form alone earns: gates that failed, points, and what was shown on the way."""

    failed: tuple[Rule, ...]
    earned: tuple[tuple[Rule, bool], ...]
    needs: int  # points, to pass
    shows: tuple[str, ...]  # misconceptions, gates first

    @property
    def of(self) -> int:
        """Points that there are."""
        return sum(rule.points for rule, _ in self.earned)

    @property
    def points(self) -> int:
        return sum(rule.points for rule, holds in self.earned if holds)

    @property
    def passes(self) -> bool:
        return not self.failed and self.points >= self.needs


def judge(design: NetPlan, table: DataTable, points: Sequence[Rule] = POINTS) -> Judged:
    """Gates and points of a design before it is trained; one point may be missing."""
    failed = tuple(gate for gate in GATES if not gate.holds(design, table))
    earned = tuple((rule, rule.holds(design, table)) for rule in points)
    shows = [gate.shows(design, table) for gate in failed]
    shows += [rule.shows(design, table) for rule, holds in earned if not holds]
    return Judged(failed, earned, len(points) - 1, tuple(dict.fromkeys(shows)))
