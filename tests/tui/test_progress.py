"""Progress: five pages, drawn at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from helper import same_as_snapshot
from hypothesis import given
from hypothesis import strategies as st
from looking import SIZES, lived, looking, read_all, studied

from drops import scales
from drops.colours import DARK
from drops.events import Day
from drops.exercises.blocks import Field, Numbers, Strip, Words
from drops.exercises.grading import Repair
from drops.memory.honesty import Foreseen, RecallForecast, honesty
from drops.memory.mastery import Mastery, MasteryStage
from drops.memory.misconceptions import Status
from drops.memory.progress import calendar
from drops.study.looking_back import DropProgress, progress
from drops.tui.base.ink import inks, width_of
from drops.tui.blocks import calibration, columns, weeks
from drops.tui.blocks.columns import Columns
from drops.tui.screens.lists import answers, mix_ups, progress_pages
from drops.tui.screens.lists.mix_ups import Repairing
from drops.tui.screens.lists.progress import CHARTS
from lessons import lessons

TODAY = date(2026, 3, 8)

NAMED = {
    "1 Drops": "right at the first try  questions",
    "2 Days": "Minutes a day",
    "4 Mix-ups": "mended",
    "5 Cases": "faults to meet",
    "6 Outcomes": "what you can do at the end",
}
PAGES = ("1", "2", "3", "4", "5", "6")
INK = inks(DARK, few=False)


@pytest.fixture
def past(home, clock):
    with lived(home, clock) as study:
        yield study, clock


def texts(lines):
    return ["".join(segment.text for segment in line).rstrip() for line in lines]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_each_page_looks_as_it_was_last_looked_at(past, size):
    study, clock = past
    async with looking(study, clock, "g", size=size) as hands:
        await read_all(hands)
        shown = []
        for page in PAGES:
            await hands.press(page)
            shown += hands.lines
        assert all(len(line) <= size[0] for line in shown)
        same_as_snapshot(f"progress-{size[0]}x{size[1]}", shown)


@pytest.mark.parametrize(("a_day", "told"), [(0.02, "less than 0.1 minutes a day"), (1.26, "1.3 minutes a day")])
def test_little_is_not_foreseen_as_nothing(past, a_day, told):
    study, clock = past
    made = progress(study.library, study.log.ledger(), clock())
    made = replace(made, forecast=tuple((day, items, a_day) for day, items, _ in made.forecast))
    assert told in " ".join(texts(progress_pages.memory(made, 80, 20, INK, True)))


@pytest.mark.parametrize("width", [72, 80, 100, 120])
def test_every_drop_of_every_path_has_its_bar_however_long_its_title(width):
    shown = [
        DropProgress(drop, Mastery(MasteryStage.SEEN, ""), 7, 9, (), path.title)
        for path in lessons().paths
        for drop in path.drops
    ]
    made = SimpleNamespace(drops=shown, complete=False)
    rows = [entry for entry in progress_pages.drops(made, 0, width, INK) if entry.at is not None]
    assert len(rows) == len(shown) == 40
    for entry in rows:
        lines = texts(entry.lines)
        assert "━" in lines[0]
        assert max(map(len, lines)) <= width


async def test_before_the_first_answer_it_says_what_will_appear_and_when(home, clock):
    with studied(home, clock) as study:
        async with looking(study, clock, "g") as hands:
            assert "Nothing is answered yet." in hands.text
            assert "after the first drop" in hands.text
            await hands.press("2", "right", "j", "q")
            assert "Begin with drop 1" in hands.text


@pytest.mark.slow
async def test_numbers_arrows_letters_and_clicks_choose_a_page(past):
    study, clock = past
    async with looking(study, clock, "g") as hands:
        await read_all(hands)
        for keys, name in (
            (("6",), "6 Outcomes"),
            (("right",), "1 Drops"),
            (("left",), "6 Outcomes"),
            (("right", "tab"), "2 Days"),
        ):
            await hands.press(*keys)
            assert NAMED[name] in hands.text
        await hands.click("4 Mix-ups")
        assert NAMED["4 Mix-ups"] in hands.text
        await hands.press("g")
        assert "▸ Begin" in hands.text


@pytest.mark.parametrize(
    ("age", "says"),
    [
        (1, "Practice on 1 of 1 day."),
        (2, "Practice on 1 of 2 days."),
        (10, "Practice on 4 of 10 days."),
        (62, "Practice on 21 of 62 days."),
        (400, "Practice on 59 of the last 177 days."),
    ],
)
def test_days_are_counted_out_of_those_that_the_calendar_shows_from_the_first_answer_on(age, says):
    day = date(2026, 3, 3)  # a Tuesday: 25 weeks and two days are shown
    first = day.toordinal() - age + 1
    daily = [Day(at, 1, 0, 1, 60_000) for at in range(first, day.toordinal() + 1, 3)]
    shown = tuple(
        tuple((date.fromordinal(one.day), one.answers, one.minutes, one.shade) for one in week)
        for week in calendar(daily, day.toordinal())
    )
    made = SimpleNamespace(day=day, began=date.fromordinal(first), calendar=shown)
    assert says in " ".join(texts(progress_pages._calendar(made, 76, 7, INK)))


@pytest.mark.parametrize("days", [-20_000, -400, -70, -30, -1, 100, 4000, 90_000])
def test_every_page_stands_whatever_this_machines_date_is_beside_what_was_answered(past, days):
    """A machine set back by months has all its answers ahead, and no day of practice behind."""
    study, clock = past
    at = clock()
    now = at._replace(us=at.us + days * 86_400 * 10**6, day=at.day + timedelta(days=days))
    made = progress(study.library, study.log.ledger(), now)
    for width in (40, 76, 140):
        for chart in CHARTS.values():
            assert chart(made, width, 32, INK, True)
        assert list(progress_pages.drops(made, 0, width, INK))
        assert list(progress_pages.outcomes(made, 0, width, INK))


def test_an_outcome_names_the_drops_of_its_questions_and_how_long_each_holds(past):
    study, clock = past
    made = progress(study.library, study.log.ledger(), clock())
    for one in made.outcomes:
        told = texts(progress_pages.about_outcome(one, 64, INK))
        for item in one.items:
            assert any(item.drop.title[:30] in line for line in told)
        held = [line for line in told if "  holds " in line]
        assert len(held) == sum(item.days is not None for item in one.items)
    days = {item.days for one in made.outcomes for item in one.items if item.days is not None}
    assert days <= {memory.stability for memory in study.log.memories().values()}
    assert days


@pytest.mark.parametrize("size", [(114, 32), (194, 46)], ids=["120x36", "200x50"])
@pytest.mark.parametrize("page", CHARTS.values(), ids=["days", "memory"])
def test_a_page_of_charts_fills_the_screen_and_no_more(past, page, size):
    study, clock = past
    width, rows = size
    lines = texts(page(progress(study.library, study.log.ledger(), clock()), width, rows, INK, False))
    assert 0.8 * rows < len(lines) <= rows
    assert all(line.strip() for line in lines if "┤" in line)


@pytest.mark.parametrize("days", [1, 7, 8, 60, 400])
@pytest.mark.parametrize("tall", [7, 14, 30])
def test_the_calendar_of_few_weeks_has_larger_squares_and_leaves_out_none(days, tall):
    first = date(2026, 3, 2)
    squares = [(first + timedelta(days=at), 1, 5.0, 2) for at in range(days)]
    own = [squares[at : at + 7] for at in range(0, days, 7)]
    lines = texts(weeks.draw(own, 76, INK, tall))
    size = (len(lines) - 3) // 7
    shown = min(len(own), (76 - weeks.GUTTER) // 2)
    assert sum(line.count("▒") for line in lines[:-1]) == 2 * size**2 * sum(map(len, own[-shown:]))
    assert size == 1 or 7 * size <= tall
    assert all(len(line) <= 76 for line in lines)


@pytest.mark.parametrize("width", [56, 76, 140])
def test_pictures_keep_to_their_width(past, width):
    study, clock = past
    made = progress(study.library, study.log.ledger(), clock())
    spent = Columns([minutes for _, minutes in made.minutes], {0: "2 Mar", 27: "30 Apr"}, "min")
    drawn = weeks.draw(made.calendar, width, INK) + columns.draw(spent, width, INK)
    assert all(width_of(line) <= width for line in drawn + calibration.draw(made.honesty, width, INK))


def test_a_little_is_never_drawn_as_nothing_and_nothing_never_as_a_little():
    lines = texts(columns.draw(Columns([0.0, 0.01, None, 100.0], {}, "min", widest=2), 40, INK))
    assert lines[-3].split("│")[-1] == "  ▁   █"


@given(st.floats(0.01, 1e6), st.sampled_from([0.0, 1.0, 2.0, 5.0, 100.0]), st.integers(6, 30))
def test_the_numbers_of_an_axis_stand_as_many_rows_apart_as_they_differ(most, least, height):
    lines = texts(columns.draw(Columns([most], {}, "", least), 40, INK, height))
    rows = [at for at, line in enumerate(lines) if "┤" in line or "└" in line]
    assert len(rows) in (3, 4)
    assert len({below - above for above, below in pairwise(rows)}) == 1
    marks, top = columns._marks(max(most, least))
    assert marks == pytest.approx([top * at / (len(marks) - 1) for at in range(len(marks))])
    assert [scales.short(mark) for mark in reversed(marks)] == [lines[at].split()[0].strip("┤└─") for at in rows]
    assert top >= max(most, least) * (1 - 1e-9)


def test_the_calendar_tells_its_shades_by_signs_too(past):
    study, clock = past
    few = weeks.draw(progress(study.library, study.log.ledger(), clock()).calendar, 56, inks(DARK, few=True))
    assert texts(few)[-1].split("  ") == ["", "", "·· rest", "░░ to 3 min", "▒▒ to 6", "▓▓ to 10", "██ more"]


def test_log_loss_is_told_against_always_saying_the_mean():
    assert "know which questions you will miss" in calibration.in_words(0.30, 0.35)
    assert "as good as your average" in calibration.in_words(0.35, 0.35)
    assert "miss you so far" in calibration.in_words(0.50, 0.35)


def test_the_calibration_names_the_reviews_of_each_range():
    seen = Foreseen()
    for one in [RecallForecast(0.88, n % 8 != 0) for n in range(40)] + [RecallForecast(0.97, True)] * 7:
        seen = seen.with_one(one)
    made = honesty(seen)
    lines = texts(calibration.draw(made, 76, INK))
    assert any(line.startswith(".85 – .90       .88") and line.endswith(" 40") for line in lines)
    assert any(line.startswith(".95 – 1") and line.endswith(" 7") for line in lines)


def opened_mix_up(repair):
    """A mix-up whose two worlds show the number that its repair asks for."""
    past = SimpleNamespace(at=date(2026, 3, 2), drop="drop 1", title="z for one input")
    verdict = SimpleNamespace(right=False, wanted="", repair=repair, feedback="The bias is added once.", worlds=(Words("the rule: 18"),))
    return SimpleNamespace(past=past, verdict=verdict, show=(), ask=None, typed="-5", note="")


@pytest.mark.parametrize(
    ("repair", "shown"),
    [(Repairing(), False), (Repairing(worlds=True), True), (Repairing(right=True, answered="18"), True)],
    ids=["asked", "m", "answered"],
)
def test_the_worlds_of_a_mix_up_stand_below_its_question_once_it_is_answered_or_they_are_asked_for(repair, shown):
    one = SimpleNamespace(title="the bias was left out", status=Status.SUSPECTED)
    said = texts(mix_ups.about(one, opened_mix_up(Repair("b", 18.0)), repair, TODAY, 60, INK))
    assert any("the rule: 18" in line for line in said) is shown
    assert any("18" in line for line in said) is shown
    assert any("the rule: 18" in line for line in texts(mix_ups.about(one, opened_mix_up(None), repair, TODAY, 60, INK)))


@pytest.mark.parametrize(("day", "said"), [(date(2025, 3, 9), "9 Mar 2025"), (date(2026, 3, 6), " 6 Mar")])
def test_a_mix_up_of_another_year_says_of_which(day, said):
    one = SimpleNamespace(title="the bias was left out", status=Status.SUSPECTED, seen=2, last=day)
    lines = [line for entry in mix_ups.rows([one], 0, TODAY, 60, INK) for line in texts(entry.lines)]
    assert any(line.rstrip().endswith(said) for line in lines)


def test_until_then_the_questions_picture_stands_there_where_it_is_seen_whole():
    def pictured(values, hand):
        return (Strip(-9.0, 9.0, ((values.get("b", 0.0), f"b as typed, {hand} in hand"),), "b on a line."),)

    opened = opened_mix_up(Repair("b", 18.0))
    opened.ask, opened.typed = Numbers("Which b?", (Field("b", "b", 0.01, "4"),), picture=pictured), "-5"
    one = SimpleNamespace(title="the bias was left out", status=Status.SUSPECTED)

    def said(rows, **repair):
        return texts(mix_ups.about(one, opened, Repairing(**repair), TODAY, 60, INK, rows))

    least = len(said(0)) + 2 + answers.LOWEST
    assert not any("as typed" in line for line in said(least - 1))
    for rows in (least, 36, 50):
        assert any("b as typed, b in hand" in line for line in said(rows))
        assert len(said(rows)) <= rows
    assert not any("as typed" in line for line in said(36, worlds=True))  # the worlds have their own
