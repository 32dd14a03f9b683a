"""Tables of the learner's own in the Lab: what is brought in, and what is refused in one line."""

from __future__ import annotations

import csv
import errno
import json
import stat
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from drops.cli.main import main
from drops.errors import DropsError
from drops.networks.lab import controls, drawing, instruments, look, scene, tables
from drops.networks.lab.bench import Bench
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import print_line
from drops.networks.lab.rows import classes
from drops.networks.lab.shape import LineError
from drops.networks.lab.why import sum_of


@pytest.fixture(autouse=True)
def folder(home):
    tables.use(home)
    return home


def rows(count=40, columns=3, target=lambda i: "ab"[i % 2]):
    head = ",".join([*(f"c{j}" for j in range(columns)), "kind"])
    body = (
        ",".join([*(f"{(i * (j + 3)) % 17 / 4}" for j in range(columns)), str(target(i))])
        for i in range(count)
    )
    return "\n".join([head, *body])


def bring(tmp_path, text, *words, name="birds.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return tables.brought(" ".join([str(file), *words]))


@pytest.mark.parametrize(
    ("target", "asks", "outputs"),
    [
        (lambda i: "ab"[i % 2], "a yes or no", 1),
        (lambda i: "abc"[i % 3], "a class", 3),
        (lambda i: i % 2, "a yes or no", 1),
        (lambda i: i / 7, "a number", 1),
    ],
)
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_a_table_of_words_or_numbers_is_a_line_that_trains_is_seen_and_reads_back(
    tmp_path, target, asks, outputs, columns
):
    word = bring(tmp_path, rows(60, columns, target), f"t{columns}")
    recipe = read_line(word)
    assert (recipe.source.asks, recipe.inputs, recipe.sizes[-1]) == (asks, columns, outputs)
    line = print_line(read_line(f"{word} {columns}-5-{outputs} relu"))
    assert print_line(read_line(line)) == line
    bench = Bench(read_line(line))
    bench.go(30)
    assert np.isfinite(float(bench.loss(bench.train)))
    assert scene.scene(bench, scene.Sizes((6, 6), (12, 12)), 33).layers
    for name, _ in controls.controls(recipe):
        for by in (1, -1):
            if words := controls.turn(recipe, name, by):
                read_line(words, recipe)


@pytest.mark.parametrize(("count", "turns"), [(40, ["20", "40"]), (450, ["300", "450"]), (700, ["300", "600", "700"])])
def test_a_table_says_how_many_rows_it_gives_and_turns_to_no_more_than_it_has(tmp_path, count, turns):
    recipe = read_line(bring(tmp_path, rows(count)))
    assert dict(controls.controls(recipe))["rows"] == f"rows {min(count, 600)}"
    assert len(Bench(recipe).rows[0].at) == min(count, 600) // 2
    told = []
    for by in (-1, *[1] * (len(turns) - 1)):
        recipe = read_line(controls.turn(recipe, "rows", by), recipe)
        told.append(dict(controls.controls(recipe))["rows"].removeprefix("rows "))
    assert told == turns
    assert controls.turn(recipe, "rows", 1) == ""
    assert ("rows" in controls.unsaid(recipe)) == (count <= 600)  # all there are go without saying


def test_a_target_may_be_any_column_and_the_copy_has_it_last(tmp_path, folder):
    semicolons = "size;sort;far\n" + "\n".join(f"{i / 4};{'xy'[i % 2]};{i * 1.5}" for i in range(30))
    assert bring(tmp_path, semicolons, "mine target=sort") == "csv:mine"
    kept = list(csv.reader((folder / "tables" / "mine.csv").read_text("utf-8").splitlines()))
    assert kept[0] == ["size", "far", "target"]
    assert kept[1] == ["0.0", "0.0", "x"]
    assert tables.table("csv:mine").source.classes == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.sampled_from("abc")),
        min_size=20,
        max_size=40,
    )
)
def test_a_copy_says_to_the_last_bit_what_the_file_said(tmp_path, found):
    text = "x,y,k\n" + "\n".join(f"{x!r},{y!r},{k}" for x, y, k in found)
    file = tmp_path / "any.csv"
    file.write_text(text)
    try:
        was = tables.read(file, "").rows
    except DropsError:
        return  # one class, or a column that never changes
    file.write_text(tables._written(was))
    again = tables.read(file, "").rows
    assert (again.X == was.X).all()
    assert (again.y == was.y).all()
    assert again.classes == was.classes


