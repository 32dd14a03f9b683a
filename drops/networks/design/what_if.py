"""What a design would be with one thing changed: bets, decided by ten splits, and the decision on the layer.

    wine, 16 ReLU, both brakes:  no hidden layer −0.004 ± 0.008  no difference
                                 all weights at 0 −0.60 ± 0.05   worse

Asked is only what the splits of this draw decide as most draws do: two changes without a difference, one
for the worse, and one for the better, which is a change for the worse asked the other way round. One of
those without a difference is asked that way, too: else “better where a colleague's net is changed back, no
difference everywhere else” would come true three times in four, always.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from drops.exercises.blocks import Bar, Bars
from drops.networks.design.designing import DataTable, NetPlan, baseline
from drops.networks.design.evidence import Compared, Verdict, compared, scores
from drops.text import number

NEEDED = 3  # of the four, foreseen
VERDICTS: tuple[Verdict, Verdict] = ("worse", "same")
SAID: Mapping[Verdict, str] = {"better": "better", "same": "no difference", "worse": "worse"}


@dataclass(frozen=True)
class Change:
    """One choice made otherwise."""

    name: str
    says: str
    change: Callable[[NetPlan], NetPlan]


# fmt: off
CHANGES: Mapping[str, Change] = {
    change.name: change
    for change in (
        Change("unscaled", "the columns are not scaled", lambda d: replace(d, scaling="none")),
        Change("leak", "mean and spread come from all rows", lambda d: replace(d, scaling="all")),
        Change("raw", "the target is not scaled", lambda d: replace(d, target="raw")),
        Change("1", "one hidden layer of a single unit",
               lambda d: replace(d, hidden=(1,), squash="relu", init="he")),
        Change("4", "one hidden layer of 4 units", lambda d: replace(d, hidden=(4,))),
        Change("32", "one hidden layer of 32 units", lambda d: replace(d, hidden=(32,))),
        Change("16-16", "two hidden layers of 16 units", lambda d: replace(d, hidden=(16, 16))),
        Change("deep", "eight hidden layers of 8 ReLU units",
               lambda d: replace(d, hidden=(8,) * 8, squash="relu", init="he")),
        Change("tanh", "tanh with Xavier", lambda d: replace(d, squash="tanh", init="xavier")),
        Change("straight", "no squash behind the hidden layer", lambda d: replace(d, squash="none")),
        Change("zeros", "all weights start at 0", lambda d: replace(d, init="zeros")),
        Change("free", "no brake", lambda d: replace(d, brake="none")),
        Change("decay", "weight decay alone", lambda d: replace(d, brake="decay")),
        Change("sgd", "plain descent at 0.05", lambda d: replace(d, pace="sgd")),
        Change("mse", "squared error", lambda d: replace(d, loss="mse")),
    )
}

# What 20 draws of ten splits say of a change on each table in nine of ten of them: of 16 ReLU units with both
# brakes ("some"), and of no hidden layer, stopped early ("none"): first for the worse, then no difference.
# Whether there is a hidden layer at all is not among them: that is decided by itself, before. Nor is what
# nothing in the path would let one foresee: 4 units, or no decay beside early stopping, on the bill. Wine
# with unscaled columns is worse in half of the draws, no different in the rest, and asked in that half.
_BILL = (("free", "zeros", "1", "straight", "raw"), ("leak", "decay", "32"))
DECIDED: Mapping[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("bill", "some"): (_BILL[0], (*_BILL[1], "16-16")),
    ("bill", "none"): (("raw", "deep"), ("leak", "free", "1", "sgd")),
    ("yield", "some"): _BILL,
    ("yield", "none"): (("raw", "deep"), ("leak", "free", "1", "sgd")),
    ("wine", "some"): (("unscaled", "zeros", "1"),
                       ("leak", "free", "straight", "tanh", "16-16", "4", "32", "mse")),
    ("wine", "none"): (("unscaled", "1"), ("leak", "free", "sgd", "mse")),
    ("tumour", "some"): (("unscaled", "zeros"),
                         ("leak", "1", "straight", "tanh", "16-16", "4", "32", "mse")),
    ("tumour", "none"): (("unscaled",), ("leak", "1", "free", "sgd", "mse")),
    ("diabetes", "some"): (("free", "zeros"), ("leak", "16-16", "32")),
    ("diabetes", "none"): (("raw", "deep"), ("leak", "free", "decay", "sgd")),
}
# fmt: on


def sound_net(table: DataTable) -> NetPlan:
    """Sixteen ReLU units with both brakes, everything else by the contract."""
    return replace(baseline(table), hidden=(16,), brake="both")


@dataclass(frozen=True)
class Bet:
    """One what-if, with what the splits say of it."""

    name: str
    of: NetPlan  # what is changed
    to: NetPlan
    says: str  # the change, in a few words
    told: Compared  # `to` minus `of`
    own: bool  # whether it is the learner's design that is changed
    undone: bool = False  # whether it is the change that is taken back

    @property
    def verdict(self) -> Verdict:
        return self.told.verdict

    @property
    def opens(self) -> str:
        """Whose net it is, what that is, and what is changed."""
        if self.undone:
            yours = ", yours" if self.own else ""
            net = f"A colleague took this net{yours}: {self.to.in_full}. Then one thing was changed"
            return f"{net}: **{CHANGES[self.name].says}**. Now that is undone."
        whose = "Your" if self.own else "Another"
        return f"{whose} net: {self.of.in_full}. One thing changed: **{self.says}**."


def bets(table: DataTable, design: NetPlan, seed: int) -> tuple[Bet, ...]:
    """The four what-ifs of a draw, in the order in which they are asked; trained now unless that was done."""
    return _bets(table, design, seed)


@lru_cache(maxsize=32)
def _bets(table: DataTable, design: NetPlan, seed: int) -> tuple[Bet, ...]:
    needs = choosing(table, design, seed)
    while True:
        try:
            scores(table, next(needs), seed)
        except StopIteration as chosen:
            found: tuple[Bet, ...] = chosen.value
            return found


def choosing(table: DataTable, design: NetPlan, seed: int) -> Generator[NetPlan, None, tuple[Bet, ...]]:
    """Yields each design that must be trained before the next what-if can be chosen; returns the four.

    Of the own design first; where that has too few, of sixteen ReLU units with both brakes.
    """
    rng = np.random.default_rng(seed)
    found: dict[Verdict, list[Bet]] = {"worse": [], "same": []}
    used: set[str] = set()
    for base, verdict, name in _candidates(table, design, rng):
        changed = CHANGES[name].change(base)
        if len(found[verdict]) == 2 or changed == base or name in used:
            continue
        yield base
        yield changed
        told = compared(table, changed, base, seed)
        if told.verdict == verdict:
            used.add(name)
            found[verdict].append(Bet(name, base, changed, CHANGES[name].says, told, own=base == design))
    asked = [one for pair in found.values() for one in (*pair[:1], *map(_backwards, pair[1:]))]
    return tuple(asked[i] for i in rng.permutation(len(asked)))


def _candidates(
    table: DataTable, own: NetPlan, rng: np.random.Generator
) -> Iterator[tuple[NetPlan, Verdict, str]]:
    """What may be asked, in the order in which it is tried: of the own design, then of the sound one, and
    at last whatever can be changed in that."""
    sound = sound_net(table)
    for base in (own, sound):
        lists = DECIDED[table.name, "some" if base.hidden else "none"]
        for verdict, names in zip(VERDICTS, lists, strict=True):
            yield from ((base, verdict, names[i]) for i in rng.permutation(len(names)))
    for verdict in VERDICTS:
        yield from ((sound, verdict, name) for name in CHANGES if name != "deep")


def _backwards(bet: Bet) -> Bet:
    """A change asked the other way round: one for the worse is then one for the better."""
    told = replace(bet.told, delta=-bet.told.delta)
    return replace(bet, of=bet.to, to=bet.of, says=f"undone: {bet.says}", told=told, undone=True)


def against_none(table: DataTable, design: NetPlan, seed: int) -> Compared:
    """The hidden layers of a design, minus none; of a design without one, what 16 ReLU units would add."""
    mine = design if design.hidden else sound_net(table)
    return compared(table, mine, baseline(table), seed)


def bets_drawn(table: DataTable, found: tuple[Bet, ...]) -> Bars:
    """The differences, each with its chance and its word."""
    bars = tuple(
        Bar(bet.says, round(bet.told.delta, 3), f"± {number(noise, 3)}: {SAID[bet.verdict]}", noise)
        for bet in found
        for noise in (bet.told.noise,)
    )
    told = "; ".join(f"{bar.name} {number(bar.value, 3)} {bar.note}" for bar in bars)
    return Bars(bars, f"Changed, on the same ten splits: {told}.", f"difference in {table.unit}")
