"""A brand as a film wears it: asked for by the name of a kit, and read before anything is spent on the film."""

from __future__ import annotations

from pydantic import Field

from common.contracts.message import Capability
from common.contracts.scenes import Face, Hex, Logo
from common.contracts.values import Value


class EndWords(Value):
    """What stands on a film's last picture, and for how long."""

    title: str = Field(min_length=1, max_length=120)
    line: str = Field(default="", max_length=160)
    seconds: float = Field(default=2.0, ge=1, le=6)


class BrandKit(Value):
    """What a film takes over from a brand. What is not said is as it is in films without one."""

    name: str = Field(max_length=80, description="The pack that says it.")
    colours: tuple[Hex, ...] = Field(default=(), description="The brand's own, the main one first.")
    face: Face | None = None
    logo: Logo | None = None
    end_card: EndWords | None = None


class BrandInput(Value):
    """Which kit is wanted. None: the one that is in force for the tenant, if there is one."""

    name: str = Field(default="", max_length=200)


class BrandRead(Value):
    """The kit; null where none was asked for and none is in force."""

    kit: BrandKit | None = None


ReadBrand = Capability("compliance.read_brand", BrandInput, BrandRead)
