"""The line: text and value are the same thing, and what is no line says what to write."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.networks.lab import controls
from drops.networks.lab.broken import NONE, WANTS, broken, suits
from drops.networks.lab.line import CHANGES, LOCKS, OF_A_LINE, read_line
from drops.networks.lab.recipe import Edit, Hidden, Recipe, Turn, print_line, print_number
from drops.networks.lab.shape import MOST_LAYERS, LineError
from drops.networks.lab.words import (
    EPOCHS,
    FEATURES,
    NUMBER_WORDS,
    OF_ONE,
    RATE,
    RULES,
    SCALE,
    SCHEDULES,
    SOURCES,
    SQUASHES,
    STARTS,
    Range,
)


def within(range_: Range) -> st.SearchStrategy[float]:
    if range_.whole:
        return st.integers(int(range_.low), int(range_.high))
    return st.floats(range_.low, range_.high)


@st.composite
def turns(draw: st.DrawFn, sizes: tuple[int, ...]) -> tuple[Turn, ...]:
    made = []
    for step in sorted(draw(st.sets(st.integers(0, 9999), max_size=2))):
        changes: dict[str, object] = {}
        if draw(st.booleans()):
            changes["rule"] = draw(st.sampled_from(tuple(RULES)))
            if draw(st.booleans()):
                changes["rate"] = draw(within(RATE))
        for name in draw(st.sets(st.sampled_from(CHANGES), min_size=not changes, max_size=2)):
            changes[name] = draw(within(NUMBER_WORDS[name]))
        layer = draw(st.integers(1, len(sizes) - 1))
        place = draw(st.integers(1, sizes[layer])), draw(st.integers(0, sizes[layer - 1]))
        edit = Edit(layer, *place, draw(st.floats(-1000, 1000).map(lambda v: v + 0.0)))
        made.append(Turn(step, tuple(changes.items()), (edit,) if draw(st.booleans()) else ()))
    return tuple(made)


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    data = draw(st.sampled_from(tuple(SOURCES)))
    source = SOURCES[data]
    names = FEATURES if source.columns == 2 else OF_ONE if source.columns == 1 else ()
    chosen = draw(st.sets(st.sampled_from(tuple(names)))) if names else set[str]()
    features = tuple(name for name in FEATURES if name in chosen)
    squash = draw(st.sampled_from(SQUASHES))
    hidden: list[Hidden] = []
    width = len(features) or source.columns
    for _ in range(draw(st.integers(0, MOST_LAYERS))):
        residual = width <= 256 and draw(st.booleans())
        width = width if residual else draw(st.integers(1, 256))
        own = draw(st.sampled_from(("", *(one for one in SQUASHES if one != squash))))
        hidden.append(Hidden(width, own, residual))
    numbers = {
        name: draw(within(range_) if name != "goal" else st.floats(0.01, 1))
        for name, range_ in NUMBER_WORDS.items()
        if draw(st.booleans()) and (source.drawn or name != "noise")
    }
    start = draw(st.sampled_from(("", *STARTS)))
    plain = Recipe(data, hidden=tuple(hidden))
    faults = [fault for fault in WANTS if suits(plain, fault)]
    return Recipe(
        data,
        features,
        tuple(hidden),
        squash,
        draw(st.sampled_from(tuple(RULES))),
        draw(st.none() | within(RATE)),
        draw(st.sampled_from(("", *source.losses))),
        start,
        draw(st.none() | within(SCALE)) if start else None,
        draw(st.none() | st.tuples(st.sampled_from(SCHEDULES), within(EPOCHS))),
        fault=draw(st.sampled_from(("", *faults))),
        only=tuple(draw(st.lists(st.sampled_from(LOCKS), max_size=2, unique=True))),
        **numbers,
    )


@given(recipes())
def test_a_word_goes_without_saying_where_the_printed_line_does_not_say_it(recipe):
    recipe = read_line(print_line(replace(recipe, only=(), fault="")))
    line, unsaid = f" {print_line(recipe)} ", controls.unsaid(recipe)
    shown = controls.controls(recipe)
    assert not unsaid & {"data", "shape"}
    for name, said in shown:
        if name not in ("data", "shape", "rate"):
            assert (f" {said} " in line) == (name not in unsaid), name


@given(recipes())
def test_a_value_reads_back_from_its_line_and_the_line_from_its_value(recipe):
    line = print_line(recipe)
    again = read_line(line)
    assert read_line(print_line(again)) == again
    assert again.sizes == recipe.sizes
    assert again.parameters == recipe.parameters
    for said in (
        "data",
        "hidden",
        "squash",
        "rule",
        "learning_rate",
        "start",
        "scale",
        "schedule",
        "fault",
        "only",
    ):
        assert getattr(again, said) == getattr(recipe, said), said
    for said in (
        "measured_by",
        "spread",
        "reach",
        "rows",
        "test",
        "batch",
        "l1",
        "l2",
        "drop",
        "clip",
        "seed",
    ):
        assert getattr(again, said) == getattr(recipe, said), said


@pytest.mark.slow
@given(st.data())
def test_what_changes_in_a_run_reads_back_too(data):
    base = read_line("circle 2-3-2-1")
    made = Recipe("circle", hidden=base.hidden, turns=data.draw(turns(base.sizes)))
    made = Recipe("circle", hidden=base.hidden, turns=tuple(t for t in made.turns if t.changes or t.edits))
    assert read_line(print_line(made)) == made


@given(st.floats(-1e9, 1e9))
def test_a_number_is_printed_short_and_comes_back_to_the_same_bits(value):
    assert float(print_number(value)) == value
    assert not print_number(value).lstrip("-").startswith("0.")


PIECES = ["circle", "2-4-1", "@5", "sgd", ".1", "W1[1,1]=3", "only", "batch", "10", "x"]


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_whatever_is_typed_is_a_line_or_one_sentence_with_a_place(text):
    recipe, refused = None, None
    try:
        recipe = read_line(text)
    except LineError as error:
        refused = error
    if recipe:
        assert read_line(print_line(recipe)) == recipe
    if refused:
        assert "\n" not in str(refused)
        assert 0 <= refused.span[0] <= refused.span[1] <= len(text)


SHORT = {
    "": "circle",
    "circle 2-4-2-1": "circle 2-4-2-1",
    "x y circle 2-4relu-1 relu": "circle 2-4-1 relu",
    "adam .03 circle noise 0 rows 600 seed 1 bce": "circle",
    "moons noise .1 goal 95": "moons",
    "goal 97": "circle goal .97",
    "siny x y sinx spiral 4-5-1 ADAM": None,
    "spiral x y sinx siny 4-5-1 adam .02 @1240 adam .005 @1300 W1[2,1]=0": (
        "spiral x y sinx siny 4-5-1 adam .02 @1240 adam .005 @1300 W1[2,1]=0"
    ),
    "circle 2–8−1": "circle 2-8-1",
    "circle @0 b1[2]=−0.5": "circle @0 b1[2]=-.5",
    "circle 2-8gelu-tanh-8+-1 normal 3 cosine 30 clip 1": "circle 2-8gelu-tanh-8+-1 normal 3 cosine 30 clip 1",
}


@pytest.mark.parametrize("typed", SHORT)
def test_the_printed_line_is_the_shortest(typed):
    if SHORT[typed] is None:
        with pytest.raises(LineError, match='no word "ADAM"'):
            read_line(typed)
    else:
        assert print_line(read_line(typed)) == SHORT[typed]


REFUSED = {
    "sprial 2-8-8-1": 'no word "sprial"; did you mean "spiral"?',
    "spiral 3-8-1": "x y make 2 inputs, the shape begins with 3: write 2-8-1",
    "xor xy 2-1": "xy make 1 input, the shape begins with 2: write 1-1",
    "circle 2-8": "circle wants 1 output, the shape ends with 8: write 2-8-1",
    "rings 2-1": "rings wants 3 outputs, the shape ends with 1: write 2-1-3",
    "Circle 2-8-1": 'no word "Circle"; did you mean "circle"?',
    "circle ADAMW .1": 'no word "ADAMW"; did you mean "adamw"?',
    "@9 sgd @9 adam": "step 9 is there already; write what changes behind one @9",
    "circle 2-4-3": "circle wants 1 output, the shape ends with 3: write 2-4-1",
    "rings 2-8-1": "rings wants 3 outputs, the shape ends with 1: write 2-8-3",
    "circle xor": '"xor" says data a second time, after "circle"; keep one',
    "circle tanh relu": '"relu" says the squash a second time, after "tanh"; keep one',
    "circle batch 10 batch 20": '"batch" says batch a second time; keep one',
    "plane bce": "plane wants a number, bce a yes or no; write mse",
    "penguins mse": "penguins wants a class, mse a number; write ce",
    "circle batch 0": "batch 0 is outside 1 … 2000",
    "batch 1.5": "batch 1.5 is no whole number; batch is 1 … 2000",
    "sgd -1": "the rate -1 is outside 1e-9 … 1000",
    "adam 1e999": "the rate 1e999 is outside 1e-9 … 1000",
    "adam 3x": '"3x" is no number; the rate is 1e-9 … 1000',
    "seed x": '"seed" wants a number after it, as in "seed 1"',
    "seed __import__('os')": '"seed" wants a number after it, as in "seed 1"',
    "2-999-1": "a layer of 999 units; 1 to 256, and what does not fit scrolls",
    "2-1-1-1-1-1-1-1-1": "7 hidden layers; 0 to 6 are shown",
    "2-4-8+-1": "a layer that adds what came in is as wide as that: write 4+ for 8+",
    "2-8relo-1": 'no squash "relo"; did you mean "relu"?',
    "2relu-4-1": "inputs and outputs take no squash; write 2-4-1",
    "circle 8": 'the number 8 belongs to no word; write it after one, as in "batch 20"',
    "circle only": '"only" wants what may change after it, as in "only squash"',
    "wine x": "wine brings 13 columns of its own; leave x out",
    "penguins noise .3": "penguins has the rows that were measured; leave noise out",
    "sine y": "sine has one column; of it there are x, xx, sinx",
    "x" * 500: "a line has at most 400 characters, this one 500; leave something out",
    "@": '"@" wants a step after it, up to 1,000,000, as in "@1200 sgd .01"',
    "@5": 'nothing changes at step 5; write what does, as in "@5 sgd .01"',
    "@9 sgd @5 sgd": "step 5 comes after step 9; write steps in their order",
    "@5 xor": '"xor" cannot change in a run; after @ stand a rule, a shape, a squash, batch, l1, l2, drop, clip, '
    "or W1[2,1]=0.5",
    "@5 3-8-1": "x y make 2 inputs, the shape begins with 3: write 2-8-1",
    "circle 2-4-1 @5 2-3-1 W1[4,1]=3": "2-3-1 has no W1[4,1]; they go to W2[1,3]",
    "@5 2-8-1 2-9-1": '"2-9-1" says the shape at step 5 a second time, after "2-8-1"; keep one',
    "W1[1,1]=3": '"W1[1,1]=3" sets a weight at a step; write @0 in front of it',
    "@0 W9[1,1]=3": "2-4-4-1 has no W9[1,1]; they go to W3[1,4]",
    "@0 b1[5]=3": "2-4-4-1 has no b1[5]; they go to W3[1,4]",
    "@0 b1=3": '"b1=3" names no weight; write W2[3,1]=0.5 for a weight, b2[3]=0.5 for a bias',
    "circle ½": f'no word "½"; {OF_A_LINE}',
    "circle `id`;": f'no word "`id`;"; {OF_A_LINE}',
    "circle rate .1": 'the rate stands behind its rule, as in "adam .01"',
    "a\0b": "a character that cannot be shown stands in the line; type it anew",
    "2-8-1 \x1b[31m": "a character that cannot be shown stands in the line; type it anew",
    "@0 W1[1]=3": '"W1[1]=3" names no weight; write W2[3,1]=0.5 for a weight, b2[3]=0.5 for a bias',
}


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_line_says_what_to_write_and_points_at_the_word(typed):
    with pytest.raises(LineError) as refused:
        read_line(typed)
    assert str(refused.value) == REFUSED[typed]
    first, behind = refused.value.span
    assert re.fullmatch(r"\S*", typed[first:behind][:400])


def test_a_nul_and_an_escape_are_no_words_and_do_not_come_back_as_they_were():
    for typed in ("a\0b", "\x1b[31mred", "csv:../../etc/passwd"):
        with pytest.raises(LineError) as refused:
            read_line(typed)
        assert str(refused.value).isprintable()


LOCKED = "circle 2-4-1 only squash rate batch"


@pytest.mark.parametrize("words", ["relu", "adam .05", "batch 20", "relu batch 5", "@9 adam .1 batch 20"])
def test_what_a_line_leaves_open_may_change(words):
    assert read_line(words, read_line(LOCKED)) != read_line(LOCKED)


@pytest.mark.parametrize(
    "words",
    ["2-5-1", "sgd", "sgd .1", "xor", "xx", "l2 .1", "seed 2", "goal .5", "break rate-high", "only data", "zeros",
     "cosine 3", "mse", "relu l1 .1", "@9 sgd", "@9 l2 .1", "@9 W1[1,1]=3"],
)  # fmt: skip
def test_what_a_line_locks_stays_and_a_whole_line_begins_another(words):
    with pytest.raises(LineError) as refused:
        read_line(words, read_line(LOCKED))
    assert str(refused.value) == "only squash rate batch may change here; type a whole line to begin another"
    read_line(words.replace("@9", "circle @9"))


CHANGED = [
    ("circle 2-4-1 relu", "xor", "xor 2-4-1 relu"),
    ("circle 2-4-1 huber", "rings", "rings 2-4-3"),
    ("spiral xx yy 2-4-1", "sine", "sine xx 1-4-1"),
    ("spiral xx yy 2-4-1", "wine", "wine 13-4-3"),
    ("circle 2-4-1", "2-8-1 seed 3", "circle 2-8-1 seed 3"),
    ("circle 2-4-1 seed 3", "seed 1", "circle 2-4-1"),
    ("circle xx 1-4-1", "x y", "circle 2-4-1"),
]


@pytest.mark.parametrize(("line", "words", "then"), CHANGED)
def test_words_change_a_line_and_leave_the_rest(line, words, then):
    assert print_line(read_line(words, read_line(line))) == then


@pytest.mark.slow
@given(recipes())
def test_what_is_broken_is_broken_once_and_is_a_line_of_its_own(recipe):
    once = broken(recipe)
    assert broken(once) == once
    assert read_line(print_line(once)).fault == recipe.fault
    assert broken(read_line(print_line(once))).sizes == once.sizes


@pytest.mark.parametrize("fault", WANTS)
def test_a_fault_is_mended_by_none_and_by_whoever_sets_it_otherwise(fault):
    data = {"a number": "hills", "a yes or no": "circle", "a class": "rings"}.get(WANTS[fault], "circle")
    was = read_line(f"{data} break {fault}")
    assert broken(was) != replace(was, fault="") or fault in ("uphill", "never-zeroed")
    assert print_line(read_line(f"break {NONE}", was)) == data
    for words in ("sgd .2", "relu", "he", "batch 20", "l2 .01"):
        mended = read_line(words, was)
        assert mended.fault in ("", fault)
        if not mended.fault:
            assert broken(mended) == mended


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("circle break", '"break" wants the name of a fault after it, as in "break rate-high"'),
        ("circle break rate-hi", 'no fault "rate-hi"; did you mean "rate-high"?'),
        ("circle break pressed", '"pressed" wants a number, circle has a yes or no; write plane or hills'),
        ("hills break sorted", '"sorted" wants a class, hills has a number; write circle or rings'),
        (
            "circle 2-1 break twins",
            '"twins" wants a hidden layer, the line has no hidden layer; write a shape with one, as in 2-8-1',
        ),
        ("circle break rate-high break twins", '"break" says what is broken a second time; keep one'),
        ("circle 2-8-1 break bottleneck @5 W1[3,1]=2", "2-1-1 has no W1[3,1]; they go to W2[1,1]"),
    ],
)
def test_what_cannot_be_broken_is_said_with_what_can(line, says):
    with pytest.raises(LineError) as wrong:
        read_line(line)
    assert str(wrong.value) == says


def test_a_fault_of_the_clinic_that_is_no_line_says_where_it_is():
    with pytest.raises(
        LineError, match='"overfit" is no change of one line: the clinic has it; here there are rate-high, '
    ):
        read_line("circle break overfit")


def test_a_fault_that_no_longer_suits_is_mended():
    assert read_line("circle", read_line("hills break pressed")).fault == ""
