"""A browser without a window: pages are asked for, forms are sent as they stand on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from drops.exercises.answers import read
from drops.exercises.blocks import Case, Choice, Design, Knobs, Numbers, Order
from drops.study.pages import Page
from drops.web.app import build_app
from drops.web.guard import Hosts
from drops.web.seat import Seat

TOKEN = "what-nobody-guesses"  # noqa: S105  # of a test
HOST = "127.0.0.1:8427"


def in_turn(drops: Sequence[str], rightly: object, wrongly: object) -> list:
    """Each drop with one of two learners in turn; by night with the other as well."""
    return [
        pytest.param(drop, errs, id=f"{drop}-{how}", marks=[pytest.mark.nightly] * ((n + turn) % 2))
        for n, drop in enumerate(drops)
        for turn, (how, errs) in enumerate((("rightly", rightly), ("wrongly", wrongly)))
    ]


class Document(HTMLParser):
    """What a test wants to know of a page: its forms, its links, its words, and every element with its
    attributes."""

    VOID = frozenset({"input", "meta", "link", "br", "hr", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.forms: list[dict] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.unclosed: list[str] = []
        self._select: tuple[str, list] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "form":
            self.forms.append(
                {
                    "action": given.get("action", ""),
                    "method": given.get("method", "get"),
                    "fields": [],
                    "buttons": [],
                }
            )
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "input" and "name" in given and "form" in self.open:
            kind = given.get("type", "text")
            if kind not in ("radio", "checkbox") or "checked" in given:
                form["fields"].append((given["name"], given.get("value", "")))
        if tag == "button" and given.get("type") == "submit":
            form["buttons"].append(given)
        if tag == "select":
            self._select = (given["name"], form["fields"])
            form["fields"].append((given["name"], ""))
        if tag == "option" and self._select and "selected" in given:
            name, fields = self._select
            fields[-1] = (name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.unclosed.append(tag)
        else:
            self.open.pop()
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style", "title"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def form(self, action: str) -> dict:
        found = [form for form in self.forms if form["action"] == action]
        assert found, (action, [form["action"] for form in self.forms], self.text[:300])
        return found[0]

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]


class Browser:
    """A client with the learner's cookie. `page` is what it shows."""

    def __init__(self, seat: Seat, hosts: Hosts | None = None) -> None:
        self.seat = seat
        hosts = hosts or Hosts(frozenset({HOST}))

        async def seat_of(token: str) -> Seat | None:
            return seat if token == TOKEN else None

        app = build_app(hosts, "drops", seat_of, "Open the link that `drops serve` printed.")
        self.client = TestClient(app, base_url=f"http://{HOST}", follow_redirects=True)
        self.page = Document("")
        self.status = 0
        self.at = ""

    def enter(self) -> Browser:
        assert self.client.get(f"/enter/{TOKEN}").status_code == 200
        return self

    def get(self, address: str) -> Document:
        return self._shown(self.client.get(address))

    def post(self, address: str, fields: Mapping | list) -> Document:
        pairs = [*fields.items()] if isinstance(fields, Mapping) else fields
        sent = "&".join(f"{_coded(name)}={_coded(value)}" for name, value in pairs)
        kind = {"content-type": "application/x-www-form-urlencoded", "origin": f"http://{HOST}"}
        return self._shown(self.client.post(address, content=sent, headers=kind))

    def send(self, action: str, changes: Mapping[str, str | list[str]] = {}) -> Document:
        """The form with this action, filled as it stands but for the changes."""
        fields = [(name, value) for name, value in self.page.form(action)["fields"] if name not in changes]
        for name, value in changes.items():
            fields += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return self.post(action, fields)

    def _shown(self, response) -> Document:
        self.page, self.status, self.at = Document(response.text), response.status_code, response.url.path
        return self.page


def _coded(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text)


def filled(page: Page, text: str, sure: str = "fairly sure") -> dict[str, str | list[str]]:
    """The fields of the question's form that mean `text`, the answer as another face types it."""
    ask = page.ask
    match ask:
        case Numbers(fields=fields):
            parts = [part.strip() for part in text.split(";")]
            return {f"v.{field.name}": part for field, part in zip(fields, parts, strict=True)}
        case Choice():
            picks = {"pick": [str(i + 1) for i in read(ask, text)]}
            return picks | ({"sure": sure} if ask.confidence else {})
        case Case():
            given = read(ask, text)
            tried = {} if given.change is None else {"change": str(given.change + 1)}
            return {"cause": str(given.cause + 1)} | tried
        case Order():
            return {"piece": [str(i + 1) for i in read(ask, text)]}
        case Knobs(knobs=knobs):
            return {
                f"v.{knob.name}": part.strip().replace("−", "-")
                for knob, part in zip(knobs, text.split(";"), strict=True)
            }
        case Design():
            return {
                f"v.{name}": value
                for name, _, value in (part.strip().partition("=") for part in text.split(";"))
            }
    raise AssertionError(f"nothing is filled in at {ask}")
