"""The screens. The only importer of Textual and Rich.

A strict stack, in reading order: base (theme and ink, the one widget that everything is), blocks
(what is shown), asks (what is asked), screens, table (all of them by name), keymap, palette, app.
"""

import os

# Read when Textual is imported: what is painted soon after something else waits for the next of these ticks,
# a key during a run among it. An event loop waits for a millisecond at least.
os.environ.setdefault("TEXTUAL_FPS", "1000")
