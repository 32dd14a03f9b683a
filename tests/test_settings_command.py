"""Settings in lines: read, changed, and refused in one line each."""

import pytest

from drops.cli.main import main
from drops.errors import Unknown
from drops.study.settings import SETTINGS, setting_called


@pytest.fixture
def said(home, capsys):
    def run(*words):
        status = main(["--home", str(home), "settings", *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_every_setting_is_listed_with_its_value_and_what_it_may_be(said, home):
    status, out, _ = said()
    assert status == 0
    assert [line.partition(" = ")[0] for line in out.splitlines()] == list(SETTINGS)
    assert "ward_round = off: " in out
    assert "budget_minutes = 8: " in out
    assert "From 2 to 60." in out
    assert not home.exists()  # reading makes no progress file


def test_a_setting_that_is_changed_stays_changed(said):
    assert said("ward_round", "on")[1].startswith("ward_round = on: ")
    assert said("ward_round")[1].startswith("ward_round = on: ")
    assert said("budget_minutes", "12,5")[1].startswith("budget_minutes = 12.5: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ward_rond",), "ward_round"),
        (("colours",), 'did you mean "theme"?'),
        (("dark", "mode"), 'did you mean "theme"?'),
        (("animations", "off"), 'did you mean "reduced_motion"?'),
        (("ward_round", "perhaps"), "ward round is one of on, off"),
        (("budget_minutes", "99"), "minutes a day is a number from 2 to 60"),
    ],
)
def test_what_is_no_setting_and_no_value_is_refused_with_what_it_may_be(said, words, says):
    status, out, err = said(*words)
    assert (status, out) == (1, "")
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda one: one.name)
def test_a_setting_is_found_by_its_label_and_by_the_words_a_learner_has_for_it(setting):
    assert setting_called(setting.label) is setting
    assert len(setting.also.split()) >= 3
    for word in setting.also.split():
        with pytest.raises(Unknown) as problem:
            setting_called(word)
        meant = SETTINGS[problem.value.nearest]
        assert word in f"{meant.also} {meant.label} {meant.name}"


@pytest.mark.slow
@pytest.mark.parametrize("wanted", ["on", "off"])
def test_the_case_book_tells_of_the_round_where_it_is_not_wanted(home, capsys, study, clock, learners, wanted):
    learners(study).run(study.begin(clock(), drop="1"))
    study.change("ward_round", wanted, clock())
    study.close()
    assert main(["--home", str(home), "cases"]) == 0
    assert ("`drops settings ward_round on`" in capsys.readouterr().out) is (wanted == "off")
