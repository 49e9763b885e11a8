"""What somebody brought, as it is kept beside what is made of it: the file itself, on their terms."""

from __future__ import annotations

from pathlib import Path

from common.bus.step import Step
from common.contracts.uploads import Brought
from common.contracts.values import ArtifactRecord, ArtifactType, Origin
from common.errors import NotFound

from producer.errors import UploadUnknown

MADE_BY = "producer/upload"


async def fetch_original(brought: Brought, step: Step, *, type: ArtifactType, name: str, into: Path) -> Path:
    """The file as it was brought, below the folder `into`; it is announced. Raises `UploadUnknown` once it is deleted.

    A plan names its uploads, and a run that failed keeps none of them: between the two a file can go.
    """
    try:
        original = await step.artifacts.fetch(step.tenant, brought.ref, into=into)
    except NotFound as error:
        raise UploadUnknown(
            f"The upload {brought.ref.sha256} was deleted since. Upload the same file (POST /v1/uploads)."
        ) from error
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
    return original


def terms_of(brought: Brought) -> str:
    """What was said of it, with who has to be named, in a sentence or two."""
    return " ".join(filter(None, (brought.licence, brought.credit)))
