"""A delivered message that never answers for another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from nats.aio.msg import Msg


class Delivery(Msg):
    """A message from a stream. Once it is stale, acknowledging it does nothing.

    An acknowledgement names a place in the consumer, not a message. After a stream was lost and declared again, that
    of an older message would count for whatever stands in its place now, which nobody has seen: it would be lost.
    What is not acknowledged comes again, and is then known to be handled.
    """

    is_stale: Callable[[], bool]

    @classmethod
    def of(cls, message: Msg, *, is_stale: Callable[[], bool]) -> Delivery:
        """The same message."""
        delivery = cls(**{field.name: getattr(message, field.name) for field in fields(Msg)})
        delivery.is_stale = is_stale
        return delivery

    async def ack(self) -> None:
        """It is handled and must not come again."""
        if not self.is_stale():
            await super().ack()

    async def nak(self, *arguments: Any, **options: Any) -> None:
        """It shall come again, after `delay` seconds."""
        if not self.is_stale():
            await super().nak(*arguments, **options)

    async def in_progress(self) -> None:
        """It is still worked on."""
        if not self.is_stale():
            await super().in_progress()

    async def term(self) -> None:
        """It must not come again, though nobody could handle it."""
        if not self.is_stale():
            await super().term()
