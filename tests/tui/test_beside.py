"""A question and its picture are one thing: typed numbers stand in both, a click on a wire finds its blank."""

import inspect
import sys
import time
from dataclasses import replace

import fake
import pytest
from helper import opened

from drops.colours import DARK
from drops.course.model import Teaser
from drops.errors import DropsError
from drops.exercises import fading
from drops.exercises.blocks import Bar, Bars, Choice, Figure, Option, Order, Sheet, Strip, Wires, Words
from drops.networks.kinds import KINDS
from drops.networks.lab.cards import LabCard
from drops.study.lookup import page_that_taught
from drops.tui.asks.handles import AskHandles
from drops.tui.asks.spot import AskSpot
from drops.tui.asks.widgets import WIDGETS
from drops.tui.base.drawn import ink_of
from drops.tui.base.ink import inks
from drops.tui.blocks.pictures import Pictures
from drops.tui.screens.borrowed import borrowed, borrows, read_before

WIDE = [(120, 36), pytest.param((200, 50), marks=pytest.mark.slow)]


def asked(kind, seed=3):
    """The graded step of a kind, every field left to the learner."""
    import numpy as np

    exercise = KINDS[kind].draw(np.random.default_rng(seed), {})
    return fading.graded_step(fading.steps(exercise, 2, {}))


@pytest.fixture
def page_of(monkeypatch):
    def put(kind):
        step = asked(kind)
        page = replace(fake.PAGES["do"], show=step.show, ask=step.ask)
        monkeypatch.setitem(fake.PAGES, "do", page)
        return step.ask

    return put


def beside(hands):
    return hands.app.screen.query_one("#aside", Pictures)


def gold(hands):
    """What stands on the accent's ground in the picture."""
    cursor = ink_of(hands.app).cursor
    return [
        segment.text
        for strip in beside(hands)._strips
        for segment in strip
        if segment.style is not None and segment.style.bgcolor == cursor.bgcolor
    ]


@pytest.mark.slow
@pytest.mark.parametrize("size", WIDE, ids=str)
@pytest.mark.parametrize("kind", sorted(k for k in KINDS if KINDS[k].fields and k != LabCard.kind))
async def test_the_picture_of_a_question_fills_its_pane(kind, size, page_of):
    page_of(kind)
    async with opened("do", size=size) as hands:
        pane = beside(hands)
        assert pane.display
        inked = [y for y, line in enumerate(pane.lines) if line.strip()]
        assert inked[-1] + 1 <= size[1] - 3
        assert inked[-1] + 1 >= 0.5 * (size[1] - 3)


async def test_a_typed_number_stands_in_the_net_and_the_blank_in_hand_is_gold_there_too(page_of):
    page_of("hidden-layer")
    async with opened("do", size=(120, 36)) as hands:
        assert gold(hands) == ["?"]
        await hands.type("2.5")
        assert gold(hands) == ["2.5"]
        await hands.press("enter")
        assert gold(hands) == ["?"]
        assert any("2.5" in line for line in beside(hands).lines)


@pytest.mark.slow
async def test_a_click_on_a_wire_or_a_unit_takes_its_blank_in_hand(page_of):
    ask = page_of("hidden-layer")
    names = [field.name for field in ask.fields]
    async with opened("do", size=(120, 36)) as hands:
        pane, at = beside(hands), hands.app.screen.asking
        found = {}
        for y in range(len(pane.lines)):
            for x, _, what in pane._cells(y):
                found.setdefault(what["field"], (x, y))
        assert set(found) == set(names)
        for name, (x, y) in found.items():
            await hands.pilot.click(pane, offset=(x, y))
            await hands.pilot.pause()
            assert at.field.name == name
            assert gold(hands)


async def test_the_wires_that_bring_what_is_asked_are_lit(page_of):
    page_of("hidden-layer")
    async with opened("do", size=(120, 36)) as hands:
        (net,) = hands.app.screen.asking.pictures
        assert {edge[1] for edge in net.lit} == {0}
        await hands.press("down", "down")
        (net,) = hands.app.screen.asking.pictures
        assert {edge[1] for edge in net.lit} == {1}