GOOD = rows()
BAD = [
    ("", "birds.csv is empty; it wants a row of names, then rows of numbers"),
    ("\n\n", "birds.csv is empty; it wants a row of names, then rows of numbers"),
    ("c0,c1,kind", "birds.csv has no rows below its head"),
    (GOOD.replace("\n0.75,", "\nlong,", 1), 'birds.csv, row 3, column "c0": "long" is no number; correct it or leave the row out'),
    (GOOD.replace("\n0.75,", "\n,", 1), 'birds.csv, row 3, column "c0" is empty; fill it or leave the row out'),
    (GOOD.replace("\n0.75,", "\nnan,", 1), 'birds.csv, row 3, column "c0" is empty; fill it or leave the row out'),
    (GOOD.replace("\n0.75,", "\ninf,", 1), 'birds.csv, row 3, column "c0": "inf" is no number; correct it or leave the row out'),
    (GOOD.replace("\n0.75,", "\n0.75,9,", 1), "birds.csv, row 3 has 5 cells; its head has 4"),
    (rows(40, 3, lambda i: "a"), 'birds.csv: column "kind" says "a" in every row; it wants two classes'),
    (rows(40, 3, lambda i: 7), "birds.csv: the target is 7 in every row; it wants two values at least"),
    (rows(60, 3, lambda i: f"k{i % 20}"), "birds.csv has 20 classes; 10 at most: merge some"),
    (rows(40, 3, lambda i: f"k{i}"), 'birds.csv: column "kind" is different in every row; it wants classes or numbers'),
    (rows(12), "birds.csv has 12 rows; 20 to 2,000 have room: bring more"),
    (rows(2001), "birds.csv has 2,001 rows; 20 to 2,000 have room: take a part of them"),
    (rows(40, 17), "birds.csv has 17 columns to learn from; 16 at most: leave some out"),
    (rows(40, 0), "birds.csv has one column; it wants columns to learn from and one to predict"),
    ("a,b,k\n" + "\n".join(f"1,{i},{'xy'[i % 2]}" for i in range(30)), 'birds.csv: column "a" is the same in every row; leave it out'),
    ("a,b,k\n" + "\n".join(f"{i}e300,{i},{'xy'[i % 2]}" for i in range(30)), "birds.csv has numbers beyond 10¹²; write them in a larger unit"),
    (GOOD.encode("utf-16"), "birds.csv is no text in UTF-8 (byte 0); save it as CSV, UTF-8"),
    ("größe,b,k\n1,2,x".encode("latin-1"), "birds.csv is no text in UTF-8 (byte 2); save it as CSV, UTF-8"),
    (b"a,b\n\0\0,1\n", "birds.csv is no text: it holds a zero byte; save it as CSV, UTF-8"),
    (b"a" * 1_000_001, "birds.csv has 1,000,001 bytes; 1,000,000 at most: take a part of its rows"),
    (bytes(range(1, 256)) * 50, "birds.csv is no text in UTF-8 (byte 127); save it as CSV, UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), BAD, ids=[str(i) for i in range(len(BAD))])
def test_what_is_no_table_is_said_in_one_line_and_nothing_is_copied(tmp_path, folder, text, says):
    with pytest.raises(DropsError) as refused:
        bring(tmp_path, text)
    assert str(refused.value) == says
    assert not (folder / "tables").exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "csv wants a file, and may have a name: csv birds.csv my-birds target=species"),
        ("a b c", "csv wants a file, and may have a name: csv birds.csv my-birds target=species"),
        ("/nowhere/x.csv", "x.csv cannot be read: No such file or directory; name a CSV file"),
        ("/", "/ is no file; name a CSV file"),
        ("~nobody-here/x.csv", "x.csv cannot be read: No such file or directory; name a CSV file"),
        ('"open', '"open cannot be read: No such file or directory; name a CSV file'),
        ("a\0b", "cannot be read: "),
    ],
)
def test_what_is_no_file_is_said_in_one_line(typed, says):
    with pytest.raises(DropsError) as refused:
        tables.brought(typed)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "word", ["csv:../../etc/passwd", "csv:", "csv:A", "csv:a/b", "csv:/etc/passwd", "csv:a.csv"]
)
def test_a_word_that_is_no_name_reads_no_file(word):
    with pytest.raises(LineError, match="names no table; csv FILE brings one, as in csv birds.csv"):
        read_line(word)


