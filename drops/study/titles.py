"""What each wrong option of a course says of whoever picks it, to be read beside the option itself."""

from __future__ import annotations

from collections.abc import Iterator

from drops.course.model import Item, Library, Quiz
from drops.exercises.blocks import Choice
from drops.study.tasks import fresh, title_of

DRAWS = 24  # of an exercise: its options change with its numbers


def titles(library: Library) -> Iterator[str]:
    """ "2/xor-corners  4 of 4 → one line can separate it", once for each option that diagnoses something."""
    for drop in library:
        for key, item in drop.items.items():
            for option, misconception in dict.fromkeys(_diagnosing(item)):
                yield f"{drop.number}/{item.id}  {option} → {title_of(library, misconception, key)}"


def _diagnosing(item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(item, Quiz):
        for face in item.faces:
            yield from ((option.text, option.diagnoses) for option in face.options if option.diagnoses)
            yield from ((wrong.value, wrong.diagnoses) for wrong in face.wrong if wrong.diagnoses)
        return
    for seed in range(DRAWS):
        for step in fresh(item, seed).steps(2, {}, ""):
            if isinstance(step.ask, Choice):
                yield from ((one.text, one.diagnoses) for one in step.ask.options if one.diagnoses)
