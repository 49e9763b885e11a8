"""What the producer's tests share: compliance, whose policy is asked before a vendor is given anything."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator

import pytest_asyncio
from testkit.listening import listening
from testkit.plugin import SettingsFor


@pytest_asyncio.fixture(scope="module")
async def compliance_url(settings_for: SettingsFor) -> AsyncIterator[str]:
    """Compliance, listening as long as a module's tests run. → where it is."""
    async with listening(importlib.import_module("compliance.main").app(settings_for("compliance"))) as url:
        yield url
