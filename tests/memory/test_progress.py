"""What a history adds up to: hard drops, mastery, honesty, load, calendar, rhythm."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.events import Day, Memory, Rating
from drops.memory.hardness import Help, Record, helps, ranked
from drops.memory.honesty import Foreseen, RecallForecast, forecast_of, interval
from drops.memory.honesty import honesty as honesty_of
from drops.memory.mastery import MasteryStage, best_stage, complete, mastery, stage_key
from drops.memory.progress import (
    Accuracy,
    accuracy_by_drop,
    accuracy_by_week,
    calendar,
    forecast,
    minutes_per_day,
    monday,
    rhythm,
)
from drops.memory.schedule import fold, reviewed
from drops.memory.tally import Tally

TODAY = date(2026, 11, 21).toordinal()  # a Saturday


def memory(
    key="a/1", stability=10.0, lapses=0, reps=3, difficulty=3.0, last=TODAY, due=TODAY, suspended=False
):
    return Memory(key, due, stability, difficulty, last, reps, lapses, suspended, "fsrs-6")


# ── hard drops ──


def test_lapses_and_confirmed_misconceptions_rank_first_and_say_so():
    found = ranked(
        [
            Record("easy/1", "easy", memory("easy/1")),
            Record(
                "hard/1",
                "hard",
                memory("hard/1", lapses=3, reps=7, difficulty=8.1),
                ("the ReLU is skipped",),
            ),
            Record("hard/2", "hard", memory("hard/2")),
        ],
        TODAY,
    )
    assert [one.drop_id for one in found] == ["hard", "easy"]
    assert found[0].reasons == (
        "forgotten 3 times",
        "mix-up seen more than once: the ReLU is skipped",
        "difficulty 8.1 of 10",
    )
    assert (found[0].hard, found[0].stuck) == (True, ("hard/1",))
    assert (found[1].hard, found[1].reasons, found[1].stuck) == (False, (), ())


def test_what_has_been_forgotten_since_is_a_reason_but_does_not_make_a_drop_hard():
    [one] = ranked([Record("a/1", "a", memory(stability=1.0, last=TODAY - 60))], TODAY)
    assert one.reasons == ("recall now 0.53",)
    assert not one.hard


def test_single_events_are_said_in_the_singular():
    [one] = ranked([Record("a/1", "a", memory(lapses=1))], TODAY)
    assert one.reasons == ("forgotten once",)


def test_a_score_is_the_mean_of_the_four_signs_that_are_told():
    one = Record("a/1", "a", memory(lapses=1, reps=4, difficulty=5.5), ("no-bias",))
    assert ranked([one], TODAY)[0].score == pytest.approx((1 / 4 + 1 / 2 + 0 + 0) / 4)
    assert ranked([one], TODAY)[0].untold == pytest.approx((1 / 4 + 1 / 2 + 1 / 2 + 0) / 4)


histories = st.lists(
    st.tuples(
        st.integers(0, 5), st.floats(1, 10), st.integers(0, 40), st.lists(st.sampled_from("pqr"), unique=True, max_size=2)
    ),
    min_size=1,
    max_size=4,
)


def told(one):
    """What is said of a drop, as numbers that are read from its words."""
    figures = dict.fromkeys(("forgotten", "mix-up", "difficulty", "recall"), 0.0)
    for reason in one.reasons:
        kind, *words = reason.split()
        match kind:
            case "forgotten":
                figures[kind] = {"once": 1, "twice": 2}.get(words[0]) or int(words[0])
            case "mix-up":
                figures[kind] = reason.count(",") + 1
            case "difficulty":
                figures[kind] = float(words[0])
            case _:
                figures[kind] = 1 - float(words[-1])
    return (one.hard, *figures.values())


@given(st.lists(histories, min_size=2, max_size=5))
def test_no_drop_stands_above_one_whose_reasons_are_all_stronger(drops):
    records = [
        Record(f"{d}/{i}", str(d), memory(f"{d}/{i}", 10.0, lapses, 9, difficulty, TODAY - ago), tuple(names))
        for d, items in enumerate(drops)
        for i, (lapses, difficulty, ago, names) in enumerate(items)
    ]
    found = [told(one) for one in ranked(records, TODAY)]
    for at, above in enumerate(found):
        for below in found[at + 1 :]:
            weaker = all(a <= b for a, b in zip(above, below, strict=True))
            assert not weaker or above == below
            assert above[0] >= below[0]
            assert any(above) or not any(below)


def test_many_items_that_hold_hide_no_item_that_does_not():
    """The mean of its items would put the drop that was forgotten once above the one forgotten 4 times."""
    many = [Record(f"a/{i}", "a", memory(f"a/{i}", lapses=1 if i < 4 else 0)) for i in range(12)]
    assert [one.drop_id for one in ranked([*many, Record("b/1", "b", memory("b/1", lapses=1))], TODAY)] == ["a", "b"]


def test_a_drop_is_hard_from_the_second_lapse_of_an_item_or_a_confirmed_mix_up():
    for record, hard in (
        (Record("a/1", "a", memory(lapses=1)), False),
        (Record("a/1", "a", memory(lapses=2)), True),
        (Record("a/1", "a", memory(), confirmed=("no-bias",)), True),
    ):
        assert ranked([record], TODAY)[0].hard is hard


def test_what_is_counted_twice_and_what_is_just_telling_is_said():
    [one] = ranked(
        [Record("a/1", "a", memory(lapses=2, difficulty=7.0), confirmed=("no-bias", "a slip"))], TODAY
    )
    assert one.reasons == (
        "forgotten twice",
        "mix-up seen more than once: no-bias, a slip",
        "difficulty 7.0 of 10",
    )


def test_every_sign_makes_a_drop_harder():
    plain = Record("a/1", "a", memory())
    for harder in (
        Record("b/1", "b", memory(lapses=1)),
        Record("b/1", "b", memory(difficulty=6.0)),
        Record("b/1", "b", memory(), confirmed=("no-bias",)),
        Record("b/1", "b", memory(last=TODAY - 9)),
    ):
        first, second = ranked([plain, harder], TODAY)
        assert first.drop_id == "b"
        assert 0 <= second.untold < first.untold <= 1
        assert 0 <= second.score <= first.score <= 1


def test_suspended_items_make_no_drop_hard():
    assert ranked([Record("a/1", "a", memory(lapses=5, suspended=True))], TODAY) == []


def test_the_third_lapse_brings_help():
    assert helps(memory(lapses=2), other_templates=True, needs=True) == ()
    assert helps(memory(lapses=3), other_templates=True, needs=True) == tuple(Help)
    assert helps(memory(lapses=4), other_templates=False, needs=False) == (Help.WORKED_EXAMPLE,)


# ── mastery ──


@pytest.mark.parametrize(
    ("finished", "items", "stage", "missing"),
    [
        (False, [None, None], MasteryStage.AHEAD, "Read it and do its exercise."),
        (True, [None, None], MasteryStage.SEEN, "Answer one of its questions right a day or more later."),
        (True, [], MasteryStage.SEEN, "Answer one of its questions right a day or more later."),
        (False, [memory(reps=1), None], MasteryStage.SEEN, "Answer one of its questions right a day or more later."),
        (True, [memory(reps=2, lapses=1)], MasteryStage.SEEN, "Answer one of its questions right a day or more later."),
        (
            True,
            [memory(reps=3, lapses=1), None],
            MasteryStage.RECALLED,
            "0 of 2 questions hold 21 days, 1 is enough; the weakest of them holds 10 days.",
        ),
        (
            True,
            [memory(stability=1.9)],
            MasteryStage.RECALLED,
            "0 of 1 questions hold 21 days; the weakest of them holds 1 day.",
        ),
        (
            True,
            [memory(stability=30), memory(stability=1.9), None],
            MasteryStage.RECALLED,
            "1 of 3 questions hold 21 days, 2 are enough; the weakest of them holds 1 day.",
        ),
        (
            True,
            [memory(stability=21), memory(stability=95), memory(stability=2)],
            MasteryStage.SOLID,
            "1 of 3 questions hold 90 days, 2 are enough; the weakest of them holds 21 days.",
        ),
        (True, [memory(stability=90), None], MasteryStage.DURABLE, "Nothing is missing."),
        (True, [memory(stability=90)], MasteryStage.DURABLE, "Nothing is missing."),
        (
            True,
            [memory(stability=90), memory(stability=1, suspended=True)],
            MasteryStage.DURABLE,
            "Nothing is missing.",
        ),
    ],
)
def test_mastery_rises_item_by_item_and_says_what_is_missing(finished, items, stage, missing):
    found = mastery(finished, items)
    assert (found.stage, found.missing) == (stage, missing)


@pytest.mark.parametrize("best", [MasteryStage.SOLID, MasteryStage.DURABLE])
def test_the_best_stage_reached_is_kept_and_what_slipped_is_said(best):
    items = [memory(stability=30), memory(stability=4), memory(stability=2)]
    found = mastery(True, items, best)
    held, days = (1, 21) if best is MasteryStage.SOLID else (0, 90)
    assert found.stage is best
    assert found.missing == (
        f"It was {best.name.lower()}. Now {held} of 3 questions hold {days} days, 2 are enough; "
        "the weakest of them holds 4 days."
    )


def test_a_stage_that_was_noted_is_found_again():
    noted = {stage_key("a", MasteryStage.SOLID): TODAY}
    assert best_stage("a", noted) is MasteryStage.SOLID
    assert best_stage("b", noted) is MasteryStage.AHEAD
    both = {**noted, stage_key("a", MasteryStage.DURABLE): TODAY}
    assert best_stage("a", both) is MasteryStage.DURABLE


def test_a_path_is_complete_when_every_drop_is_solid():
    assert complete([MasteryStage.SOLID, MasteryStage.DURABLE])
    assert not complete([MasteryStage.SOLID, MasteryStage.RECALLED])


# ── honesty ──


def honesty(pairs):
    seen = Foreseen()
    for one in pairs:
        seen = seen.with_one(one)
    return honesty_of(seen)


def forecasts(events):
    """What was predicted of each event, in the fold's own order."""
    memories, found = {}, []
    for one in events:
        before = memories.get(one.item_key)
        memories[one.item_key] = fold(before, one)
        found.append(forecast_of(before, memories[one.item_key], one))
    return found


