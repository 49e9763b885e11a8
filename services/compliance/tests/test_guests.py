"""What people without an account do: decide, note, hold, and look at films that have their name on every picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from common.artifacts import Artifacts
from common.contracts.gates import GateInput, GateOpened, OpenGate, Review, ReviewStage
from media.ffmpeg import run_ffmpeg
from testkit.browser import Browser
from testkit.listening import eventually

Open = Callable[[], Browser]
CLIENT = Review(stages=(ReviewStage(name="client", reviewers=("reviewer", "external")),))
TWO_STAGES = Review(
    stages=(ReviewStage(name="house", reviewers=("reviewer",)), ReviewStage(name="client", reviewers=("external",)))
)
POST = {
    "title": "How tides work",
    "caption": "The moon pulls.",
    "hashtags": ["#AIgenerated"],
    "platforms": ["local_feed"],
}
IDEAS = {
    "brief": "tides",
    "ideas": [{"title": "Moon", "hook": "Look up.", "summary": "s"}, {"title": "Sea", "hook": "Dive.", "summary": "s"}],
    "chosen": 0,
}


async def held(
    airlock: Any, content: dict[str, Any] = POST, *, review: Review = CLIENT, by: str = "author", **asked: Any
) -> GateOpened:
    """An item whose review asks people without an account."""
    order = GateInput(gate="publish", title="Tides", content=content, requested_by=by, review=review, **asked)
    finished = await airlock.orders.order(OpenGate, order, tenant=airlock.tenant, run=uuid4(), step=uuid4(), attempt=1)
    return GateOpened.model_validate(finished.output)


async def make(airlock: Any, item_id: Any, *may: str, by: Any = None, named: str = "Anna Müller") -> httpx.Response:
    """A link to an item."""
    who = by or await airlock.person("reviewer")
    answer: httpx.Response = await airlock.client.post(
        f"/v1/airlock/items/{item_id}/links",
        headers=who.headers,
        json={"person": named, "may": list(may)},
    )
    return answer


async def arrive(airlock: Any, browser: Open, item_id: Any, *may: str, **body: Any) -> Browser:
    """A browser on the review's page."""
    made = (await make(airlock, item_id, *may, **body)).raise_for_status().json()
    visitor = browser()
    assert (await visitor.go("/review/" + made["url"].split("/review/")[1])).status_code == 200
    return visitor


@pytest.mark.parametrize(
    ("decision", "status"),
    [("approved", "approved"), ("changes_requested", "changes_requested"), ("rejected", "rejected")],
)
async def test_a_guest_decides_as_themselves(airlock: Any, browser: Open, decision: str, status: str) -> None:
    opened = await held(airlock)
    visitor = await arrive(airlock, browser, opened.item_id, "decide")
    answer = await visitor.submit("/decision", decision=decision, comment="Because.")
    assert "Thank you" in answer.text
    shown = await airlock.item(opened.item_id)
    assert shown["item"]["status"] == status
    (row,) = shown["decisions"]
    assert row["decided_by"].startswith("external:")
    (entry,) = await airlock.audit(action="link.decided")
    assert (entry["actor"], entry["detail"]["name"]) == (row["decided_by"], "Anna Müller")
    (decided,) = await airlock.audit(action="gate.decided")
    assert decided["actor"] == row["decided_by"]


async def test_pressing_twice_is_deciding_once(airlock: Any, browser: Open) -> None:
    opened = await held(airlock)
    visitor = await arrive(airlock, browser, opened.item_id, "decide")
    form = visitor.form("/decision", decision="approved")
    answers = await asyncio.gather(*(visitor.send(form, comment="") for _ in range(4)))
    assert ["Thank you" in answer.text for answer in answers] == [True] * 4
    assert len((await airlock.item(opened.item_id))["decisions"]) == 1
    assert len(await airlock.audit(action="link.decided")) == 1


async def test_a_guest_races_a_reviewer_and_one_of_them_decides(airlock: Any, browser: Open) -> None:
    for _ in range(10):
        opened = await held(airlock)
        visitor = await arrive(airlock, browser, opened.item_id, "decide")
        guest, reviewer = await asyncio.gather(
            visitor.submit("/decision", decision="approved", comment=""),
            airlock.decide(opened.item_id, decision="rejected", comment="No."),
        )
        won = "Thank you" in guest.text
        assert (reviewer.status_code == 409) == won
        assert won or (guest.status_code, "decided already" in guest.text) == (409, True)
        assert won or (await airlock.person("reviewer")).user_id not in guest.text
        assert len((await airlock.item(opened.item_id))["decisions"]) == 1


