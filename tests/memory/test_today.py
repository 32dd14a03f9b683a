"""Today's plan: what is in it, in which order, and how long it takes."""

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.events import Memory, Rating
from drops.memory.ahead import ComingDay
from drops.memory.forgetting import curve, recall
from drops.memory.interleave import interleaved
from drops.memory.learner import Learner
from drops.memory.schedule import reviewed
from drops.memory.today import (
    BESIDE,
    FEEDBACK,
    LEFT,
    OVER,
    PAGES,
    WORKED,
    Candidate,
    Lesson,
    LessonUnit,
    Sittings,
    plan,
    seconds_of,
    why,
)

DAY = 740_000
SURE = Learner(right=50, tries=50)  # hardly a miss is charged to them
STRUGGLES = Learner(right=30, tries=50, struggles=True, lately=24)


def lesson(name="drop-5", minutes=6.0, units=12, begun=False, pages=1):
    each = minutes * 60 / units
    made = tuple(LessonUnit(f"{name}/{n}", each / 2, each / 2, pages) for n in range(units))
    return Lesson(name, f"about {name}", made, begun)


NEXT = lesson()


def memory(key="a/1", due=DAY, stability=5.0, last=DAY - 5, **rest):
    values = {"difficulty": 5.0, "reps": 2, "lapses": 0, "suspended": False, "algorithm": "fsrs-6"} | rest
    return Memory(item_key=key, due_day=due, stability=stability, last_day=last, **values)


def candidate(key, seconds=45.0, recalls="recall", known=True, later=False, run=0, typed=False, **rest):
    known = memory(key, **rest) if known and not later else None
    return Candidate(key, key.partition("/")[0], f"about {key}", seconds, known, recalls, typed, run, later)


def many(count, seconds=45.0, **rest):
    return [candidate(f"d{n % 5}/{n}", seconds, **rest) for n in range(count)]


def keys(found):
    return [item.item_key for item in found.items]


# ── what is asked ──


def test_the_most_forgotten_comes_first():
    some = [
        candidate("a/1", stability=9.0),
        candidate("b/1", stability=2.0),
        candidate("c/1", stability=30.0),
    ]
    assert keys(plan(DAY, some, None, 8)) == ["b/1", "a/1", "c/1"]


def test_only_what_is_due_and_not_suspended_is_asked():
    some = [candidate("a/1"), candidate("b/1", due=DAY + 1), candidate("c/1", suspended=True)]
    assert keys(plan(DAY, some, None, 8)) == ["a/1"]


def test_an_item_says_what_it_is_and_why_it_is_due():
    [due] = plan(DAY, [candidate("a/1", stability=6.0, last=DAY - 8, reps=4, due=DAY - 2)], None, 8).items
    assert (due.title, due.due_day) == ("about a/1", DAY - 2)
    assert due.why == "recall 0.88, last seen 8 days ago, answered 4 times"
    assert due.recall == recall(memory(stability=6.0, last=DAY - 8), DAY)


@pytest.mark.parametrize(
    ("last", "reps", "said"),
    [
        (DAY, 1, "recall 1.00, last seen today, answered once"),
        (DAY - 1, 2, "recall 0.97, last seen yesterday, answered twice"),
        (DAY + 2, 3, "recall 1.00, last seen today, answered 3 times"),
    ],
)
def test_reasons_read_as_sentences(last, reps, said):
    assert why(memory(last=last, reps=reps), DAY) == said


def test_a_first_sight_is_due_and_says_so():
    [due] = plan(DAY, [candidate("a/1", known=False)], None, 8).items
    assert (due.recall, due.why) == (None, "asked for the first time since its drop")


def test_first_sights_come_after_what_is_more_forgotten_and_before_what_is_less():
    some = [candidate("a/1", known=False), candidate("b/1", stability=2.0), candidate("c/1", stability=90.0)]
    assert keys(plan(DAY, some, None, 8)) == ["b/1", "a/1", "c/1"]


