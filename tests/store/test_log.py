"""The log as the study uses it."""

from __future__ import annotations

import stat
import threading

import pytest

from drops.errors import NotSaved, ReadOnly, Unknown
from drops.events import Day, Fact, Kind, Rating


def test_an_answer_is_read_back_as_it_was_returned(home, opened, at, answer):
    with opened(home) as log:
        event = log.append(answer(typed="−2", parts=(1, 2.5, None)), at(zone_hours=5.5))
        assert log.event(event.event_id) == event
        assert event.payload == {"typed": "−2", "parts": [1, 2.5, None]}
        assert (event.tz_offset_min, event.study_day) == (330, at().day.toordinal())
    with opened(home) as log:
        assert log.events() == [event]


def test_home_and_file_are_private(home, opened):
    with opened(home) as log:
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_every_connection_writes_through_to_the_disk(home, opened):
    with opened(home) as log:
        ask = {
            name: log.read(lambda db: db.exec_driver_sql(f"PRAGMA {name}").scalar_one())  # noqa: B023
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "trusted_schema",
                "cell_size_check",
                "mmap_size",
            )
        }
    assert ask == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
    }


def test_memory_is_the_fold_of_the_graded_answers_only(home, opened, at, answer, fold):
    with opened(home) as log:
        first = log.append(answer(), at(0))
        log.append(answer(kind=Kind.PRACTICE, rating=Rating.AGAIN), at(1))
        second = log.append(answer(rating=Rating.AGAIN), at(2))
        assert log.memory("neuron/by-hand") == fold(fold(None, first), second)
        assert log.memories() == {"neuron/by-hand": log.memory("neuron/by-hand")}
        assert log.memory("neuron/never") is None


def test_an_undone_answer_leaves_no_trace_but_in_the_log(home, opened, at, answer, state):
    with opened(home) as log:
        log.append(answer(), at(0))
        before = state(log)[1:]
        event = log.append(answer(rating=Rating.AGAIN, ms=9000), at(1))
        void = log.append(Fact(Kind.VOID, target=event.event_id), at(1))
        assert state(log)[1:] == before
        assert [e.kind for e in log.events()] == [Kind.GRADED]
        assert [e.event_id for e in log.events(voided=True)][1:] == [event.event_id, void.event_id]
        log.append(Fact(Kind.VOID, target=event.event_id), at(1))  # taken back twice is taken back
        log.append(Fact(Kind.VOID, target=void.event_id), at(1))  # and stays so
        log.append(Fact(Kind.VOID, target=b"\1" * 16), at(1))  # what is not there cannot be
        assert state(log)[1:] == before


def test_a_reset_of_an_item_forgets_it_and_keeps_the_days_that_were_worked(home, opened, at, answer):
    with opened(home) as log:
        log.append_all(
            [answer("a/x"), answer("b/x"), Fact(Kind.SESSION, "a/x", payload={"passed": True})], at()
        )
        reset = log.append(Fact(Kind.RESET, "a/x"), at())
        assert set(log.memories()) == {"b/x"} == set(log.durations())
        assert log.passed() == {}
        assert log.daily() == [Day(at().day.toordinal(), 2, 0, 2, 3000)]
        assert [e.item_key for e in log.events()] == ["b/x", "a/x"]
        again = log.append(answer("a/x"), at(3))
        assert log.memory("a/x").reps == 1
        log.append(Fact(Kind.VOID, target=reset.event_id), at(3))
        assert log.memory("a/x").reps == 2
        assert again in log.events(item_prefix="a/")


def test_a_reset_of_everything_forgets_all_but_the_settings(home, opened, at, answer, state):
    with opened(home) as log:
        log.append_all(
            [
                answer(),
                Fact(Kind.SETTING, payload={"name": "minutes", "value": 8}),
                Fact(Kind.SESSION, "page", payload={"passed": True}),
            ],
            at(),
        )
        before = state(log)[1:]
        reset = log.append(Fact(Kind.RESET), at(1))
        assert state(log)[1:] == ({}, [], {}, {"minutes": 8}, {}, {}, ())
        assert [e.kind for e in log.events()] == [Kind.SETTING, Kind.RESET]
        log.append(Fact(Kind.VOID, target=reset.event_id), at(1))
        assert state(log)[1:] == before
        assert [e.kind for e in log.events()] == [Kind.GRADED, Kind.SETTING, Kind.SESSION]


