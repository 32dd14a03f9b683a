"""A blank in the prose of a lesson: `On the other axis it crosses at [1](blank:-4/(-4)).`

In brackets stands the number that the text says, and that is to be typed; the formula is held to give it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from drops.course.model import Drop, FigureFence, Problem, Section
from drops.errors import DropsError

if TYPE_CHECKING:
    from drops.course.source import Source

LINK = "blank:"
SHOWN = "____"  # what stands in a blank that nothing was typed into
MOST_WORDS = 250  # that are read in a drop before there is something to do
_GAP = re.compile(r"\[([^\[\]]*)\]\(blank:((?:[^()\s]|\([^()\s]*\))*)\)")
_FENCE = ("```", "~~~")


class Gap(NamedTuple):
    """The number that a text says, as it is printed, and the formula that gives it."""

    number: str
    formula: str

    @property
    def tolerance(self) -> float:
        """Half of the last digit that is printed; a whole number is meant exactly."""
        digits = len(self.number.partition(".")[2])
        return 0.5 * 10.0**-digits if digits else 0.0


def gaps_in(parts: Iterable[str | FigureFence]) -> Iterator[Gap]:
    """The blanks of a lesson's page, in order."""
    for part in parts:
        if isinstance(part, str):
            yield from (Gap(*found) for found in _GAP.findall(part))


def filled_in(markdown: str, text: str, says: str = "") -> str:
    """The prose with `text` for its blank, and what is said of it at the end of its paragraph.

    >>> filled_in("It is [1](blank:2-1).", "one", "Right.")
    'It is one. Right.'
    """
    found = _GAP.search(markdown)
    if found is None:
        return markdown
    end = markdown.find("\n\n", found.end())
    end = len(markdown) if end < 0 else end
    before, after = markdown[: found.start()], markdown[found.end() : end]
    return f"{before}{text}{after}{f' {says}' if says else ''}{markdown[end:]}"


# ── what a check finds ────────────────────────────────────────────────────────────────────


def check_gaps(source: Source, drop: Drop | None) -> Iterator[Problem]:
    """Blanks that stand where none can be filled, or say another number than their formula."""
    apart = {section.place.line for section in drop.sections} if drop is not None else set[int]()
    page, fence, seen = 0, "", 0  # the line of the section's heading; the fence and the page of the last one
    for line, text in enumerate(source.lines, 1):
        if text.startswith("## "):
            page = line if line in apart else 0
        if text[:3] in _FENCE and fence in ("", text[:3]):
            fence = "" if fence else text[:3]
        for number, formula in () if fence else _GAP.findall(text):
            if not page:
                what, remedy = "a blank outside of what is read", "write the number"
            elif page == seen:
                what, remedy = "a second blank on one page", "leave one, and write the other's number"
            else:
                what, remedy = _wrong(Gap(number, formula))
            seen = page
            if what:
                yield Problem(f"{source.file}:{line}", what, remedy)


def _wrong(gap: Gap) -> tuple[str, str]:
    """What is wrong with a blank, and what to do; nothing where its formula gives its number."""
    from drops.exercises.answers import read_number
    from drops.exercises.formulas.reading import read_known
    from drops.exercises.formulas.tree import Undefined
    from drops.exercises.formulas.working_out import single
    from drops.exercises.grading import near
    from drops.text import number

    example = "write [2.5](blank:1.5+2-1): the number, and the sum that gives it"
    try:
        said, gives = read_number(gap.number), single(read_known(gap.formula, ()), {})
    except (DropsError, Undefined) as problem:
        return f"a blank that cannot be worked out: {str(problem).partition(';')[0]}", example
    if near(said, gives, gap.tolerance):
        return "", ""
    return f"a blank says {gap.number[:20]}, and its formula gives {number(gives, 6)}", "correct one of them"


def check_first_act(drop: Drop) -> Iterator[Problem]:
    """A drop that is read for too long before there is something to do."""
    words = 0
    for section in drop.sections:
        words += sum(len(part.split()) for part in _before_an_act(section))
        if _acts(section):
            break
    if words > MOST_WORDS:
        what = f"{words} words are read before there is anything to do"
        remedy = f"after at most {MOST_WORDS} give a figure a goal, or set a blank"
        yield Problem(str(drop.place), what, remedy)


def _acts(section: Section) -> bool:
    return any(gaps_in(section.parts)) or any(
        isinstance(part, FigureFence) and part.goal is not None for part in section.parts
    )


def _before_an_act(section: Section) -> Iterator[str]:
    """The texts of a page up to its first goal or blank; of one with neither, all of them."""
    for part in section.parts:
        if isinstance(part, FigureFence):
            if part.goal is not None:
                return
        elif (found := _GAP.search(part)) is not None:
            yield part[: found.start()]
            return
        else:
            yield part
