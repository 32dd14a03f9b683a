"""A class from nothing: made, served, answered, looked at."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from drops.cli.main import main
from drops.errors import NotSaved
from drops.events import Fact, Kind, Rating
from drops.store.server import classes
from drops.web.app import build_app
from drops.web.classes.room import Room
from drops.web.guard import Hosts

pytestmark = pytest.mark.slow
HOST = "127.0.0.1:8427"


class Served:
    """A class behind its guard; each comes by a browser of their own."""

    def __init__(self, room, library, home) -> None:
        self.room = Room(room.learners, room.teachers, library, home)

        async def seat_of(token):
            return self.room.seat_of(token)

        self.app = build_app(Hosts(frozenset({HOST})), "drops", seat_of, "Open your link.")

    def come(self, token: str) -> TestClient:
        browser = TestClient(self.app, base_url=f"http://{HOST}", follow_redirects=True)
        assert browser.get(f"/enter/{token}").status_code == 200
        return browser


@pytest.fixture
def served(library, tmp_path):
    return lambda room: Served(room, library, tmp_path / "home")


def words(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def answer_one(browser: TestClient) -> None:
    """Today's session, up to its first answer."""
    page = browser.post("/begin", data={"drop": ""})
    for _ in range(12):
        key = re.search(r'name="page" value="([^"]+)"', page.text)[1]
        if 'action="/answer"' in page.text:
            fields = re.findall(r'name="(v\.[^"]*)"', page.text[page.text.index('action="/answer"') :])
            pick = re.search(r'name="pick" value="(\d+)"', page.text)
            sent = {"page": key, "sure": "certain", **dict.fromkeys(fields, "1")}
            page = browser.post("/answer", data=sent | ({"pick": pick[1]} if pick else {}))
            assert page.status_code == 200
            return
        page = browser.post("/turn", data={"page": key})
    raise AssertionError("no page asked")


def test_everybody_learns_at_a_seat_of_their_own_and_the_teacher_sees_where(classroom, served, clock):
    room = classroom(size=3)
    at = served(room)
    first, second, _ = (at.come(room.tokens[name]) for name in room.names)
    answer_one(first)
    assert "Go on where you stood" in words(first.get("/"))
    assert "Go on where you stood" not in words(second.get("/"))
    page = at.come(room.teacher).get("/")
    assert "Class 8b" in words(page)
    assert "3 learners; 1 of them began" in words(page)
    assert [name in words(page) for name in room.names] == [True] * 3
    assert "Of fewer than 5 learners nothing is said" in words(page)
    assert at.come(room.teacher).post("/begin", data={}).status_code in (404, 405)


def test_what_was_answered_is_there_after_a_new_start(classroom, served, clock):
    room = classroom()
    answer_one(served(room).come(room.tokens["Pupil 1"]))
    with room.log("Pupil 1", clock()) as log:
        kinds = {event.kind for event in log.events(voided=True)}
    assert Kind.ATTEMPT in kinds or Kind.PRACTICE in kinds or Kind.GRADED in kinds
    assert "Go on where you stood" in words(served(room).come(room.tokens["Pupil 1"]).get("/"))


def test_what_one_typed_is_kept_for_them_alone(classroom, served, tmp_path):
    room = classroom()
    at = served(room)
    first, second = (at.room.seat_of(room.tokens[name]) for name in room.names)
    for seat in (first, second):
        seat.session = seat.study.begin(seat.clock())
        while seat.page().ask is None:
            seat.turn(seat.page().key)
    first.study.drafts.keep(first.page(), "1.5")
    assert [seat.study.drafts.of(seat.page()) for seat in (first, second)] == ["1.5", ""]
    again = served(room).room.seat_of(room.tokens["Pupil 1"])
    again.resume()
    assert again.study.drafts.of(again.page()) == "1.5"
    assert {file.stat().st_mode & 0o77 for file in (tmp_path / "home" / "learners").iterdir()} == {0}


def test_who_was_away_longest_gives_their_seat_to_others_and_comes_back(classroom, served, monkeypatch):
    from drops.web.classes import room as rooms

    monkeypatch.setattr(rooms, "MOST_SEATS", 2)
    room = classroom(size=3)
    at = served(room)
    browsers = [at.come(room.tokens[name]) for name in room.names]
    answer_one(browsers[2])
    assert len(at.room._seats) == 2
    answer_one(browsers[0])
    assert "Go on where you stood" in words(browsers[0].get("/"))
    assert "Go on where you stood" not in words(browsers[1].get("/"))


def test_a_token_that_was_renewed_opens_nothing_after_a_minute(classroom, served, monkeypatch):
    from drops.web.classes import room as rooms

    room = classroom()
    at = served(room)
    browser = at.come(room.tokens["Pupil 1"])
    classes.renew(room.owner, "8b", "Pupil 1")
    assert browser.get("/").status_code == 200
    monkeypatch.setattr(rooms, "CHECKED_S", 0.0)
    assert browser.get("/").status_code == 401


@pytest.mark.parametrize("token", ["", "x", "0" * 32 + "." + "a" * 43, "t" + "0" * 32 + "." + "a" * 43, "../.."])
def test_nobody_comes_in_by_a_token_that_is_none(classroom, served, token):
    room = classroom()
    browser = TestClient(served(room).app, base_url=f"http://{HOST}")
    assert browser.get(f"/enter/{token}").status_code == 401


def test_a_renewed_link_opens_and_the_old_one_does_not(classroom, served):
    room = classroom()
    at = served(room)
    fresh = classes.renew(room.owner, "8b", "Pupil 1")
    at.come(fresh)
    browser = TestClient(at.app, base_url=f"http://{HOST}")
    assert browser.get(f"/enter/{room.tokens['Pupil 1']}").status_code == 401


