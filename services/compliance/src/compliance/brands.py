"""Brand kits as films wear them: the one that is in force, or one by its name, with its logo looked at."""

from __future__ import annotations

import io
from dataclasses import dataclass

from common.artifacts import Artifacts
from common.compute import ComputePool
from common.contracts.brand import BrandKit
from common.contracts.scenes import Logo
from common.contracts.values import ArtifactRef
from common.errors import NotFound
from PIL import Image, UnidentifiedImageError
from safety.pack import BrandSpec, LogoSpec

from compliance.errors import BrandUnknown, BrandUnusable
from compliance.logofiles import LOGO_BYTES, read_logo
from compliance.policies import Policies


@dataclass(frozen=True)
class Brands:
    """The brand kits of all tenants; each call is for one."""

    policies: Policies
    artifacts: Artifacts
    compute: ComputePool

    async def read(self, tenant: str, name: str) -> BrandKit | None:
        """The kit of the tenant's pack of that name; without a name the one in force, or None where none is.

        Raises `BrandUnknown` for a name that has no kit, `BrandUnusable` when its logo is not there or no PNG.
        """
        if name:
            pack = await self._named(tenant, name)
            return await self._kit(tenant, name, pack)
        policy = await self.policies.active(tenant)
        within = next((pack.name for pack in policy.packs if pack.brand is not None), "")
        return await self._kit(tenant, within, policy.brand) if policy.brand else None

    async def _named(self, tenant: str, name: str) -> BrandSpec:
        try:
            pack = await self.policies.own_pack(tenant, name)
        except NotFound as error:
            raise BrandUnknown(f"There is no brand kit {name!r}: no policy pack of yours is called that.") from error
        if pack.brand is None:
            raise BrandUnknown(f"The policy pack {name!r} has no brand kit: it has no `brand:` part.")
        return pack.brand

    async def _kit(self, tenant: str, name: str, brand: BrandSpec) -> BrandKit:
        film = brand.film
        return BrandKit(
            name=name,
            colours=tuple(colour.lower() for colour in brand.colours),
            face=film.typeface,
            logo=await self._logo(tenant, name, film.logo) if film.logo else None,
            end_card=film.end_card,
        )

    async def _logo(self, tenant: str, name: str, logo: LogoSpec) -> Logo:
        try:
            data = await read_logo(self.artifacts, tenant, logo.upload)
        except NotFound as error:
            said = f"The logo of the brand kit {name!r} is not there. Upload it (POST /v1/uploads?kind=logo)."
            raise BrandUnusable(said) from error
        if len(data) > LOGO_BYTES or not await self.compute(is_png, data):
            raise BrandUnusable(
                f"The logo of the brand kit {name!r} is no PNG. Upload one (POST /v1/uploads?kind=logo)."
            )
        image = ArtifactRef(sha256=logo.upload, size=len(data), media_type="image/png")
        return Logo(image=image, place=logo.place, width=logo.width, opacity=logo.opacity)


def is_png(data: bytes) -> bool:
    """Whether these bytes can be decoded as a PNG, to their last line."""
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return False
    return True
