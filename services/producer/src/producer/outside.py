"""Who makes whole videos, as the settings say."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

from common import http
from common.bus.waiting import Patience
from common.contracts.values import Origin
from vendors.videos.descript import Descript
from vendors.wire import VendorKeyMissing, VendorOff

from producer.policy import PolicyDoor
from producer.settings import Settings
from producer.video_content import Outside

_ANSWER_SECONDS = 60.0


def outside_of(settings: Settings, *, policy: PolicyDoor) -> Outside:
    """The vendor, or why there is none."""
    patience = Patience(
        poll=timedelta(seconds=settings.video_poll_seconds), lasts=timedelta(seconds=settings.video_patience_seconds)
    )
    match settings.video:
        case "off":
            said = "Making whole videos is switched off (GREENLIGHT_VIDEO=off); short_video makes films by itself."
            return Outside(maker=None, policy=policy, patience=patience, missing=VendorOff(said))
        case "descript" if not settings.video_key.get_secret_value():
            return Outside(
                maker=None,
                policy=policy,
                patience=patience,
                missing=VendorKeyMissing("GREENLIGHT_VIDEO_KEY is not set."),
            )
        case "descript":
            client = http.client(base_url=settings.video_url, timeout_seconds=_ANSWER_SECONDS)
            client.headers["authorization"] = f"Bearer {settings.video_key.get_secret_value()}"
            return Outside(
                maker=Descript(client, origin=Origin.SANDBOX if settings.video_mode == "sandbox" else Origin.REAL),
                policy=policy,
                usd_micros_each=int(settings.video_usd_each * 1_000_000),
                patience=patience,
            )
        case _:
            assert_never(settings.video)
