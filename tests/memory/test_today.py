"""Today's plan: what is in it, in which order, and how long it takes."""

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.events import Memory, Rating
from drops.memory.forgetting import curve, recall
from drops.memory.interleave import interleaved
from drops.memory.schedule import reviewed
from drops.memory.today import Candidate, Coming, NewDrop, estimate, plan, why

DAY = 740_000
NEXT = NewDrop("drop-5", "Lay out the network", 6)


def memory(key="a/1", due=DAY, stability=5.0, last=DAY - 5, **rest):
    values = {"difficulty": 5.0, "reps": 2, "lapses": 0, "suspended": False, "algorithm": "fsrs-6"} | rest
    return Memory(item_key=key, due_day=due, stability=stability, last_day=last, **values)


def candidate(key, seconds=45.0, recalls="recall", known=True, **rest):
    return Candidate(
        key, key.partition("/")[0], f"about {key}", seconds, memory(key, **rest) if known else None, recalls
    )


def keys(found):
    return [item.item_key for item in found.items]


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


def test_the_new_drop_enters_when_every_due_item_fits():
    found = plan(DAY, [candidate("a/1"), candidate("b/1")], NEXT, 8)
    assert (found.new, found.seconds, found.waiting, found.clears_in_days) == (NEXT, 90 + 360, 0, 0)


def test_the_new_drop_waits_while_anything_waits():
    found = plan(DAY, [candidate(f"d{n % 4}/{n}") for n in range(40)], NEXT, 8)
    assert found.new is None
    assert (len(found.items), found.seconds, found.waiting) == (10, 450, 30)
    assert found.clears_in_days == 4


def test_one_new_drop_a_day_unless_the_learner_wants_more():
    assert plan(DAY, [], NEXT, 8, new_taken_today=1).new is None
    assert plan(DAY, [], NEXT, 8, new_taken_today=1, new_per_day=2).new is NEXT
    assert plan(DAY, [], NEXT, 8, new_per_day=0).new is None
    assert plan(DAY, [], None, 8).new is None


def test_what_was_done_today_is_taken_off_the_budget():
    some = [candidate(f"d{n}/1") for n in range(12)]
    assert len(plan(DAY, some, None, 8, done_today_seconds=240).items) == 5
    spent = plan(DAY, some, NEXT, 8, done_today_seconds=480)
    assert (spent.items, spent.waiting, spent.new) == ((), 12, None)


def test_a_single_item_longer_than_the_budget_is_still_asked():
    found = plan(DAY, [candidate("a/1", seconds=600), candidate("b/1")], None, 5)
    assert (keys(found), found.waiting) == (["a/1"], 1)


def test_what_fills_the_budget_to_the_second_fits():
    found = plan(DAY, [candidate("a/1", seconds=240), candidate("b/1", seconds=240)], NEXT, 8)
    assert (len(found.items), found.waiting, found.new) == (2, 0, NEXT)


def test_an_item_takes_a_second_at_least():
    assert plan(DAY, [candidate("a/1", seconds=0)], None, 8).seconds == 1


