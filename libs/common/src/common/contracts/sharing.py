"""Private runs: who besides their owner sees them. The orchestrator says so, and every service that shows them obeys.

A name is `user:` and a user id, or `role:` and a role.
"""

from __future__ import annotations

from uuid import UUID

from common.contracts.message import Event


class RunShared(Event, subject="evt.orchestrator.run_shared.v1"):
    """A private run, with those it started, may be seen by somebody; or, once `ended`, not any more, for good."""

    share_id: UUID
    run_id: UUID
    who: str
    ended: bool = False