def test_an_item_is_priced_with_its_form_at_the_learners_pace_and_its_miss_in_advance():
    who = Learner(right=17, tries=20, reads=1.5, asks=2.0)  # 23.8 of 28: 15 of 100 are missed
    [due] = plan(DAY, [candidate("a/1", 22.0, last=DAY, stability=50.0)], None, 8, who).items
    assert due.seconds == pytest.approx(22 * 2.0 + 0.15 * FEEDBACK * 1.5)
    [faded] = plan(DAY, [candidate("a/1", 22.0, last=DAY - 400)], None, 8, who).items
    forgotten = 1 - recall(memory(last=DAY - 400), DAY)
    assert faded.seconds == pytest.approx(22 * 2.0 + forgotten * FEEDBACK * 1.5)


def test_the_page_of_what_one_more_miss_sets_aside_is_charged_and_no_second_try():
    common, rests = (candidate("a/1", 22.0, typed=True, run=3)._replace(rests=one) for one in (False, True))
    who = Learner(right=22, tries=42)
    charged = [plan(DAY, [one], None, 8, who).items[0] for one in (common, rests)]
    missed = max(1 - who.sure, 1 - charged[0].recall)
    assert charged[1].seconds - charged[0].seconds == pytest.approx(missed * WORKED)
    assert charged[0].again > charged[1].again == 0


def test_of_what_was_missed_three_times_running_two_are_asked_a_day_the_lowest_recall_first():
    hard = [candidate(f"h{n}/1", run=3 + n % 2, stability=9.0 - n) for n in range(5)]
    found = plan(DAY, [*hard, candidate("a/1")], None, 8)
    assert sorted(keys(found)) == ["a/1", "h3/1", "h4/1"]
    assert found.waiting == 3


def test_of_what_was_missed_three_times_running_those_due_longest_have_their_turn():
    hard = [candidate(f"h{n}/1", run=3, due=DAY - n, stability=1.0 + 3 * n) for n in range(5)]
    assert sorted(keys(plan(DAY, hard, None, 8))) == ["h3/1", "h4/1"]


def test_what_is_hard_and_waits_for_its_turn_keeps_no_later_item_out():
    hard = [candidate(f"h{n}/1", run=3) for n in range(5)]
    found = plan(DAY, [*hard, candidate("l/1", later=True)], None, 8)
    assert "l/1" in keys(found)
    assert found.waiting == 3


def test_what_was_read_and_never_asked_fades_and_comes_before_what_is_better_remembered():
    read = candidate("a/1", known=False)
    other = candidate("b/1", stability=4.0)  # .88 on the fifth day
    fresh, old = (keys(plan(DAY, [read._replace(read_day=DAY - n), other], None, 8)) for n in (1, 9))
    assert fresh == ["b/1", "a/1"]
    assert old == ["a/1", "b/1"]


def test_up_to_three_later_items_enter_where_nothing_waits():
    later = [candidate(f"l{n}/1", later=True) for n in range(5)]
    assert keys(plan(DAY, later, None, 8)) == ["l0/1", "l1/1", "l2/1"]
    full = plan(DAY, [*many(40), *later], None, 8)
    assert full.waiting
    assert not any(key.startswith("l") for key in keys(full))
    assert plan(DAY, later, None, 8, before=Sittings(spent_today=120)).items == ()


# ── the lesson beside it ──


def test_recall_and_lesson_share_the_budget():
    found = plan(DAY, [candidate("a/1"), candidate("b/1")], NEXT, 8, SURE)
    assert found.part.units == tuple(unit.key for unit in NEXT.units)
    assert (found.part.rest, found.waiting) == (0, 0)
    assert found.seconds == pytest.approx(found.recall_seconds + found.part.seconds)
    assert found.seconds <= 8 * 60


def test_a_lesson_leaves_room_for_ninety_seconds_of_recall_at_least():
    found = plan(DAY, many(6, 20.0), lesson(minutes=8), 8, SURE)
    assert BESIDE - 25 < found.recall_seconds <= BESIDE
    assert found.waiting


