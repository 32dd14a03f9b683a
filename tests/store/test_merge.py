"""Logs of several devices, put together in any order, are one log."""

from __future__ import annotations

import itertools
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deeds import clocks, deeds, fact_of
from drops.events import Fact, Kind, Rating
from drops.memory.attempts import attempts
from drops.memory.misconceptions import findings
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.store.rows import to_event
from drops.store.transfer import export, import_file

# What a device does; early on, some take in another device's log half-way.
histories = st.lists(st.tuples(st.integers(0, 2), clocks, deeds), max_size=25)
exchanges = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=4)


@pytest.mark.parametrize("examples", [2, pytest.param(10, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.nightly)])
def test_three_devices_in_any_order_and_repeated_end_in_one_state(opened, at, state, fold, examples):
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(histories, exchanges, st.permutations(list(itertools.permutations(range(3), 2))), st.randoms())
    def one_state(history, early, order, random):
        exchange(opened, at, state, fold, history, early, order, random)

    one_state()


def true_days(rows):
    """The learner-day of each event, worked out from the log alone, correction by correction."""
    gone = {row.target_id for row in rows}
    days = {row.event_id: row.study_day for row in rows}
    for late in rows:
        said = json.loads(late.payload)
        if late.kind != Kind.SETTING or late.event_id in gone or not said["name"].startswith("clock."):
            continue
        first, last = said["value"]["from_id"], said["value"]["to_id"]
        for row in rows:
            covered = first <= row.event_id.hex() <= last and row.event_id <= late.event_id
            if covered and row.device_id.hex() == said["name"][6:]:
                days[row.event_id] = row.study_day + said["value"]["days"]
    return days


def remembered(log, fold):
    """What the log's answers leave in memory: standing ones, by their true days, folded one by one."""
    rows = log.read(lambda db: db.exec_driver_sql("SELECT * FROM event ORDER BY event_id").all())
    gone, days, memories = {row.target_id for row in rows}, true_days(rows), {}
    standing = [row for row in rows if row.event_id not in gone]
    for key in {row.item_key for row in rows} - {""}:
        forgotten = [r.event_id for r in standing if r.kind == Kind.RESET and r.item_key in ("", key)]
        own = [r for r in standing if r.item_key == key and r.event_id > max(forgotten, default=b"")]
        memory = None
        for row in sorted(own, key=lambda row: (days[row.event_id], row.event_id)):
            if row.kind == Kind.GRADED:
                memory = fold(memory, to_event(row)._replace(study_day=days[row.event_id]))
        out = [json.loads(row.payload)["suspended"] for row in own if row.kind == Kind.SUSPEND]
        if memory is not None:
            memories[key] = memory._replace(suspended=[False, *out][-1])
    return memories


def exchange(opened, at, state, fold, history, early, order, random):
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / str(number) for number in range(3)]
        logs = [opened(home) for home in homes]
        try:
            for number, (device, day, deed) in enumerate(history):
                if (fact := fact_of(deed, logs[device])) is not None:
                    logs[device].append(fact, at(day))
                if number < len(early):
                    giving, taking = early[number]
                    import_file(logs[taking], homes[giving] / "progress.db", at(), merge_learner=True)
            for device, log in enumerate(logs):
                export(log, Path(folder) / f"{device}.jsonl")
            # Every device takes every other's log, in a drawn order, some as a file and some as an
            # export, some twice; the exports are from before, so the rounds interleave.
            for giving, taking in [*order, *order[:2]]:
                source = (
                    homes[giving] / "progress.db"
                    if random.random() < 0.5
                    else Path(folder) / f"{giving}.jsonl"
                )
                import_file(logs[taking], source, at(), merge_learner=True)
            states = [state(log) for log in logs]
            assert states[0] == states[1] == states[2]
            assert logs[0].memories() == remembered(logs[0], fold)
            tries = logs[0].events(kinds=(Kind.GRADED, Kind.PRACTICE))
            assert logs[0].sightings() == findings(attempts(tries))
            for log in logs:
                log.rebuild()
            assert [state(log) for log in logs] == states
        finally:
            for log in logs:
                log.close()


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.integers(0, 2), clocks, st.sampled_from(list(Rating))), min_size=1, max_size=12),
    st.permutations(list(itertools.permutations(range(3), 2))),
)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_review_is_dropped_by_a_merge_whatever_the_clocks_said(at, answer, reviews, order):
    """One review for each learner-day on which somebody answered, also after a session years ahead."""
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / str(number) for number in range(3)]
        logs = [Log.open(home, folded(0.9), now=at(), daily_backup=False) for home in homes]
        try:
            for device, day, rating in reviews:
                logs[device].append(answer("a/x", rating), at(day))
            for giving, taking in order:
                import_file(logs[taking], homes[giving] / "progress.db", at(), merge_learner=True)
            found = {log.memory("a/x") for log in logs}
            assert len(found) == 1
            assert found.pop().reps == len({at(day).day for _, day, _ in reviews})
        finally:
            for log in logs:
                log.close()


