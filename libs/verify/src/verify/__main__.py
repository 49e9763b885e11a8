"""`python -m verify PACK`, where the console script is not installed."""

from __future__ import annotations

import sys

from verify.main import main

sys.exit(main())
