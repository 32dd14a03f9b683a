"""Cards as a package that Anki reads: a zip with a small database in it.

The format is the one that every Anki since 2.0 takes in (schema 11, `collection.anki2`). The oracle is
Anki's own library: the tests open what is written here with it.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from hashlib import blake2b, sha1
from pathlib import Path
from typing import Any, Protocol

from drops.store.file.files import replacing
from drops.store.ids import utc

SIDES = 8  # cards of a note at most
DAY_S = 86_400
_FIELD = "\x1f"
_CSS = (
    ".card { font: 18px/1.5 sans-serif; max-width: 40em; margin: auto; }"
    " table { border-collapse: collapse; } td, th { padding: .2em .7em; text-align: right; }"
)
_TABLES = """
CREATE TABLE col (id integer primary key, crt integer not null, mod integer not null, scm integer not null,
  ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null,
  models text not null, decks text not null, dconf text not null, tags text not null);
CREATE TABLE notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,
  flags integer not null, data text not null);
CREATE TABLE cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null,
  due integer not null, ivl integer not null, factor integer not null, reps integer not null,
  lapses integer not null, left integer not null, odue integer not null, odid integer not null,
  flags integer not null, data text not null);
CREATE TABLE revlog (id integer primary key, cid integer not null, usn integer not null,
  ease integer not null, ivl integer not null, lastIvl integer not null, factor integer not null,
  time integer not null, type integer not null);
CREATE TABLE graves (usn integer not null, oid integer not null, type integer not null);
CREATE INDEX ix_notes_usn on notes (usn); CREATE INDEX ix_cards_usn on cards (usn);
CREATE INDEX ix_revlog_usn on revlog (usn); CREATE INDEX ix_cards_nid on cards (nid);
CREATE INDEX ix_cards_sched on cards (did, queue, due); CREATE INDEX ix_revlog_cid on revlog (cid);
CREATE INDEX ix_notes_csum on notes (csum);
"""


class Side(Protocol):
    """The two sides of a card, as HTML."""

    @property
    def front(self) -> str: ...
    @property
    def back(self) -> str: ...


class Reviewed(Protocol):
    """One graded answer."""

    @property
    def at_us(self) -> int: ...
    @property
    def day(self) -> int: ...
    @property
    def rating(self) -> int: ...
    @property
    def interval(self) -> int: ...
    @property
    def before(self) -> int: ...
    @property
    def seconds(self) -> float: ...


class Noted(Protocol):
    """An item with its cards; the history is the first card's."""

    @property
    def key(self) -> str: ...
    @property
    def deck(self) -> str: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def cards(self) -> Sequence[Side]: ...
    @property
    def reviews(self) -> Sequence[Reviewed]: ...


def write_package(target: Path, notes: Sequence[Noted], now_us: int) -> None:
    """Writes an .apkg, whole or not at all. Raises NotSaved."""
    with replacing(target) as fresh, tempfile.TemporaryDirectory(prefix="drops-") as folder:
        collection = Path(folder) / "collection.anki2"
        with closing(sqlite3.connect(collection)) as db, db:
            db.executescript(_TABLES)
            _fill(db, notes, now_us)
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as package:
            package.write(collection, collection.name)
            package.writestr("media", "{}")


