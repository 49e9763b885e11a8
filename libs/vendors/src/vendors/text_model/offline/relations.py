"""Sentences that can be drawn: what was and what is, and what leads to what. Nothing is drawn that is not said."""

from __future__ import annotations

import re

from common.contracts.production import Beat, BeatKind, Change, Diagram, DiagramForm

from vendors.text_model.offline.clauses import LONGEST
from vendors.text_model.offline.words import (
    STOP_WORDS,
    capitalise,
    finish,
    sentences,
    spoken_length,
    tokens,
    unfinished,
    word_count,
    word_set,
)

_MOST_WORDS, _MOST_SIGNS = 6, 44
"""What fits on a state or node in large letters."""
_MOST_NODES = 5
_NOW = r"(?P<now>now|today|these days|after(?:wards| that)?|heute|jetzt|inzwischen)"
_STOP = r"\s*[.!?;,:–]\s*(?:and |but |und |aber |doch )?"
_CHANGES = (
    re.compile(
        r"^(?P<then>before(?=,)|once|back then|in the past|früher|einst)\b,?\s+(?P<a>.+?)"
        rf"{_STOP}{_NOW}\b[,:]?\s+(?P<b>.+)$",
        re.I,
    ),
    re.compile(rf"^(?P<a>.{{2,40}}? used to .+?){_STOP}{_NOW}\b[,:]?\s+(?P<b>.+)$", re.I),
)
_MOVED = re.compile(
    r"\b(?:grew|grows|fell|falls|rose|rises|dropped|drops|jumped|jumps|shrank|shrinks|turned|turns|changed|changes|"
    r"climbed|climbs|sank|sinks|improved|improves|cut|raised|lowered|stieg|fiel|wuchs|sank)\b[^,.;]{0,40}?"
    r"\b(?P<then>from|von)\s+(?P<a>[^,.;]+?)\s+(?P<now>to|auf|zu)\s+(?P<b>[^,;]+)$",
    re.I,
)
# What follows one of these says when, where or why the change came: it belongs to neither state.
_AROUND = re.compile(
    r"\s+(?:in|within|by|over|after|during|when|because|every|since|on|at|while|innerhalb|im|am)\s", re.I
)
_ARROW = re.compile(r"\s*(?:→|⇒|⟶|➔|[-=]{1,2}>)\s*")
_VERBS = r"leads? to|causes?|turns? into|becomes?|triggers?|führt zu|führen zu|wird zu|werden zu"
_LINK = re.compile(rf"(?:,)?\s+(?:(?:which|that|and that|and)\s+)?(?P<verb>{_VERBS})\s+", re.I)
_ROUND = re.compile(
    r"(?:,\s*|\s+)(?:and\s+|then\s+)*(?:back to (?P<first>.+)|(?:(?:it|everything|all of it) )?(?:all )?"
    r"(?:starts?|begins?) (?:all over )?again)$",
    re.I,
)
_THEN = re.compile(r",\s*(?:and\s+)?(?:then|dann)\s+", re.I)
_BECAUSE = re.compile(r"^(?P<b>[^,.;?]+?),?\s+because\s+(?P<a>[^,.;?]+)$", re.I)
_COMPARED = re.compile(
    r"^(?P<a>[^,.;?]+?)\s+(?:is|are|was|were)\s+"
    r"(?P<link>(?:(?:much|far|even) )?(?:\w+er|(?:more|less) \w+|worse) than)\s+(?P<b>[^,;?]+)$",
    re.I,
)
# A node stands alone, so none of its words may point at a sentence that is not shown, or belong to another clause.
_LEANING = word_set(
    """it they them this that these those he him she her we us you i there what which who one ones below above can could
    may might will would and or but until if when while because think imagine picture"""
)
_ARTICLE = re.compile(r"^(?:the|an?|der|die|das|ein|eine)\s+(?=\w)", re.I)


def drawn(beat: Beat) -> Beat:
    """The beat as a change or a diagram if its narration, or one sentence of it, tells one; else as a plain point."""
    texts = (beat.narration, *sentences(beat.narration))
    plain = {"kind": BeatKind.POINT, "change": None, "diagram": None}
    if change := next(filter(None, map(find_change, texts)), None):
        return beat.model_copy(update=plain | {"kind": BeatKind.CHANGE, "change": change})
    if diagram := next(filter(None, map(find_diagram, texts)), None):
        return beat.model_copy(update=plain | {"kind": BeatKind.DIAGRAM, "diagram": diagram})
    return beat.model_copy(update=plain)


