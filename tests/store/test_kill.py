"""Killed at any moment: every answer that was acknowledged is there, and the fold is a replay."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from drops.store.file.health import doctor

# Says an answer's id only after it was saved; what stands on its output was acknowledged.
WRITER = """
import random, sys
from pathlib import Path
from drops.clock import now
from drops.events import Fact, Kind, Memory, Rating
from drops.store.log import Log

def fold(memory, event):
    reps = memory.reps if memory else 0
    stability = (memory.stability if memory else 1.0) * 1.1 + int(event.rating or 0) / 3
    lapses = (memory.lapses if memory else 0) + (event.rating == Rating.AGAIN)
    return Memory(event.item_key, event.study_day + 1 + reps, stability, 5.0, event.study_day, reps + 1,
                  lapses, False, "count-1")

with Log.open(Path(sys.argv[1]), fold, now=now()) as log:
    assert not log.read_only, log.why_read_only
    draw, last = random.Random(int(sys.argv[2])), None
    while True:
        if last and draw.random() < 0.1:
            fact = Fact(Kind.VOID, target=last)
        else:
            rating = Rating(draw.randint(1, 4))
            fact = Fact(Kind.GRADED, f"d/{draw.randint(0, 30)}", rating, rating > 1, 900, payload={"typed": "x" * draw.randint(0, 3000)})
        last = log.append(fact, now()).event_id
        print(last.hex(), flush=True)
"""


def kill_at_random(home, opened, at, fold, times, seed):
    draw = random.Random(seed)
    acknowledged: set[str] = set()
    for number in range(times):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(home), str(number)],
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if draw.random() < 0.9:  # else while it is starting, perhaps while the file is made
            acknowledged.add(writer.stdout.readline().strip())
            time.sleep(draw.random() * 0.15)
        else:
            time.sleep(draw.random() * 0.4)
        os.kill(writer.pid, signal.SIGKILL)
        out, error = writer.communicate()
        assert error == ""
        lines = out.split("\n")[:-1]  # the last line may have been cut
        acknowledged.update(lines)
        with opened(home) as log:
            assert not log.read_only
            here = {event.event_id.hex() for event in log.events(voided=True)}
        assert acknowledged - here - {""} == set()
        assert [f.what for f in doctor(home, fold, at()) if not f.ok and "backup" not in f.what] == []
    return acknowledged


@pytest.mark.slow  # six of the whole program are in the fast tests
def test_five_kills_lose_no_acknowledged_answer(home, opened, at, fold):
    assert len(kill_at_random(home, opened, at, fold, 5, 1)) > 5
