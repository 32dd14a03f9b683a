"""A clock that was wrong is set right by an event: every reader sees the true days, the log stays as it was."""

from __future__ import annotations

import pytest

from drops.events import Day, Fact, Kind, Rating
from drops.memory.schedule import folded
from drops.store.corrections import Correction
from drops.store.file.glance import glance
from drops.store.log import Log


@pytest.fixture
def ahead(home, at, answer):
    """Three days of answers, the second one a year ahead, and the log that holds them."""
    with Log.open(home, folded(0.9), now=at(), daily_backup=False) as log:
        log.append_all([answer("a/x"), answer("b/x")], at(0))
        log.append_all(
            [
                answer("a/x", Rating.EASY),
                answer("c/x"),
                Fact(Kind.SESSION, "c/page", payload={"passed": True}),
            ],
            at(370),
        )
        log.append_all([answer("a/x"), answer("c/x")], at(20))
        yield log


def set_right(log, days=-365, last=4):
    ids = [event.event_id for event in log.events(voided=True)]
    return Correction(log.device_id, ids[2], ids[last] if last < len(ids) else b"\xff" * 16, days).fact()


def derived(log, state):
    return state(log)[1:4]


@pytest.mark.slow
def test_the_days_of_that_stretch_are_moved_for_every_reader(ahead, at, home):
    before = ahead.memory("a/x")
    today = at().day.toordinal()
    ahead.append(set_right(ahead), at(21))
    days = [event.study_day - today for event in ahead.events(kinds=(Kind.GRADED, Kind.SESSION))]
    assert days == [0, 0, 5, 5, 5, 20, 20]
    assert [day.day - today for day in ahead.daily()] == [0, 5, 20]
    assert ahead.passed() == {"c/page": today + 5}
    assert ahead.memory("a/x").last_day == today + 20 != before.last_day
    assert ahead.memory("c/x").reps == 2
    assert len(ahead.events(since_day=today + 5, until_day=today + 5)) == 3
    assert ahead.event(ahead.events()[2].event_id).study_day == today + 5
    assert {event.study_day - today for event in glance(home).newest} == {20}


def test_a_glance_sees_the_true_day_of_what_was_done_last(home, at, answer):
    with Log.open(home, folded(0.9), now=at(), daily_backup=False) as log:
        log.append_all([answer("a/x"), answer("b/x")], at(370))
        first, last = (event.event_id for event in log.events())
        log.append(Correction(log.device_id, first, last, -365).fact(), at(6))
        assert [event.study_day for event in glance(home).newest] == [at(5).day.toordinal()] * 2


def test_the_memory_is_as_if_the_clock_had_been_right(ahead, at, answer, tmp_path):
    with Log.open(tmp_path / "right", folded(0.9), now=at(), daily_backup=False) as right:
        right.append_all([answer("a/x"), answer("b/x")], at(0))
        right.append_all([answer("a/x", Rating.EASY), answer("c/x")], at(5))
        right.append_all([answer("a/x"), answer("c/x")], at(20))
        ahead.append(set_right(ahead), at(21))
        assert ahead.memories() == right.memories()
        assert ahead.daily() == right.daily()


def test_a_correction_folds_the_same_at_once_and_in_a_replay_and_is_undone(ahead, at, answer, state):
    before = derived(ahead, state)
    settings = ahead.settings()
    event = ahead.append(set_right(ahead), at(21))
    moved = derived(ahead, state)
    assert moved != before
    ahead.rebuild()
    assert derived(ahead, state) == moved
    ahead.append(Fact(Kind.VOID, target=event.event_id), at(21))
    assert derived(ahead, state) == before
    assert ahead.settings() == settings
    assert [e.study_day for e in ahead.events(voided=True)][2] == at(370).day.toordinal()


def test_the_later_correction_holds_where_two_cover_an_answer(ahead, at):
    ahead.append(set_right(ahead, days=-300), at(21))
    ahead.append(set_right(ahead, days=-365), at(21))
    assert ahead.memory("c/x").last_day == at(20).day.toordinal()
    assert Day(at(5).day.toordinal(), 2, 0, 2, 3000) in ahead.daily()


def test_an_undone_or_later_answer_counts_on_its_true_day(ahead, at, answer, state):
    wrong = ahead.events()[3].event_id
    ahead.append(set_right(ahead, days=5, last=30), at(21))  # as far as there are events, and further
    ahead.append(Fact(Kind.VOID, target=wrong), at(21))
    ahead.append(answer("b/x"), at(22))  # from here on the clock is right
    now = derived(ahead, state)
    assert [day.day - at().day.toordinal() for day in ahead.daily()] == [0, 22, 25, 375]
    ahead.rebuild()
    assert derived(ahead, state) == now


def test_another_devices_answers_stay_where_they_are(ahead, at, answer, tmp_path, opened):
    from drops.store.transfer import import_file

    with opened(tmp_path / "other") as other:
        other.append(answer("d/x"), at(371))
        ahead.append(set_right(ahead), at(21))
        import_file(ahead, other.path, at(21), merge_learner=True)
    assert ahead.memory("d/x").last_day == at(371).day.toordinal()
    assert ahead.memory("a/x").last_day == at(20).day.toordinal()


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        {"days": -365},
        {"from_id": "zz", "to_id": "ff", "days": 1},
        {"from_id": "00" * 16, "to_id": "ff" * 16, "days": 1.5},
        {"from_id": "00" * 16, "to_id": "ff" * 16, "days": True},
        {"from_id": 1, "to_id": "ff" * 16, "days": 1},
        {"from_id": "00" * 16, "to_id": "ff" * 16, "days": 10**30},
        {"from_id": "00" * 16, "to_id": "ff" * 16, "days": -3_000_000},  # out of the calendar
    ],
)
def test_a_correction_of_another_shape_corrects_nothing(ahead, at, state, value):
    before = derived(ahead, state)
    ahead.append(
        Fact(Kind.SETTING, payload={"name": f"clock.{ahead.device_id.hex()}", "value": value}), at(21)
    )
    assert derived(ahead, state) == before
    assert ahead.settings()["clock." + ahead.device_id.hex()] == value


def test_an_answer_dated_before_the_last_one_takes_its_place_at_once(home, at, answer, fold):
    with Log.open(home, fold, now=at(), daily_backup=False) as log:
        late = log.append(answer(rating=Rating.EASY), at(400))
        early = log.append(answer(rating=Rating.AGAIN), at(1))
        assert log.memory("neuron/by-hand") == fold(fold(None, early), late)


@pytest.mark.parametrize("first_seen", [-20_514, -10_000, -500])
def test_a_clock_that_began_anew_gives_no_item_a_gap_of_years(home, at, answer, first_seen):
    """An item first seen in 1970 and again today was not remembered for half a century."""
    with Log.open(home, folded(0.9), now=at(), daily_backup=False) as log:
        log.append(answer("b/x"), at(0))
        log.append(answer("a/x"), at(first_seen))
        once = log.memory("a/x").stability
        log.append(answer("a/x"), at(1))
        twice = log.memory("a/x")
        assert twice.stability <= once * 1.5
        assert (twice.reps, twice.last_day) == (2, at(1).day.toordinal())
        before = log.memories()
        log.rebuild()
        assert log.memories() == before
