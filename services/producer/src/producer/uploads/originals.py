"""What somebody brought, as it is kept beside what is made of it: the file itself, on their terms."""

from __future__ import annotations

from common.bus.step import Step
from common.contracts.uploads import Brought
from common.contracts.values import ArtifactRecord, ArtifactType, Origin

MADE_BY = "producer/upload"


def announce_original(brought: Brought, step: Step, *, type: ArtifactType, name: str) -> None:
    """Announce the file as it was brought."""
    step.announce(
        ArtifactRecord(
            ref=brought.ref,
            type=type,
            name=name,
            made_by=MADE_BY,
            origin=Origin.UPLOAD,
            licence=terms_of(brought),
        )
    )


def terms_of(brought: Brought) -> str:
    """What was said of it, with who has to be named, in a sentence or two."""
    return " ".join(filter(None, (brought.licence, brought.credit)))
