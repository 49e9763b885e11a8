"""Footage from outside: the port, and the adapters behind it."""

from vendors.clips.port import ClipJob, ClipMaker, ClipProgress, ClipRequest, ClipStage, Quote

__all__ = ["ClipJob", "ClipMaker", "ClipProgress", "ClipRequest", "ClipStage", "Quote"]
