"""What compliance does when the orchestrator asks."""

from __future__ import annotations

from common.bus.step import Done, Step
from common.clock import Clock
from common.contracts.brand import BrandInput, BrandRead
from common.contracts.gates import BriefCheckInput, CheckBrief, CheckResult, GateInput, GateOpened
from common.contracts.safety import Side
from common.db.work import Transaction
from common.errors import LeaseLost

from compliance.brands import Brands
from compliance.examiner import Examiner
from compliance.examining import examined
from compliance.opening import ACTOR, Holding, hold, must_be_nameable, plan_review
from compliance.refusing import record_refusal, refusal_of
from compliance.repository.items import Item, Items
from compliance.repository.reviews import lock_item_id, take_call_off
from compliance.stages import open_to
from compliance.withdrawing import take_back


async def open_gate(
    input: GateInput, step: Step, *, examiner: Examiner, clock: Clock, due_after_ms: int
) -> GateOpened | Done[GateOpened]:
    """Hold content until a person decides. Asked again for the same step visit, it is the same item and verdict."""
    async with step.work.transaction(step.tenant) as tx:
        known = await Items(tx).find(step.id)
        planned = await plan_review(tx, input, due_after_ms=due_after_ms)
    if known is not None:
        return _opened(known)
    must_be_nameable(input)
    sealed, verdict = await examined(
        examiner, step.tenant, input.content, stage=input.gate, downgrades=input.downgrades
    )
    holding = Holding(step.id, step.run_id, input, sealed, verdict, private_of=step.private_of)

    async def save(tx: Transaction) -> None:
        # Whoever calls the gate off comes before this or after, never in between.
        await lock_item_id(tx, step.id)
        now = clock()
        item = await hold(tx, holding, now=now, due_after_ms=due_after_ms)
        if item is None:
            # Another worker opened it after we looked; come again and answer with what is held.
            raise LeaseLost(f"item {step.id} was opened by another worker")
        if called_off := await take_call_off(tx, step.id):
            reason, actor = called_off
            await take_back(tx, item, actor=actor, reason=reason, clock=clock, tell=False)

    may = open_to(planned.review)
    opened = GateOpened(item_id=step.id, manifest_sha256=sealed.manifest_sha256, verdict=verdict, open_to=may)
    return Done(opened, save)


async def check_brief(input: BriefCheckInput, step: Step, *, examiner: Examiner, clock: Clock) -> CheckResult:
    """Look at a brief before money is spent on it. Raises `ContentBlocked` naming the rules; the refusal is audited."""
    verdict = await examiner.examine(step.tenant, {"brief": input.brief})
    refused = refusal_of(verdict, "brief")
    if refused is None:
        return CheckResult(verdict=verdict)

    async def save(tx: Transaction) -> None:
        record_refusal(
            tx,
            verdict,
            "brief",
            actor=ACTOR,
            side=Side.INPUT,
            resource=CheckBrief.name,
            run=step.run_id,
            at=clock(),
        )

    await step.note(save)
    raise refused


async def read_brand(input: BrandInput, step: Step, *, brands: Brands) -> BrandRead:
    """The brand kit a film is to wear. Raises `BrandUnknown` or `BrandUnusable` before anything is spent on it."""
    return BrandRead(kit=await brands.read(step.tenant, input.name))


def _opened(item: Item) -> GateOpened:
    return GateOpened(
        item_id=item.id,
        manifest_sha256=item.manifest_sha256,
        verdict=item.verdict,
        open_to=open_to(item.review),
    )
