"""What only we know of an answer: a script fits its time and invents no number, a rewrite changes nothing else."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Any

import orjson
import pytest
from common.contracts.ideation import Idea, IdeationInput, IdeationOutput
from common.contracts.production import Beat, BeatKind, PostCopy, ProductionInput, Script
from vendors.text_model import TextRequest, UnknownTask
from vendors.text_model.rewriting import BeatPart, BeatRewrite, PostRewrite, RewrittenBeat, RewrittenPost
from vendors.text_model.tasks import TASKS, question_for
from vendors.text_model.tasks.ideas import IDEAS
from vendors.text_model.tasks.rewriting import BEAT as BEAT_TASK
from vendors.text_model.tasks.rewriting import POST as POST_TASK
from vendors.text_model.tasks.script import SCRIPT, most_words, numbers_in

IDEA = Idea(
    id="moon-1",
    title="The moon pulls",
    hook="The sea is leaving.",
    angle="a walk",
    summary="High tide comes twice in 24 hours and 50 minutes.",
    points=("It bulges by 1,000 kilometres",),
    why="It answers.",
)
FILM = ProductionInput(idea=IDEA, brief="Tides on 3 beaches", target_seconds=20)
BEAT = Beat(kind=BeatKind.POINT, narration="The moon pulls.", headline="It pulls", emphasis=("pulls",))


def a_beat(**more: Any) -> dict[str, Any]:
    return {"kind": "point", "narration": "The sea comes back.", "headline": "It comes back"} | more


def a_chain(*nodes: str, form: str = "chain") -> dict[str, Any]:
    return {"form": form, "nodes": nodes}


def a_script(*beats: dict[str, Any]) -> str:
    post = {"title": "Tides", "caption": "The sea.", "hashtags": ["#the sea", "tides!", "tides"]}
    return orjson.dumps({"title": "Tides", "beats": beats or [a_beat()] * 3, "post": post}).decode()


def script_of(text: str) -> Script:
    read = SCRIPT.read(text, FILM)
    assert isinstance(read, Script)
    return read


def test_a_script_is_read_into_what_the_producer_knows() -> None:
    script = script_of(a_script(a_beat(emphasis=["back", "moon"]), a_beat(), a_beat(kind="close")))
    assert script.beats[0].emphasis == ("back",)
    assert script.post.hashtags == ("#thesea", "#tides")
    assert script.language == FILM.language
    # A fence around it is no harm.
    assert script_of(f"```json\n{a_script()}\n```").title == "Tides"


@pytest.mark.parametrize(
    ("beats", "said"),
    [
        ([a_beat()], "needs 3 at least"),
        ([a_beat(narration="…!")] * 3, "nothing that could be spoken"),
        ([a_beat(narration="word " * 30)] * 3, "have room for 61 at most"),
        ([a_beat(), a_beat(narration="It rises 12 metres."), a_beat()], r"must not be invented: \['12'\]"),
        ([a_beat(), a_beat(figure={"value": "99%", "label": "of it"}), a_beat()], "'99'"),
        ([a_beat(), a_beat(items=["7 seas"]), a_beat()], "'7'"),
        ([a_beat(), a_beat(kind="change"), a_beat()], "Beat 1 is of kind 'change' and has no 'change'"),
        ([a_beat(), a_beat(kind="diagram", diagram=a_chain("The sea", "The moon")), a_beat()], "draws what its .*moon"),
        ([a_beat(), a_beat(kind="diagram", diagram=a_chain("Sea", "back") | {"links": ["pulls"]}), a_beat()], "pulls"),
        (
            [a_beat(), a_beat(kind="diagram", diagram=a_chain("The", "sea", "back", form="comparison")), a_beat()],
            "compares 3 things",
        ),
    ],
)
def test_a_script_that_cannot_be_used_says_why(beats: list[dict[str, Any]], said: str) -> None:
    assert most_words(FILM.target_seconds) == 61
    with pytest.raises(ValueError, match=said):
        script_of(a_script(*beats))


def test_what_a_script_draws_is_taken_where_its_words_say_it_and_left_out_where_it_is_of_no_use() -> None:
    change = {"before": "The sea", "after": "comes back", "before_label": "Then", "after_label": "Now"}
    told = script_of(a_script(a_beat(kind="change", change=change), a_beat(change=change), a_beat(kind="close")))
    assert told.beats[0].change is not None
    assert told.beats[0].change.after_label == "Now"
    assert told.beats[1].change is None
    with pytest.raises(ValueError, match=r"must not be invented: \['1900'\]"):
        script_of(a_script(a_beat(kind="change", change=change | {"before_label": "In 1900"}), a_beat(), a_beat()))


def test_numbers_of_the_brief_and_the_idea_may_be_said_however_they_are_written() -> None:
    said = "In 24 hours and 50 minutes, on 3 beaches, by 1000 kilometres, in 20 seconds."
    assert script_of(a_script(a_beat(), a_beat(narration=said), a_beat()))
    assert numbers_in("1,000 and 1.000 and 2.5 and 2,5") == {"1000", "2.5"}


def a_rewrite(**more: Any) -> str:
    beat = a_beat(narration="The moon tugs.", headline="It tugs", detail="at the sea")
    return orjson.dumps({"beat": beat, "done": True, "said": "Plainer."} | more).decode()


def rewritten(part: BeatPart, text: str) -> RewrittenBeat:
    read = BEAT_TASK.read(text, BeatRewrite(beat=BEAT, instruction="Plainer", part=part))
    assert isinstance(read, RewrittenBeat)
    return read


def test_a_rewrite_changes_only_the_part_that_was_asked_for() -> None:
    heard = rewritten(BeatPart.SPOKEN, a_rewrite()).beat
    assert heard == BEAT.model_copy(update={"narration": "The moon tugs."})
    seen = rewritten(BeatPart.SHOWN, a_rewrite()).beat
    assert (seen.narration, seen.headline, seen.detail) == (BEAT.narration, "It tugs", "at the sea")


def test_a_rewrite_that_was_not_done_changes_nothing_and_one_that_was_changes_something() -> None:
    assert rewritten(BeatPart.SPOKEN, a_rewrite(done=False, said="I cannot.")).beat == BEAT
    same = BEAT.model_dump(mode="json", include={"kind", "narration", "headline", "emphasis"})
    with pytest.raises(ValueError, match="as they were"):
        rewritten(BeatPart.SPOKEN, a_rewrite(beat=same))
    post = PostCopy(title="Tides", caption="The sea.", hashtags=("#tides",))
    order = PostRewrite(post=post, instruction="Shorter")
    unchanged = orjson.dumps({"post": post.model_dump(mode="json"), "done": True, "said": "Done."}).decode()
    with pytest.raises(ValueError, match="as it was"):
        POST_TASK.read(unchanged, order)
    refused = POST_TASK.read(unchanged.replace("true", "false"), order)
    assert isinstance(refused, RewrittenPost)
    assert (refused.post, refused.done) == (post, False)


def test_ideas_name_only_claims_that_are_there() -> None:
    idea = dict.fromkeys(("title", "hook", "angle", "summary", "why"), "The moon") | {"points": ["It"], "sources": [2]}
    text = orjson.dumps({"language": "en", "ideas": [idea], "chosen": 0}).decode()
    with pytest.raises(ValueError, match=r"no claims with these numbers: \[2\]"):
        IDEAS.read(text, IdeationInput(brief="Tides", count=1))


def test_an_idea_that_was_turned_down_is_not_proposed_again() -> None:
    wanted = IdeationInput(brief="Tides", count=1, previous=(IDEA,), feedback="Something else")
    again = IDEA.model_dump(mode="json", exclude={"id", "sources"}) | {"sources": []}
    text = orjson.dumps({"language": "en", "ideas": [again], "chosen": 0}).decode()
    with pytest.raises(ValueError, match="turned down before"):
        IDEAS.read(text, wanted)
    changed = again | {"summary": "A child walks out with the tide and is told when to turn round by a dog."}
    text = orjson.dumps({"language": "en", "ideas": [changed], "chosen": 0}).decode()
    assert IDEAS.read(text, wanted)


@pytest.mark.parametrize("name", TASKS)
def test_a_prompts_version_is_its_name_and_what_it_says(name: str) -> None:
    task = TASKS[name]
    lies_there = (resources.files("vendors.text_model") / "prompts" / f"{task.prompt}.md").read_bytes()
    assert task.prompt_version == f"{task.prompt}-{hashlib.sha256(lies_there).hexdigest()[:8]}"


def test_equal_requests_make_equal_questions_and_wrong_classes_none() -> None:
    request = TextRequest(IDEAS.name, IdeationOutput, IdeationInput(brief="Tides"))
    first, again = (question_for(IDEAS, request, max_output_tokens=9, sampling={"seed": 1}) for _ in range(2))
    assert first == again
    assert first != question_for(IDEAS, request, max_output_tokens=9, sampling={"seed": 2})
    with pytest.raises(UnknownTask):
        question_for(IDEAS, TextRequest(IDEAS.name, Script, FILM), max_output_tokens=9, sampling={})
