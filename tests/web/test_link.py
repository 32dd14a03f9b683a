"""A device of one's own and a server: apart for days, then one history, however often the line breaks."""

from __future__ import annotations

import json

import pytest
from asking import TOKEN, Browser

from drops.clock import now
from drops.errors import Another, StoreError
from drops.events import Fact, Kind, Rating
from drops.memory.schedule import folded
from drops.store import link as links
from drops.store.file.linked import linked
from drops.store.link import exchange_by_link, ids_of, join_by_link, sums_of
from drops.store.log import Log

LINK = f"http://127.0.0.1:8427/enter/{TOKEN}-and-more"


class Line:
    """What stands for the network: it counts, and may break before or after what was sent arrived."""

    def __init__(self, seat, token: str) -> None:
        self.browser, self.token, self.sent, self.breaks = Browser(seat), token, 0, -1

    def send(self, at, step: str, body: bytes) -> bytes:
        self.sent += 1
        if self.sent == self.breaks:
            raise StoreError("the line broke before")
        headers = {"Authorization": f"Bearer {self.token}"}
        got = self.browser.client.post(f"/sync/{step}", content=body, headers=headers)
        if self.sent == -self.breaks - 1:
            raise StoreError("the line broke after")
        if got.status_code != 200:
            raise StoreError(f"{got.status_code}: {got.text[:90]}")
        return got.content


@pytest.fixture
def line(seat, monkeypatch) -> Line:
    line = Line(seat, TOKEN)
    monkeypatch.setattr(links, "_send", line.send)
    return line


@pytest.fixture
def device(tmp_path, clock):
    logs = []

    def make(name: str = "desk") -> Log:
        logs.append(Log.open(tmp_path / name, folded(0.9), now=clock()))
        return logs[-1]

    yield make
    for log in logs:
        log.close()


def answer(log: Log, clock, count: int = 3) -> None:
    for number in range(count):
        log.append(Fact(Kind.GRADED, f"a/{number}", Rating.GOOD, True, 900), clock())
        clock.days(1)


def test_both_end_with_the_same_and_the_next_exchange_moves_nothing(seat, line, device, clock, tmp_path):
    server, mine = seat.study.log, device()
    answer(server, clock)
    done = join_by_link(mine, tmp_path / "desk", LINK, clock())
    assert (done.taken, done.given) == (3, 0)
    assert mine.learner_id == server.learner_id
    assert linked(tmp_path / "desk") == ("http://127.0.0.1:8427", f"{TOKEN}-and-more")
    assert (tmp_path / "desk" / "link.json").stat().st_mode & 0o77 == 0
    answer(mine, clock, 4)
    answer(server, clock, 2)
    done = exchange_by_link(mine, linked(tmp_path / "desk"), clock())
    assert (done.taken, done.given) == (2, 4)
    assert done.says == ["2 events taken in, 4 given to http://127.0.0.1:8427"]
    assert ids_of(mine) == ids_of(server)
    assert mine.memories() == server.memories()
    sent = line.sent
    assert exchange_by_link(mine, linked(tmp_path / "desk"), clock())[1:] == (0, 0, 0)
    assert line.sent == sent + 1, "equal sums are all that is asked"


@pytest.mark.slow
@pytest.mark.parametrize("breaks", [1, 2, 3, 4, -2, -3, -4, -5])
def test_a_line_that_breaks_anywhere_leaves_nothing_half_done(seat, line, device, clock, tmp_path, breaks):
    server, mine = seat.study.log, device()
    join_by_link(mine, tmp_path / "desk", LINK, clock())
    at = linked(tmp_path / "desk")
    answer(mine, clock)
    answer(server, clock)
    line.sent, line.breaks = 0, breaks
    with pytest.raises(StoreError, match="the line broke"):
        exchange_by_link(mine, at, clock())
    line.sent, line.breaks = 0, -100
    exchange_by_link(mine, at, clock())
    assert ids_of(mine) == ids_of(server)
    assert len(ids_of(mine)) == 6
    assert mine.memories() == server.memories()


@pytest.mark.slow
def test_three_devices_in_any_order_end_with_one_history(seat, line, device, clock, tmp_path):
    logs = [device(name) for name in ("desk", "train", "phone")]
    for log in logs:
        join_by_link(log, log.home, LINK, clock())
        answer(log, clock, 2)
    for log in (*logs, *reversed(logs), *logs):
        exchange_by_link(log, linked(log.home), clock())
    assert len({frozenset(ids_of(log)) for log in (*logs, seat.study.log)}) == 1
    assert len(ids_of(logs[0])) == 6


