"""What every text model must do, whichever vendor is behind it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.production import Beat, BeatKind, PostCopy, ProductionInput, Script
from common.contracts.screenplay import ACTS, CharactersInput, Screenplay, ScreenplayInput
from common.contracts.values import Origin
from vendors.text_model import (
    DEVELOP_CHARACTERS,
    PROPOSE_IDEAS,
    REWRITE_BEAT,
    REWRITE_POST,
    WRITE_SCREENPLAY,
    WRITE_SCRIPT,
    BeatRewrite,
    Directly,
    PostRewrite,
    ProfilesWritten,
    RewrittenBeat,
    RewrittenPost,
    TextModel,
    TextRequest,
    UnknownTask,
    Written,
)
from vendors.text_model.errors import ModelNotOffered
from vendors.text_model.port import Asked, Said

BRIEF = "How tides work, in 20 seconds"
CONCEPT = "A lonely lighthouse keeper discovers that her light draws ships from the past."
BEAT = Beat(
    kind=BeatKind.POINT,
    narration="It is the gravitational attraction of the moon that really does pull the water of the ocean.",
    headline="The moon pulls",
)
ALIKE = 0.6
"""Two ideas that share this much of their words are the same idea twice."""


class TextModelPromises:
    """Inherit, and provide a fixture `text_model`. Recorded adapters answer the brief `BRIEF`."""

    @pytest.fixture
    def text_model(self) -> TextModel:
        raise NotImplementedError("Override this fixture with the adapter under test.")

    async def test_ideas_have_the_declared_type_and_count(self, text_model: TextModel) -> None:
        for count in (1, 3, 5):
            written = await _ideas(text_model, count=count)
            assert isinstance(written.value, IdeationOutput)
            assert len(written.value.ideas) == count
            assert 0 <= written.value.chosen < count
            assert len({idea.id for idea in written.value.ideas}) == count

    async def test_ideas_differ_from_each_other(self, text_model: TextModel) -> None:
        ideas = (await _ideas(text_model, count=4)).value.ideas
        bags = [_words(" ".join((idea.title, idea.hook, idea.angle, idea.summary, *idea.points))) for idea in ideas]
        for index, bag in enumerate(bags):
            for other in bags[index + 1 :]:
                assert len(bag & other) / len(bag | other) < ALIKE

    async def test_a_script_has_the_declared_type_and_something_to_say(self, text_model: TextModel) -> None:
        idea = (await _ideas(text_model, count=1)).value.ideas[0]
        written = await _script(text_model, ProductionInput(idea=idea, brief=BRIEF, target_seconds=20))
        script = written.value
        assert isinstance(script, Script)
        assert len(script.beats) >= 3
        assert all(re.search(r"\w", beat.narration) and beat.headline for beat in script.beats)
        assert script.post.title
        assert script.post.caption

    async def test_the_answer_says_who_made_it_and_what_it_cost(self, text_model: TextModel) -> None:
        written = await _ideas(text_model, count=1)
        assert written.model
        assert isinstance(written.origin, Origin)
        assert written.cost_usd_micros >= 0
        assert text_model.name

    async def test_an_offline_answer_is_repeatable_and_free(self, text_model: TextModel) -> None:
        first = await _ideas(text_model, count=3)
        if first.origin is not Origin.OFFLINE:
            pytest.skip("Only an offline model promises the same words twice.")
        again = await _ideas(text_model, count=3)
        assert again == first
        assert first.cost_usd_micros == 0

    async def test_one_beat_is_rewritten_and_nothing_else_of_it(self, text_model: TextModel) -> None:
        order = BeatRewrite(beat=BEAT, instruction="Say it more plainly: 'The moon tugs at the sea.'", brief=BRIEF)
        written = await text_model.write(TextRequest(REWRITE_BEAT, RewrittenBeat, order), asking=Directly())
        assert written.value.said
        if not written.value.done:
            assert written.value.beat == BEAT
        assert written.value.beat.model_copy(update={"narration": BEAT.narration}) == BEAT

    async def test_a_posts_words_are_rewritten(self, text_model: TextModel) -> None:
        post = PostCopy(title="Tides", caption="The sea comes and goes.", hashtags=("#tides",))
        order = PostRewrite(post=post, instruction="Make the caption shorter")
        written = await text_model.write(TextRequest(REWRITE_POST, RewrittenPost, order), asking=Directly())
        assert written.value.said
        assert (written.value.post != post) == written.value.done

    async def test_a_screenplay_has_three_acts_and_a_profile_of_everybody_in_it(self, text_model: TextModel) -> None:
        asked = ScreenplayInput(concept=CONCEPT)
        screenplay = await text_model.write(TextRequest(WRITE_SCREENPLAY, Screenplay, asked), asking=Directly())
        acts, people = screenplay.value.acts, {one.name for one in screenplay.value.characters}
        assert (len(acts), screenplay.value.minutes) == (ACTS, asked.minutes)
        assert all(set(scene.characters) <= people and scene.beats for act in acts for scene in act.scenes)
        told = " ".join((screenplay.value.title, screenplay.value.logline)).lower()
        assert "lighthouse" in told or "lonely" in told
        wanted = CharactersInput(concept=CONCEPT, screenplay=screenplay.value)
        profiles = await text_model.write(TextRequest(DEVELOP_CHARACTERS, ProfilesWritten, wanted), asking=Directly())
        assert [one.name for one in profiles.value.characters] == [one.name for one in screenplay.value.characters]
        assert all(one.backstory and one.motivation and one.traits and one.arc for one in profiles.value.characters)

    async def test_a_model_is_asked_for_by_name_and_no_other_than_those_offered(self, text_model: TextModel) -> None:
        variables = IdeationInput(brief=BRIEF, count=1)
        for model in text_model.models:
            request = TextRequest(PROPOSE_IDEAS, IdeationOutput, variables, model=model)
            assert (await text_model.write(request, asking=Directly())).notes == ()
        stranger = TextRequest(PROPOSE_IDEAS, IdeationOutput, variables, model="nobody-has-me")
        with pytest.raises(ModelNotOffered) as refused:
            await text_model.write(stranger, asking=Directly())
        assert refused.value.extra == {"models": list(text_model.models)}

    async def test_a_call_is_named_by_who_is_asked_and_made_once(self, text_model: TextModel) -> None:
        asking = Noting()
        variables = IdeationInput(brief=BRIEF, count=2)
        request = TextRequest(PROPOSE_IDEAS, IdeationOutput, variables)
        written = await text_model.write(request, asking=asking)
        assert [name for name, _ in asking.made] == [written.model]
        again = await text_model.write(request, asking=asking)
        assert again.value == written.value
        # The same key again: a step would have answered from what it wrote down.
        assert len({key for _, key in asking.made}) == 1

    async def test_an_unknown_task_is_refused(self, text_model: TextModel) -> None:
        request = TextRequest("paint_a_fence", IdeationOutput, IdeationInput(brief=BRIEF))
        with pytest.raises(UnknownTask):
            await text_model.write(request, asking=Directly())


@dataclass
class Noting(Directly):
    """Asks directly, and notes the calls that were made."""

    made: list[tuple[str, str]] = field(default_factory=list)

    async def call(self, asked: Asked[Said], fn: Callable[[], Awaitable[Said]]) -> Said:
        self.made.append((asked.name, asked.key))
        return await super().call(asked, fn)


async def _ideas(text_model: TextModel, *, count: int) -> Written[IdeationOutput]:
    variables = IdeationInput(brief=BRIEF, count=count, target_seconds=20)
    return await text_model.write(TextRequest(PROPOSE_IDEAS, IdeationOutput, variables), asking=Directly())


async def _script(text_model: TextModel, variables: ProductionInput) -> Written[Script]:
    return await text_model.write(TextRequest(WRITE_SCRIPT, Script, variables), asking=Directly())


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower()))
