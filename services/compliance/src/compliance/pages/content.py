"""What is held, as people read it: a post, ideas, or whatever words there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.contracts.values import ArtifactRef, JsonObject
from markupsafe import Markup
from pydantic import ValidationError

from compliance.pages import words
from compliance.repository.items import Item

FILMS_AT_MOST = 4
_CARD = Markup('<section class="card"><h2>{title}</h2>{body}</section>')
_OF_A_POST = {"title", "caption", "hashtags", "narration", "platforms", "visibility", "account", "window"}
_SILENT = _OF_A_POST | {
    *("video", "thumbnail", "captions", "scenes", "width", "height", "fps", "duration_ms", "language"),
    *("remarks", "ideas", "chosen", "brief", "document"),
}
"""Members that are shown in their own way, or not at all."""


def films_in(content: JsonObject) -> list[ArtifactRef]:
    """The films that are held, each once, in order."""
    found: dict[str, ArtifactRef] = {}
    _collect(content, found)
    return list(found.values())[:FILMS_AT_MOST]


def cards(item: Item) -> list[Markup]:
    """What is held, in parts."""
    content = item.content
    parts = [_post(content), _spoken(content), _ideas(content), _others(content)]
    return [part for part in parts if part]


def _collect(value: Any, found: dict[str, ArtifactRef]) -> None:
    if isinstance(value, Mapping):
        if str(value.get("media_type", "")).startswith("video/"):
            try:
                ref = ArtifactRef.model_validate(value)
            except ValidationError:
                return
            found.setdefault(ref.sha256, ref)
            return
        # The scenes of a film are in the film; showing each of them again would be a film of films.
        for name, member in value.items():
            if name != "scenes":
                _collect(member, found)
    elif isinstance(value, list):
        for member in value:
            _collect(member, found)


def _post(content: JsonObject) -> Markup:
    caption, tags = _text(content.get("caption")), _list(content.get("hashtags"))
    facts = _facts(content)
    if not (caption or tags or facts):
        return Markup()
    shown_tags = Markup("").join(Markup("<li>{}</li>").format(tag) for tag in tags)
    body = Markup("{}{}{}{}").format(
        Markup("<h3>{}</h3>").format(content["title"]) if _text(content.get("title")) else "",
        Markup('<p class="pre">{}</p>').format(caption) if caption else "",
        Markup('<ul class="tags">{}</ul>').format(shown_tags) if tags else "",
        Markup("<dl>{}</dl>").format(facts) if facts else "",
    )
    return _CARD.format(title="What goes out", body=body)


def _facts(content: JsonObject) -> Markup:
    duration, window = content.get("duration_ms"), content.get("window")
    rows = {
        "Where": ", ".join(name.replace("_", " ") for name in _list(content.get("platforms"))),
        "Account": _text(content.get("account")),
        "Who sees it": words.AUDIENCES.get(_text(content.get("visibility")), ""),
        "Length": words.clock(duration) if isinstance(duration, int) else "",
        "Not before": _text(window.get("not_before")) if isinstance(window, dict) else "",
        "Not after": _text(window.get("not_after")) if isinstance(window, dict) else "",
    }
    return Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, said) for name, said in rows.items() if said)


def _spoken(content: JsonObject) -> Markup:
    sentences = _list(content.get("narration"))
    if not sentences:
        return Markup()
    listed = Markup("").join(Markup("<p>{}</p>").format(sentence) for sentence in sentences)
    return _CARD.format(title="What is said", body=listed)


def _ideas(content: JsonObject) -> Markup:
    ideas = content.get("ideas")
    if not isinstance(ideas, list) or not ideas:
        return Markup()
    chosen = words.chosen_idea(content)
    brief = _text(content.get("brief"))
    listed = Markup("").join(_idea(idea, is_chosen=number == chosen) for number, idea in enumerate(ideas))
    asked = Markup('<p class="soft pre">{}</p>').format(brief) if brief else ""
    return Markup('<section class="stack"><h2>{}</h2>{}<ol class="ideas">{}</ol></section>').format(
        "The ideas" if len(ideas) > 1 else "The idea", asked, listed
    )


def _idea(idea: Any, *, is_chosen: bool) -> Markup:
    known = idea if isinstance(idea, dict) else {"summary": str(idea)}
    points = Markup("").join(Markup("<li>{}</li>").format(point) for point in _list(known.get("points")))
    return Markup('<li class="card{chosen}">{tag}<h3>{title}</h3>{hook}{summary}{points}</li>').format(
        chosen=" chosen" if is_chosen else "",
        tag=Markup('<span class="tag go">Proposed</span>') if is_chosen else "",
        title=_text(known.get("title")) or "An idea",
        hook=Markup("<p><em>{}</em></p>").format(known["hook"]) if _text(known.get("hook")) else "",
        summary=Markup("<p>{}</p>").format(known["summary"]) if _text(known.get("summary")) else "",
        points=Markup("<ul>{}</ul>").format(points) if points else "",
    )


def _others(content: JsonObject) -> Markup:
    """Members that nobody foresaw: whoever approves all of it must be able to read all of it."""
    rows = {name: words.texts(value) for name, value in content.items() if name not in _SILENT}
    shown = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(
            name.replace("_", " ").capitalize(), Markup("<br>").join(Markup("{}").format(text) for text in said)
        )
        for name, said in rows.items()
        if said
    )
    return (
        _CARD.format(title="What else belongs to it", body=Markup("<dl>{}</dl>").format(shown)) if shown else Markup()
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str) and each] if isinstance(value, list) else []
