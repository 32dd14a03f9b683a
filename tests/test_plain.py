"""The line face: complete, and without anything a screen reader would stumble over."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from drops.course.model import Library
from drops.errors import Unreadable
from drops.exercises.blocks import (
    Bar,
    Bars,
    Blank,
    Case,
    Choice,
    Curve,
    Design,
    DesignField,
    Field,
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
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.exercises.grading import Verdict
from drops.plain.asking import NOTHING_SO_FAR, Asker, CaseSoFar
from drops.plain.feedback import verdict_lines
from drops.plain.figures import moved
from drops.plain.prompt import Here, Stopped, Talk
from drops.plain.session import Plain
from drops.plain.spoken import WIDTH, heard, lines, plain_markdown
from drops.plain.watching import watch
from drops.study.pages import Answered, Page
from drops.study.shown.kept import HINT


class Lines:
    """A terminal of lines: answers from a list, then one answer for ever, or the end of the input."""

    def __init__(self, *typed: str, then: str | None = None) -> None:
        self.typed, self.then, self.out = list(typed), then, []

    def ask(self, prompt: str) -> str:
        self.out.append(prompt)
        if not self.typed and self.then is None:
            raise EOFError
        return self.typed.pop(0) if self.typed else self.then

    def say(self, line: str) -> None:
        self.out.append(line)


class Nowhere:
    """In front of a prompt that stands alone: no page, and nothing in hand."""

    def links(self):
        return ()

    def lesson(self, at):
        return ()

    def acts(self):
        return {}

    def act(self, name, what):
        raise AssertionError(name)

    def code(self):
        return ""


class Placing(Lines):
    """Places every handle of a drawn prediction at 1; types all else as it comes."""

    def ask(self, prompt: str) -> str:
        typed = super().ask(prompt)
        places = prompt.count("; ") + 1 if prompt.endswith(" = ") else 1
        return "; ".join(["1"] * places) if typed == "1" else typed


class Wrong(Lines):
    """Answers each question, its numbers wrongly."""

    def ask(self, prompt: str) -> str:
        self.out.append(prompt)
        if prompt.startswith("The order"):
            return "show"
        if prompt.startswith("g gauges"):
            return "c 1"
        return "77" if prompt.endswith(" = ") else "1" if prompt.startswith(("Your", "How", "Which")) else ""


def test_a_whole_day_runs_to_its_end_by_show_and_enter(study, clock):
    face = Lines(*["show", "", "a", "1"] * 1000)
    Plain(study, clock, face.ask, face.say).run(study.begin(clock()))
    assert any(line.startswith("Done for today") for line in face.out)
    assert study.today(clock()).finished == 1


def test_no_line_has_box_drawing_or_a_control_character(study, clock):
    face = Lines(*["show", "", "a", "1"] * 1000)
    Plain(study, clock, face.ask, face.say).run(study.begin(clock()))
    text = "\n".join(face.out)
    assert not re.search(r"[\u2500-\u259f\u2800-\u28ff]|[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)


TWO_ENDS = re.compile(r"[?!.,;:] ?\.(?:\s|$)")  # a title's own mark and a full stop, or an axis without a name
SILENT = re.compile("[₀-₉⁰¹²³⁴-⁹⁻✓✗→·∂ŷ]")  # signs that a synthesiser drops or misnames


@pytest.mark.slow
@pytest.mark.parametrize(
    "number", [pytest.param(n, marks=[pytest.mark.nightly] * (n % 2)) for n in range(1, 15)]
)
def test_no_page_of_a_drop_has_a_sign_that_is_not_heard_or_columns_of_blanks(study, clock, number):
    face = Placing(*["show", "", "1", "1"] * 600, then="quit")
    Plain(study, clock, face.ask, face.say).run(study.begin(clock(), drop=str(number)))
    said = "\n".join(face.out).splitlines()
    assert any(line.startswith("Done.") for line in said)
    assert [line for line in said if SILENT.search(line)] == []
    assert [line for line in said if re.search(r"\S  +\S|\|", line)] == []
    assert [line for line in said if TWO_ENDS.search(line)] == []


@pytest.mark.slow
def test_a_drawn_prediction_is_not_given_away_and_says_what_to_do(study, clock):
    face = Placing(*["1", "", "show", "1"] * 600, then="quit")
    Plain(study, clock, face.ask, face.say).run(study.begin(clock(), drop="10"))
    told = face.out.index("a prediction cannot be given away; set every place, a guess will do")
    assert face.out[told - 1].startswith("layer 1; layer ")
    assert any(line.startswith("Done.") for line in face.out)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("z = w₁·x₁ + b", "z = w1 × x1 + b"),
        ("w₁₁ and b₁[1]", "w11 and b1[1]"),
        ("10⁻⁵", "10 to the power −5"),
        ("10⁻² and 10²³, 10² and x³", "10 to the power −2 and 10 to the power 23, 10 squared and x cubed"),
        ("(2.5)^2, (0.2)^3, 1.5^2.5, 2^10", "(2.5) squared, (0.2) cubed, 1.5 to the power 2.5, 2 to the power 10"),
        ("(ŷ − y)²", "(y-hat − y) squared"),
        ("ŷ₂", "y-hat 2"),
        ("∂L/∂w", "dL/dw"),
        ("x₂ → h₁", "x2 to h1"),
        ("1.9e−05 and 2e-05", "1.9 × 10 to the power −5 and 2 × 10 to the power −5"),
        ("for example -1.5, not 2-3-1 or sub-layer", "for example −1.5, not 2-3-1 or sub-layer"),
        ("- x₁ → h₁: 2 · x₂ → h₁: 3", "- x1 to h1: 2; x2 to h1: 3"),
        ("W₁ · x", "W1 × x"),
        ("|x|", "absolute value of x"),
    ],
)
def test_a_sign_that_speech_drops_or_misnames_is_said(written, said):
    assert heard(written) == said
    assert heard(said) == said


def test_a_table_is_read_row_by_row_with_the_names_of_its_columns():
    table = Sheet(("input", "x₁", "z"), (("A", "1", Blank("zA")), ("B", "−2", "5")), "Two inputs.")
    assert list(lines(table)) == ["Two inputs.", "  input A: x1 = 1, z asked", "  input B: x1 = −2, z = 5"]


def test_a_row_of_numbers_under_numbers_names_both():
    table = Sheet(("z", "−1", "0", "1"), (("relu", "0", "0", "1"),), "ReLU.")
    assert list(lines(table)) == ["ReLU.", "  relu by z: 0 at −1, 0 at 0, 1 at 1"]


def test_a_table_whose_sentence_tells_every_number_is_not_told_twice():
    says = "h₁: weight −2, bias 1; h₂: weight 3, bias 1."
    rows = (("h₁", "−2", "1"), ("h₂", "3", "1"))
    assert len(list(lines(Sheet(("unit", "weight", "bias"), rows, says)))) == 1
    told = ["  unit h1: weight = −2, bias = 1", "  unit h2: weight = 3, bias = 1"]
    less = "h₁: weight −2, bias 1; h₂: weight 3."
    assert [*lines(Sheet(("unit", "weight", "bias"), rows, less))] == told  # the rows tell that, and more
    other = "Two units, 2 numbers each."
    assert [*lines(Sheet(("unit", "weight", "bias"), rows, other))] == [other, *told]


def test_a_map_is_told_by_its_lines_its_points_and_nine_of_its_heights():
    surface = Surface(
        ((0, 0, 1), (0, 1, 1), (1, 1, 1)),
        (-1, 1),
        (-2, 2),
        "It fires on the right.",
        points=(Point(0.5, -1, 1, "P"),),
        arrows=(Point(1, 2, 1, "w"),),
        lines=((1, -1, 0.5),),
    )
    assert list(lines(surface)) == [
        "It fires on the right.",
        "  line: x1 − x2 + 0.5 = 0",
        "  point P: across 0.5, up −1, class 1",
        "  arrow w: from 0 across 1, up 2",
        "  The map at −1, 0, 1 across:",
        "  up 2: 0, 0, 1",
        "  up 0: 0, 1, 1",
        "  up −2: 1, 1, 1",
    ]


@pytest.mark.parametrize(
    ("ceiling", "value", "said"),
    [
        (2.079, 2.079, "2.079"),
        (2.079, 452.237, "more than 2 (452)"),
        (2.079, 2.266, "more than 2 (2.266)"),
        (10.0, 12.5, "more than 10 (12.5)"),
        (0.3, 0.5, "more than 0.3 (0.5)"),
        (2e9, 3.5e10, "more than 2.0 × 10 to the power 9 (3.5 × 10 to the power 10)"),
        (2.079, math.nan, "more than 2 (no number)"),
        (2.079, math.inf, "more than 2 (no number)"),
        (None, 452.237, "452.237"),
    ],
)
def test_what_a_picture_draws_at_its_edge_is_told_with_its_true_value(ceiling, value, said):
    points = ((0, 0.2), (1, value))
    curve = Curve(
        (Series("loss", points),), "step", "loss", "It rises.", marks=((1, value, "here"),), ceiling=ceiling
    )
    told = " ".join(line.strip() for line in lines(curve))
    assert told.endswith(f"loss: 0.2 at 0; {said} at 1 mark here: {said} at 1")


def test_a_place_that_stands_for_a_step_is_told_as_the_step():
    points = ((0, 0.9), (1, 0.5), (2, 0.25))
    told = " ".join(lines(Curve((Series("loss", points),), "step", "", "It falls.", places=(0, 7, 600))))
    assert told.endswith("loss: 0.9 at 0; 0.5 at 7; 0.25 at 600")


def test_an_axis_without_a_name_is_not_told():
    points = ((0, 0.5), (1, 1))
    for across, up, told in (("z", "", "Across: z."), ("", "loss", "Up: loss."), ("z", "σ", "Across: z. Up: σ.")):
        assert told in [line.strip() for line in lines(Curve((Series("σ", points),), across, up, "It rises."))]
    assert "Across" not in " ".join(lines(Curve((Series("σ", points),), "", "", "It rises.")))


@pytest.mark.parametrize(
    ("many", "wanted", "said"),
    [
        (False, "2", "Not this. Right is option 2: the bias."),
        (True, "2, 3", "Not exactly these. Right are option 2: the bias; option 3: any weight?"),
    ],
)
def test_who_chose_one_of_two_right_ones_is_not_told_that_it_is_wrong(many, wanted, said):
    right = {int(one) - 1 for one in wanted.split(", ")}
    texts = ("the inputs", "the bias", "any weight?")
    ask = Choice("", tuple(Option(text, i in right, "") for i, text in enumerate(texts)), many=many)
    page = Page("", "quiz", "", 1, "", (), ask, "", True, 1, 1, 1, 1, 0.0)
    outcome = Answered(b"", Verdict(False, "", options=("", "", ""), wanted=wanted), False, None, "", None)
    assert next(verdict_lines(page, outcome)) == said


def test_a_table_whose_first_column_has_no_name_keeps_its_columns():
    assert plain_markdown("| | row 1 | row 2 |\n|---|---|---|\n| target | 1 | −2 |") == "- target: row 1 = 1, row 2 = −2"
    assert plain_markdown("| | before |\n|---|---|\n| time | 4 ms |") == "- time: 4 ms"


def test_a_table_in_a_lesson_is_read_row_by_row():
    assert plain_markdown("| you predict | squash |\n|---|---|\n| yes or no | sigmoid |") == (
        "- you predict yes or no: sigmoid"
    )


def face_at(study, clock, *typed: str, drop: str = "1", sections: bool = True) -> Lines:
    """The line face at the exercise of a drop, after these lines were typed."""
    read = [""] * len(study.library.drop(drop).sections) if sections else []
    face = Lines(*read, *typed, "quit")
    Plain(study, clock, face.ask, face.say).run(study.begin(clock(), drop=drop))
    return face


def test_every_word_that_help_tells_works_at_a_number_that_is_asked(study, clock):
    face = face_at(study, clock, "1", "1", "", "again", "how", "5", "help", "back", "show")
    told = [line.partition(": ")[0] for line in face.out[face.out.index("again: hear this page once more.") :]]
    words = ["again", "back", "show", "undo", "set aside", "forget", "quit", "help"]
    assert [word for word in told if word in (*words, "how", "open 1")] == words
    prompts = [line for line in face.out if line.endswith(" = ")]
    assert [prompt.partition("(")[2][:6] for prompt in prompts] == ["1 of 4"] * 3 + ["2 of 4"] * 2 + ["1 of 4"]
    assert prompts[-1].endswith("(1 of 4, Enter keeps 5) = ")
    assert sum(line.startswith("Do: ") for line in face.out) == 2
    assert any(line.startswith("The answer: ") for line in face.out)


def test_the_word_links_tells_what_a_page_refers_to(study, clock):
    face = face_at(study, clock, "", "", "links", "", "links", drop="3", sections=False)
    said = " ".join(line for line in face.out)
    assert "ReLU: The squash max(0, z)" in said
    assert "kink: The place where a ReLU bends" in said
    face = face_at(study, clock, "", "links", drop="3", sections=False)
    assert "This page refers to nothing." in face.out
    face = face_at(study, clock, "terms", drop="6", sections=False)
    assert "drop 1: A neuron is a weighted sum and a squash, nothing more" in face.out


def test_help_and_quit_work_at_every_prompt_of_a_day(study, clock):
    """Asks for help before each answer; quits at each prompt in turn, and goes on there."""
    asked: list[str] = []

    class Helped(Lines):
        def ask(self, prompt):
            asked.append(prompt)
            return "help" if len(asked) % 2 else super().ask(prompt)

    face = Helped(*["1", "1", "", "1"] * 12, then="quit")
    Plain(study, clock, face.ask, face.say).run(study.begin(clock()))
    assert asked[::2][:-1] == asked[1::2][: len(asked[::2]) - 1]
    assert face.out[-1].startswith("Stopped.")


def test_again_after_an_answer_tells_its_feedback_once_more(study, clock):
    face = face_at(study, clock, "1", "1", "again")
    assert face.out.count("Noted. You will see.") == 2


def test_a_page_says_where_it_stands_and_a_drop_its_title_once(study, clock):
    face = Lines(*["show", "", "1", "1"] * 1000)
    Plain(study, clock, face.ask, face.say).run(study.begin(clock()))
    sections, quiz = len(study.library.drop("1").sections), len(study.library.drop("1").quiz)
    for at in range(1, sections + 1):
        assert any(line.startswith(f"Page {at} of {sections}: ") for line in face.out)
    for at in range(1, quiz + 1):
        assert any(line.startswith(f"Quiz, question {at} of {quiz}") for line in face.out)
    assert any(line.startswith("Once more") for line in face.out)
    assert sum(line.startswith("Drop 1. ") for line in face.out) == 1
    assert face.out[0].endswith(" minutes: drop 1.")


def test_a_moved_figure_tells_what_changed_and_only_that(study, clock):
    face = face_at(study, clock, "", "w1=2", sections=False)
    at = face.out.index("w1 = 2.")
    assert any("2 × 1.5 − 1 × (−2) − 1" in line for line in face.out[at:])
    assert "  b: −1" not in face.out[at:]


def test_a_place_with_a_name_may_be_typed_as_it_was_told():
    knobs = {"table": Knob("table", "table", 0, 1, 1, 0, ("W₁", "x²"))}
    assert [moved(knobs, f"table={name}") for name in ("W₁", "W1", "x squared")] == [
        {"table": 0},
        {"table": 0},
        {"table": 1},
    ]


def without_figures(library):
    """The same lessons as words alone."""

    def bare(section):
        return section._replace(parts=tuple(part for part in section.parts if isinstance(part, str)))

    return Library(
        tuple(
            path._replace(
                phases=tuple(
                    phase._replace(
                        drops=tuple(
                            drop._replace(sections=tuple(map(bare, drop.sections))) for drop in phase.drops
                        )
                    )
                    for phase in path.phases
                )
            )
            for path in library.paths
        )
    )


def test_what_is_typed_where_nothing_is_asked_is_told_so(study, clock):
    study.library = without_figures(study.library)
    face = face_at(study, clock, "hello", "how", "show", sections=False)
    assert "Nothing is asked here. Enter goes on, help tells the words." in face.out
    assert "No formula is given here." in face.out
    assert "There is nothing to give away here." in face.out


def test_an_unreadable_answer_is_asked_again_with_an_example(study, clock):
    face = Lines(*[""] * len(study.library.drop("1").sections), "zebra", "a", "1", "quit")
    Plain(study, clock, face.ask, face.say).run(study.begin(clock()))
    assert any(" is none of " in line and "for example " in line for line in face.out)
    assert len(study.log.events(item_prefix="weighted-sum-and-squash/by-hand")) == 1


def test_the_end_of_the_input_is_no_error_and_the_next_start_goes_on(study, clock):
    def gone(prompt: str) -> str:
        raise EOFError

    face = Lines()
    Plain(study, clock, gone, face.say).run(study.begin(clock()))
    assert face.out[-1] == "Stopped. Every answer is stored; the next start goes on here."


def test_markdown_is_read_as_words():
    assert (
        plain_markdown("A [neuron](term:neuron) is **not** `magic`, *really*.")
        == "A neuron is not magic, really."
    )
    assert plain_markdown("2*3 and w*x") == "2*3 and w*x"


@pytest.mark.parametrize(
    "block",
    [
        Words("One.\n\nTwo."),
        Sheet(("a", "b"), (("1", "2"),), "A sheet."),
        Wires((("x",), ("h",)), (((0.5,),),), ((1.0,), (0.5,)), "A wire.", biases=((1.0,),)),
        Curve((Series("loss", ((0, 1.0), (1, 0.5))),), "step", "loss", "It falls.", marks=((0, 1, "start"),)),
        Surface(((0.0, 1.0),), (0, 1), (0, 1), "A map.", lines=((1, 2, 3),)),
        Bars((Bar("layer 1", 1e-7),), "Small.", log=True),
        Strip(-1, 1, ((0.5, "z"),), "A line."),
        Matrix(("a", "b"), ("a", "b"), ((1.0, None), (0.25, 0.75)), "Shares.", lit=((1, 1),)),
    ],
)
def test_every_block_is_sentences_and_numbers(block):
    text = list(lines(block))
    assert text
    assert all(len(line) <= WIDTH for line in text)


def test_a_figure_is_moved_by_typing_and_refuses_what_it_has_not():
    from drops.exercises.blocks import Knob

    knobs = {"w": Knob("w", "w", -2, 2, 0.5, 0)}
    assert moved(knobs, "w = 1,5") == {"w": 1.5}
    assert moved(knobs, "w=9") == {"w": 2}
    brake = {"brake": Knob("brake", "brake", 0, 1, 1, 0, ("off", "on"))}
    assert moved(brake, "brake = on") == moved(brake, "brake=1") == {"brake": 1}
    with pytest.raises(Unreadable, match="moves nothing"):
        moved(knobs, "v=1")


def test_a_prediction_that_is_given_up_is_asked_again_not_the_end(study, clock):
    face = Lines(*[""] * len(study.library.drop("1").sections), "show", "a", "1", "quit")
    Plain(study, clock, face.ask, face.say).run(study.begin(clock()))
    assert "a prediction cannot be given away; choose one, a guess will do" in face.out
    assert len(study.log.events(item_prefix="weighted-sum-and-squash/by-hand")) == 1


def test_who_stops_where_nothing_is_saved_is_not_told_that_it_is(home, library, clock, study):
    from drops.memory.schedule import folded
    from drops.store.log import Log
    from drops.study.study import Study

    reading = Study(library, Log.open(home, folded(0.9), now=clock(), read_only=True))
    try:
        face = Lines("quit")
        Plain(reading, clock, face.ask, face.say).run(reading.begin(clock()))
    finally:
        reading.close()
    assert face.out[-1] == "Stopped. What was answered here is not saved."


@pytest.mark.slow
def test_a_drop_is_named_by_its_title_once_and_by_its_number_when_it_returns(study, clock, learner):
    for _ in range(2):
        learner.day()
        clock.days(1)
    clock.days(3)
    face = Lines(*["show", ""] * 12, then="quit")
    Plain(study, clock, face.ask, face.say).run(study.begin(clock()))
    asked = [line for line in face.out if "Recall, question " in line]
    assert asked[0].startswith("Recall, question 1 of ")
    assert any(line.startswith("Drop 1. Recall, question ") for line in asked)
    assert sum(line.startswith("Drop 1. A neuron is ") for line in face.out) == 1


def test_how_tells_the_formula_of_the_number_that_is_asked():
    sheet = Sheet(("", "value"), (("g", Blank("g")),), "One gradient.", {"g": "2·(ŷ − y)"})
    face = Lines("how", "4")
    talk = Talk(face.ask, face.say, Nowhere())
    ask = Numbers("", (Field("g", "g"),), sheet)
    typed = Asker(talk, str, str, str).numbers(ask, Here(lambda: None))
    assert (typed, face.out) == ("4", ["g = ", "g = 2 × (y-hat − y)", "g = "])


def case(changes=("a rate of 0.2", "biases at 0")):
    gauges = tuple(
        Gauge(f"gauge {name}", lambda name=name: (Words(f"{name} reads 2·10⁻⁶."),), f"Is {name} sound?")
        for name in "abc"
    )
    return Case("What is wrong?", ("this", "that"), changes, gauges, openings=2)


def told_of_a_case(ask, *typed, noted=NOTHING_SO_FAR, draft=""):
    face, gauges, strikes = Lines(*typed), [], []
    asker = Asker(Talk(face.ask, face.say, Nowhere()), gauges.append, strikes.append, str)
    return asker.typed(ask, lambda: None, noted, draft), gauges, strikes, face.out


def test_a_case_is_opened_struck_named_and_mended_by_lines():
    lines = "g", "g 3", "g 9", "OPEN 1", "g 3", "g 2", "x 1", "x 1", "x 7", "c 5", "zebra", "c 2", "7", "1"
    answer, gauges, strikes, out = told_of_a_case(case(), *lines)
    assert answer == "2 1; 3 1"
    assert (gauges, strikes) == (["3", "1"], ["1", "1"])
    assert any("gauge b: Is b sound?" in line for line in out)
    assert "gauge c (1 of 2)." in out
    assert out.count("c reads 2 × 10 to the power −6.") == 2
    assert "b reads 2 × 10 to the power −6." not in out
    assert "There is no gauge 9: g 1 to g 3." in out
    assert "2 gauges are open. Name the cause: c 1 to c 2." in out
    assert "1 is struck off." in out
    assert "1 is taken back." in out
    assert "There is no cause 7: 1 to 2." in out
    assert "“7” is none of 1 to 2" in out
    assert "“zebra” is none of these" in out


def test_what_was_opened_and_struck_off_before_is_told_again():
    answer, gauges, _, out = told_of_a_case(case(()), "g 1", "2", noted=CaseSoFar(("3",), ("1",)))
    assert answer == "2; 3 1"
    assert gauges == ["1"]
    assert "Struck off: 1." in out
    assert "gauge c (1 of 2)." in out


def test_a_case_whose_cause_was_named_before_keeps_it_by_enter():
    answer, *_ = told_of_a_case(case(), "", "2", draft="1")
    assert answer == "1 2"


@pytest.mark.parametrize(
    ("says", "heard_"),
    [
        ("Right.", ["Right."]),
        ("All 3 right.", ["Right.", "All 3 right."]),
        ("Right, by evidence.", ["Right, by evidence."]),
        ("Right to left it is.", ["Right.", "Right to left it is."]),
    ],
)
def test_right_is_said_and_said_once(says, heard_):
    page = Page("", "do", "", 1, "", (), Numbers("", ()), "", True, 1, 1, 1, 1, 0.0)
    assert [*verdict_lines(page, Answered(b"", Verdict(True, says), False, None, "", None))] == heard_


def test_a_mix_up_met_again_is_named_and_nothing_is_promised(study, clock):
    """Only some mix-ups can come back as a line to find."""
    verdict = Verdict(False, "It was added.", misconceptions=("b",))
    page = Page("", "do", "", 1, "", (), Numbers("", ()), "", True, 1, 1, 1, 1, 0.0)
    told = [
        *verdict_lines(
            page, Answered(b"", verdict, False, None, "", None, confirmed=("added, not multiplied",))
        )
    ]
    assert "Seen a second time now: added, not multiplied." in told


def test_after_a_wrong_order_the_right_one_is_said_once(study, clock, learners):
    session = study.begin(clock(), drop="9")
    while not study.page(session).item_key.endswith("/iteration"):
        session = learners(study).page(session)
    ask = study.page(session).ask
    assert isinstance(ask, Order)
    right = learners(study).answer_to(session, study.page(session))
    face = Lines(right[::-1], "quit")
    Plain(study, clock, face.ask, face.say).run(session)
    order = ", then ".join(ask.pieces[i] for i in ask.right)
    assert " ".join(face.out).count(f"The right order: {order}") == 1


OPTIONS = tuple(Option(text, text == "b", "") for text in ("a", "b", "c"))
ASKS = {
    "numbers": (Numbers("", (Field("z", "z"),)), "0.5"),
    "choice": (Choice("", OPTIONS), "2"),
    "many": (Choice("", OPTIONS, many=True), "1, 3"),
    "spot": (Choice("", OPTIONS, picture=lambda _: ()), "b"),
    "case": (Case("", ("a", "b"), (), (Gauge("g", tuple),), 1), "2"),
    "order": (Order("", ("a", "b"), (1, 0), ""), "2 1"),
    "knobs": (Knobs("", (Knob("w", "w", -1, 1, 0.5, 0),), lambda _: (), lambda _: True, lambda _: "", "", {}), "0.5"),
    "design": (Design("", (DesignField("s", "squash", (("relu", "relu"), ("tanh", "tanh"))),)), "s=relu"),
}
UNREAD = ("1e5 please", "x₁·2", "drops show", "--1.5", "½½", "open", "zebra 7", "１２", "٣", "w1=1")


@pytest.mark.parametrize("kind", ASKS)
@pytest.mark.parametrize("typed", UNREAD)
def test_what_cannot_be_read_is_quoted_whole_as_it_was_typed_and_asked_again(kind, typed):
    ask, right = ASKS[kind]
    face = Lines(typed, right.partition("=")[2] or right)
    Asker(Talk(face.ask, face.say, Nowhere()), str, str, str).typed(ask, lambda: None)
    assert f"“{typed}”" in next(line for line in face.out if "“" in line)


@pytest.mark.parametrize("kind", ASKS)
def test_an_example_is_the_same_in_the_question_and_in_the_complaint(kind):
    ask, right = ASKS[kind]
    face = Lines("zebra 7", right.partition("=")[2] or right)
    Asker(Talk(face.ask, face.say, Nowhere()), str, str, str).typed(ask, lambda: None)
    told = {found[1] for line in face.out for found in re.finditer("for example (.+?)(?:: )?$", line)}
    assert len(told) <= 1


@pytest.mark.parametrize("kind", ASKS)
@pytest.mark.parametrize("typed", ["", "\x1b[A", "\x00", "\u202e", "\x1b[31m"])
def test_a_line_that_shows_nothing_is_nothing_typed(kind, typed):
    ask, right = ASKS[kind]
    face = Lines(typed, right.partition("=")[2] or right)
    Asker(Talk(face.ask, face.say, Nowhere()), str, str, str).typed(ask, lambda: None)
    assert not [line for line in face.out if "“”" in line]
    assert [line for line in face.out if re.search("no number yet|nothing is (chosen|typed) yet", line)]


def test_a_value_of_a_form_may_be_typed_in_any_case_or_by_its_digit():
    ask = ASKS["design"][0]
    for typed in ("ReLU", "1", "relu"):
        face = Lines(typed)
        assert Asker(Talk(face.ask, face.say, Nowhere()), str, str, str).typed(ask, lambda: None) == "s=relu"


@pytest.mark.slow
def test_the_lab_opens_from_any_prompt_and_quit_comes_back(study, clock):
    typed, said = iter(["lab", "run 5", "quit", "help", "quit"]), []

    def ask(prompt):
        said.append(prompt)
        return next(typed)

    Plain(study, clock, ask, said.append).run(study.begin(clock()))
    text = "\n".join(said)
    assert "step 5: loss" in text
    assert text.index("lab> ") < text.index("lab: the Lab, with the net of this page")
    assert text.rstrip().endswith("the next start goes on here.")


def test_help_tells_of_giving_up_where_that_can_be_done_and_nowhere_else(study, clock):
    offered = {}
    for part in ("predict", "do"):
        face = Lines("help", "quit")
        session = study.begin(clock(), drop="1")
        while study.page(session).part != part:
            session = study.answer(session, "1", clock(), seconds=9.0)[0] if study.page(session).ask else session
            session = study.turn(session, clock())
        Plain(study, clock, face.ask, face.say).run(session)
        offered[part] = any(line.startswith("show: ") for line in face.out)
        assert offered[part] == study.page(session).gives_up
    assert offered == {"predict": False, "do": True}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((("x₁", "x₂"), ("relu",) * 3, ("ŷ",)), ["3 relu units each listen to x1, x2", "y-hat listens to 3 relu units"]),
        (
            (tuple(f"x{i}" for i in range(1, 25)), ("h₁", "h₂", "h₃", "h₄"), ("ŷ",)),
            ["h1 to h4 each listen to x1 to x24", "y-hat listens to h1 to h4"],
        ),
        ((("x₁", "x₂"), ("·", "·")), ["2 units each listen to x1, x2"]),
        ((("bill", "mass"), ("yes",)), ["yes listens to bill, mass"]),
    ],
)
def test_a_net_without_numbers_is_told_layer_by_layer(names, said):
    sizes = [len(layer) for layer in names]
    weights = tuple(((0.0,) * before,) * units for before, units in pairwise(sizes))
    told = lines(Wires(names, weights, None, "A net."))
    assert [line.strip() for line in told if "listen" in line] == said


def test_what_a_sentence_tells_is_not_listed_again_in_lines():
    bars = Bars((Bar("a", 0.5), Bar("b", 2)), "a 0.5, b 2.")
    assert list(lines(bars)) == ["a 0.5, b 2."]
    assert len(list(lines(replace(bars, says="a is the smaller one.")))) == 3
    row = Matrix(("x",), ("1", "2"), ((3.0, 4.0),), "x: 3 4.", "x")
    assert list(lines(row)) == ["x: 3 4."]
    assert len(list(lines(replace(row, says="A row.")))) == 3


def test_places_without_names_are_said_in_one_line():
    strip = Strip(0, 5, ((1, ""), (2, ""), (3, "new")), "Three places.")
    assert list(lines(strip)) == ["Three places.", "  at 1, 2", "  new: 3"]


def test_what_stays_the_same_along_a_curve_is_said_once():
    curve = Curve((Series("a", ((0, 5), (1, 2), (2, 2), (3, 2), (4, 1), (5, 1))),), "", "", "A line.")
    assert list(lines(curve))[1:] == ["  a: 5 at 0; 2 from 1 to 3; 1 at 4; 1 at 5"]


# ── a run that is watched ──


def watched(*typed):
    """What is told of a run of ten moments, and what of it once it was turned."""

    def frames(seed, nudges):
        rate, last = 1, max((at for at, *_ in nudges), default=0.0)
        for n in range(1, 11):
            for at, _, to in nudges:
                rate = to if abs(at - (n - 1) / 10) < 1e-9 else rate
            if n / 10 > last + 1e-9:
                yield Frame((), n / 10, f"Moment {n} of start {seed}, rate {rate:g}")

    rate = Knob("rate", "rate", 0, 2, 1, 1, ("a tenth", "as it is", "ten times"))
    run = Run("Watch.", lambda seed: frames(seed, ()), knobs=(rate,), nudged=frames)
    said, lines = [], iter(typed)
    talk = Talk(lambda prompt: said.append(prompt) or next(lines), said.append, Quiet())
    watch(run, 7, talk)
    return said


class Quiet:
    """Nothing stands in front of the prompt."""

    def links(self):
        return ()

    def lesson(self, at):
        return ()

    def acts(self):
        return {}

    def open_lab(self, *, gives_away):
        raise AssertionError

    def act(self, name, what):
        raise AssertionError


def test_a_run_is_nudged_by_one_typed_line_and_goes_on_from_that_moment():
    said = watched("40 rate ten times", "80 % rate 0.1", "")
    assert said[1:4] == [
        "10 % done. Moment 1 of start 7, rate 1",
        "40 % done. Moment 4 of start 7, rate 1",
        "70 % done. Moment 7 of start 7, rate 1",
    ]
    turned = said.index("Rate ten times from 40 % on.")
    assert said[turned + 1] == "50 % done. Moment 5 of start 7, rate 2"
    again = said.index("Rate ten times from 40 % on, rate a tenth from 80 % on.")
    assert said[again + 1] == "90 % done. Moment 9 of start 7, rate 0"
    assert said[-1].startswith("Enter to go on, or nudge it, as 40 rate ten times")


def test_what_a_run_has_shown_is_told_behind_its_last_moment():
    said, typed, moments = [], iter(("",)), (Frame((), 0.5, "half"), Frame((), 1.0, "whole"))
    talk = Talk(lambda prompt: said.append(prompt) or next(typed), said.append, Quiet())
    watch(Run("Watch.", lambda seed: iter(moments), closes="You *foresaw* it."), 7, talk)
    assert said == ["Watch.", "50 % done. half", "100 % done. whole", "You foresaw it.", "Enter to go on: "]


def test_what_cannot_be_read_as_a_nudge_is_told_with_an_example_and_asked_again():
    said = watched("faster", "40 speed 3", "")
    assert any("for example 40 rate ten times" in line or "as 40 rate ten times" in line for line in said)
    assert any("there is no “speed” to turn: rate" in line for line in said)


def test_the_end_of_a_run_is_told_also_where_nothing_has_changed_since():
    said, typed = [], iter(("",))
    moments = (Frame((), 0.5, "half right"), Frame((Words("half  \nright"), Words("more")), 1.0, "half right"))
    watch(Run("Watch.", lambda seed: iter(moments)), 7, Talk(lambda _: next(typed), said.append, Quiet()))
    assert said == ["Watch.", "50 % done. half right", "100 % done.", "more"]


def test_the_bare_ground_of_points_is_not_read_out_as_a_map_of_zeros():
    points = (Point(1, 2, 0, "A"), Point(-3, 0, 0, "B"))
    ground = Surface(((0.0,),), (-5, 5), (-5, 5), "Two points.", points=points)
    assert [*lines(ground)] == ["Two points.", "  point A: across 1, up 2", "  point B: across −3, up 0"]
    mixed = replace(ground, points=(points[0], replace(points[1], label=1)))
    assert [*lines(mixed)][1:] == ["  point A: across 1, up 2, class 0", "  point B: across −3, up 0, class 1"]
    named = [*lines(replace(mixed, classes=("Adelie", "Gentoo")))]
    assert named[1:] == ["  point A: across 1, up 2, Adelie", "  point B: across −3, up 0, Gentoo"]


@pytest.mark.parametrize("pieces", [2, 3, 4, 9])
def test_no_order_that_could_be_the_right_one_is_given_as_an_example(pieces):
    face, order = Lines("no order", then="quit"), Order("", tuple("abcdefghi"[:pieces]), (*range(pieces),), "")
    with pytest.raises(Stopped):
        Asker(Talk(face.ask, face.say, Nowhere()), str, str, str).typed(order, lambda: None)
    examples = re.findall("for example ([0-9 ]*[0-9])", "\n".join(face.out))
    assert len(examples) > 1
    assert [one for one in examples if len(one.split()) == pieces] == []


def test_a_long_number_of_a_bar_has_its_comma_in_lines_too():
    bars = Bars((Bar("shown", 1026), Bar("held", 3), Bar("small", 2e-5)), "What it holds.")
    assert [*lines(bars)][1:] == ["  shown: 1,026", "  held: 3", "  small: 2.0 × 10 to the power −5"]


def test_the_note_of_a_page_that_names_a_command_has_it_as_it_is_typed(study, clock, monkeypatch):
    face = Lines(then="quit")
    plain = Plain(study, clock, face.ask, face.say)
    page = replace(study.page(study.begin(clock())), note=HINT)
    monkeypatch.setattr(study, "page", lambda _: page)
    plain.run(study.begin(clock()))
    assert f"{HINT}." in face.out
    assert HINT.startswith("drops ")