def test_each_review_after_the_first_gives_a_prediction(event):
    found = forecasts(
        [
            event("a/1", TODAY),
            event("b/1", TODAY),
            event("a/1", TODAY, Rating.AGAIN),  # a second try that day feeds nothing
            event("a/1", TODAY + 2, Rating.HARD),
            event("b/1", TODAY + 9, Rating.AGAIN),
        ]
    )
    assert [one and one.recalled for one in found] == [None, None, None, True, False]
    assert found[3].recall == pytest.approx(0.9, abs=0.02)
    assert found[4].recall < 0.8


def test_nothing_is_predicted_over_a_gap_that_nobody_knows(event):
    assert forecasts([event("a/1", 719_163), event("a/1", TODAY)]) == [None, None]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40), st.integers(0, 40))
def test_reviews_of_several_items_add_up_to_those_of_all(pairs, cut):
    pairs = [RecallForecast(*pair) for pair in pairs]
    parts = []
    for some in (pairs[:cut], pairs[cut:]):
        seen = Foreseen()
        for one in some:
            seen = seen.with_one(one)
        parts.append(seen)
    added, whole = honesty_of(Foreseen.together(parts)), honesty(pairs)
    assert (added.reviews, added.actual) == (whole.reviews, whole.actual)
    assert added.log_loss == pytest.approx(whole.log_loss)
    assert added.predicted == pytest.approx(whole.predicted)


