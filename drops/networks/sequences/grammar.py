"""Drop 14: a grammar of thirteen words, and nets that say the next word.

"the dogs near the cat sleep ."   the verb follows the first noun; the last noun distracts
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Beside, Curve, Figure, Frame, Knob, Matrix, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.nudged import Hold, nudgeable
from drops.text import number
from nnlab import RNN, Adam, Flatten, Layer, Net, ReLU, Residual, TokenDense, Trainer, multi_head

Figures = Mapping[str, float]
WORDS = (
    "the", "cat", "dog", "bird", "cats", "dogs", "birds", "near", "sleeps", "runs", "sleep", "run", ".",
)  # fmt: skip
SINGULAR, PLURAL, NEAR, ONE, MANY, STOP = (1, 2, 3), (4, 5, 6), 7, (8, 9), (10, 11), 12
PLACES = 9  # that are read; each says the word after it
SENTENCES, FRESH = 600, 1000
FILMED = 12  # steps between two moments that are kept
WIDTH, EPOCHS, BATCH, RATE = 16, 40, 50, 0.01
AGREES = 0.95  # of the verbs whose nouns disagree, for a run to count
KNOWS = 0.95  # of the chance, on words of a kind that may come next, for a net to know which kind that is
NOUNS, VERBS = SINGULAR + PLURAL, ONE + MANY
MAY_FOLLOW = {0: NOUNS, NEAR: (0,), **dict.fromkeys(NOUNS, (NEAR, *VERBS)), **dict.fromkeys(VERBS, (STOP,))}


def sentence(rng: np.random.Generator) -> list[int]:
    """the N, none to two times "near the N", a verb that follows the first noun, a stop."""
    many = bool(rng.integers(0, 2))
    made = [0, int(rng.choice(PLURAL if many else SINGULAR))]
    for _ in range(int(rng.integers(0, 3))):
        made += [NEAR, 0, int(rng.choice(SINGULAR + PLURAL))]
    return [*made, int(rng.choice(MANY if many else ONE)), STOP]


def is_sentence(words: list[int]) -> bool:
    """Whether the words follow the grammar, stop included."""
    if len(words) < 4 or words[0] != 0 or words[1] not in SINGULAR + PLURAL:
        return False
    at = 2
    while words[at : at + 2] == [NEAR, 0] and at + 2 < len(words) and words[at + 2] in SINGULAR + PLURAL:
        at += 3
    verbs = MANY if words[1] in PLURAL else ONE
    return words[at:] in ([verb, STOP] for verb in verbs)


def corpus(seed: int, count: int) -> list[list[int]]:
    """So many sentences."""
    rng = np.random.default_rng(seed)
    return [sentence(rng) for _ in range(count)]


def as_input(sentences: list[list[int]], placed: bool = True) -> np.ndarray:
    """(sentences, places, words + places): one-hot words beside one-hot places; nothing after the end."""
    X = np.zeros((len(sentences), PLACES, len(WORDS) + PLACES))
    for n, words in enumerate(sentences):
        for t, word in enumerate(words[:PLACES]):
            X[n, t, word] = 1
    if placed:
        X[:, np.arange(PLACES), len(WORDS) + np.arange(PLACES)] = 1
    return X


def next_words(sentences: list[list[int]]) -> np.ndarray:
    """(sentences, places · words): the word after each place; nothing after the stop."""
    y = np.zeros((len(sentences), PLACES, len(WORDS)))
    for n, words in enumerate(sentences):
        for t, word in enumerate(words[1 : PLACES + 1]):
            y[n, t, word] = 1
    return y.reshape(len(sentences), -1)


def _looking(causal: bool = True) -> Residual:
    return Residual(*multi_head(WIDTH, 1, causal))


def _small_net() -> Residual:
    return Residual(TokenDense(2 * WIDTH), ReLU(), TokenDense(WIDTH))


PARTS: Mapping[str, Callable[[], list[Layer]]] = {
    "block": lambda: [_looking(), _small_net()],
    "attention only": lambda: [_looking()],
    "small net only": lambda: [_small_net()],
    "no mask": lambda: [_looking(causal=False), _small_net()],
    "no positions": lambda: [_looking(), _small_net()],
    "two blocks": lambda: [_looking(), _small_net(), _looking(), _small_net()],
    "RNN": lambda: [RNN(WIDTH, sequence=True)],
}
BLIND = ("RNN", "small net only")  # they look at no word again: their verbs stay a guess


class Writer:
    """A net that says next words, with what it was built without."""

    def __init__(self, kind: str, seed: int) -> None:
        self.kind, self.placed = kind, kind != "no positions"
        layers = (TokenDense(WIDTH), *PARTS[kind](), TokenDense(len(WORDS)), Flatten())
        self.net = Net(*layers, out="sigmoid", loss="bce", input=(PLACES, len(WORDS) + PLACES), seed=seed)
        sentences = corpus(seed, SENTENCES)
        table = as_input(sentences, self.placed), next_words(sentences)
        self.trainer = Trainer(self.net, table, Adam(RATE), batch=BATCH)

    def chances(self, sentences: list[list[int]]) -> np.ndarray:
        """(sentences, places, words): how much each word is expected after each place."""
        made = np.asarray(self.net.predict(as_input(sentences, self.placed)))
        return made.reshape(len(sentences), PLACES, len(WORDS))

    def agrees(self, sentences: list[list[int]]) -> float:
        """Where first and last noun disagree, the share of verbs that follow the first one. What is written
        so far is all it gets."""
        known = [words[:-2] for words in sentences if (words[1] in PLURAL) != (words[-3] in PLURAL)]
        said = self.chances(known)[np.arange(len(known)), [len(words) - 1 for words in known]]
        many = np.array([words[1] in PLURAL for words in known])
        says_many = said[:, MANY].max(axis=1) > said[:, ONE].max(axis=1)
        return float(np.mean(says_many == many))

    def knows_kinds(self, sentences: list[list[int]]) -> float:
        """The share of all chance that it gives to words of a kind that may come: verbs, right or wrong."""
        said = self.chances(sentences)
        said = said / said.sum(axis=2, keepdims=True)
        return float(np.mean([
            said[n, t, MAY_FOLLOW[word]].sum()
            for n, words in enumerate(sentences) for t, word in enumerate(words[:-1])
        ]))  # fmt: skip

    def write(self, rng: np.random.Generator, count: int) -> list[list[int]]:
        """Sentences word by word, each next word drawn by its chance."""
        made = [[0] for _ in range(count)]
        for t in range(PLACES):
            chance = self.chances(made)[:, t]
            for words, p in zip(made, chance, strict=True):
                if words[-1] != STOP:
                    words.append(int(rng.choice(len(WORDS), p=p / p.sum())))
        return made

    def shares(self, sentences: list[list[int]]) -> np.ndarray:
        """(sentences, queries, keys) of its first attention."""
        values = self.net.values(as_input(sentences, self.placed))
        return np.asarray(next(v for name, v in values.items() if name.startswith("shares")))[:, 0]


def agreement(kind: str, runs: int = 8) -> Figures:
    """The share of runs whose verbs agree wherever the nouns disagree, and of written sentences without a
    mistake."""
    agree, written, subject = [], [], []
    for seed in range(runs):
        writer = Writer(kind, seed)
        writer.trainer.fit(EPOCHS)
        fresh = corpus(900 + seed, FRESH)
        agree.append(writer.agrees(fresh))
        made = writer.write(np.random.default_rng(seed), 200)
        written.append(float(np.mean([is_sentence(words) for words in made])))
        if kind == "block":
            far = [words for words in fresh if (words[1] in PLURAL) != (words[-3] in PLURAL)]
            seen = writer.shares(far)
            subject.append(float(np.mean([s[len(w) - 3, 1] for s, w in zip(seen, far, strict=True)])))
    return {
        "agree": float(np.mean(np.array(agree) >= AGREES)), "verbs": float(np.median(agree)),
        "written": float(np.median(written)), "subject": float(np.median(subject or [0.0])),
        "parameters": float(writer.net.theta.size), "runs": float(runs),
    }  # fmt: skip


# ── pictures ──


def _triangle(writer: Writer, words: list[int], says: str) -> Matrix:
    """The shares of one sentence, those of hidden places left out."""
    names = tuple(WORDS[word] for word in words)
    made = writer.shares([words])[0, : len(words), : len(words)]
    cells = tuple(
        tuple(float(made[i, j]) if j <= i or writer.kind == "no mask" else None for j in range(len(words)))
        for i in range(len(words))
    )
    return Matrix(names, names, cells, says, "each word looks at the columns", full=1.0, digits=1)


def _begins(kind: str) -> str:
    """The name of a net as a sentence begins with it."""
    return kind[0].upper() + kind[1:]


FAR = [0, 5, NEAR, 0, 1]  # the dogs near the cat: which verb?
SHOWN = 6  # sentences that are written at the end


def draw_writer(params: Mapping[str, Any]) -> Drawing:
    """```figure writer: kind → a net trained on the grammar, what it writes, and where it looks."""
    kind = list(PARTS)[int(params["kind"])]

    def frames(seed: int, hold: Hold) -> Iterator[Frame | None]:
        writer, fresh = Writer(kind, seed % 10_000), corpus(seed % 10_000 + 1, FRESH // 10)
        follow: list[tuple[float, float]] = []
        knew = False
        for n, _ in enumerate(hold(writer.trainer).steps(EPOCHS * SENTENCES // BATCH), 1):
            if n % FILMED:
                yield None
                continue
            epoch = n * BATCH / SENTENCES
            verbs = writer.agrees(fresh)
            told = f"{number(100 * verbs, 0)} of 100 verbs follow the first noun."
            says = f"{_begins(kind)}, epoch {epoch:.0f}: {told}"
            follow.append((epoch, 100 * verbs))
            far, high = (0.0, float(EPOCHS)), (0.0, 100.0)
            picture: Show = Curve((Series("of 100", tuple(follow)),), "epochs", "verbs that follow", says,
                                  window=high, across=far)  # fmt: skip
            if kind not in BLIND:
                picture = Beside((picture, _triangle(writer, FAR, says)))
            shown: list[Show] = [picture, Words(says)]
            if epoch >= EPOCHS:
                rng, made = np.random.default_rng(seed), list[list[int]]()
                while len(made) < 100:
                    yield None
                    made += writer.write(rng, 10)
                right = sum(map(is_sentence, made))
                lines = "  \n".join(
                    f"{'✓' if is_sentence(one) else '✗'} {' '.join(WORDS[word] for word in one)}"
                    for one in made[:SHOWN]
                )
                says = f"{says} Of 100 sentences that it wrote, {right} are without a mistake."
                shown = [*shown[:-1], Words(f"{says}\n\n{lines}")]
            moment = ""
            if verbs >= AGREES:
                moment = "the verbs follow the first noun"
            elif kind in BLIND and not knew and writer.knows_kinds(fresh) >= KNOWS:
                moment, knew = "it knows which kind of word comes next", True
            yield Frame(tuple(shown), min(1.0, epoch / EPOCHS), says, moment)

    run = nudgeable("Train it on 600 sentences, then let it write.", frames)
    return Drawing((), {"words": float(len(WORDS))}, run)


def draw_chances(params: Mapping[str, Any]) -> Drawing:
    """```figure chances: first, cat, dogs → a next word, and the one after it: chances multiplied."""
    knobs = (
        Knob("p", "cat after the", 0.1, 0.9, 0.1, float(params["first"])),
        Knob("a", "sleeps after cat", 0.1, 0.9, 0.1, float(params["cat"])),
        Knob("b", "sleep after dogs", 0.1, 0.9, 0.1, float(params["dogs"])),
    )

    def pairs(v: Mapping[str, float]) -> dict[str, float]:
        p, a, b = v["p"], v["a"], v["b"]
        return {
            "cat sleeps": p * a, "cat near": p * (1 - a),
            "dogs sleep": (1 - p) * b, "dogs near": (1 - p) * (1 - b),
        }  # fmt: skip

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        made = pairs(v)
        best = max(made, key=lambda pair: made[pair])
        says = f"The most likely pair is “{best}”, with {number(made[best], 2)}. All four add up to 1."
        bars = tuple(Bar(pair, chance) for pair, chance in made.items())
        return Bars(bars, says, "chance", full=1.0), Words(says)

    made = pairs({knob.name: knob.start for knob in knobs})
    says = "Find a setting where the best pair does not begin with the more likely word."
    return Drawing((Figure(knobs, show, says),), {"first": made["cat sleeps"], "best": max(made.values())})


# Verbs that follow the first noun, and written sentences without a mistake: medians of twenty runs, as
# `agreement` measures them again.
MEASURED: Mapping[str, tuple[float, float]] = {
    "block": (1.0, 0.98), "attention only": (1.0, 0.98), "no positions": (0.9, 0.88),
    "small net only": (0.41, 0.67), "RNN": (0.43, 0.46), "no mask": (0.5, 0.48),
}  # fmt: skip


def draw_parts(_: Mapping[str, Any]) -> Drawing:
    """```figure parts → what is left of a block when a part is taken out, as measured."""
    kinds = list(MEASURED)
    knob = Knob("part", "net", 0, len(kinds) - 1, 1, 0, tuple(kinds))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        kind = kinds[int(v["part"])]
        verbs, written = MEASURED[kind]
        says = (
            f"{_begins(kind)}: {number(100 * verbs, 0)} of 100 verbs follow the first noun, "
            f"{number(100 * written, 0)} of 100 sentences that it writes are without a mistake."
        )
        bars = (Bar("verbs right", verbs), Bar("sentences right", written))
        return Bars(bars, says, kind, full=1.0), Words(says)

    numbers = {f"{kind}_{i}": one for kind, pair in MEASURED.items() for i, one in enumerate(pair)}
    return Drawing((Figure((knob,), show, "Take a part out. What does it cost?"),), numbers)


READ = [0, 5, NEAR, 0, 1, NEAR, 0, 3]  # the dogs near the cat near the bird: which verb?
# Where each of its words looks in a block trained from seed 0, in hundredths; a test trains it again.
LOOKED = (
    (100,), (0, 100), (12, 6, 82), (34, 3, 35, 28), (0, 98, 1, 0, 1), (5, 7, 36, 14, 5, 33),
    (17, 1, 24, 16, 10, 18, 14), (0, 96, 1, 0, 1, 1, 0, 1),
)  # fmt: skip


def draw_reads(params: Mapping[str, Any]) -> Drawing:
    """```figure reads: kind → what each place of a sentence reads: itself and all before it, itself and the
    note of the one before, itself alone."""
    kind, words = list(PARTS)[int(params["kind"])], ("the", "dogs", "near", "the", "cat")
    back = {"RNN": 1, "small net only": 0}.get(kind, len(words))
    places = range(len(words))
    cells = tuple(tuple(1.0 if 0 <= row - at <= back else None for at in places) for row in places)
    known = {0: "itself alone", 1: "itself and the note before it"}
    read = known.get(back, "itself and all before it")
    says = f"{_begins(kind)}: each of the {len(words)} places of “{' '.join(words)}” reads {read}."
    return Drawing((Matrix(words, words, cells, says, f"each word reads {read}", digits=0),), {})


def draw_looked(_: Mapping[str, Any]) -> Drawing:
    """```figure looked → where each word of a sentence looks in a trained block, word by word."""
    words = tuple(WORDS[word] for word in READ)
    values = tuple((*(v / 100 for v in row), *[None] * (len(words) - len(row))) for row in LOOKED)
    knob = Knob("word", "word", 1, len(words), 1, len(words) - 1)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        at = int(v["word"]) - 1
        most = max(range(at + 1), key=lambda i: LOOKED[at][i])
        to = "itself" if most == at else f"word {most + 1}, “{words[most]}”"
        share = number(LOOKED[at][most] / 100)
        says = f"Word {at + 1}, “{words[at]}”, gives its largest share to {to}: {share}."
        lit = tuple((at, column) for column in range(at + 1))
        return Matrix(words, words, values, says, "each word looks at the columns", lit, 1.0), Words(says)

    figure = Figure((knob,), show, "Go from word to word: where does each of them look?")
    return Drawing((figure,), {"cat": LOOKED[4][1] / 100, "bird": LOOKED[7][1] / 100})