def test_a_lesson_that_does_not_fit_is_cut_between_units_and_the_rest_comes_tomorrow():
    long = lesson(minutes=12, units=24)
    first = plan(DAY, [], long, 8, SURE)
    assert first.part.units == tuple(unit.key for unit in long.units[: len(first.part.units)])
    assert first.part.seconds <= 8 * 60 < first.part.seconds + 30
    assert first.part.seconds + first.part.rest == pytest.approx(seconds_of(long.units, SURE))
    rest = long._replace(units=long.units[len(first.part.units) :], begun=True)
    second = plan(DAY + 1, [], rest, 8, SURE, Sittings(gap=0))
    assert second.part.begun
    assert second.part.rest == 0


def test_a_lesson_a_little_too_long_is_not_cut_and_no_minute_of_it_is_left_for_another_day():
    assert plan(DAY, [], lesson(minutes=9.4), 8, SURE).part.rest == 0
    for minutes in (9.6, 9.8, 10.5):
        rest = plan(DAY, [], lesson(minutes=minutes, units=40), 8, SURE).part.rest
        assert rest == 0 or rest >= LEFT


def test_a_unit_longer_than_the_day_is_not_cut():
    found = plan(DAY, [], lesson(minutes=60, units=3), 8, SURE)
    assert len(found.part.units) == 1


def test_a_new_drop_comes_every_sitting_and_every_second_one_while_struggling():
    after = Sittings(gap=0)
    assert plan(DAY, [], NEXT, 8, SURE, after).part
    found = plan(DAY, [candidate("a/1")], NEXT, 8, STRUGGLES, after)
    assert (found.part, found.why) == (None, "every second")
    assert plan(DAY, [], NEXT, 8, STRUGGLES, Sittings(gap=1)).part
    chosen = plan(DAY, [], NEXT, 8, SURE, after, new_a_day=0.5)
    assert (chosen.part, chosen.why) == (None, "every second")


def test_the_rest_of_a_begun_drop_waits_for_no_second_sitting():
    assert plan(DAY, [], lesson(begun=True), 8, STRUGGLES, Sittings(gap=0)).part.begun


def test_where_more_is_due_than_a_day_holds_a_drop_comes_every_third_sitting():
    gaps = [bool(plan(DAY, many(40), NEXT, 8, SURE, Sittings(gap=gap)).part) for gap in range(4)]
    assert gaps == [False, False, True, True]
    gaps = [bool(plan(DAY, many(40), NEXT, 8, STRUGGLES, Sittings(gap=gap)).part) for gap in range(3)]
    assert gaps == [False, True, True]


def test_back_from_days_away_what_is_due_comes_first():
    found = plan(DAY, many(12), NEXT, 8, SURE, Sittings(gap=5, back=True))
    assert (found.part, found.why) == (None, "away")
    assert plan(DAY, many(2), NEXT, 8, SURE, Sittings(gap=5, back=True)).part


def test_one_drop_a_day_unless_the_learner_wants_another_number():
    done = Sittings(gap=0, lessons_today=1, spent_today=200)
    assert plan(DAY, [], NEXT, 20, SURE, done).why == "done"
    assert plan(DAY, [], NEXT, 20, SURE, done, new_a_day=2).part
    assert plan(DAY, [], NEXT, 8, SURE, new_a_day=0).why == "not today"
    assert plan(DAY, [], None, 8).why == "none left"


def test_the_learners_wish_is_obeyed():
    assert plan(DAY, [candidate("a/1")], NEXT, 8, SURE, wish="not today").part is None
    for before in (Sittings(gap=0, back=True), Sittings(gap=0, lessons_today=1)):
        assert plan(DAY, many(40), NEXT, 8, STRUGGLES, before, wish="drop first").part


