"""The drill: what is promised under kills is kept, and when it is not the drill says so."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio
from cli.drill.conduct import Drill, Outcome
from cli.drill.evidence import Evidence, check_history
from cli.drill.figures import document_of, merged, passed, percentile
from cli.drill.ledger import Ledger
from cli.drill.plan import DrillPlan, Target, full_round, mixed
from cli.drill.processes import held, stopped
from cli.drill.site import OwnSite, refuse_unfit
from cli.drill.view import page
from cli.trouble import Trouble
from embedded.stack import read_stack
from testkit.studio import Studio

pytestmark = pytest.mark.journey
on_the_site = pytest.mark.asyncio(loop_scope="module")
SHARES = {
    Target.REDIS: 6,
    Target.NATS: 6,
    Target.WORKER: 6,
    Target.POSTGRES: 5,
    Target.ORCHESTRATOR: 2,
    Target.RELAY: 2,
    Target.RECOVERER: 1,
    Target.OVERLAP: 1,
    Target.PAUSE: 1,
}
"""Thirty strikes. What comes back quickest comes most often; the supervisor itself is left to `./greenlight drill`."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OwnSite]:
    """A stack with a process for each service, and places in it at which it can be killed."""
    site = OwnSite(tmp_path_factory.mktemp("drill"), port=0)
    try:
        await site.start()
        yield site
    finally:
        await site.stop()


async def carried_out(site: OwnSite, **plan: Any) -> Outcome:
    return await Drill(DrillPlan(seed=11, with_supervisor=False, **plan), site, tell=print).run()


@pytest.mark.timeout(240)
@on_the_site
async def test_thirty_strikes_lose_nothing_and_repeat_nothing(site: OwnSite) -> None:
    strikes = [target for target, share in SHARES.items() for _ in range(share)]
    random.Random(3).shuffle(strikes)
    outcome = await carried_out(
        site,
        runs=60,
        strikes=tuple(strikes),
        pause_seconds=0.1,
        # A kill need not wait for the last one to be over: that makes it harder, and keeps this test short.
        overlap_after_seconds=0.3,
        past_lease_seconds=1.0,
    )
    document = document_of(outcome)
    assert passed(document), json.dumps(document["findings"], indent=1)
    assert (document["kills"], document["runs"], document["unrecovered"]) == (30, 60, 0)
    assert document["measured"] >= 15, "most kills must find runs on the move"
    assert document["targets"].keys() == {target.value for target in SHARES}


@on_the_site
async def test_a_run_that_stands_still_is_counted(site: OwnSite) -> None:
    with held(await site.pid("knowledge")) as victim, stopped(victim):
        outcome = await carried_out(site, runs=2, strikes=(), stuck_after_seconds=2, patience_seconds=4)
    document = document_of(outcome)
    assert (document["stuck"], document["lost"], document["repeated"]) == (2, 2, 0)
    assert not passed(document)


@on_the_site
async def test_a_repeated_effect_is_counted(site: OwnSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody puts a second post of a finished run into the feed, behind everybody's back."""
    seen: dict[str, str] = {}
    look = Ledger.look

    async def look_and_repeat(self: Ledger) -> Any:
        runs = await look(self)
        if runs and all(run.is_over for run in runs.values()) and not seen:
            seen["run"] = await asyncio.to_thread(_repeat_a_post, site.database_url, self.tenant)
        return runs

    monkeypatch.setattr(Ledger, "look", look_and_repeat)
    document = document_of(await carried_out(site, runs=2, strikes=()))
    assert (document["lost"], document["stuck"]) == (0, 0)
    assert [(one["run_id"], one["what"]) for one in document["findings"]["repeated"]] == [
        (seen["run"], "2 public posts")
    ]
    assert not passed(document)


def _repeat_a_post(database_url: str, tenant: str) -> str:
    post, item = uuid4(), uuid4()
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "insert into publisher.posts (id, tenant_id, run_id, item_id, platform, state, content, manifest_sha256,"
            " url, published_at) select %s, tenant_id, run_id, %s, platform, state, content, manifest_sha256,"
            " url, published_at from publisher.posts where tenant_id = %s order by id limit 1 returning run_id",
            (post, item, tenant),
        ).fetchone()
        connection.execute(
            "insert into publisher.feed_entries (id, tenant_id, content, live_at)"
            " select %s, tenant_id, content, live_at from publisher.feed_entries where tenant_id = %s limit 1",
            (post, tenant),
        )
    assert found is not None
    return str(found[0])


def test_a_history_that_repeats_or_skips_a_number_is_found() -> None:
    def found(*entries: tuple[int, str]) -> Evidence:
        evidence = Evidence()
        data = {"step": "publishing", "visit": 1}
        check_history("run", [{"seq": seq, "type": kind, "data": data} for seq, kind in entries], evidence)
        return evidence

    assert found((1, "run.created"), (2, "step.completed")) == Evidence()
    assert len(found((1, "run.created"), (3, "step.completed")).lost) == 1
    assert len(found((1, "step.started"), (1, "step.started")).repeated) == 1
    assert len(found((1, "step.completed"), (2, "step.completed")).repeated) == 1


def test_a_stack_in_one_process_is_left_alone(studio: Studio) -> None:
    with pytest.raises(Trouble, match="all services in one process") as refused:
        refuse_unfit(studio.state, studio.data, needs_own=False)
    assert "./greenlight down" in (refused.value.next_step or "")


@on_the_site
async def test_places_to_die_at_need_a_stack_of_ones_own(site: OwnSite) -> None:
    state = read_stack(site.data)
    assert state is not None
    refuse_unfit(state, site.data, needs_own=False)
    with pytest.raises(Trouble, match="have to be armed when the stack starts"):
        refuse_unfit(state, site.data, needs_own=True)


def test_the_plan_is_the_same_for_the_same_seed() -> None:
    targets = (Target.NATS, Target.REDIS, Target.WORKER)
    strikes = mixed(targets, kills=7, seed=1)
    assert strikes == mixed(targets, kills=7, seed=1)
    assert {strikes.count(target) for target in targets} <= {2, 3}
    plan = DrillPlan(runs=200, strikes=strikes, seed=1)
    assert (sum(plan.waves()), len(plan.waves()), max(plan.waves()) - min(plan.waves())) == (200, 7, 1)
    assert len(full_round(seed=1)) == 20
    assert set(full_round(seed=1)) == set(Target)


def test_percentiles_and_sums() -> None:
    assert percentile([], 0.5) is None
    assert (percentile([3.0, 1.0, 2.0], 0.5), percentile([1.0, 2.0], 0.99)) == (2.0, 2.0)
    one = {
        **dict.fromkeys(("lost", "repeated", "stuck", "audit_problems", "not_reached"), 0),
        "kills": 1,
        "runs": 5,
        "seconds": 2.0,
        "findings": {"lost": [], "repeated": [], "stuck": [], "audit": []},
        "strikes": [{"target": "nats", "owed": 3, "recovery_s": 1.5}],
    }
    both = merged([one, one | {"lost": 1}])
    assert (both["lost"], both["kills"], both["recovery_p99_s"]) == (1, 2, 1.5)
    assert not passed(both)
    text = page({**both, "commit": "abc", "machine": "2 cores"}, command="./greenlight drill --full", rounds=2)
    assert "| 10 | 2 | 1 | 0 | 0 | 1.5 s | 1.5 s |" in text
