"""Which widget asks what. To add an ask: its value in blocks, its file beside this one, and a line here."""

from __future__ import annotations

from typing import assert_never

from drops.exercises.blocks import Ask, Case, Choice, Design, Knobs, Numbers, Order, Run
from drops.tui.asks.asking import Asking
from drops.tui.asks.case import AskCase
from drops.tui.asks.choice import AskChoice
from drops.tui.asks.design import AskDesign
from drops.tui.asks.handles import AskHandles
from drops.tui.asks.knobs import AskKnobs
from drops.tui.asks.numbers import AskNumbers
from drops.tui.asks.order import AskOrder
from drops.tui.asks.run import AskRun
from drops.tui.asks.spot import AskSpot

WIDGETS: tuple[type[Asking], ...] = (
    AskChoice,
    AskSpot,
    AskCase,
    AskNumbers,
    AskOrder,
    AskKnobs,
    AskHandles,
    AskDesign,
    AskRun,
)


def asking(ask: Ask) -> Asking:
    """The widget of an ask. The type checker names the one that was forgotten."""
    match ask:
        case Numbers():
            return AskNumbers(ask)
        case Choice():
            return AskChoice(ask) if ask.picture is None else AskSpot(ask)
        case Case():
            return AskCase(ask)
        case Order():
            return AskOrder(ask)
        case Knobs():
            return AskHandles(ask) if ask.by_hand else AskKnobs(ask)
        case Design():
            return AskDesign(ask)
        case Run():
            return AskRun(ask)
        case _:
            assert_never(ask)
