"""Text models: the port, and the adapters behind it."""

from vendors.text_model.errors import BriefNotUnderstood, UnknownTask
from vendors.text_model.port import (
    DEVELOP_CHARACTERS,
    PROPOSE_IDEAS,
    RUN_AGENT,
    WRITE_SCREENPLAY,
    WRITE_SCRIPT,
    Asking,
    Directly,
    TextModel,
    TextRequest,
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
from vendors.text_model.screenplay import ProfilesWritten

__all__ = [
    "DEVELOP_CHARACTERS",
    "PROPOSE_IDEAS",
    "REWRITE_BEAT",
    "REWRITE_POST",
    "RUN_AGENT",
    "WRITE_SCREENPLAY",
    "WRITE_SCRIPT",
    "Asking",
    "BeatPart",
    "BeatRewrite",
    "BriefNotUnderstood",
    "Directly",
    "PostRewrite",
    "ProfilesWritten",
    "RewrittenBeat",
    "RewrittenPost",
    "TextModel",
    "TextRequest",
    "UnknownTask",
    "Written",
]
