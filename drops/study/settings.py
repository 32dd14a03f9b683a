"""What a learner can change. Each is an event in the log; the last one holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from drops.errors import Unknown, Unreadable
from drops.events import Fact, Kind


class Setting(NamedTuple):
    """One thing to change: its default, what it may be, and what it does in a sentence."""

    name: str
    label: str
    default: Any
    says: str
    choices: tuple[Any, ...] = ()  # all it may be, or
    between: tuple[float, float] | None = None
    also: str = ""  # words that it may be looked for by

    def allows(self, value: Any) -> bool:
        """Whether this may be the setting's value, which need not come from `read`."""
        if self.between is None:
            return any(type(value) is type(choice) and value == choice for choice in self.choices)
        low, high = self.between
        return type(value) in (int, float) and low <= value <= high

    @property
    def range(self) -> str:
        """What it may be, in a sentence."""
        if self.between is None:
            return f"One of {', '.join(map(shown, self.choices))}."
        return "From {:g} to {:g}.".format(*self.between)

    def read(self, text: str) -> Any:
        """The value that `text` means. Raises Unreadable with an example."""
        word = text.strip()[:40].lower()
        if self.choices:
            for choice in self.choices:
                if word == shown(choice):
                    return choice
            raise Unreadable(
                f"{self.label} is one of {', '.join(map(shown, self.choices))}", shown(self.default)
            )
        assert self.between is not None
        try:
            value = float(word.replace(",", "."))
        except ValueError:
            value = float("nan")
        low, high = self.between
        if not low <= value <= high:
            raise Unreadable(f"{self.label} is a number from {low:g} to {high:g}", f"{self.default:g}")
        return type(self.default)(value)


def shown(value: Any) -> str:
    """A value as it is read and written: "on" for True."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


SETTINGS: dict[str, Setting] = {
    s.name: s
    for s in (
        Setting(
            "budget_minutes",
            "minutes a day",
            8.0,
            "How long a sitting may take, lesson and recall together.",
            between=(2, 60),
            also="time length long sitting session duration budget",
        ),
        Setting(
            "new_per_day",
            "new drops a day",
            1,
            "How many new lessons a day may hold; 0.5 is one every second day.",
            choices=(0, 0.5, 1, 2, 3),
            also="lessons pace speed rate daily drops how many",
        ),
        Setting(
            "rollover_hour",
            "the day starts at",
            4,
            "Answers before this hour still belong to the day before.",
            choices=tuple(range(9)),
            also="midnight night morning hour day start begins timezone zone",
        ),
        Setting(
            "retention",
            "recall to aim at",
            0.9,
            "Questions come back when their recall falls to this. Higher means more reviews.",
            between=(0.7, 0.97),
            also="memory forgetting reviews often frequency interval target recall",
        ),
        Setting(
            "confidence",
            "ask how sure you are",
            True,
            "Errors made with confidence are corrected best, so predictions ask for it.",
            choices=(True, False),
            also="sure certain guess ask",
        ),
        Setting(
            "ward_round",
            "ward round",
            False,
            "A case of the clinic each day, two minutes of it, once a lesson has brought your first.",
            choices=(True, False),
            also="clinic case cases daily ward",
        ),
        Setting(
            "theme",
            "theme",
            "auto",
            "Colours for a dark or for a light ground; auto goes by your terminal.",
            choices=("auto", "dark", "light"),
            also="colours colors colour color dark light mode appearance background ground palette",
        ),
        Setting(
            "reduced_motion",
            "reduced motion",
            False,
            "Figures jump to their end instead of moving.",
            choices=(True, False),
            also="animation animations moving still motion",
        ),
    )
}


def setting_called(name: str) -> Setting:
    """A setting by its name, or by its label with or without the blanks. Raises Unknown, which names the one
    that is meant by a word of it or of `also` before one whose letters are alike.
    """
    wanted = " ".join(name.replace("_", " ").replace("-", " ").lower().split())
    for setting in SETTINGS.values():
        if wanted in (setting.name.replace("_", " "), setting.label):
            return setting
    raise Unknown("setting", name, SETTINGS, meant=_meant(wanted))


def _meant(wanted: str) -> str | None:
    """The setting that has most of these words in its name, its label or what else it may be called."""
    words = set(wanted.split())
    counts = {
        one.name: len(words & {*one.name.split("_"), *one.label.split(), *one.also.split()})
        for one in SETTINGS.values()
    }
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else None


def value(settings: Mapping[str, Any], name: str) -> Any:
    """The learner's value of a setting, or its default. Raises Unknown.

    A value that an import brought along and that nobody could have chosen is as good as none.
    """
    setting = setting_called(name)
    name = setting.name
    chosen = settings.get(name, setting.default)
    return chosen if setting.allows(chosen) else setting.default


def changed(name: str, text: str) -> Fact:
    """The fact that records a change. Raises Unknown, Unreadable."""
    setting = setting_called(name)
    return Fact(Kind.SETTING, payload={"name": setting.name, "value": setting.read(text)})