def test_a_table_that_is_not_there_says_how_to_bring_one_and_the_nearest(tmp_path):
    with pytest.raises(LineError, match='no table "birds" yet; csv FILE brings one, as in csv birds.csv'):
        read_line("csv:birds")
    bring(tmp_path, GOOD)
    with pytest.raises(LineError, match='no table "bords"; did you mean "birds"?'):
        read_line("csv:bords")


def test_another_table_never_takes_the_place_of_one_that_has_the_name(tmp_path):
    bring(tmp_path, GOOD)
    bring(tmp_path, GOOD)
    with pytest.raises(
        DropsError, match='another table is called "birds" already; give this one a name of its own'
    ):
        bring(tmp_path, rows(50))
    assert len(tables.table("csv:birds").rows) == 40
    with pytest.raises(DropsError, match="“-x” is no name"):
        bring(tmp_path, GOOD, "-x")


@pytest.mark.skipif(sys.platform == "win32", reason="a folder is private in other words there")
def test_a_table_that_is_the_first_thing_in_a_home_leaves_it_private_and_nothing_half_written(
    tmp_path, home, monkeypatch
):
    bring(tmp_path, rows())
    modes = {place: stat.S_IMODE(place.stat().st_mode) for place in (home, home / "tables")}
    assert set(modes.values()) == {0o700}
    assert stat.S_IMODE((home / "tables" / "birds.csv").stat().st_mode) == 0o600

    def full(path, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DropsError, match="cannot be written: No space left on device; nothing was changed"):
        bring(tmp_path, rows(), name="more.csv")
    assert [file.name for file in (home / "tables").iterdir()] == ["birds.csv"]


def test_a_table_by_command_is_judged_and_never_kept_as_a_question(tmp_path, home, capsys):
    file = tmp_path / "my birds.csv"
    file.write_text(rows(60, 2))
    assert main(["--home", str(home), "lab", "csv", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "table": "csv:my-birds",
        "rows": 60,
        "columns": 2,
        "classes": 2,
        "class_names": ["a", "b"],
    }
    assert (
        main(["--home", str(home), "lab", "csv:my-birds", "2-4-1", "--json", "--seeds", "2", "--steps", "50"])
        == 0
    )
    assert json.loads(capsys.readouterr().out)["line"] == "csv:my-birds 2-4-1"
    assert main(["--home", str(home), "lab", "keep", "csv:my-birds"]) == 1
    assert "csv:my-birds is a table of yours, which may be gone by then" in capsys.readouterr().err
    assert main(["--home", str(home), "lab", "csv", "nothing.csv"]) == 1
    assert (
        capsys.readouterr().err
        == "drops: nothing.csv cannot be read: No such file or directory; name a CSV file\n"
    )


# ── rows that were drawn ──────────────────────────────────────────────────────────────────
PLACES = st.tuples(st.integers(0, drawing.SIDE - 1), st.integers(0, drawing.SIDE - 1))
DRAWN = st.tuples(*(st.lists(PLACES, min_size=drawing.FEWEST, max_size=70) for _ in range(2)))


@given(DRAWN)
def test_drawn_rows_are_a_word_that_reads_back_row_by_row(found):
    rows = [
        drawing.DrawnRow(*place, yes)
        for places, yes in zip(found, (False, True), strict=True)
        for place in places
    ]
    word = drawing.code(rows)
    assert drawing.rows_of(word) == rows
    assert print_line(read_line(f"{word} 2-3-1")) == f"{word} 2-3-1"
    for row in rows:
        assert drawing.place(*row.at, yes=row.yes) == row


def test_a_net_learns_rows_that_were_drawn():
    rows = [drawing.place(x, y, yes=x > 0) for x in (-1.5, -1, 1, 1.5) for y in (-1, -0.5, 0, 0.5, 1)]
    bench = Bench(read_line(f"{drawing.code(rows)} 2-3-1 batch 5"))
    bench.go(300)
    assert float(bench.score(bench.fresh)) == 1
    assert scene.scene(bench, scene.Sizes((6, 6), (12, 12)), 33).dots


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("drawn:", '"drawn:" holds no rows; two digits a row, a dot before those of yes'),
        (
            "drawn:00.A0",
            '"drawn:00.A0" holds no rows; two digits a row, a dot before those of yes',
        ),
        (
            "drawn:001.00",
            '"drawn:001.00" holds no rows; two digits a row, a dot before those of yes',
        ),
        ("drawn:00010203.", "0 rows say yes; put 4 of each at least"),
        (f"drawn:{'00' * 80}.{'11' * 80}", "160 rows; 150 have room in a line: take some away"),
    ],
)
def test_a_word_that_holds_no_rows_is_said_in_one_line(word, says):
    with pytest.raises(LineError) as wrong:
        read_line(word)
    assert str(wrong.value) == says


