"""The teacher's page: who is where, who may be stuck, which mix-ups the class holds."""

from __future__ import annotations

from htpy import (
    Element,
    Node,
    caption,
    h1,
    h2,
    li,
    p,
    section,
    small,
    span,
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

from drops.clock import weekday
from drops.errors import StoreError
from drops.study.shown.classroom import FEWEST, FEWEST_OF, ClassView, PupilLine, class_view
from drops.text import counted
from drops.web.classes.room import Teacher
from drops.web.frame import framed, plain_page
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
        told = ul(".mixed")[(li[one.says, small[f" {one.drop}, as in “{one.item}”"]] for one in view.shared)]
    return section[h2["What the class mixes up"], told]


def _stuck(view: ClassView) -> Node:
    found = [one for one in view.pupils if one.stuck]
    if not found:
        return None
    return section[
        h2["Who may want a word"],
        ul[(li[span[one.name], small[f" {'; '.join(one.stuck)}"]] for one in found)],
    ]


def _where(view: ClassView) -> Element:
    return section[
        h2["Where everybody is"],
        table(".sheet.told")[
            caption(".unseen")["each learner, how far they are, and when they last answered"],
            thead[
                tr[
                    (
                        th(scope="col")[name]
                        for name in ("Learner", "Drop", "Pages", "Answers", "Minutes", "Last")
                    )
                ]
            ],
            tbody[(_line(one) for one in view.pupils)],
        ],
    ]


def _line(one: PupilLine) -> Element:
    return tr[
        th(scope="row")[one.name],
        td[one.drop or "not begun"],
        td[str(one.pages)],
        td[str(one.answers)],
        td[str(one.minutes)],
        td[weekday(one.last) if one.last else "never"],
    ]
