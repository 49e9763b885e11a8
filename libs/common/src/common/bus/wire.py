"""CloudEvents 1.0 in NATS headers (binary mode): what travels around a body, in and out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from common.clock import rfc3339
from common.contracts.message import Header
from common.contracts.values import TENANT_PATTERN
from common.errors import Invalid


def wire_headers(row: Mapping[str, Any], *, source: str) -> dict[str, str]:
    """The NATS headers of an outbox row (`id, sends, headers, created_at`)."""
    stored: dict[str, str] = dict(row["headers"])
    stored.setdefault("ce-time", rfc3339(row["created_at"]))
    return {
        **stored,
        "Nats-Msg-Id": f"{row['id']}.{row['sends']}",
        "ce-specversion": "1.0",
        "ce-id": str(row["id"]),
        "ce-source": source,
        "content-type": "application/json",
    }


def read_header(headers: Mapping[str, str] | None) -> Header:
    """The header of a delivered message. Raises `Invalid` when it is not one of ours."""
    found = headers or {}
    try:
        return Header(
            id=UUID(found["ce-id"]),
            source=found.get("ce-source", ""),
            type=found["ce-type"],
            time=datetime.fromisoformat(found["ce-time"]) if "ce-time" in found else datetime.now(UTC),
            tenant=_tenant(found["ce-tenant"]),
            run=UUID(found["ce-run"]) if "ce-run" in found else None,
            step=UUID(found["ce-step"]) if "ce-step" in found else None,
            attempt=int(found["ce-attempt"]) if "ce-attempt" in found else None,
            cause=UUID(found["ce-cause"]) if "ce-cause" in found else None,
            traceparent=found.get("traceparent"),
        )
    except (KeyError, ValueError) as error:
        raise Invalid(f"the message carries no usable CloudEvents headers: {error!r}") from error


TENANT_WIDE = "_"
"""Stands where a run does, in the subject of what is said to everybody in a tenant."""


def spoken_subject(kind: str, *, tenant: str, run: UUID | None) -> str:
    """`<kind>.<tenant>.<run>` of an unstored message; of no run when it is for the whole tenant.

    A tenant's dots become `=`, which no tenant has in its name: `.a` and `a..b` are good tenants, but a subject with an
    empty part would be refused.
    """
    return f"{kind}.{tenant.replace('.', '=')}.{run or TENANT_WIDE}"


def read_spoken_subject(subject: str) -> tuple[str, str]:
    """Tenant and run, or `TENANT_WIDE`, of a subject that `spoken_subject` made."""
    _, tenant, run = subject.split(".")
    return tenant.replace("=", "."), run


def _tenant(written: str) -> str:
    if not re.fullmatch(TENANT_PATTERN, written):
        raise ValueError(f"{written!r} is no tenant")
    return written
