"""The layers of this path worked out with a pencil: plain sums of plain numbers beside the engine's trace.

    3×3 kernel, one cell:  K₁₁·P₁₁ + K₁₂·P₁₂ + … + b      every product written, none in a matrix
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp, sqrt, tanh

import numpy as np

from drops.networks.sequences.word_figures import rows_of
from drops.text import number
from nnlab import LSTM, RNN, Conv2D, Embedding, Net, ScaledDotProduct

Figures = Mapping[str, float]
Pairs = list[tuple[float, float]]  # by hand, by the engine
DIGITS = 6  # that a trace shows


def sigmoid(z: float) -> float:
    """1/(1 + e^−z)."""
    return 1 / (1 + exp(-z))


def _quarters(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(rng.integers(-8, 9, shape) / 4)


def _conv(rng: np.random.Generator) -> Pairs:
    """Every cell of a map: nine products and a bias."""
    P, K, b = _quarters(rng, 5, 5), _quarters(rng, 3, 3), float(_quarters(rng))
    net = Net(Conv2D(1, 3), input=(1, 5, 5))
    net[0].W[:], net[0].b[:] = K.reshape(1, 9), b
    seen = net.trace(P[None])["z1"][0]
    found = []
    for row in range(3):
        for column in range(3):
            z = b
            for i in range(3):
                for j in range(3):
                    z += float(K[i, j]) * float(P[row + i, column + j])
            found.append((z, float(seen[row, column])))
    return found


def _rnn(rng: np.random.Generator) -> Pairs:
    """Four steps of one unit that hears its own last word."""
    u, w, b, *x = map(float, _quarters(rng, 7))
    net = Net(RNN(1, "relu"), input=(4, 1))
    net[0].Wb[:] = [[u, w, b]]
    trace, h, found = net.trace([[v] for v in x]), 0.0, []
    for step, v in enumerate(x, 1):
        h = max(0.0, w * v + u * h + b)
        found.append((h, float(trace[f"h1@{step}" if step < 4 else "h1"][0])))
    return found


def _lstm(rng: np.random.Generator) -> Pairs:
    """Three steps of one cell with its valves: input, forget, output, and the candidate."""
    gates, x = _quarters(rng, 4, 3), _quarters(rng, 3)
    net = Net(LSTM(1), input=(3, 1))
    net[0].Wb[:] = gates
    trace, h, c, found = net.trace(x[:, None]), 0.0, 0.0, []
    for step, v in enumerate(map(float, x), 1):
        i, f, o, g = (float(u) * h + float(w) * v + float(b) for u, w, b in gates)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(c)
        found.append((c, float(trace[f"c1@{step}"][0])))
        found.append((h, float(trace[f"h1@{step}" if step < 3 else "h1"][0])))
    return found


def _attention(rng: np.random.Generator) -> Pairs:
    """Scores, shares and mixes of three words with q, k and v of four numbers."""
    qkv = _quarters(rng, 3, 12)
    trace, found = Net(ScaledDotProduct(), input=(3, 12)).trace(qkv), []
    q, k, v = qkv[:, :4].tolist(), qkv[:, 4:8].tolist(), qkv[:, 8:].tolist()
    for t in range(3):
        scores = [sum(a * b for a, b in zip(q[t], key, strict=True)) / sqrt(4) for key in k]
        shares = [exp(s) / sum(map(exp, scores)) for s in scores]
        mixed = [sum(share * value[i] for share, value in zip(shares, v, strict=True)) for i in range(4)]
        found += [(s, float(trace["scores1"][0, t, i])) for i, s in enumerate(scores)]
        found += [(s, float(trace["shares1"][0, t, i])) for i, s in enumerate(shares)]
        found += [(m, float(trace["mix1"][t, i])) for i, m in enumerate(mixed)]
    return found


LAYERS: Mapping[str, Callable[[np.random.Generator], Pairs]] = {
    "conv": _conv, "rnn": _rnn, "lstm": _lstm, "attention": _attention,
}  # fmt: skip


def hand_sums(layer: str, draws: int = 100, seed: int = 0) -> Figures:
    """A layer by hand and by the engine: the largest difference, and the share that is printed alike."""
    rng = np.random.default_rng(seed)
    found = [pair for _ in range(draws) for pair in LAYERS[layer](rng)]
    alike = [number(by_hand, DIGITS) == number(engine, DIGITS) for by_hand, engine in found]
    return {
        "largest_difference": max(abs(a - b) for a, b in found),
        "alike": float(np.mean(alike)), "numbers": float(len(found)),
    }  # fmt: skip


def lookup_is_product(draws: int = 100, seed: int = 0) -> Figures:
    """One-hot rows times a table beside the engine's Embedding: the largest difference."""
    rng, worst = np.random.default_rng(seed), 0.0
    for _ in range(draws):
        words, width = (int(n) for n in rng.integers(2, 50, 2))
        net = Net(Embedding(words, width), input=4, seed=int(rng.integers(1_000_000)))
        tokens = rng.integers(0, words, (8, 4))
        product = np.eye(words)[tokens] @ rows_of(net)
        worst = max(worst, float(np.abs(net.predict(tokens).reshape(product.shape) - product).max()))
    return {"largest_difference": worst}
