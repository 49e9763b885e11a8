"""How outside systems sign what they send, checked on the bytes as they came."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from common.contracts.values import TENANT_PATTERN, JsonObject
from common.errors import Invalid, Unauthenticated

_ID_LIMIT = 200
_STANDARD_ID, _STANDARD_TIME = "webhook-id", "webhook-timestamp"


class BadSignature(Unauthenticated):
    """The delivery is not signed by the vendor, or too old."""


class WebhookVendor(BaseModel):
    """How one outside system signs, and where in its JSON it says what a delivery is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secrets: tuple[SecretStr, ...] = Field(
        min_length=1,
        max_length=5,
        description="Any of them is good: a new one is put first, the old one taken away later.",
    )
    scheme: Literal["standard", "timestamped", "plain"] = Field(
        default="standard",
        description="`standard`: Standard Webhooks, `id.time.body`. `timestamped`: `t=…,v1=…` over `time.body`."
        " `plain`: a signature of the body alone, without protection from replays other than the delivery's id.",
    )
    algorithm: Literal["sha256", "sha512"] = "sha256"
    header: str = Field(default="webhook-signature", description="Which header has the signature.")
    version: str = Field(default="v1", description="The name of the signature inside of the header.")
    separator: str = Field(default=".", max_length=1, description="Between time and body of `timestamped`.")
    tolerance_seconds: int = Field(default=300, ge=1, le=3600)
    tenant: str | None = Field(
        default=None, pattern=TENANT_PATTERN, description="Whose it is. Without it every tenant's runs may wait for it."
    )
    delivery_header: str | None = Field(
        default=None,
        description="Which header has the delivery's own id. Only that of `standard`, the default there, is signed;"
        " elsewhere a delivery without one is known by its bytes.",
    )
    id_field: str = Field(default="id", description="Where the body says what it is about, such as `data.id`.")


@dataclass(frozen=True)
class Delivery:
    """What an outside system said: `handle` is `vendor:id`, None when it says nothing that could be waited for."""

    id: str
    handle: str | None
    payload: JsonObject


def verify(vendor: WebhookVendor, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
    """Raises `BadSignature` unless one of the vendor's secrets signed these very bytes, a short time ago."""
    signed, given = _signed(vendor, headers, body)
    if signed.time is not None and abs(now.timestamp() - signed.time) > vendor.tolerance_seconds:
        raise BadSignature("The delivery's time is too far from ours.")
    good = False
    for secret in vendor.secrets:
        digest = hmac.digest(_key(vendor, secret.get_secret_value()), signed.content, vendor.algorithm)
        for one in given:
            # Every one is compared, so that the time it takes says nothing about which was nearly right.
            good |= hmac.compare_digest(digest, one)
    if not good:
        raise BadSignature("The delivery is not signed with a secret of this vendor.")


def delivery_of(name: str, vendor: WebhookVendor, headers: Mapping[str, str], body: bytes) -> Delivery:
    """The delivery in these bytes. Raises `Invalid` when they are no JSON object.

    One without an id of its own is known by its bytes.
    """
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid("A delivery has to be JSON.") from error
    if not isinstance(payload, dict) or b"\\u0000" in body:
        raise Invalid("A delivery has to be a JSON object without zero characters.")
    about: object = payload
    for part in vendor.id_field.split("."):
        about = about.get(part) if isinstance(about, dict) else None
    known = isinstance(about, str | int) and not isinstance(about, bool) and 0 < len(str(about)) <= _ID_LIMIT
    handle = f"{name}:{about}" if known else None
    return Delivery(_own_id(vendor, headers) or hashlib.sha256(body).hexdigest(), handle, payload)


def _own_id(vendor: WebhookVendor, headers: Mapping[str, str]) -> str:
    header = vendor.delivery_header or (_STANDARD_ID if vendor.scheme == "standard" else None)
    given = headers.get(header, "") if header else ""
    return given if len(given) <= _ID_LIMIT else ""


@dataclass(frozen=True)
class _Signed:
    content: bytes
    time: int | None


def _signed(vendor: WebhookVendor, headers: Mapping[str, str], body: bytes) -> tuple[_Signed, list[bytes]]:
    """What was signed, and the signatures that came with it."""
    written = headers.get(vendor.header, "")
    try:
        match vendor.scheme:
            case "standard":
                message_id, time = headers.get(_STANDARD_ID, ""), headers.get(_STANDARD_TIME, "")
                content = f"{message_id}.{time}.".encode() + body
                pairs = (one.partition(",") for one in written.split())
                given = [base64.b64decode(text, validate=True) for name, _, text in pairs if name == vendor.version]
                return _Signed(content, int(time)), given
            case "timestamped":
                parts = list(_members(written))
                [time] = [value for name, value in parts if name == "t"]
                content = f"{time}{vendor.separator}".encode() + body
                return _Signed(content, int(time)), [bytes.fromhex(v) for name, v in parts if name == vendor.version]
            case "plain":
                return _Signed(body, None), [bytes.fromhex(written.rpartition("=")[2])]
    except (ValueError, binascii.Error) as error:
        raise BadSignature("The delivery's signature cannot be read.") from error


def _members(written: str) -> Iterator[tuple[str, str]]:
    for part in written.split(","):
        name, _, value = part.strip().partition("=")
        yield name, value


def _key(vendor: WebhookVendor, secret: str) -> bytes:
    """Standard Webhooks write a key as `whsec_` and base64; all others are used as they are."""
    if vendor.scheme == "standard" and secret.startswith("whsec_"):
        return base64.b64decode(secret.removeprefix("whsec_"))
    return secret.encode()
