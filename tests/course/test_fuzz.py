"""Whatever stands in a file, reading it ends in values or in a ContentError."""

from __future__ import annotations

import contextlib
import html
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.course.lesson import read_drop
from drops.course.markup import marks
from drops.course.page import read_page
from drops.course.source import Source, source_of
from drops.course.words import clean
from drops.errors import ContentError
from drops.text import safe_text
from pace import within

odd = st.sampled_from(
    [
        "",
        "\x1b[31m",
        "&#27;",
        "\u202e",
        "{#",
        "}",
        "```",
        "+++",
        "- [x] ",
        "= 1/0",
        "= `w/0` ± 1",
        "#### Or: ",
        "```draw\nw = [1]\n```\n",
        "[[",
        "\ufeff",
        "9" * 400,
        "\r",
    ]
)


def read_anyhow(text: str) -> Source | None:
    with contextlib.suppress(ContentError):
        source = source_of(text, "a/b/01-c.md")
        drop, _ = read_drop(source, 1)
        read_page(source, [drop] if drop else [])
        return source
    return None


@given(st.text())
def test_any_text_at_all(text: str) -> None:
    read_anyhow(text)
    read_anyhow(f"+++\n{text}\n+++\n## A\n{text}")


@pytest.mark.slow
@given(st.data())
def test_a_course_with_lines_shuffled_dropped_doubled_and_garbled(
    lesson: str, page: str, data: st.DataObject
) -> None:
    lines = [*lesson.split("\n"), *page.split("\n")]
    picked = data.draw(st.lists(st.integers(0, len(lines) - 1) | odd | st.text(max_size=12), max_size=60))
    body = "\n".join(lines[one] if isinstance(one, int) else one for one in picked)
    front = lesson[: lesson.index("## What")] if data.draw(st.booleans()) else page[: page.index("## Why")]
    read_anyhow(front + body)


@pytest.mark.slow
@given(st.integers(0, 2_000), st.integers(0, 20), odd | st.text(max_size=5))
def test_a_course_with_one_cut_and_one_splinter(lesson: str, at: int, length: int, splinter: str) -> None:
    source = read_anyhow(lesson[:at] + splinter + lesson[at + length :])
    if source is not None:
        with contextlib.suppress(ContentError):
            list(marks(source))


HOSTILE = [
    "## a" + " " * 3_990 + "b",
    "### a" + " " * 3_900 + "{" * 50,
    "- [ ] " + "a " * 1_990,
    "- [ ] a" + " " * 3_900 + "`",
    "= 1" + " " * 3_900 + "x",
    "- 1" + " " * 3_900 + "x",
    "```" + " " * 3_900 + "`x",
    "`" * 3_990 + "x`",
    "&#2" * 600 + "7;" * 600,
    "=" * 3_990,
    ">" * 3_990,
]


@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: line[:8])
def test_no_line_takes_long_to_read(line: str) -> None:
    front = '+++\nid = "a"\ntitle = "A"\nphase = "p"\nminutes = 1\ngoal = "g"\n+++\n'
    for under in ("", "## Quiz\n", "## Quiz\n### q {#q}\n", "## Quiz\n### q {#q}\n= 1\n"):
        # a pattern that tries again at each place takes seconds
        within(0.05, partial(read_anyhow, f"{front}{under}{line}\n"))


def test_entities_within_entities_leave_nothing_behind() -> None:
    nested = "&#2" * 5_000 + "7;" * 5_000
    plain = html.unescape(clean(nested))
    assert safe_text(plain) == plain
    plain = html.unescape(clean("&#2&#2&#27;7;7;"))
    assert safe_text(plain) == plain
