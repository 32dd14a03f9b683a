"""Enter never skips, back walks through the pages behind, the lesson is looked up beside the question."""

from __future__ import annotations

from dataclasses import replace

import fake
import pytest
from helper import opened
from looking import looking

from drops import catalog
from drops.exercises import fading
from drops.study.lookup import page_that_taught
from drops.tui.screens.behind import BehindScreen
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.lookup import LookUpScreen

SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]
READ = [name for name, page in fake.PAGES.items() if page.ask is None]


def last_line(stage) -> str:
    """The last line of the page that says anything."""
    return [
        line
        for widget in stage.query("Pictures, Feedback")
        if widget.display
        for line in widget.lines
        if line
    ][-1]


@pytest.mark.parametrize(
    "size",
    [size if size == (60, 20) else pytest.param(size, marks=pytest.mark.slow) for size in SIZES],
    ids=lambda size: f"{size[0]}x{size[1]}",
)
@pytest.mark.parametrize("name", READ)
async def test_enter_leaves_a_page_only_when_its_last_line_was_on_the_screen(name, size):
    async with opened(name, size=size, still=True) as hands:
        stage = hands.app.screen.stage
        seen = set(hands.lines)
        for _ in range(12):
            if hands.study.turned:
                break
            seen |= {line.rstrip(" ▁▂▃▄▅▆▇█").strip() for line in hands.lines}
            last = last_line(stage).strip()
            await hands.press("enter")
        assert hands.study.turned == [name]
        assert any(last[:30] in line for line in seen), last


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("pages", [READ, READ[::-1]], ids=["forward", "backward"])
async def test_nothing_is_skipped_on_the_page_after_one_that_was_scrolled(pages, size):
    async with opened(*pages, size=size, still=True) as hands:
        for name in pages:
            last, seen = last_line(hands.app.screen.stage).strip(), ""
            while name not in hands.study.turned:
                seen += hands.text
                await hands.press("enter")
            assert last[:30] in seen, name


# Each drop of the first path in one of two sizes, in turn; nightly in both.
DROPS = [
    pytest.param(
        number, size, id=f"drop {number}-{size[0]}x{size[1]}", marks=[pytest.mark.nightly] * (number % 2 != turn)
    )
    for number in range(1, 15)
    for turn, size in enumerate([(60, 20), (80, 24)])
]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "size"), DROPS)
async def test_every_page_of_a_lesson_is_read_to_its_last_line_by_enter_alone(
    number, size, library, study, clock
):
    """The lessons themselves, with knobs in hand that have their own place on the page."""
    drop = list(library)[number - 1]
    async with looking(study, clock, size=size) as hands:
        await hands.app.begin(drop=drop.id, test_out=False)
        await hands.press()
        for _ in range(40):
            page = hands.app.screen.page
            if page.part != "read":
                break
            last, seen = last_line(hands.app.screen.stage).strip(), ""
            for _ in range(12):
                if hands.app.screen.page is not page:
                    break
                seen += hands.text
                await hands.press("enter")
            assert hands.app.screen.page is not page, f"Enter does not leave {page.key}"
            assert last[:25] in seen, page.key
        assert page.part != "read"


async def test_the_footer_says_that_there_is_more_and_then_that_enter_turns():
    async with opened("curve", size=(60, 20)) as hands:
        assert "enter more ↓" in hands.text
        await hands.press("enter")
        assert "enter next" in hands.text
        assert hands.study.turned == []


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_what_is_typed_is_answered_at_once_and_its_feedback_is_read_before_the_page_is_left(size):
    async with opened("do", size=size) as hands:
        await hands.press("1", "enter", "1", "enter", "1", "enter")
        assert len(hands.study.answers) == 1
        feedback = hands.app.screen.feedback
        last = [line for line in feedback.lines if line][-1].strip()
        seen = ""
        while not hands.study.turned:
            seen += hands.text
            await hands.press("enter")
        assert last[:30] in seen


@pytest.mark.slow
async def test_back_shows_the_pages_behind_as_they_were_left_and_leads_forward_to_what_was_typed():
    async with opened("curve", "explain", "do", size=(120, 36)) as hands:
        assert "b back" not in hands.text  # nothing is behind the first page
        await hands.press("enter", "2", "enter", "enter", "minus", "7")
        assert "-7" in hands.text
        await hands.press("b")
        assert isinstance(hands.app.screen, BehindScreen)
        assert "A weight changes the slope." in hands.text  # the feedback, as it was
        assert "✗ 2  a weight" in hands.text
        answers = list(hands.study.answers)
        await hands.press("1", "x", "space")  # nothing can be done to it
        assert hands.study.answers == answers
        await hands.press("b")
        assert "A loss curve" in hands.text
        await hands.press("b")  # there is nothing before it
        assert "A loss curve" in hands.text
        await hands.press("enter", "enter")
        assert isinstance(hands.app.screen, DropScreen)
        assert "-7" in hands.text
        assert hands.study.turned == ["curve", "explain"]


