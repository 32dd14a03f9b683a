"""The first start: before any text a neuron under the learner's hands; then where to begin."""

from __future__ import annotations

from collections.abc import Mapping

from htpy import Node, a, div

from drops.exercises.blocks import Figure, Goal, Knob, Show, Words
from drops.networks import first
from drops.networks.first import LEAST, MOST, STEP, Dials
from drops.web.blocks import Posed, draw_all, draw_moved, settings_of
from drops.web.frame import Go, Reply, whole
from drops.web.seat import Seat

BEGINS = Dials()


def _turned(v: Mapping[str, float]) -> Dials:
    return BEGINS._replace(bill=v["bill"], bias=v["bias"])


def _show(v: Mapping[str, float]) -> tuple[Show, ...]:
    neuron = _turned(v)
    found = f"\n\n{first.FOUND}" if first.is_found(neuron) else ""
    return Words(f"**{first.right(neuron)} of {len(first.birds())} right**{found}"), first.shown(neuron)


FENCING = Figure(
    (
        Knob("bill", "the bill's weight", LEAST, MOST, STEP, BEGINS.bill),
        Knob("bias", "the bias", LEAST, MOST, STEP, BEGINS.bias),
    ),
    _show,
    "Move the two numbers.",
    goal=Goal("tell every Gentoo from every other bird", lambda v: first.is_found(_turned(v))),
)


def arrive(seat: Seat) -> Go:
    """Where a link leads: to the first start who begins, to Today who was here before."""
    resumes = seat.session is not None and not seat.session.ended
    made = seat.study.today(seat.clock())
    return Go("/first" if made.first_run and not made.resuming and not resumes else "/")


def show_first(seat: Seat, query: Mapping[str, str]) -> Reply:
    """The neuron, and the way on at any time."""
    if query.get("part", ""):
        return Reply(draw_moved(FENCING, settings_of(FENCING.knobs, query, "0."), None))
    content: list[Node] = [
        draw_all([FENCING], Posed("/first", query)),
        div(".buttons")[a(".button.main", href="/")["Go on to Today"]],
    ]
    return whole(seat, first.ASKED, content, alone=True)
