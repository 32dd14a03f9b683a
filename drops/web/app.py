"""The server's routes: each a function of a learner's seat and what was asked, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import parse_qs

from htpy import a, fragment, h1, meta, p
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from drops.clock import now
from drops.errors import DropsError, NotSaved, StoreError, Unknown
from drops.study.crash import complain, report_line
from drops.web import doing, looking, run
from drops.web.classes.page import give_history, show_class, show_seen
from drops.web.classes.room import Teacher
from drops.web.colour_sheet import colours
from drops.web.exchange import exchange
from drops.web.frame import Go, Reply, framed, plain_page, whole
from drops.web.guard import ENTER, Guard, Hosts, SeatOf
from drops.web.lab import challenges
from drops.web.lab import page as lab_page
from drops.web.places import code, first, progress, today
from drops.web.seat import Elsewhere, Seat
from drops.web.threads import aside

Handler = Callable[[Seat, "Asked"], Reply | Go]
MOST_NAMES = 200  # of a form or an address


class Asked(NamedTuple):
    """What a request says: what its address names, its query, its form."""

    names: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """The first value of a form's name. Raises DropsError where there is none: no page sends that."""
        found = self.form.get(name)
        if not found:
            raise DropsError(
                f"this form is not whole: it says nothing of {name[:40]}; go back and send it again"
            )
        return found[0]

    def may(self, name: str) -> str:
        """The same; "" where there is none."""
        return next(iter(self.form.get(name, ())), "")


READ: Mapping[str, Handler] = {
    "/": lambda seat, _: today.show_today(seat),
    "/page": lambda seat, asked: doing.show(seat, asked.query),
    "/page/code": lambda seat, asked: code.show_code(seat, asked.query),
    "/lesson": lambda seat, _: looking.find_lesson(seat),
    "/about": lambda seat, asked: looking.show_about(seat, asked.query.get("link", "")),
    "/path": lambda seat, asked: looking.show_path(seat, asked.query.get("path", "")),
    "/drop/{drop}": lambda seat, asked: looking.show_drop(seat, asked.names["drop"]),
    "/read/{drop}/{page}": lambda seat, asked: looking.show_reading(
        seat, asked.names["drop"], asked.names["page"], asked.query
    ),
    "/read/{drop}/{page}/code": lambda seat, asked: code.show_lesson_code(
        seat, asked.names["drop"], asked.names["page"], asked.query
    ),
    "/progress": lambda seat, _: progress.show_progress(seat),
    "/history": lambda seat, asked: looking.show_history(seat, asked.query),
    "/history/{answer}": lambda seat, asked: looking.show_answer(seat, asked.names["answer"]),
    "/history/{answer}/code": lambda seat, asked: code.show_past_code(
        seat, looking.key_of(asked.names["answer"])
    ),
    "/settings": lambda seat, _: looking.show_settings(seat),
    "/first": lambda seat, asked: first.show_first(seat, asked.query),
    "/arrive": lambda seat, _: first.arrive(seat),
    "/lab": lambda seat, _: lab_page.show(seat),
    "/lab/code": lambda seat, asked: lab_page.show_code(seat, asked.query.get("kind", "numpy")),
    "/lab/challenges": lambda seat, _: challenges.show_challenges(seat),
    "/lab/judging": lambda seat, _: challenges.show_judging(seat),
    "/seen": lambda seat, _: show_seen(seat),
}
DO: Mapping[str, Handler] = {
    "/begin": lambda seat, asked: doing.begin(
        seat, asked.may("drop"), asked.may("as"), asked.may("wish"), asked.may("minutes")
    ),
    "/clock": lambda seat, asked: doing.settle_clock(seat, asked.one("choice")),
    "/answer": lambda seat, asked: doing.answer(seat, asked.one("page"), asked.form),
    "/draft": lambda seat, asked: doing.keep_draft(seat, asked.one("page"), asked.form),
    "/reveal": lambda seat, asked: doing.reveal(seat, asked.one("page")),
    "/fill": lambda seat, asked: doing.fill(seat, asked.one("page"), asked.may("typed")),
    "/turn": lambda seat, asked: doing.turn(seat, asked.one("page")),
    "/gauge": lambda seat, asked: doing.open_gauge(seat, asked.one("page"), asked.one("gauge"), asked.form),
    "/strike": lambda seat, asked: doing.strike(seat, asked.one("page"), asked.one("strike"), asked.form),
    "/repair": lambda seat, asked: doing.repair(seat, asked.one("page"), asked.one("small")),
    "/drag": lambda seat, asked: doing.drag(seat, asked.form),
    "/act": lambda seat, asked: doing.act(seat, asked.one("name"), asked.may("what")),
    "/paths": lambda seat, asked: doing.arrange(seat, asked.one("verb"), asked.one("path")),
    "/settings": lambda seat, asked: doing.change_setting(seat, asked.one("name"), asked.one("value")),
    "/lab/challenge": lambda seat, asked: challenges.take(seat, asked.may("name")),
    "/lab/judge": lambda seat, asked: lab_page.hand_in(seat, asked.may("second")),
    "/lab": lambda seat, asked: lab_page.do(seat, asked.one("do"), asked.may("line"), asked.may("steps")),
}


