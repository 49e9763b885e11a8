"""What we need from whoever sets our words in a brand's own template."""

from __future__ import annotations

from typing import Protocol

from common.contracts.values import Origin, Value
from common.errors import VendorRefused
from pydantic import Field

PICTURE_LIMIT = 32 * 1024 * 1024
"""Bytes of one design; a JPEG of the largest size that we ask for is a tenth of it."""


class DesignFailed(VendorRefused):
    """The vendor took the order and could not make the design, or not hand it over."""


class DesignOrder(Value):
    """The words of a design, by the name of their field, and its size in pixels."""

    title: str = Field(min_length=1, max_length=255, description="Under which the vendor lists it.")
    words: dict[str, str] = Field(min_length=1, description="Field of the template → what it says.")
    width: int = Field(ge=40, le=8_000)
    height: int = Field(ge=40, le=8_000)


class Design(Value):
    """A design as the vendor delivered it. What its bytes really are, is for the caller to find out."""

    id: str = Field(min_length=1, max_length=200)
    picture: bytes
    edit_url: str = Field(default="", description="Where people go on with it at the vendor's, if it says so.")


class Designer(Protocol):
    """A vendor of designs. An order whose answer is lost leaves at most one more design in the vendor's list."""

    @property
    def name(self) -> str:
        """The adapter's name, as people and artifacts' records see it."""

    @property
    def origin(self) -> Origin:
        """Whether a vendor designs for real, or a stand-in that says so."""

    async def design(self, order: DesignOrder) -> Design:
        """The design. Raises `DesignFailed`, or the vendor errors of `common.errors` and `vendors.wire`."""

    async def close(self) -> None:
        """Close the connections."""