def _fill(db: sqlite3.Connection, notes: Sequence[Noted], now_us: int) -> None:
    now_s, first = now_us // 1_000_000, min((r.at_us for n in notes for r in n.reviews), default=now_us)
    begun = first // 1_000_000 // DAY_S * DAY_S  # Anki counts the days of due cards from here
    decks = {"Default": 1} | {note.deck: _id("deck " + note.deck) for note in notes}
    model = _id("note type of drops")
    db.execute(
        "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
        (begun, now_s * 1000, now_s * 1000, "{}", _models(model, now_s), _decks(decks, now_s), _options()),
    )
    moments = set[int]()
    for at, note in enumerate(notes):
        number = _id("note " + note.key)
        sides = [side for card in note.cards[:SIDES] for side in (card.front, card.back)]
        fields = [note.key, *sides, *[""] * (2 * SIDES - len(sides))]
        db.execute(
            "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
            (number, _digest(note.key).hex(), model, now_s, f" {' '.join(note.tags)} ", _FIELD.join(fields),
             note.key, int(sha1(note.key.encode(), usedforsecurity=False).hexdigest()[:8], 16)),
        )  # fmt: skip
        for place in range(len(note.cards[:SIDES])):
            card = _id(f"card {place} {note.key}")
            known = note.reviews if place == 0 else ()
            db.execute(
                "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?)",
                (card, number, decks[note.deck], place, now_s, *_schedule(known, begun, at),
                 json.dumps({"lrt": known[-1].at_us // 1_000_000}) if known else ""),
            )  # fmt: skip
            for review in known:
                moment = review.at_us // 1000
                while moment in moments:  # an id is its millisecond
                    moment += 1
                moments.add(moment)
                db.execute(
                    "INSERT INTO revlog VALUES (?, ?, -1, ?, ?, ?, 2500, ?, 1)",
                    (moment, card, review.rating, review.interval, review.before,
                     min(60_000, round(review.seconds * 1000))),
                )  # fmt: skip


def _schedule(reviews: Sequence[Reviewed], begun: int, place: int) -> tuple[int, ...]:
    """Type, queue, due, interval, factor, reviews, lapses of a card: new, or to be reviewed on its day."""
    if not reviews:
        return 0, 0, place + 1, 0, 0, 0, 0
    last = reviews[-1]
    due = last.day + last.interval - utc(begun * 1_000_000).date().toordinal()
    lapses = sum(one.rating == 1 for one in reviews[1:])
    return 2, 2, due, last.interval, 2500, len(reviews), lapses


def _models(model: int, now_s: int) -> str:
    names = ["item", *(f"{side} {n}" for n in range(1, SIDES + 1) for side in ("front", "back"))]
    fields = [
        {"name": name, "ord": at, "sticky": False, "rtl": False, "font": "Arial", "size": 18, "media": []}
        for at, name in enumerate(names)
    ]
    templates = [
        {
            "name": f"card {n}", "ord": n - 1, "did": None, "bqfmt": "", "bafmt": "",
            "qfmt": f"{{{{#front {n}}}}}{{{{front {n}}}}}{{{{/front {n}}}}}",
            "afmt": f"{{{{FrontSide}}}}<hr id=answer>{{{{back {n}}}}}",
        }
        for n in range(1, SIDES + 1)
    ]  # fmt: skip
    made = {
        "id": model, "name": "drops", "type": 0, "mod": now_s, "usn": -1, "sortf": 0, "did": 1, "tags": [],
        "vers": [], "latexPre": "", "latexPost": "", "flds": fields, "tmpls": templates, "css": _CSS,
        "req": [[n, "any", [1 + 2 * n]] for n in range(SIDES)],
    }  # fmt: skip
    return json.dumps({str(model): made})


def _decks(decks: Mapping[str, int], now_s: int) -> str:
    def deck(name: str, number: int) -> dict[str, Any]:
        return {
            "id": number, "name": name, "mod": now_s, "usn": -1, "desc": "", "dyn": 0, "conf": 1,
            "collapsed": False, "browserCollapsed": False, "extendNew": 10, "extendRev": 50,
            **{kind: [0, 0] for kind in ("newToday", "revToday", "lrnToday", "timeToday")},
        }  # fmt: skip

    return json.dumps({str(number): deck(name, number) for name, number in decks.items()})


def _options() -> str:
    """The one group of options that the decks name: Anki's own."""
    new = {
        "bury": True, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1, "perDay": 20,
    }  # fmt: skip
    lapse = {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0}
    rev = {
        "bury": True, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "minSpace": 1, "perDay": 200,
    }  # fmt: skip
    made = {
        "id": 1, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "timer": 0, "autoplay": True,
        "replayq": True, "new": new, "lapse": lapse, "rev": rev,
    }  # fmt: skip
    return json.dumps({"1": made})


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()


def _id(text: str) -> int:
    """The same number for the same thing at every export, so that Anki brings its cards up to date: as
    large as a time in milliseconds, which Anki takes ids to be."""
    return 1_400_000_000_000 + int.from_bytes(_digest(text), "big") % 200_000_000_000
