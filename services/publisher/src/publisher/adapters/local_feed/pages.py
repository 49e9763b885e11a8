"""The feed as HTML. Every value goes through `Markup.format`, which escapes it; there is no other way in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

from common.clock import rfc3339
from common.pages import ICON, house_style
from markupsafe import Markup

from publisher.adapters.local_feed.addresses import Addresses
from publisher.repository import FeedEntry

_STYLE = house_style(__package__)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self' data:; media-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}
"""No script can run on these pages, whatever a title or caption says."""

_LANGUAGES = {
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pt": "Português",
}
_SIGNAL = Markup(
    '<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"'
    ' aria-hidden="true"><circle cx="3.2" cy="12.8" r="1" fill="currentColor" stroke="none"/>'
    '<path d="M2.4 7.6a6 6 0 0 1 6 6M2.4 2.8A10.8 10.8 0 0 1 13.2 13.6"/></svg>'
)
_REEL = Markup(
    '<svg viewBox="0 0 120 120" fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round"'
    ' aria-hidden="true"><rect x="34" y="10" width="52" height="92" rx="11"/><path d="M53 44v24l20-12z"'
    ' fill="currentColor"/><path d="M22 24v66M98 24v66M11 38v38M109 38v38" stroke-linecap="round" opacity=".4"/></svg>'
)
_SHELL = Markup(
    """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{icon}">
<link rel="alternate" type="application/atom+xml" title="{tenant}" href="{atom}">
{head}<style>{style}</style>
</head>
<body>
<a class="skip" href="#films">Skip to the films</a>
{body}
<footer><div class="wrap"><span>Made and released with Greenlight.</span>\
<span>Nothing leaves without a green light.</span></div></footer>
</body>
</html>
"""
)
_MASTHEAD = Markup(
    """<header class="masthead"><div class="wrap">
<div><p class="eyebrow">Films by</p><h1>{tenant}</h1></div>
<a class="pill" href="{atom}">{signal}Follow the feed</a>
</div></header>
"""
)
_VIDEO = Markup(
    """<div class="screen"><video controls playsinline preload="{preload}" width="{width}" height="{height}"\
 poster="{thumbnail}" aria-label="{title}">
