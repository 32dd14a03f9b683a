"""A course in another subject, all of it data: compound interest, with a written exercise and fresh questions."""

from __future__ import annotations

from pathlib import Path

PAGE = """\
+++
id = "interest"
title = "Money that grows"
summary = "What interest does when it stays."

[[phases]]
id = "grow"
title = "It grows"
goal = "Follow an account over years"
+++
## Key terms
### interest
What an account pays for holding your money.
"""

LESSON = """\
+++
id = "interest-on-interest"
title = "Interest on interest"
phase = "grow"
minutes = 4
goal = "Follow an account over three years"
teaches = ["interest"]
misconceptions = { doubled-by-sum = "adds the years of two rates" }
+++
## A year at a time
An account of 100 € at 10 % holds 110 € after a year. In the second year the 10 € of
[interest](term:interest) earn interest, too: 121 €, not 120 €. Multiply by 1.1 each year.

## Exercise
Three years of one account.

```exercise written
id = "three-years"
keep = true
title = "an account over three years"
tells = "You put **{start} €** into an account. It pays **{100*rate} %** a year, and you leave the interest in."
prompt = "What does the account hold, and how much of it is interest?"

[given]
start = { from = 100, to = 1000, step = 50 }
rate = [0.02, 0.03, 0.04, 0.05, 0.1]
long = { of = [0, 1], first = true }

[predict]
asks = "{long == 1 ? After 30 years : After 1 year}: how much more does it hold than without interest on interest?"
options = [
  { text = "nothing", when = "long == 0", why = "In the first year there is no interest yet that could earn any." },
  { text = "something", when = "long == 1", why = "Each year the interest of all years before earns some more." },
  { text = "less", why = "Interest that stays never takes anything away.", mixup = "rate-alone" },
]

[lines]
y = { each = { n = [1, 2, 3] }, label = "after year {n}", rule = "start*(1 + rate)^n", tol = 0.01, example = "4321.5" }
earned = { label = "interest in all", rule = "y[3] - start", tol = 0.02, example = "987.6" }

[mixups.simple-interest]
title = "only the start earned interest"
gives = "each year adds {rate*start} and no more"
rule = "Interest that stays earns interest: multiply by 1 + rate each year."
swap = { y = "start*(1 + n*rate)" }

[mixups.rate-alone]
title = "the start was left out"
gives = "only the interest is counted"
rule = "The account holds the start, too: multiply by 1 + rate."
swap = { y = "start*((1 + rate)^n - 1)" }

[explain]
asks = "Why is the second year's interest larger than the first year's?"
options = [
  { text = "the interest of year one earns some, too", when = true, why = "{start*rate|2} € earn {start*rate^2|2} €." },
  { text = "the rate rises", why = "It is {100*rate} % in both years." },
]
```

## Quiz
### At {r} % a year, what stands after {n} years for each euro? {#each-euro title="a euro after some years"}
```draw
r = [2, 3, 4, 5, 6]
n = [2, 3]
```
= `(1 + r/100)^n` ± 0.0005
> {n} times 1 + {r}/100: {(1 + r/100)^n|4}.
- `1 + n*r/100` `simple-interest`
  > That adds {r} % of the start each year.

### Which account holds more after ten years? Least first. {#which-more .keep title="accounts after ten years"}
```draw
a = [1, 2]
b = [3, 4]
c = [5, 6, 7]
s = [100, 200, 300]
```
1. {s} € at {a} %
2. {s} € at {b} %
3. {s} € at {c} %
> The higher the rate, the more each year multiplies by.

## Review

### Two years, fresh numbers.

```exercise written
id = "two-years"
like = "three-years"
asks = ["y2"]
title = "an account after two years"
```

## Carry forward
- Multiply by 1 + rate, once a year.
"""


def write(folder: Path) -> Path:
    """A library folder that holds this course."""
    place = folder / "interest"
    place.mkdir(parents=True, exist_ok=True)
    (place / "path.md").write_text(PAGE, encoding="utf-8")
    (place / "01-interest-on-interest.md").write_text(LESSON, encoding="utf-8")
    return folder
