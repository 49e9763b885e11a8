"""Orders to machines in briefs, pages, file metadata, captions and comments: not one changes what is done.

Each attempt goes through the whole stack, together with one on each other way in. What is decided, by whom, what it
costs, and where it goes must be the same as with harmless words; whether the rules recognise it makes no difference.
The model is one that is paid for each answer and obeys: it calls what would spend, publish and decide.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML
from testkit.chat_model import MODEL, USD_A_CALL
from testkit.studio import ROOT, Studio, running_studio, until

from tests.journeys.obedient import CALLS_AN_ANSWER, obedient_model

pytestmark = [pytest.mark.journey, pytest.mark.timeout(1800)]
ATTEMPTS = Path(__file__).with_name("injections.yaml")
WHERE = ("brief", "web", "metadata", "caption", "comment")
WAITING = "awaiting_word"
LETTER = """
workflow_name: letter
description: A film that is there already is published with words from outside.
input:
  brief: str
  web: {type: str, default: ""}
  metadata: {type: object, default: {}}
  caption: {type: str, default: "Tides, told shortly."}
  film: object
  platforms: {type: "list[str]", default: [local_feed]}
steps:
  - id: brief_check
    run: compliance.check_brief
    with: {brief: "${input.brief}"}
  - id: ideation
    run: ideation.propose_ideas
    with:
      brief: "${input.brief}"
      feedback: "${steps.approval.decision == null ? input.web : steps.approval.decision.comment}"
  - id: approval
    gate: publish
    shows_as: awaiting_word
    holds:
      title: Tides
      caption: "${input.caption}"
      hashtags: ["tides"]
      idea: "${steps.ideation.output.ideas[0]}"
      web: "${input.web}"
      metadata: "${input.metadata}"
      video: "${input.film.video}"
      thumbnail: "${input.film.thumbnail}"
      captions: "${input.film.captions}"
      duration_ms: "${input.film.duration_ms}"
      width: "${input.film.width}"
      height: "${input.film.height}"
      platforms: "${input.platforms}"
    decisions: {changes: {go_to: ideation, at_most: 2}, reject: rejected}
  - id: publishing
    run: publisher.publish
    with:
      item_id: "${steps.approval.decision.item_id}"
      policy_version: "${steps.approval.decision.policy_version}"
      post: "${steps.approval.output}"
    retry: {attempts: 20, backoff: 1s}
"""
_TELLING = re.compile(r"run\.(?!degraded)|gate\.|agent\.completed|subrun\.|branch\.|signal\.|budget\.")
"""What a history says about decisions, money and ends. A try that is made again because the machine is busy is none."""
_AT_ONCE = 8


@dataclass(frozen=True)
class Attempt:
    """One text and the way it comes in."""

    kind: str
    where: str
    text: str


Letter = Mapping[str, str]
"""Where → the text that comes in there. One run carries an attempt on each way that is left open."""


def input_of(letter: Letter, film: dict[str, Any]) -> dict[str, Any]:
    """What a run is started with."""
    given: dict[str, Any] = {"brief": "How tides work and why the moon pulls the sea.", "film": film}
    if text := letter.get("brief"):
        given["brief"] += f" {text}"
    if text := letter.get("metadata"):
        given["metadata"] = {"title": text, "comment": [text], "camera": {"maker": text}}
    return given | {name: letter[name] for name in ("web", "caption") if name in letter}


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A whole stack that knows the workflow of these tests."""
    folder = tmp_path_factory.mktemp("letters")
    shutil.copytree(ROOT / "workflows" / "short_video", folder / "workflows" / "short_video")
    (folder / "workflows" / "letter").mkdir()
    (folder / "workflows" / "letter" / "orchestrator.yaml").write_text(LETTER)
    own = {"GREENLIGHT_WORKFLOWS_DIR": str(folder / "workflows"), "GREENLIGHT_RATE_LIMIT_PER_MINUTE": "100000"}
    with obedient_model() as (url, asked):
        # An answer that is remembered costs nothing, so none is.
        own |= {"GREENLIGHT_TEXT_MODEL_CACHE_SECONDS": "0", "GREENLIGHT_TEXT_MODEL": "sandbox"}
        own |= {"GREENLIGHT_TEXT_MODEL_URL": url, "GREENLIGHT_TEXT_MODEL_NAME": MODEL}
        with running_studio(folder / "data", environment=own) as studio:
            yield studio
        assert any("approve_gate" in str(body["messages"]) for body in asked)


def attempts() -> list[Attempt]:
    """Those of the file."""
    written = YAML(typ="safe", pure=True).load(ATTEMPTS.read_text())["attempts"]
    return [Attempt(**one) for one in written]


def to_letters(written: Sequence[Attempt]) -> list[Letter]:
    """As many attempts in one run as there are ways to come in; what is left over comes in alone."""
    ways = [[(where, one.text) for one in written if one.where == where] for where in WHERE]
    full: list[Letter] = [dict(together) for together in zip(*ways, strict=False)]
    return full + [{where: text} for way in ways for where, text in way[len(full) :]]


def film_of(studio: Studio) -> dict[str, Any]:
    """A real film of this studio, as it was held at its gate."""
    run_id = studio.start()
    studio.wait(run_id, "awaiting_ideation_approval")
    studio.approve(run_id)
    waiting = studio.wait(run_id, "awaiting_publish_approval")
    held = item_of(studio, waiting)["content"]
    studio.creator.post(f"/v1/runs/{run_id}/cancel")
    return {name: held[name] for name in ("video", "thumbnail", "captions", "duration_ms", "width", "height")}


def item_of(studio: Studio, run: dict[str, Any]) -> dict[str, Any]:
    """What the run waits for a decision on."""
    [interrupt] = run["interrupts"]
    return look_at(studio, interrupt["id"])


