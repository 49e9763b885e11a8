"""`greenlight stop-publishing|resume-publishing|status`: what is sent, and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from libs.cli.tests.conftest import Invoke, SmallApi

SWITCH = "/v1/airlock/kill-all"
AT = "2026-11-21T08:00:00Z"
STOPPED = {"stopped": True, "by": "admin", "at": AT, "reason": "wrong song", "in_flight": []}


def test_a_stop_says_what_is_in_flight(greenlight: Invoke, api: SmallApi) -> None:
    flying = {"tenant": "acme", "item_id": "0194b7f0-5a7e-7cc3-98c4-dc0c0c07398f", "since": AT}
    api.answer("PUT", SWITCH, STOPPED | {"in_flight": [flying]})
    said = greenlight("stop-publishing", "--reason", "wrong song")
    assert (said.exit_code, api.asked[-1][3]) == (0, {"reason": "wrong song"})
    assert f"stopped since {AT} by admin: wrong song" in said.stdout
    assert f"in flight: {flying['item_id']} of acme, since {AT}" in said.stdout


def test_it_goes_on_and_who_may_not_is_refused(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("DELETE", SWITCH, STOPPED | {"stopped": False})
    assert "goes on" in greenlight("resume-publishing").stdout
    api.refuse("DELETE", SWITCH, 403, "forbidden", "This is for people of the installation's own tenant.")
    assert greenlight("resume-publishing").exit_code == 4


def test_the_status_shows_it(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("GET", "/v1/airlock/kill", STOPPED | {"everywhere": True})
    said = greenlight("status").stdout
    assert "stopped for the whole installation" in said
    assert "wrong song" in said
