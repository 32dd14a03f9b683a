"""Lessons that others wrote: what is planted in them reaches no terminal, by commands and in a session of lines."""

from __future__ import annotations

import itertools
import os
import re
import shutil

import pytest

from hostile import AS_TOML, BIDI, EVIL, EVILS, HOME, PLANTED, Terminal, clean, shown


def test_the_search_for_what_is_planted_would_find_it():
    for part in (
        "\x1b]52;c;UFdO\x07",
        "\x1b]0;PWN",
        "\x1b]8;;http://pwn",
        "\x1b[?1337h",
        "\x1bPPWN",
        "\x9b?1338h",
        *BIDI,
    ):
        assert PLANTED.search(part.encode()), part


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("paths",),
        ("path",),
        ("today",),
        ("plain", EVIL),
        ("import", "/" + EVIL),
        ("--home", EVIL + "/x", "plain"),
        *(
            pytest.param(words, marks=pytest.mark.slow)
            for words in (
                ("check",),
                ("path", "--json"),
                ("today", "--json"),
                ("progress",),
                ("progress", "--json"),
                ("doctor",),
                ("replay", EVIL),
                ("export", EVIL),
                (EVIL,),
                ("today", EVIL),
                ("today", "--on", EVIL),
                ("--content", "/" + EVIL, "today"),
            )
        ),
    ],
    ids=lambda words: "-".join(word if word.isprintable() else "evil" for word in words),
)
def test_nothing_planted_reaches_the_terminal_by_a_command(hostile, tmp_path, words):
    if words == ("check",):  # these alone: our own are checked elsewhere
        words = (*words, str(hostile))
    with Terminal(*words, home=tmp_path / HOME, DROPS_CONTENT=str(hostile)) as terminal:
        os.write(terminal._near, b"quit\n")
        said = terminal.all()
    assert said.strip()
    assert b"Traceback" not in said
    clean(said)
    if words[0] == "paths":  # a path that is not chosen is named there
        assert shown(said)


@pytest.mark.slow
def test_nothing_planted_reaches_the_terminal_in_a_session_of_lines(hostile, tmp_path):
    with Terminal("plain", "hostile-drop", home=tmp_path / HOME, DROPS_CONTENT=str(hostile)) as terminal:
        evil, told = True, itertools.cycle(f"x {planted} y" for planted in EVILS)
        for _ in range(200):
            if b"Done." in terminal.said:
                break
            new = terminal.wait(0.01).decode(errors="replace")
            assert new, terminal.said[-500:]
            if not (prompt := re.search(r"([^\n]*)[:=] $", new)):
                continue
            if evil and not prompt[1].startswith("Enter"):
                reply, evil = next(told), False  # once to each question; then what is asked for
            elif prompt[1].startswith("How sure"):
                reply = "1"
            elif prompt[1].startswith(("Your choice", "Which one", "The order")):
                reply = (
                    "1"
                    if "Predict"
                    in terminal.said.decode(errors="replace").rpartition(" min left.")[0].rpartition("\n")[2]
                    else "show"
                )
            else:
                reply, evil = ("77" if new.endswith("= ") else ""), True
            os.write(terminal._near, reply.encode() + b"\n")
    assert b"Done." in terminal.said, terminal.said[-1000:].decode(errors="replace")
    clean(terminal.said)
    assert b"is not a number" in terminal.said
    assert b" is none of " in terminal.said
    assert len(shown(terminal.said)) > 30


def test_content_that_hides_its_sequences_in_toml_is_refused_in_a_clean_line(hostile, tmp_path):
    folder = tmp_path / "library"
    shutil.copytree(hostile, folder)
    lesson = folder / "hostile" / "01-hostile-drop.md"
    lesson.write_text(lesson.read_text().replace('title = "', f'title = "{AS_TOML}', 1))
    with Terminal("today", home=tmp_path / "home", DROPS_CONTENT=str(folder)) as terminal:
        said = terminal.all()
    assert terminal.process.returncode == 1
    assert said.startswith(b"drops: library/hostile/01-hostile-drop.md:2: ")
    assert b"a string holds a control or hidden character" in said
    assert said.count(b"\n") == 1
    clean(said)
