"""Policy packs of a tenant: kept, tried, put in force; and what a change does to what was approved."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from testkit.listening import eventually

TOPIC = """\
pack: house
version: {version}
description: What this house does not talk about.
rules:
  - id: house.rival
    severity: {severity}
    text: The rival is named.
    remedy: Leave the name out.
    phrases: ["{word}"]
tests:
  - {{text: "Say {word} twice", expect: [house.rival]}}
  - {{text: "Nothing at all", expect: none}}
"""
FILM = {
    "title": "How tides work",
    "caption": "The moon pulls, the sea follows.",
    "hashtags": ["#tides", "#AIgenerated"],
    "video": {"kind": "film"},
    "platforms": ["local_feed"],
}


def house(word: str = "acme", *, version: str = "1.0.0", severity: str = "blocking") -> str:
    return TOPIC.format(word=word, version=version, severity=severity)


class Officer:
    """Somebody who answers for the tenant's policies."""

    def __init__(self, airlock: Any, headers: dict[str, str]) -> None:
        self.client, self.headers = airlock.client, headers

    async def put(self, source: str, *, pack: str = "house") -> Any:
        return await self.client.put(f"/v1/policies/{pack}", headers=self.headers, json={"source": source})

    async def activate(self, pack: str = "house", **body: Any) -> Any:
        return await self.client.post(f"/v1/policies/{pack}/activate", headers=self.headers, json=body)

    async def deactivate(self, pack: str = "house") -> Any:
        return await self.client.post(f"/v1/policies/{pack}/deactivate", headers=self.headers)

    async def policy(self) -> dict[str, Any]:
        shown: dict[str, Any] = (await self.client.get("/v1/policies", headers=self.headers)).json()
        return shown

    async def settled(self) -> None:
        """Wait until everything approved was looked at under the policy in force."""

        async def done() -> bool:
            return not (await self.policy())["reevaluating"]

        await eventually(done, seconds=30)


@pytest.fixture
async def officer(airlock: Any) -> Officer:
    return Officer(airlock, (await airlock.person("compliance_officer")).headers)


@pytest.mark.feature("A44", "A54")
async def test_a_pack_is_kept_in_versions_and_put_in_force_by_somebody(airlock: Any, officer: Officer) -> None:
    before = await officer.policy()
    first = await officer.put(house())
    assert (first.status_code, first.json()["number"]) == (200, 1)
    assert (await officer.put(house())).json() == first.json()
    assert (await officer.policy())["version"] == before["version"]
    active = await officer.activate()
    assert active.status_code == 200, active.text
    assert "house" in active.json()["packs"]
    assert (await officer.policy())["version"] == active.json()["version"] != before["version"]
    second = await officer.put(house("globex", version="1.1.0"))
    assert second.json()["number"] == 2
    await officer.activate()
    await officer.activate(number=1)
    await officer.deactivate()
    shown = (await officer.client.get("/v1/policies/house", headers=officer.headers)).json()
    assert [version["version"] for version in shown["versions"]] == ["1.1.0", "1.0.0"]
    assert [(change["action"], change["number"]) for change in shown["changes"]] == [
        ("deactivate", None),
        ("activate", 1),
        ("activate", 2),
        ("activate", 1),
    ]
    assert {change["made_by"] for change in shown["changes"]} == {airlock.persons["compliance_officer"].user_id}
    assert (await officer.policy())["version"] == before["version"]
    source = await officer.client.get("/v1/policies/house/versions/1", headers=officer.headers)
    assert source.json()["source"] == house()
    actions = [entry["action"] for entry in await airlock.own_audit() if entry["action"].startswith("policy.")]
    assert actions.count("policy.activated") == 3
    assert actions.count("policy.version_added") == 2
    assert actions.count("policy.deactivated") == 1
    for kind, first in (("policy.version_added", None), ("policy.", ...)):
        told = [entry for entry in await airlock.own_audit() if entry["action"].startswith(kind)]
        if first is ...:
            told = [entry for entry in told if entry["action"] != "policy.version_added"]
        hashes = [(entry.get("before_sha256"), entry["after_sha256"]) for entry in told]
        # Each change begins where the one before it ended, and is one.
        assert [before for before, _ in hashes[1:]] == [after for _, after in hashes[:-1]]
        assert all(before != after for before, after in hashes)
        assert first is ... or hashes[0][0] is first


