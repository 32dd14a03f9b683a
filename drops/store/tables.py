"""The tables. `event` is the truth; every table under it is a fold that can be rebuilt.

The learner comes first in every key, and no number is drawn from a sequence, so that logs
of several devices, or of several learners on one server, can be put together as they are.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    literal_column,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from drops.events import Kind

METADATA = MetaData()


# Names and keys sort by their bytes on both engines, as SQLite does by itself: a prefix is a range then.
_KEY = String(120).with_variant(String(120, collation="C"), "postgresql")
_NAME = Text().with_variant(Text(collation="C"), "postgresql")


def _learner() -> Column[bytes]:
    return Column("learner_id", LargeBinary(16), primary_key=True)


EVENT = Table(
    "event", METADATA,
    _learner(),
    Column("event_id", LargeBinary(16), primary_key=True),          # UUIDv7: its order is the replay order
    Column("device_id", LargeBinary(16), nullable=False),
    Column("target_id", LargeBinary(16)),                           # what a VOID takes back
    Column("kind", SmallInteger, nullable=False),
    Column("item_key", _KEY, nullable=False),
    Column("occurred_us", BigInteger, nullable=False),                 # UTC, as the clock said
    Column("tz_offset_min", SmallInteger, nullable=False),
    Column("study_day", Integer, nullable=False),                   # learner-day, fixed when written
    Column("rating", SmallInteger),
    Column("correct", Boolean(create_constraint=False)),
    Column("duration_ms", Integer),
    Column("payload", Text, nullable=False),                        # canonical JSON
    Column("digest", LargeBinary(8), nullable=False),
    CheckConstraint("length(learner_id) = 16 AND length(event_id) = 16 AND length(device_id) = 16",
                    name="event_ids"),
    CheckConstraint("kind BETWEEN 1 AND 8", name="event_kind"),
    CheckConstraint("(kind = 5) = (target_id IS NOT NULL)", name="event_target"),
    CheckConstraint("length(item_key) <= 120", name="event_item_key"),
    CheckConstraint("tz_offset_min BETWEEN -1440 AND 1440", name="event_tz_offset"),
    CheckConstraint("study_day BETWEEN 1 AND 3652059", name="event_study_day"),
    CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 4", name="event_rating"),
    CheckConstraint("kind <> 1 OR (rating IS NOT NULL AND item_key <> '')", name="event_graded"),
    CheckConstraint("correct IS NULL OR correct IN (0, 1)", name="event_correct").ddl_if("sqlite"),
    CheckConstraint("duration_ms IS NULL OR duration_ms BETWEEN 0 AND 2147483647", name="event_duration"),
    CheckConstraint("length(CAST(payload AS BLOB)) <= 65536", name="event_payload").ddl_if("sqlite"),
    CheckConstraint("octet_length(payload) <= 65536", name="event_payload").ddl_if("postgresql"),
    CheckConstraint("length(digest) = 8", name="event_digest"),
    sqlite_with_rowid=False,
)
def rare(event: FromClause) -> ColumnElement[bool]:
    """The condition of `event_rare`, spelled out: SQLite takes a partial index only for a query that
    repeats its condition as a literal, since it plans before it knows the parameters."""
    return event.c.kind >= literal_column(str(int(Kind.SESSION)))


# An item's own history: what an undo, a reset or an imported answer folds again.
HAS_ITEM = EVENT.c.item_key != literal_column("''")
Index("event_item", EVENT.c.learner_id, EVENT.c.item_key, EVENT.c.event_id,
      sqlite_where=HAS_ITEM)
# Sessions, undos, resets, settings: few among many answers, so they are found without reading those.
Index("event_rare", EVENT.c.learner_id, EVENT.c.kind, EVENT.c.event_id,
      sqlite_where=rare(EVENT))
Index("event_target", EVENT.c.learner_id, EVENT.c.target_id,
      sqlite_where=EVENT.c.target_id.is_not(None))

MEMORY = Table(
    "memory", METADATA,
    _learner(),
    Column("item_key", _KEY, primary_key=True),
    Column("due_day", Integer, nullable=False),
    Column("stability", Float, nullable=False),
    Column("difficulty", Float, nullable=False),
    Column("last_day", Integer, nullable=False),
    Column("reps", Integer, nullable=False),
    Column("lapses", Integer, nullable=False),
    Column("suspended", Boolean(create_constraint=False), nullable=False),
    Column("algorithm", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("memory_due", MEMORY.c.learner_id, MEMORY.c.suspended, MEMORY.c.due_day)

DAILY = Table(
    "daily", METADATA,
    _learner(),
    Column("study_day", Integer, primary_key=True),
    Column("graded", Integer, nullable=False),
    Column("practice", Integer, nullable=False),
    Column("correct", Integer, nullable=False),                     # of the graded ones
    Column("ms", Integer, nullable=False),
    sqlite_with_rowid=False,
)
PASSED = Table(
    "passed", METADATA,
    _learner(),
    Column("item_key", _KEY, primary_key=True),              # a page key
    Column("study_day", Integer, nullable=False),                   # when it was first passed
    sqlite_with_rowid=False,
)
PACE = Table(
    "pace", METADATA,
    _learner(),
    Column("item_key", _KEY, primary_key=True),
    Column("durations", Text, nullable=False),                      # JSON list: ms of the last answers
    Column("median", Integer, nullable=False),                      # ms
    sqlite_with_rowid=False,
)
SETTING = Table(
    "setting", METADATA,
    _learner(),
    Column("name", _NAME, primary_key=True),
    Column("value", Text, nullable=False),                          # JSON
    sqlite_with_rowid=False,
)
TALLY = Table(
    "tally", METADATA,
    _learner(),
    Column("item_key", _KEY, primary_key=True),
    Column("graded", Integer, nullable=False),
    Column("correct", Integer, nullable=False),                     # of the graded ones
    Column("practice", Integer, nullable=False),
    Column("foreseen", Text, nullable=False),                       # JSON: a list of BinCount
    Column("loss", Float, nullable=False),                          # nats, of all reviews foreseen
    sqlite_with_rowid=False,
)
MIXUP = Table(
    "mixup", METADATA,
    _learner(),
    Column("item_key", _KEY, primary_key=True),
    Column("name", _KEY, primary_key=True),                  # of a misconception
    Column("times", Integer, nullable=False),                       # tries that showed it and no other
    Column("tied", Integer, nullable=False),                        # tries that showed it or another
    Column("last_day", Integer, nullable=False),
    sqlite_with_rowid=False,
)
SIGHTING = Table(
    "sighting", METADATA,
    _learner(),
    Column("name", _KEY, primary_key=True),                  # of a misconception
    Column("status", SmallInteger, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("item_keys", Text, nullable=False),                      # JSON list
    Column("first_day", Integer, nullable=False),
    Column("last_day", Integer, nullable=False),
    Column("changed_day", Integer, nullable=False),
    Column("clean", Integer, nullable=False),
    sqlite_with_rowid=False,
)
DERIVED = (MEMORY, DAILY, PASSED, PACE, SETTING, TALLY, MIXUP, SIGHTING)

# What the rows of each derived table add up to when nobody but us has changed them.
CHECKSUM = Table(
    "checksum", METADATA,
    _learner(),
    *(Column(table.name, BigInteger, nullable=False) for table in DERIVED),
    sqlite_with_rowid=False,
)

DEVICE = Table(
    "device", METADATA,
    _learner(),
    Column("device_id", LargeBinary(16), primary_key=True),
    Column("added_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
META = Table(
    "meta", METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
