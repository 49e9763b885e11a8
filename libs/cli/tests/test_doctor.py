"""The doctor on this machine, which runs everything else as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cli.doctor import Level, examine

if TYPE_CHECKING:
    from libs.cli.tests.conftest import Invoke


def test_what_the_tests_run_on_is_well_enough(greenlight: Invoke) -> None:
    said = greenlight("doctor", "--json")
    findings = {finding["check"]: finding for finding in json.loads(said.stdout)}
    for program in ("Python", "PostgreSQL", "NATS", "Redis", "ffmpeg", "espeak-ng", "fonts", "data folder"):
        assert findings[program]["level"] == "ok", findings[program]
    assert said.exit_code == (1 if any(one["level"] == "fail" for one in findings.values()) else 0)


def test_a_folder_that_cannot_be_written_is_told_with_a_remedy() -> None:
    findings = {finding.name: finding for finding in examine(Path("/proc/nowhere/data"))}
    assert findings["data folder"].level is Level.FAIL
    assert "GREENLIGHT_DATA" in findings["data folder"].remedy
