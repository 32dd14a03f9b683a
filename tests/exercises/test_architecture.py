"""Drop 14: gates, points, evidence, what-ifs, and the rubric that adds them up."""

from dataclasses import replace

import numpy as np
import pytest

from drops import catalog
from drops.errors import Unreadable
from drops.exercises import fading
from drops.exercises.answers import digit, read
from drops.exercises.blocks import Bars, Choice, Design, Run, Sheet
from drops.exercises.worksheet import Worksheet
from drops.networks.design import evidence, what_if
from drops.networks.design.architecture import Architecture
from drops.networks.design.designing import TABLES, baseline, judge, plan, read_hidden
from drops.networks.design.reason_cards import CARDS
from nnlab import data

SOUND = {
    "bill": "hidden=16; units=1; output=linear; loss=mse",
    "diabetes": "hidden=none; units=1; output=linear; loss=mse",
    "wine": "hidden=16; units=3; output=softmax; loss=ce",
    "tumour": "hidden=none; units=1; output=sigmoid; loss=bce",
}
REST = "scaling=train; squash=relu; init=he; brake=both; pace=adam; "


def form(table, changes=""):
    said = dict(part.split("=") for part in (REST + SOUND[table]).split("; "))
    if TABLES[table].task == "number":
        said["target"] = "train"
    return said | dict(part.split("=") for part in changes.split("; ") if part)


def typed(said):
    return "; ".join(f"{name}={value}" for name, value in said.items())


def verdict(table, changes=""):
    exercise = Architecture(table, "", 1)
    return catalog.grade_step(exercise, exercise.form(), read(exercise.form(), typed(form(table, changes))))


@pytest.mark.parametrize("table", TABLES)
def test_a_sound_form_passes_with_every_point(table):
    told = verdict(table)
    assert told.right
    assert told.score == 1
    assert told.feedback == "Every gate passed, 6 of 6 points on the form."


@pytest.mark.parametrize(
    ("table", "changes", "shows"),
    [
        ("wine", "scaling=none", "unscaled"),
        ("wine", "scaling=all", "scaler-leak"),
        ("wine", "units=1", "output-units"),
        ("wine", "output=linear; loss=mse", "wrong-pair"),
        ("bill", "output=relu", "wrong-pair"),
        ("tumour", "loss=ce", "wrong-pair"),
        ("bill", "hidden=300", "not-buildable"),
        ("bill", "hidden=8, 8, 8, 8", "not-buildable"),
        ("bill", "hidden=256, 256", "not-buildable"),
    ],
)
def test_a_broken_gate_fails_the_form_whatever_else_it_earns(table, changes, shows):
    told = verdict(table, changes)
    assert not told.right
    assert told.misconceptions[0] == shows
    assert told.feedback.startswith("A gate failed")


@pytest.mark.parametrize(
    ("table", "changes", "shows"),
    [
        ("wine", "loss=mse", "mse-on-squash"),
        ("bill", "target=raw", "raw-target"),
        ("bill", "hidden=none", "none-on-a-bend"),
        ("wine", "hidden=16, 16, 16", "too-deep"),
        ("wine", "hidden=2", "bottleneck"),
        ("wine", "hidden=100", "too-wide"),
        ("wine", "squash=none", "no-squash"),
        ("wine", "squash=sigmoid", "sigmoid-hidden"),
        ("wine", "init=zeros", "init-mismatch"),
        ("wine", "brake=none", "no-brake"),
    ],
)
def test_a_missing_point_is_told_and_alone_does_not_fail_the_form(table, changes, shows):
    told = verdict(table, changes)
    assert told.right
    assert told.misconceptions == (shows,)
    assert told.score == pytest.approx(5 / 6)


def test_no_hidden_layer_is_an_answer_where_straight_is_enough():
    for name, table in TABLES.items():
        assert judge(plan(form(name, "hidden=none")), table).points == (6 if table.linear_is_enough else 5)


def test_two_softmax_units_are_another_way_to_say_yes_or_no():
    assert verdict("tumour", "units=2; output=softmax; loss=ce").right


def test_hidden_layers_are_read_as_people_write_them():
    assert read_hidden("none") == read_hidden("0") == ()
    assert read_hidden("32-16") == read_hidden(" 32, 16 ") == read_hidden("[32 16]") == (32, 16)
    assert read_hidden("a few") is None
    with pytest.raises(Unreadable, match=r"hidden layers are widths, or none; for example hidden=16, 8"):
        verdict("wine", "hidden=a few")


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("hidden=16", "scale the columns by is still open; for example scaling=none"),
        ("scaling=lots", "scale the columns by is one of none, train, all; for example scaling=none"),
    ],
)
def test_an_open_or_unknown_choice_is_told_with_one_that_could_be_typed(typed, line):
    with pytest.raises(Unreadable) as told:
        read(Architecture("wine", "", 1).form(), typed)
    assert str(told.value) == line


def test_every_shown_mistake_has_a_name_and_every_card_one_right_reason():
    assert set(CARDS) >= {field.name for field in Architecture("bill", "", 1).form().fields}
    for card in CARDS.values():
        assert sum(option.right for option in card.options) == 1
        assert all(len(option.feedback.split()) <= 45 for option in card.options)
    assert Architecture("bill", "", 1).worksheet == Worksheet({}, ())


def test_the_card_says_how_many_rows_and_columns_there_are():
    for table in TABLES.values():
        X, y = evidence._parts(table.name, "train", False, 1, 1).train
        assert X.shape == (1, table.rows, table.columns)
        assert len(np.unique(y)) == (3 if table.task == "class" else 2) or table.task == "number"


