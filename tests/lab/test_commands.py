"""`drops lab`: the verdict as data and as lines, and the Lab in lines."""

from __future__ import annotations

import json
import re
from functools import partial

import pytest

from drops.cli.main import main
from drops.networks.lab.challenges import CHALLENGES
from drops.plain.lab import WORDS, LabTalk
from drops.study.study import Study


@pytest.fixture
def drops(home, capsys):
    def run(*words: str) -> tuple[int, str, str]:
        try:
            status = main(["--home", str(home), *words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def talk(study, clock):
    """What is said where a line is opened and these words are typed."""
    return partial(spoken, study, clock)


def spoken(study: Study, clock, *typed: str, line: str = "circle 2-4-1") -> str:
    said, left = [], list(typed)

    def ask(prompt: str) -> str:
        if not left:
            raise EOFError
        said.append(prompt + left[0])
        return left.pop(0)

    LabTalk(ask, said.append, lambda: study, clock).run(line)
    return "\n".join(said)


def test_a_line_is_judged_as_json(drops):
    status, out, _ = drops("lab", "circle 2-4-1", "--json", "--steps", "800", "--seeds", "10")
    told = json.loads(out)
    assert status == 0
    assert (told["line"], told["steps"], told["seeds"], told["parameters"]) == ("circle 2-4-1", 800, 10, 17)
    assert 0.8 <= told["share"] <= 1
    assert 0 < told["loss"]["train"] < told["loss"]["test"] < 0.5
    assert len(told["scores"]) == 10


def test_without_numbers_it_is_twenty_seeds_of_fifteen_hundred_steps(drops):
    _, out, _ = drops("lab", "xor", "xy", "1-1", "--json")
    told = json.loads(out)
    assert (told["steps"], told["seeds"], told["share"], told["parameters"]) == (1500, 20, 1.0, 2)


def test_the_goal_of_the_line_changes_what_passes(drops):
    _, out, _ = drops("lab", "gauss 2-1 goal 100", "--json", "--steps", "300")
    assert json.loads(out)["share"] < 1


def test_a_loss_that_is_no_number_is_null(drops):
    _, out, _ = drops("lab", "plane relu sgd 1000", "--json", "--seeds", "3", "--steps", "300")
    told = json.loads(out)
    assert told["loss"] == {"train": None, "test": None}
    assert told["share"] == 0


def test_in_words_it_says_how_many_got_there(drops):
    _, out, _ = drops("lab", "circle", "2-1", "--plain", "--seeds", "4", "--steps", "50")
    assert "0 of 4 nets reach 95 % right on 1,000 fresh rows, each after 50 steps." in out


def test_of_a_single_net_it_speaks_as_of_one(drops):
    _, out, _ = drops("lab", "circle", "2-1", "--seeds", "1", "--steps", "50")
    assert (
        "0 of 1 net reaches 95 % right on 1,000 fresh rows, after 50 steps.\nIts share that is right: " in out
    )
    assert "in the middle" not in out


def test_the_score_of_a_net_that_ran_away_is_short(drops):
    _, out, _ = drops("lab", "sine 1-4-1 sgd 1000", "--seeds", "1", "--steps", "5")
    assert re.search(r"^Its R²: −\d(\.\d+)?e\+\d+\.$", out, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sprial", "--json"), 'no word "sprial"; did you mean "spiral"?'),
        (("circle", "--seeds", "0"), "--seeds wants a whole number from 1 to 1,000, not 0"),
        (("circle", "--steps", "many"), "--steps wants a whole number from 1 to 1,000,000, not many"),
        (
            ("circle", "--steps", "9" * 30),
            f"--steps wants a whole number from 1 to 1,000,000, not {'9' * 30}",
        ),
        (("x" * 500, "--json"), "a line has at most 400 characters, this one 500; leave something out"),
    ],
)
def test_what_cannot_be_judged_is_one_line(drops, words, says):
    status, out, err = drops("lab", *words)
    assert (status, out, err) == (1, "", f"drops: {says}\n")


def test_the_lab_in_lines_builds_trains_asks_turns_back_and_judges(talk):
    said = talk(
        "run 200", "why h1[2]", "set W1[1,2] 0.5", "back 100", "undo", "map", "units", "row 3", "doctor"
    )
    assert "step 200: loss" in said
    assert "h1[2] = tanh(" in said
    assert "circle 2-4-1 @200 W1[1,2]=.5   17 parameters" in said
    assert "step 100: loss" in said
    assert "Row 3: x " in said
    said = talk("xor xy 1-1", "seeds 5", "with batch 20", "line")
    assert "5 of 5 nets reach 95 % right" in said
    assert "xor xy 1-1 batch 20   2 parameters" in said


@pytest.mark.parametrize(
    "typed",
    ["open fens", "name", "name a b", "unname x", "keep all", "judge", "judge fens",
     "sprial", "run 0", "run x", "run 99999999999", "back -1", "why q", "set", "set W9[1,1] 3", "with", "with foo",
     "seeds 5000", "script c", "row 0", "undo", "redo", "set W1[1,1] x", "W1[1,1]=2", "map x", "@5"],
)  # fmt: skip
def test_whatever_cannot_be_done_is_said_in_a_line_and_the_lab_goes_on(talk, typed):
    said = talk(typed, "line").splitlines()
    asked, after = said.index(f"lab> {typed}"), said.index("lab> line")
    assert after > asked + 1  # something is said
    assert said[after + 1].startswith("circle 2-4-1   17 parameters")


def test_help_names_every_word_and_every_family(talk):
    said = talk("help")
    for word in WORDS:
        assert f"\n{word}: " in said
    for name in ("spiral", "gelu-tanh", "nesterov", "spread-kinks", "goal"):
        assert name in said


def test_a_run_that_is_lost_names_the_step_and_the_lab_goes_on(talk):
    said = talk("run 400", "units", "map", "doctor", "why", "run", "back 1", "seeds 2", line="hills 2-8-1 relu sgd 30")
    assert said.count("The loss is no number since step 6; back shows what led there.") == 2
    assert "step 4: loss 4.4" in said
    assert "lab> back 1\nstep 3: loss" in said
    assert not re.search(r"\bnan\b|Traceback", said)


def test_a_line_is_named_opened_listed_and_kept_in_words(talk):
    said = talk(
        "name my-net", "with 2-6-1", "open my-net", "names", "keep", "keep doctor", "unname my-net", "names"
    )
    assert "my-net is circle 2-4-1" in said
    assert said.count("circle 2-4-1   17 parameters") == 2
    assert "my-net: circle 2-4-1" in said
    assert "Kept: how many of 20 pass, of a line like this one." in said
    assert "Kept: what the doctor names, of a line like this one." in said
    assert said.endswith("lab> names\nNo line has a name yet.\n")


@pytest.mark.slow
def test_a_challenge_is_opened_by_its_name_and_the_best_of_ones_own_is_told(talk):
    said = talk("open fence-free", "with xx yy 2-1", "judge fence-free", "open fence-free", line="")
    assert "100 % of a hundred unseen starts do it, with 3 parameters. Done." in said
    assert (
        said.count("lab> open fence-free\nfence-free: fence the disc in with at most three parameters") == 2
    )


@pytest.mark.slow
def test_what_was_forked_and_what_stands_now_are_the_two_lines_of_a_task(talk):
    said = talk("open cliff", "judge cliff", "with sgd 1.6", "fork", "with sgd 2.3", "judge cliff")
    assert "this task wants two lines; fork at the first one, then change it" in said
    found = re.search(
        r"(\d+) % of a hundred unseen starts get there, of the second line (\d+) % fall short", said
    )
    assert found
    assert int(found[1]) >= 90
    assert int(found[2]) >= 50
    assert " ".join(said.split()).endswith("Done.")


def test_names_and_questions_by_command(drops):
    assert drops("lab", "name", "my-net", "xor", "xy", "1-1") == (0, "my-net is xor xy 1-1\n", "")
    assert drops("lab", "names") == (0, "my-net: xor xy 1-1\n", "")
    assert json.loads(drops("lab", "names", "--json")[1]) == {"my-net": "xor xy 1-1"}
    status, out, _ = drops("lab", "open", "my-net", "--json", "--steps", "300", "--seeds", "2")
    assert (status, json.loads(out)["line"]) == (0, "xor xy 1-1")
    assert drops("lab", "keep", "xor", "xy", "1-1")[1].startswith("Kept: how many of 20 pass")
    assert drops("lab", "keep", "doctor", "xor", "xy", "1-1")[1].startswith("Kept: what the doctor names")
    assert drops("lab", "unname", "my-net")[1].endswith("its line was xor xy 1-1\n")
    assert drops("lab", "names")[1] == "No line has a name yet.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("open",), "open wants one name, as in `drops lab open my-spiral`"),
        (("open", "fens"), 'no line "fens"; did you mean "fence"?'),
        (("name",), "name wants a name and a line, as in `drops lab name my-spiral spiral 2-8-8-1`"),
        (
            ("name", "a b", "circle"),
            '“a b” is no name; a name is letters, digits and dashes, as in "my-spiral"',
        ),
        (("name", "x", "sprial"), 'no word "sprial"; did you mean "spiral"?'),
        (("unname",), "unname wants one name, as in `drops lab unname my-spiral`"),
        (("names", "all"), "names stands alone; `drops lab open NAME` opens one of them"),
        (("keep", "sprial"), 'no word "sprial"; did you mean "spiral"?'),
    ],
)
def test_what_cannot_be_named_opened_or_kept_is_one_line(drops, words, says):
    assert drops("lab", *words) == (1, "", f"drops: {says}\n")