def test_log_loss_is_the_one_worked_out_by_hand():
    found = honesty([RecallForecast(0.8, True), RecallForecast(0.6, False), RecallForecast(0.9, True)])
    assert found.log_loss == pytest.approx((0.22314355131 + 0.91629073187 + 0.10536051566) / 3)
    assert found.constant_loss == pytest.approx((2 * 0.40546510811 + 1.09861228867) / 3)
    assert (found.reviews, found.predicted, found.actual) == (3, pytest.approx(2.3 / 3), pytest.approx(2 / 3))


@pytest.mark.parametrize(("recalled", "loss"), [(False, 9.21034037198), (True, 0.00010000500)])
def test_a_certain_prediction_is_taken_for_nearly_certain(recalled, loss):
    assert honesty([RecallForecast(1.0, recalled)]).log_loss == pytest.approx(loss)


def test_bins_hold_every_review_once_also_a_certain_one():
    pairs = [RecallForecast(n / 100, n % 3 > 0) for n in range(101)]
    bins = honesty(pairs).bins
    assert [one.reviews for one in bins] == [50, 20, 10, 5, 5, 5, 6]
    assert all(one.low <= one.predicted <= one.high and one.least <= one.actual <= one.most for one in bins)


def test_without_reviews_there_are_no_figures():
    found = honesty([])
    assert (found.reviews, found.log_loss, found.predicted, found.bins) == (0, None, None, ())
    assert found.sentence == "0 of the 20 reviews it takes to compare prediction with recall."


