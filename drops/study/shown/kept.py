"""The page to keep that a defended design ends in, as Markdown: to be pasted, printed, sent.

    | design | Wine: 16 ReLU, He, early stopping and weight decay |  |
    | layer | 16 ReLU makes no difference to none: −0.001 ± 0.009 | ✓ |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drops.course.model import ExerciseFence, Library
from drops.errors import DropsError
from drops.exercises.blocks import Cell, Sheet, Show, Words
from drops.exercises.steps import KEEPS
from drops.store.log import Log
from drops.study.question import ANSWERED
from drops.study.tasks import again

DESIGN = "architecture"  # the kind that is defended
HINT = "drops show --design prints this page as Markdown"


def kept_page(library: Library, log: Log) -> str:
    """The page of the design that was defended last, as Markdown; "" where none was to its end."""
    events = [
        event
        for key, item in library.items()
        if isinstance(item, ExerciseFence) and item.kind == DESIGN
        for event in log.events(kinds=ANSWERED, item_prefix=key)
        if event.item_key == key
    ]
    attempts: dict[tuple[object, object], dict[str, str]] = {}  # session and unit → its answers
    for event in events:
        said = event.payload
        mine = attempts.setdefault((said.get("session"), said.get("unit")), {})
        mine |= {str(said.get("step")): said["typed"]} if said.get("typed") else {}
    for event in sorted(events, key=lambda one: one.event_id, reverse=True):
        said = event.payload
        answers = attempts.pop((said.get("session"), said.get("unit")), None)
        if not answers or said.get("short") is True:
            continue
        try:
            _, item = library.item(event.item_key)
            last = again(item, said["numbers"]).steps(said["level"], answers, said.get("bug", ""))[-1]
        except (DropsError, LookupError, TypeError, ValueError, AttributeError):
            continue  # of a form that has changed since
        if last.name == KEEPS and last.show:
            return as_markdown(last.show)
    return ""


def as_markdown(show: Sequence[Show]) -> str:
    """Words as they are, and sheets as tables."""
    return "\n\n".join("\n".join(_lines(block)) for block in show) + "\n"


def _lines(block: Show) -> Iterator[str]:
    if isinstance(block, Words):
        yield block.markdown
    elif isinstance(block, Sheet):
        yield _row(block.columns)
        yield _row(["---"] * len(block.columns))
        yield from map(_row, block.rows)
    else:
        raise TypeError(f"no Markdown is written of {type(block).__name__}")


def _row(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"
