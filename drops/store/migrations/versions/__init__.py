"""One file a step, named after the schema it leads to. A published step is never edited."""
