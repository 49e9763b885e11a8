"""Handing an order out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from common.db.work import Transaction
from common.ids import derived_id
from common.observability.tracing import traceparent_of_run


def send_order(tx: Transaction, subject: str, body: bytes, row: Mapping[str, Any]) -> None:
    """Put the command for a row of `ready_steps` into the outbox."""
    tx.send(
        subject,
        body,
        message_id=order_id(row),
        tenant=row["tenant_id"],
        run=row["run_id"],
        step=row["step_id"],
        attempt=row["attempt"],
        traceparent=traceparent_of_run(row["run_id"]),
    )


def order_id(row: Mapping[str, Any]) -> UUID:
    """The id of the message that orders this attempt."""
    return derived_id(row["step_id"], row["attempt"])
