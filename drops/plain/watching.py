"""A live training in lines: a few told moments, and one line that turns its rate or a weight at one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from drops.errors import Unreadable
from drops.exercises.blocks import Frame, Nudges, Run, Words
from drops.exercises.nudges import examples, read_nudge, told
from drops.plain.prompt import Here, Talk
from drops.plain.spoken import lines, said_of, wrapped
from drops.text import in_percent

TOLD = 3  # moments of a run


def watch(run: Run, seed: int, talk: Talk) -> None:
    """From its beginning to its end, and once more from wherever it is turned, until Enter goes on."""
    talk.say_all(wrapped(run.prompt))
    last = _tell(run.frames(seed), talk)
    closes = [*lines(Words(run.closes))] if run.closes else []
    talk.say_all(closes)
    last += closes
    nudges: Nudges = ()
    turns = f", or nudge it, as {examples(run)}" if run.nudged else ""
    more = {examples(run).partition(" or ")[0]: "turn it when 40 % is done"} if run.nudged else {}
    while True:
        again = partial(talk.say_all, last)
        typed = talk.line(f"Enter to go on{turns}: ", Here(again, "go on", more=more))
        if not typed:
            return
        if run.nudged is None:
            talk.say("Nothing is asked here. Enter goes on, help tells the words.")
            continue
        try:
            nudge = read_nudge(run, typed)
        except Unreadable as problem:
            talk.say(said_of(problem))
            continue
        nudges = (*(one for one in nudges if one[0] <= nudge[0] and one[:2] != nudge[:2]), nudge)
        turned = told(run.knobs, nudges)
        talk.say_all(wrapped(f"{turned[0].upper()}{turned[1:]}."))
        last = _tell(run.nudged(seed, nudges), talk)


def _tell(frames: Iterator[Frame | None], talk: Talk) -> list[str]:
    """Tells a third after the other, and what comes of it; the lines of the last of them."""
    said, third, last = set[str](), -1, list[str]()
    for frame in frames:
        if frame is None or (frame.done < 1 and int(frame.done * TOLD) <= third):
            continue
        third = int(frame.done * TOLD)
        if frame.says not in said or frame.done >= 1:
            last = [*wrapped(f"{in_percent(frame.done)} done. {'' if frame.says in said else frame.says}")]
            talk.say_all(last)
        said.add(frame.says)
        if frame.done >= 1:
            shown = [line for block in frame.show for line in lines(block, said)]
            talk.say_all(shown)
            last += shown
    return last
