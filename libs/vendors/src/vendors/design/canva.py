"""Canva Connect: a brand template is filled with our words, exported as a JPEG, and downloaded.

Its jobs call nobody when they are done, so they are asked for. It knows no idempotency key: an order whose answer is
lost is an error like another, and doing it again leaves one more design in its list, which costs nothing.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import httpx
from common.contracts.values import Origin
from common.errors import GreenlightError, VendorAuthFailed, VendorRefused, VendorUnavailable
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from vendors.design.port import PICTURE_LIMIT, Design, DesignFailed, DesignOrder
from vendors.links import file_at
from vendors.oauth import Access
from vendors.wire import VendorOutOfCredit, ask, read_whole

_QUALITY = 90
_UNPAID = frozenset({"trial_quota_exceeded", "quota_exceeded", "license_required"})
"""Errors of jobs that end when somebody pays."""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Field(_Answer):
    type: str


class _Dataset(_Answer):
    dataset: dict[str, _Field]


class _Error(_Answer):
    code: str
    message: str = ""


class _Urls(_Answer):
    edit_url: str = ""


class _Design(_Answer):
    id: str = Field(min_length=1, max_length=200)
    urls: _Urls = _Urls()


class _Autofilled(_Answer):
    design: _Design


class _Job(_Answer):
    id: str = Field(min_length=1, max_length=200)
    status: Literal["in_progress", "success", "failed"]
    error: _Error | None = None
    result: _Autofilled | None = None
    urls: list[str] = []


class _Answered(_Answer):
    job: _Job


Got = TypeVar("Got", bound=BaseModel)


class Canva:
    """One brand template. The base address of `client` ends where `/v1` begins; its requests carry `access`'s token."""

    name = "canva"

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        access: Access,
        template: str,
        poll_seconds: float,
        patience_seconds: float,
        origin: Origin = Origin.REAL,
    ) -> None:
        self.origin = origin
        self._client = client
        self._access = access
        self._template = template
        self._poll = poll_seconds
        self._patience = patience_seconds

    async def design(self, order: DesignOrder) -> Design:
        """See `Designer`. Words that the template has no field for are left out; one of them has to fit."""
        data = await self._data(order)
        asked = {"brand_template_id": self._template, "title": order.title, "data": data}
        filled = await self._done("/v1/autofills", asked)
        if filled.result is None:
            raise DesignFailed(f"{self.name} says that it made a design, and not which.")
        made = filled.result.design
        size = {"type": "jpg", "quality": _QUALITY, "width": order.width, "height": order.height}
        exported = await self._done("/v1/exports", {"design_id": made.id, "format": size})
        if not exported.urls:
            raise DesignFailed(f"{self.name} exported design {made.id} to nowhere.")
        return Design(id=made.id, picture=await self._fetch(exported.urls[0]), edit_url=made.urls.edit_url)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _data(self, order: DesignOrder) -> dict[str, Any]:
        path = f"/v1/brand-templates/{quote(self._template, safe='')}/dataset"
        fields = (await self._ask("GET", path, _Dataset)).dataset
        texts = {name: field for name, field in fields.items() if field.type == "text"}
        data = {
            name: {"type": "text", "text": said}
            for name in texts
            if (said := order.words.get(name.strip().lower().replace(" ", "_")))
        }
        if not data:
            has, wanted = ", ".join(sorted(texts)) or "none", ", ".join(order.words)
            raise VendorRefused(f"The template of {self.name} has no text field for any of {wanted}; it has {has}.")
        return data

    async def _done(self, path: str, asked: dict[str, Any]) -> _Job:
        """The job that `asked` makes, once it is done. Raises what it failed with."""
        job = (await self._ask("POST", path, _Answered, json=asked)).job
        until = time.monotonic() + self._patience
        while job.status == "in_progress":
            if time.monotonic() >= until:
                raise VendorUnavailable(f"{self.name} was not done with job {job.id} after {self._patience:g} s.")
            await asyncio.sleep(self._poll)
            job = (await self._ask("GET", f"{path}/{quote(job.id, safe='')}", _Answered)).job
        if job.status == "failed":
            error = job.error or _Error(code="failed")
            kind = VendorOutOfCredit if error.code in _UNPAID else DesignFailed
            raise kind(f"{self.name} could not do it: {error.message} ({error.code})")
        return job

    async def _ask(self, method: str, path: str, returns: type[Got], *, json: Any = None) -> Got:
        """The answer. A token that is refused before its time is renewed, once: what it asked for was not taken."""

        async def with_token(token: SecretStr) -> Got:
            bearer = {"authorization": f"Bearer {token.get_secret_value()}"}
            return await ask(self._client, method, path, vendor=self.name, returns=returns, headers=bearer, json=json)

        token = await self._access.token()
        try:
            return await with_token(token)
        except VendorAuthFailed:
            return await with_token(await self._access.instead_of(token))

    async def _fetch(self, link: str) -> bytes:
        """The exported file. It lies with somebody else, whom our token is none of the business of."""

        def broke(name: str) -> GreenlightError:
            return VendorUnavailable(f"{self.name}'s file broke off: {name}.")

        async with file_at(self._client, link, vendor=self.name, broke=broke) as answer:
            return (await read_whole(answer, vendor=self.name, limit=PICTURE_LIMIT)).content
