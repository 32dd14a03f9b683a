"""Who may ask, from where, and how much they may send."""

from __future__ import annotations

import pytest
from asking import HOST, TOKEN, Browser

from drops.web.app import DO, READ
from drops.web.guard import HEADERS, LARGEST, Hosts

GETS = [address.replace("{drop}", "weighted-sum-and-squash").replace("{page}", "1") for address in READ]


@pytest.mark.parametrize(
    "address", [*GETS, "/static/drops.css", "/static/drops.js", "/run", "/enter/guessed", "/nowhere"]
)
def test_without_the_token_nothing_is_shown(seat, address):
    stranger = Browser(seat)
    stranger.get(address)
    assert stranger.status == 401
    assert "drops serve" in stranger.page.text


@pytest.mark.parametrize("address", DO)
def test_without_the_token_nothing_is_done(seat, study, address):
    before = len(study.log.events())
    stranger = Browser(seat)
    stranger.post(address, {"page": "x", "drop": ""})
    assert stranger.status == 401
    assert len(study.log.events()) == before


def test_the_link_leaves_a_cookie_that_no_script_and_no_other_site_gets(seat):
    answer = Browser(seat).client.get(f"/enter/{TOKEN}")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert 'content="0;url=/arrive"' in answer.text


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8427", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8427.evil.example", ""],
)
def test_under_a_foreign_name_nothing_is_served(browser, host):
    assert browser.client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("lab.school.example", True),
        ("LAB.school.example:443", True),
        ("127.0.0.1:8427", True),
        ("school.example", False),
        ("evil-lab.school.example", False),
    ],
)
def test_an_allowed_name_is_known_with_any_port(host, known):
    assert Hosts(frozenset({HOST}), frozenset({"lab.school.example"})).know(host) is known


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:9", "null", "https://evil.example:8427", "file://"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_site_is_refused(browser, origin, method):
    answer = browser.client.request(method, "/begin" if method == "POST" else "/", headers={"origin": origin})
    assert answer.status_code == 403
    assert browser.seat.session is None


def test_what_another_site_fetches_is_refused_even_without_an_origin(browser):
    assert (
        browser.client.get(
            "/page", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
        ).status_code
        == 403
    )


def test_its_own_pages_may_send_forms(browser):
    browser.get("/")
    browser.send("/begin")
    assert browser.at == "/page"


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_its_limit_is_not_read(browser, declared):
    body = b"x=" + b"1" * LARGEST

    def pieces():
        for start in range(0, len(body), 4096):
            yield body[start : start + 4096]

    answer = browser.client.post(
        "/answer", content=body if declared else pieces(), headers={"origin": f"http://{HOST}"}
    )
    assert answer.status_code == 413
    assert "64 KB" in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("address", [*GETS, "/nowhere", "/static/drops.js", f"/enter/{TOKEN}"])
def test_every_answer_is_sealed(browser, address):
    headers = browser.client.get(address).headers
    for name in HEADERS:
        assert name in headers, name
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_but_reading_and_sending_forms_is_done(browser, method):
    assert browser.client.request(method, "/").status_code == 405


@pytest.mark.parametrize("address", [one for one in DO if one not in READ])
def test_what_is_done_by_a_form_is_not_done_by_a_link(browser, address):
    browser.get(address)
    assert browser.status == 405


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/answer", b"\xff\xfe"),
        ("/answer", b"just words"),
        ("/answer", b""),
        ("/turn", b"pages=1"),
        ("/act", b"name=fly"),
        ("/begin", b"how=&as=sideways"),
        ("/begin", b"drop=no-such-drop"),
        ("/settings", b"name=theme&value=pink"),
        ("/settings", b"name=colour&value=pink"),
        ("/paths", b"verb=burn&path=x"),
        ("/lab", b"do=explode"),
        ("/lab", b"do=run&steps=minus+one"),
        ("/lab", b"do=run&line=nonsense+words"),
        ("/clock", b"choice=9x"),
        ("/answer", b"&".join(b"n%d=1" % i for i in range(500))),
    ],
)
def test_a_bad_form_gets_a_sentence_and_stores_nothing(browser, study, address, body):
    before = len(study.log.events())
    answer = browser.client.post(
        address,
        content=body,
        headers={"origin": f"http://{HOST}", "content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code in (400, 404)
    assert "Traceback" not in answer.text
    assert len(study.log.events()) == before


def test_an_error_of_its_own_is_a_line_and_a_report_and_the_server_goes_on(
    browser, seat, capsys, monkeypatch
):
    monkeypatch.setattr(seat.study, "today", lambda now: 1 / 0)
    browser.get("/")
    assert browser.status == 500
    assert "please report it with" in browser.page.text
    assert "ZeroDivisionError" not in browser.page.source
    assert [*seat.study.log.path.parent.glob("report-*.txt")]
    capsys.readouterr()
    monkeypatch.undo()
    browser.get("/")
    assert browser.status == 200
