"""Figures that are typed into code because measuring them takes minutes: each is what the lessons claim of it,
and the lessons' claims are measured by the engine.
"""

from __future__ import annotations

import re

import pytest

from drops.catalog import measure
from drops.course.parse import library_folders, read
from drops.networks.depth import gradient_figures, slow_training, width_and_brake, width_figures
from drops.networks.design import table_figures
from drops.text import number

CLAIMS = [claim for path in read(library_folders(None)).paths for drop in path.drops for claim in drop.claims]
WIDTHS = ("train", "last", "braked")  # the columns of width_and_brake.MEASURED


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


def plain(expected: object) -> object:
    return dict(expected) if hasattr(expected, "items") else expected


def holds(typed: float, expected: dict[str, float]) -> bool:
    """Whether a figure of two decimals says what a claim says."""
    if "is" in expected:
        return abs(typed - expected["is"]) <= max(0.006, expected.get("within", 0.0) / 2)
    return expected.get("at_least", typed) - 0.005 <= typed <= expected.get("at_most", typed) + 0.005


def test_scores_by_width_are_what_the_lesson_claims():
    met = 0
    for width, row in width_and_brake.MEASURED.items():
        for name, typed in zip(WIDTHS, row, strict=True):
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


@pytest.mark.nightly
def test_the_descents_on_the_birds_are_measured_again():
    found = measure("descents", {"setups": list(gradient_figures.MEASURED), "table": "chinstrap", "every": 50})
    for setup, typed in gradient_figures.MEASURED.items():
        assert typed == tuple(pytest.approx(found[f"{setup}_{50 * i}"], abs=0.002) for i in range(13))
    assert measure("repairs", {"setup": "straight-line", "seeds": 1, "table": "chinstrap"})["loss"] == (
        pytest.approx(gradient_figures.ONE_LINE, abs=0.001)
    )


FORTY = ("right", "loss", "right_braked", "loss_braked")  # the columns of width_figures.FORTY
ON_BIRDS = {"two": ("chinstrap", ["2-1", "2-16-1"]), "all four": ("penguins", ["4-3", "4-16-3"])}


def test_scores_on_the_birds_are_what_the_lessons_claim():
    met = 0
    for width, row in width_figures.FORTY.items():
        for name, typed in zip(FORTY, row, strict=True):
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
@pytest.mark.parametrize("width", width_figures.FORTY)
def test_scores_of_forty_birds_are_measured_again(width):
    found = measure("held_out", {"table": "chinstrap", "sizes": f"2-{width}-1", "learn": 40, "stop": 100})
    for name, typed in zip(FORTY, width_figures.FORTY[width], strict=True):
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
@pytest.mark.parametrize("width", width_and_brake.MEASURED)
def test_scores_by_width_are_measured_again(width):
    found = measure("width_curve", {"width": width})
    for name, typed in zip(WIDTHS, width_and_brake.MEASURED[width], strict=True):
        assert abs(found[name] - typed) <= 0.011, (name, typed, number(found[name], 4))
