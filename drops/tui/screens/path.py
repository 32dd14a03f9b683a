"""The path: four phases, fourteen drops with their state, and all there is to know about it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll

from drops.course.model import Drop, LearningPath
from drops.errors import DropsError
from drops.study.today import Today
from drops.text import share
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, indent, written
from drops.tui.blocks.prose import prose
from drops.tui.screens.base import DropsScreen, Keys

if TYPE_CHECKING:
    from drops.study.looking_back import OutcomeEvidence

SIGNS = {"ahead": "○", "today": "◐", "learning": "●", "solid": "◆", "durable": "★", "hard": "▲"}
WORDS = {
    "ahead": "",
    "today": "today",
    "learning": "learning",
    "solid": "solid",
    "durable": "durable",
    "hard": "hard",
}


OFFER = "This drop is ahead of you. Enter reads it from the start; o answers its exercise and quiz first."


class Drops(Drawn):
    """The drops by phase, one of them chosen."""

    def __init__(self, path: LearningPath, today: Today) -> None:
        super().__init__(id="main")
        self.rows: list[int] = []  # the line on which each drop stands
        self.offered = False  # whether the chosen one is ahead, and reading or testing out is the question
        self.turn_to(path, today)

    def turn_to(self, path: LearningPath, today: Today) -> None:
        self.path, self.today = path, today
        self.now = next((i for i, d in enumerate(path.drops) if today.states.get(d.id) == "today"), 0)

    @property
    def drop(self) -> Drop | None:
        """The one chosen; None in a path that has none yet."""
        return self.path.drops[self.now] if self.path.drops else None

    @property
    def _among(self) -> str:
        """Where this path stands among several."""
        paths = self.today.paths
        state, listed = paths.states[self.path.id], [path.id for path in paths.listed]
        if self.path.id not in listed or len(listed) == 1:
            return "" if state == "chosen" else state
        return f"path {listed.index(self.path.id) + 1} of {len(listed)}, {state}"

    def draw(self, width: int, ink: Inks) -> Lines:
        room = min(width, 78)
        path = self.path
        about = path.level, path.subject, path.rhythm
        out: Lines = [
            *written(f"{path.emoji} {path.title}".strip(), room, ink.bold),
            *written(" · ".join(filter(None, (self._among, *about))), room, ink.dim),
            [],
        ]
        self.rows = []
        for number, phase in enumerate(path.phases, 1):
            out.append(
                ends(
                    [Segment(f"Phase {number} ", ink.dim), Segment(phase.title, ink.bold)],
                    [Segment(f" {len(phase.drops)} drop{'s' * (len(phase.drops) != 1)}", ink.dim)],
                    room,
                )
            )
            out += [fit([Segment(phase.goal, ink.dim)], room)] if phase.goal else []
            for drop in phase.drops:
                self.rows.append(len(out))
                out.append(self._drop(drop, room, ink))
                if self.offered and drop is self.drop:
                    out += indent(written(OFFER, room - 6, ink.warn), 6)
            out.append([])
        legend = "  ".join(f"{sign} {state}" for state, sign in SIGNS.items())
        return [*out, *written(legend, room, ink.dim), []]

    def _drop(self, drop: Drop, room: int, ink: Inks) -> Line:
        index = self.path.drops.index(drop)
        here = index == self.now
        state = self.today.states.get(drop.id, "ahead")
        recall = self.today.recall_now.get(drop.id)
        known = f"recall {share(recall)}" if recall is not None else ""
        words = "  ".join(filter(None, (WORDS[state], known))) if room >= 70 else ""
        colour = {"hard": ink.warn, "today": ink.accent, "ahead": ink.dim}.get(state, ink.good)
        left: Line = [
            Segment("▸ " if here else "  ", ink.act),
            Segment(f"{SIGNS[state]} ", colour),
            Segment(f"{drop.number:>2}  ", ink.dim),
            Segment(drop.title, does(ink.bold if here else ink.text, drop=index)),
        ]
        return ends(
            left,
            [
                Segment(f"  {words}" if words else "", ink.dim),
                Segment(f"{f'{drop.minutes:g} min':>8}", ink.dim),
            ],
            room,
        )


class About(Drawn):
    """The chosen drop, and then the path's own page."""

    def __init__(self, path: LearningPath, today: Today) -> None:
        super().__init__(id="aside")
        self.drop: Drop | None = None
        self.turn_to(path, today, ())

    def turn_to(self, path: LearningPath, today: Today, evidence: tuple[OutcomeEvidence, ...]) -> None:
        """`evidence` is of every path; empty until the answers are read."""
        self.path, self.today = path, today
        self.evidence = {one.text: one for one in evidence if one.path == path.id}

    def draw(self, width: int, ink: Inks) -> Lines:
        room = min(width, 80)
        out: Lines = []
        if self.drop is not None:
            out += written(f"{self.drop.number} · {self.drop.title}", room, ink.bold)
            out += prose(self.drop.goal, room, ink)
            out += written(self.drop.scope, room, ink.dim) if self.drop.scope else []
            if missing := self.today.missing.get(self.drop.id):
                out += written(f"Next: {missing[:1].lower()}{missing[1:]}", room, ink.dim)
            out += (
                written("Terms: " + ", ".join(self.drop.teaches), room, ink.dim) if self.drop.teaches else []
            )
            out += [[], [Segment("─" * room, ink.rule)]]
        path = self.path
        for title, text in (
            ("", path.summary),
            ("Why it matters", path.why),
            ("What you will learn", bullets(path.learn)),
            ("The common pitfall", path.pitfall),
            ("Before you start", path.prerequisites),
            ("Practice", path.practice),
        ):
            out += self._part(title, text, room, ink)
        out += self._outcomes(room, ink)
        for question, answer in path.faq:
            out += self._part(question, answer, room, ink)
        out += self._part(
            "Resources", bullets(f"{r.title} ({r.kind}) {r.url}" for r in path.resources), room, ink
        )
        return out + self._part("Key terms", ", ".join(path.glossary) + ".  \n`t` explains each.", room, ink)

    @staticmethod
    def _part(title: str, text: str, room: int, ink: Inks) -> Lines:
        if not text.strip():
            return []
        return [[], *(written(title, room, ink.bold) if title else []), *prose(text, room, ink)]

    def _outcomes(self, room: int, ink: Inks) -> Lines:
        """What one can do at the end, each with what has been shown of it so far."""
        if not self.path.outcomes:
            return []
        out: Lines = [[], [Segment("What you can do at the end", ink.bold)]]
        for outcome in self.path.outcomes:
            behind = sum(
                self.today.states.get(drop_id, "ahead") not in ("ahead", "today")
                for drop_id in outcome.shown_by
            )
            full = behind == len(outcome.shown_by) and behind > 0
            says = f"{behind} of {len(outcome.shown_by)} drops done" if behind else "no evidence yet"
            says = self.evidence[outcome.text].says if outcome.text in self.evidence else says
            out += indent(written(outcome.text, room - 4, ink.text), 2)
            out += indent(
                written(f"{'✓' if full else '○'} {says}", room - 4, ink.good if full else ink.dim), 2
            )
        return out


