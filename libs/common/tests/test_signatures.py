"""What outside systems sign, with their own test vectors."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from common.errors import Invalid
from common.service.signatures import BadSignature, WebhookVendor, delivery_of, verify

NOW = datetime.fromtimestamp(1_760_000_000, UTC)
SECRET = "sim-secret"
OPENAI_BODY = (
    b'{"id":"evt_1","object":"event","created_at":1760000000,"type":"video.completed","data":{"id":"video_123"}}'
)
VECTORS: dict[str, tuple[dict[str, Any], dict[str, str], bytes]] = {
    "openai": (
        {"secrets": ["whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="], "id_field": "data.id"},
        {
            "webhook-id": "wh_1",
            "webhook-timestamp": "1760000000",
            "webhook-signature": "v1,WjRjBErR2xil/oWjU2V3+Rox2FwqMYH+OfpdeVfstVY=",
        },
        OPENAI_BODY,
    ),
    "openrouter": (
        {"secrets": [SECRET], "scheme": "timestamped", "header": "x-openrouter-signature", "separator": ","},
        {"x-openrouter-signature": "t=1760000000,v1=c1d90b0704866c0c1d9b248727ceb0816819e6f18c0cc6aba44594d8314719ce"},
        b'{"type":"video.generation.completed","data":{"id":"job_1","status":"completed"}}',
    ),
    "tiktok": (
        {"secrets": [SECRET], "scheme": "timestamped", "header": "tiktok-signature", "version": "s"},
        {"tiktok-signature": "t=1760000000,s=e34d8ebb504abd1cf57e840d81f4f3ebe0c3d24dde5dba2497a6a4f9bb88cd97"},
        b'{"client_key":"ck","event":"post.publish.complete","create_time":1760000000,"user_openid":"o1",'
        b'"content":"{\\"publish_id\\":\\"v_pub_file~1\\"}"}',
    ),
    "remotion": (
        {"secrets": [SECRET], "scheme": "plain", "algorithm": "sha512", "header": "x-remotion-signature"},
        {
            "x-remotion-signature": "sha512=bba68d504e16df720de0b02802036bf0ec685841da6dbf1079ede9c297f3c08f"
            "d428dc111027b8a52b9b7f92bc2c180eba7c5619de440a52e61094bd17789b35"
        },
        b'{"type":"success","renderId":"r1","expectedBucketOwner":"1","bucketName":"b","customData":null}',
    ),
}
TIMED = [name for name, (settings, _, _) in VECTORS.items() if settings.get("scheme") != "plain"]


def vendor_of(name: str, **more: Any) -> tuple[WebhookVendor, dict[str, str], bytes]:
    settings, headers, body = VECTORS[name]
    return WebhookVendor.model_validate(settings | more), dict(headers), body


@pytest.mark.parametrize("name", VECTORS)
def test_what_a_vendor_signs_is_taken_and_nothing_else(name: str) -> None:
    vendor, headers, body = vendor_of(name)
    verify(vendor, headers, body, now=NOW)
    for wrong in (body + b" ", body.replace(b"{", b"[", 1), b""):
        with pytest.raises(BadSignature):
            verify(vendor, headers, wrong, now=NOW)
    stranger, _, _ = vendor_of(name, secrets=["another-secret"])
    with pytest.raises(BadSignature):
        verify(stranger, headers, body, now=NOW)


@pytest.mark.parametrize("name", VECTORS)
@pytest.mark.parametrize(
    "written", ["", "v1", "v1,", "t=,v1=", "t=x,v1=00", "sha512=zz", "v1,///", "t=1,t=2,v1=00", "ü"]
)
def test_a_signature_that_cannot_be_read_is_none(name: str, written: str) -> None:
    vendor, headers, body = vendor_of(name)
    headers[vendor.header] = written
    with pytest.raises(BadSignature):
        verify(vendor, headers, body, now=NOW)


@pytest.mark.parametrize("name", TIMED)
@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_delivery_is_not_taken(name: str, seconds: int) -> None:
    vendor, headers, body = vendor_of(name)
    verify(vendor, headers, body, now=NOW + timedelta(seconds=seconds - seconds // abs(seconds)))
    with pytest.raises(BadSignature):
        verify(vendor, headers, body, now=NOW + timedelta(seconds=seconds))


def test_both_secrets_are_good_while_one_replaces_the_other() -> None:
    vendor, headers, body = vendor_of("remotion", secrets=["the-next-one", SECRET])
    verify(vendor, headers, body, now=NOW)
    headers[vendor.header] = "sha512=" + hmac.new(b"the-next-one", body, hashlib.sha512).hexdigest()
    verify(vendor, headers, body, now=NOW)


def test_a_delivery_says_what_it_is_about() -> None:
    vendor, headers, body = vendor_of("openai")
    delivery = delivery_of("sora", vendor, headers, body)
    assert (delivery.id, delivery.handle) == ("wh_1", "sora:video_123")
    unsigned, _, other = vendor_of("remotion")
    told = delivery_of("remotion", unsigned, {"webhook-id": "forged"}, other)
    # The header is not signed here, so it cannot make a repeat look like something new.
    assert (told.id, told.handle) == (hashlib.sha256(other).hexdigest(), None)


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{", b"\xff", b'{"id": "a\\u0000"}'])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    vendor, headers, _ = vendor_of("openai")
    with pytest.raises(Invalid):
        delivery_of("sora", vendor, headers, body)


@pytest.mark.parametrize("about", ["true", "null", '""', "{}", "[1]", f'"{"x" * 201}"'])
def test_an_id_that_is_none_is_no_handle(about: str) -> None:
    vendor, headers, _ = vendor_of("remotion")
    assert delivery_of("remotion", vendor, headers, b'{"id": %s}' % about.encode()).handle is None
