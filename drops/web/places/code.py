"""The same in code: what a page works out as a program in numpy, to read and to copy."""

from __future__ import annotations

from collections.abc import Mapping

from htpy import a, p, pre

from drops.errors import Unknown
from drops.exercises.blocks import Ask, Figure, Show
from drops.study.shown.code import code_of
from drops.study.shown.history import reopen
from drops.web.blocks import figures_in, settings_of
from drops.web.frame import Reply, whole
from drops.web.seat import Seat
from drops.web.session_pages import HERE


def show_code(seat: Seat, moved: Mapping[str, str]) -> Reply:
    """The page in front, its knobs as the address says."""
    page, given = seat.page(), seat.study.outcome(seat.at())
    judged = given is not None and not given[1].hidden
    return _listing(seat, page.show, page.ask, moved, HERE, judged=judged)


def show_lesson_code(seat: Seat, named: str, at: str, moved: Mapping[str, str]) -> Reply:
    """A page of a lesson."""
    drop = seat.study.drop(named)
    pages = {str(n): page for n, page in enumerate(seat.study.pages_of(drop), 1)}
    if at not in pages:
        raise Unknown("page", at, pages)
    return _listing(seat, pages[at].show, None, moved, f"/read/{drop.id}/{at}", judged=False)


def show_past_code(seat: Seat, key: bytes) -> Reply:
    """A past answer."""
    was = reopen(seat.study, key)
    return _listing(seat, was.show, was.ask, {}, f"/history/{key.hex()}", judged=True)


def _listing(
    seat: Seat, show: tuple[Show, ...], ask: Ask | None, moved: Mapping[str, str], back: str, *, judged: bool
) -> Reply:
    places = list(figures_in(show))

    def stands(figure: Figure) -> Mapping[str, float]:
        return settings_of(figure.knobs, moved, f"{places.index(figure)}.")

    return show_program(seat, code_of(show, ask, stands, judged=judged), back)


def show_program(seat: Seat, text: str, back: str) -> Reply:
    """A program to read and to copy."""
    needs = "PyTorch" if "import torch" in text else "numpy alone"
    return whole(
        seat,
        "The same in code",
        p[f"It runs by itself, with {needs}, and prints the numbers of the page."],
        pre("#code", tabindex="0", aria_label="the program")[text],
        p[a(href=back)["Back to the page"]],
        alone=True,
    )