def bullets(lines: Any) -> str:
    return "\n".join(f"- {line}" for line in lines)


class PathScreen(DropsScreen):
    """Up and down choose a drop; Enter opens it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open"),
        Binding("down,j", "step(1)", "choose", key_display="↑↓"),
        Binding("up,k", "step(-1)", "choose upwards", show=False),
        Binding("home", "first", "first drop", show=False),
        Binding("end", "last", "last drop", show=False),
        Binding("right", "other(1)", "other path", key_display="←→"),
        Binding("left", "other(-1)", "other path backwards", show=False),
        Binding("c", "choose", "choose this path"),
        Binding("z", "rest", "pause: no new drops", show=False),
        Binding("o", "test_out", "test out"),
        Binding("r", "replay", "replay"),
        Binding("t", "terms", "terms"),
        Binding("e", "export", "save as SVG", show=False),
        Binding("q,p", "leave", "back"),
    ]

    title_of_help = "Keys of the path"

    def __init__(self, path: LearningPath, today: Today) -> None:
        super().__init__()
        self.path, self.today = path, today
        self.evidence: tuple[OutcomeEvidence, ...] = ()  # of every path, once the answers are read

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="body", can_focus=False), Container(id="columns"):
            yield Drops(self.path, self.today)
            yield About(self.path, self.today)
        yield Keys()

    @property
    def within(self) -> LearningPath | None:
        return self.path

    @property
    def _drop(self) -> Drop | None:
        return self.query_one(Drops).drop

    def turn_to(self, path: LearningPath) -> None:
        """Shows another path; which one is chosen stays as it is."""
        self.path = path
        self.query_one(Drops).turn_to(path, self.today)
        self.query_one(About).turn_to(path, self.today, self.evidence)
        self._choose(self.query_one(Drops).now)
        self.query_one("#body").scroll_home(animate=False)
        self.refresh_keys()

    def renew(self, today: Today) -> None:
        """A path that was hidden gives way to the current one."""
        self.today = today
        listed = {path.id for path in today.paths.listed}
        gone = self.path.id not in listed and today.paths.current is not None
        now, path = self.query_one(Drops).now, today.paths.current if gone else self.path
        assert path is not None
        self.turn_to(path)
        if not gone:
            self._choose(now)

    def on_mount(self) -> None:
        self._choose(self.query_one(Drops).now)
        if self.host.study is not None:
            self.call_after_refresh(lambda: self.run_worker(self._read(), name="evidence"))

    async def _read(self) -> None:
        """The evidence for each outcome, in a thread: no key waits for it."""
        from drops.study.looking_back import progress

        study = self.host.study
        assert study is not None
        try:
            made = await asyncio.to_thread(progress, study.library, study.log.ledger(), self.host.clock())
        except DropsError:
            return  # what a glance tells stands there already
        about, self.evidence = self.query_one(About), made.outcomes
        about.turn_to(self.path, self.today, self.evidence)
        about.redraw()

    def offer(self, drop: Drop) -> None:
        """A drop that is ahead: reading it from the start, or testing out, is the learner's choice."""
        self._choose(self.path.drops.index(drop), offered=True)

    def _choose(self, index: int, *, offered: bool = False) -> None:
        drops, about = self.query_one(Drops), self.query_one(About)
        drops.now = index % max(1, len(self.path.drops))
        about.drop, drops.offered = drops.drop, offered
        drops.redraw()
        about.redraw()
        if drops.now < len(drops.rows) and drops.size.height:
            body, row = self.query_one("#body"), drops.rows[drops.now]
            if not body.scroll_offset.y <= row < body.scroll_offset.y + body.size.height - 2:
                body.scroll_to(y=max(0, row - body.size.height // 2), animate=False)

    def action_step(self, by: int) -> None:
        self._choose(self.query_one(Drops).now + by)

    def action_first(self) -> None:
        self._choose(0)

    def action_last(self) -> None:
        self._choose(len(self.path.drops) - 1)

    @property
    def _state(self) -> str:
        return self.today.states.get(self._drop.id, "ahead") if self._drop else ""

    @property
    def _stands(self) -> str:
        """How the path stands among the learner's paths."""
        return self.today.paths.states[self.path.id]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        if action in ("test_out", "replay", "open") and self.is_mounted and self.query(Drops):
            fresh = self._state in ("ahead", "today")
            return bool(self._drop) and (action == "open" or fresh == (action == "test_out"))
        if action == "other":
            return len(self.today.paths.listed) > 1
        return self._stands != "chosen" if action == "choose" else True

    def describe(self, binding: Binding) -> str:
        if binding.action == "rest" and self._stands == "paused":
            return "go on with it"
        asked = binding.action == "open" and self.query_one(Drops).offered
        return "read it from the start" if asked else binding.description

    def action_other(self, by: int) -> None:
        listed = self.today.paths.listed
        at = next((i for i, path in enumerate(listed) if path.id == self.path.id), 0)
        self.turn_to(listed[(at + by) % len(listed)])

    async def action_choose(self) -> None:
        await self.host.arrange("choose", self.path)

    async def action_rest(self) -> None:
        await self.host.arrange("show" if self._stands == "paused" else "pause", self.path)

    async def action_open(self) -> None:
        drop = self._drop
        assert drop is not None, "a path without drops opens none"
        if self._state == "ahead" and not self.query_one(Drops).offered:
            self.offer(drop)
        else:
            await self.host.begin(drop=drop.id)

    async def action_test_out(self) -> None:
        await self.host.begin(drop=self._chosen, test_out=True)

    async def action_replay(self) -> None:
        await self.host.begin(drop=self._chosen, replay=True)

    @property
    def _chosen(self) -> str:
        assert self._drop is not None, "a path without drops begins none"
        return self._drop.id

    async def action_terms(self) -> None:
        await self.host.explain(taught=self._drop.teaches if self._drop else (), within=self.path)

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "drop" in what:
            if self.query_one(Drops).now == what["drop"]:
                await self.action_open()
            else:
                self._choose(what["drop"])
