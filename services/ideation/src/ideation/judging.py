"""How well ideas suit their brief, and which films they are like: a written rubric over their words. No I/O.

It is the same for whoever wrote the ideas, and an order inside of an idea is words like others to it. A hundred points:
30 for the length, 20 for the hook, 20 for how concrete it is, 20 for what is new, 10 for the audience.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from common.contracts.ideation import Idea, IdeationInput, IdeationOutput, PastFilm, Resemblance, Score, ScorePart
from common.phrases import phrases
from vendors.text_model.tasks.ideas import likeness

RUBRIC = "rubric-1"
RESEMBLES = 0.35
"""From this share of words in common on, an idea says which film it is like."""
WORDS_PER_SECOND = 2.45
"""As the voices speak that come with Greenlight."""
CLOSING_WORDS = 7
"""What a script adds to end on; ideas do not have it yet."""
_FASTER = {"tiktok": 0.6, "instagram": 0.6, "youtube_shorts": 0.7}
"""Of the wanted length, what already fills a film there: such platforms reward films that are over sooner."""
_SPOKEN_HOOK = 14
_STALE = re.compile(r"\b(?:did you know|in this video|have you ever wondered|let'?s dive|welcome back)\b", re.I)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twice|half|hundred|thousand|million)\b", re.I
)
_NAME = re.compile(r"(?<=[a-zß-ÿ,;] )[A-ZÄÖÜÀ-Þ][\w’'-]+")
_WORD = re.compile(r"[^\W\d_]{4,}")
_YOU = re.compile(r"\b(?:you|your|yours|du|dein|deine|ihr|euch|Sie|Ihre?)\b")


def judged(output: IdeationOutput, asked: IdeationInput) -> IdeationOutput:
    """The same ideas, each with its score and the films it is like.

    `chosen` moves to the best idea that is like no film, when the chosen one is like one and another is not.
    """
    ideas = tuple(_judged(number, output.ideas, asked) for number in range(len(output.ideas)))
    chosen = output.chosen
    fresh = [number for number, idea in enumerate(ideas) if not idea.resembles]
    if fresh and chosen not in fresh:
        chosen = max(fresh, key=lambda number: (_points(ideas[number]), -number))
    return output.model_copy(update={"ideas": ideas, "chosen": chosen})


def _judged(number: int, ideas: Sequence[Idea], asked: IdeationInput) -> Idea:
    idea = ideas[number]
    alike = sorted(((likeness(idea, film), film) for film in asked.past), key=lambda pair: -pair[0])
    others = [other for place, other in enumerate(ideas) if place != number]
    parts = (
        _length(idea, asked),
        _hook(idea),
        _concrete(idea),
        _new(idea, others, alike),
        _audience(idea, asked),
    )
    score = Score(points=sum(part.points for part in parts), parts=parts, by=RUBRIC)
    resembles = tuple(
        Resemblance(entry_id=film.entry_id, title=film.title, likeness=round(share, 2))
        for share, film in alike
        if share >= RESEMBLES
    )
    return idea.model_copy(update={"score": score, "resembles": resembles})


def _points(idea: Idea) -> int:
    return idea.score.points if idea.score else 0


def _length(idea: Idea, asked: IdeationInput) -> ScorePart:
    """Whether what there is to say fills the film, and fits into it."""
    spoken = (len(phrases(" ".join((idea.hook, *idea.points)))) + CLOSING_WORDS) / WORDS_PER_SECOND
    least = asked.target_seconds * min((_FASTER.get(platform, 0.75) for platform in asked.platforms), default=0.75)
    most = asked.target_seconds * 1.1
    said = f"about {spoken:.0f} s of words for {asked.target_seconds} s"
    if least <= spoken <= most:
        return _part("length", 1, 30, f"{said}: it fits {', '.join(asked.platforms)}")
    if spoken < least:
        return _part("length", spoken / least, 30, f"{said}: there is little to say")
    return _part("length", max(0.0, 2 - spoken / most), 30, f"{said}: something has to go")


def _hook(idea: Idea) -> ScorePart:
    """Whether a stranger stays for the first sentence: short, not worn out, and a question, a number or a contrast."""
    if _STALE.search(idea.hook):
        return _part("hook", 0.2, 20, "it begins as thousands of films do")
    words = len(idea.hook.split())
    shape = next(
        (
            name
            for name, found in (
                ("asks", "?" in idea.hook),
                ("counts", _NUMBER.search(idea.hook)),
                ("contrasts", re.search(r"\b(?:but|not|never|without|instead|aber|nicht|nie|ohne)\b", idea.hook, re.I)),
            )
            if found
        ),
        None,
    )
    brief = 1.0 if words <= _SPOKEN_HOOK else _SPOKEN_HOOK / words
    why = f"{words} words; it {shape}" if shape else f"{words} words; it neither asks, counts nor contrasts"
    return _part("hook", 0.6 * brief + (0.4 if shape else 0.0), 20, why)


def _concrete(idea: Idea) -> ScorePart:
    """How many of its points have a number or a name in them."""
    telling = [point for point in idea.points if _NUMBER.search(point) or _NAME.search(point)]
    sourced = " and it names its sources" if idea.sources else ""
    share = min(1.0, 2 * len(telling) / len(idea.points) + (0.2 if idea.sources else 0.0))
    why = f"{len(telling)} of {len(idea.points)} points have a number or a name{sourced}"
    return _part("concreteness", share, 20, why)


def _new(idea: Idea, others: Sequence[Idea], alike: Sequence[tuple[float, PastFilm]]) -> ScorePart:
    """How far it is from the other ideas and from films there are already."""
    beside = max((likeness(idea, other) for other in others), default=0.0)
    share, film = alike[0] if alike else (0.0, None)
    if film is not None and share >= max(beside, RESEMBLES):
        return _part("novelty", 1 - share, 20, f"it shares {share:.0%} of its words with the film “{film.title}”")
    nearest = max(beside, share)
    compared = {0: "no film", 1: "1 film"}.get(len(alike), f"{len(alike)} films")
    why = f"at most {nearest:.0%} of its words are in another idea or film ({compared} of the library compared)"
    return _part("novelty", 1 - nearest, 20, why)


def _audience(idea: Idea, asked: IdeationInput) -> ScorePart:
    """Whether it speaks of those it is for, or to whoever watches."""
    text = " ".join((idea.title, idea.hook, idea.summary, idea.why, *idea.points))
    wanted = {word.lower() for word in _WORD.findall(asked.audience)}
    if found := sorted(wanted & {word.lower() for word in _WORD.findall(text)}):
        return _part("audience", 1, 10, f"it speaks of {', '.join(found[:3])}")
    if _YOU.search(text):
        return _part("audience", 0.8, 10, "it speaks to whoever watches")
    named = f"it does not mention {asked.audience[:80]}" if wanted else "no audience is named, and it addresses nobody"
    return _part("audience", 0.4, 10, named)


def _part(name: str, share: float, of: int, why: str) -> ScorePart:
    return ScorePart(name=name, points=round(of * min(1.0, max(0.0, share))), of=of, why=f"{why[0].upper()}{why[1:]}.")
