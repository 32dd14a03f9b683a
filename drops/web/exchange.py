"""A learner's own device, which comes for what it lacks and brings what it has."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from drops.errors import StoreError
from drops.store.link import answer
from drops.web.seat import Seat
from drops.web.threads import aside

STEPS = ("sums", "ids", "rows", "take")


async def exchange(request: Request) -> Response:
    """One step of an exchange."""
    step = request.path_params["step"]
    if step not in STEPS:
        return JSONResponse({"problem": "no step is called so"}, 404)
    return await aside(_answered, request.state.seat, step, await request.body())


def _answered(seat: Seat, step: str, body: bytes) -> Response:
    with seat.lock:
        try:
            said = answer(seat.study.log, step, body, seat.clock())
        except StoreError as problem:
            return JSONResponse({"problem": str(problem)}, 503)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return JSONResponse({"problem": "this is no step of an exchange"}, 400)
        if step == "take":
            seat.read_again()
        return Response(said, media_type="application/json")
