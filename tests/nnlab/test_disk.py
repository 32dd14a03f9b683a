"""Files that a learner names: what cannot be read or replaced is refused in one sentence."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab import LabError, Net, Trainer, data

NET = Net("2-4-3-1", loss="bce")
ROWS = [[1, 2], [3, 4]], [0, 1]


def said(wrong: Callable[[], object]) -> str:
    with pytest.raises(LabError) as caught:
        wrong()
    return str(caught.value)


def test_a_place_where_no_net_can_be_saved_is_refused_and_nothing_is_left_there(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "real").write_text("")
    places: dict[Any, str] = {
        tmp_path / "folder": f"{tmp_path}/folder is a folder; name a file in it",
        tmp_path / "no" / "a.npz": f"{tmp_path}/no/a.npz cannot be written: {tmp_path}/no is no folder; make it, or name another",
        tmp_path / "file" / "a.npz": f"{tmp_path}/file/a.npz cannot be written: {tmp_path}/file is no folder; make it, or name another",
        tmp_path / ("a" * 300): f"{str(tmp_path / ('a' * 100))[:100]}… cannot be written (file name too long); name another place",
        "": "'' names no file; it wants the path of one",
        ".": "'.' names no file; it wants the path of one",
        "a\0b": "'a\\x00b' names no file; it wants the path of one",
        3: "3 names no file; it wants the path of one",
    }
    before = sorted(tmp_path.rglob("*"))
    for place, line in places.items():
        assert said(lambda place=place: NET.save(place)) == line  # type: ignore[misc]
        assert said(lambda place=place: Trainer(NET, ROWS, "sgd", validation=ROWS).fit(1, checkpoint=place)) == line  # type: ignore[misc]
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_what_is_no_ordinary_file_is_neither_read_nor_replaced(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    for wrong in (lambda: NET.save(pipe), lambda: Net.load(pipe), lambda: data.read_csv(pipe)):
        assert said(wrong) == f"{pipe} is no ordinary file; name another one"
    assert pipe.is_fifo()


@pytest.mark.parametrize("read", [Net.load, data.read_csv], ids=["a net", "a table"])
def test_what_cannot_be_read_is_refused_in_one_sentence(
    read: Callable[[Any], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "mine").write_text("a,b\n1,2\n")
    places: dict[Any, str] = {
        tmp_path / "folder": f"{tmp_path}/folder is a folder; name a file in it",
        tmp_path / "none": f"none: there is no such file in {tmp_path}; check the path",
        tmp_path / "no" / "none": f"none: there is no such file in {tmp_path}/no; check the path",
        tmp_path / "mine" / "none": f"none: there is no such file in {tmp_path}/mine; check the path",
        tmp_path / ("a" * 300): f"{'a' * 100}… cannot be read (file name too long); name a file that can be",
        "": "'' names no file; it wants the path of one",
        None: "None names no file; it wants the path of one",
    }
    for place, line in places.items():
        assert said(lambda place=place: read(place)) == line  # type: ignore[misc]

    def locked(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)  # an administrator may read whatever is locked
    assert said(lambda: read(tmp_path / "mine")) == "mine cannot be read (permission denied); name a file that can be"


@pytest.mark.parametrize("target", [1.5, None, True])
def test_a_target_is_a_name_or_a_number(target: Any, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    line = f"target is {target}; it wants a column's name or its number from 0"
    assert said(lambda: data.read_csv(tmp_path / "x.csv", target=target)) == line


def test_a_damaged_file_is_refused_wherever_the_damage_is(tmp_path: Path) -> None:
    path, rng = tmp_path / "a.npz", np.random.default_rng(1)
    NET.save(path)
    whole = path.read_bytes()
    for at in rng.permutation(len(whole))[:300]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with suppress(LabError):  # a bit that nobody reads may be any
            Net.load(path)