NARROW = [(80, 24), pytest.param((60, 20), marks=pytest.mark.slow)]


@pytest.mark.parametrize("size", NARROW, ids=str)
@pytest.mark.parametrize("answered", [False, True])
async def test_a_question_that_a_picture_would_push_out_of_sight_is_seen_whole_and_the_picture_by_f(
    size, answered, monkeypatch
):
    page = fake.PAGES["explain"]
    shown = (Words("What is read. " * 5), Sheet(("z",), (("41.5",),), "a table"), fake.CURVE)
    monkeypatch.setitem(fake.PAGES, "explain", replace(page, show=shown))
    async with opened("explain", size=size) as hands:
        await hands.press(*["1", "enter"] * answered)
        stage = hands.app.screen.stage
        assert "41.5" in hands.text
        assert stage.asking.region.bottom <= stage.region.bottom
        assert "f picture" in hands.lines[-1]
        await hands.press("f")
        assert fake.CURVE in beside(hands).blocks


@pytest.fixture
def case(monkeypatch):
    """A case of the clinic on a page of its own."""
    import numpy as np

    exercise = KINDS["clinic"].draw(np.random.default_rng(3), {"set": "lies flat"})
    (step, *_) = exercise.steps(frozenset(), {})
    monkeypatch.setitem(fake.PAGES, "case", replace(fake.PAGES["case"], show=step.show, ask=step.ask))
    return step.ask


async def test_before_a_gauge_is_opened_its_question_stands_beside_it_with_what_it_looks_at_in_gold(case):
    async with opened("case", size=(120, 36)) as hands:
        assert gold(hands) == ["?"]  # the loss at the start
        assert case.gauges[0].asks in " ".join(line.strip() for line in beside(hands).lines)
        await hands.press("down", "down", "down")
        assert len(gold(hands)) == 12  # the units of four layers
        await hands.press("down", "enter")  # opened, it stands with what it reads
        told = " ".join(line.strip() for line in beside(hands).lines)
        assert "Size of a step" in told
        assert case.gauges[5].asks in told  # the next one is in hand


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_where_no_net_has_room_the_question_of_a_gauge_stands_under_it_until_it_is_opened(case, size):
    async with opened("case", size=size) as hands:
        asks = " ".join(case.gauges[0].asks.split()[:4])
        assert asks in hands.text
        await hands.press("enter")
        assert asks not in hands.text


# ── where there is no room beside it: two faces ──


@pytest.mark.slow
@pytest.mark.parametrize("size", NARROW, ids=str)
@pytest.mark.parametrize("kind", sorted(k for k in KINDS if KINDS[k].fields and k != LabCard.kind))
async def test_f_turns_to_the_picture_with_the_blank_in_hand_and_back(kind, size, page_of):
    ask = page_of(kind)
    async with opened("do", size=size) as hands:
        assert not beside(hands).display
        assert any("picture" in line for line in hands.lines[-1:])
        await hands.press("f")
        assert beside(hands).display
        shown = [line for line in hands.lines[2:-1] if line.strip()]
        assert any(f"▸ {ask.fields[0].label} = ▏" in line for line in shown)
        assert len(shown) >= 5
        await hands.press("f")
        assert not beside(hands).display
        assert any(ask.prompt[:20] in line for line in hands.lines)


@pytest.mark.slow
async def test_what_is_typed_at_the_picture_stands_in_the_question_too_and_a_complaint_is_seen(page_of):
    ask = page_of("hidden-layer")
    async with opened("do", size=(80, 24)) as hands:
        await hands.press("f")
        for _ in ask.fields[1:]:
            await hands.type("7")
            await hands.press("enter")
        assert gold(hands) == ["?"]
        await hands.press("enter")
        assert not beside(hands).display
        assert any("is still empty" in line for line in hands.lines)
        assert hands.app.screen.asking.answer() == "; ".join(["7"] * (len(ask.fields) - 1)) + "; "


