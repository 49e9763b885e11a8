"""What an item has cost, what saying no would cost, and how items like it went: from rows, never from a guess."""

from __future__ import annotations

from dataclasses import dataclass

from common.contracts.gates import Finding
from common.db.work import Transaction

from compliance.repository.items import Item
from compliance.repository.reviews import approved_share

TOP_RISKS = 3
_WORST_FIRST = ("blocking", "review", "info")


@dataclass(frozen=True)
class Economics:
    """Money in micro-dollars; None where the run did not say. `similar_*` are None where nothing like it was decided.

    `lost_if_rejected` is all that was spent, as a rejected run ends; `redone_if_changed` is what would be made again.
    """

    spent: int | None
    lost_if_rejected: int | None
    redone_if_changed: int | None
    risks: tuple[Finding, ...]
    similar_decided: int | None
    similar_approved: int | None


async def economics_of(tx: Transaction, item: Item) -> Economics:
    """The economics of an item, with those of its gate and kind whose risk is near."""
    decided, approved = await approved_share(
        tx, gate=item.gate, content_type=item.content_type, risk=item.risk, besides=item.id
    )
    return Economics(
        spent=item.spent_usd_micros,
        lost_if_rejected=item.spent_usd_micros,
        redone_if_changed=item.redo_usd_micros,
        risks=top_risks(item.verdict.findings),
        similar_decided=decided or None,
        similar_approved=approved if decided else None,
    )


def top_risks(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The worst findings; of the same severity, those that are surest."""
    return tuple(sorted(findings, key=lambda finding: (_place(finding.severity), -_sureness(finding)))[:TOP_RISKS])


def _place(severity: str) -> int:
    # A severity nobody here knows is looked at before what is only for information.
    return _WORST_FIRST.index(severity) if severity in _WORST_FIRST else 1


def _sureness(finding: Finding) -> float:
    return 1.0 if finding.confidence is None else finding.confidence