# ── evidence ──────────────────────────────────────────────────────────────────────────────


def test_columns_are_scaled_by_the_training_rows_alone():
    train, test = (
        getattr(evidence._parts("wine", "train", False, 1, 2), part)[0] for part in ("train", "test")
    )
    assert train.mean(axis=1) == pytest.approx(0, abs=1e-12)
    assert np.abs(test.mean(axis=1)).max() > 0.05
    raw = evidence._parts("wine", "none", False, 1, 2).train[0]
    assert np.isin(raw, data.load("wine").X).all()


def test_the_straight_net_comes_as_near_as_least_squares():
    (X, y), (V, v) = (getattr(evidence._parts("diabetes", "train", True, 1, 5), p) for p in ("train", "test"))
    exact = []
    for i in range(5):
        w = np.linalg.lstsq(np.c_[X[i], np.ones(len(X[i]))], y[i], rcond=None)[0]
        miss = v[i] - np.c_[V[i], np.ones(len(V[i]))] @ w
        exact.append(1 - (miss**2).sum() / ((v[i] - v[i].mean()) ** 2).sum())
    got = evidence.scores(TABLES["diabetes"], baseline(TABLES["diabetes"]), 1)
    assert got.test == pytest.approx(exact, abs=0.05)


def test_a_difference_within_twice_its_standard_error_is_none():
    a, b = evidence.Scores((0.5, 0.6, 0.7), False), evidence.Scores((0.4, 0.5, 0.6), False)
    c = evidence.Scores((0.1, 0.9, 0.55), False)
    assert evidence.Compared.of(a, b).verdict == "better"
    assert evidence.Compared.of(b, a).verdict == "worse"
    assert evidence.Compared.of(a, c).verdict == "same"
    assert evidence.Compared.of(a, a).verdict == "same"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("changes", ["", "hidden=none", "brake=none", "squash=none; init=xavier"])
def test_three_what_ifs_are_offered_and_each_changes_something(table, changes):
    design = plan(form(table, changes))
    for seed in range(5):
        offered = what_if.flips(TABLES[table], design, seed)
        assert len({flip.name for flip in offered}) == 3
        assert all(flip.change(design) != design for flip in offered)


def test_what_cannot_be_trained_is_not_put_on_trial():
    sound = plan(form("wine"))
    assert evidence.can_run(sound, TABLES["wine"])
    assert evidence.can_run(replace(sound, scaling="none"), TABLES["wine"])
    assert not evidence.can_run(replace(sound, units=1), TABLES["wine"])
    assert not evidence.can_run(replace(sound, hidden=None), TABLES["wine"])


# ── the whole way ─────────────────────────────────────────────────────────────────────────


def walked(exercise, said, flips="right"):
    """Everything answered in turn: the form as `said`, choices rightly, flips as told."""
    answers, shown, counts = {}, {}, set()
    place = 0
    while True:
        made = fading.steps(exercise, 2, answers)
        counts.add(len(made))
        if place == len(made):
            return answers, shown, counts
        step = made[place]
        shown[step.name] = step
        place += 1
        if isinstance(step.ask, Design):
            answers[step.name] = typed(said)
        elif isinstance(step.ask, Run):
            *_, last = step.ask.frames(0)
            assert last.done == 1
        elif isinstance(step.ask, Choice):
            wanted = flips == "right" or not step.name.startswith("flip-")
            answers[step.name] = digit(next(i for i, o in enumerate(step.ask.options) if o.right == wanted))


@pytest.mark.parametrize(
    "table", [table if table in ("wine", "tumour") else pytest.param(table, marks=pytest.mark.slow) for table in TABLES]
)
def test_the_whole_way_ends_in_a_rubric_and_its_length_never_changes(table):
    exercise = Architecture(table, "", 3)
    _, shown, counts = walked(exercise, form(table))
    assert len(counts) == 1
    assert [len(shown[f"flip-{i}"].ask.options) for i in (1, 2, 3)] == [3, 3, 3]
    foreseen, bars = shown["flips"].show
    assert foreseen.markdown == "You foresaw 3 of the 3."
    (rubric,) = shown["rubric"].show
    assert isinstance(bars, Bars)
    assert isinstance(rubric, Sheet)
    assert rubric.rows[-1] == ("", "passed: 7 points are needed, and no failed gate", "10")


def test_what_ifs_not_foreseen_cost_two_points():
    _, shown, _ = walked(Architecture("wine", "", 3), form("wine"), flips="wrong")
    (rubric,) = shown["rubric"].show
    assert rubric.rows[-1][-1] == "8"


def test_a_form_that_cannot_be_trained_earns_no_evidence_and_is_told():
    _, shown, _ = walked(Architecture("wine", "", 3), form("wine", "units=1"))
    assert "a sound one stands in" in shown["evidence"].show[0].markdown
    (rubric,) = shown["rubric"].show
    assert rubric.rows[-1][1].startswith("not yet")
    assert ("evidence", "above knowing nothing", "0") in rubric.rows


def test_what_ifs_are_not_trained_before_their_turn():
    exercise = Architecture("tumour", "", 77)
    before = dict(evidence._KEPT)
    made = fading.steps(exercise, 2, {"do": typed(form("tumour"))})
    assert before == evidence._KEPT
    assert all(step.ask is None for step in made if step.name.startswith("flip-"))


def test_the_short_form_asks_for_the_contract_only():
    (step,) = fading.steps(catalog.draw("architecture", 1, {"only": "contract", "table": "bill"}), 2, {})
    assert [field.name for field in step.ask.fields] == ["scaling", "target", "units", "output", "loss"]