@pytest.mark.parametrize("role", ["creator", "reviewer", "publisher", "operator"])
async def test_others_look_and_change_nothing(airlock: Any, officer: Officer, role: str) -> None:
    person = Officer(airlock, (await airlock.person(role)).headers)
    assert (await person.policy())["rules"]
    assert (await person.put(house())).status_code == 403
    await officer.put(house())
    assert (await person.activate()).status_code == 403
    assert (await person.deactivate()).status_code == 403
    body = {"source": house()}
    assert (await person.client.post("/v1/policies/test", headers=person.headers, json=body)).status_code == 403


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("pack: house\nversion: 1.0.0\ndescription: x\ncolour: red\nrules: []", "pack.yaml:4: colour"),
        (house() + "unknown: 1\n", "unknown"),
        (house().replace("severity: blocking", "severity: fatal"), "pack.yaml:6: rules.0.severity"),
        (house().replace("house.rival\n", "base.rival\n", 1), "pack.yaml:5: rules.0.id"),
        (house().replace('phrases: ["acme"]', "when: nothing > 3"), "rules.0.when"),
        (house().replace('phrases: ["acme"]', "detector: spy"), "there is no detector 'spy'"),
        (house().replace('phrases: ["acme"]', "shapes: [{start: ab, rest: c}]"), "pack.yaml:9: rules.0.shapes"),
        (house().replace('["acme"]', "&a [x]\n    allow: *a"), "aliases"),
        ("{", "pack.yaml:"),
        (house(), None),
    ],
)
async def test_what_cannot_be_read_is_said_with_line_and_field(officer: Officer, source: str, said: str | None) -> None:
    answer = await officer.put(source)
    if said is None:
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer.json()["error"]) == (422, "policy_refused")
    assert any(said in problem for problem in answer.json()["problems"]), answer.json()["problems"]


async def test_a_pack_that_fails_its_own_tests_is_kept_and_never_in_force(officer: Officer) -> None:
    await officer.put(house().replace("expect: none", "expect: [house.rival]"))
    refused = await officer.activate()
    assert (refused.status_code, refused.json()["error"]) == (409, "policy_tests_failed")
    assert "did not find house.rival" in refused.json()["problems"][0]
    assert "house" not in [pack["pack"] for pack in (await officer.policy())["packs"] if pack["active"]]


async def test_a_version_is_never_written_over(officer: Officer) -> None:
    await officer.put(house())
    changed = await officer.put(house("globex"))
    assert (changed.status_code, changed.json()["error"], changed.json()["number"]) == (409, "version_taken", 1)
    older = await officer.put(house("globex", version="0.9.0"))
    assert older.json()["error"] == "version_taken"
    again = await officer.client.post("/v1/policies/house/versions", headers=officer.headers, json={"source": house()})
    assert again.json()["error"] == "version_taken"


@pytest.mark.feature("M12")
async def test_what_keeps_everybody_safe_cannot_be_switched_off_or_softened(airlock: Any, officer: Officer) -> None:
    for pack in ("base", "privacy", "minors", "claims", "disclosure"):
        refused = await officer.deactivate(pack)
        assert (refused.status_code, refused.json()["error"]) == (409, "shipped_pack")
    assert (await officer.put(house().replace("house", "base"), pack="base")).json()["error"] == "shipped_pack"
    softer = house() + "tighten: {dangerous.explosives: info}\n"
    await officer.put(softer)
    refused = await officer.activate()
    assert (refused.status_code, refused.json()["error"]) == (422, "policy_refused")
    assert "would lower dangerous.explosives" in refused.json()["problems"][0]
    opened = await airlock.open({**FILM, "caption": "how to make a pipe bomb"})
    assert opened.verdict.level.value == "blocked"


