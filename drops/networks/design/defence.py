"""A design defended: the rule, the decision on its layer, four bets, a signature, and one page to keep.

ten splits of wine: 16 ReLU minus none −0.001 ± 0.009  →  "take it out"
three of four what-ifs foreseen, 8 of 9 reasons, every gate  →  passed
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from drops.exercises.blocks import Bar, Bars, Choice, Option, Sheet, Show, Step, Words
from drops.exercises.steps import KEEPS, Answers, card_for, explain, picked, predict, right, see, wrong
from drops.networks.design import evidence, what_if
from drops.networks.design.designing import (
    GATES,
    NEEDED_POINTS,
    OWN_POINTS,
    PAIRS,
    DataTable,
    NetPlan,
    judge,
)
from drops.networks.design.reasons import BECAUSE, NEEDED, unsound
from drops.networks.design.what_if import SAID, Bet
from drops.text import number

WORDS = {"better": "beats none", "same": "makes no difference to none", "worse": "loses to none"}


def lights(table: DataTable, form: Mapping[str, str]) -> Iterator[str]:
    """The contract as far as the form is filled: "scaled ✓", "units open"."""
    output, loss = PAIRS[table.task][0]
    held = (
        ("scaled", form.get("scaling") == "train"),
        ("units", form.get("units") == str(table.outputs)),
        ("pair", (form.get("output"), form.get("loss")) == (output, loss)),
    )
    yield from (f"{name} {'✓' if holds else 'open'}" for name, holds in held)


RULE = (
    Choice(
        "When does a hidden layer stay in your design?",
        (
            right(
                "when it beats none by more than chance",
                "Else it is a price without a return: more parameters, the same score.",
            ),
            wrong(
                "when its mean score is higher than that of none",
                "A higher mean within chance would fall the other way on other splits.",
                "net-beats-line",
            ),
            wrong(
                "when it does not lose to none by more than chance",
                "Then it is as good, and dearer: the simpler of two equals is handed in.",
                "a-layer-is-a-must",
            ),
        ),
    ),
    Choice(
        "Ten splits: a layer's gain is smaller than its interval. What does that say?",
        (
            wrong(
                "the layer helps a little",
                "The same splits would allow that it harms a little.",
                "net-beats-line",
            ),
            right(
                "these rows do not show that it helps",
                "So it goes: a layer stays where it beats none by more than chance.",
            ),
            wrong(
                "more splits will make it larger",
                "More splits narrow the interval. They do not raise what lies in it.",
                "hands-in-unmeasured",
            ),
        ),
    ),
)

AGAINST_NOTHING = Choice(
    "Will a net with no hidden layer beat knowing nothing on this table?",
    (
        right("Clearly", "On each of these tables a weighted sum of the columns already tells a good deal."),
        wrong(
            "Not by more than chance",
            "A weighted sum of the columns already tells a good deal here.",
            "a-layer-is-a-must",
        ),
        wrong("It will be far worse", "With scaled columns it cannot fall far below a constant answer."),
    ),
    confidence=True,
)

SIGNED = (
    Choice(
        "Which sentence would you sign under a design?",
        (
            wrong(
                "“Of twenty designs it scored best on the test rows.”",
                "Then the test rows chose it, and their score is no longer a test.",
                "test-chooses",
            ),
            right(
                "“On ten splits it beat no hidden layer by more than chance.”",
                "It names the baseline and common splits, and the splits could have said no.",
            ),
            wrong(
                "“It has three layers because deep learning works.”",
                "That reason fits every table, so it says nothing about this one.",
                "common-choice",
            ),
        ),
    ),
    Choice(
        "Which sentence would you sign under a brake?",
        (
            right(
                "“Without it validation fell after step 40, with it it did not.”",
                "It names what was measured, and it could have come out otherwise.",
            ),
            wrong(
                "“Brakes are always a good idea.”",
                "Perhaps, and it says nothing of this table.",
                "common-choice",
            ),
            wrong(
                "“With it the test score was the best I saw.”",
                "Then the test rows chose it, and their score is no longer a test.",
                "test-chooses",
            ),
        ),
    ),
)

BETS = 4


def beats_none_guessed(table: DataTable) -> Choice:
    """A guess before anything is trained: is a layer worth its price here?"""
    straight = table.linear_is_enough
    bent = "Two readings act only together, and one falls, then climbs."
    enough = "The straight net already reaches what these columns hold."
    return Choice(
        "Will a well-made hidden layer beat a net with none on this table?",
        (
            Option("Clearly", not straight, enough if straight else bent, "a-layer-is-a-must" * straight),
            Option("Not by more than chance", straight, enough if straight else bent),
            wrong(
                "It will be far worse",
                "With a brake it stays close at least. Only without one does it fall far.",
            ),
        ),
        confidence=True,
    )


@dataclass(frozen=True)
class Defence:
    """What is asked of a design once its form is in, and what that comes to."""

    table: DataTable
    own: NetPlan  # as it stands on the form
    design: NetPlan  # what is trained: the own one, or a sound one where that cannot be
    seed: int
    answers: Answers
    form: Mapping[str, str]

    def training(self) -> Iterator[NetPlan]:
        """What must be trained before it can be asked about."""
        if not self.design.hidden:
            yield what_if.sound_net(self.table)
        yield from what_if.choosing(self.table, self.design, self.seed)

    def steps(self) -> tuple[Step, ...]:
        """The rule, the decision, four bets and their runs, a signature, the page to keep.

        What the splits say is known only once they were trained, so a question about them waits until the
        step before it is answered; the number of steps stays the same.
        """
        ready = "rule" in self.answers
        asks = tuple(
            predict(
                Words(self._asked[n].opens if ready else "A what-if."),
                ask=self._bet(n) if ready else None,
                name=f"bet-{n + 1}",
            )
            for n in range(BETS)
        )
        done = ready and all(step.name in self.answers for step in asks)
        rule = card_for(RULE, self.seed)
        return (
            explain(Words("The splits are in. First the rule, then its use."), ask=rule, name="rule"),
            explain(
                *((self._layer_drawn(),) if ready else ()),
                ask=self._decision() if ready else None,
                name="decision",
            ),
            *asks,
            see(*(self._bets_drawn() if done else ()), name="bets"),
            explain(ask=card_for(SIGNED, self.seed), name="sign"),
            see(*(self._page() if done else ()), name=KEEPS),
        )

    # The decision --------------------------------------------------------------------------

    @cached_property
    def _layer(self) -> evidence.Compared:
        return what_if.against_none(self.table, self.design, self.seed)

    @property
    def _layer_named(self) -> str:
        return self.design.says() if self.design.hidden else what_if.sound_net(self.table).says()

    def _layer_drawn(self) -> Bars:
        told = self._layer
        name = f"{self._layer_named} minus none"
        says = f"{name}, ten splits: {number(told.delta, 3)} ± {number(told.noise, 3)} {self.table.unit}."
        bar = Bar(name, told.delta, f"± {number(told.noise, 3)}", told.noise)
        return Bars((bar,), says, f"difference in {self.table.unit}")

    def _decision(self) -> Choice:
        """Whether the layer stays, as the interval has it."""
        told, some = self._layer, bool(self.design.hidden)
        beats = told.verdict == "better"
        seen = f"{_interval(told)}: {self._layer_named} {WORDS[told.verdict]}. {self._why}"
        stays = "keep the hidden layer" if some else f"add a hidden layer: {self._layer_named}"
        goes = "take the hidden layer out" if some else "leave it without a hidden layer"
        return Choice(
            "What do you hand in?",
            (
                Option(stays, beats, seen, "" if beats else "net-beats-line"),
                Option(goes, not beats, seen, "none-on-a-bend" if beats else ""),
                wrong(
                    "what scores best on the next ten splits",
                    "Asked until the answer pleases, the splits choose, and are no test.",
                    "test-chooses",
                ),
            ),
        )

    @property
    def _why(self) -> str:
        """What the interval says of the layer: chance reaches 0, or it is too little to pay for."""
        told = self._layer
        ends = f"{number(told.delta - told.noise, 3)} to {number(told.delta + told.noise, 3)}"
        if abs(told.delta) <= told.noise:
            return f"The interval from {ends} holds 0: chance alone makes as much."
        if told.verdict == "same":
            least = f"{number(told.floor)} of {self.table.unit}"
            return f"Less than {least} is no difference that anybody pays for."
        return f"The interval from {ends} does not hold 0: chance does not make that."

    @property
    def decided(self) -> bool:
        """Whether the decision agrees with the interval."""
        ask = self._decision()
        return any(ask.options[n].right for n in picked(self.answers, "decision", ask))

    # The bets ------------------------------------------------------------------------------

    @cached_property
    def _asked(self) -> tuple[Bet, ...]:
        return what_if.bets(self.table, self.design, self.seed)

    def _bet(self, n: int) -> Choice:
        told = self._asked[n].told
        seen = f"Measured over ten splits: {_interval(told)}."
        options = tuple(Option(SAID[verdict], told.verdict == verdict, seen) for verdict in SAID)
        return Choice("On the same ten splits its score is then …", options, confidence=True)

    def foresaw(self, n: int) -> bool:
        ask = self._bet(n)
        return any(ask.options[i].right for i in picked(self.answers, f"bet-{n + 1}", ask))

    @property
    def foreseen(self) -> int:
        """How many of the bets came true."""
        return sum(map(self.foresaw, range(BETS)))

    def _bets_drawn(self) -> tuple[Show, ...]:
        return (
            Words(f"You foresaw {self.foreseen} of {BETS}."),
            what_if.bets_drawn(self.table, self._asked),
        )

    # What it comes to ----------------------------------------------------------------------

    @property
    def reasoned(self) -> tuple[int, int]:
        """How many reasons hold, of how many choices; of a form without reasons 0 of 0."""
        of = sum(name.startswith(BECAUSE) for name in self.form)
        return of - len(unsound(self.table, self.form)), of

    @property
    def passed(self) -> bool:
        """Gates, four of five points of the form, the decision, three of four bets, and reasons."""
        found = judge(self.own, self.table, OWN_POINTS)
        held, of = self.reasoned
        return (
            not found.failed
            and self._finite
            and found.points >= NEEDED_POINTS
            and self.decided
            and self.foreseen >= what_if.NEEDED
            and held >= NEEDED.get(of, 0)
        )

    @property
    def _finite(self) -> bool:
        result = evidence.result(self.table, self.design, self.seed)
        return self.own is self.design and not result.diverged

    def _page(self) -> tuple[Show, ...]:
        """The page to keep: the design, what the splits say, every bet, the decision, the signature."""
        found = judge(self.own, self.table, OWN_POINTS)
        held, of = self.reasoned
        failed = [gate.name for gate in GATES if gate in found.failed]
        failed += [] if self._finite else ["the loss stays finite"]
        told, sign = self._layer, card_for(SIGNED, self.seed)
        signed = next((sign.options[n].text for n in picked(self.answers, "sign", sign)), "")
        rows = [
            ("design", f"{self.table.title}: {self.own.says()}, {self.own.brake_says}", ""),
            ("gates", f"failed: {'; '.join(failed)}" if failed else "all passed", _sign(not failed)),
            (
                "form",
                f"{found.points} of {found.of} points, {NEEDED_POINTS} needed",
                _sign(found.points >= NEEDED_POINTS),
            ),
        ]
        if of:
            rows.append(("reasons", f"{held} of {of} hold, {NEEDED[of]} needed", _sign(held >= NEEDED[of])))
        ask = self._decision()
        rows.append(
            ("layer", f"{self._layer_named} {WORDS[told.verdict]}: {_interval(told)}", "")
        )
        rows += [
            ("decision", ask.options[n].text, _sign(self.decided))
            for n in picked(self.answers, "decision", ask)
        ]
        for n, bet in enumerate(self._asked):
            rows.append(
                (
                    f"what-if {n + 1}",
                    f"{bet.says}: {_interval(bet.told)}, {SAID[bet.verdict]}",
                    _sign(self.foresaw(n)),
                )
            )
        rows.append(
            (
                "what-ifs",
                f"{self.foreseen} of {BETS} foreseen, {what_if.NEEDED} needed",
                _sign(self.foreseen >= what_if.NEEDED),
            )
        )
        rows.append(("signed", signed, ""))
        verdict = "passed" if self.passed else "not yet: each ✗ must become a ✓, but for one what-if"
        rows.append(("", verdict, _sign(self.passed)))
        says = f"{verdict}. " + "; ".join(f"{name} {text}" for name, text, _ in rows[:-1])
        title = f"**{self.table.title}: a design, defended.** Yours to keep."
        return Words(title), Sheet(("", "", ""), tuple(rows), f"{says}.")


def _sign(holds: bool) -> str:
    return "✓" if holds else "✗"


def _interval(told: evidence.Compared) -> str:
    return f"{number(told.delta, 3)} ± {number(told.noise, 3)}"