def test_another_learners_history_is_not_mixed_in_unasked(seat, line, device, clock, tmp_path):
    mine = device()
    answer(seat.study.log, clock)
    answer(mine, clock)
    before = ids_of(mine)
    with pytest.raises(Another, match="holds another learner's history; nothing was exchanged: add --merge-learner"):
        join_by_link(mine, tmp_path / "desk", LINK, clock())
    assert (ids_of(mine), linked(tmp_path / "desk")) == (before, None)
    join_by_link(mine, tmp_path / "desk", LINK, clock(), merge_learner=True)
    assert ids_of(mine) == ids_of(seat.study.log)
    assert list((tmp_path / "desk" / "backups").glob("*before-import.db"))


def test_a_session_that_is_open_in_the_browser_goes_on_from_what_was_brought(seat, browser, line, device, clock, tmp_path):
    browser.post("/begin", {"drop": ""})
    key = seat.page().key
    mine = device()
    join_by_link(mine, tmp_path / "desk", LINK, clock())
    mine.append(Fact(Kind.GRADED, "a/x", Rating.GOOD, True, 900), clock())
    exchange_by_link(mine, linked(tmp_path / "desk"), clock())
    browser.get("/page")
    assert (browser.status, seat.page().key) == (200, key)
    browser.post("/turn", {"page": key})
    assert browser.status == 200
    assert seat.page().key != key


def test_what_was_changed_on_the_way_is_kept_out_and_counted(seat, line, device, clock):
    mine = device()
    answer(mine, clock)
    rows = links._rows(mine, ids_of(mine))
    forged = [rows[0]._replace(rating=1), *rows[1:]]
    body = b"".join(links.write_line(row).encode() for row in forged)
    assert json.loads(line.send(None, "take", body)) == {"new": 2, "refused": 1}


@pytest.mark.parametrize(
    ("step", "body", "status"),
    [
        ("ids", b"", 400),
        ("ids", b"[]", 400),
        ("ids", b'{"wanted": 3}', 400),
        ("ids", json.dumps({"wanted": [f"{n:06x}" for n in range(1001)]}).encode(), 400),
        ("rows", b'{"wanted": ["zz"]}', 400),
        ("rows", b"[" * 60_000, 400),
        ("sums", b"\xff", 400),
        ("everything", b"{}", 404),
        ("ids", b" " * 65_537, 413),
        ("take", b" " * (2 * 1024 * 1024 + 1), 413),
        ("take", b"no event\n" * 3, 200),
    ],
)
def test_what_is_no_step_is_refused_and_nothing_is_kept(seat, line, step, body, status):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    got = line.browser.client.post(f"/sync/{step}", content=body, headers=headers)
    assert got.status_code == status
    assert ids_of(seat.study.log) == set()


def test_without_the_token_nothing_is_exchanged(seat, line):
    for token in ("", "guessed"):
        got = line.browser.client.post("/sync/sums", content=b"{}", headers={"Authorization": f"Bearer {token}"})
        assert got.status_code == 401


def test_the_sums_are_the_same_in_any_order_and_differ_where_one_is_missing(device, clock):
    mine = device()
    answer(mine, clock, 5)
    ids = sorted(ids_of(mine))
    assert sums_of(ids) == sums_of(reversed(ids))
    assert all(sums_of(ids) != sums_of(set(ids) - {one}) for one in ids)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("https://drops.school.example/", "that is no link of a learner"),
        ("ftp://a/enter/" + "x" * 40, "that is no link of a learner"),
        ("http://127.0.0.1:1/enter/" + "x" * 40, "http://127.0.0.1:1 cannot be reached (connection refused); your"),
        ("http://host.invalid/enter/" + "x" * 40, "http://host.invalid cannot be reached ("),
    ],
)
def test_a_link_that_leads_nowhere_is_one_line_and_is_not_kept(device, tmp_path, text, says):
    with pytest.raises(StoreError) as problem:
        join_by_link(device(), tmp_path / "desk", text, now())
    assert str(problem.value).startswith(says)
    assert linked(tmp_path / "desk") is None
