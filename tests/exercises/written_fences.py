"""Exercises as authors write them: a regime first, lists, windows, lines that read the one before, and another subject."""

from __future__ import annotations

import tomllib
from typing import Any

BOWL = """
tells = "A bowl L = **{c}**·w², the ball at **w = {w}**, rate **{lr}**."
prompt = "One step, and the rate where steps begin to grow."
where = ["abs(w1) > 0.05", "c*lr != 0.5", "c*lr != 1", "side == (c*lr > 0.5) + (c*lr > 1)"]
[given]
side = { of = [0, 1, 2], first = true }
c = [0.5, 2, 3, 4, 5, 8, 10]
w = { of = [1, 2, 3, 4, 5], signs = true }
lr = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5]
[predict]
asks = "Where does the step land?"
options = [
  { text = "nearer, same side", when = "c*lr < 0.5", why = "2·c·lr = {2*c*lr}, below 1." },
  { text = "nearer, other side", when = "0.5 < c*lr < 1", why = "2·c·lr = {2*c*lr}." },
  { text = "farther out", when = "c*lr > 1", why = "2·c·lr = {2*c*lr}, above 2.", mixup = "step-uphill" },
]
[lines]
g = { label = "slope", rule = "2*c*w" }
w1 = { label = "w after the step", rule = "w - lr*g", between = [-12, 12] }
L1 = { rule = "c*w1^2", between = [0, 200] }
cliff = { rule = "1/c" }
[mixups.step-uphill]
title = "the step went uphill"
gives = "{lr}·{g} is added: {w} {+lr*g}"
rule = "Downhill is against the slope: w − lr·g."
swap = { w1 = "w + lr*g" }
[mixups.half-slope]
title = "the 2 of the slope was lost"
gives = "the slope is taken as {c}·{w}"
rule = "The slope of w² is 2w."
swap = { g = "c*w" }
[explain]
asks = "Why does the ball jump over the lowest point?"
options = [
  { text = "the step is longer than the way to it", when = "c*lr > 0.5", why = "2·c·lr is above 1." },
  { text = "it does not: the step is short", when = "c*lr < 0.5", why = "2·c·lr is below 1." },
  { text = "the slope has the wrong sign", why = "It points away from the lowest point." },
]
"""
TWO_INPUTS = """
tells = "w = {w}, b = {b}, ReLU. Inputs A {A} and B {B}."
prompt = "Work out z and a."
where = ["zA*zB < 0", "0.5 <= abs(zA) <= 8", "0.5 <= abs(zB) <= 8", "distinct(abs(w))"]
[given]
w = { of = [0.5, 1, 1.5, 2, 3], size = 2, signs = true }
b = { of = [0.5, 1, 1.5, 2], signs = true }
A = { of = [1, 2, 3], size = 2, signs = true }
B = { of = [1, 2, 3], size = 2, signs = true }
[lines]
z = { each = { x = ["A", "B"] }, label = "z for {x}", rule = "dot(w, x) + b" }
a = { each = { x = ["A", "B"] }, label = "a for {x}", rule = "relu(z[x])" }
[mixups.crossed-weights]
title = "the weights were crossed"
gives = "w₂ goes with x₁ and w₁ with x₂"
rule = "Each input has its own weight."
swap = { z = "dot(w, reverse(x)) + b" }
[mixups.no-bias]
title = "the bias was left out"
gives = "{b} is not added"
rule = "The bias is added once."
swap = { z = "dot(w, x)" }
"""
RECURRENT = """
tells = "h ← relu({w}·x {+u}·h {+b}); h starts at 0, x = {x}."
prompt = "h after each step."
where = ["h[1] > 0", "h[4] > 0", "(h[2] > 0) + (h[3] > 0) == 1", "max(h) <= 15"]
[given]
w = [-2, -1, 0.5, 1, 2, 3]
u = [0.5, -0.5, 2, -2, 1.5]
b = [1, -1, 2, -2, 3, -3]
x = { of = [1, 2, 3, 4], size = 4, signs = true }
[lines]
h = { each = { i = [1, 2, 3, 4] }, label = "h after {i}", start = 0, rule = "relu(w*x[i] + u*h[i-1] + b)" }
[mixups.forgets]
title = "it forgot"
gives = "{u}·h is left out"
rule = "Each step hears the h before."
swap = { h = "relu(w*x[i] + b)" }
"""
CONVOLUTION = """
tells = "The window K slides over the picture P; bias {b}."
shows = ["P", "K"]
prompt = "A cell of the map, and the size of another map."
where = ["sum(abs(K)) >= 4", "min(K) < 0"]
[given]
P = { of = [0, 0, 1, 1, 2, 3], size = [4, 4] }
K = { of = [-1, 0, 0, 1, 2], size = [3, 3] }
b = [-2, -1, 1, 2]
s = [2, 3]
n = "3 + 4*s"
[lines]
here = { label = "row 1, column 2", rule = "sum(P[1..3, 2..4]*K) + b", between = [-15, 15] }
strided = { label = "size for {n} pixels in steps of {s}", rule = "floor((n - 3)/s) + 1" }
[mixups.turned-round]
convention = true
title = "the kernel was turned round"
gives = "mathematicians turn it first"
rule = "it slides as it stands, as in libraries."
swap = { here = "sum(P[1..3, 2..4]*reverse(K)) + b" }
"""
ATTEND = """
tells = "q = {q}, d = 4, values {v}."
shows = ["K"]
strip = { rule = "exp(x)", at = [-1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2] }
prompt = "Two scores, the share of token 1, the output."
where = ["distinct(s)", "-1.5 <= min(s)", "max(s) <= 2"]
asks = ["s1", "s2", "share", "out"]
[given]
q = { of = [-1, 0, 1, 2], size = 4 }
K = { of = [-1, 0, 1, 1], size = [3, 4] }
v = { from = -4, to = 10, size = 3, distinct = true }
[lines]
s = { label = "score of token {i}", each = { i = [1, 2, 3] }, rule = "dot(q, K[i])/sqrt(4)" }
share = { rule = "exp(s[1])/sum(exp(s))", tol = 0.02 }
out = { rule = "dot(exp(s), v)/sum(exp(s))", tol = 0.05 }
[mixups.plain-mean]
title = "all tokens counted alike"
gives = "({v[1]} {+v[2]} {+v[3]})/3 is taken"
rule = "Each value counts by its share."
swap = { out = "mean(v)" }
"""
DROPOUT = """
tells = "Units {h}, weights {w}, mask {mask}, p = {p}."
prompt = "A kept unit, the sum in training, in use."
where = ["mask[1] == 1"]
[given]
mask = { of = [[1, 1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]], shuffle = true }
p = "1 - mean(mask)"
h5 = { of = [1, 2, 3, 4, 5, 6], size = 5, distinct = true }
w5 = { of = [-2, -1, 0.5, 1, 2, 3], size = 5 }
h = "h5[1..count(mask)]"
w = "w5[1..count(mask)]"
[lines]
kept = { rule = "h[1]/(1 - p)" }
train = { rule = "sum(w*h*mask)/(1 - p)" }
use = { rule = "sum(w*h)" }
[mixups.mask-in-use]
title = "units were silenced in use"
gives = "the mask is kept on"
rule = "In use every unit speaks."
swap = { use = "sum(w*h*mask)" }
"""
COMPOUND = """
tells = "You put **{start} €** into an account. It pays **{100*rate} %** a year, and you leave the interest in."
prompt = "What stands in the account after each year, and what of it is interest?"
where = ["end < 5000"]
[given]
start = [100, 200, 400, 500, 1000]
rate = [0.02, 0.03, 0.04, 0.05, 0.1]
[lines]
y = { each = { n = [1, 2, 3] }, label = "after year {n}", rule = "start*(1 + rate)^n", tol = 0.01, example = "1234.5" }
end = { label = "interest in all", rule = "y[3] - start", tol = 0.02, example = "98.7" }
[mixups.simple-interest]
title = "only the start earned interest"
gives = "each year adds {rate*start}, as if the interest earned nothing"
rule = "Interest that stays earns interest: multiply by 1 + rate each year."
swap = { y = "start*(1 + n*rate)" }
[mixups.rate-alone]
title = "the start was left out"
gives = "what is counted is the interest alone"
rule = "The account holds the start, too: 1 + rate."
swap = { y = "start*((1 + rate)^n - 1)" }
[mixups.one-year-early]
title = "a year was forgotten"
gives = "the first year earns nothing"
rule = "Each year multiplies once, the first one too."
swap = { y = "start*(1 + rate)^(n - 1)" }
"""

FENCES: dict[str, dict[str, Any]] = {
    name: tomllib.loads(text)
    for name, text in {
        "bowl": BOWL, "two-inputs": TWO_INPUTS, "recurrent": RECURRENT, "convolution": CONVOLUTION,
        "attend": ATTEND, "dropout": DROPOUT, "compound": COMPOUND,
    }.items()
}  # fmt: skip