# ── a question without a picture ──


async def test_once_judged_it_stands_beside_the_figure_that_taught_it_and_its_knobs_turn():
    async with opened("order", size=(120, 36)) as hands:
        assert not any(isinstance(block, Figure) for block in beside(hands).blocks)
        await hands.press("enter")
        screen = hands.app.screen
        taught = screen.study.lesson(screen.session, screen.page)
        assert beside(hands).display == bool(taught[0][taught[1]].show)
        assert beside(hands).blocks == tuple(
            block for block in taught[0][taught[1]].show if not isinstance(block, Words)
        )


@pytest.mark.slow
@pytest.mark.parametrize("part", ["explain", "carry"])
async def test_a_figure_of_another_page_that_cannot_be_drawn_ends_nothing_and_is_told_where_it_is_looked_up(
    part, monkeypatch
):
    def broken(*_):
        raise DropsError("a figure of it wants three numbers")

    monkeypatch.setattr(fake.FakeStudy, "lesson", broken)
    async with opened(part, "carry", size=(120, 36)) as hands:
        drop = hands.app.screen
        await hands.press("l")
        assert hands.app.screen is drop
        told = [one.message for one in hands.app._notifications]
        assert told == (["a figure of it wants three numbers"] if part == "explain" else [])


@pytest.mark.parametrize("size", NARROW, ids=str)
async def test_where_there_is_no_room_the_verdict_keeps_the_page(size):
    async with opened("order", size=size) as hands:
        await hands.press("enter")
        assert not beside(hands).display


# ── what it borrows before it is answered ──

TAUGHT = replace(fake.PAGES["curve"], show=(Words("z"), fake.FIGURE))
FIRST = tuple(
    block for block in fake.FIGURE.draw({k.name: k.start for k in fake.FIGURE.knobs}) if not isinstance(block, Words)
)
DROP = Teaser("net", (2, 3, 1))
INK = inks(DARK, False)


def asks(right: str, part: str = "quiz"):
    options = Option(right, True, "so"), Option("none of it", False, "no")
    return replace(fake.PAGES["quiz"], part=part, ask=Choice("Which?", options))


@pytest.mark.parametrize("part", ["quiz", "explain"])
def test_before_it_is_answered_the_figure_stands_as_it_first_stood_with_nothing_to_turn(part):
    assert borrowed(asks("the squash", part), (TAUGHT,), 0, DROP, INK, judged=False) == FIRST
    assert not any(isinstance(block, Figure) for block in FIRST)


def test_a_picture_on_which_the_right_number_can_be_read_gives_way_to_that_of_the_drop():
    table = Sheet(("z",), (("41.5",),), "a table")
    told = replace(TAUGHT, show=(table, *FIRST))
    assert borrowed(asks("it is 77"), (told,), 0, DROP, INK, judged=False) == (table, *FIRST)
    (picture,) = borrowed(asks("it is 41.5"), (told,), 0, DROP, INK, judged=False)
    assert isinstance(picture, Wires)


@pytest.mark.parametrize("part", ["recall", "retry", "place"])
def test_where_it_comes_back_only_the_picture_of_its_drop_stands_beside_it(part):
    (picture,) = borrowed(asks("the squash", part), (TAUGHT,), 0, DROP, INK, judged=False)
    assert isinstance(picture, Wires)
    assert borrowed(asks("the squash", part), (TAUGHT,), 0, DROP, INK, judged=True) == (fake.FIGURE,)


@pytest.mark.parametrize("part", ["predict", "do"])
def test_an_exercise_without_a_picture_stands_beside_that_of_its_drop(part):
    page = asks("the squash", part)
    assert borrows(page)
    (picture,) = borrowed(page, (TAUGHT,), 0, DROP, INK, judged=False)
    assert isinstance(picture, Wires)


