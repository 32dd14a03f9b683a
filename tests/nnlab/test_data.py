"""Rows to learn from: what toys and tables promise, and what a file of one's own is refused for."""

import math
from pathlib import Path

import numpy as np
import pytest

from nnlab import LabError, Net, data


# --- toys --------------------------------------------------------------------------------
def test_rings_are_three_classes_around_each_other() -> None:
    X, y = data.rings(300, seed=1)
    r = np.hypot(*X.T)
    assert [(y == k).sum() for k in range(3)] == [100] * 3
    assert [bool(((lo <= r) & (r <= hi))[y == k].all()) for k, lo, hi in ((0, 0, 0.5), (1, 0.8, 1.2), (2, 1.6, 2))] == [True] * 3
    assert data.rings().classes == ("0", "1", "2")
    assert Net("2-8-3", loss="ce").loss(X, y) > 0


def test_a_plane_is_a_quarter_of_the_sum() -> None:
    X, y = data.plane(50, seed=1)
    assert y == pytest.approx([(a + b) / 4 for a, b in X.tolist()])
    assert np.abs(X).max() <= 2


def test_hills_and_hollows_take_turns_at_six_places() -> None:
    X, y = data.hills(2000, seed=1)
    tops = [(-1.2, 0.8, 1), (0, 0.8, -1), (1.2, 0.8, 1), (-1.2, -0.8, -1), (0, -0.8, 1), (1.2, -0.8, -1)]
    for (a, b), height in zip(X[:50].tolist(), y[:50], strict=True):
        want = sum(s * math.exp(-6 * ((a - p) ** 2 + (b - q) ** 2)) for p, q, s in tops)
        assert height == pytest.approx(want)
    for p, q, s in tops:
        near = y[np.hypot(X[:, 0] - p, X[:, 1] - q) < 0.15]
        assert (np.sign(near) == s).all()
    assert data.hills(2000, seed=1, noise=0.1).y.std() > y.std()


# --- tables ------------------------------------------------------------------------------
def test_the_penguins_are_342_birds_of_three_species() -> None:
    birds = data.load("penguins")
    assert birds.columns == ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
    assert birds.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert [(birds.y == k).sum() for k in range(3)] == [151, 68, 123]
    # counted from 1, as in a list of birds
    assert birds.X[53 - 1].tolist() == [42.0, 19.5, 200, 4050]
    assert birds.X[179 - 1].tolist() == [47.8, 15.0, 215, 5650]
    assert birds.y[[53 - 1, 315 - 1, 300 - 1, 179 - 1, 129 - 1]].tolist() == [0, 1, 1, 2, 0]


def test_one_species_is_asked_of_two_measures() -> None:
    birds, gentoo, chinstrap = map(data.load, ("penguins", "gentoo", "chinstrap"))
    assert gentoo.columns == ("flipper_length_mm", "bill_depth_mm")
    assert chinstrap.columns == ("bill_length_mm", "bill_depth_mm")
    assert (gentoo.y == (birds.y == 2)).all()
    assert (chinstrap.y == (birds.y == 1)).all()
    assert (birds.X[:, [2, 1]] == gentoo.X).all()
    assert (birds.X[:, [0, 1]] == chinstrap.X).all()
    assert (gentoo.classes, chinstrap.classes) == (("other", "Gentoo"), ("other", "Chinstrap"))


def test_three_numbers_tell_every_gentoo_from_every_other_bird() -> None:
    # f in centimetres above 20, d in millimetres above 17; tenths of a millimetre as whole numbers
    flipper, depth = np.rint(data.load("gentoo").X * 10).astype(int).T
    fires = (flipper - 2000) - 10 * (depth - 170) - 100 > 0
    assert (fires == data.load("gentoo").y).sum() == 342


