"""The home folder and what is written into it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from drops.errors import Locked, NoHome, NotSaved
from drops.store.file import files as module
from drops.store.file.files import Lock, home_dir, refusal, replacing, write_whole


def test_home_is_what_was_given_then_the_environments_then_the_systems(monkeypatch, tmp_path):
    monkeypatch.setenv("DROPS_HOME", str(tmp_path / "set"))
    assert home_dir("~/given") == Path.home() / "given"
    assert home_dir() == tmp_path / "set"
    monkeypatch.delenv("DROPS_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert home_dir().name == "drops"


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "x"
    write_whole(path, b"old")
    with pytest.raises(ZeroDivisionError), replacing(path) as fresh:
        fresh.write_bytes(b"half" * (1 // 0))
    assert path.read_bytes() == b"old"
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["x"]


def test_a_file_that_cannot_be_replaced_is_named_with_the_reason(tmp_path):
    with pytest.raises(NotSaved) as failure:
        write_whole(tmp_path / "no" / "x", b"")
    assert (
        str(failure.value)
        == f"{tmp_path}/no/x cannot be written (no such file or directory); nothing was changed"
    )


def test_a_lock_is_one_holders_and_names_it(tmp_path):
    first, second = Lock(tmp_path / "progress.db"), Lock(tmp_path / "progress.db")
    first.acquire()
    with pytest.raises(Locked, match=rf"^another drops \(process {os.getpid()}\) is writing to "):
        second.acquire()
    (tmp_path / "progress.pid").write_text("garbage")
    with pytest.raises(Locked, match=r"^another drops \(another process\) is writing to "):
        second.acquire()
    first.release()
    first.release()
    second.acquire()
    second.release()
    assert not (tmp_path / "progress.pid").exists()


@pytest.mark.skipif(os.name == "nt", reason="locks are another call there")
@pytest.mark.parametrize("lock_file", ["is there", "is none yet"])
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (errno.ENOLCK, "no locks available"),
        (errno.ENOSYS, "it knows no locks"),  # filelock would take a file that stands for one
        (errno.EOPNOTSUPP, "operation not supported"),
    ],
)
def test_a_disk_that_knows_no_locks_is_named(tmp_path, monkeypatch, code, reason, lock_file):
    def refuse(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("fcntl.flock", refuse)
    if lock_file == "is there":
        (tmp_path / "progress.lock").touch()
    lock = Lock(tmp_path / "progress.db")
    with pytest.raises(NoHome) as failure:
        lock.acquire()
    assert str(failure.value) == f"{tmp_path} cannot be locked ({reason}); name another folder with --home"
    (tmp_path / "progress.pid").write_text("1\n")
    assert refusal(tmp_path) is None
    lock.release()


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="this system has no /proc")
def test_a_folder_in_which_no_file_can_be_made_is_in_nobodys_hands():
    with pytest.raises(NoHome) as failure:
        Lock(Path("/proc/progress.db")).acquire()
    assert (
        str(failure.value)
        == "/proc cannot be locked (no file can be made in it); name another folder with --home"
    )


def test_a_full_disk_does_not_keep_the_lock_from_being_taken(tmp_path, monkeypatch):
    def full(path, content):
        raise NotSaved("full")

    monkeypatch.setattr(module, "write_whole", full)
    lock = Lock(tmp_path / "progress.db")
    lock.acquire()
    lock.release()
