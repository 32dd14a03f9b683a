"""A session from the page in front to its end, in lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from drops.clock import Clock, ticks, weekday
from drops.errors import DropsError, NotSaved, StoreError, Unreadable
from drops.exercises.answers import told
from drops.exercises.blocks import Choice, Figure, Knob, Numbers, Run
from drops.networks.lab.shown import line_of
from drops.plain.asking import Asker, CaseSoFar
from drops.plain.feedback import named, rule_lines, title, verdict_lines
from drops.plain.figures import example, knobs_of, lines_of, movable, moved, pictured
from drops.plain.lab import LabTalk
from drops.plain.prompt import HELP, Here, Moved, Shown, Stopped, Talk
from drops.plain.spoken import heard, lines, plain_markdown, said_of, wrapped
from drops.plain.watching import watch
from drops.study.own import hands
from drops.study.pages import Answered, Page, not_saved
from drops.study.session import Session
from drops.study.shown.code import code_of
from drops.study.shown.nets import wires_of
from drops.study.study import Study
from drops.text import ended, number

GOES_ON = "go on"  # what Enter does where nothing is asked


class LastNotSaved(Exception):
    """The learner stops at an answer, or a page, that the disk would not take."""


@dataclass
class Plain:
    """A session in lines. `ask` prints a prompt and returns a line; it raises EOFError at the end."""

    study: Study
    clock: Clock
    ask: Callable[[str], str]
    say: Callable[[str], None]
    _drop: str = field(default="", init=False)  # the id of the drop of the page before
    _told: set[str] = field(default_factory=set, init=False)  # drops whose title was told
    _front: Page = field(init=False)  # the page in front
    _turned: dict[str, float] = field(default_factory=dict, init=False)  # its knobs, where they were moved
    at: Session = field(init=False)  # where the learner stands

    def __post_init__(self) -> None:
        self.talk = Talk(self.ask, self.say, self)
        self._asking = Asker(self.talk, self._note_gauge, self._note_strike, self._keep)

    def run(self, session: Session) -> None:
        """From the page in front to the end, or to where the learner stops."""
        self.at = session
        if self.study.banner:
            self.say(self.study.banner)
        if session.mode == "today":
            today = self.study.today(self.clock())
            self.talk.say_all(wrapped(" ".join((f"Today: {today.says}.", *today.notes))))
        self.say(HELP)
        try:
            while not self.at.ended:
                with suppress(Moved):  # then another page is in front, or this one anew
                    self._page()
        except (Stopped, EOFError, KeyboardInterrupt):
            self.say("")
            if self.study.read_only:
                self.say("Stopped. What was answered here is not saved.")
            else:
                self.say("Stopped. Every answer is stored; the next start goes on here.")
        except LastNotSaved:
            self.say("")
            self.say("Stopped. The last answer is NOT saved, earlier ones are; the next start asks it again.")

    def _page(self) -> None:
        page, self._turned = self.study.page(self.at), {}
        self._front = page
        show = partial(self._show, page)
        show()
        if page.ask is None:
            self._read(page)
        elif isinstance(page.ask, Run):
            watch(page.ask, int(self.clock().us), self.talk)
        else:
            self._answer(page, show)
        self._turn()

    # What is in the learner's hands --------------------------------------------------------

    def acts(self) -> Mapping[str, str]:
        """What can be done here, and what it does; of what can be taken in, all in one line."""
        page = self._front
        found: dict[str, list[tuple[str, str]]] = {}
        for name, what, says in hands.possible(self.study, page.item_key, page.drop_id):
            found.setdefault(name, []).append((what, says))
        return {
            name if len(whats) == 1 else f"{name} {whats[0][0]}": "; ".join(says for _, says in whats)
            for name, whats in found.items()
        }

    def act(self, name: str, what: str) -> None:
        """Does it with what is named, else with what is in front. Raises DropsError, and Moved where another
        page is in front then, or this one to be answered anew."""
        page, before = self._front, self.study.outcome(self.at)
        what = what or {"set aside": page.item_key, "forget": page.drop_id}.get(name, "")
        self.at, says = self.study.act(self.at, name, what, self.clock())
        self.talk.say_all(wrapped(says))
        now = self.at.ended or self.study.page(self.at).key
        if now != page.key or bool(before) != bool(self.study.outcome(self.at)):
            raise Moved

    def open_lab(self, *, gives_away: bool) -> None:
        """The Lab, with the net of the page where nothing is asked of it."""
        nets = () if gives_away else wires_of(self._front.show)
        line = next(filter(None, map(line_of, nets)), "")
        LabTalk(self.ask, self.say, lambda: self.study, self.clock).run(line)

    def code(self) -> str:
        """The page as a program, with its knobs as they stand; "" where there is none, or not yet."""
        given = self.study.outcome(self.at) if isinstance(self._front.ask, Numbers) else None
        judged = given is not None and not given[1].hidden

        def stands(figure: Figure) -> Mapping[str, float]:
            return {knob.name: self._turned.get(knob.name, knob.start) for knob in figure.knobs}

        try:
            return code_of(self._front.show, self._front.ask, stands, judged=judged)
        except DropsError:
            return ""

    def _show(self, page: Page) -> None:
        self.say("")
        self._say_unsaved()
        self.talk.say_all(wrapped(f"{self._drop_named(page)}{title(page)}"))
        if page.note:
            note = page.note if page.note.startswith("drops ") else f"{page.note[0].upper()}{page.note[1:]}"
            self.talk.say_all(wrapped(ended(note)))  # a command is typed as it stands
        told: set[str] = set()  # a picture beside its own sentence would be read out twice
        for block in page.show:
            self.say("")
            self.talk.say_all(lines(block, told))
        if not page.show and page.ask is not None:  # else its numbers are told already
            self.talk.say_all(pictured(page.ask))
        if knobs := knobs_of(page):
            self.say("")
            self.talk.say_all(wrapped(movable(knobs)))

    def _say_unsaved(self) -> None:
        if self.study.unsaved:
            self.say(f"{self.study.unsaved}.")

    def _drop_named(self, page: Page) -> str:
        """The drop, where it is not the one before: with its title on a line, later by its number."""
        known, before = page.drop_id in self._told, self._drop
        self._drop = page.drop_id
        if page.drop_id in ("", before):
            return ""
        name = f"Drop {page.drop_number}{f' of {page.elsewhere}' if page.elsewhere else ''}"
        if known:
            return f"{name}. "
        self._told.add(page.drop_id)
        return f"{name}. {ended(page.drop_title)}\n"

    def links(self) -> list[str]:
        """What the page refers to: a name, and what stands behind it."""
        front, library = self._front, self.study.library
        path = library.path_of(front.drop_id) if front.drop_id else None
        found = (library.linked(link, path) for link in front.links)
        return [line for name, says in found for line in wrapped(f"{name}: {plain_markdown(says)}")]

    def lesson(self, at: int) -> list[str]:
        """A page of the lesson as it is read out. Raises DropsError where there is no such page."""
        if not self._front.drop_id or self.at.unit is None:
            return []
        pages, taught = self.study.lesson(self.at, self._front)
        if at > len(pages):
            raise DropsError(f"the lesson has {len(pages)} pages: lesson 1 to lesson {len(pages)}")
        page, told = pages[at - 1 if at else taught], set[str]()
        shown = [("", *lines(block, told)) for block in page.show]
        return [*wrapped(f"From the lesson. {named(page)}"), *(line for block in shown for line in block)]

    # Pages that ask nothing --------------------------------------------------------------

    def _read(self, page: Page) -> None:
        figures = [block for block in page.show if isinstance(block, Figure)]
        knobs = knobs_of(page)
        values = self._turned = {name: knob.start for name, knob in knobs.items()}
        drawn = {line for figure in figures for line in lines_of(figure, values)}
        turns = f", or move the figure, as {example(knobs)}" if knobs else ""
        more = {example(knobs): "move the figure"} if knobs else {}
        while True:
            blank = page.gap is not None and page.gap.open
            fills = ", or the number in the blank" if blank else ""
            again = partial(self._show, page)
            here = Here(again, "be told the number, and go on" if blank else GOES_ON, more=more)
            typed = self.talk.line(f"Enter to go on{fills}{turns}: ", here)
            if blank and "=" not in typed:
                page = self._filled(page, typed)
                if not typed and page.gap is not None and not page.gap.open:
                    return
            elif not typed:
                return
            elif not knobs:
                self.say("Nothing is asked here. Enter goes on, help tells the words.")
            else:
                drawn = self._moved(figures, knobs, values, drawn, typed)

    def _moved(
        self,
        figures: list[Figure],
        knobs: Mapping[str, Knob],
        values: dict[str, float],
        drawn: set[str],
        typed: str,
    ) -> set[str]:
        """Moves knobs as they are typed, and tells what changes by it; what the figures say then."""
        try:
            change = moved(knobs, typed)
        except Unreadable as problem:
            self.say(said_of(problem))
            return drawn
        values |= change
        now = [line for figure in figures for line in lines_of(figure, values)]
        set_to = ", ".join(f"{knobs[name].label} = {knobs[name].told(v)}" for name, v in change.items())
        self.say(f"{heard(set_to)}.")
        self.talk.say_all([line for line in now if line not in drawn] or ["Nothing else changes."])
        return set(now)

    def _filled(self, page: Page, typed: str) -> Page:
        """The page after something was typed into the blank of its prose, and what became of that."""
        try:
            self.at = self.study.fill(self.at, typed, self.clock())
        except NotSaved as problem:
            self.say(not_saved(problem))
        except DropsError as problem:
            self.say(said_of(problem))
        else:
            page = self._front = self.study.page(self.at)
            assert page.gap is not None
            self.talk.say_all(wrapped(plain_markdown(page.gap.told)))
        return page

    def _go_on(self, prompt: str, again: Callable[[], None], enter: str = "") -> None:
        """Waits for Enter alone; what else is typed is told that nothing is asked."""
        while self.talk.line(prompt, Here(again, enter or GOES_ON)):
            self.say("Nothing is asked here. Enter goes on, help tells the words.")

    # Pages that ask ----------------------------------------------------------------------

    def _answer(self, page: Page, show: Callable[[], None]) -> None:
        if given := self.study.outcome(self.at):
            typed, outcome = given
            if not outcome.revealed:
                assert page.ask is not None
                self.talk.say_all(wrapped(f"You answered: {told(page.ask, typed)}"))
        else:
            outcome = self._answered(page, show)
        if page.part == "offer":
            return
        self._tell(page, outcome)
        self._repair(page, outcome)
        self._tell_rule(outcome)
        self._go_on("Enter to go on: ", lambda: self._tell_again(page, outcome))

    def _answered(self, page: Page, show: Callable[[], None]) -> Answered:
        """The question, asked until an answer of it is stored."""
        began = ticks()
        while True:
            try:
                outcome = self._tried(page, show, began)
            except StoreError:
                raise
            except DropsError as problem:
                self.say(said_of(problem))
            else:
                self._keep("")
                return outcome

    def _note_gauge(self, gauge: str) -> None:
        self.at = self.study.open_gauge(self.at, gauge, self.clock())

    def _note_strike(self, cause: str) -> None:
        self.at = self.study.strike(self.at, cause, self.clock())

    def _keep(self, draft: str) -> None:
        """What is typed of an answer survives the program; "" forgets it."""
        self.study.drafts.keep(self._front, draft)

    def _tried(self, page: Page, show: Callable[[], None], began: float) -> Answered:
        """One try at the question: an answer, or giving it up. Raises DropsError; then nothing is stored."""
        ask = page.ask
        assert ask is not None

        def repeat() -> None:
            show()
            self._asking.question(ask)

        try:
            so_far = CaseSoFar(page.opened, page.struck)
            text = self._asking.typed(ask, show, so_far, self.study.drafts.of(page), gives_up=page.gives_up)
        except Shown:
            seconds = ticks() - began
            return self._kept(lambda: self.study.reveal(self.at, self.clock(), seconds=seconds))
        sure = ""
        if isinstance(ask, Choice) and ask.confidence:
            self._keep(text)
            sure = self._asking.confidence(repeat)
        seconds = ticks() - began
        return self._kept(
            lambda: self.study.answer(self.at, text, self.clock(), seconds=seconds, confidence=sure), text
        )

    def _kept(self, store: Callable[[], tuple[Session, Answered]], text: str = "") -> Answered:
        """What `store` gives; where the disk takes nothing, what was typed is kept and tried again."""
        while True:
            try:
                self.at, outcome = store()
            except NotSaved as problem:
                why = not_saved(problem)
                self.say(why)
            else:
                return outcome
            self._keep(text)
            try:
                self._go_on("Enter to try again: ", partial(self.say, why), "try again")
            except (Stopped, EOFError, KeyboardInterrupt):
                raise LastNotSaved from None

    def _turn(self) -> None:
        """The next page. One that the disk will not note as done costs no answer."""
        while True:
            try:
                self.at = self.study.turn(self.at, self.clock())
            except NotSaved as problem:
                why = (
                    f"{str(problem).partition(';')[0]}; that this page is done was not saved, every answer is"
                )
                self.say(why)
            else:
                return
            self._go_on("Enter to try again: ", partial(self.say, why), "try again")

    # What became of the answer -------------------------------------------------------------

    def _tell(self, page: Page, outcome: Answered) -> None:
        """What became of the answer: the word first, then why, then when it comes back."""
        self._say_unsaved()
        if outcome.hidden:
            self.say("Noted. You will see.")
            return
        self.talk.say_all(verdict_lines(page, outcome))
        if outcome.reason:
            self.say(f"{outcome.reason}.")
        if back := outcome.comes_back(lambda due: f"on {weekday(due, self.clock().day)}"):
            self.talk.say_all(wrapped(f"It {back}."))
        if outcome.rests:
            self.talk.say_all(wrapped(outcome.rests))

    def _tell_again(self, page: Page, outcome: Answered) -> None:
        """The same once more, as it stands by now."""
        given = self.study.outcome(self.at)
        now = given[1] if given else outcome
        self._tell(page, now)
        self._tell_rule(now)

    def _tell_rule(self, outcome: Answered) -> None:
        if not outcome.hidden:
            self.talk.say_all(rule_lines(outcome.verdict))

    def _repair(self, page: Page, outcome: Answered) -> None:
        """One small question about what went wrong; nothing is stored, and Enter passes it by."""
        asked = outcome.verdict.repair
        if asked is None or not outcome.verdict.misconceptions:
            return
        here = Here(partial(self._tell, page, outcome), "pass it by")
        try:
            typed = self.talk.line(f"Try one: {asked.question} = ", here)
            good = bool(typed) and self.study.repair(outcome, typed)
        except Unreadable:
            good = False
        self.say("Right." if good else heard(f"It is {number(asked.answer)}."))
