"""What is typed at an option or a piece: the digit before it, and what older answers hold."""

import pytest

from drops.errors import Unreadable
from drops.exercises.answers import digit, read, told
from drops.exercises.blocks import Case, Choice, Design, DesignField, Field, Gauge, Numbers, Option, Order
from drops.exercises.steps import right, wrong

SIX = Choice("?", (right("yes", "…"), *(wrong(f"no {i}", "…") for i in range(5))))
ALL = Choice("?", SIX.options, many=True)
FOUR = Order("?", ("a", "b", "c", "d"), (1, 0, 3, 2), "…")


def test_every_option_is_picked_by_the_digit_that_stands_before_it():
    assert [read(SIX, digit(i)) for i in range(6)] == [(i,) for i in range(6)]
    assert [digit(i) for i in range(3)] == ["1", "2", "3"]


@pytest.mark.parametrize("typed", ["1, 3, 6", "136", "6 3 1", " 1;3. 6) ", "3,1,6,3"])
def test_all_that_apply_are_typed_as_people_list_things(typed):
    assert read(ALL, typed) == (0, 2, 5)


@pytest.mark.parametrize("typed", ["2 1 4 3", "2143", "2,1,4,3"])
def test_an_order_is_typed_as_digits(typed):
    assert read(FOUR, typed) == (1, 0, 3, 2)


def test_answers_stored_by_letter_are_still_read():
    assert read(SIX, "f") == (5,)
    assert read(ALL, "a, c") == (0, 2)
    assert read(FOUR, "b a d c") == read(FOUR, "badc") == (1, 0, 3, 2)


@pytest.mark.parametrize(
    ("ask", "typed", "why"),
    [
        (SIX, "7", "“7” is none of 1 to 6; for example 1"),
        (SIX, "0", "“0” is none of 1 to 6; for example 1"),
        (SIX, "12", "one option only; for example 1"),
        (SIX, "", "nothing is chosen yet; for example 1"),
        (SIX, "hello", "“hello” is none of 1 to 6; for example 1"),
        (SIX, "the Last one!", "“the Last one!” is none of 1 to 6; for example 1"),
        (SIX, "18", "“18” is none of 1 to 6; for example 1"),
        (SIX, "x" * 41, f"“{'x' * 39}…” is none of 1 to 6; for example 1"),
        (FOUR, "one two", "“one two” is none of 1 to 4; for example 2 1 where there are two"),
        (ALL, "1, 9", "“9” is none of 1 to 6; for example 1, 3"),
        (FOUR, "1 2 3", "each of 1 to 4 once; for example 2 1 where there are two"),
        (FOUR, "1 1 2 3", "each of 1 to 4 once; for example 2 1 where there are two"),
    ],
)
def test_what_is_no_option_is_told_with_an_example(ask, typed, why):
    with pytest.raises(Unreadable) as problem:
        read(ask, typed)
    assert str(problem.value) == why


@pytest.mark.parametrize(("text", "given"), [("", "none"), ("  ", "none"), ("1", "1"), ("1; 2; 3", "3")])
def test_how_many_numbers_are_asked_is_one_line_with_one_semicolon_after_it(text, given):
    fields = tuple(Field(name, name, example="2") for name in "ab")
    with pytest.raises(Unreadable) as problem:
        read(Numbers("", fields), text)
    said = f"2 numbers are asked, with ; between them, and {given} given; for example 2; 2"
    assert str(problem.value) == said


@pytest.mark.parametrize(
    ("ask", "typed", "names"),
    [
        (Numbers("", (Field("z", "z for A"), Field("a", "a"))), "0.5; −1", "z for A = 0.5; a = −1"),
        (Choice("", (Option("fires", True, ""), Option("rests", False, ""))), "2", "rests"),
        (Choice("", tuple(Option(t, True, "") for t in "abc"), many=True), "1, 3", "a; c"),
        (Order("", ("add", "squash"), (0, 1), ""), "2 1", "squash, then add"),
        (Case("", ("low", "high"), (), (Gauge("g", tuple),), 1), "2; 1; 1/0", "high"),
        (Case("", ("low", "high"), ("He", "tanh"), (Gauge("g", tuple),), 1), "2 1; 1", "high; He"),
        (Design("", (DesignField("s", "squash", (("relu", "relu"), ("tanh", "tanh"))),)), "s=tanh", "squash tanh"),
        (Choice("", (Option("fires", True, ""), Option("rests", False, ""))), "9", "9"),
    ],
)
def test_what_was_answered_is_told_by_names_and_not_as_it_is_kept(ask, typed, names):
    assert told(ask, typed) == names