# --- scaling -------------------------------------------------------------------------------
def test_a_constant_column_says_nothing_and_blows_nothing_up() -> None:
    for value in (0.1, 1 / 3, 1e6 + 0.1, -7e-9, 0.0):
        for n in (3, 100, 1777):
            X = np.column_stack([np.full(n, value), np.arange(n)])
            held = data.Dataset(np.array([[value, 1.0], [value + 0.01, 2.0]]), np.zeros(2))
            scaled = data.Split(data.Dataset(X, np.full(n, value)), None, held).standardised(target=True)
            assert scaled.sd[0] == scaled.y_sd == 1
            assert np.abs(scaled.train.X[:, 0]).max() < 1e-6
            assert scaled.test.X[1, 0] - scaled.test.X[0, 0] == pytest.approx(0.01, rel=1e-6)
            assert np.ptp(scaled.train.y) == 0
    for value in (1.7e18, -1e300, 1.7e308):  # a date in nanoseconds: its mean is hundreds off
        part = data.Dataset(np.full((100, 1), value), np.full(100, value))
        scaled = data.Split(part, None, part).standardised(target=True)
        assert not scaled.train.X.any()
        assert not scaled.test.X.any()
        assert not scaled.train.y.any()
    small = data.Dataset(np.array([[1.0], [1.0 + 1e-9]]), np.arange(2.0))  # a spread that is one
    assert data.Split(small, None, small).standardised().train.X.ravel() == pytest.approx([-1, 1], rel=1e-6)


@pytest.mark.parametrize("size", [5e-324, 1e-310, 1e-200, 1.0, 1e200, 1.5e308])
@pytest.mark.parametrize("target", [False, True])
def test_a_column_is_scaled_however_small_or_large_its_numbers_are(size: float, target: bool) -> None:
    """Their squares are 0 or infinite long before they are."""
    steps = np.array([-1.0, 0, 1, 0]) * size
    part = data.Dataset(np.column_stack([steps, np.arange(4.0)]), steps)
    scaled = data.Split(part, None, part).standardised(target=target)
    assert scaled.train.X[:, 0] == pytest.approx([-math.sqrt(2), 0, math.sqrt(2), 0], rel=0.5 if size < 1e-320 else 1e-9)
    assert scaled.test.y.tolist() == (scaled.train.X[:, 0].tolist() if target else steps.tolist())


