"""The moving pictures of drops 11 to 13: shares, the triangle of the mask, heads, and a block's parts.

q·k/√d, e to that, divided by their sum: three shares that add to 1, and the mean of the values by them
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Matrix, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB
from drops.exercises.worksheet import fill
from drops.text import number
from nnlab import LayerNorm, Net, ReLU, ScaledDotProduct, TokenDense, multi_head


def draw_attend(params: Mapping[str, Any]) -> Drawing:
    """```figure attend: q, keys, values → a question to three words: scores, shares, and their mean."""
    keys, values = np.asarray(params["keys"], dtype=float), np.asarray(params["values"], dtype=float)
    knobs = tuple(Knob(f"q{i}", f"q{SUB[i]}", -2, 2, 1, float(q)) for i, q in enumerate(params["q"], 1))
    columns = tuple(f"word {i}" for i in range(1, len(keys) + 1))

    def attended(v: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray, float]:
        q = np.array([v[knob.name] for knob in knobs])
        asked, said = np.tile(q, (len(keys), 1)), np.tile(values[:, None], (1, len(q)))
        qkv = np.concatenate([asked, keys, said], axis=1)
        trace = Net(ScaledDotProduct(), input=qkv.shape).trace(qkv)
        return trace["scores1"][0, 0], trace["shares1"][0, 0], float(trace["mix1"][0, 0])

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        scores, shares, out = attended(v)
        terms = " + ".join(
            fill("{s}·{x}", {"s": round(float(s), 2), "x": float(x)})
            for s, x in zip(shares, values, strict=True)
        )
        says = f"Shares {', '.join(number(s, 2) for s in shares)}. Output: {terms} = {number(out, 2)}."
        rows = (("score", scores, 0.0), ("share", shares, 1.0), ("value", values, 0.0))
        pictures = tuple(
            Matrix((name,), columns, (tuple(map(float, row)),), says, full=full) for name, row, full in rows
        )
        return *pictures, Words(says)

    scores, shares, out = attended({knob.name: knob.start for knob in knobs})
    numbers = {"first_score": float(scores[0]), "first_share": float(shares[0]), "out": out}
    says = "Turn the question q. Whose value does the output come near to?"
    return Drawing((Figure(knobs, show, says),), numbers)


WIDTHS = (4, 16, 64, 256)


def largest_share(width: int, scaled: bool, draws: int = 2000, seed: int = 0) -> Mapping[str, float]:
    """The median of the largest of eight shares, q and k drawn at random with so many numbers."""
    rng = np.random.default_rng(seed)
    q, k = rng.normal(size=(draws, width)), rng.normal(size=(draws, 8, width))
    scores = np.einsum("nd,nkd->nk", q, k) / (np.sqrt(width) if scaled else 1)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares = e / e.sum(axis=1, keepdims=True)
    return {"share": float(np.median(shares.max(axis=1))), "spread": float(scores.std())}


def draw_scaled(_: Mapping[str, Any]) -> Drawing:
    """```figure scaled → the largest of eight shares by the width of q and k, with and without the root."""
    knobs = (
        Knob("width", "numbers d", 0, len(WIDTHS) - 1, 1, 2, tuple(map(str, WIDTHS))),
        Knob("root", "÷ √d", 0, 1, 1, 0, ("off", "on")),
    )

    def found(v: Mapping[str, float]) -> Mapping[str, float]:
        return largest_share(WIDTHS[int(v["width"])], v["root"] > 0.5)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        made = found(v)
        says = (
            f"{WIDTHS[int(v['width'])]} numbers: scores spread by {number(made['spread'], 1)}, "
            f"the largest of eight shares is {number(made['share'], 2)}."
        )
        bars = (Bar("largest share", made["share"]), Bar("an equal share", 1 / 8))
        return Bars(bars, says, full=1.0), Words(says)

    raw, root = (found({"width": 2, "root": on})["share"] for on in (0, 1))
    numbers = {"raw": raw, "root": root}
    return Drawing((Figure(knobs, show, "Add numbers, then divide by √d. Who is heard?"),), numbers)


# ── the mask ──

MASKS = ("off", "before softmax", "after softmax")


def draw_mask(params: Mapping[str, Any]) -> Drawing:
    """```figure mask: words → the shares of each word, and what a mask does to them."""
    words = tuple(params["words"])
    near = -np.abs(np.subtract.outer(np.arange(len(words)), np.arange(len(words)))) / 2.0
    knobs = (
        Knob("mask", "mask", 0, 2, 1, 0, MASKS),
        Knob("near", "scores", 0, 1, 1, 0, ("equal", "near is higher")),
    )

    def shares(v: Mapping[str, float]) -> np.ndarray:
        scores = near * v["near"]
        later = np.triu(np.ones_like(scores), 1) > 0
        if v["mask"] == 1:
            scores = np.where(later, -np.inf, scores)
        e = np.exp(scores)
        made = e / e.sum(axis=1, keepdims=True)
        return np.where(later, np.nan, made) if v["mask"] > 0 else made

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        made = shares(v)
        values = tuple(tuple(None if np.isnan(x) else float(x) for x in row) for row in made)
        sums = np.nansum(made, axis=1)
        says = (
            f"Mask {MASKS[int(v['mask'])]}: the shares of “{words[1]}” add up to {number(sums[1], 2)}, "
            f"those of the last word to {number(sums[-1], 2)}."
        )
        return Matrix(words, words, values, says, "each row looks at the columns", full=1.0), Words(says)

    off, before, after = (shares({"mask": i, "near": 0}) for i in range(3))
    numbers = {"off": float(off[1].sum()), "before": float(np.nansum(before[1]))}
    numbers |= {"after": float(np.nansum(after[1])), "fourth": float(before[3, 0])}
    says = "Switch the mask. Which way do the shares still add up to 1?"
    return Drawing((Figure(knobs, show, says),), numbers)


def draw_who_may_look(params: Mapping[str, Any]) -> Drawing:
    """```figure who-may-look: T, t → equal scores of all places, row t in hand; once nothing is asked, the
    places that the mask leaves."""
    places, asks = int(params["T"]), int(params["t"])
    names = tuple(str(i + 1) for i in range(places))
    lit = tuple((asks - 1, column) for column in range(places))
    if params.get("hand") != "":
        says = f"The scores of {places} places, all 0, before the mask; place {asks} is asked about."
        equal = ((0.0,) * places,) * places
        return Drawing((Matrix(names, names, equal, says, "scores before the mask", lit, 1.0, 0),))
    open_ = tuple(tuple(1.0 if column <= row else None for column in range(places)) for row in range(places))
    says = f"With the mask a place sees itself and those before it: place {asks} sees {asks} of {places}."
    return Drawing((Matrix(names, names, open_, says, "1 is seen through the mask, – is not", lit, 1.0, 0),))


def draw_heads(params: Mapping[str, Any]) -> Drawing:
    """```figure heads: width, heads → how wide a head is, and what all of them cost together."""
    heads = (1, 2, 4, 8)
    knobs = (
        Knob("width", "width", 8, 32, 8, float(params["width"])),
        Knob("heads", "heads", 0, 3, 1, heads.index(int(params["heads"])), tuple(map(str, heads))),
    )

    def held(v: Mapping[str, float]) -> tuple[int, int]:
        w, h = int(v["width"]), heads[int(v["heads"])]
        return w // h, int(Net(*multi_head(w, h), input=(4, w)).theta.size)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        each, price = held(v)
        h = heads[int(v["heads"])]
        says = f"{h} {'head' if h == 1 else 'heads'} of {each} numbers each; together {price:,} parameters."
        bars = tuple(Bar(f"head {i + 1}", each) for i in range(h))
        return Bars(bars, says, "numbers wide"), Words(says)

    each, price = held({knob.name: knob.start for knob in knobs})
    says = "Add heads. What becomes of the price?"
    return Drawing((Figure(knobs, show, says),), {"each": float(each), "price": float(price)})


# ── the block ──


def draw_norm_row(params: Mapping[str, Any]) -> Drawing:
    """```figure norm-row: row → a row of numbers before and after it is normed, moved and stretched."""
    row = np.asarray(params["row"], dtype=float)
    knobs = (Knob("shift", "shift", -10, 10, 1, 0), Knob("times", "times", 1, 10, 1, 1))

    def normed(v: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
        before = row * v["times"] + v["shift"]
        after = np.asarray(Net(LayerNorm(), input=len(row)).predict(before[None]))[0]
        return before, after

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        before, after = normed(v)
        says = (
            f"Mean {number(float(before.mean()), 2)}, spread {number(float(before.std()), 2)}. "
            f"Normed: {', '.join(number(float(x), 2) for x in after)}."
        )
        columns = tuple(map(str, range(1, len(row) + 1)))
        cells = (tuple(map(float, before)), tuple(map(float, after)))
        return Matrix(("before", "after"), columns, cells, says), Words(says)

    before, after = normed({"shift": 0, "times": 1})
    numbers = {"mean": float(before.mean()), "spread": float(before.std()), "first": float(after[0])}
    return Drawing((Figure(knobs, show, "Shift and stretch the row. What comes out?"),), numbers)


# Shares of 100 starts that learn the moons; `around` measures them again.
DEEP = (8, 20, 40)
LEARN: Mapping[str, tuple[float, ...]] = {"in a row": (1.0, 0.26, 0.0), "with a way around": (1.0, 1.0, 1.0)}


def draw_deep(params: Mapping[str, Any]) -> Drawing:
    """```figure deep: layers → which share of deep tanh nets learns the moons, with and without a way."""
    asked = int(params.get("layers", DEEP[0]))
    knob = Knob("layers", "layers", 0, len(DEEP) - 1, 1, DEEP.index(asked), tuple(map(str, DEEP)))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        at = int(v["layers"])
        told = ", ".join(f"{name} {number(share[at])}" for name, share in LEARN.items())
        says = f"{DEEP[at]} tanh layers, share of starts that learn: {told}."
        lines = tuple(
            Series(name, tuple((float(n), one) for n, one in zip(DEEP, share, strict=True)))
            for name, share in LEARN.items()
        )
        marks = tuple(dict.fromkeys((DEEP[at], share[at], number(share[at])) for share in LEARN.values()))
        curve = Curve(lines, "layers", "share of starts that learn", says, marks=marks, window=(0.0, 1.0))
        return curve, Words(says)

    numbers = {f"{name}_{n}": s for name, shares in LEARN.items() for n, s in zip(DEEP, shares, strict=True)}
    return Drawing((Figure((knob,), show, "Add layers. Who still learns?"),), numbers)


def draw_block(params: Mapping[str, Any]) -> Drawing:
    """```figure block: x, width → a block with switches: the way around, and the small net behind."""
    x = np.asarray(params["x"], dtype=float)
    f, g = np.asarray(params["attention"], dtype=float), np.asarray(params["net"], dtype=float)
    width = int(params["width"])
    knobs = (
        Knob("around", "way around", 0, 1, 1, 1, ("off", "on")),
        Knob("net", "small net", 0, 1, 1, 1, ("off", "on")),
        Knob("width", "width", 4, 32, 4, width),
    )

    def price(v: Mapping[str, float]) -> int:
        w = int(v["width"])
        net = [TokenDense(4 * w), ReLU(), TokenDense(w)] if v["net"] else []
        return int(Net(*multi_head(w), *net, input=(4, w)).theta.size)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        first = f + (x if v["around"] else 0)
        second = (g + (first if v["around"] else 0)) if v["net"] else first
        rows = [("x", x), ("attention says", f), ("handed on", first)]
        if v["net"]:
            rows += [("the net says", g), ("comes out", second)]
        says = (
            f"Out comes {', '.join(number(float(a)) for a in second)}. A block of width {int(v['width'])} "
            f"holds {price(v):,} numbers."
        )
        columns = tuple(map(str, range(1, len(x) + 1)))
        cells = tuple(tuple(map(float, row)) for _, row in rows)
        return Matrix(tuple(name for name, _ in rows), columns, cells, says), Words(says)

    numbers = {"out": float(x[0] + f[0] + g[0]), "price": float(price({k.name: k.start for k in knobs}))}
    says = "Switch the way around off: what is lost? And what does the small net cost?"
    return Drawing((Figure(knobs, show, says),), numbers)
