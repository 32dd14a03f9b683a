"""A live run as a stream: a frame is computed, drawn, sent, and a browser that goes away ends it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextvars import copy_context

from htpy import fragment
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from drops.clock import ticks
from drops.errors import Unreadable
from drops.exercises.blocks import Frame, Run, Words
from drops.exercises.nudges import read_nudge
from drops.web.blocks import draw_plain
from drops.web.seat import Elsewhere, Seat
from drops.web.threads import aside

STEPS = 60  # frames that are sent of a run, about: as many as are watched
MOST = 40  # turns of one run that are taken
TURN = 0.05  # seconds of work between two looks at who is still there


async def stream(request: Request) -> Response:
    """The run of the page in front as server-sent events; a new one ends the one before."""
    seat: Seat = request.state.seat
    try:
        ask = await aside(_run_in_front, seat)
        frames = _frames(ask, request, int(seat.clock().us))
    except Elsewhere:
        return Response(status_code=204)  # which tells a browser not to ask again
    except Unreadable as problem:
        return Response(f"{problem}.", status_code=400)
    events = _events(request, seat, seat.end_run(), frames, ask.closes)
    return StreamingResponse(events, media_type="text/event-stream")


def _run_in_front(seat: Seat) -> Run:
    with seat.lock:
        ask = seat.page().ask
    if not isinstance(ask, Run):
        raise Elsewhere("no run is in front")
    return ask


def _frames(ask: Run, request: Request, now: int) -> Iterator[Frame | None]:
    """The run from its start, or from the last moment at which it was turned. Raises Unreadable."""
    said = request.query_params.get("seed", "")
    seed = int(said[:9]) if said.isdecimal() else now
    nudges = tuple(read_nudge(ask, line) for line in request.query_params.getlist("nudge")[:MOST])
    return ask.nudged(seed, nudges) if nudges and ask.nudged else ask.frames(seed)


async def _events(
    request: Request, seat: Seat, mine: int, frames: Iterator[Frame | None], closes: str
) -> AsyncIterator[str]:
    within = copy_context()
    done = -1.0
    while seat.runs == mine and not await request.is_disconnected():
        # what a run holds open over its pauses must be closed in the context it began in
        frame, over = await aside(within.run, _pull, frames, done)
        if frame is not None:
            done = frame.done
            yield f"data: {await aside(_told, frame, closes)}\n\n"
        if over or done >= 1:
            break
    yield "event: end\ndata: {}\n\n"


def _pull(frames: Iterator[Frame | None], done: float) -> tuple[Frame | None, bool]:
    """The next frame that is worth sending, or None after a while; and whether there are no more."""
    until = ticks() + TURN
    for frame in frames:
        if frame is not None and (frame.done >= 1 or frame.moment or frame.done - done >= 1 / STEPS):
            return frame, False
        if ticks() > until:
            return None, False
    return None, True


def _told(frame: Frame, closes: str) -> str:
    """A frame as the page takes it; the last one says what the run has shown."""
    said = (Words(closes),) if closes and frame.done >= 1 else ()
    drawn = str(fragment[(draw_plain(block) for block in (*frame.show, *said))])
    return json.dumps({"html": drawn, "says": frame.says, "done": frame.done, "moment": frame.moment})
