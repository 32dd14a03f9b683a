"""Drop 2: words that keep the same company drift together.

Twelve words in three groups. Each is paired with one of its group's two companions, one time in ten with
any of the six. A net of a table and one layer is to tell the companion from the word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Beside, Figure, Frame, Knob, Matrix, Point, Show, Surface, Words
from drops.exercises.figure import Drawing
from drops.networks.nets import empty_plane
from drops.networks.nudged import Hold, nudgeable
from drops.networks.sequences.word_figures import rows_of
from drops.text import number
from nnlab import Adam, Dense, Embedding, Flatten, Net, Trainer

GROUPS: Mapping[str, tuple[str, ...]] = {
    "animals": ("cat", "dog", "hen", "mouse"),
    "foods": ("bread", "rice", "apple", "soup"),
    "vehicles": ("truck", "van", "ferry", "jeep"),
}
WORDS = tuple(word for words in GROUPS.values() for word in words)
GROUP = tuple(n for n, words in enumerate(GROUPS.values()) for _ in words)
VOCABULARY = len(WORDS) + 2 * len(GROUPS)  # and two companions for each group
PAIRS, WRONG = 600, 0.1
STEPS, CHUNK, RATE = 300, 5, 0.05


def pairs(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Words (pairs, 1) and their companions (pairs,), as places in the vocabulary."""
    rng = np.random.default_rng(seed)
    word = rng.integers(0, len(WORDS), PAIRS)
    companion = 2 * np.asarray(GROUP)[word] + rng.integers(0, 2, PAIRS)
    stray = rng.random(PAIRS) < WRONG
    companion[stray] = rng.integers(0, 2 * len(GROUPS), int(stray.sum()))
    return word[:, None].astype(float), companion + len(WORDS)


def net_of(width: int, seed: int) -> Net:
    """A table of `width` numbers a word, and a layer that scores the whole vocabulary."""
    return Net(Embedding(VOCABULARY, width), Flatten(), Dense(VOCABULARY), loss="ce", input=1, seed=seed)


def cosines(table: np.ndarray) -> np.ndarray:
    """(words, words): the cosine of each two of the twelve rows."""
    rows = table[: len(WORDS)] / np.linalg.norm(table[: len(WORDS)], axis=1, keepdims=True)
    return np.asarray(rows @ rows.T)


def grouped(table: np.ndarray) -> int:
    """How many of the twelve words have their nearest neighbour in their own group."""
    near = cosines(table) - 2 * np.eye(len(WORDS))
    return int(np.sum(np.asarray(GROUP)[near.argmax(axis=1)] == GROUP))


def company(width: int, runs: int = 20) -> Mapping[str, float]:
    """Words that are nearest to one of their own group, before and after; cosines inside and outside it."""
    before, after, inside, outside = [], [], [], []
    same = np.equal.outer(GROUP, GROUP)
    for seed in range(runs):
        net = net_of(width, seed)
        before.append(grouped(rows_of(net)))
        Trainer(net, pairs(seed), Adam(RATE)).fit(STEPS)
        after.append(grouped(rows_of(net)))
        cosine = cosines(rows_of(net))
        inside.append(cosine[same & ~np.eye(len(WORDS), dtype=bool)].mean())
        outside.append(cosine[~same].mean())
    return {
        "before": float(np.median(before)), "after": float(np.median(after)),
        "all": float(np.mean(np.equal(after, len(WORDS)))),
        "inside": float(np.median(inside)), "outside": float(np.median(outside)), "runs": float(runs),
    }  # fmt: skip


# ── pictures ──

SPAN = (-4.0, 4.0)
STOPS = 10  # moments of the film in the lesson
FILMED = 200  # steps


def _map(table: np.ndarray, says: str) -> Surface:
    """The twelve words by their first two numbers, each group in its own sign."""
    second = table[:, 1] if table.shape[1] > 1 else np.zeros(len(table))
    dots = tuple(
        Point(float(table[i, 0]), float(second[i]), GROUP[i], word) for i, word in enumerate(WORDS)
    )
    return empty_plane(
        SPAN, says, points=dots, x_label="first number", y_label="second number", classes=tuple(GROUPS)
    )