def test_importing_again_brings_nothing_new(tmp_path, opened, at, answer, state):
    with opened(tmp_path / "a") as a, opened(tmp_path / "b") as b:
        a.append_all([answer("a/x"), answer("b/x")], at())
        b.append(answer("a/x"), at(1))
        first = import_file(b, a.path, at(), merge_learner=True).merged
        assert (first.new, first.known, first.refused) == (2, 0, 0)
        before = state(b)
        again = import_file(b, a.path, at(), merge_learner=True).merged
        assert (again.new, again.known, again.refused) == (0, 2, 0)
        assert state(b) == before


def test_an_older_answer_from_another_device_takes_its_place_in_the_history(
    tmp_path, opened, at, answer, fold
):
    with opened(tmp_path / "a") as a, opened(tmp_path / "b") as b:
        late = a.append(answer(rating=Rating.EASY), at(5))
        early = b.append(answer(rating=Rating.AGAIN), at(1))
        import_file(a, b.path, at(6), merge_learner=True)
        assert a.memory("neuron/by-hand") == fold(fold(None, early), late)
        assert [e.device_id for e in a.events()] == [b.device_id, a.device_id]


def test_an_imported_log_becomes_the_same_learners(tmp_path, opened, at, answer):
    with opened(tmp_path / "a") as a, opened(tmp_path / "b") as b:
        event = b.append(answer(), at())
        import_file(a, b.path, at(), merge_learner=True)
        assert a.event(event.event_id).learner_id == a.learner_id != b.learner_id
        found = a.read(lambda db: db.exec_driver_sql("SELECT device_id FROM device").all())
        assert {row.device_id for row in found} == {a.device_id, b.device_id}


def test_an_answer_after_an_import_comes_after_all_that_was_seen(tmp_path, opened, at, answer):
    with opened(tmp_path / "a") as a, opened(tmp_path / "b") as b:
        ahead = b.append(answer(), at(400))  # a device whose clock is a year ahead
        import_file(a, b.path, at(), merge_learner=True)
        assert a.append(Fact(Kind.RESET), at(1)).event_id > ahead.event_id
        assert a.memories() == {}


@pytest.mark.parametrize("changed", ["payload", "rating"])
def test_two_answers_with_one_id_are_not_both_true(tmp_path, opened, at, answer, changed):
    """No honest log says so. The one that is known stays, the other is counted."""
    from drops.store.rows import StoredRow, seal

    with opened(tmp_path / "a") as a:
        event = a.append(answer(typed="1"), at())
        row = StoredRow(*a.read(lambda db: db.exec_driver_sql("SELECT * FROM event").one()))
        forged = seal(
            row._replace(**{"payload": '{"typed":"2"}', "rating": 4})
            if changed == "payload"
            else row._replace(rating=4)
        )
        merged = a.merge(lambda: [forged, row], at())
        assert (merged.new, merged.known) == (0, 1)
        assert merged.quarantined == {"another answer already has this id": 1}
        assert a.event(event.event_id) == event
