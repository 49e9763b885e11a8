"""The local feed keeps what every platform promises."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

import httpx
import pytest
from common import http
from common.contracts.publishing import PostContent
from common.db.work import Work
from publisher.adapters.local_feed import LocalFeed
from publisher.ports import Platform, Post
from testkit.ports.platform import NewPost, PlatformPromises, Seen

TITLES = "{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title"


class TestLocalFeed(PlatformPromises):
    @pytest.fixture
    def platform(self, publisher: httpx.AsyncClient, local_feed: LocalFeed) -> Platform:
        """The feed, while the publisher answers at its address."""
        return local_feed

    @pytest.fixture
    async def blind(self, work: Work) -> AsyncIterator[Platform]:
        """The feed looking at an address where nobody listens."""
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{closed.getsockname()[1]}"
            async with http.client(base_url=address) as stranger:
                yield LocalFeed(work, stranger=stranger, edge_url=address)

    @pytest.fixture
    def a_post(self, write: Callable[..., Awaitable[PostContent]], tenant: str) -> NewPost:
        async def make(**words: Any) -> Post:
            return Post(
                id=uuid4(),
                tenant=tenant,
                run_id=uuid4(),
                item_id=uuid4(),
                platform="local_feed",
                content=await write(tenant, **words),
                manifest_sha256="0" * 64,
            )

        return make

    @pytest.fixture
    def seen(self, publisher: httpx.AsyncClient, tenant: str) -> Seen:
        async def titles() -> list[str]:
            atom = await publisher.get(f"/feed/{tenant}/atom.xml")
            return [str(title.text) for title in ElementTree.fromstring(atom.content).iterfind(TITLES)]

        return titles
