"""From a unit to the page a face shows. Nothing here is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from drops.catalog import drawing
from drops.course.gaps import filled_in, gaps_in
from drops.course.model import Drop, ExerciseFence, FigureFence, Item, Library
from drops.events import Event, Kind, Memory
from drops.exercises.answers import read
from drops.exercises.blocks import Choice, Knobs, Show, Words
from drops.exercises.goals import with_goal
from drops.exercises.steps import KEEPS
from drops.memory.resting import OTHER_WAY, Rest
from drops.memory.today import why
from drops.store.log import Log
from drops.study import offers
from drops.study.own.gaps import Filling, filling
from drops.study.own.lab import UNASKED
from drops.study.own.ward import WARD
from drops.study.pages import Page, PagePart
from drops.study.paths import Paths, arranged
from drops.study.planning import carry_key
from drops.study.question import Front, feeds_memory, misses
from drops.study.said import put_off, rests_until
from drops.study.session import Session, Unit, UnitKind, lesson_units, offered
from drops.study.settings import value
from drops.study.shown.cases import rounds_of
from drops.study.shown.ending import coming_day, days_back, ending
from drops.study.shown.kept import HINT
from drops.study.tasks import title_of, whole_way
from drops.study.timing import seconds_left, share_behind
from drops.text import ended

PARTS: dict[PagePart, str] = {
    "recall": "Recall",
    "retry": "Once more",
    "place": "Where you stand",
    "quiz": "Quiz",
    "predict": "Predict",
    "do": "Do",
    "see": "See",
    "explain": "Explain",
}

# Units of whatever drop that are counted together: a line to be found is a question of recall, too.
COMES_BACK: Mapping[UnitKind, tuple[UnitKind, ...]] = {
    "recall": ("recall", "line"), "line": ("recall", "line"), "retry": ("retry",),
}  # fmt: skip


@dataclass(frozen=True)
class Shower:
    """What pages are made from: the lessons, the history, and where the session stands."""

    library: Library
    log: Log
    session: Session

    @property
    def paths(self) -> Paths:
        return arranged(self.library, self.log.settings())

    def page(self, unit: Unit | None, asking: Front | None) -> Page:
        """The page of a unit; `asking` is its Front where it asks something. The first one after recall was
        put off says so.
        """
        if unit is None:
            return self._end()
        page = self._made(unit, asking)
        if unit.key != self.session.waits_told or self.session.work_in(unit).passed:
            return page
        waits = [one for one in self.session.units if one.key in self.session.waits]
        said = put_off([self.library.item(one.item)[1].title for one in waits])
        return replace(page, note=" ".join(filter(None, (said, page.note))))

    def _made(self, unit: Unit, asking: Front | None) -> Page:
        drop = self.library.drop(unit.drop)
        if unit.kind == "read":
            return self._reading(unit, drop, filling(self.library, self.session))
        if unit.kind == "carry":
            return self._carrying(unit, drop)
        if unit.kind == "offer":
            ask = offers.asked(self.library, self.session, offered(unit))
            return self._page(unit, "offer", "Yours to choose", (), ask=ask)
        assert asking is not None
        return self._worked(asking) if unit.kind == "worked" else self._asking(asking)

    def _page(
        self, unit: Unit | None, part: PagePart, heading: str, show: tuple[Show, ...], **more: Any
    ) -> Page:
        drop = self.library.drop(unit.drop) if unit else None
        alike = self._alike(unit, part) if unit else []
        page = Page(
            key=unit.key if unit else "end",
            part=part,
            heading=heading,
            drop_number=drop.number if drop else 0,
            drop_title=drop.title if drop else "",
            show=show,
            ask=None,
            item_key=unit.item if unit else "",
            drop_id=drop.id if drop and drop.number else "",
            elsewhere=self.paths.elsewhere(drop) if drop else "",
            graded=False,
            index=min(len(self.session.done) + 1, max(1, len(self.session.units))),
            of=max(1, len(self.session.units)),
            part_index=alike.index(unit.key) + 1 if unit and unit.key in alike else 1,
            part_of=max(1, len(alike)),
            minutes_left=seconds_left(self.library, self.session) / 60,
        )
        return replace(page, **more)

    def _alike(self, unit: Unit, part: PagePart) -> list[str]:
        """The units among which a page has its number: those of its drop, of what comes back those of all."""
        if self.session.mode == "place":
            return []  # nobody knows yet how many there will be
        units, kinds = self.session.units, COMES_BACK.get(unit.kind)
        if kinds is None:
            return [one.key for one in units if (one.kind, one.drop) == (unit.kind, unit.drop)]
        if part not in ("recall", "retry"):
            return []  # what a case shows after its question is no further question
        return [one.key for one in units if one.kind in kinds]

    def _reading(self, unit: Unit, drop: Drop, gap: Filling | None = None) -> Page:
        """A page to read, with its blank as it stands; where none is given, with its number."""
        section = drop.sections[unit.section]
        show: list[Show] = []
        for part in section.parts:
            show.extend(drawn(part) if isinstance(part, FigureFence) else [Words(_said_in(part, gap))])
        note = drop.scope if unit.section == 0 else ""
        return self._page(unit, "read", section.heading, tuple(show), note=note, gap=gap)

    def lesson(self, drop: Drop) -> tuple[Page, ...]:
        """All that is read in a drop, a page a section, to be looked up."""
        of = len(drop.sections)
        reading = [unit for unit in lesson_units(drop) if unit.kind == "read"]
        pages = [self._reading(unit, drop) for unit in reading]
        return tuple(replace(page, part_index=i, part_of=of) for i, page in enumerate(pages, 1))

    def _carrying(self, unit: Unit, drop: Drop) -> Page:
        bullets = "\n".join(f"- {line}" for line in drop.carry_forward)
        told = bullets, rounds_of(drop, self.log), self._returning(drop), self._following(drop)
        show = tuple(Words(text) for text in told if text)
        return self._page(unit, "carry", "Carry forward", show)

    def _returning(self, drop: Drop) -> str:
        """When what is kept of a drop comes back, as the end of the sitting says it."""
        days = days_back(self.log, self.session.day, [drop])
        resting = sum(memory.suspended for key in drop.kept if (memory := self.log.memory(key)))
        if not days:
            return ""
        first, count = coming_day(min(days), self.session.day), len(drop.kept) - resting
        if count == 1:
            return f"One question of this drop comes back, {first}."
        return f"{count} questions of this drop come back, the first {first}."

    def _following(self, drop: Drop) -> str:
        path = self.library.path_of(drop.id)
        following = next((one for one in path.drops if one.number > drop.number), None)
        if following:
            title = ended(f"*{following.title}*")
            return f"Next: drop {following.number}, {title} {drop.riddle}".strip()
        passed = self.log.passed()
        more = (one for one in self.paths.giving if one.id != drop.id and carry_key(one) not in passed)
        if first := next(more, None):
            title = ended(f"*{first.title}*")
            return f"That was the last drop of this path. Next: {self.paths.number(first)}, {title}"
        return "That was the last drop. From here on it is about keeping what you have learned."

    def _asking(self, front: Front) -> Page:
        unit, step = front.unit, front.now
        ask = step.ask
        if isinstance(ask, Choice) and ask.confidence and not value(self.log.settings(), "confidence"):
            ask = replace(ask, confidence=False)
        memory = self.log.memory(unit.item)
        part: PagePart = step.part
        if unit.kind in ("recall", "retry", "quiz", "place") and part not in ("see", "explain"):
            part = unit.kind
        if unit.kind == "line":
            part = "recall"
        passed = front.work.passed
        left, after = (
            seconds_left(self.library, self.session, share_behind(front.steps, names)) / 60
            for names in (passed, (*passed, step.name))
        )
        return self._page(
            unit,
            part,
            _heading(part, front.item),
            (*_said(front), *step.show) if step.part == "see" else step.show,
            ask=ask,
            key=front.page_key,
            opened=front.work.gauges,
            struck=front.work.struck,
            graded=ask is not None and self._is_graded(front, memory),
            note=self._note(front),
            minutes_left=left,
            minutes_asked=left - after,
        )

    def _is_graded(self, front: Front, memory: Memory | None) -> bool:
        """Whether the answer feeds memory, also once it is given."""
        given = [event for event in front.work.events if event.payload.get("step") == front.now.name]
        if given:
            return given[0].kind is Kind.GRADED
        day = self.session.day
        return front.is_main and feeds_memory(front.unit, front.drop, front.item, memory, day)

    def _note(self, front: Front) -> str:
        """Why this page is here, where that is not plain, until it is answered; what can be kept of one."""
        if front.now.name == KEEPS and front.now.show:
            return HINT
        if front.unit.kind == "line":
            title = title_of(self.library, front.unit.bug, front.unit.item)
            return f"You met this mix-up more than once: {title}."
        if front.unit.kind == "recall":
            if front.work.tried and not front.tried:
                return ""
            own = {event.event_id for event in front.work.events}
            before = [e for e in _of(self.log, Kind.GRADED, front.unit.item) if e.event_id not in own]
            if misses(before) >= OTHER_WAY:  # also beside its answer, which is no reason of its own
                said = "Missed three times: asked in another way.", self._needed(front)
                return " ".join(filter(None, said))
            if front.tried:
                return ""  # what is remembered is another matter now
            memory = self.log.memory(front.unit.item)
            if memory is None and front.drop.id in UNASKED:
                return UNASKED[front.drop.id]
            whose = "your ward round: " if front.drop.id == WARD else ""
            return whose + why(memory, self.session.day)
        if front.unit.key.startswith("place/1/"):
            return "Not to know is an answer too, and costs nothing"
        return ""

    def _worked(self, front: Front) -> Page:
        way = (_intro(front, self.log), *whole_way(front.task, front.now), self._needed(front))
        show = (*front.now.show, *map(Words, filter(None, way)))
        return self._page(front.unit, "retry", f"Worked example · {front.item.title}", show)

    def _needed(self, front: Front) -> str:
        """The drop that an item builds on, as an offer, or ""."""
        if not front.drop.needs:
            return ""
        needed = self.library.drop(front.drop.needs[-1])
        return f"It builds on {self.paths.number(needed)}, {needed.title}: a look back may help."

    def _end(self) -> Page:
        heading = {"today": "Done for today", "place": "Where you stand"}.get(self.session.mode, "Done")
        came = ending(self.library, self.log, self.session)
        return self._page(None, "end", heading, came.show, minutes_left=0.0, ending=came)


def _said_in(part: str, gap: Filling | None) -> str:
    """A text with its blank as it stands, or with the number that it says."""
    if gap is not None:
        return gap.put_in(part)
    number = next(gaps_in([part]), None)
    return filled_in(part, number.number) if number else part


_DRAWN: dict[int, tuple[FigureFence, tuple[Show, ...]]] = {}
_KEPT = 64  # figures


def drawn(fence: FigureFence) -> tuple[Show, ...]:
    """What a fence of a lesson shows, drawn once for all who read it: a figure is a value."""
    known = _DRAWN.get(id(fence))
    if known is None:
        if len(_DRAWN) >= _KEPT:
            _DRAWN.clear()
        shown = drawing(fence.name, fence.params).show
        shown = with_goal(shown, *fence.goal) if fence.goal else shown
        known = _DRAWN[id(fence)] = fence, shown  # kept with it, so that its id stays its own
    return known[1]


def _of(log: Log, kind: Kind, item_key: str) -> list[Event]:
    """An item's events of a kind."""
    return [e for e in log.events(kinds=(kind,), item_prefix=item_key) if e.item_key == item_key]


