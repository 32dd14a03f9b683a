"""Figures that are typed, into lessons or code, because measuring them takes minutes: each is what the lessons
claim of it, and the lessons' claims are measured by the engine.
"""

from __future__ import annotations

import inspect
import re
from math import sqrt
from typing import Any

import pytest

from drops.catalog import EXPERIMENTS, measure
from drops.course.model import FigureFence
from drops.course.parse import library_folders, read
from drops.networks.depth import slow_training
from drops.networks.design import table_figures
from drops.networks.sequences import attention_figures, grammar
from drops.text import number

PATHS = read(library_folders(None)).paths
CLAIMS = [claim for path in PATHS for drop in path.drops for claim in drop.claims]
WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128)


def claimed(experiment: str, name: str, **params: object) -> list[dict[str, float]]:
    """What lessons expect of one figure of an experiment with these parameters among its own."""
    found = [
        claim.expect[name]
        for claim in CLAIMS
        if claim.experiment == experiment
        and params.items() <= dict(claim.params).items()
        and name in claim.expect
    ]
    return [one if isinstance(one, dict) else {"is": one} for one in map(plain, found)]


def typed_in(drop: str, value: str) -> dict[str, Any]:
    """The values of the written figure of a drop that has this one."""
    sections = next(one.sections for path in PATHS for one in path.drops if one.id == drop)
    figures = (part.params for section in sections for part in section.parts if isinstance(part, FigureFence))
    return next(dict(params["values"]) for params in figures if value in params.get("values", ()))


def plain(expected: object) -> object:
    return dict(expected) if hasattr(expected, "items") else expected


def holds(typed: float, expected: dict[str, float]) -> bool:
    """Whether a figure of two decimals says what a claim says."""
    if "is" in expected:
        return abs(typed - expected["is"]) <= max(0.006, expected.get("within", 0.0) / 2)
    return expected.get("at_least", typed) - 0.005 <= typed <= expected.get("at_most", typed) + 0.005


def test_scores_by_width_are_what_the_lesson_claims():
    met = 0
    scores = typed_in("hidden-width", "braked")
    for name in ("train", "last", "braked"):
        for width, typed in zip(WIDTHS, scores[name], strict=True):
            for expected in claimed("width_curve", name, width=width):
                met += 1
                assert holds(typed, expected), (width, name, typed, expected)
    assert met >= 10


def test_what_a_repair_is_told_to_end_at_is_what_the_lesson_claims():
    met = 0
    for name, says in slow_training.FIX_SAYS.items():
        told = [one for setup in (name, "straight-line") for one in claimed("repairs", "loss", setup=setup)]
        ends = [one["is"] for one in told if "is" in one]
        for typed in re.findall(r"\d+\.\d+", says):
            met += 1
            digits = len(typed.partition(".")[2])
            assert typed in [f"{end:.{digits}f}" for end in ends], (name, typed, ends)
    assert met >= 4


@pytest.mark.parametrize("kind", grammar.MEASURED)
def test_what_is_left_of_a_block_without_a_part_is_what_the_lesson_claims(kind):
    for name, typed in zip(("verbs", "written"), grammar.MEASURED[kind], strict=True):
        expected = claimed("agreement", name, kind=kind)
        if not expected and (kind, name) == ("block", "verbs"):  # it claims more: that every run agrees
            assert (typed, claimed("agreement", "agree", kind=kind)) == (1.0, [{"is": 1}])
            continue
        assert expected, (kind, name)
        assert all(holds(typed, one) for one in expected), (kind, name, typed, expected)


@pytest.mark.nightly
def test_the_descents_on_the_birds_are_measured_again():
    typed = typed_in("sigmoid-slow-training", "inherited")
    setups = {"inherited": "inherited", "tanh-xavier": "tanhXavier", "relu-he": "reluHe"}
    found = measure("descents", {"setups": list(setups), "table": "chinstrap", "every": 50})
    for setup, value in setups.items():
        assert typed[value] == [pytest.approx(found[f"{setup}_{50 * i}"], abs=0.002) for i in range(13)]
    assert measure("repairs", {"setup": "straight-line", "seeds": 1, "table": "chinstrap"})["loss"] == (
        pytest.approx(typed["line"], abs=0.001)
    )


FORTY = (2, 4, 16, 64)  # units
OF_FORTY = {"right": "rightEnd", "loss": "lossEnd", "right_braked": "rightBest", "loss_braked": "lossBest"}
ON_BIRDS = {"two": ("chinstrap", ["2-1", "2-16-1"]), "all four": ("penguins", ["4-3", "4-16-3"])}


