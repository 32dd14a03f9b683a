"""What the tests of the store share: a simple fold, moments, and a look at a whole folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from drops.clock import Moment, moment
from drops.events import Event, Fact, Kind, Memory, Rating
from drops.store.log import Log
from program import small_disk

DAY_0 = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def _count(memory: Memory | None, event: Event) -> Memory | None:
    """A fold that sees order and every field, and computes with floats that a file could spoil."""
    reps = memory.reps if memory else 0
    stability = (memory.stability if memory else 1.0) * 1.1 + int(event.rating or 0) / 3
    lapses = (memory.lapses if memory else 0) + (event.rating == Rating.AGAIN)
    return Memory(
        event.item_key,
        event.study_day + 1 + reps,
        stability,
        5.0,
        event.study_day,
        reps + 1,
        lapses,
        False,
        "count-1",
    )


def _at(day: float = 0, seconds: float = 0, zone_hours: float = 0) -> Moment:
    zone = timezone(timedelta(hours=zone_hours))
    return moment((DAY_0 + timedelta(days=day, seconds=seconds)).astimezone(zone))


def _answer(
    item: str = "neuron/by-hand",
    rating: Rating = Rating.GOOD,
    ms: int | None = 1500,
    kind: Kind = Kind.GRADED,
    **payload: Any,
) -> Fact:
    return Fact(kind, item, rating, rating > Rating.AGAIN, ms, payload=payload)


def _files(folder: Path) -> dict[str, bytes | None]:
    return {
        str(file.relative_to(folder)): file.read_bytes() if file.is_file() else None
        for file in sorted(folder.rglob("*"))
    }


def _state(log: Log) -> tuple[Any, ...]:
    """Everything a reader can see, but whose file it is."""
    events = [
        (
            event.event_id,
            event.device_id,
            event.target_id,
            event.kind,
            event.item_key,
            event.occurred_us,
            event.study_day,
            event.rating,
            event.correct,
            event.duration_ms,
            dict(event.payload),
        )
        for event in log.events(voided=True)
    ]
    added_up = log.ledger()
    return (
        events,
        log.memories(),
        log.daily(),
        log.passed(),
        log.settings(),
        log.durations(),
        added_up.tallies,
        added_up.sightings,
    )


@pytest.fixture(scope="session")
def fold() -> Callable[[Memory | None, Event], Memory | None]:
    return _count


@pytest.fixture(scope="session")
def at() -> Callable[..., Moment]:
    return _at


@pytest.fixture(scope="session")
def answer() -> Callable[..., Fact]:
    return _answer


@pytest.fixture(scope="session")
def files() -> Callable[[Path], dict[str, bytes | None]]:
    return _files


@pytest.fixture(scope="session")
def state() -> Callable[[Log], tuple[Any, ...]]:
    return _state


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(scope="session")
def opened(fold: Any, at: Any) -> Callable[..., Log]:
    """Open a log on day 0, without the daily copy unless it is asked for."""

    def opened(home: Path, day: float = 0, **options: Any) -> Log:
        return Log.open(home, fold, now=at(day), **{"daily_backup": False, **options})

    return opened


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory, opened: Any) -> Path:
    home = tmp_path_factory.mktemp("filled") / "home"
    with opened(home) as log:
        log.append_all([_answer(f"d/{n}", typed="x" * 300) for n in range(200)], _at())
    return home


@pytest.fixture
def filled(_filled: Path, home: Path) -> Path:
    """A home with two hundred answers of some length."""
    shutil.copytree(_filled, home)
    return home


@pytest.fixture(name="small_disk")
def _small_disk(tmp_path: Path) -> Iterator[Path]:
    """Two megabytes that can really run out."""
    with small_disk(tmp_path / "disk") as place:
        yield place
