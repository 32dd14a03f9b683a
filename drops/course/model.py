"""A course as values. Every part knows the file and line it was written on.

Named tuples: the first screen waits for these classes, and a frozen dataclass takes five times
as long to define.
"""

# No annotation is postponed here: a NamedTuple would compile each, and the first screen waits for that.
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from drops.errors import ContentError, OutOfRange, Unknown

_NUMBER = re.compile(r"-?\d+")
_FORMULA = re.compile(r"\{[^{}]*\}")


class Place(NamedTuple):
    """Where something stands: `file` relative to the library folder's parent, `line` from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Problem(NamedTuple):
    """One thing for an author to correct; `str` is its whole line."""

    place: str                     # file:line, or a folder
    what: str
    remedy: str

    def __str__(self) -> str:
        return " ".join(f"{self.place}: {self.what}; {self.remedy}".split())


class GoalLine(NamedTuple):
    """What to find by turning a figure's knobs, and the formula over them that says whether it is found."""

    says: str
    when: str


class FigureFence(NamedTuple):
    """A ```figure fence: a live picture within a lesson."""

    name: str
    params: Mapping[str, Any]      # without `expect` and `goal`
    expect: Mapping[str, float]
    place: Place
    goal: GoalLine | None = None
    body: tuple[tuple[int, str], ...] = ()   # of a written one: its lines, so that a mistake has its own


class Section(NamedTuple):
    """One screenful of a lesson: Markdown and figures, in order."""

    heading: str
    parts: Sequence[str | FigureFence]
    place: Place
    words: int                     # of its Markdown: what a day's plan asks of every section of a path
    figures: int


class QuizOption(NamedTuple):
    text: str
    right: bool
    feedback: str
    diagnoses: str                 # misconception id, or ""
    line: int = 0                  # of the file


class WrongValue(NamedTuple):
    """A wrong number that says what was confused."""

    value: str                     # a number, or a formula over what was drawn
    diagnoses: str                 # misconception id, or ""
    feedback: str
    line: int = 0                  # of the file


class DrawFence(NamedTuple):
    """The lines of a ```draw fence; read as TOML when numbers are drawn, not while a course loads."""

    body: tuple[str, ...]
    place: Place                   # of the opening ```


SPOTS = ("wires", "units", "cells", "points")  # what there is to point at in a picture


class PictureFence(NamedTuple):
    """A ```click or ```turn fence: a figure in which a spot is to be found, or whose knobs are to be set. Its
    parameters are formulas over what was drawn."""

    name: str
    params: Mapping[str, Any]      # without `spots` and `knobs`
    place: Place
    spots: str = ""                # one of SPOTS, of a ```click fence
    knobs: tuple[str, ...] = ()    # those that can be turned, of a ```turn fence; () all of the figure


class Quiz(NamedTuple):
    """A question as its author wrote it: options for "one" and "many", pieces for "order", `answer` for
    "number"; for "spot" its address in the `picture`, for "setting" a formula that is true where the knobs
    are right. Its texts and values are formulas where it has a `draw`; other faces ask it another way.
    """

    id: str
    asks: Literal["one", "many", "number", "order", "spot", "setting"]
    question: str                  # Markdown
    options: tuple[QuizOption, ...]
    answer: str                    # a number, or a formula over what was drawn
    tolerance: float
    feedback: str                  # why, where there are no options
    keep: bool                     # comes back for review
    place: Place
    expect: Mapping[str, Any]      # {"figure"/"experiment": name, "params": …, "number": name} or {}
    wrong: tuple[WrongValue, ...] = ()   # of what has an `answer`
    pieces: tuple[str, ...] = ()   # "order": in the right order; shown shuffled
    called: str = ""               # in lists, where its first line is too long for them
    draw: DrawFence | None = None  # the givens that are drawn, and what must hold between them
    others: tuple["Quiz", ...] = ()  # the same question with another face
    answer_line: int = 0           # of the file
    picture: PictureFence | None = None

    @property
    def faces(self) -> tuple["Quiz", ...]:
        """All that may be asked under this id, as written."""
        return (self, *self.others)

    @property
    def title(self) -> str:
        """What lists call it: its first line, with numbers that are drawn left open, unless told."""
        first = self.question.strip().splitlines()[0]
        return self.called or (_FORMULA.sub("…", first) if self.draw else first)


