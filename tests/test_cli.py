"""The commands: what they print, and the one line of each thing that can go wrong."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from drops import __version__, catalog
from drops.cli.lessons import has_screen
from drops.cli.main import main
from drops.cli.parser import SHELLS, build_parser, columns
from drops.clock import moment, now
from drops.events import Fact, Kind, Rating
from drops.exercises import fading
from drops.exercises.answers import read
from drops.memory.schedule import folded
from drops.plain.feedback import rule_lines, verdict_lines
from drops.plain.spoken import lines
from drops.store.log import Log
from drops.study.pages import Answered, Page
from drops.text import NEAREST
from lessons import FIRST
from program import environment, run

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


@pytest.mark.slow
def test_a_placement_runs_in_lines_and_says_what_it_came_to(drops, monkeypatch):
    assert drops("place", "--json")[1] == '{\n  "state": "none"\n}\n'
    typed = itertools.chain(["show", ""] * 3, ["quit"], ["show", ""] * 40)
    monkeypatch.setattr("builtins.input", lambda: next(typed))
    drops("place")
    told = json.loads(drops("place", "--json")[1])
    assert (told["state"], told["asked"], told["right"]) == ("open", 3, 0)
    _, out, _ = drops("plain", "place")
    told = json.loads(drops("place", "--json")[1])
    assert "I begin with drop 1." in out
    assert (told["state"], told["known"], told["begins"]["number"]) == ("over", [], 1)


@pytest.mark.parametrize("words", [("place", "3"), ("place", "--fast"), ("plain", "3", "--test-outs"), ("plain", "--test-out")])
def test_what_a_placement_does_not_know_is_one_line(drops, words):
    status, out, complaint = drops(*words)
    assert (status, out, complaint.count("\n")) == (2, "", 1)
    assert "--help` shows how" in complaint


def test_a_drop_is_tested_out_of_in_lines(drops, monkeypatch):
    typed = itertools.chain([], itertools.repeat("quit"))
    monkeypatch.setattr("builtins.input", lambda: next(typed))
    _, out, _ = drops("plain", "3", "--test-out")
    assert "Predict" in out or "Do" in out
    assert "Page 1" not in out


def test_today_in_words_says_how_long_it_takes(drops):
    _, out, _ = drops("today")
    assert "minutes: drop 1" in out


def test_quiet_today_exits_with_ten_when_something_is_due(drops):
    status, out, _ = drops("today", "--quiet")
    assert status == 10
    assert out.endswith(" minutes: drop 1\n")


def test_today_on_a_coming_day_lists_what_will_be_due_then(drops, study, learner):
    learner.day()
    study.close()
    month = now().day + timedelta(days=30)
    _, out, _ = drops("today", "--on", str(month), "--json")
    later = json.loads(out)
    assert len(later["items"]) == 2  # the openers; the others enter once these have held
    assert later["coming"][0].split()[0] == f"{month + timedelta(days=1):%A}"  # not tomorrow


def test_today_on_a_day_that_is_past_is_refused(drops):
    yesterday = now().day - timedelta(days=1)
    status, out, err = drops("today", "--on", str(yesterday))
    said = f"drops: {yesterday} is past; --on takes a coming day, and `drops progress` looks back\n"
    assert (status, out, err) == (1, "", said)


def test_today_is_one_line_or_json_and_never_one_for_the_other(drops):
    status, out, err = drops("today", "--json", "--quiet")
    assert (status, out) == (2, "")
    assert "not allowed with argument --json" in err


def test_a_path_is_named_by_its_title_in_any_capitals(drops):
    told = drops("path", "WHEN A NETWORK does not learn", "--json")[1]
    assert told == drops("path", "when-a-network-does-not-learn", "--json")[1] != ""


@pytest.mark.parametrize(
    ("folder", "path"), [("Über", "uber"), ("Bad Name", "bad-name"), ("Crème brûlée", "creme-brulee")]
)
def test_a_new_path_is_named_after_its_folder_in_plain_letters(drops, tmp_path, folder, path):
    assert f"plain {path}/1" in drops("new", str(tmp_path / folder))[1]
    assert (tmp_path / folder / f"01-{path}-weighs.md").exists()


def test_the_path_names_four_phases_and_fourteen_drops(drops):
    _, out, _ = drops("path", "--json")
    (path,) = json.loads(out)
    drops_of = [len(phase["drops"]) for phase in path["phases"]]
    assert drops_of == [4, 5, 4, 1]
    minutes = [d["minutes"] for phase in path["phases"] for d in phase["drops"]]
    assert all(5 <= drop <= 8 for drop in minutes[:-1])
    assert minutes[-1] == 12


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
    assert {"path", "outcome", "evidence"} == set(told["outcomes"][0])
    said = drops("progress")[1]
    assert f"  {told['outcomes'][0]['outcome']}: {told['outcomes'][0]['evidence']}.\n" in said
    assert said.count("\nAt the end of ") == len({one["path"] for one in told["outcomes"]}) > 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("plain", "why-the-squas"), 'drops: no drop "why-the-squas"; did you mean "why-the-squash"?\n'),
        (("replay", "nueron"), 'drops: no drop "nueron"; '),
        (("export", "x.pdf"), "the ending says the format"),
        (("import", "/nowhere/x.jsonl"), "/nowhere/x.jsonl"),
        (
            ("plain", "when-a-network-does-not-learn"),
            'drops: no drop "when-a-network-does-not-learn"; did you mean "when-a-network-does-not-learn/1"?\n',
        ),
        (("replay", "from-words-to-a-transformer/"), 'did you mean "from-words-to-a-transformer/1"?\n'),
        (("cases", "start-narow"), 'drops: no fault "start-narow"; did you mean "start-narrow"?\n'),
        (("kinds", "allow", "nope"), 'drops: no package with exercise kinds "nope"; known: none yet\n'),
        (("replay",), "drops: no drop has been answered yet; `drops plain` begins with the first\n"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_one(drops, words, line):
    status, _, err = drops(*words)
    assert status == 1
    assert line in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("todya",), 'drops: no command "todya"; did you mean "today"? `drops --help` shows how\n'),
        (
            ("completion", "zhs"),
            'drops: no shell "zhs"; did you mean "zsh"? `drops completion --help` shows how\n',
        ),
        (("help", "add"), "drops: add is a command, not a topic; `drops add --help` shows how\n"),
        (("--nope",), "drops: nothing is known of \"--nope\" here; `drops --help` shows how\n"),
        (("today", "--on"), "drops: --on: expected one argument; `drops today --help` shows how\n"),
        (
            ("today", "--on", "tomorrow"),
            "drops: --on: 'tomorrow' is no date; write it as 2026-12-24; `drops today --help` shows how\n",
        ),
        (("backup",), "drops: the following arguments are required: FILE; `drops backup --help` shows how\n"),
    ],
)
def test_wrong_usage_is_one_line_with_the_next_step(drops, words, line):
    assert drops(*words) == (2, "", line)


@pytest.mark.parametrize("number", ["0", "15", "-1", "9" * 40])
@pytest.mark.parametrize("command", ["plain", "replay"])
def test_a_drop_out_of_range_is_told_the_range(drops, command, number):
    status, _, err = drops(command, "--", number)
    assert status == 1
    assert err == f"drops: no drop {number[:9]} in {FIRST.name}: they go from 1 to 14; `drops path {FIRST.name}` lists them\n"


@pytest.mark.parametrize("command", ["backup", "export"])
def test_a_file_that_exists_is_replaced_only_when_asked(drops, home, tmp_path, command):
    Log.open(home, folded(0.9), now=now()).close()
    there = tmp_path / "letter.csv"
    there.write_text("Dear Ada", encoding="utf-8")
    assert drops(command, str(there)) == (
        1,
        "",
        f"drops: {there} exists; give another name, or add --replace\n",
    )
    assert there.read_text(encoding="utf-8") == "Dear Ada"
    assert drops(command, "--replace", str(there))[0] == 0
    assert b"Dear Ada" not in there.read_bytes()


SLOW_TO_IMPORT = {"dataclasses", "inspect", "shutil", "threading", "tempfile", "logging", "asyncio", "ssl", "subprocess"}
TELLING = """
import sys
from drops.cli.parser import read_words
read_words(["today", "--json"]).run
import drops.cli.main, drops.study.reports, drops.course.parse, drops.course.compiled
print(*sorted(sys.modules))
"""


def test_what_tells_today_imports_nothing_that_takes_long():
    told = subprocess.run([sys.executable, "-S", "-c", TELLING], capture_output=True, text=True, check=True, cwd=ROOT)
    found = {name.partition(".")[0] for name in told.stdout.split()}
    assert "drops" in found
    assert found & (SLOW_TO_IMPORT | {"numpy", "sqlalchemy", "textual", "rich", "fsrs"}) == set()


@pytest.mark.parametrize("said", ["30", "100", "0", "-3", "x", "", None])
def test_help_is_as_wide_as_python_takes_the_terminal_to_be(said, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    if said is not None:
        monkeypatch.setenv("COLUMNS", said)
    assert columns() == shutil.get_terminal_size().columns


COMMANDS = ("", *next(action for action in build_parser()._actions if action.metavar == "COMMAND").choices)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_eighty_columns_and_shows_what_to_type(drops, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    status, out, _ = drops(*filter(None, [command]), "--help")
    assert status == 0
    assert max(map(len, out.splitlines())) < 80
    typed = re.findall(rf"^  drops {command}[^#\n]*", out.partition("examples:\n")[2], re.MULTILINE)
    assert typed
    for line in typed:  # each example is understood
        words = shlex.split(re.sub(r"\$\(.*?\)|\s(\|\||>|  ).*", "", line))
        build_parser().parse_args(words[1:])


def test_without_a_terminal_the_app_names_what_works_there(drops):
    status, out, err = drops()
    assert (status, out) == (2, "")
    assert err == (
        "drops: the app needs a terminal; `drops today` prints what today holds, "
        "`drops plain` runs the session as lines\n"
    )


class Screen:
    """A stream that says it is a terminal, or not."""

    def __init__(self, screen: bool) -> None:
        self.isatty = lambda: screen


@pytest.mark.parametrize("term", ["xterm", "dumb"])
@pytest.mark.parametrize("streams", [*itertools.product((True, False), repeat=3)])
def test_the_app_asks_for_a_terminal_to_read_from_and_to_draw_on(monkeypatch, term, streams):
    monkeypatch.setenv("TERM", term)
    for name, screen in zip(("stdin", "stdout", "stderr"), streams, strict=True):
        monkeypatch.setattr(sys, name, Screen(screen))
    assert has_screen() == (all(streams) and term != "dumb")


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
    count = len(list((home / "backups").iterdir()))
    assert err == (
        f"drops: {home}/progress.db is missing, but its backups are there ({count}); `drops doctor --restore` "
        f"brings the newest back (to begin afresh, move {home}/backups away)\n"
    )


def test_the_doctor_finds_a_fresh_installation_well(drops):
    status, out, _ = drops("doctor")
    assert status in (0, 1)  # an SQLite with the known fault is said, and is not ours to mend
    assert re.search(r"content: \d paths, \d+ drops", out)


def test_the_doctor_says_where_this_machines_date_and_the_last_answer_disagree(drops, home):
    ahead = moment(datetime.now().astimezone() + timedelta(days=40))
    with Log.open(home, folded(0.9), now=now()) as log:
        log.append(Fact(Kind.GRADED, "a/x", Rating.GOOD, True, 9000), ahead)
    assert drops("show") == (
        0,
        "All that you did is dated ahead of this machine's date; `drops doctor` says more.\n",
        "",
    )
    status, out, _ = drops("doctor")
    assert status == 1
    (told,) = [line for line in out.splitlines() if "this machine says" in line]
    assert told.startswith("✗ Your last answer is from ")
    assert told.endswith("; the next sitting asks which is right")


# Streams that are not there, or not as usual -----------------------------------------------------


def shell(line: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A line of sh in which `drops` is this program."""
    program = f'drops() {{ "{sys.executable}" -m drops --home "{home}" "$@"; }}; '
    return subprocess.run(
        ["sh", "-c", program + line],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**environment(home), **more},
        cwd="/",
        timeout=60,
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sh is needed")
@pytest.mark.parametrize(
    ("line", "status", "err"),
    [
        ("drops path | head -1", 0, ""),
        ("drops --help | head -1", 0, ""),
        ("drops today >&-", 0, ""),
        ("drops plain 1 <&-", 0, ""),
        ("drops plain 1 <&- >&- 2>&-", 0, ""),
        ("drops todya 2>&-", 2, ""),
        ("drops <&-", 2, "drops: the app needs a terminal"),
        (
            "drops path >/dev/full",
            1,
            "drops: this cannot be printed (no space left on device); every answer is saved",
        ),
        (
            "printf '\\n\\n' | drops plain 1 >/dev/full",
            1,
            "drops: this cannot be printed (no space left on device)",
        ),
    ],
)
def test_closed_and_full_streams_end_in_a_line_or_in_silence(tmp_path, line, status, err):
    if "/dev/full" in line and not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("no /dev/full here")
    done = shell(line, tmp_path / "home")
    assert (done.returncode, done.stderr.count("\n")) == (status, bool(err))
    assert done.stderr.startswith(err)
    assert not [*(tmp_path / "home").glob("report-*")]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1"])
