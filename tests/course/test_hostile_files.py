"""Files that no author meant: devices, pipes, brackets without end; and files that are passed over."""

from __future__ import annotations

import os
import time

import pytest

from drops.course.check import check
from drops.course.parse import load
from drops.errors import ContentError
from pace import slowness


def lines(folder):
    return [str(problem) for problem in check([folder])]


@pytest.mark.parametrize("what", ["device", "pipe", "folder", "link to a folder"])
@pytest.mark.parametrize("name", ["01-one-sum.md", "path.md"])
def test_what_is_no_plain_file_is_refused_at_once(toys, write, tmp_path, what, name):
    folder = write()
    file = folder / "sums" / name
    file.unlink()
    if what == "device":
        file.symlink_to("/dev/zero")
    elif what == "pipe":
        os.mkfifo(file)
    elif what == "folder":
        file.mkdir()
    else:
        file.symlink_to(tmp_path)
    begun = time.monotonic()
    line = f"content/sums/{name}:1: is no plain file; put a Markdown file in its place"
    assert line in lines(folder)
    assert line.removeprefix("content/") in lines(folder / "sums")  # the path named by itself
    with pytest.raises(ContentError, match="is no plain file"):
        load([folder])
    assert time.monotonic() - begun < 20  # one that is waited for never ends


def test_a_link_to_a_lesson_is_read_as_the_lesson(toys, write, tmp_path):
    folder = write()
    file = folder / "sums" / "01-one-sum.md"
    file.rename(tmp_path / "elsewhere.md")
    file.symlink_to(tmp_path / "elsewhere.md")
    assert lines(folder) == []


@pytest.mark.parametrize("signs", ["[" * 3900, "![" * 1900, "<!-- " * 700, "<a " * 1300, "[a] [" * 700])
def test_brackets_without_end_are_refused_before_markdown_looks_for_their_ends(toys, write, lesson, signs):
    folder = write(**{"01-one-sum": lesson.replace("A sum adds.", "\n".join([signs] * 200))})
    begun = time.process_time()
    (told,) = [line for line in lines(folder) if "a paragraph with more than" in line]
    assert time.process_time() - begun < slowness()
    assert told.startswith("content/sums/01-one-sum.md:1")


def test_brackets_that_close_are_no_matter_how_many(toys, write, lesson):
    links = "\n".join("[bias](term:bias) and [0, 1] or [0, 1)" for _ in range(15))
    assert lines(write(**{"01-one-sum": lesson.replace("A sum adds.", links)})) == []


PASSED_OVER = "is passed over; lessons are named 01-name.md, in a folder beside a path.md"


@pytest.mark.parametrize("name", ["my-lesson.md", "1-one.md", "lesson.markdown", "02-two.MD"])
def test_a_file_that_is_passed_over_is_told(toys, write, lesson, name):
    folder = write()
    (folder / "sums" / name).write_text(lesson, encoding="utf-8")
    (folder / "sums" / "README.md").write_text("For authors.")
    assert lines(folder) == [f"content/sums/{name}:1: {PASSED_OVER}"]


@pytest.mark.parametrize("place", ["notes/my-lesson.md", "notes/other.MD", "02-two.md", "path.md"])
def test_a_file_that_stands_where_no_path_is_is_told_too(toys, write, lesson, place):
    folder = write()
    (folder / "notes").mkdir()
    (folder / place).write_text(lesson, encoding="utf-8")
    assert lines(folder) == [f"content/{place}:1: {PASSED_OVER}"]


@pytest.mark.parametrize(
    "latex",
    ["$$z = w x$$", r"\frac{1}{2}", r"so \(z = 2\) holds", r"\[z = 2\]", r"$x^2$", r"$w_1 x$", r"\sigma(z)", r"\text{z}"],
)
def test_latex_is_refused_with_what_to_write(toys, write, lesson, latex):
    (told,) = lines(write(**{"01-one-sum": lesson.replace("A sum adds.", latex)}))
    assert told.startswith("content/sums/01-one-sum.md:19: ")
    assert told.endswith(
        "is LaTeX, and is shown as it stands; write signs: z = w₁x₁ + b, x², √n, Σ, ∂L/∂w, a/b"
    )


@pytest.mark.parametrize("text", ["It costs $5 or $6.", "`$$` and `\\frac{1}{2}`", r"\[no link\](here)", "C:\\new"])
def test_what_only_looks_like_latex_is_left(toys, write, lesson, text):
    assert not [line for line in lines(write(**{"01-one-sum": lesson.replace("A sum adds.", text)})) if "LaTeX" in line]
