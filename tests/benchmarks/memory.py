"""What memory costs, at 10³ … 10⁶ events of one learner.   python tests/benchmarks/memory.py

CPU milliseconds, the best of three (one, where a run takes more than a second). A learner's whole
path is some thousands of events; 20,000 is years of practice. `–`: would take over 20 seconds.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from time import process_time

from drops.events import Event, Kind, Memory, Rating
from drops.memory.attempts import attempts
from drops.memory.misconceptions import findings
from drops.memory.progress import forecast
from drops.memory.schedule import fold, reviewed
from drops.memory.today import Candidate, Lesson, LessonUnit, plan

SIZES = (1_000, 10_000, 20_000, 100_000, 1_000_000)
FIRST_DAY = 730_000
NEXT = Lesson("new", "New", tuple(LessonUnit(f"new/{n}", 12, 12) for n in range(16)))
ITEMS = 70  # of fourteen drops
TOO_LONG = 20.0  # seconds


def history(size: int) -> list[Event]:
    """A log of `size` events over the items: graded once a day at most, one in four practice."""
    chance, one = random.Random(size), bytes(16)
    ratings = [*Rating, Rating.GOOD, Rating.GOOD, Rating.GOOD]
    events = []
    for n in range(size):
        drop, rating = n % 14, chance.choice(ratings)
        kind = Kind.PRACTICE if n % 4 == 3 else Kind.GRADED
        named = ["relu-skipped"] if rating is Rating.AGAIN else []
        events.append(
            Event(
                one,
                n.to_bytes(16, "big"),
                one,
                None,
                kind,
                f"drop-{drop}/{n % ITEMS}",
                n,
                0,
                FIRST_DAY + n // 40,
                rating if kind is Kind.GRADED else None,
                rating is not Rating.AGAIN,
                chance.randrange(5_000, 90_000),
                {"misconceptions": named},
            )
        )
    return events


def folded(events: list[Event]) -> dict[str, Memory | None]:
    memories: dict[str, Memory | None] = {}
    for event in events:
        memories[event.item_key] = fold(memories.get(event.item_key), event)
    return memories


def candidates(size: int) -> list[Candidate]:
    """As many items as there are events: far more than a learner has."""
    chance = random.Random(size)
    found = []
    for n in range(size):
        key, last = f"drop-{n % 14}/{n}", FIRST_DAY - chance.randrange(1, 200)
        memory = Memory(
            key, last + chance.randrange(1, 200), chance.uniform(1, 200), 5.0, last, 3, 0, False, ""
        )
        found.append(Candidate(key, f"drop-{n % 14}", key, 45.0, memory, "exercise" if n % 3 else "recall"))
    return found


def milliseconds(run: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        start = process_time()
        run()
        best = min(best, process_time() - start)
        if best > 1:
            break
    return best * 1000


def rows(size: int) -> dict[str, Callable[[], object]]:
    events, many = history(size), candidates(size)
    seventy = [(one.memory, 45.0) for one in many[:ITEMS] if one.memory]
    return {
        "fold a log": lambda: folded(events),
        "plan today, 70 items": lambda: plan(FIRST_DAY, many[:ITEMS], NEXT, 8),
        "plan today, n items": lambda: plan(FIRST_DAY, many, NEXT, 8),
        "forecast 30 days, 70 items": lambda: forecast(seventy, FIRST_DAY, reviewed),
        "misconceptions of a log": lambda: findings(attempts(events)),
    }


def main() -> None:
    table: dict[str, list[str]] = {}
    last: dict[str, float] = {}
    for at, size in enumerate(SIZES):
        for name, run in rows(size).items():
            grown = size / SIZES[at - 1] if at else 1
            skip = last.get(name, 0.0) * grown > TOO_LONG * 1000
            last[name] = float("inf") if skip else milliseconds(run)
            table.setdefault(name, []).append("–" if skip else f"{last[name]:.2f}")
    print(f"{'CPU ms':<28}" + "".join(f"{size:>12,}" for size in SIZES))
    for name, cells in table.items():
        print(f"{name:<28}" + "".join(f"{cell:>12}" for cell in cells))


if __name__ == "__main__":
    main()