@pytest.mark.parametrize(
    ("left", "each", "tomorrow", "days"),
    [
        (19, 60, 0, 2),  # 1,140 s at 570 a day: of 600 half an item is not used
        (20, 60, 0, 3),
        (20, 60, 9, 4),  # nine that fall due tomorrow take most of a day of their own
        (20, 57.5, 0, 3),  # 1,150 s at 571.25 a day
    ],
)
def test_a_backlog_clears_in_as_many_days_as_its_load_needs(left, each, tomorrow, days):
    # What was seen today is sure to be recalled: nothing comes back the day after.
    waiting = [candidate(f"d{n % 5}/{n}", each, last=DAY) for n in range(int(600 // each) + left)]
    soon = [candidate(f"e/{n}", each, last=DAY, due=DAY + 1) for n in range(tomorrow)]
    found = plan(DAY, waiting + soon, None, 10)
    assert (found.waiting, found.clears_in_days) == (left, days)


def test_a_drop_a_day_comes_one_by_one():
    later = [
        NewDrop("drop-6", "Compute z", 7),
        NewDrop("drop-7", "Squash it", 7),
        NewDrop("drop-8", "Two", 7),
    ]
    titles = [day.new for day in plan(DAY, [], NEXT, 8, later_drops=later).coming]
    assert titles == ["Compute z", "Squash it", "Two", None, None, None, None]
    titles = [day.new for day in plan(DAY, [], NEXT, 8, later_drops=later, new_per_day=2).coming]
    assert titles == ["Compute z", "Two", None, None, None, None, None]


def test_the_last_of_the_coming_days_holds_what_falls_due_on_it():
    assert [day.items for day in plan(DAY, [candidate("a/1", due=DAY + 7)], None, 8).coming] == [0] * 6 + [1]


def test_an_empty_day_is_an_empty_plan():
    found = plan(DAY, [], None, 8)
    assert (found.items, found.new, found.seconds, found.waiting, found.clears_in_days) == ((), None, 0, 0, 0)
    assert [day.items for day in found.coming] == [0] * 7


def test_a_budget_of_nothing_asks_nothing():
    found = plan(DAY, [candidate("a/1")], NEXT, 0)
    assert (found.items, found.waiting, found.new) == ((), 1, None)


def test_coming_days_hold_what_falls_due_and_the_drops_in_order():
    later = [NewDrop("drop-6", "Compute z", 7)]
    some = [
        candidate("a/1"),
        candidate("b/1", due=DAY + 1),
        candidate("c/1", due=DAY + 1),
        candidate("d/1", due=DAY + 3),
    ]
    found = plan(DAY, some, NEXT, 8, later_drops=later)
    assert found.coming[:3] == (
        Coming(DAY + 1, 2, "Compute z"),
        Coming(DAY + 2, 0, None),
        Coming(DAY + 3, 1, None),
    )


def test_in_a_backlog_the_coming_days_are_full_and_the_drop_comes_when_it_clears():
    found = plan(DAY, [candidate(f"d{n % 4}/{n}") for n in range(40)], NEXT, 8)
    assert [day.items for day in found.coming[:4]] == [10, 10, 10, 0]
    assert [day.day - DAY for day in found.coming if day.new] == [found.clears_in_days]


def test_the_plan_of_a_coming_day_is_the_plan_of_that_day():
    some = [candidate("a/1"), candidate("b/1", due=DAY + 2)]
    assert sorted(keys(plan(DAY + 2, some, None, 8))) == ["a/1", "b/1"]


def test_an_estimate_is_the_learners_own_median_or_the_contents():
    assert estimate(None, 45) == 45
    assert estimate(30_000, 45) == 30


def test_a_coffee_break_does_not_become_an_estimate():
    assert estimate(1_200_000, 45) == 135


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


# ── the budget ──

loads = st.lists(
    st.tuples(
        st.sampled_from("abcdef"), st.floats(0, 400), st.integers(-30, 30), st.floats(0.3, 200), st.booleans()
    ),
    max_size=40,
)


@given(loads, st.floats(0, 30), st.floats(0, 1000))
def test_the_items_never_pass_the_budget_by_more_than_one(load, budget, done):
    some = [
        candidate(f"{d}/{n}", seconds, known=known, due=DAY + late, stability=stability, last=DAY - 40)
        for n, (d, seconds, late, stability, known) in enumerate(load)
    ]
    found = plan(DAY, some, NEXT, budget, done_today_seconds=done)
    taken, room = [item.seconds for item in found.items], budget * 60 - done
    assert sum(taken) <= max(room, 0) + 1e-6 or len(taken) == 1
    expected = sum(taken) + (360 if found.new else 0)
    assert found.seconds == pytest.approx(expected)
    assert (found.new is None) == (found.waiting > 0)
    assert (found.clears_in_days == 0) == (found.waiting == 0)
    assert len(taken) + found.waiting == sum(one.memory is None or one.memory.due_day <= DAY for one in some)


@given(loads)
def test_the_order_of_the_candidates_does_not_matter(load):
    some = [
        candidate(f"{d}/{n}", seconds, known=known, due=DAY + late, stability=stability, last=DAY - 40)
        for n, (d, seconds, late, stability, known) in enumerate(load)
    ]
    assert plan(DAY, some, NEXT, 8) == plan(DAY, some[::-1], NEXT, 8)


def test_a_review_done_today_is_not_due_today():
    done = reviewed(memory("a/1", last=DAY - 9), "a/1", DAY, Rating.AGAIN)
    assert plan(DAY, [Candidate("a/1", "a", "t", 45, done)], None, 8).items == ()
