"""A study without engine, store or content: pages of every kind, graded by the real grading."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from drops.clock import Moment, moment
from drops.course.model import Drop, LearningPath, Library, Phase, Place, Resource
from drops.course.model import Outcome as Aim
from drops.errors import NotSaved
from drops.events import Fact, Rating
from drops.exercises import spots
from drops.exercises.answers import read, read_number
from drops.exercises.blocks import (
    Bar,
    Bars,
    Beside,
    Blank,
    Case,
    Choice,
    Curve,
    Design,
    DesignField,
    Field,
    Figure,
    Frame,
    Gauge,
    Knob,
    Knobs,
    Matrix,
    Numbers,
    Option,
    Order,
    Point,
    Run,
    Series,
    Sheet,
    Show,
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.exercises.figure import Drawing
from drops.exercises.grading import Verdict, grade, near
from drops.exercises.worksheet import Line, Misconception, Worksheet
from drops.memory.learner import Learner
from drops.memory.today import DayPlan, LessonPart
from drops.store.file.glance import Glance, glance
from drops.store.file.ledger import Ledger
from drops.study.own.drafts import Drafts
from drops.study.pages import Answered, Ending, Page
from drops.study.paths import Paths, Verb, arranged, settled
from drops.study.settings import SETTINGS, value
from drops.study.today import Today, TodayItem

NOW = moment(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
PLACE = Place("path/drop.md", 1)
TITLES = (
    "A neuron is a weighted sum and a squash, nothing more",
    "One layer draws lines; two layers draw shapes",
    "The squash is what makes the whole thing work",
    "A network is a stack of weighted sums separated by squashes",
    "Lay out the 2-3-1 network as numbers, not boxes",
    "Compute z, apply ReLU, write down h",
    "One last weighted sum gives you the prediction",
    "The loss is one number that says how wrong you are",
    "Backpropagation is the chain rule with a spreadsheet",
    "You inherited a model with sigmoid hidden layers and slow training",
    "Same parameter budget — go wider or deeper?",
    "Your friend says any neural net can learn any function",
    "Three teammates, three opinions on hidden layer width",
    "Draw the architecture for a real tabular problem and defend it",
)
PHASES = (
    ("A Neuron Is Just Arithmetic", "See a neuron as arithmetic, not biology", 4),
    ("Forward Pass by Hand", "Run a forward pass on a 2-3-1 net by hand", 5),
    ("Activations, Depth, and Width", "Pick activations, depth, and width with reasons", 4),
    ("Design a Tabular Architecture", "Design and defend a tabular-problem architecture", 1),
)


def clock() -> Moment:
    return NOW


def make_drop(number: int, title: str, phase: str) -> Drop:
    return Drop(
        f"drop-{number}",
        number,
        title,
        phase,
        12 if number == 14 else 6,
        "Compute *z* and `a` for any neuron.",
        (),
        ("bias", "weight"),
        (),
        (),
        (),
        (),
        (),
        (),
        (),
        "",
        PLACE,
    )


def make_library() -> Library:
    phases, number = [], 0
    for name, goal, count in PHASES:
        drops = tuple(make_drop(number + i + 1, TITLES[number + i], name) for i in range(count))
        phases.append(Phase(name, name, goal, drops))
        number += count
    path = LearningPath(
        "nn",
        "Understand Neural Network Fundamentals",
        "🧠",
        "Foundations",
        "technology",
        "~2-week path · 5–8 min/day",
        "Strip neural networks back to arithmetic: weighted sums, a squash, and stacking.",
        "Because what you can compute by hand you can also debug.",
        ("a forward pass", "a backward pass"),
        "Believing that bigger is better.",
        "Plus, minus, times.",
        "Trace a *forward pass* on paper.",
        tuple(phases),
        (Aim("Debug a non-learning network with intuition, not guesses", ("drop-1", "drop-9")),),
        (Resource("Neural networks", "video", "https://example.org/nn"),),
        {
            "bias": "A number that is added: it **moves** the firing point.",
            "weight": "How much an input pushes.",
            "squash": "What bends the sum: relu, sigmoid, tanh.",
        },
        (("What is a neuron, really?", "A weighted sum and a squash."),),
        {},
        PLACE,
    )
    return Library((path,))


LIBRARY = make_library()
PATHS = arranged(LIBRARY, {})


def make_today(**changes: object) -> Today:
    items = (
        TodayItem(
            "drop-1/by-hand", "z and a for one neuron", 1, 0.86, 45, "recall 0.86, last seen 6 days ago"
        ),
        TodayItem("drop-3/kink", "where the kink of a ReLU lies", 3, 0.89, 40, "recall 0.89"),
        TodayItem("drop-4/count", "parameters of a 3-4-2 net", 4, None, 35, "first time"),
    )
    drops = list(LIBRARY)
    states = {d.id: "learning" if d.number < 5 else "today" if d.number == 5 else "ahead" for d in drops}
    states |= {"drop-1": "durable", "drop-2": "solid", "drop-3": "hard"}
    made = Today(
        NOW.day,
        items,
        drops[4],
        480,
        120,
        "5 of 7 days",
        (True,) * 5 + (False, True),
        ("tomorrow 2 questions + drop 6", "Monday 4 questions + drop 7"),
        "",
        False,
        False,
        "",
        states,  # type: ignore[arg-type]
        {"drop-1": 0.93, "drop-3": 0.61},
        False,
        4,
        DayPlan((), LessonPart(drops[4].id, drops[4].title, (), 360, 0, False), 120, 0, 480, 480, 0, 0, "", ()),
        Learner(),
        "8 minutes: 2 of recall, then drop 5",
        paths=PATHS,
    )
    return made._replace(**changes)


# ── blocks and asks of every kind ──

PROSE = Words(
    "Row: who listens. Column: whom to.\n\nThe weight on the edge x₂ → h₁ is `W₁[1, 2]`: row 1 **listens**, "
    "column 2 is *heard*. A network is four tables of numbers, and nothing else is stored anywhere in it.\n\n"
    "- rows are listeners\n- columns are speakers\n\n| size | numbers |\n|---|---:|\n| 2-3-1 | 13 |\n| 3-4-2 | 26 |"
)
WIRES = Wires(
    (("x₁", "x₂"), ("h₁", "h₂", "h₃"), ("ŷ",)),
    (((-1.5, 2.0), (1.0, -0.5), (0.5, 3.0)), ((0.5, -1.0, 1.5),)),
    ((2.0, 1.0), (0.0, 0.5, 6.0), (9.5,)),
    "A 2-3-1 net.",
    ((0, 0, 1),),
    ((0.5, -1.0, 2.0), (0.25,)),
)
CURVE = Curve(
    (
        Series("train", tuple((float(i), 2 * math.exp(-i / 12) + 0.01) for i in range(60))),
        Series("test", tuple((float(i), 2 * math.exp(-i / 15) + 0.15 + i * 0.002) for i in range(60))),
    ),
    "epoch",
    "loss",
    "Both fall, then the test loss turns.",
    True,
    ((30.0, 0.5, "here"),),
    (0.0, 20.0),
)


def disc(size: int = 40) -> tuple[tuple[float, ...], ...]:
    return tuple(
        tuple(
            1 / (1 + math.exp(6 * (math.hypot(2 * x / size - 1, 2 * y / size - 1) - 0.6)))
            for x in range(size)
        )
        for y in range(size)
    )


SURFACE = Surface(
    disc(),
    (-2, 2),
    (-2, 2),
    "A disc.",
    points=(Point(0, 0, 1), Point(1.4, 1.2, 0), Point(-1.5, 0.4, 0), Point(0.4, -0.5, 1)),
    lines=((1.0, 1.0, -1.2),),
    title="width 3",
)
BARS = Bars((Bar("w₁·x₁", -2.0), Bar("w₂·x₂", 1.0, "pushes up"), Bar("b", -1.0)), "Three pushes.")
LOG_BARS = Bars(
    (Bar("layer 1", 4.3e-7), Bar("layer 2", 2e-5), Bar("layer 6", 1e-3)), "Gradients vanish.", "", True
)
STRIP = Strip(-4, 4, ((-2.0, "A"), (-1.8, "also A"), (1.5, "B")), "Two places.", 0.0)


def draw_neuron(values: Mapping[str, float]) -> tuple[Show, ...]:
    z = values["w"] * 2 + values["b"]
    return (
        Words(f"z = {values['w']:g}·2 + {values['b']:g} = **{z:g}**"),
        BARS,
        Strip(-9, 9, ((z, "z"),), "z", 0.0),
    )


KNOBS = (Knob("w", "w₁", -4, 4, 0.5, 1), Knob("b", "b", -4, 4, 0.5, -1))
FIGURE = Figure(KNOBS, draw_neuron, "Move one number at a time. Which of them can make the neuron fire?")
SHEET = Sheet(
    ("unit", "w·x", "+ b", "z", "h = relu(z)"),
    (
        ("h₁", "−1.5·2 + 2·1", "+ 0.5", "−0.5", Blank("h1")),
        ("h₂", "1·2 − 0.5·1", "− 1.0", Blank("z2"), Blank("h2")),
    ),
    "Two units.",
    {"h1": "relu(−0.5)", "z2": "1·2 − 0.5·1 − 1", "h2": "relu(z₂)"},
)
NUMBERS = Numbers(
    "Fill in what is missing.", (Field("h1", "h₁"), Field("z2", "z₂"), Field("h2", "h₂")), SHEET
)
WORKSHEET = Worksheet(
    {"z1": -0.5, "s": 1.5},
    (
        Line("h1", "h₁", lambda v: max(0.0, v["z1"]), "relu({z1})"),
        Line("z2", "z₂", lambda v: v["s"] - 1, "{s} − 1"),
        Line("h2", "h₂", lambda v: max(0.0, v["z2"]), "relu({z2})"),
    ),
)
SKIPPED = {
    "relu-skipped": Misconception(
        "the squash was left out",
        "h is z itself: {z1} stays {z1}",
        "relu(z) is 0 wherever z is negative.",
        {"h1": lambda v: v["z1"], "h2": lambda v: v["z2"]},
    )
}
CHOICE = Choice(
    "Which number moves the **firing point** without changing the steepness?",
    (
        Option("the bias", True, "The bias shifts, the weights tilt."),
        Option("a weight", False, "A weight changes the slope.", "bias-as-slope"),
        Option("the squash `relu`", False, "The squash bends what the sum gives."),
    ),
)
SHEET_OF_GRADIENTS = Sheet(
    ("", "at the start", "after 60 steps"),
    (("layer 1", "2.3·10⁻⁶", "0.145"), ("output", "0.36", "0.29")),
    "layer 1: at the start 2.3·10⁻⁶, after 60 steps 0.145; output: at the start 0.36, after 60 steps 0.29.",
)
CASE = Case(
    "What is wrong with it, and which change mends it?",
    ("the rate is far too high", "every hidden unit is silent", "every weight starts at 0"),
    ("a rate of 0.2", "biases at 0"),
    (
        Gauge("gradients, layer by layer", lambda: (Words("Size of the gradient."), SHEET_OF_GRADIENTS)),
        Gauge("units, layer by layer", lambda: (Words("Hidden units after the training."),)),
        Gauge("batches", lambda: (Words("How the rows come in."),)),
    ),
    openings=2,
)
PREDICT = replace(CHOICE, prompt="Will *a* be 0, the same, or larger?", confidence=True)
MANY = replace(
    CHOICE,
    prompt="Which of these are learned? Mark all that apply.",
    many=True,
    options=(
        Option("weights", True, "Learned."),
        Option("biases", True, "Learned."),
        Option("the squash", False, "Chosen."),
    ),
)
ORDER = Order(
    "Put the steps in order.",
    ("squash", "add the bias", "multiply", "add up"),
    (2, 3, 1, 0),
    "Products first.",
)
KNOBS_ASK = Knobs(
    "Choose b so that z = 0.",
    KNOBS,
    draw_neuron,
    lambda v: v["w"] * 2 + v["b"] == 0,
    lambda v: "",
    "z is 0 there.",
    {"w": 1, "b": -2},
)
DESIGN = Design(
    "Defend each choice.",
    (
        DesignField(
            "width", "hidden width", (("8", "8 units"), ("16", "16 units"), ("64", "64 units")), start="16"
        ),
        DesignField("squash", "squash", (("relu", "ReLU"), ("tanh", "tanh"))),
        DesignField("why", "because", example="30 rows"),
    ),
)


def because(form: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Reasons that hang on the choice before them."""
    if form.get("layers") == "none":
        return (("earn", "a layer must earn its place"), ("few", "150 rows are few"))
    return (("test", "to test for a bend"), ("must", "it would be no network without"))


