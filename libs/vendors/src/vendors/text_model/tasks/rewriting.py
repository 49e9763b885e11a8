"""One beat, or the words of a post, written again. Nothing but what was asked for may change."""

from __future__ import annotations

from common.contracts.production import BeatKind, PostCopy
from common.contracts.values import JsonObject
from pydantic import BaseModel, Field

from vendors.text_model.rewriting import (
    REWRITE_BEAT,
    REWRITE_POST,
    BeatPart,
    BeatRewrite,
    PostRewrite,
    RewrittenBeat,
    RewrittenPost,
)
from vendors.text_model.tasks.script import BeatDraft, PostDraft, require_told
from vendors.text_model.tasks.task import Task, Unfit, draft_in
from vendors.text_model.told import settled

_HEARD = ("narration",)
_SEEN = ("kind", "headline", "emphasis", "kicker", "detail", "figure", "items", "change", "diagram")
_OPENS_OR_ENDS = frozenset({BeatKind.HOOK, BeatKind.CLOSE})


class RewrittenBeatDraft(BaseModel):
    """The beat, and what became of the order."""

    beat: BeatDraft
    done: bool
    said: str = Field(min_length=1, max_length=300, description="What was done, or why not, in one sentence.")


class RewrittenPostDraft(BaseModel):
    """The post's words, and what became of the order."""

    post: PostDraft
    done: bool
    said: str = Field(min_length=1, max_length=300, description="What was done, or why not, in one sentence.")


def _beat_shown(input: BeatRewrite) -> JsonObject:
    return input.model_dump(mode="json")


def _read_beat(text: str, input: BeatRewrite) -> RewrittenBeat:
    draft = draft_in(text, RewrittenBeatDraft)
    if not draft.done:
        return RewrittenBeat(beat=input.beat, done=False, said=draft.said)
    members = _HEARD if input.part is BeatPart.SPOKEN else _SEEN
    written = draft.beat.beat()
    # Whatever else the model changed stays as it is: the reviewer asked for one thing.
    beat = input.beat.model_copy(update={name: getattr(written, name) for name in members})
    if {input.beat.kind, written.kind} & _OPENS_OR_ENDS:
        # What opens a film and what ends it stay where they are.
        beat = beat.model_copy(update={"kind": input.beat.kind})
    if input.part is BeatPart.SHOWN:
        require_told(beat, "The beat")
    # Other words may no longer say what is drawn; then it is not drawn.
    beat = settled(beat)
    if beat == input.beat:
        raise Unfit(
            f"'done' is true and {', '.join(members)} are as they were. Change them, or say that it is not done."
        )
    return RewrittenBeat(beat=beat, done=True, said=draft.said)


def _post_shown(input: PostRewrite) -> JsonObject:
    return input.model_dump(mode="json")


def _read_post(text: str, input: PostRewrite) -> RewrittenPost:
    draft = draft_in(text, RewrittenPostDraft)
    if not draft.done:
        return RewrittenPost(post=input.post, done=False, said=draft.said)
    post: PostCopy = draft.post.post()
    if post == input.post:
        raise Unfit("'done' is true and the post is as it was. Change it, or say that it is not done.")
    return RewrittenPost(post=post, done=True, said=draft.said)


BEAT = Task(
    name=REWRITE_BEAT,
    takes=BeatRewrite,
    gives=RewrittenBeat,
    prompt="rewrite_beat.v2",
    shown=_beat_shown,
    read=_read_beat,
    draft=RewrittenBeatDraft,
)
POST = Task(
    name=REWRITE_POST,
    takes=PostRewrite,
    gives=RewrittenPost,
    prompt="rewrite_post.v1",
    shown=_post_shown,
    read=_read_post,
    draft=RewrittenPostDraft,
)
