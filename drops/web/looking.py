"""The pages that look: what a word means, the path, a drop and its lesson, answers, settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from htpy import (
    Element,
    Node,
    a,
    button,
    details,
    div,
    fieldset,
    form,
    h2,
    label,
    legend,
    li,
    ol,
    option,
    p,
    section,
    select,
    small,
    span,
    summary,
    ul,
)
from htpy import input as box

from drops.clock import short_day
from drops.course.model import Drop, LearningPath
from drops.errors import Unknown
from drops.study.own import hands
from drops.study.paths import Paths
from drops.study.reports import many
from drops.study.settings import SETTINGS, Setting, shown
from drops.study.shown.code import has_code
from drops.study.shown.history import Past, history, reopen
from drops.study.today import SAID, SIGNS, Today
from drops.text import share
from drops.web.asks import draws_of
from drops.web.blocks import Posed, draw_all, draw_plain
from drops.web.feedback import draw_answered
from drops.web.frame import Go, Reply, whole
from drops.web.prose import phrase, prose
from drops.web.seat import Seat
from drops.web.session_pages import draw_part

SHOWN = 60  # answers on one page
VERDICTS = {"": "all", "right": "right", "wrong": "not yet"}


def begin_form(words: str, *, main: bool = False, **sent: str) -> Element:
    """A button that begins a session."""
    inside = [
        box(type="hidden", name="as" if name == "how" else name, value=value) for name, value in sent.items()
    ]
    return form(method="post", action="/begin")[
        inside, button(".main" if main else ".quiet", type="submit")[words]
    ]


def show_about(seat: Seat, link: str) -> Reply:
    """What a link of a lesson leads to."""
    drop = seat.session.unit.drop if seat.session and seat.session.unit else ""
    within = seat.study.library.path_of(drop) if drop else seat.study.paths.current
    name, says = seat.study.library.linked(link, within)
    back = p[a(href="/page")["Back to the page"]] if seat.session and not seat.session.ended else None
    return whole(seat, name, div(".words")[prose(says)], back, alone=True)


# ── the path ──────────────────────────────────────────────────────────────────────────────


def show_path(seat: Seat, named: str) -> Reply:
    """A path with where each drop stands; the chosen one unless told."""
    study = seat.study
    made = study.today(seat.clock())
    path = study.library.path(named) if named else made.paths.current
    if path is None:
        return whole(seat, "Path", p["No path is installed."], here="/path", alone=True)
    content: list[Node] = [
        p(".dim")[" · ".join(filter(None, (path.level, many(path), path.rhythm)))],
        div(".words")[prose(path.summary)],
        [_phase(n, phase.title, phase.goal, phase.drops, made) for n, phase in enumerate(path.phases, 1)],
        _paths(made.paths, path),
    ]
    return whole(seat, path.title, content, here="/path", alone=True)


def _phase(n: int, title: str, goal: str, drops: tuple[Drop, ...], made: Today) -> Element:
    return section[
        h2[f"Phase {n}: {title}"], p(".dim")[goal], ol(".drops")[(_row(drop, made) for drop in drops)]
    ]


def _row(drop: Drop, made: Today) -> Element:
    state = made.states[drop.id]
    recall = f", recall {share(made.recall_now[drop.id])}" if drop.id in made.recall_now else ""
    return li(class_=state, value=str(drop.number))[
        span(".sign", aria_hidden="true")[SIGNS[state], " "],
        a(href=f"/drop/{drop.id}")[drop.title],
        small[f" {drop.minutes:g} min · {SAID[state]}{made.tells_begun(drop.id)}{recall}"],
    ]


def _paths(paths: Paths, shown: LearningPath) -> Node:
    if len(paths.ordered) < 2:
        return None

    def one(path: LearningPath) -> Element:
        state = paths.states[path.id]
        verbs = [(verb, words) for verb, words, when in VERBS if state in when]
        return li[
            path.title if path is shown else a(href=f"/path?path={path.id}")[path.title],
            small[f" {many(path)} · {state}"],
            [
                form(".inline", method="post", action="/paths")[
                    box(type="hidden", name="verb", value=verb),
                    box(type="hidden", name="path", value=path.id),
                    button(".quiet", type="submit")[words],
                ]
                for verb, words in verbs
            ],
        ]

    return section[h2["All paths"], ul[(one(path) for path in paths.ordered)]]


VERBS = (
    ("choose", "choose", ("open", "paused", "hidden")),
    ("pause", "pause", ("chosen", "open")),
    ("hide", "hide", ("open", "paused")),
    ("show", "take in", ("paused", "hidden")),
)


def show_drop(seat: Seat, named: str) -> Reply:
    """A drop: what it is for, its lesson to look up, and the ways to begin it."""
    study = seat.study
    drop = study.drop(named)
    made = study.today(seat.clock())
    begun = drop.id in made.begun
    finished = made.states[drop.id] not in ("ahead", "today")
    stands = SAID[made.states[drop.id]] + made.tells_begun(drop.id)
    content: list[Node] = [
        p(".dim")[f"{study.paths.number(drop)} · {drop.minutes:g} minutes · {stands}"],
        div(".words")[prose(drop.goal)],
        div(".buttons")[
            begin_form("Go on with it" if begun else "Begin it", main=True, drop=drop.id)
            if not finished
            else None,
            begin_form("Practise it again, with fresh numbers", drop=drop.id, how="replay"),
            begin_form("Test yourself on it", drop=drop.id, how="test") if not finished else None,
        ],
        section[
            h2["Its lesson"],
            ol[(li[a(href=f"/read/{drop.id}/{n}")[page.heading]] for n, page in enumerate(drop.sections, 1))],
        ],
        section[h2["To carry forward"], ul[(li[phrase(line)] for line in drop.carry_forward)]]
        if finished
        else None,
        _forget(seat, drop),
    ]
    return whole(seat, drop.title, content, here="/path", alone=True)


def _forget(seat: Seat, drop: Drop) -> Node:
    if not any(seat.study.log.events(item_prefix=f"{drop.id}/", limit=1)) or seat.study.read_only:
        return None
    return details(".more")[
        summary["More"],
        form(method="post", action="/act")[
            box(type="hidden", name="name", value="forget"),
            box(type="hidden", name="what", value=drop.id),
            button(".quiet", type="submit")["Forget this drop, as if you had never opened it"],
        ],
    ]


def find_lesson(seat: Seat) -> Go:
    """The page of the lesson that taught what is in front."""
    page = seat.page()
    if not page.drop_id:
        return Go("/path")
    _, at = seat.study.lesson(seat.at(), page)
    return Go(f"/read/{page.drop_id}/{at + 1}")


def show_reading(seat: Seat, named: str, at: str, query: Mapping[str, str]) -> Reply:
    """A page of a lesson, to be looked up."""
    drop = seat.study.drop(named)
    pages = seat.study.pages_of(drop)
    if not (at.isascii() and at.isdigit() and 1 <= int(at[:4]) <= len(pages)):
        raise Unknown("page", at, [str(n) for n in range(1, len(pages) + 1)])
    page, n = pages[int(at[:4]) - 1], int(at[:4])
    if part := query.get("part", ""):
        return Reply(draw_part(page, part, query, held=False))
    content: list[Node] = [
        p(".where")[f"Drop {drop.number} · {drop.title} · page {n} of {len(pages)}"],
        draw_all(page.show, Posed(f"/read/{drop.id}/{n}", query)),
        div(".buttons")[
            a(".button", href=f"/read/{drop.id}/{n + 1}")["Next page"] if n < len(pages) else None,
            a(".button", href="/page")["Back to the question"]
            if seat.session and not seat.session.ended
            else None,
            a(".button", href=f"/drop/{drop.id}")["The drop"],
        ],
    ]
    return whole(seat, page.heading, content, here="/path", alone=True)


# ── answers ───────────────────────────────────────────────────────────────────────────────


def show_history(seat: Seat, query: Mapping[str, str]) -> Reply:
    """Past answers, the newest first, sought by drop, verdict and words."""
    drop, verdict, text = query.get("drop", ""), query.get("verdict", ""), query.get("text", "")
    after = _id(query.get("after", ""))
    right = {"right": True, "wrong": False}.get(verdict)
    found = history(seat.study, drop=drop, right=right, text=text[:80], after=after, limit=SHOWN + 1)
    rest = f"&after={found[SHOWN - 1].event_id.hex()}" if len(found) > SHOWN else ""
    content: list[Node] = [
        form(".filter", method="get", action="/history")[
            label(for_="drop")["Drop"],
            select("#drop", name="drop")[
                option(value="", selected=not drop)["all"],
                [_option(one.id, f"{one.number} · {one.title}", drop) for one in seat.study.paths.drops],
            ],
            label(for_="verdict")["Verdict"],
            select("#verdict", name="verdict")[
                [_option(value, words, verdict) for value, words in VERDICTS.items()],
            ],
            label(for_="text")["Words"],
            box("#text", type="search", name="text", value=text[:80], maxlength="80"),
            button(type="submit")["Show"],
        ],
        ol(".answers")[(_past(one, seat.clock().day) for one in found[:SHOWN])]
        if found
        else p["No answer is like that."],
        p[a(href=f"/history?drop={drop}&verdict={verdict}{rest}")["Earlier answers"]] if rest else None,
    ]
    return whole(seat, "Answers", content, here="/history", alone=True)


def _option(value: str, words: str, chosen: str) -> Element:
    return option(value=value, selected=value == chosen)[words]


def _id(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text) or None
    except ValueError:
        return None


def key_of(named: str) -> bytes:
    """The answer that an address names. Raises Unknown."""
    key = _id(named)
    if key is None:
        raise Unknown("answer", named[:40], ())
    return key


def _past(one: Past, today: date) -> Element:
    words, when = "right" if one.right else "not yet", f"{one.at:%a} {short_day(one.at, today)} {one.time}"
    return li(class_="good" if one.right else "bad")[
        span(".mark", aria_hidden="true")["✓ " if one.right else "✗ "],
        a(href=f"/history/{one.event_id.hex()}")[one.title],
        small[f" {words} · {one.drop} · {when} · {one.rating}"],
        small(".mixed")[f" {'; '.join(one.misconceptions)}"] if one.misconceptions else None,
    ]


def show_answer(seat: Seat, named: str) -> Reply:
    """A past answer exactly as it was."""
    was = reopen(seat.study, key_of(named))
    past, ask = was.past, was.ask
    beside = draws_of(ask, was.typed, settled=True) if ask and was.typed else ()
    verdict = was.verdict
    when = f"{past.at:%A}, {past.at.day} {past.at:%B %Y}, {past.time}"
    content: list[Node] = [
        p(".where")[" · ".join(filter(None, (f"{past.drop[:1].upper()}{past.drop[1:]}", when)))],
        p(".note")[was.note] if was.note else None,
        [draw_plain(block) for block in was.show],
        div(".asked")[
            div(".question")[draw_answered(ask, was.typed, verdict)],
            div(".picture")[(draw_plain(block) for block in beside)] if beside else None,
        ]
        if ask
        else p[was.typed],
        div(class_=f"verdict {'good' if verdict.right else 'bad'}")[
            h2["Right." if verdict.right else f"Not yet: {verdict.title}." if verdict.title else "Not yet."],
            prose(verdict.feedback) if verdict.feedback and not verdict.options else None,
        ]
        if verdict
        else None,
        p(".dim")[f"{past.rating}. {past.reason}".strip(". ")],
        p[a(href=f"/history/{named}/code")["The same in code"]]
        if has_code(was.show, ask, judged=True)
        else None,
        p[a(href="/history")["All answers"]],
    ]
    return whole(seat, past.title, content, here="/history", alone=True)


# ── settings ──────────────────────────────────────────────────────────────────────────────


def show_settings(seat: Seat) -> Reply:
    """What can be changed, each with a sentence; and what was set aside."""
    content: list[Node] = [
        [_setting(setting, seat.study.setting(setting.name)) for setting in SETTINGS.values()],
        _left_out(seat),
    ]
    return whole(seat, "Settings", content, here="/settings", alone=True)


def _setting(setting: Setting, value: object) -> Element:
    name = f"set.{setting.name}"
    now = shown(value)
    if setting.choices:
        words = [*map(shown, setting.choices)]
        control: Node = select(id=name, name="value")[
            (option(value=one, selected=one == now)[one] for one in words)
        ]
    else:
        control = box(
            type="text", id=name, name="value", value=now, inputmode="decimal", size="6", maxlength="12"
        )
    return form(".setting", method="post", action="/settings")[
        box(type="hidden", name="name", value=setting.name),
        label(for_=name)[f"{setting.label[0].upper()}{setting.label[1:]}"],
        control,
        button(type="submit")["Change"],
        small[setting.says],
    ]


def _left_out(seat: Seat) -> Node:
    aside = [*_aside(seat)]
    return fieldset[legend["Set aside"], ul[aside]] if aside else None


def _aside(seat: Seat) -> Iterator[Node]:
    for name, what, says in hands.possible(seat.study):
        if name in ("undo", "guessed", "take in"):
            yield li[
                form(method="post", action="/act")[
                    box(type="hidden", name="name", value=name),
                    box(type="hidden", name="what", value=what),
                    button(".quiet", type="submit")[f"{name[0].upper()}{name[1:]}: {says}"],
                ]
            ]
