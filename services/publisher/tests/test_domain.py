"""What may be published where, and which bytes are meant."""

from __future__ import annotations

import pytest
from common.contracts.publishing import PostContent
from common.contracts.values import ArtifactRef
from common.service.files import Span, Unsatisfiable, read_range
from hypothesis import given
from hypothesis import strategies as st
from publisher.adapters.local_feed.platform import LIMITS
from publisher.domain import Breach, breaches


def a_post(**changes: object) -> PostContent:
    """A post that the local feed takes, but for the changes."""
    file = {"sha256": "0" * 64, "size": 10}
    values: dict[str, object] = {
        "title": "t",
        "caption": "c",
        "video": {**file, "media_type": "video/mp4"},
        "thumbnail": {**file, "media_type": "image/jpeg"},
        "captions": {**file, "media_type": "text/vtt; charset=utf-8"},
        "duration_ms": 1,
        "width": 1,
        "height": 1,
        "platforms": ("local_feed",),
    }
    return PostContent.model_validate({**values, **changes})


@pytest.mark.parametrize(
    ("post", "found"),
    [
        (a_post(), []),
        (a_post(title="t" * 200, caption="c" * 5000, hashtags=("a", "#b", "straße", "日本", "हिन्दी", "2026")), []),
        (a_post(title="t" * 201), [Breach.TITLE_TOO_LONG]),
        (a_post(caption="c" * 5001), [Breach.CAPTION_TOO_LONG]),
        (a_post(hashtags=("a",) * 31), [Breach.TOO_MANY_HASHTAGS]),
        (a_post(hashtags=("", "#", "two words", "<b>", "a" * 101)), [Breach.HASHTAG_INVALID] * 5),
        (a_post(duration_ms=3_600_001), [Breach.FILM_TOO_LONG]),
        (a_post(video=ArtifactRef(sha256="0" * 64, size=5 << 30, media_type="video/mp4")), [Breach.FILM_TOO_LARGE]),
        (
            a_post(thumbnail=ArtifactRef(sha256="0" * 64, size=1, media_type="image/svg+xml")),
            [Breach.MEDIA_NOT_ACCEPTED],
        ),
    ],
)
def test_limits_are_kept(post: PostContent, found: list[Breach]) -> None:
    assert [breach for breach, _ in breaches(post, LIMITS)] == found


@given(st.text(max_size=40), st.integers(0, 100))
def test_any_range_header_means_bytes_that_are_there(header: str, size: int) -> None:
    for candidate in (header, f"bytes={header}"):
        try:
            span = read_range(candidate, size=size)
        except Unsatisfiable:
            continue
        assert span is None or 0 <= span.start < span.end <= size


@given(st.integers(0, 120), st.integers(0, 120), st.integers(1, 100))
def test_a_range_is_cut_to_the_file(first: int, last: int, size: int) -> None:
    try:
        span = read_range(f"bytes={first}-{last}", size=size)
    except Unsatisfiable:
        assert first >= size
    else:
        assert span == (Span(first, min(last + 1, size)) if first <= last else None)
