"""The words that go with the film where it is published."""

from __future__ import annotations

import re

from common.contracts.production import PostCopy, ProductionInput

from vendors.text_model.offline.brief import Form
from vendors.text_model.offline.material import Material
from vendors.text_model.offline.words import STOP_WORDS, finish, plural, tokens

CAPTION_LIMIT = 300
_TITLE_LIMIT = 90
_FORM_TAGS = {
    Form.HOW: ("howitworks", "explained"),
    Form.WHY: ("explained", "curious"),
    Form.WHAT: ("explained", "curious"),
    Form.HOWTO: ("howto", "learn"),
    Form.LIST: ("worthknowing", "learn"),
    Form.COMPARE: ("comparison", "versus"),
    Form.ANNOUNCE: ("new", "launch"),
    Form.EVENT: ("event", "savethedate"),
    Form.STORY: ("story", "truestory"),
    Form.RECIPE: ("recipe", "cooking"),
    Form.STATEMENT: ("shortfilm", "worthknowing"),
}
_MOST, _FEWEST = 6, 3


def post_copy(variables: ProductionInput, material: Material, narrations: tuple[str, ...]) -> PostCopy:
    """Title, caption and three to six hashtags, all from the film's own words and the brief's."""
    return PostCopy(
        title=_cut(variables.idea.title, _TITLE_LIMIT),
        caption=_caption(narrations, material),
        hashtags=_hashtags(material),
    )


def _caption(narrations: tuple[str, ...], material: Material) -> str:
    """The hook, what comes after it, and the close, as long as whole sentences fit."""
    wanted = [*narrations[:3], *([narrations[-1]] if len(narrations) > 3 else [])]
    if material.brief.call and material.brief.call not in wanted:
        wanted.append(material.brief.call)
    caption = ""
    for text in wanted:
        longer = f"{caption} {text}".strip()
        if len(longer) <= CAPTION_LIMIT:
            caption = longer
    return caption or _cut(narrations[0], CAPTION_LIMIT)


def _hashtags(material: Material) -> tuple[str, ...]:
    brief = material.brief
    rivals = tuple(tag for rival in material.rivals for tag in rival.tags[:2])
    candidates: list[str] = [*brief.hashtags, *(material.topic.tags if material.topic else ()), *rivals]
    if brief.quote and brief.quote.by:
        candidates.append(brief.quote.by)
    if brief.name:
        candidates.append(brief.name)
    if not material.topic:
        about = [word for word in tokens(material.about) if word not in STOP_WORDS]
        candidates.append("".join(word.capitalize() if len(about) > 1 else word for word in about[:3]))
        candidates.extend(
            "".join(part.capitalize() for part in phrase.split()) if " " in phrase else phrase.lower()
            for phrase in material.phrases[:4]
        )
    if brief.language == "en":
        if brief.form is Form.LIST and brief.item_word != "point":
            candidates.append(plural(brief.item_word))
        candidates.extend(_FORM_TAGS[brief.form])
    candidates.append("shortfilm")
    tags: dict[str, str] = {}
    for candidate in candidates:
        tag = re.sub(r"[^\w]", "", candidate)
        # A tag of digits alone is none on most platforms, and a very long one is nobody's search.
        if 3 <= len(tag) <= 28 and not tag[0].isdigit():
            tags.setdefault(tag.lower(), tag)
    chosen = list(tags.values())[:_MOST]
    for spare in ("video", "greenlight", "film"):
        if len(chosen) < _FEWEST and spare not in tags:
            chosen.append(spare)
    return tuple(f"#{tag}" for tag in chosen)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return finish(text[: limit - 1].rsplit(" ", 1)[0]).rstrip(".") + "…"
