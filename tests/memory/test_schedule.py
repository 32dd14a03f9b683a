"""FSRS against the published algorithm in plain floats, and the fold over a log."""

from datetime import UTC, date, datetime, timedelta
from math import exp

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.events import Kind, Rating
from drops.memory import forgetting
from drops.memory.schedule import LAST_DAY, LONGEST, algorithm, fold, folded, reviewed, spread

AGAIN, HARD, GOOD, EASY = Rating
DAY = date(2026, 3, 2).toordinal()

# The FSRS-6 default parameters w₀ … w₂₀, as open-spaced-repetition publishes them
# (fsrs4anki wiki "The Algorithm"; the same numbers stand in fsrs-rs).
W = (
    0.212,
    1.2931,
    2.3065,
    8.2956,
    6.4133,
    0.8334,
    3.0194,
    0.001,
    1.8722,
    0.1666,
    0.796,
    1.4835,
    0.0614,
    0.2629,
    1.6483,
    0.6014,
    1.8729,
    0.5425,
    0.0912,
    0.0658,
    0.1542,
)


# ── the published formulas, written out once more ──


def R(t, S):  # noqa: N802  # the formula's own letters, here and below
    return (1 + (0.9 ** (-1 / W[20]) - 1) * t / S) ** -W[20]


def D0(g):  # noqa: N802
    return W[4] - exp(W[5] * (g - 1)) + 1


def next_D(D, g):  # noqa: N802
    towards = D - W[6] * (g - 3) * (10 - D) / 9
    return min(10.0, max(1.0, W[7] * D0(4) + (1 - W[7]) * towards))


def next_S(D, S, t, g):  # noqa: N802
    if t < 1:
        grows = exp(W[17] * (g - 3 + W[18])) * S ** -W[19]
        return S * (max(1.0, grows) if g >= 2 else grows)
    r = R(t, S)
    if g == 1:
        forgot = W[11] * D ** -W[12] * ((S + 1) ** W[13] - 1) * exp(W[14] * (1 - r))
        return min(forgot, S / exp(W[17] * W[18]))
    bonus = (W[15] if g == 2 else 1) * (W[16] if g == 4 else 1)
    return S * (1 + exp(W[8]) * (11 - D) * S ** -W[9] * (exp(W[10] * (1 - r)) - 1) * bonus)


def states(history):
    """(stability, difficulty) after each (days since the last review, rating)."""
    S = D = None
    for t, g in history:
        if S is None:
            S, D = W[g - 1], min(10.0, max(1.0, D0(g)))
        else:
            S, D = next_S(D, S, t, g), next_D(D, g)
        S = min(36_500.0, max(0.001, S))
        yield S, D


def interval(S, retention):
    days = S / (0.9 ** (-1 / W[20]) - 1) * (retention ** (-1 / W[20]) - 1)
    return min(36_500, max(1, round(days)))


# ── through our door ──


def reviews(history, retention=0.9, key="a/1"):
    memory, day = None, DAY
    for t, g in history:
        day += t
        memory = reviewed(memory, key, day, Rating(g), retention)
        yield memory


def unspread(memory):
    """The interval before load was spread."""
    return next(
        n
        for n in range(1, 2 * LONGEST)
        if memory.last_day + n + spread(memory.item_key, memory.last_day, n) == memory.due_day
    )


histories = st.lists(
    st.tuples(st.one_of(st.integers(0, 3), st.integers(0, 400)), st.sampled_from([1, 2, 3, 4])),
    min_size=1,
    max_size=30,
)


@pytest.mark.slow
@given(histories, st.floats(0.7, 0.97))
def test_states_are_those_of_the_published_formulas(history, retention):
    ours = list(reviews(history, retention))
    for memory, (S, D) in zip(ours, states(history), strict=True):
        assert memory.stability == pytest.approx(S, rel=1e-9)
        assert memory.difficulty == pytest.approx(D, rel=1e-9)


@given(histories, st.floats(0.7, 0.97))
def test_due_days_are_the_published_interval_and_our_spread(history, retention):
    for memory in reviews(history, retention):
        S = memory.stability
        near = {interval(S * x, retention) for x in (1 - 1e-9, 1, 1 + 1e-9)}  # a tie may round either way
        due = {memory.last_day + n + spread("a/1", memory.last_day, n) for n in near}
        assert memory.due_day in due


@pytest.mark.parametrize("lateness", [-5, 0, 1, 30, 300])
@pytest.mark.parametrize("retention", [0.7, 0.8, 0.9, 0.97])
def test_early_on_time_and_late_reviews_follow_the_formulas(lateness, retention):
    history, memory = [(0, 3)], None
    for g in (3, 3, 1, 2, 3, 4):
        memory = list(reviews(history, retention))[-1]
        history.append((max(1, memory.due_day - memory.last_day + lateness), g))
    last = list(reviews(history, retention))[-1]
    S, D = list(states(history))[-1]
    assert (last.stability, last.difficulty) == pytest.approx((S, D), rel=1e-9)


