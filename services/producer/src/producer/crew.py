"""Which vendor films, as the settings say."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

import httpx
from common import http
from common.bus.waiting import Patience
from common.contracts.values import Origin
from redis.asyncio import Redis
from vendors.clips.missing import NoClips
from vendors.clips.openai_videos import OpenAIVideos
from vendors.clips.openrouter_videos import OpenRouterVideos
from vendors.clips.port import ClipMaker
from vendors.clips.remembering import Remembering
from vendors.clips.stock import Pexels, Pixabay, StockClips
from vendors.wire import VendorKeyMissing, VendorOff

from producer.filming import Crew
from producer.policy import PolicyDoor
from producer.settings import Settings

_ANSWER_SECONDS = 60.0


def crew_of(settings: Settings, *, redis: Redis, policy: PolicyDoor) -> Crew | None:
    """The crew that films, or None where the storyboard renderer draws."""
    maker = _maker(settings, redis)
    if maker is None:
        return None
    return Crew(
        maker=maker,
        policy=policy,
        webhook=settings.clips_webhook,
        may_fall_back=settings.clips_fallback == "storyboard",
        patience=Patience(
            poll=timedelta(seconds=settings.clips_poll_seconds),
            lasts=timedelta(seconds=settings.clips_patience_seconds),
        ),
        endpoint=settings.clips_url,
        forgets=settings.clips_delete,
    )


def _maker(settings: Settings, redis: Redis) -> ClipMaker | None:
    price = int(settings.clips_usd_per_second * 1_000_000)
    origin = Origin.SANDBOX if settings.clips_mode == "sandbox" else Origin.REAL
    match settings.clips:
        case "storyboard":
            return None
        case "off":
            return NoClips("clips", reason=VendorOff("Filming is switched off (GREENLIGHT_CLIPS=off)."))
        case "openai_videos" | "openrouter_videos" | "pexels" | "pixabay" if not settings.clips_key.get_secret_value():
            return NoClips(settings.clips, reason=VendorKeyMissing("GREENLIGHT_CLIPS_KEY is not set."))
        case "openai_videos":
            return OpenAIVideos(
                _client(settings), model=settings.clips_model, usd_micros_per_second=price, origin=origin
            )
        case "openrouter_videos":
            return OpenRouterVideos(
                _client(settings),
                model=settings.clips_model,
                lengths=settings.clips_lengths,
                usd_micros_per_second=price,
                origin=origin,
            )
        case "pexels" | "pixabay":
            # Files are on other hosts, which our key is none of: it goes with searches only.
            key = settings.clips_key.get_secret_value()
            library = Pexels(key) if settings.clips == "pexels" else Pixabay(key)
            client = http.client(base_url=settings.clips_url, timeout_seconds=_ANSWER_SECONDS)
            return StockClips(client, Remembering(library, account=key, redis=redis), origin=origin)
        case _:
            assert_never(settings.clips)


def _client(settings: Settings) -> httpx.AsyncClient:
    client = http.client(base_url=settings.clips_url, timeout_seconds=_ANSWER_SECONDS)
    client.headers["authorization"] = f"Bearer {settings.clips_key.get_secret_value()}"
    return client
