"""Three lines: z = w·x + b, a = relu(z), y = a + 1, with w = −2, x = 3, b = 1: −5, 0, 1."""

import pytest

from drops.exercises.blocks import Choice, Field, Knob, Knobs, Numbers, Option, Order
from drops.exercises.grading import grade
from drops.exercises.worksheet import Line, Misconception, Worksheet

SHEET = Worksheet(
    {"w": -2.0, "x": 3.0, "b": 1.0},
    (
        Line("z", "z", lambda v: v["w"] * v["x"] + v["b"], "{w}·{x} + {b}"),
        Line("a", "a", lambda v: max(0.0, v["z"]), "relu({z})"),
        Line("y", "y", lambda v: v["a"] + 1, "{a} + 1"),
    ),
)
FIELDS = (Field("z", "z"), Field("a", "a"), Field("y", "y"))
BUGS = {
    "no-bias": Misconception("no bias", "{b} is left out", "Add b.", {"z": lambda v: v["w"] * v["x"]}),
    "skipped": Misconception("no squash", "{z} stays {z}", "relu gives 0.", {"a": lambda v: v["z"]}),
    "abs": Misconception(
        "sign dropped", "{z} becomes positive", "relu gives 0.", {"a": lambda v: abs(v["z"])}
    ),
    "half": Misconception(
        "halved", "the half is taken", "no half.", {"y": lambda v: v["a"] / 2 + 1}, convention=True
    ),
}


def verdict(z, a, y, sheet=SHEET, bugs=BUGS):
    return grade(Numbers("", FIELDS), {"z": z, "a": a, "y": y}, sheet, bugs)


def standings(found):
    return [field.standing for field in found.fields]


def test_right_numbers_are_right():
    found = verdict(-5, 0, 1)
    assert found.right
    assert found.feedback == "All 3 right."
    assert found.wanted == "−5; 0; 1"


def test_a_misconception_is_named_with_its_consequences():
    found = verdict(-5, -5, -4)
    assert found.misconceptions == ("skipped",)
    assert standings(found) == ["right", "misconception", "follows"]
    assert found.feedback == "Your a = −5 is what you get if −5 stays −5. relu gives 0."
    assert found.repair.question == "a"
    assert found.repair.answer == 0
    assert found.line == "a = relu(−5) = 0"


def test_a_misconception_on_ones_own_wrong_number_is_named_too():
    found = verdict(-4, -4, -3)
    assert found.misconceptions == ("skipped",)
    assert standings(found) == ["slip", "misconception", "follows"]
    assert found.feedback.startswith("Your a = −4 is what you get if −4 stays −4.")
    assert (found.repair.question, found.repair.answer) == ("if z = −5, a", 0)


def test_two_that_are_one_slip_away_alike_are_told_together_though_one_bends_more_numbers():
    ones = Worksheet({}, tuple(Line(name, name, lambda _: 1.0, "1") for name in "pqr"))
    bugs = {
        "all": Misconception("all off", "…", "Rule.", dict.fromkeys("pqr", lambda _: 0.0)),
        "first": Misconception("first off", "…", "Rule.", {"p": lambda _: 0.0}),
    }
    ask = Numbers("", tuple(Field(name, name) for name in "pqr"))
    assert grade(ask, {"p": 0, "q": 0, "r": 1}, ones, bugs).misconceptions == ("all", "first")
    assert grade(ask, {"p": 0, "q": 0, "r": 0}, ones, bugs).misconceptions == ("all",)
    assert grade(ask, {"p": 0, "q": 1, "r": 1}, ones, bugs).misconceptions == ("first",)


def test_one_wrong_number_with_sound_consequences_is_a_slip():
    found = verdict(2, 2, 3)
    assert found.misconceptions == ()
    assert standings(found) == ["slip", "follows", "follows"]
    assert found.only_slip
    assert (
        found.feedback
        == "The method is right and the rest follows from your own number. Recheck one sum: z = −2·3 + 1."
    )
    assert found.repair.answer == -5


def test_a_slip_is_mended_from_the_learners_own_numbers():
    found = verdict(2, 2, 7)
    assert standings(found) == ["slip", "follows", "slip"]
    assert found.slips == 2
    assert found.feedback == "Start at z and recheck: −2·3 + 1."


def test_a_misconception_that_contradicts_right_numbers_is_not_named():
    # relu skipped would also have given a = −5; this learner squashed
    found = verdict(-5, 0, -4)
    assert found.misconceptions == ()
    assert standings(found) == ["right", "right", "slip"]


def test_two_that_cannot_be_told_apart_are_told_together():
    twins = {
        "one": Misconception("one way", "…", "Rule.", {"a": lambda _: 7.0}),
        "two": Misconception("another way", "…", "Rule.", {"a": lambda _: 7.0}),
    }
    found = verdict(-5, 7, 8, bugs=twins)
    assert found.misconceptions == ("one", "two")
    assert found.title == "one of these two"
    assert found.feedback == "Your a = 7 fits two things: one way, or another way. Rule."