@pytest.mark.parametrize(
    ("recalled", "said"),
    [
        (180, "The predictions fit you: 90 % predicted, 90 % recalled in 200 reviews."),
        (198, "You remember more than predicted: 90 % predicted, 99 % recalled in 200 reviews."),
        (
            150,
            "You forget faster than predicted: 90 % predicted, 75 % recalled in 200 reviews.",
        ),
    ],
)
def test_the_sentence_claims_only_what_the_reviews_show(recalled, said):
    assert honesty([RecallForecast(0.9, n < recalled) for n in range(200)]).sentence == said


def test_twenty_reviews_are_enough_to_compare():
    assert honesty([RecallForecast(0.9, n < 18) for n in range(20)]).sentence.startswith(
        "The predictions fit you"
    )


def test_a_learner_who_is_as_predicted_is_rarely_told_otherwise():
    chance = random.Random(1)
    fits = sum(
        honesty([RecallForecast(0.9, chance.random() < 0.9) for _ in range(100)]).sentence.startswith(
            "The predictions fit"
        )
        for _ in range(300)
    )
    assert fits >= 0.9 * 300


def test_the_interval_is_the_published_one():
    # Wilson score interval for 7 of 10 at 95 %, as Brown, Cai & DasGupta (2001) give the method.
    assert interval(0.7, 10) == pytest.approx((0.3968, 0.8922), abs=1e-4)
    assert interval(0.0, 5)[0] == 0
    assert interval(1.0, 5)[1] == 1


# ── figures ──


def day(at=TODAY, right=1, graded=1, practice=0, seconds=30.0):
    return Day(at, graded, practice, right, round(seconds * 1000))


def test_accuracy_counts_first_tries_only():
    found = accuracy_by_drop([Tally("a/1", 2, 1, 1), Tally("a/2", 1, 1), Tally("b/1", practice=4)])
    assert found == {"a": Accuracy(2, 3), "b": Accuracy(0, 0)}
    assert (found["a"].share, found["b"].share) == (2 / 3, 0.0)


def test_accuracy_over_time_is_by_week_with_the_empty_ones():
    found = accuracy_by_week([day(TODAY - 400), day(TODAY - 14, right=0), day()], TODAY, weeks=3)
    assert found == [
        (monday(TODAY) - 14, Accuracy(0, 1)),
        (monday(TODAY) - 7, Accuracy(0, 0)),
        (monday(TODAY), Accuracy(1, 1)),
    ]


