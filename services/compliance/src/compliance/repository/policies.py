"""A tenant's policy packs, what of them is in force, and the second looks that a change asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from common.contracts.gates import ContentType, Verdict, VerdictLevel
from common.contracts.values import Downgrade, JsonObject
from common.db.connection import Row, Statement
from common.db.work import Transaction
from common.errors import NotFound
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from compliance.domain import RELEASABLE, PolicyAction
from compliance.models import (
    airlock_items,
    item_evaluations,
    open_reevaluations,
    policy_changes,
    policy_versions,
    tenant_policies,
)
from compliance.repository.items import HEAD, ItemHead, head_of

RECENT_ITEMS = 50
# Both are asked with every creation, and the first with every decision.
_CHOICE: LiteralString = (
    "select own, chosen, switched_off, changed_by, changed_at from compliance.tenant_policies"
    " where tenant_id = %(tenant)s"
)
_REFUSED: LiteralString = """
    with newest as (
        select decision from compliance.airlock_items where tenant_id = %(tenant)s and decision is not null
        order by opened_at desc, id desc limit %(recent)s
    )
    select count(*) as decided, count(*) filter (where decision <> 'approved') as refused from newest
"""


@dataclass(frozen=True)
class Choice:
    """What a tenant has in force beside what is always so."""

    own: tuple[tuple[str, int], ...] = ()
    """Its own packs, with the number of the version."""
    chosen: tuple[str, ...] = ()
    switched_off: tuple[str, ...] = ()
    changed_by: str | None = None
    changed_at: datetime | None = None

    def number_of(self, pack: str) -> int | None:
        """Which version of an own pack is in force."""
        return dict(self.own).get(pack)


@dataclass(frozen=True)
class StoredVersion:
    """One version of a tenant's pack."""

    pack: str
    number: int
    version: str
    description: str
    source: str
    sha256: str
    rules: int
    made_by: str
    made_at: datetime


@dataclass(frozen=True)
class PolicyChange:
    """Who put what in force, or out of it."""

    pack: str
    number: int | None
    action: PolicyAction
    policy_version: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True)
class Waiting:
    """An approved item that the policy in force has not seen."""

    id: UUID
    content: JsonObject
    content_type: ContentType | None
    manifest_sha256: str
    verdict: Verdict
    """What its reviewer was shown."""
    downgrades: tuple[Downgrade, ...] = ()


@dataclass(frozen=True)
class Past:
    """An item of the past and its content, for trying a draft on."""

    head: ItemHead
    content: JsonObject


