"""What is offered in the course of a sitting, and never done unasked: to stop here, another aim.

"That is your 8 minutes. 2 questions of drop 9 are left: finish, or tomorrow?"
"Aim at 80 %? You forget a little more and sit about half as long."
"""

from __future__ import annotations

from statistics import fmean

from drops.course.model import Library
from drops.events import Fact
from drops.exercises.answers import digit, read
from drops.exercises.blocks import Choice, Option
from drops.store.file.glance import Glance
from drops.study.session import LESSON_KINDS, Session, Unit, offered
from drops.study.settings import changed, value
from drops.study.timing import lesson_seconds_left
from drops.study.today import Today
from drops.text import counted, whole_minutes

STOP = "stop"
AIMS = {"aim-0.8": 0.8, "aim-0.93": 0.93}
EASIER, HARDER = AIMS  # for who struggles, and for who forgets faster than predicted
REVIEWS = 100  # that show that somebody forgets faster
FORGETS = 0.04  # of recall below what was predicted
SHORT_SITTING = 240.0  # seconds: a longer aim is offered where there is time for it
SILENCE = 14  # days until the same is offered again

YES = "1"


def aim_to_offer(glance: Glance, made: Today) -> str:
    """The aim to offer at the end of this sitting, or ""."""
    day, aims_at = made.day.toordinal(), value(glance.settings, "retention")
    recently = [one.payload.get("plan") for one in glance.lately.sessions if day - one.study_day < SILENCE]
    if any(isinstance(plan, dict) and plan.get("offer") in AIMS for plan in recently):
        return ""
    if made.learner.struggles:
        return EASIER if aims_at > AIMS[EASIER] else ""
    seen = [one for one in glance.lately.tries if one.recall is not None][-REVIEWS:]
    if len(seen) < REVIEWS or made.seconds >= SHORT_SITTING or aims_at >= AIMS[HARDER]:
        return ""
    forgets = fmean(one.recall or 0.0 for one in seen) - fmean(one.right for one in seen)
    return HARDER if forgets >= FORGETS else ""


def asked(library: Library, session: Session, name: str) -> Choice:
    """An offer as a question of two answers."""
    if name == STOP:
        left = f"{_over(session)} {_left(library, session)}"
        return _choice(f"{left}: finish, or tomorrow?", "finish", "tomorrow")
    aim = f"{100 * AIMS[name]:.0f} %"
    costs = (
        "You forget a little more and sit about half as long."
        if name == EASIER
        else "You remember more and sit about half a minute longer a day."
    )
    return _choice(f"Aim at {aim}? {costs}", f"aim at {aim}", "leave it")


def decided(library: Library, session: Session, unit: Unit, text: str) -> tuple[str, list[Fact]]:
    """What was chosen, and what changes by it. Raises Unreadable."""
    name = offered(unit)
    picked = read(asked(library, session, name), text)
    assert isinstance(picked, tuple)
    decides = digit(picked[0])
    return decides, [changed("retention", str(AIMS[name]))] if name in AIMS and decides == YES else []


def _choice(prompt: str, *texts: str) -> Choice:
    return Choice(prompt, tuple(Option(text, right=True, feedback="") for text in texts))


def _over(session: Session) -> str:
    return f"That is your {whole_minutes(float(session.plan['budget']))} minutes."


def _left(library: Library, session: Session) -> str:
    """What is left of the lesson: "2 questions of drop 9 are left"."""
    left = [unit for unit in session.units if unit.key not in session.done and unit.kind in LESSON_KINDS]
    number = library.drop(left[0].drop).number
    questions = sum(unit.kind == "quiz" for unit in left)
    if any(unit.kind in ("read", "exercise") for unit in left):
        minutes = whole_minutes(lesson_seconds_left(library, session))
        return f"{counted(minutes, 'minute')} of drop {number} {'is' if minutes == 1 else 'are'} left"
    if questions == 1:
        return f"One question of drop {number} is left"
    return f"{questions} questions of drop {number} are left"
