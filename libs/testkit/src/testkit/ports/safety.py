"""What every safety model must do, whichever vendor is behind it: judge, or say that it cannot; never guess."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from common.errors import ShieldUnavailable
from vendors.safety import CATEGORIES, SafetyModel

from testkit.safety_server import HARMFUL, NONSENSE, Mood, SafetyServer, safety_server

FINE = "How do tides work?"
BAD = f"This is {HARMFUL}."


class SafetyPromises:
    """Inherit, and provide a fixture `safety_model` that asks `server` about the shield `testkit.safety_server.SHIELD`.

    `missing` is the same for a shield that the server does not have.
    """

    @pytest.fixture
    async def server(self) -> AsyncIterator[SafetyServer]:
        async with safety_server() as running:
            yield running

    @pytest.fixture
    def safety_model(self, server: SafetyServer) -> SafetyModel:
        raise NotImplementedError("Override this fixture with the adapter under test.")

    @pytest.fixture
    def missing(self, server: SafetyServer) -> SafetyModel:
        raise NotImplementedError("Override this fixture with the adapter under test, for a shield that is not there.")

    async def test_it_tells_what_may_be_said_from_what_may_not(self, safety_model: SafetyModel) -> None:
        for said_by in ("user", "agent"):
            fine = await safety_model.check(FINE, tenant="t", said_by=said_by)
            assert (fine.allowed, fine.named) == (True, ())
            bad = await safety_model.check(BAD, tenant="t", said_by=said_by)
            assert (bad.allowed, bool(bad.named)) == (False, True)
            assert set(bad.named) <= set(CATEGORIES)
            assert bad.latency_ms > 0

    async def test_it_is_found_at_the_start(self, safety_model: SafetyModel, missing: SafetyModel) -> None:
        await safety_model.verify()
        with pytest.raises(ShieldUnavailable):
            await missing.verify()
        with pytest.raises(ShieldUnavailable):
            await missing.check(FINE, tenant="t", said_by="user")

    @pytest.mark.parametrize("mood", [Mood.BROKEN, Mood.HANGS_UP, Mood.NONSENSE])
    async def test_what_is_no_answer_is_never_taken_for_one(
        self, safety_model: SafetyModel, server: SafetyServer, mood: Mood
    ) -> None:
        server.mood = mood
        for nonsense in NONSENSE if mood is Mood.NONSENSE else (b"",):
            server.nonsense = nonsense
            with pytest.raises(ShieldUnavailable):
                await safety_model.check(FINE, tenant="t", said_by="user")
            with pytest.raises(ShieldUnavailable):
                await safety_model.verify()

    async def test_who_waits_too_long_may_go(self, safety_model: SafetyModel, server: SafetyServer) -> None:
        server.mood = Mood.SILENT
        with pytest.raises((TimeoutError, ShieldUnavailable)):
            async with asyncio.timeout(0.3):
                await safety_model.check(FINE, tenant="t", said_by="user")
        server.mood = Mood.WELL
        assert (await safety_model.check(FINE, tenant="t", said_by="user")).allowed