def test_a_net_is_broken_by_name_in_words(talk):
    said = talk("break", "break rate-high", "break none", "break pressed")
    assert "rate-high: the learning rate is far too high." in said
    assert "pressed: " not in said
    assert "circle 2-4-1 break rate-high   17 parameters" in said
    assert said.count("circle 2-4-1   17 parameters") == 2
    assert '"pressed" wants a number, circle has a yes or no; write plane or hills' in said


def test_two_lines_are_compared_in_words_and_by_command(talk, drops):
    said = talk("compare", "run 50", "fork", "with relu", "run 80", "compare", line="xor")
    assert "nothing is forked yet; fork keeps what stands now, to compare with" in said
    assert "Forked: xor. Change the line, run, and compare tells both." in said
    before, now = said.split("Before: xor\n")[1].split("Now: xor @50 relu\n")
    assert before.startswith("step 130: loss ")
    assert now.startswith("step 130: loss ")
    assert before.splitlines()[0] != now.splitlines()[0]
    status, out, _ = drops(
        "lab", "xor xy 1-1", "--against", "xor 2-1", "--json", "--steps", "200", "--seeds", "4"
    )
    one, other = json.loads(out)
    assert status == 0
    assert (one["line"], other["line"]) == ("xor xy 1-1", "xor 2-1")
    assert one["share"] > other["share"]


