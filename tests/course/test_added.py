"""A path that somebody else wrote is added whole or not at all, whatever is in the pack, and no answer is ever lost."""

from __future__ import annotations

import io
import os
import shutil
import stat
import zipfile

import pytest

import interest_path
from drops.cli.main import main
from drops.course.parse import library_folders, load
from drops.events import Kind
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.shown.history import history, reopen
from drops.study.study import Study

FILES = {file.name: file.read_bytes() for file in interest_path.FOLDER.iterdir()}


@pytest.fixture
def drops(home, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        status = main(["--home", str(home), *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def zipped(file, members, **given):
    """A zip of names and contents; a name may be a ZipInfo."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in members:
            pack.writestr(name, content, **given)
    return file


def sound(prefix="interest/"):
    return [(prefix + name, content) for name, content in FILES.items()]


def put(home):
    """The course on the shelf, as `drops add` leaves it."""
    shutil.copytree(interest_path.FOLDER, home / "paths" / "interest")


def nothing(home) -> bool:
    """Whether nothing stands on the shelf, not even half of something."""
    shelf = home / "paths"
    return not shelf.exists() or list(shelf.iterdir()) == []


# ── what is sound ──


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["interest/", *(pytest.param(p, marks=pytest.mark.slow) for p in ("", "their-course-main/paths/interest/"))])
def test_a_zip_is_added_wherever_the_path_stands_in_it(drops, tmp_path, home, prefix):
    extra = [(f"{prefix}README.md", b"hello"), (f"{prefix}.DS_Store", b"\0"), ("__MACOSX/interest/path.md", b"\0"), ("LICENSE", b"MIT")]
    pack = zipped(tmp_path / "pack.zip", [*sound(prefix), *extra])
    assert drops("add", str(pack)) == (0, "added Money that grows: 3 drops, 12 minutes\n  drops paths choose interest   its drops come next\n", "")
    assert {file.name: file.read_bytes() for file in (home / "paths" / "interest").iterdir()} == FILES
    assert [one.name for one in (home / "paths").iterdir()] == ["interest"]


@pytest.mark.slow
def test_a_folder_is_added_and_stands_in_today_path_and_progress(drops, home):
    assert drops("add", str(interest_path.FOLDER))[0] == 0
    assert "Money that grows (3 drops, open): interest" in drops("paths")[1]
    assert "How long until it doubles" in drops("path", "interest")[1]
    drops("paths", "choose", "interest")
    assert "Interest on interest" in drops("today")[1]
    assert "Interest on interest" in drops("progress", "--json")[1] + drops("path")[1]
    assert drops("check", str(home / "paths" / "interest")) == (0, "✓ content is sound\n", "")


@pytest.mark.slow
def test_a_newer_one_takes_its_place_only_when_told(drops, tmp_path, home):
    put(home)
    newer = shutil.copytree(interest_path.FOLDER, tmp_path / "newer")
    page = newer / "path.md"
    page.write_text(page.read_text("utf-8").replace("Money that grows", "Money, once more"), "utf-8")
    assert drops("add", "newer") == (
        1, "", "drops: interest is there already; `--replace` puts this one in its place, answers stay\n",
    )  # fmt: skip
    assert "Money that grows" in drops("paths")[1]
    assert drops("add", "--replace", "newer")[0] == 0
    assert "Money, once more" in drops("paths")[1]
    assert [one.name for one in (home / "paths").iterdir()] == ["interest"]


@pytest.mark.slow
def test_a_newer_one_that_is_not_sound_leaves_the_old_one_there(drops, tmp_path, home):
    put(home)
    newer = shutil.copytree(interest_path.FOLDER, tmp_path / "newer")
    (newer / "03-interest-and-prices.md").write_text("nothing of it", "utf-8")
    status, _, err = drops("add", "--replace", "newer")
    assert status == 1
    assert err.splitlines()[-1] == "drops: interest is not added: 1 to mend; nothing was changed"
    assert {file.name: file.read_bytes() for file in (home / "paths" / "interest").iterdir()} == FILES


# ── what is not ──


def test_a_lesson_alone_is_told_to_be_one_file_of_a_path(drops, tmp_path, home):
    (tmp_path / "01-a.MD").write_bytes(b"## A lesson")
    status, out, err = drops("add", "01-a.MD")
    says = "drops: 01-a.MD is one file of a path; name the folder with its path.md, or a zip of it\n"
    assert (status, out, err) == (1, "", says)
    assert nothing(home)


def link(name="interest/01-x.md"):
    made = zipfile.ZipInfo(name)
    made.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made


def locked(file):
    """A zip whose members say that they need a password."""
    data = bytearray(zipped(io.BytesIO(), sound()).getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(mark, place + 4)
    file.write_bytes(data)


PACKS = {
    "leads up": (lambda f: zipped(f, [*sound(), ("../../evil.md", b"x")]), '"../../evil.md" in it leads out of it; pack the folder'),
    "leads up within": (lambda f: zipped(f, [*sound(), ("interest/../../x.md", b"x")]), "leads out of it"),
    "absolute": (lambda f: zipped(f, [("/etc/path.md", b"x")]), "leads out of it"),
    "of a drive": (lambda f: zipped(f, [("C:/x/path.md", b"x")]), "leads out of it"),
    "with backslashes": (lambda f: zipped(f, [("..\\path.md", b"x")]), "leads out of it"),
    "a link": (lambda f: zipped(f, [*sound(), (link(), b"/etc/passwd")]), '"interest/01-x.md" in it is no plain file'),
    "a bomb": (lambda f: zipped(f, [*sound(), ("interest/04-bomb.md", bytes(300_000_000))]), "04-bomb.md in"),
    "many files": (lambda f: zipped(f, [(f"{n}.txt", b"") for n in range(5_001)]), "holds 5,001 files; no course does"),
    "many lessons": (lambda f: zipped(f, [*sound(), *((f"interest/{n}-x.md", b"") for n in range(100, 650))]), "holds more than 500 files"),
    "no zip": (lambda f: f.write_bytes(b"not a zip at all" * 100), "is no whole zip file (File is not a zip file); get it again"),
    "half a zip": (lambda f: f.write_bytes(zipped(io.BytesIO(), sound()).getvalue()[:3_000]), "is no whole zip file"),
    "nothing": (lambda f: f.write_bytes(b""), "is no whole zip file"),
    "an empty zip": (lambda f: zipped(f, []), "holds no path.md; pack the folder of one path"),
    "two paths": (lambda f: zipped(f, [*sound("a/"), *sound("b/")]), "holds 2 paths; unpack it and add one after the other"),
    "locked": (locked, "is locked with a password"),
    "the same file twice": (lambda f: zipped(f, [*sound(), ("interest/PATH.md".replace("PATH", "01-A"), b"x"), ("interest/01-a.md", b"x")]), "twice; pack it again"),
    "no words": (lambda f: zipped(f, [("path.md", b"\xff\xfe\0\0" * 50)]), "path.md:1: no front matter"),
    "an id that leads out": (lambda f: zipped(f, [("path.md", b'+++\nid = "../../x"\n+++\n')]), '"../../x" is no id'),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("pack", PACKS)
def test_a_hostile_pack_is_one_line_and_leaves_nothing(drops, tmp_path, home, pack):
    make, says = PACKS[pack]
    make(tmp_path / "pack.zip")
    status, out, err = drops("add", "pack.zip")
    assert (status, out) == (1, "")
    assert says in err
    assert err.count("\n") == 1
    assert len(err) < 400
    assert nothing(home)
    assert sorted(file.name for file in tmp_path.iterdir() if file.name != home.name) == ["pack.zip"]


@pytest.mark.slow
def test_every_half_of_a_zip_is_refused_and_every_flipped_byte_is_no_crash(drops, tmp_path, home):
    whole = zipped(io.BytesIO(), sound()).getvalue()
    for at in range(0, len(whole) - 1, 997):
        (tmp_path / "pack.zip").write_bytes(whole[:at])
        assert drops("add", "pack.zip")[0] == 1
    for at in range(0, len(whole), 1_499):
        (tmp_path / "pack.zip").write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        status, _, err = drops("add", "--replace", "pack.zip")
        assert status in (0, 1)
        assert "Traceback" not in err
    shelf = home / "paths"  # there once something was taken in
    assert not shelf.exists() or [one.name for one in shelf.iterdir()] in ([], ["interest"])


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("none.zip", "none.zip is not there; name a folder with a path.md, or a zip of one"),
        ("empty", "empty holds no path.md; name the folder of one path"),
        ("linked", "linked/01-a.md is no plain file; put the file itself there"),
    ],
)
def test_a_folder_that_is_no_path_is_one_line(drops, tmp_path, home, place, says):
    (tmp_path / "empty").mkdir()
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "path.md").write_bytes(FILES["path.md"])
    (tmp_path / "linked" / "01-a.md").symlink_to("/etc/passwd")
    assert drops("add", place) == (1, "", f"drops: {says}\n")
    assert nothing(home)


def test_a_pipe_is_not_waited_for(drops, tmp_path, home):
    os.mkfifo(tmp_path / "pipe.zip")
    status, _, err = drops("add", "pipe.zip")
    assert (status, err) == (1, "drops: pipe.zip is no plain file; name a folder with a path.md, or a zip of one\n")


@pytest.mark.slow
def test_what_the_check_refuses_is_told_line_by_line_and_not_added(drops, tmp_path, home):
    bad = shutil.copytree(interest_path.FOLDER, tmp_path / "bad")
    lesson = bad / "01-interest-on-interest.md"
    lesson.write_text(lesson.read_text("utf-8").replace("(1 + rate)^n", "(1 + rat)^n", 1), "utf-8")
    status, out, err = drops("add", "bad")
    assert (status, out) == (1, "")
    first, last = err.splitlines()
    assert first.startswith("interest/01-interest-on-interest.md:")
    assert "“rat” is no given and no line before it" in first
    assert last == "drops: interest is not added: 1 to mend; nothing was changed"
    assert nothing(home)


@pytest.mark.slow
def test_names_that_are_taken_are_told(drops, tmp_path, home):
    twin = shutil.copytree(interest_path.FOLDER, tmp_path / "twin")
    page = twin / "path.md"
    page.write_text(page.read_text("utf-8").replace('id = "interest"', 'id = "another"'), "utf-8")
    put(home)
    status, _, err = drops("add", "twin")
    assert status == 1
    assert 'the drop id "time-to-double" is taken by interest/02-time-to-double.md:2; rename one of the two' in err
    page.write_text(page.read_text("utf-8").replace('"another"', '"understand-neural-network-fundamentals"'), "utf-8")
    status, _, err = drops("add", "twin")
    taken = '"understand-neural-network-fundamentals" is taken by "Understand Neural Network Fundamentals"'
    assert (status, err) == (1, f"drops: the path id {taken}; its author has to rename one\n")
    assert [one.name for one in (home / "paths").iterdir()] == ["interest"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_written_is_one_line(drops, home):
    home.mkdir(exist_ok=True)
    home.chmod(0o500)
    status, _, err = drops("add", str(interest_path.FOLDER))
    assert status == 1
    assert "cannot be written" in err


# ── taken away ──


@pytest.mark.parametrize("name", ["interest", "Money that grows", "MONEY that Grows"])
def test_an_added_path_is_removed_by_its_id_or_title(drops, home, name):
    put(home)
    assert drops("remove", name)[1] == "removed Money that grows; your answers stay, and count again when it is added again\n"
    assert nothing(home)
    assert "Money" not in drops("paths")[1]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("understand-neural-network-fundamentals", "was not added by `drops add`; `drops paths hide understand-neural-network-fundamentals` puts"),
        ("..", 'no path ".."; known: '),
        ("../paths", 'no path "../paths"'),
        ("/", 'no path "/"'),
        ("nothing-of-it", 'no path "nothing-of-it"'),
    ],
)  # fmt: skip
def test_what_was_not_added_is_not_removed(drops, home, name, says):
    put(home)
    status, _, err = drops("remove", name)
    assert status == 1
    assert says in err
    assert (home / "paths" / "interest" / "path.md").exists()


def test_an_added_path_that_does_not_fit_any_more_is_left_out_and_told(drops, home):
    """As after an update of drops that refuses what an earlier one took: the rest is learned on."""
    put(home)
    page = home / "paths" / "interest" / "path.md"
    page.write_text("nothing of it", "utf-8")
    status, _, err = drops("today")
    assert status == 0
    assert err.startswith("drops: interest is left out: interest/path.md:1: no front matter; ")
    assert err.count("\n") == 1
    assert "interest/path.md:1: no front matter" in drops("doctor")[1]
    assert drops("remove", "interest")[0] == 0
    assert drops("today")[2] == ""


@pytest.mark.slow
def test_answers_of_a_removed_path_stay_and_open_and_count_again(home, clock, learners):
    folders, shelf = library_folders(None), home / "paths"

    def study(log: Log) -> Study:
        return Study(load(folders, shelf), log)

    put(home)
    with Log.open(home, folded(0.9), now=clock()) as log:
        with_it = study(log)
        assert learners(with_it).run(with_it.begin(clock(), drop="interest-on-interest")).ended
        (event, *_) = log.events(kinds=(Kind.GRADED,), item_prefix="interest-on-interest/three-years")
        shutil.rmtree(shelf / "interest")

        without = study(log)
        assert "interest-on-interest" in {past.drop_id for past in history(without)}
        opened = reopen(without, event.event_id)
        assert opened.typed == event.payload["typed"]
        assert opened.note == "Its lesson is not installed any more."
        clock.days(3)
        assert learners(without).run(without.begin(clock())).ended

        put(home)
        assert reopen(study(log), event.event_id).verdict.right
        assert log.memory("interest-on-interest/three-years") is not None