@pytest.mark.parametrize("ways", [1, 2])
def test_a_field_that_is_called_the_something_is_spoken_of_as_yours(ways):
    off = Misconception("off", "it is {p}", "Rule.", {"p": lambda _: 7.0})
    sheet = Worksheet({}, (Line("p", "the sum", lambda _: 1.0, "1"),))
    bugs = {str(way): off for way in range(ways)}
    told = grade(Numbers("", (Field("p", "the sum"),)), {"p": 7}, sheet, bugs).feedback
    assert told.startswith("Your sum = 7 ")


def test_what_explains_another_number_is_no_second_reading_of_this_one():
    pair = Worksheet({}, tuple(Line(name, name, lambda _: 1.0, "1") for name in "pq"))
    bugs = {
        "second": Misconception("second off", "it is {q}", "Rule.", {"q": lambda _: 5.0}),
        "first": Misconception("first off", "…", "Rule.", {"p": lambda _: 7.0}),
    }
    ask = Numbers("", (Field("p", "p"), Field("q", "q")))
    found = grade(ask, {"p": 7, "q": 5}, pair, bugs)
    assert found.misconceptions == ("second",)
    assert found.feedback == "Your q = 5 is what you get if it is 5. Rule."


def test_a_misconception_that_lands_on_the_answer_counts_as_right():
    lucky = {"lucky": Misconception("lucky", "…", "Rule.", {"a": lambda _: 0.0})}
    assert verdict(-5, 0, 1, bugs=lucky).right


def test_another_convention_is_told_and_not_punished_as_an_error():
    sheet = Worksheet({"w": 2.0, "x": 3.0, "b": 1.0}, SHEET.lines)
    found = verdict(7, 7, 4.5, sheet=sheet)
    assert found.misconceptions == ("half",)
    assert found.feedback == "y = 4.5 is a legitimate other convention: the half is taken. Here: no half."


def test_rounding_that_is_carried_on_is_right():
    sheet = Worksheet(
        {"x": 1 / 3},
        (Line("z", "z", lambda v: v["x"], "{x}"), Line("a", "a", lambda v: 10 * v["z"], "10·{z}")),
    )
    fields = (Field("z", "z"), Field("a", "a"))
    assert grade(Numbers("", fields), {"z": 0.33, "a": 3.3}, sheet, {}).right


def test_printed_fields_count_as_given():
    # only y is asked; a is printed, so a skipped squash cannot explain y = −4
    found = grade(Numbers("", FIELDS[2:]), {"y": -4}, SHEET, BUGS, ("z", "a"))
    assert found.misconceptions == ()
    found = grade(Numbers("", FIELDS[1:]), {"a": -5, "y": -4}, SHEET, BUGS, ("z",))
    assert found.misconceptions == ("skipped",)


def test_a_choice_tells_every_option_and_names_what_was_shown():
    ask = Choice(
        "?",
        (Option("a", True, "yes"), Option("b", False, "no, since …", "wrong-way"), Option("c", False, "hm")),
    )
    assert grade(ask, (0,), None, {}).right
    found = grade(ask, (1,), None, {})
    assert not found.right
    assert found.misconceptions == ("wrong-way",)
    assert found.feedback == "no, since …"
    assert found.wanted == "1"
    assert found.options == ("yes", "no, since …", "hm")


@pytest.mark.parametrize(
    ("picked", "right"), [((0, 2), True), ((0,), False), ((0, 1, 2), False), ((1,), False)]
)
def test_all_that_apply_means_exactly_those(picked, right):
    ask = Choice(
        "?", (Option("a", True, "1"), Option("b", False, "2", "x"), Option("c", True, "3")), many=True
    )
    assert grade(ask, picked, None, {}).right is right


def test_an_order_is_right_when_every_piece_stands_in_its_place():
    ask = Order("?", ("add", "multiply"), (1, 0), "why")
    assert grade(ask, (1, 0), None, {}).right
    found = grade(ask, (0, 1), None, {})
    assert (found.right, found.wanted) == (False, "2 1")


def test_after_a_wrong_order_the_right_one_is_part_of_what_is_said():
    ask = Order("?", ("add", "multiply", "squash"), (1, 0, 2), "why")
    wrong = grade(ask, (0, 1, 2), None, {})
    assert wrong.feedback == "The right order: multiply, then add, then squash. why"
    assert wrong.tells_line
    assert grade(ask, (1, 0, 2), None, {}).feedback == "why"


def test_pieces_with_a_comma_of_their_own_are_told_apart_in_the_right_order():
    ask = Order("?", ("2x, then 5·(…)", "x, then 3·(…)"), (1, 0), "why")
    assert grade(ask, (0, 1), None, {}).line == "The right order: x, then 3·(…); 2x, then 5·(…)."


def test_a_knob_that_shows_a_misconception_is_told_so():
    ask = Knobs(
        "?",
        (Knob("c", "c", -4, 0, 0.5, 0),),
        lambda _: (),
        lambda v: v["c"] == -2,
        lambda v: "no-bias" if v["c"] == 0 else "",
        "try lower",
        {"c": -2},
    )
    assert grade(ask, {"c": -2}, None, BUGS).right
    bugs = {"no-bias": Misconception("no bias", "{c} pushes nothing", "Add b.")}
    found = grade(ask, {"c": 0}, None, bugs)
    assert (found.misconceptions, found.title) == (("no-bias",), "no bias")
    assert found.feedback == "With c = 0 0 pushes nothing. Add b."
    assert grade(ask, {"c": -1}, None, bugs).feedback == "try lower"
