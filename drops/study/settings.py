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
        ),
        Setting(
            "new_per_day",
            "new drops a day",
            1,
            "How many new lessons a day may hold; 0.5 is one every second day.",
            choices=(0, 0.5, 1, 2, 3),
        ),
        Setting(
            "rollover_hour",
            "the day starts at",
            4,
            "Answers before this hour still belong to the day before.",
            choices=tuple(range(9)),
        ),
        Setting(
            "retention",
            "recall to aim at",
            0.9,
            "Items come back when their recall falls to this. Higher means more reviews.",
            between=(0.7, 0.97),
        ),
        Setting(
            "confidence",
            "ask how sure you are",
            True,
            "Errors made with confidence are corrected best, so predictions ask for it.",
            choices=(True, False),
        ),
        Setting(
            "ward_round",
            "ward round",
            False,
            "A case of the clinic each day, two minutes of it, once a lesson has brought your first.",
            choices=(True, False),
        ),
        Setting(
            "theme",
            "theme",
            "auto",
            "Colours on a dark or on a light ground; auto is as your terminal's ground is.",
            choices=("auto", "dark", "light"),
        ),
        Setting(
            "reduced_motion",
            "reduced motion",
            False,
            "Figures jump to their end instead of moving.",
            choices=(True, False),
        ),
    )
}


def value(settings: Mapping[str, Any], name: str) -> Any:
    """The learner's value of a setting, or its default. Raises Unknown.

    A value that an import brought along and that nobody could have chosen is as good as none.
    """
    if name not in SETTINGS:
        raise Unknown("setting", name, SETTINGS)
    setting = SETTINGS[name]
    chosen = settings.get(name, setting.default)
    return chosen if setting.allows(chosen) else setting.default


def changed(name: str, text: str) -> Fact:
    """The fact that records a change. Raises Unknown, Unreadable."""
    if name not in SETTINGS:
        raise Unknown("setting", name, SETTINGS)
    return Fact(Kind.SETTING, payload={"name": name, "value": SETTINGS[name].read(text)})
