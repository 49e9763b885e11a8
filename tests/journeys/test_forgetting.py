"""Somebody is forgotten in the middle of their film: it is finished, and then nothing names them any more."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql
from testkit.stack import Stack
from testkit.studio import Studio, until

pytestmark = pytest.mark.journey
WHO = "adelheids-grandchild"
BRIEF = "Why the bees of my grandmother Adelheid sleep in winter"
ID_STAYS = {"identity.users", "identity.api_keys"}
"""Nobody else is given an id that somebody had."""


def tables_with(studio: Studio, word: str) -> set[str]:
    """The tables of all services that have a row with the word, messages that were sent aside: they go in a week."""
    with psycopg.connect(Stack(studio.site).superuser_url, autocommit=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
            " and table_schema not in ('pg_catalog', 'information_schema') and table_name <> 'outbox'"
        ).fetchall()
        says = sql.SQL("select 1 from {} t where position(%(word)s in t::text) > 0 limit 1")
        return {
            ".".join(table)
            for table in tables
            if connection.execute(says.format(sql.Identifier(*table)), {"word": word}).fetchone()
        }


@pytest.mark.feature("P90")
def test_a_film_outlives_who_asked_for_it(studio: Studio) -> None:
    admin = studio.creator
    joined = {"user_id": WHO, "display_name": "Adelheid's grandchild", "roles": ["creator"]}
    admin.post("/v1/users", json=joined).raise_for_status()
    key = admin.post("/v1/keys", json={"user_id": WHO, "name": "theirs"}).raise_for_status().json()["key"]
    body = {"workflow": "short_video", "input": {"brief": BRIEF, "target_seconds": 3}}
    with httpx.Client(base_url=admin.base_url, trust_env=False, headers={"x-api-key": key}) as theirs:
        run_id = theirs.post("/v1/runs", json=body).raise_for_status().json()["run_id"]
        studio.wait(run_id, "awaiting_ideation_approval")
        order = admin.post("/v1/audit/erasures", json={"user_id": WHO}).raise_for_status().json()

        def shown() -> dict[str, Any]:
            return dict(admin.get(f"/v1/audit/erasures/{order['id']}").raise_for_status().json())

        def answered() -> dict[str, Any] | None:
            seen = shown()
            return seen if seen["finished_at"] and {"orchestrator", "identity"} <= seen["answers"].keys() else None

        waits = until(answered, seconds=60, what="the order")
        until(lambda: theirs.get("/v1/runs").status_code == 401 or None, seconds=30, what="their key to be void")
    assert (waits["user_id"], len(waits["under_way"])) == (WHO, 1)
    assert waits["answers"]["orchestrator"]["kept_under_way"] == 1
    done = studio.approve_all(run_id)
    until(lambda: shown()["user_id"] is None or None, seconds=180, what="the end of the order")
    until(lambda: tables_with(studio, WHO) <= ID_STAYS or None, seconds=30, what="their name to go")
    assert tables_with(studio, WHO) == ID_STAYS
    assert tables_with(studio, BRIEF) == set()
    ended = shown()
    assert (ended["under_way"], ended["answers"]["orchestrator"]["kept_under_way"]) == ([], 0)
    # What was made, decided and paid is there as before.
    after = studio.run(run_id)
    assert (after["status"], after["created_by"], after["cost_usd"]) == ("completed", "erased", done["cost_usd"])
    assert studio.posts(run_id)
    assert admin.get("/v1/audit/verify").raise_for_status().json()["ok"]
