"""The page around every page: its head, where one can go, what was just done."""

from __future__ import annotations

from typing import NamedTuple

from htpy import (
    Element,
    Node,
    a,
    body,
    div,
    footer,
    h1,
    head,
    header,
    html,
    li,
    link,
    main,
    meta,
    nav,
    p,
    script,
    title,
    ul,
)

from drops.web.seat import Seat

PLACES = (("/", "Today"), ("/path", "Path"), ("/progress", "Progress"), ("/history", "Answers"),
          ("/lab", "Lab"), ("/settings", "Settings"))  # fmt: skip


class Reply(NamedTuple):
    """What a request gets: a whole page, or a piece of one."""

    content: Element | list[Node]
    status: int = 200


class Go(NamedTuple):
    """What a request gets: another address."""

    address: str


def whole(
    seat: Seat, name: str, *content: Node, here: str = "", status: int = 200, alone: bool = False
) -> Reply:
    """A page; `here` is its place in the menu, and one that stands `alone` has no heading of its own yet."""
    theme, still = seat.study.setting("theme"), seat.study.setting("reduced_motion")
    said = seat.take_said()
    told = [p(".unsaved", role="alert")[seat.study.unsaved] if seat.study.unsaved else None,
            p("#said.said", role="status", tabindex="-1")[said] if said else None]  # fmt: skip
    heading = h1("#top", tabindex="-1")[name] if alone else None
    foot = p(".dim")[a(href="/seen")["What your teacher sees"]] if seat.pupil and here else None
    return Reply(framed(name, told, heading, content, foot, here=here, theme=theme, still=still), status)


def framed(
    name: str, *content: Node, here: str = "", theme: str = "auto", still: bool = False, menu: bool = True
) -> Element:
    """The document itself."""
    places = [li[a(href=to, aria_current="page" if to == here else None)[words]] for to, words in PLACES]
    return html(lang="en", data_theme=theme, data_still="yes" if still else None)[
        head[
            meta(charset="utf-8"),
            meta(name="viewport", content="width=device-width, initial-scale=1"),
            meta(name="color-scheme", content="dark light" if theme == "auto" else theme),
            title[f"{name} · drops"],
            link(rel="stylesheet", href="/static/colours.css"),
            link(rel="stylesheet", href="/static/drops.css"),
            link(rel="icon", href="/static/icon.svg"),
            script(src="/static/drops.js", defer=True),
        ],
        body[
            header(".site")[
                a(".skip", href="#main")["To the page"],
                nav(aria_label="drops")[ul[places]] if menu else None,
            ],
            main("#main")[div(".column")[content]],
            footer(".site"),
        ],
    ]


def plain_page(name: str, line: str) -> Element:
    """A page of one sentence, for who is not at a seat."""
    return framed(name, h1("#top", tabindex="-1")[name], p[line], menu=False)
