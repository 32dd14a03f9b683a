"""The closed vocabulary of what an exercise shows and asks.

A kind speaks only in these blocks; a face renders only these: K kinds and B renderers, never K × B. What is
shown has `says`, a sentence for where nothing can be drawn. All is frozen; text is Markdown only in Words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from drops.exercises.handles import Handle
from drops.text import number

# ── show ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Words:
    """Prose."""
    markdown: str


@dataclass(frozen=True)
class Blank:
    """A cell of a Sheet that the learner fills."""
    field: str  # the name of a Field


Cell = str | Blank


@dataclass(frozen=True)
class Sheet:
    """A table of numbers and formulas; numbers arrive formatted and are right-aligned."""
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    says: str
    formulas: Mapping[str, str] | None = None  # field → formula shown while the cursor is on it


Piece = tuple[str | int, ...]  # ("unit", layer, i), ("under", layer, i) or ("wire", layer, to, from)


@dataclass(frozen=True)
class Wires:
    """Units in layers, and their wires: `weights[l][j][i]` leads to unit j of layer l+1 from unit i of l."""
    names: tuple[tuple[str, ...], ...]  # node names, layer by layer
    weights: tuple[tuple[tuple[float, ...], ...], ...]
    values: tuple[tuple[float | None, ...], ...] | None  # what each node holds, if known
    says: str
    lit: tuple[tuple[int, int, int], ...] = ()  # (layer, to, from) edges to light up
    biases: tuple[tuple[float, ...], ...] | None = None  # per layer after the first
    under: Mapping[tuple[int, int], tuple[str, float | None]] = field(default_factory=dict)  # as ("dz", −4)
    blanks: Mapping[Piece, str] = field(default_factory=dict)  # which field a part of the net stands for
    hand: str = ""  # the field in hand


@dataclass(frozen=True)
class Series:
    name: str
    points: tuple[tuple[float, float], ...]  # (x, y), x ascending
    style: Literal["line", "dots"] = "line"


@dataclass(frozen=True)
class Curve:
    """One or more series over a common axis."""
    series: tuple[Series, ...]
    x_label: str
    y_label: str
    says: str
    log_y: bool = False
    marks: tuple[tuple[float, float, str], ...] = ()  # (x, y, label)
    shaded: tuple[float, float] | None = None  # an x-range drawn apart: "seen in training"
    window: tuple[float, float] | None = None  # the y-range to show: the lines move, not the axis
    across: tuple[float, float] | None = None  # and the x-range: what is still to come stays empty
    ceiling: float | None = None  # what is higher, or no number, is drawn along it and told as more than it
    handles: tuple[Handle, ...] = ()
    places: tuple[float, ...] = ()  # where x counts places, 0, 1, …: what stands at each

    def drawn(self, y: float) -> float:
        """The height at which a value is drawn."""
        return y if self.ceiling is None or y <= self.ceiling else self.ceiling


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    label: int  # class, drawn as sign and colour
    name: str = ""


Unit = tuple[float, float, float]  # w₁, w₂, b of a unit; its line is w₁x + w₂y + b = 0


@dataclass(frozen=True)
class Surface:
    """A map over two inputs: one value per grid cell, points on it, units' lines across it."""
    values: Sequence[Sequence[float]]  # rows from the top (high y), left to right
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    says: str
    low: float = 0.0  # the value drawn at one end of the colour map
    high: float = 1.0
    points: tuple[Point, ...] = ()
    lines: tuple[Unit, ...] = ()
    title: str = ""
    x_label: str = "x₁"
    y_label: str = "x₂"
    sides: tuple[str, str] = ("", "")  # what the low and the high colour mean
    classes: tuple[str, ...] = ()  # what a point's label is called; () its number
    flat: bool = False  # a few tones with sharp edges: counts, classes
    amount: bool = False  # how much there is, as of loss: tones of no sign, the low end is the ground
    neuron: Unit | None = None  # the one whose crossings and weight arrow are named
    lit: int | None = None  # the line in hand, among `lines`
    spots: tuple[str, ...] = ()  # which option each point stands for, where one is to be pointed at
    held: int | None = None  # the point in hand
    handles: tuple[Handle, ...] = ()
    arrows: tuple[Point, ...] = ()  # each from 0 to its point, its name beside the tip


@dataclass(frozen=True)
class Bar:
    name: str
    value: float  # nan: not known yet
    note: str = ""
    chance: float | None = None  # how far chance reaches to both sides of it
    span: tuple[float, float] | None = None  # the least and the most of those it is the middle of


