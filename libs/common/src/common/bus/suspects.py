"""Attempts that may be what ends their worker: each is worked on without another suspect beside it.

A process that dies takes down all it works on, and each of these is claimed once more. Were they always taken up
together, what was only beside would be given up as poison together with what kills.
"""

from __future__ import annotations

from typing import Any

POISON_CLAIMS = 8
"""An attempt that was taken up this often and never ended kills its worker each time; it is given up."""
SUSPECT_CLAIMS = POISON_CLAIMS // 2
"""One that was taken up more often than this, and never ended, may be the one."""
AGAIN_SECONDS = 1.0
"""When a suspect comes again that found another one at work."""


class Suspects:
    """Who of them is at work in this process, whichever of its services it belongs to."""

    def __init__(self) -> None:
        self._at_work: Any = None

    def may_begin(self, step: Any, *, claims: int) -> bool:
        """Whether a step that was claimed so often may be worked on now; if it is a suspect, it is the one."""
        if claims <= SUSPECT_CLAIMS:
            return True
        if self._at_work is not None:
            return False
        self._at_work = step
        return True

    def ended(self, step: Any) -> None:
        """It is not worked on any more."""
        if self._at_work is step:
            self._at_work = None


SUSPECTS = Suspects()