@pytest.mark.parametrize(("taught", "shown"), [(3, (fake.CURVE,)), (2, (fake.CURVE,)), (1, (fake.FIGURE,))])
def test_beside_an_answer_stands_the_figure_that_taught_it_or_the_nearest_before_it(taught, shown):
    assert borrowed(asks("the squash"), LESSON, taught, DROP, INK, judged=True) == shown


def test_beside_an_answer_that_no_figure_taught_stands_the_picture_of_its_drop():
    (picture,) = borrowed(asks("the squash"), LESSON, 0, DROP, INK, judged=True)
    assert isinstance(picture, Wires)


def test_a_table_alone_is_no_picture():
    told = replace(TAUGHT, show=(Sheet(("z",), (("1",),), "a table"),))
    (picture,) = borrowed(asks("the squash"), (told,), 0, DROP, INK, judged=False)
    assert isinstance(picture, Wires)


def reads(heading: str, *shown, part: str = "read"):
    return replace(fake.PAGES["curve"], part=part, heading=heading, show=(Words(heading), *shown), ask=None)


LESSON = (reads("the axes"), reads("the crossing", fake.FIGURE), reads("the arrow", fake.CURVE), reads("the sides"))


@pytest.mark.parametrize(("page", "shown"), [
    (LESSON[3], (fake.CURVE,)),
    (reads("of crossing", part="carry"), (fake.FIGURE,)),
    (reads("an arrow", part="explain"), (fake.CURVE,)),
])  # fmt: skip
def test_what_is_read_stands_beside_a_figure_of_its_lesson(page, shown):
    assert borrows(page)
    assert borrowed(page, LESSON, page_that_taught(LESSON, page), DROP, INK, judged=False) == shown


@pytest.mark.parametrize("lesson", [LESSON, LESSON[:1]])
def test_before_the_first_figure_of_a_lesson_the_picture_of_the_drop_stands_there(lesson):
    (picture,) = borrowed(lesson[0], lesson, 0, DROP, INK, judged=False)
    assert isinstance(picture, Wires)


def test_beside_a_page_of_a_lesson_only_what_was_read_of_it_in_this_session_is_looked_at():
    seen = (LESSON[0], fake.PAGES["quiz"], LESSON[1], replace(LESSON[2], drop_id="another"))
    assert read_before(LESSON[3], seen) == ((LESSON[0], LESSON[1]), 2)
    assert read_before(fake.PAGES["quiz"], seen) is None


async def test_beside_what_is_read_a_borrowed_figure_is_taken_in_hand_by_f_and_not_before(monkeypatch):
    def lesson(*_):
        time.sleep(0.3)  # as one whose nets are measured: the page stands there before
        return (fake.PAGES["figure"],), 0

    monkeypatch.setattr(fake.FakeStudy, "lesson", lesson)
    async with opened("carry", size=(120, 36)) as hands:
        figure = next(one for one in beside(hands).blocks if isinstance(one, Figure))
        assert "f figure" in hands.text
        await hands.press("right")
        values = hands.app.screen.stage.hands.of(figure)
        assert values == {knob.name: knob.start for knob in figure.knobs}
        await hands.press("f", "right")
        assert "f text" in hands.text
        assert values != {knob.name: knob.start for knob in figure.knobs}


# ── a question with a picture of its own ──


def own(ask):
    """The ask beside a net that tells its z once nothing is asked."""

    def picture(typed, hand):
        z = typed.get("a", None if hand else 4.5)
        return (Wires((("x₁", "x₂"), ("z",)), (((2.0, 1.0),),), ((1.0, 2.5), (z,)), "a unit, its sum not known"),)

    return replace(ask, beside=picture)


QUESTIONS = {
    "choice": Choice("Which?", (Option("4.5", True, "so"), Option("4", False, "no"))),
    "order": Order("Which first?", ("one", "two"), (0, 1), "so"),
}


@pytest.fixture(params=sorted(QUESTIONS))
def pictured(request, monkeypatch):
    ask = own(QUESTIONS[request.param])
    monkeypatch.setitem(fake.PAGES, "quiz", replace(fake.PAGES["quiz"], show=(), ask=ask))
    return ask


