"""A brief with a card number appears nowhere but where it belongs: not in logs, spans or audit entries."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from common.contracts.audit import AuditEntry
from common.observability.logging import configure_logging, get_logger
from common.observability.masking import mask_with, masked
from common.observability.tracing import MaskedExport, span_from
from fastapi import APIRouter
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from safety.masking import mask
from testkit.people import People
from testkit.workshop import Rows, Shell

CARD = "4242 4242 4242 4242"
KEY = "ghp_" + "a1B2" * 9
SECRETS = (CARD, KEY, "jane.doe@example.com", "DE89 3704 0044 0532 0130 00", "536-90-4399", "+49 30 901820")
BRIEF = f"Film my card {CARD}; write to jane.doe@example.com or call +49 30 901820."
AUDITED = (
    "select convert_from(body, 'UTF8') from ideation.outbox"
    " where tenant_id = %s and subject = 'cmd.compliance.audit.v1'"
)


@pytest.fixture(autouse=True)
def masking() -> None:
    mask_with(mask)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a service would write to standard error; the tests' own logging is put back afterwards."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers, root.level
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logging()
    yield written
    structlog.configure(**before)
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = False


def no_secret_in(text: str) -> None:
    for secret in SECRETS:
        assert secret not in text
        assert secret.replace(" ", "") not in text


def test_what_cannot_be_written_stops_nobody_who_logs(logged: io.StringIO) -> None:
    log = get_logger("test")
    log.info("odd.taken", half="\ud800", number=1 << 70)
    log.debug("odd.hidden")
    assert [json.loads(line)["number"] for line in logged.getvalue().splitlines()] == [1 << 70]
    logged.close()
    log.info("odd.lost")


@pytest.mark.feature("P58")
def test_logs_show_no_secret(logged: io.StringIO) -> None:
    log = structlog.stdlib.get_logger("test")
    for secret in SECRETS:
        log.info("brief.taken", brief=f"It is {secret}.", parts=[{"deep": (secret, 7)}], **{"as": {secret: 1}})
        logging.getLogger("library").warning("it said %s", secret)
        try:
            raise ValueError(f"cannot read {secret}")
        except ValueError:
            log.exception("brief.broke")
    get_logger("test").info("run.begun", run_id="0194b7f0-1234-7abc-9def-0123456789ab", at="2026-11-21T15:00:00Z")
    text = logged.getvalue()
    no_secret_in(text)
    lines = [json.loads(line) for line in text.splitlines()]
    assert len(lines) == 3 * len(SECRETS) + 1
    assert lines[-1]["run_id"] == "0194b7f0-1234-7abc-9def-0123456789ab"
    assert lines[0]["event"] == "brief.taken"


def break_in(span: trace.Span, secret: str) -> None:
    span.set_attribute("later", f"It is {secret}.")
    raise ValueError(f"cannot read {secret}")


@pytest.mark.feature("P58")
def test_spans_show_no_secret() -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(MaskedExport(kept)))
    tracer = provider.get_tracer("test")
    for secret in SECRETS:
        attributes: dict[str, Any] = {"url.path": f"/v1/{secret}", "said": [secret, "x"], "number": 7}
        with (
            pytest.raises(ValueError, match="cannot"),
            span_from(
                tracer, f"GET /{secret}", kind=trace.SpanKind.SERVER, traceparent=None, attributes=attributes
            ) as span,
        ):
            break_in(span, secret)
    spans = kept.get_finished_spans()
    assert len(spans) == len(SECRETS)
    no_secret_in("".join(span.to_json() for span in spans))
    assert spans[0].status.status_code is trace.StatusCode.ERROR
    assert spans[0].attributes is not None
    assert spans[0].attributes["number"] == 7
    assert spans[0].attributes["said"] == ("•••• •••• •••• ••42", "x")


@pytest.mark.feature("P58")
async def test_audit_entries_show_no_secret(shell: Shell, people: People, tenant: str, rows: Rows) -> None:
    person = await people.join(tenant, "creator")

    def router(platform: Any) -> APIRouter:
        routes = APIRouter()

        @routes.post("/things")
        async def take(body: dict[str, str]) -> dict[str, bool]:
            async with platform.work.transaction(tenant) as tx:
                detail = {"brief": body["brief"], "more": [BRIEF, {"deep": CARD}]}
                at = datetime.now(UTC)
                tx.audit(AuditEntry(actor="a", action="thing.made", resource="thing:1", detail=detail, at=at))
            return {"made": True}

        return routes

    async with shell(routers=[router]) as client:
        answer = await client.post("/things", json={"brief": BRIEF}, headers=person.headers)
        assert answer.status_code == 200, answer.text
    entries = [body for (body,) in rows(AUDITED, tenant)]
    assert len(entries) == 1
    no_secret_in("".join(entries))
    assert "Film my card •••• •••• •••• ••42" in json.loads(entries[0])["detail"]["brief"]


@pytest.mark.parametrize(
    "harmless",
    [
        "0194b7f0-1234-7abc-9def-0123456789ab",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "2026-11-21T15:00:00.123456Z",
        "POST /v1/runs/0194b7f0-1234-7abc-9def-0123456789ab/approve",
        "18 ms, 1234567 bytes, 99.5 %",
        "base-0123456789abcdef",
        "",
        7,
        None,
        True,
        {"a": [1, 2.5, None]},
    ],
)
def test_what_machines_write_stays_as_it_is(harmless: Any) -> None:
    assert masked(harmless) == harmless