def test_a_row_of_a_table_is_told_by_what_its_columns_are_called_and_nothing_in_a_name_steers_a_terminal(tmp_path):
    text = rows(40, 3).replace("c1", "wing\x1b[31m span").replace("c2", "y" * 80, 1)
    word = bring(tmp_path, text, "named")
    (said,) = look.row_in_words(Bench(read_line(word)), 4)
    assert said.startswith("Row 5: x1 c0 ")
    assert "x2 wing span " in said
    assert f"x3 {'y' * 15}… " in said
    assert said.isprintable()
    (said,) = look.row_in_words(Bench(read_line("penguins")), 0)
    assert "x1 bill_length_mm " in said
    assert look.row_in_words(Bench(read_line("circle")), 0)[0].startswith("Row 1: x ")


NAMES = [  # of classes as files have them, and what they are called
    (["kestrel", "sparrow hawk"], ("kestrel", "sparrow hawk")),
    (["3", "5", "8"], ("class 3", "class 5", "class 8")),
    (["-1", "1"], ("class -1", "class 1")),
    (["x" * 500, "x" * 499 + "y"], (f"0 {'x' * 13}…", f"1 {'x' * 13}…")),
    (["漢字" * 30, "かな"], ("かな", f"{'漢字' * 3}漢…")),
    (["\x1b]0;PWN\x07\x1b[31mred", "\u202eevil\u200b", "two\nlines"], ("red", "two lines", "evil")),
    (["\x1b[31m", "\x9b?1338h", "seen"], ("class 0", "seen", "class 2")),
    (["é", "e\u0301e"], ("e\u0301e", "é")),
]


@pytest.mark.parametrize(("given_", "called"), NAMES, ids=lambda names: ascii(names[0])[:20])
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_classes_are_told_by_their_own_names_everywhere_and_nothing_in_a_name_steers_a_terminal(
    tmp_path, folder, given_, called, columns, capsys
):
    quoted = [f'"{name}"' for name in given_]
    word = bring(tmp_path, rows(60, columns, lambda i: quoted[i % len(quoted)]))
    recipe = read_line(word)
    assert classes(recipe) == called
    assert all(name.isprintable() and cell_len(name) <= 16 for name in called)
    bench = Bench(recipe)
    bench.go(20)
    assert {look.right_answer(bench, row) for row in range(len(bench.train.X))} == {*called}
    (told,) = look.row_in_words(bench, 0)
    assert f". Right is {look.right_answer(bench, 0)}, the net says " in told
    assert any(told.endswith(f" {name}.") for name in called)
    assert sum_of(bench, len(recipe.hidden) + 1, 1, 0).row == f"row 1   right is {look.right_answer(bench, 0)}"
    confusion = instruments.read(bench, "right")
    assert [row.name for row in confusion.rows] == [f"is {name}" for name in called]
    assert confusion.told.endswith(f"{', '.join(called)}.")
    assert scene.scene(bench, scene.Sizes((6, 6), (12, 12)), 33).classes == called
    if columns == 2:
        last = look.map_in_digits(bench)[-1]
        assert all(name in last for name in called)
    if columns == 3:
        assert main(["--home", str(folder), "lab", word, "--json", "--steps", "2", "--seeds", "1"]) == 0
        assert json.loads(capsys.readouterr().out)["class_names"] == [*called]


def test_a_class_that_has_no_name_has_its_number_and_what_asks_for_a_number_has_no_class():
    assert classes(read_line("rings")) == ("class 0", "class 1", "class 2")
    assert classes(read_line("circle")) == ("no", "yes") == classes(read_line("drawn:00010203.a0a1a2a3"))
    assert classes(read_line("penguins")) == ("Adelie", "Chinstrap", "Gentoo")
    assert classes(read_line("hills")) == ()
