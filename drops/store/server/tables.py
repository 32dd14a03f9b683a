"""What a server holds beside the logs: the classes, and who is in them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, String, Table

from drops.store.tables import META, METADATA

# What stands in a log without whose it is belongs to a file: who it is of, and its last import.
LOG_TABLES = tuple(table for table in METADATA.sorted_tables if table is not META)
for _index in (one for table in LOG_TABLES for one in table.indexes):
    # Rows outside are left out here as in a file. Said here: beside SQLite's it would load a server's
    # engine, 3 MB and 40 ms, for every learner.
    _index.dialect_options["postgresql"]["where"] = _index.dialect_options["sqlite"]["where"]
ROSTER = MetaData()

CLASS = Table(
    "class", ROSTER,
    Column("class_id", LargeBinary(16), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False),              # of the teacher's link
)  # fmt: skip
LEARNER = Table(
    "learner", ROSTER,
    Column("learner_id", LargeBinary(16), primary_key=True),
    Column("class_id", LargeBinary(16), nullable=False),
    Column("name", String(80), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column("seen_us", BigInteger, nullable=False),                      # when they last came; 0: never
)  # fmt: skip
Index("learner_class", LEARNER.c.class_id, LEARNER.c.learner_id)
