"""Whatever a learner does, in whatever order, the derived state equals a full replay."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from drops.events import Fact, Kind, Rating
from drops.store.file.health import doctor
from drops.store.file.restore import restore
from drops.store.transfer import export, import_file

ITEMS = st.sampled_from(("a/x", "a/y", "b/x"))


def machine(opened, fold, at, state):
    class Learner(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            self.folder = Path(tempfile.mkdtemp())
            self.home, self.other = self.folder / "home", self.folder / "other"
            self.log, self.friend = opened(self.home), opened(self.other)
            self.day, self.acknowledged = 0.0, set()

        def add(self, fact):
            self.acknowledged.add(self.log.append(fact, at(self.day)).event_id)

        @rule(
            item=ITEMS,
            rating=st.sampled_from(list(Rating)),
            ms=st.none() | st.integers(0, 10**6),
            kind=st.sampled_from((Kind.GRADED, Kind.PRACTICE, Kind.ATTEMPT)),
            named=st.lists(st.sampled_from(("no-bias", "relu-skipped")), unique=True),
        )
        def answer(self, item, rating, ms, kind, named):
            self.add(Fact(kind, item, rating, rating > 1, ms, payload={"misconceptions": named}))

        @rule(item=ITEMS, rating=st.sampled_from(list(Rating)), day=st.floats(-5, 50))
        def answer_on_another_device(self, item, rating, day):
            self.friend.append(Fact(Kind.GRADED, item, rating, True, 5), at(day))

        @rule(back=st.integers(0, 5))
        def undo(self, back):
            events = self.log.events(voided=True, newest_first=True)
            if back < len(events):
                self.add(Fact(Kind.VOID, target=events[back].event_id))

        @rule(item=st.just("") | ITEMS)
        def reset(self, item):
            self.add(Fact(Kind.RESET, item))

        @rule(item=ITEMS, suspended=st.booleans())
        def suspend(self, item, suspended):
            self.add(Fact(Kind.SUSPEND, item, payload={"suspended": suspended}))

        @rule(value=st.integers(0, 3))
        def set_minutes(self, value):
            self.add(Fact(Kind.SETTING, payload={"name": "minutes", "value": value}))

        @rule(item=ITEMS)
        def pass_page(self, item):
            self.add(Fact(Kind.SESSION, item, payload={"passed": True}))

        @rule(days=st.floats(-40, 40))
        def clock_jumps(self, days):
            self.day = max(-300.0, min(300.0, self.day + days))

        @rule(as_text=st.booleans())
        def import_the_other(self, as_text):
            source = self.friend.path
            if as_text:
                source = self.folder / "friend.jsonl"
                export(self.friend, source)
            assert import_file(self.log, source, at(self.day), merge_learner=True).merged.refused == 0
            self.acknowledged.update(event.event_id for event in self.friend.events(voided=True))

        @rule()
        def export_and_begin_anew(self):
            export(self.log, self.folder / "mine.jsonl")
            before = state(self.log)
            with opened(self.folder / "anew") as anew:
                import_file(anew, self.folder / "mine.jsonl", at(self.day), merge_learner=True)
                assert state(anew) == before
            shutil.rmtree(self.folder / "anew")

        @rule()
        def back_up(self):
            self.log.back_up(at(self.day))

        @rule(truncate=st.booleans())
        def lose_the_file_and_restore(self, truncate):
            self.log.back_up(at(self.day))
            before = state(self.log)
            self.log.close()
            if truncate:
                with self.log.path.open("r+b") as file:
                    file.truncate(self.log.path.stat().st_size // 2)
            else:
                self.log.path.unlink()
            restore(self.home, fold, at(self.day))
            self.log = opened(self.home)
            assert state(self.log) == before

        @rule()
        def close_and_open(self):
            self.log.close()
            self.log = opened(self.home)
            assert self.log.mended == ""

        @invariant()
        def nothing_is_lost_and_derived_equals_replay(self):
            if hasattr(self, "log"):
                assert {event.event_id for event in self.log.events(voided=True)} >= self.acknowledged
                bad = [finding for finding in doctor(self.home, fold, at(self.day)) if not finding.ok]
                assert [f.what for f in bad if "backup" not in f.what] == []

        def teardown(self):
            if hasattr(self, "log"):
                self.log.close()
                self.friend.close()
                shutil.rmtree(self.folder)

    return Learner


@pytest.mark.parametrize("examples", [2, pytest.param(10, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.nightly)])
def test_any_history_keeps_what_was_derived_equal_to_a_replay(opened, fold, at, state, examples):
    learner = machine(opened, fold, at, state).TestCase
    learner.settings = settings(max_examples=examples, stateful_step_count=15, deadline=None)
    learner().runTest()