class ExerciseFence(NamedTuple):
    """An ```exercise fence: a kind, its parameters, and an item id of its own."""

    id: str
    kind: str
    params: Mapping[str, Any]
    keep: bool
    level: int                     # fading level at first sight, 0 … 3
    title: str                     # what Today calls it: "z and a for one neuron"
    place: Place
    before: str = ""               # Markdown that stands before the fence
    body: Sequence[tuple[int, str]] = ()     # of a written exercise: its lines, so that a mistake has its own


Item = Quiz | ExerciseFence


class Teaser(NamedTuple):
    """What a drop is announced with: a net, its tables, lines on a plane, or curves."""

    kind: str                      # net, weights, lines, curves
    data: tuple[Any, ...]          # as the front matter has it, in tuples
    x: str = ""                    # of curves: what their axes are called,
    y: str = ""
    names: tuple[str, ...] = ()    # and where there are several each of them


class Claim(NamedTuple):
    """What a lesson asserts about networks, and the experiment that shows it."""

    says: str
    experiment: str
    params: Mapping[str, Any]
    expect: Mapping[str, Any]      # name → value, {"is": v, "within": t}, {"at_least": v}, {"at_most": v}
    place: Place


class Drop(NamedTuple):
    """One lesson: what is read, done, asked, kept and carried forward."""

    id: str
    number: int                    # 1 … within its path
    title: str
    phase: str
    minutes: float
    goal: str
    leaves_out: tuple[str, ...]
    teaches: tuple[str, ...]       # glossary terms
    needs: tuple[str, ...]         # ids of earlier drops
    sections: tuple[Section, ...]
    exercises: tuple[ExerciseFence, ...]
    quiz: tuple[Item, ...]
    review: tuple[Item, ...]       # asked only when they come back
    carry_forward: tuple[str, ...]
    claims: tuple[Claim, ...]
    digest: str                    # of the file's text, kept with every answer
    place: Place
    misconceptions: Mapping[str, str] = MappingProxyType({})   # id → what it is, of its quiz alone
    gain: str = ""                 # what who has done it can do, in the first person
    riddle: str = ""               # what the next drop answers
    picture: Teaser | None = None

    @property
    def called(self) -> str:
        """What it is called in short, within a sentence: "drop 3"; of no path, its title."""
        return f"drop {self.number}" if self.number else f"{self.title[:1].lower()}{self.title[1:]}"

    @property
    def scope(self) -> str:
        """What the drop does not speak of, in a sentence; "" where it leaves nothing out."""
        return f"Not in this drop: {'; '.join(self.leaves_out)}." if self.leaves_out else ""

    @property
    def items(self) -> dict[str, Item]:
        """Every item by its key `drop-id/item-id`, in the order of the file."""
        return {f"{self.id}/{item.id}": item for item in self._all()}

    @property
    def kept(self) -> dict[str, Item]:
        """The items that come back: what memory keeps of this drop."""
        return {f"{self.id}/{item.id}": item for item in self._all() if item.keep}

    def _all(self) -> tuple[Item, ...]:
        return (*self.exercises, *self.quiz, *self.review)


class Phase(NamedTuple):
    id: str
    title: str
    goal: str
    drops: tuple[Drop, ...]


class Resource(NamedTuple):
    title: str
    kind: str                      # video, docs
    url: str


class Outcome(NamedTuple):
    """What the learner can do at the end, and the items that are its evidence: each that must be right."""

    text: str
    shown_by: tuple[str, ...]      # drop-id/item-id, or the id of a drop for all of its items that come back


class LearningPath(NamedTuple):
    """A path: its page, and its drops by phase."""

    id: str
    title: str
    emoji: str
    level: str                     # Foundations
    subject: str                   # technology
    rhythm: str                    # ~2-week path · 5–8 min/day
    summary: str
    why: str
    learn: tuple[str, ...]
    pitfall: str
    prerequisites: str
    practice: str                  # Markdown
    phases: tuple[Phase, ...]
    outcomes: tuple[Outcome, ...]
    resources: tuple[Resource, ...]
    glossary: Mapping[str, str]    # term → Markdown
    faq: tuple[tuple[str, str], ...]
    teaches: Mapping[str, str]     # subject → drop id or "beyond this path: …"
    place: Place
    minutes: float = 0.0           # what the page says all drops take together; 0: it does not say

    @property
    def drops(self) -> tuple[Drop, ...]:
        return tuple(drop for phase in self.phases for drop in phase.drops)