def _between(table: np.ndarray, says: str) -> Matrix:
    """Mean cosines between the groups."""
    cosine, group = cosines(table), np.asarray(GROUP)
    apart = ~np.eye(len(WORDS), dtype=bool)
    cells = tuple(
        tuple(float(cosine[np.ix_(group == a, group == b)][apart[np.ix_(group == a, group == b)]].mean())
              for b in range(len(GROUPS)))
        for a in range(len(GROUPS))
    )  # fmt: skip
    return Matrix(tuple(GROUPS), tuple(GROUPS), cells, says, "cosine between the groups", full=1.0, digits=1)


@cache
def _film(seed: int) -> tuple[np.ndarray, ...]:
    """The table after 0, 20, 40 … steps."""
    net = net_of(2, seed)
    trainer, tables = Trainer(net, pairs(seed), Adam(RATE)), [rows_of(net).copy()]
    for _ in trainer.epochs(FILMED, every=FILMED // STOPS):
        tables.append(rows_of(net).copy())
    return tuple(tables)


def draw_drift(params: Mapping[str, Any]) -> Drawing:
    """```figure drift: seed → twelve words on the plane while their table is trained."""
    film = _film(int(params["seed"]))
    knob = Knob("step", "steps", 0, FILMED, FILMED // STOPS, 0)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        table = film[round(v["step"]) * STOPS // FILMED]
        right = f"{grouped(table)} of 12 words are nearest to one of their own group."
        says = f"After {v['step']:.0f} steps {right}"
        return _map(table, says), Words(says)

    numbers = {"before": float(grouped(film[0])), "after": float(grouped(film[-1]))}
    return Drawing((Figure((knob,), show, "Train it. Which words meet, and when?"),), numbers)


def draw_company(params: Mapping[str, Any]) -> Drawing:
    """```figure company: width → a fresh table trained on fresh pairs, where an exercise closes on it."""
    width = int(params["width"])

    def frames(seed: int, hold: Hold) -> Iterator[Frame | None]:
        net = net_of(width, seed % 10_000)
        trainer, table = hold(Trainer(net, pairs(seed % 10_000), Adam(RATE))), rows_of(net)
        for n, _ in enumerate(trainer.epochs(STEPS, every=CHUNK), 1):
            yield None
            step, right = n * CHUNK, grouped(table)
            wide = "1 number" if width == 1 else f"{width} numbers"
            says = f"{wide} a word, step {step}: {right} of 12 words are nearest to one of their own group."
            pictures: tuple[Show, ...] = (_between(table, says),)
            if width <= 2:
                pictures = (Beside((_map(table, says), *pictures)),)
            moment = f"all twelve have found their group, step {step}" if right == len(WORDS) else ""
            yield Frame((*pictures, Words(says)), step / STEPS, says, moment)

    run = nudgeable("Train a fresh table on 600 fresh pairs.", frames)
    return Drawing((), {"width": float(width)}, run)


def draw_one_row(params: Mapping[str, Any]) -> Drawing:
    """```figure one-row: words, table, slopes → a step on a table, by the word that was read and the rate."""
    words, table = list(params["words"]), np.asarray(params["table"], dtype=float)
    slopes = np.asarray(params["slopes"], dtype=float)
    knobs = (
        Knob("word", "word read", 0, len(words) - 1, 1, 0, tuple(words)),
        Knob("rate", "rate", 0, 1, 0.1, 0.1),
    )

    def after(word: int, rate: float) -> np.ndarray:
        made = table.copy()
        made[word] -= rate * slopes
        return made

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        word = int(v["word"])
        made = after(word, v["rate"])
        says = (
            f"“{words[word]}” was read, and its slopes are ({', '.join(map(number, slopes))}). "
            f"Its row becomes ({', '.join(map(number, made[word]))}). The other {len(words) - 1} rows stay."
        )
        columns = tuple(str(i + 1) for i in range(table.shape[1]))
        lit = tuple((word, i) for i in range(table.shape[1]))
        cells = tuple(tuple(map(float, row)) for row in made)
        return Matrix(tuple(words), columns, cells, says, "the table after one step", lit), Words(says)

    numbers = {"first": float(after(0, 0.1)[0, 0]), "other": float(after(0, 0.1)[1, 0])}
    says = "Read another word, then take a larger step. Which numbers move?"
    return Drawing((Figure(knobs, show, says),), numbers)