def test_the_published_state_after_again_and_five_goods():
    # py-fsrs 6, tests/test_basic.py, test_memo_state; fsrs-rs asserts the same two numbers.
    history = [(0, 1), (0, 3), (1, 3), (3, 3), (8, 3), (21, 3)]
    last = list(reviews(history))[-1]
    assert last.stability == pytest.approx(53.62691, rel=1e-6)
    assert last.difficulty == pytest.approx(6.3574867, rel=1e-6)


def test_the_published_intervals_of_thirteen_reviews():
    # py-fsrs 6, tests/test_basic.py, test_review_card. Its zeros are steps within the day;
    # we have no steps, so a zero is a review on the same day.
    ratings = (3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3)
    intervals = (0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21)
    history = list(zip((0, *intervals), ratings, strict=False))
    ours = [unspread(memory) for memory in reviews(history)]
    assert [mine for mine, theirs in zip(ours, intervals, strict=True) if theirs] == [
        n for n in intervals if n
    ]


def test_the_curve_drawn_without_fsrs_is_fsrs_own():
    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    assert scheduler.parameters == W
    assert scheduler.parameters[20] == forgetting.DECAY
    for S in (0.001, 0.5, 2.3065, 30.0, 36_500.0):
        for t in (0, 1, 2, 7, 100, 10_000):
            assert forgetting.recall_after(S, t) == pytest.approx(R(t, S), rel=1e-12)


@given(histories, st.integers(-3, 500))
def test_recall_is_what_py_fsrs_says(history, later):
    memory = list(reviews(history))[-1]
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    card = fsrs.Card(
        card_id=1, due=seen, state=fsrs.State.Review, stability=memory.stability, last_review=seen
    )
    theirs = fsrs.Scheduler().get_card_retrievability(card, seen + timedelta(days=later))
    assert forgetting.recall(memory, memory.last_day + later) == pytest.approx(theirs, rel=1e-9)


# ── stability and due days stay in bounds ──


def test_stability_never_passes_a_hundred_years():
    *_, last = reviews([(36_000, 4)] * 40)
    assert last.stability == LONGEST


def test_items_learned_together_come_back_spread_over_days():
    due = [fold_days(f"drop/{n}", [DAY, DAY + 2, DAY + 14]) for n in range(200)]
    days = {day - min(due) for day in due}
    assert len(days) >= 5
    busiest = max(due.count(day) for day in set(due))
    assert busiest < 200 * 0.35


def fold_days(key, days):
    memory = None
    for day in days:
        memory = reviewed(memory, key, day, GOOD)
    return memory.due_day


