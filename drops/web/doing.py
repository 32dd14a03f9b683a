"""What a learner does in a session: each a form, answered by the page that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from htpy import button, form, label, p, span
from htpy import input as box

from drops.errors import DropsError, NotSaved, Unreadable
from drops.exercises.answers import read
from drops.exercises.blocks import Case, Choice
from drops.exercises.dragging import MapArea, dragged, hold
from drops.memory.today import Wish
from drops.study.own.clocks import LAST_ANSWER, THIS_MACHINE, Doubt
from drops.study.own.hands import ACTS
from drops.study.pages import CONFIDENCE, not_saved
from drops.study.paths import STATE_OF
from drops.web.asks import Form, moved_piece, typed_in
from drops.web.blocks import figures_in, settings_of
from drops.web.frame import Go, Reply, whole
from drops.web.seat import Seat
from drops.web.session_pages import HERE, draw_beside, draw_part, show_page

VERDICT, PROBLEM, SAID = f"{HERE}#verdict", f"{HERE}#problem", f"{HERE}#said"


def show(seat: Seat, query: Mapping[str, str]) -> Reply | Go:
    """The page in front, or a part of it that was moved."""
    if seat.session is None or seat.session.ended:
        seat.resume()
    if seat.session is None or seat.session.ended:
        return Go("/")
    part = query.get("part", "")
    if not part:
        return show_page(seat, query)
    page = seat.page()
    if part == "ask" and page.ask is not None:
        text = typed_in(page.ask, {name: [value] for name, value in query.items()})
        return Reply(draw_beside(page.ask, text, query.get("hand", "")))
    return Reply(draw_part(page, part, query))


def begin(seat: Seat, drop: str, how: str, wish: str, minutes: str) -> Reply | Go:
    """Today's session, or a drop's; the clock is asked about before anything is written. `minutes` a day are
    chosen at the first start."""
    if doubt := seat.study.doubt(seat.clock()):
        return _ask_clock(seat, doubt)
    if wish not in ("", "drop first", "not today") or how not in ("", "replay", "test", "place"):
        raise DropsError("a session begins with the drop first or without it, as replay, test or placement")
    if minutes and minutes != str(seat.study.setting("budget_minutes")):
        seat.study.change("budget_minutes", minutes, seat.clock())
    seat.session = seat.study.begin(
        seat.clock(),
        drop=drop or None,
        replay=how == "replay",
        test_out=how == "test",
        place=how == "place",
        wish=cast(Wish, wish),
    )
    return Go(HERE)


def _ask_clock(seat: Seat, doubt: Doubt) -> Reply:
    choices = zip((THIS_MACHINE, LAST_ANSWER), doubt.choices, strict=True)
    asked = form(method="post", action="/clock")[
        p[doubt.question],
        (
            label(".option")[box(type="radio", name="choice", value=sign, required=True), span[says]]
            for sign, says in choices
        ),
        button(".main", type="submit")["Go on"],
    ]
    return whole(seat, "Which clock is right?", asked, alone=True)


def settle_clock(seat: Seat, choice: str) -> Reply | Go:
    if choice not in (THIS_MACHINE, LAST_ANSWER):
        raise DropsError(f"{THIS_MACHINE} or {LAST_ANSWER}: which clock is right?")
    if choice == LAST_ANSWER:
        raise DropsError("set this machine's date, then begin; nothing was written")
    if choice == THIS_MACHINE and (doubt := seat.study.doubt(seat.clock())):
        seat.said = seat.study.set_right(doubt, seat.clock())
    return Go("/")


def answer(seat: Seat, key: str, posted: Form) -> Reply | Go:
    """An answer: stored before anything is said of it. What cannot be read comes back with why."""
    page = seat.front(key)
    if page.ask is None:
        return turn(seat, key)
    if (order := moved_piece(posted)) is not None:
        seat.study.drafts.keep(page, order)
        return Go(HERE)
    text, sure = typed_in(page.ask, posted), next(iter(posted.get("sure", ())), "")
    try:
        if isinstance(page.ask, Choice) and page.ask.confidence and sure not in CONFIDENCE:
            read(page.ask, text)  # what is wrong with the choice is said first
            raise Unreadable("say how sure you are, too", CONFIDENCE[0])
        if isinstance(page.ask, Case) and page.ask.changes and not posted.get("change"):
            read(page.ask, text)
            raise Unreadable("name a change, too: it is tried on this net", page.ask.changes[0])
        outcome = seat.answer(key, text, sure)
    except NotSaved as problem:
        seat.study.drafts.keep(page, text)
        return show_page(seat, {}, not_saved(problem), text, sure)._replace(status=503)
    except Unreadable as problem:
        return show_page(seat, {}, f"{problem}.", text, sure)
    return Go(f"{HERE}#top" if outcome.hidden else VERDICT)


def keep_draft(seat: Seat, key: str, posted: Form) -> Reply | Go:
    """What is filled in and not answered yet: it survives the program."""
    page = seat.front(key)
    if page.ask is not None and seat.study.outcome(seat.at()) is None:
        text = typed_in(page.ask, posted)
        seat.study.drafts.keep(page, text if text.strip("; ") else "")
    elif page.gap is not None and page.gap.open:
        seat.study.drafts.keep(page, next(iter(posted.get("typed", ())), ""))
    return Reply([])


def reveal(seat: Seat, key: str) -> Reply | Go:
    """Gives the question up."""
    seat.reveal(key)
    return Go(VERDICT)


def fill(seat: Seat, key: str, text: str) -> Reply | Go:
    """The blank of what is read. What cannot be read comes back with why."""
    try:
        seat.fill(key, text)
    except NotSaved as problem:
        return show_page(seat, {}, not_saved(problem), text)._replace(status=503)
    except Unreadable as problem:
        return show_page(seat, {}, f"{problem}.", text)
    return Go(HERE)


def turn(seat: Seat, key: str) -> Reply | Go:
    """Leaves the page, once its blank was filled or told; the last one leads to Today."""
    gap = seat.front(key).gap
    if gap is not None and gap.open:
        return fill(seat, key, "")
    seat.turn(key)
    return Go("/" if seat.session is None or seat.session.ended else HERE)


def open_gauge(seat: Seat, key: str, gauge: str, posted: Form) -> Reply | Go:
    page = seat.front(key)
    if not isinstance(page.ask, Case):
        raise DropsError("no gauge stands on this page")
    if gauge not in [str(i + 1) for i in range(len(page.ask.gauges))]:
        raise DropsError(f"there is no gauge {gauge[:40]}: they go from 1 to {len(page.ask.gauges)}")
    seat.study.drafts.keep(page, typed_in(page.ask, posted))
    seat.open_gauge(key, gauge)
    return Go(HERE)


def strike(seat: Seat, key: str, cause: str, posted: Form) -> Reply | Go:
    """Strikes a cause off, or takes that back."""
    page = seat.front(key)
    if not isinstance(page.ask, Case):
        raise DropsError("no cause stands on this page")
    if cause not in [str(i + 1) for i in range(len(page.ask.causes))]:
        raise DropsError(f"there is no cause {cause[:40]}: they go from 1 to {len(page.ask.causes)}")
    seat.study.drafts.keep(page, typed_in(page.ask, posted))
    seat.strike(key, cause)
    return Go(HERE)


def repair(seat: Seat, key: str, text: str) -> Reply | Go:
    seat.repair(key, text)
    return Go(f"{HERE}#repaired")


def act(seat: Seat, name: str, what: str) -> Reply | Go:
    """One of what is in the learner's hands."""
    if name not in ACTS:
        raise DropsError(f"nothing is called {name[:40]}; it is one of {', '.join(ACTS)}")
    seat.act(name, what)
    return Go("/#said" if seat.session is None or seat.session.ended else SAID)


