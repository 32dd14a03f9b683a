"""A clock set back, a flight, a night of daylight saving: order stays, and no day is negative."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from drops.clock import moment
from drops.events import Fact, Kind, Rating
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.study import Study
from program import DROP, EAST, environment, now, run


def ids_grow(study: Study) -> bool:
    ids = [event.event_id for event in study.log.events(voided=True)]
    return ids == sorted(set(ids))


@pytest.mark.slow
def test_a_clock_set_back_a_year_keeps_the_order_and_never_makes_a_day_negative(open_study, learners, clock):
    for _ in range(3):
        learners(open_study()).day()
        clock.days(2)
    before = open_study().log.events()
    clock.days(-365)
    study = open_study()
    learners(study).day()
    after = study.log.events()
    assert after[: len(before)] == before
    assert ids_grow(study)
    assert {event.study_day for event in after[len(before) :]} == {clock().day.toordinal()}
    assert all(memory.due_day >= memory.last_day for memory in study.log.memories().values())
    for item in study.today(clock()).items:
        assert item.recall is None or 0 <= item.recall <= 1
    clock.days(365 + 30)  # and set right again
    study = open_study()
    assert study.today(clock()).items
    learners(study).day()
    assert ids_grow(study)


@pytest.mark.slow
def test_a_flight_round_the_world_changes_no_day_that_is_past(study, clock):
    zones = ["Pacific/Kiritimati", "Europe/Berlin", "America/New_York", "Pacific/Pago_Pago"]
    at = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    days = []
    for hours, zone in enumerate(zones):
        there = moment((at + timedelta(hours=hours)).astimezone(ZoneInfo(zone)))
        study.change("budget_minutes", str(5 + hours), there)
        days.append(there.day.toordinal())
    changes = study.log.events(kinds=(Kind.SETTING,))
    assert [event.study_day for event in changes] == days
    assert [date.fromordinal(day).day for day in days] == [2, 2, 2, 1]
    assert [event.tz_offset_min for event in changes] == [840, 60, -300, -660]
    assert ids_grow(study)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-03-29T01:59:00+01:00", "2026-03-29T03:01:00+02:00"),  # the hour that is missing
        ("2026-10-25T02:59:00+02:00", "2026-10-25T02:01:00+01:00"),  # the hour that comes twice
    ],
)
def test_the_night_the_clocks_change_belongs_to_one_learner_day(study, before, after):
    for minutes, text in enumerate((before, after)):
        study.change("budget_minutes", str(5 + minutes), moment(datetime.fromisoformat(text)))
    first, second = study.log.events(kinds=(Kind.SETTING,))
    assert first.study_day == second.study_day
    assert second.occurred_us - first.occurred_us == 2 * 60 * 1_000_000
    assert ids_grow(study)


@pytest.mark.slow
def test_another_zone_at_the_next_start_goes_on_with_the_open_session(home):
    # an hour east is the same learner-day at noon, wherever the machine stands
    there = environment(home)["TZ"].replace(f"{-EAST:+d}", f"{-EAST - 1:+d}")
    told = run("plain", DROP, home=home, typed="quit\n", TZ=there)
    assert "Once more" in told.out or "Quiz" in told.out
    assert time.tzname  # the zone of this process is untouched


@pytest.fixture
def ahead(home):
    """A home whose last answers are dated a year ahead of this machine."""
    later = datetime.now(UTC) + timedelta(days=365)
    with Log.open(home, folded(0.9), now=now(), daily_backup=False) as log:
        fact = Fact(Kind.GRADED, f"{DROP}/by-hand", Rating.GOOD, True, 9000)
        log.append(fact, moment(later))
    return home


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("plain",),
        pytest.param(("plain", "1"), marks=pytest.mark.slow),
        pytest.param(("replay", "1"), marks=pytest.mark.slow),
        pytest.param(("paths", "choose", "understand-neural-network-fundamentals"), marks=pytest.mark.slow),
    ],
)
def test_a_command_that_writes_asks_which_clock_is_right_before_it_begins(ahead, command):
    told = run(*command, home=ahead, typed="2\n")
    assert told.status == 1
    assert told.err == "drops: set this machine's date, then begin; nothing was written\n"
    assert "Your last answer is from " in told.out
    told = run(*command, home=ahead, typed="9\n")
    assert told.err.endswith("Nothing was written; answer 1 or 2\n")
    told = run(*command, home=ahead, typed="1\nquit\n")
    assert told.status == 0
    assert "1 answer dated up to " in told.out
    assert "which is right?" not in run(*command, home=ahead, typed="quit\n").out


@pytest.mark.slow
def test_commands_that_only_read_do_not_ask(ahead):
    for command in (("today",), ("path",), ("progress",)):
        told = run(*command, home=ahead)
        assert told.status == 0
        assert "which is right?" not in told.out
