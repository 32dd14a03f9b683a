"""What is in the learner's hands, from any screen: done by its name, and listed for the command palette."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from drops.errors import DropsError
from drops.study.own.lab import LAB
from drops.tui.base.keyboard import Job
from drops.tui.screens.base import DropsScreen

if TYPE_CHECKING:
    from drops.tui.base.host import Host

Line = tuple[str, str, Job]  # a name, what it does, and the doing


async def do(host: Host, name: str, what: str = "") -> None:
    """Does what `hands.ACTS` names. A session that is open stands where that leaves it."""
    from drops.study.own.hands import act

    with told(host):
        study = await host.opened()
        if not any([await screen.act(name, what) for screen in our_screens(host)]):
            host.notify(act(study, name, what, host.clock()), markup=False)
        host.renew_all()


@contextmanager
def told(host: Host) -> Iterator[None]:
    """What could not be done is told in a line, and everything stays as it was."""
    try:
        yield
    except DropsError as problem:
        host.notify(str(problem), severity="error", markup=False)


def our_screens(host: Host) -> list[DropsScreen]:
    return [screen for screen in host.screen_stack if isinstance(screen, DropsScreen)]


def lines(host: Host) -> Iterator[Line]:
    """What can be done: with what is asked now, with the last answer, and with each item that was begun."""
    for key in filter(None, (screen.item_in_front for screen in our_screens(host))):
        if host.study is not None and key in host.study.library.drop(key.partition("/")[0]).kept:
            says = "leave the question in front out until you take it in again"
            yield "Set this aside", says, partial(do, host, "set aside", key)
    yield "Undo", "take back your last answer, or what you did last", partial(do, host, "undo")
    yield "I guessed", "your last right answer comes back sooner", partial(do, host, "guessed")
    today = host.now_today()
    left_out, states = today.left_out, today.states
    asked = {LAB, *(key.partition("/")[0] for key in today.memories)}
    own = host.study.library.own if host.study is not None else ()
    for drop in (*host.library, *own):
        begun = states.get(drop.id, "ahead") != "ahead" if drop.number else drop.id in asked
        for key, item in drop.kept.items():
            if key in today.resting:
                says = f"ask this question of {drop.called} again"
                yield f"Take in: {item.title}", says, partial(do, host, "take in", key)
            if begun and key not in left_out:
                says = f"leave this question of {drop.called} out until you take it in again"
                yield f"Set aside: {item.title}", says, partial(do, host, "set aside", key)
        if begun:
            says = f"{drop.called} as if you had never opened it; Undo takes that back"
            yield f"Forget: {drop.title}", says, partial(do, host, "forget", drop.id)
