"""What the steps of an exercise are made of: predictions, options, and how a prediction came out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from drops.errors import Unreadable
from drops.exercises.answers import read
from drops.exercises.blocks import Ask, Choice, Numbers, Option, Run, Show, Step, Words
from drops.exercises.worksheet import figure

Answers = Mapping[str, str]
KEEPS = "page"  # the step that is the learner's to keep, where an exercise ends in one
HAIR = 1e-9  # what a typed number may be off by, beside its tolerance: binary fractions


def picked(answers: Answers, step: str, choice: Choice) -> tuple[int, ...]:
    """The options that were chosen at `step`, or () where nothing readable was."""
    try:
        answer = read(choice, answers.get(step, ""))
    except Unreadable:
        return ()
    return answer if isinstance(answer, tuple) else ()


def foresaw(answers: Answers, choice: Choice, step: str = "predict") -> str:
    """How the prediction came out, and what there is to say of the option that was chosen."""
    truth = next(option for option in choice.options if option.right)
    chosen = next((choice.options[i] for i in picked(answers, step, choice)), truth)
    if chosen.feedback != truth.feedback:  # of the choice: behind the answer it would be said of that
        return f"Not what you expected. {chosen.feedback} The answer: {truth.text}."
    if not chosen.right:  # there is only what is said of the answer
        return f"Not what you expected. The answer: {truth.text}. {truth.feedback}"
    opens = "You foresaw it." if answers.get(step) else f"The answer: {truth.text}."
    return f"{opens} {chosen.feedback}"


def foresaw_number(answers: Answers, numbers: Numbers, truth: float, why: str, step: str = "predict") -> str:
    """How a prediction of one number came out, and what there is to say of it."""
    (field,) = numbers.fields
    try:
        typed = read(numbers, answers.get(step, ""))
    except Unreadable:
        typed = {}
    said = typed.get(field.name) if isinstance(typed, dict) else None
    answer = f"The answer: {figure(truth)}."
    if said is None:
        opens = answer
    elif abs(said - truth) <= field.tolerance + HAIR:
        opens = "You foresaw it."
    else:
        opens = f"You said {figure(said)}. {answer}"
    return f"{opens} {why}".strip()


def right(text: str, feedback: str) -> Option:
    """The option that is right."""
    return Option(text, True, feedback)


def wrong(text: str, feedback: str, diagnoses: str = "") -> Option:
    """An option that is not, and the misconception that picking it shows."""
    return Option(text, False, feedback, diagnoses)


def shuffled(choice: Choice, *key: object) -> Choice:
    """The options in an order that depends on the exercise's numbers and nothing else."""

    def place(option: Option) -> bytes:
        return hashlib.blake2b(f"{key!r}{option.text}".encode(), digest_size=8).digest()

    return replace(choice, options=tuple(sorted(choice.options, key=place)))


def card_for(cards: Sequence[Choice], *key: object) -> Choice:
    """One of several questions, and the order of its options: the same for the same numbers."""
    at = int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=4).digest(), "big")
    return shuffled(cards[at % len(cards)], *key)


def predict(*show: Show, ask: Ask | None, name: str = "predict") -> Step:
    """A guess before anything moves."""
    return Step(name, "predict", show, ask)


def do(*show: Show, ask: Ask | None, name: str = "do") -> Step:
    """What is to be worked out; the first of an exercise feeds memory."""
    return Step(name, "do", show, ask)


def see(*show: Show, ask: Ask | None = None, name: str = "see") -> Step:
    """How it comes out, which resolves the prediction."""
    return Step(name, "see", show, ask)


def seen_then_run(shown: Sequence[Show], run: Run | None) -> tuple[Step, ...]:
    """How it comes out, and a training after it: a run has its page to itself where there is another picture
    to look at.
    """
    if run is None:
        return (see(*shown),) if shown else ()
    if all(isinstance(one, Words) for one in shown):
        return (see(*shown, ask=run),)
    return see(*shown), see(ask=run, name="run")


def explain(*show: Show, ask: Ask | None, name: str = "explain") -> Step:
    """Why it came out so."""
    return Step(name, "explain", show, ask)
