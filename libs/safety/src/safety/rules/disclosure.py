"""What a post should say about itself."""

from __future__ import annotations

from collections.abc import Iterator

from common.contracts.values import JsonObject

from safety.rules.lexicon import Lexicon, phrase
from safety.rules.passage import Passage, objects_of

_SAYS_SO = Lexicon(
    phrases=tuple(
        phrase(text, {})
        for text in (
            "ai generated",
            "[made|generated|created] [with|by] ai",
            "ki generiert*",
            "mit ki [erstellt|gemacht|generiert|erzeugt]",
        )
    ),
    # Who says that it was not says nothing.
    allow=tuple(
        phrase(text, {})
        for text in (
            "[no|not|never|without|isn't|wasn't|aren't] ai generated",
            "[no|not|never|nothing|isn't|wasn't|aren't] [made|generated|created] [with|by] ai",
            "[kein|keine|keinen|nicht|nie|ohne] ki generiert*",
            "[nicht|nie|nichts] mit ki [erstellt|gemacht|generiert|erzeugt]",
        )
    ),
)
_TAGS = frozenset({"ai", "aigenerated", "madewithai", "aivideo", "aiart", "ki", "kigeneriert", "kierstellt"})


def find_undisclosed_post(content: JsonObject) -> Iterator[str]:
    """Paths of posts (objects with a caption and a video) whose words do not say that AI made them."""
    for where, value in objects_of(content):
        if "caption" in value and "video" in value and not _discloses(value):
            yield where


def _discloses(post: JsonObject) -> bool:
    hashtags = post.get("hashtags")
    tags = {str(tag).lstrip("#").casefold() for tag in hashtags} if isinstance(hashtags, list | tuple) else set()
    written = (post.get("title"), post["caption"])
    return bool(tags & _TAGS) or any(isinstance(text, str) and _SAYS_SO.find(Passage("", text)) for text in written)