<source src="{video}" type="video/mp4">
<track kind="captions" src="{captions}" srclang="{language}" label="{language_name}">
<a href="{video}">Download the film</a>
</video></div>"""
)
_META = Markup(
    '<p class="meta">{badge}<time datetime="{instant}">{day}</time><span>{seconds}</span><span>{language}</span></p>'
)


class FeedPages:
    """Pages of one tenant's feed."""

    def __init__(self, tenant: str, *, edge_url: str) -> None:
        self._tenant = tenant
        self._paths = Addresses("")
        self._public = Addresses(edge_url)

    def feed(self, entries: Sequence[FeedEntry], *, older: str | None, first_page: bool = True) -> str:
        """The tenant's films, newest first; `older` is the cursor of the next page."""
        films: Iterable[FeedEntry] = entries
        parts = []
        if not entries:
            parts.append(self._nothing_yet())
        elif first_page:
            parts.append(self._lead(entries[0], heading="h2", badge="Latest", linked=True))
            films = entries[1:]
        cards = Markup("\n").join(Markup("<li>{}</li>").format(self._card(film)) for film in films)
        if cards:
            title = "Earlier films"
            parts.append(Markup('<h2 class="shelf-title">{}</h2><ol class="shelf">{}</ol>').format(title, cards))
        if older:
            parts.append(Markup('<p class="pages"><a class="pill" href="?before={}">Older films</a></p>').format(older))
        body = Markup('{}<main id="films" class="wrap">{}</main>').format(self._masthead(), Markup("\n").join(parts))
        head = _properties(
            {
                "og:type": "website",
                "og:title": f"Films by {self._tenant}",
                "og:url": self._public.feed(self._tenant),
                "og:site_name": self._tenant,
            }
        )
        return self._shell(f"Films by {self._tenant}", head=head, body=body)

    def post(self, entry: FeedEntry, *, others: list[FeedEntry]) -> str:
        """One film with everything about it, and a few others below."""
        parts = [self._lead(entry, heading="h1", badge="", linked=False)]
        if others:
            stills = Markup("\n").join(Markup("<li>{}</li>").format(self._still(other)) for other in others)
            parts.append(Markup('<h2 class="shelf-title">More films</h2><ol class="shelf">{}</ol>').format(stills))
        body = Markup(
            '<header class="masthead"><div class="wrap"><a class="pill" href="{feed}">← All films by {tenant}</a>'
            '</div></header><main id="films" class="wrap">{parts}</main>'
        ).format(feed=self._paths.feed(self._tenant), tenant=self._tenant, parts=Markup("\n").join(parts))
        return self._shell(
            f"{entry.content.title} · {self._tenant}", head=self._preview(entry), body=body, language="en"
        )

    def missing(self) -> str:
        """What a stranger gets for a film that is not here, or not public."""
        body = Markup(
            '<main id="films" class="wrap"><div class="quiet">{reel}<h1>This film is not here</h1>'
            "<p>It may have been taken down, or the address is not quite right.</p>"
            '<a class="pill" href="{feed}">All films by {tenant}</a></div></main>'
        ).format(reel=_REEL, feed=self._paths.feed(self._tenant), tenant=self._tenant)
        return self._shell("Not here", head=Markup('<meta name="robots" content="noindex">\n'), body=body)

    def _shell(self, title: str, *, head: Markup, body: Markup, language: str = "en") -> str:
        return _SHELL.format(
            title=title,
            tenant=self._tenant,
            atom=self._paths.atom(self._tenant),
            icon=ICON,
            head=head,
            style=_STYLE,
            body=body,
            language=language,
        )

    def _masthead(self) -> Markup:
        return _MASTHEAD.format(tenant=self._tenant, atom=self._paths.atom(self._tenant), signal=_SIGNAL)

    def _nothing_yet(self) -> Markup:
        return Markup(
            '<div class="quiet">{}<h2>The first film is on its way</h2>'
            "<p>Films appear here the moment they are released. Follow the feed and you will not miss it.</p></div>"
        ).format(_REEL)

    def _lead(self, entry: FeedEntry, *, heading: Literal["h1", "h2"], badge: str, linked: bool) -> Markup:
        content = entry.content
        wide = " wide" if content.width > content.height else ""
        title = Markup('<a href="{}">{}</a>').format(self._link(entry), content.title) if linked else content.title
        acts = Markup("")
        if not linked:
            acts = Markup(
                '<p class="acts"><a class="pill" href="{}" download="{}.mp4">Download the film</a>'
                '<a class="pill" href="{}">Captions</a></p>'
            ).format(
                self._paths.video(self._tenant, entry.id),
                entry.id,
                self._paths.captions(self._tenant, entry.id),
            )
        return Markup(
            '<article class="lead{wide}">{video}<div class="words">{meta}'
            '<{heading} lang="{language}" dir="auto">{title}</{heading}>{caption}{tags}{acts}</div></article>'
        ).format(
            wide=wide,
            video=self._video(entry, preload="metadata"),
            meta=_meta(entry, badge=badge),
            heading=heading,
            language=content.language,
            title=title,
            caption=_caption(entry),
            tags=_tags(entry),
            acts=acts,
        )

    def _card(self, entry: FeedEntry) -> Markup:
        return Markup(
            '<article class="card">{video}<div class="words">{meta}<h3 lang="{language}" dir="auto">'
            '<a href="{link}">{title}</a></h3>{caption}{tags}</div></article>'
        ).format(
            video=self._video(entry, preload="none"),
            meta=_meta(entry),
            language=entry.content.language,
            link=self._link(entry),
            title=entry.content.title,
            caption=_caption(entry),
            tags=_tags(entry),
        )

    def _still(self, entry: FeedEntry) -> Markup:
        return Markup(
            '<article class="card"><a class="still" href="{link}" tabindex="-1" aria-hidden="true">'
            '<img src="{still}" alt="" loading="lazy" width="{width}" height="{height}"></a>'
            '<div class="words">{meta}<h3 lang="{language}" dir="auto"><a href="{link}">{title}</a></h3></div>'
            "</article>"
        ).format(
            link=self._link(entry),
            still=self._paths.thumbnail(self._tenant, entry.id),
            width=entry.content.width,
            height=entry.content.height,
            meta=_meta(entry),
            language=entry.content.language,
            title=entry.content.title,
        )

    def _video(self, entry: FeedEntry, *, preload: str) -> Markup:
        content = entry.content
        return _VIDEO.format(
            preload=preload,
            width=content.width,
            height=content.height,
            title=content.title,
            thumbnail=self._paths.thumbnail(self._tenant, entry.id),
            video=self._paths.video(self._tenant, entry.id),
            captions=self._paths.captions(self._tenant, entry.id),
            language=content.language,
            language_name=_language_name(content.language),
        )

    def _preview(self, entry: FeedEntry) -> Markup:
        """What a link to this film looks like where it is shared."""
        content = entry.content
        still = self._public.thumbnail(self._tenant, entry.id)
        return _properties(
            {
                "og:type": "video.other",
                "og:site_name": self._tenant,
                "og:title": content.title,
                "og:description": content.caption,
                "og:url": self._public.post(self._tenant, entry.id),
                "og:image": still,
                "og:image:type": "image/jpeg",
                "og:image:alt": content.title,
                "og:video": self._public.video(self._tenant, entry.id),
                "og:video:type": "video/mp4",
                "og:video:width": str(content.width),
                "og:video:height": str(content.height),
                "video:duration": str(max(1, round(content.duration_ms / 1000))),
            }
        ) + Markup(
            '<meta name="description" content="{description}">\n'
            '<meta name="twitter:card" content="summary_large_image">\n'
            '<meta name="twitter:image" content="{still}">\n<link rel="canonical" href="{url}">\n'
        ).format(description=content.caption, still=still, url=self._public.post(self._tenant, entry.id))

    def _link(self, entry: FeedEntry) -> str:
        return self._paths.post(self._tenant, entry.id)