def link_name(term: str) -> str:
    """A glossary term as links write it.

    >>> link_name("Hidden layer")
    'hidden-layer'
    """
    return "-".join(term.lower().replace("-", " ").split())


class Library:
    """All paths that were found. Names are looked up in an index: a page asks a hundred times.

    `own` holds what is asked of the learner beside the paths: never listed, found by their keys alone.
    `left_out` says of each added path that does not fit any more why.
    """

    def __init__(
        self,
        paths: tuple[LearningPath, ...],
        own: tuple[Drop, ...] = (),
        left_out: tuple[ContentError, ...] = (),
    ) -> None:
        self.paths, self.own, self.left_out = paths, own, left_out

    def __iter__(self) -> Iterator[Drop]:
        return (drop for path in self.paths for drop in path.drops)

    @cached_property
    def _placed(self) -> dict[str, tuple[LearningPath, Drop]]:
        """Every drop by its id, with its path."""
        return {drop.id: (path, drop) for path in self.paths for drop in path.drops}

    @cached_property
    def _titled(self) -> dict[str, Drop]:
        return {drop.title: drop for drop in self}

    @cached_property
    def _keyed(self) -> dict[str, tuple[Drop, Item]]:
        return {key: (drop, item) for drop in (*self, *self.own) for key, item in drop.items.items()}

    def drop(self, name: str, within: LearningPath | None = None) -> Drop:
        """A drop by id, by `path/number`, by title, or by a bare number of the path `within`, the first
        one unless told. Raises Unknown.
        """
        if own := next((drop for drop in self.own if drop.id == name), None):
            return own
        if name in self._placed:
            return self._placed[name][1]
        if name in self._titled:
            return self._titled[name]
        path_name, slash, number = name.rpartition("/")
        path = self.path(path_name) if slash else within or next(iter(self.paths), None)
        if path is None or not _NUMBER.fullmatch(number):
            firsts = [f"{one.id}/1" for one in self.paths if one.id == name.removesuffix("/")]
            raise Unknown("drop", name, firsts or self._placed)
        numbers = {drop.number: drop for drop in path.drops}
        if (wanted := int(number[:9])) in numbers:
            return numbers[wanted]
        if min(numbers, default=0) < wanted < max(numbers, default=0):
            raise Unknown("drop", name, self._placed)
        several = len(self.paths) > 1
        raise OutOfRange(number[:9], list(numbers), path.id if several else "")

    def path(self, name: str) -> LearningPath:
        """A path by id or title, in capitals or not. Raises Unknown."""
        meant = name.casefold()
        found = next((path for path in self.paths if meant in (path.id, path.title.casefold())), None)
        if found is None:
            raise Unknown("path", name, [path.id for path in self.paths])
        return found

    def linked(self, link: str, within: LearningPath | None = None) -> tuple[str, str]:
        """What a link in a lesson of the path `within` leads to, of the first one unless told: a name, and
        Markdown about it. Raises Unknown.
        """
        kind, _, name = link.partition(":")
        path = within or next(iter(self.paths), None)
        if kind == "drop":
            drop = self.drop(name, path)
            goal, recap = drop.goal.rstrip("."), "\n".join(f"- {line}" for line in drop.carry_forward)
            return f"drop {drop.number}", f"**{drop.title}**\n\n{goal}.\n\n{recap}"
        if kind == "term":
            terms = path.glossary if path else {}
            for term, says in terms.items():
                if link_name(term) == link_name(name):
                    return term, says
            raise Unknown("term", name, terms)
        return link, f"An address on the web, for your browser:\n\n{link}"

    def path_of(self, drop_id: str) -> LearningPath:
        """The path that a drop belongs to. Raises Unknown."""
        if drop_id not in self._placed:
            raise Unknown("drop", drop_id, self._placed)
        return self._placed[drop_id][0]

    def items(self) -> Iterator[tuple[str, Item]]:
        """Every item by its key, also those that are the learner's."""
        return ((key, item) for key, (_, item) in self._keyed.items())

    def item(self, key: str) -> tuple[Drop, Item]:
        """The drop and item of a key `drop-id/item-id`. Raises Unknown."""
        if key not in self._keyed:
            raise Unknown("question", key, self._keyed)
        return self._keyed[key]
