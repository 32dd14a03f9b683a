"""What a run can be given at a moment: typed, told and kept, the same in every face.

    40 % rate three times       40 rate 3       40 W1[1,2] +0.5
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from drops.errors import Unreadable
from drops.exercises.blocks import Knob, Nudges, Run
from drops.text import in_percent, number, safe_text

RATE = "rate"
LONGEST = 60
_TYPED = re.compile(r"(?:nudge +)?(?:at +)?(\d{1,3}(?:\.\d{1,20})?) *%? +(.+)", re.IGNORECASE)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉−", "0123456789-")


def signed(value: float) -> str:
    """ "+0.5", "−1", "+0"."""
    return number(value) if value < 0 else f"+{number(value)}"


def told(knobs: Iterable[Knob], nudges: Nudges) -> str:
    """What was turned, and when: "rate three times from 40% on"."""
    by_name = {knob.name: knob for knob in knobs}
    return ", ".join(
        f"{by_name[name].label} {by_name[name].told(value)} from {in_percent(at)} on"
        for at, name, value in nudges
    )


def examples(run: Run) -> str:
    """Two lines that can be typed, the last thing that can be turned in the second."""
    return " or ".join(dict.fromkeys(f"40 {_plain(knob)} {knob.settings[-1]}" for knob in run.knobs[:2]))


def _plain(knob: Knob) -> str:
    return knob.name if knob.name != RATE else RATE


def read_nudge(run: Run, text: str) -> tuple[float, str, float]:
    """A line such as "40 rate 3": the moment, what is turned, and to which place. Raises Unreadable."""
    text = safe_text(text).strip()[:LONGEST]
    example = examples(run).partition(" or ")[0]
    found = _TYPED.fullmatch(text)
    if not found:
        raise Unreadable("first how far it has come in percent, then what, then how much", example)
    at, rest = float(found[1]), found[2].translate(_SUBSCRIPTS)
    if not 0 < at < 100:
        raise Unreadable(f"{at:g} % is no moment within the run", example)
    squeezed = rest.replace(" ", "").lower()
    for knob in run.knobs:
        if squeezed.startswith(_plain(knob).lower()):
            return at / 100, knob.name, _place(knob, squeezed[len(_plain(knob)) :], example)
    names = ", ".join(_plain(knob) for knob in run.knobs)
    raise Unreadable(f"there is no “{rest.split()[0]}” to turn: {names}", example)


def _place(knob: Knob, said: str, example: str) -> float:
    """The place of a knob that is called so: "three times", "3", "+0.5"."""
    said = said.lstrip("=")
    words = [one.replace(" ", "").replace("−", "-").lower() for one in knob.settings]
    ways = {word: i for i, word in enumerate(words)} | {word.lstrip("+"): i for i, word in enumerate(words)}
    ways |= dict(zip(("0.1", "0.3", "1", "3", "10"), range(5), strict=True)) if knob.name == RATE else {}
    said = said.removesuffix("times") if said.removesuffix("times") in ways else said
    if said not in ways:
        raise Unreadable(f"{knob.label} is one of {', '.join(knob.settings)}", example)
    return float(ways[said])