def test_no_sitting_has_more_than_thirty_pages_but_for_four_items_beside_a_lesson():
    assert len(plan(DAY, many(60, 2.0), None, 20, SURE).items) == PAGES
    beside = plan(DAY, many(60, 2.0), lesson(units=20), 20, SURE)
    assert len(beside.items) == 10
    assert len(plan(DAY, many(60, 2.0), lesson(units=12, pages=3), 20, SURE).items) == 4


# ── the promise ──


def test_what_is_typed_is_expected_once_more_as_often_as_it_is_missed_and_within_the_budget_alone():
    some = many(4, 20.0, typed=True)
    clicked = plan(DAY, many(4, 20.0), None, 8, STRUGGLES)
    typed = plan(DAY, some, None, 8, STRUGGLES)
    assert clicked.again_seconds == 0
    miss = 1 - STRUGGLES.sure
    assert typed.again_seconds == pytest.approx(4 * miss * (20 + miss * FEEDBACK))
    full = plan(DAY, many(40, 20.0, typed=True), None, 8, STRUGGLES)
    assert full.seconds <= 8 * 60 + 1e-6


def test_what_was_lived_today_is_taken_off_the_budget():
    some = many(12, 40.0)
    first = plan(DAY, some, None, 8, SURE)
    later = plan(DAY, some, None, 8, SURE, Sittings(spent_today=240))
    assert len(later.items) < len(first.items)
    assert later.seconds <= 240
    spent = plan(DAY, some, NEXT, 8, SURE, Sittings(spent_today=440))
    assert (spent.items, spent.part, spent.seconds) == ((), None, 0)


def test_a_single_item_longer_than_the_budget_is_still_asked():
    found = plan(DAY, [candidate("a/1", seconds=600), candidate("b/1")], None, 5)
    assert (keys(found)[0], found.waiting) == ("a/1", 1)


def test_an_empty_day_is_an_empty_plan():
    found = plan(DAY, [], None, 8)
    assert (found.items, found.part, found.seconds, found.waiting, found.clears_in_days) == ((), None, 0, 0, 0)
    assert [day.items for day in found.coming] == [0] * 7