def find_change(said: str) -> Change | None:
    """What was and what is, if the words tell of both and each is short enough to be set large; else None."""
    bare = "" if "?" in said else unfinished(said)
    for pattern in _CHANGES:
        if match := pattern.search(bare):
            then = match.groupdict().get("then")
            return _change(match["a"], match["b"], then or "before", match["now"])
    if match := _MOVED.search(bare):
        return _change(match["a"], _AROUND.split(match["b"])[0], match["then"], match["now"])
    return None


def find_diagram(said: str) -> Diagram | None:
    """What leads to what, what comes round again, or what is held against what; None if the words say none of it."""
    bare = unfinished(said)
    if "?" in said or re.search(r"[.!;]\s", bare):
        return None
    return _chain(bare) or _reason(bare) or _comparison(bare)


def said_of_arrows(text: str) -> str:
    """`Rain → rivers → the sea` as it can be spoken: `Rain, then rivers, then the sea.` Other text as it is."""
    nodes = [part.strip() for part in _ARROW.split(unfinished(text))]
    if len(nodes) < 2 or not all(tokens(node) for node in nodes):
        return text
    first, *rest = nodes
    if len(nodes) > 3 and tokens(rest[-1]) == tokens(first):
        return finish(f"{', then '.join(nodes[:-1])}, and back to {rest[-1]}")
    return finish(", then ".join(nodes))


def told_together(said: list[str]) -> list[str]:
    """The sentences, with two neighbours as one where only both together tell of a change."""
    told: list[str] = []
    for sentence in said:
        pair = f"{told[-1]} {sentence}" if told else ""
        if pair and spoken_length(pair) <= LONGEST and not find_change(told[-1]) and find_change(pair):
            told[-1] = pair
        else:
            told.append(sentence)
    return told


def _change(before: str, after: str, then: str, now: str) -> Change | None:
    a, b = _shown(before), _shown(after)
    if not a or not b or tokens(a) == tokens(b):
        return None
    return Change(before=a, after=b, before_label=capitalise(then), after_label=capitalise(now))


def _chain(bare: str) -> Diagram | None:
    """`A, then B, then C` and `A leads to B, which causes C`; with an end at its beginning it is a cycle."""
    again = _ROUND.search(bare)
    text = bare[: again.start()] if again else bare
    links: tuple[str, ...] = ()
    parts = _THEN.split(text)
    if len(parts) < 3:
        pieces = _LINK.split(text)
        parts, links = pieces[0::2], tuple(verb.lower() for verb in pieces[1::2])
    nodes = tuple(_node(part) for part in parts)
    if not all(nodes) or not 2 <= len(nodes) <= _MOST_NODES:
        return None
    if again and len(nodes) >= 3:
        return Diagram(form=DiagramForm.CYCLE, nodes=nodes, links=links)
    # Two things without a word between them are no chain.
    return Diagram(form=DiagramForm.CHAIN, nodes=nodes, links=links) if links or len(nodes) >= 3 else None


def _reason(bare: str) -> Diagram | None:
    match = _BECAUSE.match(bare)
    if not match:
        return None
    nodes = (_node(match["a"]), _node(match["b"]))
    return Diagram(form=DiagramForm.CHAIN, nodes=nodes) if all(nodes) else None


def _comparison(bare: str) -> Diagram | None:
    match = _COMPARED.match(bare)
    if not match:
        return None
    nodes = (_node(match["a"]), _node(match["b"]))
    link = match["link"].lower()
    return Diagram(form=DiagramForm.COMPARISON, nodes=nodes, links=(link,)) if all(nodes) else None


def _node(part: str) -> str:
    """A node as it is set large; empty where it could not be understood by itself."""
    leans = _LEANING & {word.strip(",:") for word in part.lower().split()}
    return "" if leans or re.search(r"[,:;]", part.strip(" ,")) else _shown(part)


def _shown(part: str) -> str:
    """A state or a node as it is set large; empty if it says nothing or is too long."""
    text = _ARTICLE.sub("", unfinished(part.strip(" \"'")))
    fits = 0 < word_count(text) <= _MOST_WORDS and len(text) <= _MOST_SIGNS
    return capitalise(text) if fits and any(word not in STOP_WORDS for word in tokens(text)) else ""
