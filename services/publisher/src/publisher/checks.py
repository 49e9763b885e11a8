"""What is checked before a post goes anywhere: its shape, the platforms' limits, and its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from common.artifacts import Artifacts
from common.contracts.publishing import PostContent
from common.contracts.values import JsonObject
from common.errors import NotFound, Rejected, Unavailable
from common.manifest import canonical_json
from pydantic import ValidationError

from publisher import errors
from publisher.domain import Breach, Limits, breaches
from publisher.ports import Platform

_NO_END = 1 << 62
_ERRORS: dict[Breach, type[Rejected]] = {
    Breach.TITLE_TOO_LONG: errors.TitleTooLong,
    Breach.CAPTION_TOO_LONG: errors.CaptionTooLong,
    Breach.TOO_MANY_HASHTAGS: errors.TooManyHashtags,
    Breach.HASHTAG_INVALID: errors.HashtagInvalid,
    Breach.MEDIA_NOT_ACCEPTED: errors.MediaNotAccepted,
    Breach.FILM_TOO_LONG: errors.FilmTooLong,
    Breach.FILM_TOO_LARGE: errors.FilmTooLarge,
    Breach.VISIBILITY_NOT_OFFERED: errors.VisibilityNotOffered,
    Breach.ACCOUNT_UNKNOWN: errors.AccountUnknown,
}


def read_content(post: JsonObject) -> PostContent:
    """The approved content. Raises `PostInvalid` when it is not publishable as it stands."""
    try:
        content = PostContent.model_validate(post)
        canonical = canonical_json(post)
    except ValidationError as error:
        raise errors.PostInvalid(f"The post cannot be read: {_first_of(error)}") from error
    except ValueError as error:
        raise errors.PostInvalid(f"The post has no canonical form: {error}") from error
    if b"\\u0000" in canonical:
        raise errors.PostInvalid("The post contains a NUL character.")
    return content


def choose(content: PostContent, platforms: Mapping[str, Platform]) -> Sequence[Platform]:
    """The platforms of the post, each once. Raises for one that is not on, and for the first limit that is not kept."""
    chosen = []
    for name in dict.fromkeys(content.platforms):
        platform = platforms.get(name)
        if platform is None:
            raise errors.PlatformUnknown(f"{name!r} is not on here; {', '.join(sorted(platforms))} is.")
        check_limits(content, platform.limits)
        chosen.append(platform)
    return chosen


def check_limits(content: PostContent, limits: Limits) -> None:
    """Raises the error of the first limit that the post does not keep, with all of them in its sentence."""
    found = list(breaches(content, limits))
    if found:
        raise _ERRORS[found[0][0]](" ".join(sentence for _, sentence in found))


async def verify(content: PostContent, artifacts: Artifacts, *, tenant: str) -> None:
    """Read every file of the post to its end: the store compares what it reads with its name.

    Raises `ArtifactMissing` or `ArtifactChanged`.
    """
    for what, ref in (("film", content.video), ("thumbnail", content.thumbnail), ("captions", content.captions)):
        changed = f"The {what} in the store is not the one that was approved ({ref.sha256})."
        size = 0
        try:
            async for chunk in artifacts.stream(tenant, ref.sha256):
                size += len(chunk)
        except NotFound as error:
            raise errors.ArtifactMissing(f"The {what} {ref.sha256} is not in the store.") from error
        except Unavailable as error:
            raise errors.ArtifactChanged(changed) from error
        if size != ref.size:
            raise errors.ArtifactChanged(changed)


async def as_found(content: PostContent, post: JsonObject, artifacts: Artifacts, *, tenant: str) -> JsonObject:
    """The post with its files as the store holds them now: hashed anew, whatever they are called.

    One that is not there, or cannot be read, stands as it was approved.
    """
    found = dict(post)
    for name, ref in (("video", content.video), ("thumbnail", content.thumbnail), ("captions", content.captions)):
        digest, size = hashlib.sha256(), 0
        try:
            # Asked for by its end, it is read without being compared with its name.
            async for piece in artifacts.stream(tenant, ref.sha256, end=_NO_END):
                digest.update(piece)
                size += len(piece)
        except (NotFound, Unavailable):
            continue
        if (digest.hexdigest(), size) != (ref.sha256, ref.size):
            found[name] = {**post[name], "sha256": digest.hexdigest(), "size": size}
    return found


def _first_of(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
