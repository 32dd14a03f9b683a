"""When a misconception is suspected, confirmed and overcome, and what the ladder does about it."""

import pytest

from drops.events import Kind, Rating
from drops.memory.attempts import Attempt, attempts
from drops.memory.ladder import easier, level
from drops.memory.misconceptions import Sighting, Status, findings
from drops.memory.misconceptions import confirmed as confirmed_of
from drops.memory.misconceptions import lines_to_find as lines_of

ITEM = "a-neuron/by-hand"


def shows(*names, day=1, item=ITEM, at=2):
    return Attempt(day, item, names, False, at)


def clean(day=1, item=ITEM, at=2):
    return Attempt(day, item, (), True, at)


def wrong(day=1, item=ITEM, at=2):
    return Attempt(day, item, (), False, at)


def confirmed(tries):
    return confirmed_of(findings(tries))


def lines_to_find(tries, day):
    return lines_of(findings(tries), day)


def status(*tries):
    return [(one.misconception, one.status) for one in findings(tries)]


def test_once_is_a_suspicion():
    assert status(shows("relu-skipped")) == [("relu-skipped", Status.SUSPECTED)]
    assert confirmed([shows("relu-skipped")]) == []


def test_twice_is_a_confirmation_also_on_another_item():
    found = confirmed([shows("relu-skipped", day=3), shows("relu-skipped", day=5, item="layers/by-hand")])
    assert [(one.misconception, one.first_day, one.last_day, one.changed_day) for one in found] == [
        ("relu-skipped", 3, 5, 5)
    ]
    assert found[0].item_keys == (ITEM, "layers/by-hand")


def test_two_different_ones_confirm_neither():
    assert confirmed([shows("relu-skipped"), shows("no-bias")]) == []


def test_a_tie_suspects_both_and_the_one_that_shows_again_is_confirmed():
    assert [one.misconception for one in confirmed([shows("no-bias", "sign-dropped"), shows("no-bias")])] == [
        "no-bias"
    ]


def test_two_clean_attempts_overcome_it():
    tries = [shows("no-bias", day=1), shows("no-bias", day=2), clean(day=3)]
    assert status(*tries) == [("no-bias", Status.CONFIRMED)]
    assert status(*tries, clean(day=4)) == [("no-bias", Status.OVERCOME)]
    assert findings([*tries, clean(day=4)])[0].changed_day == 4


def test_clean_attempts_elsewhere_prove_nothing():
    tries = [shows("no-bias"), shows("no-bias"), clean(item="b/1"), clean(item="b/1")]
    assert status(*tries) == [("no-bias", Status.CONFIRMED)]


def test_showing_again_begins_the_clean_count_anew():
    tries = [shows("no-bias"), shows("no-bias"), clean(), shows("no-bias"), clean()]
    assert status(*tries) == [("no-bias", Status.CONFIRMED)]
    assert status(*tries, clean()) == [("no-bias", Status.OVERCOME)]


def test_a_plain_wrong_answer_counts_for_neither():
    assert status(shows("no-bias"), shows("no-bias"), clean(), wrong(), clean()) == [
        ("no-bias", Status.OVERCOME)
    ]


def test_a_suspicion_followed_by_two_clean_attempts_is_forgotten():
    assert status(shows("no-bias"), clean(), clean()) == []
    assert status(shows("no-bias"), clean(), clean(), shows("no-bias")) == [("no-bias", Status.SUSPECTED)]


def test_what_was_overcome_and_shows_again_is_suspected_again():
    past = [shows("no-bias"), shows("no-bias"), clean(), clean()]
    assert status(*past, shows("no-bias")) == [("no-bias", Status.SUSPECTED)]
    assert status(*past, shows("no-bias"), shows("no-bias")) == [("no-bias", Status.CONFIRMED)]


def test_a_finding_tells_its_whole_story():
    other = "layers/by-hand"
    story = [
        (shows("no-bias", day=1), Sighting("no-bias", Status.SUSPECTED, 1, (ITEM,), 1, 1, 1)),
        (
            shows("no-bias", day=2, item=other),
            Sighting("no-bias", Status.CONFIRMED, 2, (ITEM, other), 1, 2, 2),
        ),
        (shows("no-bias", day=3), Sighting("no-bias", Status.CONFIRMED, 3, (ITEM, other), 1, 3, 2)),
        (clean(day=4), Sighting("no-bias", Status.CONFIRMED, 3, (ITEM, other), 1, 3, 2, 1)),
        (clean(day=5, item=other), Sighting("no-bias", Status.OVERCOME, 3, (ITEM, other), 1, 3, 5, 2)),
        (shows("no-bias", day=9), Sighting("no-bias", Status.SUSPECTED, 1, (ITEM, other), 1, 9, 9)),
    ]
    for n, (_, told) in enumerate(story, start=1):
        assert findings([attempt for attempt, _ in story[:n]]) == [told]