BOARD = Design(
    "Choose each, and have a reason for it.",
    (
        DesignField("layers", "hidden layers", (("none", "none"), ("16", "16 units"))),
        DesignField("why-layers", "hidden layers, because", reasons=because),
        DesignField("brake", "brake", (("none", "none"), ("stop", "early stopping"))),
        DesignField("why-brake", "brake, because", reasons=lambda _: (("noise", "noise"), ("steps", "steps"))),
    ),
    told=lambda form: f"{len(form)} of 4 filled",
)


def frames(seed: int) -> Iterator[Frame | None]:
    for i in range(1, 21):
        yield None
        bars = Bars((Bar("width 2", i / 40), Bar("width 3", i / 20)), "seeds fenced in")
        yield Frame((Beside((SURFACE, SURFACE, SURFACE)), bars), i / 20, f"{i} of 20 seeds, from {seed}")


RUN = Run("Width 1, 2 and 3 side by side.", frames)

SPOT = spots.choice_in(
    "Which wire carries most?",
    Drawing((replace(WIRES, lit=()),), {}),
    "wires",
    spots.Aim("3 times 1 is less than 1.5 times 6.", (2, 1, 3)),
    [spots.Aim("Its weight is the largest.", (1, 3, 2), diagnoses="large")],
)
CELLS = spots.choice_in(
    "Which cell counts the missed ones?",
    Drawing((Matrix(("is A", "is B"), ("said A", "said B"), ((8.0, 2.0), (1.0, 9.0)), "A table of four counts."),), {}),
    "cells",
    spots.Aim("An A that was said to be B.", (1, 2)),
    [],
)
PAGES: dict[str, Page] = {}


