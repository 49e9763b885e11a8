"""Ideation's knobs."""

from __future__ import annotations

from typing import Literal

from common.service.settings import ServiceSettings


class Settings(ServiceSettings):
    """What ideation is told besides what every service is."""

    text_model: Literal["offline"] = "offline"
    """Who writes. `offline` is the rule-based writer, marked as such wherever it shows."""
