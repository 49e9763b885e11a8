"""Answers that were given before, so that the same question of the same tenant is not paid for twice.

They lie in Redis, which may be flushed at any time. Whoever can write there could put words into a model's mouth; those
pass the shield and the gates like any others.
"""

from __future__ import annotations

import hashlib

from common.observability.logging import get_logger
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from vendors.text_model.chat import Answer, ChatModel, Finish, Hear, Question

log = get_logger(__name__)


class Remembering:
    """A chat model that is asked once: by tenant, model, prompt version, seed, and every word of the question.

    `about` names the model, wherever it is: what one of its endpoints said, the others need not be asked.
    """

    def __init__(self, model: ChatModel, about: str, *, tenant: str, redis: Redis, seconds: int) -> None:
        self._model = model
        self._about = about
        self._tenant = tenant
        self._redis = redis
        self._seconds = seconds

    @property
    def name(self) -> str:
        """That of the model behind."""
        return self._model.name

    async def complete(self, question: Question, *, hear: Hear | None = None) -> Answer:
        """What the model says, or said before; then it costs nothing. Only whole answers are remembered."""
        asked = "\0".join((self._tenant, self._about, question.model_dump_json()))
        key = f"greenlight:models:answer:{hashlib.sha256(asked.encode()).hexdigest()}"
        if (known := await self._find(key)) is not None:
            if hear is not None:
                await hear(known.text)
            return known.model_copy(update={"cached": True, "cost_usd_micros": 0})
        answer = await self._model.complete(question, hear=hear)
        if answer.finish in {Finish.STOP, Finish.TOOLS}:
            try:
                await self._redis.set(key, answer.model_dump_json(), ex=self._seconds)
            except (RedisError, OSError) as error:
                log.warning("models.cache_unavailable", error=repr(error))
        return answer

    async def verify(self) -> None:
        """Ask the model itself."""
        await self._model.verify()

    async def close(self) -> None:
        """Close the model's connections."""
        await self._model.close()

    async def _find(self, key: str) -> Answer | None:
        try:
            found = await self._redis.get(key)
        except (RedisError, OSError) as error:
            log.warning("models.cache_unavailable", error=repr(error))
            return None
        try:
            return Answer.model_validate_json(found) if found is not None else None
        except ValidationError:
            # Another version wrote it.
            return None