def test_instruments_are_read_in_words(talk):
    said = talk("run 300", "read right", "read", "read dials", "why W2[1,1]", "why L")
    assert "Rows by what they are; across, what it says: no, yes." in said
    assert "is yes: " in said
    assert "A step of rate × gradient as a share of the weights" in said
    assert 'no instrument "dials"' in said
    assert "The next step takes it from " in said
    assert "The mean over all training rows is " in said


def test_rows_are_drawn_in_words(talk):
    put = [f"draw {x} {y} {'yes' if x > 0 else 'no'}" for x in (-1, 1) for y in (-1, 0, 1, 2)]
    said = talk("draw", "draw 9 9 yes", "draw 1", "draw a b yes", *put, "draw", "run 50")
    assert "0 rows say no; put 4 of each at least" in said
    assert "a row lies from −2 to 2, and (9, 9) does not" in said
    assert said.count("draw wants a place and yes or no, as in draw -1 .5 yes") == 2
    assert "1 row, 0 say yes. draw alone trains on them." in said
    assert "5 rows, 1 says yes." in said
    assert "8 rows, 4 say yes. draw alone trains on them." in said
    assert "drawn:" in said
    assert "step 50: loss" in said


@pytest.mark.slow
def test_open_alone_tells_what_can_be_opened_and_a_lessons_net_opens_by_its_name(talk):
    said = talk("open", "open two-three-one", line="")
    assert "two-three-one: drop 5; Nothing but tables" in said
    assert [name for name in CHALLENGES if name not in said] == []  # none is broken at its hyphen
    assert "circle 2-3-1 relu @0 W1[1,1]=-1" in said