def test_signs_that_a_terminal_lacks_become_their_neighbours(tmp_path, encoding):
    done = run("doctor", home=tmp_path / "home", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert re.search(r"ok content: \d paths, \d+ drops", done.out)
    assert "−2·1 → x₁ ŷ ✗ 😀".encode("ascii", NEAREST) == b"-2*1 -> x1 y^ x ?"


def test_without_home_and_any_variable_it_still_answers(tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from drops.cli.main import main; raise SystemExit(main())",
            "--home",
            str(tmp_path),
            "today",
        ],
        capture_output=True,
        text=True,
        check=False,
        env={},
        cwd="/",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "minutes: drop 1" in done.stdout


# Shell completion --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHELLS)
def test_completion_knows_every_command_and_drop_in_every_shell(drops, name):
    status, out, _ = drops("completion", name)
    assert status == 0
    assert all(command in out for command in COMMANDS)
    assert "why-the-squash" in out


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("pla", "plain place"),
        ("replay backp", "backpropagation"),
        ("plain har", "hard"),
        ("completion po", "powershell"),
    ],
)
def test_bash_completes_commands_drops_and_shells(drops, tmp_path, typed, offered):
    script = tmp_path / "drops.bash"
    script.write_text(drops("completion", "bash")[1], encoding="utf-8")
    ask = (
        f'source "{script}"; COMP_WORDS=(drops {typed}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); '
        '_shtab_drops drops "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"; echo "${COMPREPLY[*]}"'
    )
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == (f"{offered}\n", "")


