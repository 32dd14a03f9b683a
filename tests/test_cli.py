"""The commands: what they print, and the one line of each thing that can go wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from drops import __version__
from drops.cli import main

ROOT = Path(__file__).parents[1]


@pytest.fixture
def drops(home, capsys):
    """Runs a command in the test's home; gives its status, what it printed, what it complained of."""

    def run(*words: str) -> tuple[int, str, str]:
        try:
            status = main(["--home", str(home), *words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_the_first_today_is_the_first_drop(drops):
    status, out, _ = drops("today", "--json")
    told = json.loads(out)
    assert status == 0
    assert (told["items"], told["new"]["number"], told["new"]["minutes"]) == ([], 1, 6)


def test_today_in_words_says_how_long_it_takes(drops):
    _, out, _ = drops("today")
    assert "drop 1 is new, about 6 min" in out


def test_quiet_today_exits_with_ten_when_something_is_due(drops):
    status, out, _ = drops("today", "--quiet")
    assert (status, out) == (10, "drop 1 is new, about 6 min\n")


def test_today_on_a_coming_day_lists_what_will_be_due_then(drops, study, learner):
    learner.day()
    study.close()
    _, now, _ = drops("today", "--on", "2026-03-02", "--json")
    _, later, _ = drops("today", "--on", "2026-04-02", "--json")
    assert json.loads(now)["items"] == []
    assert len(json.loads(later)["items"]) >= 3


def test_the_path_names_four_phases_and_fourteen_drops(drops):
    _, out, _ = drops("path", "--json")
    (path,) = json.loads(out)
    drops_of = [len(phase["drops"]) for phase in path["phases"]]
    assert drops_of == [4, 5, 4, 1]
    assert [d["minutes"] for p in path["phases"] for d in p["drops"]] == [6, 6, 6, 7, 6, 7, 6, 6, 7, 7, 7, 7, 7, 12]


def test_progress_before_the_first_answer_says_what_will_appear(drops):
    status, out, _ = drops("progress")
    assert status == 0
    assert out.startswith("Nothing answered yet.")


def test_progress_after_a_day_counts_what_was_answered(drops, study, learner):
    learner.day()
    study.close()
    _, out, _ = drops("progress", "--json")
    told = json.loads(out)
    assert told["drops"][0]["stage"] == "seen"
    assert told["drops"][0]["right"] == told["drops"][0]["of"] > 0
    assert len(told["forecast"]) == 30
    assert {"outcome", "evidence"} == set(told["outcomes"][0])


@pytest.mark.parametrize(("words", "line"), [
    (("plain", "why-the-squas"), 'drops: no drop "why-the-squas"; did you mean "why-the-squash"?\n'),
    (("replay", "nueron"), 'drops: no drop "nueron"; '),
    (("export", "x.pdf"), "the ending says the format"),
    (("import", "/nowhere/x.jsonl"), "/nowhere/x.jsonl"),
    (("replay",), "drops: no drop has been answered yet; `drops plain` begins with the first\n"),
])
def test_what_cannot_be_done_is_one_line_and_exit_one(drops, words, line):
    status, _, err = drops(*words)
    assert status == 1
    assert line in err
    assert err.count("\n") == 1


def test_an_unknown_command_is_wrong_usage(drops):
    status, _, err = drops("todya")
    assert status == 2
    assert "today" in err


def test_a_date_that_is_none_says_how_to_write_one(drops):
    status, _, err = drops("today", "--on", "tomorrow")
    assert status == 2
    assert "'tomorrow' is no date; write it as 2026-12-24" in err


def test_without_a_terminal_the_app_names_what_works_there(drops):
    status, out, err = drops()
    assert (status, out) == (2, "")
    assert err == ("drops: the app needs a terminal; `drops today` prints what today holds, "
                   "`drops plain` runs the session as lines\n")


def test_the_version_is_told(drops):
    assert drops("--version") == (0, f"drops {__version__}\n", "")


def test_a_backup_and_an_export_can_be_taken_in_elsewhere(drops, study, learner, tmp_path, capsys):
    learner.day()
    events = len(study.log.events())
    study.close()
    assert drops("backup", str(tmp_path / "copy.db"))[0] == 0
    assert drops("export", str(tmp_path / "all.jsonl"))[0] == 0
    for number, source in enumerate(("copy.db", "all.jsonl")):
        main(["--home", str(tmp_path / f"other{number}"), "import", str(tmp_path / source)])
        assert capsys.readouterr().out.startswith(f"{events} new events, 0 known already, 0 kept out")


def test_a_lost_progress_file_beside_its_backups_is_no_new_learner(drops, study, learner, home):
    learner.day()
    study.close()
    drops("backup", str(home.with_name("copy.db")))
    (home / "progress.db").unlink()
    status, out, err = drops("today")
    assert (status, out) == (1, "")
    assert err == (f"drops: {home}/progress.db is missing, but its backups are there; "
                   "`drops doctor --restore` brings the newest back\n")


def test_the_doctor_finds_a_fresh_installation_well(drops):
    status, out, _ = drops("doctor")
    assert status in (0, 1)   # an SQLite with the known fault is said, and is not ours to mend
    assert "content: 1 path, 14 drops" in out


def test_completion_knows_every_command(drops):
    status, out, _ = drops("completion", "bash")
    assert status == 0
    assert "doctor" in out


def test_the_readme_lists_every_command_that_there_is():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `drops ([a-z]+)", readme, re.MULTILINE))
    from drops.cli import parser

    known = set(next(a for a in parser()._actions if a.dest == "COMMAND" or a.metavar == "COMMAND").choices)
    assert listed == known
