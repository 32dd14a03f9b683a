"""Text that others wrote, made safe to show; text that learners typed, made safe to read."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence

# Whole sequences go, not only their first byte: what is left of "\x1b]52;c;…\x07" without its
# escape is junk on the screen. OSC/DCS/SOS/PM/APC run to BEL or ST, in 7-bit and C1 forms.
_STRINGS = re.compile(r"(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?")
_CSI = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?")
_ESCAPES = re.compile(r"(?:\x1b[NO]|[\x8e\x8f])[ -~]?|\x1b[ -/]*[0-~]?")  # F1 ends with a letter
# A table, not a pattern: a class of characters up to U+E007F takes 12 ms to compile at every start.
_CONTROLS = dict.fromkeys(
    code
    for first, last in (
        (0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F),              # C0 but newline and tab, DEL, C1
        (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E),        # soft hyphen, Arabic and Mongolian marks
        (0x200B, 0x200F), (0x202A, 0x202E),                    # zero-width, direction, embeddings
        (0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB),  # isolates, invisible operators, BOM
        (0xE0000, 0xE007F), (0xD800, 0xDFFF),                  # tags, lone surrogates
    )
    for code in range(first, last + 1)
)


def safe_text(text: str) -> str:
    """`text` without anything that could steer a terminal or hide from a reader.

    Drops whole escape sequences, then C0 except newline and tab, DEL, C1, bidi and
    zero-width controls. Idempotent.
    """
    while True:
        once = _without(text.replace("\r\n", "\n"), _STRINGS, _CSI)
        once = _ESCAPES.sub("", once).translate(_CONTROLS)
        if once == text:
            return once
        text = once  # what a removal brought together may be a new sequence


def _without(text: str, *patterns: re.Pattern[str]) -> str:
    """`text` with the patterns removed until none is left, also of what removals brought together."""
    while True:
        once = text
        for pattern in patterns:
            once = pattern.sub("", once)
        if once == text:
            return once
        text = once


MINUS = "−"


def number(value: float, digits: int = 3) -> str:
    """A number as the lessons print it: true minus, no trailing zeros, never −0. A small one that ends after
    four decimals stands whole: its half is rounded to neither side.

    >>> number(-2.50), number(-0.0), number(0.125), number(3)
    ('−2.5', '0', '0.125', '3')
    >>> number(0.25**2), number(1 / 70), number(-0.0825), number(0.0625, 2)
    ('0.0625', '0.014', '−0.0825', '0.06')
    """
    if digits == 3 and 1e-3 <= abs(value) < 0.1 and abs(value - round(value, 4)) < 1e-12:
        digits = 4
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", "0"):
        return "0"
    return text.replace("-", MINUS)


_LONG = re.compile(r"([+−]? ?)(\d{4,})(\.\d+)?")


def with_commas(text: str) -> str:
    """A printed number with a comma between its thousands; what is not one number stays as it is.

    >>> with_commas("1000"), with_commas("−12345.5"), with_commas("999"), with_commas("(1, 2000)")
    ('1,000', '−12,345.5', '999', '(1, 2000)')
    """
    found = _LONG.fullmatch(text)
    return f"{found[1]}{int(found[2]):,}{found[3] or ''}" if found else text


_PLAIN = re.compile(r"[−+-]?[\d,]+(\.\d+)?")


def aligned(texts: Iterable[str]) -> tuple[str, ...]:
    """The numbers of one column, padded so that pushed to the right their points stand one under another.
    What is no plain number stays as it is.

    >>> aligned(["0.96", "12", "−0.969", "?"])
    ('0.96 ', '12    ', '−0.969', '?')
    """
    texts = tuple(texts)
    tails = [len(found[1] or "") if (found := _PLAIN.fullmatch(text)) else None for text in texts]
    longest = max((tail for tail in tails if tail is not None), default=0)
    pads = ("" if tail is None else " " * (longest - tail) for tail in tails)
    return tuple(text + pad for text, pad in zip(texts, pads, strict=True))


def ends_in_number(name: str) -> bool:
    """Whether a value beside the name would be read as a part of it, as in "word 2 = 10"."""
    return name[-1:].isdecimal()  # z₁ does not: its ₁ is no decimal digit


def stated(name: str, value: str) -> str:
    """A value with its name.

    >>> stated("z₁", "3"), stated("length of word 2", "10")
    ('z₁ = 3', 'length of word 2 is 10')
    """
    return f"{name} is {value}" if ends_in_number(name) else f"{name} = {value}"


def signed(typed: str) -> str:
    """A number as it was typed, with the minus that is printed everywhere else."""
    return f"−{typed[1:]}" if typed.startswith("-") else typed


def of_name(name: str, value: str) -> str:
    """The same as the subject of a sentence.

    >>> of_name("z₁", "3"), of_name("length of word 2", "10")
    ('z₁ = 3', '10 for length of word 2')
    """
    return f"{value} for {name}" if ends_in_number(name) else f"{name} = {value}"


def share(value: float) -> str:
    """A recall or another share of 1, as short as columns want it.

    >>> share(0.874), share(0.0), share(0.999), share(1)
    ('.87', '.00', '1', '1')
    """
    return f"{value:.2f}".removesuffix(".00") if round(value, 2) >= 1 else f"{value:.2f}"[1:]


def in_percent(value: float) -> str:
    """A share of 1 within a sentence.

    >>> in_percent(0.874), in_percent(1)
    ('87 %', '100 %')
    """
    return f"{value * 100:.0f} %"


def whole_minutes(seconds: float) -> int:
    """Seconds as whole minutes, at least one: what every screen and sentence says of a stretch of time.

    >>> whole_minutes(20), whole_minutes(100), whole_minutes(480)
    (1, 2, 8)
    """
    return max(1, round(seconds / 60))


def ended(sentence: str) -> str:
    """The sentence with its full stop, unless it ends with a mark of its own; `*title?*` and “Yes.” count."""
    return sentence if sentence.rstrip("*”").endswith(("?", "!", ".")) else f"{sentence}."


def in_runs(numbers: Sequence[int]) -> str:
    """Rising numbers, three and more that follow each other as a run.

    >>> in_runs([1, 2, 3, 5, 7, 8])
    '1 to 3, 5, 7 and 8'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [
        one
        for run in runs
        for one in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run])
    ]
    return " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))


