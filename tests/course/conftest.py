"""A whole small course to break in one place at a time, and toy registries to check it against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import pytest

LESSON = """\
+++
id = "one-sum"
title = "One sum"
phase = "first"
minutes = 6
goal = "Add two numbers"
leaves_out = ["training"]
teaches = ["bias"]
needs = []
misconceptions = { bias-as-slope = "takes the bias for the slope" }

[[claims]]
says = "Toys add up"
experiment = "toy_runs"
params = { runs = 3 }
expect = { share = 0.5, steps = { at_most = 9 } }
+++
## What a sum is
A sum adds. The [bias](term:bias) adds once more.

```figure toy
x = 2
expect = { z = 3 }
```
After the figure.

## Exercise
Work it out.

```exercise toy
id = "by-hand"
keep = true
title = "one sum"
```

## Quiz
### Which number shifts the sum? {#shift .keep}
It is added once.

- [x] the bias
  > It is added whatever
  > the input is.
- [ ] the weight `bias-as-slope`
  > A weight multiplies.

### What is z? {#z}
= 3
> 2 + 1 = 3.

```expect figure toy
x = 2
number = "z"
```

- −1.5 `doubled`
  > That is something else.

### Put them in order {#order}
1. multiply
2. add
> Products first.

## Review
### Which of these are numbers? Choose all that apply. {#numbers title="which hold"}
- [x] 1
  > One is.
- [x] 2
  > Two is.
- [ ] x
  > A letter.

## Carry forward
- Sums add.
"""

PAGE = """\
+++
id = "sums"
title = "Sums"
summary = "Adding."
minutes = 6

[[phases]]
id = "first"
title = "First"
goal = "Begin"
drops = 1

[[outcomes]]
text = "Add"
shown_by = ["one-sum"]

[[resources]]
title = "A film"
kind = "video"
url = "https://example.org/film"

[teaches]
"sum" = "one-sum"
"product" = "beyond this path: a book on products"
+++
## Why it matters
Sums are everywhere, as [the first drop](drop:one-sum) shows.

## What you will learn
- To add
- To add
  again

## Key terms
### bias
What is added once.

### hidden layer
One in between.

## Questions
### Why add?
Because.
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a library folder `content` with the path `sums`: the page and lessons by file name."""

    def written(page: str = PAGE, /, library: str = "content", **lessons: str) -> Path:
        folder = tmp_path / library / "sums"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "path.md").write_text(page, encoding="utf-8")
        for name, text in (lessons or {"01-one-sum": LESSON}).items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
        return folder.parent

    return written


@pytest.fixture(scope="session")
def lesson() -> str:
    return LESSON


@pytest.fixture(scope="session")
def page() -> str:
    return PAGE


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """An exercise kind, a figure and an experiment called toy; the list of the runs measured."""
    from drops import catalog
    from drops.exercises.blocks import Field, Figure, Numbers, Step, Words
    from drops.exercises.exercise import Exercise
    from drops.exercises.figure import Drawing
    from drops.exercises.worksheet import Line, Misconception, Worksheet

    @dataclass(frozen=True)
    class Toy(Exercise):
        a: int
        top: int
        kind: ClassVar[str] = "toy"
        version: ClassVar[int] = 1
        fields: ClassVar[tuple[Field, ...]] = (Field("s", "s"),)
        misconceptions: ClassVar[Mapping[str, Misconception]] = {
            "doubled": Misconception("it was doubled", "it is doubled", "Add 1.", {"s": lambda v: 2 * v["a"]})
        }

        @classmethod
        def draw(cls, rng: Any, params: Mapping[str, Any]) -> Toy:
            top = params.get("top", 9)
            if top < 2:
                raise ValueError(f"top is {top}, not 2 or more")
            return cls(int(rng.integers(1, top)), top)

        def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
            picture = Figure((), lambda at: (Words(f"{at['top']}"),) if self.top == 13 else (), "Look.")
            return (Step("do", "do", (picture,), Numbers("Add.", self.fields)),)

        @cached_property
        def worksheet(self) -> Worksheet:
            return Worksheet({"a": self.a}, (Line("s", "s", lambda v: v["a"] + 1, "{a} + 1"),))

    def figure(params: Mapping[str, Any]) -> Drawing:
        return Drawing((), {"z": params["x"] + 1.0})

    measured: list[int] = []

    def toy_runs(runs: int = 1) -> Mapping[str, float]:
        measured.append(runs)
        if runs < 0:
            raise ValueError("fewer than no runs")
        return {"share": 0.5, "steps": 9.0}

    monkeypatch.setitem(catalog.KINDS, "toy", Toy)  # type: ignore[arg-type]
    monkeypatch.setitem(catalog.FIGURES, "toy", figure)
    monkeypatch.setitem(catalog.EXPERIMENTS, "toy_runs", toy_runs)
    return measured
