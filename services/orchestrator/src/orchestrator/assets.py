"""What a tenant's runs made, found by what it is, where it came from, and a word that stands somewhere at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.contracts.values import Origin
from common.db.work import Transaction
from sqlalchemy import ColumnElement, func, or_, select, tuple_

from orchestrator.models import run_artifacts
from orchestrator.visibility import is_of_no_hidden_run

AssetKey = tuple[datetime, UUID, str, str]


class AssetKind(StrEnum):
    """What somebody sees of it."""

    FILM = "film"
    PICTURE = "picture"
    SOUND = "sound"
    TEXT = "text"
    """Scripts, captions and everything else that is neither seen nor heard."""


@dataclass(frozen=True)
class AssetFilter:
    """Which of them. What is None leaves none out."""

    kind: AssetKind | None = None
    origin: Origin | None = None
    text: str | None = None
    """Somewhere in its name, its licence or its maker, in large or small letters."""


_made = run_artifacts.c
_KEY = (_made.announced_at, _made.run_id, _made.sha256, _made.type)
_FAMILIES = {AssetKind.FILM: "video/", AssetKind.PICTURE: "image/", AssetKind.SOUND: "audio/"}


async def list_assets(
    tx: Transaction, wanted: AssetFilter, *, limit: int, after: AssetKey | None = None
) -> Sequence[Any]:
    """What runs made that the viewer sees, newest first. The same bytes are there once for each run that has them."""
    query = select(run_artifacts).where(_made.tenant_id == tx.tenant, is_of_no_hidden_run(_made.run_id))
    if wanted.kind is not None:
        query = query.where(_is(wanted.kind))
    if wanted.origin is not None:
        query = query.where(_made.origin == wanted.origin)
    if wanted.text is not None:
        said = (_made.name, func.coalesce(_made.licence, ""), _made.made_by)
        query = query.where(or_(*(func.strpos(func.lower(one), wanted.text.lower()) > 0 for one in said)))
    if after is not None:
        query = query.where(tuple_(*_KEY) < after)
    found = await tx.session.execute(query.order_by(*(column.desc() for column in _KEY)).limit(limit))
    return found.mappings().all()


def asset_key(row: Any) -> AssetKey:
    """Where a row stands in the list."""
    return row["announced_at"], row["run_id"], row["sha256"], row["type"]


def _is(kind: AssetKind) -> ColumnElement[bool]:
    if kind is AssetKind.TEXT:
        return ~or_(*(_made.media_type.startswith(family) for family in _FAMILIES.values()))
    return _made.media_type.startswith(_FAMILIES[kind])