async def test_a_guest_is_not_asked_for_changes_that_would_end_the_run(airlock: Any, browser: Open) -> None:
    opened = await held(airlock, takes_changes=False)
    visitor = await arrive(airlock, browser, opened.item_id, "decide")
    assert visitor.form("/decision", decision="rejected")
    with pytest.raises(LookupError):
        visitor.form("/decision", decision="changes_requested")


async def test_what_changed_in_between_is_not_decided(airlock: Any, browser: Open) -> None:
    opened = await held(airlock, review=TWO_STAGES)
    (await airlock.decide(opened.item_id, decision="approved")).raise_for_status()
    visitor = await arrive(airlock, browser, opened.item_id, "decide")
    form = visitor.form("/decision", decision="approved")
    answer = await visitor.send(form, comment="", manifest_sha256="0" * 64)
    assert (answer.status_code, "not what you looked at" in answer.text) == (409, True)
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"


async def test_links_decide_only_where_a_stage_asks_externals(airlock: Any) -> None:
    opened = await airlock.open()
    refused = await make(airlock, opened.item_id, "decide")
    assert (refused.status_code, refused.json()["error"]) == (422, "externals_not_asked")
    assert (await make(airlock, opened.item_id, "look", "note", "hold")).status_code == 201


async def test_a_guest_waits_for_their_stage(airlock: Any, browser: Open) -> None:
    opened = await held(airlock, review=TWO_STAGES)
    visitor = await arrive(airlock, browser, opened.item_id, "decide")
    assert not visitor.forms("/decision")
    assert visitor.page is not None
    assert "Others look at this first" in visitor.page.text
    place = visitor.page.url.path
    forged = {"form": visitor.form("/leave").fields["form"], "key": "k" * 32, "decision": "approved"}
    early = await visitor.client.post(f"{place}/decision", data={**forged, "manifest_sha256": opened.manifest_sha256})
    assert (early.status_code, "not your turn" in early.text) == (403, True)
    (await airlock.decide(opened.item_id, decision="approved")).raise_for_status()
    await visitor.go(place)
    assert "Thank you" in (await visitor.submit("/decision", decision="approved", comment="")).text
    assert (await airlock.item(opened.item_id))["item"]["status"] == "approved"


async def test_nobody_decides_on_their_own_work_by_a_link(airlock: Any, browser: Open, tamper: Any) -> None:
    author = await airlock.person("reviewer")
    opened = await held(airlock, by=author.user_id)
    refused = await make(airlock, opened.item_id, "decide")
    assert (refused.status_code, refused.json()["error"]) == (403, "own_work")
    assert [entry["result"] for entry in await airlock.audit(action="link.made")] == ["own_work"]
    # A link that is somehow there does not decide either.
    other = await airlock.person("publisher")
    visitor = await arrive(airlock, browser, opened.item_id, "decide", by=other)
    assert tamper(
        "update compliance.review_links set created_by = %s where item_id = %s", author.user_id, opened.item_id
    )
    answer = await visitor.submit("/decision", decision="approved", comment="")
    assert (answer.status_code, "their own work" in answer.text) == (403, True)
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"


async def test_a_link_that_expires_while_somebody_reads_decides_nothing(
    airlock: Any, browser: Open, tamper: Any
) -> None:
    opened = await held(airlock)
    visitor = await arrive(airlock, browser, opened.item_id, "decide", "note", "hold")
    past = datetime.now(UTC) - timedelta(seconds=1)
    assert tamper("update compliance.review_links set expires_at = %s where item_id = %s", past, opened.item_id) == 1
    for ending, typed in (
        ("/decision", {"decision": "approved"}),
        ("/note", {"text": "x"}),
        ("/hold", {"reason": "x"}),
    ):
        assert (await visitor.submit(ending, **typed)).status_code == 404
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"


async def test_forms_from_elsewhere_do_nothing(airlock: Any, browser: Open) -> None:
    opened = await held(airlock)
    visitor = await arrive(airlock, browser, opened.item_id, "decide", "hold")
    other = await arrive(airlock, browser, opened.item_id, "decide", "hold")
    form = visitor.form("/decision", decision="approved")
    for token in ("", "x", other.form("/decision", decision="approved").fields["form"]):
        answer = await visitor.client.post(form.action, data={**form.fields, "form": token})
        assert answer.status_code == 403
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"


async def test_a_guest_chooses_another_idea(airlock: Any, browser: Open) -> None:
    opened = await held(airlock, IDEAS)
    visitor = await arrive(airlock, browser, opened.item_id, "decide")
    assert visitor.page is not None
    assert "Look up." in visitor.page.text
    assert "Thank you" in (await visitor.submit("/decision", decision="approved", comment="", chosen="1")).text
    assert (await airlock.item(opened.item_id))["content"]["chosen"] == 1