def test_the_readme_lists_every_command_that_there_is():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `drops ([a-z-]+)", readme, re.MULTILINE))
    from drops.cli.parser import build_parser

    known = set(next(a for a in build_parser()._actions if a.dest == "COMMAND" or a.metavar == "COMMAND").choices)
    assert listed == known


def test_the_transcript_of_the_readme_is_what_the_program_says():
    """The numbers of the README's first example, read, graded and told as `drops plain` does."""
    example = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    shown = example[1].splitlines()
    exercise = catalog.restore("neuron", {"w": (3, 1.5), "b": 0.5, "A": (-2, 1), "B": (2, 1)})
    step = fading.graded_step(fading.steps(exercise, 2, {}, ""))
    typed = "; ".join(
        line.rpartition(" = ")[2]
        for line in shown
        if line.endswith(("= -4", "= 4", "= 8")) and " of 4" in line
    )
    verdict = catalog.grade_step(exercise, step.ask, read(step.ask, typed))
    page = Page("", "do", "", 1, "", step.show, step.ask, "", True, 1, 1, 1, 1, 0.0)
    told = [*verdict_lines(page, Answered(b"", verdict, False, None, "", None))]
    told += [f"Try one: {verdict.repair.question} = {verdict.repair.answer:g}", "Right.", *rule_lines(verdict)]
    assert shown[shown.index("Not yet: the squash only dropped the sign.") :] == told[: len(told) - 1]
    said = [line for block in step.show for line in lines(block)]
    assert shown[0] in said


@pytest.mark.parametrize("name", ["nope", "zzz", "7"])
def test_what_is_like_no_fault_is_not_taken_for_one(drops, name):
    """ "nope" was asked whether it meant "sorted", with which it shares two letters."""
    status, _, complaint = drops("cases", name)
    assert status == 1
    assert complaint.startswith(f'drops: no fault "{name}"; known: rate-high, rate-low')
    assert 'did you mean "sorted"?' in drops("cases", "sort")[2]


MEANT = {
    "5/fill-the-tables  Its numbers come out too large": "takes large numbers, not the shapes, for the alarm",
    "7/pieces  straight pieces with bends": "thinks layers bend a line without a squash, too",
    "8/four-misses  the one whose target is largest": "thinks the target decides what a miss costs",
    "8/doubled-batch  nothing": "thinks a mean evens larger misses out",
    "8/doubled-batch  it grows fourfold": "squares the number of rows, as if it were a miss",
    "11/spirals-choice  no hidden layer at all": "thinks a weighted sum of pixels sees shapes",
}


def test_an_option_that_was_tagged_with_another_mix_up_names_its_own(drops):
    """Read with `drops check --titles`: "straight pieces with bends" of a net without a squash was told as
    having forgotten the squash, and "nothing", of misses twice as large, as "more rows make it smaller"."""
    told = drops("check", "--titles")[1]
    for option, title in MEANT.items():
        assert f"{option} → {title}\n" in told
        assert f"{option} → forgets that the units in between are squashed\n" not in told
    assert "8/doubled-batch  nothing → takes a sum of losses for their mean\n" in told