def test_what_showed_last_stands_first():
    tries = [shows("no-bias", day=1), shows("relu-skipped", day=5), shows("added", day=5)]
    assert [one.misconception for one in findings(tries)] == ["added", "relu-skipped", "no-bias"]


def test_a_clean_attempt_counts_for_its_item_whatever_else_is_known():
    tries = [shows("elsewhere", item="b/1"), shows("no-bias"), shows("no-bias"), clean(), clean()]
    assert dict(status(*tries)) == {"elsewhere": Status.SUSPECTED, "no-bias": Status.OVERCOME}


def test_a_confirmed_one_comes_back_as_a_line_to_find_from_the_next_day_on():
    tries = [shows("no-bias", day=4), shows("no-bias", day=5)]
    assert lines_to_find(tries, 5) == []
    assert [one.misconception for one in lines_to_find(tries, 6)] == ["no-bias"]
    assert lines_to_find([*tries, clean(day=6), clean(day=7)], 8) == []


# ── the ladder ──


def test_a_clean_attempt_climbs_to_the_top_and_no_higher():
    assert [level([clean(at=n) for n in range(count)]) for count in range(6)] == [0, 1, 2, 3, 3, 3]


def test_a_clean_replay_one_level_lower_does_not_climb():
    assert level([clean(at=1)], start=2) == 2


def test_a_misconception_in_two_attempts_goes_down_one():
    assert level([shows("no-bias")], start=2) == 2
    assert level([shows("no-bias"), shows("no-bias")], start=2) == 1
    assert level([shows("no-bias"), wrong(), shows("no-bias")], start=2) == 1


def test_two_more_are_needed_for_the_next_step_down():
    assert level([shows("no-bias")] * 3, start=2) == 1
    assert level([shows("no-bias")] * 4, start=2) == 0
    assert level([shows("no-bias")] * 9, start=2) == 0


def test_different_misconceptions_and_slips_leave_the_level():
    assert level([shows("no-bias"), shows("relu-skipped"), wrong(), wrong()], start=2) == 2


def test_a_clean_attempt_between_two_showings_keeps_the_level_it_reached():
    assert level([shows("no-bias"), clean(at=2), shows("no-bias")], start=2) == 3


def test_a_replay_of_something_hard_is_one_level_easier():
    assert [easier(n) for n in range(4)] == [0, 0, 1, 2]


@pytest.mark.parametrize(("start", "held"), [(-3, 0), (9, 3)])
def test_a_start_off_the_ladder_is_held_to_it(start, held):
    assert level([], start) == held


# ── reading the log ──


def test_attempts_are_read_from_graded_and_practised_events(event):
    log = [
        event(
            ITEM, 5, Rating.AGAIN, payload={"misconceptions": ["no-bias", "no-bias"], "level": 2}
        ),
        event(ITEM, 5, kind=Kind.PRACTICE, payload={"level": 1}),
        event(ITEM, 5, kind=Kind.ATTEMPT),
        event("", 5, kind=Kind.SESSION),
    ]
    assert attempts(log) == [Attempt(5, ITEM, ("no-bias",), False, 2), Attempt(5, ITEM, (), True, 1)]


def test_right_but_slipped_or_guessed_is_not_clean(event):
    assert not attempts([event(rating=Rating.HARD)])[0].clean
    assert not attempts([event(rating=Rating.AGAIN, correct=True)])[0].clean
    assert attempts([event(rating=Rating.EASY)])[0].clean


@pytest.mark.parametrize("junk", [None, "no-bias", 7, [1, None], ["x" * 121], {"a": 1}, -3])
def test_a_payload_of_another_shape_is_read_as_absent(event, junk):
    [one] = attempts(
        [event(payload={"misconceptions": junk, "level": junk if junk != 7 else "x"})]
    )
    assert (one.misconceptions, one.level) == ((), 0)


def test_a_step_that_is_kept_but_not_graded_is_no_try_even_when_it_was_right(event):
    kept = event(kind=Kind.ATTEMPT, correct=True)
    assert attempts([kept]) == []
