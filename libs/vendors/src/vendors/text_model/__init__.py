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

__all__ = [
    "PROPOSE_IDEAS",
    "WRITE_SCRIPT",
    "BriefNotUnderstood",
    "TextModel",
    "TextRequest",
    "UnknownTask",
    "Written",
]
