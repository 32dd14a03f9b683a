"""The first schema.

Spelled out, and not taken from `drops.store.tables`: that one moves on, this one stays.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

TABLES = (
    """CREATE TABLE daily (
    learner_id BLOB NOT NULL,
    study_day INTEGER NOT NULL,
    graded INTEGER NOT NULL,
    practice INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    PRIMARY KEY (learner_id, study_day)
) WITHOUT ROWID""",
    """CREATE TABLE device (
    learner_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    added_us BIGINT NOT NULL,
    PRIMARY KEY (learner_id, device_id)
) WITHOUT ROWID""",
    """CREATE TABLE event (
    learner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    target_id BLOB,
    kind SMALLINT NOT NULL,
    item_key VARCHAR(120) NOT NULL,
    occurred_us BIGINT NOT NULL,
    tz_offset_min SMALLINT NOT NULL,
    study_day INTEGER NOT NULL,
    rating SMALLINT,
    correct BOOLEAN,
    duration_ms INTEGER,
    payload TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (learner_id, event_id),
    CONSTRAINT event_ids CHECK (length(learner_id) = 16 AND length(event_id) = 16
        AND length(device_id) = 16),
    CONSTRAINT event_kind CHECK (kind BETWEEN 1 AND 8),
    CONSTRAINT event_target CHECK ((kind = 5) = (target_id IS NOT NULL)),
    CONSTRAINT event_item_key CHECK (length(item_key) <= 120),
    CONSTRAINT event_tz_offset CHECK (tz_offset_min BETWEEN -1440 AND 1440),
    CONSTRAINT event_study_day CHECK (study_day BETWEEN 1 AND 3652059),
    CONSTRAINT event_rating CHECK (rating IS NULL OR rating BETWEEN 1 AND 4),
    CONSTRAINT event_graded CHECK (kind <> 1 OR (rating IS NOT NULL AND item_key <> '')),
    CONSTRAINT event_correct CHECK (correct IS NULL OR correct IN (0, 1)),
    CONSTRAINT event_duration CHECK (duration_ms IS NULL OR duration_ms BETWEEN 0 AND 2147483647),
    CONSTRAINT event_payload CHECK (length(CAST(payload AS BLOB)) <= 65536),
    CONSTRAINT event_digest CHECK (length(digest) = 8)
) WITHOUT ROWID""",
    """CREATE INDEX event_item ON event (learner_id, item_key, event_id)
    WHERE item_key != ''""",
    """CREATE INDEX event_rare ON event (learner_id, kind, event_id)
    WHERE kind >= 4""",
    """CREATE INDEX event_target ON event (learner_id, target_id)
    WHERE target_id IS NOT NULL""",
    """CREATE TABLE memory (
    learner_id BLOB NOT NULL,
    item_key VARCHAR(120) NOT NULL,
    due_day INTEGER NOT NULL,
    stability FLOAT NOT NULL,
    difficulty FLOAT NOT NULL,
    last_day INTEGER NOT NULL,
    reps INTEGER NOT NULL,
    lapses INTEGER NOT NULL,
    suspended BOOLEAN NOT NULL,
    algorithm TEXT NOT NULL,
    PRIMARY KEY (learner_id, item_key)
) WITHOUT ROWID""",
    """CREATE INDEX memory_due ON memory (learner_id, suspended, due_day)""",
    """CREATE TABLE meta (
    name VARCHAR(40) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID""",
    """CREATE TABLE pace (
    learner_id BLOB NOT NULL,
    item_key VARCHAR(120) NOT NULL,
    durations TEXT NOT NULL,
    median INTEGER NOT NULL,
    PRIMARY KEY (learner_id, item_key)
) WITHOUT ROWID""",
    """CREATE TABLE passed (
    learner_id BLOB NOT NULL,
    item_key VARCHAR(120) NOT NULL,
    study_day INTEGER NOT NULL,
    PRIMARY KEY (learner_id, item_key)
) WITHOUT ROWID""",
    """CREATE TABLE setting (
    learner_id BLOB NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (learner_id, name)
) WITHOUT ROWID""",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in TABLES:
        op.execute(statement)
