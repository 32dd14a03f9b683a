"""What every kind of exercise is: numbers, their arithmetic, what people do instead, and its steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from drops.exercises.answers import Answer
from drops.exercises.blocks import Numbers, Show, Step
from drops.exercises.grading import Verdict
from drops.exercises.script import ScriptLines, write_program
from drops.exercises.sheets import Fields, blank, listed
from drops.exercises.worksheet import Arithmetic, Misconception, Values, Worksheet


@dataclass(frozen=True)
class Exercise(ABC):
    """A frozen dataclass: its fields are its numbers (JSON-able: numbers, strings, tuples).

    Most kinds do sums: they have `fields` to fill and a worksheet behind them. One that asks for
    a choice or a design has neither.
    """

    kind: ClassVar[str]
    shows_after: ClassVar[bool] = False  # also where it comes back: what is seen after the answer
    one_of_many: ClassVar[bool] = False  # what its other items asked counts as asked before, too

    @property
    @abstractmethod
    def misconceptions(self) -> Mapping[str, Misconception]:
        """What people do instead, by id. Most kinds have one table for all their draws."""

    @property
    def fields(self) -> Fields:
        """What "do" asks, in the order of the worksheet; a fence may ask for less."""
        return ()

    @classmethod
    @abstractmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """One candidate of the wanted regime; `kinds.fair` decides whether it may be asked."""

    @classmethod
    def restored(cls, stored: Mapping[str, Any], params: Mapping[str, Any]) -> Self:  # noqa: ARG003  most need none
        """The exercise of stored numbers, in a fence with these parameters."""
        return cls(**stored)

    def as_stored(self) -> dict[str, Any]:
        """Its numbers, which `restored` makes it of again."""
        drawn = (one for one in dataclass_fields(self) if one.metadata.get("drawn", True))
        return {one.name: getattr(self, one.name) for one in drawn}

    def repeats(self, seen: Sequence[Mapping[str, Any]]) -> bool:
        """Whether it would be known again from the draws `seen`, as they were stored, the last one last."""
        return bool(seen) and seen[-1] == self.as_stored()

    @classmethod
    def titles(cls, params: Mapping[str, Any]) -> Mapping[str, str]:  # noqa: ARG003  most have one table
        """What its misconceptions are called, by id."""
        table: Mapping[str, Misconception] = cls.misconceptions  # type: ignore[assignment]  # the kind's own table
        return {name: misconception.title for name, misconception in table.items()}

    @cached_property
    def worksheet(self) -> Arithmetic:
        """The arithmetic of what is asked, written once: no line that the fields do not need."""
        return Worksheet({}, ())

    def as_program(self) -> ScriptLines:
        """What a program of it is written from. Raises DropsError where there is none."""
        return self.worksheet.as_program()

    def as_script(self) -> str:
        """The sheet as a program that runs by itself and prints what the fields ask. Raises DropsError."""
        asked = [(field.label, field.name) for field in self.fields]
        return write_program(self.as_program(), self.worksheet.run(), asked)

    def numbers(self, prompt: str, asked: frozenset[str], says: str) -> Numbers:
        """The fields in a sheet of a row each, those `asked` left blank; `says` stands for the sheet."""
        return Numbers(prompt, blank(self.fields, asked), listed(self.worksheet, self.fields, asked, says))

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """What stands beside "do": the scene of its givens, with the `values` known so far by field,
        printed ones and typed ones, in their places. `hand` is the field in hand; it is "" once nothing
        is left to answer, and only then the picture may show what was asked.
        """
        del values, hand
        return ()

    @abstractmethod
    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        """predict → do → see → explain. `asked` names the fields left blank in "do" (the
        others are printed); `answers` are the texts given so far, by step name."""

    def judge(self, answer: Answer) -> Verdict:
        """The verdict on a design or a case, by the kind that asks for one."""
        raise TypeError(f"{self.kind} asks for no design and no case: {answer!r}")

    def shown_way(self) -> Verdict:
        """The way through a case, for who gives it up, by the kind that asks for one."""
        raise TypeError(f"{self.kind} asks for no case")
