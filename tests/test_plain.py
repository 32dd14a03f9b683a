"""The line face: complete, and without anything a screen reader would stumble over."""

from __future__ import annotations

import re

import pytest

from drops.errors import Unreadable
from drops.exercises.blocks import Bar, Bars, Curve, Series, Sheet, Strip, Surface, Wires, Words
from drops.plain import Plain, moved
from drops.spoken import lines, plain_markdown


class Lines:
    """A terminal of lines: answers from a list, or "show" and Enter for ever."""

    def __init__(self, *typed: str, then: str = "") -> None:
        self.typed, self.then, self.out = list(typed), then, []

    def ask(self, prompt: str) -> str:
        self.out.append(prompt)
        return self.typed.pop(0) if self.typed else self.then

    def say(self, line: str) -> None:
        self.out.append(line)



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


def test_an_unreadable_answer_is_asked_again_with_an_example(study, clock):
    face = Lines(*[""] * len(study.library.drop("1").sections), "zebra", "a", "1", "quit")
    Plain(study, clock, face.ask, face.say).run(study.begin(clock()))
    assert any("is none of a to" in line and "for example a" in line for line in face.out)
    assert len(study.log.events(item_prefix="weighted-sum-and-squash/by-hand")) == 1


def test_the_end_of_the_input_is_no_error_and_the_next_start_goes_on(study, clock):
    def gone(prompt: str) -> str:
        raise EOFError

    face = Lines()
    Plain(study, clock, gone, face.say).run(study.begin(clock()))
    assert face.out[-1] == "Stopped. Every answer is stored; the next start goes on here."


def test_markdown_is_read_as_words():
    assert plain_markdown("A [neuron](term:neuron) is **not** `magic`, *really*.") == "A neuron is not magic, really."
    assert plain_markdown("2*3 and w*x") == "2*3 and w*x"


@pytest.mark.parametrize("block", [
    Words("One.\n\nTwo."),
    Sheet(("a", "b"), (("1", "2"),), "A sheet."),
    Wires((("x",), ("h",)), (((0.5,),),), ((1.0,), (0.5,)), "A wire.", biases=((1.0,),)),
    Curve((Series("loss", ((0, 1.0), (1, 0.5))),), "step", "loss", "It falls.", marks=((0, 1, "start"),)),
    Surface(((0.0, 1.0),), (0, 1), (0, 1), "A map.", lines=((1, 2, 3),)),
    Bars((Bar("layer 1", 1e-7),), "Small.", log=True),
    Strip(-1, 1, ((0.5, "z"),), "A line."),
])
def test_every_block_is_sentences_and_numbers(block):
    text = list(lines(block))
    assert text
    assert all(len(line) <= 100 for line in text)


def test_a_figure_is_moved_by_typing_and_refuses_what_it_has_not():
    from drops.exercises.blocks import Knob

    knobs = {"w": Knob("w", "w", -2, 2, 0.5, 0)}
    assert moved(knobs, "w = 1,5") == {"w": 1.5}
    assert moved(knobs, "w=9") == {"w": 2}
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