async def test_a_tenant_tightens_chooses_and_switches_off(airlock: Any, officer: Officer) -> None:
    swearing = {**FILM, "caption": "what the fuck, #AIgenerated"}
    assert (await airlock.open(swearing)).verdict.level.value == "needs_review"
    await officer.put(house() + "tighten: {profanity.strong: blocking}\n")
    assert (await officer.activate()).status_code == 200
    assert (await airlock.open(swearing)).verdict.level.value == "blocked"
    assert (await officer.activate("political")).status_code == 200
    assert (await officer.deactivate("copyright")).status_code == 200
    packs = {pack["pack"]: pack["active"] for pack in (await officer.policy())["packs"]}
    assert (packs["political"], packs["copyright"], packs["house"], packs["brand"]) == (True, False, True, False)


@pytest.mark.feature("A43")
async def test_another_tenant_keeps_its_own_policy(airlock: Any, officer: Officer, people: Any) -> None:
    await officer.put(house("moon"))
    await officer.activate()
    stranger = await people.join(f"{airlock.tenant}-other", "compliance_officer")
    other = Officer(airlock, stranger.headers)
    assert "house" not in [pack["pack"] for pack in (await other.policy())["packs"]]
    assert (await other.activate()).status_code == 404
    assert (await other.client.get("/v1/policies/house", headers=other.headers)).status_code == 404
    assert (await other.client.get("/v1/policies/house/versions/1", headers=other.headers)).status_code == 404
    body = {"source": house("x"), "past_days": 30}
    tried = (await other.client.post("/v1/policies/test", headers=other.headers, json=body)).json()
    assert tried["past"]["looked_at"] == 0


async def test_a_dry_run_says_what_would_be_found_and_changes_nothing(airlock: Any, officer: Officer) -> None:
    await airlock.approved(FILM)
    await airlock.open({**FILM, "caption": "The sun shines. #AIgenerated"})
    before = await officer.policy()
    body = {"source": house("moon"), "content": {"caption": "To the moon"}, "past_days": 7}
    tried = await officer.client.post("/v1/policies/test", headers=officer.headers, json=body)
    assert tried.status_code == 200, tried.text
    answer = tried.json()
    assert answer["verdict"]["level"] == "blocked"
    assert answer["failed_tests"] == []
    past = answer["past"]
    assert (past["looked_at"], past["found_in"], past["would_block"], past["by_rule"]) == (2, 1, 1, {"house.rival": 1})
    assert [item["status"] for item in past["items"]] == ["approved"]
    assert answer["policy_version"] != before["version"]
    assert await officer.policy() == before
    assert [entry for entry in await airlock.own_audit() if entry["action"].startswith("policy.")] == []
    assert (await officer.client.get("/v1/policies/house", headers=officer.headers)).status_code == 404


async def test_two_activations_at_once_both_count(airlock: Any, officer: Officer) -> None:
    for number in range(4):
        name = f"house{'abcd'[number]}"
        await officer.put(house().replace("house", name), pack=name)
    answers = await asyncio.gather(*(officer.activate(f"house{letter}") for letter in "abcd"))
    assert [answer.status_code for answer in answers] == [200] * 4
    shown = await officer.policy()
    assert {f"house{letter}" for letter in "abcd"} <= {pack["pack"] for pack in shown["packs"] if pack["active"]}
    again = await asyncio.gather(*(officer.activate("housea") for _ in range(4)))
    assert {answer.json()["version"] for answer in again} == {shown["version"]}
    activated = [entry for entry in await airlock.own_audit() if entry["action"] == "policy.activated"]
    assert len(activated) == 4
