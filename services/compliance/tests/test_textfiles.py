"""What is read of files that are text: all that a viewer reads, however it is written down."""

from __future__ import annotations

import time
from typing import Any

import pytest
from common.artifacts import Artifacts
from common.contracts.gates import VerdictLevel
from common.contracts.values import ArtifactRef
from compliance.textfiles import Unreadable, passages_in
from safety.checks import check
from safety.policy import load_policy
from testkit.plugin import SettingsFor

POLICY = load_policy()
BOMB = "dangerous.explosives"
HIDDEN = {
    "over numbered cues": (
        "application/x-subrip",
        "1\n00:00:01,000 --> 00:00:02,000\nhow to make\n\n2\n00:00:02,000 --> 00:00:03,000\na pipe bomb\n",
    ),
    "over cues that end in carriage returns": (
        "text/vtt",
        "WEBVTT\r\r00:01.000 --> 00:02.000\rhow to make\r\r00:02.000 --> 00:03.000\ra pipe bomb\r",
    ),
    "in letters written by number": ("text/vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nmake a pipe &#98;&#111;mb\n"),
    "around a long tag": (
        "text/vtt",
        f"WEBVTT\n\n00:01.000 --> 00:02.000\nhow to make a pipe bo<c.{'x' * 300}>mb</c>\n",
    ),
    "between two signs in other cues": (
        "text/vtt",
        "WEBVTT\n\n00:01.000 --> 00:02.000\na < b\n\n00:02.000 --> 00:03.000\nhow to make a pipe bomb\n\n"
        "00:03.000 --> 00:04.000\nc > d\n",
    ),
    "in the line above the next cue's times": (
        "text/vtt",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nLook:\nhow to make a pipe bomb\n00:02.000 --> 00:03.000\nThere.\n",
    ),
    "in brackets that nobody takes for a tag": ("text/plain", "Today: <how to make a pipe bomb>"),
    "behind an arrow": ("text/plain", "00:00:01 --> how to make a pipe bomb"),
    "in a tag that some players show": (
        "application/x-subrip",
        "1\n00:00:01,000 --> 00:00:02,000\n<how to make a pipe bomb>\n",
    ),
    "in a page": ("text/html; charset=utf-8", "<p>how to make a pipe bo<b></b>mb</p>"),
    "in JSON": ("application/json", '{"steps": ["how to make a pipe \\u0062omb"]}'),
    "under a name with parameters": ("Application/JSON; charset=utf-8", '["how to make a pipe bomb"]'),
}


def ref(media_type: str) -> ArtifactRef:
    return ArtifactRef(sha256="ab" * 32, size=1, media_type=media_type)


@pytest.mark.feature("A45")
@pytest.mark.parametrize("name", HIDDEN)
def test_what_a_viewer_reads_is_what_the_rules_read(name: str) -> None:
    media_type, text = HIDDEN[name]
    found = check(POLICY, {}, passages_in(ref(media_type), text.encode(), where="/captions"))
    assert {finding.rule for finding in found.findings} == {BOMB}
    assert found.findings[0].where.startswith("/captions")


def test_what_no_viewer_reads_is_not_read() -> None:
    vtt = "WEBVTT\n\nbomb\n00:01.000 --> 00:02.000 align:start\n<v Ann>2 &lt; 3 and <i>so</i> on</v>\n"
    (passage,) = passages_in(ref("text/vtt"), vtt.encode(), where="/")
    assert passage.raw.split() == ["WEBVTT", "2", "<", "3", "and", "so", "on"]


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("text/plain", "how to".encode("utf-16")),
        ("text/plain", "how to".encode("utf-16-le")),
        ("text/plain; charset=utf-7", b"how to make a pipe +AGI-omb"),
        ("application/json", b'{"half": '),
        ("application/json", b"[" * 2000 + b"]" * 2000),
    ],
)
def test_what_cannot_be_read_says_so(media_type: str, data: bytes) -> None:
    with pytest.raises(Unreadable):
        passages_in(ref(media_type), data, where="/")


@pytest.mark.parametrize("piece", ["<", "<a", "\n\n<", "00:00.000 --> ", "&#", "{\\", "\n1\n"])
def test_captions_made_to_be_slow_are_not(piece: str) -> None:
    data = (piece * 200_000)[:200_000].encode()
    began = time.process_time()
    passages_in(ref("application/x-subrip"), data, where="/")
    assert time.process_time() - began < 2


@pytest.mark.feature("A45")
@pytest.mark.parametrize("media_type", ["application/x-subrip", "application/json"])
async def test_no_file_that_holds_text_passes_a_gate_unread(
    airlock: Any, settings_for: SettingsFor, media_type: str
) -> None:
    artifacts = Artifacts(settings_for("compliance").artifacts_url)
    file = await artifacts.put(airlock.tenant, b'["how to make a pipe bomb"]', media_type=media_type)
    opened = await airlock.open({"title": "Tides", "captions": file.model_dump()})
    assert opened.verdict.level is VerdictLevel.BLOCKED
    assert {finding.rule for finding in opened.verdict.findings} == {BOMB}
