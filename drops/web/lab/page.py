"""The Lab: one line is the whole experiment; it is trained here, turned back, and its map is seen."""

from __future__ import annotations

import math
from collections.abc import Mapping

from htpy import (
    Element,
    Node,
    a,
    button,
    dd,
    details,
    div,
    dl,
    dt,
    form,
    h2,
    label,
    p,
    section,
    small,
    summary,
)
from htpy import input as box

from drops.colours import LEVELS
from drops.errors import DropsError
from drops.exercises.blocks import Curve, Point, Series, Surface
from drops.networks.lab import look, script, told
from drops.networks.lab.desk import Desk
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import print_line
from drops.networks.lab.scene import Scene, Sizes, scene
from drops.networks.lab.words import FAMILIES
from drops.text import in_percent
from drops.web.charts import draw_curve
from drops.web.frame import Go, Reply, whole
from drops.web.lab import challenges
from drops.web.lab.challenges import draw_taken
from drops.web.maps import draw_map, tile
from drops.web.places.code import show_program
from drops.web.prose import prose
from drops.web.seat import Seat

SIZES = Sizes((14, 14), (48, 48))
MOST_AT_ONCE = 20_000  # steps of one request
STEPS = 500


def desk_of(seat: Seat) -> Desk:
    return seat.desk or seat.lay_out(read_line(""))


def show(seat: Seat, problem: str = "", line: str = "") -> Reply:
    """The line, what can be done with it, what it says over the plane, and every unit's part in it."""
    desk = desk_of(seat)
    seen = scene(desk.bench, SIZES, LEVELS)
    content = [
        p(".lead")["One line is the whole experiment: data, layers, and how it learns."],
        p("#problem.problem", role="alert", tabindex="-1")[problem] if problem else None,
        draw_taken(seat, print_line(desk.recipe)),
        _line_form(desk, line or print_line(desk.recipe)),
        _moment(desk),
        div(".asked")[div(".picture")[_map(seen)], div(".question")[_units(seen)]],
        section[h2["Each unit in a sentence"], [p[one] for one in look.units_in_words(desk.bench)]],
        section[h2["What stands out"], [p[one] for one in look.findings(desk.bench)]],
        p[
            "The same in code: ",
            a(href="/lab/code")["numpy"], " · ", a(href="/lab/code?kind=torch")["PyTorch"],
        ],
        _words("The words of a line", {what: f"`{' '.join(words)}`" for what, words in FAMILIES.items()}),
    ]
    return whole(seat, "Lab", content, here="/lab", alone=True, status=400 if problem else 200)


def _words(name: str, says: Mapping[str, str]) -> Element:
    return details[summary[name], dl[([dt[what], dd[prose(words)]] for what, words in says.items())]]


def _line_form(desk: Desk, line: str) -> Element:
    return form(".lab", method="post", action="/lab")[
        label(for_="line")["The line"],
        box(
            "#line",
            type="text",
            name="line",
            value=line,
            autocomplete="off",
            spellcheck="false",
            maxlength="400",
        ),
        div(".buttons")[
            button(".main", type="submit", name="do", value="run")["Train"],
            label(for_="steps")["steps"],
            box(
                "#steps",
                type="text",
                name="steps",
                value=str(STEPS),
                inputmode="numeric",
                size="6",
                maxlength="6",
            ),
            button(type="submit", name="do", value="back")["Back so many"],
            button(type="submit", name="do", value="start")["Step 0 again"],
            button(type="submit", name="do", value="line")["Only take the line"],
        ],
        small[f"{desk.recipe.parameters:,} parameters"],
    ]


def _moment(desk: Desk) -> Node:
    bench = desk.bench
    train, test = (float(bench.loss(part)) for part in (bench.train, bench.test))
    words = told.moment(bench.recipe, bench.step, train, test, float(bench.score(bench.fresh)))
    if desk.lost_at:
        words += f". The loss is no number since step {desk.lost_at:,}; back shows what led there."
    return p("#moment.moment", role="status", tabindex="-1")[words]


def _map(seen: Scene) -> Node:
    """What it says over the plane, or of one column the curve."""
    if seen.big is None:
        series = (Series("what it says", seen.line), Series("training rows", seen.rows, "dots"))
        return draw_curve(Curve(series, "x", "y", "what the net says along x, and its training rows"))
    across, up = seen.corners
    half = LEVELS // 2
    values = tuple(tuple((level - half) / half for level in row) for row in seen.big.pixels)
    dots = tuple(
        Point(across[0] + dot.x * (across[1] - across[0]), up[1] - dot.y * (up[1] - up[0]), dot.label)
        for dot in seen.dots
    )
    score = seen.scores[0]
    right = f"{in_percent(score)} of the training rows right" if math.isfinite(score) else "no score"
    names = [one.name for one in seen.layers[0][:2]]
    x, y = [*names, "x", "y"][:2]
    says = f"The map after {seen.step} steps, {right}."
    sides = (seen.classes[0], seen.classes[1]) if len(seen.classes) == 2 else ("no", "yes")
    drawn = Surface(values, across, up, says, -1.0, points=dots, x_label=x, y_label=y, sides=sides, flat=True)
    return draw_map(drawn)


def _units(seen: Scene) -> Node:
    """A tile a unit, layer by layer: what it says over the plane."""
    if seen.big is None:
        return None
    layers = []
    for at, layer in enumerate(seen.layers):
        name = f"layer {at}" if at else "listens to"
        tiles = [
            div(".seen")[
                tile(one.pixels, f"{one.name} over the plane"),
                small[f"{one.name}{' · dead' if one.dead else ''}"],
            ]
            for one in layer
        ]
        layers.append(div(".layer")[p(".dim")[name], div(".tiles")[tiles]])
    return layers


def do(seat: Seat, what: str, line: str, steps: str) -> Reply | Go:
    """Takes the line where it is another one, then trains, goes back, or begins again."""
    desk = desk_of(seat)
    try:
        if line.strip() != print_line(desk.recipe):
            desk.begin(read_line(line[:400]))
        count = _count(steps)
        match what:
            case "run":
                desk.run(count)
            case "back":
                desk.back(count)
            case "start":
                desk.back(desk.step)
            case "line":
                pass
            case _:
                raise DropsError("the Lab trains, goes back, begins again, or takes the line")
    except DropsError as problem:
        return show(seat, f"{problem}.", line)
    return Go("/lab#moment")


def hand_in(seat: Seat, second: str) -> Reply | Go:
    """Has the line as it stands judged."""
    desk = desk_of(seat)
    try:
        return challenges.begin_judging(seat, desk.recipe, desk.step, second)
    except DropsError as problem:
        return show(seat, f"{str(problem)[0].upper()}{str(problem)[1:]}.")


def show_code(seat: Seat, kind: str) -> Reply:
    """The run so far as a program. Raises DropsError."""
    if kind not in ("numpy", "torch"):
        raise DropsError("a program is in numpy or in torch")
    desk = desk_of(seat)
    return show_program(seat, script.write(desk.recipe, max(1, desk.step), kind), "/lab")


def _count(typed: str) -> int:
    if not typed.strip():
        return STEPS
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= MOST_AT_ONCE):
        raise DropsError(f"steps are a whole number from 1 to {MOST_AT_ONCE:,}, not {typed[:20]}")
    return int(typed)