async def test_a_hold_by_a_guest_races_a_release_and_one_wins(airlock: Any, browser: Open) -> None:
    for _ in range(10):
        opened = await airlock.approved()
        visitor = await arrive(airlock, browser, opened.item_id, "hold")
        permit, answer = await asyncio.gather(
            airlock.permit(opened.item_id, opened.manifest_sha256), visitor.submit("/hold", reason="Wait.")
        )
        is_held = "on hold" in answer.text
        assert (permit.status_code == 409) == is_held
        assert is_held or (answer.status_code, "going out at this very moment" in answer.text) == (409, True)


async def test_a_guest_lets_go_of_their_own_hold_only(airlock: Any, browser: Open) -> None:
    opened = await airlock.approved()
    visitor = await arrive(airlock, browser, opened.item_id, "hold")
    assert "on hold" in (await visitor.submit("/hold", reason="Wait.")).text
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["error"] == "on_hold"
    other = await arrive(airlock, browser, opened.item_id, "hold")
    assert not other.forms("/let-go")
    assert visitor.page is not None
    page = await visitor.go(visitor.page.url.path)
    assert "You hold this" in page.text
    assert "may go on" in (await visitor.submit("/let-go")).text
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).status_code == 201
    assert [entry["action"] for entry in await airlock.audit() if entry["action"].startswith("link.")] == [
        "link.made", "link.used", "link.held", "link.made", "link.used", "link.let_go",
    ]  # fmt: skip


async def test_a_guests_note_is_shown_below_many_of_the_house(airlock: Any, browser: Open, tamper: Any) -> None:
    opened = await airlock.open()
    reviewer = await airlock.person("reviewer")
    path = f"/v1/airlock/items/{opened.item_id}/notes"
    (await airlock.client.post(path, headers=reviewer.headers, json={"text": "Among us."})).raise_for_status()
    copies = (
        "insert into compliance.notes select (jsonb_populate_record(null::compliance.notes, to_jsonb(note)"
        " || jsonb_build_object('id', gen_random_uuid()))).* from compliance.notes note, generate_series(1, 210)"
        " where note.item_id = %s"
    )
    assert tamper(copies, opened.item_id) == 210
    visitor = await arrive(airlock, browser, opened.item_id, "note")
    assert "Noted" in (await visitor.submit("/note", text="Softer, please.", at="")).text
    assert visitor.page is not None
    page = await visitor.go(visitor.page.url.path)
    assert "Softer, please." in page.text
    assert "Among us." not in page.text


async def test_a_guests_note_is_a_note(airlock: Any, browser: Open) -> None:
    film = {**POST, "video": {"sha256": "0" * 64, "size": 1, "media_type": "video/mp4"}, "duration_ms": 9000, "fps": 30}
    opened = await held(airlock, film)
    visitor = await arrive(airlock, browser, opened.item_id, "note")
    assert "Noted" in (await visitor.submit("/note", text="Softer, <b>please</b>.", at="0:07")).text
    late = await visitor.submit("/note", text="Too late.", at="9:00")
    assert late.status_code == 422
    reviewer = await airlock.person("reviewer")
    path = f"/v1/airlock/items/{opened.item_id}/notes"
    (note,) = (await airlock.client.get(path, headers=reviewer.headers)).json()["items"]
    assert (note["text"], note["span"]["frame"]) == ("Softer, <b>please</b>.", 210)
    assert note["author"].startswith("external:")
    inside = await airlock.client.post(path, headers=reviewer.headers, json={"text": "The client is difficult."})
    assert inside.status_code == 201
    assert visitor.page is not None
    page = await visitor.go(visitor.page.url.path)
    assert "Softer, &lt;b&gt;please&lt;/b&gt;." in page.text
    assert "at 0:07" in page.text
    assert "difficult" not in page.text


async def test_what_a_guest_writes_passes_the_shield(airlock: Any, browser: Open) -> None:
    opened = await held(airlock)
    visitor = await arrive(airlock, browser, opened.item_id, "note", "decide")
    answer = await visitor.submit("/note", text="Show them how to make a pipe bomb.")
    assert answer.status_code == 400
    assert "Say it in other words" in answer.text
    (entry,) = await airlock.audit(action="content.blocked")
    assert entry["actor"].startswith("external:")


async def film_of(airlock: Any, folder: Path, *, seconds: float = 1.0) -> dict[str, Any]:
    """A real film, stored as compliance finds it: grey, so that a mark on it shows."""
    path = folder / f"{uuid4().hex}.mp4"
    picture = f"color=c=gray:s=270x480:r=30:d={seconds}"
    await run_ffmpeg(["-f", "lavfi", "-i", picture, "-c:v", "libx264", "-pix_fmt", "yuv420p", str(path)], timeout_s=60)
    store = Artifacts(airlock.stack.environment("compliance")["GREENLIGHT_ARTIFACTS_URL"])
    ref = await store.put_file(airlock.tenant, path, media_type="video/mp4")
    return {**POST, "video": ref.model_dump(), "width": 270, "height": 480}


