"""What stands beside a prediction: a picture of what it asks about, and not of the sheet that follows."""

import re

import pytest

from drops import catalog
from drops.catalog import drawing
from drops.course.model import ExerciseFence
from drops.exercises.blocks import Bars, Curve, Figure, Sheet, Surface
from drops.exercises.written.drawing import has_map
from drops.networks.sequences import memory
from drops.networks.training import batch_norm, race
from lessons import lessons


def predicted(drop, seed):
    """The blocks beside the prediction of a drop's exercise, and its numbers."""
    fence = lessons().drop(drop).exercises[0]
    exercise = catalog.draw(fence.kind, seed, fence.params)
    (step,) = (step for step in exercise.steps(frozenset(), {}) if step.part == "predict")
    return step.show, dict(exercise.given)


def of(kind, shown):
    (one,) = (block for block in shown if isinstance(block, kind))
    return one


@pytest.mark.parametrize("seed", range(12))
def test_the_layers_of_the_net_that_is_asked_about_are_drawn_as_the_lesson_draws_them(seed):
    shown, given = predicted("batch-norm", seed)
    (figure,) = drawing("layer-sizes", {}).show
    knobs = {"start": batch_norm.STARTS.index(given["start"]), "norm": given["side"] == 2}
    assert of(Bars, shown) == figure.draw(knobs)[0]


@pytest.mark.parametrize("seed", range(12))
def test_rows_fade_in_a_row_of_layers_and_do_not_where_there_is_a_way_around(seed):
    shown, given = predicted("the-block", seed)
    curve = of(Curve, shown)
    ((_, first), *_, (last_layer, last)) = curve.series[0].points
    assert last_layer == (8 if given["kind"] == 2 else 40)
    assert (last > first) == (given["kind"] == 1)
    assert curve.window[1] > max(y for _, y in curve.series[0].points)


@pytest.mark.parametrize("seed", range(12))
def test_a_nudge_is_drawn_for_a_few_steps_and_asked_for_many(seed):
    shown, given = predicted("three-valves", seed)
    measured, *levels = of(Curve, shown).series
    kind = list(memory.MAKERS)[int(given["kind"])]
    assert measured.points == tuple(
        (back, memory.influence(kind, back, memory.STARTED)["moves"]) for back in memory.MEASURED
    )
    far = memory.influence(kind, memory.FAR)["moves"]
    nearest = min(memory.SHARES.values(), key=lambda share: abs(far / share - 1))
    assert {level.points[-1] for level in levels} >= {(memory.FAR, nearest)}
    assert far == pytest.approx(nearest, rel=0.15)


@pytest.mark.parametrize("seed", range(12))
def test_what_a_nudge_far_back_moves_is_seen_before_the_training(seed):
    """It was told at the end of a training that asks for something else."""
    fence = lessons().drop("three-valves").exercises[0]
    exercise = catalog.draw(fence.kind, seed, fence.params)
    told, trained = (step for step in exercise.steps(frozenset(), {}) if step.part == "see")
    kind = list(memory.MAKERS)[int(dict(exercise.given)["kind"])]
    (far, moves) = of(Curve, told.show).series[0].points[-1]
    assert (far, moves) == (memory.FAR, memory.influence(kind, memory.FAR, memory.STARTED)["moves"])
    assert told.ask is None
    assert trained.show == ()


def test_a_prediction_about_the_sheet_is_resolved_by_its_pictures_and_not_by_a_training():
    """Two See pages: what was foretold beside its own numbers, then the training, which closes in its own words."""
    apart = []
    for drop in lessons():
        for fence in drop.exercises:
            if fence.kind != "written":
                continue
            exercise = catalog.draw(fence.kind, 1, fence.params)
            if exercise.sketch is not None:  # a curve that was drawn has its page in any case
                continue
            steps = exercise.steps(frozenset(), {})
            sees = [step for step in steps if step.part == "see"]
            assert len({step.name for step in steps}) == len(steps)
            if len(sees) == 2:
                told, trained = sees
                assert told.show[0].markdown.startswith("The answer: ")
                assert len(told.show) > 1
                assert trained.ask.closes == ""
                apart.append(drop.id)
    assert apart == ["watch-a-detector", "three-valves", "weighted-mean"]


