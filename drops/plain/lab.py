"""The Lab in lines: an experiment is typed, trained, asked, turned back and judged."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from drops.clock import Clock
from drops.errors import DropsError, Unknown
from drops.networks.faults.table import FAULTS
from drops.networks.lab import cards, drawing, instruments, judge, look, script, tables, told
from drops.networks.lab.broken import WANTS, suits
from drops.networks.lab.challenges import BEGINNINGS, CHALLENGES, Ruling, find, judge_lines
from drops.networks.lab.desk import Desk
from drops.networks.lab.instruments import INSTRUMENTS
from drops.networks.lab.line import MOST_STEP, read_line
from drops.networks.lab.recipe import print_line
from drops.networks.lab.why import explain
from drops.networks.lab.words import FAMILIES
from drops.plain.spoken import WIDTH, heard, wrapped
from drops.study.own import lab as own
from drops.study.shown.nets import lesson_nets, nets_by_name
from drops.study.study import Study
from drops.text import counted

RUN, BACK = 500, 100  # steps where no number is said
TOLD = 5  # moments of a run that are told


@dataclass
class LabTalk:
    """`ask` prints a prompt and returns a line; it raises EOFError at the end of the input. `opened` gives
    the study, opened by the first word that needs it."""

    ask: Callable[[str], str]
    say: Callable[[str], None]
    opened: Callable[[], Study]
    clock: Clock
    desk: Desk = field(init=False)
    drawn: list[drawing.DrawnRow] = field(default_factory=list, init=False)  # rows put by hand
    other: Desk | None = field(default=None, init=False)  # what is compared with
    row: int = field(
        default=0, init=False
    )  # of the training rows, counted from 0: the one that is asked about

    def run(self, line: str = "") -> None:
        """From a line to `quit`, or to the end of the input. Raises LineError where that is no line."""
        self.desk = Desk(read_line(line))
        self.tell_line()
        self.say("Type help to hear the words that work here.")
        try:
            while self._does(self.ask("lab> ").strip()):
                pass
        except (EOFError, KeyboardInterrupt):
            self.say("")

    def _does(self, typed: str) -> bool:
        """Does what was typed; False at the end."""
        first, _, rest = typed.partition(" ")
        if first.lower() in ("quit", "q"):
            return False
        try:
            if word := WORDS.get(first.lower()):
                word.do(self, rest.strip())
            elif typed:
                self.desk.begin(read_line(typed))
                self.tell_line()
        except DropsError as error:
            self.say(str(error))
        return True

    def say_all(self, lines: list[str]) -> None:
        for line in lines:
            for part in wrapped(heard(line)):
                self.say(part)

    # ── what is said ───────────────────────────────────────────────────────────────────────
    def tell_line(self, _: str = "") -> None:
        recipe = self.desk.recipe
        self.say(f"{print_line(recipe)}   {self.desk.bench.recipe.parameters:,} parameters")
        self.tell_moment()

    def tell_moment(self) -> None:
        self.say_moment(self.desk)

    def say_moment(self, desk: Desk) -> None:
        bench = desk.bench
        train, test = (float(bench.loss(part)) for part in (bench.train, bench.test))
        score = float(bench.score(bench.fresh))
        self.say_all([told.moment(bench.recipe, bench.step, train, test, score)])
        if desk.lost_at:
            self.say(f"The loss is no number since step {desk.lost_at:,}; back shows what led there.")

    def tell_words(self, _: str) -> None:
        told = [f"{name}: {word.says}." for name, word in WORDS.items()]
        told += ["Anything else is a line. Its words:"]
        told += [f"{what}: {' '.join(words)}." for what, words in FAMILIES.items()]
        for one in told:
            for part in textwrap.wrap(one, WIDTH, break_on_hyphens=False):
                self.say(part)

    # ── time and changes ───────────────────────────────────────────────────────────────────
    def train(self, rest: str) -> None:
        steps = whole("run", rest, RUN)
        begin = self.desk.step
        for i in range(1, min(TOLD, steps) + 1):
            self.desk.run(begin + steps * i // min(TOLD, steps) - self.desk.step)
            self.tell_moment()
            if self.desk.ended:
                return

    def back(self, rest: str) -> None:
        self.desk.back(whole("back", rest, BACK))
        self.tell_moment()

    def start_again(self, _: str) -> None:
        self.desk.back(self.desk.step)
        self.tell_moment()

    def change(self, rest: str) -> None:
        if not rest:
            raise DropsError("with wants words of a line, as in with relu batch 20")
        self.desk.change(rest)
        self.tell_line()

    def set_weight(self, rest: str) -> None:
        name, _, value = rest.replace("=", " ").partition(" ")
        if not value.strip():
            raise DropsError("set wants a weight and a number, as in set W1[1,2] 0.5")
        self.change(f"{name}={value.strip()}")

    def break_it(self, rest: str) -> None:
        """By a fault's name; alone, which there are."""
        if rest:
            self.change(f"break {rest}")
            return
        fits = [fault for fault in WANTS if suits(self.desk.recipe, fault)]
        self.say_all([f"{name}: {FAULTS[name].cause}. {FAULTS[name].means}" for name in fits])

    def undo(self, _: str) -> None:
        self.tell_line() if self.desk.undo() else self.say("Nothing is left to undo.")

    def redo(self, _: str) -> None:
        self.tell_line() if self.desk.redo() else self.say("Nothing is left to redo.")

    # ── looking ────────────────────────────────────────────────────────────────────────────
    def why(self, rest: str) -> None:
        self.say_all(explain(self.desk.bench, rest or "yhat", self.row))

    def choose_row(self, rest: str) -> None:
        rows = len(self.desk.bench.train.X)
        self.row = (whole("row", rest, self.row + 2) - 1) % rows
        self.say_all(look.row_in_words(self.desk.bench, self.row))

    def tell_map(self, _: str) -> None:
        for line in look.map_in_digits(self.desk.bench):
            self.say(line)

    def tell_units(self, _: str) -> None:
        self.say_all(list(look.units_in_words(self.desk.bench)))

    def tell_findings(self, _: str) -> None:
        self.say_all(look.findings(self.desk.bench))

    def read(self, rest: str) -> None:
        """What an instrument shows; alone, all of them."""
        if rest and rest not in INSTRUMENTS:
            raise Unknown("instrument", rest, INSTRUMENTS)
        for name in [rest] if rest else INSTRUMENTS:
            panel = instruments.read(self.desk.bench, name)
            rows = [f"{row.name}: {row.says}".removeprefix(": ") for row in panel.rows if name != "doctor"]
            self.say_all([f"{name}. {panel.told}", *rows])

    def judge(self, rest: str) -> None:
        """Twenty seeds of this line, for as many steps as it has gone."""
        count = whole("seeds", rest, judge.SEEDS, judge.MOST_SEEDS)
        recipe, steps = self.desk.recipe, self.desk.step or judge.STEPS
        for verdict in judge.judge(recipe, steps, range(recipe.seed, recipe.seed + count)):
            if isinstance(verdict, judge.Judgement):
                self.say_all(told.verdict_as_lines(recipe, steps, verdict))

    def tell_challenges(self, _: str) -> None:
        self.say_all(
            [f"{name}: {task.task}. It begins with {task.begins}." for name, task in CHALLENGES.items()]
        )

    def judge_challenge(self, rest: str) -> None:
        """A hundred unseen seeds of this line."""
        if not rest:
            raise DropsError("judge wants a challenge, as in judge fence; challenges lists them")
        task, recipe = find(rest), self.desk.recipe
        second = None
        if task.then and self.other:
            recipe, second = self.other.recipe, recipe
        steps = task.trained(self.desk.step)
        if refused := task.refusal(recipe, second, steps):
            raise DropsError(refused)
        for found in judge_lines(task, [recipe, second] if second else [recipe], steps):
            if isinstance(found, Ruling):
                study = self.opened()
                before = own.own_par(study.log, rest, task.counted)
                own.note_ruling(study, rest, told.ruling_to_note(task, found), self.clock())
                self.say_all(told.ruling_as_lines(task, found, before))

    def bring(self, rest: str) -> None:
        """A CSV file, copied into the learner's folder, and the Lab with it."""
        self.desk.begin(read_line(tables.brought(rest)))
        self.tell_line()

    def draw(self, rest: str) -> None:
        """A row by its place and what it says; alone, the Lab with the rows that were put."""
        if not rest:
            self.desk.begin(read_line(drawing.code(self.drawn)))
            self.tell_line()
            return
        words = rest.replace(",", " ").split()
        try:
            x, y = map(float, words[:2])
            yes = {"yes": True, "no": False}[words[2].lower()]
        except (ValueError, KeyError, IndexError):
            raise DropsError("draw wants a place and yes or no, as in draw -1 .5 yes") from None
        self.drawn.append(drawing.place(x, y, yes=yes))
        yes_rows = sum(row.yes for row in self.drawn)
        rows = f"{counted(len(self.drawn), 'row')}, {yes_rows} {'says' if yes_rows == 1 else 'say'} yes"
        self.say(f"{rows}. draw alone trains on them.")

    # ── comparing ──────────────────────────────────────────────────────────────────────────
    def fork(self, _: str) -> None:
        """What stands now is what later lines are compared with."""
        self.other = self.desk.fork()
        self.say(f"Forked: {print_line(self.other.recipe)}. Change the line, run, and compare tells both.")

    def compare(self, _: str) -> None:
        if self.other is None:
            raise DropsError("nothing is forked yet; fork keeps what stands now, to compare with")
        self.other.follow(self.desk.step)
        for name, desk in (("Before", self.other), ("Now", self.desk)):
            self.say(f"{name}: {print_line(desk.recipe)}")
            self.say_moment(desk)

    # ── the learner's own ──────────────────────────────────────────────────────────────────
    def name(self, rest: str) -> None:
        self.say(own.name_line(self.opened(), rest, print_line(self.desk.recipe), CHALLENGES, self.clock()))

    def unname(self, rest: str) -> None:
        self.say(own.drop_name(self.opened(), rest, self.clock()))

    def tell_names(self, _: str) -> None:
        found = own.named(self.opened().log.settings())
        self.say_all([f"{name}: {line}" for name, line in found.items()] or ["No line has a name yet."])

    def open(self, rest: str) -> None:
        """A line by its name; of a challenge the one that it begins with; of a lesson the net that it shows.
        Alone it tells what can be opened."""
        study = self.opened()
        if not rest.strip():
            self.tell_names("")
            self.say_all([f"Challenges: {', '.join(CHALLENGES)}."])
            self.say_all([f"{net.name}: {net.where}" for net in lesson_nets(study.library)])
            return
        lessons = partial(nets_by_name, study.library)
        self.desk.begin(read_line(own.line_named(study.log.settings(), rest, BEGINNINGS, lessons)))
        if rest in CHALLENGES:
            self.say_all([f"{rest}: {CHALLENGES[rest].task}. judge {rest} tells whether a line does it."])
        self.tell_line()

    def keep(self, rest: str) -> None:
        asks = rest.strip().lower() or "passes"
        if asks not in cards.QUESTIONS:
            raise Unknown("question", asks, cards.QUESTIONS)
        study = self.opened()
        self.say(own.keep(study, cards.kept(self.desk.recipe, self.desk.step, asks), self.clock()))

    def tell_script(self, rest: str) -> None:
        for line in script.write(
            self.desk.recipe, self.desk.step or judge.STEPS, rest or "numpy"
        ).splitlines():
            self.say(line)


