"""Looking at what is really there: the content, the text files it names, and what scanners saw in the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

from common.artifacts import Artifacts
from common.compute import ComputePool
from common.contracts.gates import Accepts, Finding, Verdict
from common.contracts.values import ArtifactRef, JsonObject
from common.db.work import Transaction
from common.errors import NotFound
from common.observability.logging import get_logger
from pydantic import ValidationError
from safety.about import about
from safety.checks import check, check_failed
from safety.pack import LogoSpec
from safety.policy import Policy
from safety.rules.passage import Passage, count_values, objects_of, passages_of

from compliance.conditions import unmet
from compliance.policies import Policies
from compliance.repository.policies import Choice
from compliance.risk import Circumstances, assess, with_risk
from compliance.textfiles import Unreadable, is_text, passages_in

log = get_logger(__name__)
INLINE_CHARACTERS = 40_000
"""About 15 ms on a slow core. More than that is checked in another process."""

INLINE_VALUES = 4_000
"""Handing them to CEL takes about 12 ms. Content of more values is judged in another process."""

NOTHING_ELSE = Circumstances()


class MediaFindings(Protocol):
    """Who looked at pictures and sounds. Whatever was not looked at is a finding that blocks."""

    unchecked: tuple[str, ...]
    """What nobody looks at in any file, in sentences."""

    async def findings(
        self, tenant: str, refs: Sequence[ArtifactRef], content: JsonObject, *, logo: LogoSpec | None = None
    ) -> Sequence[Finding]:
        """What was seen in these files. Never raises for a file: one that could not be scanned is `check_failed`."""


class MediaFacts(Protocol):
    """Who measured pictures and sounds, for rules that ask; `safety.brand` says what it reads."""

    async def facts(
        self, tenant: str, refs: Sequence[ArtifactRef], content: JsonObject, *, logo: LogoSpec | None = None
    ) -> JsonObject:
        """What was measured, such as `{"colours": [{"hex": "#0b3d91", "share": 0.4}]}`; nothing for what was not."""

    async def texts(self, tenant: str, refs: Sequence[ArtifactRef], content: JsonObject) -> Sequence[Passage]:
        """What the files themselves carry as text, such as tags: untrusted, and for every rule to look at."""


class Examiner:
    """Checks content against the policy that is in force for its tenant at that moment."""

    def __init__(
        self,
        policies: Policies,
        *,
        artifacts: Artifacts,
        compute: ComputePool,
        limit_bytes: int,
        media: MediaFindings | None = None,
        measured: MediaFacts | None = None,
    ) -> None:
        self._policies = policies
        self._artifacts = artifacts
        self._compute = compute
        self._limit_bytes = limit_bytes
        self._media = media
        self._measured = measured

    async def policy(self, tenant: str) -> Policy:
        """The policy in force for the tenant."""
        return await self._policies.active(tenant)

    async def policy_by(self, tx: Transaction, choice: Choice) -> Policy:
        """The policy that is in force where the tenant chose so."""
        return await self._policies.composed(tx, choice)

    async def examine(
        self,
        tenant: str,
        content: JsonObject,
        *,
        policy: Policy | None = None,
        stage: str = "",
        circumstances: Circumstances = NOTHING_ELSE,
    ) -> Verdict:
        """The verdict under `policy`, by default the one in force; it names that policy's version and says the risk.

        A file that is missing or too large blocks, and so does a scan that failed; a store that is away raises
        `Unavailable`.
        """
        if policy is None:
            policy, share = await self._policies.active_and_refused(tenant)
            if circumstances.refused_share is None:
                circumstances = replace(circumstances, refused_share=share)
        texts, failed = await self._texts(tenant, content)
        refs = [ref for _, ref in _files(content) if not is_text(ref)]
        facts: JsonObject = {}
        if refs:
            logo = policy.brand.film.logo if policy.brand else None
            failed += await self._seen(tenant, refs, content, logo)
            facts = await self._facts(tenant, refs, content, logo)
            texts += await self._carried(tenant, refs, content)
        characters = sum(len(passage.raw) for passage in (*passages_of(content), *texts))
        if characters > INLINE_CHARACTERS or count_values(content) > INLINE_VALUES:
            verdict = await self._compute(check, policy, content, texts, failed, facts, stage)
        else:
            verdict = check(policy, content, texts, failed, facts, stage)
        if refs and self._media is not None:
            verdict = verdict.model_copy(update={"unchecked": (*verdict.unchecked, *self._media.unchecked)})
        if policy.risk is None:
            return verdict
        if circumstances.refused_share is None:
            circumstances = replace(circumstances, refused_share=await self._policies.refused_share(tenant))
        return with_risk(verdict, assess(policy.risk, verdict.findings, about(content, stage=stage), circumstances))

    async def unmet(self, accepts: Sequence[Accepts], content: JsonObject) -> list[str]:
        """The sentences of a gate's conditions that do not hold for the content, in order."""
        if not accepts:
            return []
        if count_values(content) > INLINE_VALUES:
            return await self._compute(unmet, accepts, content)
        return unmet(accepts, content)

    async def _texts(self, tenant: str, content: JsonObject) -> tuple[list[Passage], list[Finding]]:
        texts: list[Passage] = []
        failed: list[Finding] = []
        for where, ref in _files(content):
            if not is_text(ref):
                continue
            if ref.size > self._limit_bytes:
                failed.append(check_failed(f"A text of {ref.size} bytes", where=where))
                continue
            try:
                texts += passages_in(ref, await self._artifacts.get(tenant, ref), where=where)
            except (NotFound, Unreadable):
                failed.append(check_failed("A text that is not there or not UTF-8", where=where))
        return texts, failed

    async def _seen(
        self, tenant: str, refs: Sequence[ArtifactRef], content: JsonObject, logo: LogoSpec | None
    ) -> list[Finding]:
        if self._media is None:
            return []
        try:
            return list(await self._media.findings(tenant, refs, content, logo=logo))
        except Exception:
            # Whoever looks at pictures may break in ways nobody foresaw; what was not looked at may not leave.
            log.exception("check.failed", rule="media")
            return [check_failed("The pictures and sounds", where="/")]

    async def _facts(
        self, tenant: str, refs: Sequence[ArtifactRef], content: JsonObject, logo: LogoSpec | None
    ) -> JsonObject:
        if self._measured is None:
            return {}
        try:
            return await self._measured.facts(tenant, refs, content, logo=logo)
        except Exception:
            # A rule that needs a measure says itself that there is none.
            log.exception("check.unmeasured")
            return {}

    async def _carried(self, tenant: str, refs: Sequence[ArtifactRef], content: JsonObject) -> Sequence[Passage]:
        return await self._measured.texts(tenant, refs, content) if self._measured else ()


def _files(content: JsonObject) -> Iterator[tuple[str, ArtifactRef]]:
    for where, value in objects_of(content):
        if ref := _reference(value):
            yield where, ref


def _reference(value: dict[str, Any]) -> ArtifactRef | None:
    if not {"sha256", "size", "media_type"} <= value.keys():
        return None
    try:
        return ArtifactRef.model_validate(value)
    except ValidationError:
        return None
