"""Players who know nothing and have a trick: over all questions of the path none of them gets further than chance.

Position, length, "tick two", the same number always, a wary eye for "always": none of it is knowledge.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from functools import cache
from random import Random

import pytest

from drops.course.faces import asked, drawn
from drops.course.model import Quiz
from drops.exercises import fading
from drops.exercises.blocks import Beside, Choice, Knobs, Matrix, Numbers, Order, Surface, Wires
from drops.exercises.spots import blind_hands
from drops.memory import ladder
from drops.study.tasks import fresh
from lessons import lessons

LIBRARY = lessons()
QUIZZES = {key: item for drop in LIBRARY for key, item in drop.items.items() if isinstance(item, Quiz)}
DRAWS = 30
NEAR_CHANCE = 0.08
SURE = re.compile(r"\b(always|never|every|all|any|nothing|none|no|only)\b", re.IGNORECASE)


@cache
def asks(kind: type) -> list:
    """Every question of a kind, drawn some thirty times, as a learner meets it."""
    found = (fresh(quiz, seed).steps(2, {}, "")[0].ask for quiz in QUIZZES.values() for seed in range(DRAWS))
    return [ask for ask in found if isinstance(ask, kind) and not in_a_picture(ask)]


def in_a_picture(ask) -> bool:
    return isinstance(ask, Choice) and ask.picture is not None


def shares_of_choices() -> dict[str, float]:
    """What each trick gets right of the questions with one right option; a tie is a toss."""
    hits = defaultdict(list)
    for ask in asks(Choice):
        if ask.many:
            continue
        lengths = [len(option.text) for option in ask.options]
        right = [option.right for option in ask.options].index(True)
        places = range(len(lengths))
        picks = {
            "chance": list(places),
            "longest": [i for i in places if lengths[i] == max(lengths)],
            "shortest": [i for i in places if lengths[i] == min(lengths)],
            "first": [0],
            "middle": [len(lengths) // 2],
            "last": [len(lengths) - 1],
            "no sure words": [i for i in places if not SURE.search(ask.options[i].text)] or list(places),
        }
        for trick, picked in picks.items():
            hits[trick].append((right in picked) / len(picked))
    return {trick: sum(told) / len(told) for trick, told in hits.items()}


@pytest.mark.slow
def test_no_trick_with_places_or_lengths_gets_further_than_chance():
    shares = shares_of_choices()
    assert len(asks(Choice)) > 40 * DRAWS
    assert {trick for trick, share in shares.items() if abs(share - shares["chance"]) > NEAR_CHANCE} == set(), shares


@pytest.mark.slow
def test_where_all_that_apply_are_chosen_no_number_of_ticks_is_the_right_one():
    sizes = Counter(sum(option.right for option in ask.options) for ask in asks(Choice) if ask.many)
    assert set(sizes) == {1, 2, 3}
    assert max(sizes.values()) / sizes.total() <= 1 / 3 + NEAR_CHANCE


@pytest.mark.slow
def test_orders_are_not_found_by_the_length_or_the_first_number_of_their_pieces():
    def first_number(piece: str) -> float:
        found = re.search(r"−?\d+(?:\.\d+)?", piece)
        return float(found[0].replace("−", "-")) if found else 0.0

    orders = asks(Order)
    chance = sum(1 / math.factorial(len(ask.pieces)) for ask in orders) / len(orders)
    assert len(orders) > 20 * DRAWS
    for by in (len, first_number):
        for turn in (1, -1):
            hits = [
                tuple(sorted(range(len(ask.pieces)), key=lambda i: turn * by(ask.pieces[i]))) == ask.right
                for ask in orders
            ]
            assert sum(hits) / len(hits) <= chance + NEAR_CHANCE, (by, turn)


@pytest.mark.slow
@pytest.mark.parametrize("key", [key for key, quiz in QUIZZES.items() if quiz.asks == "number"])
def test_no_number_answers_more_than_a_third_of_a_question_s_draws(key):
    answers = Counter(round(fresh(QUIZZES[key], seed).asked.answer, 3) for seed in range(200))
    assert max(answers.values()) <= 0.35 * 200


# ── in a picture ──

POINTED = [key for key, quiz in QUIZZES.items() if quiz.asks == "spot"]
TURNED = [key for key, quiz in QUIZZES.items() if quiz.asks == "setting"]
POINTS = 100  # draws of each


def sizes(ask: Choice) -> list[float]:
    """The number that a blind eye sees at each part: a weight, a value, a cell, a place across."""
    shown = ask.picture(())
    for block in (one for row in shown for one in (row.blocks if isinstance(row, Beside) else (row,))):
        if isinstance(block, Wires) and any(piece[0] == "wire" for piece in block.blanks):
            return [block.weights[a][b][c] for _, a, b, c in block.blanks]
        if isinstance(block, Wires) and block.blanks:
            values = block.values or [[0.0] * len(names) for names in block.names]
            return [values[a][b] or 0.0 for _, a, b in block.blanks]
        if isinstance(block, Matrix) and block.spots:
            return [block.values[r][c] or 0.0 for r, c in block.spots]
        if isinstance(block, Surface) and block.spots:
            return [point.x for point in block.points]
    raise AssertionError("nothing can be pointed at")


EYES = {
    "the largest": lambda size, _: size == max(_),
    "the smallest": lambda size, _: size == min(_),
    "the furthest from 0": lambda size, _: abs(size) == max(map(abs, _)),
    "the nearest to 0": lambda size, _: abs(size) == min(map(abs, _)),
}


def tricks(key: str) -> dict[str, float]:
    """What each trick gets right of a question in a picture; a tie is a toss."""
    hits = defaultdict(list)
    for seed in range(POINTS):
        ask = fresh(QUIZZES[key], seed).steps(2, {}, "")[0].ask
        right, seen = [option.right for option in ask.options].index(True), sizes(ask)
        places = range(len(ask.options))
        hits["chance"].append(1 / len(places))
        for place in places:
            hits[f"place {place}"].append(place == right)
        hits["last"].append(right == len(places) - 1)
        for eye, sees in EYES.items():
            picked = [i for i in places if sees(seen[i], seen)]
            hits[eye].append((right in picked) / len(picked))
    return {trick: sum(told) / POINTS for trick, told in hits.items()}


@pytest.mark.parametrize("key", POINTED)
def test_no_place_is_the_right_one_in_more_than_a_third_of_a_picture_s_draws(key):
    shares = tricks(key)
    assert shares["chance"] <= 0.25
    assert {trick: share for trick, share in shares.items() if "place" in trick and share > 0.35} == {}


@pytest.mark.slow
def test_no_eye_for_sizes_finds_what_is_asked_for_in_pictures():
    """Of one question, and over all of them."""
    every = {key: tricks(key) for key in POINTED}
    assert len(every) >= 14
    for eye in EYES:
        assert {key for key, shares in every.items() if shares[eye] > 0.45} == set(), eye
        assert sum(shares[eye] for shares in every.values()) / len(every) <= 0.3, eye


@pytest.mark.parametrize("key", TURNED)
def test_no_hand_that_looks_at_nothing_sets_the_knobs(key):
    hits = Counter(hand for seed in range(POINTS) for hand in blind_hands(fresh(QUIZZES[key], seed).steps(2, {}, "")[0].ask))
    assert max(hits.values(), default=0) <= 0.35 * POINTS, hits


@pytest.mark.slow
@pytest.mark.parametrize("key", tuple(QUIZZES))
def test_every_question_comes_back_with_another_face_and_another_answer(key):
    """Over twenty returns: never what was just seen, no face more than a third of the time, no key most of it."""
    seen: list[dict] = []
    for time in range(20):
        seen.append(drawn(QUIZZES[key], Random(time).randrange, seen))
    faces = [asked(QUIZZES[key], numbers) for numbers in seen]
    shown = [face.shown for face in faces]
    assert all(one != other for one, other in itertools.pairwise(shown))
    assert max(Counter(shown).values()) <= 7
    if QUIZZES[key].asks != "setting":  # what is right of it hangs on the figure
        assert max(Counter(face.key for face in faces).values()) <= 14


def is_made(item) -> bool:
    """Whether an answer is a number, an order, a part of a picture, a line that is found and mended, or a knob
    set, whatever face comes."""
    if isinstance(item, Quiz):
        return not any(face.options for face in item.faces)
    ask = fading.graded_step(fresh(item, 1).steps(item.level, {}, "")).ask
    return item.level == ladder.HIGHEST or isinstance(ask, Numbers | Order | Knobs)


@pytest.mark.parametrize("drop", tuple(LIBRARY), ids=lambda drop: drop.id)
def test_at_least_half_of_a_quiz_is_made_and_not_chosen(drop):
    assert sum(map(is_made, drop.quiz)) >= len(drop.quiz) / 2


def test_all_paths_are_asked():
    assert len({LIBRARY.path_of(drop.id).id for drop in LIBRARY}) == len(LIBRARY.paths) >= 3


@pytest.mark.slow
def test_what_is_chosen_is_chosen_among_three():
    assert {len(ask.options) for ask in asks(Choice)} == {3}
