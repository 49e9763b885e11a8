"""Content, checked and sealed under the policy it was checked by."""

from __future__ import annotations

from collections.abc import Sequence

from common.contracts.gates import Verdict
from common.contracts.values import Downgrade, JsonObject

from compliance.domain import Sealed, seal
from compliance.examiner import Examiner
from compliance.risk import Circumstances

_UNCHECKED = ""


async def examined(
    examiner: Examiner, tenant: str, content: JsonObject, *, stage: str, downgrades: Sequence[Downgrade] = ()
) -> tuple[Sealed, Verdict]:
    """The content under its manifest hash, and what the checks say. Raises `Invalid` for what cannot be sealed."""
    # Sealed before it is looked at, so that what has no bounds never comes to the checks.
    seal(content, policy_version=_UNCHECKED)
    circumstances = Circumstances(downgrades=tuple(downgrades))
    verdict = await examiner.examine(tenant, content, stage=stage, circumstances=circumstances)
    return seal(content, policy_version=verdict.policy_version), verdict
