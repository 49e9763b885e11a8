"""Commands from the outside: exit codes, panels, and JSON that is nothing but JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cli.exits import MEANINGS

if TYPE_CHECKING:
    from libs.cli.tests.conftest import Invoke, SmallApi

RUN_ID = "0194b7f0-5a7e-7cc3-98c4-dc0c0c07398f"
COMMANDS = {
    *("demo", "up", "down", "status", "doctor", "run", "runs", "show", "approve", "changes", "reject", "cancel"),
    *("pause", "resume", "terminate", "retry", "fork", "migrate"),
    *("open", "workflows", "test", "dev check", "dev gen", "dev lock", "dev migrate"),
}
FILM = b"not really a film"


def test_the_help_lists_every_command_and_exit_code(greenlight: Invoke) -> None:
    said = greenlight("--help")
    assert said.exit_code == 0
    for command in COMMANDS:
        assert command.split()[0] in said.output
        assert greenlight(*command.split(), "--help").exit_code == 0
    words = " ".join(said.output.split())
    assert all(f"{int(code)} {meaning.split()[0]}" in words for code, meaning in MEANINGS.items())


def test_help_loads_nothing_heavy() -> None:
    """What help imports is what every command waits for."""
    script = "import sys, cli.main; print(sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    for heavy in ("httpx", "sqlalchemy", "fastapi", "nats", "websockets", "pydantic", "numpy", "embedded"):
        assert f"'{heavy}'" not in loaded


def test_status_without_a_stack_is_3_and_its_json_is_pure(greenlight: Invoke) -> None:
    assert greenlight("status").exit_code == 3
    said = greenlight("status", "--json")
    assert said.exit_code == 3
    assert json.loads(said.stdout)["running"] is False


def test_down_without_a_stack_is_fine(greenlight: Invoke) -> None:
    said = greenlight("down")
    assert (said.exit_code, "No stack was running" in said.output) == (0, True)


def test_nobody_there_to_decide_is_2_before_anything_starts(greenlight: Invoke, tmp_path: Path) -> None:
    said = greenlight("demo", "How tides work")
    assert said.exit_code == 2
    assert "--yes" in said.stderr
    assert not (tmp_path / "data").exists()


def test_leaving_a_run_alone_needs_a_stack_that_stays(greenlight: Invoke) -> None:
    said = greenlight("run", "How tides work", "--detach")
    assert said.exit_code == 3
    assert "up --detach" in said.stderr


def test_an_address_without_a_token_is_2(greenlight: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_URL", "http://127.0.0.1:1")
    assert greenlight("runs").exit_code == 2


def test_a_stack_that_does_not_answer_is_3(greenlight: Invoke, api: SmallApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_URL", "http://127.0.0.1:1")
    said = greenlight("runs", "--json")
    assert said.exit_code == 3
    assert json.loads(said.stdout)["error"] == "unreachable"


@pytest.mark.parametrize(
    ("status", "exit_code"), [(401, 4), (403, 4), (404, 5), (409, 4), (422, 2), (429, 4), (500, 3), (503, 3)]
)
def test_refusals_have_exit_codes(greenlight: Invoke, api: SmallApi, status: int, exit_code: int) -> None:
    api.refuse("GET", f"/v1/runs/{RUN_ID}", status, "some_code", "What was wrong.", next_action="What to do.")
    said = greenlight("show", RUN_ID)
    assert said.exit_code == exit_code
    assert "What was wrong." in said.stderr
    assert "What to do." in said.stderr
    assert "Traceback" not in said.output
    told = greenlight("show", RUN_ID, "--json")
    assert told.exit_code == exit_code
    assert json.loads(told.stdout)["error"] == "some_code"


@pytest.mark.parametrize("arguments", [("runs",), ("show", RUN_ID), ("show", RUN_ID, "--history"), ("workflows",)])
def test_json_is_one_document(greenlight: Invoke, api: SmallApi, arguments: tuple[str, ...]) -> None:
    api.answer("GET", f"/v1/runs/{RUN_ID}/history", [{"seq": 1, "type": "run.created", "at": api.run()["created_at"]}])
    api.answer("GET", "/v1/workflows", [{"name": "short_video", "status": "ready"}])
    said = greenlight(*arguments, "--json")
    assert said.exit_code == 0
    json.loads(said.stdout)
    assert said.stderr == ""


def test_hidden_workflows_are_listed_on_request(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("GET", "/v1/workflows", [{"name": "short_video", "status": "ready"}])
    for arguments in ((), ("--hidden",)):
        assert "short_video" in greenlight("workflows", *arguments).stdout
    assert [path for _, path, _, _ in api.asked] == ["/v1/workflows?hidden=false", "/v1/workflows?hidden=true"]


def test_a_failed_run_shows_stage_cause_kept_and_next_step(greenlight: Invoke, api: SmallApi) -> None:
    error = {
        "stage": "wait_for_videos",
        "code": "vendor_refused",
        "detail": "The clip vendor said no.",
        "kept": ["ideation", "production"],
        "next_action": "Ask another vendor.",
    }
    api.answer("GET", f"/v1/runs/{RUN_ID}", api.run(state="failed", status="failed", error=error))
    said = greenlight("show", RUN_ID)
    words = " ".join(said.stderr.split())
    for told in ("stage Clips", "The clip vendor said no.", "Ideas, Script and voice", "Ask another vendor."):
        assert told in words


def test_last_and_prefixes_name_a_run(greenlight: Invoke, api: SmallApi) -> None:
    for name in ("last", "0194b7f0", "dc0c0c07398f"):
        assert json.loads(greenlight("show", name, "--json").stdout)["run_id"] == RUN_ID
    assert greenlight("show", "ffff").exit_code == 5
    twin = RUN_ID[:-1] + "0"
    api.answer("GET", "/v1/runs", {"items": [api.run(), api.run(run_id=twin)], "next_cursor": None})
    assert greenlight("show", "0194b7f0").exit_code == 2


def test_approving_names_the_gate_that_was_seen(greenlight: Invoke, api: SmallApi) -> None:
    _at_a_gate(api)
    said = greenlight("approve", RUN_ID, "--choose", "2", "--set", "ideas.note=kept", "-m", "Good.")
    assert said.exit_code == 0
    _, _, headers, body = api.asked[-1]
    edit = {"ideas": {"note": "kept"}, "chosen": 1}
    assert body == {"interrupt_id": GATE, "comment": "Good.", "data": edit}
    assert headers["X-API-Key"] == "gl_some_key"


def test_an_idea_that_is_not_there_is_not_approved(greenlight: Invoke, api: SmallApi) -> None:
    _at_a_gate(api)
    said = greenlight("approve", RUN_ID, "--choose", "3")
    assert said.exit_code == 2
    assert "holds 2" in said.stderr
    assert all(method == "GET" for method, *_ in api.asked)


def test_a_degraded_run_is_not_approved_without_a_word_about_that(greenlight: Invoke, api: SmallApi) -> None:
    voice = {"code": "voice_stand_in", "detail": "The draft voice speaks.", "stage": "production"}
    _at_a_gate(api, downgrades=[voice])
    said = greenlight("approve", RUN_ID)
    assert said.exit_code == 2
    assert "voice_stand_in: The draft voice speaks." in said.stderr
    assert "--accept-downgrades" in said.stderr
    assert all(method == "GET" for method, *_ in api.asked)
    said = greenlight("approve", RUN_ID, "--accept-downgrades")
    assert said.exit_code == 0
    assert "Accepted: voice_stand_in" in said.stdout
    assert api.asked[-1][3] == {"interrupt_id": GATE, "comment": "", "accepts_downgrades": ["voice_stand_in"]}


def test_a_start_carries_the_key_and_the_length(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("POST", "/v1/runs", {"run_id": RUN_ID, "status": "pending"}, status=202)
    brief = "How tides work, in 25 seconds"
    said = greenlight("run", brief, "--detach", "--key", "k1", "--input", 'platforms=["a"]', "--input", "mood=calm")
    assert said.stdout.strip() == RUN_ID
    _, _, headers, body = api.asked[-1]
    assert headers["Idempotency-Key"] == "k1"
    values = {"brief": brief, "target_seconds": 25, "platforms": ["a"], "mood": "calm"}
    assert body == {"workflow": "short_video", "input": values}


@pytest.mark.feature("F85")
def test_a_script_is_read_from_its_file_and_goes_out_with_the_run(
    greenlight: Invoke, api: SmallApi, tmp_path: Path
) -> None:
    file = tmp_path / "honey.csv"
    file.write_text("text,camera\nHoney never spoils.,wide\n", encoding="utf-8")
    script = {"title": "", "language": "", "scenes": [{"text": "Honey never spoils."}]}
    lost = [{"line": 1, "what": "column", "text": "camera"}]
    api.answer("POST", "/v1/scripts/read", {"script": script, "format": "csv", "seconds": 2.2, "left_out": lost})
    api.answer("POST", "/v1/runs", {"run_id": RUN_ID, "status": "pending"}, status=202)
    said = greenlight("run", "--script", str(file), "--detach")
    assert (said.exit_code, said.stdout.strip()) == (0, RUN_ID), said.output
    assert "1 scene, about 2 s" in said.stderr
    assert "Left out: column (1)" in said.stderr
    assert api.asked[-2][1] == "/v1/scripts/read?name=honey.csv"
    assert api.asked[-2][3] == file.read_bytes()
    assert api.asked[-1][3]["input"] == {"brief": "Honey never spoils.", "script": script}
    api.refuse("POST", "/v1/scripts/read", 422, "script_unreadable", "Line 2: it is no CSV.")
    refused = greenlight("run", "--script", str(file), "--detach")
    assert (refused.exit_code, "Line 2: it is no CSV." in refused.stderr) == (2, True)
    assert greenlight("run", "--script", str(tmp_path / "none.csv"), "--detach").exit_code == 2


def test_open_checks_hashes_and_keeps_names_from_being_paths(greenlight: Invoke, api: SmallApi, tmp_path: Path) -> None:
    film = api.artifact(FILM, name="../../film.mp4")
    api.answer("GET", f"/v1/runs/{RUN_ID}/artifacts", [film])
    api.answer("GET", f"/v1/artifacts/{film['id']}", FILM)
    said = greenlight("open", RUN_ID, "--dir", str(tmp_path / "out"))
    assert said.exit_code == 0
    (path,) = (tmp_path / "out").iterdir()
    assert path.read_bytes() == FILM
    path.unlink()
    api.answer("GET", f"/v1/artifacts/{film['id']}", FILM + b"!")
    assert greenlight("open", RUN_ID, "--dir", str(tmp_path / "out")).exit_code == 3
    assert list((tmp_path / "out").iterdir()) == []


def test_what_nobody_foresaw_is_told_without_a_traceback(greenlight: Invoke, api: SmallApi) -> None:
    api.answer("GET", "/v1/runs", {"items": "nonsense", "next_cursor": None})
    said = greenlight("runs")
    assert said.exit_code == 1
    assert "--debug" in said.stderr
    assert "Traceback" not in said.output
    assert "Traceback" in greenlight("--debug", "runs").stderr


GATE = "6f0e6a0e-0e65-5d0a-9b1a-0d1f5b8a7c11"


def _at_a_gate(api: SmallApi, **more: Any) -> None:
    gate: dict[str, Any] = {"id": GATE, "kind": "hitl", "gate": "ideation_approval", "step": "ideation_approval"}
    api.answer("GET", f"/v1/runs/{RUN_ID}", api.run(state="waiting", interrupts=[gate]))
    content = {"ideas": [{"title": "One"}, {"title": "Two"}], "chosen": 0}
    verdict = {"level": "allowed", "findings": [], "policy_version": "1", "checked_rules": 3}
    held = {"content": content, "verdict": verdict, "policy_version": "1"} | more
    api.answer("GET", f"/v1/airlock/items/{GATE}", held)
    api.answer("POST", f"/v1/runs/{RUN_ID}/approve", {"decision": "approved"})
