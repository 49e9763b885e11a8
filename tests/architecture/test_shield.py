"""Nothing is written past the shield: a route or a capability that is not looked at is listed here, with its reason."""

from __future__ import annotations

import importlib
import re

import pytest
from common.contracts.catalogue import CAPABILITIES, SERVICES
from common.service.middleware import is_open
from common.service.serve import Wiring
from common.service.shielding import READS, Exemptions
from fastapi import FastAPI
from pydantic import SecretStr
from safety.shield import always_on
from testkit.plugin import SettingsFor
from testkit.routes import routes_of

NOT_LOOKED_AT: dict[str, set[str]] = {
    # What they carry is secret and never shown; a password may look like anything.
    "identity": {"POST /v1/sessions", "PUT /v1/me/password"},
    "compliance": {
        # Packs are made of what must not be said, and who asks whether something may be said has not said it.
        "POST /v1/policies/test",
        "POST /v1/policies/check",
        "PUT /v1/policies/{pack}",
        "POST /v1/policies/{pack}/versions",
        "POST /validate-action",
        "POST /check-compliance",
        "POST /compat/agent-os/validate-action",
        "POST /compat/agent-os/check-compliance",
        # Forms of guests: each asks the shield itself, because its answer is a page.
        "POST /review/{link_id}/decision",
        "POST /review/{link_id}/note",
        "POST /review/{link_id}/hold",
        "POST /review/{link_id}/let-go",
        "POST /review/{link_id}/leave",
        "POST /review/{link_id}/player/{number}",
    },
}
"""Service → its writes that do not pass the shield. To add one, give its wiring a reason that convinces a reviewer."""
JUDGES = {"compliance.open_gate", "compliance.check_brief"}
"""Capabilities whose purpose is to judge text, and to show people what they found."""


@pytest.fixture(scope="module")
def wirings() -> dict[str, tuple[FastAPI, Wiring]]:
    """Filled by `wired`, once: making the apps takes a while."""
    return {}


@pytest.fixture
def wired(settings_for: SettingsFor, wirings: dict[str, tuple[FastAPI, Wiring]]) -> dict[str, tuple[FastAPI, Wiring]]:
    """Every service's app and its wiring, not running."""
    nowhere = SecretStr("redis://127.0.0.1:1/0")
    if not wirings:
        for name in SERVICES:
            app = importlib.import_module(f"{name}.main").app(settings_for(name, redis_url=nowhere))
            wirings[name] = (app, app.state.wiring)
    return wirings


def writes_of(app: FastAPI) -> set[tuple[str, str]]:
    """Method and path of every route that is no read."""
    return {(method, route.path) for route in routes_of(app) for method in (route.methods or set()) - READS}


@pytest.mark.feature("M18")
def test_every_write_passes_the_shield_unless_it_is_listed(wired: dict[str, tuple[FastAPI, Wiring]]) -> None:
    walked = 0
    for name, (app, wiring) in wired.items():
        assert "Shielding" in {getattr(one.cls, "__name__", "") for one in app.user_middleware}, name
        writes = writes_of(app)
        exemptions = Exemptions(wiring.unshielded, signed_paths=wiring.signed_paths)
        uncovered = {
            f"{method} {path}" for method, path in writes if exemptions.cover(method, re.sub(r"[{}]", "", path))
        }
        signed = {f"{method} {path}" for method, path in writes if is_open(path, wiring.signed_paths)}
        assert uncovered - signed == set(wiring.unshielded) == NOT_LOOKED_AT.get(name, set()), name
        assert all(len(reason) > 20 for reason in wiring.unshielded.values()), name
        walked += len(writes) - len(uncovered)
    assert walked > 40


@pytest.mark.feature("M64")
def test_every_capability_passes_the_shield_besides_the_two_that_judge(
    wired: dict[str, tuple[FastAPI, Wiring]],
) -> None:
    unshielded = {one.capability.name for _, wiring in wired.values() for one in wiring.serves if one.unshielded}
    assert unshielded == JUDGES
    assert CAPABILITIES.keys() > JUDGES


def test_the_rules_that_are_always_on_are_all_of_them_that_block_text() -> None:
    families = {rule.id.split(".", 1)[0] for rule in always_on().rules}
    assert families >= {"credentials", "dangerous", "hate", "minors", "self_harm"}
    assert all(rule.severity == "blocking" for rule in always_on().rules)