def test_scores_on_the_birds_are_what_the_lessons_claim():
    met = 0
    scores = typed_in("hidden-width", "rightEnd")
    for name, value in OF_FORTY.items():
        for width, typed in zip(FORTY, scores[value], strict=True):
            for expected in claimed("held_out", name, sizes=f"2-{width}-1"):
                met += 1
                assert holds(typed, expected), (width, name, typed, expected)
    for (_, nets), row in zip(ON_BIRDS.values(), table_figures.BIRDS.values(), strict=True):
        for name, typed in zip(("first", "second"), row, strict=True):
            for expected in claimed("held_out_pair", name, nets=nets):
                met += 1
                assert holds(typed, expected), (nets, name, typed, expected)
    assert met >= 10


@pytest.mark.nightly
@pytest.mark.parametrize("width", FORTY)
def test_scores_of_forty_birds_are_measured_again(width):
    found = measure("held_out", {"table": "chinstrap", "sizes": f"2-{width}-1", "learn": 40, "stop": 100})
    scores = typed_in("hidden-width", "rightEnd")
    for name, value in OF_FORTY.items():
        typed = scores[value][FORTY.index(width)]
        assert found[name] == pytest.approx(typed, abs=0.02 if "loss" in name else 0.004)


@pytest.mark.nightly
@pytest.mark.parametrize(("table", "nets", "typed"), [
    (*asked, row) for asked, row in zip(ON_BIRDS.values(), table_figures.BIRDS.values(), strict=True)
])  # fmt: skip
def test_what_columns_and_units_bring_is_measured_again(table, nets, typed):
    params = {"table": table, "nets": nets, "steps": [2000, 600], "learn": 206, "stop": 68}
    found = measure("held_out_pair", params)
    assert (found["first"], found["second"]) == pytest.approx(typed, abs=0.004)


@pytest.mark.nightly
@pytest.mark.parametrize("width", WIDTHS)
def test_scores_by_width_are_measured_again(width):
    found = measure("width_curve", {"width": width})
    for name in ("train", "last", "braked"):
        typed = typed_in("hidden-width", "braked")[name][WIDTHS.index(width)]
        assert abs(found[name] - typed) <= 0.011, (name, typed, number(found[name], 4))


# ── shares of runs ────────────────────────────────────────────────────────────────────────

OF_RUNS = {"share", "solved", "learn", "all", "first_wins", "falls1", "falls2", "far_off", "said", "agree"}
COUNTS = ("runs", "seeds", "starts", "draws")  # what experiments call the number of their runs
OTHER = {"first_to_last", "largest_share", "best_line"}  # their share is one of something else
ENOUGH, FEWEST = 100, 20  # runs behind a share, and behind "none" and "all", which say of how many


SHARES = [
    pytest.param(claim, plain(expected), id=f"{claim.place.file.split('/')[-1][:12]}:{claim.place.line}:{name}")
    for claim in CLAIMS
    for name, expected in claim.expect.items()
    if name in OF_RUNS and claim.experiment not in OTHER
]


def runs_of(claim):
    usual = inspect.signature(EXPERIMENTS[claim.experiment]).parameters
    for name in COUNTS:
        if name in claim.params:
            return int(claim.params[name])
        if name in usual and usual[name].default is not inspect.Parameter.empty:
            return int(usual[name].default)
    raise AssertionError(f"{claim.experiment} does not say how many runs it makes")


@pytest.mark.parametrize(("claim", "expected"), SHARES)
def test_a_share_of_runs_is_claimed_with_a_band_no_narrower_than_chance(claim, expected):
    """A share between none and all is measured in a hundred runs at least, and the band told is 95 in 100 of
    what other hundreds would give."""
    told = expected if isinstance(expected, dict) else {"is": expected}
    share, runs = told.get("is", 0), runs_of(claim)
    assert runs >= (ENOUGH if 0 < share < 1 else FEWEST), claim.says
    if 0 < share < 1:
        assert told.get("within", 0.0) >= 1.96 * sqrt(share * (1 - share) / runs) - 0.0005, claim.says


def test_deep_nets_in_the_figure_learn_as_often_as_the_lesson_claims():
    for way, name in ((False, "in a row"), (True, "with a way around")):
        for layers, share in zip(attention_figures.DEEP, attention_figures.LEARN[name], strict=True):
            for expected in claimed("around", "learn", layers=layers, way=way):
                assert holds(share, expected), (layers, way)