def page(
    name: str, part: str, heading: str, show: tuple[Show, ...], ask: object = None, **more: object
) -> None:
    made = Page(
        name,
        part,
        heading,
        5,
        TITLES[4],
        show,
        ask,
        "drop-5/x",
        False,
        len(PAGES) + 1,
        17,
        1,
        1,
        4.2,
        "drop-5",
    )  # type: ignore[arg-type]
    PAGES[name] = replace(made, **more)  # type: ignore[arg-type]


page(
    "recall",
    "recall",
    "Recall",
    (Words("A neuron: **w₁ = −2**, b = 1."),),
    NUMBERS,
    graded=True,
    note="recall 0.86, last seen 6 days ago",
)
page("wires", "read", "Row: who listens. Column: whom to.", (PROSE, WIRES), part_index=2, part_of=4)
page(
    "figure",
    "read",
    "Move it",
    (Words("A neuron is a recipe with three numbers."), FIGURE),
    part_index=3,
    part_of=4,
)
page("curve", "read", "A loss curve", (Words("Both fall."), CURVE))
page("surface", "read", "A map", (Words("A disc in the plane."), SURFACE))
page("bars", "read", "Bars", (Words("Pushes and gradients."), BARS, LOG_BARS, STRIP))
page("sheet", "read", "A worked sheet", (replace(SHEET, rows=(("h₁", "2", "+ 0.5", "−0.5", "0"),)),))
page("beside", "read", "Side by side", (Beside((SURFACE, CURVE)),))
page("predict", "predict", "Predict", (), PREDICT)
page("do", "do", "Do", (Words("Three blanks."),), NUMBERS, graded=True)
page("do-drawn", "do", "Do", (Words("Three blanks."), CURVE), NUMBERS, graded=True)
page("see", "see", "See", (Words("You said: **the bias** (fairly sure)."),), RUN)
page("explain", "explain", "Explain", (WIRES,), CHOICE)
page("case", "do", "Do", (Words("**moons**, two classes. “It does not do what it should.”"),), CASE, graded=True)
page("quiz", "quiz", "Quiz", (), MANY)
page("spot", "quiz", "Quiz", (), SPOT)
page("cells", "quiz", "Quiz", (), CELLS)
page("order", "quiz", "Quiz", (), ORDER)
page("order-pictured", "quiz", "Quiz", (CURVE,), ORDER)
page("knobs", "quiz", "Quiz", (), KNOBS_ASK)
page("board", "do", "Do", (Words("A table with 150 rows."),), BOARD)
page("design", "do", "Do", (Words("A table with 150 rows."),), DESIGN)
page(
    "carry",
    "carry",
    "Carry forward",
    (Words("- z = w·x + b\n- relu is a gate"), Words("Comes back on Tuesday.")),
)
page(
    "linked",
    "read",
    "Elsewhere",
    (Words("The [last number](term:squash) of [a neuron](drop:drop-1). [More](https://example.org)."),),
)
ENDING = Ending(
    ("I can work out any neuron.",),
    ("z = w·x + b", "relu is a gate"),
    (("It took", "7 minutes"), ("Met, put right", "the bias was left out"), ("Tomorrow", "Where does it cut?")),
    next(iter(LIBRARY)),
)
END = Page(
    "end",
    "end",
    "Done for today",
    0,
    "",
    ENDING.show,
    None,
    "",
    False,
    17,
    17,
    1,
    1,
    0,
    ending=ENDING,
)


