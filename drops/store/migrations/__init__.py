"""Every step from the first schema to today's, run by `drops.store.file.schema`."""
