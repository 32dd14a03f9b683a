"""A whole design for a real table, defended.   Wine: 106 rows, 13 columns, 3 classes

scaling=train; hidden=16; squash=relu; init=he; units=3; output=softmax; loss=ce; brake=stop
  →  gates and form: 6 of 6    five splits against no hidden layer: 2 of 2
  →  three "what if you had chosen otherwise?" predicted and run: 2 of 2
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

import numpy as np

from drops.errors import Unreadable
from drops.exercises.answers import Answer, read
from drops.exercises.blocks import Beside, Choice, Design, DesignField, Option, Run, Sheet, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.grading import Verdict
from drops.exercises.params import one_of
from drops.exercises.steps import card_for, do, explain, foresaw, picked, predict, see, wrong
from drops.exercises.worksheet import Misconception
from drops.networks.design import evidence, what_if
from drops.networks.design.designing import (
    GATES,
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
from drops.networks.design.reason_cards import AGAINST_NOTHING, CARDS, SIGNED
from drops.networks.nets import DRAWN, bare
from drops.text import number

# How often each table is drawn: no single form fits more than a third of them.
_SHARES = {"bill": 0.17, "wine": 0.34, "tumour": 0.33, "diabetes": 0.16}
ENOUGH = 7

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
            tuple((s, s) for s in ("none", "relu", "leaky", "tanh", "sigmoid"))),
        DesignField("init", "start", tuple((s, s) for s in ("he", "xavier", "zeros"))),
        DesignField("units", "output units", tuple((n, n) for n in ("1", "2", "3", "10"))),
        DesignField(
            "output", "output squash", tuple((s, s) for s in ("linear", "sigmoid", "softmax", "relu"))),
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
    seed: int  # of the splits, the flips and the cards

    kind = "architecture"
    fields = ()
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        table = one_of(params, "table", _SHARES) or str(rng.choice(list(_SHARES), p=list(_SHARES.values())))
        return cls(table, one_of(params, "only", ["contract"]) or "", int(rng.integers(1, 10_000)))

    # ── the form ──

    @property
    def card(self) -> DataTable:
        return TABLES[self.table]

    def form(self) -> Design:
        names = [
            name
            for name in (_CONTRACT if self.only else _FIELDS)
            if name != "target" or self.card.task == "number"
        ]
        return Design(
            "Choose each, and have a reason for it." if not self.only else "Only the contract this time.",
            tuple(_FIELDS[name] for name in names),
            picture=self.picture_of,
        )

    def picture_of(self, form: Mapping[str, str]) -> tuple[Show, ...]:
        """The net that the form describes so far; of a wide layer the first units."""
        hidden = read_hidden(form.get("hidden", "")) or ()
        units = form.get("units", "")
        sizes = (self.card.columns, *hidden, int(units) if units.isdecimal() else self.card.outputs)
        told = "-".join(map(str, sizes))
        cut = f" Of a wide layer {DRAWN} are drawn." if max(sizes) > DRAWN else ""
        return bare([min(DRAWN, n) for n in sizes], f"The net {told}."), Words(f"**{told}**{cut}")

    def judge(self, answer: Answer) -> Verdict:
        """Gates and form points, at once; a hidden list that is none asks again."""
        form = cast(Mapping[str, str], answer)
        if "hidden" in form and read_hidden(form["hidden"]) is None:
            raise Unreadable("hidden layers are widths, or none", "hidden=16, 8")
        found = judge(plan(form), self.card)
        named = found.shows[:2]
        title = self.misconceptions[named[0]].title if named else ""
        score = found.points / sum(rule.points for rule in POINTS)
        return Verdict(
            found.passes, self._feedback(found), named, title, score=score, wanted=self._one_good_form()
        )

    def _feedback(self, found: Judged) -> str:
        earned = f"{found.points} of {sum(rule.points for rule in POINTS)} points on the form"
        if not found.shows:
            return f"Every gate passed, {earned}."
        first = self.misconceptions[found.shows[0]]
        opens = (
            "A gate failed"
            if found.failed
            else ("Every gate passed" if found.passes else "Gates passed, too few points")
        )
        return f"{opens}; {earned}. {first.title.capitalize()}: {first.rule}"

    def _one_good_form(self) -> str:
        output, loss = PAIRS[self.card.task][0]
        good = {**SOUND, "brake": "both", "units": str(self.card.outputs), "output": output, "loss": loss}
        return "; ".join(f"{field.name}={good[field.name]}" for field in self.form().fields)

    # ── predict → do → see → explain ──

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        _ = asked
        brief = do(self._brief(), ask=self.form())
        if self.only:
            return (brief,)
        own = self._own(answers)
        design = self._tried(own)
        stand_in = "" if design is own else " Yours cannot be trained as it stands, so a sound one stands in."
        first, second = self._cards()
        guess = card_for((self._against_the_baseline(), AGAINST_NOTHING), self.seed)
        return (
            predict(self._brief(), self._two_nets(), ask=guess),
            brief,
            explain(
                Words("Your form is in. One reason, before it is trained."), ask=CARDS[first], name="reason"
            ),
            see(
                Words(foresaw(answers, guess) + stand_in),
                ask=Run(
                    "Your design and a net with no hidden layer on the same five splits of "
                    f"{self.card.title}.",
                    evidence.trial(
                        self.card, design, what_if.changed(self.card, design, self.seed), self.seed
                    ),
                    needed=True,
                ),
                name="evidence",
            ),
            explain(Words("One more reason, then three what-ifs."), ask=CARDS[second], name="reason-2"),
            *self._defence(own, design, answers),
        )

    def _brief(self) -> Words:
        t = self.card
        return Words(
            f"**{t.title}.** {t.rows} rows to learn from, {t.columns} columns ({t.ranges}). "
            f"Predict {t.target}. Scored by {t.unit} on rows held back."
        )

    def _two_nets(self) -> Beside:
        """A net with no hidden layer, and one with."""
        sizes = min(DRAWN, self.card.columns), min(DRAWN, self.card.outputs)
        straight = bare(sizes, "A net with no hidden layer.")
        return Beside((straight, bare((sizes[0], 8, sizes[1]), "A net with a hidden layer.")))

    def _own(self, answers: Mapping[str, str]) -> NetPlan:
        """The learner's design; a sound one before there is any."""
        try:
            form = read(self.form(), answers.get("do", ""))
        except Unreadable:
            form = read(self.form(), self._one_good_form())
        return plan(cast(Mapping[str, str], form))

    def _tried(self, own: NetPlan) -> NetPlan:
        """What is put on trial: the learner's design, or a sound one where it cannot be trained."""
        if evidence.can_run(own, self.card):
            return own
        return plan(cast(Mapping[str, str], read(self.form(), self._one_good_form())))

    def _cards(self) -> tuple[str, str]:
        names = [field.name for field in self.form().fields]
        first, second = np.random.default_rng(self.seed).choice(len(names), 2, replace=False)
        return names[first], names[second]

    def _against_the_baseline(self) -> Choice:
        straight = self.card.linear_is_enough
        return Choice(
            "Will a well-made hidden layer beat a net with none on this table?",
            (
                Option(
                    "Clearly",
                    not straight,
                    "Not on this one: the straight net reaches what these columns hold."
                    if straight
                    else "Two readings act only together, and one falls, then climbs.",
                    "a-layer-is-a-must" if straight else "",
                ),
                Option(
                    "Not by more than chance",
                    straight,
                    "The straight net already reaches what these columns hold."
                    if straight
                    else "Here it does: two readings act only together. No straight line follows that.",
                    "" if straight else "none-on-a-bend",
                ),
                wrong(
                    "It will be far worse",
                    "With a brake it stays close at least. Only without one does it fall far.",
                ),
            ),
            confidence=True,
        )

    # ── the defence ──

    def _defence(self, own: NetPlan, design: NetPlan, answers: Mapping[str, str]) -> tuple[Step, ...]:
        """Three flips to predict, their runs, the rubric, a sentence to sign.

        What a flip gives is known only once it was trained, so its question waits until the
        step before it is answered; the number of steps stays the same.
        """
        flips = what_if.flips(self.card, design, self.seed)
        ready = "reason-2" in answers
        asks = tuple(
            predict(
                Words(f"Everything as you chose it, but: **{flip.says}**."),
                ask=self._flip_choice(design, flip) if ready else None,
                name=f"flip-{i}",
            )
            for i, flip in enumerate(flips, 1)
        )
        done = all(step.name in answers for step in asks)
        shown: tuple[Show, ...] = ()
        scored: tuple[Show, ...] = ()
        if done and ready:
            foreseen = Words(f"You foresaw {self._predicted(design, answers)} of the {len(flips)}.")
            shown = (foreseen, what_if.flips_drawn(self.card, design, self.seed))
            scored = (self._rubric(own, design, answers),)
        return (
            *asks,
            see(*shown, name="flips"),
            see(*scored, name="rubric"),
            explain(ask=card_for(SIGNED, self.seed), name="sign"),
        )

    def _flip_choice(self, design: NetPlan, flip: what_if.Flip) -> Choice:
        told = what_if.compare(self.card, design, flip, self.seed)
        seen = f"Measured: {number(told.delta, 3)} ± {number(told.noise, 3)} over five splits."
        return Choice(
            "On the same five splits, this would be …",
            (
                Option("better", told.verdict == "better", seen),
                Option("no detectable difference", told.verdict == "same", seen),
                Option("worse", told.verdict == "worse", seen),
            ),
            confidence=True,
        )

    def _predicted(self, design: NetPlan, answers: Mapping[str, str]) -> int:
        """How many flips the learner foresaw."""
        count = 0
        for i, flip in enumerate(what_if.flips(self.card, design, self.seed), 1):
            ask = self._flip_choice(design, flip)
            count += any(ask.options[n].right for n in picked(answers, f"flip-{i}", ask))
        return count

    def _rubric(self, own: NetPlan, design: NetPlan, answers: Mapping[str, str]) -> Sheet:
        found = judge(own, self.card)
        result = evidence.result(self.card, design, self.seed)
        foreseen = self._predicted(design, answers)
        finite = own is design and not result.diverged
        holds, above = own is design and result.holds, own is design and result.above_nothing
        rows = [("gate", gate.name, "passed" if gate not in found.failed else "failed") for gate in GATES]
        rows.append(("gate", "the loss stays finite", "passed" if finite else "failed"))
        rows += [("form", rule.name, "1" if holds else "0") for rule, holds in found.earned]
        rows.append(("evidence", "not below the straight net by more than chance", str(int(holds))))
        rows.append(("evidence", "above knowing nothing", str(int(above))))
        rows.append(
            ("defence", f"{foreseen} of 3 what-ifs foreseen, 2 needed", "2" if foreseen >= 2 else "0")
        )
        total = found.points + holds + above + (2 if foreseen >= 2 else 0)
        passed = total >= ENOUGH and not found.failed and finite
        verdict = "passed" if passed else "not yet"
        rows.append(("", f"{verdict}: {ENOUGH} points are needed, and no failed gate", str(total)))
        return Sheet(
            ("", "what", "points"),
            tuple(rows),
            f"{total} of 10 points; {'passed' if passed else 'not yet passed'}. "
            f"Form {found.points} of 6, what-ifs foreseen {foreseen} of 3.",
        )
