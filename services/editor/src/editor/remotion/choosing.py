"""Which worker renders, as the settings say."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

from common.bus.waiting import Patience

from editor.remotion.installed import find_installed
from editor.remotion.rendering import Studio
from editor.remotion.worker import Address, Elsewhere, OwnRoom, OwnWorker, Worker
from editor.settings import Settings


def studio_of(settings: Settings) -> Studio | None:
    """Return Remotion and how we deal with it, or None where our own engine renders. Starts nothing."""
    if settings.renderer == "ffmpeg":
        return None
    data = Path(settings.data_dir).absolute()
    root = Path(settings.remotion_folder).absolute() if settings.remotion_folder else data / "remotion"
    return Studio(
        worker=_worker(settings, root=root, data=data),
        root=root,
        may_fall_back=settings.remotion_fallback == "ffmpeg",
        patience=Patience(
            poll=timedelta(seconds=settings.remotion_poll_seconds),
            lasts=timedelta(seconds=settings.remotion_patience_seconds),
        ),
    )


def _worker(settings: Settings, *, root: Path, data: Path) -> Worker:
    if settings.remotion_url:
        return Elsewhere(Address(settings.remotion_url, settings.remotion_token.get_secret_value()))
    room = OwnRoom(
        root=root,
        scratch=data / "scratch" / "remotion",
        log=data / "logs" / "remotion.log",
        callback_url=settings.remotion_callback_url,
        callback_secret=settings.remotion_webhook_secret.get_secret_value(),
    )
    return OwnWorker(partial(find_installed, settings.remotion_browser), room)
