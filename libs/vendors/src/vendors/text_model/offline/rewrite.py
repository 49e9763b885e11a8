"""The tasks `rewrite_beat` and `rewrite_post`: what a note asks of words that are there already, and nothing else."""

from __future__ import annotations

from common.contracts.production import Beat, BeatKind

from vendors.text_model.offline.headlines import emphasis_in, fits, headline_of
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.relations import drawn
from vendors.text_model.offline.wording import Wanted, changed, left_out, names, read_note
from vendors.text_model.offline.words import capitalise, tokens, unfinished
from vendors.text_model.rewriting import BeatPart, BeatRewrite, PostRewrite, RewrittenBeat, RewrittenPost

_NOT_READ = "The offline writer does not understand the note; put new words in quotes, or name a word to leave out."
_NOT_DONE = "The offline writer cannot do that to this sentence; put the words you want in quotes."
_FOLLOWS = frozenset({BeatKind.POINT, BeatKind.CHANGE, BeatKind.DIAGRAM})
"""Kinds that are read off the sentence; any other was chosen for what the beat does in the film."""
_TITLE_WORDS = frozenset({"title", "name", "heading"})


def rewrite_beat(variables: BeatRewrite) -> RewrittenBeat:
    """The beat with the wanted words. What cannot be done is said; the beat is the same then."""
    wanted = read_note(variables.instruction)
    if not wanted.anything:
        return RewrittenBeat(beat=variables.beat, done=False, said=_NOT_READ)
    beat = _shown(variables, wanted) if variables.part is BeatPart.SHOWN else _spoken(variables, wanted)
    if beat is None or beat == variables.beat:
        return RewrittenBeat(beat=variables.beat, done=False, said=_NOT_DONE)
    before, after = len(tokens(variables.beat.narration)), len(tokens(beat.narration))
    if variables.part is BeatPart.SHOWN:
        said = "The words on the picture were changed."
    else:
        said = f"The sentence was changed; it has {after} words now and had {before}."
    return RewrittenBeat(beat=beat, done=True, said=said)


def rewrite_post(variables: PostRewrite) -> RewrittenPost:
    """The post with the wanted words: its hashtags, its title where the note names it, else its caption."""
    post, wanted = variables.post, read_note(variables.instruction)
    if not wanted.anything:
        return RewrittenPost(post=post, done=False, said=_NOT_READ)
    update: dict[str, object] = {}
    if wanted.without:
        bare = wanted.without.lstrip("#").lower()
        kept = tuple(tag for tag in post.hashtags if tag.lstrip("#").lower() != bare)
        if kept != post.hashtags:
            update["hashtags"] = kept
    in_title = bool(_TITLE_WORDS & set(tokens(variables.instruction)))
    for name, text in (("title", post.title), ("caption", post.caption)):
        dictated_elsewhere = bool(wanted.dictated or wanted.shorter) and (name == "title") != in_title
        if not dictated_elsewhere and (new := changed(text, wanted, language=variables.language)):
            update[name] = unfinished(new) if name == "title" and unfinished(text) == text else new
    if not update:
        return RewrittenPost(post=post, done=False, said=_NOT_DONE)
    parts = " and the ".join(sorted(update))
    return RewrittenPost(post=post.model_copy(update=update), done=True, said=f"The {parts} of the post changed.")


def _spoken(variables: BeatRewrite, wanted: Wanted) -> Beat | None:
    """The beat with another sentence; what is shown follows where it showed what is no longer said."""
    beat = variables.beat
    narration = changed(beat.narration, wanted, language=variables.language)
    if narration is None:
        return None
    gone = set(tokens(beat.narration)) - set(tokens(narration))
    update: dict[str, object] = {"narration": narration}
    if gone & set(tokens(beat.headline)):
        headline, emphasis = headline_of(Line(narration), language=variables.language)
        update |= {"headline": headline, "emphasis": emphasis}
    update |= {name: "" for name in ("kicker", "detail") if gone & set(tokens(getattr(beat, name)))}
    written = beat.model_copy(update=update)
    return drawn(written) if beat.kind in _FOLLOWS else written


def _shown(variables: BeatRewrite, wanted: Wanted) -> Beat | None:
    """The beat with another headline, and without small words that were not wanted."""
    beat = variables.beat
    update: dict[str, object] = {}
    headline = changed(beat.headline, wanted, language=variables.language)
    if headline is not None:
        bare = capitalise(unfinished(headline))
        if not fits(bare):
            return None
        update |= {"headline": bare, "emphasis": emphasis_in(bare)}
    if wanted.without:
        for name in ("kicker", "detail"):
            text = getattr(beat, name)
            if names(text, wanted.without):
                update[name] = capitalise(left_out(text, wanted.without) or "")
    return beat.model_copy(update=update) if update else None