def test_weeks_begin_on_monday():
    assert date.fromordinal(monday(TODAY)) == date(2026, 11, 16)
    assert monday(monday(TODAY)) == monday(TODAY)
    assert monday(monday(TODAY) - 1) == monday(TODAY) - 7


def test_minutes_a_day_include_days_of_rest():
    log = [day(TODAY - 9), day(TODAY - 2, seconds=60), day(seconds=120)]
    assert minutes_per_day(log, TODAY - 2, TODAY) == [(TODAY - 2, 1.0), (TODAY - 1, 0.0), (TODAY, 2.0)]


def test_the_forecast_follows_each_item_through_its_next_reviews():
    one = reviewed(None, "a/1", TODAY, Rating.GOOD)
    found = forecast([(one, 60.0)], TODAY, reviewed)
    on_time, days = one, []
    while on_time.due_day < TODAY + 30:
        days.append(on_time.due_day - TODAY)
        on_time = reviewed(on_time, "a/1", on_time.due_day, Rating.GOOD)
    assert len(found) == 30
    assert [n for n, load in enumerate(found) if load.items] == days
    assert sum(load.minutes for load in found) == len(days)


def test_items_of_one_day_add_up_and_the_day_after_the_last_is_not_forecast():
    some = [(memory(f"a/{n}", due=TODAY + due), 30.0) for n, due in enumerate((2, 2, 30))]
    found = forecast(some, TODAY, lambda memory, *_: memory._replace(due_day=TODAY + 99))
    assert [load.day for load in found] == list(range(TODAY, TODAY + 30))
    assert {load.day - TODAY: (load.items, load.minutes) for load in found if load.items} == {2: (2, 1.0)}


def test_what_is_overdue_is_forecast_for_today_and_suspended_items_never():
    late = memory(due=TODAY - 40, last=TODAY - 60)
    found = forecast([(late, 30.0), (memory("b/1", suspended=True), 30.0)], TODAY, reviewed)
    assert (found[0].day, found[0].items, found[0].minutes) == (TODAY, 1, 0.5)


def test_the_calendar_has_26_weeks_from_monday_and_ends_today():
    weeks = calendar([day(TODAY - 300), day(graded=1, practice=1, seconds=480)], TODAY)
    assert len(weeks) == 26
    assert all(len(week) == 7 for week in weeks[:-1])
    assert weeks[0][0].day == monday(TODAY) - 25 * 7
    last = weeks[-1][-1]
    assert (last.day, last.answers, last.minutes, last.shade) == (TODAY, 2, 8.0, 3)
    assert sum(day.answers for week in weeks for day in week) == 2


def test_the_calendar_begins_with_its_first_monday():
    first = monday(TODAY) - 25 * 7
    weeks = calendar([day(first - 1), day(first)], TODAY)
    assert (weeks[0][0].day, weeks[0][0].answers) == (first, 1)


@pytest.mark.parametrize(("seconds", "shade"), [(0, 1), (60, 1), (180, 1), (200, 2), (400, 3), (900, 4)])
def test_a_day_with_any_answer_is_never_drawn_as_rest(seconds, shade):
    assert calendar([day(seconds=seconds)], TODAY)[-1][-1].shade == shade
    assert calendar([], TODAY)[-1][-1].shade == 0


def test_the_rhythm_counts_days_of_the_last_seven():
    found = rhythm([TODAY, TODAY, TODAY - 1, TODAY - 3, TODAY - 6, TODAY - 7, TODAY + 1], TODAY)
    assert (found.days, found.today, found.words) == (4, True, "4 of 7 days")


def test_a_week_of_rest_is_not_held_against_anyone():
    assert rhythm([], TODAY).words == "Ready when you are"
