"""Learner-days: rollover, travel, daylight saving."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.clock import moment, now, short_day, weekday

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(("hour", "day"), [(0, 1), (3, 1), (4, 2), (12, 2), (23, 2)])
def test_the_day_begins_at_four(hour, day):
    assert moment(datetime(2026, 3, 2, hour, 30, tzinfo=UTC)).day == date(2026, 3, day)


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 10, 25, tzinfo=BERLIN)]
)
def test_on_the_nights_the_clocks_change_four_still_begins_the_day(night):
    assert moment(night.replace(hour=3, minute=59)).day == night.date() - timedelta(days=1)
    assert moment(night.replace(hour=4)).day == night.date()


def test_the_offset_of_the_place_is_kept():
    assert moment(datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Kolkata"))).offset_min == 330
    assert moment(datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("America/St_Johns"))).offset_min == -150


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="a moment needs a time zone"):
        moment(datetime(2026, 7, 1, 9))


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)),
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia", "America/New_York", "Asia/Kathmandu"]),
    st.integers(0, 8),
)
def test_a_learner_day_never_differs_from_the_local_date_by_more_than_the_night(at, zone, rollover):
    there = at.replace(tzinfo=ZoneInfo(zone))
    day = moment(there, rollover).day
    assert day == (there.date() if there.hour >= rollover else there.date() - timedelta(days=1))


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_a_moment_tells_its_time_back_to_the_microsecond(at):
    assert moment(at).local == at


def test_now_is_now():
    assert abs(now().us / 1e6 - datetime.now(UTC).timestamp()) < 5


def test_a_day_is_said_without_a_leading_zero():
    assert weekday(date(2026, 3, 8), date(2026, 3, 8)) == "Sunday, 8 March"
    assert weekday(date(2026, 11, 21), date(2026, 3, 8)) == "Saturday, 21 November"
    assert weekday(date(2027, 8, 22), date(2026, 3, 8)) == "Sunday, 22 August 2027"
    assert weekday(date(2025, 3, 3), date(2026, 3, 8)) == "Monday, 3 March 2025"
    told = [short_day(date(year, 3, 9), date(2026, 3, 8)) for year in (2025, 2026, 2027)]
    assert told == ["9 Mar 2025", "9 Mar", "9 Mar 2027"]


@pytest.mark.parametrize("zone", ["XXX+25", "XXX-26", "nowhere/at/all", ""])
def test_a_zone_that_is_none_is_no_traceback(zone):
    code = "from drops.clock import now; print(now().offset_min)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert abs(int(done.stdout)) < 1440
