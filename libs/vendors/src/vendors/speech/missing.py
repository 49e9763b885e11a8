"""A voice that is switched off, or has no key: every text is refused at once, and nobody is asked."""

from __future__ import annotations

from common.contracts.values import Origin
from common.errors import Permanent

from vendors.speech.port import SpokenText, require_pace, require_sayable


class NoVoice:
    """Stands where a voice would, and says why there is none."""

    origin = Origin.REAL

    def __init__(self, name: str, *, reason: Permanent) -> None:
        self.name = self.about = name
        self._reason = reason

    def usd_micros_for(self, text: str) -> int:
        """Nothing costs nothing."""
        return 0

    async def speak(self, text: str, *, language: str, pace: float = 1.0) -> SpokenText:
        """Raises the reason."""
        require_sayable(text)
        require_pace(pace)
        raise self._reason

    async def close(self) -> None:
        """There is nothing to close."""
