"""What is said of a case: what a gauge rules out, how it was solved, and how an expert would have gone."""

from __future__ import annotations

from collections.abc import Sequence

from drops.exercises.answers import CaseAnswer
from drops.networks.clinic import evidence
from drops.networks.clinic.case import ClinicCase
from drops.networks.clinic.changes import CHANGES
from drops.networks.clinic.gauges import GAUGES, NO_SIGN
from drops.networks.clinic.score import MOST, CaseScore
from drops.networks.faults.table import FAULTS


def rules_out(case: ClinicCase, gauge: str) -> str:
    """The line of a guided case under an opened gauge."""
    sign = case.signs[gauge]
    out = evidence.ruled_out(case.world, case.offered, gauge, sign)
    return f"{says(gauge, sign).capitalize()}. **Rules out: {_causes(case, out) or 'nothing yet'}.**"


def says(gauge: str, sign: str) -> str:
    """What a sign is, in words."""
    return GAUGES[gauge].signs[sign].says if sign else NO_SIGN


def _causes(case: ClinicCase, names: Sequence[str]) -> str:
    """Causes by the number they have in the case, with their words."""
    return "; ".join(f"{case.offered.index(name) + 1} {FAULTS[name].cause}" for name in names)


def verdict(case: ClinicCase, score: CaseScore) -> str:
    """What is said at once."""
    cause = FAULTS[case.fault].cause
    if not score.named:
        return f"It was another cause: {cause}. {score.points} of {MOST} points."
    guess = "what was open leaves others, too" if score.gauges else "no gauge was open"
    how = "by evidence" if score.by_evidence else f"a guess: {guess}"
    mended = (
        "it mends" if score.mended == 1 else "it helps, by accident" if score.mended else "it is no cure"
    )
    return f"Right, {how}. Your change: {mended}. {score.points} of {MOST} points."


def way(case: ClinicCase) -> str:
    """An expert's gauges, what each says, and what is left after it; then cause and cure."""
    lines, signs = [], dict[str, str]()
    for gauge in case.route:
        signs[gauge] = case.signs[gauge]
        left = evidence.left(case.world, case.offered, signs)
        leaves = "leaves cause " + " or ".join(str(case.offered.index(name) + 1) for name in left)
        lines.append(f"{GAUGES[gauge].label}: {says(gauge, signs[gauge])}; {leaves}")
    cure = CHANGES[case.cure].spelt(case.twin) if case.cure else ""
    lines.append(f"so {FAULTS[case.fault].cause}{f'; what mends it: {cure}' if cure else ''}")
    return "\n".join(lines)


def revealed(case: ClinicCase) -> str:
    """The cause."""
    fault = FAULTS[case.fault]
    return f"The cause: **{fault.cause}**. {fault.means}"


def told(case: ClinicCase, given: CaseAnswer, score: CaseScore) -> str:
    """What was opened and struck off, what an expert opens, and how the points came."""
    parts = [_opened(case, given, score)]
    if early := too_early(case, given):
        parts.append(f"Struck off before a gauge spoke against it: {_causes(case, early)}.")
    parts.append(
        f"Cause {score.cause} of 5, change {score.change} of 3, way {score.way} of 2: "
        f"**{score.points} of {MOST}**."
    )
    return "\n\n".join(parts)


def _opened(case: ClinicCase, given: CaseAnswer, score: CaseScore) -> str:
    names = [_named(case.gauges[i]) for i in given.gauges]
    opened = f"You opened {_and(names)}." if names else "You opened no gauge."
    signs = {case.gauges[i]: case.signs[case.gauges[i]] for i in given.gauges}
    left = evidence.left(case.world, case.offered, signs)
    if not score.by_evidence:
        opened += f" That leaves {_causes(case, left)}."
    if not case.route or tuple(signs) == case.route:
        return opened
    return f"{opened} {_expert(case)}"


def _expert(case: ClinicCase) -> str:
    """Where an expert begins, what is read there, and what is opened then."""
    first = case.route[0]
    why = says(first, case.signs[first])
    more = f"; then {_and(list(map(_named, case.route[1:])))}" if case.route[1:] else ""
    return f"An expert opens {_named(first)} first: {why}{more}."


def _named(gauge: str) -> str:
    """A gauge by its label, which may hold a comma."""
    return f"“{GAUGES[gauge].label}”"


def too_early(case: ClinicCase, given: CaseAnswer) -> tuple[str, ...]:
    """Causes that were struck off while what was open did not exclude them."""
    found = []
    for cause, count in given.struck:
        signs = {case.gauges[i]: case.signs[case.gauges[i]] for i in given.gauges[:count]}
        if case.offered[cause] in evidence.left(case.world, case.offered, signs):
            found.append(case.offered[cause])
    return tuple(found)


def tried(case: ClinicCase, change: str) -> str:
    """What became of a change, once it has been trained; without one, what mends the net."""
    if not change:
        return f"What mends it: *{CHANGES[case.cure].spelt(case.twin)}*." if case.cure else ""
    spelt = CHANGES[change].spelt(case.twin)
    helps = case.mends(change)
    if helps == 1:
        return f"Your change, *{spelt}*, mends it."
    cure = f" What mends it: *{CHANGES[case.cure].spelt(case.twin)}*."
    if helps:
        return f"Your change, *{spelt}*, helps a part of the way and leaves the cause where it is.{cure}"
    if CHANGES[change].of(case.program, case.twin) == case.program:
        return f"Your change, *{spelt}*, changes nothing: this net has it already.{cure}"
    seldom = "in many nets with this fault it brings back little, whatever it does in this one"
    return f"Your change, *{spelt}*, does not mend it: {seldom}.{cure}"


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