@dataclass(frozen=True)
class FakeSession:
    at: int
    tried: bool = False
    ended: bool = False


class FakeLog:
    """A log in which nothing is written yet."""

    learner_id = bytes(16)
    refusal = None

    def ledger(self) -> Ledger:
        return Ledger()

    def settings(self) -> dict[str, Any]:
        return {}

    def events(self, **wanted: object) -> list[Any]:
        return []

    daily = sightings = due = append_all = events

    def append(self, fact: Fact, now: Moment) -> None:
        """Nothing is written here: what was kept is not found again."""

    def glance(self) -> Glance:
        return glance(Path("/nowhere"))

    def memory(self, item_key: str) -> None:
        return None

    def memories(self) -> dict[str, Any]:
        return {}

    passed = durations = memories


class FakeStudy:
    """Counts what is answered; `fails` makes the next answer fail to be saved."""

    library, paths = LIBRARY, PATHS
    read_only = False
    banner = unsaved = ""

    def __init__(self, *names: str) -> None:
        self.pages = [PAGES[name] for name in (names or PAGES)]
        self.answers: list[tuple[str, str, str]] = []
        self.turned: list[str] = []
        self.gauges: list[str] = []
        self.strikes: list[str] = []
        self.doubts: Any = None
        self.fails = 0
        self.closed = False
        self.log = FakeLog()
        self.settings: dict[str, Any] = {}
        self.drafts = Drafts(Path("/nowhere"), saved=False)

    def setting(self, name: str) -> Any:
        return value(self.settings, name)

    def change(self, name: str, text: str, now: Moment) -> Any:
        self.settings[name] = SETTINGS[name].read(text)
        return self.settings[name]

    def close(self) -> None:
        self.closed = True

    def drop(self, name: str) -> Drop:
        return self.library.drop(name, self.paths.current)

    def arrange(self, verb: Verb, names: Sequence[str], now: Moment) -> Paths:
        for fact in settled(self.library, self.paths, verb, names):
            self.settings[fact.payload["name"]] = fact.payload["value"]
        self.paths = arranged(self.library, self.settings)
        return self.paths

    def pages_of(self, drop: Drop) -> tuple[Page, ...]:
        return (replace(PAGES["wires"], part_index=1, part_of=1),)

    def fill(self, session: FakeSession, text: str, now: Moment) -> FakeSession:
        return session

    def settled(self, session: FakeSession, now: Moment) -> FakeSession:
        return session

    def today(self, now: Moment) -> Today:
        return make_today()

    def begin(
        self,
        now: Moment,
        *,
        drop: str | None = None,
        replay: bool = False,
        test_out: bool = False,
        place: bool = False,
        wish: str = "",
    ) -> FakeSession:
        return FakeSession(len(self.turned) % (len(self.pages) + 1))

    def made(self, session: FakeSession) -> Surface:
        del session
        return SURFACE

    def page(self, session: FakeSession) -> Page:
        return self.pages[session.at] if session.at < len(self.pages) else END

    def lesson(self, session: FakeSession, page: Page) -> tuple[tuple[Page, ...], int]:
        lesson = (
            replace(PAGES["wires"], part_index=1, part_of=2),
            replace(PAGES["curve"], part_index=2, part_of=2),
        )
        return lesson, 0

    def answer(
        self,
        session: FakeSession,
        text: str,
        now: Moment,
        *,
        seconds: float,
        confidence: str = "",
    ) -> tuple[FakeSession, Answered]:
        asked = self.page(session)
        assert asked.ask is not None
        answer = read(asked.ask, text)
        if self.fails:
            self.fails -= 1
            raise NotSaved("the disk is full; the last answer was NOT saved, earlier ones are safe")
        self.answers.append((asked.key, text, confidence))
        verdict = (
            Verdict(True, "A defensible design.", score=0.8)
            if isinstance(asked.ask, Design | Case)
            else grade(asked.ask, answer, WORKSHEET, SKIPPED)
        )
        first = not session.tried
        rating = (Rating.GOOD if verdict.right else Rating.AGAIN) if asked.graded and first else None
        reason = {
            Rating.GOOD: "Good: first try",
            Rating.AGAIN: "Again: a named misconception",
            None: "Practice",
        }[rating]
        due = date(2026, 11, 24) if rating else None
        outcome = Answered(
            b"e",
            verdict,
            asked.part == "predict",
            rating,
            reason,
            due,
            returns=not verdict.right and first,
        )
        return replace(session, tried=True), outcome

    def reveal(self, session: FakeSession, now: Moment) -> tuple[FakeSession, Answered]:
        verdict = Verdict(False, "", line="h₁ = relu(−0.5) = 0", wanted="0; 0.5; 0.5")
        return replace(session, tried=True), Answered(
            b"r",
            verdict,
            False,
            Rating.AGAIN,
            "Again: the line was shown",
            date(2026, 11, 22),
            returns=True,
        )

    def outcome(self, session: FakeSession) -> None:
        """Nothing was answered before a test began."""

    def doubt(self, now: Moment) -> Any:
        """What the test says."""
        return self.doubts

    def set_right(self, found: Any, now: Moment) -> str:
        self.doubts = None
        return "2 answers dated up to 5 March 2027 now count for up to 5 March 2026."

    def open_gauge(self, session: FakeSession, gauge: str, now: Moment) -> FakeSession:
        self.gauges.append(gauge)
        return session

    def strike(self, session: FakeSession, cause: str, now: Moment) -> FakeSession:
        self.strikes.append(cause)
        return session

    def turn(self, session: FakeSession, now: Moment) -> FakeSession:
        self.turned.append(self.page(session).key)
        return FakeSession(session.at + 1)

    def act(self, session: FakeSession, name: str, what: str, now: Moment) -> tuple[FakeSession, str]:
        assert (name, what) == ("undo", "")
        self.answers = self.answers[:-1]
        return replace(session, tried=False), "Taken back: your answer to “z and a for one neuron” of drop 1."

    def guessed(self, outcome: Answered) -> Answered:
        return replace(outcome, rating=Rating.AGAIN, reason="Again: you guessed")

    def repair(self, outcome: Answered, text: str) -> bool:
        assert outcome.verdict.repair is not None
        return near(read_number(text), outcome.verdict.repair.answer, 0.005)