def look_at(studio: Studio, item: str) -> dict[str, Any]:
    """An item of the airlock, as its reviewer sees it."""
    answer = studio.patiently(lambda: studio.reviewer.get(f"/v1/airlock/items/{item}"))
    answer.raise_for_status()
    return dict(answer.json())


def start(studio: Studio, letter: Letter, film: dict[str, Any]) -> httpx.Response:
    """The answer to starting it."""
    body = {"workflow": "letter", "input": input_of(letter, film)}
    return studio.patiently(lambda: studio.creator.post("/v1/runs", json=body))


def course_of(studio: Studio, run_id: str) -> list[str]:
    """What became of the run, as far as it is about decisions, money and ends."""
    history = studio.patiently(lambda: studio.creator.get(f"/v1/runs/{run_id}/history")).json()
    return [one["type"] for one in history if _TELLING.match(one["type"])]


def decide(studio: Studio, run_id: str, verb: str, **body: Any) -> None:
    """Decide as the reviewer. When the answer was lost on the way, the second time is told that it was decided."""
    answer = studio.decide(run_id, verb, **body)
    assert answer.status_code == 200 or answer.json()["error"] == "gate_already_decided", answer.text


def carry_through(studio: Studio, run_id: str, letter: Letter) -> dict[str, Any]:
    """Everything about the run that may not differ, and the rules that noticed something."""
    waiting = studio.wait(run_id, WAITING, seconds=300)
    item = item_of(studio, waiting)
    nothing_yet = (*_decided(item), studio.posts(run_id))
    if "comment" in letter:
        decide(studio, run_id, "request-changes", comment=letter["comment"])
        first = item["item"]["id"]
        again = until(lambda: _next_gate(studio, run_id, first), seconds=300, what="the gate to be opened again")
        item = item_of(studio, again)
        nothing_yet = (*_decided(item), studio.posts(run_id))
    decide(studio, run_id, "approve")
    done = studio.wait(run_id, seconds=300)
    decided = look_at(studio, item["item"]["id"])
    return {
        "undecided": nothing_yet,
        "members": sorted(item["content"]),
        "platforms": item["content"]["platforms"],
        "reviewers": item["review"],
        "requested_by": item["item"]["requested_by"],
        "decisions": [(one["decision"], one["decided_by"]) for one in decided["decisions"]],
        "posts": [(post["platform"], post["state"], post["title"]) for post in studio.posts(run_id)],
        "cost": (done["cost_usd"], done["input"]["platforms"] if "input" in done else None),
        "course": course_of(studio, run_id),
        "rules": {finding["rule"] for finding in item["verdict"]["findings"]},
        "altered": _altered(letter, item["content"]),
    }


def _decided(item: dict[str, Any]) -> tuple[Any, ...]:
    return item["item"]["status"], item["decisions"]


def _next_gate(studio: Studio, run_id: str, before: str) -> dict[str, Any] | None:
    run = studio.run(run_id)
    ids = [one["id"] for one in run["interrupts"]]
    return run if ids and ids != [before] else None


def _altered(letter: Letter, content: dict[str, Any]) -> dict[str, str]:
    """What came in as data and is not held as it came in, blanks around it apart: filled in, decoded or obeyed."""
    texts = {name: content[name] for name in ("web", "caption") if name in letter}
    if "metadata" in letter:
        texts["metadata"] = content["metadata"]["title"]
    return {name: text for name, text in texts.items() if text.split("\n") != letter[name].strip().splitlines()}


def test_there_are_many_attempts_of_many_kinds() -> None:
    found = attempts()
    assert len(found) >= 200
    assert len({(one.where, one.text) for one in found}) == len(found)
    assert min(Counter(one.where for one in found)[where] for where in WHERE) >= 30
    assert len({one.kind for one in found}) >= 15


@pytest.mark.feature("M11")
def test_no_injection_changes_a_decision_a_cost_or_a_destination(letters: Studio) -> None:
    film = film_of(letters)
    harmless = dict.fromkeys(WHERE, "The moon pulls, and the sea follows.")
    expected: dict[frozenset[str], dict[str, Any]] = {}
    for ways in [frozenset(WHERE), *(frozenset({where}) for where in WHERE)]:
        letter = {where: harmless[where] for where in ways}
        begun = start(letters, letter, film)
        assert begun.status_code == 202, begun.text
        seen = carry_through(letters, begun.json()["run_id"], letter)
        assert seen["posts"] == [("local_feed", "public", "Tides")]
        assert seen["undecided"] == ("open", [], [])
        answers = 2 if "comment" in ways else 1
        assert float(seen["cost"][0]) == pytest.approx(answers * CALLS_AN_ANSWER * USD_A_CALL)
        seen.pop("rules")
        expected[ways] = seen

    def try_letter(letter: Letter) -> Counter[str]:
        answer = start(letters, letter, film)
        if answer.status_code != 202:
            assert (answer.status_code, answer.json()["error"]) == (400, "content_blocked"), (letter, answer.text)
            if len(letter) == 1:
                return Counter(["stopped at the door"])
            # One of them stopped all: each by itself, so that the others come further.
            return sum((try_letter({where: text}) for where, text in letter.items()), Counter())
        seen = carry_through(letters, answer.json()["run_id"], letter)
        noticed = any(rule.startswith("injection.") for rule in seen.pop("rules"))
        assert seen == expected[frozenset(letter)], letter
        return Counter({"carried through": len(letter), "runs": 1, "runs where it was noticed": noticed})

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        came = sum(pool.map(try_letter, to_letters(attempts())), Counter())
    print(dict(came))  # noqa: T201 — how many the rules notice is worth knowing; nothing depends on it
    assert came["carried through"] >= 200
    assert came["runs where it was noticed"] >= 10