def test_a_reset_of_one_item_hides_its_own_events_until_it_is_undone(home, opened, at, answer):
    with opened(home) as log:
        one, other = log.append_all([answer("a/x"), answer("a/y")], at())
        reset = log.append(Fact(Kind.RESET, "a/x"), at(1))
        later = log.append(answer("a/x"), at(2))
        assert log.events() == [other, reset, later]
        log.append(Fact(Kind.VOID, target=reset.event_id), at(2))
        assert log.events() == [one, other, later]


def test_an_undo_behind_a_reset_brings_nothing_back(home, opened, at, answer, state):
    with opened(home) as log:
        event = log.append(answer(), at())
        log.append(Fact(Kind.RESET), at())
        log.append(Fact(Kind.VOID, target=event.event_id), at())
        assert state(log)[1:] == ({}, [], {}, {}, {}, {}, ())


def test_a_suspended_item_is_not_due_also_when_it_is_first_answered_later(home, opened, at, answer):
    far = at(1000).day.toordinal()
    with opened(home) as log:
        log.append(Fact(Kind.SUSPEND, "a/x", payload={"suspended": True}), at())
        log.append_all([answer("a/x"), answer("b/x")], at())
        assert [m.item_key for m in log.due(far)] == ["b/x"]
        back = log.append(Fact(Kind.SUSPEND, "a/x", payload={"suspended": False}), at())
        assert [m.item_key for m in log.due(far)] == ["a/x", "b/x"]
        log.append(Fact(Kind.VOID, target=back.event_id), at())
        assert log.memory("a/x").suspended


def test_due_items_come_longest_overdue_first_and_no_more_than_asked(home, opened, at, answer):
    with opened(home) as log:
        for day in (3, 1, 2):
            log.append_all([answer(f"{drop}/{day}") for drop in "zd"], at(day))
        today = at(2).day.toordinal() + 1
        assert [m.item_key for m in log.due(today)] == ["d/1", "z/1", "d/2", "z/2"]
        assert [m.item_key for m in log.due(today, limit=1)] == ["d/1"]
        log.append_all([answer(f"e/{number}") for number in range(30)], at(3))
        assert len(log.due(today + 5)) == 20


def test_due_items_are_found_by_an_index_alone(home, opened):
    query = (
        "EXPLAIN QUERY PLAN SELECT * FROM memory WHERE learner_id = x'00' AND suspended = 0"
        " AND due_day <= 5 ORDER BY due_day, item_key LIMIT 20"
    )
    with opened(home) as log:
        plan = log.read(lambda db: db.exec_driver_sql(query).all())
    assert "USING INDEX memory_due" in plan[0][3]
    assert not any("TEMP B-TREE" in row[3] for row in plan)


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("kind IN (4, 8) AND kind >= 4", "event_rare"),
        ("item_key = 'a/x' AND item_key != ''", "event_item"),
        ("target_id = x'00'", "event_target"),
    ],
)
def test_the_partial_indexes_are_taken(home, opened, condition, index):
    opened(home).close()
    query = f"EXPLAIN QUERY PLAN SELECT kind FROM event WHERE learner_id = x'00' AND {condition}"
    with opened(home) as log:
        assert index in log.read(lambda db: db.exec_driver_sql(query).all())[0][3]


def test_the_first_pass_of_a_page_counts(home, opened, at):
    passed = Fact(Kind.SESSION, "neuron/2", payload={"passed": True})
    with opened(home) as log:
        log.append(Fact(Kind.SESSION, "neuron/2", payload={"passed": False}), at(0))
        log.append(Fact(Kind.SESSION, payload={"began": True}), at(0))
        assert log.passed() == {}
        first = log.append(passed, at(1))
        log.append(passed, at(2))
        assert log.passed() == {"neuron/2": at(1).day.toordinal()}
        log.append(Fact(Kind.VOID, target=first.event_id), at(2))
        assert log.passed() == {"neuron/2": at(2).day.toordinal()}