@dataclass(frozen=True)
class Bars:
    """Named values side by side, signed or (log) over several powers of ten."""
    bars: tuple[Bar, ...]
    says: str
    unit: str = ""
    log: bool = False
    full: float | None = None  # what a bar of the whole room stands for; None: the longest of them
    fixed: bool = False  # from 0 to `full`, whatever the bars are: what lies beyond stands at the edge


@dataclass(frozen=True)
class Strip:
    """A number line from `low` to `high` with named places on it."""
    low: float
    high: float
    marks: tuple[tuple[float, str], ...]  # (place, label)
    says: str
    gate: float | None = None  # below it the line is drawn as silent


@dataclass(frozen=True)
class Matrix:
    """A table of numbers to be seen as a pattern: shares of attention, a kernel, a confusion."""
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]  # by row; None: hidden, as by a mask; nan: not known yet
    says: str
    title: str = ""
    lit: tuple[tuple[int, int], ...] = ()  # (row, column) of cells in hand
    full: float = 0.0  # the size that is drawn darkest; 0: the largest one in it
    digits: int = 2
    spots: Mapping[tuple[int, int], str] = field(default_factory=dict)  # which option a cell stands for
    signs: Mapping[tuple[int, int], str] = field(default_factory=dict)  # ✓ and ✗ of cells that were judged

    def told(self, value: float | None) -> str:
        """A cell as it is printed; "–" where it is hidden, "?" where it is not known."""
        return "–" if value is None else "?" if value != value else number(value, self.digits)  # noqa: PLR0124  nan


@dataclass(frozen=True)
class Knob:
    """A number that the learner can move: by `step` from `low` to `high`."""
    name: str
    label: str
    low: float
    high: float
    step: float
    start: float
    settings: tuple[str, ...] = ()  # what its places are called, where they are no numbers

    def nearest(self, value: float) -> float:
        """The place of the knob that is nearest to a value."""
        steps = round((min(self.high, max(self.low, value)) - self.low) / self.step) if self.step else 0
        return round(min(self.high, self.low + steps * self.step), 10) + 0.0

    @property
    def places(self) -> tuple[float, ...]:
        """Every value that it can have."""
        steps = round((self.high - self.low) / self.step) if self.step else 0
        return tuple(self.nearest(self.low + i * self.step) for i in range(steps + 1))

    def told(self, value: float) -> str:
        """A place as the learner reads it: "early stopping", or "−1.5"."""
        return self.settings[round((value - self.low) / self.step)] if self.settings else number(value)


@dataclass(frozen=True)
class Boundary:
    """A line that can be taken hold of: the knob that moves it sideways, and those that turn it."""
    unit: Callable[[Mapping[str, float]], Unit]  # of the knobs' values
    slides: str
    turns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Goal:
    """Something to find with a figure's knobs: looked for, lit when it is found, never graded."""
    says: str
    reached: Callable[[Mapping[str, float]], bool]  # of the knobs' values


@dataclass(frozen=True)
class Figure:
    """A picture that moves: `draw` makes blocks of the values (≤ 50 ms). `boundaries`: lines of its maps."""

    knobs: tuple[Knob, ...]
    draw: Callable[[Mapping[str, float]], tuple[Show, ...]]
    says: str  # what to try and what to see
    boundaries: tuple[Boundary, ...] = ()
    goal: Goal | None = None
    code: Callable[[Mapping[str, float]], str] | None = None  # the same as a program, of the knobs' values


@dataclass(frozen=True)
class Beside:
    """Pictures side by side where there is room, in order where there is not."""
    blocks: tuple[Show, ...]
    titles: tuple[str, ...] = ()  # over each, where they have some


Show = Words | Sheet | Wires | Curve | Surface | Bars | Strip | Matrix | Figure | Beside

# ── ask ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Field:
    """One number to type."""
    name: str
    label: str
    tolerance: float = 0.005
    example: str = "−0.5"
    share: bool = False  # 50% is read as 0.5


# What stands beside a question: of the values known so far, by field, and the field in hand ("": all told).
Picture = Callable[[Mapping[str, float], str], tuple[Show, ...]]


@dataclass(frozen=True)
class Numbers:
    """Fields to fill; those that stand as Blank in `sheet` are filled there."""
    prompt: str
    fields: tuple[Field, ...]
    sheet: Sheet | None = None
    picture: Picture | None = field(default=None, compare=False, repr=False)
    code: Callable[[], str] | None = field(default=None, compare=False, repr=False)  # the same as a program


