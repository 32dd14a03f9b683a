"""Our own course is taken as it was read before, for as long as nothing has changed, and is the same course."""

from __future__ import annotations

import os
import pickle
import sys

import pytest

from drops.course import compiled, parse
from drops.course.model import LearningPath, Place

PAGE = '+++\nid = "small"\ntitle = "Small"\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A library of one file, and a place for what is kept that is its own."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    place = tmp_path / "content" / "small"
    place.mkdir(parents=True)
    (place / "path.md").write_text(PAGE, "utf-8")
    return place.parent


@pytest.fixture
def path():
    return parse.load(parse.library_folders(None)).paths[0]


@pytest.mark.slow
def test_our_own_course_is_the_same_value_taken_as_read(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    folders = parse.library_folders(None)
    read = parse.load(folders)
    kept = compiled.kept(folders[0], folders[0].name)
    assert parse._in_order(kept) == list(read.paths)  # kept as the folders stand; what is needed goes first
    monkeypatch.setattr(parse, "_read_folder", None)  # the second time nothing is read
    assert parse.load(folders).paths == read.paths


def test_what_is_kept_holds_for_these_files_and_this_name(folder, path):
    compiled.keep(folder, "content", [path])
    assert compiled.kept(folder, "content") == [path]
    assert compiled.kept(folder, "another") is None
    page = folder / "small" / "path.md"
    page.write_text(PAGE + "\n", "utf-8")
    assert compiled.kept(folder, "content") is None
    compiled.keep(folder, "content", [path])
    os.utime(page, ns=(1, 1))
    assert compiled.kept(folder, "content") is None
    compiled.keep(folder, "content", [path])
    (folder / "small" / "01-one.md").write_text("", "utf-8")
    assert compiled.kept(folder, "content") is None


def test_it_is_written_only_where_bytecode_would_be(folder, path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    compiled.keep(folder, "content", [path])
    assert compiled.kept(folder, "content") is None
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(
        sys, "pycache_prefix", str(folder / "small" / "path.md")
    )  # a file: nothing can be in it
    compiled.keep(folder, "content", [path])
    assert compiled.kept(folder, "content") is None


class Harm:
    def __reduce__(self):
        return print, ("harm",)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    "spoil",
    [
        cut,
        lambda data: b"",
        lambda data: b"\0" * len(data),
        lambda data: data + b"." if not data else data[:-1],
        lambda data: pickle.dumps(Harm()),
        lambda data: data[: data.index(b".drops") if b".drops" in data else 40] + pickle.dumps(Harm()),
        lambda data: pickle.dumps(Place) + data,
        lambda data: data[:-2000] + bytes([data[-2000] ^ 1]) + data[-1999:],  # in what is not read at once
    ],
)
def test_whatever_stands_there_is_passed_over_and_does_nothing(folder, path, spoil, capsys):
    compiled.keep(folder, "content", [path])
    place = compiled._place(folder)
    place.write_bytes(spoil(place.read_bytes()))
    assert compiled.kept(folder, "content") is None
    assert capsys.readouterr().out == ""


def test_what_a_day_does_not_ask_for_stays_packed(folder, path):
    compiled.keep(folder, "content", [path])
    (kept,) = compiled.kept(folder, "content")
    compiled.unpacked.cache_clear()
    for n, drop in enumerate(kept.drops):
        units = [*drop.items, *(section.words + section.figures for section in drop.sections)]
        assert units
        assert compiled.unpacked.cache_info().misses == n
        assert drop.sections[0] == path.drops[n].sections[0]  # and is what was written, when it is asked for


def test_only_a_course_comes_out_of_it(folder, path, capsys):
    compiled.keep(folder, "content", [Harm()])
    assert compiled.kept(folder, "content") is None
    assert capsys.readouterr().out == ""
    compiled.keep(folder, "content", [path])
    assert all(isinstance(one, LearningPath) for one in compiled.kept(folder, "content"))
