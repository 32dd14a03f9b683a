"""From Markdown to values: how a course is written. `drops check` holds yours against it.

A library folder holds one folder for each path: `path.md`, and a lesson per file `NN-<id>.md`. The
folder of one path may be named as well. `drops new` writes one to begin with.

    +++                                          TOML between lines of +++
    id = "weighted-sum-and-squash"               never changes: history hangs on it
    title = "A neuron is a weighted sum and a squash, nothing more"
    phase = "a-neuron-is-just-arithmetic"
    minutes = 6
    goal = "Compute z and a for any two-input neuron"
    gain = "I can work out any neuron."          for the last page of the day; at most 90 characters
    riddle = "Where does it change its mind?"    what the next drop answers
    picture = { net = [2, 3, 1] }                announces it (see picture.py); these seven may be left out
    leaves_out = ["training"]
    teaches = ["neuron", "bias"]                 terms of the path's glossary
    needs = []                                   ids of earlier drops, or of drops of other paths
    misconceptions = { data-storage = "…" }      those of the quiz that no exercise kind knows
    [[claims]]                                   measured again by `drops check --claims`
    says = "XOR needs a hidden layer"
    experiment = "xor_success"
    params = { width = 1 }
    expect = { share = 0, runs = { at_least = 20 }, loss = { is = 0.693, within = 0.001 } }
    +++
    ## A heading of the lesson                   three to five of these: prose and live figures
    Prose, [another drop](drop:lines-and-shapes), [a term](term:bias), https links.
    ```figure neuron                             a name, then its parameters as TOML
    x = [1, 2]
    expect = { z = -2 }                          numbers the prose uses; recomputed by the check
    goal = { says = "make it fire", when = "w1*x1 + w2*x2 + b > 0" }   to be found with its knobs
    ```
    ## Exercise
    Prose that stands before it.
    ```exercise neuron                           a kind, then: id; keep, level and title; and
    id = "by-hand"                               the kind's own parameters
    keep = true                                  comes back for review …
    title = "z and a for one neuron"             … under this name
    level = 2                                    0 … 3, 2 unless told
    ```
    ## Quiz                                      questions, and exercise fences as above
    ### Which number moves the firing point? {#firing-point .keep title="what moves it"}
    - [x] the bias
      > Every option says why.
    - [ ] a weight `bias-as-slope`               a wrong one may end with what it diagnoses
      > What this answer confuses.
    ### What is z? {#z}                          its name in lists, unless it has a title: at most 40
    = 0.5 ± 0.02                                 a number; ± 0.005 unless told; 1/64 works too
    > Why.
    - −0.5 `sign-dropped`                        a wrong value that has a name
      > What it confuses.
    ### What is left of {s} after {k} layers? {#left}
    ```draw                                      numbers drawn afresh each time: one of a list, or
    s = [0.25, 0.5, 0.8]                         { from = 1, to = 4, signs = true }, or a "formula"
    k = [2, 3, 4]                                over those before it; texts hold {formulas}
    where = ["s*k != s^k"]                       drawn again until all of these hold
    ```
    = `s^k` ± 0.0005                             a formula stands in backticks
    > {s}, {k} times: {s^k|4}.
    - `s*k` `layers-added`
      > Shares are not added.
    #### Or: another scene, another side of it   further faces, with answers of their own: two
    = 4                                          more at least, and never the same one twice running
    > Why.
    ### Put the steps in order {#steps}
    1. multiply                                  in the right order; shown shuffled
    2. add
    > Why.
    ## Review                                    the same, asked only when it comes back
    ## Carry forward
    - One line each.

Two or three options; "Choose all that apply." in a question allows several [x] of up to
five. Lines between a question's heading and its answers belong to the question. An ```expect
fence below a number (`expect figure neuron`, the parameters, and `number = "z"`) has it
recomputed. A `### heading` without an id may introduce an exercise fence in Quiz and Review.
Other fences are shown as they are; HTML and images are refused.

An exercise may be data, too: ```exercise written, all keys before its first [table].

    id = "bowl"                                  as every exercise
    tells = "The ball is at w = {w}."            what is given; prompt, what is asked
    where = ["w1 != 0"]                          over givens and lines
    shows = ["P"]                                givens as rows or grids
    asks = ["w1"]                                some of the lines; all unless told
    see = [{ figure = "neuron", w = "w1" }]      figures it closes on; their parameters are formulas
    like = "bowl"                                or all of these as in that one of the drop: a review
    [given]                                      as in a draw fence
    w = [1, 2, 3]
    [lines]                                      rule, label, tol, ask, between, decimals, example, symbols
    g = { label = "slope", rule = "2*w" }
    h = { each = { i = [1, 2] }, start = 0, rule = "relu(w*h[i-1] + g)" }
    [mixups.half-slope]                          what people do instead: title, gives, rule, and the lines it
    title = "the 2 was lost"                     bends; convention = true where it is another legal way
    gives = "the slope is taken as {w}"
    rule = "The slope of w² is 2w."
    swap = { g = "w" }
    [predict]                                    and [explain]: asks, options of text, when, why, mixup
    asks = "Where does it land?"
    options = [
      { text = "left", when = "w1 < 0", why = "…" },
      { text = "right", when = "w1 > 0", why = "…" },
    ]

Formulas know + − · / ^, comparisons, and, or, not, lists [1, 2], places x[1], P[1..2, 3], and the
functions of drops/exercises/formulas/functions.py. Nothing of them is run as code.

Parameters are told where they are read: a kind's at `draw` in its file of drops/exercises
(`asks` or `only` names some of its fields), a figure's at its function, listed in
figures.py, an experiment's are its arguments, listed in experiments.py.

`path.md`: front matter id, title and [[phases]] id, title, goal; and if you like emoji, level,
subject, rhythm, summary, minutes (of all drops), drops (how many, in a phase), [[outcomes]]
text, shown_by (drop ids), [[resources]] title, kind, url, and a last table [teaches] subject =
drop id or "beyond this path: …". Sections, each of which may be left out: Why it matters, What
you will learn, The common pitfall, Prerequisites, Practice, Key terms, Questions; terms and
questions each under a `### heading`. A term belongs to its path: another path may mean another thing.

To try a library of your own beside ours, where ids are not taken twice:

    DROPS_CONTENT=~/my-library drops check
    DROPS_CONTENT=~/my-library drops plain id-of-a-drop
    DROPS_CONTENT=~/my-library drops paths choose id-of-the-path

Everything is parsed at once by these line scanners; only `markup.py`, which the check uses,
asks a full Markdown parser. The first screen waits for the course: that parser would take 30 ms
to import and 25 to find the blocks of fifteen files, where all of this takes 15.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from drops.carried import carried
from drops.course.lesson import read_drop
from drops.course.model import Drop, LearningPath, Library, Place
from drops.course.page import read_page
from drops.course.source import MOST_FILES, Source, read_source
from drops.errors import ContentError

MARKDOWN = (".md", ".markdown")
LESSON = re.compile(r"(\d{2,3})-(.+)\.md")


def library_folders(extra: str | None) -> list[Path]:
    """The bundled content, then the folders named by `extra`, separated as in PATH.

    An installed program carries its content inside the package; a checkout reads it in place.
    """
    package = Path(__file__).parents[1]
    places = [place for place in (package / "_content", package.parent / "content") if place.is_dir()]
    found = [places[0] if places else carried("_content")]
    return found + [Path(name).expanduser() for name in (extra or "").split(os.pathsep) if name]


def load(folders: Sequence[Path]) -> Library:
    """All paths of the library folders, to learn from: without what lessons claim.

    Raises ContentError for the first mistake.
    """
    reading = read(folders, claims=False)
    if reading.errors:
        raise reading.errors[0]
    return reading.library


# ── folders ───────────────────────────────────────────────────────────────────────────────


class Reading:
    """What was found: the paths that could be read, every mistake, every file that is text."""

    def __init__(self, *, claims: bool) -> None:
        self.claims = claims  # whether to read those too
        self.paths: list[LearningPath] = []
        self.errors: list[ContentError] = []
        self.sources: list[Source] = []
        self.passed_over: list[str] = []  # Markdown files that are named, or stand, as no lesson does

    @property
    def faulty(self) -> frozenset[str]:
        """Files that could not be read wholly."""
        return frozenset(error.place.rpartition(":")[0] for error in self.errors)

    @property
    def library(self) -> Library:
        return Library(tuple(self.paths))


def read(folders: Sequence[Path], *, claims: bool = True) -> Reading:
    """Everything that can be read, and everything that cannot."""
    reading = Reading(claims=claims)
    names: set[str] = set()
    for folder in dict.fromkeys(Path(os.path.abspath(f)) for f in folders):  # noqa: PTH100  # resolve() follows links
        name = str(folder) if folder.name in names else folder.name
        names.add(name)
        try:
            _read_folder(folder, name, reading)
        except ContentError as mistake:
            reading.errors.append(mistake)
        except OSError as problem:
            what = f"cannot be read ({problem.strerror or 'unreadable'})"
            reading.errors.append(ContentError(str(folder), what, "name a library folder"))
    reading.errors += _taken(reading.library)
    return reading


def _read_folder(folder: Path, name: str, reading: Reading) -> None:
    if not folder.is_dir():
        remedy = "name a folder that holds a folder for each path"
        raise ContentError(str(folder), "no such folder", remedy)
    alone = (folder / "path.md").is_file() and not any(
        folder.glob("*/path.md")
    )  # a path, not a folder of paths
    found: dict[Path, list[Path]] = {}
    for file in sorted(folder.glob("*.md" if alone else "*/*.md")):
        found.setdefault(file.parent, []).append(file)
    if not found:
        raise ContentError(str(folder), "holds no path", "put a path.md into a folder of it")
    count = sum(map(len, found.values()))
    if count > MOST_FILES:
        remedy = f"at most {MOST_FILES} are read; split the library"
        raise ContentError(str(folder), f"holds {count} files", remedy)
    for place, files in found.items():
        lessons = [file for file in files if LESSON.fullmatch(file.name)]
        if lessons or place / "path.md" in files:
            _read_path(place, name if alone else f"{name}/{place.name}", lessons, reading)
    below = [] if alone else sorted(one for one in folder.iterdir() if one.is_dir())
    for place in (folder, *below):
        inside = alone or place != folder
        within = f"{name}/{place.name}" if inside and not alone else name
        reading.passed_over += [f"{within}/{other}" for other in _passed_over(place, inside=inside)]


def _passed_over(place: Path, *, inside: bool) -> list[str]:
    """The Markdown files of a library, or inside a folder of it, that are named as nothing read there."""
    others = (file.name for file in place.iterdir() if file.suffix.lower() in MARKDOWN)
    read_there = ("path.md", "README.md") if inside else ("README.md",)
    return sorted(
        name for name in others if name not in read_there and not (inside and LESSON.fullmatch(name))
    )


def _read_path(folder: Path, name: str, lessons: list[Path], reading: Reading) -> None:
    drops: list[Drop] = []
    wrong: list[ContentError] = []
    for file in lessons:
        try:
            source = _read_file(file, name, reading)
        except ContentError as mistake:
            wrong.append(mistake)
            continue
        drop, mistakes = read_drop(source, int(file.name.partition("-")[0]), claims=reading.claims)
        wrong += mistakes
        drops += [drop] if drop else []
    try:
        path, mistakes = read_page(_read_file(folder / "path.md", name, reading), drops)
    except ContentError as mistake:
        path, mistakes = None, [mistake]
    reading.paths += [path] if path else []
    reading.errors += mistakes + wrong


def _read_file(file: Path, name: str, reading: Reading) -> Source:
    source = read_source(file, f"{name}/{file.name}")
    reading.sources.append(source)
    return source


def _taken(library: Library) -> list[ContentError]:
    """Ids that two drops or two paths share: progress could not tell them apart."""
    wrong: list[ContentError] = []
    for what, things in (("path", library.paths), ("drop", tuple(library))):
        seen: dict[str, Place] = {}
        for thing in things:
            if thing.id in seen:
                twice = f'the {what} id "{thing.id}" is taken by {seen[thing.id]}'
                wrong.append(ContentError(str(thing.place), twice, "rename one of the two"))
            seen.setdefault(thing.id, thing.place)
    return wrong
