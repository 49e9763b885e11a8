"""The adapters keep the promises of the port, on real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from common import http
from common.errors import ShieldUnavailable
from testkit.ports.safety import BAD, FINE, SafetyPromises
from testkit.safety_server import SHIELD, Mood, SafetyServer
from vendors.safety import CATEGORIES, SafetyModel, category_of
from vendors.safety.llama_stack import LlamaStackShield
from vendors.safety.moderations import Moderations
from vendors.safety.remembering import Remembering

GONE = "no-such-shield"


class TestLlamaStackShield(SafetyPromises):
    @pytest.fixture
    async def safety_model(self, server: SafetyServer) -> AsyncIterator[SafetyModel]:
        model = LlamaStackShield(http.client(base_url=server.url), shield=SHIELD)
        yield model
        await model.close()

    @pytest.fixture
    async def missing(self, server: SafetyServer) -> AsyncIterator[SafetyModel]:
        model = LlamaStackShield(http.client(base_url=server.url), shield=GONE)
        yield model
        await model.close()

    async def test_llama_guards_categories_are_named(self, safety_model: SafetyModel) -> None:
        assert (await safety_model.check(BAD, tenant="t", said_by="user")).named == ("indiscriminate_weapons",)

    async def test_it_is_asked_as_its_server_wants_it(self, safety_model: SafetyModel, server: SafetyServer) -> None:
        await safety_model.check(FINE, tenant="t", said_by="user")
        await safety_model.check(FINE, tenant="t", said_by="agent")
        user, agent = server.asked
        assert user == {"shield_id": SHIELD, "messages": [{"role": "user", "content": FINE}]}
        assert agent["messages"][0]["role"] == "assistant"


class TestModerations(SafetyPromises):
    @pytest.fixture
    async def safety_model(self, server: SafetyServer) -> AsyncIterator[SafetyModel]:
        model = Moderations(http.client(base_url=f"{server.url}/v1"), model=SHIELD)
        yield model
        await model.close()

    @pytest.fixture
    async def missing(self, server: SafetyServer) -> AsyncIterator[SafetyModel]:
        model = Moderations(http.client(base_url=f"{server.url}/v1"), model=GONE)
        yield model
        await model.close()

    async def test_its_categories_become_ours(self, safety_model: SafetyModel) -> None:
        assert (await safety_model.check(BAD, tenant="t", said_by="user")).named == ("hate",)


class TestRemembering(SafetyPromises):
    @pytest.fixture
    async def safety_model(self, server: SafetyServer) -> AsyncIterator[SafetyModel]:
        model = Remembering(Moderations(http.client(base_url=f"{server.url}/v1"), model=SHIELD))
        yield model
        await model.close()

    @pytest.fixture
    async def missing(self, server: SafetyServer) -> AsyncIterator[SafetyModel]:
        model = Remembering(Moderations(http.client(base_url=f"{server.url}/v1"), model=GONE))
        yield model
        await model.close()

    async def test_a_text_is_judged_once_for_a_tenant_and_a_side(
        self, safety_model: SafetyModel, server: SafetyServer
    ) -> None:
        for expected in (False, True):
            judged = [await safety_model.check(text, tenant="t", said_by="user") for text in (FINE, BAD)]
            assert [one.cached for one in judged] == [expected, expected]
            assert [one.allowed for one in judged] == [True, False]
        assert len(server.asked) == 2
        assert not (await safety_model.check(FINE, tenant="u", said_by="user")).cached
        assert not (await safety_model.check(FINE, tenant="t", said_by="agent")).cached

    async def test_a_failure_is_not_remembered(self, safety_model: SafetyModel, server: SafetyServer) -> None:
        server.mood = Mood.BROKEN
        with pytest.raises(ShieldUnavailable):
            await safety_model.check(FINE, tenant="t", said_by="user")
        server.mood = Mood.WELL
        assert (await safety_model.check(FINE, tenant="t", said_by="user")).cached is False


def test_every_category_has_one_name() -> None:
    assert [category_of(f"S{number}") for number in range(1, 15)] == list(CATEGORIES)[:14]
    assert category_of("S99") == category_of("something new") == "other"
    assert category_of("Child Sexual Exploitation") == category_of("sexual/minors") == "child_exploitation"
