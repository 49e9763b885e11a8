"""The tenant's templates, each version of them: all SQL of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.db.work import Transaction
from common.errors import NotFound
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from producer.designs import DesignRequest
from producer.errors import TemplatesFull
from producer.models import templates

ROOM = 1_000
"""Versions of all templates that a tenant may keep."""


@dataclass(frozen=True)
class Template:
    """One version of a template, counted from 1."""

    name: str
    version: int
    design: DesignRequest
    saved_at: datetime


async def save(tx: Transaction, name: str, design: DesignRequest) -> tuple[Template, bool]:
    """Keep it as the newest version. → it, and whether it is new: what is the newest already is not kept again.

    Raises `TemplatesFull`.
    """
    # Two that save at once must not both count the same versions.
    await tx.session.execute(
        text("select pg_advisory_xact_lock(hashtextextended('templates ' || :t, 0))"), {"t": tx.tenant}
    )
    newest = next(iter(await list_versions(tx, name, limit=1)), None)
    if newest is not None and newest.design == design:
        return newest, False
    kept = (await tx.session.execute(select(func.count()).select_from(templates))).scalar_one()
    if kept >= ROOM:
        raise TemplatesFull(f"There are {kept} versions of templates, which is all there is room for; delete some.")
    row = {
        "tenant_id": tx.tenant,
        "name": name,
        "version": newest.version + 1 if newest else 1,
        "design": design.model_dump(mode="json"),
    }
    made = await tx.session.execute(insert(templates).values(row).returning(*templates.c))
    return _template(made.mappings().one()), True


async def list_newest(tx: Transaction) -> Sequence[Template]:
    """The newest version of each template, by name."""
    first = distinct_on(templates.c.name)
    query = select(templates).ext(first).order_by(templates.c.name, templates.c.version.desc()).limit(ROOM)
    return [_template(row) for row in (await tx.session.execute(query)).mappings()]


async def list_versions(tx: Transaction, name: str, *, limit: int = ROOM) -> Sequence[Template]:
    """A template's versions, newest first; none when there is no such template."""
    query = select(templates).where(templates.c.name == name).order_by(templates.c.version.desc()).limit(limit)
    return [_template(row) for row in (await tx.session.execute(query)).mappings()]


async def get(tx: Transaction, name: str, *, version: int | None = None) -> Template:
    """A template as it is, or as it was in that version. Raises `NotFound`."""
    query = select(templates).where(templates.c.name == name).order_by(templates.c.version.desc()).limit(1)
    if version is not None:
        query = query.where(templates.c.version == version)
    row = (await tx.session.execute(query)).mappings().first()
    if row is None:
        raise NotFound(f"There is no template {name!r}" + (f" of version {version}." if version else "."))
    return _template(row)


async def remove(tx: Transaction, name: str) -> int:
    """Delete all its versions. → how many there were."""
    gone = await tx.session.execute(delete(templates).where(templates.c.name == name).returning(templates.c.version))
    return len(gone.all())


def _template(row: Any) -> Template:
    design = DesignRequest.model_validate(row["design"])
    return Template(name=row["name"], version=row["version"], design=design, saved_at=row["saved_at"])
