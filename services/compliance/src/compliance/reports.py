"""Reports of a period, computed from the entries each time: who was let in, what was decided, what was refused."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from common.clock import rfc3339
from common.contracts.values import JsonObject
from common.db.work import Work

from compliance.reading import Source, entries_between
from compliance.verification import Report as Verification

ROWS_AT_MOST = 10_000
"""What is beyond is in the totals, and said as `without_row`."""


class ReportKind(StrEnum):
    """What there are reports of."""

    ACCESS = "access"
    DECISIONS = "decisions"
    VIOLATIONS = "violations"


@dataclass
class Tally:
    """What a report counts. `totals` has every one of its names from the beginning, so that nothing counted is 0."""

    totals: dict[str, int]
    rows: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    entries: Counter[Source] = field(default_factory=Counter)
    without_row: int = 0

    def count(self, entry: JsonObject, name: str) -> None:
        """Count an entry under one of the names."""
        self.totals[name] += 1
        day = entry["recorded_at"].astimezone(UTC).date().isoformat()
        key = (day, str(entry["action"]), str(entry["result"]), str(entry.get("actor", "")))
        if key in self.rows or len(self.rows) < ROWS_AT_MOST:
            self.rows[key] += 1
        else:
            self.without_row += 1


Names = Callable[[JsonObject], list[str]]
ROW = ("day", "action", "result", "actor", "count")


async def report_on(
    work: Work,
    tenant: str,
    kind: ReportKind,
    *,
    since: datetime,
    until: datetime,
    verification: Verification,
    archived: AsyncIterator[JsonObject],
) -> JsonObject:
    """The report as JSON: of the trail, and of `archived`, the lines of archives that are kept.

    It says whether the chain is whole that it was computed from, how many entries are in archives by now (`archived`),
    and of how many only action and result are left (`in_part`), which may be missing where a total asks for more.
    """
    names, of_entry = _REPORTS[kind]
    tally = Tally(dict.fromkeys(names, 0))
    rules: Counter[str] = Counter()
    async for entry, source in entries_between(work, tenant, since, until, archived=archived):
        tally.entries[source] += 1
        for name in of_entry(entry):
            tally.count(entry, name)
            if kind is ReportKind.VIOLATIONS:
                rules.update(str(rule) for rule in entry.get("detail", {}).get("rules", []))
    report: JsonObject = {
        "kind": kind.value,
        "tenant": tenant,
        "from": rfc3339(since),
        "to": rfc3339(until),
        "entries": tally.entries.total(),
        "archived": tally.entries[Source.ARCHIVE],
        "in_part": tally.entries[Source.RESIDUE],
        "chain": {
            "ok": verification.ok,
            "first_bad_seq": verification.first_bad_seq,
            "reason": verification.reason,
            "head": verification.head,
        },
        "totals": tally.totals,
        "rows": [dict(zip(ROW, (*key, count), strict=True)) for key, count in sorted(tally.rows.items())],
        "without_row": tally.without_row,
    }
    return report | ({"rules": dict(sorted(rules.items()))} if kind is ReportKind.VIOLATIONS else {})


def as_csv(report: JsonObject) -> bytes:
    """The report as a table: totals first, then the rows, and at the end whether the chain is whole."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(ROW)
    for name, count in report["totals"].items():
        table.writerow(["total", name, "", "", count])
    for row in report["rows"]:
        table.writerow([f"'{cell}" if str(cell).startswith(("=", "+", "-", "@")) else cell for cell in row.values()])
    if report["without_row"]:
        table.writerow(["without a row", "", "", "", report["without_row"]])
    for name in ("archived", "in_part"):
        table.writerow([name, "", "", "", report[name]])
    chain = report["chain"]
    table.writerow(["chain", "ok" if chain["ok"] else "broken", chain["reason"] or "", "", chain["first_bad_seq"] or 0])
    return text.getvalue().encode()


def _access(entry: JsonObject) -> list[str]:
    action = str(entry["action"])
    return [name for name, actions in ACCESS.items() if action.startswith(actions)]


def _decisions(entry: JsonObject) -> list[str]:
    action, detail = str(entry["action"]), entry.get("detail", {})
    if action == "gate.decided":
        decision = detail.get("decision")
        return [decision] if decision in {"approved", "rejected", "changes_requested"} else ["undisclosed"]
    if action == "permit.finished" and detail.get("outcome") == "released":
        return ["released"]
    return [PLAIN[action]] if action in PLAIN else []


def _violations(entry: JsonObject) -> list[str]:
    action, detail = str(entry["action"]), entry.get("detail", {})
    if action == "brief.blocked" or entry["result"] == "content_blocked":
        return ["blocked"]
    if action == "gate.opened" and detail.get("verdict") in {"blocked", "needs_review"}:
        return [f"gates_{detail['verdict']}"]
    if action == "permit.refused":
        return ["releases_refused"]
    return []


ACCESS: dict[str, tuple[str, ...]] = {
    "refused": ("request.refused",),
    "signed_in": ("session.opened",),
    "sign_in_links": ("sign_in_link.created",),
    "passwords_changed": ("password.changed",),
    "keys_changed": ("key.",),
    "accounts_changed": ("user.", "tenant.", "role.", "signing_key."),
    "runs_shared": ("run.shared",),
    "runs_unshared": ("run.unshared",),
    "links_made": ("link.made",),
    "links_used": ("link.used",),
    "links_revoked": ("link.revoked",),
    "links_refused": ("link.refused",),
    "stand_ins": ("stand_in.",),
    "evidence_exported": ("evidence.exported",),
    "personal_data": ("erasure.", "hold.", "personal_data."),
}
"""Actions, or what they begin with, by the name under which they are counted."""
PLAIN = {
    "gate.agreed": "agreed",
    "gate.expired": "expired",
    "gate.withdrawn": "withdrawn",
    "gate.reopened": "reopened",
    "gate.decision_refused": "refused",
    "permit.granted": "permits",
    "kill.on": "stops",
}
_REPORTS: dict[ReportKind, tuple[tuple[str, ...], Names]] = {
    ReportKind.ACCESS: (tuple(ACCESS), _access),
    ReportKind.DECISIONS: (
        (
            "agreed",
            "approved",
            "rejected",
            "changes_requested",
            "undisclosed",
            "expired",
            "withdrawn",
            "reopened",
            "refused",
            "permits",
            "released",
            "stops",
        ),
        _decisions,
    ),
    ReportKind.VIOLATIONS: (("blocked", "gates_blocked", "gates_needs_review", "releases_refused"), _violations),
}
