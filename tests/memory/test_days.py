"""Memory counts learner-days, wherever and whenever the learner is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from drops.clock import moment
from drops.events import Rating
from drops.memory.schedule import reviewed

BERLIN, TOKYO, LISBON = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Lisbon")


def folded(times):
    """The memory after a Good at each aware local time."""
    memory = None
    for at in times:
        memory = reviewed(memory, "a/1", moment(at).day.toordinal(), Rating.GOOD)
    return memory


def state(memory):
    return memory.stability, memory.difficulty, memory.reps


def evenings(count, zone, month, day, hour=21):
    start = datetime(2026, month, day, hour)
    return [(start + timedelta(days=n)).replace(tzinfo=zone) for n in range(count)]


def test_half_an_hour_earlier_each_day_is_still_a_day_apart():
    # Fed with these times as they are, whole 24-hour periods never pass and nothing grows.
    drifting = [datetime(2026, 5, 1, 22, tzinfo=BERLIN) + timedelta(hours=23.5) * n for n in range(20)]
    assert state(folded(drifting)) == state(folded(evenings(20, BERLIN, 5, 1)))


@pytest.mark.parametrize(("month", "day"), [(3, 27), (10, 23)])
def test_a_night_of_daylight_saving_is_a_night_like_any_other(month, day):
    assert state(folded(evenings(5, BERLIN, month, day))) == state(folded(evenings(5, BERLIN, 6, 1)))


def test_one_in_the_morning_belongs_to_the_day_before():
    late = [datetime(2026, 6, 2, 1, tzinfo=BERLIN), datetime(2026, 6, 3, 1, tzinfo=BERLIN)]
    early = [datetime(2026, 6, 1, 23, tzinfo=BERLIN), datetime(2026, 6, 2, 23, tzinfo=BERLIN)]
    assert folded(late) == folded(early)


@pytest.mark.parametrize(
    "zone", [TOKYO, LISBON, ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Auckland")]
)
def test_travel_moves_the_clock_and_not_the_days(zone):
    home = evenings(6, BERLIN, 3, 26)
    away = home[:3] + evenings(3, zone, 3, 29)
    assert folded(away) == folded(home)


def test_two_evenings_on_one_date_across_the_date_line_are_one_day():
    auckland = datetime(2026, 6, 2, 9, tzinfo=ZoneInfo("Pacific/Auckland"))
    hawaii = auckland.astimezone(ZoneInfo("Pacific/Honolulu")) + timedelta(hours=20)
    assert moment(auckland).day == moment(hawaii).day
