"""What a teacher asks of a class: who is where, who may be stuck, which mix-ups it holds.

All of it is read from what is derived: no answer is read for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text

from drops.store.server.hub import Hub

LAPSES, SHOWN, RECENTLY = 4, 3, 14  # of an item; of a mix-up, within so many days: somebody is stuck

# LATERAL: each learner's rows by their own key, and not all learners' rows first.
_WHERE = text("""
    SELECT l.learner_id, l.name, coalesce(d.answers, 0) AS answers, d.last_day, coalesce(d.ms, 0) AS ms
    FROM learner l
    LEFT JOIN LATERAL (SELECT sum(graded + practice) AS answers, max(study_day) AS last_day, sum(ms) AS ms
        FROM daily x WHERE x.learner_id = l.learner_id) d ON true
    WHERE l.class_id = :whose ORDER BY l.learner_id""")
_PAGES = text("""
    SELECT l.learner_id, p.drop_id, p.pages FROM learner l
    JOIN LATERAL (SELECT split_part(item_key, '/', 1) AS drop_id, count(*) AS pages
        FROM passed x WHERE x.learner_id = l.learner_id GROUP BY 1) p ON true
    WHERE l.class_id = :whose""")
_MIXUPS = text("""
    SELECT l.learner_id, m.item_key, m.name, m.times, m.last_day FROM learner l
    JOIN LATERAL (SELECT item_key, name, times, last_day FROM mixup x
        WHERE x.learner_id = l.learner_id AND x.times > 0) m ON true
    WHERE l.class_id = :whose""")
_LAPSED = text("""
    SELECT l.learner_id, m.item_key, m.lapses FROM learner l
    JOIN LATERAL (SELECT item_key, lapses FROM memory x
        WHERE x.learner_id = l.learner_id AND x.lapses >= :lapses) m ON true
    WHERE l.class_id = :whose""")


class MixUpShown(NamedTuple):
    """A mix-up that a learner showed on an item, alone and so often."""

    item_key: str
    name: str
    times: int
    last_day: int


class Pupil(NamedTuple):
    """What a class knows of one of its learners."""

    learner_id: bytes
    name: str
    answers: int
    last_day: int | None  # learner-day of the last answer
    ms: int  # spent on answers
    pages: Mapping[str, int]  # drop → pages passed
    shown: tuple[MixUpShown, ...]
    lapsed: Mapping[str, int]  # item → how often it was forgotten, where that is often


def pupils_of(hub: Hub, class_id: bytes, whose: tuple[str, bytes] | None = None) -> tuple[Pupil, ...]:
    """Everybody in a class, as the roster has them.

    Its owner and its teacher see all, a learner sees themselves: `whose` is the setting by which the
    server tells. Raises StoreError.
    """

    def look(db: Connection) -> tuple[Pupil, ...]:
        of = {"whose": class_id}
        pages: dict[bytes, dict[str, int]] = {}
        for row in db.execute(_PAGES, of):
            pages.setdefault(row.learner_id, {})[row.drop_id] = row.pages
        shown: dict[bytes, list[MixUpShown]] = {}
        for row in db.execute(_MIXUPS, of):
            shown.setdefault(row.learner_id, []).append(MixUpShown(*row[1:]))
        lapsed: dict[bytes, dict[str, int]] = {}
        for row in db.execute(_LAPSED, {**of, "lapses": LAPSES}):
            lapsed.setdefault(row.learner_id, {})[row.item_key] = row.lapses
        return tuple(
            Pupil(
                row.learner_id, row.name, int(row.answers), row.last_day, int(row.ms),
                pages.get(row.learner_id, {}), tuple(sorted(shown.get(row.learner_id, ()))),
                lapsed.get(row.learner_id, {}),
            )
            for row in db.execute(_WHERE, of)
        )  # fmt: skip

    return hub.run(look, whose, one_state=True)
