"""What the publisher serves and leans on: platforms to publish on, and compliance's door. Read this first."""

from __future__ import annotations

from functools import partial
from typing import assert_never

from common import http
from common.bus.runner import serves
from common.contracts.publishing import Publish
from common.service.serve import Platform as Suite
from common.service.serve import Wiring
from common.service.sharing import SharedRuns

from publisher import api, handlers
from publisher.adapters.compliance import ComplianceDoor
from publisher.adapters.local_feed import OPEN_PATH, LocalFeed, feed_router
from publisher.models import run_shares
from publisher.ports import Platform
from publisher.releases import Releases
from publisher.settings import PlatformName, Settings

LOOK_SECONDS = 10.0


def wire(settings: Settings, suite: Suite) -> Wiring:
    """`Publish` on the platforms that are on, `/v1/posts`, and the open feed under `/feed/`."""
    stranger = http.client(base_url=settings.own_address, timeout_seconds=LOOK_SECONDS)
    compliance = http.client(base_url=settings.compliance_url)
    door = ComplianceDoor(compliance, identity=suite.identity)

    def platform(name: PlatformName) -> Platform:
        match name:
            case "local_feed":
                return LocalFeed(suite.work, stranger=stranger, edge_url=settings.edge_url)
            case _:
                assert_never(name)

    platforms: dict[str, Platform] = {name: platform(name) for name in settings.platforms}
    releases = Releases(suite.work, platforms=platforms, door=door, settle_after_seconds=settings.settle_after_seconds)
    shares = SharedRuns(suite.work, suite.bus, table=run_shares)
    return Wiring(
        service="publisher",
        routers=[
            api.router(suite.work),
            feed_router(suite.work, suite.artifacts, edge_url=settings.edge_url, page_size=settings.feed_page_size),
        ],
        serves=[serves(Publish, partial(handlers.publish, platforms=platforms, door=door, clock=suite.clock))],
        loops=[releases.report_for_ever, releases.settle_for_ever, shares.run],
        open_paths=[OPEN_PATH],
        closes=[stranger.aclose, compliance.aclose],
    )