def test_the_last_value_of_a_setting_stands_until_it_is_undone(home, opened, at):
    def setting(value):
        return Fact(Kind.SETTING, payload={"name": "minutes", "value": value})

    with opened(home) as log:
        first = log.append(setting(5), at())
        event = log.append(setting([1, {"a": None}]), at())
        log.append(Fact(Kind.SETTING, payload={"value": "nameless"}), at())
        assert log.settings() == {"minutes": [1, {"a": None}]}
        log.append(Fact(Kind.VOID, target=event.event_id), at())
        assert log.settings() == {"minutes": 5}
        log.append(Fact(Kind.VOID, target=first.event_id), at())
        assert log.settings() == {}


def test_pace_is_the_median_of_the_last_nine_answers(home, opened, at, answer):
    with opened(home) as log:
        for ms in (100_000, 100_000, *range(1000, 10_000, 1000)):
            log.append(answer(ms=ms), at())
        log.append(answer(ms=None), at())
        log.append(answer(kind=Kind.ATTEMPT, ms=99_000), at())
        assert log.durations() == {"neuron/by-hand": 5000}


def test_days_count_first_tries_and_time_of_all(home, opened, at, answer):
    with opened(home) as log:
        log.append_all(
            [
                answer(),
                answer(rating=Rating.AGAIN, ms=None),
                answer(kind=Kind.PRACTICE),
                answer(kind=Kind.ATTEMPT, ms=10),
            ],
            at(0),
        )
        log.append(answer(), at(2))
        today = at().day.toordinal()
        assert log.daily() == [Day(today, 2, 1, 1, 3010), Day(today + 2, 1, 0, 1, 1500)]


def test_events_are_chosen_by_kind_item_day_and_place(home, opened, at, answer):
    with opened(home) as log:
        a, b, c = (log.append(answer(f"{name}/x"), at(day)) for day, name in enumerate("abc"))
        log.append(Fact(Kind.SETTING, payload={"name": "n", "value": 1}), at(3))
        day = at().day.toordinal()
        assert log.events(kinds=[Kind.GRADED]) == [a, b, c]
        assert [e.kind for e in log.events(kinds=[Kind.SETTING])] == [Kind.SETTING]
        assert log.events(item_prefix="b/") == [b]
        assert log.events(since_day=day + 1, until_day=day + 1) == [b]
        assert log.events(after=a.event_id, limit=1) == [b]
        assert log.events(newest_first=True, kinds=[Kind.GRADED], after=c.event_id) == [b, a]
        with pytest.raises(Unknown, match='^no answer "0101'):
            log.event(b"\1" * 16)


def test_several_facts_are_saved_together_or_not_at_all(home, opened, at, answer, state):
    with opened(home) as log:
        before = state(log)
        with pytest.raises(ValueError, match="the item key is not of the form drop/item"):
            log.append_all([answer(), answer("../etc/passwd")], at())
        assert state(log) == before
        assert len(log.append_all([answer(), answer()], at())) == 2
        assert log.append_all([], at()) == []


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (Fact(Kind.GRADED, "a/x"), "a graded answer without a rating or an item"),
        (Fact(Kind.GRADED, "", Rating.GOOD), "a graded answer without a rating or an item"),
        (Fact(Kind.VOID), "an undo without a target, or a target without an undo"),
        (Fact(Kind.RESET, target=b"\0" * 16), "an undo without a target, or a target without an undo"),
        (Fact(Kind.VOID, target=b"\0"), "target_id is not 16 bytes"),
        (
            Fact(Kind.ATTEMPT, "a/x", duration_ms=-1),
            "duration_ms is not a whole number between 0 and 2147483647",
        ),
        (Fact(Kind.ATTEMPT, "a" * 121), "the item key is not of the form drop/item"),
        (Fact(Kind.ATTEMPT, payload={"x": float("nan")}), "the payload is no plain JSON"),
        (Fact(Kind.ATTEMPT, payload={"x": object()}), "the payload is no plain JSON"),
    ],
)
def test_a_fact_that_makes_no_sense_is_the_callers_fault(home, opened, at, fact, why):
    with opened(home) as log, pytest.raises(ValueError, match=why):
        log.append(fact, at())


