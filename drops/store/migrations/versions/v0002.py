"""Counts for Progress, mix-ups by item and as a whole, and a checksum of all that is derived.

The new tables are empty: the checksum of nothing fits nothing, and so the first opening
derives everything again. Spelled out, as the first schema is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _learner() -> sa.Column[bytes]:
    return sa.Column("learner_id", sa.LargeBinary(16), nullable=False)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tally", _learner(),
        sa.Column("item_key", sa.String(120), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False)
          for name in ("graded", "correct", "practice")),
        sa.Column("foreseen", sa.Text(), nullable=False),
        sa.Column("loss", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "item_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mixup", _learner(),
        sa.Column("item_key", sa.String(120), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("times", "tied", "last_day")),
        sa.PrimaryKeyConstraint("learner_id", "item_key", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sighting", _learner(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("item_keys", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False)
          for name in ("first_day", "last_day", "changed_day", "clean")),
        sa.PrimaryKeyConstraint("learner_id", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checksum", _learner(),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in (
            "memory", "daily", "passed", "pace", "setting", "tally", "mixup", "sighting")),
        sa.PrimaryKeyConstraint("learner_id"),
        sqlite_with_rowid=False,
    )
