"""Keeping what a drill found where the page shows it: with the installation that was drilled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpx

from cli.drill.figures import Document
from cli.drill.origin import commit, machine
from cli.drill.people import Person, accepted
from cli.drill.site import Site
from cli.drill.view import sentence
from cli.output import remark
from cli.trouble import Trouble

_FINDINGS, _LETTERS = 20, 500


async def keep(site: Site, document: Document) -> None:
    """Have the installation keep a drill's numbers. A stack that cannot is no fault of what was drilled: it is said."""
    async with httpx.AsyncClient(
        base_url=site.edge_url, timeout=httpx.Timeout(10.0, connect=2.0), trust_env=False
    ) as client:
        operator = Person(client, site.secrets.admin_key.get_secret_value())
        try:
            accepted(await operator.ask("PUT", f"/admin/drills/{document['tenant']}", json=result_of(document)))
        except Trouble as trouble:
            remark(f"The page does not show this drill: {trouble}")


def result_of(document: Document) -> dict[str, Any]:
    """A drill as the installation keeps it: numbers, where they come from, and the first of what must not be."""
    counts = ("runs", "kills", "lost", "repeated", "stuck", "audit_problems")
    return {name: document[name] for name in counts} | {
        "commit": commit(),
        "machine": machine(),
        "recovery_p50_ms": _ms(document["recovery_p50_s"]),
        "recovery_p99_ms": _ms(document["recovery_p99_s"]),
        "took_ms": _ms(document["seconds"]),
        "targets": {name: one["kills"] for name, one in document["targets"].items()},
        "findings": list(_findings(document))[:_FINDINGS],
    }


def _findings(document: Document) -> Iterable[str]:
    for kind, found in document["findings"].items():
        yield from (f"{kind}: {sentence(one)}"[:_LETTERS] for one in found)


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(1000 * seconds)