def test_a_payload_beyond_64_kb_is_refused_in_one_line(home, opened, at, answer):
    with opened(home) as log:
        with pytest.raises(NotSaved) as refused:
            log.append(answer(typed="é" * 40_000), at())
        assert str(refused.value) == (
            "this answer is 80,012 bytes long and at most 65,536 are kept; it was NOT saved, "
            "earlier ones are safe: shorten it"
        )
        assert log.events() == []
        log.append(answer(typed="é" * 32_000), at())


def test_what_a_learner_typed_cannot_steer_a_terminal_when_it_is_shown_again(home, opened, at, answer):
    with opened(home) as log:
        event = log.append(
            answer(typed="1\x1b]52;c;aGk=\x07\x9b31m\u202e2", **{"k\x1bc": ["\ud800x\n"]}), at()
        )
        assert event.payload == {"typed": "12", "k": ["x\n"]}


def test_a_clock_set_back_leaves_ids_growing_and_says_what_the_clock_said(home, opened, at, answer):
    with opened(home) as log:
        events = [log.append(answer(), at(day)) for day in (5, 0, -30_000, 5)]
    with opened(home) as log:
        events.append(log.append(answer(), at(1)))
        assert log.events() == events
    assert [e.occurred_us for e in events] == [at(day).us for day in (5, 0, -30_000, 5, 1)]


def test_a_learner_day_is_what_it_was_when_it_was_written(home, opened, at, answer):
    with opened(home) as log:
        tokyo = log.append(answer(), at(0, zone_hours=9))  # 21:00, same date
        night = log.append(answer(), at(0, seconds=15 * 3600))  # 03:00: still yesterday's session
        honolulu = log.append(answer(), at(0.8, zone_hours=-10))
        assert len({e.study_day for e in (tokyo, night, honolulu)}) == 1
        assert [e.tz_offset_min for e in (tokyo, night, honolulu)] == [540, 0, -600]


def test_rebuilding_changes_nothing(home, opened, at, answer, state):
    with opened(home) as log:
        for day in range(10):
            log.append(answer(f"d/{day % 3}", Rating(1 + day % 4)), at(day))
        before = state(log)
        log.rebuild()
        assert state(log) == before


@pytest.mark.parametrize("key", ["", "d/1"])
def test_rebuilding_forgets_what_was_forgotten(home, opened, at, answer, state, key):
    passed = Fact(Kind.SESSION, "d/1", payload={"passed": True})
    with opened(home) as log:
        undone = log.append_all(
            [
                answer("d/1"),
                answer("d/2"),
                passed,
                answer("d/1", kind=Kind.PRACTICE),
                answer("d/1", kind=Kind.ATTEMPT, ms=5),
            ],
            at(),
        )[1]
        log.append(Fact(Kind.RESET, key), at(1))
        log.append_all(
            [answer("d/1", Rating.AGAIN), Fact(Kind.SUSPEND, "d/2", payload={"suspended": True})], at(2)
        )
        log.append(Fact(Kind.VOID, target=undone.event_id), at(2))
        before = state(log)
        log.rebuild()
        assert state(log) == before
        assert log.passed() == {}


def test_a_fold_may_forget_an_item(home, at, answer):
    from drops.store.log import Log

    with Log.open(home, lambda memory, event: None, now=at()) as log:
        log.append_all([answer(), answer()], at())
        assert log.memories() == {}


def test_a_log_opened_to_read_saves_nothing_and_says_so(home, opened, at, answer):
    with opened(home) as log:
        log.append(answer(), at())
    with opened(home, read_only=True) as log:
        assert log.read_only
        with pytest.raises(ReadOnly, match="^opened to read only; what is answered here is not saved$"):
            log.append(answer(), at())
        assert len(log.events()) == 1


def test_a_log_opened_to_read_where_there_is_none_is_empty_and_makes_none(home, opened):
    with opened(home, read_only=True) as log:
        assert log.events() == []
        assert log.memories() == {}
    assert not home.exists()


def test_answers_from_a_worker_thread_wait_their_turn(home, opened, at, answer):
    with opened(home) as log:
        threads = [
            threading.Thread(target=lambda: [log.append(answer(), at()) for _ in range(20)]) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert log.memory("neuron/by-hand").reps == 80


def test_closing_twice_is_harmless(home, opened):
    log = opened(home)
    log.close()
    log.close()
