"""Access that lasts hours, and is renewed with a token that is good once (OAuth 2, RFC 6749 section 6).

Nothing that a vendor says here is passed on but the code of its error: its words may repeat a token.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import httpx
from common.errors import VendorAuthFailed, VendorUnavailable
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from vendors.wire import error_for, exchange, understood

_SPENT = "invalid_grant"


class VendorDisconnected(VendorAuthFailed):
    """The vendor takes our refresh token no more: a person has to connect it again."""


class TokenPair(BaseModel):
    """What a renewal gives. The refresh token that was shown for it is spent."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    access_token: SecretStr = Field(min_length=1)
    refresh_token: SecretStr = Field(min_length=1)
    expires_in: int = Field(gt=0, description="Seconds for which the access token is good.")


class _Refusal(BaseModel):
    """RFC 6749 says `error`; Canva says `code` besides."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    error: str = Field(default="", pattern=r"^[a-z_]{0,40}$")
    code: str = Field(default="", pattern=r"^[a-z_]{0,40}$")


class TokenDoor:
    """A vendor's token endpoint, at `path` of the client's base address. The client has no key of its own."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        vendor: str,
        path: str,
        client_id: str,
        client_secret: SecretStr,
        patience_seconds: float,
    ) -> None:
        self.vendor = vendor
        self._client = client
        self._path = path
        self._as_client = httpx.BasicAuth(client_id, client_secret.get_secret_value())
        self._patience = patience_seconds

    async def renew(self, refresh_token: SecretStr) -> TokenPair:
        """A new pair; asked once, and not again. Raises `VendorDisconnected`, and what `vendors.wire` says.

        After `VendorUnavailable` nobody knows whether the token is spent. To show it again is how to find out, and
        costs nothing: if it is, the pair that was made of it is lost already.
        """
        shown = {"grant_type": "refresh_token", "refresh_token": refresh_token.get_secret_value()}
        try:
            async with asyncio.timeout(self._patience):
                answer = await exchange(
                    self._client, "POST", self._path, vendor=self.vendor, auth=self._as_client, data=shown
                )
        except TimeoutError as error:
            raise VendorUnavailable(f"{self.vendor} did not renew our access in {self._patience:g} s.") from error
        if answer.is_success:
            return understood(answer, vendor=self.vendor, returns=TokenPair)
        code = _code_of(answer)
        said = f"{self.vendor} answered {answer.status_code} when our access was to be renewed{code and f' ({code})'}."
        if code == _SPENT:
            raise VendorDisconnected(said)
        raise error_for(answer.status_code, answer.headers, said)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class Access(Protocol):
    """Somebody's access to a vendor."""

    async def token(self) -> SecretStr:
        """An access token that should be good."""

    async def instead_of(self, refused: SecretStr) -> SecretStr:
        """Another one than that which the vendor has just refused."""


def _code_of(answer: httpx.Response) -> str:
    try:
        said = _Refusal.model_validate_json(answer.content)
    except ValidationError:
        return ""
    return said.error or said.code
