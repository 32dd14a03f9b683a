"""`drops new`: a path to begin with, sound as it stands, and never over what is there."""

from __future__ import annotations

import pytest

from drops.cli.main import main
from drops.course.check import check
from drops.course.parse import read


@pytest.fixture
def drops(home, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        status = main(["--home", str(home), *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.mark.slow
@pytest.mark.parametrize("name", ["my-path", "My path", "Chess 101", "deep/er/still"])
def test_what_is_written_is_sound_alone_and_in_a_library(drops, tmp_path, name):
    status, out, _ = drops("new", name)
    assert status == 0
    assert "drops check" in out
    assert [str(problem) for problem in check([tmp_path / name])] == []
    assert [str(problem) for problem in check([(tmp_path / name).parent])] == []
    (path,) = read([tmp_path / name]).paths
    assert len(path.drops) == 1
    assert path.drops[0].quiz
    assert path.drops[0].review


@pytest.mark.slow
def test_two_of_them_live_in_one_library(drops, tmp_path):
    drops("new", "all/first")
    drops("new", "all/second")
    assert [str(problem) for problem in check([tmp_path / "all"])] == []


def test_it_is_learned_like_any_other_path(drops):
    drops("new", "my-path")
    status, out, _ = drops("--content", "my-path", "path", "my-path")
    assert status == 0
    assert "A mean that weighs" in out


def test_what_is_there_stays_and_a_name_that_is_no_id_is_refused(drops, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.md").write_text("mine")
    assert drops("new", "mine") == (1, "", "drops: mine is there already; name a folder that is not\n")
    assert (tmp_path / "mine" / "notes.md").read_text() == "mine"
    status, _, err = drops("new", "123")
    assert (status, err) == (
        1,
        'drops: "123" makes no id of a path; name the folder in words, as in my-path\n',
    )
    (tmp_path / "file").write_text("")
    status, _, err = drops("new", "file/within")
    assert status == 1
    assert err.count("\n") == 1
    assert "cannot be written (not a directory); name another folder" in err
