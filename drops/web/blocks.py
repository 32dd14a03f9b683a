"""Every block of the vocabulary as HTML. The type checker names the one that was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple, assert_never

from htpy import (
    Element,
    Node,
    button,
    div,
    form,
    fragment,
    label,
    output,
    p,
    span,
    strong,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
)
from htpy import input as field
from markupsafe import Markup

from drops.errors import Unreadable
from drops.exercises.answers import read_number
from drops.exercises.blocks import (
    Bars,
    Beside,
    Blank,
    Curve,
    Figure,
    Knob,
    Matrix,
    Sheet,
    Show,
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.exercises.dragging import said_of
from drops.web.charts import draw_bars, draw_curve, draw_strip
from drops.web.maps import draw_map
from drops.web.matrix import draw_matrix
from drops.web.nets import draw_wires
from drops.web.prose import phrase, prose

# what stands to the right in a table; words stand to the left
_NUMBER = re.compile(r"[−+-]?[\d.,/·%]*(?: [a-z]+)?|[−+–-]")


class Posed(NamedTuple):
    """Where blocks stand: the address of their page, and what was moved on it, as the address says it."""

    address: str
    moved: Mapping[str, str] = {}
    drags: bool = False  # whether lines of its maps can be taken hold of


def draw_all(blocks: Sequence[Show], around: Posed) -> list[Node]:
    """Blocks one under another; each figure with its knobs."""
    figures = iter(range(len(blocks) * 10))
    return [_draw(block, around, figures) for block in blocks]


def figures_in(blocks: Sequence[Show]) -> Iterator[Figure]:
    """The figures among blocks, in the order in which `draw_all` counts them."""
    for block in blocks:
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Beside):
            yield from figures_in(block.blocks)


def draw_plain(block: Show, held: int | None = None) -> Node:
    """A block by itself. In figure `held` of a page the lines of its maps can be taken hold of."""
    match block:
        case Words(markdown=markdown):
            return div(".words")[prose(markdown)]
        case Sheet():
            return draw_sheet(block, {})
        case Wires():
            return draw_wires(block)
        case Curve():
            return draw_curve(block)
        case Surface():
            return draw_map(block, held)
        case Bars():
            return draw_bars(block)
        case Strip():
            return draw_strip(block)
        case Matrix():
            return draw_matrix(block)
        case Beside(blocks=blocks, titles=titles):
            drawn = [draw_plain(one, held) for one in blocks]
            heads = [div[strong[title], one] for title, one in zip(titles, drawn, strict=False)]
            return div(".beside")[heads or drawn]
        case Figure():
            values = {knob.name: knob.start for knob in block.knobs}
            return div[(draw_plain(one) for one in block.draw(values))]
        case _:
            assert_never(block)


def _draw(block: Show, around: Posed, figures: Iterator[int]) -> Node:
    if isinstance(block, Figure):
        return _figure(block, around, next(figures))
    if isinstance(block, Beside):
        return div(".beside")[(_draw(one, around, figures) for one in block.blocks)]
    return _written(draw_plain(block))


def draw_sheet(sheet: Sheet, cells: Mapping[str, Node]) -> Element:
    """The table; `cells` is what stands in its blanks, by field."""

    def cell(content: str | Blank, column: int) -> Node:
        if isinstance(content, Blank):
            return td(".blank")[cells.get(content.field, span(aria_label="asked below")["?"])]
        if column == 0 and len(sheet.columns) > 1:
            return th(scope="row")[phrase(content)]
        return td(class_=None if _NUMBER.fullmatch(content) else "said")[phrase(content)]

    head = (
        thead[tr[(th(scope="col")[phrase(name)] for name in sheet.columns)]] if any(sheet.columns) else None
    )
    body = tbody[(tr[(cell(content, i) for i, content in enumerate(row))] for row in sheet.rows)]
    return div(".wide")[table(".sheet", aria_label=sheet.says)[head, body]]


# ── figures ───────────────────────────────────────────────────────────────────────────────


def settings_of(knobs: Sequence[Knob], moved: Mapping[str, str], before: str) -> dict[str, float]:
    """Where knobs stand: as moved, where that can be read, else where they start."""
    values = {knob.name: knob.start for knob in knobs}
    for knob in knobs:
        with suppress(Unreadable):
            if said := moved.get(f"{before}{knob.name}"):
                values[knob.name] = knob.nearest(read_number(said))
    return values


def draw_moved(figure: Figure, values: Mapping[str, float], at: int | None) -> list[Node]:
    """What a figure shows at a setting, in words for who does not see it, and whether its goal is found."""
    return [_drawn(figure, tuple(values.items()), at if figure.boundaries else None)]


@lru_cache(maxsize=64)
def _drawn(figure: Figure, at: tuple[tuple[str, float], ...], held: int | None) -> Markup:
    """A figure of a lesson as it begins is what a whole class looks at: it is drawn for the first of them."""
    values = dict(at)
    shown = figure.draw(values)
    says = " ".join(dict.fromkeys(says_of(block) for block in shown))
    found = figure.goal is not None and figure.goal.reached(values)
    return _written(
        div(data_found="yes" if found else None)[(draw_plain(block, held) for block in shown)],
        p(".unseen", role="status")[says],
    )


def _written(*nodes: Node) -> Markup:
    """As text already: what stands deep in a page would be handed up through every element around it."""
    return Markup(str(fragment[nodes]))  # noqa: S704  made of elements, which escape what they hold


def says_of(block: Show) -> str:
    """The sentence that stands for a picture."""
    match block:
        case Words(markdown=markdown):
            return markdown
        case Beside(blocks=blocks):
            return " ".join(map(says_of, blocks))
        case Sheet() | Wires() | Curve() | Surface() | Bars() | Strip() | Matrix() | Figure():
            return block.says
        case _:
            assert_never(block)


def _figure(figure: Figure, around: Posed, at: int) -> Node:
    """The picture, its knobs, and what there is to find; the button draws it where no script does."""
    values = settings_of(figure.knobs, around.moved, f"{at}.")
    found = figure.goal is not None and figure.goal.reached(values)
    goal, says = None, "" if figure.goal else figure.says
    says += said_of(figure.boundaries) if around.drags else ""
    if figure.goal is not None:
        goal = p(".goal", class_="found" if found else None)[
            span(".sign")["● Found: " if found else "○ Try: "], figure.goal.says
        ]
    return form(".figure", method="get", action=around.address, data_live=around.address, data_part=str(at))[
        div(".picture")[draw_moved(figure, values, at if around.drags else None)],
        knob_rows(figure.knobs, values, f"{at}."),
        goal,
        p(".says")[says] if says else None,
        button(".draw", type="submit")["Draw it"] if figure.knobs else None,
        button(".quiet", type="submit", formaction=f"{around.address}/code")["The same in code"]
        if figure.code
        else None,
    ]


def knob_rows(knobs: Sequence[Knob], values: Mapping[str, float], before: str) -> Node:
    """A slider a knob, with its place beside it."""
    return div(".knobs")[
        (
            label(".knob")[
                span[knob.label],
                field(
                    type="range",
                    name=f"{before}{knob.name}",
                    min=f"{knob.low:g}",
                    max=f"{knob.high:g}",
                    step=f"{knob.step:g}" if knob.step else "any",
                    value=f"{values[knob.name]:g}",
                    aria_valuetext=knob.told(values[knob.name]),
                    data_settings="|".join(knob.settings) or None,
                ),
                output[knob.told(values[knob.name])],
            ]
            for knob in knobs
        )
    ]
