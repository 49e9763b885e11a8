"""Forgetting what a person asked a run for, in what the airlock held of it.

Hashes, decisions and verdicts stay, with the rules that fired and where; what they quote of the brief goes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from common.apart import for_each
from common.blanking import blanked, texts_of
from common.bus.connection import Bus
from common.clock import Clock
from common.contracts.erasing import ERASED, RunForgotten
from common.contracts.values import JsonObject
from common.db.work import Transaction, Work
from common.service.hearing import hear

from compliance import trail
from compliance.chaining import Chaining
from compliance.redaction import redacted
from compliance.repository.audit import AuditTrail
from compliance.repository.contents import Contents, Held, list_tenants_with_forgotten
from compliance.repository.erasures import Erasures
from compliance.repository.holds import Holds

ACTOR = "service:compliance"
BATCH = 100
LOOK_SECONDS = 5.0
BLANKED = "erasure.content_blanked"
"""The entry that excuses, item by item, that a content does not fit its hash any more."""


class ForgettingRuns:
    """Reads the durable `compliance-forgotten`. The runs have ended: nothing of them is released any more."""

    def __init__(self, work: Work, bus: Bus, *, chaining: Chaining, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._chaining = chaining
        self._clock = clock

    async def run(self) -> None:
        """Listen for ever."""
        await hear(self._work, self._bus, RunForgotten, durable="forgotten", note=self.forget)

    async def run_again(self) -> None:
        """Look for ever whether holds that kept something of a forgotten run are lifted."""
        while True:
            async with self._work.system() as tx:
                tenants = await list_tenants_with_forgotten(tx)
            await for_each(tenants, self._forget_left, what="forgotten runs")
            await asyncio.sleep(LOOK_SECONDS)

    async def _forget_left(self, tenant: str) -> None:
        async with self._work.transaction(tenant, in_loop=True) as tx:
            left = await Contents(tx).list_forgotten()
        for run_id in left:
            async with self._work.transaction(tenant, in_loop=True) as tx:
                await self.forget(tx, RunForgotten(run_id=run_id))

    async def forget(self, tx: Transaction, fact: RunForgotten) -> None:
        """Blank the run's brief and author wherever its items repeat or quote them. In a transaction of its own.

        What a legal hold keeps is left, and done when it is lifted. Where no gate of the run shows the brief, nobody
        can tell which words are the person's, so all of them go.
        """
        await self._chaining.settle(tx.tenant)
        await Holds(tx).lock()
        contents = Contents(tx)
        authors = await contents.list_authors(fact.run_id)
        is_held = await self._is_held(tx, fact.run_id, authors)
        await contents.note_forgotten(fact.run_id, is_left=is_held)
        if is_held:
            return
        items = await contents.list_of_run(fact.run_id)
        briefs = [item.content["brief"] for item in items if "brief" in item.content]

        def theirs(content: JsonObject) -> Sequence[str]:
            # What one item holds as the brief, another may repeat under another name.
            return texts_of(briefs) if briefs else _running_texts(content)

        for item in items:
            without = _without(item, theirs(item.content))
            is_another = await contents.change(item.item_id, lambda content: blanked(content, theirs(content)))
            if without != replace(item, content=without.content):
                await contents.describe(without)
            elif not is_another:
                continue
            resource = f"airlock_item:{item.item_id}"
            trail.note(tx, BLANKED, actor=ACTOR, resource=resource, run_id=fact.run_id, at=self._clock())
        await contents.forget_authors(fact.run_id)
        for author in authors:
            async for seqs, kept in self._naming(tx, fact.run_id, author):
                await AuditTrail(tx).blank(seqs)
                detail: JsonObject = {"run_id": str(fact.run_id), "blanked": kept}
                resource = f"run:{fact.run_id}"
                await trail.chain(tx, "audit.erased", actor=ACTOR, resource=resource, at=self._clock(), detail=detail)

    async def _is_held(self, tx: Transaction, run_id: UUID, authors: Collection[str]) -> bool:
        """Whether a hold keeps something of the run: its own, that of who asked for it, or of who named them in it."""
        held = await Holds(tx).held()
        if held.tenant or str(run_id) in held.runs or held.users.intersection(authors):
            return True
        if held.users:
            for author in authors:
                async for _, kept in self._naming(tx, run_id, author):
                    if any(held.covers(entry) for entry in kept):
                        return True
        return False

    async def _naming(
        self, tx: Transaction, run_id: UUID, author: str
    ) -> AsyncIterator[tuple[list[int], list[JsonObject]]]:
        """What others are on record for in the run that names who asked for it, some at a time: what stays of it.

        What they did themselves is blanked by the order to forget them, and what they did afterwards stays.
        """
        after = 0
        while found := await Erasures(tx).list_naming(author, after=after, limit=BATCH, run_id=run_id):
            entries = [(seq, orjson.loads(body)) for seq, body in found]
            kept = [
                {"seq": seq, **residue}
                for seq, entry in entries
                if entry["actor"] != author and (residue := redacted(entry, author))
            ]
            if kept:
                yield [each["seq"] for each in kept], kept
            after = found[-1][0]


def _running_texts(content: JsonObject) -> list[str]:
    """What is more than one word: addresses, hashes and names of the system are not."""
    return [text for text in texts_of(content) if " " in text]


def _without(item: Held, texts: Collection[str]) -> Held:
    """The item without the texts; findings keep their rules and lose what they quote of what went."""
    content = blanked(item.content, texts)
    findings = [
        {**finding, "quote": ERASED}
        if finding.get("quote") and _went(finding.get("where", ""), before=item.content, after=content)
        else finding
        for finding in item.verdict.get("findings", ())
    ]
    verdict = blanked({**item.verdict, "findings": findings}, texts)
    return Held(item.item_id, blanked(item.title, texts), content, verdict)


def _went(where: str, *, before: JsonObject, after: JsonObject) -> bool:
    """Whether what stands at that path of the content was taken out."""
    was, is_now = _at(before, where), _at(after, where)
    return bool(was != is_now)


def _at(content: Any, where: str) -> Any:
    for name in where.split("/")[1:]:
        if isinstance(content, dict):
            content = content.get(name.replace("~1", "/").replace("~0", "~"))
        elif isinstance(content, list) and name.isdecimal() and int(name) < len(content):
            content = content[int(name)]
        else:
            return None
    return content
