"""`python -m drops` is `drops`."""

import sys

from drops.cli.main import main

sys.exit(main())
