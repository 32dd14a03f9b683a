"""A log written before the house was built anew says the same today: three days, a gap, a session left open.

`before/log.jsonl` is an export of that program, `before/said.json` what it said of the log at that moment.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from drops.clock import moment
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.store.transfer import import_file
from drops.study.looking_back import progress
from drops.study.shown.history import history, reopen
from drops.study.study import Study
from lessons import lessons

BEFORE = Path(__file__).parent / "before"
SAID = json.loads((BEFORE / "said.json").read_text("utf-8"))
NOW = moment(datetime.fromisoformat(SAID["now"]))


@pytest.fixture
def study(tmp_path):
    log = Log.open(tmp_path / "home", folded(0.9), now=NOW, daily_backup=False)
    merged = import_file(log, BEFORE / "log.jsonl", NOW, merge_learner=True).merged
    assert (merged.new, merged.refused) == (134, 0)
    opened = Study(lessons(), log)
    yield opened
    opened.close()


def test_every_item_is_remembered_as_it_was(study):
    memories = study.log.memories()
    assert set(memories) == set(SAID["memory"])
    for key, (due, stability, difficulty, reps, lapses) in SAID["memory"].items():
        now = memories[key]
        assert (now.due_day, now.reps, now.lapses) == (due, reps, lapses)
        assert (now.stability, now.difficulty) == pytest.approx((stability, difficulty), rel=1e-9)


def test_today_begins_where_it_stood(study):
    today, said = study.today(NOW), SAID["today"]
    assert (list(today.week), today.finished, today.resuming) == (
        said["week"],
        said["finished"],
        said["resuming"],
    )
    due = {key for key, (day, *_) in SAID["memory"].items() if day <= NOW.day.toordinal()}
    # an item of a finished drop that was never asked is a first sight, as it was
    assert {item.item_key for item in today.items if item.memory} <= due
    assert study.setting("budget_minutes") == 12
    assert study.page(study.begin(NOW)).part in ("recall", "retry")


def test_progress_says_the_same(study):
    made, said = progress(study.library, study.log.ledger(), NOW), SAID["progress"]
    assert made.answered == said["answered"]
    assert {one.drop.id: [one.right, one.of] for one in made.drops if one.of} == said["drops"]
    assert [[at.isoformat(), right, of] for at, right, of in made.weeks if of] == said["weeks"]
    # the time of predictions counts too since then, as it always did for Today
    minutes = {at.isoformat(): round(spent, 6) for at, spent in made.minutes if spent}
    assert minutes.keys() == {day for day, _ in said["minutes"]}
    assert all(spent <= minutes[day] <= 2 * spent for day, spent in said["minutes"])
    assert (
        sorted([one.status.name, one.seen, one.last.isoformat()] for one in made.mix_ups) == said["mix_ups"]
    )


def test_history_lists_the_same_answers_and_opens_each_as_it_was(study):
    listed = history(study)
    assert [
        [one.event_id.hex(), one.at.isoformat(), one.drop_id, one.right, one.rating] for one in listed
    ] == [row[:5] for row in SAID["history"]]
    opens = 0
    for row in SAID["history"]:
        opened = reopen(study, bytes.fromhex(row[0]))
        if len(row) <= 5:
            continue
        if opened.verdict is None:  # its question was taken out of the lesson or written anew: said, and kept
            assert "has changed since" in opened.note or "taken out of its lesson" in opened.note
            assert opened.typed == row[5]
            continue
        assert [opened.typed, opened.verdict.right] == row[5:]
        opens += 1
    assert opens >= 20
