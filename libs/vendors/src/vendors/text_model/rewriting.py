"""The two questions that change what is written already: one beat of a script, and the words of a post."""

from __future__ import annotations

from enum import StrEnum

from common.contracts.production import Beat, PostCopy
from common.contracts.values import Value

REWRITE_BEAT = "rewrite_beat"
REWRITE_POST = "rewrite_post"


class BeatPart(StrEnum):
    """Which words of a beat are meant: those that are heard, or those that are shown large."""

    SPOKEN = "spoken"
    SHOWN = "shown"


class BeatRewrite(Value):
    """One beat, and what a reviewer wants of it. Nothing else of the script may change."""

    beat: Beat
    instruction: str
    part: BeatPart = BeatPart.SPOKEN
    language: str = "en"
    brief: str = ""


class RewrittenBeat(Value):
    """The beat as it is now. Not `done`: it is the same, and `said` tells people why; the order is never repeated."""

    beat: Beat
    done: bool
    said: str


class PostRewrite(Value):
    """A post's words, and what a reviewer wants of them."""

    post: PostCopy
    instruction: str
    language: str = "en"


class RewrittenPost(Value):
    """The post as it is now. Not `done`: it is the same, and `said` tells people why; the order is never repeated."""

    post: PostCopy
    done: bool
    said: str
