"""The shield of a service: what every text passes before anything is done with it, and what a refusal leaves behind.

`TextShield` knows what is harmful (`libs/safety`, and a safety model where one is configured). `Guard` is how a service
asks it: with a span, counters, a `ContentViolated` and an audit entry. There is no setting that turns it off, and what
could not be looked at does not pass.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from opentelemetry import trace

from common.clock import Clock
from common.compute import ComputePool
from common.contracts.audit import AuditEntry
from common.contracts.gates import Finding
from common.contracts.safety import TOLD_FINDINGS, ContentViolated, Side, Violation, rules_of
from common.db.work import Transaction, Work
from common.errors import ContentBlocked, GreenlightError, ShieldUnavailable
from common.observability.logging import get_logger
from common.observability.metrics import SAFETY_CHECKS, VIOLATIONS

log = get_logger(__name__)
SHOWN_FINDINGS = 5
START_SECONDS = 5.0
Check = Callable[[], Awaitable[None]]
Append = Callable[[Transaction, Sequence[AuditEntry]], Awaitable[None]]


@dataclass(frozen=True)
class Looked:
    """What was found that may not pass. `cached`: a model was not asked again, its answer was remembered."""

    findings: tuple[Finding, ...] = ()
    cached: bool = False


class TextShield(Protocol):
    """Knows what may not pass. Raises `ShieldUnavailable` whenever it cannot know."""

    @property
    def ready(self) -> Mapping[str, Check]:
        """What `/ready` asks, by a name that says which part of the shield it is."""

    async def look(self, content: object, *, tenant: str, side: Side, compute: ComputePool) -> Looked:
        """What in the strings of `content` may not pass."""

    def mask(self, text: str) -> str:
        """The text with what is personal or secret made unreadable."""

    async def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True)
class About:
    """Whose text it is, and what for."""

    tenant: str
    """Empty for a stranger: then there is nobody to keep an audit entry for."""
    side: Side
    actor: str
    resource: str
    run: UUID | None = None
    cause: UUID | None = None
    """The message that is worked on: the same violation of the same message is told once."""
    agent: str | None = None


class Guard:
    """A service's way through its shield."""

    def __init__(
        self, shield: TextShield, *, work: Work, compute: ComputePool, tracer: trace.Tracer, clock: Clock
    ) -> None:
        self._shield = shield
        self._work = work
        self._compute = compute
        self._tracer = tracer
        self._clock = clock
        self._append: Append = _tell

    async def pass_through(self, content: object, about: About) -> None:
        """Return when every string of `content` may pass.

        Raises `ContentBlocked`, which is on record by then, or `ShieldUnavailable` when nobody can tell.
        """
        service = self._work.service
        with self._tracer.start_as_current_span(
            "safety.check", attributes={"safety.side": about.side.value}, record_exception=False
        ) as span:
            try:
                looked = await self._shield.look(content, tenant=about.tenant, side=about.side, compute=self._compute)
            except ShieldUnavailable as error:
                span.set_attribute("safety.verdict", "unavailable")
                SAFETY_CHECKS.labels(service, "unavailable").inc()
                log.error("shield.unavailable", detail=error.detail, side=about.side.value)
                raise
            blocked = bool(looked.findings)
            span.set_attribute("safety.verdict", "blocked" if blocked else "allowed")
            span.set_attribute("safety.cached", looked.cached)
            if blocked:
                span.set_attribute("safety.category", looked.findings[0].rule)
        SAFETY_CHECKS.labels(service, "blocked" if blocked else "allowed").inc()
        if blocked:
            await self._stop(looked.findings, about)

    def record_by(self, append: Append) -> None:
        """Put entries on record in another way than by telling compliance: compliance itself keeps the record."""
        self._append = append

    async def verify(self) -> None:
        """Ask once whether everything that is configured is there, and say so if not: until it is, nothing passes."""

        async def one(name: str, check: Check) -> None:
            try:
                await asyncio.wait_for(check(), START_SECONDS)
            except (GreenlightError, TimeoutError) as error:
                log.error("shield.missing", shield=name, error=repr(error))

        await asyncio.gather(*(one(name, check) for name, check in self._shield.ready.items()))

    async def _stop(self, findings: tuple[Finding, ...], about: About) -> None:
        rules = rules_of(findings)
        for rule in rules:
            VIOLATIONS.labels(self._work.service, rule).inc()
        log.warning("content.blocked", rules=rules, side=about.side.value, resource=about.resource)
        error = _refusal(findings, rules, about)
        if about.tenant:
            await self._record(findings, about, code=error.code)
        raise error

    async def _record(self, findings: tuple[Finding, ...], about: About, *, code: str) -> None:
        rules = rules_of(findings)
        detail: dict[str, Any] = {"rules": list(rules), "side": about.side.value}
        if about.cause:
            detail["message_id"] = str(about.cause)
        async with self._work.transaction(about.tenant, in_loop=about.side is not Side.REQUEST) as tx:
            told = ContentViolated(
                service=self._work.service,
                side=about.side,
                actor=about.actor,
                resource=about.resource,
                rules=rules,
                agent=about.agent,
                findings=tuple(map(Violation.of, findings[:TOLD_FINDINGS])),
            )
            tx.tell(told, run=about.run, cause=about.cause)
            entry = AuditEntry(
                actor=about.actor,
                action="content.blocked",
                resource=about.resource,
                result=code,
                run_id=about.run,
                agent=about.agent,
                detail=detail,
                at=self._clock(),
            )
            await self._append(tx, [entry])


async def _tell(tx: Transaction, entries: Sequence[AuditEntry]) -> None:
    for entry in entries:
        tx.audit(entry)


def _refusal(findings: tuple[Finding, ...], rules: tuple[str, ...], about: About) -> ContentBlocked:
    first = findings[0]
    shown = [
        {"rule": told.rule, "message": finding.message, "where": told.where, "remedy": told.remedy}
        for finding, told in ((finding, Violation.of(finding)) for finding in findings[:SHOWN_FINDINGS])
    ]
    return ContentBlocked(
        f"{first.message} {first.remedy}".strip(),
        reason=rules[0],
        rules=list(rules),
        remedy=first.remedy,
        side=about.side.value,
        findings=shown,
    )
