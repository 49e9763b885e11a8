"""What compliance does when the orchestrator asks."""

from __future__ import annotations

from datetime import timedelta

from common.bus.step import Done, Step
from common.clock import Clock
from common.contracts.gates import BriefCheckInput, CheckResult, GateInput, GateOpened, VerdictLevel
from common.db.work import Transaction
from common.errors import ContentBlocked, Invalid, LeaseLost

from compliance import trail
from compliance.domain import ItemStatus, blocking_rules, risk_of, seal
from compliance.examiner import Examiner
from compliance.repository.items import Item, ItemEvent, Items

ACTOR = "service:compliance"


async def open_gate(input: GateInput, step: Step, *, examiner: Examiner, clock: Clock) -> GateOpened | Done[GateOpened]:
    """Hold content until a person decides. Asked again for the same step visit, it is the same item and verdict."""
    async with step.work.transaction(step.tenant) as tx:
        known = await Items(tx).find(step.id)
    if known is not None:
        return _opened(known)
    if "\0" in f"{input.gate}{input.title}{input.requested_by}{''.join(input.reviewers)}":
        raise Invalid("A gate's names may not contain NUL characters.")
    sealed = seal(input.content, policy_version=examiner.policy.version)
    verdict = await examiner.examine(step.tenant, input.content)
    now = clock()
    item = Item(
        id=step.id,
        run_id=step.run_id,
        gate=input.gate,
        title=input.title,
        status=ItemStatus.OPEN,
        content=sealed.content,
        manifest_sha256=sealed.manifest_sha256,
        policy_version=sealed.policy_version,
        verdict=verdict,
        risk=risk_of(verdict, input.downgrades),
        downgrades=input.downgrades,
        requested_by=input.requested_by,
        reviewers=input.reviewers,
        accepts=input.accepts,
        remind_at=now + timedelta(milliseconds=input.remind_after_ms) if input.remind_after_ms else None,
        timeout_at=input.timeout_at,
        opened_at=now,
        decided_at=None,
        decided_by=None,
        decision=None,
        comment="",
        note="",
        held_at=None,
        held_by=None,
        hold_reason=None,
    )

    async def save(tx: Transaction) -> None:
        if not await Items(tx).add(item):
            # Another worker opened it after we looked; come again and answer with what is held.
            raise LeaseLost(f"item {item.id} was opened by another worker")
        await Items(tx).add_event(item.id, ItemEvent(now, ACTOR, "opened", f"Checks say {verdict.level.value}."))
        await trail.note(
            tx,
            "gate.opened",
            actor=ACTOR,
            resource=f"airlock_item:{item.id}",
            at=now,
            run_id=item.run_id,
            detail={
                "gate": item.gate,
                "manifest_sha256": item.manifest_sha256,
                "policy_version": item.policy_version,
                "verdict": verdict.level.value,
                "rules": sorted({finding.rule for finding in verdict.findings}),
                "requested_by": item.requested_by,
            },
        )

    return Done(_opened(item), save)


async def check_brief(input: BriefCheckInput, step: Step, *, examiner: Examiner, clock: Clock) -> CheckResult:
    """Look at a brief before money is spent on it. Raises `ContentBlocked` naming the rules; the refusal is audited."""
    verdict = await examiner.examine(step.tenant, {"brief": input.brief})
    if verdict.level is not VerdictLevel.BLOCKED:
        return CheckResult(verdict=verdict)
    rules = blocking_rules(verdict)

    async def save(tx: Transaction) -> None:
        await trail.note(
            tx,
            "brief.blocked",
            actor=ACTOR,
            resource=f"run:{step.run_id}",
            at=clock(),
            result=ContentBlocked("").code,
            run_id=step.run_id,
            detail={"rules": rules, "policy_version": verdict.policy_version},
        )

    await step.note(save)
    raise ContentBlocked(f"The checks refuse this brief: {', '.join(rules)}.", reason=rules[0], rules=rules)


def _opened(item: Item) -> GateOpened:
    return GateOpened(item_id=item.id, manifest_sha256=item.manifest_sha256, verdict=item.verdict)
