"""Run by alembic, on the connection and in the transaction that `drops.store.file.schema` opened."""

from __future__ import annotations

from alembic import context

# batch: SQLite cannot alter most of a table in place, so a step copies it.
context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
