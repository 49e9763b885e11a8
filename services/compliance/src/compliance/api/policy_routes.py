"""`/v1/policies`: the rules content is held to, and a tenant's own packs of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from common.clock import Clock
from common.contracts.gates import Verdict
from common.contracts.safety import Side
from common.contracts.values import Sha256
from common.db.work import Work
from common.errors import NotFound
from common.service.pages import STORABLE
from common.service.principal import Principal, Role, current_principal, requires
from fastapi import APIRouter, Depends, Path
from safety.policy import Policy, shipped
from safety.trials import untested

from compliance.api import policy_shapes as shapes
from compliance.examiner import Examiner
from compliance.policies import Draft, Policies
from compliance.refusing import record_refusal, refusal_of
from compliance.repository.policies import Choice, PolicyStore, Reevaluations, StoredVersion
from compliance.trying import Tried, try_on_past

changes = requires(Role.COMPLIANCE_OFFICER, Role.ADMIN)
serves = requires(Role.SERVICE)
Pack = Annotated[str, Path(max_length=200, pattern=STORABLE)]
SHOWN = 100
"""Versions of a pack, and changes, that are shown of it: the newest."""
PRODUCTION = "production"
"""The stage at which prompts are looked at."""


def router(work: Work, *, policies: Policies, examiner: Examiner, clock: Clock) -> APIRouter:
    """The policies' routes."""
    routes = APIRouter(prefix="/v1/policies", tags=["policies"])
    # Before the routes with a pack's name in them: nobody's pack is called `test`, `check` or `kits`.
    _add_trial(routes, work, policies, examiner, clock)
    _add_questions(routes, work, policies, examiner, clock)
    _add_views(routes, work, policies)
    _add_changes(routes, policies)
    return routes


def _add_views(routes: APIRouter, work: Work, policies: Policies) -> None:
    @routes.get("", summary="The policy in force, and every pack there is.")
    async def show(principal: Principal = Depends(current_principal)) -> shapes.PolicyView:
        async with work.transaction(principal.tenant) as tx:
            policy = await policies.active_in(tx)
            choice = await PolicyStore(tx).choice()
            own = await PolicyStore(tx).list_newest()
            reevaluating = await Reevaluations(tx).is_open()
        return shapes.PolicyView(
            version=policy.version,
            rules=[shapes.rule_view(rule) for rule in policy.rules],
            packs=[
                *(shapes.shipped_view(pack, policy) for pack in shipped().values()),
                *(_own_view(version, choice) for version in own),
            ],
            not_looked_at=list(policy.unchecked),
            reevaluating=reevaluating,
        )

    @routes.get("/{pack}", summary="A pack: its rules, its versions, and who put it in force when.")
    async def show_pack(pack: Pack, principal: Principal = Depends(current_principal)) -> shapes.PackDetail:
        async with work.transaction(principal.tenant) as tx:
            policy = await policies.active_in(tx)
            store = PolicyStore(tx)
            choice, versions = await store.choice(), await store.list_versions(pack, limit=SHOWN)
            history = await store.list_changes(pack, limit=SHOWN)
            # The version that counts: the one in force, or else the newest.
            number = choice.number_of(pack)
            counting = await store.get_version(pack, number) if number else versions[0] if versions else None
        if pack in shipped():
            view = shapes.shipped_view(shipped()[pack], policy)
            rules = shipped()[pack].rules
        elif counting is not None:
            view = _own_view(versions[0], choice)
            rules = (await policies.read(counting.source)).rules
        else:
            raise NotFound(f"There is no pack {pack!r}.")
        return shapes.PackDetail(
            pack=view,
            rules=[shapes.rule_view(rule) for rule in rules],
            versions=[shapes.VersionView.model_validate(version) for version in versions],
            changes=[shapes.ChangeView.model_validate(change) for change in history],
        )

    @routes.get("/{pack}/versions/{number}", summary="One version of a tenant's pack, with its YAML.")
    async def show_version(
        pack: Pack, number: int, principal: Principal = Depends(current_principal)
    ) -> shapes.SourceView:
        async with work.transaction(principal.tenant) as tx:
            version = await PolicyStore(tx).get_version(pack, number)
        return shapes.SourceView.model_validate(version, from_attributes=True)


