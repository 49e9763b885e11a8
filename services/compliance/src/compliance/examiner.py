"""Looking at what is really there: the content, and the text files it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from common.artifacts import Artifacts
from common.compute import ComputePool
from common.contracts.gates import Accepts, Finding, Verdict
from common.contracts.values import ArtifactRef, JsonObject
from common.errors import NotFound
from pydantic import ValidationError

from compliance.checks import check, check_failed
from compliance.conditions import unmet
from compliance.policy import Policy
from compliance.rules.passage import Passage, count_values, objects_of, passages_of

INLINE_CHARACTERS = 40_000
"""About 15 ms on a slow core. More than that is checked in another process."""

INLINE_VALUES = 4_000
"""Handing them to CEL takes about 12 ms. Content of more values is judged in another process."""

_CUE_TIMES = re.compile(r"^[\d:.,]{5,16}[ \t]{1,4}-->[^\n]{0,200}$", re.MULTILINE)
_MARKUP = re.compile(r"<[^<>\n]{0,200}>")


class Examiner:
    """Checks content against the policy that was loaded when the service started."""

    def __init__(self, policy: Policy, *, artifacts: Artifacts, compute: ComputePool, limit_bytes: int) -> None:
        self.policy = policy
        self._artifacts = artifacts
        self._compute = compute
        self._limit_bytes = limit_bytes

    async def examine(self, tenant: str, content: JsonObject) -> Verdict:
        """The verdict. A file that is missing or too large blocks; a store that is away raises `Unavailable`."""
        texts: list[Passage] = []
        failed: list[Finding] = []
        for where, ref in _text_files(content):
            if ref.size > self._limit_bytes:
                failed.append(check_failed(f"A text of {ref.size} bytes", where=where))
                continue
            try:
                data = await self._artifacts.get(tenant, ref)
                texts.append(Passage(where, _spoken(data.decode())))
            except (NotFound, UnicodeDecodeError):
                failed.append(check_failed("A text that is not there or not UTF-8", where=where))
        characters = sum(len(passage.raw) for passage in (*passages_of(content), *texts))
        if characters > INLINE_CHARACTERS:
            return await self._compute(check, self.policy, content, texts, failed)
        return check(self.policy, content, texts, failed)

    async def unmet(self, accepts: Sequence[Accepts], content: JsonObject) -> list[str]:
        """The sentences of a gate's conditions that do not hold for the content, in order."""
        if not accepts:
            return []
        if count_values(content) > INLINE_VALUES:
            return await self._compute(unmet, accepts, content)
        return unmet(accepts, content)


def _text_files(content: JsonObject) -> Iterator[tuple[str, ArtifactRef]]:
    for where, value in objects_of(content):
        if (ref := _reference(value)) and ref.media_type.startswith("text/"):
            yield where, ref


def _reference(value: dict[str, Any]) -> ArtifactRef | None:
    if not {"sha256", "size", "media_type"} <= value.keys():
        return None
    try:
        return ArtifactRef.model_validate(value)
    except ValidationError:
        return None


def _spoken(text: str) -> str:
    """Captions as a viewer hears them: without cue times and markup, so that a phrase over two cues is one phrase."""
    return _MARKUP.sub("", _CUE_TIMES.sub("", text))
