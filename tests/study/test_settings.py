"""What a learner can change, and what that changes."""

from __future__ import annotations

import pytest

from drops.errors import Unknown, Unreadable
from drops.study.settings import SETTINGS, changed, value


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda s: s.name)
def test_every_setting_reads_its_own_default_and_refuses_nonsense_with_an_example(setting):
    shown = (
        {True: "on", False: "off"}.get(setting.default, setting.default)
        if isinstance(setting.default, bool)
        else setting.default
    )
    assert setting.read(f" {shown} ") == setting.default
    with pytest.raises(Unreadable, match="for example"):
        setting.read("zebra")


@pytest.mark.parametrize("text", ["1", "61", "nan", "1e999", "-8", ""])
def test_minutes_out_of_reason_are_refused(text):
    with pytest.raises(Unreadable, match=r"minutes a day is a number from 2 to 60; for example 8"):
        SETTINGS["budget_minutes"].read(text)


def test_an_unknown_setting_names_the_nearest():
    with pytest.raises(Unknown, match='no setting "retentoin"; did you mean "retention"'):
        value({}, "retentoin")
    with pytest.raises(Unknown):
        changed("colour", "red")


def test_a_change_is_an_event_and_holds_after_a_new_start(open_study, clock):
    study = open_study()
    assert study.setting("budget_minutes") == 8.0
    study.change("budget_minutes", "12,5", clock())
    assert open_study().setting("budget_minutes") == 12.5


def test_another_recall_to_aim_at_moves_every_due_day_at_the_next_start(
    open_study, learners, library, home, clock
):
    from drops.memory.schedule import folded
    from drops.store.log import Log
    from drops.study.study import Study

    study = open_study()
    learners(study).day()
    before = {key: memory.due_day for key, memory in study.log.memories().items()}
    study.change("retention", "0.75", clock())
    study.close()
    again = Study(library, Log.open(home, folded(0.75), now=clock()))
    assert all(again.log.memory(key).due_day > due for key, due in before.items())
    again.close()


def test_no_new_drops_a_day_means_none_is_offered(study, clock):
    assert study.today(clock()).new is not None
    study.change("new_per_day", "0", clock())
    assert study.today(clock()).new is None


def test_who_does_not_want_to_be_asked_how_sure_is_not_asked(study, learner, clock):
    study.change("confidence", "off", clock())
    session = study.begin(clock())
    while (page := study.page(session)).part != "predict":
        session = learner.page(session)
    assert not page.ask.confidence


@pytest.mark.parametrize("brought", ["4", "\x1b[2J", 1e9, -1, True, None, [], {"a": 1}, float("inf")])
@pytest.mark.parametrize("name", SETTINGS)
def test_a_value_nobody_could_have_chosen_is_as_good_as_none(name, brought):
    allowed = isinstance(SETTINGS[name].default, bool) and brought is True
    assert value({name: brought}, name) == (brought if allowed else SETTINGS[name].default)
