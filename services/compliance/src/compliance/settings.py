"""Compliance's knobs."""

from __future__ import annotations

from common.service.settings import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """Read from `GREENLIGHT_*`, as everywhere."""

    overdue_check_seconds: float = Field(default=5.0, gt=0)
    """How often overdue gates are closed and the gauge of open ones is set."""

    audit_batch: int = Field(default=200, ge=1, le=1000)
    """Audit messages stored in one go. More is faster and makes a crash repeat more."""

    caption_limit_bytes: int = Field(default=1 << 20, ge=1)
    """A text artifact larger than this is not read, which blocks its content: nobody looked at it."""
