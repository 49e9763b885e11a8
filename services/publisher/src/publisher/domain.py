"""What may be published where, and which post is which. No I/O."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from common.contracts.publishing import Audience, PostContent

_JOINERS = frozenset("_·\u200c\u200d")


class PostState(StrEnum):
    """How far a post has come. From `finishing` on it may be public, so it is looked for before anything is done."""

    PREPARING = "preparing"
    FINISHING = "finishing"
    PUBLIC = "public"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"


MAY_BE_PUBLIC = frozenset({PostState.FINISHING, PostState.UNCONFIRMED})


class ReleaseOutcome(StrEnum):
    """What compliance is told about a permit it gave us."""

    RELEASED = "released"
    RELEASE_FAILED = "release_failed"


@dataclass(frozen=True)
class Limits:
    """What a platform takes: facts that shared code reads instead of the platform's name."""

    title_characters: int
    caption_characters: int
    hashtags: int
    hashtag_characters: int
    video_types: frozenset[str]
    thumbnail_types: frozenset[str]
    caption_types: frozenset[str]
    duration_ms: int
    video_bytes: int
    audiences: frozenset[Audience] = frozenset({Audience.PUBLIC})
    accounts: frozenset[str] | None = None
    """The accounts it knows; None: it has no accounts, and takes any name."""


class Breach(StrEnum):
    """A limit that a post does not keep."""

    TITLE_TOO_LONG = "title_too_long"
    CAPTION_TOO_LONG = "caption_too_long"
    TOO_MANY_HASHTAGS = "too_many_hashtags"
    HASHTAG_INVALID = "hashtag_invalid"
    MEDIA_NOT_ACCEPTED = "media_not_accepted"
    FILM_TOO_LONG = "film_too_long"
    FILM_TOO_LARGE = "film_too_large"
    VISIBILITY_NOT_OFFERED = "visibility_not_offered"
    ACCOUNT_UNKNOWN = "account_unknown"


def breaches(content: PostContent, limits: Limits) -> Iterator[tuple[Breach, str]]:
    """Every limit the post does not keep, each with a sentence that says what to change."""
    for breach, what, length, limit in (
        (Breach.TITLE_TOO_LONG, "title", len(content.title), limits.title_characters),
        (Breach.CAPTION_TOO_LONG, "caption", len(content.caption), limits.caption_characters),
    ):
        if length > limit:
            yield breach, f"The {what} has {length} characters; {limit} are allowed."
    if len(content.hashtags) > limits.hashtags:
        yield Breach.TOO_MANY_HASHTAGS, f"There are {len(content.hashtags)} hashtags; {limits.hashtags} are allowed."
    for hashtag in content.hashtags:
        if not is_one_word(hashtag.removeprefix("#")) or len(hashtag) > limits.hashtag_characters:
            yield (
                Breach.HASHTAG_INVALID,
                f"{hashtag!r} is no hashtag: one word of at most {limits.hashtag_characters} characters is.",
            )
    for name, media_type, accepted in (
        ("video", content.video.media_type, limits.video_types),
        ("thumbnail", content.thumbnail.media_type, limits.thumbnail_types),
        ("captions", content.captions.media_type, limits.caption_types),
    ):
        if media_type.partition(";")[0].strip().lower() not in accepted:
            yield (
                Breach.MEDIA_NOT_ACCEPTED,
                f"The {name} is {media_type!r}; {', '.join(sorted(accepted))} is accepted.",
            )
    if content.duration_ms > limits.duration_ms:
        yield Breach.FILM_TOO_LONG, f"The film runs {content.duration_ms} ms; {limits.duration_ms} are allowed."
    if content.video.size > limits.video_bytes:
        yield Breach.FILM_TOO_LARGE, f"The film has {content.video.size} bytes; {limits.video_bytes} are allowed."
    if content.visibility not in limits.audiences:
        offered = ", ".join(sorted(limits.audiences))
        yield Breach.VISIBILITY_NOT_OFFERED, f"It cannot be {content.visibility.value!r} there; {offered} is offered."
    if limits.accounts is not None and content.account not in limits.accounts:
        yield Breach.ACCOUNT_UNKNOWN, f"There is no account {content.account!r} there."


def is_one_word(text: str) -> bool:
    """Whether the text is one word in any script: letters, marks and digits, without blanks or punctuation."""
    # A regular expression's \w leaves out the vowel signs of Hindi, Thai and many others.
    return bool(text) and all(letter in _JOINERS or unicodedata.category(letter)[0] in "LMN" for letter in text)
