"""What a screen with a page on it can do besides answering: its figure's knobs, its nets, its terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.errors import DropsError
from drops.study.pages import Answered, Page
from drops.study.shown.code import code_of, has_code
from drops.tui.asks.asking import Asking
from drops.tui.asks.feedback import Feedback
from drops.tui.screens.base import DropsScreen, Keys
from drops.tui.screens.code import CodeScreen
from drops.tui.screens.head import Head
from drops.tui.screens.pinned import Pinned
from drops.tui.screens.stage import Stage

if TYPE_CHECKING:
    from drops.course.model import LearningPath
    from drops.study.study import Study


class PageScreen(DropsScreen):
    """Head, stage, keys. What is asked on the page, and what follows from it, is its subclass's affair."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "code", "the same in code", show=False)]

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.study = study
        self.page: Page | None = None
        self.asking: Asking | None = None
        self.outcome: Answered | None = None
        self.figure_active = False

    def compose(self) -> ComposeResult:
        yield Head(id="head")
        yield Pinned()
        yield Stage()
        yield Keys()

    async def on_mount(self) -> None:
        self.stage, self.feedback, self.pinned = (
            self.query_one(Stage), self.query_one(Feedback), self.query_one(Pinned)
        )  # fmt: skip
        await self.show_page()

    @property
    def within(self) -> LearningPath | None:
        drop_id = self.page.drop_id if self.page else ""
        return self.study.library.path_of(drop_id) if drop_id else None

    async def show_page(self) -> None:
        """The page in front, from its first line."""
        raise NotImplementedError

    @property
    def can_answer(self) -> bool:
        """Whether the question takes keys now."""
        raise NotImplementedError

    def take_figure(self, active: bool) -> None:
        self.figure_active = self.stage.hands.active = active
        if self.asking is not None:
            self.asking.active = not active and self.can_answer
            self.asking.redraw()
        self.stage.redraw()

    def action_figure(self) -> None:
        if self.stage.has_faces:
            self.stage.flip(to_picture=not self.stage.flipped)
            self.refresh_keys()
        else:
            self.take_figure(not self.figure_active)

    def action_move(self, where: str) -> None:
        if self.figure_active:
            self.stage.move(where)
        else:
            self.stage.scroll_relative(y=2 if where in ("down", "right") else -2, animate=False)

    def action_numbers(self) -> None:
        self.stage.hands.numbers = not self.stage.hands.numbers
        self.stage.redraw()

    def action_flow(self) -> None:
        self.stage.flow()

    async def action_experiment(self) -> None:
        """The net of this page in the Lab; leaving it comes back here."""
        from drops.networks.lab.shown import line_of

        if line := next(filter(None, map(line_of, self.stage.wires)), ""):
            await self.host.open_lab(line)
        else:
            self.host.notify("The Lab has no rows for a net of this shape.", markup=False)

    async def action_copy(self) -> None:
        await self.host.copy(self.stage.numbers, "the numbers of this page")

    @property
    def judged(self) -> bool:
        """Whether what is asked on the page is answered, and told."""
        return self.outcome is not None and not self.outcome.hidden

    @property
    def has_code(self) -> bool:
        return self.page is not None and has_code(self.page.show, self.page.ask, judged=self.judged)

    async def action_code(self) -> None:
        """What the page works out as a program, with its knobs as they stand."""
        page = self.page
        if page is None:
            return
        try:
            text = code_of(page.show, page.ask, self.stage.hands.of, judged=self.judged)
        except DropsError as problem:
            self.host.notify(f"{str(problem)[0].upper()}{str(problem)[1:]}.", markup=False)
            return
        await self.app.push_screen(CodeScreen(text))

    async def action_terms(self) -> None:
        """What this page links to, what its drop teaches, and the rest of the glossary."""
        page = self.page
        taught = self.study.library.drop(page.drop_id).teaches if page and page.drop_id else ()
        await self.host.explain(*(page.links if page else ()), taught=taught, within=self.within)
