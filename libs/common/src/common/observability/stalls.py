"""Watches the event loop: work over 100 ms of CPU on it is a defect, and this says where it happened."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback

from common.observability.logging import get_logger
from common.observability.metrics import LOOP_STALLS

log = get_logger(__name__)
STALL_SECONDS = 0.1
_BEAT_SECONDS = 0.02
_LOOK_SECONDS = 0.05


class StallWatch:
    """A thread that notices when the loop's thread computes for `STALL_SECONDS` without coming back to the loop.

    It counts the thread's own CPU time, so a busy machine alone is no stall; each stall is logged once with its stack.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread_id = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._thread_id)
        self._ended = threading.Event()
        self._beat()

    def start(self) -> None:
        """Begin to watch the running loop."""
        threading.Thread(target=self._watch, name="stall-watch", daemon=True).start()

    def stop(self) -> None:
        """Stop watching."""
        self._ended.set()

    def _beat(self) -> None:
        self._last_cpu = time.clock_gettime(self._clock)
        if not self._ended.is_set():
            self._loop.call_later(_BEAT_SECONDS, self._beat)

    def _watch(self) -> None:
        reported_at = 0.0
        while not self._ended.wait(_LOOK_SECONDS):
            last = self._last_cpu
            busy = time.clock_gettime(self._clock) - last
            if busy > STALL_SECONDS and last != reported_at:
                reported_at = last
                LOOP_STALLS.inc()
                frame = sys._current_frames().get(self._thread_id)
                stack = "".join(traceback.format_stack(frame)) if frame else ""
                log.warning("loop.stalled", cpu_ms=round(busy * 1000), stack=stack)
