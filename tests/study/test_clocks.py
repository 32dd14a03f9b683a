"""A clock that disagrees with the last answer is asked about; what a wrong one wrote is put right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from drops.clock import moment
from drops.errors import DropsError
from drops.events import Fact, Kind, Rating
from drops.memory.schedule import folded
from drops.store.file.glance import glance
from drops.store.log import Log
from drops.store.transfer import import_file
from drops.study.own.clocks import LONGEST_ABSENCE, doubt, set_right
from drops.study.today import today

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ITEMS = [f"drop/{n}" for n in range(16)]


def at(days=0.0, hours=0.0):
    return moment(START + timedelta(days=days, hours=hours))


@pytest.fixture
def log(home):
    with Log.open(home, folded(0.9), now=at(), daily_backup=False) as log:
        yield log


def answer(log, now, items=ITEMS):
    facts = [Fact(Kind.GRADED, item, Rating.GOOD, True, 9000) for item in items]
    log.append_all([Fact(Kind.SESSION, payload={"began": True}), *facts], now)


@pytest.mark.parametrize("days", [0, 1, 3, 10, 30, LONGEST_ABSENCE])
def test_an_absence_is_no_disagreement(log, days):
    answer(log, at())
    assert doubt(log, at(days)) is None


@pytest.mark.slow
@pytest.mark.parametrize("hours", [-26, -25, -12, -1, 0, 1, 26, 27])
def test_a_journey_round_the_world_is_no_disagreement(log, hours):
    answer(log, at(2))
    assert doubt(log, at(2, hours)) is None


@pytest.mark.parametrize("hours", [-27, -48, -24 * 31, -24 * 365])
def test_a_last_answer_more_than_26_hours_ahead_is_asked_about(log, hours):
    answer(log, at())
    found = doubt(log, at(0, hours))
    assert found.last == at().day
    assert found.machine == at(0, hours).day


@pytest.mark.parametrize("days", [LONGEST_ABSENCE + 1, 365, 3650])
def test_a_machine_far_ahead_is_asked_about_before_it_freezes_anything(log, days):
    answer(log, at())
    found = doubt(log, at(days))
    assert found.ahead == ()
    assert "it was that long" in found.choices[0]
    assert set_right(log, found, at(days)) == ""  # there is nothing to move
    answer(log, at(days))
    assert doubt(log, at(days, 1)) is None  # asked once


@pytest.mark.parametrize(("days", "hours"), [(0, 0), (3, 0), (-1, -1), (-1, -3), (-365, 0), (100, 0), (101, 0), (3650, 0)])
def test_today_says_that_the_clock_is_doubted_exactly_where_it_is_asked_about(log, home, library, days, hours):
    answer(log, at())
    now = at(days, hours)
    found = doubt(log, now)
    (said,) = [note for note in today(library, log.glance(), now).notes if "this machine" in note] or [""]
    assert bool(found) == bool(said)
    if found:
        assert said.startswith(found.question.partition(":")[0])
        set_right(log, found, now)
        answer(log, now)
        assert not [note for note in today(library, log.glance(), now).notes if "this machine" in note]
    assert log.glance().latest == glance(home).latest


def test_today_says_of_a_machine_before_there_was_a_drops_what_beginning_says(log, library):
    with pytest.raises(DropsError) as refused:
        doubt(log, at(-9999))
    (said,) = today(library, log.glance(), at(-9999)).notes
    assert said.casefold() == f"{refused.value}.".casefold()


def test_the_question_names_both_days_with_their_years(log):
    answer(log, at())
    answer(log, at(368))
    found = doubt(log, at(4))
    assert found.question == (
        "Your last answer is from 5 March 2027, this machine says 6 March 2026: which is right?"
    )
    assert found.choices == (
        "this machine: the last answer was on 5 March 2026",
        "the last answer: this machine's date is wrong",
    )


def test_a_session_a_year_ahead_freezes_nothing_once_it_is_put_right(log, home, tmp_path):
    """Sixteen of sixteen items are right again, as if the clock had never been wrong."""
    answer(log, at())
    answer(log, at(368))
    frozen = log.memories()
    assert all(memory.due_day > at(365).day.toordinal() for memory in frozen.values())
    said = set_right(log, doubt(log, at(4)), at(4))
    assert said == "16 answers dated up to 5 March 2027 now count for up to 5 March 2026."
    with Log.open(tmp_path / "right", folded(0.9), now=at(), daily_backup=False) as right:
        answer(right, at())
        answer(right, at(3))
        assert log.memories() == right.memories()
        answer(log, at(30))
        answer(right, at(30))
        assert log.memories() == right.memories()
    assert doubt(log, at(30, 1)) is None


def test_a_sitting_of_another_date_in_which_nothing_was_answered_is_put_right_too(log):
    answer(log, at())
    answer(log, at(368), items=[])
    said = set_right(log, doubt(log, at(4)), at(4))
    assert said == "What was dated up to 5 March 2027 now counts for up to 5 March 2026."


def test_what_was_put_right_is_not_asked_again_and_a_second_mistake_is(log):
    answer(log, at())
    answer(log, at(368))
    set_right(log, doubt(log, at(4)), at(4))
    assert doubt(log, at(4)) is None
    answer(log, at(4))
    answer(log, at(800))
    found = doubt(log, at(6))
    assert len(found.ahead) == 17
    set_right(log, found, at(6))
    assert doubt(log, at(6)) is None
    assert {event.study_day for event in log.events(kinds=(Kind.GRADED,))} == {
        at(day).day.toordinal() for day in (0, 3, 4, 5)
    }


def test_several_wrong_days_keep_their_distances(log):
    answer(log, at())
    for day in (369, 370, 372):
        answer(log, at(day))
    set_right(log, doubt(log, at(8)), at(8))
    days = sorted({event.study_day - at().day.toordinal() for event in log.events(kinds=(Kind.GRADED,))})
    assert days == [0, 4, 5, 7]


@pytest.mark.parametrize(
    ("wrong", "now", "meant"), [(40, 3, 2), (40, 1, 0), (40, 0, 0), (2, 0, 0), (1500, 9, 8)]
)
def test_what_is_moved_never_lies_after_today_nor_before_the_last_right_answer(log, wrong, now, meant):
    answer(log, at(0, -1))
    answer(log, at(wrong))
    found = doubt(log, at(now))
    assert found.meant == at(meant).day
    set_right(log, found, at(now))
    assert all(event.study_day <= at(now).day.toordinal() for event in log.events())


@pytest.mark.parametrize("wrong", [3, 40, 366, 367, 400, 1500])
def test_a_first_day_with_a_wrong_clock_was_lately_and_not_years_before_there_was_an_answer(log, wrong):
    answer(log, at(wrong))
    found = doubt(log, at(0))
    assert at(0).day - timedelta(days=60) <= found.meant <= at(0).day


@pytest.mark.parametrize("drop", [None, "1"])
@pytest.mark.parametrize("wrong", [3, 366, 400])
def test_a_session_of_a_day_that_was_put_right_is_not_todays_and_its_lesson_goes_on(study, wrong, drop):
    session = study.begin(at(wrong), drop=drop)
    for _ in range(2):
        session = study.turn(session, at(wrong))
    front = study.page(session).key
    set_right(study.log, doubt(study.log, at(0)), at(0))
    again = study.begin(at(0), drop=drop)
    assert again.day == at(0).day.toordinal()
    assert again.id != session.id
    assert study.page(again).key == front
    assert doubt(study.log, at(0)) is None


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(2000, 1, 1), date(2024, 12, 30)])
def test_a_machine_from_before_drops_is_never_believed(log, day):
    early = moment(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    for _ in range(2):
        with pytest.raises(DropsError, match=f"this machine says {day.day} .* {day.year}, before there was"):
            doubt(log, early)
        answer(log, at())


def test_only_what_was_dated_wrong_is_moved_where_devices_are_merged(log, tmp_path):
    answer(log, at(), ITEMS[:8])
    with Log.open(tmp_path / "other", folded(0.9), now=at(), daily_backup=False) as other:
        answer(other, at(1), ITEMS[8:])
        answer(other, at(369), ITEMS[8:12])
        import_file(log, other.path, at(4), merge_learner=True)
    answer(log, at(4), ITEMS[:8])  # with ids from the future, on its right day
    found = doubt(log, at(5))
    assert {event.device_id for event in found.ahead} != {log.device_id}
    set_right(log, found, at(5))
    assert doubt(log, at(5)) is None
    last = {key: memory.last_day - at().day.toordinal() for key, memory in log.memories().items()}
    assert last == {
        **dict.fromkeys(ITEMS[:8], 4),
        **dict.fromkeys(ITEMS[8:12], 4),
        **dict.fromkeys(ITEMS[12:], 1),
    }


def test_right_days_between_wrong_ones_stay_where_they_are(log):
    for day in (0, 400, 1, 401, 2):  # somebody who set the clock twice
        answer(log, at(day), ITEMS[:1])
    before = log.events(voided=True)
    set_right(log, doubt(log, at(3)), at(3))
    days = [event.study_day for event in log.events(kinds=(Kind.GRADED,))]
    right = [event.study_day for event in before if event.kind is Kind.GRADED]
    assert [days[n] for n in (0, 2, 4)] == [right[n] for n in (0, 2, 4)]
    assert max(days) <= at(3).day.toordinal()


@pytest.mark.slow
def test_a_long_stretch_is_found_whole(log):
    answer(log, at())
    for day in range(40):
        answer(log, at(365 + day))
    found = doubt(log, at(41))
    assert len(found.ahead) == 40 * 17
    set_right(log, found, at(41))
    assert doubt(log, at(41)) is None


def test_it_can_be_taken_back(log):
    answer(log, at())
    answer(log, at(368))
    before = log.memories()
    set_right(log, doubt(log, at(4)), at(4))
    (event,) = log.events(kinds=(Kind.SETTING,))
    log.append(Fact(Kind.VOID, target=event.event_id), at(4))
    assert log.memories() == before


def test_a_window_that_cannot_save_asks_nothing(study, second, clock, learner):
    learner.day()
    clock.days(-40)
    assert study.doubt(clock()) is not None
    assert second.doubt(clock()) is None
