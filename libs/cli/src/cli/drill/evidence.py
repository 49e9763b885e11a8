"""Counting afterwards: which runs did not come to their end, and which outside effects happened more than once."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import UUID

from cli.drill.ledger import Ledger, RunSight
from cli.drill.people import Crew

_SETTLE_SECONDS = 30.0
_HISTORIES_AT_ONCE = 8

_TWICE: tuple[tuple[str, LiteralString], ...] = (
    (
        "release permits used for one item",
        "select run_id, count(*) from compliance.release_permits p"
        " join compliance.airlock_items i on i.id = p.item_id and i.tenant_id = p.tenant_id"
        " where p.tenant_id = %s and p.outcome = 'released' group by run_id having count(*) > 1",
    ),
    (
        "approvals of one gate",
        "select i.run_id, count(*) from compliance.airlock_decisions d"
        " join compliance.airlock_items i on i.id = d.item_id"
        " where d.tenant_id = %s and d.decision = 'approved' group by i.run_id, i.id having count(*) > 1",
    ),
    (
        "answered calls that made the post public",
        "select p.run_id, count(*) from publisher.calls c"
        " join publisher.posts p on p.tenant_id = c.tenant_id and c.key like 'finish:' || p.id || ':%%'"
        " where c.tenant_id = %s and c.state = 'done' group by p.run_id, p.id having count(*) > 1",
    ),
    (
        "entries in the library",
        "select run_id, count(*) from knowledge.library_entries where tenant_id = %s group by run_id"
        " having count(*) > 1",
    ),
    (
        "entries in the audit chain that say it was started or published",
        "select run_id, count(*) from compliance.audit_entries where tenant_id = %s"
        " and action in ('run.started', 'post.published') group by run_id, action having count(*) > 1",
    ),
)
_LIVE: LiteralString = "select id from publisher.feed_entries where tenant_id = %s and live_at is not null"
_UNREPORTED: LiteralString = """
    select (select count(*) from publisher.permits where tenant_id = %(t)s and reported_at is null)
         + (select count(*) from orchestrator.outbox where tenant_id = %(t)s and sent_at is null)
         + (select count(*) from publisher.outbox where tenant_id = %(t)s and sent_at is null)
         + (select count(*) from compliance.outbox where tenant_id = %(t)s and sent_at is null)
"""


@dataclass(frozen=True)
class Finding:
    """Something that must not be."""

    run_id: str
    what: str


@dataclass
class Evidence:
    """What was found once everything had come to rest."""

    lost: list[Finding] = field(default_factory=list)
    repeated: list[Finding] = field(default_factory=list)
    audit: list[Finding] = field(default_factory=list)
    """What the audit chain's own verification complains about."""


async def gather(crew: Crew, ledger: Ledger, *, started: Sequence[UUID], runs: Mapping[UUID, RunSight]) -> Evidence:
    """Look through APIs and tables. `runs` is the last look at all of them."""
    evidence = Evidence()
    await _settle(ledger)
    evidence.lost += _unfinished(started, runs)
    evidence.repeated += _unasked(started, runs)
    await _count_posts(crew, ledger, evidence, runs)
    for what, query in _TWICE:
        rows = await ledger.rows(query, ledger.tenant)
        evidence.repeated += [Finding(str(run_id), f"{count} {what}") for run_id, count in rows]
    await _read_histories(crew, started, evidence)
    report = await crew.author.read("/v1/audit/verify")
    if not report["ok"] or report["gaps"]:
        evidence.audit.append(Finding("", f"the audit chain does not verify: {str(report)[:300]}"))
    return evidence


async def _settle(ledger: Ledger) -> None:
    """What still is to be told (permits, messages) is told within seconds; what never is, shows as a gap."""
    deadline = asyncio.get_running_loop().time() + _SETTLE_SECONDS
    query = _UNREPORTED.replace("%(t)s", "%s")
    while asyncio.get_running_loop().time() < deadline:
        [(left,)] = await ledger.rows(query, *[ledger.tenant] * 4)
        if not left:
            return
        await asyncio.sleep(0.25)


def _unfinished(started: Iterable[UUID], runs: Mapping[UUID, RunSight]) -> Iterable[Finding]:
    for run_id in started:
        run = runs.get(run_id)
        if run is None:
            yield Finding(str(run_id), "was accepted and does not exist")
        elif not run.is_over:
            yield Finding(str(run_id), f"never ended; it shows {run.shown} at entry {run.seq}")
        elif run.status != "completed":
            yield Finding(str(run_id), f"ended as {run.status}")


def _unasked(started: Iterable[UUID], runs: Mapping[UUID, RunSight]) -> Iterable[Finding]:
    counts = Counter(started)
    yield from (Finding(str(run_id), "two starts gave the same run") for run_id, count in counts.items() if count > 1)
    yield from (Finding(str(run_id), "exists, and no start was answered with it") for run_id in runs.keys() - counts)


async def _count_posts(crew: Crew, ledger: Ledger, evidence: Evidence, runs: Mapping[UUID, RunSight]) -> None:
    """As many public posts as completed runs, one each, and as many live entries in the feed as public posts."""
    by_run: dict[str, list[str]] = defaultdict(list)
    for post in await crew.author.read_pages("/v1/posts"):
        if post["state"] == "public":
            by_run[str(post["run_id"])].append(str(post["id"]))
    evidence.repeated += [
        Finding(run_id, f"{len(posts)} public posts") for run_id, posts in by_run.items() if len(posts) > 1
    ]
    known = {post for posts in by_run.values() for post in posts}
    live = {str(row[0]) for row in await ledger.rows(_LIVE, ledger.tenant)}
    evidence.repeated += [Finding("", f"feed entry {entry} is live without a public post") for entry in live - known]
    evidence.lost += [
        Finding(str(run_id), "completed without a live post")
        for run_id, run in runs.items()
        if run.status == "completed" and not live.intersection(by_run.get(str(run_id), ()))
    ]


async def _read_histories(crew: Crew, started: Sequence[UUID], evidence: Evidence) -> None:
    at_once = asyncio.Semaphore(_HISTORIES_AT_ONCE)

    async def read(run_id: UUID) -> None:
        async with at_once:
            answer = await crew.author.ask("GET", f"/v1/runs/{run_id}/history?limit=1000")
        if not answer.is_error:
            check_history(str(run_id), answer.json(), evidence)

    await asyncio.gather(*(read(run_id) for run_id in started))


def check_history(run_id: str, entries: Sequence[Mapping[str, Any]], evidence: Evidence) -> None:
    """Entries are numbered 1, 2, 3 … and nothing that ends a step (or the run) is told twice."""
    numbers = [entry["seq"] for entry in entries]
    if len(set(numbers)) < len(numbers):
        evidence.repeated.append(Finding(run_id, "a number of its history was given twice"))
    elif numbers != list(range(1, len(numbers) + 1)):
        evidence.lost.append(Finding(run_id, "its history has a gap"))
    told = Counter(
        (entry["type"], *(str(entry["data"].get(part)) for part in ("step", "visit", "index", "path")))
        for entry in entries
        if entry["type"].endswith((".completed", ".decided"))
    )
    evidence.repeated += [
        Finding(run_id, f"{count} × {key[0]} of step {key[1]}") for key, count in told.items() if count > 1
    ]
