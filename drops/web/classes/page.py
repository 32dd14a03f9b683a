"""The teacher's page: who is where, who may be stuck, which mix-ups the class holds."""

from __future__ import annotations

from datetime import date

from htpy import (
    Element,
    Node,
    a,
    caption,
    code,
    div,
    h1,
    h2,
    li,
    p,
    section,
    small,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
    ul,
)
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from drops.clock import short_day
from drops.errors import StoreError, Unknown
from drops.store.transfer import history_text
from drops.study.shown.classroom import FEWEST, FEWEST_OF, ClassView, PupilLine, class_view, pupil_line
from drops.text import counted
from drops.web.classes.room import Teacher
from drops.web.frame import Reply, framed, plain_page, whole
from drops.web.seat import Seat
from drops.web.threads import aside


async def show_class(request: Request) -> Response:
    """The page, made beside the server as every page is."""
    return await aside(_page, request.state.seat)


def _page(teacher: Teacher) -> Response:
    try:
        view = class_view(teacher.library, teacher.name, teacher.pupils(), teacher.clock().day)
    except StoreError as problem:
        return HTMLResponse(str(plain_page("Not now", f"{problem}.")), 503)
    return HTMLResponse(str(draw_class(view)))


def show_seen(seat: Seat) -> Reply:
    """What a class's teacher sees of the learner. Raises Unknown for who is in none."""
    if seat.pupil is None:
        raise Unknown("page", "seen", ("page", "path", "progress"))
    pupil, day = seat.pupil(), seat.clock().day
    one = pupil_line(seat.study.library, pupil, day)
    return whole(
        seat,
        "What your teacher sees",
        p["This is all of it. None of your answers is shown, and nobody else in the class sees this."],
        ul[(li[f"{name}: {said}"] for name, said in zip(_COLUMNS, _told(one, day), strict=True))],
        p[f"Also that you may want a word: {'; '.join(one.stuck)}."] if one.stuck else None,
        p[
            "Mix-ups are counted over the whole class, without names: in a class of "
            f"{FEWEST_OF} or more, those that at least {FEWEST} share. ",
            a(href="/history.jsonl", download="drops.jsonl")["All your answers as a file"],
            " are yours to keep: ",
            code["drops import"],
            " takes them in.",
        ],
        alone=True,
    )


async def give_history(request: Request) -> Response:
    """The learner's whole history as a file."""
    text = await aside(history_text, request.state.seat.study.log)
    kept = {"content-disposition": 'attachment; filename="drops.jsonl"'}
    return Response(text, media_type="application/x-ndjson", headers=kept)


def draw_class(view: ClassView) -> Element:
    """The whole page."""
    return framed(
        f"Class {view.name}",
        h1("#top", tabindex="-1")[f"Class {view.name}"],
        p(".lead")[f"{counted(len(view.pupils), 'learner')}; {_here(view)}."],
        _shared(view),
        _stuck(view),
        _where(view),
        p(".dim")["This is no examination: who learns may answer as they like. "
                  "Each of them sees what you see of them, and only you see names."],
        menu=False,
    )  # fmt: skip


def _here(view: ClassView) -> str:
    begun = sum(one.pages + one.answers > 0 for one in view.pupils)
    return f"{begun} of them began" if begun else "nobody began yet"


def _shared(view: ClassView) -> Element:
    if view.too_few:
        told: Node = p[f"Of fewer than {FEWEST_OF} learners nothing is said here."]
    elif not view.shared:
        told = p[f"No mix-up is shared by {FEWEST} of them yet."]
    else:
        told = ul[(li[one.says, small[f" · {one.drop}, as in “{one.item}”"]] for one in view.shared)]
    return section[h2["What the class mixes up"], told]


def _stuck(view: ClassView) -> Node:
    found = [one for one in view.pupils if one.stuck]
    if not found:
        return None
    return section[
        h2["Who may want a word"],
        ul[(li[one.name, small[f" · {'; '.join(one.stuck)}"]] for one in found)],
    ]


def _where(view: ClassView) -> Element:
    return section[
        h2["Where everybody is"],
        div(".wide", tabindex="0", role="region", aria_label="Where everybody is")[
            table(".sheet.told")[
                caption(".unseen")["each learner, how far they are, and when they last answered"],
                thead[tr[(th(scope="col")[name] for name in _COLUMNS)]],
                tbody[(_line(one, view.day) for one in view.pupils)],
            ]
        ],
    ]


_COLUMNS = ("Learner", "Drop", "Pages", "Answers", "Minutes", "Last")


def _told(one: PupilLine, today: date) -> tuple[str, ...]:
    last = short_day(one.last, today) if one.last else "never"
    return (one.name, one.drop or "not begun", str(one.pages), str(one.answers), str(one.minutes), last)


def _line(one: PupilLine, today: date) -> Element:
    name, *rest = _told(one, today)
    return tr[th(scope="row")[name], (td[said] for said in rest)]