@pytest.mark.slow
async def test_a_backspace_in_a_blank_deletes_and_goes_nowhere():
    async with opened("curve", "do", size=(120, 36)) as hands:
        await hands.press("enter", "1", "2", "backspace")
        assert isinstance(hands.app.screen, DropScreen)
        await hands.press("enter", "3", "enter", "4", "enter")
        assert hands.study.answers == [("do", "1; 3; 4", "")]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_lesson_is_looked_up_and_closed_to_the_same_blanks(size):
    async with opened("do", size=size) as hands:
        await hands.press("1", "slash", "2", "l")
        assert isinstance(hands.app.screen, LookUpScreen)
        assert "Row: who listens" in hands.text
        await hands.press("right_square_bracket")
        assert "page 2 of 2" in hands.text
        await hands.press("l")
        assert isinstance(hands.app.screen, DropScreen)
        assert "1/2" in hands.text
        assert hands.study.answers == []


def test_a_place_in_a_table_is_looked_up_where_such_places_are_taught(study):
    """Most words of drop 5's sheet stand on the page before the one that says what W₁[1, 2] is."""
    from drops.study.build_pages import Shower
    from drops.study.session import Session, lesson_units

    drop = study.library.drop("two-three-one")
    lesson = Shower(study.library, study.log, Session("s", "drop", 1, lesson_units(drop))).lesson(drop)
    (sheet,) = drop.exercises
    for level in (0, 1, 2):
        step = fading.graded_step(fading.steps(catalog.draw(sheet.kind, 3, sheet.params), level, {}))
        page = replace(fake.PAGES["do"], heading=f"Do · {sheet.title}", show=step.show, ask=step.ask)
        assert lesson[page_that_taught(lesson, page)].heading == "Row: who listens. Column: to whom."


@pytest.mark.parametrize(
    ("of", "asked", "taught"),
    [
        ("a-word-is-a-row", "cosine-by-hand", "Alike is a direction"),  # page 1 asks "what", too
        ("a-word-is-a-row", "lookup", "Alike is a direction"),  # "cat" and "word" stand on every page
        ("a-word-is-a-row", "what-one-hot-picks", "Looking up is multiplying"),
        ("sliding-window", "one-cell", "One cell, product by product"),
        ("pool-and-field", "two-kernels", "How far a unit sees"),
        ("batch-norm", "leaves-in-use", "In use, and the price"),
        ("the-loss", "one-large-miss", "Square, then average"),
    ],
)
def test_a_question_is_looked_up_where_its_own_words_are_taught(study, of, asked, taught):
    """Not where the words that ask it stand, nor those that every page of its lesson has."""
    from drops.study.build_pages import Shower
    from drops.study.session import Session, lesson_units
    from drops.study.tasks import fresh

    drop = study.library.drop(of)
    lesson = Shower(study.library, study.log, Session("s", "drop", 1, lesson_units(drop))).lesson(drop)
    item = next(item for item in drop.items.values() if item.id == asked)
    for number in range(4):
        step = fading.graded_step(fresh(item, number).steps(2, {}, ""))
        page = replace(fake.PAGES["do"], heading="", show=step.show, ask=step.ask)
        assert lesson[page_that_taught(lesson, page)].heading == taught


async def test_a_prediction_cannot_be_looked_up():
    async with opened("predict") as hands:
        await hands.press("l")
        assert isinstance(hands.app.screen, DropScreen)


def test_the_page_that_taught_a_question_is_the_one_that_shares_its_rare_words(study):
    """Over all exercises of the course: the page found shares at least one rare word, or is the first."""
    from drops.study.build_pages import Shower
    from drops.study.session import Session, lesson_units

    for drop in study.library:
        session = Session("s", "drop", 1, lesson_units(drop))
        lesson = Shower(study.library, study.log, session).lesson(drop)
        assert [page.part_index for page in lesson] == list(range(1, len(lesson) + 1))
        for place, page in enumerate(lesson):
            assert page_that_taught(lesson, page) == place  # a page's own words lead to it
