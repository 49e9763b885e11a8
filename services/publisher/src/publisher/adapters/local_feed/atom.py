"""The feed as Atom (RFC 4287), with the films as enclosures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

from common.clock import rfc3339
from common.ids import derived_id

from publisher.adapters.local_feed.addresses import Addresses
from publisher.repository import FeedEntry

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# XML 1.0 has no way to write these characters, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BEFORE_ANY_FILM = datetime(2026, 1, 1, tzinfo=UTC)
ElementTree.register_namespace("", _ATOM)


def atom_feed(tenant: str, entries: Sequence[FeedEntry], *, edge_url: str, older: str | None) -> bytes:
    """The feed's document, newest film first; `older` is the cursor of the next page (RFC 5005)."""
    addresses = Addresses(edge_url)
    feed = ElementTree.Element(_name("feed"))
    _text(feed, "id", derived_id("local_feed", tenant).urn)
    _text(feed, "title", f"Films by {tenant}")
    _text(
        feed,
        "updated",
        rfc3339(max((entry.live_at or _BEFORE_ANY_FILM for entry in entries), default=_BEFORE_ANY_FILM)),
    )
    _text(_child(feed, "author"), "name", tenant)
    _text(feed, "generator", "Greenlight")
    _child(feed, "link", rel="self", type=MEDIA_TYPE, href=addresses.atom(tenant))
    _child(feed, "link", rel="alternate", type="text/html", href=addresses.feed(tenant))
    if older:
        _child(feed, "link", rel="next", type=MEDIA_TYPE, href=f"{addresses.atom(tenant)}?before={older}")
    for entry in entries:
        _entry(feed, tenant, entry, addresses)
    document: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _entry(feed: ElementTree.Element, tenant: str, entry: FeedEntry, addresses: Addresses) -> None:
    content = entry.content
    element = _child(feed, "entry")
    element.set(_LANG, _printable(content.language))
    live_at = rfc3339(entry.live_at or _BEFORE_ANY_FILM)
    _text(element, "id", entry.id.urn)
    _text(element, "title", content.title or "Untitled")
    _text(element, "published", live_at)
    _text(element, "updated", live_at)
    _text(element, "summary", content.caption)
    for tag in content.hashtags:
        _child(element, "category", term=tag.removeprefix("#"))
    _child(element, "link", rel="alternate", type="text/html", href=addresses.post(tenant, entry.id))
    _child(
        element,
        "link",
        rel="enclosure",
        type="video/mp4",
        length=str(content.video.size),
        href=addresses.video(tenant, entry.id),
        title=content.title,
    )


def _child(parent: ElementTree.Element, name: str, **attributes: str) -> ElementTree.Element:
    printable = {attribute: _printable(value) for attribute, value in attributes.items()}
    return ElementTree.SubElement(parent, _name(name), printable)


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    _child(parent, name).text = _printable(text)


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _printable(text: str) -> str:
    return _NOT_XML.sub("", text)