@pytest.mark.parametrize(
    ("left", "each", "tomorrow", "days"),
    [
        (19, 60, 0, 2),  # 1,140 s at 570 a day: of 600 half an item is not used
        (20, 60, 0, 3),
        (20, 60, 9, 3),  # the nine that fall due tomorrow just fill the third
        (20, 60, 11, 4),
        (20, 57.5, 0, 2),  # 1,150 s: 571.25, and the rest fits whole into the second day
        (21, 57.5, 0, 3),
    ],
)
def test_a_backlog_clears_in_as_many_days_as_its_load_needs(left, each, tomorrow, days):
    # Of who is never wrong, what was seen today is sure to be recalled: nothing comes back the day after.
    never = Learner(right=10**9, tries=10**9)
    waiting = [candidate(f"d{n % 5}/{n}", each, last=DAY) for n in range(int(600 // each) + left)]
    soon = [candidate(f"e/{n}", each, last=DAY, due=DAY + 1) for n in range(tomorrow)]
    found = plan(DAY, waiting + soon, None, 10.001, never)
    assert (found.waiting, found.clears_in_days) == (left, days)


# ── the days after ──


def test_a_drop_a_day_comes_one_by_one():
    later = [lesson("drop-6"), lesson("drop-7"), lesson("drop-8")]
    titles = [day.new for day in plan(DAY, [], NEXT, 8, later_lessons=later).coming]
    assert titles == ["about drop-6", "about drop-7", "about drop-8", None, None, None, None]
    titles = [day.new for day in plan(DAY, [], NEXT, 8, STRUGGLES, later_lessons=later).coming]
    assert titles == [None, "about drop-6", None, "about drop-7", None, "about drop-8", None]


def test_the_rest_of_a_cut_drop_is_what_comes_tomorrow():
    found = plan(DAY, [], lesson(minutes=14), 8, SURE, later_lessons=[lesson("drop-6")])
    assert [day.new for day in found.coming[:3]] == ["about drop-5", "about drop-6", None]


def test_coming_days_hold_what_falls_due_and_the_drops_in_order():
    some = [
        candidate("a/1"),
        candidate("b/1", due=DAY + 1),
        candidate("c/1", due=DAY + 1),
        candidate("d/1", due=DAY + 3),
    ]
    found = plan(DAY, some, NEXT, 8, later_lessons=[lesson("drop-6")])
    assert found.coming[:3] == (
        ComingDay(DAY + 1, 2, "about drop-6"),
        ComingDay(DAY + 2, 0, None),
        ComingDay(DAY + 3, 1, None),
    )


def test_in_a_backlog_the_coming_days_are_full_until_it_clears():
    found = plan(DAY, many(40), None, 8, SURE)
    counts = [day.items for day in found.coming]
    assert all(counts[: found.clears_in_days])
    assert not any(counts[found.clears_in_days + 1 :])


def test_the_plan_of_a_coming_day_is_the_plan_of_that_day():
    some = [candidate("a/1"), candidate("b/1", due=DAY + 2)]
    assert sorted(keys(plan(DAY + 2, some, None, 8))) == ["a/1", "b/1"]


def test_a_curve_falls_from_one():
    points = curve(memory(stability=10.0, last=DAY), range(DAY, DAY + 101, 10))
    assert points[0] == (DAY, 1.0)
    assert points[1][1] == pytest.approx(0.9)
    assert [r for _, r in points] == sorted((r for _, r in points), reverse=True)


# ── order ──


def due(drop, n, urgency=0.9, recalls="recall"):
    [one] = plan(DAY, [candidate(f"{drop}/{n}", recalls=recalls)], None, 60).items
    return one._replace(recall=urgency)


def neighbours(items):
    return sum(a.drop_id == b.drop_id for a, b in itertools.pairwise(items))


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.floats(0.1, 0.99), st.sampled_from(["recall", "exercise"])),
        max_size=7,
    )
)
def test_no_order_has_fewer_neighbours_of_one_drop(drawn):
    items = sorted((due(d, n, r, way) for n, (d, r, way) in enumerate(drawn)), key=lambda one: one.urgency)
    ours = interleaved(items)
    assert Counter(ours) == Counter(items)
    assert neighbours(ours) == min(neighbours(order) for order in itertools.permutations(items))


@given(st.lists(st.sampled_from("abcdefgh"), max_size=60))
def test_two_items_of_a_drop_stand_together_only_where_they_must(drops):
    ours = interleaved([due(d, n) for n, d in enumerate(drops)])
    most = max(Counter(drops).values(), default=0)
    assert neighbours(ours) == max(0, most - (len(drops) - most) - 1)


def test_about_equally_forgotten_items_take_turns_between_recall_and_exercise():
    items = [
        due("a", 1, 0.80, "recall"),
        due("b", 1, 0.81, "recall"),
        due("c", 1, 0.82, "exercise"),
        due("d", 1, 0.83, "exercise"),
    ]
    assert [one.recalls for one in interleaved(items)] == ["recall", "exercise", "recall", "exercise"]


def test_the_drop_that_can_be_asked_in_another_way_is_taken_and_asked_so():
    items = [
        due("a", 1, 0.800),
        due("c", 1, 0.805),
        due("b", 1, 0.810),
        due("b", 2, 0.830, "exercise"),
    ]
    assert [one.item_key for one in interleaved(items)][:2] == ["a/1", "b/2"]


def test_what_is_much_more_forgotten_does_not_wait_for_variety():
    items = [due("a", 1, 0.5), due("b", 1, 0.6), due("c", 1, 0.9, "exercise")]
    assert [one.drop_id for one in interleaved(items)] == ["a", "b", "c"]


# ── properties ──

