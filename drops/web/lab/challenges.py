"""The Lab's challenges: the list, one that is taken, and a hundred unseen starts that judge a line of it."""

from __future__ import annotations

from htpy import Element, Node, a, button, code, div, form, h2, label, li, meta, p, progress, section, ul
from htpy import input as box

from drops.clock import ticks
from drops.errors import DropsError
from drops.networks.lab import told
from drops.networks.lab.challenges import CHALLENGES, Challenge, Ruling, find, judge_lines
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import Recipe, print_line
from drops.study.own import lab as own
from drops.text import in_percent
from drops.web.frame import Go, Reply, whole
from drops.web.lab.judging import Judging
from drops.web.seat import Seat

AT_ONCE = 0.25  # seconds of judging in one request: others of a class are answered in between


def show_challenges(seat: Seat) -> Reply:
    """Each task, the line that it begins with, and the best that was done of it."""
    content = [
        p(".lead")["A hundred starts that nobody has seen train judge the line that you hand in."],
        ul(".tasks")[(_offer(seat, name, task) for name, task in CHALLENGES.items())],
        p[a(href="/lab")["Back to the Lab"]],
    ]
    return whole(seat, "Challenges", content, here="/lab", alone=True)


def _offer(seat: Seat, name: str, task: Challenge) -> Element:
    best = own.own_par(seat.study.log, name, task.counted)
    return li[
        h2[name],
        p[_sentence(task.task)],
        p(".dim")["It begins with ", code[task.begins]],
        p["Done with ", f"{best.counts} {task.counted}: ", code[best.line]] if best else None,
        form(method="post", action="/lab/challenge")[
            box(type="hidden", name="name", value=name),
            button(".quiet", type="submit", aria_label=f"Take the challenge {name}")["Take it"],
        ],
    ]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def draw_taken(seat: Seat, line: str) -> Node:
    """The task in hand above the line, and what became of the last try; where none is, the way to them."""
    taken = seat.challenge
    if taken is None:
        return p[a(href="/lab/challenges")[f"{len(CHALLENGES)} challenges"]]
    second = [
        label(for_="second")["The second line"],
        box("#second", type="text", name="second", value=line, autocomplete="off", spellcheck="false",
            maxlength="400"),
    ] if taken.task.then else None  # fmt: skip
    return section(".challenge")[
        h2[f"Challenge: {taken.name}"],
        p[_sentence(taken.task.task)],
        div("#ruling", role="status", tabindex="-1")[(p(".moment")[line] for line in taken.ruling)],
        form(".judge", method="post", action="/lab/judge")[
            second, button(".main", type="submit")["Have it judged"]
        ],
        form(method="post", action="/lab/challenge")[
            box(type="hidden", name="name", value=""), button(".quiet", type="submit")["Lay it aside"]
        ],
        p[a(href="/lab/challenges")["All challenges"]],
    ]


def take(seat: Seat, name: str) -> Go:
    """Takes a challenge and its line, or with "" lays it aside. Raises Unknown with the nearest."""
    if not name:
        seat.challenge = None
        return Go("/lab")
    task = find(name)
    seat.challenge = Judging(name)
    seat.lay_out(read_line(task.begins))
    return Go("/lab")


def begin_judging(seat: Seat, recipe: Recipe, steps: int, second: str) -> Go:
    """Hands a line in, and the other one where two are wanted. Raises DropsError with what lacks."""
    taken = seat.challenge
    if taken is None:
        raise DropsError("no challenge is taken; choose one first")
    task = taken.task
    other = read_line(second[:400]) if task.then else None
    steps = task.trained(steps)
    if refused := task.refusal(recipe, other, steps):
        raise DropsError(refused)
    taken.work, taken.done = judge_lines(task, [recipe, other] if other else [recipe], steps), 0.0
    return Go("/lab/judging")


def show_judging(seat: Seat) -> Reply | Go:
    """Judges on for a moment, and comes back until it is done."""
    taken = seat.challenge
    if taken is None or taken.work is None:
        return Go("/lab")
    until = ticks() + AT_ONCE
    for found in taken.work:
        if isinstance(found, Ruling):
            _note(seat, taken, found)
            return Go("/lab#ruling")
        taken.done = found
        if ticks() >= until:
            break
    share = in_percent(taken.done)
    content = [
        meta(http_equiv="refresh", content="0;url=/lab/judging"),
        p[_sentence(taken.task.task)],
        p(role="status")[f"A hundred unseen starts are training: {share} done."],
        progress(max="1", value=f"{taken.done:.3f}", aria_label=f"{share} done"),
        p[a(".button", href="/lab/judging")["Go on judging"], " ", a(href="/lab")["Leave it"]],
    ]
    return whole(seat, f"Judging {taken.name}", content, here="/lab", alone=True)


def _note(seat: Seat, taken: Judging, found: Ruling) -> None:
    taken.work = None
    before = own.own_par(seat.study.log, taken.name, taken.task.counted)
    taken.ruling = (
        *(f"{print_line(read_line(line))}:" for line in found.lines),
        *told.ruling_as_lines(taken.task, found, before),
    )
    own.note_ruling(seat.study, taken.name, told.ruling_to_note(taken.task, found), seat.clock())