def unmarked(markdown: str) -> str:
    """Markdown as its words: links as theirs, no stars, no backticks.

    >>> unmarked("**One** [bias](term:bias), `b`, of *two*")
    'One bias, b, of two'
    """
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"(?<!\\)(\*\*|`)", "", text)
    return re.sub(r"(?<![\w\\])\*([^*\n]+)\*(?!\w)", r"\1", text)


def counted(number: int, what: str) -> str:
    """So many of `what`, which takes an s where they are not one.

    >>> counted(1, "answer"), counted(0, "answer"), counted(1200, "answer")
    ('1 answer', '0 answers', '1,200 answers')
    """
    return f"{number:,} {what}{'s' * (number != 1)}"


def often(number: int) -> str:
    """How many times.

    >>> often(0), often(1), often(2), often(3)
    ('never', 'once', 'twice', '3 times')
    """
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number:,} times")


def without_tables(markdown: str) -> str:
    """A text without the rows of its tables: beside a question they are looked at, not read."""
    return "\n".join(line for line in markdown.splitlines() if not line.startswith("|"))


# Where a terminal cannot show a sign ----------------------------------------------------------

_NEAR = {
    "−": "-", "–": "-", "—": "-", "·": "*", "×": "x", "÷": "/", "±": "+-", "√": "sqrt ", "∂": "d", "∞": "inf",
    "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")",
    "≤": "<=", "≥": ">=", "≈": "~", "≠": "!=", "→": "->", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'",
    "─": "-", "━": "-", "│": "|", "▸": ">", "▹": ">", "▶": ">", "◂": "<", "▾": "v", "▴": "^",
    "↑": "up", "↓": "down", "←": "left", "↔": "<->", "•": "*", "≡": "=", "½": "1/2", "¼": "1/4", "¾": "3/4",
    "█": "#", "▓": "#", "▒": "+", "░": ".", "▁": "_", "▄": "#", "▮": "|",
    "✓": "ok", "✗": "x", "○": "o", "◐": "*", "●": "*", "◆": "*", "★": "*", "▲": "!", "ŷ": "y^",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "eps", "η": "eta", "θ": "theta",
    "λ": "lambda", "μ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "φ": "phi", "Δ": "Delta", "Σ": "Sum",
}  # fmt: skip
NEAREST = "drops.nearest"


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """What stands for signs that an encoding lacks: their ASCII neighbours, or "?"."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(_in_ascii, lacking)), error.end


def _in_ascii(sign: str) -> str:
    if sign in _NEAR:
        return _NEAR[sign]
    plain = unicodedata.normalize("NFKD", sign).replace(MINUS, "-").encode("ascii", "ignore").decode()
    return plain or "?"


codecs.register_error(NEAREST, _nearest)