loads = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.floats(0, 400),
        st.integers(-30, 30),
        st.floats(0.3, 200),
        st.sampled_from(["known", "new", "later"]),
        st.integers(0, 5),
        st.booleans(),
    ),
    max_size=40,
)
learners = st.builds(
    lambda right, struggles, reads, asks: Learner(right, 50, struggles, 28, reads, asks),
    st.integers(20, 50),
    st.booleans(),
    st.floats(0.5, 2.5),
    st.floats(0.5, 2.5),
)
lessons = st.builds(
    lambda units, begun: Lesson(
        "l", "about l", tuple(LessonUnit(f"l/{n}", r, a, judged=1) for n, (r, a) in enumerate(units)), begun
    ),
    st.lists(st.tuples(st.floats(0, 90), st.floats(0, 200)), min_size=1, max_size=24),
    st.booleans(),
)
sittings = st.builds(
    Sittings,
    st.integers(0, 4),
    st.booleans(),
    st.integers(0, 1),
    st.sampled_from([0.0, 0.0, 100.0, 400.0, 5_000.0]),
)


def made_of(load):
    return [
        candidate(
            f"{d}/{n}", seconds, known=sort == "known", later=sort == "later", run=run, typed=typed,
            due=DAY + late, stability=stability, last=DAY - 40,
        )
        for n, (d, seconds, late, stability, sort, run, typed) in enumerate(load)
    ]


@pytest.mark.slow
@given(loads, lessons, learners, sittings, st.floats(2, 60))
def test_the_promise_is_the_budget_and_a_minute_and_a_half_unless_one_unit_alone_is_longer(
    load, whole, who, before, minutes
):
    found = plan(DAY, made_of(load), whole, minutes, who, before)
    longest = max([item.seconds for item in found.items], default=0.0)
    if found.part:
        units = {unit.key: unit for unit in whole.units}
        longest += seconds_of([units[found.part.units[0]]], who)
    # a single item is asked in any room; what is less than a minute is not left for another day
    assert found.seconds <= max(found.budget + OVER, longest + BESIDE + LEFT) + 1e-6
    assert found.seconds == pytest.approx(
        found.recall_seconds + (found.part.seconds if found.part else 0) + found.again_seconds
    )


@given(loads, lessons, learners, sittings, st.floats(2, 60))
def test_no_item_and_no_unit_is_lost_or_asked_twice(load, whole, who, before, minutes):
    some = made_of(load)
    found = plan(DAY, some, whole, minutes, who, before)
    due = {one.item_key for one in some if not one.later and (one.memory is None or one.memory.due_day <= DAY)}
    later = {one.item_key for one in some if one.later}
    assert len(set(keys(found))) == len(found.items)
    assert {*keys(found)} <= due | later
    assert len(due & {*keys(found)}) + found.waiting == len(due)
    assert (found.clears_in_days == 0) == (found.waiting == 0)
    if found.part:
        assert found.part.units == tuple(unit.key for unit in whole.units[: len(found.part.units)])
        assert (found.part.rest == 0) == (len(found.part.units) == len(whole.units)) or found.part.rest < 1e-6


@given(loads, lessons, learners, st.floats(2, 60))
def test_a_drop_comes_in_every_third_sitting_and_every_second_of_who_struggles_but_after_days_away(
    load, whole, who, minutes
):
    gap = 1 if who.struggles else 2
    assert plan(DAY, made_of(load), whole, minutes, who, Sittings(gap=gap)).part


@pytest.mark.slow
@given(loads, lessons, learners, sittings)
def test_the_order_of_the_candidates_does_not_matter(load, whole, who, before):
    some = made_of(load)
    assert plan(DAY, some, whole, 8, who, before) == plan(DAY, some[::-1], whole, 8, who, before)


def test_a_review_done_today_is_not_due_today():
    done = reviewed(memory("a/1", last=DAY - 9), "a/1", DAY, Rating.AGAIN)
    assert plan(DAY, [Candidate("a/1", "a", "t", 45, done)], None, 8).items == ()