def _add_trial(routes: APIRouter, work: Work, policies: Policies, examiner: Examiner, clock: Clock) -> None:
    @routes.post("/test", summary="Try a draft on content and on the past. Changes nothing.")
    async def test(body: shapes.DraftBody, principal: Principal = Depends(changes)) -> shapes.DraftView:
        draft = await policies.draft(body.source, tenant=principal.tenant)
        verdict = past = None
        if body.content is not None:
            verdict = await examiner.examine(principal.tenant, body.content, policy=draft.policy)
        if body.past_days is not None:
            since = clock() - timedelta(days=body.past_days)
            tried = await try_on_past(work, policies.compute, draft, tenant=principal.tenant, since=since)
            past = _past_view(tried)
        return _draft_view(draft, verdict=verdict, past=past)


def _add_questions(routes: APIRouter, work: Work, policies: Policies, examiner: Examiner, clock: Clock) -> None:
    @routes.get("/kits", summary="Which brand kits wear this logo?")
    async def kits(logo: Sha256, principal: Principal = Depends(serves)) -> shapes.KitsView:
        return shapes.KitsView(kits=await policies.kits_with(principal.tenant, logo))

    @routes.post("/check", status_code=204, summary="May a vendor be given this prompt? What blocks is a 400.")
    async def check(body: shapes.PromptBody, principal: Principal = Depends(serves)) -> None:
        verdict = await examiner.examine(principal.tenant, {"prompt": body.prompt}, stage=PRODUCTION)
        refused = refusal_of(verdict, "prompt")
        if refused is None:
            return
        async with work.transaction(principal.tenant) as tx:
            record_refusal(
                tx,
                verdict,
                "prompt",
                actor=principal.user_id,
                side=Side.OUTPUT,
                resource=f"step:{body.step_id}",
                run=body.run_id,
                at=clock(),
            )
        raise refused


def _add_changes(routes: APIRouter, policies: Policies) -> None:
    @routes.put("/{pack}", summary="Keep this text as the pack's newest version. The same text again changes nothing.")
    async def put(pack: Pack, body: shapes.SourceBody, principal: Principal = Depends(changes)) -> shapes.VersionView:
        return _version_view(await policies.keep(body.source, pack=pack, principal=principal, may_repeat=True))

    @routes.post("/{pack}/versions", status_code=201, summary="Add a version; one that is there already is a 409.")
    async def add_version(
        pack: Pack, body: shapes.SourceBody, principal: Principal = Depends(changes)
    ) -> shapes.VersionView:
        return _version_view(await policies.keep(body.source, pack=pack, principal=principal, may_repeat=False))

    @routes.post("/{pack}/activate", summary="Put it in force: what was approved is looked at again at once.")
    async def activate(
        pack: Pack, body: shapes.ActivateBody, principal: Principal = Depends(changes)
    ) -> shapes.ActiveView:
        return _active_view(await policies.activate(pack, number=body.number, principal=principal))

    @routes.post("/{pack}/deactivate", summary="Take it out of force; what keeps everybody safe stays.")
    async def deactivate(pack: Pack, principal: Principal = Depends(changes)) -> shapes.ActiveView:
        return _active_view(await policies.deactivate(pack, principal=principal))


def _own_view(version: StoredVersion, choice: Choice) -> shapes.PackView:
    number = choice.number_of(version.pack)
    return shapes.PackView(
        pack=version.pack,
        version=version.version,
        description=version.description,
        shipped=False,
        active=number is not None,
        number=number,
        rules=version.rules,
    )


def _version_view(version: StoredVersion) -> shapes.VersionView:
    return shapes.VersionView.model_validate(version)


def _active_view(policy: Policy) -> shapes.ActiveView:
    return shapes.ActiveView(version=policy.version, packs=[pack.name for pack in policy.packs])


def _draft_view(draft: Draft, *, verdict: Verdict | None, past: shapes.PastView | None) -> shapes.DraftView:
    return shapes.DraftView(
        pack=draft.pack.name,
        version=draft.pack.version,
        policy_version=draft.policy.version,
        failed_tests=list(draft.failures),
        untested=untested(draft.pack),
        verdict=verdict,
        past=past,
    )


def _past_view(tried: Tried) -> shapes.PastView:
    items: Sequence[shapes.PastItem] = [
        shapes.PastItem(
            item_id=head.id,
            title=head.title,
            gate=head.gate,
            status=head.status,
            opened_at=head.opened_at,
            findings=findings,
        )
        for head, findings in tried.found
    ]
    return shapes.PastView(
        looked_at=tried.looked_at,
        found_in=tried.found_in,
        would_block=tried.would_block,
        would_ask=tried.would_ask,
        by_rule=dict(sorted(tried.by_rule.items())),
        complete=tried.complete,
        items=list(items),
    )
