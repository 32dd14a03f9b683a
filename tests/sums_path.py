"""A path of two drops to stand beside the bundled one: other numbers, a term with another meaning."""

from __future__ import annotations

from pathlib import Path

PAGE = """\
+++
id = "{path}"
title = "{title}"
rhythm = "2 days"
summary = "Adding."

[[phases]]
id = "first"
title = "First things"
goal = "Begin"

[[outcomes]]
text = "Add"
shown_by = ["{first}"]
+++
## Key terms
### bias
A leaning of whoever adds.

### carry
What goes to the next column.
"""

LESSON = """\
+++
id = "{id}"
title = "{title}"
phase = "first"
minutes = 3
goal = "Add two numbers"
leaves_out = ["products"]
teaches = ["bias"]
needs = [{needs}]
+++
## What a sum is
A sum adds, and a [bias](term:bias) leans.

## Exercise
```exercise neuron
id = "by-hand"
keep = true
title = "{title}"
```

## Quiz
### What is 2 + 1? {{#three .keep}}
= 3
> Two and one.

## Carry forward
- Sums add.
"""


def write(folder: Path, path: str = "sums", title: str = "Sums", *, first: str = "one-sum") -> Path:
    """A library folder with this path in it; drop 1 needs a drop of the bundled path."""
    place = folder / path
    place.mkdir(parents=True, exist_ok=True)
    (place / "path.md").write_text(PAGE.format(path=path, title=title, first=first), encoding="utf-8")
    for number, (name, says, needs) in enumerate(
        (
            (first, "One sum", '"weighted-sum-and-squash"'),
            (f"{first}-more", "A second sum", f'"{first}"'),
        ),
        1,
    ):
        text = LESSON.format(id=name, title=says, needs=needs)
        (place / f"{number:02d}-{name}.md").write_text(text, encoding="utf-8")
    return folder
