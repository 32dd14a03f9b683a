"""A class at the server: each learner at a seat of their own, let in by their link, and the teacher."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from drops.clock import Clock, now, ticks
from drops.course.model import Library
from drops.memory.forgetting import TARGET
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.store.server.door import ServerDoor
from drops.store.server.entry import Taught, door_of, taught_by
from drops.store.server.hub import Hub
from drops.store.server.questions import Pupil, pupils_of
from drops.study.settings import value
from drops.study.study import Study
from drops.web.guard import mark_of
from drops.web.seat import Seat

MOST_SEATS = 200  # open at once; who was away longest is let in anew when they come back
CHECKED_S = 60.0  # a token is believed so long: a renewed one opens nothing after that


class Teacher:
    """Who teaches a class: they look, and do nothing."""

    def __init__(self, hub: Hub, taught: Taught, library: Library) -> None:
        self.hub, self.name, self.library, self.clock = hub, taught.name, library, now
        self._class_id = taught.class_id

    def pupils(self) -> tuple[Pupil, ...]:
        """Everybody in the class. Raises StoreError."""
        return pupils_of(self.hub, self._class_id, ("class", self._class_id))


class _Known(NamedTuple):
    """A token that opened the door, by its mark, and when it last did."""

    who: bytes  # a learner's id, or a class's
    at: float  # seconds


class Room:
    """Everybody who came in. What is kept here is lost with the program, and nothing is lost by that."""

    def __init__(self, learners: Hub, teachers: Hub, library: Library, home: Path) -> None:
        """`home` is the folder for drafts and reports. Raises StoreError."""
        self.learners, self.teachers, self.library, self.home = learners, teachers, library, home
        learners.check_schema()
        teachers.check_schema()
        self._seats: OrderedDict[bytes, Seat | Teacher] = OrderedDict()
        self._known: dict[str, _Known] = {}
        self._lock = RLock()

    def seat_of(self, token: str) -> Seat | Teacher | None:
        """Who has this token; None where it is nobody's. Raises StoreError."""
        mark = mark_of(token)
        with self._lock:
            known = self._known.get(mark)
            seat = self._seats.get(known.who) if known and ticks() - known.at < CHECKED_S else None
            if known and seat:
                self._seats.move_to_end(known.who)
                return seat
        return self._let_in(token, mark)

    def _let_in(self, token: str, mark: str) -> Seat | Teacher | None:
        door = door_of(self.learners, token, self.home, now())
        taught = None if door else taught_by(self.teachers, token)
        with self._lock:
            self._known.pop(mark, None)
            if door is None and taught is None:
                return None
            who = door.learner_id if door else taught.class_id  # type: ignore[union-attr]  # one of them is there
            seat = self._seats.get(who)
        if seat is None:
            seat = self._seated(door) if door else Teacher(self.teachers, taught, self.library)  # type: ignore[arg-type]
        with self._lock:
            seat = self._seats.setdefault(who, seat)
            self._known[mark] = _Known(who, ticks())
            while len(self._seats) > MOST_SEATS:
                gone, _ = self._seats.popitem(last=False)
                self._known = {one: known for one, known in self._known.items() if known.who != gone}
            return seat

    def _seated(self, door: ServerDoor) -> Seat:
        door.drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = Log(door, folded(TARGET)).settings()
        study = Study(self.library, Log(door, folded(value(settings, "retention"))))
        seat = Seat(study, _clock(value(settings, "rollover_hour")))
        seat.pupil = partial(self._seen, door.learner_id, door.device_id)
        return seat

    def _seen(self, learner_id: bytes, class_id: bytes) -> Pupil:
        """What the teacher sees of a learner, asked as the learner: of nobody else there is anything."""
        (pupil,) = pupils_of(self.learners, class_id, ("learner", learner_id))
        return pupil

    def end_runs(self) -> None:
        """Ends every run that is watched."""
        for seat in list(self._seats.values()):
            if isinstance(seat, Seat):
                seat.end_run()


def _clock(rollover: int) -> Clock:
    return lambda: now(rollover)