def _properties(values: dict[str, str]) -> Markup:
    return Markup("").join(
        Markup('<meta property="{}" content="{}">\n').format(name, value) for name, value in values.items()
    )


def _meta(entry: FeedEntry, *, badge: str = "") -> Markup:
    at = (entry.live_at or datetime.now(UTC)).astimezone(UTC)
    seconds = max(1, round(entry.content.duration_ms / 1000))
    return _META.format(
        badge=Markup("<b>{}</b>").format(badge) if badge else "",
        instant=rfc3339(at),
        day=f"{at.day} {at:%B %Y}",
        seconds=f"{seconds // 60}:{seconds % 60:02}",
        language=_language_name(entry.content.language),
    )


def _caption(entry: FeedEntry) -> Markup:
    if not entry.content.caption:
        return Markup("")
    return Markup('<p class="caption" lang="{}" dir="auto">{}</p>').format(
        entry.content.language, entry.content.caption
    )


def _tags(entry: FeedEntry) -> Markup:
    if not entry.content.hashtags:
        return Markup("")
    tags = Markup("").join(
        Markup('<li dir="auto">#{}</li>').format(tag.removeprefix("#")) for tag in entry.content.hashtags
    )
    return Markup('<ul class="tags" lang="{}">{}</ul>').format(entry.content.language, tags)


def _language_name(tag: str) -> str:
    return _LANGUAGES.get(tag.partition("-")[0].lower(), tag)
