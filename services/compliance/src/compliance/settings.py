"""Compliance's knobs."""

from __future__ import annotations

from typing import Annotated

from common.service.settings import ServiceSettings
from pydantic import Field, SecretStr

from compliance.keeping import CLASSES, RetentionClass


class Settings(ServiceSettings):
    """Read from `GREENLIGHT_*`, as everywhere."""

    overdue_check_seconds: float = Field(default=5.0, gt=0)
    """How often overdue gates are closed and the gauge of open ones is set."""

    claim_seconds: float = Field(default=900.0, gt=0)
    """How long a reviewer who claims an item keeps it; claiming it again renews that."""

    review_due_seconds: float = Field(default=24 * 3600.0, gt=0)
    """When somebody should have decided, where neither the workflow nor the tenant says."""

    audit_batch: int = Field(default=200, ge=1, le=1000)
    """Audit messages stored in one go. More is faster and makes a crash repeat more."""

    reevaluation_check_seconds: float = Field(default=1.0, gt=0)
    """How often it is looked whether a policy was changed and approved items are to be looked at again."""

    caption_limit_bytes: int = Field(default=1 << 20, ge=1)
    """A text artifact larger than this is not read, which blocks its content: nobody looked at it."""

    audit_signing_key: Annotated[SecretStr, Field(min_length=32)] | None = None
    """Signs anchors and evidence; every replica has the same one. Without it a key is made in the data folder, except
    in production. Another key is taken only where `audit_known_keys` has the old one, in every replica."""

    audit_known_keys: tuple[str, ...] = ()
    """Public keys (`x` of `/v1/audit/keys`) of signing keys that were used before, so that their anchors count."""

    audit_chaining_seconds: float = Field(default=0.1, gt=0)
    """How long an entry of compliance's own waits at most to be chained. Who reads the trail sees it at once."""

    audit_anchor_seconds: float = Field(default=3600.0, gt=0)
    """How often the head of each chain that has grown is signed."""

    audit_retention: tuple[RetentionClass, ...] = CLASSES
    """For how long which entries can be searched, and for how long their archive is kept, as JSON."""

    audit_retention_check_seconds: float = Field(default=3600.0, gt=0)
    """How often entries that are due are archived and archives that are due are deleted."""

    audit_erasure_settle_seconds: float = Field(default=30.0, gt=0)
    """How long after an order to forget somebody entries that were on their way are still looked for."""

    scan_timeout_seconds: float = Field(default=100.0, gt=0)
    """How long one scan of a film, a picture or a sound may take; one that is not done by then blocks its content."""

    scan_niceness: int = Field(default=5, ge=0, le=19)
    """How far scans give way to everything else on the machine: 19 is most, and may starve beside renders."""

    scans_at_once: int = Field(default=2, ge=1, le=64)
    """Files that are scanned side by side."""

    link_opens_per_minute: int = Field(default=20, ge=1)
    """How often links for people without an account may be opened, or tried, by one address; and one link by all."""

    link_requests_per_minute: int = Field(default=600, ge=1)
    """Requests of everybody who came by one such link. A film is asked for in many pieces."""

    preview_timeout_seconds: float = Field(default=180.0, gt=0)
    """How long making a marked copy of a film may take."""