def test_a_mix_up_is_said_where_three_of_five_share_it_and_nobody_is_named(classroom, served, clock, library):
    room = classroom(size=6)
    key = next(iter(next(iter(library)).kept))
    for number, name in enumerate(room.names[:4]):
        with room.log(name, clock()) as log:
            shown = ["no-bias"] if number < 3 else ["sign-dropped"]
            for _ in range(2):
                wrong = Fact(Kind.GRADED, key, Rating.AGAIN, False, 900, payload={"misconceptions": shown})
                log.append(wrong, clock())
    page = words(served(room).come(room.teacher).get("/"))
    assert re.search(r"3 of 6: [^;]+; 3 of them twice", page)
    assert "1 of 6" not in page


def test_a_learner_sees_what_the_teacher_sees_and_may_take_all_along(
    classroom, served, clock, library, tmp_path
):
    room = classroom(size=6)
    at = served(room)
    key = next(iter(next(iter(library)).kept))
    for name in room.names[:2]:
        with room.log(name, clock()) as log:
            for _ in range(3):
                wrong = Fact(Kind.GRADED, key, Rating.AGAIN, False, 60_000, payload={"misconceptions": ["no-bias"]})
                log.append(wrong, clock())
    browser = at.come(room.tokens["Pupil 1"])
    assert 'href="/seen"' in browser.get("/").text
    mine = words(browser.get("/seen"))
    assert "Learner: Pupil 1 Drop: not begun Pages: 0 Answers: 3 Minutes: 3 Last: 2 Mar" in mine
    assert "Pupil 2" not in mine
    teachers = words(at.come(room.teacher).get("/"))
    assert "Pupil 1 not begun 0 3 3 2 Mar" in teachers
    file = browser.get("/history.jsonl")
    assert file.headers["content-disposition"].startswith("attachment")
    (tmp_path / "drops.jsonl").write_text(file.text, encoding="utf-8")
    assert main(["--home", str(tmp_path / "mine"), "import", str(tmp_path / "drops.jsonl")]) == 0


def test_create_prints_a_link_for_each_and_writes_what_serve_needs(cluster, tmp_path, capsys):
    owner, names = tmp_path / "owner.conf", tmp_path / "names.txt"
    owner.write_text(cluster.database())
    owner.chmod(0o600)
    names.write_text("Ada L.\nŽofia\n\n  Bo  \n", encoding="utf-8")
    base = ["class", "create", "8b", "--store-file", str(owner)]
    assert main([*base, "--names", str(names), "--link", "https://drops.example"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for line, who in zip(lines, ("Ada L.", "Žofia", "Bo", "(teacher)"), strict=False):
        assert re.fullmatch(re.escape(who) + r"  https://drops\.example/enter/t?[0-9a-f]{32}\.[\w-]{43}", line)
    assert {file.stat().st_mode & 0o77 for file in (tmp_path / "serve.conf", tmp_path / "roster-8b.csv")} == {0}
    assert main(["class", "8b", "--store-file", str(owner), "--csv"]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[0].startswith("learner,drop,pages")
    assert len(told.splitlines()) == 4
    assert "Ada" not in told
    assert main(["class", "8b", "--store-file", str(owner), "--json", "--names"]) == 0
    assert "Ada L." in capsys.readouterr().out
    assert main(["class", "add", "8b", "Cy", "--store-file", str(owner)]) == 0
    assert main(["class", "--store-file", str(owner)]) == 0
    assert "8b  4 learners" in capsys.readouterr().out


def test_who_leaves_takes_their_history_along(classroom, clock, tmp_path, capsys):
    room = classroom()
    with room.log("Pupil 1", clock()) as log:
        log.append(Fact(Kind.GRADED, "a/x", Rating.GOOD, True, 900), clock())
    owner = str(room.owner_conf)
    assert main(["class", "remove", "8b", "Pupil 1", "--store-file", owner]) == 0
    file = next(room.folder.glob("Pupil-1-*.jsonl"))
    assert "1 event went to" in capsys.readouterr().out
    assert main(["--home", str(tmp_path / "mine"), "import", str(file)]) == 0
    assert "1 new event" in capsys.readouterr().out
    assert main(["class", "remove", "8b", "Pupil 1", "--store-file", owner]) == 1
    assert 'no learner "Pupil 1"; did you mean "Pupil 2"?' in capsys.readouterr().err


def test_an_answer_of_which_it_is_not_known_whether_it_was_kept_is_kept_once(classroom, served, clock, monkeypatch):
    room = classroom()
    at = served(room)
    browser = at.come(room.tokens["Pupil 1"])
    seat = at.room.seat_of(room.tokens["Pupil 1"])
    write, broken = type(seat.study.log.door).write, [1]

    def cut_off(door, work, meaning):
        done = write(door, work, meaning)
        if broken and "last answer" in meaning:
            broken.pop()
            problem = NotSaved(f"the server cannot be reached (here); {meaning}: try again")
            problem.unsure = True
            raise problem
        return done

    monkeypatch.setattr(type(seat.study.log.door), "write", cut_off)
    with pytest.raises(AssertionError):  # the page says that it is not sure
        answer_one(browser)
    page = browser.get("/page")
    assert page.status_code == 200
    answers = [e for e in seat.study.log.events() if e.kind in (Kind.GRADED, Kind.PRACTICE, Kind.ATTEMPT)]
    assert len(answers) == 1
    key = re.search(r'name="page" value="([^"]+)"', page.text)[1]
    browser.post("/answer", data={"page": key, "sure": "certain", "pick": "1", "v.z": "1"})
    again = [e for e in seat.study.log.events() if e.kind in (Kind.GRADED, Kind.PRACTICE, Kind.ATTEMPT)]
    assert again == answers