def arrange(seat: Seat, verb: str, path: str) -> Reply | Go:
    if verb not in (*STATE_OF, "choose"):
        raise DropsError(f"a path is chosen, paused, hidden or shown, not {verb[:40]}")
    seat.study.arrange(verb, [path], seat.clock())
    return Go("/path")


def change_setting(seat: Seat, name: str, text: str) -> Reply | Go:
    seat.study.change(name, text, seat.clock())
    seat.said = "Changed."
    return Go("/settings#said")


def drag(seat: Seat, posted: Form) -> Reply | Go:
    """A line that was taken hold of at one place of its map and brought to another: where its knobs are then.

    Places are shares of the map from its top left; the answer is a line for each knob, name=value.
    """

    def said(name: str) -> float:
        try:
            return min(1.0, max(0.0, float(next(iter(posted.get(name, ())), ""))))
        except ValueError:
            raise DropsError(f"a place on the map needs {name}, a share from 0 to 1") from None

    page, part = seat.page(), next(iter(posted.get("part", ())), "")
    figures = [*figures_in(page.show)]
    if not part.isdigit() or int(part[:4]) >= len(figures):
        raise DropsError("no figure of this page is called so")
    figure = figures[int(part)]
    moved = {name: values[0] for name, values in posted.items() if values}
    values = settings_of(figure.knobs, moved, f"{part}.")
    area = MapArea(*_ranges(posted), 80, 40)
    start, end = ((said(f"{at}x") * 79, said(f"{at}y") * 79) for at in ("from", "to"))
    held = hold(figure.boundaries, values, area, start)
    if held is not None:
        values = dragged(held, figure.boundaries[held.line], figure.knobs, values, area, end)
    return Reply(["\n".join(f"{part}.{name}={value:g}" for name, value in values.items())])


def _ranges(posted: Form) -> tuple[tuple[float, float], tuple[float, float]]:
    """What the map spans, as its picture says it."""
    try:
        left, right, low, high = (float(one) for one in posted["spans"][0].split())
    except (KeyError, IndexError, ValueError):
        raise DropsError("a drag needs what its map spans: left, right, low, high") from None
    return (left, right), (low, high)
