"""A drop, page by page: read, predict, do, see, explain, quiz, carry forward."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.dom import DOMNode

from drops.clock import ticks
from drops.errors import DropsError, StoreError, Unreadable
from drops.events import Rating
from drops.study.pages import Answered, not_saved
from drops.study.shown.kept import HINT, as_markdown
from drops.tui.asks.asking import Asking
from drops.tui.asks.case import AskCase
from drops.tui.asks.numbers import AskNumbers
from drops.tui.asks.run import AskRun
from drops.tui.asks.widgets import asking
from drops.tui.base.apart import apart
from drops.tui.base.drawn import Drawn
from drops.tui.blocks.pictures import split
from drops.tui.screens import own
from drops.tui.screens.behind import BehindScreen, Seen, as_left
from drops.tui.screens.borrowed import Borrowing, carried
from drops.tui.screens.coming import Coming, Standing
from drops.tui.screens.end import EndScreen
from drops.tui.screens.head import Head
from drops.tui.screens.lookup import LookUpScreen
from drops.tui.screens.pointing import Pointing

if TYPE_CHECKING:
    from drops.study.session import Session
    from drops.study.study import Study


STILL = ("leave", "help", "page", "terms", "export", "copy")  # what can be done while a page is on its way
SCROLLS = ("pageup", "pagedown", "ctrl+f", "ctrl+b", "up", "down", "j", "k")


class DropScreen(Coming, Borrowing, Pointing):
    """A session's pages. What is stored and what comes next is the study's affair."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", "next"),
        Binding("m", "worlds", "both worlds"),  # the row of keys gives up the last of these first
        Binding("down,j", "move('down')", "scroll", key_display="↑↓"),
        Binding("up,k", "move('up')", "scroll up", show=False),
        Binding("right,plus,equals_sign", "move('right')", "turn", key_display="←→"),
        Binding("left,minus", "move('left')", "turn back", show=False),
        Binding("tab", "move('down')", "next knob", show=False),
        Binding("shift+tab", "move('up')", "knob before", show=False),
        Binding("f", "figure", "figure"),
        Binding("b,backspace", "back", "back", key_display="b"),
        Binding("l", "look_up", "look it up"),
        Binding("s", "line", "show the line"),
        Binding("i", "guessed", "I guessed"),
        Binding("u", "undo", "undo", show=False),
        Binding("v", "numbers", "numbers on wires", show=False),
        Binding("w", "flow", "watch it flow"),
        Binding("x", "experiment", "open it in the Lab", show=False),
        Binding("y", "copy", "copy the numbers", show=False),
        Binding("e", "export", "save as SVG", show=False),
        Binding("t", "terms", "terms"),
        Binding("q", "leave", "leave"),
    ]

    title_of_help = "Keys of this page"

    def __init__(self, study: Study, session: Session) -> None:
        super().__init__(study)
        self.session = session
        self.giving_up = False
        self.touched = False  # whether a key went to the question of this page
        self.seen: list[Seen] = []  # the pages behind
        self.since = 0.0

    # ── a page ──

    async def show_page(self) -> None:
        """The session's page, from its first line."""
        session = self.session
        await self.come(lambda: self.standing(session))

    async def show(self, stands: Standing) -> None:
        left = self.worded
        if left is not None and left.part != "end" and left.key != stands.page.key:
            self.seen.append(as_left(left, self.asking, self.outcome))
        self.session = stands.session
        page = self.page = self.worded = stands.page
        before = self.seen[-1].page if self.seen else None
        self.page = self.worded = page = carried(page, before, self.asking, wide=self.stage.wide)
        old, self.asking = self.asking, asking(page.ask) if page.ask is not None else None
        if page.ending is not None:
            if old is not None:
                await old.remove()
            paints = partial(self.study.made, self.session)
            end = EndScreen(page.heading, page.ending, self, paints, self.study.unsaved)
            await self.app.push_screen(end)
            return
        self.outcome, self.giving_up, self.touched = None, False, False
        await self.stage.show(self.pinned.take(page), self.asking, old, still=self.host.reduced_motion)
        self.figure_active = self.stage.hands.active
        self.put_a_picture_beside()
        head = self.query_one(Head)
        head.page, head.notice = page, self.study.unsaved
        head.redraw()
        if isinstance(self.asking, AskRun):
            self.asking.still = self.host.reduced_motion
            if page.part == "see":  # the prediction was committed on the page before
                self.asking.start()
        if isinstance(self.asking, AskCase):
            self.asking.goes_on_from(page.opened, page.struck)
            self.asking.on_open, self.asking.on_strike = self._note_gauge, self._note_strike
        self.feedback.unsaved = self.study.unsaved
        draft = self.study.drafts.of(page)  # of what was told again, a correction
        self._tell_again(stands.given)
        self._take_up(draft)
        self.since = ticks()
        self.refresh_keys()
        self.call_after_refresh(self.refresh_keys)  # by then it is known what is below the fold

    def _tell_again(self, given: tuple[str, Answered] | None) -> None:
        """The feedback of an answer that was given before the page was left, with what was typed."""
        if given is None or self.asking is None:
            return
        text, outcome = given
        if text:
            self.asking.fill(text)
        self._judged(self.asking, text, outcome, line=outcome.revealed)

    def _note_gauge(self, gauge: str) -> None:
        self.session = self.study.open_gauge(self.session, gauge, self.host.clock())

    def _note_strike(self, cause: str) -> None:
        self.session = self.study.strike(self.session, cause, self.host.clock())

    # ── keys ──

    def refresh_keys(self) -> None:
        super().refresh_keys()
        self._tell_minutes()

    def _tell_minutes(self) -> None:
        self.query_one(Head).follow(self.asking.filled if self.asking is not None else 0.0)

    @property
    def parts(self) -> tuple[DOMNode, ...]:
        if self.figure_active or self.coming is not None:
            return ()
        if self.feedback.active and self.feedback.has_repair:
            return (self.feedback,)
        return (self.asking,) if self.asking is not None and self.can_answer else ()

    async def press(self, event: events.Key) -> None:
        if self.holds(event.key, partial(self.press, event)):
            return
        page, typed = self.page, self.typed
        reads = self._wants_reading  # what Enter shows next is not scrolled back from
        if plays := isinstance(self.asking, AskRun):  # whose keys answer nothing
            self.asking.give_way()
        does = self.meant_by(event.key)
        turns = does is not None and does.binding.action.startswith(("move(", "figure"))
        self.touched = self.touched or (event.key not in ("enter", *SCROLLS) and not plays)
        await super().press(event)
        self._keep_draft()
        self._tell_minutes()
        asks = self.asking is not None and bool(self.asking.problem)
        asks = asks or (event.key == "enter" and not reads and self.page is page and self.outcome is None)
        if self.is_current and (asks or event.key not in ("pageup", "pagedown", "enter")):
            at = self.stage.moving if self.figure_active and turns else next(iter(self.parts), None)
            if isinstance(at, Drawn) and self.typed is typed:  # else the blank of the prose is in sight
                self.call_after_refresh(self.stage.keep_in_view, at)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        page, outcome = self.page, self.outcome
        if page is None or self.coming is not None:
            return action in STILL
        verdict = outcome.verdict if outcome is not None and not outcome.hidden else None
        match action:
            case "back":
                return bool(self.seen)
            case "look_up":
                return page.drop_number > 0 and page.ask is not None and page.part not in ("predict", "see")
            case "worlds":
                return outcome is not None and not outcome.hidden and bool(outcome.verdict.worlds)
            case "line":
                if outcome is None:
                    return page.gives_up
                told = verdict is None or verdict.right or bool(verdict.options) or verdict.tells_line
                return not told and not self.feedback.line_shown
            case "guessed":
                return outcome is not None and outcome.rating is not None and outcome.rating > Rating.AGAIN
            case "figure":
                return self.stage.has_faces or (self.stage.turns and self.stage.beside_text)
            case "numbers":
                return bool(self.stage.wires)
            case "flow":  # beside a question nothing moves by itself
                return self.stage.flows and self.asking is None and not self.host.reduced_motion
            case "experiment":  # the Lab would give away what is asked
                return bool(self.stage.wires) and (page.ask is None or outcome is not None)
            case "copy":
                return bool(split(page.show)[1])
            case "code":
                return self.has_code
            case "move":
                return self.figure_active or parameters[:1] not in (("left",), ("right",))
        return True

    @property
    def of_the_question(self) -> set[str]:
        """What is done to what is asked by keys of the page: it is seen in its picture and in both worlds."""
        return {"worlds", *(("figure",) if self.stage.has_faces else ())}

    def describe(self, binding: Binding) -> str:
        action = binding.action
        if action == "go":
            return self._goes()
        if self.asking is not None and action in self.asking.calls:
            return self.asking.calls[action]
        if action == "move('down')" and self.figure_active:
            return "knob"
        if action == "line" and self.outcome is None:
            return "give up" if not self.giving_up else "yes, show me"
        if action == "worlds" and (self.feedback.worlds_shown or self.stage.worlds):
            return "one world"
        if action == "figure" and (self.figure_active or self.stage.flipped):
            return "question" if self.asking is not None else "text"
        return "picture" if action == "figure" and self.stage.has_faces else binding.description

    def _goes(self) -> str:
        if self._wants_reading:
            return "more ↓"
        if self.fills:
            return self.filling
        if self.asking is None:
            return "next"
        if self.outcome is None:
            return self.asking.goes
        return "check" if self.feedback.wants_check else "answer again" if self.asking.again else "go on"

    # ── the one primary action ──

    async def action_go(self) -> None:
        at = self.asking
        if self._wants_reading:
            self.stage.read_on()
        elif self.fills:
            await self.fill()
        elif at is None:
            await self._turn()
        elif isinstance(at, AskRun):
            if at.go():
                await self._turn()
            self.refresh_keys()
        elif self.feedback.wants_check:
            self._check_repair()
        elif self.outcome is not None and not at.again:
            await self._turn()
        else:
            text = at.enter()
            if at.problem:
                self.stage.flip(to_picture=False)  # what is wrong is said beside the blank
            if text is not None:
                await self._answer(at, text)

    async def _answer(self, at: Asking, text: str) -> None:
        session, now, took, sure = self.session, self.host.clock(), ticks() - self.since, at.confidence
        try:
            self.session, outcome = await apart(
                lambda: self.study.answer(session, text, now, seconds=took, confidence=sure)
            )
        except Unreadable as problem:
            at.complain(str(problem))
            return
        except StoreError as problem:  # what was typed stays
            at.complain(f"{not_saved(problem)} Enter tries again.")
            return
        except DropsError as problem:
            at.complain(str(problem))
            return
        self._judged(at, text, outcome)
        if outcome.hidden:  # a prediction is resolved by what follows
            await self._turn()

    def _judged(self, at: Asking, text: str, outcome: Answered, *, line: bool = False) -> None:
        self._forget_draft()
        self.outcome, self.giving_up, self.since = outcome, False, ticks()
        self.touched = False
        self.stage.flip(to_picture=False)
        at.judged(text, outcome.verdict)
        self.pinned.judge(outcome)
        self.put_a_picture_beside()
        self.feedback.show(outcome, self.host.clock().day, line=line)
        at.active = self.can_answer and not self.feedback.active
        if isinstance(at, AskNumbers):
            at.beyond = partial(self._give_keys, repair=True) if self.feedback.has_repair else None
        at.redraw()
        self.stage.bring_answer(at, self.feedback)

    async def _turn(self) -> None:
        """Leaves the page. A run on it ends with its widget; what needs it is computed all the same."""
        if isinstance(self.asking, AskRun):
            self.finishing = self.asking.let_go()
        session, now = self.session, self.host.clock()
        await self.come(lambda: self.standing(self.study.turn(session, now)))

    def _check_repair(self) -> None:
        assert self.outcome is not None
        try:
            self.feedback.repaired = self.study.repair(self.outcome, self.feedback.typed.text)
        except Unreadable as problem:
            self.feedback.problem = str(problem)
        if self.feedback.repaired:
            self._give_keys(repair=False)
        self.feedback.redraw()

    # ── the others ──

    async def action_line(self) -> None:
        """After a wrong answer the worked line; before any, after asking once more, giving up."""
        at = self.asking
        if self.outcome is not None:
            self.feedback.line_shown = True
            self.feedback.redraw()
            self.call_after_refresh(self.feedback.scroll_visible, animate=False)
        elif at is not None and not self.giving_up:
            self.giving_up = True
            at.complain("s again shows the answer; it then counts as not known yet")
        elif at is not None:
            session, now = self.session, self.host.clock()
            try:
                self.session, outcome = await apart(lambda: self.study.reveal(session, now))
            except DropsError as problem:
                at.complain(str(problem))
                return
            self._judged(at, "", outcome, line=True)

    async def action_undo(self) -> None:
        await own.do(self.host, "undo")

    @property
    def to_keep(self) -> str:
        page = self.page
        return as_markdown(page.show) if page is not None and page.note == HINT else ""

    @property
    def item_in_front(self) -> str:
        return self.page.item_key if self.page else ""

    async def act(self, name: str, what: str) -> bool:
        session, now = self.session, self.host.clock()
        with self.told():
            self.session, says = await apart(lambda: self.study.act(session, name, what, now))
            self.notify(says, markup=False)
            if not self.session.ended:
                await self.show_page()
            while self.session.ended and self in self.app.screen_stack:  # its drop was forgotten
                await self.app.pop_screen()
        return True

    async def action_guessed(self) -> None:
        outcome = self.outcome
        assert outcome is not None
        with self.told():
            self.outcome = self.feedback.outcome = await apart(lambda: self.study.guessed(outcome))
            self.feedback.redraw()

    def action_worlds(self) -> None:
        """What was done beside what is to be done: in the figure's pane, or below what is said."""
        assert self.outcome is not None
        shown = None if self.stage.worlds or self.feedback.worlds_shown else self.outcome.verdict
        aside = self.stage.show_worlds(shown)
        self.feedback.worlds_shown = bool(shown) and not aside
        self.feedback.redraw()
        if not aside:
            self.call_after_refresh(self.feedback.scroll_visible, animate=False)

    async def action_back(self) -> None:
        """The pages behind, over this one."""
        await self.app.push_screen(BehindScreen(tuple(self.seen), self.host.clock()))

    async def action_look_up(self) -> None:
        """The lesson over the question, at the page that taught it."""
        if self.page is not None:
            session, page = self.session, self.page
            with self.told():
                lesson = await apart(lambda: self.study.lesson(session, page))
                await self.app.push_screen(LookUpScreen(*lesson))

    async def action_leave(self) -> None:  # type: ignore[override]  # it awaits what it stores
        """Back to where the session was begun. Seen to its end, it is over; else it goes on next time."""
        if self.page is not None and self.page.part == "end":
            session, now = self.session, self.host.clock()
            with self.told():
                self.session = await apart(lambda: self.study.turn(session, now))
        self.dismiss()