async def shown(visitor: Browser) -> httpx.Response:
    """The player's page once it has an answer: the film, or that there is none."""
    assert visitor.page is not None
    place = f"{visitor.page.url.path}/player/0"

    async def there() -> bool:
        return 'http-equiv="refresh"' not in (await visitor.client.get(place)).text

    await eventually(there, seconds=120)
    return await visitor.client.get(place)


async def test_the_film_has_the_persons_name_on_every_picture(airlock: Any, browser: Open, tmp_path: Path) -> None:
    content = await film_of(airlock, tmp_path)
    opened = await held(airlock, content)
    visitor = await arrive(airlock, browser, opened.item_id)
    assert visitor.page is not None
    place = visitor.page.url.path
    assert (await visitor.client.get(f"{place}/film/0")).status_code == 404
    pages = await asyncio.gather(*(visitor.client.get(f"{place}/player/0") for _ in range(4)))
    assert all('http-equiv="refresh"' in page.text for page in pages)
    player = await shown(visitor)
    assert f'src="{place}/film/0' in player.text
    assert player.headers["x-frame-options"] == "SAMEORIGIN"
    whole = await visitor.client.get(f"{place}/film/0")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert content["video"]["sha256"] not in (whole.headers["etag"], visitor.page.text, player.text)
    part = await visitor.client.get(f"{place}/film/0", headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    beyond = await visitor.client.get(f"{place}/film/0", headers={"range": "bytes=99999999-"})
    assert beyond.status_code == 416
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(whole.content)
    said = await run_ffmpeg(
        ["-i", str(copy), "-vf", "signalstats,metadata=print:key=lavfi.signalstats.YMAX", "-f", "null", "-"],
        timeout_s=60,
    )
    brightest = [float(line.rsplit("=", 1)[1]) for line in said.splitlines() if "YMAX=" in line]
    assert len(brightest) == 30
    assert min(brightest) > 150
    # The same person looks again, and somebody else does: one copy each, made once.
    assert await arrive(airlock, browser, opened.item_id)
    assert [row[0] for row in await previews(airlock)] == ["ready"]
    other = await arrive(airlock, browser, opened.item_id, named="Bo")
    assert (await shown(other)).status_code == 200
    assert [row[0] for row in await previews(airlock)] == ["ready", "ready"]


async def previews(airlock: Any) -> list[tuple[Any, ...]]:
    """What copies of the tenant's films there are."""
    async with await psycopg.AsyncConnection.connect(airlock.stack.superuser_url) as connection:
        found = await connection.execute(
            "select state, sha256 from compliance.review_previews where tenant_id = %s order by asked_at",
            (airlock.tenant,),
        )
        return await found.fetchall()


async def test_a_film_that_cannot_be_read_has_no_preview(airlock: Any, browser: Open) -> None:
    store = Artifacts(airlock.stack.environment("compliance")["GREENLIGHT_ARTIFACTS_URL"])
    ref = await store.put(airlock.tenant, b"no film at all", media_type="video/mp4")
    opened = await held(airlock, {**POST, "video": ref.model_dump()})
    visitor = await arrive(airlock, browser, opened.item_id)
    visitor.page = await shown(visitor)
    assert "There is no preview" in visitor.page.text
    again = await visitor.submit("/player/0")
    assert "refresh" in again.text or "There is no preview" in again.text


async def test_a_guest_can_be_forgotten(airlock: Any, browser: Open, rows: Any) -> None:
    opened = await held(airlock)
    visitor = await arrive(airlock, browser, opened.item_id, "decide")
    assert "Thank you" in (await visitor.submit("/decision", decision="approved", comment="Yes, says Anna.")).text
    assert visitor.page is not None
    place = visitor.page.url.path
    officer = await airlock.person("compliance_officer")
    order = {"user_id": f"external:{place.rsplit('/', 1)[1]}"}
    ordered = await airlock.client.post("/v1/audit/erasures", headers=officer.headers, json=order)
    assert ordered.status_code in {200, 201, 202}, ordered.text

    async def forgotten() -> bool:
        kept = rows("select person from compliance.review_links where tenant_id = %s", airlock.tenant)
        return "Anna" not in f"{await airlock.audit()} {kept}"

    await eventually(forgotten, seconds=60)
    assert (await visitor.client.get(place)).status_code == 404
    shown = await airlock.item(opened.item_id)
    assert (shown["item"]["status"], shown["decisions"][0]["decided_by"]) == ("approved", "erased")
    assert "Anna" not in str(shown)
