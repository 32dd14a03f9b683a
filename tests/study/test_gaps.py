"""A blank in what is read: filled, tried once more, told; stored alike in every face, never graded."""

from __future__ import annotations

import pytest

from drops.course.gaps import SHOWN
from drops.errors import DropsError, Unreadable
from drops.events import Kind
from drops.exercises.blocks import Words
from drops.plain.session import Plain

DROP = "2"  # its first page has a blank: −2


def prose(page) -> str:
    return "\n".join(block.markdown for block in page.show if isinstance(block, Words))


def stored(study) -> list[tuple[str, bool]]:
    payloads = (event.payload for event in study.log.events(kinds=(Kind.SESSION,)))
    return [(said["blank"], said["right"]) for said in payloads if "blank" in said]


def blank_of(page) -> str:
    """The text that stands in the open blank of a page; "" where none is open."""
    before, link, _ = prose(page).partition("](blank:)")
    return before.rpartition("[")[2] if link else ""


@pytest.mark.parametrize(
    ("typed", "open_", "says"),
    [
        (["-2"], False, "0.5, d is **−2 ✓**. Without"),
        (["−2,0"], False, "0.5, d is **−2 ✓**. Without"),
        (["1"], True, "**Not 1: once more.**"),
        (["1", "-2"], False, "0.5, d is **−2 ✓**. Without"),
        (["1", "2"], False, "**Not 2: it is −2.**"),
        ([""], False, "0.5, d is **−2**. Without"),
        (["1", ""], False, "0.5, d is **−2**. Without"),
    ],
)
def test_a_blank_is_right_tried_once_more_or_told(study, clock, open_study, typed, open_, says):
    session = study.begin(clock(), drop=DROP)
    assert blank_of(study.page(session)) == SHOWN
    for text in typed:
        session = study.fill(session, text, clock())
    page = study.page(session)
    assert page.gap.open is open_
    assert (blank_of(page) == SHOWN) is open_
    assert says in prose(page)
    assert stored(study) == [(text, text in ("-2", "−2,0")) for text in typed]
    again = open_study()  # after a restart it stands as it was left
    assert prose(again.page(again.begin(clock(), drop=DROP))) == prose(page)


def test_nothing_of_a_blank_feeds_memory(study, clock):
    session = study.begin(clock(), drop=DROP)
    study.fill(session, "7", clock())
    assert not study.log.memories()
    assert not study.log.sightings()


@pytest.mark.parametrize("text", ["one", "1e5", "-", "1/0", "9" * 60])
def test_what_is_no_number_is_refused_in_words_and_stores_nothing(study, clock, text):
    session = study.begin(clock(), drop=DROP)
    with pytest.raises(Unreadable):
        study.fill(session, text, clock())
    assert not stored(study)


def test_a_blank_that_is_filled_takes_nothing_more(study, clock):
    session = study.fill(study.begin(clock(), drop=DROP), "-2", clock())
    with pytest.raises(DropsError, match="no blank of this page is open; go on"):
        study.fill(session, "3", clock())


def test_the_lesson_looked_up_says_the_number(study, clock):
    session = study.begin(clock(), drop=DROP)
    pages, _ = study.lesson(session, study.page(session))
    assert "0.5, d is **−2**. Without" in prose(pages[0])
    assert pages[0].gap is None
    assert not any(link.startswith("blank:") for page in pages for link in page.links)


def in_lines(study, clock, typed) -> list[str]:
    said, left = [], [*typed, "quit"]
    face = Plain(study, clock, lambda prompt: (said.append(prompt), left.pop(0))[1], said.append)
    face.run(study.begin(clock(), drop=DROP))
    return said


def test_in_lines_the_number_is_typed_or_told_and_the_figure_is_moved_beside_it(study, clock):
    said = in_lines(study, clock, ["b=2", "one", "1", "-2", ""])
    told = "\n".join(said)
    assert "With w2 = −0.5, d is (blank). Without" in " ".join(told.split())
    assert sum("or the number in the blank, or move the figure, as " in line for line in said) == 4
    for line in ("“one” is not a number; for example 2.5", "Not 1: once more.", "Right: −2."):
        assert line in said
    assert stored(study) == [("1", False), ("-2", True)]


def test_in_lines_enter_alone_tells_the_number_and_goes_on(study, clock):
    said = in_lines(study, clock, [""])
    assert "It is −2." in said
    assert any("One line is not enough" in line for line in said[said.index("It is −2.") :])
    assert stored(study) == [("", False)]