@given(st.text(max_size=30), st.integers(1, LAST_DAY), st.integers(1, LONGEST))
def test_spreading_is_small_the_same_each_time_and_never_within_a_week(key, day, days):
    moved = spread(key, day, days)
    assert moved == spread(key, day, days)
    assert abs(moved) <= (0 if days < 7 else 1 + days // 20)


def test_a_spread_due_day_is_stable_across_versions():
    # A change here moves every learner's due days: rename the spreading with it.
    assert [spread("a-neuron/by-hand", DAY, n) for n in (6, 7, 30, 365)] == [0, -1, 2, 17]


# ── the fold ──


def test_a_first_good_answer_makes_a_memory(event):
    memory = fold(None, event("a/1", DAY))
    assert (memory.item_key, memory.last_day, memory.reps, memory.lapses) == ("a/1", DAY, 1, 0)
    assert memory.due_day == DAY + 2
    assert memory.algorithm == algorithm()


def test_a_second_graded_try_of_a_day_does_not_feed_memory(event):
    once = fold(None, event(day=DAY))
    assert fold(once, event(day=DAY, rating=AGAIN)) is once


def test_a_graded_try_from_an_earlier_day_is_passed_over(event):
    once = fold(None, event(day=DAY))
    assert fold(once, event(day=DAY - 3, rating=AGAIN)) is once


@pytest.mark.parametrize("day", [-5, 0, LAST_DAY + 1, 10**9])
def test_a_day_outside_the_calendar_cannot_stop_the_fold(event, day):
    assert fold(None, event(day=day)) is None


@pytest.mark.parametrize("day", [1, LAST_DAY])
def test_the_first_and_the_last_day_of_the_calendar_still_fold(event, day):
    assert fold(None, event(day=day, rating=EASY)).last_day == day


@pytest.mark.parametrize("kind", [k for k in Kind if k not in (Kind.GRADED, Kind.RESET)])
def test_only_graded_events_feed_memory(event, kind):
    once = fold(None, event(day=DAY))
    assert fold(once, event(day=DAY + 1, kind=kind)) is once
    assert fold(None, event(day=DAY, kind=kind)) is None


def test_a_guess_that_was_graded_without_a_rating_changes_nothing(event):
    once = fold(None, event(day=DAY))
    assert fold(once, event(day=DAY + 1, rating=None, correct=True)) is once


def test_a_reset_forgets_and_the_next_answer_is_a_first_one(event):
    once = fold(None, event(day=DAY, rating=AGAIN))
    assert fold(once, event(day=DAY, kind=Kind.RESET)) is None
    again = fold(fold(once, event(day=DAY, kind=Kind.RESET)), event(day=DAY, rating=GOOD))
    assert (again.reps, again.stability) == (1, W[2])


def test_a_review_leaves_a_suspended_item_suspended(event):
    out = fold(None, event(day=DAY))._replace(suspended=True)
    assert fold(out, event(day=DAY + 1)).suspended


def test_a_fold_for_a_retention_goes_on_from_the_memory_it_is_given(event):
    step = folded(0.9)
    assert step(step(None, event(day=DAY)), event(day=DAY + 2)).reps == 2


def test_the_fold_neither_waits_nor_asks_what_time_it_is(event, monkeypatch):
    # fsrs.Card() without an id sleeps a millisecond, and without a due date reads the clock.
    def never(*_):
        raise AssertionError

    fold(None, event(day=DAY))
    with monkeypatch.context() as without:
        without.setattr("time.sleep", never)
        without.setattr("fsrs.card.datetime", type("NoClock", (datetime,), {"now": never}))
        assert fold(fold(None, event(day=DAY)), event(day=DAY + 2)).reps == 2


def test_lapses_count_forgetting_not_the_first_failure(event):
    memory = None
    for n, rating in enumerate((AGAIN, GOOD, AGAIN, AGAIN)):
        memory = fold(memory, event(day=DAY + n, rating=rating))
    assert (memory.reps, memory.lapses) == (4, 2)


def test_a_higher_target_brings_items_back_sooner_and_leaves_the_state_alone(event):
    events = [event(day=DAY + 3 * n) for n in range(4)]
    found = []
    for retention in (0.7, 0.8, 0.9, 0.97):
        step, memory = folded(retention), None
        for one in events:
            memory = step(memory, one)
        found.append(memory)
    dues = [memory.due_day for memory in found]
    assert dues == sorted(dues, reverse=True)
    assert len(set(dues)) == 4
    assert len({(memory.stability, memory.difficulty) for memory in found}) == 1
    assert len({memory.algorithm for memory in found}) == 4


@pytest.mark.parametrize("retention", [0.69, 0.98, 0.0, 1.0, float("nan")])
def test_a_retention_out_of_range_is_refused_at_once(retention):
    with pytest.raises(ValueError, match=r"retention is .*; it must lie between 0\.7 and 0\.97"):
        folded(retention)


KEYS = ("a/1", "a/2", "b/1")
facts = st.lists(
    st.tuples(
        st.sampled_from(KEYS),
        st.integers(-1, 40),
        st.sampled_from([AGAIN, HARD, GOOD, EASY]),
        st.sampled_from([Kind.GRADED] * 8 + [Kind.PRACTICE, Kind.RESET, Kind.ATTEMPT]),
    ),
    max_size=40,
)


def folded_log(events):
    memories = dict.fromkeys(KEYS)
    for one in events:
        memories[one.item_key] = fold(memories[one.item_key], one)
    return memories


@given(facts, st.randoms(use_true_random=False))
def test_any_interleaving_of_the_items_gives_the_same_state(event, log, chance):
    day, events = DAY, []
    for key, later, rating, kind in log:
        day += later
        events.append(event(key, day, rating, kind))
    queues = {key: [one for one in events if one.item_key == key] for key in KEYS}
    shuffled = []
    while any(queues.values()):
        shuffled.append(queues[chance.choice([key for key in KEYS if queues[key]])].pop(0))
    assert folded_log(shuffled) == folded_log(events)


@given(facts, st.integers(0, 40))
def test_stopping_and_going_on_equals_a_full_replay(event, log, stop):
    day, events = DAY, []
    for key, later, rating, kind in log:
        day += later
        events.append(event(key, day, rating, kind))
    kept = folded_log(events[:stop])
    for one in events[stop:]:
        kept[one.item_key] = fold(kept[one.item_key], one)
    assert kept == folded_log(events)


@given(facts)
def test_elapsed_days_are_never_negative_and_due_days_lie_ahead(event, log):
    day = DAY
    memory = None
    for _, later, rating, kind in log:
        day += later * 5 - 60 if later % 7 == 0 else later
        before, memory = memory, fold(memory, event("a/1", day, rating, kind))
        if memory is not None:
            assert memory.due_day > memory.last_day
            assert before is None or memory.last_day >= before.last_day
