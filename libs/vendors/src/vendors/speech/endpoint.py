"""What voices at an endpoint have in common: whose voice it is, what it costs, and how what it said is measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import httpx
from common.contracts.values import Origin
from common.errors import VendorRefused

from vendors.speech.alignment import Mark, Pause, align
from vendors.speech.port import SpokenText
from vendors.speech.silences import find_pauses, guess_marks

SAMPLE_RATE = 24_000
"""All of them are asked for 24 kHz, 16 bits, one channel."""
_BYTES_PER_SAMPLE = 2
_SHORTEST = SAMPLE_RATE // 100 * _BYTES_PER_SAMPLE
"""Bytes of a hundredth of a second: what is shorter is no speech."""


class SpeechEndpoint:
    """One voice of an endpoint, which `client` knows the address of and has the key for."""

    name: ClassVar[str]
    languages: ClassVar[frozenset[str]]
    """The languages that it speaks, as ISO 639 writes them."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        model: str,
        voice: str,
        usd_micros_per_thousand: int,
        origin: Origin = Origin.REAL,
    ) -> None:
        self.origin = origin
        self._client = client
        self._model = model
        self._voice = voice
        self._price = usd_micros_per_thousand

    @property
    def about(self) -> str:
        """See `Speaker`."""
        return f"{self.name}/{self._model}/{self._voice} {self.origin.value} {self._client.base_url}"

    def usd_micros_for(self, text: str) -> int:
        """What saying it costs at most: by its characters, of which some models bill fewer than there are."""
        return self._costs(len(text))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _costs(self, characters: int) -> int:
        return -(-self._price * characters // 1000)

    def _measured(
        self,
        text: str,
        pcm: bytes,
        *,
        language: str,
        cost_usd_micros: int,
        times: tuple[Sequence[Mark], Sequence[Pause]] | None = None,
    ) -> SpokenText:
        """The speech with the time of each word: by `times` where the endpoint said them, else by its silences.

        Raises `VendorRefused` for what is too short to be speech.
        """
        if len(pcm) < _SHORTEST:
            raise VendorRefused(f"{self.name} found nothing in the text that it can say ({len(pcm)} bytes).")
        whole = pcm[: len(pcm) // _BYTES_PER_SAMPLE * _BYTES_PER_SAMPLE]
        duration_ms = len(whole) // _BYTES_PER_SAMPLE * 1000 // SAMPLE_RATE
        silences, begins_ms, ends_ms = find_pauses(whole, sample_rate=SAMPLE_RATE)
        marks, pauses = times or guess_marks(text, silences, begins_ms=begins_ms)
        return SpokenText(
            pcm=whole,
            sample_rate=SAMPLE_RATE,
            duration_ms=duration_ms,
            words=align(text, marks, pauses, duration_ms=min(ends_ms, duration_ms)),
            voice=f"{self.name}/{self._voice}",
            language_supported=language.strip().lower().split("-")[0] in self.languages,
            cost_usd_micros=cost_usd_micros,
        )
