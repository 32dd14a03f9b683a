"""The moving pictures of drops 3 to 5: a window that slides, what sharing costs, pooling, and what a unit
sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Beside, Figure, Knob, Matrix, Show, Surface, Words
from drops.exercises.figure import Drawing
from drops.exercises.worksheet import fill
from drops.text import number
from nnlab import AvgPool, Conv2D, Flatten, Layer, MaxPool, Net, ReLU

KERNELS: Mapping[str, tuple[tuple[float, ...], ...]] = {
    "upright": ((-1, 2, -1), (-1, 2, -1), (-1, 2, -1)),
    "flat": ((-1, -1, -1), (2, 2, 2), (-1, -1, -1)),
    "edge": ((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)),
    "equal": ((1, 1, 1), (1, 1, 1), (1, 1, 1)),
}
# fmt: off
PICTURE = np.array([
    [0, 0, 1, 0, 0, 0],
    [0, 0, 1, 0, 0, 0],
    [0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 0, 0],
    [0, 1, 1, 1, 1, 0],
    [0, 0, 0, 0, 0, 0],
], dtype=float)
# fmt: on
PAPER = 0.15  # how dark an empty pixel is drawn, so that the picture has an edge


def matrix(values: np.ndarray, says: str, title: str, lit: tuple[tuple[int, int], ...] = ()) -> Matrix:
    """Rows and columns called by their numbers."""
    rows, columns = values.shape
    cells = tuple(tuple(map(float, row)) for row in values)
    return Matrix(
        tuple(map(str, range(1, rows + 1))), tuple(map(str, range(1, columns + 1))), cells, says, title, lit
    )


def pixels(picture: np.ndarray, title: str, says: str) -> Surface:
    """A picture of pixels from 0 to 1 as a map, without their numbers."""
    rows, columns = picture.shape
    values = tuple(tuple(float(PAPER + (1 - PAPER) * value) for value in row) for row in picture)
    across, up = (0.0, float(columns)), (0.0, float(rows))
    return Surface(values, across, up, says, -1.0, 1.0, title=title, x_label="", y_label="", flat=True)


def slid(picture: np.ndarray, kernel: np.ndarray, bias: float = 0.0) -> np.ndarray:
    """The map of a kernel over a picture, as the engine makes it."""
    k = len(kernel)
    net = Net(Conv2D(1, k), input=(1, *picture.shape))
    net[0].W[:], net[0].b[:] = kernel.reshape(1, -1), bias
    made: np.ndarray = np.asarray(net.predict(picture[None, None]))[0, 0]
    return made


def draw_window(params: Mapping[str, Any]) -> Drawing:
    """```figure window: kernel → a 3×3 window over a picture, moved by its knobs, and the map it makes."""
    names = list(KERNELS)
    knobs = (
        Knob("row", "row", 1, 4, 1, 1),
        Knob("column", "column", 1, 4, 1, 2),
        Knob("kernel", "kernel", 0, len(names) - 1, 1, names.index(params["kernel"]), tuple(names)),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        r, c = int(v["row"]) - 1, int(v["column"]) - 1
        name = names[int(v["kernel"])]
        kernel = np.array(KERNELS[name], dtype=float)
        made = slid(PICTURE, kernel)
        window = tuple((r + i, c + j) for i in range(3) for j in range(3))
        terms = [
            f"{number(float(w))}·{number(float(p))}"
            for w, p in zip(kernel.ravel(), PICTURE[r : r + 3, c : c + 3].ravel(), strict=True)
            if w and p
        ]
        worked = " + ".join(terms).replace("+ −", "− ") or "nothing but zeros"
        says = f"Row {r + 1}, column {c + 1}: {worked} = {number(made[r, c])}."
        return (
            Beside(
                (
                    matrix(PICTURE, says, "picture", window),
                    matrix(kernel, f"The kernel asks: {name}?", f"kernel: {name}"),
                )
            ),
            matrix(made, says, "map", ((r, c),)),
            Words(says),
        )

    made = {name: slid(PICTURE, np.array(kernel, dtype=float)) for name, kernel in KERNELS.items()}
    numbers = {"upright": float(made["upright"][0, 1]), "flat": float(made["flat"][0, 1])}
    numbers |= {"places": float(made["upright"].size)}
    return Drawing((Figure(knobs, show, "Slide the window. Where does the kernel answer loudest?"),), numbers)


def draw_map_size(params: Mapping[str, Any]) -> Drawing:
    """```figure map-size: n, k, p, s → where the windows begin, and how large the map is."""
    knobs = tuple(
        Knob(name, label, low, high, 1, float(params[name]))
        for name, label, low, high in (
            ("n", "pixels n", 5, 12), ("k", "kernel k", 1, 5), ("p", "margin p", 0, 2), ("s", "step s", 1, 3),
        )
    )  # fmt: skip

    def size(v: Mapping[str, float]) -> int:
        net = Net(Conv2D(1, int(v["k"]), int(v["s"]), int(v["p"])), input=(1, int(v["n"]), int(v["n"])))
        return int(np.asarray(net.predict(np.zeros((1, 1, int(v["n"]), int(v["n"]))))).shape[-1])

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        n, k, p, s = (int(v[name]) for name in "nkps")
        made = size(v)
        wide = n + 2 * p
        cells = np.full((made, wide), np.nan)
        for place in range(made):
            cells[place, place * s : place * s + k] = 1
        values = tuple(tuple(None if np.isnan(x) else float(x) for x in row) for row in cells)
        margin = ("·",) * p
        columns = (*margin, *(str(i + 1) for i in range(n)), *margin)
        says = f"({n} + 2·{p} − {k})/{s} + 1, rounded down: {made} windows, so a map of {made}×{made}."
        return (
            Matrix(tuple(f"{i + 1}." for i in range(made)), columns, values, says, "windows along a row"),
            Words(says),
        )

    start = {knob.name: knob.start for knob in knobs}
    numbers = {"size": float(size(start)), "margin": float(size({**start, "p": 1.0}))}
    says = "Add a margin, then take larger steps. How many windows fit?"
    return Drawing((Figure(knobs, show, says),), numbers)


def draw_windows(params: Mapping[str, Any]) -> Drawing:
    """```figure windows: n, k, p, s → the first window along a row; once nothing is asked, all of them,
    unless the first is asked for.
    """
    n, k, p, s = (int(params.get(name, plain)) for name, plain in (("n", 8), ("k", 3), ("p", 0), ("s", 1)))
    wide = n + 2 * p
    places = 1 if params.get("hand") or "first" in params else (wide - k) // s + 1
    tones = np.full((places, wide), PAPER)
    tones[:, :p] = tones[:, wide - p :] = 0.0
    for place in range(places):
        tones[place, place * s : place * s + k] = 1.0 if place % 2 else 0.8
    margin = f", a margin of {p}" if p else ""
    shown = "its first place" if places == 1 else f"all {places} places"
    says = f"A kernel of {k} on {n} pixels in a row{margin}, steps of {s}: {shown}."
    rows = tuple(tuple(map(float, row)) for row in tones)
    across = (-float(p), float(n + p))
    drawn = Surface(
        rows, across, (0.0, float(places)), says, -1.0, 1.0,
        title="a row of pixels, and the windows on it", x_label="pixels", y_label="", flat=True,
    )  # fmt: skip
    return Drawing((drawn,), {})


# ── sharing ──


def draw_first_place(params: Mapping[str, Any]) -> Drawing:
    """```figure first-place: n, k → a kernel at the first of its places on a picture of n by n pixels."""
    n, k = int(params["n"]), int(params["k"])
    under = np.zeros((n, n))
    under[:k, :k] = 1.0
    says = f"A kernel of {k} by {k} at the first of its places on {n} by {n} pixels."
    return Drawing((pixels(under, "the kernel at its first place", says),))


def draw_one_place(_: Mapping[str, Any]) -> Drawing:
    """```figure one-place → nine weights at one place and the same nine at all, while a bar is moved."""
    kernel = np.array(KERNELS["upright"], dtype=float)
    knobs = (
        Knob("column", "column", 1, 6, 1, 1),
        Knob("turn", "bar", 0, 1, 1, 0, ("upright", "flat")),
    )

    def answers(v: Mapping[str, float]) -> tuple[np.ndarray, float, float]:
        picture, c = np.zeros((8, 8)), int(v["column"]) - 1
        if v["turn"] < 0.5:
            picture[2:5, c + 1 if c < 6 else c] = 1
        else:
            picture[3, c : c + 3] = 1
        made = slid(picture, kernel)
        return picture, float(made[2, 0]), float(made.max())

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        picture, here, anywhere = answers(v)
        says = (
            f"Nine weights at the left edge say {number(here)}. The same nine at every place, the largest "
            f"answer kept, say {number(anywhere)}."
        )
        window = tuple((2 + i, j) for i in range(3) for j in range(3))
        return matrix(picture, says, "picture, and the one place", window), Words(says)

    at = {"left": answers({"column": 1, "turn": 0}), "right": answers({"column": 4, "turn": 0})}
    numbers = {f"{name}_here": here for name, (_, here, _) in at.items()}
    numbers |= {f"{name}_anywhere": anywhere for name, (_, _, anywhere) in at.items()}
    says = "Move the upright bar to the right. Which of the two still finds it?"
    return Drawing((Figure(knobs, show, says),), numbers)


def draw_shared_price(params: Mapping[str, Any]) -> Drawing:
    """```figure shared-price: n, k, c, o → the numbers of shared kernels and of a dense layer as large."""
    knobs = tuple(
        Knob(name, label, low, high, 1, float(params[name]))
        for name, label, low, high in (
            ("n", "pixels n", 5, 12), ("k", "kernel k", 2, 5), ("c", "colours c", 1, 3),
            ("o", "kernels o", 1, 8),
        )
    )  # fmt: skip

    def prices(v: Mapping[str, float]) -> tuple[int, int]:
        n, k, c, o = (int(v[name]) for name in "nkco")
        shared = Net(Conv2D(o, k), input=(c, n, n))
        outputs = o * (n - k + 1) ** 2
        return int(shared.theta.size), outputs * (c * n * n + 1)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        shared, apart = prices(v)
        says = f"Shared: {shared:,} numbers. A weight for each pixel and output: {apart:,}."
        bars = Bars((Bar("shared", shared), Bar("dense", apart)), says, "numbers", log=True)
        return bars, Words(says)

    shared, apart = prices({knob.name: knob.start for knob in knobs})
    says = "Enlarge the picture. Which price stays as it is?"
    return Drawing((Figure(knobs, show, says),), {"shared": float(shared), "dense": float(apart)})


# ── pooling ──

DIGITS = np.array([[1, 9, 2, 0], [4, 2, 3, 5], [0, 7, 6, 1], [3, 1, 8, 2]], dtype=float)


def draw_pooling(_: Mapping[str, Any]) -> Drawing:
    """```figure pooling → a 4×4 picture and what windows side by side keep of it."""
    kinds = ("largest", "mean")
    knobs = (Knob("kind", "keeps", 0, 1, 1, 0, kinds), Knob("size", "window", 1, 4, 1, 2))

    def pooled(v: Mapping[str, float]) -> np.ndarray:
        size = int(v["size"])
        layer = MaxPool(size) if v["kind"] < 0.5 else AvgPool(size)
        side = len(DIGITS) // size
        return np.reshape(np.asarray(Net(layer, input=(1, 4, 4)).predict(DIGITS[None, None])), (side, side))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        made, size = pooled(v), int(v["size"])
        kept = f"the {kinds[int(v['kind'])]} of each"
        says = f"Windows of {size}×{size}, side by side, {kept}: {made.size} of 16 numbers left."
        first = tuple((i, j) for i in range(size) for j in range(size))
        return (
            Beside((matrix(DIGITS, says, "before", first), matrix(made, says, "after", ((0, 0),)))),
            Words(says),
        )

    numbers = {f"{i + 1}": float(v) for i, v in enumerate(pooled({"kind": 0, "size": 2}).ravel())}
    says = "Larger windows, then the mean. What is lost of each window?"
    return Drawing((Figure(knobs, show, says),), numbers)


def seen_by(layers: list[tuple[int, int]]) -> tuple[int, int]:
    """How many pixels a unit behind (kernel, step) layers looks at in a row, and how far two units stand
    apart in the picture."""
    wide, jump = 1, 1
    for kernel, step in layers:
        wide += (kernel - 1) * jump
        jump *= step
    return wide, jump


def draw_field(params: Mapping[str, Any]) -> Drawing:
    """```figure field: layers → a unit behind conv, pool and conv, and the pixels that it looks at; of layer
    `at` at first."""
    k1, pool, k2 = (int(n) for n in params["layers"])
    stacks = ([(k1, 1)], [(k1, 1), (pool, pool)], [(k1, 1), (pool, pool), (k2, 1)])
    called, first = (f"conv {k1}", f"pool {pool}", f"conv {k2}"), int(params.get("at", 1)) - 1
    knobs = (
        Knob("layer", "unit of", 0, 2, 1, first, called),
        Knob("column", "column", 1, 2, 1, 1),
    )
    last, further = seen_by(stacks[-1])  # of the last unit, and how far from it its neighbour stands

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        wide, jump = seen_by(stacks[int(v["layer"])])
        left = int(v["column"] - 1) * jump
        picture = np.zeros((last, last + further))
        picture[:wide, left : left + wide] = 1
        lit = tuple(zip(*map(np.ndarray.tolist, picture.nonzero()), strict=True))
        says = f"It looks at {wide} by {wide} pixels; its neighbour looks {jump} further on."
        return matrix(picture, says, "the pixels it looks at", lit), Words(says)

    numbers = {f"after_{i + 1}": float(seen_by(stack)[0]) for i, stack in enumerate(stacks)}
    says = "Go one layer deeper. How much more does a unit see?"
    return Drawing((Figure(knobs, show, says),), numbers)


def shift_change(pool: int, runs: int = 20) -> Mapping[str, float]:
    """How much a map changes when an upright bar moves on by one pixel, by the size of the pooling windows:
    the length of the difference divided by that of the map, over random kernels and all places."""
    changes = []
    for seed in range(runs):
        pools: list[Layer] = [MaxPool(pool)] if pool > 1 else []
        net = Net(Conv2D(4, 3), ReLU(), *pools, Flatten(), input=(1, 8, 8), seed=seed)
        X = np.zeros((5 * 6, 2, 1, 8, 8))
        for n, (r, c) in enumerate(np.ndindex(6, 5)):
            for moved in (0, 1):
                X[n, moved, 0, r : r + 3, c + 1 + moved] = 1
        before, after = (np.asarray(net.predict(X[:, moved])) for moved in (0, 1))
        size = np.linalg.norm(before, axis=1)
        changes.append(np.mean(np.linalg.norm(after - before, axis=1)[size > 0] / size[size > 0]))
    return {"change": float(np.median(changes)), "runs": float(runs)}


# ── a shared weight's gradient ──


def draw_shared_sum(params: Mapping[str, Any]) -> Drawing:
    """```figure shared-sum: x, d → the gradient of a shared weight, place by place."""
    x, d = (np.asarray(params[name], dtype=float) for name in ("x", "d"))
    knobs = (
        Knob("weight", "weight", 1, 2, 1, 1),
        Knob("places", "places so far", 1, len(d), 1, 1),
    )

    def summed(weight: int, places: int) -> list[float]:
        return [float(d[i] * x[i + weight - 1]) for i in range(places)]

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        w, places = int(v["weight"]), int(v["places"])
        parts = summed(w, places)
        terms = [fill("{d}·{x}", {"d": float(d[i]), "x": float(x[i + w - 1])}) for i in range(places)]
        worked = " + ".join(terms).replace("+ −", "− ")
        says = f"Weight {w}: {worked} = {number(sum(parts))}."
        cells = np.vstack([x, [*d, np.nan], [*parts, *[np.nan] * (len(x) - places)]])
        values = tuple(tuple(None if np.isnan(c) else float(c) for c in row) for row in cells)
        lit = tuple((0, i + w - 1) for i in range(places))
        columns = tuple(map(str, range(1, len(x) + 1)))
        return Matrix(("strip x", "blame d", "product"), columns, values, says, "", lit), Words(says)

    numbers = {f"dw{w}": sum(summed(w, len(d))) for w in (1, 2)}
    says = "Add place by place. Which numbers does the second weight meet?"
    return Drawing((Figure(knobs, show, says),), numbers)


def draw_blames(params: Mapping[str, Any]) -> Drawing:
    """```figure blames: m, d, x → a map of m places at which the same blame came back, and what each read."""
    side, d, x = round(float(params["m"]) ** 0.5), float(params["d"]), float(params["x"])
    says = f"{side} by {side} places; at each {number(d)} comes back, and each read {number(x)}."
    both = (("blame d", d), ("what was read", x))
    return Drawing((Beside(tuple(matrix(np.full((side, side), v), says, name) for name, v in both)),), {})