def whole(name: str, typed: str, usual: int, most: int = MOST_STEP) -> int:
    """A whole number from 1, or what is usual where nothing was typed."""
    if not typed:
        return usual
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= most):
        raise DropsError(f"{name} wants a whole number from 1 to {most:,}, not {typed[:40]}")
    return int(typed)


class Word(NamedTuple):
    """A word at the Lab's prompt."""

    says: str
    do: Callable[[LabTalk, str], None]


WORDS: Mapping[str, Word] = {
    "run": Word(f"train so many steps, run 2000; alone {RUN}", LabTalk.train),
    "back": Word(f"as it was so many steps ago, back 500; alone {BACK}", LabTalk.back),
    "start": Word("step 0 again, the same start", LabTalk.start_again),
    "with": Word("words of the line instead of what stands there, with relu batch 20", LabTalk.change),
    "set": Word("a weight or bias by hand, set W1[1,2] 0.5", LabTalk.set_weight),
    "break": Word(
        "one thing wrong by its name, break rate-high, break none; alone, what can be wrong",
        LabTalk.break_it,
    ),
    "fork": Word("keep what stands now, to compare with", LabTalk.fork),
    "compare": Word("what was forked and what stands now, at the same step", LabTalk.compare),
    "csv": Word(
        "a table of your own, its last column or target=COLUMN to be foretold, csv birds.csv", LabTalk.bring
    ),
    "draw": Word("put a row, draw -1 .5 yes; alone, train on the rows that were put", LabTalk.draw),
    "undo": Word("the experiment before the last change", LabTalk.undo),
    "redo": Word("the change again", LabTalk.redo),
    "why": Word("where a number comes from, why h1[2], why W1[2,1], why dW1[2,1], why L", LabTalk.why),
    "row": Word("another row to ask about, row 5; alone the next", LabTalk.choose_row),
    "map": Word(
        "what it says over the plane, in nine lines of digits from 0, no, to 9, yes", LabTalk.tell_map
    ),
    "units": Word("each hidden unit in a sentence", LabTalk.tell_units),
    "doctor": Word("what is wrong with it, where something is", LabTalk.tell_findings),
    "read": Word(f"what instruments show, one of {', '.join(INSTRUMENTS)}; alone all", LabTalk.read),
    "seeds": Word("how many of 20 starts reach the goal", LabTalk.judge),
    "challenges": Word("tasks to try", LabTalk.tell_challenges),
    "judge": Word(
        "have a hundred unseen starts judge this line, or what was forked and this line, judge fence",
        LabTalk.judge_challenge,
    ),
    "keep": Word(
        "ask me again on another day, of a net like this one: keep passes, better, doctor, curve",
        LabTalk.keep,
    ),
    "name": Word("give this line a name, name my-spiral", LabTalk.name),
    "names": Word("the lines that have a name", LabTalk.tell_names),
    "open": Word("a line by its name, a challenge, or a lesson's net, open my-spiral", LabTalk.open),
    "unname": Word("take a name away, unname my-spiral", LabTalk.unname),
    "script": Word("this run as a program, script torch for PyTorch", LabTalk.tell_script),
    "line": Word("the experiment, and where it stands", LabTalk.tell_line),
    "help": Word("these words", LabTalk.tell_words),
    "quit": Word("leave the Lab", lambda *_: None),
}
