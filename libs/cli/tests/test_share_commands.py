"""`greenlight run --private`, `share` and `unshare`: what is sent, and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from libs.cli.tests.conftest import Invoke, SmallApi

RUN_ID = "0194b7f0-5a7e-7cc3-98c4-dc0c0c07398f"
SHARES = f"/v1/runs/{RUN_ID}/shares"


def test_a_private_run_says_so_and_another_does_not(greenlight: Invoke, api: SmallApi) -> None:
    for words, sent in ((["--private"], "private"), ([], None)):
        api.answer("POST", "/v1/runs", {"run_id": RUN_ID, "status": "pending"}, status=202)
        assert greenlight("run", "Bees", "--detach", *words).exit_code == 0
        assert api.asked[-1][3].get("visibility") == sent


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (["ann"], {"who": "user:ann", "level": "read"}),
        (["role:publisher", "--control"], {"who": "role:publisher", "level": "control"}),
    ],
)
def test_a_run_is_shared(greenlight: Invoke, api: SmallApi, words: list[str], sent: dict[str, str]) -> None:
    api.answer("POST", SHARES, sent | {"id": "1"})
    said = greenlight("share", RUN_ID, *words)
    assert (said.exit_code, api.asked[-1][1], api.asked[-1][3]) == (0, SHARES, sent)
    assert f"shared with {sent['who']}: {sent['level']}" in " ".join(said.stdout.split())


def test_a_share_is_ended_by_its_name(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("GET", SHARES, [{"id": "7", "who": "user:ann", "level": "read"}])
    api.answer("DELETE", f"{SHARES}/7", None, status=204)
    assert greenlight("unshare", RUN_ID, "ann").exit_code == 0
    assert api.asked[-1][:2] == ("DELETE", f"{SHARES}/7")
    said = greenlight("unshare", RUN_ID, "bob")
    assert said.exit_code == 5
    assert "not shared with user:bob" in said.stderr
