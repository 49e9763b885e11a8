"""What can be set about knowledge."""

from __future__ import annotations

from common.service.settings import ServiceSettings


class Settings(ServiceSettings):
    """The shared settings; the library needs no others yet."""
