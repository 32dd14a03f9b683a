"""What a page is called, and what became of an answer, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from drops.exercises.answers import case_in_words, digit
from drops.exercises.blocks import Case, Choice, Design, Knobs, Numbers, Order, Run, Sheet
from drops.exercises.grading import Verdict
from drops.plain.spoken import plain_markdown, wrapped
from drops.study.pages import Answered, Page, PagePart
from drops.text import ended, number, stated

# What a page is, and whether its place among the like of it is worth telling.
PLACES: Mapping[PagePart, str] = {
    "recall": "Recall, question",
    "read": "Page",
    "predict": "Predict, exercise",
    "do": "Do, exercise",
    "see": "See, exercise",
    "explain": "Explain, exercise",
    "quiz": "Quiz, question",
    "retry": "Once more, question",
}


def title(page: Page) -> str:
    """Where the learner is, in one line: "Page 2 of 4: Two steps, line by line. 6 min left." """
    return f"{named(page)}{f' {page.left}.' if page.left else ''}"


def named(page: Page) -> str:
    """A page by its place and its name: "Page 2 of 4: Two steps, line by line." """
    place = PLACES.get(page.part, "")
    head, _, name = page.heading.partition(" · ")
    if page.part == "read":
        name = head
    elif not place or head == "Worked example":
        place, name = "", page.heading.replace(" · ", ": ")
    many = page.part_of > 1
    where = f"{place} {page.part_index} of {page.part_of}" if place and many else place.partition(",")[0]
    return ended(": ".join(filter(None, (where, name))))


def verdict_lines(page: Page, outcome: Answered) -> Iterator[str]:
    """The verdict in words: the whole, each field, the misconception."""
    verdict = outcome.verdict
    first = _first_word(page, outcome)
    goes_on = not verdict.options and verdict.feedback.startswith(("Right.", "Right,"))  # tells it by itself
    yield from () if first == "Right." and goes_on else wrapped(first)
    if isinstance(page.ask, Choice) and verdict.options:
        for i, feedback in enumerate(verdict.options):
            if page.ask.picture is None:
                yield from wrapped(f"{digit(i)}) {feedback}")
            elif feedback:  # a part of a picture has a name, and of most nothing is to be said
                yield from wrapped(f"{page.ask.options[i].text}: {feedback}")
    else:
        for one in verdict.fields if len(verdict.fields) > 1 else ():  # a lone one is told by the verdict
            stands = STANDINGS.get(one.standing, "wrong")
            yield from wrapped(f"  {stated(one.label, number(one.typed, 6))}: {stands}")
        yield from wrapped(verdict.feedback)
    for name in outcome.confirmed:
        yield from wrapped(f"Seen a second time now: {name}.")


def rule_lines(verdict: Verdict) -> Iterator[str]:
    """What comes out by the learner's rule and by the rule, and the worked line: they answer what is asked
    to mend it, and so are told after that."""
    for block in verdict.worlds:
        if isinstance(block, Sheet) and len(verdict.fields) > 1:  # one number is told already
            yield from wrapped(block.says)
    if verdict.line and not (verdict.right or verdict.options or verdict.tells_line):
        yield from wrapped(verdict.line)


STANDINGS: Mapping[str, str] = {"right": "right", "follows": "follows from your own number"}


def _first_word(page: Page, outcome: Answered) -> str:
    """The verdict in words; to who asked to be shown, the answer and no verdict."""
    verdict = outcome.verdict
    if outcome.revealed:
        return f"The answer: {_named(page, verdict.wanted)}"
    if verdict.right:
        return "Right."
    if isinstance(page.ask, Choice) and verdict.options:
        wanted = ended(_named(page, verdict.wanted))
        return f"Not exactly these. Right are {wanted}" if page.ask.many else f"Not this. Right is {wanted}"
    return f"Not yet: {verdict.title}." if verdict.title else "Not yet."


def _named(page: Page, wanted: str) -> str:
    """The wanted answer with its words: "option 3: the bias"."""
    match page.ask:
        case Choice(options=options, picture=None):
            right = [f"option {digit(i)}: {plain_markdown(o.text)}" for i, o in enumerate(options) if o.right]
            return "; ".join(right)
        case Numbers(fields=fields) if len(fields) > 1:
            values = wanted.split("; ")
            return "; ".join(stated(one.label, value) for one, value in zip(fields, values, strict=True))
        case Case():
            return case_in_words(page.ask, wanted)
        case Choice() | Numbers() | Order() | Knobs() | Design() | Run() | None:
            return wanted
        case _:
            assert_never(page.ask)
