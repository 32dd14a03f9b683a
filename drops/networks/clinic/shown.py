"""The run of a case: twin, broken net and change side by side, slow around where the first two part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from drops.exercises.blocks import Curve, Frame, Series, Words
from drops.networks.clinic.panels import TOP, share, spell
from drops.networks.clinic.trials import Trial
from drops.networks.clinic.worlds import WORLDS
from drops.networks.faults.program import Program
from drops.networks.live import spread_out
from drops.networks.nudged import Hold

PLACES = 40  # moments of a run: close together at the start, where most faults show, then further apart
PARTED = 2.0  # broken and twin have parted where one is so many times the other; what a rare class
PARTED_RARE = 1.25  # costs is half at most, and a share of it


def frames(programs: Mapping[str, Program], seed: int, world: str, hold: Hold) -> Iterator[Frame | None]:
    """Trains all of them at once; the moment at which the second leaves the first is marked.

    Each is shown at the same share of its own steps. In sets that are wrong in use, the loss is the one in
    use; of a rare class, the fair share that is missed.
    """
    trials: dict[str, Trial] = {}
    for name, program in programs.items():
        trials[name] = Trial(program, seed)
        hold(trials[name].trainer)
        yield None
    stops = {name: spread_out(program.steps, PLACES) for name, program in programs.items()}
    count = min(map(len, stops.values()))
    runs = {name: trials[name].run(_thinned(all_, count)) for name, all_ in stops.items()}
    sound, broken, *_ = programs
    points: dict[str, list[tuple[float, float]]] = {name: [] for name in trials}
    moment = ""
    for at in range(count):
        for name, run in runs.items():
            next(run)
            points[name].append((float(at), _measured(trials[name], world)))
            yield None
        if not moment:
            moment = _parted(
                points,
                sound,
                broken,
                PARTED_RARE if world == "rare class" else PARTED,
                _thinned(stops[broken], count)[at],
            )
        yield _frame(trials, points, at / (count - 1), world, moment, _thinned(stops[broken], count))


def _thinned(stops: list[int], count: int) -> list[int]:
    """So many of the places, the first and the last among them."""
    return [stops[round(i * (len(stops) - 1) / (count - 1))] for i in range(count)]


def _measured(trial: Trial, world: str) -> float:
    """What is drawn of a net as it stands, in units of what knowing nothing costs."""
    if world == "rare class":
        return 1 - trial.score(trial.rows.use).fair
    part = trial.rows.use if WORLDS[world].by == "loss" else None
    return trial.loss(part) / trial.ignorance


def _parted(
    points: Mapping[str, list[tuple[float, float]]], sound: str, broken: str, times: float, step: int
) -> str:
    """The moment at which one is so many times the other, told; "" where it is not."""
    small, large = sorted(max(points[name][-1][1], 1e-9) for name in (sound, broken))
    if large / small < times:
        return ""
    return f"they part at step {step}" if step else "they part before the first step"


def _frame(
    trials: Mapping[str, Trial], points: Mapping[str, list[tuple[float, float]]], done: float, world: str,
    moment: str, stops: list[int],
) -> Frame:  # fmt: skip
    classes = next(iter(trials.values())).program.target == "class"
    head, sign = ("On new rows, ", ": ") if classes else ("Explained of the differences on new rows: ", " ")
    says = f"{head}{'; '.join(f'{name}{sign}{_in_use(trial)}' for name, trial in trials.items())}."
    what = {
        "rare class": "missed, both classes weighed alike",
        "wrong in use": "loss in use ÷ knowing nothing",
    }.get(world, "loss ÷ knowing nothing")
    top = 1.0 if world == "rare class" else TOP
    series = tuple(Series(name, tuple(line)) for name, line in points.items())
    last = stops[len(next(iter(points.values()))) - 1]
    picture = Curve(
        series, f"step (now {last}; the early ones are shown slowly)", what,
        f"Step {last}.", window=(0.0, top), across=(0.0, len(stops) - 1.0), ceiling=top, places=tuple(stops),
    )  # fmt: skip
    return Frame((Words(says), picture), done, says, moment)


def _in_use(trial: Trial) -> str:
    """What its users get of it."""
    score = trial.score(trial.rows.use)
    if trial.program.target != "class":
        return share(score.right)
    rare = f", {share(score.found[1])} of class 1 found" if trial.program.rare else ""
    return f"{share(score.right)} right, loss {spell(score.loss)}{rare}"
