"""The pages of a session: read, predict, do, see, explain, quiz, and the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from htpy import (
    Element,
    Node,
    a,
    button,
    details,
    div,
    form,
    h1,
    h2,
    kbd,
    li,
    noscript,
    optgroup,
    option,
    p,
    progress,
    select,
    span,
    summary,
    ul,
)
from htpy import input as box

from drops.errors import Unknown
from drops.exercises.blocks import Ask, Numbers, Run
from drops.exercises.nudges import RATE
from drops.study.own import hands
from drops.study.pages import Answered, Page
from drops.study.shown.code import has_code
from drops.study.study import Study
from drops.web.asks import draw_question, draws_of
from drops.web.blocks import Posed, draw_all, draw_moved, draw_plain, figures_in, settings_of
from drops.web.feedback import draw_answered, draw_verdict
from drops.web.frame import Reply, whole
from drops.web.prose import phrase, prose
from drops.web.seat import Seat

HERE = "/page"


def show_page(
    seat: Seat,
    moved: Mapping[str, str] | None = None,
    problem: str = "",
    draft: str | None = None,
    sure: str = "",
) -> Reply:
    """The page in front; a `problem` of what was sent stands beside it, with what was typed."""
    page, study = seat.page(), seat.study
    given = study.outcome(seat.at())
    around = Posed(HERE, moved or {}, drags=True)
    typed = study.drafts.of(page) if draft is None else draft
    content = [
        _head(page),
        p(".note")[phrase(page.note)] if page.note else None,
        p("#problem.problem", role="alert", tabindex="-1")[problem] if problem and page.gap else None,
        draw_all(page.typed_in(typed).show if page.gap and page.gap.open and typed else page.show, around),
        _lower(seat, page, given, problem, typed, sure, around),
        _beside(study, page, answered=given is not None and not given[1].hidden),
    ]
    return whole(seat, page.heading or "drops", content, here="/", status=400 if problem else 200)


def _head(page: Page) -> Node:
    """Which drop, how far, what is left, and the heading."""
    where = f"Drop {page.drop_number} · {page.drop_title}" if page.drop_number else ""
    if page.elsewhere:
        where = f"{page.elsewhere} · {where}"
    name, _, rest = page.heading.partition(" · ")
    return div(".head")[
        p(".where")[span[where], span(".left")[page.left]],
        progress(max=str(page.of), value=str(page.index - 1), aria_label="pages of this session behind you")
        if page.part != "end"
        else None,
        h1("#top", tabindex="-1")[phrase(name), span(".part")[" · ", phrase(rest)] if rest else None],
    ]


def _lower(
    seat: Seat,
    page: Page,
    given: tuple[str, Answered] | None,
    problem: str,
    draft: str,
    sure: str,
    around: Posed,
) -> Node:
    """What is below the blocks: the way on, a run, the question, or what became of the answer."""
    if page.part == "end":
        return _end(page)
    if page.ask is None:
        if page.gap is not None and page.gap.open:
            return [_gap(page), _go_on(page, "Show me the number", ".quiet")]
        return _go_on(page)
    if isinstance(page.ask, Run):
        return [_run(page.ask, watched="watch" in around.moved), _go_on(page)]
    if given is None:
        return _question(page, page.ask, problem, draft, sure)
    typed, outcome = given
    tried = seat.repaired[1] if seat.repaired and seat.repaired[0] == outcome.event_id else None
    beside = draws_of(page.ask, typed, settled=not outcome.hidden) if typed else ()
    return [
        div(".asked")[
            div(".question")[draw_answered(page.ask, typed, None if outcome.hidden else outcome.verdict)],
            div(".picture")[(draw_plain(block) for block in beside)] if beside else None,
        ],
        draw_verdict(page, outcome, seat.clock().day, tried),
        _go_on(page),
    ]


def _go_on(page: Page, words: str = "Go on", look: str = ".main") -> Element:
    return form(".on", method="post", action="/turn")[
        box(type="hidden", name="page", value=page.key), button(look, type="submit")[words]
    ]


def _gap(page: Page) -> Element:
    """What sends the field in the prose."""
    return form("#gap.on", method="post", action="/fill", data_draft="/draft")[
        box(type="hidden", name="page", value=page.key), button(".main", type="submit")["Check"]
    ]


def _question(page: Page, ask: Ask, problem: str, draft: str, sure: str) -> Node:
    beside = draws_of(ask, draft)
    predicts = page.part in ("predict", "offer")
    moves = beside and getattr(ask, "beside", None) is None
    live = {"data-live": HERE, "data-part": "ask"} if moves else {}
    first = button(".unseen", type="submit", tabindex="-1", aria_hidden="true")[
        "Answer"
    ]  # what Enter presses
    give_up = button(".quiet", type="submit", formaction="/reveal", formnovalidate=True)["Show me the answer"]
    return form(".ask", live, method="post", action="/answer", data_draft="/draft")[
        p("#problem.problem", role="alert", tabindex="-1")[problem] if problem else None,
        box(type="hidden", name="page", value=page.key),
        div(".asked")[
            div(".question")[first, draw_question(ask, draft, page.opened, sure, page.struck)],
            div(".picture")[draw_beside(ask, draft)] if beside else None,
        ],
        div(".buttons")[
            button(".main", type="submit")["That is my choice" if predicts else "Check"],
            give_up if page.gives_up else None,
        ],
    ]


def draw_beside(ask: Ask, text: str, hand: str = "") -> list[Node]:
    """The picture beside a question, as it is filled."""
    return [draw_plain(block) for block in draws_of(ask, text, hand)]


def draw_part(page: Page, part: str, moved: Mapping[str, str], *, held: bool = True) -> list[Node]:
    """What a figure of a page shows as its knobs stand; `held` where its lines can be dragged there.
    Raises Unknown where the page has no such figure."""
    figures = dict(zip(map(str, range(99)), figures_in(page.show), strict=False))
    if part not in figures:
        raise Unknown("figure", part, figures)
    return draw_moved(
        figures[part], settings_of(figures[part].knobs, moved, f"{part}."), int(part) if held else None
    )


# ── runs ──────────────────────────────────────────────────────────────────────────────────


def _run(ask: Run, *, watched: bool) -> Node:
    return div(".run", data_run="/run")[
        div(".prompt")[prose(ask.prompt)] if ask.prompt else None,
        div(".frame")[_last(ask)] if watched else div(".frame"),
        div(".player", hidden=True)[
            button(type="button", data_do="play")["Start it"],
            box(type="range", min="0", max="0", value="0", aria_label="moment of the run"),
            button(type="button", data_do="again")["Other starts"],
            _nudge(ask) if ask.nudged else None,
        ],
        p(".says", role="status")[""],
        noscript[p[a(href=f"{HERE}?watch=1")["Run it, and see what came of it"]]],
    ]


def _nudge(ask: Run) -> Element:
    """What can be turned at the moment that is shown."""
    return span(".nudge", hidden=True)[
        select(aria_label="what to turn from this moment on")[
            (
                optgroup(label=knob.label)[
                    (
                        option(value=f"{knob.name} {knob.told(place)}")[f"{knob.label} {knob.told(place)}"]
                        for place in knob.places
                        if place != knob.start or knob.name == RATE
                    )
                ]
                for knob in ask.knobs
            )
        ],
        button(type="button", data_do="nudge")["Nudge it here"],
    ]


def _last(ask: Run) -> Iterator[Node]:
    """What comes of a run, for who watches without a script."""
    frames = [frame for frame in ask.frames(0) if frame is not None]
    if frames:
        yield p[frames[-1].says]
        yield from (draw_plain(block) for block in frames[-1].show)
        yield prose(ask.closes) if ask.closes else None


# ── the end ───────────────────────────────────────────────────────────────────────────────


def _end(page: Page) -> Node:
    goes_on = page.ending.goes_on if page.ending else None
    return [
        _go_on(page, "Done"),
        form(".on", method="post", action="/begin")[
            box(type="hidden", name="drop", value=goes_on.id),
            button(".quiet", type="submit")[f"Go on at once: {goes_on.title}"],
        ]
        if goes_on
        else None,
    ]


# ── what else can be done here ────────────────────────────────────────────────────────────


def _beside(study: Study, page: Page, *, answered: bool) -> Node:
    """What is in the learner's hands, and the lesson behind the page."""
    acts = [
        form(method="post", action="/act")[
            box(type="hidden", name="name", value=name),
            box(type="hidden", name="what", value=what),
            button(".quiet", type="submit")[f"{name[0].upper()}{name[1:]}: {says}"],
        ]
        for name, what, says in hands.possible(study, page.item_key, page.drop_id)
        if name != "forget"  # a page is no place to forget a drop: its own page is
    ]
    coded = isinstance(page.ask, Numbers) and has_code(page.show, page.ask, judged=answered)
    code = li[a(href=f"{HERE}/code")["The same in code"]] if coded else None
    taught = li[a(href="/lesson")["The page of the lesson that taught this"]] if page.ask else None
    lesson = li[a(href=f"/drop/{page.drop_id}")["The lesson of this drop"]] if page.drop_id else None
    return details(".more")[
        summary["More"],
        ul[
            code,
            taught,
            lesson,
            li[a(href="/")["Stop for now: every answer is saved"]],
            [li[act] for act in acts],
        ],
        h2["Keys"],
        p[
            kbd["1–9"], " choose, ", kbd["Enter"], " checks and goes on, ",
            kbd["Tab"], " goes to the next thing.",
        ],
    ]  # fmt: skip