@pytest.mark.parametrize("drop", ["a-word-is-a-row", "sliding-window"])
def test_a_see_without_a_figure_of_its_own_shows_what_stood_beside_the_sheet(drop):
    fence = lessons().drop(drop).exercises[0]
    exercise = catalog.draw(fence.kind, 2, fence.params)
    (see,) = (step for step in exercise.steps(frozenset(), {}) if step.part == "see")
    assert all(one in see.show for one in exercise.picture(exercise.worksheet.run(), ""))
    assert any(isinstance(one, Sheet) for one in see.show)
    # a map may fill the screen alone: the way is read before it
    assert isinstance(see.show[-1], Surface if has_map(see.show) else Sheet)


@pytest.mark.parametrize("seed", range(6))
def test_the_field_that_is_seen_is_that_of_the_unit_that_was_asked_about(seed):
    """It opened at the first map, whose field the page before had shown."""
    fence = lessons().drop("pool-and-field").exercises[0]
    exercise = catalog.draw(fence.kind, seed, fence.params)
    guess, _, see, *_ = exercise.steps(frozenset(), {})
    right = next(option.text for option in guess.ask.options if option.right)
    figure = of(Figure, see.show)
    *_, says = figure.draw({knob.name: knob.start for knob in figure.knobs})
    assert says.markdown.startswith(f"It looks at {right} by {right} pixels")


@pytest.mark.parametrize("seed", range(12))
def test_the_score_on_learned_rows_is_drawn_and_the_other_is_asked(seed):
    shown, given = predicted("weight-decay", seed)
    curve = of(Curve, shown)
    (line,) = curve.series
    ((x, y, _),) = curve.marks
    assert (x, y) in line.points
    assert x == (0, 3, 5)[int(given["side"])]


def test_what_a_race_has_come_to_is_told_with_each_name_behind_its_number():
    """Some names end with a number, and some hold a comma."""
    lines = {"last layer 0": [(0.0, 1.0), (300.0, 0.022)], "plain, raw": [(0.0, 1.0), (300.0, 7.5)]}
    frame = race._frame(lines, (300, 300), 2.0, "", "loss", "step")
    assert frame.says == "Loss now: 0.022 (last layer 0), more than 2 (plain, raw)."


# ── every prediction that an author wrote ──

NAME = re.compile(r"[A-Za-zΑ-ω_]\w*")


def words(said):
    """All texts in a value of a fence."""
    inner = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    return ({said} if isinstance(said, str) else set()).union(*map(words, inner))


class Reads:
    """Which givens and lines of an exercise a text reads, and those that these were worked out from."""

    def __init__(self, params):
        self.params = params
        lines = {n: one if isinstance(one, str) else one["rule"] for n, one in params["lines"].items()}
        self.rules = {**params["given"], **lines}

    def __call__(self, texts):
        found, left = set(), {name for text in texts for name in NAME.findall(text)}
        while left:
            name = left.pop()
            if name in self.rules and name not in found:
                found.add(name)
                left |= set(NAME.findall(rule) if isinstance(rule := self.rules[name], str) else ())
        return found

    def linked(self, one, other):
        """Whether they share a number, or a condition on the draw speaks of both."""
        conditions = [self({text}) for text in self.params.get("where", ())]
        return bool(one & other) or any(one & read and other & read for read in conditions)


def cards():
    """Each prediction with no picture or words of its own, beside an exercise that has a picture."""
    for drop in lessons():
        for name, fence in drop.items.items():
            if isinstance(fence, ExerciseFence) and fence.kind == "written" and "beside" in fence.params:
                said = fence.params.get("predict", [])
                for n, card in enumerate(said if isinstance(said, list) else [said]):
                    if not {"beside", "tells", "draws"} & {*card}:
                        yield pytest.param(fence.params, card, id=f"{name}-{n}")


@pytest.mark.parametrize(("params", "card"), [*cards()])
def test_a_prediction_beside_the_picture_of_its_sheet_asks_about_what_that_shows(params, card):
    reads = Reads(params)
    told = set(re.findall(r"\{([^{}]*)\}", " ".join(words(card))))
    asked = reads(told | words([option.get("when", "") for option in card.get("options", ())]))
    asked |= reads(words(card.get("answer", "")))
    figures = params["beside"] if isinstance(params["beside"], list) else [params["beside"]]
    shown = reads(set().union(*(words({k: v for k, v in one.items() if k != "figure"}) for one in figures)))
    assert reads.linked(asked, shown), "give it its own: [[predict.beside]]"
