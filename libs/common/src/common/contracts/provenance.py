"""Where text came from, and what may never follow from it: labels on the fields of contracts.

`Untrusted` says that a field holds text from outside: whoever works with it treats it as data, and fences it when a
model is to read it. `Deciding` says that a field decides about publishing, spending or approving: a workflow may give
it only what stands in its file or what people said at a gate. The loader refuses a workflow that does otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel

Label = TypeVar("Label")


class Source(StrEnum):
    """Who wrote untrusted text."""

    BRIEF = "brief"
    COMMENT = "comment"
    AGENT = "agent"
    CONTENT = "content"


@dataclass(frozen=True)
class Untrusted:
    """Text from outside, or made from it."""

    source: Source


@dataclass(frozen=True)
class Deciding:
    """Decides `what`, such as "where a post goes"."""

    what: str


def labelled(contract: type[BaseModel], label: type[Label]) -> dict[str, Label]:
    """The fields of a contract that carry a label of this kind."""
    return {
        name: found
        for name, field in contract.model_fields.items()
        for found in field.metadata
        if isinstance(found, label)
    }
