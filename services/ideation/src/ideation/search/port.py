"""What ideation asks of a search: a question in, claims with their sources out."""

from __future__ import annotations

import html
import re
from typing import Protocol

from common.contracts.ideation import Claim
from common.contracts.values import Value

_TAG = re.compile(r"<[^>]*>")
_TEXT_LIMIT, _TITLE_LIMIT, _URL_LIMIT = 600, 200, 2000


class Found(Value):
    """What a search gave. `trouble` says why it is less than it could be; empty when all went well."""

    claims: tuple[Claim, ...] = ()
    trouble: str = ""


class Search(Protocol):
    """Somewhere to look things up. Adapters neither retry nor invent: nothing found is an empty answer."""

    @property
    def name(self) -> str:
        """The adapter and its place, such as `searxng/search.example.com`."""

    async def find(self, question: str, *, most: int) -> Found:
        """At most `most` claims about the question, the best first. Raises the vendor errors of `common.errors`."""

    async def close(self) -> None:
        """Close the connections."""


def claim_of(*, text: object, title: object, url: object, found_by: str, published: object = "") -> Claim | None:
    """A claim in plain words, cut to a readable length; None for what has no words or no address on the web."""
    said, called, address = _plain(text)[:_TEXT_LIMIT], _plain(title)[:_TITLE_LIMIT], str(url or "").strip()
    if not (said or called) or not re.match(r"https?://[^\s]+$", address) or len(address) > _URL_LIMIT:
        return None
    when = _plain(published)[:40]
    return Claim(text=said or called, title=called or address, url=address, found_by=found_by, published=when)


def _plain(text: object) -> str:
    """Words without mark-up, in one line."""
    return " ".join(html.unescape(_TAG.sub(" ", str(text or ""))).replace("\0", "").split())
