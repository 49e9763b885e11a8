"""How an exception becomes an answer: the table of style 4.8, as code."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from pydantic_core import to_jsonable_python

from common.bus.step import OverBudget, Step
from common.clock import utc_now
from common.contracts.audit import AuditEntry
from common.contracts.message import BODY_LIMIT, Finished, Outcome
from common.contracts.values import JsonObject, Problem
from common.errors import GreenlightError, OutcomeUnknown, Rejected, Transient
from common.observability.logging import get_logger

log = get_logger(__name__)
EXTRA_LIMIT = 2048
"""Bytes of JSON that a refusal may say besides its sentence; members that do not fit are left out."""


def failure_of(error: Exception, step: Step, capability: str) -> Finished:
    """The answer for an attempt that raised. Only what may get better by itself is `retryable`."""
    match error:
        case Rejected():
            outcome, problem = Outcome.REFUSED, Problem(code=error.code, detail=error.detail, extra=small(error.extra))
            log.info("step.refused", code=error.code, detail=error.detail)
        case Transient():
            outcome = Outcome.FAILED
            problem = Problem(code=error.code, detail=error.detail, retryable=True, retry_after_ms=error.retry_after_ms)
            log.warning("step.transient", code=error.code, detail=error.detail)
        case OutcomeUnknown() | GreenlightError():
            outcome, problem = Outcome.FAILED, Problem(code=error.code, detail=error.detail)
            log.error("step.failed", code=error.code, detail=error.detail, extra=error.extra)
        case TimeoutError():
            outcome = Outcome.FAILED
            problem = Problem(code="timed_out", detail=f"{capability} took longer than it may.", retryable=True)
            log.warning("step.timed_out", capability=capability)
        case _:
            outcome = Outcome.FAILED
            problem = Problem(
                code="internal_error",
                detail=f"{capability} met an unexpected {type(error).__name__}; the log has the details.",
                retryable=True,
            )
            log.exception("step.broke", capability=capability, exc_info=error)
    needs = error.needs_usd_micros if isinstance(error, OverBudget) else 0
    return Finished(outcome=outcome, problem=problem, cost_usd_micros=step.cost_usd_micros, needs_usd_micros=needs)


def agent_entry(step: Step, finished: Finished, capability: str) -> AuditEntry:
    """What is put on record about an agent's attempt: who it was, by which prompt, and how it ended."""
    agent = step.agent
    if agent is None:
        raise ValueError("no agent acted")
    prompt = hashlib.sha256(agent.instructions.encode()).hexdigest()
    return AuditEntry(
        actor=f"agent:{agent.name}"[:200],
        action="agent.acted",
        resource=f"step:{step.id}",
        result=finished.problem.code if finished.problem else "ok",
        run_id=step.header.run,
        detail={
            "capability": capability,
            "attempt": step.attempt,
            "model": agent.model,
            "outcome": finished.outcome.value,
            "cost_usd_micros": finished.cost_usd_micros,
        },
        at=utc_now(),
        agent=agent.name[:200],
        prompt_sha256=prompt,
    )


def unfit(finished: Finished, capability: str) -> Finished | None:
    """An answer over the body limit is a failure: what is larger is an artifact. So is one that nobody could keep."""
    text = finished.model_dump_json().encode()
    if len(text) > BODY_LIMIT:
        code, detail = "answer_too_large", f"{capability} answered {len(text)} bytes; {BODY_LIMIT} are allowed."
    elif _has_zero(text):
        code, detail = "answer_unstorable", f"{capability} answered with a zero character, which no database keeps."
    else:
        return None
    problem = Problem(code=code, detail=detail)
    return Finished(outcome=Outcome.FAILED, problem=problem, cost_usd_micros=finished.cost_usd_micros)


def _has_zero(text: bytes) -> bool:
    """Whether JSON has a zero character in it. A backslash that is itself escaped begins no such escape."""
    return b"\\u0000" in text and b"\\u0000" in text.replace(rb"\\", b"")


def small(extra: Mapping[str, Any]) -> JsonObject:
    """The members of `extra` that are JSON, in their order, as far as `EXTRA_LIMIT` goes."""
    kept: JsonObject = {}
    room = EXTRA_LIMIT
    for name, value in extra.items():
        try:
            member = {name: to_jsonable_python(value, fallback=str, inf_nan_mode="null")}
            text = orjson.dumps(member)
        except (TypeError, ValueError):
            continue
        # PostgreSQL keeps no JSON with a zero character in it, and the run that got one could not go on.
        if len(text) <= room and not _has_zero(text):
            kept |= member
            room -= len(text)
    return kept
