"""What the printing commands say: the screens' figures as data and as lines."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from drops.clock import weekday
from drops.course.model import LearningPath
from drops.study.paths import Paths
from drops.study.today import SAID, SIGNS, Today
from drops.text import counted

if TYPE_CHECKING:
    from drops.study.looking_back import Progress


def today_as_data(made: Today) -> dict[str, Any]:
    """Today, for scripts."""
    return {
        "day": made.day.isoformat(),
        "seconds": round(made.seconds),
        "items": [
            {
                "item": item.item_key,
                "title": item.title,
                "drop": item.drop_number,
                "path": made.paths.of(item.item_key.partition("/")[0]).id if item.drop_number else "",
                "recall": None if item.recall is None else round(item.recall, 4),
                "seconds": round(item.seconds),
                "why": item.why,
            }
            for item in made.items
        ],
        "new": None
        if made.new is None
        else {
            "drop": made.new.id,
            "path": made.paths.of(made.new.id).id,
            "number": made.new.number,
            "title": made.new.title,
            "minutes": made.new.minutes,
        },
        "rhythm": made.rhythm,
        "coming": list(made.coming),
        "clears": made.clears,
        "resuming": made.resuming,
        "finished": made.finished,
        "says": made.says,
        "notes": list(made.notes),
        "recall_seconds": round(made.recall_seconds),
        "lesson_seconds": round(made.lesson_seconds),
        "retries_seconds": round(made.plan.again_seconds),
        "rest_seconds": round(made.plan.part.rest) if made.plan.part else 0,
        "waiting": made.plan.waiting,
    }


def today_as_lines(made: Today) -> list[str]:
    """Today, for people."""
    lines = [f"{weekday(made.day, made.day)}: {made.says}", *(f"  {note}" for note in made.notes)]
    for item in made.items:
        recall = "first time" if item.recall is None else f"recall {item.recall:.2f}"
        lines.append(f"  recall  {item.title} ({item.drop}, {recall})")
    if made.new:
        of = f"{other}, " if (other := made.paths.elsewhere(made.new)) else ""
        minutes = f"{of}{made.minutes.lesson} min"
        lines.append(f"  {_how_much(made):7} {made.new.number}. {made.new.title} ({minutes})")
    if made.clears:
        lines.append(f"  {made.clears}")
    if made.coming:
        lines.append(f"  then: {' · '.join(made.coming[:3])}")
    return lines


def _how_much(made: Today) -> str:
    """Whether today's lesson is a new drop, a part of it, or its rest."""
    part = made.plan.part
    return "part" if part and part.rest else "rest" if part and part.begun else "new"


def path_as_data(path: LearningPath, made: Today) -> dict[str, Any]:
    """A path with the state of each drop."""
    return {
        "path": path.id,
        "title": path.title,
        "phases": [
            {
                "phase": phase.id,
                "title": phase.title,
                "goal": phase.goal,
                "drops": [
                    {
                        "drop": drop.id,
                        "number": drop.number,
                        "title": drop.title,
                        "minutes": drop.minutes,
                        "state": made.states[drop.id],
                        "recall": None
                        if drop.id not in made.recall_now
                        else round(made.recall_now[drop.id], 4),
                    }
                    for drop in phase.drops
                ],
            }
            for phase in path.phases
        ],
    }


def path_as_lines(path: LearningPath, made: Today) -> list[str]:
    """A path, a line for each drop."""
    lines = [path.title, f"  {' · '.join(filter(None, (path.level, many(path), path.rhythm)))}"]
    for n, phase in enumerate(path.phases, start=1):
        lines += ["", f"  Phase {n}: {phase.title}", f"  {phase.goal}"]
        for drop in phase.drops:
            state = made.states[drop.id]
            recall = f", recall {made.recall_now[drop.id]:.2f}" if drop.id in made.recall_now else ""
            stands = f"{drop.minutes:g} min, {SAID[state]}{recall}"
            lines.append(f"  {SIGNS[state]} {drop.number:2}  {drop.title} ({stands})")
    return lines


def many(path: LearningPath) -> str:
    """How many drops a path has: "14 drops"."""
    return counted(len(path.drops), "drop")


def paths_as_data(paths: Paths) -> list[dict[str, Any]]:
    """All paths in the learner's order, for scripts."""
    return [
        {"id": path.id, "title": path.title, "drops": len(path.drops), "state": paths.states[path.id]}
        for path in paths.ordered
    ]


def paths_as_lines(paths: Paths) -> list[str]:
    """All paths, a line for each, with the number and the id that commands take."""
    sign = {path.id: "▸" if path is paths.current else " " for path in paths.ordered}
    return [
        f"{sign[path.id]} {at} {path.title} ({many(path)}, {paths.states[path.id]}): {path.id}"
        for at, path in enumerate(paths.ordered, 1)
    ]


def progress_as_data(made: Progress) -> dict[str, Any]:
    """Progress, for scripts."""
    return {
        "day": made.day.isoformat(),
        "answered": made.answered,
        "rhythm": made.rhythm,
        "complete": made.complete,
        "drops": [
            {
                "drop": one.drop.id,
                "number": one.drop.number,
                "stage": one.mastery.stage.name.lower(),
                "missing": one.mastery.missing,
                "right": one.right,
                "of": one.of,
            }
            for one in made.drops
        ],
        "weeks": [{"monday": at.isoformat(), "right": right, "of": of} for at, right, of in made.weeks],
        "minutes": [{"day": at.isoformat(), "minutes": round(spent, 2)} for at, spent in made.minutes],
        "honesty": {
            "reviews": made.honesty.reviews,
            "predicted": made.honesty.predicted,
            "actual": made.honesty.actual,
            "log_loss": made.honesty.log_loss,
            "says": made.honesty.sentence,
        },
        "forecast": [
            {"day": at.isoformat(), "items": items, "minutes": round(spent, 2)}
            for at, items, spent in made.forecast
        ],
        "mix_ups": [
            {
                "title": one.title,
                "status": one.status.name.lower(),
                "seen": one.seen,
                "last": one.last.isoformat(),
            }
            for one in made.mix_ups
        ],
        "outcomes": [{"path": one.path, "outcome": one.text, "evidence": one.says} for one in made.outcomes],
    }


def progress_as_lines(made: Progress) -> list[str]:
    """Progress, for people."""
    if not made.answered:
        return [
            "Nothing answered yet. After the first drop this says how it goes: accuracy, recall, what comes."
        ]
    lines = [f"{counted(made.answered, 'answer')} · {made.rhythm}", ""]
    told = ""
    for one in made.drops:
        if one.mastery.stage:
            lines += [one.path] if one.path != told else []
            told = one.path
            accuracy = f"{one.right} of {one.of} right at first try" if one.of else "not yet asked again"
            lines.append(
                f"  {one.drop.number:2}  {one.mastery.stage.name.lower():9} {accuracy}. {one.mastery.missing}"
            )
    lines += ["", made.honesty.sentence]
    soon = [f"{at:%a} {at.day}: {items}" for at, items, _ in made.forecast[:7]]
    lines.append(f"Questions in the coming days: {', '.join(soon)}")
    for mix_up in made.mix_ups:
        stands = f"{mix_up.status.name.lower()}:"
        lines.append(f"  {stands:10} {mix_up.title} (last on {weekday(mix_up.last, made.day)})")
    for path, promised in groupby(made.outcomes, key=lambda one: one.path_title):
        lines += ["", f"At the end of {path}"]
        lines += [f"  {one.text}: {one.says}." for one in promised]
    return lines