# --- a table of one's own ------------------------------------------------------------------
def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_table_is_read_with_its_words_as_labels(tmp_path: Path) -> None:
    path = written(tmp_path / "birds.csv", "bill,kind,depth\n39.1,Adelie,18.7\n\n 50 ,Gentoo,15\n46.5,Adelie,1e1\n")
    birds = data.read_csv(path, target="kind")
    assert birds.columns == ("bill", "depth")
    assert birds.classes == ("Adelie", "Gentoo")
    assert birds.X.tolist() == [[39.1, 18.7], [50, 15], [46.5, 10]]
    assert birds.y.tolist() == [0, 1, 0]
    assert data.read_csv(path, target=1).y.tolist() == birds.y.tolist()
    assert data.read_csv(written(tmp_path / "n.csv", "a;b\r\n1;2\r\n3;4\r\n")).y.tolist() == [2, 4]
    tabs = written(tmp_path / "t.csv", '\ufeff"a, b"\tgrade\n1\t10\n3\t9\n4\t9\n')
    assert data.read_csv(tabs, labels=True).classes == ("9", "10")
    assert data.read_csv(tabs, labels=True).columns == ("a, b",)
    assert data.read_csv(tabs).classes == ()
    wide = ",".join(f"c{i}" for i in range(1001))
    row = ",".join(["1"] * 1001)
    assert data.read_csv(written(tmp_path / "w.csv", f"{wide}\n{row}\n{row}\n")).X.shape == (2, 1000)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "x.csv is empty; it wants a row of names, then rows of numbers"),
        ("\n \n", "x.csv is empty; it wants a row of names, then rows of numbers"),
        ("a,b\n", "x.csv has no rows below its head"),
        ("1,2\n3,4\n", "x.csv, row 1 holds numbers (1, 2); it wants the columns' names there"),
        ("a,b\n1,2\n1,2,3\n", "x.csv, row 3 has 3 cells; its head has 2"),
        ("a,b\n1,2\n,3\n", 'x.csv, row 3, column "a" is empty; fill it or leave the row out'),
        ("a,b\n1,2\nNA,3\n", 'x.csv, row 3, column "a" is empty; fill it or leave the row out'),
        ("a,b\n1,x\n2,?\n", 'x.csv, row 3, column "b" is empty; fill it or leave the row out'),
        ("a,b\n1,2\nblue,3\n", 'x.csv, row 3, column "a": "blue" is no number; correct it or leave the row out'),
        ("a,b\n1,2\ninf,3\n", 'x.csv, row 3, column "a": "inf" is no number; correct it or leave the row out'),
        ("a,b\n1,2\n1_0,3\n", 'x.csv, row 3, column "a": "1_0" is no number; correct it or leave the row out'),
        ("a,b\n1,2\n3,red\n", 'x.csv, row 3, column "b": "red" is no number; correct it or leave the row out'),
        ("a,b\n1,yes\n2,yes\n", 'x.csv: column "b" says "yes" in every row; it wants two classes'),
        ("a,b\n1,x\n2,y\n3,z\n", 'x.csv: column "b" is different in every row; it wants classes or numbers'),
        ("a,a\n1,2\n", 'x.csv, row 1: two columns are called "a"'),
        ("a,\n1,2\n", "x.csv, row 1: column 2 has no name"),
        ("a\n1\n", "x.csv has one column; it wants columns to learn from and one to predict"),
        (b"a,b\n\xff,2\n", "x.csv is no text in UTF-8 (byte 4); save it as CSV, UTF-8"),
        (b"a,b\n1,\x002\n", "x.csv is no text: it holds a zero byte; save it as CSV, UTF-8"),
        ("a;b\n1,5;2\n", 'x.csv, row 2, column "a": "1,5" is no number; a point is what it wants, not a comma'),
        ("a\x1b[31m,b\n1,2\nx\x07,2\n", 'x.csv, row 3, column "a·[31m": "x·" is no number; correct it or leave the row out'),
        ('a,b\n1,"2\n', "x.csv is no table: unexpected end of data"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_row_and_column(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(LabError) as caught:
        data.read_csv(written(tmp_path / "x.csv", text))
    assert str(caught.value) == line


@pytest.mark.parametrize("inside", "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\n\r")
def test_a_line_of_a_table_ends_where_csv_ends_it_and_nowhere_in_a_cell(tmp_path: Path, inside: str) -> None:
    quote = '"' if inside in "\r\n" else ""
    text = f"size,kind\n1,{quote}a{inside}b{quote}\n2,c\n"
    read = data.read_csv(written(tmp_path / "x.csv", text))
    assert read.classes == (f"a{inside}b", "c")
    assert read.X.tolist() == [[1], [2]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_counted_as_every_system_ends_its_lines(tmp_path: Path, end: str) -> None:
    with pytest.raises(LabError, match='x.csv, row 4, column "b": "x" is no number'):
        data.read_csv(written(tmp_path / "x.csv", end.join(["a,b", "1,2", "", "3,x"])))


@pytest.mark.parametrize("labels", ["no", 0, 1.0, "True"])
def test_whether_a_target_is_labels_is_said_with_true_or_false(tmp_path: Path, labels: object) -> None:
    with pytest.raises(LabError) as caught:
        data.read_csv(written(tmp_path / "x.csv", "a,b\n1,2\n2,3\n3,2\n"), labels=labels)  # type: ignore[arg-type]
    assert str(caught.value) == f"labels is {labels!r}; it wants True or False"


def test_a_column_that_is_not_there_and_a_file_that_is_none(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", "bill,depth\n1,2\n3,4\n")
    for target, line in (
        ("dept", 'no column of x.csv is called "dept" (nearest: depth)'),
        (2, "x.csv has 2 columns; there is no column 2"),
    ):
        with pytest.raises(LabError) as caught:
            data.read_csv(path, target=target)
        assert str(caught.value) == line
    with pytest.raises(LabError) as caught:
        data.read_csv(tmp_path / "none.csv")
    assert str(caught.value) == f"none.csv: there is no such file in {tmp_path}; check the path"
    with path.open("r+b") as file:
        file.truncate(1 << 30)
    with pytest.raises(LabError) as caught:
        data.read_csv(path)
    assert str(caught.value) == "x.csv is larger than 64 MB; take a part of its rows"
