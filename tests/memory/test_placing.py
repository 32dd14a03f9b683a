"""Where a placement puts learners who know the first drops of a path and no others."""

from __future__ import annotations

import random
from itertools import count
from statistics import mean

import pytest

from drops.memory import placing
from drops.memory.placing import TYPED_LUCK, Probe

DROPS = 14
MOST = 13  # typed questions of 22 s, with 13.5 s to read of a wrong one, in six minutes


def placed(knows: int, right: float, luck: float, rng: random.Random) -> tuple[int, int]:
    """Where a learner lands who knows so many drops, and after how many questions."""
    tries: list[Probe] = []
    for asked in count():
        drop = placing.next_asked(tries, DROPS, range(1, DROPS + 1)) if asked < MOST else None
        if drop is None:
            return placing.known(tries, DROPS), asked
        tries.append(Probe(drop, rng.random() < (right if drop <= knows else luck), TYPED_LUCK))
    raise AssertionError


@pytest.mark.parametrize("knows", range(DROPS + 1))
def test_who_never_errs_and_never_guesses_is_placed_exactly(knows):
    assert placed(knows, 1, 0, random.Random(0))[0] == knows


@pytest.mark.slow
@pytest.mark.parametrize(("right", "luck", "share"), [(0.95, 0.05, 0.98), (0.9, 0.1, 0.95), (0.8, 0.1, 0.85)])
def test_a_learner_who_slips_and_guesses_lands_within_one_drop(right, luck, share):
    rng = random.Random(1)
    near = [abs(placed(knows, right, luck, rng)[0] - knows) <= 1 for knows in range(DROPS + 1) for _ in range(20)]
    assert mean(near) >= share


def test_blind_guesses_place_nobody_far():
    rng = random.Random(2)
    assert mean(placed(0, 0.9, 0.1, rng)[0] <= 1 for _ in range(100)) >= 0.9


def test_before_the_first_answer_every_number_is_alike_and_the_middle_is_asked():
    assert placing.belief((), DROPS) == pytest.approx([1 / 15] * 15)
    assert placing.next_asked((), DROPS, range(1, 15)) in (7, 8)


def test_a_drop_without_a_question_is_never_asked_about():
    tries = []
    while (drop := placing.next_asked(tries, 5, {1, 4})) is not None and len(tries) < 20:
        tries.append(Probe(drop, True, TYPED_LUCK))
    assert {one.drop for one in tries} <= {1, 4}


def test_once_it_is_plain_every_other_drop_that_seems_known_has_its_turn():
    tries = []
    while (drop := placing.next_asked(tries, DROPS, range(1, DROPS + 1))) is not None:
        tries.append(Probe(drop, True, TYPED_LUCK))
    assert {one.drop for one in tries} == {*range(1, DROPS + 1)}
    assert len(tries) <= 17


def test_a_lucky_choice_tells_less_than_a_typed_number():
    typed, chosen = (placing.belief([Probe(3, True, luck)], 5) for luck in (TYPED_LUCK, placing.CHOICE_LUCK))
    assert sum(typed[3:]) > sum(chosen[3:])
