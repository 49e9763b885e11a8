"""What a drill comes to in numbers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from cli.drill.conduct import Outcome
from cli.drill.watch import Strike

Document = dict[str, Any]


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of all values does not exceed (nearest rank); None of none."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def document_of(outcome: Outcome) -> Document:
    """One drill as JSON. Seconds are rounded to hundredths, though what is measured is no finer than a tenth."""
    lost, repeated = outcome.evidence.lost, outcome.evidence.repeated
    return {
        "lost": len(_runs(finding.run_id for finding in lost)),
        "repeated": len(repeated),
        "stuck": len(outcome.stuck),
        **recovery_of(outcome.strikes),
        "kills": len(outcome.strikes),
        "runs": outcome.started,
        "audit_problems": len(outcome.evidence.audit),
        "seconds": round(outcome.seconds, 1),
        "seed": outcome.plan.seed,
        "tenant": outcome.tenant,
        "delete_jetstream": outcome.plan.delete_jetstream,
        "not_reached": outcome.not_reached,
        "not_now": outcome.not_now,
        "targets": by_target(outcome.strikes),
        "findings": {
            "lost": [asdict(finding) for finding in lost],
            "repeated": [asdict(finding) for finding in repeated],
            "stuck": [{**asdict(still), "run_id": str(still.run_id)} for still in outcome.stuck],
            "audit": [asdict(finding) for finding in outcome.evidence.audit],
        },
        "strikes": [
            {
                "number": strike.number,
                "target": strike.target.value,
                "what": strike.what,
                "owed": len(strike.owed),
                "recovery_s": _rounded(strike.recovery_seconds),
            }
            for strike in outcome.strikes
        ],
    }


def merged(documents: Sequence[Document]) -> Document:
    """Several drills as one: counts added up, percentiles over the strikes of all."""
    strikes = [strike for document in documents for strike in document["strikes"]]
    groups: dict[str, list[Document]] = defaultdict(list)
    for strike in strikes:
        groups[strike["target"]].append(strike)
    added = ("lost", "repeated", "stuck", "kills", "runs", "audit_problems", "seconds", "not_reached")
    return {
        **{name: sum(document[name] for document in documents) for name in added},
        **_recorded_recovery(strikes),
        "targets": {name: {"kills": len(group), **_recorded_recovery(group)} for name, group in groups.items()},
        "findings": {
            kind: [one for document in documents for one in document["findings"][kind]]
            for kind in ("lost", "repeated", "stuck", "audit")
        },
        "strikes": strikes,
    }


def _recorded_recovery(strikes: Iterable[Document]) -> Document:
    counted = [strike["recovery_s"] for strike in strikes if strike["owed"]]
    seconds = [recovery for recovery in counted if recovery is not None]
    return {
        "recovery_p50_s": _rounded(percentile(seconds, 0.5)),
        "recovery_p99_s": _rounded(percentile(seconds, 0.99)),
        "measured": len(seconds),
        "unrecovered": len(counted) - len(seconds),
    }


def passed(document: Document) -> bool:
    """Whether nothing was lost, repeated or stuck, and the audit chain verifies."""
    return not any(document[name] for name in ("lost", "repeated", "stuck", "audit_problems"))


def recovery_of(strikes: Iterable[Strike]) -> Document:
    """Percentiles over the strikes that found runs on the move; those that were never recovered from are counted."""
    counted = [strike for strike in strikes if strike.owed]
    seconds = [strike.recovery_seconds for strike in counted if strike.recovery_seconds is not None]
    first = [after for strike in counted for after in strike.advanced.values()]
    return {
        "recovery_p50_s": _rounded(percentile(seconds, 0.5)),
        "recovery_p99_s": _rounded(percentile(seconds, 0.99)),
        "run_p50_s": _rounded(percentile(first, 0.5)),
        "run_p99_s": _rounded(percentile(first, 0.99)),
        "measured": len(seconds),
        "unrecovered": len(counted) - len(seconds),
    }


def by_target(strikes: Iterable[Strike]) -> dict[str, Document]:
    """The same for each target."""
    groups: dict[str, list[Strike]] = defaultdict(list)
    for strike in strikes:
        groups[strike.target.value].append(strike)
    return {name: {"kills": len(group), **recovery_of(group)} for name, group in groups.items()}


def _runs(ids: Iterable[str]) -> set[str]:
    return set(ids)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)
