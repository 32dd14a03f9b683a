"""The first screen waits for the course: reading it stays light."""

from __future__ import annotations

import os
import subprocess
import sys

# where no bytecode is kept, no compiled lesson is either, and each is parsed anew
KEEPING = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
HEAVY = {"numpy", "sqlalchemy", "alembic", "textual", "rich", "fsrs", "markdown_it", "nnlab"}

LOADING = """
import sys
from drops.course.parse import library_folders, load
from drops.errors import ContentError
try:
    load(library_folders(None))
except ContentError:
    pass
print(*sorted(sys.modules))
"""


def test_reading_all_lessons_loads_no_engine_no_database_no_parser_and_no_exercises() -> None:
    for _ in range(2):  # the first time whatever is not kept yet is parsed
        out = subprocess.run(
            [sys.executable, "-c", LOADING], capture_output=True, text=True, check=True, env=KEEPING
        ).stdout.split()
    assert "drops.course.parse" in out
    assert HEAVY.isdisjoint(name.partition(".")[0] for name in out)
    assert not [name for name in out if name.startswith("drops.exercises")]


def test_reading_is_linear_in_the_length_of_a_lesson(lesson: str) -> None:
    """Counted, not timed: twice the text is at most a little more than twice the calls."""
    from lessons import parse_drop

    def calls(text: str) -> int:
        count = 0

        def counted(frame, event, argument) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(counted)
        try:
            parse_drop(text, "a.md", 1)
        finally:
            sys.setprofile(None)
        return count

    question = "### Which? {#q%d}\n- [x] this\n  > Yes.\n- [ ] that\n  > No.\n\n"
    longer = [
        lesson.replace("## Review", "".join(question % n for n in range(many)) + "## Review")
        for many in (0, 100, 200)
    ]
    none, once, twice = map(calls, longer)
    assert twice - none < 2.2 * (once - none)