async def test_its_own_picture_stands_beside_a_question_and_tells_what_is_so_once_it_is_answered(pictured):
    async with opened("quiz", size=(120, 36)) as hands:
        drawn = "\n".join(beside(hands).lines)
        assert beside(hands).display
        assert "2.5" in drawn
        assert "4.5" not in drawn
        await hands.press("1", "enter")
        assert "4.5" in "\n".join(beside(hands).lines)


async def test_at_80x24_it_stands_under_the_question_where_both_are_seen_whole(pictured):
    async with opened("quiz", size=(80, 24)) as hands:
        assert beside(hands).display
        assert any("hich" in line for line in hands.lines)
        assert any("2.5" in line for line in hands.lines)
        assert hands.app.screen.stage.max_scroll_y == 0
        assert not any("picture" in line for line in hands.lines[-1:])


LOW = {
    "wires": Wires((("x",), ("z",)), (((2.0,),),), ((2.5,), (None,)), "a unit"),
    "bars": Bars((Bar("kept", 2.5), Bar("let in", 4.0)), "kept 2.5, let in 4."),
    "strip": Strip(0, 4, ((2.5, "2.5 here"),), "2.5 of 4."),
    "sheet": Sheet(("word", "read"), (("pie", "2.5"),), "pie 2.5"),
}


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
@pytest.mark.parametrize("low", LOW.values(), ids=LOW)
async def test_a_picture_that_is_low_stands_under_its_question_in_the_lines_that_are_left(monkeypatch, low, size):
    options = (Option("4.5", True, "so"), Option("4", False, "no"), Option("5", False, "no"))
    ask = Choice("Which of these would it be? " * 3, options, beside=lambda typed, hand: (low,))
    monkeypatch.setitem(fake.PAGES, "quiz", replace(fake.PAGES["quiz"], show=(), ask=ask))
    async with opened("quiz", size=size) as hands:
        assert any("2.5" in line for line in hands.lines)
        assert any("Which of these" in line for line in hands.lines)
        assert hands.app.screen.stage.max_scroll_y == 0
        assert "f picture" not in hands.text


async def test_at_60x20_it_is_the_other_face_of_the_question(pictured):
    many = replace(pictured, prompt="Which of them? " * 30)
    async with opened("quiz", size=(60, 20), study=fake.FakeStudy("quiz")) as hands:
        hands.app.screen.stage.asking.ask = many
        hands.app.screen.stage.asking.redraw()
        await hands.press("f")
        assert beside(hands).display
        assert any("2.5" in line for line in hands.lines)
        await hands.press("f")
        assert any("Which of them?" in line for line in hands.lines)


@pytest.mark.parametrize("answered", [False, True])
async def test_what_was_borrowed_stands_only_where_there_is_room_whichever_size_came_first(answered):
    """Once answered, the verdict comes first at sixty columns, and then the question."""
    async with opened("quiz", size=(120, 36)) as hands:
        if answered:
            await hands.press("1", "enter")
        assert hands.app.screen.stage.has_class("-beside")
        await hands.pilot.resize_terminal(60, 20)
        for _ in range(200):
            await hands.pilot.pause()
            if not hands.app.screen.stage.has_class("-beside"):
                break
        await hands.pilot.pause()
        page = hands.app.screen.page
        assert hands.app.screen.query_one("#main", Pictures).blocks == page.show
        assert " ".join(page.ask.prompt.split()[:3]) in hands.text
        await hands.pilot.resize_terminal(120, 36)
        for _ in range(200):
            await hands.pilot.pause()
            if hands.app.screen.stage.has_class("-beside"):
                break
        assert beside(hands).blocks


@pytest.mark.parametrize("widget", [*WIDGETS, AskSpot, AskHandles], ids=lambda one: one.__name__)
def test_a_question_that_draws_its_picture_itself_has_no_other_face(widget):
    """It asks whether the picture has a place of its own exactly if it draws it where there is none."""
    assert widget.draws_its_own == ("self.apart" in inspect.getsource(sys.modules[widget.__module__]))
