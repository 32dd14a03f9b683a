"""What is shown of a training, and when: it lasts some seconds whatever the machine can do.

The engine runs ahead and its moments are kept; the player walks through them by a clock of its own. So a
run can be paused, taken back and forth, slowed, and left at its end. Knows no terminal.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drops.exercises.blocks import Frame

LASTS = 4.0  # seconds of a run at its usual speed
ENOUGH = 0.5  # of a run that is left before its end: less of it would be read as what it came to
SPEEDS = {"1": 0.5, "2": 1.0, "3": 2.0, "4": 4.0}  # what the digits do to it


@dataclass
class Player:
    """The moments of one run, as far as it is computed, and the place in it: 0 its beginning, 1 its end."""

    lasts: float = LASTS
    moments: list[Frame] = field(default_factory=list)
    place: float = 0.0
    speed: float = 1.0
    hurries: bool = False  # to its end, as fast as it is computed

    @property
    def known(self) -> float:
        """How far it is computed."""
        return self.moments[-1].done if self.moments else 0.0

    @property
    def over(self) -> bool:
        """Whether its end is on the screen."""
        return self.place >= 1 and self.known >= 1

    @property
    def now(self) -> int:
        """The moment that is shown: the last one that is not ahead of the place; −1 while there is none."""
        shown = sum(frame.done <= self.place + 1e-9 for frame in self.moments) - 1
        return max(shown, 0) if self.moments else -1

    @property
    def frame(self) -> Frame | None:
        return self.moments[self.now] if self.moments else None

    @property
    def came_to(self) -> Frame | None:
        """What a run came to that is left while it plays: the last that is computed of it, and nothing where
        that is no more than its beginning."""
        return self.moments[-1] if self.known >= ENOUGH else None

    @property
    def turning(self) -> tuple[float, str] | None:
        """Where it is decided, as far as it is known: the first moment with a name."""
        return next(((frame.done, frame.moment) for frame in self.moments if frame.moment), None)

    def keep(self, frame: Frame) -> None:
        self.moments.append(frame)

    def advance(self, seconds: float) -> None:
        """Lets time pass. What is not computed yet cannot be shown."""
        far = 1.0 if self.hurries else self.place + seconds * self.speed / self.lasts
        self.place = min(far, self.known, 1.0)

    def scrub(self, by: int) -> None:
        """To another of the moments kept."""
        self.hurries = False
        if self.moments:
            self.place = self.moments[min(len(self.moments) - 1, max(0, self.now + by))].done

    def finish(self) -> None:
        """To the end, as soon as it is known."""
        self.hurries, self.place = True, self.known

    def cut(self) -> float:
        """Lets go of what comes after the moment that is shown: from there it goes another way. Its place."""
        self.hurries = False
        self.moments = self.moments[: self.now + 1]
        self.place = self.known
        return self.place

    def to_turning(self) -> None:
        """To the moment that decides."""
        self.hurries = False
        if self.turning is not None:
            self.place = self.turning[0]
