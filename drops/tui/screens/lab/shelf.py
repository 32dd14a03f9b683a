"""What is the learner's own in the Lab: lines with a name, challenges, what is kept as a question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from drops.colours import LEVELS
from drops.errors import DropsError
from drops.networks.faults.table import FAULTS
from drops.networks.lab import cards, told
from drops.networks.lab.broken import NONE, WANTS, suits
from drops.networks.lab.challenges import CHALLENGES, Ruling
from drops.networks.lab.glimpse import Glimpse, glimpse_of_fault, glimpse_of_start
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import Recipe, print_line
from drops.study.own import lab as own
from drops.tui.base.apart import apart
from drops.tui.screens.lab.base import LabBase
from drops.tui.screens.lab.offered import Offer

if TYPE_CHECKING:
    from drops.course.model import Library
    from drops.study.study import Study

LINES, TASKS, NETS, FAULTY = "Your lines", "Challenges", "Nets of lessons", "What is wrong"


class Shelf(LabBase):
    """Opens what has a name, names the line, keeps it as a question, has it judged."""

    challenge = ""  # the one that was taken
    _nets: tuple[Offer, ...] = ()  # those of lessons, once they are found
    _finds = False  # whether they have been looked for

    async def _study(self) -> Study | None:
        """The study; None where it cannot be opened, which is said."""
        try:
            return await self.host.opened()
        except DropsError as problem:
            self.host.notify(str(problem), severity="error", markup=False)
            return None

    # ── choosing ───────────────────────────────────────────────────────────────────────────
    async def action_open(self) -> None:
        """Lines with a name, challenges and the nets of lessons, in the map's place."""
        study = None if self.picture.offers else await self._study()
        self._offer((*_named(study), *_tasks(study), *self._nets) if study else ())
        if study is not None and not self._finds:  # every figure is drawn for them: they come by themselves
            self._finds = True
            self.run_worker(self._find_nets(study.library), name="nets")

    async def _find_nets(self, library: Library) -> None:
        from drops.study.shown.nets import lesson_nets  # late: with it come the figures of all lessons

        found = await apart(lambda: lesson_nets(library))
        self._nets = tuple(Offer(NETS, net.where, "", net.line, net.line) for net in found)
        offers = self.picture.offers
        if self.is_attached and offers and offers[0].kind != FAULTY:
            self._offer((*offers, *self._nets), self.picture.held)

    def _offer(self, offers: tuple[Offer, ...], held: int = 0) -> None:
        self.picture.offers, self.picture.held = offers, held
        if not self.picture.both:
            self.picture.side = "map" if offers else "net"
        self._glimpse()
        self._paint()

    def on_resize(self) -> None:
        if self.picture.offers:
            self._glimpse()

    def _glimpse(self) -> None:
        """Shows what the offer in hand looks like, or does, where there is room for it."""
        offers, runner = self.picture.offers, self.runner
        room = self.picture.glimpse_room() if offers else None
        if room is None:
            runner.show_glimpse(None)
            return
        offer, size = offers[self.picture.held], (room[0], 2 * room[1])

        def make() -> Glimpse:
            if offer.kind == FAULTY:
                return glimpse_of_fault(runner.desk.recipe, "" if offer.name == NONE else offer.name)
            return glimpse_of_start(read_line(offer.line), size, LEVELS)

        runner.show_glimpse(make)

    def action_break(self) -> None:
        """What can be wrong, by name, in the map's place."""
        recipe = self.runner.desk.recipe
        fits = [name for name in WANTS if suits(recipe, name)]
        offers = [Offer(FAULTY, NONE, "", f"As it was: {print_line(replace(recipe, fault=''))}")]
        offers += [Offer(FAULTY, name, _sentence(FAULTS[name].cause), FAULTS[name].means) for name in fits]
        self._offer(() if self.picture.offers else tuple(offers), [NONE, *fits].index(recipe.fault or NONE))

    def _take(self, at: int) -> None:
        """What was chosen from the list."""
        offer = self.picture.offers[at]
        self._offer(())
        if offer.kind == FAULTY:
            self.runner.do(lambda desk: desk.change(f"break {offer.name}"))
            return
        task = CHALLENGES[offer.name] if offer.kind == TASKS else None
        self.challenge, self.head.challenge = (offer.name, task.task) if task else ("", "")
        try:
            self._begin(read_line(offer.line))
        except DropsError as problem:  # of a table that is gone
            self.host.notify(str(problem), severity="error", markup=False)

    # ── keeping ────────────────────────────────────────────────────────────────────────────
    async def action_name(self) -> None:
        """Gives the line a name."""
        study = await self._study()
        if study is None:
            return
        line = print_line(self.runner.desk.recipe)
        known = own.named(study.log.settings())

        def take(text: str) -> None:
            says = own.name_line(study, text, line, CHALLENGES, self.host.clock())
            self.host.notify(says, markup=False)

        self.type_into("name: ", next((name for name, has in known.items() if has == line), ""), take)

    async def action_keep(self) -> None:
        """Keeps a question of what is seen: of twenty seeds how many pass, of two lines which is better, of a
        sum what the doctor names, of what is broken which curve is its own."""
        study, desk = await self._study(), self.runner.desk
        if study is None:
            return
        try:
            card = cards.kept(desk.recipe, desk.step, self._question(desk.recipe))
            says = own.keep(study, card, self.host.clock())
        except DropsError as problem:
            self.host.notify(str(problem), severity="error", markup=False)
            return
        self.host.renew_all()
        self.host.notify(says, markup=False)

    def _question(self, recipe: Recipe) -> str:
        if self.why:
            return "doctor"
        return "better" if self.picture.compared else "curve" if recipe.fault else "passes"

    # ── judging ────────────────────────────────────────────────────────────────────────────
    async def action_judge(self) -> None:
        """Has a hundred unseen starts judge the line; without a challenge, offers them."""
        if not self.challenge:
            await self.action_open()
            return
        study, name = await self._study(), self.challenge
        if study is None:
            return
        task, judged_by = CHALLENGES[name], study

        def note(found: Ruling) -> None:
            own.note_ruling(judged_by, name, told.ruling_to_note(task, found), self.host.clock())

        self.runner.judge(name, own.own_par(study.log, name, task.counted), note)


def _named(study: Study) -> tuple[Offer, ...]:
    found = own.named(study.log.settings())
    return tuple(Offer(LINES, name, "", line, line) for name, line in found.items())


def _tasks(study: Study) -> tuple[Offer, ...]:
    """Each challenge, and the best that was done of it."""
    found = []
    for name, task in CHALLENGES.items():
        says = _sentence(task.task)
        if best := own.own_par(study.log, name, task.counted):
            says += f" Done with {best.counts} {task.counted}: {best.line}."
        found.append(Offer(TASKS, name, says, f"Begins: {task.begins}", task.begins))
    return tuple(found)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
