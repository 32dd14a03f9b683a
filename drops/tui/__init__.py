"""The screens. The only importer of Textual and Rich.

In reading order: theme and ink (how things look), pixels (geometry without a terminal), one
file for each picture, blocks (the whole vocabulary), drawn (the one widget they all are),
asking (what can be asked), then a file for each screen, and app.
"""

import os

# Read when Textual is imported: a key otherwise waits for the next 1/60 s while something moves.
os.environ.setdefault("TEXTUAL_FPS", "240")