def endpoint(handler: Handler) -> Callable[[Request], object]:
    """The handler as the server calls it: in a thread, and the learner's requests one by one."""

    async def answer(request: Request) -> Response:
        form = _read_form(await request.body()) if request.method == "POST" else {}
        asked = Asked(request.path_params, request.query_params, form)
        return await aside(_handled, handler, request.state.seat, asked)

    return answer


def _read_form(body: bytes) -> Mapping[str, Sequence[str]]:
    try:
        return parse_qs(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=MOST_NAMES
        )
    except ValueError:  # no form, no ASCII, too many fields
        return {}


def _handled(handler: Handler, seat: Seat, asked: Asked) -> Response:
    with seat.lock:
        try:
            return _response(handler(seat, asked))
        except Elsewhere as problem:
            seat.said = f"{str(problem)[0].upper()}{str(problem)[1:]}."
            return _response(Go("/page" if seat.session and not seat.session.ended else "/"))
        except Unknown as problem:
            return _response(whole(seat, "Not here", p[f"{problem}."], alone=True, status=404))
        except StoreError as problem:
            status = 503 if isinstance(problem, NotSaved) else 500
            return _response(
                whole(seat, "Not saved", p(role="alert")[f"{problem}."], alone=True, status=status)
            )
        except DropsError as problem:
            return _response(
                whole(seat, "Not like this", p(role="alert")[f"{problem}."], alone=True, status=400)
            )
        except Exception as error:  # the last resort: a report, and the server goes on
            line = report_line(error, seat.study.log.home, f"{now().local:%Y-%m-%d-%H%M%S}")
            complain(line)
            return HTMLResponse(str(plain_page("An error of drops", line)), 500)


def _response(reply: Reply | Go) -> Response:
    if isinstance(reply, Go):
        return RedirectResponse(reply.address, 303)
    if isinstance(reply.content, list):
        return HTMLResponse(str(fragment[reply.content]), reply.status)
    return HTMLResponse(str(reply.content), reply.status)


# ── what is no page of a learner's ────────────────────────────────────────────────────────


def _static(name: str, kind: str) -> Route:
    """A file of this package, read once."""
    content = files("drops.web").joinpath("static", name).read_bytes()

    async def serve(_: Request) -> Response:
        return Response(content, media_type=kind, headers={"cache-control": "no-cache"})

    return Route(f"/static/{name}", serve)


def _enter(cookie: str) -> Route:
    """The link that was printed: it leaves a cookie, and goes on from a page of this server's own, so that a
    strict cookie comes along wherever the link was clicked."""

    async def enter(request: Request) -> Response:
        to = "/" if isinstance(request.state.seat, Teacher) else "/arrive"
        content = framed(
            "drops",
            h1("#top")["Come in"],
            p[a(href=to)["Today"]],
            meta(http_equiv="refresh", content=f"0;url={to}"),
            menu=False,
        )
        response = HTMLResponse(str(content))
        response.set_cookie(cookie, request.state.token, httponly=True, samesite="strict", path="/")
        return response

    return Route(f"{ENTER}{{token}}", enter)


def build_app(hosts: Hosts, cookie: str, seat_of: SeatOf, opens: str) -> Guard:
    """The whole face behind its guard; `seat_of` tells who has a token, and `opens` what to do without."""

    async def colour_sheet(_: Request) -> Response:
        return Response(colours(), media_type="text/css", headers={"cache-control": "no-cache"})

    async def nowhere(_: Request, __: Exception) -> Response:
        line = "There is no such page; the menu leads to all there are."
        return HTMLResponse(str(plain_page("Not here", line)), 404)

    async def not_so(_: Request, __: Exception) -> Response:
        line = "This address takes no form, or only one; go back to the page."
        return HTMLResponse(str(plain_page("Not like this", line)), 405)

    addresses = dict.fromkeys([*READ, *DO])
    everybodys = [
        _enter(cookie),
        Route("/static/colours.css", colour_sheet),
        _static("drops.css", "text/css"),
        _static("drops.js", "text/javascript"),
        _static("icon.svg", "image/svg+xml"),
    ]
    routes = [
        *everybodys,
        Route("/run", run.stream),
        Route("/history.jsonl", give_history),
        Route("/sync/{step}", exchange, methods=["POST"]),
        *(Route(at, endpoint(READ[at]), methods=["GET"]) for at in addresses if at in READ and at not in DO),
        *(Route(at, endpoint(DO[at]), methods=["POST"]) for at in addresses if at in DO and at not in READ),
        *(_both(at) for at in addresses if at in DO and at in READ),
    ]
    refusing = {404: nowhere, 405: not_so}
    learners = Starlette(routes=routes, exception_handlers=refusing)
    teachers = Starlette(
        routes=[*everybodys, Route("/", show_class)], exception_handlers=refusing
    )

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        seated = scope["state"]["seat"]
        await (teachers if isinstance(seated, Teacher) else learners)(scope, receive, send)

    return Guard(inner, hosts, cookie, seat_of, opens)


def _both(address: str) -> Route:
    read, do = endpoint(READ[address]), endpoint(DO[address])

    async def either(request: Request) -> Response:
        return await (do if request.method == "POST" else read)(request)  # type: ignore[misc, no-any-return]

    return Route(address, either, methods=["GET", "POST"])