@dataclass(frozen=True)
class Option:
    text: str
    right: bool
    feedback: str  # why, for every option
    diagnoses: str = ""  # misconception id, if it names one
    also: tuple[str, ...] = ()  # how else the part of a picture may be typed


@dataclass(frozen=True)
class Choice:
    """One right option, or all that apply. `confidence` asks how sure the learner is. Where there is a
    `picture`, the options are parts of it, to be pointed at; it is drawn with some of them lit."""

    prompt: str
    options: tuple[Option, ...]
    many: bool = False
    confidence: bool = False
    picture: Callable[[tuple[int, ...]], tuple[Show, ...]] | None = field(
        default=None, compare=False, repr=False
    )
    across: int = 1  # parts, or short options, that stand side by side
    beside: Picture | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Gauge:
    label: str  # of something to look at that stays shut until the learner opens it
    read: Callable[[], tuple[Show, ...]] = field(compare=False, repr=False)
    asks: str = ""  # the question that it answers, whatever the case

@dataclass(frozen=True)
class Case:
    """Something is wrong with the `patient`, drawn with what a gauge (None: no gauge) is put on. At most
    `openings` gauges are opened, one cause is named, a change tried; then its own exercise judges all."""
    prompt: str
    causes: tuple[str, ...]
    changes: tuple[str, ...]
    gauges: tuple[Gauge, ...]
    openings: int
    patient: Callable[[int | None], tuple[Show, ...]] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Order:
    """Pieces to put in order; `right` lists indices into `pieces` as they should stand."""
    prompt: str
    pieces: tuple[str, ...]
    right: tuple[int, ...]
    feedback: str
    beside: Picture | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Knobs:
    """Knobs to set until `reached` says yes; `draw` shows what the present setting does."""
    prompt: str
    knobs: tuple[Knob, ...]
    draw: Callable[[Mapping[str, float]], tuple[Show, ...]]
    reached: Callable[[Mapping[str, float]], bool]
    diagnose: Callable[[Mapping[str, float]], str]  # misconception id or ""
    feedback: str
    solution: Mapping[str, float]
    told: Callable[[Mapping[str, float]], str] | None = None  # what is said of a setting that is not right
    by_hand: bool = False  # whether the knobs are handles of what `draw` shows


@dataclass(frozen=True)
class DesignField:
    """A field of a form: one of its options (value, label), or free text where there are none. The reasons
    for a choice are a field, too, behind that of the choice; they hang on what was chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    example: str = ""
    start: str = ""
    reasons: Callable[[Mapping[str, str]], tuple[tuple[str, str], ...]] | None = field(
        default=None, compare=False, repr=False
    )

    def offered(self, form: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """The options, for what stands on the form."""
        return self.reasons(form) if self.reasons else self.options

    @property
    def filled(self) -> str:
        """How the field is filled, for example: "squash=relu"."""
        options = self.offered({})
        return f"{self.name}={options[0][0] if options else self.example}"


@dataclass(frozen=True)
class Design:
    """A form whose every choice is to be defended; `told` is what it describes so far, in one line."""
    prompt: str
    fields: tuple[DesignField, ...]
    picture: Callable[[Mapping[str, str]], tuple[Show, ...]] | None = field(
        default=None, compare=False, repr=False
    )
    told: Callable[[Mapping[str, str]], str] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Frame:
    """A moment of a live run."""
    show: tuple[Show, ...]
    done: float  # 0 … 1
    says: str
    moment: str = ""  # what is decided by now: "the third line closes it"; the first one is marked


@dataclass(frozen=True)
class Run:
    """A live training. `frames(seed)` yields a Frame to paint, or None where it only worked. Each pull takes
    a few milliseconds, so that a face stays awake; the last Frame has done = 1."""
    prompt: str
    frames: Callable[[int], Iterator[Frame | None]]
    needed: bool = False  # what follows asks for what comes of it: it goes on where nobody watches
    knobs: tuple[Knob, ...] = ()  # what can be turned at a moment: its rate, a weight
    nudged: Callable[[int, Nudges], Iterator[Frame | None]] | None = None  # what comes after the last of them
    closes: str = ""  # Markdown: what it has shown, once it has shown it


Ask = Numbers | Choice | Case | Order | Knobs | Design | Run
Nudges = tuple[tuple[float, str, float], ...]  # of a run: the moment, 0 … 1, a knob, its value then

Part = Literal["predict", "do", "see", "explain"]


@dataclass(frozen=True)
class Step:
    """One thing to look at and at most one thing to do."""
    name: str  # unique within the exercise
    part: Part
    show: tuple[Show, ...]
    ask: Ask | None
