"""The screens. The only importer of Textual and Rich.

A strict stack, in reading order: base (theme and ink, the one widget that everything is), blocks
(what is shown), asks (what is asked), screens, table (all of them by name), keymap, palette, app.
"""

import os

# Read when Textual is imported: a key otherwise waits for the next 1/60 s while something moves.
os.environ.setdefault("TEXTUAL_FPS", "240")