class PolicyStore:
    """The policies of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def choice(self) -> Choice:
        """What the tenant chose; one that never did has what is shipped."""
        return self.chosen(await self._tx.run(*self.asking_choice()))

    def asking_choice(self) -> Statement:
        """What `choice` asks, for who asks something else with it."""
        return _CHOICE, {"tenant": self._tx.tenant}

    @staticmethod
    def chosen(rows: Sequence[Row]) -> Choice:
        """The choice that was asked for."""
        if not rows:
            return Choice()
        [row] = rows
        own = tuple((each["pack"], each["number"]) for each in row["own"])
        return Choice(own, tuple(row["chosen"]), tuple(row["switched_off"]), row["changed_by"], row["changed_at"])

    async def choose(self, choice: Choice, *, policy_version: str, by: str, at: datetime) -> None:
        """Put this choice in the place of the one before."""
        values = {
            "own": [{"pack": pack, "number": number} for pack, number in choice.own],
            "chosen": list(choice.chosen),
            "switched_off": list(choice.switched_off),
            "policy_version": policy_version,
            "changed_by": by,
            "changed_at": at,
        }
        await self._tx.session.execute(
            upsert(tenant_policies)
            .values(tenant_id=self._tx.tenant, **values)
            .on_conflict_do_update(index_elements=["tenant_id"], set_=values)
        )

    async def add_version(self, version: StoredVersion) -> None:
        """Keep a version for ever. One that has the same number or is called the same is refused by the database."""
        values = {name: getattr(version, name) for name in StoredVersion.__dataclass_fields__}
        await self._tx.session.execute(insert(policy_versions).values(tenant_id=self._tx.tenant, **values))

    async def get_version(self, pack: str, number: int) -> StoredVersion:
        """One version. Raises `NotFound`."""
        found = await self._versions(policy_versions.c.pack == pack, policy_versions.c.number == number)
        if not found:
            raise NotFound(f"There is no version {number} of a pack {pack!r}.")
        return found[0]

    async def find_version(self, pack: str, version: str) -> StoredVersion | None:
        """The one that calls itself so."""
        found = await self._versions(policy_versions.c.pack == pack, policy_versions.c.version == version)
        return found[0] if found else None

    async def find_newest(self, pack: str) -> StoredVersion | None:
        """The newest version of a pack; None where there is no such pack."""
        found = await self.list_versions(pack, limit=1)
        return found[0] if found else None

    async def list_versions(self, pack: str, *, limit: int) -> Sequence[StoredVersion]:
        """So many versions of a pack, the newest first."""
        return await self._versions(policy_versions.c.pack == pack, limit=limit)

    async def list_newest(self) -> Sequence[StoredVersion]:
        """The newest version of each pack."""
        newest = (
            select(policy_versions.c.pack, func.max(policy_versions.c.number).label("number"))
            .where(policy_versions.c.tenant_id == self._tx.tenant)
            .group_by(policy_versions.c.pack)
            .subquery()
        )
        return await self._versions(
            policy_versions.c.pack == newest.c.pack, policy_versions.c.number == newest.c.number
        )

    async def _versions(self, *wanted: object, limit: int | None = None) -> Sequence[StoredVersion]:
        query = (
            select(policy_versions)
            .where(policy_versions.c.tenant_id == self._tx.tenant, *wanted)  # type: ignore[arg-type]  # comparisons of columns
            .order_by(policy_versions.c.pack, policy_versions.c.number.desc())
            .limit(limit)
        )
        return [
            StoredVersion(**{name: getattr(row, name) for name in StoredVersion.__dataclass_fields__})
            for row in await self._tx.session.execute(query)
        ]

    async def add_change(self, change: PolicyChange) -> None:
        """Write down who changed what is in force."""
        await self._tx.session.execute(
            insert(policy_changes).values(
                tenant_id=self._tx.tenant,
                pack=change.pack,
                number=change.number,
                action=change.action.value,
                policy_version=change.policy_version,
                made_by=change.made_by,
                made_at=change.made_at,
            )
        )

    async def list_changes(self, pack: str, *, limit: int) -> Sequence[PolicyChange]:
        """The changes of one pack, the newest first."""
        table = policy_changes.c
        rows = await self._tx.session.execute(
            select(policy_changes)
            .where(table.tenant_id == self._tx.tenant, table.pack == pack)
            .order_by(table.seq.desc())
            .limit(limit)
        )
        return [
            PolicyChange(row.pack, row.number, PolicyAction(row.action), row.policy_version, row.made_by, row.made_at)
            for row in rows
        ]

    async def choice_and_refused(self) -> tuple[Choice, float]:
        """What the tenant chose, and of its newest items that were decided how many were sent back, from 0 to 1.

        It is the last thing the transaction does.
        """
        refused = _REFUSED, {"tenant": self._tx.tenant, "recent": RECENT_ITEMS}
        rows, [row] = await self._tx.conclude_all([self.asking_choice(), refused])
        return self.chosen(rows), float(row["refused"] / row["decided"]) if row["decided"] else 0.0

    async def list_past(self, *, since: datetime, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[Past]:
        """Items opened since then with their contents, the oldest first."""
        query = (
            select(*HEAD, airlock_items.c.content)
            .where(airlock_items.c.tenant_id == self._tx.tenant, airlock_items.c.opened_at >= since)
            .order_by(airlock_items.c.opened_at, airlock_items.c.id)
            .limit(limit)
        )
        if after is not None:
            opened_at, item_id = after
            query = query.where(
                or_(
                    airlock_items.c.opened_at > opened_at,
                    (airlock_items.c.opened_at == opened_at) & (airlock_items.c.id > item_id),
                )
            )
        rows = await self._tx.session.execute(query)
        return [Past(head_of(row), row["content"]) for row in rows.mappings()]


class Reevaluations:
    """Second looks at the approved items of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def ask(self, *, policy_version: str, at: datetime) -> None:
        """Have everything approved looked at under this policy; what was asked before is done with it."""
        values = {"policy_version": policy_version, "asked_at": at, "claimed_until": None}
        await self._tx.session.execute(
            upsert(open_reevaluations)
            .values(tenant_id=self._tx.tenant, **values)
            .on_conflict_do_update(index_elements=["tenant_id"], set_=values)
        )

    async def is_open(self) -> bool:
        """Whether there may be items that were not looked at yet."""
        query = select(open_reevaluations.c.tenant_id).where(open_reevaluations.c.tenant_id == self._tx.tenant)
        return (await self._tx.session.execute(query)).first() is not None

    async def close(self, *, policy_version: str) -> bool:
        """Say that all is done. → False when something newer was asked for meanwhile."""
        done = await self._tx.session.execute(
            delete(open_reevaluations)
            .where(
                open_reevaluations.c.tenant_id == self._tx.tenant,
                open_reevaluations.c.policy_version == policy_version,
            )
            .returning(open_reevaluations.c.tenant_id)
        )
        return done.first() is not None

    async def list_waiting(self, *, policy_version: str, limit: int) -> Sequence[Waiting]:
        """Approved items that this policy has not seen, the oldest first."""
        seen = (
            (item_evaluations.c.item_id == airlock_items.c.id)
            & (item_evaluations.c.policy_version == policy_version)
            & (item_evaluations.c.manifest_sha256 == airlock_items.c.manifest_sha256)
        )
        columns = ("id", "content", "content_type", "manifest_sha256", "verdict", "downgrades")
        query = (
            select(*(airlock_items.c[name] for name in columns))
            .outerjoin(item_evaluations, seen)
            .where(
                airlock_items.c.tenant_id == self._tx.tenant,
                airlock_items.c.status.in_([status.value for status in RELEASABLE]),
                airlock_items.c.policy_version != policy_version,
                item_evaluations.c.item_id.is_(None),
            )
            .order_by(airlock_items.c.opened_at, airlock_items.c.id)
            .limit(limit)
        )
        return [
            Waiting(
                row.id,
                row.content,
                ContentType(row.content_type) if row.content_type else None,
                row.manifest_sha256,
                Verdict.model_validate(row.verdict),
                tuple(Downgrade.model_validate(downgrade) for downgrade in row.downgrades),
            )
            for row in await self._tx.session.execute(query)
        ]

    async def has_seen(self, item_id: UUID, *, policy_version: str, manifest_sha256: str) -> bool:
        """Whether the item as it is was looked at under this policy."""
        table = item_evaluations.c
        query = select(table.item_id).where(
            table.tenant_id == self._tx.tenant,
            table.item_id == item_id,
            table.policy_version == policy_version,
            table.manifest_sha256 == manifest_sha256,
        )
        return (await self._tx.session.execute(query)).first() is not None

    async def add_seen(
        self, seen: Sequence[tuple[Waiting, VerdictLevel]], *, policy_version: str, at: datetime
    ) -> None:
        """Remember that these may stay approved under this policy."""
        if not seen:
            return
        statement = upsert(item_evaluations)
        changed = {
            name: statement.excluded[name] for name in ("policy_version", "manifest_sha256", "level", "looked_at")
        }
        await self._tx.session.execute(
            statement.on_conflict_do_update(index_elements=["item_id"], set_=changed),
            [
                {
                    "item_id": waiting.id,
                    "tenant_id": self._tx.tenant,
                    "policy_version": policy_version,
                    "manifest_sha256": waiting.manifest_sha256,
                    "level": level.value,
                    "looked_at": at,
                }
                for waiting, level in seen
            ],
        )


async def claim_reevaluation(tx: Transaction, *, now: datetime, seconds: float) -> tuple[str, str] | None:
    """Tenant and policy of what nobody works on; it is ours then. For a system transaction."""
    table = open_reevaluations
    free = or_(table.c.claimed_until.is_(None), table.c.claimed_until < now)
    oldest = select(table.c.tenant_id).where(free).order_by(table.c.asked_at).limit(1).with_for_update(skip_locked=True)
    row = (
        await tx.session.execute(
            update(table)
            .where(table.c.tenant_id == oldest.scalar_subquery())
            .values(claimed_until=now + timedelta(seconds=seconds))
            .returning(table.c.tenant_id, table.c.policy_version)
        )
    ).first()
    return (row.tenant_id, row.policy_version) if row else None


async def keep_claim(tx: Transaction, tenant: str, *, until: datetime) -> None:
    """Say that it is still being worked on. For a system transaction."""
    await tx.session.execute(
        update(open_reevaluations).where(open_reevaluations.c.tenant_id == tenant).values(claimed_until=until)
    )
