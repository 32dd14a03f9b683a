"""A whole design for a real table, defended.   Wine: 106 rows, 13 columns, 3 classes

scaling=train; hidden=16; squash=relu; init=he; units=3; output=softmax; loss=ce; brake=stop
  →  gates and form: passed    reasons: 9 of 9
  →  ten splits against no hidden layer: no difference, so the layer is taken out
  →  four "what if you had chosen otherwise?" predicted and run: 3 foreseen
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self, cast

import numpy as np

from drops.errors import Unreadable
from drops.exercises.answers import Answer, read
from drops.exercises.blocks import (
    Bar,
    Bars,
    Beside,
    Design,
    DesignField,
    Run,
    Show,
    Step,
    Words,
)
from drops.exercises.exercise import Exercise
from drops.exercises.grading import Verdict
from drops.exercises.params import one_of
from drops.exercises.steps import card_for, do, foresaw, predict, see
from drops.exercises.worksheet import Misconception
from drops.networks.design import defence, evidence
from drops.networks.design.designing import (
    OWN_POINTS,
    PAIRS,
    POINTS,
    SOUND,
    TABLES,
    DataTable,
    Judged,
    NetPlan,
    judge,
    plan,
    read_hidden,
)
from drops.networks.design.reasons import BECAUSE, NEEDED, reasons, shuffled_reasons, unsound
from drops.networks.nets import DRAWN, bare

# How often each table is drawn: no single form fits more than a third of them.
_SHARES = {"bill": 0.11, "yield": 0.11, "wine": 0.34, "tumour": 0.33, "diabetes": 0.11}

# fmt: off
_FIELDS: dict[str, DesignField] = {
    field.name: field
    for field in (
        DesignField(
            "scaling", "scale the columns by",
            (("none", "nothing"), ("train", "mean and spread of the training rows"),
             ("all", "mean and spread of all rows"))),
        DesignField("target", "scale the target", (("raw", "no"), ("train", "by the training rows"))),
        DesignField("hidden", "hidden layers", (), example="16"),
        DesignField(
            "squash", "squash between them",
            (("none", "none"), ("relu", "ReLU"), ("leaky", "leaky ReLU"), ("tanh", "tanh"),
             ("sigmoid", "sigmoid"))),
        DesignField("init", "start", (("he", "He"), ("xavier", "Xavier"), ("zeros", "zeros"))),
        DesignField("units", "output units", tuple((n, n) for n in ("1", "2", "3", "10"))),
        DesignField(
            "output", "output squash",
            (("linear", "linear"), ("sigmoid", "sigmoid"), ("softmax", "softmax"), ("relu", "ReLU"))),
        DesignField(
            "loss", "loss",
            (("mse", "mean squared error"), ("bce", "−ln p, yes or no"), ("ce", "cross-entropy"))),
        DesignField(
            "brake", "brake",
            (("none", "none"), ("stop", "early stopping"), ("decay", "weight decay 0.01"), ("both", "both"))),
        DesignField(
            "pace", "pace", (("adam", "Adam 0.01"), ("slow", "Adam 0.001"), ("sgd", "plain descent 0.05"))),
    )
}
# fmt: on
SKETCHED = 3  # columns and units of a net that stands for its kind
_CONTRACT = ("scaling", "target", "units", "output", "loss")


# ── what people do instead ────────────────────────────────────────────────────────────────


def _shown(title: str, rule: str) -> Misconception:
    return Misconception(title, title, rule)


# fmt: off
MISCONCEPTIONS = {
    "not-buildable": _shown(
        "no net to build", "Hidden layers: none, 16, or 32, 16; three at most, 256 units at most."),
    "unscaled": _shown(
        "unscaled columns", "A column in the thousands drowns one in tenths. Scale by the training rows."),
    "scaler-leak": _shown(
        "the test rows helped to scale", "Mean and spread come from the training rows only."),
    "output-units": _shown("wrong number of outputs", "One unit for a number or yes-no; one for each class."),
    "wrong-pair": _shown(
        "output and loss do not fit",
        "Number: linear and MSE. Yes-no: sigmoid and −ln p. Classes: softmax and cross-entropy."),
    "mse-on-squash": _shown(
        "squared error on a chance", "It works, but fades where the net is surely wrong. Prefer −ln p."),
    "raw-target": _shown(
        "the target left in its own unit",
        "Its size sets the size of every step. Scale it by the training rows."),
    "none-on-a-bend": _shown(
        "a straight model for a bent table",
        "Two of these readings matter only together. That takes a hidden layer."),
    "too-deep": _shown(
        "more than two hidden layers for a small table",
        "Under 1,000 rows, one or two are all that the rows can pay for."),
    "bottleneck": _shown("a bottleneck", "Fewer than four units throw away what the columns say."),
    "too-wide": _shown("too wide", "Beyond 64 units these tables give nothing back."),
    "no-squash": _shown("no squash", "Layers without a squash melt into one straight formula."),
    "sigmoid-hidden": _shown(
        "sigmoid in hidden layers", "Its slope is a quarter at most. ReLU with He, or tanh with Xavier."),
    "init-mismatch": _shown(
        "start and squash do not fit", "ReLU and leaky start with He, tanh with Xavier, nothing with zeros."),
    "no-brake": _shown(
        "more parameters than rows, and no brake",
        "Stop early or decay the weights, or the noise is learned too."),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Architecture(Exercise):
    table: str
    only: str  # "" or "contract": a shorter form for review
    seed: int  # of the splits, the what-ifs, and the order of reasons
    reasoned: bool = False  # whether each choice is asked for its reason; older answers have none

    kind = "architecture"
    fields = ()
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        table = one_of(params, "table", _SHARES) or str(rng.choice(list(_SHARES), p=list(_SHARES.values())))
        only = one_of(params, "only", ["contract"]) or ""
        return cls(table, only, int(rng.integers(1, 10_000)), reasoned=not only)

    # ── the form ──

    @property
    def card(self) -> DataTable:
        return TABLES[self.table]

    @property
    def choices(self) -> list[str]:
        """The choices that the form asks for."""
        names = _CONTRACT if self.only else _FIELDS
        return [name for name in names if name != "target" or self.card.task == "number"]

    def form(self) -> Design:
        fields = [_FIELDS[name] for name in self.choices]
        if self.reasoned:
            fields = [one for field in fields for one in (field, self._because(field))]
        says = "Choose each, and have a reason for it." if not self.only else "Only the contract this time."
        return Design(says, tuple(fields), picture=self.picture_of, told=self.told_of)

    def _because(self, choice: DesignField) -> DesignField:
        """The field with the reasons for a choice."""

        def offered(form: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
            found = shuffled_reasons(self.card, form, choice.name, self.seed)
            return tuple((one.name, one.text) for one in found)

        return DesignField(f"{BECAUSE}{choice.name}", f"{choice.label}, because", reasons=offered)

    def picture_of(self, form: Mapping[str, str]) -> tuple[Show, ...]:
        """The net that the form describes so far, of a wide layer the first units, and its price."""
        sizes = self._sizes(form)
        cut = f" Of a wide layer {DRAWN} units are drawn." if max(sizes) > DRAWN else ""
        parameters, rows = sum((a + 1) * b for a, b in pairwise(sizes)), self.card.rows
        price = Bars(
            (Bar("parameters", float(parameters)), Bar("rows", float(rows))),
            f"{parameters:,} parameters, {rows} rows to learn them from.",
        )
        net = bare([min(DRAWN, n) for n in sizes], f"The net {'-'.join(map(str, sizes))}.")
        return net, Words(f"**{self.told_of(form)}.**{cut}"), price

    def told_of(self, form: Mapping[str, str]) -> str:
        """The same in a line: "13-16-3, 275 parameters for 106 rows; scaled ✓, units open"."""
        sizes = self._sizes(form)
        parameters = sum((a + 1) * b for a, b in pairwise(sizes))
        told = f"{'-'.join(map(str, sizes))}, {parameters:,} parameters for {self.card.rows} rows"
        return f"{told}; {', '.join(defence.lights(self.card, form))}"

    def _sizes(self, form: Mapping[str, str]) -> tuple[int, ...]:
        hidden, units = read_hidden(form.get("hidden", "")) or (), form.get("units", "")
        return (self.card.columns, *hidden, int(units) if units.isdecimal() else self.card.outputs)

    def judge(self, answer: Answer) -> Verdict:
        """Gates, form points and reasons, at once; a hidden list that is none asks again."""
        form = cast(Mapping[str, str], answer)
        if "hidden" in form and read_hidden(form["hidden"]) is None:
            raise Unreadable("hidden layers are widths, or none", "hidden=16, 8")
        found = judge(plan(form), self.card, OWN_POINTS if self.reasoned else POINTS)
        weak = unsound(self.card, form)
        named = (*found.shows, *dict.fromkeys(one.shows for _, one in weak if one.shows))[:2]
        first = found.shows[0] if found.shows else ""
        title = self.misconceptions[first].title if first else ""
        of = len(self.choices)
        reasoned = not self.reasoned or of - len(weak) >= NEEDED[of]
        asked = of if self.reasoned else 0  # each reason is worth a point beside those of the form
        score = (found.points + asked - len(weak)) / (found.of + asked)
        return Verdict(
            found.passes and reasoned,
            "\n\n".join(filter(None, (self._feedback(found), *self._of_reasons(form)))),
            named,
            title,
            score=score,
            wanted=self._one_good_form(),
        )

    def _feedback(self, found: Judged) -> str:
        earned = f"{found.points} of {found.of} points on the form"
        if not found.shows:
            return f"Every gate passed, {earned}."
        first = self.misconceptions[found.shows[0]]
        opens = (
            "A gate failed"
            if found.failed
            else ("Every gate passed" if found.passes else "Gates passed, too few points")
        )
        return f"{opens}; {earned}. {first.title.capitalize()}: {first.rule}"

    def _of_reasons(self, form: Mapping[str, str]) -> Iterator[str]:
        """How many reasons hold, and of each that does not what was said and why it does not."""
        if not self.reasoned:
            return
        weak, of = unsound(self.card, form), len(self.choices)
        yield f"{of - len(weak)} of {of} reasons hold, {NEEDED[of]} are needed."
        for choice, reason in weak:
            label = _FIELDS[choice].label
            yield f"*{label[:1].upper()}{label[1:]}*, because “{reason.text}”: {reason.told}"

    def _one_good_form(self) -> str:
        output, loss = PAIRS[self.card.task][0]
        good = {**SOUND, "brake": "both", "units": str(self.card.outputs), "output": output, "loss": loss}
        for choice in self.choices if self.reasoned else ():
            good[BECAUSE + choice] = reasons(self.card, good, choice)[0].name
        return "; ".join(f"{field.name}={good[field.name]}" for field in self.form().fields)

    # ── predict → do → see → explain ──

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        _ = asked
        brief = do(self._brief(), ask=self.form())
        if self.only:
            return (brief,)
        form = self._form_of(answers)
        own = plan(form)
        design = self._tried(own)
        stand_in = "Your design cannot be trained as it stands, so a sound one stands in."
        guess = card_for((defence.beats_none_guessed(self.card), defence.AGAINST_NOTHING), self.seed)
        at = defence.Defence(self.card, own, design, self.seed, answers, form)
        return (
            predict(self._brief(), self._two_nets(), ask=guess),
            brief,
            see(
                *(() if design is own else (Words(stand_in),)),
                ask=Run(
                    "Your design and a net with no hidden layer on the same ten splits of "
                    f"{self.card.title}, then what it takes to ask you four what-ifs.",
                    evidence.trial(self.card, design, at.training, self.seed),
                    needed=True,
                    closes=foresaw(answers, guess),
                ),
                name="evidence",
            ),
            *at.steps(),
        )

    def _brief(self) -> Words:
        t = self.card
        return Words(
            f"**{t.title}.** {t.rows} rows to learn from, {t.columns} columns ({t.ranges}). "
            f"Predict {t.target}. Scored by {t.unit} on rows held back."
        )

    def _two_nets(self) -> Beside:
        """A net with no hidden layer, and one with: of many columns a few, for the layer is asked about."""
        first, last = min(SKETCHED, self.card.columns), self.card.outputs
        straight = bare((first, last), "A net with no hidden layer.")
        layered = bare((first, SKETCHED, last), "A net with a hidden layer.")
        return Beside((straight, layered), ("none", "a hidden layer"))

    def _form_of(self, answers: Mapping[str, str]) -> Mapping[str, str]:
        """The learner's form; a sound one before there is any."""
        try:
            form = read(self.form(), answers.get("do", ""))
        except Unreadable:
            form = read(self.form(), self._one_good_form())
        return cast(Mapping[str, str], form)

    def _tried(self, own: NetPlan) -> NetPlan:
        """What is put on trial: the learner's design, or a sound one where it cannot be trained."""
        if evidence.can_run(own, self.card):
            return own
        return plan(cast(Mapping[str, str], read(self.form(), self._one_good_form())))
