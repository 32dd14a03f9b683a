"""Reading a line, word by word. What is no word, or fits no other word, is one sentence and changes nothing.

    read_line("sprial 2-8-8-1")   LineError: no word "sprial"; did you mean "spiral"?

Nothing typed is evaluated: a word stands in a table, or it is a number of digits, or it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from drops.errors import DropsError, Unknown
from drops.networks.faults.table import FAULTS
from drops.networks.lab.broken import NONE, SETTLES, broken, refusal
from drops.networks.lab.drawing import WORD
from drops.networks.lab.recipe import Edit, Recipe, Turn, plain, print_number, print_shape
from drops.networks.lab.shape import SHAPE, LineError, shaped
from drops.networks.lab.tables import OWN, source_of
from drops.networks.lab.words import (
    EPOCHS,
    FEATURES,
    LOSSES,
    NUMBER_WORDS,
    OF_ONE,
    RATE,
    RULES,
    SCALE,
    SCHEDULES,
    SOURCES,
    SQUASHES,
    STARTS,
    Range,
)

LONGEST = 400  # characters
MOST_STEP = 1_000_000
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE)
EDIT = re.compile(r"([Wb])(\d{1,3})\[(\d{1,4})(?:,(\d{1,4}))?\]=(.*)")
MINUSES = str.maketrans("−–－", "---")  # as a printed page has them
LOCKS = ("data", "features", "shape", "squash", "rule", "rate", "loss", "start", "schedule", *NUMBER_WORDS)
CHANGES = ("batch", "l1", "l2", "drop", "clip")  # what a run goes on with from where it stands, with the rule
KNOWN = (
    *SOURCES, *FEATURES, *SQUASHES, *RULES, *LOSSES, *STARTS, *SCHEDULES, *NUMBER_WORDS, "only", "break",
)  # fmt: skip


OF_A_LINE = "a line is like circle 2-8-1 relu adam .01 batch 20"
A_WEIGHT = "write W2[3,1]=0.5 for a weight, b2[3]=0.5 for a bias"


def read_line(text: str, base: Recipe | None = None) -> Recipe:
    """The experiment of a line; with `base` that one, changed by what the line says. Raises LineError,
    whose message says what to write instead."""
    if len(text) > LONGEST:
        raise LineError(
            f"a line has at most {LONGEST} characters, this one {len(text)}; leave something out",
            (LONGEST, len(text)),
        )
    for at, character in enumerate(text):
        if not (character.isprintable() or character.isspace()):
            raise LineError("a character that cannot be shown stands in the line; type it anew", (at, at + 1))
    return _Reader(text, base).read()


class _Reader:
    """One line, read from left to right into one value."""

    def __init__(self, text: str, base: Recipe | None) -> None:
        self.words = [(found[0].translate(MINUSES), found.span()) for found in re.finditer(r"[^\s·]+", text)]
        self.at = 0
        self.said: dict[str, str] = {}  # what each kind of word was said by
        self.recipe, self.base = base or Recipe(), base
        self.features: list[str] = []
        self.turned = False  # an @ was read: what follows changes in the run
        self.shape: tuple[str, tuple[int, int]] = "", (0, 0)
        self.later: dict[int, tuple[str, tuple[int, int]]] = {}  # the shapes that come at a step

    # ── words ──────────────────────────────────────────────────────────────────────────────
    def read(self) -> Recipe:
        while self.at < len(self.words):
            word = self._next()
            if word.startswith("@"):
                self._turn(word)
            elif self.turned:
                self._change(word)
            else:
                self._word(word)
        return self._whole()

    def _next(self) -> str:
        self.at += 1
        return self.words[self.at - 1][0]

    def _wrong(self, line: str, at: int | None = None) -> LineError:
        return LineError(line, self.words[(self.at if at is None else at) - 1][1])

    def _word(self, word: str) -> None:
        reads: tuple[tuple[Any, Callable[[str], None]], ...] = (
            (SOURCES, self._data), (FEATURES, self._feature), (SQUASHES, self._squash), (RULES, self._rule),
            (LOSSES, self._loss), (STARTS, self._start), (SCHEDULES, self._schedule),
            (NUMBER_WORDS, self._number), (("only",), self._only), (("break",), self._break),
        )  # fmt: skip
        for family, read in reads:
            if word in family:
                return read(word)
        if word.startswith((OWN, WORD)):
            return self._data(word)
        if SHAPE.fullmatch(word):
            return self._shape(word)
        if EDIT.match(word):
            raise self._wrong(f'"{word[:40]}" sets a weight at a step; write @0 in front of it')
        if NUMBER.fullmatch(word):
            raise self._wrong(
                f'the number {word[:40]} belongs to no word; write it after one, as in "batch 20"'
            )
        if re.fullmatch(r"\d+[a-z+]*", word):
            raise self._wrong(f'"{word}" is one layer; a shape has two at least, as in 2-{word}-1')
        if word in ("rate", "lr"):
            raise self._wrong('the rate stands behind its rule, as in "adam .01"')
        if word.lower() in KNOWN:
            raise self._wrong(f'no word "{word}"; did you mean "{word.lower()}"?')
        unknown = Unknown("word", word, KNOWN)
        raise self._wrong(str(unknown) if unknown.nearest else f'no word "{word[:60]}"; {OF_A_LINE}')

    def _once(self, kind: str, word: str) -> None:
        self._unlocked(kind.removeprefix("the ").split()[0], word)
        if (first := self.said.get(kind)) is not None:
            other = f', after "{first}"' if first != word else ""  # a line typed behind another one
            raise self._wrong(f'"{word}" says {kind} a second time{other}; keep one')
        self.said[kind] = word

    def _unlocked(self, name: str, word: str) -> None:
        """What the line locks stays as it is."""
        only = self.base.only if self.base else ()
        name = {"feature": "features"}.get(name, name)
        name = "rate" if name == "rule" and word == self.recipe.rule else name
        if only and name not in only:
            raise self._wrong(f"only {' '.join(only)} may change here; type a whole line to begin another")

    def _data(self, word: str) -> None:
        self._once("data", word)
        try:
            fits = self.recipe.loss in source_of(word).losses
        except DropsError as error:
            raise self._wrong(str(error)) from None
        self.recipe = replace(self.recipe, data=word, loss=self.recipe.loss if fits or not self.base else "")

    def _feature(self, word: str) -> None:
        self._once(f"the feature {word}", word)
        self.features.append(word)

    def _squash(self, word: str) -> None:
        self._once("the squash", word)
        self.recipe = replace(self.recipe, squash=word)

    def _rule(self, word: str) -> None:
        self._once("the rule", word)
        self.recipe = replace(self.recipe, rule=word, rate=self._may("the rate", RATE))

    def _loss(self, word: str) -> None:
        self._once("the loss", word)
        self.recipe = replace(self.recipe, loss=word)

    def _start(self, word: str) -> None:
        self._once("the start", word)
        self.recipe = replace(self.recipe, start=word, scale=self._may(f"the number of {word}", SCALE))

    def _schedule(self, word: str) -> None:
        self._once("the schedule", word)
        self.recipe = replace(self.recipe, schedule=(word, int(self._must(word, EPOCHS))))

    def _number(self, word: str) -> None:
        self._once(word, word)
        value = self._must(word, NUMBER_WORDS[word])
        if word == "goal" and value > 1:
            value /= 100  # "goal 97" means 97 %
        kept: dict[str, Any] = {word: int(value) if NUMBER_WORDS[word].whole else value}
        self.recipe = replace(self.recipe, **kept)

    def _only(self, word: str) -> None:
        self._once("what may change", word)
        names: list[str] = []
        while self.at < len(self.words) and self.words[self.at][0] in LOCKS:
            names.append(self._next())
        if not names:
            raise self._wrong('"only" wants what may change after it, as in "only squash"')
        self.recipe = replace(self.recipe, only=tuple(dict.fromkeys(names)))

    def _break(self, word: str) -> None:
        self._once("what is broken", word)
        if self.at == len(self.words):
            raise self._wrong('"break" wants the name of a fault after it, as in "break rate-high"')
        self.recipe = replace(self.recipe, fault=self._next())

    def _shape(self, word: str) -> None:
        self._once("the shape", word)
        self.shape = word, self.words[self.at - 1][1]

    # ── numbers ────────────────────────────────────────────────────────────────────────────
    def _may(self, name: str, range_: Range) -> float | None:
        """The number that may follow."""
        if self.at < len(self.words) and re.match(r"[+-]?\.?\d", self.words[self.at][0]):
            if SHAPE.fullmatch(self.words[self.at][0]) and not NUMBER.fullmatch(self.words[self.at][0]):
                return None
            return self._held(name, self._next(), range_)
        return None

    def _must(self, word: str, range_: Range) -> float:
        """The number that has to follow."""
        if self.at == len(self.words) or not re.match(r"[+-]?\.?\d", self.words[self.at][0]):
            example = print_number(max(range_.low, min(1.0, range_.high)))
            line = f'"{word}" wants a number after it, as in "{word} {example}"'
            raise self._wrong(line, min(self.at + 1, len(self.words)))
        return self._held(word, self._next(), range_)

    def _held(self, name: str, typed: str, range_: Range) -> float:
        within = f"{print_number(range_.low)} … {print_number(range_.high)}"
        if not NUMBER.fullmatch(typed):
            raise self._wrong(f'"{typed[:40]}" is no number; {name} is {within}')
        value = float(typed)
        if not range_.low <= value <= range_.high:
            raise self._wrong(f"{name} {typed[:40]} is outside {within}")
        if range_.whole and value != int(value):
            raise self._wrong(f"{name} {typed[:40]} is no whole number; {name} is {within}")
        return value

    # ── turns ──────────────────────────────────────────────────────────────────────────────
    def _turn(self, word: str) -> None:
        step = word[1:] or (self._next() if self.at < len(self.words) else "")
        if not re.fullmatch(r"\d{1,7}", step) or int(step) > MOST_STEP:
            raise self._wrong(f'"@" wants a step after it, up to {MOST_STEP:,}, as in "@1200 sgd .01"')
        turns, self.turned = self.recipe.turns, True
        if turns and int(step) == turns[-1].step and not self.base:
            raise self._wrong(f"step {step} is there already; write what changes behind one @{step}")
        if turns and int(step) < turns[-1].step:
            raise self._wrong(f"step {step} comes after step {turns[-1].step}; write steps in their order")
        if turns and int(step) == turns[-1].step:
            return  # a base has changed something at this step already
        if turns:
            self._said_something(turns[-1])
        self.recipe = replace(self.recipe, turns=(*turns, Turn(int(step))))

    def _said_something(self, turn: Turn) -> None:
        if not turn.changes and not turn.edits:
            raise self._wrong(
                f'nothing changes at step {turn.step}; write what does, as in "@{turn.step} sgd .01"'
            )

    def _change(self, word: str) -> None:
        *earlier, turn = self.recipe.turns
        changes, edits = dict(turn.changes), {edit[:3]: edit for edit in turn.edits}
        if word in RULES:
            self._once(f"the rule at step {turn.step}", word)
            rate = self._may("the rate", RATE)
            changes = {name: value for name, value in changes.items() if name not in ("rule", "rate")}
            changes |= {"rule": word} | ({} if rate is None else {"rate": rate})
        elif word in CHANGES:
            self._once(f"{word} at step {turn.step}", word)
            value = self._must(word, NUMBER_WORDS[word])
            changes[word] = int(value) if NUMBER_WORDS[word].whole else value
        elif word in SQUASHES:
            self._once(f"the squash at step {turn.step}", word)
            changes["squash"] = word
        elif SHAPE.fullmatch(word):
            self._once(f"the shape at step {turn.step}", word)
            self.later[turn.step] = word, self.words[self.at - 1][1]
            changes["hidden"] = ()  # which layers that are is known when all is read
        elif found := EDIT.fullmatch(word):
            self._unlocked("a weight", word)
            edit = self._edit(word, found)
            edits[edit[:3]] = edit
        elif re.match(r"[Wb]\d", word):
            raise self._wrong(f'"{word[:40]}" names no weight; {A_WEIGHT}')
        elif word in KNOWN:
            may = f"a rule, a shape, a squash, {', '.join(CHANGES)}, or W1[2,1]=0.5"
            raise self._wrong(f'"{word}" cannot change in a run; after @ stand {may}')
        else:
            raise self._wrong(str(Unknown("change", word, (*RULES, *SQUASHES, *CHANGES))))
        turn = Turn(turn.step, tuple(changes.items()), tuple(edits.values()))
        self.recipe = replace(self.recipe, turns=(*earlier, turn))

    def _edit(self, word: str, found: re.Match[str]) -> Edit:
        kind, layer, unit, source, value = found.groups()
        if (kind == "W") != (source is not None):
            raise self._wrong(f'"{word[:40]}" names no weight; {A_WEIGHT}')
        return Edit(int(layer), int(unit), int(source or 0), self._held(f"{kind}{layer}", value, SCALE))

    # ── what the words make together ───────────────────────────────────────────────────────
    def _whole(self) -> Recipe:
        recipe = self._with_features(self.recipe)
        recipe = self._with_shape(recipe)
        source = recipe.source
        if recipe.loss and recipe.loss not in source.losses:
            of, first = LOSSES[recipe.loss][0], source.losses[0]
            raise self._at(
                recipe.loss, f"{recipe.data} wants {source.asks}, {recipe.loss} {of}; write {first}"
            )
        if recipe.noise is not None and not source.drawn:
            if "noise" in self.said:
                raise self._at("noise", f"{recipe.data} has the rows that were measured; leave noise out")
            recipe = replace(recipe, noise=None)
        recipe = self._with_fault(recipe)
        recipe = replace(recipe, turns=tuple(self._turns(recipe)))
        return plain(recipe)

    def _turns(self, recipe: Recipe) -> Iterator[Turn]:
        """The turns, the shapes that come in them understood."""
        now = replace(broken(recipe), turns=())
        for turn in recipe.turns:
            self._said_something(turn)
            changes = dict(turn.changes)
            if turn.step in self.later:
                changes["hidden"] = shaped(replace(now, **changes), *self.later[turn.step]).hidden
            if "hidden" in changes:
                changes["hidden"] = plain(replace(now, **changes)).hidden
            whole = replace(turn, changes=tuple(changes.items()))
            now = now.turned(whole)
            for edit in turn.edits:
                self._reaches(now, edit)
            yield whole

    def _at(self, word: str, line: str) -> LineError:
        return LineError(line, next(span for said, span in self.words if said == word))

    def _with_fault(self, recipe: Recipe) -> Recipe:
        """What is broken already and does not suit what the line says now is mended."""
        fault = "" if recipe.fault == NONE else recipe.fault
        if fault in FAULTS and self.base and "what is broken" not in self.said:
            said = {name for kind in self.said for name in SETTLES.get(kind, ())}
            fault = "" if said & {*FAULTS[fault].sets} else fault  # who sets it otherwise mends it
        if fault and (why := refusal(recipe, fault)):
            if "what is broken" in self.said:
                raise self._at(fault, why)
            fault = ""
        return replace(recipe, fault=fault)

    def _with_features(self, recipe: Recipe) -> Recipe:
        columns = recipe.source.columns
        for name in self.features:
            if columns > 2:
                raise self._at(name, f"{recipe.data} brings {columns} columns of its own; leave {name} out")
            if columns == 1 and name not in OF_ONE:
                raise self._at(name, f"{recipe.data} has one column; of it there are {', '.join(OF_ONE)}")
        if self.base and not self.features:
            kept = recipe.features if columns == 2 else [one for one in recipe.features if one in OF_ONE]
            recipe = replace(recipe, features=() if columns > 2 else tuple(kept))
        else:
            recipe = replace(recipe, features=tuple(name for name in FEATURES if name in self.features))
        return replace(recipe, features=()) if recipe.features == Recipe(recipe.data).listens_to else recipe

    def _with_shape(self, recipe: Recipe) -> Recipe:
        word, span = self.shape
        return shaped(recipe, word, span) if word else recipe

    def _reaches(self, recipe: Recipe, edit: Edit) -> None:
        sizes = recipe.sizes
        fits = (
            1 <= edit.layer < len(sizes)
            and 1 <= edit.unit <= sizes[edit.layer]
            and edit.source <= sizes[edit.layer - 1]
        )
        if not fits:
            name = (
                f"W{edit.layer}[{edit.unit},{edit.source}]" if edit.source else f"b{edit.layer}[{edit.unit}]"
            )
            last = len(sizes) - 1
            word = next(word for word, _ in self.words if word.startswith(f"{name}="))
            raise self._at(
                word, f"{print_shape(recipe)} has no {name}; they go to W{last}[{sizes[-1]},{sizes[-2]}]"
            )
