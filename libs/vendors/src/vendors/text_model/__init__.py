"""Text models: the port, and the adapters behind it."""

from vendors.text_model.port import (
    PROPOSE_IDEAS,
    WRITE_SCRIPT,
    BriefNotUnderstood,
    TextModel,
    TextRequest,
    UnknownTask,
    Written,
)
from vendors.text_model.rewriting import (
    REWRITE_BEAT,
    REWRITE_POST,
    BeatPart,
    BeatRewrite,
    PostRewrite,
    RewrittenBeat,
    RewrittenPost,
)

__all__ = [
    "PROPOSE_IDEAS",
    "REWRITE_BEAT",
    "REWRITE_POST",
    "WRITE_SCRIPT",
    "BeatPart",
    "BeatRewrite",
    "BriefNotUnderstood",
    "PostRewrite",
    "RewrittenBeat",
    "RewrittenPost",
    "TextModel",
    "TextRequest",
    "UnknownTask",
    "Written",
]