def _intro(front: Front, log: Log) -> str:
    """Why an item is shown worked through: it was set aside."""
    set_aside = _of(log, Kind.SUSPEND, front.unit.item)
    until = set_aside[-1].payload.get("until") if set_aside else None
    return f"{rests_until(Rest(until if isinstance(until, int) else None))} Here is the way, line by line:"


def _said(front: Front) -> tuple[Show, ...]:
    """ "You said …": what was predicted since the last figure moved, now that this one may."""
    said: list[str] = []
    for step in takewhile(lambda step: step.name != front.now.name, front.steps):
        if step.part == "see":
            said = []
        elif step.part == "predict" and step.name in front.work.answers:
            text = front.work.answers[step.name]
            if isinstance(step.ask, Choice):
                picked = read(step.ask, text)
                assert isinstance(picked, tuple)
                text = ", ".join(step.ask.options[i].text for i in picked)
            elif isinstance(step.ask, Knobs):
                places = read(step.ask, text)
                assert isinstance(places, dict)
                text = ", ".join(knob.told(places[knob.name]) for knob in step.ask.knobs)
            sure = front.work.confidence.get(step.name, "")
            said.append(f"**{text}**{f' ({sure})' if sure else ''}")
    return (Words(f"You said: {'; '.join(said)}."),) if said else ()


def _heading(part: PagePart, item: Item) -> str:
    if not isinstance(item, ExerciseFence):
        return PARTS[part]
    fresh = ", with fresh numbers" if part == "retry" else ""
    return f"{PARTS[part]}{fresh}{f' · {item.title}' if item.title else ''}"
